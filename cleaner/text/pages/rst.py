"""reStructuredText into blocks, by lines.

docutils is no way: it takes 30 ms to import and reads 1.2 MB/s, and of its nodes it knows the lines, not the
characters. What it does with indentation, markers and underlines is done here alike; what is not surely a
paragraph is ``other``.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from cleaner.text.pages import rst_signs as signs
from cleaner.text.pages.block import Page
from cleaner.text.pages.rows import RowBuilding, width
from cleaner.text.pages.rst_names import shape_of

_Reading = Callable[[int, int, int], tuple[int, int] | None]
"""Reads what begins at a character of a line, at a column; where more begins on this line, its place and column."""


class _Frame:
    """Where a stretch of the page is indented to, the scope it is in, and whether it is a list item just begun."""

    __slots__ = ("column", "fresh", "scope", "titled")

    def __init__(self, column: int, scope: int, fresh: bool = False, titled: bool = False) -> None:
        self.column = column
        self.scope = scope
        self.fresh = fresh
        self.titled = titled


def read_rst(text: str) -> Page:
    """Read a file of reStructuredText; any text is read as one."""
    building = RowBuilding(text)
    reader = _Reader(building)
    reader.read(building.first or reader.header())
    return building.page("rst")


class _Reader:
    """One page: ``row`` is the line that is read next; the innermost of ``frames`` is the last."""

    def __init__(self, building: RowBuilding) -> None:
        self.page = building
        self.lines, _, self.indents, self.gaps = building.rows
        self.count = len(self.lines)
        self.row = 0
        self.frames = [_Frame(0, 0, titled=True)]
        self.titles: list[tuple[str, bool]] = []
        self.readers: dict[str, _Reading] = {
            "field": self._fields,
            "option": self._options,
            "doctest": self._to_gap,
            "verse": self._to_gap,
            "grid": self._to_gap,
            "table": self._table,
            "explicit": self._explicit,
            "anonymous": self._options,
            "ruled": self._ruled,
        }

    def header(self) -> int:
        """The first line behind the header of a PEP: names and values as of a letter, to the first blank line."""
        end = self._unbroken(1, self.count)
        names = [signs.header.match(line) for line in self.lines[:end]]
        if end < 2 or not (names[0] and names[1]):
            return 0
        if any(name is None and not indent for name, indent in zip(names, self.indents, strict=False)):
            return 0
        for row, name in enumerate(names):
            if name and name[1].lower() == "cleaner":
                self.page.key(row, name.string[name.end() :].strip())
        self._add("other", 0, end)
        return end

    def read(self, row: int) -> None:
        """All lines from ``row`` on."""
        self.row = row
        while self.row < self.count:
            row = self.row
            column = self.indents[row]
            frames = self.frames
            while frames[-1].column > column:
                frames.pop()
            if frames[-1].column < column:  # a quote
                frames.append(_Frame(column, self.page.scope(frames[-1].scope, "box")))
            line = self.lines[row]
            self._element(row, len(line) - len(line.lstrip(" \t")), column)

    def _element(self, row: int, at: int, column: int) -> None:
        """What begins at character ``at`` of a line: markers of lists, names of boxes, and what follows them there."""
        line = self.lines[row]
        while True:
            match = signs.start.match(line, at)
            name = match.lastgroup if match else None
            if name == "enumerator" and not self._enumerates(row, column):
                name = None
            if match is None or (name != "bullet" and name != "enumerator"):
                more = self.readers.get(name or "", self._paragraph)(row, at, column)
                if more is None:
                    return None
                at, column = more
            elif match.end() == len(line):
                return self._empty_item(row, column)
            else:
                column += width(line[at : match.end()], column)
                at = match.end()
                self.frames.append(_Frame(column, self.frames[-1].scope, fresh=True))

    def _enumerates(self, row: int, column: int) -> bool:
        """Whether what looks like a number is one: the next line is indented, or has a number too."""
        row += 1
        if row == self.count or self.gaps[row] or self.indents[row] != column:
            return True
        line = self.lines[row]
        return signs.enumerator.match(line, len(line) - len(line.lstrip(" \t"))) is not None

    def _empty_item(self, row: int, column: int) -> None:
        self._add("other", row, row + 1)
        self.row = row + 1
        if self.row < self.count and self.indents[self.row] > column:
            self.frames.append(_Frame(self.indents[self.row], self.frames[-1].scope, fresh=True))

    def _add(self, kind: str, row: int, end: int, at: int = 0) -> None:
        frame = self.frames[-1]
        if kind == "other":
            self.page.add("other", row, end, frame.scope, at)
        else:
            self.page.add("item" if frame.fresh or kind == "item" else "prose", row, end, frame.scope, at)
        frame.fresh = False
        self.row = end

    def _unbroken(self, row: int, end: int) -> int:
        """The first line from ``row`` to ``end`` that a blank one stands before."""
        while row < end and not self.gaps[row]:
            row += 1
        return row

    def _deeper(self, row: int, column: int) -> int:
        """The first line from ``row`` on that is not indented beyond ``column``.

        What is passed is indented by as many columns as there are containers to ask this: linear in all.
        """
        while row < self.count and self.indents[row] > column:
            row += 1
        return row

    def _level(self, row: int, end: int, column: int) -> int:
        """The first line from ``row`` to ``end`` that is not indented to ``column``, or that stands behind a gap."""
        while row < end and not self.gaps[row] and self.indents[row] == column:
            row += 1
        return row

    def _paragraph(self, row: int, at: int, column: int) -> None:
        under = row + 1 < self.count and not self.gaps[row + 1] and self.indents[row + 1] == column
        if under and self._is_title(row, row + 1):
            return self._heading(row, row + 1, row, row + 2, overlined=False)
        end = self._level(row + 1, self.count, column)
        if end == row + 1 and end < self.count and not self.gaps[end] and self.indents[end] > column:
            return self._term(row, at, column)
        self._text(row, end, at, column)
        return None

    def _text(self, row: int, end: int, at: int, column: int) -> None:
        """The lines of a paragraph, and the literal block that it may announce."""
        line = self.lines[row].rstrip()
        is_bare = end - row == 1 and (signs.letter.search(line, at) is None or signs.bare.match(line, at) is not None)
        announces = self.lines[end - 1].rstrip().endswith("::")
        self._add("other" if is_bare else "prose", row, end, at)
        if announces:
            self._literal(column)

    def _literal(self, column: int) -> None:
        """What stands behind ``::``: all that is indented, or lines that begin with the same sign."""
        row = self.row
        end = self._deeper(row, column)
        if end == row and row < self.count and self.gaps[row] and self.indents[row] == column:
            sign, below = self.lines[row].lstrip()[0], self._unbroken(row + 1, self.count)
            if sign in signs.QUOTES and all(line.lstrip()[0] == sign for line in self.lines[row:below]):
                end = below
        if end > row:
            self._add("other", row, end)

    def _term(self, row: int, at: int, column: int) -> None:
        """A term; what it means is a box of its own, since two terms, or options, may well mean the same."""
        if self.lines[row].rstrip().endswith("::"):
            self._add("other", row, row + 1, at)
            return self._literal(column)
        self._add("item", row, row + 1, at)
        self.frames.append(_Frame(self.indents[row + 1], self.page.scope(self.frames[-1].scope, "box")))
        return None

    def _is_title(self, row: int, under: int) -> bool:
        line = self.lines[under].rstrip()
        if self.indents[under] or not self.frames[-1].titled or signs.ruled.match(line) is None:
            return False
        return len(line) >= 4 or len(line) >= len(self.lines[row].rstrip())

    def _heading(self, row: int, end: int, first: int, last: int, overlined: bool) -> None:
        style = (self.lines[last - 1][0], overlined)
        if style not in self.titles:
            self.titles.append(style)
        level = self.titles.index(style) + 1
        self.page.add("heading", row, end, self.frames[-1].scope, level=level, outer=(first, last))
        self.row = last

    def _ruled(self, row: int, at: int, column: int) -> None:
        """A line of signs: over a title, between two parts, or before a literal block."""
        line = self.lines[row].rstrip()
        if line[at:] == "::":
            self._add("other", row, row + 1, at)
            return self._literal(column)
        has_two = row + 2 < self.count and not (self.gaps[row + 1] or self.gaps[row + 2])
        if not at and has_two and self.lines[row + 2].rstrip() == line and self._is_title(row + 1, row + 2):
            return self._heading(row + 1, row + 2, row, row + 3, overlined=True)
        if len(line) - at < 4:
            return self._paragraph(row, at, column)
        self._add("other", row, row + 1, at)
        return None

    def _fields(self, row: int, at: int, column: int) -> None:
        """Fields, one below the other; behind no more than a title ``:cleaner:`` is a key of the page."""
        is_top = len(self.page.blocks) < 3
        end = row
        while end == row or (end < self.count and not self.gaps[end] and self.indents[end] == column):
            line = self.lines[end]
            match = signs.field.match(line, at if end == row else len(line) - len(line.lstrip(" \t")))
            if match is None:
                break
            if is_top and match.group().strip() == ":cleaner:":
                self.page.key(end, line[match.end() :].strip())
            end = self._deeper(end + 1, column)
        self._add("other", row, end, at)

    def _options(self, row: int, at: int, column: int) -> None:
        """What is marked by its first line, and goes on as far as lines are indented."""
        self._add("other", row, self._deeper(row + 1, column), at)

    def _to_gap(self, row: int, at: int, column: int) -> None:
        end = row + 1
        while end < self.count and not self.gaps[end] and self.indents[end] >= column:
            end += 1
        self._add("other", row, end, at)

    def _table(self, row: int, at: int, column: int) -> None:
        """A simple table: to its third border, or to the border that a blank line or the end follows."""
        borders = 0
        for end in range(row + 1, self.count):
            if self.indents[end] < column:
                break
            if signs.border.match(self.lines[end]):
                borders += 1
                if borders == 2 or end + 1 == self.count or self.gaps[end + 1]:
                    return self._add("other", row, end + 1, at)
        return self._to_gap(row, at, column)

    def _explicit(self, row: int, at: int, column: int) -> tuple[int, int] | None:
        """A directive, a definition or a comment."""
        line = self.lines[row]
        end = self._deeper(row + 1, column)
        directive = signs.directive.match(line, at)
        if directive is not None:
            return self._directive(row, at, column, end, directive)
        if signs.definition.match(line, at):
            self._add("other", row, end, at)
            return None
        if line[at:].strip() == ".." and (row + 1 == self.count or self.gaps[row + 1]):
            end = row + 1
        says = "\n".join([line[at + 2 :].strip(), *(line.strip() for line in self.lines[row + 1 : end])])
        self.page.comment(row, end, says.strip())
        self.row = end
        return None

    def _directive(self, row: int, at: int, column: int, end: int, match: re.Match[str]) -> tuple[int, int] | None:
        """Whether it is read, and as what; where its paragraphs begin on its own line, their place and column."""
        shape = shape_of(match[1].lower())
        line, begins = match.string, match.end()
        if shape == "other":
            self._add("other", row, end, at)
            return None
        if shape == "version" and (word := signs.word.match(line, begins)):
            begins = word.end()
        body = row
        if shape == "titled" or shape == "tab":
            body = self._unbroken(row + 1, end)
        elif begins == len(line):
            body = row + 1
            while body < end and not self.gaps[body] and signs.field.match(self.lines[body].lstrip(" \t")):
                body += 1
        if body == end or body > row + 1 or (body > row and match.end() < len(line)):
            self._add("other", row, body, at)  # its title and options, or all of it
        scope = self.page.scope(self.frames[-1].scope, "tab" if shape == "tab" else "box")
        inner = min(self.indents[row + 1 : end], default=column + 3)
        self.frames.append(_Frame(inner, scope, titled=shape == "tab"))
        self.row = body
        return (begins, inner) if body == row else None
