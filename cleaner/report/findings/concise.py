"""One line a finding, as compilers write them, so that editors jump there."""

from __future__ import annotations

from typing import TextIO

from cleaner.findings import Finding, Severity
from cleaner.report.findings import told
from cleaner.report.findings.findings import Findings
from cleaner.report.findings.shown import file_name, file_uri, uri_path

BOLD, DIM, RED, GREEN = "1", "2", "31", "32"
_COLORS: dict[Severity, str] = {"error": "1;31", "warning": "1;33", "info": "1;36"}


def write(run: Findings, out: TextIO, *, color: bool) -> None:
    """``path:line:col: severity rule: message (also line N)``, then notes and a summary."""
    for finding in run.findings:
        out.write(f"{line(finding, run.root, color)}\n")
    end(run, out, color)


def line(finding: Finding, root: str, color: bool) -> str:
    """The line of one finding; colours and a link to the file with ``color`` only."""
    here = finding.here
    place = f"{file_name(here.path)}:{here.line}:{here.column}:"
    if color:
        place = linked(painted(place, BOLD), f"{file_uri(root)}{uri_path(here.path)}")
    severity = painted(finding.severity, _COLORS[finding.severity]) if color else finding.severity
    return f"{place} {severity} {finding.rule}: {told.message(finding)}"


def end(run: Findings, out: TextIO, color: bool) -> None:
    """Notes and the summary."""
    for each in told.beside(run):
        out.write(f"{painted(each, DIM) if color else each}\n")
    out.write(f"{painted(told.summary(run), BOLD) if color else told.summary(run)}\n")


def painted(text: str, style: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m"


def linked(text: str, uri: str) -> str:
    """``text`` as a link (OSC 8); terminals that do not know links show the text."""
    return f"\x1b]8;;{uri}\x1b\\{text}\x1b]8;;\x1b\\"
