"""From a block to the cuts it asks for, and the rules that refuse one.

A cut is refused by the name of a reason (removable.py), and what is refused is reported as a variant under it.

What stays because somebody decided so (``decided``) is noted beside the others, whatever becomes of them.
"""

from __future__ import annotations

from cleaner.phases.around import PULLED, TITLE, asked_above, in_a_row, introduces, is_headline, is_item, side_by_side
from cleaner.phases.blocks import Block, Side, here_goes, richer_stays
from cleaner.phases.context import Context, Cut, Piece, protected
from cleaner.phases.deciding import NEVER, keeps, stays
from cleaner.phases.judging import group_reason, inside_reason, side_reason
from cleaner.phases.overlaps import apart, overlaps_itself
from cleaner.phases.passages import judge_part
from cleaner.phases.reasons import equal_differences, rule_of
from cleaner.phases.removable import BESIDE, DECIDED, HEADLINE, LEVEL, PROTECTED, SHORT
from cleaner.phases.structure import is_row
from cleaner.settings import LINES, NEIGHBOUR, QUARTERS, SIDE
from cleaner.text.wraps import ends_sentence

FEW = 4 * QUARTERS
"""Weight of the longest line that is one of several labels."""


def cut_of(block: Block, context: Context, with_parts: bool = True) -> Cut:
    """What goes of a block; without ``with_parts`` only whole paragraphs."""
    first = _cut_of(block, context, with_parts, here=(goes := _here_goes(block, context)))
    if not first.refused or block.inside or not block.there.whole or block.here.whole or not goes:
        return first
    second = _cut_of(block, context, with_parts, here=False)  # the later one says more, and no part of it may go
    return first if second.refused else second


def _cut_of(block: Block, context: Context, with_parts: bool, *, here: bool) -> Cut:
    side, other = (block.here, block.there) if here else (block.there, block.here)
    pieces = [piece for a, b in zip(side.ranges, other.ranges, strict=True) for piece in _pieces(context, a, b)]
    whole = [p for p in pieces if p.paragraph is not None]
    parts = [p for p in pieces if p.paragraph is None] if with_parts else []
    refused, decided = "", [p for p in whole if keeps(context, p)]
    if whole:
        whole, refused = _judge_paragraphs(context, whole, block)
    kept_parts = []
    for part in parts:
        reason = judge_part(context, part, block)
        if reason == DECIDED:
            decided.append(part)
            continue
        refused = refused or reason
        if not reason:
            kept_parts.append(part)
    staying = {p.start for p in parts} - {p.start for p in kept_parts}
    if any(_ends_midway(context, p) for p in whole if p.end in staying):
        whole, refused = [], refused or BESIDE  # the sentence that begins in it ends in what stays
    chosen = tuple(sorted(whole + kept_parts))
    if overlapping := overlaps_itself(block):
        chosen = tuple(apart(context, block, chosen, with_parts))
    if context.settings.level == "exact" and (block.inside or any(_needs_copy(context, p) for p in chosen)):
        whole_only = overlapping or block.inside
        refused, chosen = LEVEL, tuple(p for p in chosen if not (whole_only or _needs_copy(context, p)))
        chosen = chosen if any(p.alone for p in chosen) else ()
    held = tuple(sorted(decided))
    if not chosen:
        left = [p for p in pieces if p not in held]
        shown = tuple(p for p in left if context.weighs(p.start, p.end) >= context.settings.min_quarters)
        return Cut(shown, 0, False, refused or SHORT, stays=held)
    weight = sum(context.weighs(p.start, p.end) for p in chosen)
    return Cut(chosen, weight, richer_stays(block), rounds=block.rounds, stays=held, together=overlapping)


def _ends_midway(context: Context, piece: Piece) -> bool:
    """Whether a paragraph ends without an end, as a line does in the midst of a sentence."""
    assert piece.paragraph is not None
    return not ends_sentence(context.keyed.layout.paragraph_text(piece.paragraph))


def _here_goes(block: Block, context: Context) -> bool:
    """Whether the later side goes, and not the earlier one.

    The later one goes unless the earlier is a fragment of it where it stands: a deck, a pull quote, answers without
    their questions. The headline at the top stays where it can.
    """
    here, there = block.here, block.there
    goes = here_goes(block, context.settings)
    if context.settings.keep == "first":
        if not goes and here.whole:
            headline = is_headline(context, there.first) and there.last == there.first
            goes = headline or (block.rounds and not context.forms.starts_unit(there.ranges[0][0]))
        elif not goes and there.whole and there.last > there.first:
            goes = all(context.forms.starts_unit(word) for word in (here.ranges[0][0], here.ranges[-1][1]))
        elif not goes and there.whole and there.last == there.first and not block.rounds:
            long = context.weighs(*there.ranges[0]) > PULLED
            goes = long or (not block.inside and _apart(context, block) and is_headline(context, there.first))
        elif goes and not block.rounds and in_a_row(context, there.ranges[-1][1]):
            goes = in_a_row(context, here.ranges[-1][1])
        elif goes and not block.rounds and _answered(context, here) and not _answered(context, there):
            goes = not (there.begins and there.ends)
    return goes


def _apart(context: Context, block: Block) -> bool:
    """Whether more than a line stands between the two sides."""
    return context.weighs(block.there.ranges[-1][1], block.here.ranges[0][0]) > SIDE


def _answered(context: Context, side: Side) -> bool:
    """Whether the first paragraph of a side stands under a question."""
    return side.begins and asked_above(context, side.first)


def _needs_copy(context: Context, piece: Piece) -> bool:
    rows = (piece.start, piece.end), (piece.witness, piece.witness_end)
    if context.forms.trail(piece.end) != context.forms.trail(piece.witness_end):
        return True
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


def _judge_paragraphs(context: Context, pieces: list[Piece], block: Block) -> tuple[list[Piece], str]:
    kept: list[Piece] = []
    refused = ""
    for group in _groups(pieces):
        group, reason = _judge_group(context, group, block)
        kept += group
        refused = refused or reason
    if kept and not any(p.alone for p in kept):
        return [], refused or SHORT
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


def _judge_group(context: Context, group: list[Piece], block: Block) -> tuple[list[Piece], str]:
    layout = context.keyed.layout
    if layout.kinds is not None:
        group = [p for p in group if p.paragraph is not None and layout.kind(p.paragraph) not in NEVER]
    if any(stays(context, p) for p in group):
        held = any(protected(context, p) for p in group)
        left, reason = _judge_place(context, [p for p in group if not stays(context, p)], block)
        return left, PROTECTED if held else reason
    return _judge_place(context, group, block)


def _judge_place(context: Context, group: list[Piece], block: Block) -> tuple[list[Piece], str]:
    """Of a group what may go, or why it belongs where it stands."""
    if not group:
        return [], SHORT
    if context.settings.keep == "first" and len(group) == 1 and _is_earlier_headline(context, group[0]):
        return [], HEADLINE
    if block.inside:
        reason = inside_reason(context, group[0], block)
        return ([], reason) if reason else (group, "")
    if block.rounds and not block.here.whole and _is_title(context, group):
        return [], HEADLINE
    if block.rounds or side_by_side(context, group):
        group = _together(context, group)
        reason = side_reason(context, group, block) if group else SHORT
        return ([], reason) if reason else (group, "")
    run, group = group, _menu(context, group) or _trim(context, group)
    if not group:
        return [], SHORT
    reason = group_reason(context, group, run, block)
    return ([], reason) if reason else (group, "")


def _is_earlier_headline(context: Context, piece: Piece) -> bool:
    return piece.paragraph is not None and is_headline(context, piece.paragraph) and piece.witness > piece.start


def _is_title(context: Context, group: list[Piece]) -> bool:
    """A line without an end above the sentence that begins with its words."""
    p = group[0].paragraph
    if p is None or len(group) > 1 or group[0].start > group[0].witness:
        return False
    if context.weighs(group[0].start, group[0].end) > TITLE:
        return False
    return not ends_sentence(context.keyed.layout.paragraph_text(p))


def _together(context: Context, group: list[Piece]) -> list[Piece]:
    """A group beside its copy, where it needs no length: as long as there is prose in it."""
    layout = context.keyed.layout
    said = [p for p in group if p.paragraph is not None and _says_something(context, p.paragraph)]
    if not said:
        return _menu(context, group)
    if all(is_row(layout.paragraph_text(p.paragraph)) for p in said if p.paragraph is not None):
        return []
    if layout.kinds is not None:  # in a markup what is no prose goes only between what is
        group = group[group.index(said[0]) : group.index(said[-1]) + 1]
    return [p._replace(alone=p.alone or p in said) for p in group]


def _says_something(context: Context, paragraph: int) -> bool:
    """Prose of a few words at least: no cell of a table, no figure, no code."""
    layout = context.keyed.layout
    if paragraph in layout.opaque or (layout.page is not None and layout.page.is_fixed(paragraph)):
        return False
    weight = context.weighs(layout.first[paragraph], layout.first[paragraph + 1])
    return weight >= NEIGHBOUR and layout.kind(paragraph) == "prose"


def _menu(context: Context, group: list[Piece]) -> list[Piece]:
    """The group where it is a list of labels, none of which could go alone: a menu, a box of links."""
    if len(group) < LINES or any(p.alone for p in group):
        return []
    layout = context.keyed.layout
    weight = sum(context.weighs(p.start, p.end) for p in group)
    prose = [p for p in group if p.paragraph is not None and layout.kind(p.paragraph) == "prose"]
    # Lines of figures weigh nothing and name nothing.
    if not QUARTERS * len(group) <= weight <= NEIGHBOUR * len(group) or len(prose) * 2 < len(group):
        return []
    if any(p.paragraph in layout.opaque or (p.paragraph and is_item(context, p.paragraph)) for p in group):
        return []
    return [p._replace(alone=True) for p in group]


def _alone(context: Context, paragraph: int) -> bool:
    """A paragraph of prose that is long enough to go without its neighbours."""
    layout = context.keyed.layout
    if paragraph in layout.opaque or (layout.page is not None and layout.page.is_fixed(paragraph)):
        return False
    if context.weighs(layout.first[paragraph], layout.first[paragraph + 1]) < context.settings.min_quarters:
        return False
    return layout.kind(paragraph) == "prose" and not is_row(layout.paragraph_text(paragraph))


def _trim(context: Context, group: list[Piece]) -> list[Piece]:
    """A group without what at its end belongs to what follows it.

    Short lines at its beginning are part of the copy: a title, a name. With two paragraphs that could go alone those
    at its end are so, too, with one only those of half that length. A heading or a label there introduces what follows.
    """
    alone = [i for i, p in enumerate(group) if p.alone]
    if not alone:
        return []
    start, end = alone[0], len(group)
    while start > 0 and _is_line(context, group[start - 1]):
        start -= 1
    while start < alone[0] and _is_in_midst(context, group[start]):
        start += 1
    if len(alone) == 1:
        end = alone[0] + 1
        while end < len(group) and _half(context, group[end]):
            end += 1
    while end - 1 > alone[-1] and _introduces_next(context, group[end - 1]):
        end -= 1
    return group[start:end]


def _is_in_midst(context: Context, piece: Piece) -> bool:
    """A line of a few words below another one: the rest of a block of names, dates, labels."""
    layout, p = context.keyed.layout, piece.paragraph
    if not p:
        return False
    above = context.weighs(layout.first[p - 1], layout.first[p])
    return max(above, context.weighs(piece.start, piece.end)) <= FEW


def _is_line(context: Context, piece: Piece) -> bool:
    """A line of text, and no code, table or heading of a markup."""
    assert piece.paragraph is not None
    if piece.paragraph in context.keyed.layout.opaque:
        return False
    return context.keyed.layout.kind(piece.paragraph) == "prose"


def _half(context: Context, piece: Piece) -> bool:
    """Half as long as a paragraph that could go alone: beside one, no chance either."""
    return context.weighs(piece.start, piece.end) * 2 >= context.settings.min_quarters


def _introduces_next(context: Context, piece: Piece) -> bool:
    layout = context.keyed.layout
    assert piece.paragraph is not None
    text = layout.paragraph_text(piece.paragraph)
    return layout.kind(piece.paragraph) == "heading" or introduces(text) or len(text) < 3


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
