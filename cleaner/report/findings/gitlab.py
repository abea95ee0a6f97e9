"""GitLab's Code Quality report (https://docs.gitlab.com/ci/testing/code_quality/)."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, TextIO

from cleaner.findings import Finding, Severity
from cleaner.report.findings import columns, told
from cleaner.report.findings.findings import Findings
from cleaner.report.findings.shown import whole

SEVERITIES: dict[Severity, str] = {"error": "major", "warning": "minor", "info": "info"}
"""``critical`` and ``blocker`` are for what breaks a program."""


def write(run: Findings, out: TextIO, *, color: bool) -> None:
    """A list of issues. Notes have no place in it: see ``WITHOUT_NOTES``."""
    out.write(json.dumps([_issue(finding, number) for finding, number in told.numbered(run.findings)], indent=1))
    out.write("\n")


def _issue(finding: Finding, number: int) -> dict[str, Any]:
    here = finding.here
    return {
        "description": told.message(finding),
        "check_name": finding.rule,
        "fingerprint": _fingerprint(finding, number),
        "severity": SEVERITIES[finding.severity],
        "location": {"path": whole(here.path), "lines": {"begin": here.line, "end": columns.last_line(here)}},
    }


def _fingerprint(finding: Finding, number: int) -> str:
    """Of the file and of what it says, not of the line; GitLab shows only the first of several equal ones."""
    name = "\0".join((finding.rule, finding.here.path, finding.key, str(number)))
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
