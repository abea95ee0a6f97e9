"""Sentences about findings that several formats share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from cleaner.findings import SEVERITIES, Finding, Note, Region, Severity
from cleaner.report.findings.findings import Findings
from cleaner.report.findings.shown import file_name, visible

NAMED = 5
"""Further places that a line names; json and sarif have all."""


def places(finding: Finding) -> tuple[Region, ...]:
    """All other places of a finding, the witness first."""
    return (finding.there, *finding.more) if finding.there else finding.more


def message(finding: Finding) -> str:
    """The sentence and the other places: ``Repeats the paragraph above (also line 3).``"""
    return sentence(visible(finding.message), _also(finding))


def sentence(said: str, also: str) -> str:
    """``also`` in brackets, before the full stop."""
    if not also:
        return said
    return f"{said[:-1]} ({also})." if said.endswith(".") else f"{said} ({also})"


def _also(finding: Finding) -> str:
    others = places(finding)
    own = [region.line for region in others if region.path == finding.here.path]
    named = [f"{'line' if len(own) == 1 else 'lines'} {_and(own[:NAMED])}"] if own else []
    far = [f"{file_name(region.path)}:{region.line}" for region in others if region.path != finding.here.path]
    named += far[: max(NAMED - len(own), 0)]
    left = len(others) - min(len(own), NAMED) - len(far[: max(NAMED - len(own), 0)])
    return f"also {', '.join(named)}" + (f" and {left:,} more" if left else "") if others else ""


def _and(numbers: Sequence[int]) -> str:
    return str(numbers[0]) if len(numbers) == 1 else f"{', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def note(each: Note) -> str:
    """What it says and the way out."""
    return visible(f"{each.text}; {each.fix}" if each.fix else each.text)


def note_place(each: Note) -> str:
    """``path:line: `` of a note, as far as it has one."""
    if each.path is None:
        return ""
    return f"{file_name(each.path)}: " if each.line is None else f"{file_name(each.path)}:{each.line}: "


def hidden(run: Findings) -> str:
    """How many older findings are left out, and how to see them; empty where there are none."""
    if not run.hidden:
        return ""
    stand = "older finding is" if run.hidden == 1 else "older findings are"
    return f"{run.hidden:,} {stand} not shown; cleaner check without --new shows them"


def beside(run: Findings) -> list[str]:
    """Lines on what is no finding: notes, and what is hidden."""
    lines = [f"{note_place(each)}note: {note(each)}" for each in run.notes]
    return [*lines, hidden(run)] if run.hidden else lines


def summary(run: Findings) -> str:
    """``2 errors and 1 warning in 45 files (3 ignored)``"""
    counts = count(run.findings)
    found = [plural(counts[severity], severity) for severity in SEVERITIES if counts[severity]]
    told = " and ".join(filter(None, [", ".join(found[:-1]), found[-1]])) if found else "no findings"
    left = [f"{number:,} {what}" for number, what in _left(run) if number]
    return f"{told} in {plural(run.files, 'file')}" + (f" ({', '.join(left)})" if left else "")


def _left(run: Findings) -> list[tuple[int, str]]:
    return [(run.hidden, "older not shown"), (run.ignored, "ignored"), (run.baselined, "in the baseline")]


def count(findings: Iterable[Finding]) -> Counter[Severity]:
    """Findings by severity."""
    return Counter(finding.severity for finding in findings)


def plural(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 or word == "info" else f"{number:,} {word}s"


def numbered(findings: Iterable[Finding]) -> list[tuple[Finding, int]]:
    """Each finding with its number, from 1, among those of its file that say the same."""
    seen: Counter[tuple[str, str, str]] = Counter()
    rows = []
    for finding in findings:
        name = (finding.here.path, finding.rule, finding.key)
        seen[name] += 1
        rows.append((finding, seen[name]))
    return rows
