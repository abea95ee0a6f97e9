"""One run from inputs to outputs: read, clean, write, log, count. Says nothing by itself."""

from __future__ import annotations

import os
import shutil
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from time import perf_counter, time_ns
from typing import IO, TYPE_CHECKING, Any, Literal

from cleaner.engines import local, memory
from cleaner.errors import InputError, SettingsError
from cleaner.formats import removal_log, resuming
from cleaner.formats.atomic import write_whole
from cleaner.formats.compression import require
from cleaner.formats.files import LOG_FOLDER, Format, Source
from cleaner.formats.finding import Inputs, find_inputs, why_missing
from cleaner.formats.gauge import Gauge, Passes
from cleaner.formats.publishing import Publisher, Stop
from cleaner.formats.remote import is_remote
from cleaner.formats.removal_log import Entry, LogWriter
from cleaner.formats.restore import digest_of_output
from cleaner.formats.steps import Step, perform, steps
from cleaner.formats.work import Annotate, Clean, Events, Found, Phase, Problem, TextFormat, Work
from cleaner.formats.writing import Mode, OutputError, Outputs, named
from cleaner.report.counts import RunResult, report
from cleaner.settings import Settings

if TYPE_CHECKING:
    from cleaner.corpus.run import CorpusRun
    from cleaner.formats.sampling import Sampling
    from cleaner.index import File
    from cleaner.phases.corpus.copies import Boilerplate

SMALL = 1_000_000
"""Inputs of fewer bytes together are cleaned in this process: six small files take 0.25 s instead of 1.1 s."""
MEMORY = 1 << 30
"""Memory of scope corpus unless another is given: 1 GB, which any machine has that holds a dump."""
LEAST_MEMORY = 256 << 20
"""What the processes themselves and the steps in flight take; a smaller budget cannot be kept."""
Scope = Literal["article", "corpus"]
PACKED = 4
"""Bytes of text that a byte of a compressed file is taken for."""


OF_THE_OUTPUT = (
    "in_place", "scope", "format", "text_format", "text_field", "id_field", "boilerplate", "boilerplate_drop",
    "boilerplate_by", "order_by", "lang_field", "flag_share", "index", "measures", "annotate_field",
)  # fmt: skip
"""Options that decide what is written; with others a run is not gone on with."""


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
    scope        where repeats are looked for: within each article, or across all of them as well
    max_expanded bytes that a compressed input may expand to; None: 1,000 times its size
    memory       bytes that scope corpus may take
    scratch      folder in which scope corpus keeps what it has read, about twice the expanded inputs;
                 None: below ``out``, or a temporary folder
    boilerplate  articles from which on a paragraph that stands in them is named so; ``boilerplate_drop``:
                 then none of them stays
    boilerplate_by  field in whose groups (a host, a source) the articles are counted
    order_by     fields by whose values articles come one before the other; else they come as they are read
    lang_field   field with the language, for the report; without it the script is told
    flag_share   share of its words in [0, 1] above which an article's loss is told
    index        file with what earlier runs have seen, to which this one adds
    resume       go on with a run that was stopped; where there is none, begin
    annotate     write what would go beside the texts and remove nothing: ``spans`` as a field of each record,
                 ``dolma`` as attributes below ``out``, in its layout; the log is that of a dry run
    annotate_field  name of the field, or of the attributes
    measures     take the measures of each article (``text.measures``) for the report, and as a field of each
                 record in JSON, named ``annotate_field`` with ``_measures``
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
    scope: Scope = "article"
    max_expanded: int | None = None
    memory: int = MEMORY
    scratch: Path | None = None
    boilerplate: int | None = None
    boilerplate_drop: bool = False
    boilerplate_by: str | None = None
    order_by: tuple[str, ...] = ()
    lang_field: str | None = None
    flag_share: float = 0.5
    index: Path | None = None
    resume: bool = False
    annotate: Annotate | None = None
    annotate_field: str = "cleaner"
    measures: bool = False

    def __post_init__(self) -> None:
        if self.max_removed is not None and not 0 <= self.max_removed <= 1:
            raise SettingsError(f"max_removed is {self.max_removed}; give a share from 0 to 1 (0% to 100%)")
        if self.workers is not None and self.workers < 1:
            raise SettingsError(f"workers is {self.workers}; give 1 or more")
        if self.resume and self.mode in ("stdout", "dry"):
            raise SettingsError("only a run with -o or --in-place leaves what can be gone on with; leave out --resume")
        if self.scope == "article":
            for name in ("boilerplate", "index", "boilerplate_drop", "boilerplate_by", "order_by"):
                if getattr(self, name):
                    raise SettingsError(f"--{name.replace('_', '-')} looks across articles; add --scope corpus")
        if self.boilerplate is not None and self.boilerplate < 2:
            raise SettingsError(f"boilerplate is {self.boilerplate}; give 2 articles or more")
        for name in ("boilerplate_drop", "boilerplate_by"):
            if getattr(self, name) and self.boilerplate is None:
                flag = name.replace("_", "-")
                raise SettingsError(f"--{flag} needs to know what boilerplate is; add --boilerplate NUMBER")
        if not 0 < self.flag_share <= 1:
            raise SettingsError(f"flag_share is {self.flag_share}; give a share above 0, up to 1 (100%)")
        if self.memory < LEAST_MEMORY:
            raise SettingsError(f"memory is {self.memory} bytes; give {LEAST_MEMORY >> 20}MB or more")
        if self.annotate is not None or self.measures:
            self._check_annotate()
        if self.in_place and "-" in self.inputs:
            raise SettingsError("standard input has no place to be cleaned in; leave out --in-place")

    def _check_annotate(self) -> None:
        from cleaner.formats.annotating import check_field

        check_field(self.annotate_field)
        if self.annotate is None:
            return
        for name in ("in_place", "dry_run", "resume"):
            if getattr(self, name):
                flag = name.replace("_", "-")
                raise SettingsError(f"--annotate writes new files and removes nothing; leave out --{flag}")
        if self.annotate == "dolma" and self.out is None:
            raise SettingsError("the attributes of dolma are files of their own; give the folder of documents/ with -o")
        if self.annotate == "dolma" and self.text_field != "text":
            raise SettingsError(f"dolma cuts the field text, not {self.text_field}; leave out --text-field")

    @property
    def only_said(self) -> bool:
        """Whether nothing is removed, but only said what would be."""
        return self.dry_run or self.annotate is not None

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
    inputs = _inputs(options)
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
    )
    hold = options.max_removed is not None
    outputs = Outputs(options.mode, options.out, stdout, hold=hold, named=_attributes(options, inputs))
    resumed, log = False, None
    chosen = {name: str(getattr(options, name)) for name in OF_THE_OUTPUT}
    facts = resuming.facts_of(inputs.sources, settings, chosen)
    if options.log_folder is not None:
        resumed, log = _open_log(options, options.log_folder, facts)
    publisher = Publisher(outputs, log, work, events, strict=options.strict)
    publisher.go_on()
    if resumed:
        done = f"{len(log.done) if log is not None else 0} of {len(inputs.sources)} files were complete"
        events.note(f"going on with the run that was stopped: {done}")
    return _Run(options, settings, inputs, publisher, warm, facts, resumed=resumed, sampling=sampling).go(began)


def _open_log(options: JobOptions, folder: Path, facts: dict[str, Any]) -> tuple[bool, LogWriter]:
    """Whether a stopped run is gone on with, and the log."""
    if options.only_said:
        return False, LogWriter(folder, dry=True)
    stopped = resuming.stopped(folder, facts) if options.resume else None
    going_on = (partial(_is_written, options), stopped.done) if stopped is not None else None
    log = LogWriter(folder, going_on=going_on)
    resuming.begin(folder, facts, stopped.done if stopped is not None else ())
    return stopped is not None, log


def _is_written(options: JobOptions, entry: Entry) -> bool:
    """Whether the output that an entry is of has its name."""
    path = (options.out or Path()) / (entry.path or entry.file)
    try:
        return digest_of_output(path, entry) == entry.digest_out
    except (OSError, InputError):
        return False


class _Run:
    """The course of one run: all steps, then the end that fits how it went."""

    def __init__(
        self,
        options: JobOptions,
        settings: Settings,
        inputs: Inputs,
        publisher: Publisher,
        warm: Callable[[], object] | None,
        facts: dict[str, Any],
        *,
        resumed: bool,
        sampling: Sampling | None = None,
    ) -> None:
        self.options, self.settings, self.inputs, self.publisher, self.warm = options, settings, inputs, publisher, warm
        self.facts, self.resumed, self.sampling = facts, resumed, sampling
        self.notes = list(inputs.notes)
        self.seconds = {"read": 0.0, "clean": 0.0, "write": 0.0}
        self.stopped = self.interrupted = self.over_limit = False
        self.ended = False
        self.scratch: Path | None = None
        self.passes = Passes(Gauge(), publisher.events.progress)
        self.corpus: CorpusRun | None = None
        self.held = ExitStack()

    def go(self, began: float) -> RunResult:
        with self.held:
            return self._go(began)

    def _go(self, began: float) -> RunResult:
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
                self._close_log()
            raise
        self._end()
        if not self._goes_on and self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)
        self.seconds |= self.corpus.seconds if self.corpus is not None else {}
        scanning = self.corpus.scanning if self.corpus is not None else 0.0
        self.seconds |= {"clean": publisher.seconds + scanning, "total": perf_counter() - began}
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
            self.publisher.tell(Problem(missing, None, "missing", *why_missing(missing)))
        taken: deque[Step] = deque()
        options = self.options
        done = self.publisher.log.done if self.publisher.log is not None else {}
        sources = [s for s in self.inputs.sources if options.scope == "corpus" or s.name not in done]
        gauge = Gauge(sources)
        first: Phase = "clean" if options.scope == "article" else "scan"
        self.passes = Passes(gauge, self.publisher.events.progress, first)
        read = self._timed(self._read(sources, gauge), taken if options.scope == "article" else deque(maxlen=0))
        workers = self.options.workers or (1 if _is_small(self.inputs.sources) else _cores())
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

        options, index = self.options, None
        folder = self._scratch()
        if options.index is not None:
            from cleaner.index import Index

            index = self.held.enter_context(Index(options.index, self.settings, memory=options.memory // 4))
            index.refuse_known(self._files())
        boilerplate = _boilerplate(options)
        with Pool(workers, self.warm) as pool:
            wanted = CorpusOptions(options.memory, boilerplate, index)
            self.corpus = CorpusRun(folder, self.publisher.work, self.settings, pool, wanted, self.passes)
            for step, found in self.corpus.results(read):
                self._take(step, found)
        if self.sampling is not None:
            self.sampling.scratch = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

    def _scratch(self) -> Path:
        """The folder for what scope corpus has read: that of the stopped run, or an empty one."""
        options = self.options
        base = options.scratch or (options.log_folder if options.mode in ("out", "in place") else None)
        if base is None:
            from tempfile import TemporaryDirectory

            return Path(self.held.enter_context(TemporaryDirectory(prefix="cleaner-")))
        folder = self.scratch = base / "scratch"
        if not self.resumed:
            shutil.rmtree(folder, ignore_errors=True)
        with named(str(folder)):
            folder.mkdir(parents=True, exist_ok=True)
        return folder

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
                resuming.end(log.folder)
                log.discard()
        else:
            try:
                outputs.release()
                self._close_log()
                self._remember()
            except OutputError as error:
                self._could_not(error)
        if self.interrupted:
            self._say_how_to_go_on()

    @property
    def _goes_on(self) -> bool:
        """Whether what was done may be gone on with."""
        mode, hold = self.publisher.outputs.mode, self.publisher.outputs.hold or self.options.only_said
        return not self.ended and mode in ("out", "in place") and not hold

    def _close_log(self) -> None:
        """Publish the log; that of a run to be gone on with stays in parts."""
        log = self.publisher.log
        self.ended = self.ended or self.stopped or not self.interrupted
        if log is None:
            return
        done = log.finish()
        if log.dry:
            return
        if self._goes_on:
            resuming.begin(log.folder, self.facts, done)
        else:
            resuming.end(log.folder)

    def _remember(self) -> None:
        """All is written, and the run is no longer to be gone on with: what was kept goes into the index."""
        complete = not (self.stopped or self.interrupted or self.options.dry_run)
        if self.corpus is None or not complete:
            return
        try:
            self.corpus.add_to_index(self._files())
        except OSError as error:
            self._could_not(OutputError(str(self.options.index), error))

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
        if self.options.annotate is not None and self.publisher.outputs.mode == "out":
            said["out"] = f"{done} of {all_of_them} files are complete; run the same command again"
        complete = (
            f"{done} of {all_of_them} files are complete, with their log; nothing half-written is left. "
            "To go on, run the same command with --resume"
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
            tuple(publisher.flagged),
            self._facts_of_run(),
            asdict(self.corpus.decider.decided) if self.corpus is not None and self.corpus.decider is not None else {},
        )

    def _facts_of_run(self) -> dict[str, Any]:
        options = self.options
        facts: dict[str, Any] = {"scope": options.scope, "flag_share": options.flag_share}
        facts |= {"annotate": options.annotate} if options.annotate is not None else {}
        return facts | {
            name: str(value) if isinstance(value, Path) else value
            for name in ("memory", "boilerplate", "boilerplate_drop", "boilerplate_by", "order_by", "index")
            if options.scope == "corpus" and (value := getattr(options, name))
        }

    def _report(self, result: RunResult) -> None:
        folder = self.options.log_folder
        if folder is None or not folder.exists():
            return
        import json

        text = json.dumps(report(result, self.settings), indent=2, ensure_ascii=False) + "\n"
        with named(str(folder)):
            write_whole(folder / "report.json", text.encode("utf-8", "backslashreplace"))


def _boilerplate(options: JobOptions) -> Boilerplate | None:
    from cleaner.phases.corpus.copies import Boilerplate

    return Boilerplate(options.boilerplate, options.boilerplate_drop) if options.boilerplate is not None else None


def _clean() -> Clean:
    from cleaner.plan import clean_texts

    return clean_texts


def _attributes(options: JobOptions, inputs: Inputs) -> Callable[[str], str] | None:
    """How the names of outputs are made of those of inputs, where dolma's layout asks for others."""
    if options.annotate != "dolma" or options.out is None:
        return None
    from cleaner.formats.annotating import attribute_name, check_names

    check_names(inputs.sources, options.out, options.annotate_field)
    return partial(attribute_name, field=options.annotate_field)


def _inputs(options: JobOptions) -> Inputs:
    base = (options.out or Path()) if options.mode == "in place" else None
    inputs = find_inputs(options.inputs, options.out, options.format, base, as_given=options.log_folder is None)
    inputs.encodings = removal_log.encodings({*options.inputs, *map(os.path.dirname, options.inputs)})
    for compression in {source.compression for source in inputs.sources}:
        require(compression)
    if options.mode == "stdout" and len(inputs.sources) > 1:
        raise SettingsError(f"{len(inputs.sources)} inputs cannot share standard output; give a folder with -o")
    if options.only_said and options.log_folder is not None and (options.log_folder / removal_log.FILES).exists():
        raise SettingsError(f"{options.log_folder} holds the log of a run, which restore needs; give another -o")
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


def _load_json() -> None:
    """A large run has thousands of rows to log: with orjson they take a tenth of the time."""
    with suppress(ImportError):
        import orjson  # noqa: F401


def _is_small(sources: Sequence[Source]) -> bool:
    """Whether the inputs are read sooner than worker processes are ready, which takes a second."""
    size = 0
    for source in sources:
        if source.path is None or is_remote(source.path):
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
