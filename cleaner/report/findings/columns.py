"""Columns in other units than characters, and lines of a cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cleaner.findings import Region

Width = Callable[[str], int]


class Span(NamedTuple):
    """A stretch of a file, lines and columns from 1, the last pair of the position behind it."""

    line: int
    column: int
    last_line: int
    last_column: int


def utf16(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


def utf8(text: str) -> int:
    """Length in bytes of UTF-8; half of a surrogate pair counts as U+FFFD, as which it is written."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def span_of(region: Region, text: str, width: Width) -> Span:
    """The place of ``region`` in the file's ``text``; what a line is is taken from the region."""
    first = text[region.start - region.column + 1 : region.start]
    last = text[region.end - region.last_column + 1 : region.end]
    return Span(region.line, width(first) + 1, region.last_line, width(last) + 1)


def cut_span(cut: tuple[int, int], beside: Region, text: str, width: Width) -> Span:
    """The place of ``cut``, which begins at or before ``beside`` or close behind it."""
    start, end = cut
    line = beside.line + _breaks(text, beside.start, start)
    last_line = line + _breaks(text, start, end)
    return Span(line, _column(text, start, width), last_line, _column(text, end, width))


def _breaks(text: str, a: int, b: int) -> int:
    """Line breaks from ``a`` to ``b``, negative where ``b`` comes first."""
    return -text.count("\n", b, a) if b < a else text.count("\n", a, b)


def _column(text: str, at: int, width: Width) -> int:
    return width(text[text.rfind("\n", 0, at) + 1 : at]) + 1


def last_line(region: Region) -> int:
    """The line of the last character, where the position behind it begins a line of its own."""
    return region.last_line - (region.last_column == 1 and region.last_line > region.line)
