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
        f"{round(result['seconds'] / 60)} minutes, which is "
        f"{number(round(60 * sum(row['inputs'] for row in result['rows']) / result['seconds']))} a minute.\n"
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
    inputs = sum(row["inputs"] for row in result["rows"])
    by_promise = {
        name: sum(known[limit] for limit in result["limits by promise"].get(name, ())) for name in result["promises"]
    }
    yield "What is promised, how many inputs broke it by a known limit, and how many otherwise:\n"
    promised = [
        [text, number(by_promise[name]), share(by_promise[name], inputs, 2), number(failed[name])]
        for name, text in result["promises"].items()
    ]
    yield table(["promise", "known limit", "of all inputs", "failures"], promised)
    yield "Known limits (`tests/attack/limits.py`):\n"
    yield table(["limit", "met", "what it is"], [[n, number(known[n]), why] for n, why in result["limits"].items()])


def with_attack(page: str, result: Result) -> str:
    """``page`` with its table made anew."""
    return filled(page, BEGIN, END, "\n".join(of_attack(result)))
