"""Pieces of docs/figures.md: Markdown tables, numbers, and what stands under each section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

Result = dict[str, Any]


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Markdown; the first column to the left, the others to the right."""
    names = list(head)
    lines = [names, [":--", *["--:"] * (len(names) - 1)], *([str(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def share(part: int, whole: int, digits: int = 2) -> str:
    return f"{100 * part / whole:.{digits}f} %" if whole else "-"


def number(value: float) -> str:
    return f"{value:,}"


def conditions(result: Result) -> str:
    """When and where, in one line under a section."""
    load = result.get("load average before and after", result.get("load average"))
    loads = " to ".join(map(str, load if isinstance(load, list) else [load]))
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    machine = f"{result['machine']['cpus']} cores, {result['machine']['architecture']}"
    date = f"{result['date']}; " if "date" in result else ""
    return f"Measured: {date}{machine}; load average {loads}; {versions}.\n"


def digests(result: Result) -> str:
    each = ", ".join(f"{name} `{digest}`" for name, digest in result["digests"].items())
    return f"Digests (SHA-256, 16 digits): {each}.\n"


def shortfalls(result: Result) -> Iterator[str]:
    if missed := result["short of target"]:
        yield "**Short of its target:** " + "; ".join(missed) + ".\n"
    else:
        yield "Every target is met.\n"


def filled(page: str, begin: str, end: str, made: str) -> str:
    """``page`` with ``made`` between the two comments that mark its place."""
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n\n{made}\n{end}{after}"
