"""What a person sees: lines for the terminal, with nothing in them that data could use to act on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cleaner.phases.removable import PHRASES
from cleaner.report.phrases import Row, article, capped, line_of, percent, place, plural, printable

SHOWN = 40
"""Characters of a differing text that a line shows."""


def quoted(text: str, most: int = SHOWN) -> str:
    """``text`` in quotes and on one line; of a long one its beginning and its end."""
    if len(text) > most:
        text = f"{text[: most * 2 // 3]}…{text[-(most // 3) :]}"
    return f"'{printable(text)}'"


def findings(rows: Iterable[Row]) -> list[list[Row]]:
    """Rows of removed spans by repeat: the spans of one block are one finding, in the order of the text."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["file"], row["record"], row["block"]), []).append(row)
    return list(groups.values())


def finding_line(rows: Sequence[Row], *, lines: bool = False) -> str:
    """``file:8: block of 5 paragraphs repeats line 3 (exact)``

    With ``lines`` for all of it: ``file:8: block of 5 paragraphs, lines 8-12, repeats lines 3-7 (exact)``.
    """
    return f"{place(rows[0])}: {' '.join(told(rows, lines=lines))}"


def told(rows: Sequence[Row], *, lines: bool = True) -> tuple[str, str]:
    """What went, and what says it: ``block of 5 paragraphs, lines 8-12,`` and ``repeats lines 3-7 (exact)``."""
    whole = [row for row in rows if _text(row).strip()] or rows[:1]
    here = [number for row in whole for number in (line_of(row), row["last_line"])]
    there = [number for row in whole for number in (line_of(row["witness"]), row["witness"]["last_line"])]
    what = _what(whole)
    if not lines or _range(here) == _range(there):
        return what, f"repeats {_there(whole[0])} ({_reason(rows)})"
    at = f", {_range(here)}," if min(here) != max(here) else ""
    repeated = _range(there) if _is_own(whole[0]) else _there(whole[0])
    return f"{what}{at}", f"repeats {repeated} ({_reason(rows)})"


def variant_line(row: Row) -> str:
    """``file:8: paragraph is like line 3 but stays: number '6' here, '5' there``"""
    return f"{place(row)}: {row['shape']} is {like(row)}"


def like(row: Row) -> str:
    """Of a variant: ``like line 3 but stays: number '6' here, '5' there``"""
    told = [difference(d) for d in row["differences"][:3]]
    more = len(row["differences"]) - 3
    told += [f"{more} more"] if more > 0 else []
    reason = PHRASES.get(str(row["rule"]), str(row["rule"]))
    shown = "; ".join([reason, *told] if reason else told) or "the words are the same, what stands around them is not"
    return f"like {_there(row)} but stays: {shown}"


def repeats(row: Row) -> str:
    """Of one removed span: ``repeats lines 3-7 (exact)``, ``repeats dump.jsonl:9 (id x, line 2) (copy: quotes)``"""
    witness = row["witness"]
    there = _range([line_of(witness), witness["last_line"]]) if _is_own(row) else place(witness)
    return f"repeats {there} ({_reason([row])})"


def difference(row: Row) -> str:
    """``number '6' here, '5' there``"""
    here, there = row["here"], row["witness"]
    if not there:
        return f"{row['name']} {quoted(here)} only here"
    if not here:
        return f"{row['name']} {quoted(there)} only there"
    return f"{row['name']} {quoted(here)} here, {quoted(there)} there"


def _is_own(row: Row) -> bool:
    """Whether the witness stands in the same article."""
    witness = row["witness"]
    return all(witness.get(name, row.get(name)) == row.get(name) for name in ("file", "record"))


def _there(row: Row) -> str:
    """The witness: its line, or its place where that is another article."""
    return f"line {line_of(row['witness'])}" if _is_own(row) else place(row["witness"])


def _range(lines: Sequence[int]) -> str:
    low, high = min(lines), max(lines)
    return f"line {low}" if low == high else f"lines {low}-{high}"


def _what(rows: Sequence[Row]) -> str:
    if len(rows) > 1:
        return f"block of {len(rows)} paragraphs"
    return str(rows[0]["shape"]) if rows[0]["shape"] != "block" else "paragraph"


def _reason(rows: Sequence[Row]) -> str:
    """The level, and the rules by which the copy differs."""
    levels = {row["level"] for row in rows}
    level = next(level for level in ("similar", "copy", "exact") if level in levels)
    names = sorted({name for row in rows for name in row["rule"].split("+")} - {"identical", level})
    return f"{level}: {', '.join(names)}" if names else level


def _text(row: Row) -> str:
    return str(row.get("text", "x"))


def summary(report: Mapping[str, Any], *, would: bool = False, hint: bool = False) -> list[str]:
    """One to three lines about a run; ``would``: nothing of it was done; ``hint``: how to see the variants."""
    told = report["errors"] or report["interrupted"]
    lines = [] if told and not report["articles"] else [_counted(report, would, hint), *stays(report)]
    skipped = sum(report["skipped"].values())
    if skipped:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in report["skipped"].items())
        lines.append(f"left as they were: {skipped:,} ({reasons})")
    if report.get("left_out"):
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in report["left_out"].items())
        lines.append(f"left out, since they are no articles: {kinds}")
    if report["flagged"]:
        named = flagged_articles(report)
        lines.append(f"{flagged(report)}: {', '.join(named)}")
    if report.get("decisions"):
        lines.append(decided(report["decisions"], would))
    return lines + capped(report)


FLAGGED = 3
"""Articles that lose much of themselves that a summary names."""


def flagged_articles(report: Mapping[str, Any]) -> list[str]:
    """The first of these articles by place, id and share, and where the others are named."""
    rows = report["flagged_articles"][:FLAGGED]
    named = [f"{article(row)} {percent(row['share'])}" for row in rows]
    more = report["flagged"] - len(rows)
    return named + ([f"and {more:,} more: see flagged_articles in the report"] if more > 0 else [])


def flagged(report: Mapping[str, Any]) -> str:
    """Articles that lose much of themselves: somebody should look."""
    share, emptied = report["run"]["flag_share"], report["emptied"]
    wholly = f" ({emptied:,} of them all)" if emptied else ""
    lose, whose = ("loses", "its") if report["flagged"] == 1 else ("lose", "their")
    return f"{plural(report['flagged'], 'article')} {lose} more than {share:.0%} of {whose} words{wholly}"


def decided(counts: Mapping[str, int], would: bool) -> str:
    """What came of decisions, and how many of them met nothing."""
    verb = "would be " if would else ""
    told = f"by decision {plural(counts['kept'], 'span')} {verb}kept and {counts['removed']:,} {verb}removed"
    marks = counts["keep"] + counts["remove"]
    return told + (f"; {counts['unmet']:,} of {plural(marks, 'mark')} met nothing here" if counts["unmet"] else "")


def _counted(report: Mapping[str, Any], would: bool, hint: bool) -> str:
    if not report["articles"]:
        return "no article was found"
    removed = [plural(count, shape) for shape, count in report["removed"].items() if count]
    words = f"{report['removed_words']:,} of {report['words']:,} words, {percent(report['removed_share'])}"
    verb = "would remove" if would else "removed"
    what = f"{verb} {joined(removed)} ({words})" if removed else nothing(report)
    if report["variants"]:
        what += f"; {plural(report['variants'], 'variant')} kept" + (" (--verbose lists them)" if hint else "")
    return f"{plural(report['articles'], 'article')}, {plural(report['paragraphs'], 'paragraph')}: {what}"


def nothing(report: Mapping[str, Any]) -> str:
    """What is said where nothing goes: that nothing is said twice only where no repeat was seen that stays."""
    return "nothing goes" if report.get("stays") or report.get("capped") else "nothing is said twice"


def stays(report: Mapping[str, Any]) -> list[str]:
    """The repeats that stay although no fact differs, with the reasons: one line, or none."""
    counts = report.get("stays")
    if not counts:
        return []
    total = sum(counts.values())
    named = {PHRASES[name] or "what stands around it differs": count for name, count in counts.items()}
    reasons = ", ".join(f"{phrase} ({count:,})" if len(named) > 1 else phrase for phrase, count in named.items())
    return [f"{plural(total, 'repeat')} {'stays' if total == 1 else 'stay'}: {reasons}"]


def phases(report: Mapping[str, Any]) -> str:
    """The time of each phase, in seconds."""
    return ", ".join(f"{phase} {seconds:.2f} s" for phase, seconds in report["seconds"].items())


def joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
