"""One run from inputs to outputs: read, clean, write, log, count. Says nothing by itself."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from time import perf_counter, time_ns
from typing import IO, TYPE_CHECKING

from cleaner.engines import local, memory
from cleaner.errors import InputError, SettingsError
from cleaner.formats import resuming
from cleaner.formats.files import Source
from cleaner.formats.finding import Inputs, why_missing
from cleaner.formats.gauge import Gauge, Passes
from cleaner.formats.publishing import Publisher, Stop
from cleaner.formats.run_folder import Run, fresh
from cleaner.formats.steps import Step, perform, steps
from cleaner.formats.work import Clean, Events, Found, Phase, Problem, Shares, Work
from cleaner.formats.writing import OutputError, Outputs
from cleaner.job_end import End
from cleaner.job_inputs import are_small, inputs_of, output_names
from cleaner.job_log import open_log
from cleaner.job_options import OF_THE_OUTPUT
from cleaner.job_options import JobOptions as JobOptions
from cleaner.report.counts import RunResult
from cleaner.settings import Settings

if TYPE_CHECKING:
    from cleaner.corpus.run import CorpusRun
    from cleaner.formats.sampling import Sampling
    from cleaner.index import File
    from cleaner.phases.corpus.copies import Boilerplate


def run(
    options: JobOptions,
    settings: Settings,
    clean: Clean | None = None,
    *,
    events: Events | None = None,
    stdout: IO[bytes] | None = None,
    warm: Callable[[], object] | None = None,
    sampling: Sampling | None = None,
) -> RunResult:
    """Clean the inputs; what goes wrong with one of them is told through ``events`` and counted.

    ``clean`` is ``cleaner.plan.clean_texts`` unless given; ``stdout`` takes the output where there is
    no folder for it; ``warm`` is called before worker processes are forked. With ``sampling`` only
    a sample is read, and counted there; ``options`` are then those of a dry run. Raises SettingsError
    (before anything is written) and OutputError where the log cannot be written.
    """
    events = events or Events()
    began = perf_counter()
    inputs = inputs_of(options)
    for note in inputs.notes:
        events.note(note)
    events.named({source.name: source.shown for source in inputs.sources})
    work = Work(
        clean or _clean(),
        settings,
        options.text_field,
        options.id_field,
        options.boilerplate_by,
        options.lang_field,
        options.order_by,
        options.flag_share,
        options.annotate,
        options.annotate_field,
        options.measures,
        shares=_alone() if options.annotate == "onion" and options.scope == "article" else None,
        source_field=options.source_field or options.boilerplate_by,
    )
    hold = options.max_removed is not None
    outputs = Outputs(options.mode, options.out, stdout, hold=hold, named=output_names(options, inputs))
    stopped, run, log = None, fresh(), None
    chosen = {name: str(getattr(options, name)) for name in OF_THE_OUTPUT}
    facts = resuming.facts_of(inputs.sources, settings, chosen)
    if options.log_folder is not None:
        stopped, run, log = open_log(options, options.log_folder, facts)
        if log.lock.missing is not None:
            events.note(log.lock.missing)
    publisher = Publisher(outputs, log, work, events, strict=options.strict)
    publisher.go_on()
    if options.resume:
        for source in inputs.sources:
            outputs.sweep(source)
    if stopped is not None:
        done = f"{len(log.done) if log is not None else 0} of {len(inputs.sources)} files were complete"
        events.note(f"going on with the run that was stopped: {done}")
    this = Run(run, facts, str(options.log_folder.resolve()) if options.log_folder is not None else None)
    resumed = stopped is not None
    return _Run(options, settings, inputs, publisher, warm, this, resumed=resumed, sampling=sampling).go(began)


class _Run:
    """The course of one run: all steps, then the end that fits how it went."""

    def __init__(
        self,
        options: JobOptions,
        settings: Settings,
        inputs: Inputs,
        publisher: Publisher,
        warm: Callable[[], object] | None,
        run: Run,
        *,
        resumed: bool,
        sampling: Sampling | None = None,
    ) -> None:
        self.options, self.settings, self.inputs, self.publisher, self.warm = options, settings, inputs, publisher, warm
        self.run, self.resumed, self.sampling = run, resumed, sampling
        self.end = End(options, settings, inputs, publisher, run)
        self.seconds = {"read": 0.0, "clean": 0.0, "write": 0.0}
        self.passes = Passes(Gauge(), publisher.events.progress)
        self.corpus: CorpusRun | None = None
        self.held = ExitStack()

    def go(self, began: float) -> RunResult:
        log = self.publisher.log
        with self.held:
            if log is not None:
                self.held.callback(log.release)
            return self._go(began)

    def _go(self, began: float) -> RunResult:
        end = self.end
        try:
            self._steps()
        except Stop:
            end.stopped = True
        except KeyboardInterrupt:
            end.interrupted = True
        except BaseException as error:
            # What was refused is not to be gone on with; but a stopped run that is not taken up stays as it is.
            end.interrupted = self.resumed or not isinstance(error, (SettingsError, InputError))
            self.publisher.drop()
            with suppress(OutputError):  # the first error is the one to tell
                end.close_log()
            raise
        end.publish(self._add_to_index if self.corpus is not None else None)
        self._add_seconds(perf_counter() - began)
        result = end.result(self.seconds, self.corpus)
        try:
            end.report(result)
        except OutputError as error:
            end.could_not(error)
            result = end.result(self.seconds, self.corpus)
        return result

    def _add_seconds(self, total: float) -> None:
        """Of the phases and of the whole run; cleaning is added up over the processes."""
        corpus = self.corpus
        self.seconds |= corpus.seconds if corpus is not None else {}
        scanning = corpus.scanning if corpus is not None else 0.0
        self.seconds |= {"clean": self.publisher.seconds + scanning, "total": total}

    def _steps(self) -> None:
        for missing in self.inputs.missing:
            self.publisher.failed += 1
            self.publisher.tell(Problem(missing, None, "missing", *why_missing(missing)))
        taken: deque[Step] = deque()
        options = self.options
        done = self.publisher.log.done if self.publisher.log is not None else {}
        sources = [s for s in self.inputs.sources if options.scope == "corpus" or s.name not in done]
        gauge = Gauge(sources)
        first: Phase = "clean" if options.scope == "article" else "scan"
        self.passes = Passes(gauge, self.publisher.events.progress, first)
        read = self._timed(self._read(sources, gauge), taken if options.scope == "article" else deque(maxlen=0))
        workers = self.options.workers or (1 if are_small(self.inputs.sources) else _cores())
        if self.sampling is not None:
            self.sampling.workers = workers
        if workers > 1:
            _load_json()
        if self.options.scope == "corpus":
            self._corpus(read, workers)
            return
        results = _map(partial(perform, work=self.publisher.work), read, workers, self.warm)
        try:
            for number, found in enumerate(results):
                self._take(taken.popleft(), found)
                self.passes.done("clean", number, sum(each.tally.articles for each in found))
        finally:
            if isinstance(results, Generator):
                results.close()

    def _read(self, sources: Sequence[Source], gauge: Gauge) -> Iterator[Step]:
        """The steps of the sources, or of a sample of them."""
        options = self.options
        fields = options.text_field, options.id_field

        def all_of(some: Sequence[Source]) -> Iterator[Step]:
            return steps(some, options.text_format, self.inputs.encodings, options.max_expanded, fields, gauge)

        return all_of(sources) if self.sampling is None else self.sampling.read(sources, all_of, gauge)

    def _take(self, step: Step, found: Sequence[Found]) -> None:
        began = perf_counter()
        if self.sampling is not None:
            self.publisher.seconds += sum(each.seconds for each in found)
            for problem in self.sampling.take(step, found):
                self.publisher.tell(problem)
            return
        self.publisher.take(step, found)
        self.seconds["write"] += perf_counter() - began

    def _corpus(self, read: Iterator[Step], workers: int) -> None:
        from cleaner.corpus.run import CorpusOptions, CorpusRun
        from cleaner.engines.pool import Pool
        from cleaner.job_scratch import spool_of

        options, index = self.options, None
        spool = spool_of(options, self.run, self.resumed, self.held, self.end)
        if options.index is not None:
            from cleaner.index import Index

            index = self.held.enter_context(Index(options.index, self.settings, memory=options.memory // 4))
            index.refuse_known(self._files())
        boilerplate = _boilerplate(options)
        with Pool(workers, self.warm) as pool:
            wanted = CorpusOptions(options.memory, boilerplate, index, again=self.resumed)
            self.corpus = CorpusRun(spool, self.publisher.work, self.settings, pool, wanted, self.passes)
            for step, found in self.corpus.results(self._unchanged(read)):
                self._take(step, found)
        if self.sampling is not None:
            self.sampling.scratch = sum(path.stat().st_size for path in spool.folder.rglob("*") if path.is_file())

    def _unchanged(self, read: Iterator[Step]) -> Iterator[Step]:
        """All steps; then it is seen to that they are of inputs that nobody has written into meanwhile."""
        yield from read
        changed = resuming.changed(self.inputs.sources, self.run.facts)
        if changed is not None:
            raise InputError("it has changed while it was read", file=changed.shown, fix="run again when it is whole")

    def _add_to_index(self) -> None:
        assert self.corpus is not None
        self.corpus.add_to_index(self._files())

    def _files(self) -> list[File]:
        """The inputs as the index knows them."""
        from cleaner.index import File

        states = [(source, os.stat(source.path)) for source in self.inputs.sources if source.path is not None]
        files = [File(source.name, state.st_size, state.st_mtime_ns) for source, state in states]
        return files + [File(source.name, -1, time_ns()) for source in self.inputs.sources if source.path is None]

    def _timed(self, read: Iterator[Step], taken: deque[Step]) -> Iterator[Step]:
        """``read``, remembering each step until its result comes, and the time reading takes."""
        while True:
            began = perf_counter()
            step = next(read, None)
            self.seconds["read"] += perf_counter() - began
            if step is None:
                return
            taken.append(step)
            self.passes.read()
            yield step


def _boilerplate(options: JobOptions) -> Boilerplate | None:
    from cleaner.phases.corpus.copies import Boilerplate

    return Boilerplate(options.boilerplate, options.boilerplate_drop) if options.boilerplate is not None else None


def _alone() -> Shares:
    """onion's measure within each article. Raises SettingsError where the kernels miss a package."""
    import cleaner.kernels.compiled  # noqa: F401
    from cleaner.corpus.onion import alone

    return alone


def _clean() -> Clean:
    from cleaner.plan import clean_texts

    return clean_texts


def _map(
    function: Callable[[Step], list[Found]],
    read: Iterator[Step],
    workers: int,
    warm: Callable[[], object] | None,
) -> Iterator[list[Found]]:
    if workers == 1:
        return memory.map_batches(function, read)
    return local.map_batches(function, read, workers, warm)


def _load_json() -> None:
    """A large run has thousands of rows to log: with orjson they take a tenth of the time."""
    with suppress(ImportError):
        import orjson  # noqa: F401


def _cores() -> int:
    """Cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1
