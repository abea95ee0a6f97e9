"""The biggest repeats of a run by the words they take, however many there are: in bounded memory, as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heappush, heappushpop
from typing import Any, NamedTuple

Row = dict[str, Any]


class Finding(NamedTuple):
    """A repeat: the words that go with it, its place in the order of the run from 0, and its rows."""

    words: int
    number: int
    rows: list[Row]


class _Heap:
    """The ``most`` biggest, the earlier ones of those that are equal."""

    def __init__(self, most: int) -> None:
        self.most, self.count = most, 0
        self._held: list[tuple[int, int, list[Row]]] = []

    @property
    def least(self) -> int:
        """Words that a repeat must have at least to get in."""
        return self._held[0][0] if len(self._held) >= self.most > 0 else 0

    def add(self, words: int, number: int, rows: list[Row]) -> None:
        if len(self._held) < self.most:
            heappush(self._held, (words, -number, rows))
        elif self._held:
            heappushpop(self._held, (words, -number, rows))

    def take(self, other: _Heap) -> None:
        """All that ``other`` has, which is empty afterwards."""
        for words, number, rows in other._held:
            self.add(words, -number, rows)
        self.count += other.count
        other.clear()

    def clear(self) -> None:
        self.count = 0
        self._held = []

    def found(self) -> list[Finding]:
        return [Finding(words, -number, rows) for words, number, rows in self._held]


class Biggest:
    """Takes the rows of removed spans in the order of the run. ``words`` counts those of some rows.

    What is told of a file holds only when it was written: until then it is kept apart, and that of a member
    of an archive until the archive was.
    """

    def __init__(self, most: int, words: Callable[[Iterable[Row]], int]) -> None:
        self._words = words
        self._settled, self._archive, self._file = _Heap(most), _Heap(most), _Heap(most)
        self._at: tuple[str, str] = ("", "")
        self._article: tuple[str, int | None] = ("", None)
        self._rows: dict[int, list[Row]] = {}
        self._number = 0

    def add(self, row: Row) -> None:
        at, article = (str(row.get("archive", row["file"])), str(row["file"])), (row["file"], row["record"])
        if article != self._article:
            self._end_article()
            self._article = article
        if at != self._at:
            self._archive.take(self._file)
            if at[0] != self._at[0]:
                self._settled.take(self._archive)
            self._at = at
        self._rows.setdefault(row["block"], []).append(row)

    def dropped(self, name: str) -> None:
        """Nothing of this file was written, the last one that rows came of; or of the archive that it is in."""
        self._end_article()
        if name in self._at:
            self._file.clear()
        if name == self._at[0]:
            self._archive.clear()

    def end(self) -> list[Finding]:
        """The biggest of all, the biggest first; of equal ones the first one first."""
        self._end_article()
        self._archive.take(self._file)
        self._settled.take(self._archive)
        return sorted(self._settled.found(), key=lambda each: (-each.words, each.number))

    @property
    def count(self) -> int:
        """Repeats so far."""
        return sum(heap.count for heap in (self._settled, self._archive, self._file)) + len(self._rows)

    def _end_article(self) -> None:
        """The spans of one block are one repeat. Words are counted only where they may be enough."""
        least = max(heap.least for heap in (self._settled, self._archive, self._file))
        for rows in self._rows.values():
            # A word has a character at least. To count those of all that a dump loses would take it half as long again.
            words = self._words(rows) if sum(map(_length, rows)) >= least else -1
            if words >= least:
                self._file.add(words, self._number, rows)
            self._file.count += 1
            self._number += 1
        self._rows = {}


def _length(row: Row) -> int:
    return len(row["text"] if "text" in row else row["text_base64"])
