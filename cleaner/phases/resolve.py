"""Which of the cuts are made: none overlaps the witness of another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from cleaner.phases.context import Cut, Piece
from cleaner.phases.forms import Forms
from cleaner.phases.layout import Layout
from cleaner.types import Keep

_CUT, _WITNESS = 1, 2
"""States of a word, beside free."""

DECISION = "decision"
"""The rule by which a variant goes that somebody has marked so."""

Range = tuple[int, int]


class Chosen(NamedTuple):
    piece: Piece
    block: int
    """Counted from 1; the pieces of one block share it."""
    size: int
    """Pieces in the block."""
    rule: str
    """As in ``Cut``."""


def resolve(
    forms: Forms,
    cuts: Sequence[Cut],
    kept: Iterable[tuple[int, int]],
    keep: Keep,
    then: Callable[[Sequence[Chosen]], Sequence[Cut]] | None = None,
) -> list[Chosen]:
    """Greedy: copies that follow at once first, the shortest of them; then equal ones, the longest, the outermost.

    ``kept`` are word ranges that earlier passes need as witnesses. What is a witness may still go
    where its own witness has the very same words: that one then stands for all that relied on it.
    So of a line that stands a thousand times one is left. It may also go where somebody decided so;
    then what relied on it goes by that decision, too.

    then  from what is chosen to more cuts, which are made in their order as far as they still can
    """
    order = sorted((cut for cut in cuts if not cut.refused), key=lambda cut: _rank(forms.layout, cut, keep))
    resolution = _Resolution(forms, kept)
    resolution.take(order)
    if then is not None:
        resolution.take(then(resolution.chosen))
    return sorted(resolution.chosen, key=lambda c: c.piece.start)


def _rank(layout: Layout, cut: Cut, keep: Keep) -> tuple[bool, bool, bool, int, int, int]:
    """Of equal copies all have the first as their witness, or the last, which is the one that stays."""
    start, witness = cut.pieces[0].start, cut.pieces[0].witness
    place = (witness, start) if keep == "first" else (-witness, -start)
    # A witness of several paragraphs holds them together: what each of them repeats goes first.
    spread = any(layout.paragraph_of(p.witness) != layout.paragraph_of(p.witness_end - 1) for p in cut.pieces)
    # Of copies that follow at once the shortest: as the witness of a longer one it would have to stay as often.
    weight = cut.weight if cut.rounds else -cut.weight
    return (not cut.rounds, spread, cut.richer, weight, *place)


class _Resolution:
    def __init__(self, forms: Forms, kept: Iterable[Range]) -> None:
        self.forms = forms
        self.state = bytearray(forms.layout.first[-1])
        self.chosen: list[Chosen] = []
        self.relying: dict[Range, list[int]] = {}
        """Chosen cuts by the range of their witness."""
        self.block = 0
        for start, end in kept:
            self._stand((start, end), [])

    def take(self, cuts: Sequence[Cut]) -> None:
        for cut in cuts:
            pieces = [piece for piece in cut.pieces if self._free(piece, cut.rule)]
            if cut.together and len(pieces) < len(cut.pieces):
                continue
            if any(piece.alone for piece in pieces):
                self.block += 1
                for piece in pieces:
                    self._take(Chosen(piece, self.block, len(pieces), cut.rule))

    def _free(self, piece: Piece, rule: str) -> bool:
        if piece.witness < piece.end and piece.start < piece.witness_end:
            return False  # it would go with its own witness
        own = self.state[piece.start : piece.end]
        if _CUT in own or _CUT in self.state[piece.witness : piece.witness_end]:
            return False
        if _WITNESS not in own:
            return True
        across = [words for words in self._overlapping(piece) if not _is_inside(words, piece)]
        if rule == DECISION:
            # Of what earlier passes need it may take a part; what this one needs waits for the next.
            return not any(self.relying[words] for words in across)
        return not across and self._same_words(piece)

    def _overlapping(self, piece: Piece) -> list[Range]:
        """Ranges of witnesses that the piece meets."""
        return [r for r in self.relying if r[0] < piece.end and piece.start < r[1]]

    def _same_words(self, piece: Piece) -> bool:
        here, there = (piece.start, piece.end), (piece.witness, piece.witness_end)
        return self.forms.words(*here) == self.forms.words(*there)

    def _take(self, new: Chosen) -> None:
        piece = new.piece
        held = _WITNESS in self.state[piece.start : piece.end]
        moved = [words for words in self._overlapping(piece) if _is_inside(words, piece)] if held else []
        self.state[piece.start : piece.end] = bytes([_CUT]) * (piece.end - piece.start)
        for words in moved:
            there = moved_to(new, words)
            relying = self.relying.pop(words)
            for i in relying:
                known = self.chosen[i]
                own = known.piece._replace(witness=there[0], witness_end=there[1])
                self.chosen[i] = known._replace(piece=own, rule=new.rule or known.rule)
            self._stand(there, relying)
        self._stand((piece.witness, piece.witness_end), [len(self.chosen)])
        self.chosen.append(new)

    def _stand(self, witness: Range, relying: list[int]) -> None:
        start, end = witness
        self.relying.setdefault(witness, []).extend(relying)
        self.state[start:end] = bytes([_WITNESS]) * (end - start)


def _is_inside(words: Range, piece: Piece) -> bool:
    return piece.start <= words[0] and words[1] <= piece.end


def moved_to(chosen: Chosen, words: Range) -> Range:
    """Where the words of a witness inside a chosen piece stand when that is gone: by a decision its whole witness."""
    piece = chosen.piece
    if chosen.rule == DECISION:
        return piece.witness, piece.witness_end
    shift = piece.witness - piece.start
    return words[0] + shift, words[1] + shift
