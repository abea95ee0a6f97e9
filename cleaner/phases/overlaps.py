"""Blocks that reach into their own witness: of a text said many times at once one stays, and the others rely on it.

Where no unit begins with each time, as in a script without spaces, all times but one are a single region: of ``AAA``
the words from the second time on, beside those from the first on. Part of such a witness would go with the block.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleaner.phases.agree import says_the_same
from cleaner.phases.blocks import Block
from cleaner.phases.context import Context, Piece
from cleaner.phases.rewrite import part_span


def overlaps_itself(block: Block) -> bool:
    """Whether the earlier place reaches into the later one."""
    return block.there.ranges[-1][1] > block.here.ranges[0][0]


def apart(context: Context, block: Block, pieces: Sequence[Piece], with_parts: bool) -> list[Piece]:
    """The pieces of a block that overlaps itself, ascending, each with a witness that stays.

    A piece that says what stays more than once is taken apart. Left out are pieces of which a part differs from
    what stays, and without ``with_parts`` those that would be taken apart.
    """
    start, end = block.there.ranges[0][0], block.here.ranges[-1][1]
    period = block.here.ranges[0][0] - start
    found: list[Piece] = []
    if not pieces:
        return found
    stays = (start, pieces[0].start) if pieces[0].witness < pieces[0].start else (pieces[-1].end, end)
    for piece in pieces:
        parts = list(_parts(piece, stays, period))
        if (len(parts) == 1 or (with_parts and _can_part(context, parts))) and all(_agree(context, p) for p in parts):
            found += parts
    return found


def _parts(piece: Piece, stays: tuple[int, int], period: int) -> Iterator[Piece]:
    """The piece beside what stays, as one where there is room for it, else in parts of a period at most."""
    # The nearest place that lies in what stays: so many whole periods back, or on.
    if piece.start >= stays[1]:
        nearest = piece.start - -((stays[1] - piece.end) // period) * period
    else:
        nearest = piece.start - (piece.start - stays[0]) // period * period
    if stays[0] <= nearest and nearest + piece.end - piece.start <= stays[1]:
        yield piece._replace(witness=nearest, witness_end=nearest + piece.end - piece.start)
        return
    at = piece.start
    while at < piece.end:
        witness = stays[0] + (at - stays[0]) % period
        after = min(piece.end, at + stays[0] + period - witness)
        yield Piece(at, after, witness, witness + after - at, None, piece.alone)
        at = after


def _can_part(context: Context, parts: Sequence[Piece]) -> bool:
    """Whether each part can be cut out: on a page tags may stand in its way, unless the whole paragraph goes."""
    layout = context.keyed.layout
    p = layout.paragraph_of(parts[0].start)
    if layout.page is None or (layout.first[p], layout.first[p + 1]) == (parts[0].start, parts[-1].end):
        return True
    spans = (part_span(context.forms, part.start, part.end) for part in parts)
    return all(start < end for start, end in spans)


def _agree(context: Context, piece: Piece) -> bool:
    return says_the_same(context.forms, piece.witness, piece.start, piece.end - piece.start)
