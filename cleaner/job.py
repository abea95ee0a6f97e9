"""One run from inputs to outputs: read, clean, write, log, count. Says nothing by itself."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import IO

from cleaner.engines import local, memory
from cleaner.errors import SettingsError
from cleaner.formats import removal_log
from cleaner.formats.atomic import write_whole
from cleaner.formats.compression import require
from cleaner.formats.files import LOG_FOLDER, Format, Inputs, Source, find_inputs
from cleaner.formats.publishing import Publisher, Stop
from cleaner.formats.removal_log import LogWriter
from cleaner.formats.steps import Step, perform, steps
from cleaner.formats.work import Clean, Events, Found, Problem, TextFormat, Work
from cleaner.formats.writing import Mode, OutputError, Outputs, named
from cleaner.report.counts import RunResult, report
from cleaner.settings import Settings

SMALL = 1_000_000
"""Inputs of fewer bytes together are cleaned in this process: six small files take 0.25 s instead of 1.1 s."""
PACKED = 4
"""Bytes of text that a byte of a compressed file is taken for."""


@dataclass(frozen=True, slots=True)
class JobOptions:
    """What a run reads and where it writes; what decides verdicts is in ``Settings``.

    inputs       files, folders, ``-`` for standard input
    out          folder for outputs and log; without it one input's text goes to standard output
    format       of all inputs; ``auto``: by name, then by content
    text_format  of the texts in records
    in_place     replace the inputs; the log goes to ``out`` or the current folder
    dry_run      write no output, only the report files below ``out`` (none without it)
    max_removed  share of all words in [0, 1]; where more would go nothing is published
    strict       stop at the first problem
    workers      processes; None: one a core
    """

    inputs: tuple[str, ...]
    out: Path | None = None
    format: Format = "auto"
    text_format: TextFormat = "plain"
    text_field: str = "text"
    id_field: str = "id"
    in_place: bool = False
    dry_run: bool = False
    max_removed: float | None = None
    strict: bool = False
    workers: int | None = None

    def __post_init__(self) -> None:
        if self.max_removed is not None and not 0 <= self.max_removed <= 1:
            raise SettingsError(f"max_removed is {self.max_removed}; give a share from 0 to 1 (0% to 100%)")
        if self.workers is not None and self.workers < 1:
            raise SettingsError(f"workers is {self.workers}; give 1 or more")
        if self.in_place and "-" in self.inputs:
            raise SettingsError("standard input has no place to be cleaned in; leave out --in-place")

    @property
    def mode(self) -> Mode:
        """Where outputs go."""
        if self.dry_run:
            return "dry"
        return "in place" if self.in_place else "out" if self.out is not None else "stdout"

    @property
    def log_folder(self) -> Path | None:
        """Where the log goes, if one is written."""
        if self.out is not None:
            return self.out / LOG_FOLDER
        return Path(LOG_FOLDER) if self.mode == "in place" else None


def run(
    options: JobOptions,
    settings: Settings,
    clean: Clean | None = None,
    *,
    events: Events | None = None,
    stdout: IO[bytes] | None = None,
    warm: Callable[[], object] | None = None,
) -> RunResult:
    """Clean the inputs; what goes wrong with one of them is told through ``events`` and counted.

    ``clean`` is ``cleaner.plan.clean_texts`` unless given; ``stdout`` takes the output where there is
    no folder for it; ``warm`` is called before worker processes are forked. Raises SettingsError
    (before anything is written) and OutputError where the log cannot be written.
    """
    events = events or Events()
    began = perf_counter()
    inputs = _inputs(options)
    for note in inputs.notes:
        events.note(note)
    events.named({source.name: source.shown for source in inputs.sources})
    work = Work(clean or _clean(), settings, options.text_field, options.id_field)
    outputs = Outputs(options.mode, options.out, stdout, hold=options.max_removed is not None)
    log = LogWriter(options.log_folder, dry=options.dry_run) if options.log_folder is not None else None
    publisher = Publisher(outputs, log, work, events, strict=options.strict)
    return _Run(options, settings, inputs, publisher, warm).go(began)


class _Run:
    """The course of one run: all steps, then the end that fits how it went."""

    def __init__(
        self,
        options: JobOptions,
        settings: Settings,
        inputs: Inputs,
        publisher: Publisher,
        warm: Callable[[], object] | None,
    ) -> None:
        self.options, self.settings, self.inputs, self.publisher, self.warm = options, settings, inputs, publisher, warm
        self.notes = list(inputs.notes)
        self.seconds = {"read": 0.0, "clean": 0.0, "write": 0.0}
        self.stopped = self.interrupted = self.over_limit = False

    def go(self, began: float) -> RunResult:
        publisher = self.publisher
        try:
            self._steps()
        except Stop:
            self.stopped = True
        except KeyboardInterrupt:
            self.interrupted = True
        except BaseException:
            publisher.drop()
            with suppress(OutputError):  # the first error is the one to tell
                if publisher.log is not None:
                    publisher.log.finish()
            raise
        self._end()
        self.seconds |= {"clean": publisher.seconds, "total": perf_counter() - began}
        result = self._result()
        try:
            self._report(result)
        except OutputError as error:
            self._could_not(error)
            result = self._result()
        return result

    def _steps(self) -> None:
        for missing in self.inputs.missing:
            self.publisher.failed += 1
            self.publisher.tell(Problem(missing, None, "missing", "no such file or folder", "correct the path"))
        taken: deque[Step] = deque()
        read = self._timed(steps(self.inputs.sources, self.options.text_format, self.inputs.encodings), taken)
        workers = self.options.workers or (1 if _is_small(self.inputs.sources) else _cores())
        results = _map(partial(perform, work=self.publisher.work), read, workers, self.warm)
        try:
            for found in results:
                began = perf_counter()
                self.publisher.take(taken.popleft(), found)
                self.seconds["write"] += perf_counter() - began
        finally:
            if isinstance(results, Generator):
                results.close()

    def _timed(self, read: Iterator[Step], taken: deque[Step]) -> Iterator[Step]:
        """``read``, remembering each step until its result comes, and the time reading takes."""
        while True:
            began = perf_counter()
            step = next(read, None)
            self.seconds["read"] += perf_counter() - began
            if step is None:
                return
            taken.append(step)
            yield step

    def _end(self) -> None:
        """Publish what is whole, drop what is not, and say how to go on."""
        publisher, outputs, log = self.publisher, self.publisher.outputs, self.publisher.log
        limit = self.options.max_removed
        self.over_limit = limit is not None and publisher.tally.share > limit
        refused = self.over_limit or (outputs.hold and (self.stopped or self.interrupted))
        if self.over_limit:
            self._say(
                f"{publisher.tally.share:.1%} of the words would be removed, more than the {limit:.1%} allowed: "
                "nothing was written; look with --dry-run, or allow more with --max-removed"
            )
        if self.stopped or self.interrupted or refused:
            publisher.drop()
        if refused and outputs.mode != "dry":
            publisher.files = 0
            if log is not None:
                log.discard()
        else:
            try:
                outputs.release()
                if log is not None:
                    log.finish()
            except OutputError as error:
                self._could_not(error)
        if self.interrupted:
            self._say_how_to_go_on()

    def _could_not(self, error: OutputError) -> None:
        """The end of a run cannot be written; where the disk was full before, that has been told."""
        if not self.stopped:
            problem = Problem(error.path, None, "unwritable", error.detail, error.fix)
            self.publisher.problems.append(problem)
            self.publisher.events.problem(problem)
        self.stopped = True

    def _say_how_to_go_on(self) -> None:
        done, all_of_them = self.publisher.outputs.published, len(self.inputs.sources)
        said = {
            "stdout": "standard output ends in the middle; run the same command again",
            "dry": "what is reported was found until then; run the same command again for the rest",
        }
        complete = (
            f"{done} of {all_of_them} files are complete, with their log; nothing half-written is left. "
            "To go on, run the same command again: it writes them all anew"
        )
        self._say(f"interrupted: {said.get(self.publisher.outputs.mode, complete)}")

    def _say(self, note: str) -> None:
        self.notes.append(note)
        self.publisher.events.note(note)

    def _result(self) -> RunResult:
        publisher = self.publisher
        return RunResult(
            publisher.tally,
            publisher.files,
            publisher.failed,
            tuple(publisher.problems),
            tuple(self.notes),
            self.seconds,
            self.interrupted,
            self.stopped,
            self.over_limit,
        )

    def _report(self, result: RunResult) -> None:
        folder = self.options.log_folder
        if folder is None or not folder.exists():
            return
        import json

        text = json.dumps(report(result, self.settings), indent=2, ensure_ascii=False) + "\n"
        with named(str(folder)):
            write_whole(folder / "report.json", text.encode("utf-8", "backslashreplace"))


def _clean() -> Clean:
    from cleaner.plan import clean_texts

    return clean_texts


def _inputs(options: JobOptions) -> Inputs:
    base = (options.out or Path()) if options.mode == "in place" else None
    inputs = find_inputs(options.inputs, options.out, options.format, base, as_given=options.log_folder is None)
    inputs.encodings = removal_log.encodings({*options.inputs, *map(os.path.dirname, options.inputs)})
    for compression in {source.compression for source in inputs.sources}:
        require(compression)
    if options.mode == "stdout" and len(inputs.sources) > 1:
        raise SettingsError(f"{len(inputs.sources)} inputs cannot share standard output; give a folder with -o")
    if options.dry_run and options.log_folder is not None and (options.log_folder / removal_log.FILES).exists():
        raise SettingsError(
            f"{options.log_folder} holds the log of a run, which restore needs; give the dry run another -o"
        )
    return inputs


def _map(
    function: Callable[[Step], list[Found]],
    read: Iterator[Step],
    workers: int,
    warm: Callable[[], object] | None,
) -> Iterator[list[Found]]:
    if workers == 1:
        return memory.map_batches(function, read)
    return local.map_batches(function, read, workers, warm)


def _is_small(sources: Sequence[Source]) -> bool:
    """Whether the inputs are read sooner than worker processes are ready, which takes a second."""
    size = 0
    for source in sources:
        if source.path is None:
            return False
        with suppress(OSError):  # it has vanished, and will be told when it is read
            size += os.path.getsize(source.path) * (PACKED if source.compression else 1)
    return size < SMALL


def _cores() -> int:
    """Cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1
