"""What a run did, as Markdown for a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from heapq import nlargest
from typing import Any

from cleaner.report.cases import case_of, told_around
from cleaner.report.figures import LOOKS, Figures, figures_of, reasons_of
from cleaner.report.findings.shown import visible
from cleaner.report.log import Repeat, RunLog
from cleaner.report.page.facts import banners, problems, sentence
from cleaner.report.phrases import number
from cleaner.report.table import difference, place
from cleaner.report.words import KEPT, RULES
from cleaner.report.words import LOOKS as LOOK_WORDS

SHOWN = 10
"""Cases of each kind: what fits into a comment; the log has all of them."""
LONGEST = 240
"""Characters of a text: three lines of a comment."""


def markdown(log: RunLog) -> str:
    """The comment; no text of the data is read as markup, mention or link in it."""
    found = figures_of(log)
    lines = ["### cleaner: what went, and why", "", sentence(log, found), ""]
    for banner in banners(log):
        lines += [f"> {banner}", ""]  # or the table behind would be read as part of it
    lines += [*_table(found), *_problems(log), *_look(log, found), *_variants(log, found)]
    where = code(f"cleaner restore {log.folder.parent} -o originals", most=10_000)
    return "\n".join([*lines, "", f"Back again: {where}. All cases: {code('_cleaner/report.html')} there.", ""])


def _table(found: Figures) -> Iterator[str]:
    if not found.shapes:
        return
    yield from ("| removed | repeats | words |", "|---|--:|--:|")
    for (shape, level), amount in sorted(found.shapes.items(), key=lambda each: -each[1].words):
        name = f"{shape}, {level}" if level else shape
        yield f"| {name} | {number(amount.repeats)} | {number(amount.words)} |"


def _problems(log: RunLog) -> Iterator[str]:
    told = problems(log.facts)
    if told:
        yield from ("", f"**Not cleaned, or left undecided** ({len(told)})", "")
        yield from (f"- {code(each)}" for each in told[:SHOWN])
        if len(told) > SHOWN:
            yield f"- and {len(told) - SHOWN} more"


def _look(log: RunLog, found: Figures) -> Iterator[str]:
    if not found.to_look.repeats:
        return
    around = told_around(log, "removal")
    first = nlargest(SHOWN, (each for each in log.removals() if reasons_of(each)), key=_weight)
    yield from ("", f"<details><summary>Removed, but look: {number(found.to_look.repeats)}</summary>", "")
    for repeat in first:
        case = case_of(repeat, around)
        why = "; ".join(LOOK_WORDS[reason][0] for reason in case["look"])
        rules = ", ".join(RULES.get(rule, rule) for rule in case.get("rules", ())) or "word for word"
        yield f"- {_place(case)}: {case['shape']} repeats {_there(case)} ({rules}). **{why}**<br>{_text(case)}"
    if found.to_look.repeats > SHOWN:
        yield f"- and {number(found.to_look.repeats - SHOWN)} more"
    yield from ("", "</details>")


def _weight(repeat: Repeat) -> tuple[int, int]:
    return sum(len(LOOKS) - LOOKS.index(reason) for reason in reasons_of(repeat)), repeat.words


def _variants(log: RunLog, found: Figures) -> Iterator[str]:
    if not found.variants:
        return
    yield from ("", f"<details><summary>Nearly the same, and kept: {number(found.variants)}</summary>", "")
    for repeat, _ in zip(log.variants(), range(SHOWN), strict=False):
        case = case_of(repeat, {})
        rule = case.get("rules", ["differs"])[0]
        told = [code(difference(each)) for span in case["spans"] for each in span.get("d", ())[:3]]
        reason = "; ".join([KEPT.get(rule, RULES.get(rule, rule)), *told])
        yield f"- {_place(case)} is like {_there(case)}: {reason}<br>{_text(case)}"
    if found.variants > SHOWN:
        yield f"- and {number(found.variants - SHOWN)} more"
    yield from ("", "</details>")


def _place(case: dict[str, Any]) -> str:
    return code(place(case))


def _there(case: dict[str, Any]) -> str:
    return code(place(case["spans"][0]["witness"]))


def _text(case: dict[str, Any]) -> str:
    text = " ".join(str(case["spans"][0]["text"]).split())
    return code(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


def code(text: str, most: int = LONGEST) -> str:
    """Text as a code span, in which neither markup nor mentions are read; on one line, hidden signs as their code.

    Of more than ``most`` characters the beginning and the end: a comment takes 65,536 in all.
    """
    text = visible(text)
    text = text if len(text) <= most else f"{text[: most * 2 // 3]}…{text[-most // 3 + 1 :]}"
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    edge = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{edge}{text}{edge}{fence}" if text else ""
