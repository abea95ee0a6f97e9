"""A sample of the inputs: a share of the articles of each, the same ones in every run, and what was found in them.

What is chosen is decided by a hash of running numbers: of the files of a folder that are one article
each, of the records of all other files. The others are passed over; only the end of a large file is
not read at all.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from time import perf_counter

from cleaner.errors import SettingsError
from cleaner.formats.compression import Compression, compressed
from cleaner.formats.files import AS_JSONL, RECORDS, Source
from cleaner.formats.gauge import Gauge, size_of
from cleaner.formats.reading import BATCH
from cleaner.formats.steps import Article, Articles, Aside, Records, Step, Stretch
from cleaner.formats.tally import Tally
from cleaner.formats.work import Found, Problem

LEAST = 100
"""Articles that are looked at of each input, if it has so many; fewer say nothing."""
REACH, PACKED_REACH = 4 << 30, 64 << 20
"""Bytes of a file, plain or compressed, out of which the sample is taken where the share itself is not more: what
lies behind them is not read, so that a sample takes seconds for each file. Plain ones are read at 1 GB/s."""
MOST_FOLDERS = 20
"""Folders in a folder that are looked at each by itself."""
_PACKED = 8 << 20
"""Bytes that are packed to see how fast that goes."""

Read = Callable[[Sequence[Source]], Iterator[Step]]


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
        return None if self.size is None else self.articles * self._scale

    @property
    def _scale(self) -> float:
        return 1.0 if self.folder or not self.read else (self.size or 0) / self.read


class Sampling:
    """Chooses and counts. ``share`` is that of the articles, in (0, 1]; ``inputs`` are those of the command.

    seconds  that choosing took
    failed   files in which a fault of ours was met, or that could not be read
    workers  of the run; ``scratch``: bytes that scope corpus has kept of the sample
    packed   bytes and seconds of what was packed to see how fast that goes, by compression
    """

    def __init__(self, share: float, inputs: Sequence[str], text_field: str = "text") -> None:
        if not 0 < share <= 1:
            raise SettingsError(f"sample is {share:g}; give a share above 0, like 0.1% or 0.1")
        self.share, self.text_field = share, text_field
        self.folders = [given for given in inputs if os.path.isdir(given)]
        self.parts: list[Part] = []
        self.seconds, self.failed, self.steps, self.workers, self.scratch = 0.0, 0, 0, 1, 0
        self.packed: dict[Compression, tuple[int, float]] = {}
        self._by_name: dict[str, Part] = {}
        self._files: dict[str, list[Source]] = {}

    def read(self, sources: Sequence[Source], read: Read, gauge: Gauge) -> Iterator[Step]:
        """The steps of the sample; ``read`` gives all steps of some sources, and ``gauge`` follows it."""
        self._part_up(sources)
        chosen = self._chosen_files()
        held: list[Source] = []
        for source in sources:
            if _is_one_article(source):
                if source.name in chosen:
                    held.append(source)
                else:
                    gauge.passed(source)
                continue
            yield from self._counted(read(held))
            held = []
            yield from self._counted(self._of_file(source, self._part(source), read, gauge))
        yield from self._counted(read(held))

    def take(self, step: Step, found: Sequence[Found]) -> list[Problem]:
        """Count what was found in a step; returns what is to be told of it.

        Of each reason it is the first problem of an input, and without its line: lines are not counted here.
        """
        if isinstance(step, Stretch):
            return list(step.problems)
        if isinstance(step, Aside):
            self._part(step.source).tally.skipped[step.problem.reason] += 1
            self.failed += not step.copied
            return [step.problem]
        problems = []
        files: Sequence[Article | Records] = step.items if isinstance(step, Articles) else [step]
        for item, each in zip(files, found, strict=True):
            part = self._part(item.source)
            part.looked_at += len(item.data) if part.folder else 0
            problems += self._count(part, item.source, each)
            self._pack(item.compression, item.data)
        return problems

    # --- choosing -------------------------------------------------------------------------------

    def _part_up(self, sources: Sequence[Source]) -> None:
        """A part for each folder and each other file, in reading order."""
        folders = self._folders([source for source in sources if _is_one_article(source)])
        of_file = {source.name: folder for folder, files in folders.items() for source in files}
        for source in sources:
            if source.name in self._by_name:
                continue
            folder = of_file.get(source.name)
            if folder is None:
                part, files = Part(source.shown, files=1, size=size_of(source)), [source]
            else:
                files = folders[folder]
                part = Part(folder if len(files) > 1 else source.shown, folder=True, files=len(files))
                self._files[folder] = files
            self.parts.append(part)
            self._by_name |= {each.name: part for each in files}

    def _chosen_files(self) -> set[str]:
        """The names of the files that are chosen out of the folders."""
        chosen = set()
        for files in self._files.values():
            ranked = sorted(range(len(files)), key=_hash)
            some = {files[n].name for n in ranked[: max(min(LEAST, len(files)), math.ceil(self.share * len(files)))]}
            sizes = {source.name: size_of(source) or 0 for source in files}
            part = self._part(files[0])
            part.articles, part.size, part.read = len(files), sum(sizes.values()), sum(sizes[name] for name in some)
            chosen |= some
        return chosen

    def _of_file(self, source: Source, part: Part, read: Read, gauge: Gauge) -> Iterator[Step]:
        """The sample of a file with many articles."""
        begin, before = gauge.read, 0
        chooser = _Chooser(part, self.share, _reach(part.size, source, self.share), self.text_field)
        steps = read([source])
        for step in steps:
            at = gauge.read - begin
            began = perf_counter()
            some = list(chooser.take(step, at))
            self.seconds += perf_counter() - began
            yield from some
            if before >= chooser.reach and not (isinstance(step, Records) and step.last):
                part.read = before
                break
            before = at  # this is where the next batch ends, which was read before this one came
        else:
            part.read = part.size if part.size is not None else gauge.read - begin
        if isinstance(steps, Generator):
            steps.close()
        yield from chooser.rest()
        gauge.passed(source)

    def _counted(self, steps: Iterator[Step]) -> Iterator[Step]:
        for step in steps:
            self.steps += 1
            yield step

    def _folders(self, sources: Sequence[Source]) -> dict[str, list[Source]]:
        """Sources by the folder that was given, or the one in which a file lies that was given by its name.

        A folder with a few others in it counts as these: they often are what is of a kind.
        """
        given: dict[str, list[Source]] = {}
        for source in sources:
            given.setdefault(_under(source.shown, self.folders) or os.path.dirname(source.shown) or ".", []).append(
                source
            )
        folders: dict[str, list[Source]] = {}
        for folder, files in given.items():
            own: dict[str, list[Source]] = {}
            for source in files:
                first, _, rest = os.path.relpath(source.shown, folder).partition(os.sep)
                own.setdefault(os.path.join(folder, first) if rest else folder, []).append(source)
            folders |= own if len(own) <= MOST_FOLDERS else {folder: files}
        return folders

    # --- counting -------------------------------------------------------------------------------

    def _part(self, source: Source) -> Part:
        return self._by_name[source.member.archive if source.member is not None else source.name]

    def _count(self, part: Part, source: Source, found: Found) -> list[Problem]:
        if found.failed is not None:
            self.failed += 1
            return [found.failed]
        part.tally.add(found.tally)
        told = []
        for problem in found.problems:
            if problem.reason not in part.told:
                part.told.add(problem.reason)
                told.append(replace(problem, file=source.shown, line=None))
        return told

    def _pack(self, compression: Compression, data: bytes) -> None:
        """Writing is no part of a sample, but for packing, which may take most of the time of a run."""
        size, seconds = self.packed.get(compression, (0, 0.0))
        if compression and size < _PACKED:
            began = perf_counter()
            compressed(data, compression)
            self.packed[compression] = size + len(data), seconds + perf_counter() - began


class _Chooser:
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
        chosen = _hash(self.part.articles) < self.rate * 2**64
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


def _is_one_article(source: Source) -> bool:
    """Whether a file is one article as far as its name says; a large one without a telling name is looked into."""
    if source.path is None or source.archive or source.format in RECORDS:
        return False
    return source.format != "auto" or (size_of(source) or BATCH) < BATCH


def _under(path: str, folders: Sequence[str]) -> str | None:
    """The folder below which a path lies, if one of them is."""
    return next((each for each in folders if path.startswith(each.rstrip("/" + os.sep) + os.sep)), None)


def _reach(size: int | None, source: Source, share: float) -> float:
    packed = source.compression or source.archive or source.format == "parquet"
    return max(PACKED_REACH if packed else REACH, share * (size or 0))


def _hash(number: int) -> int:
    """Below 2**64; equal for equal numbers, else as if by chance."""
    return int.from_bytes(blake2b(number.to_bytes(8, "little"), digest_size=8).digest(), "little")
