"""Why a run of whole paragraphs belongs where it stands, though it says what another run says.

An accident is a copy about whose place nothing says otherwise. What answers for its place is looked for at both copies
(around.py); the reasons are rows of removable.py, and the first that holds decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rapidfuzz.distance import Levenshtein

from cleaner.phases.around import (
    alternate,
    asked_above,
    copies,
    in_list,
    in_quotation,
    is_item,
    is_question,
    label_above,
    side_by_side,
    stand_apart,
)
from cleaner.phases.blocks import Block
from cleaner.phases.context import ROW_SIMILARITY, Context, Piece, heading_of
from cleaner.phases.removable import BESIDE, HEADLINE, ITEM, LABELLED, PARALLEL, RECURRING, SHORT
from cleaner.phases.structure import SECTION, is_statement, is_structured
from cleaner.settings import QUARTERS, SIDE
from cleaner.text.wraps import ends_sentence

ASKED = 18 * QUARTERS
"""Weight of the longest question that may be put to several: longer ones are speech."""
TENTH, BIG = 0.1, 25 * QUARTERS
"""Share of an article, and weight, from which a run is no thing said of several: a part of the body comes again."""
_opens = re.compile("[\"“„«‹「『‘'(\\[\\]]\\s*$")


def group_reason(context: Context, group: list[Piece], run: list[Piece], block: Block) -> str:
    """The first reason by which a run far from its copy stays, or nothing; ``group`` is what of it would go."""
    for name, holds in _FAR:
        if holds(context, group):
            return name
    # A body that comes again at once is no row of another section, though a paragraph in it differs.
    again = context.weighs(block.there.ranges[-1][1], block.here.ranges[0][0]) <= SIDE
    if not again and _weight(context, group) < SECTION and alternate(context, *_paragraphs(context, run)):
        return PARALLEL
    return LABELLED if _labelled(context, group) else ""


def side_reason(context: Context, group: list[Piece], block: Block) -> str:
    """Why a run stays that has its copy right beside it, or at most a line away."""
    here, there = _ranges(group)
    if block.rounds or stand_apart(context, here, there) == 0:
        return ""
    if _weight(context, group) < context.settings.min_quarters // 2:
        return SHORT
    if _all_items(context, group) and _weight(context, group) < SECTION:
        return ITEM
    if not any(p.alone and is_statement(context, p) for p in group):
        return ITEM
    # In a law, a specification, code, few words stand between rows of one form.
    if is_structured(context) and _weight(context, group) < SECTION:
        return PARALLEL
    if len(group) > 1 and _weight(context, group) >= BIG and not asked_above(context, group[0].paragraph or 0):
        return ""
    return LABELLED if _labelled(context, group) else ""


def inside_reason(context: Context, piece: Piece, block: Block) -> str:
    """Why a paragraph stays of which another one has the words in a sentence that says more.

    Right beside it, it is a caption or a quotation set out; else only the earlier of two may be one, a deck or a pull
    quote, where what stands before the words leads them in and does not turn them round.
    """
    assert piece.paragraph is not None
    if context.weighs(piece.start, piece.end) < context.settings.min_quarters or not piece.alone:
        return SHORT
    if _all_items(context, [piece]) or _one_list(context, [piece]) or not is_statement(context, piece):
        return ITEM
    earlier = piece.start < piece.witness
    if earlier and not (_led_in(context, piece.witness) or in_quotation(context, piece.start)):
        return BESIDE
    if stand_apart(context, (piece.start, piece.end), (piece.witness, piece.witness_end)) == 0:
        # Above a sentence that begins with its words, a line without an end is a title.
        return HEADLINE if earlier and not ends_sentence(_text(context, piece)) else ""
    if asked_above(context, piece.paragraph) or _labelled(context, [piece]):
        return LABELLED
    if side_by_side(context, [piece]):
        return ""
    if not _led_in(context, piece.witness) and not earlier:
        return BESIDE
    if copies(context, piece) > 2:
        return RECURRING
    if is_structured(context) or heading_of(context, piece.paragraph) != heading_of(
        context, context.keyed.layout.paragraph_of(piece.witness)
    ):
        return PARALLEL
    return ""


def _led_in(context: Context, word: int) -> bool:
    """Whether a unit begins with the word, or a quotation: other words before a statement may turn it round."""
    return context.forms.starts_unit(word) or _opens.search(context.forms.gap(word)) is not None


# --- what is looked at ------------------------------------------------------------------------


def _ranges(group: Sequence[Piece]) -> tuple[tuple[int, int], tuple[int, int]]:
    return (group[0].start, group[-1].end), (group[0].witness, group[-1].witness_end)


def _paragraphs(context: Context, group: Sequence[Piece]) -> tuple[tuple[int, int], tuple[int, int]]:
    """First and last paragraph of the group and of what it repeats."""
    layout = context.keyed.layout
    (a, b), (c, d) = _ranges(group)
    return (layout.paragraph_of(a), layout.paragraph_of(b - 1)), (layout.paragraph_of(c), layout.paragraph_of(d - 1))


def _weight(context: Context, group: Sequence[Piece]) -> int:
    return sum(context.weighs(p.start, p.end) for p in group)


def _is_big(context: Context, group: Sequence[Piece]) -> bool:
    weight = _weight(context, group)
    return weight >= SECTION or (weight >= BIG and weight >= TENTH * context.keyed.weight[-1])


def _all_items(context: Context, group: Sequence[Piece]) -> bool:
    """Whether every paragraph of both sides is an item of a list or a row."""
    paragraph_of = context.keyed.layout.paragraph_of
    return all(
        p.paragraph is not None and is_item(context, p.paragraph) and is_item(context, paragraph_of(p.witness))
        for p in group
    )


def _items(context: Context, group: list[Piece]) -> bool:
    """Items under another head; or labelled sentences and parts of sentences."""
    if _one_list(context, group) or (_all_items(context, group) and _weight(context, group) < SECTION):
        return True
    if len(group) == 1 and (_is_question(context, group[0]) or _goes_on(context, group[0])):
        return True
    return not any(p.alone and is_statement(context, p) for p in group)


def _is_question(context: Context, piece: Piece) -> bool:
    return context.weighs(piece.start, piece.end) <= ASKED and is_question(_text(context, piece))


def _one_list(context: Context, group: Sequence[Piece]) -> bool:
    """Whether one side is a list and the other one is not: a summary, a step, a quotation of its items."""
    own = [in_list(context, p.paragraph) for p in group if p.paragraph is not None]
    other = [in_list(context, context.keyed.layout.paragraph_of(p.witness)) for p in group]
    return (all(own) and not any(other)) or (all(other) and not any(own))


def _goes_on(context: Context, piece: Piece) -> bool:
    """Whether a paragraph begins small below one that does not end: the rest of a sentence."""
    layout, p = context.keyed.layout, piece.paragraph
    if not p:
        return False
    return context.forms.raw(piece.start)[0].islower() and not ends_sentence(layout.paragraph_text(p - 1))


def _text(context: Context, piece: Piece) -> str:
    assert piece.paragraph is not None
    return context.keyed.layout.paragraph_text(piece.paragraph)


def _recurring(context: Context, group: list[Piece]) -> bool:
    longest = max(group, key=lambda p: (p.alone, context.weighs(p.start, p.end)))
    return not _is_big(context, group) and copies(context, longest) > 2


def _labelled(context: Context, group: list[Piece]) -> bool:
    """The lines above both are labels and differ, or only the later one has one that asks or names somebody."""
    if _weight(context, group) >= SECTION and len(group) > 1:
        return False
    (first, _), (other, _) = _paragraphs(context, group)
    layout = context.keyed.layout
    if len(group) > 1 and label_above(context, first + 1) == layout.paragraph_text(first).strip():
        return False  # the run has a label of its own
    mine, theirs = label_above(context, first), label_above(context, other)
    if not (mine and theirs):
        return asked_above(context, first)  # what stands under no label goes for the answer to a question
    return mine != "" and theirs != "" and mine != theirs


def _parallel(context: Context, group: list[Piece]) -> bool:
    """Equal rows between rows that differ, under different headings, or in a structured text."""
    layout = context.keyed.layout
    (first, last), (witness_first, witness_last) = _paragraphs(context, group)
    if _row_variants(context, first - 1, witness_first - 1) and _row_variants(context, last + 1, witness_last + 1):
        return True
    headed = any(p.paragraph is not None and layout.kind(p.paragraph) == "heading" for p in group)
    if not headed and heading_of(context, first) != heading_of(context, witness_first):
        return True
    return is_structured(context) and _weight(context, group) < SECTION


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


Check = Callable[[Context, "list[Piece]"], bool]
_FAR: tuple[tuple[str, Check], ...] = (
    (PARALLEL, _parallel),
    (ITEM, _items),
    (RECURRING, _recurring),
)
