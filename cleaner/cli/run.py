"""A run as a person sees it: what is printed where, and the exit code."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cleaner.cli.printing import Row, finding_line, findings, phases, printable, summary, variant_line
from cleaner.cli.progress import following
from cleaner.cli.streams import Texts, put, put_json, say, tell, to_terminal
from cleaner.errors import SettingsError
from cleaner.formats.files import archive_of, kind_of
from cleaner.formats.work import Events, Phase, Problem
from cleaner.job import JobOptions, run
from cleaner.report.counts import RunResult, report
from cleaner.settings import Settings

MOST_LINES = 20
"""Findings that a summary lists; the log and --verbose have all."""
MOST_ROWS = 40 * MOST_LINES
"""Removed spans that are held for them: the rows of a dump go to the log, not into memory."""


@dataclass(frozen=True, slots=True)
class Screen:
    """How much is said, and whether as JSON; ``config`` is the file the settings come from."""

    quiet: bool = False
    verbose: bool = False
    json: bool = False
    config: str | None = None


@dataclass(slots=True)
class Heard:
    """What the run told. Rows name their files as the caller of the command did."""

    screen: Screen
    keep: int
    texts: Texts
    removals: list[Row] = field(default_factory=list)
    variants: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _names: Mapping[str, str] | None = None
    _left_out: bool = False

    def events(self) -> Events:
        return Events(self.problem, self.note, self.removal, self.variant, self.named, self.dropped)

    def problem(self, problem: Problem) -> None:
        if not self.texts.left:
            say(str(problem))

    def note(self, note: str) -> None:
        """Notes on the inputs are told at once, later ones when all is done."""
        if self._names is not None:
            self.notes.append(note)
        elif not self.screen.quiet:
            say(note)

    def named(self, names: Mapping[str, str]) -> None:
        self._names = names

    def removal(self, row: dict[str, Any]) -> None:
        self._hold(self.removals, row)

    def variant(self, row: dict[str, Any]) -> None:
        self._hold(self.variants, row)

    def dropped(self, name: str) -> None:
        """Nothing of this file was written: what was found in it did not go."""
        shown = self._shown(name)
        self.removals = [row for row in self.removals if shown not in (row["file"], row.get("archive"))]
        self.variants = [row for row in self.variants if shown not in (row["file"], row.get("archive"))]

    def _hold(self, rows: list[Row], row: dict[str, Any]) -> None:
        if len(rows) < self.keep:
            witness = row["witness"] | {"file": self._shown(row["witness"]["file"])}
            shown = {name: self._shown(row[name]) for name in ("file", "archive") if name in row}
            rows.append(row | shown | {"witness": witness})

    def _shown(self, name: str) -> str:
        """As the caller named it; a member of an archive as ``archive/member``."""
        names, end = self._names or {}, len(name)
        while end > 0 and name[:end] not in names:
            end = name.rfind("/", 0, end)
        return names[name[:end]] + name[end:] if end > 0 else name


def clean_run(options: JobOptions, settings: Settings, screen: Screen) -> int:
    """Run ``cleaner clean``; returns its exit code."""
    if options.mode == "stdout":
        _refuse_compressed(options)
    texts = Texts()
    heard = Heard(screen, sys.maxsize if screen.verbose else MOST_ROWS, texts)
    silent = screen.quiet or screen.json or (options.mode == "stdout" and to_terminal())
    with following(phases_of(options), silent=silent) as progress:
        events = replace(heard.events(), progress=progress)
        result = run(options, settings, events=events, stdout=texts.stream(), warm=warm_up(options))
    if texts.left:  # the reader of the output had enough
        return 0
    texts.end()
    facts = report(result, settings)
    if screen.json:
        put_json(facts, error=options.mode == "stdout")
    elif not screen.quiet:
        _print_summary(heard, facts, options)
    _print_end(heard)
    return result.exit_code


def _refuse_compressed(options: JobOptions) -> None:
    """The output is compressed as the input is, which is nothing for a terminal."""
    packed = [name for name in options.inputs if kind_of(name)[1] or archive_of(name)]
    if packed and to_terminal():
        raise SettingsError(f"{packed[0]}: the output would be compressed as well; send it to a file, or give -o")


def _print_summary(heard: Heard, facts: dict[str, Any], options: JobOptions) -> None:
    would = options.only_said or facts["over_limit"]
    shown = findings(heard.removals)
    lines = [finding_line(rows, lines=True) for rows in shown]
    if heard.screen.verbose:
        lines += [variant_line(row) for row in heard.variants]
    elif (more := sum(facts["removed"].values()) - MOST_LINES) > 0:
        where = "--verbose lists" if options.log_folder is None else "--verbose and the log list"
        lines = [*lines[:MOST_LINES], f"... and {more:,} more; {where} all"]
    lines += summary(facts, would=would, hint=not heard.screen.verbose)
    if options.log_folder is not None and options.log_folder.exists():
        lines.append(f"log and report: {printable(str(options.log_folder))}{_undo(options, facts)}")
    _tell_all(lines, heard.screen, facts)


def _undo(options: JobOptions, facts: dict[str, Any]) -> str:
    """How files cleaned in place are had back, which the command line does not show."""
    if options.mode != "in place" or not facts["changed"]:
        return ""
    return f" (cleaner restore {printable(str(options.out or '.'))} -o FOLDER gives the originals back)"


def _tell_all(lines: list[str], screen: Screen, facts: dict[str, Any]) -> None:
    if screen.verbose:
        lines = [*lines, f"settings: {screen.config or 'defaults and flags'}", f"time: {phases(facts)}"]
    for line in lines:
        tell(line)


def _print_end(heard: Heard) -> None:
    """What was told last: why nothing was written, or how to go on. Said even under --quiet."""
    for note in heard.notes:
        say(note)


def check_run(options: JobOptions, settings: Settings, screen: Screen, fail_on: str) -> int:
    """Run ``cleaner find``; returns its exit code."""
    heard = Heard(screen, sys.maxsize, Texts())
    with following(phases_of(options), silent=screen.quiet or screen.json, delay=1) as progress:
        events = replace(heard.events(), progress=progress)
        result = run(options, settings, events=events, warm=warm_up(options))
    facts = report(result, settings)
    try:
        if screen.json:
            put_json({"removals": heard.removals, "variants": heard.variants, "report": facts})
        elif not screen.quiet:
            _print_findings(heard, facts)
    except BrokenPipeError:  # whoever reads has seen enough; the verdict stands
        pass
    _print_end(heard)
    return _exit_code(result, bool(heard.removals), bool(heard.variants), fail_on)


def _print_findings(heard: Heard, facts: dict[str, Any]) -> None:
    rows = [(rows[0], finding_line(rows)) for rows in findings(heard.removals)]
    rows += [(row, variant_line(row)) for row in heard.variants]
    rows.sort(key=lambda row: (row[0]["file"], row[0]["line"], row[0]["start"]))
    put("".join(f"{line}\n" for _, line in rows))
    lines = summary(facts, would=True)
    _tell_all(lines, heard.screen, facts)


def _exit_code(result: RunResult, errors: bool, warnings: bool, fail_on: str) -> int:
    if result.exit_code:
        return result.exit_code
    return int((errors and fail_on != "none") or (warnings and fail_on == "warning"))


def phases_of(options: JobOptions) -> tuple[Phase, ...]:
    """What a run goes through, as the progress names it."""
    if options.scope == "article":
        return ("clean",)
    index: tuple[Phase, ...] = ("index",) if options.index is not None and not options.only_said else ()
    return ("scan", "decide", "write", *index)


def warm_up(options: JobOptions) -> Callable[[], None]:
    """Called before workers are forked: what they all need is loaded once."""
    from cleaner import plan

    return plan.warm_up_corpus if options.scope == "corpus" else plan.warm_up
