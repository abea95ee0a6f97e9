"""A run as a person sees it: what is printed where, and the exit code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cleaner.cli.heard import ALL, Heard
from cleaner.cli.heard import Screen as Screen
from cleaner.cli.printing import finding_line, findings, summary, variant_line
from cleaner.cli.progress import following
from cleaner.cli.streams import Texts, put, put_json, say, tell, to_terminal
from cleaner.cli.summary import print_summary, settings_and_time, told_of
from cleaner.errors import SettingsError
from cleaner.formats.files import archive_of, kind_of
from cleaner.formats.work import Phase
from cleaner.job import JobOptions, run
from cleaner.report.counts import RunResult, report
from cleaner.settings import Settings


def clean_run(options: JobOptions, settings: Settings, screen: Screen) -> int:
    """Run ``cleaner clean``; returns its exit code."""
    if options.mode == "stdout":
        _refuse_compressed(options)
    texts = Texts()
    heard = Heard(screen, ALL if screen.verbose else 0, texts)
    silent = screen.quiet or screen.json or (options.mode == "stdout" and to_terminal())
    with following(phases_of(options), silent=silent) as progress:
        events = heard.events(progress)
        result = run(options, settings, events=events, stdout=texts.stream(), warm=warm_up(options))
    if texts.left:  # the reader of the output had enough
        return 0
    texts.end()
    facts = report(result, settings)
    if screen.json:
        put_json(facts, error=options.mode == "stdout")
    elif not screen.quiet:
        print_summary(told_of(heard, facts, options))
    _print_end(heard)
    return result.exit_code


def _refuse_compressed(options: JobOptions) -> None:
    """The output is compressed as the input is, which is nothing for a terminal."""
    packed = [name for name in options.inputs if kind_of(name)[1] or archive_of(name)]
    if packed and to_terminal():
        raise SettingsError(f"{packed[0]}: the output would be compressed as well; send it to a file, or give -o")


def _print_end(heard: Heard) -> None:
    """What was told last: why nothing was written, or how to go on. Said even under --quiet."""
    for note in heard.notes:
        say(note)


def check_run(options: JobOptions, settings: Settings, screen: Screen, fail_on: str) -> int:
    """Run ``cleaner find``; returns its exit code."""
    heard = Heard(screen, ALL, Texts())
    with following(phases_of(options), silent=screen.quiet or screen.json, delay=1) as progress:
        events = heard.events(progress)
        result = run(options, settings, events=events, warm=warm_up(options))
    facts = report(result, settings)
    try:
        if screen.json:
            put_json({"removals": heard.removals, "variants": heard.variants, "report": facts})
        elif not screen.quiet:
            _print_findings(heard, facts)
    except BrokenPipeError:  # whoever reads has seen enough; the verdict stands
        pass
    _print_end(heard)
    return _exit_code(result, bool(heard.removals), bool(heard.variants), fail_on)


def _print_findings(heard: Heard, facts: dict[str, Any]) -> None:
    rows = [(rows[0], finding_line(rows)) for rows in findings(heard.removals)]
    rows += [(row, variant_line(row)) for row in heard.variants]
    rows.sort(key=lambda row: (row[0]["file"], row[0]["line"], row[0]["start"]))
    put("".join(f"{line}\n" for _, line in rows))
    facts = facts | {"flagged_articles": [heard.shown(row) for row in facts["flagged_articles"]]}
    for line in (*summary(facts, would=True), *settings_and_time(facts, heard.screen)):
        tell(line)


def _exit_code(result: RunResult, errors: bool, warnings: bool, fail_on: str) -> int:
    if result.exit_code:
        return result.exit_code
    return int((errors and fail_on != "none") or (warnings and fail_on == "warning"))


def phases_of(options: JobOptions) -> tuple[Phase, ...]:
    """What a run goes through, as the progress names it."""
    if options.scope == "article":
        return ("clean",)
    index: tuple[Phase, ...] = ("index",) if options.index is not None and not options.only_said else ()
    return ("scan", "decide", "write", *index)


def warm_up(options: JobOptions) -> Callable[[], None]:
    """Called before workers are forked: what they all need is loaded once."""
    from cleaner import plan

    return plan.warm_up_corpus if options.scope == "corpus" else plan.warm_up
