"""Parts of paragraphs: when a run of units may be cut out of one.

short     it is shorter than the shortest passage
parallel  it stands under another heading than its witness
markup    of a page: it holds one tag of a pair, or a script
beside    a unit next to it differs from the one beside the witness, or both sides are other sentences
decided   it might go, but somebody has marked it, or the paragraph that it is part of
"""

from __future__ import annotations

import re

from rapidfuzz.distance import LCSseq

from cleaner.phases.around import asked_above, copies, in_a_row, in_list, in_quotation, is_question
from cleaner.phases.blocks import Block
from cleaner.phases.context import ROW_SIMILARITY, Context, Piece, heading_of, protected
from cleaner.phases.deciding import keeps
from cleaner.phases.removable import BESIDE, DECIDED, ITEM, LABELLED, PARALLEL, PROTECTED, RECURRING, SHORT
from cleaner.phases.rewrite import part_span
from cleaner.phases.structure import SECTION, is_structured
from cleaner.settings import NEIGHBOUR, QUARTERS

MOSTLY = 0.9
"""Share of a body that a line holds twice which is equal."""
LONG = 50 * QUARTERS
"""Weight from which a part of a text without spaces may go: there a unit may be half a sentence."""
_note = re.compile(r"\w+(?:\s\w+){0,2}\s?:\s")


def judge_part(context: Context, piece: Piece, block: Block) -> str:
    """Why a part of a paragraph stays, or nothing."""
    return _reason(context, piece, block) or (DECIDED if keeps(context, piece) else "")


def _reason(context: Context, piece: Piece, block: Block) -> str:
    settings, layout = context.settings, context.keyed.layout
    weight = context.weighs(piece.start, piece.end)
    if protected(context, piece):
        return PROTECTED
    if layout.page is not None:
        start, end = part_span(context.forms, piece.start, piece.end)
        if start == end:
            return "markup"
    if block.rounds:
        return "" if weight >= min(NEIGHBOUR * 2, settings.passage_quarters) else SHORT
    if weight < settings.passage_quarters:
        return SHORT
    here, there = layout.paragraph_of(piece.start), layout.paragraph_of(piece.witness)
    if not _whole_units(context, piece) or _goes_on(context, piece):
        return BESIDE
    if here == there and _body_twice(context, block):
        return ""
    text = layout.text[layout.starts[piece.start] : _behind(context, piece.end)]
    if is_question(text) or _note.match(text):
        return ITEM
    if in_list(context, here) != in_list(context, there):
        return ITEM
    if _answers(context, piece.start) != _answers(context, piece.witness):
        return LABELLED
    if in_quotation(context, piece.start) or in_quotation(context, piece.witness):
        return BESIDE
    if in_a_row(context, piece.witness_end):
        return ITEM
    if copies(context, piece) > 2:
        return RECURRING
    if is_structured(context) or heading_of(context, here) != heading_of(context, there):
        return PARALLEL
    sides = (
        (_unit_before(context, piece.start), _unit_before(context, piece.witness)),
        (_unit_after(context, piece.end), _unit_after(context, piece.witness_end)),
    )
    both = [(mine, theirs) for mine, theirs in sides if mine and theirs]
    return BESIDE if any(_beside(context, mine, theirs) for mine, theirs in both) else ""


def _answers(context: Context, word: int) -> bool:
    """Whether the paragraph that begins with a word stands under a question."""
    return context.forms.starts_paragraph(word) and asked_above(context, context.keyed.layout.paragraph_of(word))


def _behind(context: Context, word: int) -> int:
    """Where the next word of the text begins; its end behind the last one."""
    layout = context.keyed.layout
    return layout.starts[word] if word < layout.first[-1] else len(layout.text)


def _body_twice(context: Context, block: Block) -> bool:
    """Whether a line holds its own body a second time, with little between and little changed."""
    there, here = block.there.ranges, block.here.ranges
    covered = sum(context.weighs(a, b) for a, b in here)
    whole = context.weighs(here[0][0], here[-1][1])
    between = context.weighs(there[-1][1], here[0][0])
    return covered >= SECTION and covered >= MOSTLY * (whole + between)


def _whole_units(context: Context, piece: Piece) -> bool:
    """Whether the part begins and ends with units of its own side.

    In a script without spaces a unit ends at every space, so what is left may be half a sentence:
    there the part must be twice as long.
    """
    forms = context.forms
    if not (forms.starts_unit(piece.start) and forms.starts_unit(piece.end)):
        return False
    long = context.weighs(piece.start, piece.end) >= LONG
    return long or not (forms.unspaced(piece.start) or forms.unspaced(piece.end - 1))


def _goes_on(context: Context, piece: Piece) -> bool:
    """Whether both sides go on with the same word inside their paragraphs: then the units beside differ in a sign."""
    keys, begins = context.keyed.keys, context.forms.starts_paragraph
    starts = begins(piece.start) or begins(piece.witness)
    ends = begins(piece.end) or begins(piece.witness_end)
    return (not starts and keys[piece.start - 1] == keys[piece.witness - 1]) or (
        not ends and keys[piece.end] == keys[piece.witness_end]
    )


def _beside(context: Context, mine: tuple[int, int], theirs: tuple[int, int]) -> bool:
    """Whether two units at the same place are versions of each other, or too short to tell."""
    a = context.forms.words(*mine)
    b = context.forms.words(*theirs)
    shorter = min(len(a), len(b))
    return shorter <= 4 or LCSseq.similarity(a, b) >= ROW_SIMILARITY * shorter


def _unit_before(context: Context, word: int) -> tuple[int, int] | None:
    """The unit that ends before ``word`` in the same paragraph."""
    first = context.keyed.layout.first
    if word == first[context.keyed.layout.paragraph_of(word)]:
        return None
    start = word - 1
    while not context.forms.starts_unit(start):
        start -= 1
    return start, word


def _unit_after(context: Context, word: int) -> tuple[int, int] | None:
    """The unit that begins at ``word`` in the same paragraph as the word before."""
    first = context.keyed.layout.first
    after = first[context.keyed.layout.paragraph_of(word - 1) + 1]
    if word == after:
        return None
    end = word + 1
    while end < after and not context.forms.starts_unit(end):
        end += 1
    return word, end
