"""Which of the cuts are made: none overlaps the witness of another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cleaner.phases.context import Cut, Piece
from cleaner.types import Keep


class Chosen(NamedTuple):
    piece: Piece
    block: int
    """Counted from 1; the pieces of one block share it."""
    size: int
    """Pieces in the block."""
    rule: str
    """Empty where the texts say the same, else why it goes all the same (``similar``)."""


def resolve(
    words: int, cuts: Sequence[Cut], kept: Iterable[tuple[int, int]], keep: Keep, rule: str = ""
) -> list[Chosen]:
    """Greedy: where one side says more first, then the longest, then the outermost witness in reading order.

    ``kept`` are word ranges that earlier passes need as witnesses.
    """
    state = bytearray(words)  # 1: cut, 2: witness
    for start, end in kept:
        state[start:end] = b"\x02" * (end - start)
    order = sorted((cut for cut in cuts if not cut.refused), key=lambda cut: _rank(cut, keep))
    chosen: list[Chosen] = []
    block = 0
    for cut in order:
        pieces = [piece for piece in cut.pieces if _free(state, piece)]
        if not any(piece.alone for piece in pieces):
            continue
        block += 1
        for piece in pieces:
            state[piece.start : piece.end] = b"\x01" * (piece.end - piece.start)
            state[piece.witness : piece.witness_end] = b"\x02" * (piece.witness_end - piece.witness)
            chosen.append(Chosen(piece, block, len(pieces), rule))
    return sorted(chosen, key=lambda c: c.piece.start)


def _rank(cut: Cut, keep: Keep) -> tuple[bool, int, int, int]:
    """Of equal copies all have the first as their witness, or the last, which is the one that stays."""
    start, witness = cut.pieces[0].start, cut.pieces[0].witness
    place = (witness, start) if keep == "first" else (-witness, -start)
    return (not cut.richer, -cut.weight, *place)


def _free(state: bytearray, piece: Piece) -> bool:
    return not any(state[piece.start : piece.end]) and 1 not in state[piece.witness : piece.witness_end]
