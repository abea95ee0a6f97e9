"""onion's measure (Pomikalek 2011): of each paragraph the share of its word 5-grams that stood somewhere before.

Before is in reading order, in the same article and paragraph as well. The n-grams of each step lie in the spool
by ranges of their hashes, in each in the order of the text, so that a worker reads only what it needs. A range is
never parted, so that any number of ranges gives what the whole would. Two n-grams with one hash of 64 bits are
taken for the same: among 10**9 different ones there is such a pair in one corpus of 37.

The program of that name seems to do more (read in a derivative of its source): it counts the words that such
n-grams cover, n-grams reach from one paragraph into the next, and those of duplicates are not remembered. Here a
paragraph has its own n-grams alone, so that its share does not depend on what stands in front of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import accumulate, groupby, pairwise
from typing import NamedTuple

import numpy as np

from cleaner.corpus.order import ranks_of_articles
from cleaner.corpus.paragraphs import Paragraphs
from cleaner.corpus.scan import Record
from cleaner.engines.pool import Pool
from cleaner.errors import InternalError
from cleaner.formats.spool import ALL, Spool
from cleaner.formats.work import Share
from cleaner.kernels.decode import I64, U8, U64, words_kernel
from cleaner.kernels.decode import spans as encoded
from cleaner.kernels.ngrams import BUCKETS, I32, Seen, ngrams, parted
from cleaner.kernels.paragraphs import read_batch
from cleaner.phases.corpus.table import hash_of
from cleaner.phases.layout import SPLITTERS
from cleaner.text.markup import blank

EACH = {False: 16, True: 32}
"""Bytes that an n-gram takes while its range is worked off; the second where articles are read by fields."""
CACHED, READS = 1 << 17, 256
"""N-grams whose table stays in the cache of a core: as many ranges are quicker, up to so many reads a step."""
_MARKS, _PLACES, _RANKS = "marks", "mark-places", "ranks"


class Grams(NamedTuple):
    """The n-grams of n texts.

    first   int64[n + 1], of which text k has the paragraphs from first[k] to first[k + 1]
    spans   int32[paragraphs, 2], characters of their text, half-open
    hashes  uint64[grams], in order; owners int32[grams], the paragraph of each
    """

    first: I64
    spans: I32
    hashes: U64
    owners: I32


class Measured(NamedTuple):
    """What the last pass needs of a step: ``Grams``' first and spans, and int64[paragraphs] n-grams of each."""

    first: I64
    spans: I32
    sizes: I64


def grams_of(texts: Sequence[str], text_format: str = "plain") -> Grams:
    """The n-grams of texts; in another format than plain text all its paragraphs have them, code and tables too."""
    if text_format != "plain":
        return _grams_of_others(texts, text_format)
    batch = read_batch(*encoded([blank(text) for text in texts]))
    return Grams(batch.paragraphs, batch.spans, *ngrams(batch.keys, batch.first))


def _grams_of_others(texts: Sequence[str], text_format: str) -> Grams:
    split = [_split(text, text_format) for text in texts]
    contents = [shown[a:b] for shown, spans in split for a, b in spans]
    keys, _, _, _, offsets = words_kernel(*encoded(contents))
    empty = offsets[1:] == offsets[:-1]  # a paragraph without words is one for its whole text
    instead = np.array([hash_of(contents[p]) for p in np.flatnonzero(empty).tolist()], dtype=np.uint64)
    keys = np.insert(keys, offsets[:-1][empty], instead)
    first = np.array([0, *accumulate(len(spans) for _, spans in split)], dtype=np.int64)
    spans = np.array([span for _, spans in split for span in spans], dtype=np.int32).reshape(-1, 2)
    return Grams(first, spans, *ngrams(keys, offsets + np.append(0, np.cumsum(empty))))


def _split(text: str, text_format: str) -> tuple[str, Sequence[tuple[int, int]]]:
    if text_format == "html":
        from cleaner.text.html_page import read_page

        page = read_page(text)
        return page.text, page.spans
    return blank(text), SPLITTERS[text_format](text)[0]


def alone(texts: Sequence[str], text_format: str) -> list[list[Share]]:
    """The shares of the paragraphs of each text, of what stood before in the text itself."""
    grams = grams_of(texts, text_format)
    edges = np.searchsorted(grams.owners, grams.first)
    marks = np.ones(len(grams.hashes), dtype=np.uint8)
    for start, end in pairwise(edges.tolist()):
        marks[start + np.unique(grams.hashes[start:end], return_index=True)[1]] = 0
    return _shares(_kept(grams), grams.owners, marks)


def _kept(grams: Grams) -> Measured:
    return Measured(grams.first, grams.spans, np.bincount(grams.owners, minlength=len(grams.spans)))


def _shares(kept: Measured, owners: I32, marks: U8) -> list[list[Share]]:
    seen = np.bincount(owners[marks != 0], minlength=len(kept.spans)).tolist()
    rows = [
        [start, end, round(found / size, 4)]
        for (start, end), found, size in zip(kept.spans.tolist(), seen, kept.sizes.tolist(), strict=True)
    ]
    return [rows[a:b] for a, b in pairwise(kept.first.tolist())]


# --- the first pass -----------------------------------------------------------------------------


def put_grams(step: int, spool: Spool) -> None:
    """Put the n-grams of a step that was scanned into the spool."""
    record = spool.load(step, "scan", Record)
    parts = [
        grams_of([text for text, _ in group], text_format)
        for text_format, group in groupby(_texts(record, spool.read(step, "texts")), key=lambda each: each[1])
    ]
    grams = _joined(parts or [grams_of([])])
    hashes, owners, begins = parted(grams.hashes, grams.owners)
    spool.write(step, "grams", begins.tobytes() + hashes.tobytes())
    spool.write(step, "owners", owners.tobytes())
    spool.dump(step, "onion", _kept(grams))


def _texts(record: Record, buf: bytes) -> Iterator[tuple[str, str]]:
    """Articles as they were before anything went from them, with their formats."""
    for k, ((start, end), text_format) in enumerate(
        zip(pairwise(record.table.bytes.tolist()), record.formats, strict=True)
    ):
        original = record.originals.get(k)
        yield buf[start:end].decode("utf-8", "surrogatepass") if original is None else original, text_format


def _joined(parts: Sequence[Grams]) -> Grams:
    if len(parts) == 1:
        return parts[0]
    before = [0, *accumulate(len(part.spans) for part in parts)]
    return Grams(
        np.concatenate([[0], *(part.first[1:] + p for part, p in zip(parts, before, strict=False))]),
        np.concatenate([part.spans for part in parts]),
        np.concatenate([part.hashes for part in parts]),
        np.concatenate([part.owners + np.int32(p) for part, p in zip(parts, before, strict=False)]),
    )


# --- all steps together -------------------------------------------------------------------------


class Onion:
    """Marks the n-grams of all steps that were seen before, then gives the shares of a step's paragraphs.

    Picklable, as ``Paragraphs`` is.
    """

    def __init__(self, paragraphs: Paragraphs) -> None:
        self.paragraphs, self.spool = paragraphs, paragraphs.spool

    def run(self, pool: Pool, memory: int, unwritten: set[int]) -> None:
        """Mark them. Needs what ``Paragraphs.save`` has written.

        memory     bytes that tables may take in all processes together
        unwritten  steps that will not be written: what stands there is not seen
        """
        total = self._put_places(unwritten)
        ordered = self.paragraphs.ordered
        if ordered:
            self.spool.write(ALL, _RANKS, ranks_of_articles(self.paragraphs).tobytes())
        self.spool.room(_MARKS, total)
        parts = ranges(total, memory // (2 * pool.workers) // EACH[ordered])
        edges = [BUCKETS * k // parts for k in range(parts + 1)]
        mark = partial(_mark_in_order if ordered else _mark, self.paragraphs, -(-total // parts))
        for _ in pool.map(mark, pairwise(edges)):
            pass

    def _put_places(self, unwritten: set[int]) -> int:
        """Write where the marks of each step begin, -1 for one that does not count; returns how many there are."""
        total, places = 0, []
        for step in range(len(self.paragraphs.steps)):
            places.append(total if step not in unwritten else -1)
            total += self.spool.size(step, "owners") // 4 if step not in unwritten else 0
        self.spool.dump(ALL, _PLACES, places)
        return total

    def shares(self, step: int) -> Callable[[Sequence[str], str], list[list[Share]]]:
        """What gives the shares of the step's texts, all of them at once."""
        return partial(self._of, step)

    def _of(self, step: int, texts: Sequence[str], text_format: str) -> list[list[Share]]:
        kept = self.spool.load(step, "onion", Measured)
        if len(texts) != len(kept.first) - 1:
            raise InternalError(f"step {step}", f"{len(texts)} texts, but n-grams of {len(kept.first) - 1}")
        owners = np.frombuffer(self.spool.read(step, "owners"), dtype=np.int32)
        marks = np.zeros(len(owners), dtype=np.uint8)
        place = self.spool.load(ALL, _PLACES, list[int])[step]
        if place >= 0:
            with self.spool.marks(_MARKS) as stream:
                stream.seek(place)
                marks = np.frombuffer(stream.read(len(owners)), dtype=np.uint8)
        return _shares(kept, owners, marks)


def ranges(total: int, room: int) -> int:
    """Ranges of hashes into which ``total`` n-grams are parted, of which ``room`` may be held."""
    return min(BUCKETS, max(1, -(-total // max(room, 1)), min(total // CACHED, READS)))


def _mark(paragraphs: Paragraphs, room: int, buckets: tuple[int, int]) -> None:
    """Mark the n-grams of some buckets, about ``room`` of them, in all steps."""
    seen = Seen(room)
    with paragraphs.spool.marks(_MARKS, write=True) as stream:
        for step, place in _places(paragraphs):
            at, hashes = _stretch(paragraphs.spool, step, buckets)
            stream.seek(place + at)
            stream.write(seen.mark(hashes).tobytes())


def _mark_in_order(paragraphs: Paragraphs, room: int, buckets: tuple[int, int]) -> None:
    """The same where articles are read in another order than they come: first the lowest ranks, then the marks."""
    seen = Seen(room, ranked=True)
    ranks = paragraphs.spool.mapped(_RANKS)
    for step, _ in _places(paragraphs):
        at, hashes = _stretch(paragraphs.spool, step, buckets)
        seen.rank(hashes, _ranks(paragraphs, ranks, step, at, len(hashes)))
    with paragraphs.spool.marks(_MARKS, write=True) as stream:
        for step, place in _places(paragraphs):
            at, hashes = _stretch(paragraphs.spool, step, buckets)
            marks = seen.mark_by_rank(hashes, _ranks(paragraphs, ranks, step, at, len(hashes)))
            stream.seek(place + at)
            stream.write(marks.tobytes())


def _places(paragraphs: Paragraphs) -> list[tuple[int, int]]:
    """The steps that count, and where their marks begin."""
    places = paragraphs.spool.load(ALL, _PLACES, list[int])
    return [(step, place) for step, place in enumerate(places) if place >= 0]


def _stretch(spool: Spool, step: int, buckets: tuple[int, int]) -> tuple[int, U64]:
    """The n-grams of some buckets, and the place of the first among all of the step."""
    begins = np.frombuffer(spool.part(step, "grams", 4 * buckets[0], 4 * buckets[1] + 4), dtype=np.uint32)
    start, end, behind = int(begins[0]), int(begins[-1]), 4 * (BUCKETS + 1)
    return start, np.frombuffer(spool.part(step, "grams", behind + 8 * start, behind + 8 * end), dtype=np.uint64)


def _ranks(paragraphs: Paragraphs, ranks: I64, step: int, start: int, size: int) -> I64:
    """The ranks of the articles of a stretch of n-grams."""
    owners = np.frombuffer(paragraphs.spool.part(step, "owners", 4 * start, 4 * (start + size)), dtype=np.int32)
    kept = paragraphs.spool.load(step, "onion", Measured)
    own = ranks[paragraphs.articles_before[step] : paragraphs.articles_before[step + 1]]
    return np.repeat(own, np.diff(kept.first))[owners]
