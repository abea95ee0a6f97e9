"""Paragraphs of a corpus by their number, read from the spool."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.corpus.scan import PACKED, ROW, Record, Scanned
from cleaner.formats.spool import ALL, Spool, Where
from cleaner.phases.corpus.links import Look
from cleaner.phases.lsh import DEFAULT_BANDS
from cleaner.settings import Settings
from cleaner.text.lines import plain_kind
from cleaner.text.markup import blank
from cleaner.types import Kind

_INDEX = "steps"
NUMBERS, PLACES = "numbers", "places"


class Paragraphs:
    """Paragraph ``number`` in reading order -> its step, its row, its text.

    ordered  reading order is not the order in which articles were read: see ``order.py``

    Picklable; each process reads for itself, and once. ``save`` first.
    """

    def __init__(self, spool: Spool, steps: Sequence[Scanned], settings: Settings, ordered: bool = False) -> None:
        self.spool, self.steps, self.settings, self.ordered = spool, list(steps), settings, ordered
        self.before = [0, *accumulate(step.able for step in steps)]
        self.articles_before = [0, *accumulate(step.articles for step in steps)]
        self.numbered_from = _numbered_from(steps)
        self.records = Records(spool)
        self._protected = re.compile("|".join(f"(?:{p})" for p in settings.protect)) if settings.protect else None

    def save(self) -> None:
        """Write what other processes need."""
        self.spool.dump(ALL, _INDEX, (self.steps, self.settings, self.ordered))

    def __reduce__(self) -> tuple[Any, ...]:
        return _opened, (self.spool.where,)

    @property
    def total(self) -> int:
        return self.before[-1]

    def filled(self) -> list[int]:
        """The steps that have paragraphs which take part."""
        return [step for step, scanned in enumerate(self.steps) if scanned.able]

    @cached_property
    def _order(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """By place as read the number of a paragraph, and by its number the place: mapped, int64[total] each."""
        return self.spool.mapped(NUMBERS), self.spool.mapped(PLACES)

    def numbers(self, step: int) -> NDArray[np.int64]:
        """The numbers of a step's rows."""
        before, after = self.before[step], self.before[step + 1]
        if not self.ordered:
            return np.arange(before, after, dtype=np.int64)
        return np.array(self._order[0][before:after])

    def place(self, number: int) -> tuple[int, int]:
        """The step of a paragraph, and its row there."""
        at = int(self._order[1][number]) if self.ordered else number
        step = bisect_right(self.before, at) - 1
        return step, at - self.before[step]

    def article(self, number: int) -> int:
        """The number of the paragraph's article in reading order."""
        step, row = self.place(number)
        return self.articles_before[step] + self._row(step, row).article

    def paragraph(self, number: int) -> tuple[int, int]:
        """The step of a paragraph, and its number among all paragraphs there."""
        step, row = self.place(number)
        return step, self._row(step, row).paragraph

    def text(self, number: int) -> bytes:
        """The paragraph in UTF-8."""
        step, at = self.place(number)
        row = self._row(step, at)
        return self.spool.part(step, "texts", row.start, row.end)

    def texts(self, numbers: NDArray[np.int64]) -> list[bytes]:
        """Paragraphs in UTF-8; the rows of each step are read once, in whatever order the numbers come."""
        at = self._order[1][numbers] if self.ordered else numbers
        by_place = np.argsort(at, kind="stable")
        at = at[by_place]
        steps = np.searchsorted(self.before, at, side="right") - 1
        edges = np.flatnonzero(np.diff(steps, prepend=-1, append=-1)).tolist()
        found: list[bytes] = [b""] * len(at)
        for first, after in pairwise(edges):
            step = int(steps[first])
            rows = self.rows(step)[at[first:after] - self.before[step]]
            spans = zip(rows["start"].tolist(), rows["end"].tolist(), strict=True)
            texts = self.spool.parts(step, "texts", spans)
            for place, text in zip(by_place[first:after].tolist(), texts, strict=True):
                found[place] = text
        return found

    def content(self, number: int) -> str:
        return self.text(number).decode("utf-8", "surrogatepass")

    def kind(self, number: int) -> Kind:
        """What a paragraph is in its article; in another format than plain text all that takes part is prose."""
        step, at = self.place(number)
        row = self._row(step, at)
        return self._read(step, row)[1]

    def look(self, number: int) -> Look:
        step, at = self.place(number)
        row = self._row(step, at)
        content, kind = self._read(step, row)
        kept = self.settings.decisions.keeps(content)
        article = self.articles_before[step] + row.article
        return Look(article, content, kind == "prose", self.stays(content), row.by, kept=kept)

    def _read(self, step: int, row: Row) -> tuple[str, Kind]:
        """The text of a paragraph, and its kind, which the paragraph behind it may decide."""
        data = self.spool.part(step, "texts", row.start, max(row.end, row.next_end))
        size = row.end - row.start
        content = data[:size].decode("utf-8", "surrogatepass")
        if row.prose:
            return content, "prose"
        text, spans = content, [(0, len(content))]
        if row.next >= 0:
            gap = data[size : row.next - row.start].decode("utf-8", "surrogatepass")
            text = content + gap + data[row.next - row.start :].decode("utf-8", "surrogatepass")
            spans.append((len(content) + len(gap), len(text)))
        return content, plain_kind(blank(text), spans, 0)

    def stays(self, content: str) -> bool:
        """Whether a setting or a decision keeps a paragraph."""
        protected = self._protected is not None and self._protected.search(content) is not None
        return protected or self.settings.decisions.keeps(content)

    def rows(self, step: int) -> NDArray[Any]:
        """All rows of a step (``scan.ROW``)."""
        return self.spool.array(step, "rows", ROW)

    def band(self, step: int, band: int) -> NDArray[np.uint64]:
        """The keys of a step's rows in one band."""
        able = self.steps[step].able
        return self.spool.array(step, "bands", np.uint64, able * band, able)

    def bands(self, step: int, rows: NDArray[np.int64]) -> NDArray[np.uint64]:
        """The keys of some rows in all bands: uint64[bands, rows]."""
        found = self.spool.array(step, "bands", np.uint64)
        return found.reshape(-1, self.steps[step].able)[:, rows]

    def thumbs(self, step: int) -> NDArray[np.uint8]:
        """The thumbnails of a step's rows: uint8[rows, permutations]."""
        return self.spool.array(step, "thumbs", np.uint8).reshape(-1, DEFAULT_BANDS.permutations)

    def words(self, step: int) -> NDArray[np.int32]:
        """The words of a step's rows."""
        return self.spool.array(step, "words", np.int32)

    def _row(self, step: int, row: int) -> Row:
        # Read each time: the rows of all steps would take a sixth of what the texts do.
        at = row * PACKED.size
        return Row(*PACKED.unpack(self.spool.part(step, "rows", at, at + PACKED.size)))


class Row(NamedTuple):
    """One row of ``scan.ROW``."""

    article: int
    paragraph: int
    start: int
    end: int
    next: int
    next_end: int
    prose: bool
    by: int


def _numbered_from(steps: Sequence[Scanned]) -> list[tuple[int, int]]:
    """For each step the lines and records of its file that stand before it."""
    found, lines, records = [], 0, 0
    for step in steps:
        if step.begins:
            lines = records = 0
        found.append((lines, records))
        lines, records = lines + step.lines, records + step.records
    return found


@lru_cache(maxsize=1)
def _opened(where: Where) -> Paragraphs:
    spool = Spool(where)
    return Paragraphs(spool, *spool.load(ALL, _INDEX, tuple[list[Scanned], Settings, bool]))


class Records:
    """The records of steps, the ones used last held."""

    def __init__(self, spool: Spool, most: int = 48) -> None:
        self.spool, self.most = spool, most
        self._held: OrderedDict[int, Record] = OrderedDict()

    def __getitem__(self, step: int) -> Record:
        record = self._held.get(step)
        if record is None:
            if len(self._held) >= self.most:
                self._held.popitem(last=False)
            record = self._held[step] = self.spool.load(step, "scan", Record)
        else:
            self._held.move_to_end(step)
        return record
