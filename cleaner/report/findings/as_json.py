"""All of a run as JSON, for programs: what is written can be read back into the same values."""

from __future__ import annotations

import json
from typing import Any, TextIO

from cleaner.findings import Finding, Region
from cleaner.report.findings.findings import Findings

VERSION = 1
"""Goes up when a field changes its meaning or goes; new fields may come at any time."""


def write(run: Findings, out: TextIO, *, color: bool) -> None:
    """One object. Characters outside ASCII are escaped, so that no encoding of a pipe can spoil them."""
    told = {
        "version": VERSION,
        "tool": {"name": "cleaner", "version": run.version},
        "root": run.root,
        "files": run.files,
        "hidden": run.hidden,
        "ignored": run.ignored,
        "baselined": run.baselined,
        "findings": [_finding(finding) for finding in run.findings],
        "notes": [note._asdict() for note in run.notes],
    }
    out.write(json.dumps(told, indent=1))
    out.write("\n")


def _finding(finding: Finding) -> dict[str, Any]:
    nested = {
        "here": _region(finding.here),
        "there": _region(finding.there),
        "more": [_region(region) for region in finding.more],
        "differences": [
            {"name": each.name, "here": each.here, "witness": each.witness, "material": each.material}
            for each in finding.differences
        ],
    }
    return finding._asdict() | nested


def _region(region: Region | None) -> dict[str, Any] | None:
    return None if region is None else region._asdict()
