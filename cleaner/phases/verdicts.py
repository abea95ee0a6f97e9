"""Removals and variants as values: with their witness, their similarity and what differs, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from cleaner.phases.blocks import Block, Side
from cleaner.phases.context import ROW_SIMILARITY, Context, Cut, Piece
from cleaner.phases.deciding import DECIDED, key, key_of_words
from cleaner.phases.forms import Forms
from cleaner.phases.reasons import differences_of, equal_differences, rule_of
from cleaner.phases.resolve import Chosen
from cleaner.phases.rewrite import words_span
from cleaner.text.differences import similarity
from cleaner.types import Level, Removal, Shape, Variant, Witness

MOST_DIFFERENCES = 20
"""Differences that a verdict lists; the rest is a repetition of the same."""


def removals(forms: Forms, chosen: Sequence[Chosen], spans: Sequence[tuple[int, int]], block: int) -> list[Removal]:
    sizes: dict[int, int] = {}
    for c in chosen:
        sizes[c.block] = sizes.get(c.block, 0) + (c.piece.paragraph is not None)
    return [_removal(forms, c, span, block, sizes[c.block]) for c, span in zip(chosen, spans, strict=True)]


def _removal(forms: Forms, chosen: Chosen, span: tuple[int, int], block: int, paragraphs: int) -> Removal:
    piece = chosen.piece
    start, end = words_span(forms, piece.witness, piece.witness_end)
    here = forms.words(piece.start, piece.end)
    there = forms.words(piece.witness, piece.witness_end)
    if chosen.rule:
        level: Level = "similar"
        differences = differences_of(forms, (piece.start, piece.end), (piece.witness, piece.witness_end))
        rule = chosen.rule
    else:
        differences = equal_differences(forms, (piece.start, piece.end), (piece.witness, piece.witness_end))
        rule, level = rule_of(differences)
    shape: Shape = "passage" if piece.paragraph is None else "block" if paragraphs > 1 else "paragraph"
    return Removal(
        start=span[0],
        end=span[1],
        line=0,
        last_line=0,
        block=block + chosen.block,
        shape=shape,
        level=level,
        rule=rule,
        similarity=round(similarity(here, there), 4),
        differences=tuple(differences[:MOST_DIFFERENCES]),
        witness=Witness(start, end, 0, key=key_of_words(forms, piece.witness, piece.witness_end)),
        paragraphs=paragraphs,
        key=key_of_words(forms, piece.start, piece.end),
    )


def variants(context: Context, cuts: Sequence[Cut], near: Sequence[tuple[int, int]]) -> list[Variant]:
    """What was only reported: near paragraphs, and cuts that a rule refused."""
    layout = context.keyed.layout
    first = layout.first
    reported = {frozenset(pair) for pair in near}
    found: dict[tuple[int, int], Variant] = {}
    for cut in cuts:
        # A line that is short stays alone where nothing beside it goes: that is no matter of decisions.
        held = [piece for piece in cut.stays if piece.alone or not cut.pieces]
        found |= {(each.start, each.end): _decided(context, each) for each in held}
        if cut.refused in ("", "short"):
            continue
        for piece in cut.pieces:
            paragraphs = frozenset((layout.paragraph_of(piece.start), layout.paragraph_of(piece.witness)))
            if piece.alone and not (piece.paragraph is None and paragraphs in reported):
                rows = (piece.start, piece.end), (piece.witness, piece.witness_end)
                found.setdefault(rows[0], _variant(context, *rows, cut.refused, piece.paragraph is None))
    for p, q in near:
        here, there = (first[q], first[q + 1]), (first[p], first[p + 1])
        if here not in found:
            variant = _variant(context, here, there, "differs", False)
            is_equal = not variant.differences and variant.rule != DECIDED
            found[here] = replace(variant, rule=_why_equal(context, p, q)) if is_equal else variant
    return [found[key] for key in sorted(found)]


def stepped_over(context: Context, made: Sequence[tuple[Block, Cut]]) -> list[Variant]:
    """What stays of blocks of which the rest goes: parts of lines that differ, and what somebody has marked."""
    found = [_variant(context, *pair, "differs", True) for block, _ in made for pair in differing_parts(context, block)]
    return [*found, *(_decided(context, piece) for _, cut in made for piece in cut.stays)]


def differing_parts(context: Context, block: Block) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Parts of lines that a block steps over because they differ from what stands at their place."""
    layout, found = context.keyed.layout, []
    for here, there in zip(_gaps(block.here), _gaps(block.there), strict=True):
        inside = all(a < b and layout.paragraph_of(a) == layout.paragraph_of(b - 1) for a, b in (here, there))
        if not inside or (context.forms.starts_paragraph(here[0]) and context.forms.ends_paragraph(here[1])):
            continue
        if similarity(context.forms.words(*here), context.forms.words(*there)) >= ROW_SIMILARITY:
            found.append((here, there))
    return found


def _gaps(side: Side) -> list[tuple[int, int]]:
    return [(a[1], b[0]) for a, b in pairwise(side.ranges)]


def _why_equal(context: Context, p: int, q: int) -> str:
    """Why a paragraph stays that says nothing its witness does not."""
    layout = context.keyed.layout
    return "kind" if layout.kind(p) != "prose" or layout.kind(q) != "prose" else "witness"


def _decided(context: Context, piece: Piece) -> Variant:
    rows = (piece.start, piece.end), (piece.witness, piece.witness_end)
    return _variant(context, *rows, DECIDED, piece.paragraph is None)


def _variant(context: Context, here: tuple[int, int], there: tuple[int, int], rule: str, part: bool) -> Variant:
    """A variant under ``rule``; one that somebody has marked to stay is ``decided``, whatever else holds it."""
    forms, own = context.forms, key(context, *here)
    start, end = words_span(forms, *here)
    w_start, w_end = words_span(forms, *there)
    differences = differences_of(forms, here, there)
    return Variant(
        start=start,
        end=end,
        line=0,
        last_line=0,
        shape="passage" if part else "paragraph",
        rule=DECIDED if own in context.settings.decisions.kept else rule,
        similarity=round(similarity(forms.words(*here), forms.words(*there)), 4),
        differences=tuple(differences[:MOST_DIFFERENCES]),
        witness=Witness(w_start, w_end, 0, key=key(context, *there)),
        key=own,
    )
