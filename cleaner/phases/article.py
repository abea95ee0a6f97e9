"""One article, cleaned to a fixpoint: cleaning what comes out changes nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count

from cleaner.phases.agree import regions, without_multiples
from cleaner.phases.blocks import Block, blocks
from cleaner.phases.context import Context, Cut
from cleaner.phases.cuts import cut_of, similar_cuts
from cleaner.phases.deciding import DECIDED, decided_cuts, decided_parts, key_of_words
from cleaner.phases.forms import Forms
from cleaner.phases.kept import Kept, Move, decided_with
from cleaner.phases.layout import Keyed, Layout, read, read_spans
from cleaner.phases.propose import Proposal, propose
from cleaner.phases.resolve import DECISION, Chosen, moved_to, resolve
from cleaner.phases.rewrite import spans_to_cut, words_span
from cleaner.phases.verdicts import differing_parts, removals, stepped_over, variants
from cleaner.settings import MOST_PASSES, QUARTERS, Settings
from cleaner.types import Counts, Outcome, Removal, Variant, Witness

Road = Callable[[str], tuple[Keyed, Proposal]]
"""How a text is read and its candidates found: in plain Python, or by the kernels."""


def plain_road(settings: Settings, text_format: str) -> Road:
    def road(text: str) -> tuple[Keyed, Proposal]:
        keyed = read(text, text_format)
        return keyed, propose(keyed, settings)

    return road


def clean_article(text: str, settings: Settings, text_format: str = "plain") -> Outcome:
    """The outcome of one article by the plain road."""
    road = plain_road(settings, text_format)
    keyed, proposal = road(text)
    counts = Counts(len(keyed.layout.spans), keyed.weight[-1] // QUARTERS, proposal.capped)
    if not proposal.runs and not proposal.near:
        return Outcome(text, counts=counts)
    return clean_proposed(text, keyed, proposal, counts, settings, road)


def clean_proposed(
    text: str, keyed: Keyed, proposal: Proposal, counts: Counts, settings: Settings, road: Road
) -> Outcome:
    """The outcome of an article whose candidates are known; ``road`` finds those of what is left."""
    return _passes(Kept(text), [], keyed, proposal, counts, settings, road)


def clean_again(
    outcome: Outcome,
    kept: Kept,
    keyed: Keyed,
    proposal: Proposal,
    locked: Sequence[tuple[int, int]],
    settings: Settings,
    road: Road,
) -> Outcome:
    """The outcome of an article from which other articles' text was taken, cleaned by itself once more.

    outcome  what went until now; ``kept`` is what is left, with its candidates
    locked   spans of the original that are witnesses of other articles, and stay
    """
    again = _passes(kept, list(outcome.removed), keyed, proposal, outcome.counts, settings, road, locked)
    if any(r.start < end and start < r.end for r in again.removed for start, end in locked):
        return outcome  # what others rely on would have moved
    known = {(v.start, v.end) for v in again.variants}
    gone = [(r.start, r.end) for r in again.removed]
    before = [v for v in outcome.variants if (v.start, v.end) not in known and not _overlaps(v, gone)]
    variants = sorted([*before, *again.variants], key=lambda v: (v.start, v.end))
    return replace(again, variants=tuple(variants))


def _overlaps(variant: Variant, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < variant.end and variant.start < end for start, end in spans)


def _passes(
    kept: Kept,
    removed: list[Removal],
    keyed: Keyed,
    proposal: Proposal,
    counts: Counts,
    settings: Settings,
    road: Road,
    locked: Sequence[tuple[int, int]] = (),
) -> Outcome:
    reported: list[Variant] = []
    over: list[Variant] = []
    for passes in count():
        witnesses = kept.here([*own_witnesses(removed), *locked])
        found, reported, moves = one_pass(keyed, proposal, settings, witnesses, len(removed))
        if not found:
            counts = replace(counts, unfinished=0)
            break
        if passes == MOST_PASSES:
            counts, reported = replace(counts, unfinished=1), []
            break
        removed = kept.moved(removed, moves)
        removed += [piece for removal in found for piece in kept.to_original(removal)]
        over += [kept.variant(v) for v in reported]
        reported = []
        kept = kept.without((r.start, r.end) for r in found)
        keyed, proposal = road(kept.text)
    removed.sort(key=lambda r: r.start)
    gone = [(r.start, r.end) for r in removed]
    stay = [v for v in over if not _overlaps(v, gone)]
    variants = _told_once([*stay, *map(kept.variant, reported)])
    return Outcome(kept.text, tuple(removed), tuple(variants), counts)


def _told_once(variants: Sequence[Variant]) -> list[Variant]:
    """In the order of the text; what stays by decision is met in each pass, and told as the last one saw it."""
    decided = {(v.start, v.end): v for v in variants if v.rule == DECIDED}
    others = [v for v in variants if v.rule != DECIDED]
    return sorted([*others, *decided.values()], key=lambda v: (v.start, v.end))


def own_witnesses(removed: Iterable[Removal]) -> list[tuple[int, int]]:
    """The spans of this article that removals rely on."""
    return [(r.witness.start, r.witness.end) for r in removed if r.witness.elsewhere is None]


def clean_paragraphs(paragraphs: Sequence[str], settings: Settings) -> Outcome:
    """The outcome of an article given as paragraphs; positions are indices, and only whole ones go."""
    left = list(range(len(paragraphs)))
    removed: list[Removal] = []
    reported: list[Variant] = []
    counts = Counts()
    witnesses: set[int] = set()
    for passes in count():
        text, spans = _joined([paragraphs[i] for i in left])
        keyed = read_spans(text, spans)
        proposal = propose(keyed, settings)
        if not removed:
            counts = Counts(len(spans), keyed.weight[-1] // QUARTERS, proposal.capped)
        kept = [spans[k] for k, i in enumerate(left) if i in witnesses]
        found, reported, _ = one_pass(keyed, proposal, settings, kept, len(removed), parts=False)
        if not found:
            break
        if passes == MOST_PASSES:
            counts, reported = replace(counts, unfinished=1), []
            break
        index = _Index(spans, left)
        removed += [index.removal(r) for r in found]
        gone = {r.start: r for r in removed}
        removed = [_final(r, gone) for r in removed]
        witnesses = {i for r in removed for i in range(r.witness.start, r.witness.end)}
        left = [i for i in left if i not in gone]
    index = _Index(spans, left)
    variants = tuple(index.variant(v) for v in reported)
    text = "\n\n".join(paragraphs[i] for i in left)
    return Outcome(text, tuple(sorted(removed, key=lambda r: r.start)), variants, counts)


def _final(removal: Removal, gone: Mapping[int, Removal]) -> Removal:
    """The removal with the witness of its witness, where that one is gone too (see ``resolve``)."""
    while (after := gone.get(removal.witness.start)) is not None:
        removal = decided_with(removal, after if after.rule == DECISION else None)
        removal = replace(removal, witness=after.witness)
    return removal


def _joined(paragraphs: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    spans = []
    at = 0
    for paragraph in paragraphs:
        spans.append((at, at + len(paragraph)))
        at += len(paragraph) + 2
    return "\n\n".join(paragraphs), spans


class _Index:
    """From characters of joined paragraphs to their indices in the list."""

    def __init__(self, spans: Sequence[tuple[int, int]], left: Sequence[int]) -> None:
        self.starts, self.left = [start for start, _ in spans], left

    def at(self, position: int) -> int:
        return self.left[bisect_right(self.starts, position) - 1]

    def witness(self, witness: Witness) -> Witness:
        start, end = self.at(witness.start), self.at(max(witness.start, witness.end - 1)) + 1
        return replace(witness, start=start, end=end, line=start + 1)

    def removal(self, removal: Removal) -> Removal:
        # The cut reaches from the paragraph to its neighbour: its middle is always its own.
        i = self.at((removal.start + removal.end) // 2)
        return replace(removal, start=i, end=i + 1, line=i + 1, last_line=i + 1, witness=self.witness(removal.witness))

    def variant(self, variant: Variant) -> Variant:
        i = self.at(variant.start)
        return replace(variant, start=i, end=i + 1, line=i + 1, last_line=i + 1, witness=self.witness(variant.witness))


def one_pass(
    keyed: Keyed,
    proposal: Proposal,
    settings: Settings,
    kept: Iterable[tuple[int, int]],
    block: int,
    parts: bool = True,
) -> tuple[list[Removal], list[Variant], dict[tuple[int, int], Move]]:
    """Removals and variants in characters of the text that was read; ``parts``: of paragraphs, too.

    The third are spans of ``kept`` that go now, with the spans that stand for them.
    """
    forms = Forms(keyed.layout)
    found_equal = {region for run in without_multiples(proposal.runs) for region in regions(forms, run, settings.keep)}
    agreed = sorted(found_equal)
    context = Context(keyed, forms, settings, agreed=agreed)
    candidates = blocks(keyed, agreed, settings)
    cuts = [cut_of(candidate, context, parts) for candidate in candidates]
    kept = list(kept)
    witnesses = list(_words_of(keyed.layout, kept))

    def decided(chosen: Sequence[Chosen]) -> list[Cut]:
        """What goes by decision: of blocks that go the parts that differ, and where none goes the variants."""
        if not chosen:
            return decided_cuts(context, cuts, proposal.near, parts)
        made = _made(candidates, cuts, chosen) if parts and settings.decisions.removed else []
        return decided_parts(context, [pair for block, _ in made for pair in differing_parts(context, block)])

    chosen = resolve(forms, cuts, witnesses, settings.keep, decided)
    if not chosen and settings.level == "similar":
        chosen = resolve(forms, similar_cuts(context, proposal.near), witnesses, settings.keep)
    found = removals(forms, chosen, spans_to_cut(forms, chosen), block)
    if not found:
        return found, variants(context, cuts, proposal.near), {}
    moves = {
        span: move for span, words in zip(kept, witnesses, strict=True) if (move := _moved(forms, chosen, found, words))
    }
    return found, stepped_over(context, _made(candidates, cuts, chosen)), moves


def _made(candidates: Sequence[Block], cuts: Sequence[Cut], chosen: Sequence[Chosen]) -> list[tuple[Block, Cut]]:
    """The blocks of which something goes because they say the same, or are similar."""
    taken = {c.piece.start for c in chosen if c.rule != DECISION}
    return [(b, cut) for b, cut in zip(candidates, cuts, strict=True) if any(p.start in taken for p in cut.pieces)]


def _moved(forms: Forms, chosen: Sequence[Chosen], found: Sequence[Removal], words: tuple[int, int]) -> Move | None:
    """Where the words of a witness stand now, if chosen cuts take them out, or by a decision a part of them."""
    met = [(c, r) for c, r in zip(chosen, found, strict=True) if c.piece.start < words[1] and words[0] < c.piece.end]
    for c, removal in met:
        if c.piece.start <= words[0] and words[1] <= c.piece.end:
            return _move(forms, moved_to(c, words), removal)
    if not met:
        return None
    gone = {word for c, _ in met for word in range(c.piece.start, c.piece.end)}
    left = [word for word in range(*words) if word not in gone]
    return _move(forms, (left[0], left[-1] + 1) if left else moved_to(met[0][0], words), met[0][1])


def _move(forms: Forms, there: tuple[int, int], removal: Removal) -> Move:
    decided = removal if removal.rule == DECISION else None
    return Move(*words_span(forms, *there), key_of_words(forms, *there), decided)


def _words_of(layout: Layout, spans: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    for start, end in spans:
        first, after = bisect_left(layout.ends, start + 1), bisect_right(layout.starts, end - 1)
        yield (first, after) if first < after else _around(layout, first, start)


def _around(layout: Layout, word: int, at: int) -> tuple[int, int]:
    """The words beside signs without a word before ``word``, in their paragraph: they stand and go with these.

    A line of signs was a paragraph of its own; after a cut it may be the end of a wrapped one.
    """
    p = bisect_right(layout.spans, (at, len(layout.text))) - 1
    return max(word - 1, layout.first[p]), min(word + 1, layout.first[p + 1])
