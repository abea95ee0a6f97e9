"""Which of the cuts are made: none overlaps the witness of another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cleaner.phases.context import Cut, Piece
from cleaner.phases.forms import Forms
from cleaner.phases.layout import Layout
from cleaner.types import Keep

_CUT, _WITNESS = 1, 2
"""States of a word, beside free."""

Range = tuple[int, int]


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
    """Greedy: copies that follow at once first, then equal ones, the longest, the outermost witness.

    ``kept`` are word ranges that earlier passes need as witnesses. What is a witness may still go
    where its own witness has the very same words: that one then stands for all that relied on it.
    So of a line that stands a thousand times one is left.
    """
    order = sorted((cut for cut in cuts if not cut.refused), key=lambda cut: _rank(forms.layout, cut, keep))
    return _Resolution(forms, kept, rule).of(order)


def _rank(layout: Layout, cut: Cut, keep: Keep) -> tuple[bool, bool, bool, int, int, int]:
    """Of equal copies all have the first as their witness, or the last, which is the one that stays."""
    start, witness = cut.pieces[0].start, cut.pieces[0].witness
    place = (witness, start) if keep == "first" else (-witness, -start)
    # A witness of several paragraphs holds them together: what each of them repeats goes first.
    spread = any(layout.paragraph_of(p.witness) != layout.paragraph_of(p.witness_end - 1) for p in cut.pieces)
    return (not cut.rounds, spread, cut.richer, -cut.weight, *place)


class _Resolution:
    def __init__(self, forms: Forms, kept: Iterable[Range], rule: str) -> None:
        self.forms, self.rule = forms, rule
        self.state = bytearray(forms.layout.first[-1])
        self.chosen: list[Chosen] = []
        self.relying: dict[Range, list[int]] = {}
        """Chosen cuts by the range of their witness."""
        for start, end in kept:
            self._stand((start, end), [])

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
        if _CUT in own or _CUT in self.state[piece.witness : piece.witness_end]:
            return False
        if _WITNESS not in own:
            return True
        inside = all(piece.start <= start and end <= piece.end for start, end in self._overlapping(piece))
        return inside and self._same_words(piece)

    def _overlapping(self, piece: Piece) -> list[Range]:
        """Ranges of witnesses that the piece meets."""
        return [r for r in self.relying if r[0] < piece.end and piece.start < r[1]]

    def _same_words(self, piece: Piece) -> bool:
        here, there = (piece.start, piece.end), (piece.witness, piece.witness_end)
        return self.forms.words(*here) == self.forms.words(*there)

    def _take(self, piece: Piece, block: int, size: int) -> None:
        moved = self._overlapping(piece) if _WITNESS in self.state[piece.start : piece.end] else []
        self.state[piece.start : piece.end] = bytes([_CUT]) * (piece.end - piece.start)
        for start, end in moved:
            shift = piece.witness - piece.start
            there = (start + shift, end + shift)
            relying = self.relying.pop((start, end))
            for i in relying:
                own = self.chosen[i].piece._replace(witness=there[0], witness_end=there[1])
                self.chosen[i] = self.chosen[i]._replace(piece=own)
            self._stand(there, relying)
        self._stand((piece.witness, piece.witness_end), [len(self.chosen)])
        self.chosen.append(Chosen(piece, block, size, self.rule))

    def _stand(self, witness: Range, relying: list[int]) -> None:
        start, end = witness
        self.relying.setdefault(witness, []).extend(relying)
        self.state[start:end] = bytes([_WITNESS]) * (end - start)
