"""The end of a run on a terminal: the biggest repeats, what became of all of them, what needs a look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from rich.console import Console
from rich.text import Text

from cleaner.cli.biggest import Finding
from cleaner.cli.pace import number_shown, size_shown, time_shown
from cleaner.cli.printing import (
    decided,
    finding_line,
    flagged,
    flagged_articles,
    joined,
    nothing,
    phases,
    stays,
    told,
    variant_line,
)
from cleaner.cli.summary import Told, where_all
from cleaner.cli.wrapping import hanging
from cleaner.report.phrases import capped, percent, place, plural, printable  # fmt: skip

WIDE = 13
"""Columns of the names on the left."""
LEAST_TIME = 1.0
"""Seconds that a run must take for its speed to say anything."""


def draw(end: Told, console: Console | None = None) -> None:
    """Print it to standard error; where nobody listens the run has still been done."""
    console = console or Console(stderr=True, highlight=False)
    with suppress(OSError):
        _repeats(end, console)
        for name, body, style in _facts(end):
            hanging(console, Text(f"{name:<{WIDE}}", style or "dim"), body)
        if end.report:
            where = Text.assemble((end.report, "bold"), ("" if end.page else "  (log and report.json)", "dim"))
            console.print(Text.assemble((f"{'report':<{WIDE}}", "dim"), where), soft_wrap=True)
        if end.undo:
            hanging(console, Text(f"{'undo':<{WIDE}}", "dim"), Text(end.undo))


def _repeats(end: Told, console: Console) -> None:
    if end.verbose:
        for line in (*(finding_line(each.rows, lines=True) for each in end.findings), *map(variant_line, end.variants)):
            console.print(Text(line), soft_wrap=True)
    elif end.findings:
        all_of_them = plural(end.total, "repeat")
        head = f"The {len(end.findings)} biggest of {all_of_them}" if end.only_biggest else all_of_them
        console.print(Text(head, "bold"))
        wide = max(len(f"{each.words:,}") for each in end.findings)
        for each in end.findings:
            hanging(
                console,
                Text(f"{each.words:>{wide},} {'word ' if each.words == 1 else 'words'}  ", "dim"),
                _repeat(each),
            )
        if (more := end.total - len(end.findings)) > 0:
            console.print(Text(f"... and {more:,} more, none of them bigger; {where_all(end)} all", "dim"))
    if end.findings or end.variants:
        console.print()


def _repeat(each: Finding) -> Text:
    what, why = told(each.rows)
    return Text.assemble((place(each.rows[0]), "cyan"), ": ", (what, "bold"), " ", why)


def _facts(end: Told) -> Iterator[tuple[str, Text, str]]:
    """Name, what is to be said, and the style of the name."""
    facts = end.facts
    if facts["articles"] or not (facts["errors"] or facts["interrupted"]):
        yield from _counted(end)
    if skipped := sum(facts["skipped"].values()):
        yield "left alone", Text(f"{skipped:,}: {_reasons(facts['skipped'])}"), "yellow"
    if facts["failed"]:
        yield "failed", Text(f"{plural(facts['failed'], 'input')}, named above"), "red"
    if facts["left_out"]:
        yield "left out", Text(f"{_reasons(facts['left_out'])}, since they are no articles"), ""
    if facts["flagged"]:
        yield "look at", Text("\n".join([f"{flagged(facts)}:", *flagged_articles(facts)])), "yellow"
    if facts.get("decisions"):
        yield "decided", Text(decided(facts["decisions"], end.would)), ""
    for line in capped(facts):
        yield "undecided", Text(line), "yellow"
    if end.verbose:
        yield "settings", Text(printable(end.config)), ""
    yield "time", Text(_time(end)), ""


def _counted(end: Told) -> Iterator[tuple[str, Text, str]]:
    facts = end.facts
    if not facts["articles"]:
        yield "articles", Text("none was found"), "yellow"
        return
    removed = [plural(count, shape) for shape, count in facts["removed"].items() if count]
    share = f"{facts['removed_words']:,} of {facts['words']:,} words, {percent(facts['removed_share'])}"
    verb = "would remove" if end.would else "removed"
    none = nothing(facts)
    yield (verb, Text.assemble((joined(removed), "bold"), f" ({share})"), "") if removed else (
        verb, Text("nothing" if none == "nothing goes" else f"nothing: {none}"), "",
    )  # fmt: skip
    several = facts["articles"] > 1 and facts["changed"] and not end.would
    changed = f", {facts['changed']:,} of them changed" if several else ""
    yield "articles", Text(f"{facts['articles']:,}{changed}, with {plural(facts['paragraphs'], 'paragraph')}"), ""
    if facts["variants"]:
        lists = "" if end.verbose else " (--verbose lists them)"
        yield "kept", Text(f"{plural(facts['variants'], 'variant')}: nearly the same, but something differs{lists}"), ""
    for line in stays(facts):
        yield "kept", Text(line), ""


def _reasons(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {printable(reason)}" for reason, count in counts.items())


def _time(end: Told) -> str:
    """``0:41, 31 MB/s, 2,103 articles/s``; the speed is that of reading the inputs as they lie on the disk."""
    seconds = end.facts["seconds"].get("total", 0.0)
    if end.verbose:
        return phases(end.facts)
    if seconds < LEAST_TIME:
        return f"{seconds:.2f} s"
    said = [time_shown(seconds) if seconds >= 60 else f"{seconds:.1f} s"]
    said += [f"{size_shown(end.read / seconds)}/s"] if end.read else []
    return ", ".join([*said, f"{number_shown(end.facts['articles'] / seconds)} articles/s"])
