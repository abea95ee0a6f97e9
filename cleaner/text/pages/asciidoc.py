"""AsciiDoc into blocks, by lines, as Asciidoctor reads them; what is not surely a paragraph is ``other``."""

from __future__ import annotations

from cleaner.text.pages import asciidoc_signs as signs
from cleaner.text.pages.block import Page, Trouble
from cleaner.text.pages.rows import RowBuilding

NONE = -2
"""No line: the one before it is none either."""


class _Frame:
    """A delimited block or a condition that is open: the line that closes it, and the scope inside.

    closing  the line that ends it; empty of the page and of a condition
    tabs     each of its terms begins a tab
    tab      the scope of the term that was last
    """

    __slots__ = ("closing", "is_condition", "row", "scope", "tab", "tabs")

    def __init__(self, closing: str, scope: int, row: int, tabs: bool = False, is_condition: bool = False) -> None:
        self.closing = closing
        self.scope = scope
        self.row = row
        self.tabs = tabs
        self.tab = -1
        self.is_condition = is_condition


def read_asciidoc(text: str) -> Page:
    """Read a file of AsciiDoc; any text is read as one."""
    building = RowBuilding(text)
    _Reader(building).read(building.first)
    return building.page("asciidoc")


class _Reader:
    """One page: ``row`` is the line that is read next.

    style   of the block that follows: what stands in brackets above it
    joined  the line with the ``+`` that joins what follows to a list item, or NONE
    attached  whether the block that follows is joined to one, brackets above it or not
    """

    def __init__(self, building: RowBuilding) -> None:
        self.page = building
        self.lines, _, self.indents, self.gaps = building.rows
        self.count = len(self.lines)
        self.row = 0
        self.frames = [_Frame("", 0, 0)]
        self.closings: dict[str, int] = {}
        self.style = ""
        self.joined = NONE
        self.attached = False
        self.readers = {
            "comment": self._comment,
            "delimiter": self._delimiter,
            "title": self._title,
            "attribute": self._attribute,
            "brackets": self._brackets,
            "condition": self._condition,
            "endif": self._endif,
            "plus": self._plus,
            "item": self._item,
            "mark": self._mark,
            "admonition": self._admonition,
        }

    def read(self, row: int) -> None:
        """All lines from ``row`` on."""
        self.row = row
        while self.row < self.count:
            row = self.row
            line = self.lines[row].rstrip()
            match = signs.start.match(line)
            name = match.lastgroup if match else None
            self.readers.get(name or "", self._paragraph)(row, line)
        for frame in self.frames[1:]:
            if not frame.is_condition:
                self.page.troubles.append(_unclosed(self.page.rows.starts[frame.row], frame.closing))

    @property
    def scope(self) -> int:
        frame = self.frames[-1]
        return frame.tab if frame.tab >= 0 else frame.scope

    def _add(self, kind: str, row: int, end: int, at: int = 0, scope: int = -1) -> None:
        outer = None
        if self.joined == row - 1:
            outer = (self.joined, end)
        scope = self.scope if scope < 0 else scope
        if kind == "other":
            self.page.add("other", row, end, scope, at, outer=outer)
        else:
            skip = {i for i in range(row + 1, end) if self.lines[i].startswith("//")}
            for i in sorted(skip):
                self.page.comment(i, i + 1, self.lines[i].strip()[2:].strip())
            self.page.add("item" if kind == "item" else "prose", row, end, scope, at, outer=outer, skip=skip)
        self._behind(end)

    def _behind(self, row: int) -> None:
        """A block ends before line ``row``: what stood above it for it alone is used up."""
        self.row = row
        self.style = ""
        self.joined = NONE
        self.attached = False

    def _other(self, row: int, end: int) -> None:
        self._add("other", row, end)

    def _text_end(self, row: int, is_item: bool) -> int:
        """The first line behind ``row`` that is not of its paragraph any more."""
        breaks = signs.breaks_item if is_item else signs.breaks
        end = row + 1
        while end < self.count and not self.gaps[end] and breaks.match(self.lines[end].rstrip()) is None:
            end += 1
        return end

    def _paragraph(self, row: int, line: str) -> None:
        style = self.style
        if self.indents[row] or style in signs.LITERAL_STYLES:  # literal, or something that is no text
            end = self._text_end(row, is_item=False)
            if style == "comment":
                self.page.comment(row, end, "\n".join(part.strip() for part in self.lines[row:end]))
            return self._other(row, end)
        if self._is_underlined(row, line):
            level = "=-~^+".index(self.lines[row + 1][0]) + 1
            return self._heading(row, row + 2, 0, level, header=level == 1)
        # What is joined to an item ends where the next one begins.
        end = self._text_end(row, is_item=self.attached)
        scope = self.scope
        if style in signs.BOX_STYLES:
            scope = self.page.scope(scope, "box")
        is_bare = end == row + 1 and (signs.letter.search(line) is None or signs.bare.match(line) is not None)
        self._add("other" if is_bare else "prose", row, end, scope=scope)
        return None

    def _is_underlined(self, row: int, line: str) -> bool:
        """Whether a title of the old kind begins: a line of signs under it, as long as it is."""
        if row + 1 == self.count or self.gaps[row + 1]:
            return False
        under = self.lines[row + 1].rstrip()
        return (
            signs.under.match(under) is not None
            and abs(len(under) - len(line)) <= 1
            and signs.letter.search(line) is not None
        )

    def _title(self, row: int, line: str) -> None:
        level = len(line) - len(line.lstrip(line[0]))
        at = level + len(line[level:]) - len(line[level:].lstrip())
        self._heading(row, row + 1, at, level, header=level == 1 and len(self.page.blocks) < 20)

    def _heading(self, row: int, end: int, at: int, level: int, header: bool) -> None:
        """A title; of the page with the lines of its authors and its revision."""
        self.page.add("heading", row, row + 1, self.scope, at, level, outer=(row, end))
        self._behind(end)
        if header and len(self.frames) == 1:
            behind = end
            while behind < self.count and not self.gaps[behind] and not signs.start.match(self.lines[behind].rstrip()):
                behind += 1
            if behind > end:
                self._other(end, behind)

    def _comment(self, row: int, line: str) -> None:
        self.page.comment(row, row + 1, line[2:].strip())
        self.row = row + 1

    def _attribute(self, row: int, line: str) -> None:
        end = row + 1
        while end < self.count and not self.gaps[end] and self.lines[end - 1].rstrip().endswith((" \\", " +")):
            end += 1
        if line.startswith(":cleaner:") and self.page.front is None:
            self.page.key(row, line[len(":cleaner:") :].strip())
        style = self.style
        self._other(row, end)
        self.style = style

    def _brackets(self, row: int, line: str) -> None:
        """Attributes and anchors above a block: a style, or nothing to us."""
        style = signs.style_of(line)
        if style == "discrete" or style == "float":
            style = ""
        style, attached = style or self.style, self.attached
        self._other(row, row + 1)
        self.style, self.attached = style, attached

    def _mark(self, row: int, line: str) -> None:
        """A block's title, a macro, a rule: one line that is no text."""
        style, attached = self.style, self.attached
        self._other(row, row + 1)
        if line.startswith("."):
            self.style, self.attached = style, attached

    def _plus(self, row: int, line: str) -> None:
        self.joined = row
        self.attached = True
        self.row = row + 1

    def _condition(self, row: int, line: str) -> None:
        """``ifdef::name[]``: what follows is there for some readers only."""
        self.page.add("other", row, row + 1, self.scope)
        self.row = row + 1
        if line.endswith("[]") or line.startswith("ifeval"):
            self.frames.append(_Frame("", self.page.scope(self.scope, "tab"), row, is_condition=True))

    def _endif(self, row: int, line: str) -> None:
        for i in range(len(self.frames) - 1, 0, -1):
            if self.frames[i].is_condition:
                del self.frames[i]
                break
            if len(self.frames) - i > signs.DEEPEST:
                break
        self.page.add("other", row, row + 1, self.scope)
        self.row = row + 1

    def _delimiter(self, row: int, line: str) -> None:
        if self.closings.get(line):
            return self._close(row, line)
        shape = signs.shape_of(line, self.style)
        if shape == "verbatim":
            return self._verbatim(row, line)
        scope = self.page.scope(self.scope, "tab" if self.style == "tab" else "box")
        tabs = self.style == "tabs"
        self.frames.append(_Frame(line, scope, row, tabs))
        self.closings[line] = self.closings.get(line, 0) + 1
        self._behind(row + 1)
        return None

    def _close(self, row: int, line: str) -> None:
        """The end of the innermost open block with that line, and of all that is open inside it."""
        while True:
            frame = self.frames.pop()
            if frame.closing:
                self.closings[frame.closing] -= 1
            if frame.closing == line:
                break
            if frame.closing:
                self.page.troubles.append(_unclosed(self.page.rows.starts[frame.row], frame.closing))
        self._behind(row + 1)

    def _verbatim(self, row: int, line: str) -> None:
        closing = "```" if line.startswith("```") else line
        end = self._closing(row, closing)
        if end > self.count:
            end = self.count
            self.page.troubles.append(_unclosed(self.page.rows.starts[row], closing))
        if line.startswith("////") or self.style == "comment":
            says = "\n".join(part.strip() for part in self.lines[row + 1 : end - 1])
            self.page.comment(row, end, says.strip())
            self.row, self.style = end, ""
            return
        self._other(row, end)

    def _closing(self, row: int, closing: str) -> int:
        """Behind the line that closes a verbatim block; beyond the last line where there is none."""
        for end in range(row + 1, self.count):
            if self.lines[end].rstrip() == closing:
                return end + 1
        return self.count + 1

    def _item(self, row: int, line: str) -> None:
        """An item of a list, or a term; a term of tabs begins a tab."""
        frame = self.frames[-1]
        term = signs.term.match(line)
        if frame.tabs and term is not None:
            frame.tab = self.page.scope(frame.scope, "tab")
            self.page.add("other", row, row + 1, frame.scope)
            self._behind(row + 1)
            return
        marker = None if term is not None else signs.marker.match(line)
        at = marker.end() if marker else len(line) - len(line.lstrip())
        end = self._text_end(row, is_item=True)
        if term is not None and term.end() == len(line) and end == row + 1:
            end = self._definition(row)
        is_bare = end == row + 1 and (signs.letter.search(line, at) is None or signs.bare.match(line, at) is not None)
        self._add("other" if is_bare else "item", row, end, at)

    def _definition(self, row: int) -> int:
        """A term without text: what it means may stand behind a blank line."""
        end = row + 1
        if end < self.count and self.gaps[end] and signs.start.match(self.lines[end].rstrip()) is None:
            return self._text_end(end, is_item=True)
        return end

    def _admonition(self, row: int, line: str) -> None:
        """A paragraph behind NOTE: or the like is a box of its own."""
        at = line.index(":") + 1
        at += len(line[at:]) - len(line[at:].lstrip())
        scope = self.page.scope(self.scope, "box")
        self._add("prose", row, self._text_end(row, is_item=False), at, scope)


def _unclosed(at: int, closing: str) -> Trouble:
    return Trouble(at, f"the block that {closing[:8]} opens is not closed", "close it with the same line")
