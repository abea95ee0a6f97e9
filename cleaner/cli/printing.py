"""What a person sees: lines for the terminal, with nothing in them that data could use to act on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


def findings(rows: Iterable[Row]) -> list[list[Row]]:
    """Rows of removed spans by repeat: the spans of one block are one finding, in the order of the text."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["file"], row["record"], row["block"]), []).append(row)
    return list(groups.values())


def finding_line(rows: Sequence[Row]) -> str:
    """``file:8: block of 5 paragraphs repeats line 3 (exact)``"""
    first = rows[0]
    whole = [row for row in rows if _text(row).strip()] or rows[:1]
    names = sorted({name for row in rows for name in row["rule"].split("+")} - {"identical"})
    reason = f"{_level(rows)}: {', '.join(names)}" if names else _level(rows)
    return f"{place(first)}: {_what(whole)} repeats line {witness_line(whole[0])} ({reason})"


def variant_line(row: Row) -> str:
    """``file:8: variant of line 3, kept: number 5/6``"""
    reason = REASONS.get(row["rule"], row["rule"])
    shown = ", ".join(_difference(d) for d in row["differences"][:3])
    more = len(row["differences"]) - 3
    tail = f": {shown}" + (f" and {more} more" if more > 0 else "") if shown else ""
    return f"{place(row)}: {row['shape']} like line {witness_line(row)}, kept, {reason}{tail}"


REASONS = {
    "differs": "something in it differs",
    "parallel": "a row of parallel sections",
    "item": "an item that belongs to those around it",
    "protected": "it is protected",
    "beside": "what stands beside it differs",
    "level": "the level allows no such difference",
}


def place(row: Row) -> str:
    """``file:line``, and in a record the line of its text: ``dump.jsonl:17 (id x, line 4)``."""
    where = f"{printable(row['file'])}:{row['line']}"
    if row["record"] is None:
        return where
    ident = f"id {printable(str(row['id']))}, " if row["id"] is not None else ""
    return f"{where} ({ident}line {row['text_line']})"


def witness_line(row: Row) -> int:
    witness = row["witness"]
    return int(witness["line"] if row["record"] is None else witness["text_line"])


def _what(rows: Sequence[Row]) -> str:
    if len(rows) > 1:
        return f"block of {len(rows)} paragraphs"
    return str(rows[0]["shape"]) if rows[0]["shape"] != "block" else "paragraph"


def _level(rows: Sequence[Row]) -> str:
    levels = {row["level"] for row in rows}
    return next(level for level in ("similar", "copy", "exact") if level in levels)


def _difference(difference: Row) -> str:
    here, there = printable(difference["here"]), printable(difference["witness"])
    return f"{difference['name']} {_short(here)} / {_short(there)}"


def _short(text: str) -> str:
    return repr(text if len(text) <= 30 else text[:29] + "…")


def _text(row: Row) -> str:
    return str(row.get("text", "x"))


def summary(report: Mapping[str, Any]) -> str:
    """One or two lines about a run."""
    removed = [plural(count, shape) for shape, count in report["removed"].items() if count]
    words = f"{report['removed_words']:,} of {report['words']:,} words, {report['removed_share']:.1%}"
    what = f"removed {_and(removed)} ({words})" if removed else "nothing said twice"
    lines = [
        f"{plural(report['articles'], 'article')}, {plural(report['paragraphs'], 'paragraph')}: {what}"
        f"; {plural(report['variants'], 'variant')} kept"
    ]
    skipped = sum(report["skipped"].values())
    if skipped:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in report["skipped"].items())
        lines.append(f"left as they were: {skipped:,} ({reasons})")
    if report["capped"]:
        lines.append(
            f"{plural(report['capped'], 'run')} of words so common that only first and latest places were paired"
        )
    return "\n".join(lines)


def phases(report: Mapping[str, Any]) -> str:
    """The time of each phase, in seconds."""
    return ", ".join(f"{phase} {seconds:.2f} s" for phase, seconds in report["seconds"].items())


def plural(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
