"""Golden cases, readable and easy to add: tests/cases/README.md says how one is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pytest

from cleaner.plan import clean_texts
from cleaner.settings import Settings
from cleaner.types import Outcome, Removal

FOLDER = Path(__file__).parent / "cases"
KNOWN = ("input", "output", "findings")
_fence = re.compile(r"^~~~~ (\w+)\n(.*?)^~~~~$", re.MULTILINE | re.DOTALL)
_option = re.compile(r"^([a-z-]+): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    title: str
    reason: str
    source: str
    expected: str
    findings: list[str]
    settings: Settings
    text_format: str
    known_failure: str
    where: str = field(compare=False, default="")


def cases_of(path: Path) -> Iterator[Case]:
    text = path.read_text(encoding="utf-8")
    fenced = [match.span() for match in _fence.finditer(text)]
    titles = [m.start() for m in re.finditer(r"^# ", text, re.MULTILINE)]
    starts = [at for at in titles if not any(a < at < b for a, b in fenced)]
    yield from (case_of(text[a:b], path.name) for a, b in pairwise([*starts, len(text)]))


def case_of(part: str, where: str) -> Case:
    title = part[2:].split("\n")[0]
    blocks = dict(_fence.findall(part))
    head = part[: part.index("~~~~")]
    options = dict(_option.findall(head))
    reason = _option.sub("", head.split("\n", 1)[1]).strip()
    assert reason, f"{where}: {title}: say what must hold and why"
    assert blocks.keys() <= set(KNOWN), f"{where}: {title}: blocks are {', '.join(KNOWN)}"
    settings = {
        name.replace("-", "_"): (value,) if name == "protect" else int(value) if value.isdigit() else value
        for name, value in options.items()
        if name not in ("text-format", "line-ends", "final-newline", "known-failure")
    }

    def text(name: str) -> str:
        content: str = blocks[name]
        if options.get("final-newline") == "no":
            content = content.removesuffix("\n")
        return content.replace("\n", "\r\n") if options.get("line-ends") == "crlf" else content

    return Case(
        title,
        reason,
        text("input"),
        text("output" if "output" in blocks else "input"),
        blocks.get("findings", "").splitlines(),
        Settings.of(settings),
        options.get("text-format", "plain"),
        options.get("known-failure", ""),
        where,
    )


def lines(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}-{last}"


def findings_of(text: str, outcome: Outcome) -> list[str]:
    """One line a block and one a variant: where, shape, rule, and where the witness stands."""
    blocks: dict[int, list[Removal]] = {}
    for r in outcome.removed:
        blocks.setdefault(r.block, []).append(r)

    def witness(start: int, end: int) -> str:
        return lines(text.count("\n", 0, start) + 1, text.count("\n", 0, end - 1) + 1)

    found = []
    for rs in blocks.values():
        rule = "+".join(sorted({name for r in rs for name in r.rule.split("+")} - {"identical"})) or "identical"
        place = lines(min(r.line for r in rs), max(r.last_line for r in rs))
        seen = witness(min(r.witness.start for r in rs), max(r.witness.end for r in rs))
        found.append(f"{place} {rs[0].shape} {rule} <- {seen}")
    for v in outcome.variants:
        found.append(f"variant {lines(v.line, v.last_line)} {v.rule} <- {witness(v.witness.start, v.witness.end)}")
    return found


CASES = [case for path in sorted(FOLDER.glob("*.md")) if path.name != "README.md" for case in cases_of(path)]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.where}: {case.title}" for case in CASES])
def test_a_case_comes_out_as_a_careful_editor_would_leave_it(case: Case, request: pytest.FixtureRequest) -> None:
    if case.known_failure:
        request.applymarker(pytest.mark.xfail(strict=True, reason=case.known_failure))
    (outcome,) = clean_texts([case.source], case.settings, case.text_format)
    assert outcome.text == case.expected, f"{case.reason}\nfound: {findings_of(case.source, outcome)}"
    assert findings_of(case.source, outcome) == case.findings


def test_a_case_that_comes_out_otherwise_fails() -> None:
    case = CASES[0]
    (outcome,) = clean_texts([case.source], case.settings, case.text_format)
    assert outcome.text != case.source
    assert findings_of(case.source, outcome) != []


def test_there_are_cases_of_what_goes_and_of_what_stays() -> None:
    assert sum(case.source != case.expected for case in CASES) >= 20
    assert sum(case.source == case.expected for case in CASES) >= 20


def test_no_two_cases_have_the_same_title() -> None:
    titles = [case.title for case in CASES]
    assert len(titles) == len(set(titles))
