"""From results to files: an output, its rows and its facts are published together or not at all."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from cleaner.formats.compression import PIECE, Compression
from cleaner.formats.files import Source
from cleaner.formats.reading import open_source
from cleaner.formats.removal_log import Entry, LogWriter
from cleaner.formats.rows import shift
from cleaner.formats.steps import Articles, Aside, Records, Step
from cleaner.formats.tally import Tally
from cleaner.formats.work import Events, Found, Problem, Work, changed
from cleaner.formats.writing import Output, OutputError, Outputs

# Problems of one kind in one file that are told one by one; the rest are told by their number.
TOLD = 20


class Stop(Exception):
    """Ends a run early; the problem that caused it has been told."""


@dataclass(slots=True)
class _Making:
    """A file in the making: its output, and where its log, lines and records stand."""

    source: Source
    format: str
    compression: Compression
    output: Output
    mark: dict[str, int]
    run: int
    tally: Tally = field(default_factory=Tally)
    told: Counter[str] = field(default_factory=Counter)
    before: blake2b = field(default_factory=lambda: blake2b(digest_size=16))
    after: blake2b | None = None  # from the first change on
    lines: int = 0
    records: int = 0
    removals: int = 0
    last: Found = field(default_factory=Found)

    def add(self, data: bytes, pieces: Sequence[bytes], found: Found) -> None:
        """Take the next bytes into the digests, and what was found into the numbers."""
        if found.changes and self.after is None:
            self.after = self.before.copy()
        self.before.update(data)
        for piece in pieces if self.after is not None else ():
            self.after.update(piece)  # type: ignore[union-attr]
        self.lines += found.lines
        self.records += found.records
        self.removals += len(found.removals)
        self.tally.add(found.tally)
        self.last = found

    def entry(self, work: Work, path: str | None) -> Entry:
        records, before = self.format == "jsonl", self.before.hexdigest()
        return Entry(
            file=self.source.name,
            format=self.format,
            compression=self.compression,
            encoding=self.last.encoding,
            bom=self.last.bom.hex(),
            confidence=round(self.last.confidence, 3),
            text_field=work.text_field if records else None,
            id_field=work.id_field if records else None,
            digest_in=before,
            digest_out=self.after.hexdigest() if self.after is not None else before,
            removals=self.removals,
            path=path,
            run=self.run,
        )


class Publisher:
    """Takes the results of steps in order; ``files`` were written, ``failed`` were not."""

    def __init__(self, outputs: Outputs, log: LogWriter | None, work: Work, events: Events, *, strict: bool) -> None:
        self.outputs, self.log, self.work, self.events, self.strict = outputs, log, work, events, strict
        self.tally, self.files, self.failed, self.seconds = Tally(), 0, 0, 0.0
        self.problems: list[Problem] = []
        self._making: _Making | None = None

    def take(self, step: Step, results: Sequence[Found]) -> None:
        """Write what was found in ``step``. Raises Stop."""
        self.seconds += sum(found.seconds for found in results)
        if isinstance(step, Articles):
            for item, found in zip(step.items, results, strict=True):
                self._begin(item.source, item.text_format, item.compression)
                self._add(item.data, found)
                self._finish()
        elif isinstance(step, Records):
            if step.first:
                self._begin(step.source, "jsonl", step.compression)
            self._add(step.data, results[0])
            if step.last:
                self._finish()
        elif step.copied:
            self._copy(step)
        else:
            self._fail(step.problem)

    def drop(self) -> None:
        """Leave nothing of the file in the making, nor of what is held."""
        self._drop()
        self.outputs.discard()

    def tell(self, problem: Problem) -> None:
        """Tell and keep a problem; under ``strict`` it is the last one."""
        self.problems.append(problem)
        self.events.problem(problem)
        if self.strict:
            raise Stop

    def _begin(self, source: Source, format: str, compression: Compression) -> None:
        mark = self.log.mark() if self.log is not None else {}
        try:
            output = self.outputs.begin(source, compression, large=format == "jsonl")
        except OutputError as error:
            self._fail_writing(error)
            return
        self._making = _Making(source, format, compression, output, mark, self._run(source))

    def _add(self, data: bytes, found: Found) -> None:
        making = self._making
        if making is None:  # failed before; what follows of it is not written either
            return
        if found.failed is not None:
            self._fail(found.failed)
            return
        self._tell_all(making, found.problems)
        if making.format == "jsonl":
            shift([*found.removals, *found.variants], making.lines, making.records)
        for row in [*found.removals, *found.variants] if making.run > 1 else ():
            row["run"] = making.run
        pieces = changed(data, found.changes)
        making.add(data, pieces, found)
        try:
            making.output.write(pieces)
            if self.log is not None:
                self.log.add(found.removals, found.variants)
        except OutputError as error:
            self._fail_writing(error)
            return
        self.events.rows(found.removals, found.variants)

    def _finish(self) -> None:
        """All of the file is there: first its log goes to the disk, then it gets its name."""
        making = self._making
        if making is None:
            return
        try:
            making.output.close()
            if self.outputs.mode == "in place" and making.after is None:
                making.output.discard()
            else:
                if self.log is not None:
                    self.log.entry(making.entry(self.work, self._path(making.source)))
                self.outputs.finish(making.output)
        except OutputError as error:
            self._fail_writing(error)
            return
        self._making = None
        self.files += 1
        self.tally.add(making.tally)
        self._tell_rest(making)

    def _copy(self, step: Aside) -> None:
        self.tell(step.problem)
        self.tally.skipped[step.problem.reason] += 1
        if step.source.path is None or self.outputs.mode in ("stdout", "in place"):
            return
        self._begin(step.source, "copied", "")
        try:
            with open(step.source.path, "rb") as stream:
                while piece := stream.read(PIECE):
                    self._add(piece, Found())
        except OSError as error:
            fix = "leave it out, or make it readable"
            self._fail(Problem(step.source.shown, None, "unreadable", f"cannot be read ({error.strerror})", fix))
        self._finish()

    def _tell_all(self, making: _Making, problems: Iterable[Problem]) -> None:
        for problem in problems:
            making.told[problem.reason] += 1
            if making.told[problem.reason] <= TOLD:
                line = None if problem.line is None else problem.line + making.lines
                self.tell(replace(problem, file=making.source.shown, line=line))

    def _tell_rest(self, making: _Making) -> None:
        for reason, number in making.told.items():
            if number > TOLD:
                self.events.note(f"{making.source.shown}: {reason}: {number - TOLD} more, counted in the report")

    def _fail(self, problem: Problem) -> None:
        self.failed += 1
        self._drop()
        self.tell(problem)

    def _fail_writing(self, error: OutputError) -> None:
        self._fail(Problem(error.path, None, "unwritable", error.detail, error.fix))
        if error.hopeless:
            raise Stop

    def _drop(self) -> None:
        making, self._making = self._making, None
        if making is not None and not making.output.published:
            making.output.discard()
            if self.log is not None:
                self.log.rollback(making.mark)
            if self.outputs.mode in ("out", "in place"):
                self.events.dropped(making.source.name)

    def _run(self, source: Source) -> int:
        """Number of the in-place run over a file, 1 where its bytes are not what the last run left."""
        if self.outputs.mode != "in place" or self.log is None or source.name not in self.log.earlier:
            return 1
        whole = blake2b(digest_size=16)
        for piece in open_source(source).pieces:
            whole.update(piece)
        return self.log.run_of(source.name, whole.hexdigest())

    def _path(self, source: Source) -> str | None:
        """Where a file cleaned in place lies, seen from the folder above the log."""
        if self.outputs.mode != "in place" or self.log is None or source.path is None:
            return None
        return os.path.relpath(os.path.realpath(source.path), os.path.realpath(self.log.folder.parent))
