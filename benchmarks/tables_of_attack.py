"""The table of the attack suite in docs/reliability.md, from the stored result of ``make attack``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from page import Result, conditions, filled, number, share, table

BEGIN = "<!-- attack: made by benchmarks/tables.py from benchmarks/results/attack.json, do not edit -->"
END = "<!-- attack: end -->"


def of_attack(result: Result) -> Iterator[str]:
    yield (
        f"Seed {result['seed']}, {number(sum(row['inputs'] for row in result['rows']))} inputs in "
        f"{round(result['seconds'] / 60)} minutes.\n"
    )
    yield conditions(result)
    if short := result["short"]:
        yield f"The time was up before all was done: {', '.join(f'{name} {number(n)}' for name, n in short.items())}.\n"
    rows = [
        [
            row["format"],
            "plain Python" if row["road"] == "python" else "kernels",
            number(row["inputs"]),
            share(row["changed"], row["inputs"], 1),
            number(sum(row["known"].values())),
            number(sum(row["failed"].values())),
        ]
        for row in result["rows"]
    ]
    yield table(["format", "road", "inputs", "with a removal", "known limits met", "failures"], rows)
    failed, known = Counter[str](), Counter[str]()
    for row in result["rows"]:
        failed.update(row["failed"])
        known.update(row["known"])
    yield "What is promised, and how many inputs broke it otherwise than by a known limit:\n"
    yield table(["promise", "failures"], [[text, number(failed[name])] for name, text in result["promises"].items()])
    yield "Known limits, which are counted by themselves (`tests/attack/limits.py`):\n"
    yield table(["limit", "met", "what it is"], [[n, number(known[n]), why] for n, why in result["limits"].items()])


def with_attack(page: str, result: Result) -> str:
    """``page`` with its table made anew."""
    return filled(page, BEGIN, END, "\n".join(of_attack(result)))
