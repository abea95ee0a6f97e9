"""CSV as it is written: where rows and fields end, and what the head of a file says of its delimiter and quotes.

Rows and fields end where the csv module of Python ends them (RFC 4180, and what is left open there): a
quote counts at the beginning of a field only, a line end is CRLF, LF or CR, and a field whose closing
quote is followed by more is broken, but ends at the next delimiter.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from cleaner.formats.fields import NoText, Span

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 1000
"""Rows that are looked at to tell the delimiter."""

_CONVERT = "convert it to UTF-8"
_QUOTED = re.compile(rb'"[^"]*+(?:""[^"]*+)*+"')
# The line that names the delimiter is what Excel writes and reads.
_FRONT = re.compile(rb"(?:\xef\xbb\xbf)?(?:sep=([,;\t|])\r?\n)?[\r\n]*+")


class Syntax(NamedTuple):
    """Regular expressions for one delimiter.

    rows   whole rows, each with its line end, as many as there are
    row    one row with its line end, or up to the end
    field  one field, quotes included, also a broken one
    """

    rows: re.Pattern[bytes]
    row: re.Pattern[bytes]
    field: re.Pattern[bytes]


@lru_cache(maxsize=16)
def syntax(delimiter: str, quotes: bool) -> Syntax:
    """``quotes``: whether quotes mean anything."""
    one = re.escape(delimiter.encode())
    bare = rb"[^" + one + rb"\r\n]*+"
    field = rb'(?>"[^"]*+(?:""[^"]*+)*+"' + bare + rb'|(?!")' + bare + rb"|)" if quotes else bare
    row = field + rb"(?:" + one + field + rb")*+"
    return Syntax(
        re.compile(rb"(?:" + row + rb"(?:\r\n|\n|\r(?!\n|\Z)))*+"),
        re.compile(row + rb"(?:\r\n|\n|\r|\Z)"),
        re.compile(field),
    )


@lru_cache(maxsize=16)
def whole_row(delimiter: str, quotes: bool, columns: int, wanted: tuple[int, ...]) -> re.Pattern[bytes]:
    """A row (without its line end) of so many fields, none of them broken; the ``wanted`` ones (from 0) are groups."""
    one = re.escape(delimiter.encode())
    bare = rb"[^" + one + rb"\r\n]*+"
    field = rb'(?>"[^"]*+(?:""[^"]*+)*+"|(?!")' + bare + rb")" if quotes else bare
    return re.compile(one.join(rb"(" + field + rb")" if n in wanted else field for n in range(columns)))


def split(row: bytes, delimiter: str, quotes: bool) -> list[Span]:
    """The fields of a row (without its line end), quotes included."""
    field, spans, at = syntax(delimiter, quotes).field, [], 0
    while True:
        match = field.match(row, at)
        end = match.end() if match is not None else len(row)
        spans.append((at, end))
        if end >= len(row):
            return spans
        at = end + 1


def unquoted(field: bytes, quotes: bool) -> str:
    """What a field says. Raises UnicodeDecodeError."""
    if quotes and field.startswith(b'"'):
        return field[1:-1].decode("utf-8").replace('""', '"')
    return field.decode("utf-8")


def begin(head: bytes) -> int:
    """Bytes in front of the first row: a byte order mark, a line that names the delimiter, blank lines."""
    match = _FRONT.match(head)
    return match.end() if match is not None else 0


def content(batch: bytes, span: Span) -> Span:
    """A row without its line end."""
    start, end = span
    if batch[end - 1 : end] == b"\n" and end > start:
        end -= 1
    if batch[end - 1 : end] == b"\r" and end > start:
        end -= 1
    return start, end


class Head(NamedTuple):
    """What the head of a file shows: its delimiter, whether quotes mean anything, the fields of its first row."""

    delimiter: str
    quotes: bool
    names: tuple[str, ...]


def head_of(data: bytes, *, whole: bool, tab: bool) -> Head:
    """The head of a file that begins with ``data`` (all of it: ``whole``); ``tab``: TSV by its name.

    Raises NoText where it cannot be read as CSV in UTF-8.
    """
    _check_encoding(data, whole)
    front = _FRONT.match(data)
    known = (front[1].decode(),) if front is not None and front[1] else ("\t",) if tab else DELIMITERS
    best = max((_sample(data, each, whole, quotes=True) for each in known), key=_Sample.fit)
    if best.delimiter == "\t" and best.odd:  # many programs write quotes there as they write letters
        bare = _sample(data, "\t", whole, quotes=False)
        best = bare if len(bare.first) > 1 and not bare.odd else best
    if not best.first and data[begin(data) :].strip(b"\r\n"):
        raise NoText("broken quotes", "its first row does not end: a quote is never closed", "correct it")
    if best.quotes and any(field.startswith(b'"') and _QUOTED.fullmatch(field) is None for field in best.first):
        raise NoText("broken quotes", "text behind a closing quote in its first row", "correct it")
    try:
        return Head(best.delimiter, best.quotes, tuple(unquoted(field, best.quotes) for field in best.first))
    except UnicodeDecodeError:
        raise NoText("not UTF-8", "its first row is not in UTF-8", _CONVERT) from None


class _Sample(NamedTuple):
    """The first rows read in one way: their number, that of the ``odd`` ones, the fields of the first."""

    delimiter: str
    quotes: bool
    first: list[bytes]
    rows: int
    odd: int

    def fit(self) -> tuple[bool, float, int]:
        """The larger, the likelier that the file is written so."""
        return len(self.first) > 1, -self.odd / max(1, self.rows), len(self.first)


def _sample(data: bytes, delimiter: str, whole: bool, *, quotes: bool) -> _Sample:
    first: list[bytes] = []
    rows = odd = 0
    at, row = begin(data), syntax(delimiter, quotes).row
    while at < len(data) and rows < SAMPLE:
        match = row.match(data, at)
        if match is None or (match.end() == len(data) and not whole):
            odd += match is None and (whole or b"\n" in data[at:])
            break
        start, end = content(data, match.span())
        fields = [data[start + a : start + b] for a, b in split(data[start:end], delimiter, quotes)]
        at = match.end()
        if start == end:
            continue
        first = first or fields
        rows += 1
        odd += len(fields) != len(first) or (quotes and any(_is_odd(field, delimiter) for field in fields))
    return _Sample(delimiter, quotes, first, rows, odd)


def _is_odd(field: bytes, delimiter: str) -> bool:
    return field.startswith(b'"') and (_QUOTED.fullmatch(field) is None or swallows(field, delimiter))


def swallows(field: bytes, delimiter: str) -> bool:
    """Whether a quoted field of TSV holds tabs and line ends.

    Then its quotes may be no quotes at all, but letters of two fields in different rows.
    """
    return delimiter == "\t" and b"\t" in field and (b"\n" in field or b"\r" in field) and field.startswith(b'"')


def _check_encoding(data: bytes, whole: bool) -> None:
    if b"\0" in data[:2]:
        raise NoText("not UTF-8", "CSV in UTF-16", _CONVERT)
    good, bad = False, 0
    for number, line in enumerate(data.split(b"\n")[: None if whole else -1], 1):
        if not line.isascii():
            try:
                line.decode("utf-8")
                good = True
            except UnicodeDecodeError:
                bad = bad or number
    if bad and not good:  # where other rows are UTF-8, that one alone is broken
        raise NoText("not UTF-8", f"not in UTF-8 (line {bad})", _CONVERT)
