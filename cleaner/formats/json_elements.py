"""Where the elements of a JSON array end, told from its bytes alone: strings and brackets, no parsing."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from cleaner.formats.jsonl import parse

End = Literal["comma", "end", "more", "string", "bracket", "lost"]
"""What ends an element: its comma, the end of the array, the end of the bytes; or why its end cannot be told:
a string that is not closed on its line, a bracket that does not pair, lines of other elements lie in it."""

LOST = 16 << 20
"""Bytes in which an element must end where a line lies in it that begins as the lines of elements do."""

# JSON has no line break inside a string: one that runs into the next line has lost its quote.
_STRING = rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'


def _container(depth: int, never: bytes = b"") -> bytes:
    """An object or list with brackets nested so deep at most, each of which pairs with its like.

    No object in it begins behind the bytes ``never``. Bytes that end too early must not be told otherwise
    than when all of them are there.
    """
    deeper = rb"|" + never + _container(depth - 1, never) if depth else b""
    inner = rb'(?:[^"{}\[\]]++|' + _STRING + deeper + rb")*+"
    return rb"(?:\{" + inner + rb"\}|\[" + inner + rb"\])"


# Nearly every element is matched in one step of the regular expression engine (300 MB/s); what is nested
# deeper is followed bracket by bracket.
def _element(never: bytes = b"") -> bytes:
    return rb'(?:[^"{}\[\],]++|' + _STRING + rb"|" + _container(3, never) + rb")*+"


_ONE = re.compile(_element())
_TOKEN = re.compile(_STRING + rb'|["{}\[\]]')
_UNCLOSED = re.compile(rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+')
_WHITE = re.compile(rb"[ \t\r\n]*+")
_PAIRS = {0x7D: 0x7B, 0x5D: 0x5B}


@lru_cache(maxsize=16)
def _many(line: bytes) -> re.Pattern[bytes]:
    """Elements with their commas, as many as there are, in none of which a ``line`` lies."""
    never = rb"(?<!" + re.escape(line[:-1]) + rb")" if line else b""
    return re.compile(rb"(?:" + _element(never) + rb",)*+")


class Reached(NamedTuple):
    """How far the elements of some bytes go: the last comma ends at ``whole``, what follows stops at ``stop``."""

    whole: int
    stop: int
    end: End


def reach(data: bytes, at: int, line: bytes, most: int, *, ended: bool) -> Reached:
    """Follow the elements from ``at``, where one begins; ``ended``: nothing comes behind ``data``.

    ``line`` is how lines begin that begin an element (empty: not known). An element in which such a line
    lies is one all the same if it is JSON; else it has lost its end, as one longer than ``most`` bytes.
    That must be a matter of its own bytes, not of how much was read, nor of what is cut from those that
    follow it: what was left alone when the file was cleaned must be found again when it is restored.
    """
    while True:
        if len(data) - at <= most:  # else the first one is too long, perhaps
            at = _end_of(_many(line), data, at)
        stop, end = element_end(data, at)
        behind = len(data) if end == "more" else stop
        within = line and data.find(line, behind_white(data, at) + 1, behind) >= 0
        if behind - at > most or (within and _has_lost(data, at, stop, end, ended=ended)):
            return Reached(at, at, "lost")
        if end != "comma":
            return Reached(at, stop, end)
        at = stop + 1


def _has_lost(data: bytes, at: int, stop: int, end: End, *, ended: bool) -> bool:
    """Whether an element with a line in it that begins as those of elements do has lost its end."""
    if end == "more":
        return ended or len(data) - at > LOST
    return end in ("comma", "end") and (stop - at > LOST or not is_json(data[at:stop]))


def is_json(raw: bytes) -> bool:
    """Whether it is a JSON value."""
    try:
        parse(raw)
    except (ValueError, RecursionError):
        return False
    return True


def behind_white(data: bytes, at: int) -> int:
    """Where something stands behind the white space at ``at``."""
    return _end_of(_WHITE, data, at)


def element_end(data: bytes, at: int) -> tuple[int, End]:
    """Where the element that begins at ``at`` ends (before its comma), or where the fault is, and by what."""
    while True:
        stop = _end_of(_ONE, data, at)
        first = data[stop : stop + 1]
        if not first:
            return stop, "more"
        if first in b",]":
            return stop, "comma" if first == b"," else "end"
        if first == b'"':  # a string that the expression refused
            return _unclosed(data, stop)
        if first == b"}":
            return stop, "bracket"
        at, end = _container_end(data, stop)
        if end is not None:
            return at, end


def _container_end(data: bytes, at: int) -> tuple[int, End | None]:
    """Behind the object or list that begins at ``at``."""
    opened: list[int] = []
    for token in _TOKEN.finditer(data, at):
        first = data[token.start()]
        if first in b"{[":
            opened.append(first)
        elif first in _PAIRS:
            if opened.pop() != _PAIRS[first]:
                return token.start(), "bracket"
            if not opened:
                return token.end(), None
        elif token.end() - token.start() == 1:
            return _unclosed(data, token.start())
    return len(data), "more"


def _unclosed(data: bytes, at: int) -> tuple[int, End]:
    """A quote at ``at`` that no other one closes before the line ends, or the bytes do."""
    end = _end_of(_UNCLOSED, data, at)
    return at, "string" if data[end : end + 1] == b"\n" or data[end : end + 2] == b"\\\n" else "more"


def _end_of(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    match = pattern.match(data, at)
    return match.end() if match is not None else at
