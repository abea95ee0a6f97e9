"""What is said when a run is done: one value, printed as plain lines here and on a terminal by ``summary_terminal``."""

from __future__ import annotations

import os
import sys
from typing import Any, NamedTuple

from cleaner.cli.biggest import Finding
from cleaner.cli.heard import MOST_LINES, Heard, Screen
from cleaner.cli.printing import finding_line, phases, summary, variant_line
from cleaner.cli.streams import tell
from cleaner.job import JobOptions
from cleaner.report.phrases import Row, plural, printable

BIGGEST = 10
"""Repeats that are listed where there are too many to list them all."""
REPORT = "report.html"


class Told(NamedTuple):
    """What the end of a run is told from.

    facts     the content of report.json, the flagged articles by the names that the caller knows
    findings  all of them, or of more than 20 the biggest
    total     how many there are
    read      bytes of the inputs
    report    where more stands, if anywhere: a ``page``, or the folder of the log
    undo      how originals are had back
    """

    facts: dict[str, Any]
    findings: list[Finding]
    variants: list[Row]
    total: int
    would: bool
    verbose: bool
    read: int
    report: str
    page: bool
    undo: str
    config: str

    @property
    def only_biggest(self) -> bool:
        return not self.verbose and self.total > MOST_LINES


def told_of(heard: Heard, facts: dict[str, Any], options: JobOptions) -> Told:
    """The end of a run of ``cleaner clean``."""
    screen, folder = heard.screen, options.log_folder
    facts = facts | {"flagged_articles": [heard.shown(row) for row in facts["flagged_articles"]]}
    findings, total = heard.findings(), sum(facts["removed"].values())
    if total > MOST_LINES and not screen.verbose:
        findings = findings[:BIGGEST]
    there = folder is not None and folder.exists()
    page = folder is not None and (folder / REPORT).exists()
    return Told(
        facts,
        findings,
        heard.variants if screen.verbose else [],
        total,
        options.only_said or facts["over_limit"],
        screen.verbose,
        heard.read,
        printable(str(folder / REPORT if page and folder is not None else folder)) if there else "",
        page,
        _undo(options, facts),
        screen.config or "defaults and flags",
    )


def _undo(options: JobOptions, facts: dict[str, Any]) -> str:
    """How files cleaned in place are had back, which the command line does not show."""
    if options.mode != "in place" or not facts["changed"]:
        return ""
    return f"cleaner restore {printable(str(options.out or '.'))} -o FOLDER gives the originals back"


def print_summary(told: Told) -> None:
    """To standard error, for a person where there is one.

    A short run that found nothing has a line to say, and does not wait 0.1 s for rich to lay it out.
    """
    if (told.total or "rich" in sys.modules) and on_terminal():
        from cleaner.cli.summary_terminal import draw

        draw(told)
        return
    for line in plain(told):
        tell(line)


def on_terminal() -> bool:
    """Whether a person reads standard error: not a log of CI, which keeps what it shows, nor a dumb terminal."""
    if sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM", "") in ("dumb", "unknown"):
        return False
    if os.environ.get("CI", "").lower() not in ("", "0", "false"):
        return False
    from importlib.util import find_spec

    return find_spec("rich") is not None


def plain(told: Told) -> list[str]:
    """The lines."""
    lines = [finding_line(each.rows, lines=True) for each in told.findings]
    if told.only_biggest:
        lines = [f"{line}, {plural(each.words, 'word')}" for line, each in zip(lines, told.findings, strict=True)]
    lines += [variant_line(row) for row in told.variants]
    if (more := told.total - len(told.findings)) > 0 and not told.verbose:
        lines.append(f"... and {more:,} more, none of them bigger; {where_all(told)} all")
    lines += summary(told.facts, would=told.would, hint=not told.verbose)
    if told.report:
        name = "report" if told.page else "log and report"
        lines.append(f"{name}: {told.report}" + (f" ({told.undo})" if told.undo else ""))
    return lines + settings_and_time(told.facts, Screen(verbose=told.verbose, config=told.config))


def where_all(told: Told) -> str:
    """Who lists all repeats."""
    return "--verbose and the log list" if told.report else "--verbose lists"


def settings_and_time(facts: dict[str, Any], screen: Screen) -> list[str]:
    """Under --verbose."""
    if not screen.verbose:
        return []
    return [f"settings: {screen.config or 'defaults and flags'}", f"time: {phases(facts)}"]
