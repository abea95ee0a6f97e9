"""From results to files: an output, its rows and its facts are published together or not at all."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from cleaner.errors import InputError
from cleaner.formats import guard
from cleaner.formats.compression import PIECE, Compression
from cleaner.formats.files import AS_JSONL, JSONL_FIELDS, RECORDS, Source
from cleaner.formats.in_place import InPlace
from cleaner.formats.making import Making, MakingArchive, refused
from cleaner.formats.reading import open_path
from cleaner.formats.removal_log import LogWriter
from cleaner.formats.rows import Row, shift
from cleaner.formats.steps import Article, Articles, Aside, Records, Step, Stretch
from cleaner.formats.tally import Tally
from cleaner.formats.work import TOLD, Events, Found, Problem, Work, changed
from cleaner.formats.writing import OutputError, Outputs

FLAGGED = 1000
"""Articles that lose much of themselves that a report lists; all are counted."""


class Stop(Exception):
    """Ends a run early; the problem that caused it has been told."""


class Publisher:
    """Takes the results of steps in order; ``files`` were written, ``failed`` were not."""

    def __init__(self, outputs: Outputs, log: LogWriter | None, work: Work, events: Events, *, strict: bool) -> None:
        self.outputs, self.log, self.work, self.events, self.strict = outputs, log, work, events, strict
        self.in_place = InPlace(outputs.mode, log, work)
        self.tally, self.files, self.failed, self.seconds = Tally(), 0, 0, 0.0
        self.problems: list[Problem] = []
        self.flagged: list[Row] = []
        self._making: Making | None = None
        self._archive: MakingArchive | None = None

    def take(self, step: Step, results: Sequence[Found]) -> None:
        """Write what was found in ``step``; a fault of ours costs the file at hand. Raises Stop."""
        self.seconds += sum(found.seconds for found in results)
        if isinstance(step, Articles):
            for item, found in zip(step.items, results, strict=True):
                if not self._is_done(item.source):
                    self._guarded(item.source, partial(self._take_article, item, found))
        elif not self._is_done(step.source):
            self._guarded(step.source, partial(self._take, step, results))

    def _guarded(self, source: Source, write: Callable[[], None]) -> None:
        try:
            write()
        except Stop:
            raise
        except Exception as error:
            guard.check(error)
            self._leave_whole(source, guard.problem(source.shown, None, error, "file"))

    def _leave_whole(self, source: Source, problem: Problem) -> None:
        """Nothing of what was made of a file, or of the archive that it is in, is written: it is copied as it is."""
        making, whole = self._making, self._archive.source if self._archive is not None else source
        copied = making is None or making.fields is None  # what comes out as JSONL has no copy
        self._drop()
        if copied:
            self._copy(Aside(whole, problem, copied=True))
        else:
            self._fail(replace(problem, fix="nothing of it was written: please report it"))

    def _take_article(self, item: Article, found: Found) -> None:
        self._begin(item.source, item.text_format, item.compression, placed=self._placed(item.text_format))
        self._add(item.data, found)
        self._finish()

    def _take(self, step: Records | Aside | Stretch, results: Sequence[Found]) -> None:
        if isinstance(step, Records):
            if step.first:
                format = "jsonl" if step.format in AS_JSONL else step.format
                facts, placed = step.reader.facts(self.work), self._placed(step.format)
                self._begin(step.source, format, step.compression, facts, placed=placed)
                if self._making is not None and step.format in AS_JSONL:
                    self._making.fields = JSONL_FIELDS
            self._add(step.data if results[0].data is None else results[0].data, results[0])
            if step.last:
                self._finish()
        elif isinstance(step, Stretch):
            self._stretch(step)
        elif step.source.member is not None:
            self._leave(step)
        elif step.copied:
            self._drop()  # of a file that a fault of ours ended when a part of it was done
            self._copy(step)
        else:
            self._fail(step.problem)

    def go_on(self) -> None:
        """Count what a stopped run has published."""
        for entry in self.log.done.values() if self.log is not None else ():
            self.files += 1
            self.tally.add(Tally.of(entry.counts or Tally().to_dict()))

    def _is_done(self, source: Source) -> bool:
        """Whether a run that is gone on with has published the file."""
        name = source.name if source.member is None else source.member.archive
        return self.log is not None and name in self.log.done

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

    def _placed(self, format: str) -> bool:
        """Whether what the run writes has a place in a file of this format."""
        if self.work.annotate is None:
            return True
        from cleaner.formats.annotating import can_hold

        return can_hold(format, self.work.annotate)

    def _tell_no_place(self, source: Source, format: str) -> None:
        from cleaner.formats.annotating import no_place

        assert self.work.annotate is not None
        self.failed += 1
        self.tell(no_place(source, format, self.work.annotate, self.log.folder if self.log is not None else None))

    def _begin(
        self,
        source: Source,
        format: str,
        compression: Compression,
        dialect: dict[str, Any] | None = None,
        *,
        placed: bool = True,
    ) -> None:
        mark = self.log.mark() if self.log is not None else {}
        try:
            if not placed:
                output = self.outputs.nowhere(source)
            elif source.member is None:
                self.in_place.check_columns(source)
                fields = (self.work.text_field, self.work.id_field) if format == "parquet" else None
                output = self.outputs.begin(source, compression, large=format in RECORDS, parquet=fields)
            elif self._archive is not None:
                output = self._archive.output.begin_member(source.member, compression)
            else:  # the archive failed before
                return
        except OutputError as error:
            self._fail_writing(error)
            return
        except InputError as error:
            self._fail_reading(error)
            return
        run = self.in_place.run_of(source)
        self._making = Making(source, format, compression, output, mark, run, dialect=dialect, placed=placed)

    def _add(self, data: bytes, found: Found) -> None:
        making = self._making
        if making is None:  # failed before; what follows of it is not written either
            return
        if found.failed is not None:
            self._leave_whole(making.source, found.failed)
            return
        self._tell_all(making, found.problems)
        if making.format in RECORDS:
            shift([*found.removals, *found.variants], making.lines, making.records)
            for row in found.flagged:
                row |= {"line": row["line"] + making.lines, "record": row["record"] + making.records}
            for row in found.cases:
                row["record"] += making.records
        rows = [*found.removals, *found.variants, *found.cases]
        for row in rows if making.run > 1 else ():
            row["run"] = making.run
        if (member := making.source.member) is not None:
            for row in rows:
                row["archive"] = member.archive
        pieces = changed(data, found.changes)
        making.add(data, pieces, found)
        try:
            making.output.write(pieces)
            if self.log is not None:
                self.log.add(found.removals, found.variants, found.cases)
        except OutputError as error:
            self._fail_writing(error)
            return
        except InputError as error:
            self._fail_reading(error)
            return
        self.flagged += found.flagged[: max(0, FLAGGED - len(self.flagged))]
        self.events.rows(found.removals, found.variants)

    def _finish(self) -> None:
        """All of the file is there: first its log goes to the disk, then it gets its name."""
        making = self._making
        if making is None:
            return
        archive, making.output.changed = self._archive, making.after is not None
        try:
            making.output.close()
            if archive is not None:
                making.output.publish()
                archive.take(making, self.work)
            elif self.outputs.mode == "in place" and making.after is None:
                making.output.discard()
            else:
                if self.log is not None:
                    self.log.entry(making.entry(self.work, self.in_place.path_of(making.source)))
                self.outputs.finish(making.output)
        except OutputError as error:
            self._fail_writing(error)
            return
        self._making = None
        if not making.placed:
            self._tell_no_place(making.source, making.format)
        if archive is None:
            self.files += making.placed
            self.tally.add(making.tally)
        self._tell_rest(making)

    def _stretch(self, step: Stretch) -> None:
        if step.first:
            self._begin_archive(step)
        if self._archive is None:  # failed before
            return
        try:
            self._archive.output.stretch(step.data)
            if step.last:
                self._finish_archive(self._archive, step)
        except OutputError as error:
            self._fail_writing(error)

    def _begin_archive(self, step: Stretch) -> None:
        source = step.source
        if (problem := refused(source, self.work, self.outputs.mode)) is not None:
            self._fail(problem)
            return
        mark = self.log.mark() if self.log is not None else {}
        try:
            output = self.outputs.begin_archive(source, step.compression)
            self._archive = MakingArchive(source, step.archive, step.compression, output, mark, run=1)
            output.begin(step.archive, source)
        except OutputError as error:
            self._fail_writing(error)

    def _finish_archive(self, archive: MakingArchive, step: Stretch) -> None:
        for problem in step.problems:
            self.tell(problem)
        archive.tally.skipped.update(step.counts)
        archive.end()
        if self.log is not None:
            self.log.entry(archive.entry(self.work, None))
        self.outputs.finish(archive.output)
        self._archive = None
        self.files += 1
        self.tally.add(archive.tally)
        for note in step.notes:
            self.events.note(note)

    def _leave(self, step: Aside) -> None:
        """A member turned out to be unreadable when a part of it was done: it stays as it is."""
        making, self._making = self._making, None
        if making is not None and self._archive is not None:
            self._drop_one(making)
            self._archive.tally.skipped[step.problem.reason] += 1
            self.tell(step.problem)

    def _copy(self, step: Aside) -> None:
        self.tell(step.problem)
        left = self.outputs.mode in ("stdout", "in place") or self.work.annotate == "dolma"
        if step.source.path is None or step.source.once or left:
            self.tally.skipped[step.problem.reason] += 1
            return
        self._begin(step.source, "copied", "")
        if self._making is not None:
            self._making.tally.skipped[step.problem.reason] += 1
        try:
            with contextlib.closing(open_path(step.source.path)) as stream:
                while piece := stream.read(PIECE):
                    self._add(piece, Found())
        except OSError as error:
            fix = "leave it out, or make it readable"
            self._fail(Problem(step.source.shown, None, "unreadable", f"cannot be read ({error.strerror})", fix))
        self._finish()

    def _tell_all(self, making: Making, problems: Iterable[Problem]) -> None:
        for problem in problems:
            making.told[problem.reason] += 1
            if making.told[problem.reason] <= TOLD:
                line = None if problem.line is None else problem.line + making.lines
                self.tell(replace(problem, file=making.source.shown, line=line))

    def _tell_rest(self, making: Making) -> None:
        for reason, number in making.told.items():
            if number > TOLD:
                self.events.note(f"{making.source.shown}: {reason}: {number - TOLD} more, counted in the report")

    def _fail(self, problem: Problem) -> None:
        self.failed += 1
        self._drop()
        self.tell(problem)

    def _fail_reading(self, error: InputError) -> None:
        """What is written beside the texts of a Parquet file could not be read."""
        self._fail(Problem(error.file, error.line, "unreadable", error.problem, error.fix))

    def _fail_writing(self, error: OutputError) -> None:
        self._fail(Problem(error.path, None, "unwritable", error.detail, error.fix))
        if error.hopeless:
            raise Stop

    def _drop(self) -> None:
        making, self._making = self._making, None
        archive, self._archive = self._archive, None
        if making is not None and archive is not None:
            making.output.discard()
        if (whole := archive or making) is not None:
            self._drop_one(whole)

    def _drop_one(self, making: Making) -> None:
        if not making.output.published:
            making.output.discard()
            if self.log is not None:
                self.log.rollback(making.mark)
            if self.outputs.mode in ("out", "in place"):
                self.events.dropped(making.source.name)
