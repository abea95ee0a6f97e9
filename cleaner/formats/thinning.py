"""One input thinned out to a sample: which of its articles are looked at, and the numbers of what was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from cleaner.formats.compression import Compression
from cleaner.formats.files import AS_JSONL
from cleaner.formats.reading import BATCH
from cleaner.formats.steps import Articles, Aside, Records, Step
from cleaner.formats.tally import Tally

LEAST = 100
"""Articles that are looked at of each input, if it has so many; fewer say nothing."""


@dataclass(slots=True)
class Part:
    """An input: a file, or the files below one folder that are one article each.

    files    in it; ``size`` are their bytes on the disk, None where that is not known
    read     bytes on the disk out of which the sample was taken: those of the files that were chosen, or those
             of the file up to where its reading ended
    articles among which was chosen; ``made`` and ``looked_at``: their bytes (expanded), and those of the chosen
    tally    what was found in the chosen ones
    """

    name: str
    folder: bool = False
    files: int = 0
    size: int | None = 0
    read: int = 0
    articles: int = 0
    made: int = 0
    looked_at: int = 0
    compression: Compression = ""
    tally: Tally = field(default_factory=Tally)
    told: set[str] = field(default_factory=set)

    @property
    def whole(self) -> bool:
        """Whether all of it was read (of a folder: whether its articles are known by number)."""
        return self.folder or self.read == self.size

    @property
    def growth(self) -> float | None:
        """How many times what was looked at the whole is, by bytes; None where that is not known."""
        if self.size is None:
            return None
        if self.folder:
            return self.size / self.read if self.read else 1.0
        return self._scale * self.made / self.looked_at if self.looked_at else 1.0

    @property
    def expanded(self) -> float | None:
        """Bytes of all of it, expanded."""
        growth = self.growth
        return None if growth is None else growth * self.looked_at

    @property
    def all_articles(self) -> float | None:
        """Articles in all of it; exact where it is ``whole``."""
        return self.articles * self._scale if self.folder or self.size is not None else None

    @property
    def _scale(self) -> float:
        return 1.0 if self.folder or not self.read else (self.size or 0) / self.read


class Chooser:
    """Thins out the steps of one file, and joins what is left of them to steps of the usual size."""

    def __init__(self, part: Part, share: float, reach: float, text_field: str) -> None:
        self.part, self.share, self.reach, self.text_field = part, share, reach, text_field
        self.rate = 0.0  # of the articles within reach
        self._number = 0  # of the chosen
        self._template: Records | None = None
        self._held: list[bytes] = []
        self._size = 0

    def take(self, step: Step, at: int) -> Iterator[Step]:
        """What is left of a step; ``at``: bytes of the file that were read by now."""
        if isinstance(step, Records):
            yield from self._records(step, at)
            return
        yield from self.rest()
        if isinstance(step, Articles):
            items = [item for item in step.items if self._member(len(item.data))]
            self.part.looked_at += sum(len(item.data) for item in items)
            if items:
                yield Articles(items)
        elif isinstance(step, Aside) or step.problems:
            yield step

    def rest(self) -> Iterator[Step]:
        """What is held of the steps so far."""
        if self._template is not None:
            data = b"".join(self._held)
            self.part.looked_at += len(data)
            yield self._template._replace(data=data)
        self._template, self._held, self._size = None, [], 0

    def _records(self, step: Records, at: int) -> Iterator[Step]:
        self.part.compression, self.part.made = step.compression, self.part.made + len(step.data)
        if not step.known:
            if step.trouble is not None:
                yield from self.rest()
                yield step._replace(data=b"")
            return
        if self._template is not None and self._template.source.name != step.source.name:
            yield from self.rest()
        pieces = pieces_of(step, self.text_field)
        if not self.rate:
            self.rate = self._rate(sum(record for record, _ in pieces), at, last=step.last)
        self._template = self._template or step
        for record, data in pieces:
            if not record or self._chosen():
                self._held.append(data)
                self._size += len(data)
        if step.trouble is not None:
            self._template = self._template._replace(trouble=step.trouble)
        if self._size >= BATCH or step.trouble is not None:
            yield from self.rest()

    def _rate(self, records: int, at: int, *, last: bool) -> float:
        """The share within reach that gives the share of the whole, and ``LEAST`` articles.

        How many there are is told from the ``records`` of the first batch: ``at`` bytes were read for
        them and, unless it is the last one, for the batch behind it.
        """
        there: float = records
        if self.part.size is not None:
            there *= (1 if last else 2) * min(self.reach, self.part.size) / max(at, 1)
        return min(1.0, max(self._share_within(), LEAST / max(there, 1)))

    def _share_within(self) -> float:
        size = self.part.size
        return self.share if not size else min(1.0, self.share * size / min(self.reach, size))

    def _member(self, size: int) -> bool:
        """Whether a member of an archive is chosen; how many of them there are nobody knows."""
        self.part.made += size
        self.rate = self.rate or self._share_within()
        return self._chosen() or self.part.articles <= LEAST

    def _chosen(self) -> bool:
        self.part.articles += 1
        chosen = hash_of(self.part.articles) < self.rate * 2**64
        self._number += chosen
        if self.part.size is None and self._number == LEAST:  # how many follow nobody knows: from here on the share
            self.rate = self.share
        return chosen


def pieces_of(step: Records, text_field: str) -> list[tuple[bool, bytes]]:
    """The bytes of a step, parted before each record, each with whether it is one; the others must stay.

    Any of the records can be left out, and what is left are records as before.
    """
    if step.format in AS_JSONL:
        from cleaner.formats.parts import unpacked

        return [(part.kind == "record", part.packed) for part in unpacked(step.data)]
    starts = [start for start, _ in step.reader.spans(step.data, text_field, first=step.first)]
    if not starts:
        return [(False, step.data)]
    pieces = [(True, step.data[start:end]) for start, end in zip(starts, [*starts[1:], len(step.data)], strict=True)]
    return [(False, step.data[: starts[0]]), *pieces]


def hash_of(number: int) -> int:
    """Below 2**64; equal for equal numbers, else as if by chance."""
    return int.from_bytes(blake2b(number.to_bytes(8, "little"), digest_size=8).digest(), "little")
