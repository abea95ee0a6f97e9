"""Witnesses in other articles as people read them: their text, what stands beside it, the heading above."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np

from cleaner.corpus.paragraphs import Paragraphs
from cleaner.text.around import BESIDE, Headings
from cleaner.types import Told

HELD = 64
"""Articles whose headings are held: the witnesses of a block lie in one, those of an article in a few."""
_WIDE = 4 * BESIDE
"""Bytes of ``BESIDE`` characters at most."""


class Telling:
    """Reads from the spool of a corpus what a paragraph says, in what is left of its article."""

    def __init__(self, paragraphs: Paragraphs) -> None:
        self.spool, self.records = paragraphs.spool, paragraphs.records
        self._headings: OrderedDict[tuple[int, int], Headings] = OrderedDict()

    def told(self, step: int, paragraph: int) -> Told:
        """A paragraph by its step and its row in the step's table."""
        record = self.records[step]
        table = record.table
        article = int(np.searchsorted(table.first, paragraph, side="right")) - 1
        first, last = table.bytes[article : article + 2].tolist()
        start, end = table.at[paragraph].tolist()
        before = self._beside(step, max(first, start - _WIDE), start).strip()
        behind = self._beside(step, end, min(last, end + _WIDE)).strip()
        heading = None
        if record.formats[article] != "html":
            heading = self._above(step, article, (first, last), int(table.spans[paragraph, 0]))
        text = self.spool.part(step, "texts", start, end).decode("utf-8", "surrogatepass")
        more_before, more_behind = len(before) > BESIDE, len(behind) > BESIDE
        return Told(text, "…" * more_before + before[-BESIDE:], behind[:BESIDE] + "…" * more_behind, heading)

    def _beside(self, step: int, start: int, end: int) -> str:
        """Some bytes as text; a character that is cut at the edge is left out."""
        return self.spool.part(step, "texts", start, end).decode("utf-8", "ignore")

    def _above(self, step: int, article: int, span: tuple[int, int], at: int) -> str:
        held = self._headings.pop((step, article), None)
        if held is None:
            held = Headings(self.spool.part(step, "texts", *span).decode("utf-8", "surrogatepass"))
            if len(self._headings) >= HELD:
                self._headings.popitem(last=False)
        self._headings[step, article] = held
        return held.above(at)
