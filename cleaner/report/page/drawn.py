"""Which charts a page has, from the figures of the log: those that have something to show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cleaner.report.figures import BINS, CLUSTERS, FROM, LOOKS, SHARES, Amount, Figures
from cleaner.report.findings.shown import visible
from cleaner.report.log import RunLog
from cleaner.report.page.charts import Bars, Columns, bars, columns
from cleaner.report.phrases import number, percent
from cleaner.report.words import KEPT
from cleaner.report.words import LOOKS as LOOK_WORDS

LONGEST = 200
"""Characters of a name that stands in a chart."""


def charts(log: RunLog, found: Figures) -> list[Bars | Columns]:
    """The charts, those that have something to show."""
    return [
        chart
        for chart in (
            _shapes(found), _looks(found), _languages(log, found), _sources(log, found), _shares(found),
            *_similarities(found), _clusters(found), _facts(found), _rules(found), _times(log.facts),
        )
        if chart is not None
    ]  # fmt: skip


def _shapes(found: Figures) -> Bars | None:
    rows = sorted(found.shapes.items(), key=lambda each: -each[1].words)
    named = [
        (f"{shape}, {level}" if level else shape, amount.words, _amount(amount)) for (shape, level), amount in rows
    ]
    return bars("Removed, by shape and level", "words in repeats", named) if named else None


def _looks(found: Figures) -> Bars | None:
    rows = [
        (LOOK_WORDS[reason][0], found.looks[reason].repeats, _repeats(found.looks[reason]))
        for reason in LOOKS
        if reason in found.looks
    ]
    return bars("Removed, but look: why", "repeats; one may have several reasons", rows) if rows else None


def _repeats(amount: Amount) -> str:
    return f"{number(amount.repeats)} repeat{'s' * (amount.repeats != 1)}, {number(amount.words)} words"


def _amount(amount: Amount) -> str:
    return f"{number(amount.words)} words in {number(amount.repeats)}"


def _languages(log: RunLog, found: Figures) -> Bars | None:
    return _groups(
        "Removed, by language or script", "words, and their share of all in it", log.facts["languages"], found.languages
    )


def _sources(log: RunLog, found: Figures) -> Bars | None:
    known: dict[str, dict[str, int]] = log.facts.get("sources") or _by_file(log)
    field = log.facts.get("run", {}).get("source_field")
    title = f"Removed, by {field}" if field else "Removed, by file or folder"
    return _groups(title, "words, and their share of all in it", known, found.sources)


def _by_file(log: RunLog) -> dict[str, dict[str, int]]:
    """Articles and words by file (of single articles by folder), as the log counts them."""
    totals: dict[str, dict[str, int]] = {}
    for entry in log.entries:
        counts = entry.counts or {}
        single = entry.text_field is None and entry.members is None
        name = entry.file.rpartition("/")[0] or "." if single else entry.file
        total = totals.setdefault(name, {"articles": 0, "words": 0, "removed_words": 0})
        for each in total:
            total[each] += counts.get(each, 0)
    return totals


def _groups(title: str, note: str, known: Mapping[str, Mapping[str, int]], found: Mapping[str, Amount]) -> Bars | None:
    removed = {name: found[name].words if name in found else 0 for name in {*known, *found}}
    ranked = sorted(removed.items(), key=lambda each: (-each[1], -known.get(each[0], {}).get("words", 0), each[0]))
    rows = []
    for name, words in ranked:
        whole = known.get(name, {}).get("words", 0)
        share = f" of {number(whole)}: {percent(words / whole)}" if whole else " words"
        rows.append((_named(name), words, f"{number(words)}{share}"))
    return bars(title, note, rows) if len(rows) > 1 else None


def _named(source: str) -> str:
    name = source if len(source) <= LONGEST else source[: LONGEST - 1] + "…"
    return {"": "not told", ".": "(top folder)"}.get(source, visible(name))


def _shares(found: Figures) -> Columns | None:
    named = [(f"{n * 100 // SHARES}–{(n + 1) * 100 // SHARES}%", count) for n, count in enumerate(found.shares)]
    note = "articles, by the share of their words that went"
    return columns("Changed articles, by the share that went", note, named, 2) if sum(found.shares) > 1 else None


def _similarities(found: Figures) -> Iterator[Columns]:
    for counts, title in zip(found.similar, ("Removed spans, by similarity", "Variants, by similarity"), strict=True):
        if sum(counts) > 1:
            first = next(n for n, count in enumerate(counts) if count)
            named = [(f"{FROM + n * (1 - FROM) / BINS:.3g}", count) for n, count in enumerate(counts)]
            named = named[min(first, BINS - 4) :]
            yield columns(title, "spans; 1 is word for word the same", named, 1 if len(named) < 12 else 4)


def _clusters(found: Figures) -> Columns | None:
    named = []
    for bound, after, count in zip(CLUSTERS, (*CLUSTERS[1:], 0), found.clusters, strict=True):
        name = f"{bound}" if after == bound + 1 else f"{bound}+" if not after else f"{bound}–{after - 1}"
        named.append((name, count))
    note = "texts that stay, by how many copies of them went"
    return columns("Sizes of clusters", note, named) if sum(found.clusters) > 1 else None


def _facts(found: Figures) -> Bars | None:
    rows = [(name or "not named", count, number(count)) for name, count in found.facts.most_common()]
    return bars("Variants, by the fact that differs", "variants, by their first difference", rows) if rows else None


def _rules(found: Figures) -> Bars | None:
    rows = [(name, count, f"{number(count)}") for name, count in found.rules.most_common()]
    explained = "; ".join(f"{name}: {KEPT[name]}" for name, _, _ in rows if name in KEPT)
    return bars("Variants, by the rule that keeps them", explained, rows) if rows else None


def _times(facts: Mapping[str, Any]) -> Bars | None:
    seconds = {name: value for name, value in facts.get("seconds", {}).items() if name != "total"}
    total = facts.get("seconds", {}).get("total", 0)
    rows = [(name, value, f"{value:,.1f} s") for name, value in seconds.items() if value]
    note = f"seconds; cleaning is added up over all processes; the clock said {total:,.1f} s"
    return bars("Time, by phase", note, rows) if total >= 0.1 and rows else None
