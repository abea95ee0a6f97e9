"""How a run ends: what is whole is published, the rest is dropped, and what came of it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.errors import CleanerError
from cleaner.formats import resuming
from cleaner.formats.atomic import write_whole
from cleaner.formats.publishing import Publisher
from cleaner.formats.run_folder import Run
from cleaner.formats.work import Problem
from cleaner.formats.writing import OutputError, named
from cleaner.job_options import JobOptions
from cleaner.report.counts import RunResult, report
from cleaner.settings import Settings

if TYPE_CHECKING:
    from cleaner.corpus.run import CorpusRun
    from cleaner.formats.finding import Inputs


PAGE = "report.html"


class End:
    """The end of one run; ``stopped``, ``interrupted`` and ``over_limit`` say how it went, ``notes`` what was said."""

    def __init__(self, options: JobOptions, settings: Settings, inputs: Inputs, publisher: Publisher, run: Run) -> None:
        self.options, self.settings, self.publisher, self.run = options, settings, publisher, run
        self.inputs, self.notes = inputs, list(inputs.notes)
        self.stopped = self.interrupted = self.over_limit = False
        self._ended = False
        self._logged: int | None = None

    def publish(self, remember: Callable[[], object] | None) -> None:
        """Publish what is whole, drop what is not, and say how to go on.

        ``remember`` is called when all is written and the run is complete; it may raise OSError.
        """
        publisher, outputs, log = self.publisher, self.publisher.outputs, self.publisher.log
        limit = self.options.max_removed
        if 2 * publisher.tally.pages > publisher.tally.articles:
            pages, articles = publisher.tally.pages, publisher.tally.articles
            self._say(f"{pages:,} of {articles:,} articles hold HTML, read as plain text: give --text-format html")
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
                self.close_log()
                self._remember(remember)
            except OutputError as error:
                self.could_not(error)
        if self.interrupted:
            self._say_how_to_go_on()

    @property
    def goes_on(self) -> bool:
        """Whether what was done may be gone on with."""
        mode, hold = self.publisher.outputs.mode, self.publisher.outputs.hold or self.options.only_said
        return not self._ended and mode in ("out", "in place") and not hold

    def close_log(self) -> None:
        """Publish the log; that of a run to be gone on with stays in parts."""
        log = self.publisher.log
        self._ended = self._ended or self.stopped or not self.interrupted
        if log is None:
            return
        done = log.finish()
        if log.dry:
            return
        self._logged = len(done)
        if self.goes_on:
            resuming.begin(log.folder, self.run.facts, self.run.id, done)
        else:
            resuming.end(log.folder)

    def _remember(self, remember: Callable[[], object] | None) -> None:
        """All is written, and the run is no longer to be gone on with: what was kept goes into the index."""
        complete = not (self.stopped or self.interrupted or self.options.dry_run)
        if remember is None or not complete:
            return
        try:
            remember()
        except OSError as error:
            self.could_not(OutputError(str(self.options.index), error))

    def could_not(self, error: OutputError) -> None:
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

    def result(self, seconds: dict[str, float], corpus: CorpusRun | None) -> RunResult:
        """What came of it, for the report and the last line; ``seconds`` by phase."""
        publisher = self.publisher
        decider = corpus.decider if corpus is not None else None
        return RunResult(
            publisher.tally,
            publisher.files,
            publisher.failed,
            tuple(publisher.problems),
            tuple(self.notes),
            seconds,
            self.interrupted,
            self.stopped,
            self.over_limit,
            tuple(publisher.flagged),
            self._facts_of_run(),
            asdict(decider.decided) if decider is not None else {},
        )

    def _facts_of_run(self) -> dict[str, Any]:
        options = self.options
        facts: dict[str, Any] = {"scope": options.scope, "flag_share": options.flag_share}
        facts |= {"annotate": options.annotate} if options.annotate is not None else {}
        facts |= {"mode": self.publisher.outputs.mode}
        facts |= {"logged": self._logged or 0} if self.publisher.outputs.mode in ("out", "in place") else {}
        facts |= {"source_field": self.publisher.work.source_field} if self.publisher.work.source_field else {}
        return facts | {
            name: str(value) if isinstance(value, Path) else value
            for name in ("memory", "boilerplate", "boilerplate_drop", "boilerplate_by", "order_by", "index")
            if options.scope == "corpus" and (value := getattr(options, name))
        }

    def report(self, result: RunResult) -> None:
        """Leave report.json and the page beside the log. Raises OutputError."""
        folder = self.options.log_folder
        if folder is None or not folder.exists():
            return
        import json

        text = json.dumps(report(result, self.settings), indent=2, ensure_ascii=False) + "\n"
        with named(str(folder)):
            write_whole(folder / "report.json", text.encode("utf-8", "backslashreplace"))
            self._write_page(folder)

    def _write_page(self, folder: Path) -> None:
        """What is done is done: where the log of earlier runs is damaged, only the page is missing."""
        from cleaner.report.log import RunLog
        from cleaner.report.page.make import page  # 0.1 s to load, for runs that leave a log

        try:
            made = page(RunLog(folder.parent))
        except CleanerError as error:
            (folder / PAGE).unlink(missing_ok=True)
            self.publisher.events.note(f"no page of the report: {error}")
            return
        write_whole(folder / PAGE, made.encode("utf-8", "backslashreplace"))
