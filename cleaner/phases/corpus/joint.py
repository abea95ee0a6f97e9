"""One article's outcome: what it says twice itself, and what other articles say."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from cleaner.phases.article import Road, clean_again, plain_road
from cleaner.phases.kept import Kept
from cleaner.phases.layout import Keyed, Layout
from cleaner.phases.propose import Proposal
from cleaner.phases.resolve import DECISION
from cleaner.phases.rewrite import paragraph_spans
from cleaner.phases.screen import kernel_road, screen
from cleaner.settings import Settings
from cleaner.types import Difference, Elsewhere, Level, Outcome, Removal, Shape, Variant, Witness


class Decided(NamedTuple):
    """A paragraph that goes (or is a variant) for one of another article.

    start, end  in what is left of the article when it was cleaned by itself
    place       where its witness stands
    key         what a decision knows it by; ``witness_key`` that of its witness
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
    key: str = ""
    witness_key: str = ""


class Decisions(NamedTuple):
    """What is decided about one article.

    spans     all paragraphs of what is left of it, characters
    decided   ascending
    kept      spans that are witnesses elsewhere: they stay
    """

    spans: Sequence[tuple[int, int]]
    decided: Sequence[Decided]
    kept: Sequence[tuple[int, int]]


class Begun(NamedTuple):
    """An article of which has gone what other articles say, and is yet to be cleaned by itself once more.

    outcome   what has gone so far, with the article's own variants
    rest      what is left; None where nothing went, so that nothing more can
    variants  what is reported for other articles
    locked    spans of the original that are witnesses elsewhere
    """

    outcome: Outcome
    rest: Kept | None
    variants: Sequence[Variant]
    locked: Sequence[tuple[int, int]]


def joint(
    articles: Sequence[tuple[str, Outcome, Decisions]], settings: Settings, text_format: str = "plain"
) -> list[Outcome]:
    """The outcomes of articles with what was decided across articles: their texts, outcomes alone, decisions."""
    begun = [_begun(*article, text_format) for article in articles]
    rests = [each.rest.text for each in begun if each.rest is not None]
    found = iter(_proposals(rests, settings, text_format))
    road = _road(settings, text_format)
    outcomes = []
    for each in begun:
        outcome = each.outcome
        if each.rest is not None and (proposed := next(found)) is not None:
            outcome = clean_again(outcome, each.rest, *proposed, each.locked, settings, road)
        gone = [(r.start, r.end) for r in outcome.removed]
        stay = [v for v in each.variants if not _meets(v, gone)]
        variants = sorted([*outcome.variants, *stay], key=lambda v: (v.start, v.end))
        outcomes.append(replace(outcome, variants=tuple(variants)))
    return outcomes


def _proposals(texts: Sequence[str], settings: Settings, text_format: str) -> Iterator[tuple[Keyed, Proposal] | None]:
    """How each text is read and its candidates, where it has some."""
    if text_format == "plain":
        for _, keyed, proposal in screen(texts, settings) if texts else ():
            yield (keyed, proposal) if keyed is not None and proposal is not None else None
        return
    road = plain_road(settings, text_format)
    for keyed, proposal in map(road, texts):
        yield (keyed, proposal) if proposal.runs or proposal.near else None


def _road(settings: Settings, text_format: str) -> Road:
    return kernel_road(settings) if text_format == "plain" else plain_road(settings, text_format)


def _begun(text: str, alone: Outcome, decisions: Decisions, text_format: str) -> Begun:
    kept = Kept(text).without_original((r.start, r.end) for r in alone.removed)
    goes = [d for d in decisions.decided if d.goes and not _is_part_witness(kept, alone, d)]
    cuts = _cuts(kept.text, decisions.spans, goes, text_format)
    gone = [(d, cuts[d.start, d.end]) for d in goes]
    removed = [_repointed(r, kept, gone) for r in alone.removed]
    block = max((r.block for r in removed), default=0)
    for d, cut in gone:
        removed += [_removal(kept, d, piece, block) for piece in kept.pieces(*cut)]
    variants = [_variant(kept, d) for d in decisions.decided if not d.goes]
    rest = kept.without(cut for _, cut in gone)
    spans = [(r.start, r.end) for r in removed]
    before = tuple(v for v in alone.variants if not _meets(v, spans))
    outcome = Outcome(rest.text, tuple(sorted(removed, key=lambda r: r.start)), before, alone.counts)
    locked = [kept.span(*span) for span in decisions.kept] if gone else []
    return Begun(outcome, rest if gone else None, variants, locked)


def _meets(variant: Variant, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < variant.end and variant.start < end for start, end in spans)


def _is_part_witness(kept: Kept, alone: Outcome, decided: Decided) -> bool:
    """Whether a paragraph is part of what the article's own removals rely on, and not all of it."""
    start, end = kept.span(decided.start, decided.end)
    return any(
        w.elsewhere is None and w.start < end and start < w.end and not (start <= w.start and w.end <= end)
        for w in (r.witness for r in alone.removed)
    )


def _cuts(
    text: str, spans: Sequence[tuple[int, int]], goes: Sequence[Decided], text_format: str
) -> dict[tuple[int, int], tuple[int, int]]:
    """For each paragraph that goes the span that goes with it."""
    starts = [start for start, _ in spans]
    numbers = [bisect_left(starts, d.start) for d in goes]
    page = None
    if text_format == "html" and goes:
        from cleaner.text.html_page import read_page

        page = read_page(text)
    layout = Layout(text, text, spans, None, (), (), (), frozenset(), page)
    cut = paragraph_spans(layout, numbers)
    return {(d.start, d.end): cut[p] for d, p in zip(goes, numbers, strict=True)}


def _repointed(removal: Removal, kept: Kept, gone: Sequence[tuple[Decided, tuple[int, int]]]) -> Removal:
    """The removal, relying on the witness of its witness where that one goes; by a decision, where that one does."""
    for d, _ in gone:
        start, end = kept.span(d.start, d.end)
        if start <= removal.witness.start and removal.witness.end <= end:
            if d.rule == DECISION:
                why = {name: getattr(d, name) for name in ("level", "rule", "similarity", "differences")}
                removal = replace(removal, **why)
            return replace(removal, witness=_witness(d))
    return removal


def _witness(d: Decided) -> Witness:
    place = d.place
    return Witness(place.start, place.end, place.text_line, elsewhere=place, key=d.witness_key)


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
        witness=_witness(d),
        last_line=last,
        paragraphs=d.paragraphs,
        boilerplate=d.boilerplate,
        key=d.key,
    )


def _variant(kept: Kept, d: Decided) -> Variant:
    line, last = _lines(kept, d)
    start, end = kept.span(d.start, d.end)
    return Variant(start, end, line, "paragraph", d.rule, d.similarity, d.differences, _witness(d), last, d.key)


def _lines(kept: Kept, d: Decided) -> tuple[int, int]:
    start, end = kept.span(d.start, d.end)
    return kept.line(start), kept.line(end - 1)
