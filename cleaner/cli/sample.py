"""``cleaner clean --sample``: a share of the articles, what would go from them, and what the whole would take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cleaner.cli.heard import Heard, Screen
from cleaner.cli.pace import size_shown
from cleaner.cli.progress import following
from cleaner.cli.run import phases_of, warm_up
from cleaner.cli.streams import Texts, put, put_json, say
from cleaner.formats.sampling import Sampling
from cleaner.formats.thinning import LEAST, Part
from cleaner.job import JobOptions, run
from cleaner.report.counts import RunResult
from cleaner.report.phrases import percent, plural, printable
from cleaner.report.sample import HOW, Estimate, estimate, report, whole_tally
from cleaner.settings import Settings

MOST_LINES = 20
"""Inputs that are listed; those with the most to go, where there are more."""
FEW = 10
"""Changed articles that say little about the whole."""


def sample_run(options: JobOptions, settings: Settings, screen: Screen, share: float) -> int:
    """Run ``cleaner clean --sample``; returns its exit code. ``options`` are those of the whole run."""
    sampling, dry = Sampling(share, options.inputs, options.text_field), _dry(options)
    warm_up(options)()  # it is no part of what the time is told from
    heard = Heard(screen, 0, Texts())
    with following(phases_of(dry), silent=screen.quiet or screen.json) as progress:
        events = heard.events(progress)
        result = run(dry, settings, events=events, warm=warm_up(options), sampling=sampling)
    found = estimate(sampling, options, result.seconds)
    if screen.json:
        put_json(report(sampling, found, result, settings))
    elif not (result.interrupted or screen.quiet):
        put("".join(f"{printable(line)}\n" for line in lines(sampling, found, options)))
    for note in heard.notes:
        say(note)
    return _exit_code(sampling, result)


def _dry(options: JobOptions) -> JobOptions:
    """The options of a run that writes nothing, neither log nor report; an index is not made either."""
    index = options.index if options.index is not None and options.index.exists() else None
    nothing: dict[str, Any] = {"in_place": False, "out": None, "max_removed": None, "annotate": None}
    return replace(options, dry_run=True, index=index, **nothing)


def _exit_code(sampling: Sampling, result: RunResult) -> int:
    if result.interrupted:
        return result.exit_code
    short = whole_tally(sampling).falls_short
    return 2 if result.failed or result.stopped or sampling.failed or short else 0


def lines(sampling: Sampling, found: Estimate | None, options: JobOptions) -> list[str]:
    """All that is said: a line an input, and what the whole would be."""
    tally = whole_tally(sampling)
    if not tally.articles:
        return ["no article was found in the sample", *_skipped(sampling)]
    share = percent(sampling.share)
    told = [f"a sample: {share} of the articles, and {LEAST} or more of each input; nothing is written", ""]
    told += [*_table(sampling.parts), *_skipped(sampling), ""]
    if found is None:
        told.append("how much the whole is, is not known: an input has no size")
    else:
        told += _whole(found, sampling, options.max_removed)
    return told + _caveats(sampling, options)


def _table(parts: Sequence[Part]) -> list[str]:
    """Columns, the numbers to the right; the names of inputs come last, since they may be long."""
    listed = list(parts)
    if len(parts) > MOST_LINES:
        listed = sorted(parts, key=lambda part: -part.tally.removed_words)[: MOST_LINES - 1]
    rows = [["articles", "of", "words", "would go", "changed", "variants", "input"]]
    rows += [_row(part) for part in listed]
    others = [part for part in parts if all(part is not each for each in listed)]
    if others:
        rows.append(_row(_summed(others)))
    if len(parts) > 1:
        rows.append(_row(replace(_summed(parts), name="all of them")))
    wide = [max(len(row[column]) for row in rows) for column in range(6)]
    return ["  ".join([*(cell.rjust(width) for cell, width in zip(row, wide, strict=False)), row[6]]) for row in rows]


def _row(part: Part) -> list[str]:
    tally, articles = part.tally, part.all_articles
    of = "?" if articles is None else f"{articles:,.0f}" if part.whole else f"~{_rounded(articles):,}"
    share = percent(tally.share) if tally.removed_words else "nothing"
    numbers = [f"{number:,}" for number in (tally.changed, tally.variants)]
    return [f"{tally.articles:,}", of, f"{tally.words:,}", share, *numbers, part.name]


def _summed(parts: Sequence[Part]) -> Part:
    total = Part(f"{len(parts):,} other inputs")
    known = [part.all_articles for part in parts if part.all_articles is not None]
    total.articles = round(sum(known))
    total.size = None if len(known) < len(parts) else sum(part.size or 0 for part in parts)
    total.read = total.size if total.size is not None and all(part.whole for part in parts) else 0
    for part in parts:
        total.tally.add(part.tally)
    return total


def _rounded(number: float) -> int:
    """To three digits."""
    return int(float(f"{number:.3g}"))


def _skipped(sampling: Sampling) -> list[str]:
    skipped = whole_tally(sampling).skipped
    reasons = ", ".join(f"{count:,} {reason}" for reason, count in sorted(skipped.items()))
    return [f"of the sample left as they are: {sum(skipped.values()):,} ({reasons})"] if skipped else []


def _whole(found: Estimate, sampling: Sampling, allowed: float | None) -> list[str]:
    words = f"the whole: about {_rounded(found.words):,} words"
    tally = whole_tally(sampling)
    changed, all_of_them = tally.changed, tally.articles + sum(tally.skipped.values()) >= found.articles
    if not changed and all_of_them:
        said = f"{words}, of which nothing would go"
    elif not changed:
        said = f"{words}, of which nothing would go as far as the sample says; a larger one may find something"
    else:
        said = f"{words}, of which about {percent(found.share)} would go"
    if 0 < changed < FEW and not all_of_them:
        said += f" (that rests on {plural(changed, 'article')}: a larger sample says it better)"
    if allowed is not None and found.share > allowed:
        said += f", more than the {percent(allowed)} that --max-removed allows: nothing would be written"
    return [said, f"it would take {', '.join(_takes(found))}", HOW]


def _takes(found: Estimate) -> list[str]:
    takes = [f"{_time(found.seconds)} with {found.workers} process{'es' * (found.workers != 1)}"]
    takes += [f"{size_shown(found.memory)} of memory"] if found.memory is not None else []
    if found.scratch:
        free = f" ({size_shown(found.free)} free there)" if found.free is not None else ""
        takes.append(f"{size_shown(found.scratch)} of scratch space{free}")
    return takes


def _time(seconds: float) -> str:
    """``a few seconds``, ``about 20 seconds``, ``about 4 days``: an estimate has no more digits."""
    if seconds < 8:
        return "a few seconds"
    for unit, size, most in (("second", 5, 90), ("minute", 60, 5400), ("hour", 3600, 48 * 3600)):
        if seconds < most:
            number = round(seconds / 5) * 5 if unit == "second" else round(seconds / size)
            return f"about {plural(number, unit)}"
    return f"about {plural(round(seconds / 86400), 'day')}"


def _caveats(sampling: Sampling, options: JobOptions) -> list[str]:
    told = []
    cut = [part for part in sampling.parts if not part.whole and part.size is not None]
    for part in cut[:3]:
        told.append(
            f"{part.name}: the sample is from its first {size_shown(part.read)} of {size_shown(part.size or 0)}"
        )
    if len(cut) > 3:
        told.append(f"so it is of {plural(len(cut) - 3, 'other file')}: what stands farther behind was not looked at")
    if options.scope == "corpus":
        told.append(
            "repeats across articles grow with what is compared: of the whole more would go than of a sample, "
            "and it takes more time and space"
        )
    return told
