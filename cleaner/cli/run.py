"""A run as a person sees it: what is printed where, and the exit code."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

from cleaner.cli.printing import Row, finding_line, findings, phases, printable, summary, variant_line
from cleaner.formats.work import Events, Problem
from cleaner.job import JobOptions, run
from cleaner.report.counts import RunResult, report
from cleaner.settings import Settings

MOST_LINES = 20
"""Findings that a summary lists; the log and --verbose have all."""


@dataclass(frozen=True, slots=True)
class Screen:
    """How much is said, and whether as JSON."""

    quiet: bool = False
    verbose: bool = False
    json: bool = False


@dataclass(slots=True)
class Heard:
    """What the run told."""

    screen: Screen
    keep: int
    removals: list[dict[str, Any]] = field(default_factory=list)
    variants: list[dict[str, Any]] = field(default_factory=list)
    more: int = 0

    def events(self) -> Events:
        return Events(problem=self.problem, note=self.note, removal=self.removal, variant=self.variant)

    def problem(self, problem: Problem) -> None:
        say(str(problem))

    def note(self, note: str) -> None:
        if not self.screen.quiet:
            say(note)

    def removal(self, row: dict[str, Any]) -> None:
        if len(self.removals) < self.keep:
            self.removals.append(row)
        else:
            self.more += 1

    def variant(self, row: dict[str, Any]) -> None:
        if len(self.variants) < self.keep:
            self.variants.append(row)


def say(line: str) -> None:
    sys.stderr.write(f"cleaner: {printable(line)}\n")


def clean_run(options: JobOptions, settings: Settings, screen: Screen) -> int:
    # Rows of a dump go to the log; in memory stays what may be printed.
    heard = Heard(screen, keep=sys.maxsize if screen.verbose else 40 * MOST_LINES)
    result = run(options, settings, events=heard.events(), stdout=sys.stdout.buffer, warm=_warm)
    sys.stdout.flush()
    facts = report(result, settings)
    if screen.json:
        _print_json(facts, sys.stdout if options.out is not None or options.dry_run else sys.stderr)
    elif not screen.quiet:
        _print_summary(heard, facts, options)
    return result.exit_code


def _print_summary(heard: Heard, facts: dict[str, Any], options: JobOptions) -> None:
    found = findings(heard.removals)
    lines = [finding_line(rows) for rows in found]
    if heard.screen.verbose:
        lines += [variant_line(row) for row in heard.variants]
    elif len(lines) > MOST_LINES or heard.more:
        total = sum(facts["removed"].values())
        lines = [*lines[:MOST_LINES], f"... and {max(total - MOST_LINES, 0):,} more; --verbose or the log lists all"]
    for line in lines:
        sys.stderr.write(line + "\n")
    sys.stderr.write(summary(facts) + "\n")
    if options.log_folder is not None and options.log_folder.exists():
        sys.stderr.write(f"log and report: {printable(str(options.log_folder))}\n")
    if heard.screen.verbose:
        sys.stderr.write(f"time: {phases(facts)}\n")


def check_run(options: JobOptions, settings: Settings, screen: Screen, fail_on: str) -> int:
    heard = Heard(screen, keep=sys.maxsize)
    result = run(options, settings, events=heard.events(), stdout=sys.stdout.buffer, warm=_warm)
    facts = report(result, settings)
    found = findings(heard.removals)
    if screen.json:
        _print_json({"findings": heard.removals, "variants": heard.variants, "report": facts}, sys.stdout)
    elif not screen.quiet:
        _print_findings(found, heard, facts)
    return _exit_code(result, bool(found), bool(heard.variants), fail_on)


def _print_findings(found: list[list[Row]], heard: Heard, facts: dict[str, Any]) -> None:
    rows = [((r[0]["file"], r[0]["line"], r[0]["start"]), finding_line(r)) for r in found]
    rows += [((r["file"], r["line"], r["start"]), variant_line(r)) for r in heard.variants]
    for _, line in sorted(rows, key=lambda row: (row[0][0], row[0][1], row[0][2])):
        sys.stdout.write(line + "\n")
    sys.stdout.flush()
    sys.stderr.write(summary(facts).replace("removed", "would remove", 1) + "\n")
    if heard.screen.verbose:
        sys.stderr.write(f"time: {phases(facts)}\n")


def _exit_code(result: RunResult, errors: bool, warnings: bool, fail_on: str) -> int:
    if result.exit_code:
        return result.exit_code
    return int((errors and fail_on != "none") or (warnings and fail_on == "warning"))


def _print_json(value: dict[str, Any], stream: Any) -> None:
    import json

    stream.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _warm() -> None:
    """Before workers are forked: what they all need is loaded once."""
    from cleaner.plan import warm_up

    warm_up()
