"""Cuts in, and insertions into, one string value of a raw JSON line; every other byte stays.

A value is seen as runs: plain text, escapes of one kind. Each run is searched and measured by the
regular expression engine, so that a value without escapes costs one step and one written wholly in
``\\uXXXX`` a few.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Span = tuple[int, int]

# Possessive (++): a string of 100 MB must not leave a trail to go back on.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:]', re.DOTALL)
_RUN = re.compile(
    rb"(?P<plain>[^\\]++)"
    rb"|(?P<pair>(?:\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})++)"
    rb"|(?P<unit>(?:\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4})++)"
    rb"|(?P<short>(?:\\[^u])++)"
)
_WIDTH = {"pair": 12, "unit": 6, "short": 2}


def find_value(line: bytes, field: str) -> Span:
    """Bytes of the string value of ``field`` in the object ``line``, quotes left out.

    ``line`` is valid JSON and an object whose ``field`` is a string. Of duplicate keys the last
    one counts, as in parsers. Raises LookupError when there is none.
    """
    depth, want, key, found = 0, False, None, None
    for token in _TOKEN.finditer(line):
        first = line[token.start()]
        if first in b"{[":
            depth += 1
            want = depth == 1
        elif first in b"}]":
            depth -= 1
        elif depth == 1:
            if first == 0x2C:  # ,
                want = True
            elif first == 0x22 and want:  # "
                key, want = token, False
            elif first == 0x22 and key is not None and _same(key[0], field):
                found = (token.start() + 1, token.end() - 1)
    if found is None:
        raise LookupError(field)
    return found


def _same(key: bytes, field: str) -> bool:
    return bool(json.loads(key.decode("utf-8")) == field)


def raw_spans(value: bytes, spans: Sequence[Span]) -> list[Span]:
    """Spans of the text (characters, sorted, apart) as spans of its raw JSON ``value`` (bytes)."""
    positions = raw_positions(value, [position for span in spans for position in span])
    return list(zip(positions[::2], positions[1::2], strict=True))


def raw_positions(value: bytes, positions: Sequence[int]) -> list[int]:
    """Byte offsets in raw ``value`` of characters of its text; ``positions`` are sorted.

    A position behind the last character of the text raises ValueError.
    """
    result: list[int] = []
    end = 0
    steps = iter(positions)
    wanted = next(steps, None)
    for start, characters, width, plain in _runs(value):
        while wanted is not None and wanted < characters[1]:
            inside = wanted - characters[0]
            result.append(start + (inside * width if width else len(plain[:inside].encode("utf-8"))))
            wanted = next(steps, None)
        if wanted is None:
            return result
        end = characters[1]
    while wanted is not None and wanted == end:
        result.append(len(value))
        wanted = next(steps, None)
    if wanted is not None:
        raise ValueError(f"character {wanted} is behind the end of the text")
    return result


def _runs(value: bytes) -> Iterator[tuple[int, Span, int, str]]:
    """(byte offset, characters, bytes a character or 0, text where that is 0) of each run."""
    at, raw = 0, 0
    while raw < len(value):
        run = _RUN.match(value, raw)
        if run is None or run.lastgroup is None:
            raise ValueError(f"byte {raw} of the JSON string is no valid escape")
        width = _WIDTH.get(run.lastgroup, 0)
        if not width and run[0].isascii():
            width = 1
        plain = "" if width else run[0].decode("utf-8")
        length = (run.end() - raw) // width if width else len(plain)
        yield raw, (at, at + length), width, plain
        at, raw = at + length, run.end()


@dataclass(frozen=True, slots=True)
class Spliced:
    """A line after cuts: ``line``, the raw ``value`` before them, and the ``cuts`` in it (bytes)."""

    line: bytes
    value: bytes
    cuts: list[Span]


def splice(line: bytes, field: str, cuts: Sequence[Span]) -> Spliced:
    """``line`` minus the characters ``cuts`` of the string ``field``; all else as it was."""
    start, end = find_value(line, field)
    raw = raw_spans(line[start:end], cuts)
    pieces, at = [line[:start]], start
    for a, b in raw:
        pieces.append(line[at : start + a])
        at = start + b
    return Spliced(b"".join([*pieces, line[at:]]), line[start:end], raw)


def insert(line: bytes, field: str, insertions: Sequence[tuple[int, bytes]]) -> bytes:
    """``line`` with raw JSON put before characters of the string ``field``; sorted by character."""
    start, end = find_value(line, field)
    offsets = raw_positions(line[start:end], [position for position, _ in insertions])
    pieces, at = [line[:start]], start
    for offset, (_, raw) in zip(offsets, insertions, strict=True):
        pieces += [line[at : start + offset], raw]
        at = start + offset
    return b"".join([*pieces, line[at:]])


def escaped(text: str, *, ascii_only: bool) -> bytes:
    """``text`` as the inside of a JSON string, in one of the two usual spellings."""
    return json.dumps(text, ensure_ascii=ascii_only)[1:-1].encode("utf-8")
