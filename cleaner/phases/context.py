"""What the judging of cuts works with: pieces, cuts, and the article around them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from cleaner.phases.agree import Region
from cleaner.phases.forms import Forms
from cleaner.phases.layout import Keyed
from cleaner.settings import Settings
from cleaner.text.lines import may_have_headings

# Two neighbours at or over this edit similarity are the same row with another value in it.
ROW_SIMILARITY = 0.5


class Piece(NamedTuple):
    """Words [start, end) that may go; words [witness, witness_end) stay for them."""

    start: int
    end: int
    witness: int
    witness_end: int
    paragraph: int | None
    """The paragraph that the piece is, or None where it is part of one."""
    alone: bool
    """It could go without its neighbours."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The pieces of one block that go together."""

    pieces: tuple[Piece, ...]
    weight: int
    richer: bool
    """The witness says more, so that the choice is none of taste."""
    refused: str = ""
    rounds: bool = False
    """Nothing but further copies stands between the cut and its witness."""
    rule: str = ""
    """Empty where the texts say the same, else why it goes all the same (``similar``, ``decision``)."""
    stays: tuple[Piece, ...] = ()
    """Pieces that would be judged with the others, and stay since somebody decided so."""
    together: bool = False
    """Where one piece cannot go, none does: the pieces need not be whole units."""


@dataclass(frozen=True)
class Context:
    keyed: Keyed
    forms: Forms
    settings: Settings
    known: dict[str, bool] = field(default_factory=dict)
    keys: dict[tuple[int, int], str] = field(default_factory=dict)
    """What decisions know ranges of words by, as far as they were asked for (deciding.py)."""
    agreed: Sequence[Region] = ()
    """All stretches of the article that say the same."""

    def remembered(self, name: str, find: Callable[[], bool]) -> bool:
        """What ``find`` says about the article, found once."""
        if name not in self.known:
            self.known[name] = find()
        return self.known[name]

    @cached_property
    def partners(self) -> dict[int, list[tuple[int, int, int]]]:
        """By paragraph the equal stretches that reach into it: first word, first word of the other side, length."""
        found: dict[int, list[tuple[int, int, int]]] = {}
        paragraph_of = self.keyed.layout.paragraph_of
        for there, here, length, *_ in self.agreed:
            for own, other in ((here, there), (there, here)):
                for p in range(paragraph_of(own), paragraph_of(own + length - 1) + 1):
                    found.setdefault(p, []).append((own, other, length))
        return found

    @cached_property
    def headings(self) -> list[int]:
        """Paragraphs that are headings."""
        layout = self.keyed.layout
        if layout.page is not None:
            # Those of menus and lists of links stand over no text.
            alone = (p for p, kind in enumerate(layout.page.kinds) if kind == "prose" and self._is_long(p))
            return sorted({layout.page.under[p] for p in alone} & layout.page.sections)
        if layout.kinds is None and not may_have_headings(layout.text):
            return []
        return [p for p in range(len(layout.spans)) if layout.is_heading(p)]

    def _is_long(self, paragraph: int) -> bool:
        first = self.keyed.layout.first
        return self.weighs(first[paragraph], first[paragraph + 1]) >= self.settings.min_quarters

    @cached_property
    def one_line(self) -> bool:
        """The article has a single paragraph."""
        return len(self.keyed.layout.spans) == 1

    def weighs(self, start: int, end: int) -> int:
        return self.keyed.weight[end] - self.keyed.weight[start]


def protected(context: Context, piece: Piece) -> bool:
    layout = context.keyed.layout
    start, end = (
        layout.spans[piece.paragraph]
        if piece.paragraph is not None
        else (layout.starts[piece.start], layout.ends[piece.end - 1])
    )
    return any(re.search(pattern, layout.text[start:end]) for pattern in context.settings.protect)


def heading_of(context: Context, paragraph: int) -> str:
    """Text of the nearest heading before a paragraph (on a page of the one over it); empty where there is none."""
    page = context.keyed.layout.page
    if page is not None:
        return page.shown(page.under[paragraph]) if page.under[paragraph] >= 0 else ""
    at = bisect_left(context.headings, paragraph) - 1
    return context.keyed.layout.paragraph_text(context.headings[at]).strip("# \t") if at >= 0 else ""
