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
        self._headed: dict[int, bool] = {}
        self._headings: OrderedDict[tuple[int, int], Headings] = OrderedDict()

    def told(self, step: int, paragraph: int) -> Told:
        """A paragraph by its step and its row in the step's table."""
        first, last = self._article(step, paragraph)[1]
        start, end = self.records[step].table.at[paragraph].tolist()
        before = self._beside(step, max(first, start - _WIDE), start).strip()
        behind = self._beside(step, end, min(last, end + _WIDE)).strip()
        text = self.spool.part(step, "texts", start, end).decode("utf-8", "surrogatepass")
        more_before, more_behind = len(before) > BESIDE, len(behind) > BESIDE
        return Told(text, "…" * more_before + before[-BESIDE:], behind[:BESIDE] + "…" * more_behind)

    def has_headings(self, step: int) -> bool:
        """Whether the headings of a step's articles can be told: of pages only the texts are in the spool."""
        if step not in self._headed:
            self._headed[step] = "html" not in self.records[step].formats
        return self._headed[step]

    def heading(self, step: int, paragraph: int) -> str:
        """The heading that a paragraph stands under."""
        article, span = self._article(step, paragraph)
        held = self._headings.pop((step, article), None)
        if held is None:
            held = Headings(self.spool.part(step, "texts", *span).decode("utf-8", "surrogatepass"))
            if len(self._headings) >= HELD:
                self._headings.popitem(last=False)
        self._headings[step, article] = held
        return held.above(int(self.records[step].table.spans[paragraph, 0]))

    def _article(self, step: int, paragraph: int) -> tuple[int, tuple[int, int]]:
        """The article of a paragraph in its step, and its bytes in the step's texts."""
        table = self.records[step].table
        article = int(np.searchsorted(table.first, paragraph, side="right")) - 1
        first, last = table.bytes[article : article + 2].tolist()
        return article, (first, last)

    def _beside(self, step: int, start: int, end: int) -> str:
        """Some bytes as text; a character that is cut at the edge is left out."""
        return self.spool.part(step, "texts", start, end).decode("utf-8", "ignore")
