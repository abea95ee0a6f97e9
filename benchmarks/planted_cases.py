"""What came of planted cases beyond what eval/score.py counts: why a repeat is left, and what only seems to be lost."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]

SHOWN = 160  # characters of a text that the lists give
SILENT = "nothing said"


def rows(file: Path) -> Iterator[Row]:
    with file.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def counted(folder: Path) -> tuple[dict[str, Counter[str]], list[Row]]:
    """Counts by category to lay over those of eval/score.py, and each planted repeat that is left.

    ``folder`` has truth.jsonl and cases.jsonl as eval/plant.py wrote them, and the run over it in ``out``. The counts:

    same value   texts that count as gone though they are there with their digits in another script: a number was
                 "changed" from one script's 1 to another's, an immaterial difference
    doubled      texts that count as gone or lost and are there but for a sentence that they said twice themselves:
                 that repeat was in the article before anything was planted
    left: RULE   repeats that are left, by what the log says of them
    """
    found: dict[str, Counter[str]] = {}
    left = []
    before = {row["id"]: row["text"] for row in rows(folder / "cases.jsonl")}
    after = {row["id"]: row["text"] for row in rows(folder / "out" / "cases.jsonl")}
    variants: dict[str, list[Row]] = {}
    for row in rows(folder / "out" / "_cleaner" / "variants.jsonl"):
        variants.setdefault(row["id"], []).append(row)
    for case in rows(folder / "truth.jsonl"):
        name, text = case["id"], after.get(case["id"], "")
        counts = found.setdefault(case["category"], Counter())
        counts.update(seeming(text, case))
        for versions in case["once"]:
            if times(text, versions) > 1:
                rule, differences = next(rules(before[name], versions, variants.get(name, [])), (SILENT, []))
                counts[f"left: {rule}"] += 1
                row = {"id": name, "lang": case["lang"], "rule": rule, "differences": differences}
                row["text"] = versions[0][:SHOWN]
                left.append(row)
    return found, left


def seeming(text: str, case: Row) -> Iterator[str]:
    """``same value`` or ``doubled`` for each text of ``case`` that counts as gone or lost and is neither."""
    missing = [versions[0] for versions in case["once"] if times(text, versions) == 0]
    for item in case["keep"]:
        plain = item.removeprefix("2@")
        if not item.startswith("#") and one_spaced(plain) not in one_spaced(text):
            if by_value(plain) in by_value(text):
                yield "same value"
            else:
                missing.append(plain)
    for each in missing:
        if any(key(said) in key(text) for said in without_own_repeats(each)):
            yield "doubled"


def rules(before: str, versions: list[str], variants: list[Row]) -> Iterator[tuple[str, list[str]]]:
    """Rule and differences of what the log reports of a repeat: where the one stands in the other."""
    wanted = {key(version) for version in versions}
    for row in variants:
        reported = key(before[row["start"] : row["end"]])
        if any(reported in each or each in reported for each in wanted):
            differences = [f"{each['name']} {each['here']!r} / {each['witness']!r}" for each in row["differences"]]
            yield row["rule"], differences


def times(text: str, versions: list[str]) -> int:
    """How often any version is in the text, as eval/score.py counts: by letters and digits."""
    flat = key(text)
    return sum(flat.count(each) for each in {key(version) for version in versions})


def without_own_repeats(text: str) -> Iterator[str]:
    """``text`` without the sentences that it says twice itself: the later ones gone, and the earlier ones."""
    sentences = [each for each in re.split(r"(?<=[.!?。！？])", text) if key(each)]
    keys = [key(each) for each in sentences]
    if len(set(keys)) < len(keys):
        yield "".join(each for n, each in enumerate(sentences) if keys[n] not in keys[:n])
        yield "".join(each for n, each in enumerate(sentences) if keys[n] not in keys[n + 1 :])


def key(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def by_value(text: str) -> str:
    return "".join(str(unicodedata.decimal(c, c)) for c in one_spaced(text))


def one_spaced(text: str) -> str:
    return " ".join(text.split())
