"""Inside one article: what goes, or stays, because somebody decided so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaner.decisions import key_of
from cleaner.phases.context import Context, Cut, Piece, protected
from cleaner.phases.forms import Forms
from cleaner.phases.resolve import DECISION
from cleaner.phases.rewrite import part_span, words_span

DECIDED = "decided"
"""The rule of what stays since somebody has marked it so."""
NEVER = ("front matter", "link definition")
"""Kinds that stay even inside a repeated block: they serve the whole file."""


def key_of_words(forms: Forms, start: int, end: int) -> str:
    """What a decision knows words [start, end) by: the text that they cover; of a page what it shows there."""
    layout = forms.layout
    a, b = words_span(forms, start, end)
    if layout.page is None:
        return key_of(layout.original[a:b])
    paragraphs = range(layout.paragraph_of(start), layout.paragraph_of(end - 1) + 1)
    # Links and images tell paragraphs apart that show the same words.
    said = [what for p in paragraphs for at, what in layout.page.marks[p] if a <= at <= b]
    said += [each for p in paragraphs if (each := layout.page.said[p]) is not None]
    return key_of(" ".join([layout.text[a:b], *said]))


def key(context: Context, start: int, end: int) -> str:
    """The same, found once."""
    known = context.keys.get((start, end))
    if known is None:
        known = context.keys[start, end] = key_of_words(context.forms, start, end)
    return known


def keeps(context: Context, piece: Piece) -> bool:
    """Whether the piece stays by decision: it is a text that was marked so, or part of one."""
    kept = context.settings.decisions.kept
    if not kept:
        return False
    if key(context, piece.start, piece.end) in kept:
        return True
    first, p = context.keyed.layout.first, context.keyed.layout.paragraph_of(piece.start)
    return piece.paragraph is None and key(context, first[p], first[p + 1]) in kept


def stays(context: Context, piece: Piece) -> bool:
    """Whether a setting or a decision keeps the piece."""
    return protected(context, piece) or keeps(context, piece)


def decided_cuts(context: Context, cuts: Sequence[Cut], near: Sequence[tuple[int, int]], with_parts: bool) -> list[Cut]:
    """A cut for each variant that may go for its witness; without ``with_parts`` only whole paragraphs.

    In an order in which none is the witness of another that comes later, as far as marks that go round allow
    it: of three texts in a row the last goes for the second only where the second stays.
    """
    if not context.settings.decisions.removed:
        return []
    pieces = [piece for piece in _marked(context, cuts, near) if with_parts or piece.paragraph is not None]
    return [_cut(context, piece) for piece in _in_order(pieces)]


def decided_parts(context: Context, pairs: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> list[Cut]:
    """A cut for each part of a line, with the part beside its witness, that differs and may go all the same."""
    pieces = [Piece(*here, *there, None, True) for here, there in pairs]
    return [_cut(context, piece) for piece in pieces if _is_marked(context, piece) and _can_go(context, piece)]


def _cut(context: Context, piece: Piece) -> Cut:
    return Cut((piece,), context.weighs(piece.start, piece.end), False, rule=DECISION)


def _marked(context: Context, cuts: Sequence[Cut], near: Sequence[tuple[int, int]]) -> list[Piece]:
    """The variants that are marked, each once; where the marked text stands first, it goes for the later one."""
    found = {
        (piece.start, piece.end, piece.witness, piece.witness_end): piece
        for forward in _variants(context, cuts, near)
        for piece in (forward, _turned(context, forward))
        if piece is not None and _is_marked(context, piece) and _can_go(context, piece)
    }
    return sorted(found.values())


def _variants(context: Context, cuts: Sequence[Cut], near: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    first = context.keyed.layout.first
    for p, q in near:
        yield Piece(first[q], first[q + 1], first[p], first[p + 1], q, True)
    for cut in cuts:
        if cut.refused:
            yield from (piece for piece in cut.pieces if piece.alone)


def _turned(context: Context, piece: Piece) -> Piece | None:
    """The witness as the piece that goes, where it is a paragraph or part of one, with another text."""
    layout = context.keyed.layout
    p = layout.paragraph_of(piece.witness)
    if p != layout.paragraph_of(piece.witness_end - 1):
        return None
    if key(context, piece.start, piece.end) == key(context, piece.witness, piece.witness_end):
        return None
    whole = (layout.first[p], layout.first[p + 1]) == (piece.witness, piece.witness_end)
    return Piece(piece.witness, piece.witness_end, piece.start, piece.end, p if whole else None, True)


def _is_marked(context: Context, piece: Piece) -> bool:
    pair = key(context, piece.start, piece.end), key(context, piece.witness, piece.witness_end)
    return pair in context.settings.decisions.removed


def _can_go(context: Context, piece: Piece) -> bool:
    """Whether nothing but a difference holds the piece."""
    if stays(context, piece):
        return False
    layout = context.keyed.layout
    p = layout.paragraph_of(piece.start)
    if layout.page is not None:
        if piece.paragraph is not None:
            return not layout.page.is_fixed(p)
        start, end = part_span(context.forms, piece.start, piece.end)
        return start < end
    return layout.kinds is None or layout.kind(p) not in NEVER


def _in_order(pieces: Sequence[Piece]) -> list[Piece]:
    left, ordered = list(pieces), list[Piece]()
    while left:
        going = {(piece.start, piece.end) for piece in left}
        ready = [piece for piece in left if (piece.witness, piece.witness_end) not in going] or left[:1]
        ordered += ready
        taken = set(ready)
        left = [piece for piece in left if piece not in taken]
    return ordered
