"""Reviewdog's diagnostic format, with the deletion as a suggestion."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TextIO

from cleaner.findings import Finding, Severity
from cleaner.report.findings import columns, told
from cleaner.report.findings.columns import Span, utf8
from cleaner.report.findings.findings import Findings
from cleaner.report.findings.shown import whole

SEVERITIES: dict[Severity, str] = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


def write(run: Findings, out: TextIO, *, color: bool) -> None:
    """One DiagnosticResult. Reviewdog refuses fields that its version does not know, so only the oldest are used;
    notes have no place in it: see ``WITHOUT_NOTES``."""
    result = {
        "source": {"name": "cleaner"},
        "diagnostics": [_diagnostic(finding, run.texts) for finding in run.findings],
    }
    out.write(json.dumps(result, indent=1))
    out.write("\n")


def _diagnostic(finding: Finding, texts: Mapping[str, str]) -> dict[str, Any]:
    here, text = finding.here, texts.get(finding.here.path)
    # Without columns a range is of whole lines, the last one included.
    whole_lines = {"start": {"line": here.line}, "end": {"line": columns.last_line(here)}}
    told_range = whole_lines if text is None else _range(columns.span_of(here, text, utf8))
    return {
        "message": told.message(finding),
        "location": {"path": whole(here.path), "range": told_range},
        "severity": SEVERITIES[finding.severity],
        "code": {"value": finding.rule},
    } | (_suggestion(finding, text) if finding.cut is not None and text is not None else {})


def _suggestion(finding: Finding, text: str) -> dict[str, Any]:
    assert finding.cut is not None
    span = columns.cut_span(finding.cut, finding.here, text, utf8)
    return {"suggestions": [{"range": _range(span), "text": ""}]}


def _range(span: Span) -> dict[str, Any]:
    """Columns in bytes of UTF-8 from 1, the end behind the last one."""
    return {
        "start": {"line": span.line, "column": span.column},
        "end": {"line": span.last_line, "column": span.last_column},
    }
