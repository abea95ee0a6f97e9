"""A text of which stretches are hidden from the parser, length for length, and what they are."""

from __future__ import annotations

import re

from cleaner.text.pages.elements import INLINE, ScopeKind

FILL = "x"
"""Stands for tags before text: white space would make code of the line."""


def even(text: str) -> str:
    """``text`` as ASCII, length for length, every line end as one ``\\n``: no byte of UTF-8 has to be counted."""
    if text.startswith("\ufeff"):
        text = " " + text[1:]
    if not text.isascii():
        text = text.encode("ascii", "replace").decode("ascii")
    if "\r" in text:
        text = text.replace("\r\n", " \n").replace("\r", "\n")
    return text


class Masks:
    """Stretches of ``text`` (ASCII, lines parted by ``\\n``) that are hidden.

    others    stretches that are never compared
    headings  (start, end, level) of what stands between ``<h2>`` and ``</h2>``
    items     where a list item stands for a container, and its kind; where an empty heading stands in one
    skips     where a paragraph seems to begin, and where it does (behind tags)
    cuts      end tags behind text are hidden: paragraphs end before they seem to
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.others: list[tuple[int, int]] = []
        self.headings: list[tuple[int, int, int]] = []
        self.items: dict[int, ScopeKind] = {}
        self.skips: dict[int, int] = {}
        self.cuts = False
        self._masks: list[tuple[int, int, str]] = []

    def hide(self, lead: str, at: int, end: int) -> None:
        """A stretch as another block, blanked; behind the marker of a list item as an empty heading."""
        if not (self.headings and at <= self.headings[-1][0] < end):
            self.others.append((at, end))
        piece = self.text[at:end]
        blank = _blank(piece, ">" in lead)
        if lead.strip(" \t>") and piece:
            self.items[at] = ""
            blank = "#" + blank[1:]
        self._masks.append((at, end, blank))

    def add_heading(self, start: int, end: int, level: int) -> None:
        """A heading written as tags: what stands between them, if it is on one line."""
        inner = self.text[start:end]
        bare = inner.strip()
        if bare and "\n" not in bare:
            first = start + inner.index(bare[0])
            self.headings.append((first, first + len(bare), level))

    def hide_as_item(self, at: int, end: int, columns: int, kind: ScopeKind) -> None:
        """A line as another block and an empty list item, whose content stands so many columns further in."""
        self.others.append((at, end))
        head = "-" + " " * (columns - 1) + "#"
        self._masks.append((at, end, head + _blank(self.text[at:end])[len(head) :]))
        self.items[at] = kind
        self.items[at + columns] = ""

    def hide_before(self, at: int, end: int) -> None:
        """Tags before text: the paragraph begins at ``end``. Whole lines among them are another block."""
        line = self.text.rfind("\n", at, end) + 1
        if line:
            self._masks.append((at, line, _blank(self.text[at:line])))
            self.others.append((at, at + len(self.text[at:line].rstrip())))
            at = line
        self._masks.append((at, end, FILL * (end - at)))
        self.skips[at] = end

    def hide_behind(self, start: int, end: int) -> None:
        """An end tag behind text; a line more, since what follows it is another paragraph."""
        self._masks.append((start, end, " " * (end - start - 1) + "\n"))
        self.cuts = True

    def stands_free(self, line: int) -> bool:
        """Whether no text stands above the line that begins at ``line``: none, hidden, or closed by an end tag."""
        text = self.text
        above = text.rfind("\n", 0, max(line - 1, 0)) + 1
        row = text[above:line].strip(" \t>\n")
        if not row or (self._masks and self._masks[-1][1] >= above + len(text[above:line].rstrip())):
            return True
        close = re.search(r"</([A-Za-z][\w.:-]*)$", row) if text[above:line].rstrip().endswith(">") else None
        return close is not None and close.group(1) not in INLINE

    def masked(self) -> str:
        """The text without what is hidden, as long as before."""
        pieces: list[str] = []
        done = 0
        for start, end, piece in sorted(self._masks):
            if start >= done:
                pieces += (self.text[done:start], piece)
                done = end
        pieces.append(self.text[done:])
        return "".join(pieces)


def _blank(piece: str, quoted: bool = False) -> str:
    """As many blanks; line ends stay, and so do the signs of a quote at the beginning of lines."""
    if "\n" not in piece:
        return " " * len(piece)
    lines = piece.split("\n")
    if not quoted:
        return "\n".join([" " * len(line) for line in lines])
    shown = [" " * len(lines[0])]
    for line in lines[1:]:
        bare = line.lstrip(" \t>")
        shown.append(line[: len(line) - len(bare)] + " " * len(bare))
    return "\n".join(shown)
