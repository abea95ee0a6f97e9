"""Regions chained along their diagonal into blocks, and which side of a block goes.

One side goes as a whole where the other says all of it, the poorer one of two; otherwise only
what the kept side says goes from the other, so that order is never shuffled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cleaner.phases.agree import Region
from cleaner.phases.layout import Keyed
from cleaner.settings import Settings

GAP_WORDS = 400
"""Words that a block may step over at most, whatever the number of paragraphs: an article on one line has one."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two places of a block: its regions as word ranges, in order."""

    ranges: tuple[tuple[int, int], ...]
    first: int
    """Paragraph of the first word."""
    last: int
    """Paragraph of the last word."""
    begins: bool
    """The first region begins with its paragraph."""
    ends: bool
    """The last region ends with its paragraph."""
    gap: int
    """Weight, in quarter words, of what lies between the regions and has no partner."""
    lines: bool
    """Every gap is made of whole paragraphs, each too short to be removed alone."""

    @property
    def whole(self) -> bool:
        return self.begins and self.ends and not self.gap

    @property
    def paragraphs(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Block:
    there: Side
    here: Side
    rounds: bool
    """Nothing but further copies stands between the two."""
    inside: bool = False
    """One side is a paragraph, the other a part of a sentence."""


def blocks(keyed: Keyed, found: Sequence[Region], settings: Settings) -> list[Block]:
    return [
        Block(
            _side(keyed, [(r.there, r.there + r.length) for r in chain], settings),
            _side(keyed, [(r.here, r.here + r.length) for r in chain], settings),
            all(r.rounds for r in chain),
            chain[0].inside,
        )
        for chain in _chains(keyed, found, settings)
    ]


def _chains(keyed: Keyed, found: Sequence[Region], settings: Settings) -> list[list[Region]]:
    """Regions that follow each other on both sides with at most ``max_gap`` paragraphs between."""
    # Copies that follow each other at once are each a block of their own.
    chains: list[list[Region]] = [[region] for region in found if region.rounds or region.inside]
    open_: list[list[Region]] = []
    for region in sorted((r for r in found if not (r.rounds or r.inside)), key=lambda r: (r.here, r.there)):
        still = []
        taken = False
        for chain in open_:
            gap = _gap(keyed, chain[-1], region)
            if gap > settings.max_gap or region.here - chain[-1].here - chain[-1].length > GAP_WORDS:
                chains.append(chain)
                continue
            if not taken and gap >= 0 and _follows(keyed, chain, region, settings):
                chain.append(region)
                taken = True
            still.append(chain)
        open_ = still if taken else [*still, [region]]
    return chains + open_


def _gap(keyed: Keyed, before: Region, after: Region) -> int:
    """Paragraphs between two regions at the later place; below 0 where they overlap."""
    end, start = before.here + before.length, after.here
    if start < end:
        return -1
    layout = keyed.layout
    return max(0, layout.paragraph_of(start) - layout.paragraph_of(end - 1) - 1)


def _follows(keyed: Keyed, chain: list[Region], after: Region, settings: Settings) -> bool:
    end = chain[-1].there + chain[-1].length
    if after.there < end or after.there + after.length > chain[0].here:
        return False
    layout = keyed.layout
    return layout.paragraph_of(after.there) - layout.paragraph_of(end - 1) - 1 <= settings.max_gap


def _side(keyed: Keyed, ranges: list[tuple[int, int]], settings: Settings) -> Side:
    layout = keyed.layout
    start, end = ranges[0][0], ranges[-1][1]
    first, last = layout.paragraph_of(start), layout.paragraph_of(end - 1)
    gaps = [(a[1], b[0]) for a, b in pairwise(ranges) if a[1] < b[0]]
    return Side(
        ranges=tuple(ranges),
        first=first,
        last=last,
        begins=layout.first[first] == start,
        ends=layout.first[last + 1] == end,
        gap=sum(keyed.weight[b] - keyed.weight[a] or 1 for a, b in gaps),
        lines=all(_short_lines(keyed, a, b, settings) for a, b in gaps),
    )


def _short_lines(keyed: Keyed, start: int, end: int, settings: Settings) -> bool:
    first = keyed.layout.first
    p, q = keyed.layout.paragraph_of(start), keyed.layout.paragraph_of(end - 1)
    if first[p] != start or first[q + 1] != end:
        return False
    return all(keyed.weight[first[i + 1]] - keyed.weight[first[i]] < settings.min_quarters for i in range(p, q + 1))


def here_goes(block: Block, settings: Settings) -> bool:
    """Whether the later place is the one that goes (else the earlier one)."""
    there, here = block.there, block.here
    if there.whole and here.whole:
        if _flat_beside(there, here) or _flat_beside(here, there):
            return here.paragraphs < there.paragraphs
        return settings.keep == "first"
    if here.whole:
        # The earlier place says more. A flat line does so too where paragraphs were joined; they
        # stay, and the line loses what they say.
        return not (_joined(there) and here.paragraphs > 1)
    if there.whole:
        return (here.begins and here.ends and here.lines) or (_joined(here) and there.paragraphs > 1)
    return settings.keep == "first"


def richer_stays(block: Block) -> bool:
    """Whether one side says more than the other, so that the choice is none of taste."""
    there, here = block.there, block.here
    return there.whole != here.whole or _flat_beside(there, here) or _flat_beside(here, there)


def _flat_beside(a: Side, b: Side) -> bool:
    """``a`` is one line (or few) where ``b`` has paragraphs."""
    return a.paragraphs * 2 <= b.paragraphs


def _joined(side: Side) -> bool:
    return side.paragraphs == 1
