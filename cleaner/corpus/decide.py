"""The second pass: which paragraph goes for which. What is decided lies in the spool, by step.

Memory is bounded by reading keys and sketches in parts, by ranges of keys: a bucket is never parted, so the
parts give what the whole would. Pairs are kept by ranges of their later paragraph and worked off in reading
order, as the choice of witnesses needs it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.corpus.bands import concatenated, in_part, pairs_of_bands
from cleaner.corpus.earlier import earlier_look, near_earlier
from cleaner.corpus.paragraphs import Paragraphs
from cleaner.engines.pool import Pool
from cleaner.formats.codec import encode
from cleaner.formats.spool import ALL
from cleaner.index import Index
from cleaner.phases.corpus.copies import Boilerplate, links_among
from cleaner.phases.corpus.links import Link, Look
from cleaner.phases.corpus.near import Near, Pick, chosen, explained, similarities
from cleaner.phases.deciding import DECIDED
from cleaner.phases.lsh import DEFAULT_BANDS
from cleaner.phases.resolve import DECISION
from cleaner.settings import Settings

I64: TypeAlias = NDArray[np.int64]

MEMBERS = 2000
"""Paragraphs that travel to a worker together to be compared."""
PAIRS = 20_000
HOTTEST, EXAMPLE = 20, 120
"""Buckets over the cap that are named, and characters of their first paragraph."""
GROUPED = 64
"""Bytes that a paragraph takes while equal keys are looked for: key, number, and both in order, made from parts."""
EACH = 120
"""Bytes that a paragraph takes while its band is worked on: thumbnail, key, order, length, number."""


@dataclass(slots=True)
class Decided:
    """Counts of what was decided, and of what caps left undecided.

    copies, variants  paragraphs that say what another says, and that nearly do; of the first those that stand alone
                      are reported, too (``phases.corpus.lone``)
    pairs             near pairs that were compared
    capped            paragraphs with so many versions that not all were compared
    hot, left_out     buckets over the cap, and the pairs that they did not give; ``hottest`` names the largest by
                      the beginning of their first paragraph, with their size
    """

    copies: int = 0
    variants: int = 0
    pairs: int = 0
    capped: int = 0
    left_out: int = 0
    hot: int = 0
    hottest: dict[str, int] = field(default_factory=dict)
    boilerplate: int = 0


class Group(NamedTuple):
    """Paragraphs with equal keys, ascending, and those of earlier runs."""

    members: list[int]
    earlier: list[tuple[int, Look]]


class Decider:
    """Decides for all paragraphs; ``memory`` in bytes is what its arrays may take in all processes together."""

    def __init__(
        self,
        paragraphs: Paragraphs,
        pool: Pool,
        settings: Settings,
        memory: int,
        boilerplate: Boilerplate | None = None,
        index: Index | None = None,
    ) -> None:
        self.paragraphs, self.pool, self.settings, self.memory = paragraphs, pool, settings, memory
        self.boilerplate, self.index = boilerplate, index
        self.spool = paragraphs.spool
        self.alive = np.ones(paragraphs.total, dtype=bool)
        self.decided = Decided()
        self.relying: defaultdict[int, list[int]] = defaultdict(list)
        self.follows = settings.level == "similar" or bool(settings.decisions.removed)
        """Whether a witness of copies may go itself, so that they follow it."""
        self.waiting: list[Link] = []
        """Variants whose witness may still go by a decision."""
        self.tasks = 0

    def run(self) -> Decided:
        self.spool.remove(("links", "locked", r"pairs\d+"))
        self._copies()
        if self.settings.level != "exact":
            if self.index is not None:
                self._near_earlier(self.index)
            self._near()
        self._keep([link for link in self.waiting if link.rule == DECIDED or self._stays(link)])
        for step in self.paragraphs.filled():
            linked = ~self.alive[self.paragraphs.numbers(step)]
            self.spool.write(step, "linked", np.packbits(linked).tobytes())
        return self.decided

    # --- equal keys -----------------------------------------------------------------------------

    def _copies(self) -> None:
        batches = _batches(self._groups())
        for links, capped in self.pool.map(partial(_links, self.paragraphs, self.boilerplate), batches):
            self._keep_groups(links)
            self.decided.capped += capped

    def _keep_groups(self, links: Sequence[Link]) -> None:
        """Links of groups with equal keys: variants that may go by a decision do so now, others wait."""
        if not self.settings.decisions.removed:
            self._keep(links)
            return
        self._keep([link for link in links if link.relation == "copy"])
        for link in links:
            if link.relation == "copy":
                continue
            if link.rule == DECISION and self._stays(link):
                goes = [link._replace(relation="copy")]
                self._keep(goes)
                self._keep(self._following(goes), again=True)
            else:
                self.waiting.append(link._replace(rule="differs") if link.rule == DECISION else link)

    def _stays(self, link: Link) -> bool:
        """Whether neither a paragraph nor its witness has gone."""
        return bool(self.alive[link.here] and (link.witness < 0 or self.alive[link.witness]))

    def _groups(self) -> Iterator[Group]:
        """Paragraphs with a key that stands in several places, here or in earlier runs, group by group."""
        parts = self._parts(GROUPED)
        for part in range(parts):
            keys, numbers = self._keys(part, parts)
            order = np.argsort(keys, kind="stable")
            ordered = keys[order]
            edges = np.flatnonzero(ordered[1:] != ordered[:-1]) + 1
            starts, ends = np.append(0, edges), np.append(edges, len(ordered))
            numbers = numbers[order]
            earlier = self._earlier(ordered[starts]) if len(ordered) else {}
            several = ends - starts > 1
            if earlier:
                several |= np.isin(ordered[starts], np.array(list(earlier), dtype=np.uint64))
            for k in np.flatnonzero(several).tolist():
                yield Group(sorted(numbers[starts[k] : ends[k]].tolist()), earlier.get(int(ordered[starts[k]]), []))

    def _earlier(self, keys: NDArray[np.uint64]) -> dict[int, list[tuple[int, Look]]]:
        """Paragraphs of earlier runs by their key; their numbers are below 0."""
        found: defaultdict[int, list[tuple[int, Look]]] = defaultdict(list)
        for seen in self.index.with_keys(keys) if self.index is not None and len(keys) else ():
            found[seen.key].append((-seen.id, earlier_look(seen)))
        return found

    def _keys(self, part: int, parts: int) -> tuple[NDArray[np.uint64], I64]:
        found, numbers = [], []
        for step in self.paragraphs.filled():
            keys = self.spool.array(step, "keys", np.uint64)
            taken = in_part(keys, part, parts)
            found.append(keys[taken])
            numbers.append(self.paragraphs.numbers(step)[taken])
        return concatenated(found, np.uint64), concatenated(numbers, np.int64)

    def _parts(self, each: int) -> int:
        """Ranges of keys into which paragraphs of ``each`` bytes are parted."""
        share = self.memory // (2 * self.pool.workers)
        return max(1, -(-self.paragraphs.total * each // max(share, 1)))

    # --- near sketches --------------------------------------------------------------------------

    def _near(self) -> None:
        ranges = self._collect_pairs()
        for rows in ranges if self.settings.keep == "first" else reversed(ranges):
            self._choose(rows)

    def _collect_pairs(self) -> list[int]:
        """Put the pairs of all bands into the spool, by range of the paragraph that may go; returns the ranges."""
        parts = self._parts(EACH)
        self.spool.write(ALL, "alive", np.packbits(self.alive).tobytes())
        shares = np.array_split(np.arange(DEFAULT_BANDS.number), min(DEFAULT_BANDS.number, 2 * self.pool.workers))
        tasks = [(share.tolist(), part, parts) for part in range(parts) for share in shares]
        ranges: set[int] = set()
        for seen, left_out, hot in self.pool.map(partial(pairs_of_bands, self.paragraphs), enumerate(tasks)):
            self.decided.left_out += left_out
            self._note_hot(hot)
            ranges.update(seen)
        self.tasks = len(tasks)
        return sorted(ranges)

    def _codes(self, range_: int, task: int) -> I64:
        """The pairs of one range that one task has found, each as one number."""
        kind = f"pairs{task}"
        data = self.spool.read(range_, kind) if self.spool.has(range_, kind) else b""
        return np.frombuffer(data, dtype=np.int64)

    def _note_hot(self, buckets: I64) -> None:
        """Name the largest buckets over the cap by their first paragraph."""
        self.decided.hot += len(buckets)
        for number, size in buckets.tolist():
            text = " ".join(self.paragraphs.content(number).split())[:EXAMPLE]
            self.decided.hottest[text] = max(size, self.decided.hottest.get(text, 0))
        largest = sorted(self.decided.hottest.items(), key=lambda each: (-each[1], each[0]))[:HOTTEST]
        self.decided.hottest = dict(largest)

    def _choose(self, range_: int) -> None:
        codes = np.unique(np.concatenate([self._codes(range_, task) for task in range(self.tasks)]))
        left, right = codes // self.paragraphs.total, codes % self.paragraphs.total
        self.decided.pairs += len(codes)
        chunks = [(left[k : k + PAIRS], right[k : k + PAIRS]) for k in range(0, len(codes), PAIRS)]
        nears = list(self.pool.map(partial(_similarities, self.paragraphs), chunks))
        similar = concatenated([each.similar for each in nears], np.float32)
        decided = concatenated([each.decided for each in nears], np.int8)
        picked = chosen(left, right, Near(similar, decided), self.settings, self.alive)
        some = [picked[k : k + MEMBERS] for k in range(0, len(picked), MEMBERS)]
        for links in self.pool.map(partial(_explained, self.paragraphs), some):
            self._keep(links)
            self._keep(self._following(links), again=True)

    def _following(self, links: Sequence[Link]) -> list[Link]:
        """At level ``similar`` a witness of copies may go itself: they go for its witness then."""
        found = []
        for link in links:
            for here in self.relying.pop(link.here, ()) if link.relation == "copy" else ():
                found.append(link._replace(here=here))
                self.relying[link.witness].append(here)
        return found

    def _near_earlier(self, index: Index) -> None:
        """Pairs with paragraphs of earlier runs. At level ``similar`` these come first, as in reading order."""
        for step in self.paragraphs.filled():
            rows = np.flatnonzero(self.alive[self.paragraphs.numbers(step)])
            if len(rows):
                links = near_earlier(step, rows, self.paragraphs, index)
                self._keep(links)
                self._keep(self._following(links), again=True)

    # --- what is decided ------------------------------------------------------------------------

    def _keep(self, links: Sequence[Link], *, again: bool = False) -> None:
        """Put links into the spool; ``again``: for paragraphs that go already."""
        by_step: defaultdict[int, list[Link]] = defaultdict(list)
        locked: defaultdict[int, list[int]] = defaultdict(list)
        for link in links:
            by_step[self.paragraphs.place(link.here)[0]].append(link)
            if link.relation == "copy":
                self.alive[link.here] = False
                self.decided.boilerplate += link.boilerplate > 0
                if self.follows:
                    self.relying[link.witness].append(link.here)
                if link.witness >= 0:
                    step, paragraph = self.paragraphs.paragraph(link.witness)
                    locked[step].append(paragraph)
        self.decided.copies += 0 if again else sum(link.relation == "copy" for link in links)
        self.decided.variants += sum(link.relation != "copy" for link in links)
        for step, some in by_step.items():
            self.spool.append(step, "links", encode(some))
        for step, numbers in locked.items():
            self.spool.append(step, "locked", np.array(numbers, dtype=np.int64).tobytes())


def _links(paragraphs: Paragraphs, boilerplate: Boilerplate | None, groups: Sequence[Group]) -> tuple[list[Link], int]:
    links, capped = list[Link](), 0
    for group in groups:
        found = links_among(group.members, paragraphs.look, paragraphs.settings, group.earlier, boilerplate)
        links += found.links
        capped += found.capped
    return links, capped


def _similarities(paragraphs: Paragraphs, pairs: tuple[I64, I64]) -> Near:
    return similarities(*pairs, paragraphs.texts, paragraphs.look, paragraphs.settings)


def _explained(paragraphs: Paragraphs, picked: Sequence[Pick]) -> list[Link]:
    return explained(picked, paragraphs.content, paragraphs.settings)


def _batches(groups: Iterable[Group]) -> Iterator[list[Group]]:
    held, size = list[Group](), 0
    for group in groups:
        held.append(group)
        size += len(group.members)
        if size >= MEMBERS:
            yield held
            held, size = [], 0
    if held:
        yield held
