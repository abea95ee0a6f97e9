"""Cuts in the strings of one raw JSON record; every other byte stays.

A value is seen as runs: plain text, escapes of one kind. Each run is searched and measured by the
regular expression engine, so that a value without escapes costs one step and one written wholly in
``\\uXXXX`` a few.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

from cleaner.formats.fields import Part, Path, Share, goes_wholly, shares
from cleaner.formats.raw import Gone

Span = tuple[int, int]

# Possessive (++): a string of 100 MB must not leave a trail to go back on.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],]', re.DOTALL)
_RUN = re.compile(
    rb"(?P<plain>[^\\]++)"
    rb"|(?P<pair>(?:\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})++)"
    rb"|(?P<unit>(?:\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4})++)"
    rb"|(?P<short>(?:\\[^u])++)"
)
_PAIR = re.compile(r"\\.", re.DOTALL)
_WIDTH = {"pair": 12, "unit": 6, "short": 2}


def splice(raw: bytes, parts: Sequence[Part], cuts: Sequence[Span]) -> list[Gone]:
    """What goes from the record ``raw`` where ``cuts`` are taken from the article that ``parts`` make.

    A paragraph of a list of which nothing stays goes with its quotes and its comma.
    """
    own = shares([part.text for part in parts], cuts)
    spans = locate(raw, [part.path for part in parts])
    gone: list[Gone] = []
    whole: dict[int, Share] = {}
    for number, (part, span, each) in enumerate(zip(parts, spans, own, strict=True)):
        if goes_wholly(part, each):
            whole[number] = each[0]
        elif each:
            inside = raw_spans(raw[span[0] : span[1]], [(share.start, share.end) for share in each])
            gone += [Gone(span[0] + a, span[0] + b, share.cut) for (a, b), share in zip(inside, each, strict=True)]
    return sorted([*gone, *_items(parts, spans, whole)])


def _items(parts: Sequence[Part], spans: Sequence[Span], whole: dict[int, Share]) -> Iterator[Gone]:
    """Paragraphs of lists, each with one comma: the one before it, or behind it where none before it stays."""
    stays: set[Path] = set()  # lists of which an earlier paragraph stays
    for number, part in enumerate(parts):
        if number not in whole:
            stays.add(part.path[:-1])
            continue
        start, end = spans[number][0] - 1, spans[number][1] + 1
        if part.path[:-1] in stays:
            start = spans[number - 1][1] + 1
        elif number + 1 < len(parts) and parts[number + 1].path[:-1] == part.path[:-1]:
            end = spans[number + 1][0] - 1
        yield Gone(start, end, whole[number].cut)


def locate(raw: bytes, paths: Sequence[Path]) -> list[Span]:
    """Bytes of the strings at ``paths`` in the JSON value ``raw``, quotes left out.

    ``raw`` is valid JSON. Of duplicate keys the last one counts, as in parsers. Raises LookupError
    where there is no string.
    """
    shape, spans = _shape(raw), []
    for path in paths:
        found: Any = shape
        for step in path:
            found = found[step]
        if not isinstance(found, tuple):
            raise LookupError(path)
        spans.append(found)
    return spans


def _shape(raw: bytes) -> Any:
    """A JSON value with spans for its strings: objects and lists as such, None for what is no string."""
    top: Any = []
    outer: list[tuple[Any, str | None]] = []
    key: str | None = None
    filled = False
    for token in _TOKEN.finditer(raw):
        first = raw[token.start()]
        if first == 0x22 and key is None and isinstance(top, dict):  # "
            key = _key(token[0])
            continue
        if first in b"}]":
            top, key = outer.pop()
            filled = True
            continue
        if first == 0x2C:  # ,
            if isinstance(top, dict):
                key = None
            elif not filled:
                top.append(None)
            filled = False
            continue
        value: Any = (token.start() + 1, token.end() - 1) if first == 0x22 else {} if first == 0x7B else []
        if isinstance(top, dict):
            top[key] = value
        else:
            top.append(value)
        filled = True
        if first != 0x22:
            outer.append((top, key))
            top, key, filled = value, None, False
    return top[0]


def _key(token: bytes) -> str:
    return str(json.loads(token)) if b"\\" in token else token[1:-1].decode("utf-8")


def raw_spans(value: bytes, spans: Sequence[Span]) -> list[Span]:
    """Spans of the text (characters, sorted, apart) as spans of its raw JSON ``value`` (bytes)."""
    positions = raw_positions(value, [position for span in spans for position in span])
    return list(zip(positions[::2], positions[1::2], strict=True))


def raw_positions(value: bytes, positions: Sequence[int]) -> list[int]:
    """Byte offsets in raw ``value`` of characters of its text; ``positions`` are sorted.

    A position behind the last character of the text raises ValueError.
    """
    return _of_runs(value, positions) if b"\\u" in value else _of_pairs(value, positions)


def _of_pairs(value: bytes, positions: Sequence[int]) -> list[int]:
    """``raw_positions`` where every escape is two characters for one: ten times as fast as run by run."""
    raw = value.decode("utf-8")
    # The escape k of the text stands k characters further on in the raw value.
    escapes = [match.start() - k for k, match in enumerate(_PAIR.finditer(raw))]
    if positions and positions[-1] > len(raw) - len(escapes):
        raise ValueError(f"character {positions[-1]} is behind the end of the text")
    places = [position + bisect_left(escapes, position) for position in positions]
    if raw.isascii():
        return places
    result, at, size = [], 0, 0
    for place in places:
        size += len(raw[at:place].encode("utf-8"))
        at = place
        result.append(size)
    return result


def _of_runs(value: bytes, positions: Sequence[int]) -> list[int]:
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


def escaped(text: str, *, ascii_only: bool) -> bytes:
    """``text`` as the inside of a JSON string, in one of the two usual spellings."""
    return json.dumps(text, ensure_ascii=ascii_only)[1:-1].encode("utf-8")
