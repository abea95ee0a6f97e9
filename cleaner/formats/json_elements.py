"""Where the elements of a JSON array end, told from its bytes alone: strings and brackets, no parsing."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

End = Literal["comma", "end", "more", "string", "bracket", "lost"]
"""What ends an element: its comma, the end of the array, the end of the bytes; or why its end cannot be told:
a string that is not closed on its line, a bracket that does not pair, other elements seem to lie in it."""

# JSON has no line break inside a string: one that runs into the next line has lost its quote.
_STRING = rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'


def _container(depth: int) -> bytes:
    """An object or list with brackets nested so deep at most, each of which pairs with its like.

    Bytes that end too early must not be told otherwise than when all of them are there.
    """
    inner = rb'(?:[^"{}\[\]]++|' + _STRING + (rb"|" + _container(depth - 1) if depth else b"") + rb")*+"
    return rb"\{" + inner + rb"\}|\[" + inner + rb"\]"


# Nearly every element is matched in one step of the regular expression engine (300 MB/s); what is nested
# deeper is followed bracket by bracket.
_ELEMENT = rb'(?:[^"{}\[\],]++|' + _STRING + rb"|" + _container(3) + rb")*+"
_ONE = re.compile(_ELEMENT)
_MANY = re.compile(rb"(?:" + _ELEMENT + rb",)*+")
_TOKEN = re.compile(_STRING + rb'|["{}\[\]]')
_UNCLOSED = re.compile(rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+')
_PAIRS = {0x7D: 0x7B, 0x5D: 0x5B}


class Reached(NamedTuple):
    """How far the elements of some bytes go: the last comma ends at ``whole``, what follows stops at ``stop``."""

    whole: int
    stop: int
    end: End


def reach(data: bytes, at: int) -> Reached:
    """Follow the elements from ``at``, where one begins."""
    while True:
        at = _end_of(_MANY, data, at)
        stop, end = element_end(data, at)
        if end != "comma":
            return Reached(at, stop, end)
        at = stop + 1


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
