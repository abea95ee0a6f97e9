"""What a page is taken apart into: runs of text, and elements that are one paragraph."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.text.html_says import Says
from cleaner.text.html_tokens import Token
from cleaner.types import Kind

# Characters of a line that is long enough to be a paragraph, and of a cell that is a column of the page.
LONG, COLUMN = 60, 500


@dataclass(slots=True, eq=False)
class Piece:
    """A run of text, or an element that is one paragraph.

    kind        None for a run of text
    start, end  its characters; of a run from its first text or inline tag to its last
    tokens      its tokens, by their numbers, half-open
    element     for a run that is all that a <p> holds: start, end of the start tag, start of the end tag, end
    around      numbers of the open inline tags around a run that change what it says
    scope       equal for pieces that are seen together
    heading     the heading it stands under
    framed      it is part of what stands around the article: a sidebar, a menu, the foot of the page
    """

    kind: Kind | None
    start: int
    end: int
    tokens: tuple[int, int]
    scope: str
    heading: Piece | None
    around: tuple[int, ...] = ()
    element: tuple[int, int, int, int] | None = None
    characters: int = 0
    linked: bool = False
    own: int = -1
    """Number of the element's start tag."""
    framed: bool = False


class Sums(NamedTuple):
    """What a stretch of pieces holds: ``others`` are neither headings nor short texts."""

    characters: int
    long: int
    headings: int
    tables: int
    others: int


@dataclass(slots=True)
class Tree:
    """The pieces of a page in order, its tokens, and where blocks begin or end (positions, in order)."""

    text: str
    says: Says
    tokens: list[Token]
    pieces: list[Piece] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    ends: dict[int, int] = field(default_factory=dict)
    """Where replaced and skipped elements end, by the number of their start tag."""
