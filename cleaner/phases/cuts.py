"""From a block to the cuts it asks for, and the rules that refuse one.

A cut is refused by name, and what is refused is reported as a variant under that name:

parallel    rows that are equal between rows that differ, under different headings, or in a structured text
short       no paragraph in it could go alone
item        items of a list, questions, halves of sentences, which belong to those around them
protected   text that a setting protects
level       the differences are immaterial, but not at level exact
beside      a part of a paragraph whose neighbour differs from the one beside the witness

What stays because somebody decided so (``decided``) is noted beside the others, whatever becomes of them.
"""

from __future__ import annotations

import re

from rapidfuzz.distance import Levenshtein

from cleaner.phases.blocks import Block, here_goes, richer_stays
from cleaner.phases.context import ROW_SIMILARITY, Context, Cut, Piece, heading_of, protected
from cleaner.phases.deciding import DECIDED, NEVER, keeps, stays
from cleaner.phases.overlaps import apart, overlaps_itself
from cleaner.phases.passages import judge_part
from cleaner.phases.reasons import equal_differences, rule_of
from cleaner.phases.structure import SECTION, is_beside, is_statement, is_structured

_introduces = re.compile(r"[:：]\W{0,2}$")


def cut_of(block: Block, context: Context, with_parts: bool = True) -> Cut:
    """What goes of a block; without ``with_parts`` only whole paragraphs."""
    side, other = (block.here, block.there) if here_goes(block, context.settings) else (block.there, block.here)
    pieces = [piece for a, b in zip(side.ranges, other.ranges, strict=True) for piece in _pieces(context, a, b)]
    whole = [p for p in pieces if p.paragraph is not None]
    parts = [p for p in pieces if p.paragraph is None] if with_parts else []
    refused, decided = "", [p for p in whole if keeps(context, p)]
    if whole:
        whole, refused = _judge_paragraphs(context, whole, side.ranges[0] if block.in_turn else None)
    kept_parts = []
    for part in parts:
        reason = judge_part(context, part, block)
        if reason == DECIDED:
            decided.append(part)
            continue
        refused = refused or reason
        if not reason:
            kept_parts.append(part)
    chosen = tuple(sorted(whole + kept_parts))
    if overlapping := overlaps_itself(block):
        chosen = tuple(apart(context, block, chosen, with_parts))
    if context.settings.level == "exact" and any(_needs_copy(context, p) for p in chosen):
        refused, chosen = "level", tuple(p for p in chosen if not (overlapping or _needs_copy(context, p)))
        chosen = chosen if any(p.alone for p in chosen) else ()
    held = tuple(sorted(decided))
    if not chosen:
        left = [p for p in pieces if p not in held]
        shown = tuple(p for p in left if context.weighs(p.start, p.end) >= context.settings.min_quarters)
        return Cut(shown, 0, False, refused or "short", stays=held)
    weight = sum(context.weighs(p.start, p.end) for p in chosen)
    return Cut(chosen, weight, richer_stays(block), rounds=block.rounds, stays=held, together=overlapping)


def _needs_copy(context: Context, piece: Piece) -> bool:
    rows = (piece.start, piece.end), (piece.witness, piece.witness_end)
    return rule_of(equal_differences(context.forms, *rows))[1] != "exact"


def _pieces(context: Context, range_: tuple[int, int], witness: tuple[int, int]) -> list[Piece]:
    """Whole paragraphs and parts of paragraphs that make up a range of words."""
    layout = context.keyed.layout
    start, end = range_
    shift = witness[0] - start
    pieces = []
    at = start
    while at < end:
        p = layout.paragraph_of(at)
        stop = min(end, layout.first[p + 1])
        whole = at == layout.first[p] and stop == layout.first[p + 1]
        alone = not whole or _alone(context, p)
        pieces.append(Piece(at, stop, at + shift, stop + shift, p if whole else None, alone))
        at = stop
    return pieces


# --- whole paragraphs -------------------------------------------------------------------------


def _judge_paragraphs(context: Context, pieces: list[Piece], turn: tuple[int, int] | None) -> tuple[list[Piece], str]:
    """What may go of whole paragraphs, and why not; ``turn`` are the words of one that follow their witness in turn."""
    kept: list[Piece] = []
    refused = ""
    for group in _groups(pieces):
        group, reason = _judge_group(context, group, turn)
        kept += group
        refused = refused or reason
    if kept and not any(p.alone for p in kept):
        return [], refused or "short"
    return kept, refused


def _groups(pieces: list[Piece]) -> list[list[Piece]]:
    """Runs of neighbouring paragraphs with neighbouring witnesses."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        if (
            groups
            and groups[-1][-1].end == piece.start
            and groups[-1][-1].witness - groups[-1][-1].start == (piece.witness - piece.start)
        ):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _judge_group(context: Context, group: list[Piece], turn: tuple[int, int] | None) -> tuple[list[Piece], str]:
    layout = context.keyed.layout
    if layout.kinds is not None:
        group = [p for p in group if p.paragraph is not None and layout.kind(p.paragraph) not in NEVER]
    if any(stays(context, p) for p in group):
        left, reason = _judge_place(context, _trim(context, [p for p in group if not stays(context, p)]), turn)
        return left, "protected" if any(protected(context, p) for p in group) else reason
    return _judge_place(context, _trim(context, group), turn)


def _judge_place(context: Context, group: list[Piece], turn: tuple[int, int] | None) -> tuple[list[Piece], str]:
    """Whether a trimmed group belongs where it stands."""
    if not group:
        return [], "short"
    if is_beside(context, group, turn):
        return group, ""
    if _parallel(context, group):
        return [], "parallel"
    weight = sum(context.weighs(p.start, p.end) for p in group)
    if is_structured(context) and weight < SECTION * context.settings.passage_quarters:
        return [], "parallel"
    if not any(p.alone and is_statement(context, p) for p in group):
        return [], "item"
    return group, ""


def _alone(context: Context, paragraph: int) -> bool:
    """A paragraph of prose that is long enough to go without its neighbours."""
    layout = context.keyed.layout
    if paragraph in layout.opaque or (layout.page is not None and layout.page.is_fixed(paragraph)):
        return False
    if context.weighs(layout.first[paragraph], layout.first[paragraph + 1]) < context.settings.min_quarters:
        return False
    return layout.kind(paragraph) == "prose"


def _trim(context: Context, group: list[Piece]) -> list[Piece]:
    """A group without the short lines at its ends.

    With two paragraphs that could go alone the lines around them are part of the copy too, with one
    only those of half that length. A heading or a label at the end introduces what follows and stays.
    """
    alone = [i for i, p in enumerate(group) if p.alone]
    if not alone:
        return []
    start, end = 0, len(group)
    if len(alone) == 1:
        start, end = alone[0], alone[0] + 1
        while start > 0 and _half(context, group[start - 1]):
            start -= 1
        while end < len(group) and _half(context, group[end]):
            end += 1
    while end - 1 > alone[-1] and _introduces_next(context, group[end - 1]):
        end -= 1
    return group[start:end]


def _half(context: Context, piece: Piece) -> bool:
    """Half as long as a paragraph that could go alone: beside one, no chance either."""
    return context.weighs(piece.start, piece.end) * 2 >= context.settings.min_quarters


def _introduces_next(context: Context, piece: Piece) -> bool:
    layout = context.keyed.layout
    assert piece.paragraph is not None
    text = layout.paragraph_text(piece.paragraph)
    return layout.kind(piece.paragraph) == "heading" or _introduces.search(text) is not None or len(text) < 3


def _parallel(context: Context, group: list[Piece]) -> bool:
    """Equal rows between rows that differ, or under different headings without one of their own."""
    layout = context.keyed.layout
    first, last = group[0], group[-1]
    assert first.paragraph is not None
    assert last.paragraph is not None
    witness_first = layout.paragraph_of(first.witness)
    witness_last = layout.paragraph_of(last.witness_end - 1)
    before = _row_variants(context, first.paragraph - 1, witness_first - 1)
    after = _row_variants(context, last.paragraph + 1, witness_last + 1)
    if before and after:
        return True
    if any(p.paragraph is not None and layout.kind(p.paragraph) == "heading" for p in group):
        return False
    return heading_of(context, first.paragraph) != heading_of(context, witness_first)


def _row_variants(context: Context, p: int, q: int) -> bool:
    layout = context.keyed.layout
    if not (0 <= p < len(layout.spans) and 0 <= q < len(layout.spans)) or p == q:
        return False
    a_size, b_size = layout.first[p + 1] - layout.first[p], layout.first[q + 1] - layout.first[q]
    if min(a_size, b_size) < ROW_SIMILARITY * max(a_size, b_size):
        return False
    a = context.forms.words(layout.first[p], layout.first[p + 1])
    b = context.forms.words(layout.first[q], layout.first[q + 1])
    return a != b and Levenshtein.normalized_similarity(a, b) >= ROW_SIMILARITY


# --- level similar ----------------------------------------------------------------------------


def similar_cuts(context: Context, near: list[tuple[int, int]]) -> list[Cut]:
    """At level ``similar`` near paragraphs go as they are, whatever differs in them."""
    first = context.keyed.layout.first
    cuts = []
    for p, q in near:
        if not (_alone(context, p) and _alone(context, q)):
            continue
        here, there = (q, p) if context.settings.keep == "first" else (p, q)
        piece = Piece(first[here], first[here + 1], first[there], first[there + 1], here, True)
        if not stays(context, piece):
            cuts.append(Cut((piece,), context.weighs(piece.start, piece.end), False, rule="similar"))
    return cuts
