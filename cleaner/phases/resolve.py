"""Which of the cuts are made: none overlaps the witness of another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cleaner.phases.context import Cut, Piece
from cleaner.phases.forms import Forms
from cleaner.types import Keep

_FREE, _CUT, _WITNESS, _PARAGRAPH = 0, 1, 2, 3
"""States of a word: free, cut, part of a witness, part of a witness that is one whole paragraph."""


class Chosen(NamedTuple):
    piece: Piece
    block: int
    """Counted from 1; the pieces of one block share it."""
    size: int
    """Pieces in the block."""
    rule: str
    """Empty where the texts say the same, else why it goes all the same (``similar``)."""


def resolve(
    forms: Forms, cuts: Sequence[Cut], kept: Iterable[tuple[int, int]], keep: Keep, rule: str = ""
) -> list[Chosen]:
    """Greedy: where one side says more first, then the longest, then the outermost witness in reading order.

    ``kept`` are word ranges that earlier passes need as witnesses. A paragraph that is a witness may
    still go where its own witness has the very same words: that one then stands for both. So of a
    line that stands a thousand times one is left.
    """
    order = sorted((cut for cut in cuts if not cut.refused), key=lambda cut: _rank(cut, keep))
    return _Resolution(forms, kept, rule).of(order)


def _rank(cut: Cut, keep: Keep) -> tuple[bool, int, int, int]:
    """Of equal copies all have the first as their witness, or the last, which is the one that stays."""
    start, witness = cut.pieces[0].start, cut.pieces[0].witness
    place = (witness, start) if keep == "first" else (-witness, -start)
    return (not cut.richer, -cut.weight, *place)


class _Resolution:
    def __init__(self, forms: Forms, kept: Iterable[tuple[int, int]], rule: str) -> None:
        self.forms, self.rule = forms, rule
        self.state = bytearray(forms.layout.first[-1])
        self.chosen: list[Chosen] = []
        self.relying: dict[tuple[int, int], list[int]] = {}
        for start, end in kept:
            self._stand(start, end)

    def of(self, cuts: Sequence[Cut]) -> list[Chosen]:
        block = 0
        for cut in cuts:
            pieces = [piece for piece in cut.pieces if self._free(piece)]
            if any(piece.alone for piece in pieces):
                block += 1
                for piece in pieces:
                    self._take(piece, block, len(pieces))
        return sorted(self.chosen, key=lambda c: c.piece.start)

    def _free(self, piece: Piece) -> bool:
        own = self.state[piece.start : piece.end]
        if _CUT in own or _WITNESS in own or _CUT in self.state[piece.witness : piece.witness_end]:
            return False
        if _PARAGRAPH not in own:
            return True
        return piece.paragraph is not None and self._same_words(piece)

    def _same_words(self, piece: Piece) -> bool:
        here, there = (piece.start, piece.end), (piece.witness, piece.witness_end)
        return self.forms.words(*here) == self.forms.words(*there)

    def _take(self, piece: Piece, block: int, size: int) -> None:
        self.state[piece.start : piece.end] = bytes([_CUT]) * (piece.end - piece.start)
        self._stand(piece.witness, piece.witness_end)
        here, there = (piece.start, piece.end), (piece.witness, piece.witness_end)
        moved = self.relying.pop(here, [])
        for i in moved:
            self.chosen[i] = self.chosen[i]._replace(
                piece=self.chosen[i].piece._replace(witness=there[0], witness_end=there[1])
            )
        self.relying.setdefault(there, []).extend([*moved, len(self.chosen)])
        self.chosen.append(Chosen(piece, block, size, self.rule))

    def _stand(self, start: int, end: int) -> None:
        """Mark a witness."""
        layout = self.forms.layout
        p = layout.paragraph_of(start)
        whole = layout.first[p] == start and layout.first[p + 1] == end
        mark = _PARAGRAPH if whole and _WITNESS not in self.state[start:end] else _WITNESS
        self.state[start:end] = bytes([mark]) * (end - start)
