"""SARIF 2.1.0, as GitHub's code scanning and editors read it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from cleaner.findings import SEVERITIES, Finding, Note, Region, Severity
from cleaner.phases.check.rules import RULES, Rule
from cleaner.report.findings import told
from cleaner.report.findings.columns import Span, Width, cut_span, span_of, utf16
from cleaner.report.findings.findings import Findings
from cleaner.report.findings.shown import file_name, file_uri, uri_path, visible

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}
MOST_RESULTS = 25_000
"""Results of a run; GitHub refuses a file with more."""
MOST_PLACES = 1_000
"""Places of a result, its own included; GitHub refuses a file with more."""
MOST_BYTES = 10_000_000
"""Of the file, compressed by gzip; GitHub refuses more."""
ROOT = "%SRCROOT%"
FINGERPRINT = "cleaner/v1"
"""Of what a finding says. GitHub's upload action adds its own, of lines; one of ours by that name it would warn of."""


def write(run: Findings, out: TextIO, *, color: bool) -> None:
    """One log with one run. What GitHub would refuse is left out, the least grave first, and said in a notification."""
    width = utf16 if _has_texts(run) else len
    rows = told.numbered(run.findings)
    order = sorted(range(len(rows)), key=lambda at: SEVERITIES.index(rows[at][0].severity))[:MOST_RESULTS]
    text = _log(run, [rows[at] for at in sorted(order)], width)
    while order and (size := _size(text)) > MOST_BYTES:
        order = order[: int(len(order) * MOST_BYTES / size * 0.95)]
        text = _log(run, [rows[at] for at in sorted(order)], width)
    out.write(f"{text}\n")


def _size(text: str) -> int:
    """Bytes after gzip, or before where that is little enough."""
    return len(text) if len(text) <= MOST_BYTES else len(zlib.compress(text.encode("ascii"))) + 12


def _has_texts(run: Findings) -> bool:
    """Whether columns can be counted in UTF-16 everywhere; a run has one unit."""
    return all(region.path in run.texts for finding in run.findings for region in (finding.here, *told.places(finding)))


def _log(run: Findings, rows: Sequence[tuple[Finding, int]], width: Width) -> str:
    driver = {
        "name": "cleaner",
        "version": run.version,
        "rules": [_rule(rule) for rule in RULES.values()],
    }
    only = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits" if width is utf16 else "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"uri": file_uri(run.root)}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [_notification(note) for note in (*run.notes, *_limits(run, rows))],
            }
        ],
        "results": [_result(finding, number, run, width) for finding, number in rows],
        "properties": {"files": run.files, "ignored": run.ignored, "baselined": run.baselined},
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [only]}, separators=(",", ":"))


def _limits(run: Findings, rows: Sequence[tuple[Finding, int]]) -> Iterable[Note]:
    """What this file does not hold."""
    if run.hidden:
        yield Note(None, None, told.hidden(run), "")
    if left := len(run.findings) - len(rows):
        text = f"{told.plural(left, 'finding')} left out: GitHub takes {MOST_RESULTS:,} and {MOST_BYTES // 10**6} MB"
        yield Note(None, None, text, "--format json has all")
    if any(len(told.places(finding)) >= MOST_PLACES for finding, _ in rows):
        text = f"of a finding with more places the first {MOST_PLACES:,} are here: GitHub takes no more"
        yield Note(None, None, text, "--format json has all")


def _rule(rule: Rule) -> dict[str, Any]:
    level = {"error": "error", "warning": "warning", "info": "recommendation"}[rule.severity]
    return {
        "id": rule.name,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {
            "text": f"{rule.why}\n\n{rule.cure}\n\n{rule.silence}",
            "markdown": _markdown(rule),
        },
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": ["duplication", "documentation"], "problem.severity": level},
    }


def _markdown(rule: Rule) -> str:
    """Fenced, since comments and components would vanish from Markdown that is not code."""
    cure, silence = (f"~~~~text\n{text}\n~~~~" for text in (rule.cure, rule.silence))
    return f"{rule.why}\n\n**What to do**\n\n{cure}\n\n**To silence it**\n\n{silence}"


def _result(finding: Finding, number: int, run: Findings, width: Width) -> dict[str, Any]:
    related = told.places(finding)[: MOST_PLACES - 1]
    known = {"ruleIndex": list(RULES).index(finding.rule)} if finding.rule in RULES else {}
    return {
        "ruleId": finding.rule,
        **known,
        "level": LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": [{"physicalLocation": _physical(finding.here, run, width)}],
        "relatedLocations": [
            {
                "id": at,
                "physicalLocation": _physical(region, run, width),
                "message": {"text": "also here"},
            }
            for at, region in enumerate(related, 1)
        ],
        "partialFingerprints": {FINGERPRINT: f"{finding.key}:{number}"},
        "properties": {"words": finding.words, "similarity": finding.similarity},
        **_fix(finding, run, width),
    }


def _message(finding: Finding) -> str:
    """The sentence and links to the other places by their ids: ``Repeats the paragraph above (also [line 3](1))``"""
    others = told.places(finding)
    named = [f"[{_literal(_place(region, finding.here))}]({at})" for at, region in enumerate(others[: told.NAMED], 1)]
    more = f" and {len(others) - len(named):,} more" if len(others) > len(named) else ""
    return told.sentence(_literal(visible(finding.message)), f"also {', '.join(named)}{more}" if named else "")


def _place(region: Region, here: Region) -> str:
    return f"line {region.line}" if region.path == here.path else f"{file_name(region.path)}:{region.line}"


def _literal(text: str) -> str:
    """Brackets make links and braces placeholders in a message (SARIF 2.1.0, 3.11.5 and 3.11.6)."""
    for sign in "\\[]":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("{", "{{").replace("}", "}}")


def _fix(finding: Finding, run: Findings, width: Width) -> dict[str, Any]:
    text = run.texts.get(finding.here.path)
    if finding.cut is None or text is None:
        return {}
    deleted = {"deletedRegion": _region(cut_span(finding.cut, finding.here, text, width))}
    change = {"artifactLocation": _artifact(finding.here.path), "replacements": [deleted]}
    flag = "--fix" if finding.safe else "--fix --unsafe-fixes"
    return {"fixes": [{"description": {"text": f"Take it out, as {flag} does"}, "artifactChanges": [change]}]}


def _physical(region: Region, run: Findings, width: Width) -> dict[str, Any]:
    span = Span(region.line, region.column, region.last_line, region.last_column)
    if width is not len:
        span = span_of(region, run.texts[region.path], width)
    return {"artifactLocation": _artifact(region.path), "region": _region(span)}


def _artifact(path: str) -> dict[str, Any]:
    return {"uri": uri_path(path), "uriBaseId": ROOT}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.last_line,
        "endColumn": span.last_column,
    }


def _notification(note: Note) -> dict[str, Any]:
    told_note: dict[str, Any] = {"level": "note", "message": {"text": _literal(told.note(note))}}
    if note.path is not None:
        physical: dict[str, Any] = {"artifactLocation": _artifact(note.path)}
        if note.line is not None:
            physical["region"] = {"startLine": note.line}
        told_note["locations"] = [{"physicalLocation": physical}]
    return told_note
