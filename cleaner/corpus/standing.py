"""What stays because it stands alone in an article of its own: the rule, with what it needs from the spool."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cleaner.corpus.paragraphs import Paragraphs
from cleaner.decisions import key_of
from cleaner.phases.corpus.links import Link
from cleaner.phases.corpus.lone import Pair, Standing, lone
from cleaner.phases.removable import LONE
from cleaner.phases.resolve import DECISION

_HELD = 64
"""Articles, and steps, of which it is held what is counted."""


class Standings:
    """Judges the links of articles, when all links are known."""

    def __init__(self, paragraphs: Paragraphs) -> None:
        self.paragraphs, self.spool, self.records = paragraphs, paragraphs.spool, paragraphs.records
        self._standings: OrderedDict[tuple[int, int], Standing] = OrderedDict()
        self._linked: OrderedDict[int, NDArray[np.bool_]] = OrderedDict()

    def judged(self, step: int, article: int, links: Sequence[Link]) -> list[Link]:
        """The links of an article of a step, one a paragraph: those that stay are variants now.

        What somebody decided, boilerplate, and level ``similar`` are not judged.
        """
        settings = self.paragraphs.settings
        if settings.lone == "remove" or settings.level == "similar":
            return list(links)
        asked = {
            self.paragraphs.paragraph(link.here)[1]: link
            for link in links
            if link.relation == "copy" and link.rule != DECISION and not link.boilerplate
        }
        if not asked:
            return list(links)
        first = int(self.records[step].table.first[article])
        pairs, others = [], dict[object, Standing]()
        for here, link in asked.items():
            if link.place is not None:
                pairs.append(Pair(here - first, (link.place.file, link.place.record, link.place.id), -1))
                continue
            there, paragraph = self.paragraphs.paragraph(link.witness)
            number = self.paragraphs.article(link.witness)
            local = number - self.paragraphs.articles_before[there]
            others[number] = self._standing(there, local)
            pairs.append(Pair(here - first, number, paragraph - int(self.records[there].table.first[local])))

        def text(place: int) -> str:
            start, end = self.records[step].table.at[first + place].tolist()
            return self.spool.part(step, "texts", start, end).decode("utf-8", "surrogatepass")

        held = lone(pairs, self._standing(step, article), others, text)
        stay = {asked[first + place].here: text(place) for place in held}
        return [self._held(link, stay[link.here]) if link.here in stay else link for link in links]

    def _held(self, link: Link, text: str) -> Link:
        """The link of a paragraph that stays, unless somebody decided that it may go."""
        removed = self.paragraphs.settings.decisions.removed
        if removed and ((key := key_of(text)), link.witness_key or key) in removed:
            return link._replace(rule=DECISION)
        return link._replace(relation="variant", rule=LONE)

    def _standing(self, step: int, article: int) -> Standing:
        known = self._standings.pop((step, article), None)
        if known is None:
            table = self.records[step].table
            first, after = table.first[article : article + 2].tolist()
            rows = slice(*np.searchsorted(table.able, [first, after]).tolist())
            able = (table.able[rows] - first).tolist()
            linked = self._linked_of(step)[rows]
            worded = table.weights[first:after] > 0
            keys = table.keys[first:after].tolist()
            known = Standing(
                {p: keys[p] for p in np.flatnonzero(worded).tolist()},
                dict.fromkeys(able),
                {p for p, gone in zip(able, linked.tolist(), strict=True) if gone},
            )
            if len(self._standings) >= _HELD:
                self._standings.popitem(last=False)
        self._standings[step, article] = known
        return known

    def _linked_of(self, step: int) -> NDArray[np.bool_]:
        """Of the rows of a step those that go for another article's."""
        known = self._linked.pop(step, None)
        if known is None:
            count = self.paragraphs.steps[step].able
            packed = np.frombuffer(self.spool.read(step, "linked") if count else b"", dtype=np.uint8)
            known = np.unpackbits(packed, count=count).astype(bool)
            if len(self._linked) >= _HELD:
                self._linked.popitem(last=False)
        self._linked[step] = known
        return known
