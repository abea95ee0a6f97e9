"""Phrases that the terminal and the pages share: where something stands, how much it is, what was left undecided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Row = Mapping[str, Any]


def printable(text: str) -> str:
    """``text`` on one line, control and direction characters shown as their code."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _code(c) for c in text)


def _code(c: str) -> str:
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(
        c, f"\\u{ord(c):04x}" if ord(c) < 0x10000 else f"\\U{ord(c):08x}"
    )


def line_of(row: Row) -> int:
    """Line of a span or a witness: in the file, or in a record's text."""
    return int(row["line"] if row["record"] is None else row["text_line"])


def place(row: Row, shown: Callable[[str], str] = printable) -> str:
    """``file:line``, and in a record the line of its text: ``dump.jsonl:17 (id x, line 4)``.

    ``shown`` makes what the data holds safe to look at; as it is, for a terminal.
    """
    where = f"{shown(str(row['file']))}:{row['line']}"
    if row["record"] is None:
        return where
    ident = f"id {shown(str(row['id']))}, " if row["id"] is not None else ""
    return f"{where} ({ident}line {line_of(row)})"


def article(row: Row, shown: Callable[[str], str] = printable) -> str:
    """``a.txt``, or ``dump.jsonl:17 (id x)``; ``shown`` as in ``place``."""
    if row["record"] is None:
        return shown(str(row["file"]))
    ident = f" (id {shown(str(row['id']))})" if row["id"] is not None else ""
    return f"{shown(str(row['file']))}:{row['line']}{ident}"


def percent(share: float) -> str:
    """``44.6%``; a small share gets the digits it needs to be seen, and only all of it is 100%."""
    digits = 1
    while share > 0 and digits < 6 and not round(share * 100, digits):
        digits += 1
    shown = f"{share * 100:.{digits}f}%"
    return "99.9%" if shown == "100.0%" and share < 1 else shown


def number(value: float) -> str:
    return f"{value:,}"


def plural(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def capped(report: Mapping[str, Any]) -> list[str]:
    """What caps left undecided, and stays in the text."""
    corpus, lines = report["corpus"], []
    if report["capped"]:
        lines.append(
            f"{plural(report['capped'], 'run')} of words so common that only first and latest places were paired"
        )
    if report.get("unfinished"):
        from cleaner.settings import MOST_PASSES  # the hook has these phrases, and no settings

        lines.append(
            f"{plural(report['unfinished'], 'article')} with repeats left after {MOST_PASSES} passes: "
            "clean the output again to remove more"
        )
    if corpus.get("capped"):
        lines.append(f"{plural(corpus['capped'], 'paragraph')} with so many versions that not all were compared")
    if corpus.get("left_out"):
        lines.append(
            f"{plural(corpus['hot'], 'bucket')} of near paragraphs so large that {corpus['left_out']:,} pairs "
            "were not compared"
        )
    return lines
