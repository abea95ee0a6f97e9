"""What the first screen of a page says: totals, problems and charts, from the report and the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cleaner.formats.undo import text_of
from cleaner.report.cases import line_of
from cleaner.report.figures import BINS, CLUSTERS, FROM, LOOKS, SHARES, Amount, Figures
from cleaner.report.findings.shown import visible
from cleaner.report.log import RunLog
from cleaner.report.page.charts import Bars, Columns, bars, columns
from cleaner.report.words import KEPT
from cleaner.report.words import LOOKS as LOOK_WORDS

PROBLEMS = 50
"""Problems that the page lists; report.json has more of them."""
LONGEST = 200
"""Characters of the name of a source or a language: a field of the data may hold a megabyte."""


def number(value: float) -> str:
    return f"{value:,}"


def percent(part: float, whole: float) -> str:
    """``0.48 %``: two digits that say something; never 0 where there is something, never 100 where not all."""
    share = part / whole * 100 if whole else 0.0
    digits = 1
    while share > 0 and digits < 6 and not round(share, digits):
        digits += 1
    shown = f"{share:.{digits}f}"
    return "99.9 %" if float(shown) >= 100 and part < whole else f"{shown} %"


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
        share = f" of {number(whole)}: {percent(words, whole)}" if whole else " words"
        rows.append((_named(name), words, f"{number(words)}{share}"))
    return bars(title, note, rows) if len(rows) > 1 else None


def _named(source: str) -> str:
    name = source if len(source) <= LONGEST else source[: LONGEST - 1] + "…"
    return {"": "not told", ".": "(top folder)"}.get(source, visible(name))


def _shares(found: Figures) -> Columns | None:
    named = [(f"{n * 100 // SHARES}–{(n + 1) * 100 // SHARES} %", count) for n, count in enumerate(found.shares)]
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


def leaders(found: Figures) -> list[dict[str, Any]]:
    """The texts repeated most, for the table."""
    rows = []
    for leader in found.leaders:
        text, witness = " ".join(text_of(leader.row).split()), leader.row["witness"]
        rows.append({
            "copies": number(leader.copies),
            "text": visible(text[:160]) + "…" * (len(text) > 160),
            "place": place(witness),
        })  # fmt: skip
    return rows


def place(row: Mapping[str, Any]) -> str:
    """``dump.jsonl:17 (id x, line 4)``, as on the terminal."""
    where = f"{visible(str(row['file']))}:{row['line']}"
    if row["record"] is None:
        return where
    ident = f"id {visible(str(row['id']))}, " if row["id"] is not None else ""
    return f"{where} ({ident}line {line_of(dict(row))})"


def would(log: RunLog) -> bool:
    """Whether nothing was removed, but only said what would be."""
    run = log.facts.get("run", {})
    return run.get("mode") == "dry" or bool(run.get("annotate")) or bool(log.facts.get("over_limit"))


def sentence(log: RunLog, found: Figures) -> str:
    """What happened, for people who read one line."""
    report = log.facts
    verb = "would go" if would(log) else "went"
    if not report["articles"]:
        return "No article was read."
    one = report["articles"] == 1
    articles = "One article was read" if one else f"{number(report['articles'])} articles were read"
    if not report["removed_words"]:
        return f"{articles}. Nothing in {'it' if one else 'them'} is said twice in a way that is safe to remove."
    share = percent(report["removed_words"], report["words"])
    repeats = sum(report["removed"].values())
    words = f"{number(report['removed_words'])} words, {share} of all"
    went = f"{number(repeats)} repeat{'s' * (repeats != 1)} {verb}: {words}"
    variants = report["variants"]
    stays = f" {number(variants)} texts that are nearly the same stay, since something in them differs."
    stays = " One text that is nearly the same stays, since something in it differs." if variants == 1 else stays
    return f"{articles}. {went}. Of each a text stays that says all of it.{stays if variants else ''}"


def banners(log: RunLog) -> list[str]:
    """What must be known before anything else is believed."""
    report, run = log.facts, log.facts.get("run", {})
    said = []
    if report.get("over_limit"):
        said.append(
            "More would have gone than --max-removed allows: nothing was written, and there is no log to look at."
        )
    if report.get("interrupted"):
        said.append("The run was stopped before its end: the figures are of what was done until then.")
    if run.get("mode") == "dry":
        said.append("A dry run: nothing was removed.")
    if run.get("annotate"):
        said.append("Nothing was removed: what would go is written beside the texts (--annotate).")
    if report["settings"]["level"] == "similar":
        said.append("Level similar: what goes may differ in facts from what stays. Such cases stand first.")
    if run.get("boilerplate_drop"):
        said.append("Boilerplate was dropped: of such texts no copy stays.")
    if report["removed_words"] + report["variants"] and "mode" not in run:
        said.append(
            "The log was written by an older version: it does not say what stands around the texts, nor which removals "
            "somebody should look at, nor languages and shares of articles. Clean again to see them."
        )
    if report.get("decisions"):
        said.append(_decided(report["decisions"], would(log)))
    if log.earlier:
        said.append(f"The folder also holds {number(log.earlier)} files of earlier runs, which are not in this page.")
    return said


def _decided(counts: Mapping[str, int], would: bool) -> str:
    marks, verb = counts["keep"] + counts["remove"], "would stay" if would else "stayed"
    told = f"Of {number(marks)} decisions {number(marks - counts['unmet'])} met their text: "
    told += f"{number(counts['kept'])} spans {verb}, and {number(counts['removed'])} {'would go' if would else 'went'}."
    return told + (" The others are about texts that are no longer there." if counts["unmet"] else "")


def tiles(log: RunLog, found: Figures) -> list[dict[str, Any]]:
    """The first figures: name, value, note, and the name by which report.json has it."""
    report = log.facts
    skipped, failed = sum(report["skipped"].values()), report["failed"]
    left = report["words"] - report["removed_words"]
    verb = "would go" if would(log) else "went"
    share = percent(report["removed_words"], report["words"])
    rows = [
        (
            "Went in",
            "words",
            number(report["words"]),
            _of(report["articles"], "article", report["paragraphs"], "paragraph"),
        ),
        ("Came out", "left", number(left), f"words; {_of(report['changed'], 'article')} changed"),
        (f"Words that {verb}", "removed_words", number(report["removed_words"]), f"{share} of all"),
        (f"Repeats that {verb}", "repeats", number(sum(report["removed"].values())), _by_shape(report["removed"])),
        ("Variants that stay", "variants", number(report["variants"]), "nearly the same, but something differs"),
        ("Removed, but look", "look", number(found.to_look.repeats), "repeats that somebody should see"),
        (
            "Articles that lose much",
            "flagged",
            number(report["flagged"]),
            f"{number(report['emptied'])} of them wholly",
        ),
        ("Not cleaned", "skipped", number(skipped + failed), _skipped(report)),
    ]
    warned = {"look", "flagged", "skipped"}
    return [
        {"name": name, "figure": figure, "value": value, "note": note, "warn": figure in warned and value != "0"}
        for name, figure, value, note in rows
    ]


def _of(*counts: int | str) -> str:
    pairs = zip(counts[::2], counts[1::2], strict=True)
    return ", ".join(f"{count:,} {name}{'s' * (count != 1)}" for count, name in pairs)


def _by_shape(removed: Mapping[str, int]) -> str:
    return _of(*(each for shape, count in removed.items() if count for each in (count, shape)))


def _skipped(report: Mapping[str, Any]) -> str:
    said = [f"{count:,} {visible(reason)}" for reason, count in report["skipped"].items()]
    return ", ".join([*said, f"{report['failed']:,} failed"] if report["failed"] else said) or "all was read"


def problems(report: Mapping[str, Any]) -> list[str]:
    """Problems, one line each, and what they are too many for; notes of the run, too."""
    lines = [visible(str(error["message"])) for error in report["errors"]]
    more = len(lines) - PROBLEMS + report.get("errors_not_listed", 0)
    told = [*lines[:PROBLEMS], f"and {more:,} more; see report.json"] if more > 0 else lines
    caps = []
    if report["capped"]:
        caps.append(f"{report['capped']:,} runs of words are so common that only first and latest places were paired.")
    if report["corpus"].get("capped"):
        caps.append(f"{report['corpus']['capped']:,} paragraphs have so many versions that not all were compared.")
    if report["corpus"].get("left_out"):
        caps.append(
            f"{report['corpus']['left_out']:,} pairs of near paragraphs in the largest buckets were not compared."
        )
    return [*told, *map(visible, report["notes"]), *caps]


def flagged(report: Mapping[str, Any]) -> list[dict[str, str]]:
    """Articles that lose much of themselves, as far as report.json names them."""
    rows = []
    for row in report["flagged_articles"]:
        where = visible(str(row["file"])) + (f":{row['line']}" if row["record"] is not None else "")
        ident = f" (id {visible(str(row['id']))})" if row["id"] is not None else ""
        rows.append({"place": where + ident, "share": "all of it" if row["whole"] else f"{row['share']:.0%}"})
    return rows


def settings(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Settings, options and versions of the run."""
    told = {name: value for name, value in report["settings"].items() if value not in ([], "", None)}
    told |= {name: value for name, value in report.get("run", {}).items() if name != "logged"}
    told |= {"cleaner": report["versions"].get("article-cleaner", ""), "python": report["versions"].get("python", "")}
    return [(name.replace("_", " "), visible(_told(value))) for name, value in told.items()]


def _told(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_told(each)}" for name, each in value.items())
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
