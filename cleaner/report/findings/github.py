"""GitHub's workflow commands: annotations beside the changed lines of a pull request."""

from __future__ import annotations

from typing import TextIO

from cleaner.findings import SEVERITIES, Finding, Severity
from cleaner.report.findings import columns, told
from cleaner.report.findings.findings import Findings
from cleaner.report.findings.shown import visible

SHOWN = 10
"""Annotations of each severity that GitHub shows for a step; the rest stands in the log only."""
COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}


def write(run: Findings, out: TextIO, *, color: bool) -> None:
    """A command a finding, the gravest first, since only the first of them are shown; then notes and a summary.

    Each line that holds anything from a file is a command: the runner looks for commands in all others.
    """
    counts = told.count(run.findings)
    for severity in SEVERITIES:
        for finding in run.findings:
            if finding.severity == severity:
                out.write(f"{_command(finding)}\n")
    for note in run.notes:
        place = {"file": note.path, "line": note.line} if note.path is not None else {}
        out.write(f"{command('notice', place, f'{told.note_place(note)}{told.note(note)}')}\n")
    if over := [told.plural(counts[severity], severity) for severity in SEVERITIES if counts[severity] > SHOWN]:
        out.write(f"note: {', '.join(over)}; GitHub shows {SHOWN} of each beside the lines, this log has them all\n")
    if run.hidden:
        out.write(f"{told.hidden(run)}\n")
    out.write(f"{told.summary(run)}\n")


def _command(finding: Finding) -> str:
    here, last = finding.here, columns.last_line(finding.here)
    place: dict[str, str | int | None] = {"file": here.path, "line": here.line, "endLine": last}
    if last == here.line == here.last_line:  # GitHub refuses columns where lines differ
        place |= {"col": here.column, "endColumn": here.last_column}
    place["title"] = f"cleaner: {finding.rule}"
    return command(COMMANDS[finding.severity], place, _said(finding))


def _said(finding: Finding) -> str:
    """The log shows this part only, so the place is told again."""
    here = finding.here
    return f"{visible(here.path)}:{here.line}:{here.column}: {finding.rule}: {told.message(finding)}"


def command(name: str, properties: dict[str, str | int | None], said: str) -> str:
    """``::name key=value,key=value::said``, escaped as the runner takes it apart."""
    pairs = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items() if value is not None)
    return f"::{name}{' ' if pairs else ''}{pairs}::{_data(said)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """As data, and the signs that part properties. Other control characters have no escape: they are shown."""
    escaped = _data(text).replace(":", "%3A").replace(",", "%2C")
    return visible(escaped)
