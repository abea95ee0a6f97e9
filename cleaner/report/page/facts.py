"""What the first screen of a page says: totals and problems, from the report and the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleaner.formats.undo import text_of
from cleaner.report.figures import Figures
from cleaner.report.findings.shown import visible
from cleaner.report.log import RunLog
from cleaner.report.phrases import article, capped, number, percent, place

PROBLEMS = 50
"""Problems that the page lists; report.json has more of them."""


def leaders(found: Figures) -> list[dict[str, Any]]:
    """The texts repeated most, for the table."""
    rows = []
    for leader in found.leaders:
        text, witness = " ".join(text_of(leader.row).split()), leader.row["witness"]
        rows.append({
            "copies": number(leader.copies),
            "text": visible(text[:160]) + "…" * (len(text) > 160),
            "place": place(witness, visible),
        })  # fmt: skip
    return rows


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
    share = percent(_share(report))
    repeats = sum(report["removed"].values())
    words = f"{number(report['removed_words'])} words, {share} of all"
    went = f"{number(repeats)} repeat{'s' * (repeats != 1)} {verb}: {words}"
    variants = report["variants"]
    stays = f" {number(variants)} texts that are nearly the same stay, since something in them differs."
    stays = " One text that is nearly the same stays, since something in it differs." if variants == 1 else stays
    return f"{articles}. {went}. Of each a text stays that says all of it.{stays if variants else ''}"


def _share(report: Mapping[str, Any]) -> float:
    """Of all words that went; not rounded, so that a little is not nothing."""
    return min(1.0, report["removed_words"] / report["words"]) if report["words"] else 0.0


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
    share = percent(_share(report))
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
    return [*told, *map(visible, report["notes"]), *capped(report)]


def flagged(report: Mapping[str, Any]) -> list[dict[str, str]]:
    """Articles that lose much of themselves, as far as report.json names them."""
    return [
        {"place": article(row, visible), "share": "all of it" if row["whole"] else percent(row["share"])}
        for row in report["flagged_articles"]
    ]


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
