"""One article's outcome: what it says twice itself, and what other articles say."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from cleaner.phases.article import Kept, Road, clean_again
from cleaner.phases.layout import Layout
from cleaner.phases.rewrite import paragraph_spans
from cleaner.settings import Settings
from cleaner.types import Difference, Elsewhere, Level, Outcome, Removal, Shape, Variant, Witness


class Decided(NamedTuple):
    """A paragraph that goes (or is a variant) for one of another article.

    start, end  in what is left of the article when it was cleaned by itself
    place       where its witness stands
    block       the same for paragraphs that go together; shape, paragraphs and boilerplate as in Removal
    """

    start: int
    end: int
    goes: bool
    block: int
    shape: Shape
    level: Level
    rule: str
    similarity: float
    differences: tuple[Difference, ...]
    place: Elsewhere
    paragraphs: int = 1
    boilerplate: int = 0


class Decisions(NamedTuple):
    """What is decided about one article.

    spans     all paragraphs of what is left of it, characters
    decided   ascending
    kept      spans that are witnesses elsewhere: they stay
    """

    spans: Sequence[tuple[int, int]]
    decided: Sequence[Decided]
    kept: Sequence[tuple[int, int]]


def joint(text: str, alone: Outcome, decisions: Decisions, settings: Settings, road: Road) -> Outcome:
    """The outcome of an article with what was decided across articles; ``alone`` is its outcome by itself."""
    kept = Kept(text).without_original((r.start, r.end) for r in alone.removed)
    goes = [d for d in decisions.decided if d.goes and not _is_part_witness(kept, alone, d)]
    cuts = _cuts(kept.text, decisions.spans, goes)
    gone = [(d, cuts[d.start, d.end]) for d in goes]
    removed = [_repointed(r, kept, gone) for r in alone.removed]
    block = max((r.block for r in removed), default=0)
    for d, cut in gone:
        removed += [_removal(kept, d, piece, block) for piece in kept.pieces(*cut)]
    variants = [_variant(kept, d) for d in decisions.decided if not d.goes]
    rest = kept.without(cut for _, cut in gone)
    before = [v for v in alone.variants if not any(r.start < v.end and v.start < r.end for r in removed)]
    outcome = Outcome(rest.text, tuple(sorted(removed, key=lambda r: r.start)), tuple(before), alone.counts)
    if gone:
        locked = [kept.span(*span) for span in decisions.kept]
        outcome = clean_again(outcome, rest, locked, settings, road)
    stay = [v for v in variants if not any(r.start < v.end and v.start < r.end for r in outcome.removed)]
    return replace(outcome, variants=tuple(sorted([*outcome.variants, *stay], key=lambda v: (v.start, v.end))))


def _is_part_witness(kept: Kept, alone: Outcome, decided: Decided) -> bool:
    """Whether a paragraph is part of what the article's own removals rely on, and not all of it."""
    start, end = kept.span(decided.start, decided.end)
    return any(
        w.elsewhere is None and w.start < end and start < w.end and not (start <= w.start and w.end <= end)
        for w in (r.witness for r in alone.removed)
    )


def _cuts(
    text: str, spans: Sequence[tuple[int, int]], goes: Sequence[Decided]
) -> dict[tuple[int, int], tuple[int, int]]:
    """For each paragraph that goes the span that goes with it."""
    starts = [start for start, _ in spans]
    numbers = [bisect_left(starts, d.start) for d in goes]
    layout = Layout(text, text, spans, None, (), (), (), frozenset())
    cut = paragraph_spans(layout, numbers)
    return {(d.start, d.end): cut[p] for d, p in zip(goes, numbers, strict=True)}


def _repointed(removal: Removal, kept: Kept, gone: Sequence[tuple[Decided, tuple[int, int]]]) -> Removal:
    """The removal, relying on the witness of its witness where that one goes."""
    for d, _ in gone:
        start, end = kept.span(d.start, d.end)
        if start <= removal.witness.start and removal.witness.end <= end:
            return replace(removal, witness=_witness(d.place))
    return removal


def _witness(place: Elsewhere) -> Witness:
    return Witness(place.start, place.end, place.text_line, elsewhere=place)


def _removal(kept: Kept, d: Decided, piece: tuple[int, int], block: int) -> Removal:
    line, last = _lines(kept, d)
    return Removal(
        start=piece[0],
        end=piece[1],
        line=line,
        block=block + d.block,
        shape=d.shape,
        level=d.level,
        rule=d.rule,
        similarity=d.similarity,
        differences=d.differences,
        witness=_witness(d.place),
        last_line=last,
        paragraphs=d.paragraphs,
        boilerplate=d.boilerplate,
    )


def _variant(kept: Kept, d: Decided) -> Variant:
    line, last = _lines(kept, d)
    start, end = kept.span(d.start, d.end)
    return Variant(start, end, line, "paragraph", d.rule, d.similarity, d.differences, _witness(d.place), last)


def _lines(kept: Kept, d: Decided) -> tuple[int, int]:
    start, end = kept.span(d.start, d.end)
    return kept.line(start), kept.line(end - 1)
