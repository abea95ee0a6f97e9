"""What is left of an article while parts of it go, with its places in the original."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import NamedTuple

from cleaner.errors import InternalError
from cleaner.text.markup import without_breaks
from cleaner.types import Removal, Variant, Witness

_BREAK = re.compile("\n")


class Lines:
    """Numbers of lines in a text. Its breaks are looked for once: counting them anew for each of 5,000 removals
    took two fifths of the time of such an article."""

    def __init__(self, text: str) -> None:
        self._text = text

    def of(self, position: int) -> int:
        """The line, from 1, in which the character at ``position`` stands."""
        return bisect_left(self._breaks, position) + 1

    @cached_property
    def _breaks(self) -> list[int]:
        return [found.start() for found in _BREAK.finditer(self._text)]


class Move(NamedTuple):
    """Where the text of a witness stands that goes itself: span in the text that is left, and its key.

    decided  the removal of that witness where somebody decided it, and not the rules
    """

    start: int
    end: int
    key: str
    decided: Removal | None


def decided_with(removal: Removal, decided: Removal | None) -> Removal:
    """A removal whose witness went by a decision: it goes by that one, too, and the log says so."""
    if decided is None:
        return removal
    why = {name: getattr(decided, name) for name in ("level", "rule", "similarity", "differences")}
    return replace(removal, **why)


class Kept:
    """What is left of a text, and where each of its characters stood in the original."""

    def __init__(
        self, original: str, segments: list[tuple[int, int]] | None = None, lines: Lines | None = None
    ) -> None:
        self.original, self.lines = original, lines or Lines(original)
        self.segments = [(0, len(original))] if segments is None else segments
        self.text = "".join(original[a:b] for a, b in self.segments)
        self.at = [0]
        for a, b in self.segments:
            self.at.append(self.at[-1] + b - a)
        self._starts, self._ends = [a for a, _ in self.segments], [b for _, b in self.segments]

    def without(self, spans: Iterable[tuple[int, int]]) -> Kept:
        """What is left when these spans of ``text`` go too."""
        segments = []
        at = 0
        for start, end in [*sorted(spans), (len(self.text), len(self.text))]:
            segments += self.pieces(at, start)
            at = max(at, end)
        return Kept(self.original, segments, self.lines)

    def pieces(self, start: int, end: int) -> list[tuple[int, int]]:
        """Spans of the original that make up [start, end) of the text."""
        found = []
        i = max(0, bisect_right(self.at, start) - 1)
        while start < end and i < len(self.segments):
            stop = min(end, self.at[i + 1])
            if start < stop:
                shift = self.segments[i][0] - self.at[i]
                found.append((start + shift, stop + shift))
            start, i = stop, i + 1
        return found

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original from the first to the last character of [start, end)."""
        pieces = self.pieces(start, end)
        return pieces[0][0], pieces[-1][1]

    def without_original(self, spans: Iterable[tuple[int, int]]) -> Kept:
        """What is left when these spans of the original go: sorted, apart, none of them gone yet."""
        return self.without(self._now(*span) for span in spans)

    def here(self, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Where spans of the original stand in the text now; what went between their words is stepped over."""
        return [self._now(*span) for span in spans]

    def _now(self, start: int, end: int) -> tuple[int, int]:
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end) - 1
        if first > last:
            raise InternalError("an article", f"all of the witness {start}-{end} has gone")
        a, b = max(start, self._starts[first]), min(end, self._ends[last])
        return a - self._starts[first] + self.at[first], b - self._starts[last] + self.at[last]

    def line(self, position: int) -> int:
        """The line of the original, from 1, in which its character at ``position`` stands."""
        return self.lines.of(position)

    def moved(self, removed: list[Removal], moves: Mapping[tuple[int, int], Move]) -> list[Removal]:
        """Earlier removals, with the witness of a witness where that one goes now (see ``resolve``)."""
        if not moves:
            return removed
        after = {self.span(*old): move for old, move in moves.items()}
        return [self._rely(r, after.get((r.witness.start, r.witness.end))) for r in removed]

    def _rely(self, removal: Removal, move: Move | None) -> Removal:
        if move is None or removal.witness.elsewhere is not None:
            return removal
        start, end = self.span(move.start, move.end)
        witness = replace(removal.witness, start=start, end=end, line=self.line(start), key=move.key)
        return replace(decided_with(removal, move.decided), witness=witness)

    def to_original(self, removal: Removal) -> list[Removal]:
        witness = self.witness(removal.witness)
        pieces = self.pieces(removal.start, removal.end)
        if len(pieces) == 1:
            ends = [self.first_text(removal.start, removal.end)]
        else:
            ends = [without_breaks(self.original, *piece) for piece in pieces]
            ends = [(first, max(first, last - 1)) for first, last in ends]
        return [
            replace(removal, start=a, end=b, witness=witness, line=self.line(first), last_line=self.line(last))
            for (a, b), (first, last) in zip(pieces, ends, strict=True)
        ]

    def first_text(self, start: int, end: int) -> tuple[int, int]:
        """Positions in the original of the first and the last character that is neither white space nor a <br>."""
        first, last = without_breaks(self.text, start, end)
        return self.span(first, max(last, first + 1))[0], self.span(first, max(last, first + 1))[1] - 1

    def witness(self, witness: Witness) -> Witness:
        start, end = self.span(witness.start, witness.end)
        return replace(witness, start=start, end=end, line=self.line(start))

    def variant(self, variant: Variant) -> Variant:
        start, end = self.span(variant.start, variant.end)
        return replace(
            variant,
            start=start,
            end=end,
            line=self.line(start),
            last_line=self.line(end - 1),
            witness=self.witness(variant.witness),
        )
