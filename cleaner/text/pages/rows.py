"""What readers that go by lines share: the visible lines of a file, and blocks made of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container
from itertools import accumulate
from typing import Literal, NamedTuple

from cleaner.text.pages.block import Block, BlockKind, Comment, Page, PageFormat, Scope, Trouble

BOM = "\ufeff"
_code_front = re.compile(r"---[A-Za-z]+[ \t]*[\r\n].*?[\r\n]---[ \t]*(?=[\r\n]|\Z)", re.DOTALL)
"""Front matter of Eleventy that names its language: ``---js``."""


class Rows(NamedTuple):
    """The lines of a file that are not blank; the sequences have one entry a line.

    lines    without line ends
    starts   where they begin, in characters of the file
    indents  columns before the first visible character; a tab goes on to the next multiple of eight
    gaps     whether a blank line stands before it
    """

    lines: list[str]
    starts: list[int]
    indents: list[int]
    gaps: list[bool]


def rows_of(text: str) -> Rows:
    """The visible lines of ``text``; a byte order mark stands before them."""
    start = int(text.startswith(BOM))
    # Length for length, so that places hold: afterwards every line ends with one \n.
    even = text[start:] if start else text
    if "\r" in even:
        even = even.replace("\r\n", " \n").replace("\r", "\n")
    if "\f" in even or "\v" in even:
        even = even.replace("\f", " ").replace("\v", " ")
    lines = even.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines[:-1]), initial=start))
    shown = [i for i, line in enumerate(lines) if line and not line.isspace()]
    if len(shown) < len(lines):
        gaps = [i - before > 1 for before, i in zip([-1, *shown], shown, strict=False)]
        lines, starts = [lines[i] for i in shown], [starts[i] for i in shown]
    else:
        gaps = [False] * len(lines)
    indents = [len(line) - len(line.lstrip(" ")) for line in lines]
    if "\t" in even:
        indents = [_columns(line, n) for line, n in zip(lines, indents, strict=True)]
    return Rows(lines, starts, indents, gaps)


def _columns(line: str, spaces: int) -> int:
    return spaces if line[spaces] != "\t" else width(line[: len(line) - len(line.lstrip(" \t"))])


def width(part: str, column: int = 0) -> int:
    """Columns of a part of a line that begins at ``column``."""
    return len((" " * (column % 8) + part).expandtabs(8)) - column % 8 if "\t" in part else len(part)


class Building:
    """A page in the making: readers add blocks in their order and say in which scope they are."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks: list[Block] = []
        self.scopes = [Scope(-1, "page")]
        self.comments: list[Comment] = []
        self.troubles: list[Trouble] = []
        self.front: str | None = None
        self.behind = self._read_front()
        """Where the front matter ends; behind a byte order mark where there is none."""

    def _read_front(self) -> int:
        begin = int(self.text.startswith(BOM))
        if not self.text.startswith(("---", "+++", "{"), begin):
            return begin
        from cleaner.text.pages.front import Front, read_front

        front = read_front(self.text)
        if not front.end and (code := _code_front.match(self.text, begin)):
            front = Front(code.end())
        self.front = front.says
        self.comments += front.comments
        if front.trouble is not None:
            self.troubles.append(front.trouble)
        end = begin + len(self.text[begin : front.end].rstrip())
        if end <= begin:
            return begin
        self.blocks.append(Block(begin, end, "other", "", 0, 0, whole_lines(self.text, begin, end)))
        return front.end

    def scope(self, parent: int, kind: Literal["tab", "box"]) -> int:
        """A new container in another one."""
        self.scopes.append(Scope(parent, kind))
        return len(self.scopes) - 1

    def page(self, format: PageFormat) -> Page:
        """What has been read."""
        troubles, comments = sorted(self.troubles), sorted(self.comments)
        return Page(self.text, format, self.blocks, self.scopes, comments, self.front, troubles)


class RowBuilding(Building):
    """The same by lines: blocks and comments are given as lines."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.rows = rows_of(text)
        self.first = bisect_left(self.rows.starts, self.behind)
        """The first line behind the front matter."""

    def add(
        self,
        kind: BlockKind,
        first: int,
        end: int,
        scope: int,
        at: int = 0,
        level: int = 0,
        outer: tuple[int, int] | None = None,
        skip: Container[int] = (),
    ) -> None:
        """The lines [first, end) as a block.

        at     where it begins in its first line, white space aside
        outer  lines that go with it, half-open, if there are more
        skip   lines inside that are none of its text
        """
        lines, starts = self.rows.lines, self.rows.starts
        line = lines[first]
        at = len(line) - len(line[max(at, 0) :].lstrip())
        says = ""
        if kind != "other":
            parts = [line[at:], *lines[first + 1 : end]]
            if skip:
                parts = [part for row, part in enumerate(parts, first) if row not in skip]
            says = " ".join([part.strip() for part in parts])
        stop = starts[end - 1] + len(lines[end - 1].rstrip())
        whole, last = outer or (first, end)
        self.blocks.append(
            Block(starts[first] + at, stop, kind, says, level, scope, (starts[whole], self.line_end(last - 1)))
        )

    def line_end(self, row: int) -> int:
        """Where a line ends, before the signs that end it."""
        end = self.rows.starts[row] + len(self.rows.lines[row])
        return end - 1 if self.text.startswith("\r\n", end - 1) else end

    def comment(self, first: int, end: int, text: str) -> None:
        """The lines [first, end) as a comment."""
        line = self.rows.lines[first]
        begin = self.rows.starts[first] + len(line) - len(line.lstrip())
        self.comments.append(Comment(begin, self.rows.starts[end - 1] + len(self.rows.lines[end - 1].rstrip()), text))

    def key(self, row: int, value: str) -> None:
        """A line that gives the key ``cleaner`` of the page a value."""
        self.front = value
        self.comment(row, row + 1, f"cleaner: {value}")


def whole_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """[start, end) with the white space around it where it is all of its lines; else as it is."""
    first, last = start, end
    while first and text[first - 1] not in "\r\n" and text[first - 1].isspace():
        first -= 1
    while last < len(text) and text[last] not in "\r\n" and text[last].isspace():
        last += 1
    begins = not first or text[first - 1] in "\r\n" or (first == 1 and text[0] == BOM)
    return (first, last) if begins and (last == len(text) or text[last] in "\r\n") else (start, end)
