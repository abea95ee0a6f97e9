"""A sample of the inputs: a share of the articles of each, the same ones in every run, and what was found in them.

What is chosen is decided by a hash of running numbers: of the files of a folder that are one article
each, of the records of all other files. The others are passed over; only the end of a large file is
not read at all.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from hashlib import blake2b
from time import perf_counter

from cleaner.errors import SettingsError
from cleaner.formats.compression import Compression, compressed
from cleaner.formats.files import RECORDS, Source
from cleaner.formats.gauge import Gauge, size_of
from cleaner.formats.reading import BATCH
from cleaner.formats.steps import Article, Articles, Aside, Records, Step, Stretch
from cleaner.formats.thinning import LEAST, Chooser, Part, hash_of
from cleaner.formats.work import Found, Problem

REACH, PACKED_REACH = 4 << 30, 64 << 20
"""Bytes of a file, plain or compressed, out of which the sample is taken where the share itself is not more: what
lies behind them is not read, so that a sample takes seconds for each file. Plain ones are read at 1 GB/s."""
MOST_FOLDERS = 20
"""Folders in a folder that are looked at each by itself."""
_PACKED = 8 << 20
"""Bytes that are packed (and those that go into digests) to see how fast that goes."""

Read = Callable[[Sequence[Source]], Iterator[Step]]


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
        self.seconds, self.failed, self.workers, self.scratch = 0.0, 0, 1, 0
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
            yield from read(held)
            held = []
            yield from self._of_file(source, self._part(source), read, gauge)
        yield from read(held)

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
            ranked = sorted(range(len(files)), key=hash_of)
            some = {files[n].name for n in ranked[: max(min(LEAST, len(files)), math.ceil(self.share * len(files)))]}
            sizes = {source.name: size_of(source) for source in files}
            part = self._part(files[0])
            part.articles, part.read = len(files), sum(sizes[name] or 0 for name in some)
            part.size = None if None in sizes.values() else sum(size or 0 for size in sizes.values())
            chosen |= some
        return chosen

    def _of_file(self, source: Source, part: Part, read: Read, gauge: Gauge) -> Iterator[Step]:
        """The sample of a file with many articles."""
        begin, before = gauge.read, 0
        chooser = Chooser(part, self.share, _reach(part.size, source, self.share), self.text_field)
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
        """Writing is no part of a sample, but for digests and packing, which may take most of the time of a run."""
        size, seconds = self.packed.get(compression, (0, 0.0))
        if size < _PACKED:
            began = perf_counter()
            for _ in ("before", "after"):
                blake2b(data, digest_size=16).digest()
            if compression:
                compressed(data, compression)
            self.packed[compression] = size + len(data), seconds + perf_counter() - began


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
