"""The counts of a run, as a value and as ``report.json``."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from cleaner.decisions import Decisions
from cleaner.formats.tally import Tally
from cleaner.formats.work import Problem
from cleaner.phases.removable import REASONS
from cleaner.report.distributions import distributions
from cleaner.settings import Settings

# So many problems are listed in the report; all of them are counted.
LISTED = 1000
_DEPENDENCIES = (
    "datasketch", "rapidfuzz", "chardet", "numpy", "numba", "orjson", "zstandard", "isal", "pyromark", "pyarrow",
    "resiliparse",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run did. ``exit_code``: 0 done, 2 could not or found no article, 130 interrupted.

    files        written (or, in a dry run, that would be)
    failed       inputs of which nothing could be written
    seconds      by phase; ``clean`` is added up over all workers, ``total`` is the clock
    over_limit   more would have been removed than ``max_removed`` allows; nothing was published
    flagged      the first of the articles that lose more of their words than the stated share
    run          options of the run that the reader must know: scope, memory, boilerplate ...
    corpus       what scope corpus decided, and what caps left undecided
    """

    tally: Tally
    files: int
    failed: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    seconds: dict[str, float] = field(default_factory=dict)
    interrupted: bool = False
    stopped: bool = False
    over_limit: bool = False
    flagged: tuple[dict[str, Any], ...] = ()
    run: dict[str, Any] = field(default_factory=dict)
    corpus: dict[str, Any] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        if self.interrupted:
            return 130
        fell_short = self.failed or self.stopped or self.over_limit or self.tally.falls_short
        return 2 if fell_short or not self.tally.articles else 0


def report(result: RunResult, settings: Settings) -> dict[str, Any]:
    """The content of ``report.json``."""
    tally = result.tally
    counts = {
        "files": result.files,
        "failed": result.failed,
        "articles": tally.articles,
        "changed": tally.changed,
        "paragraphs": tally.paragraphs,
        "words": tally.words,
        "removed": {shape: tally.removed[shape] for shape in ("paragraph", "block", "passage")},
        "removed_spans": tally.spans,
        "removed_words": tally.removed_words,
        "removed_share": round(tally.share, 6),
        "variants": tally.variants,
        "stays": stays(tally),
        "capped": tally.capped,
        "unfinished": tally.unfinished,
        "emptied": tally.emptied,
        "flagged": tally.flagged,
        "languages": languages(tally),
        "sources": sources(tally),
        "skipped": dict(sorted(tally.skipped.items())),
        "left_out": dict(sorted(tally.left_out.items())),
    }
    return counts | {
        "errors": [_error(problem) for problem in result.problems[:LISTED]],
        "errors_not_listed": max(0, len(result.problems) - LISTED),
        "notes": list(result.notes),
        "interrupted": result.interrupted,
        "over_limit": result.over_limit,
        "seconds": {phase: round(seconds, 3) for phase, seconds in result.seconds.items()},
        "corpus": result.corpus,
        "measures": distributions(tally.measured),
        "flagged_articles": list(result.flagged),
        "run": result.run,
        "settings": settings.to_dict(),
        **({"decisions": _decided(tally, settings.decisions)} if settings.decisions else {}),
        "versions": versions(),
    }


def _decided(tally: Tally, decisions: Decisions) -> dict[str, int]:
    """What came of decisions: how many marks there are, how many spans stay and go by them, and marks that met none.

    A mark to remove is met where its text goes by a decision.
    """
    texts = {key for key, _ in decisions.removed}
    unmet = len(decisions.kept - tally.decided.keys())
    unmet += sum(key not in tally.decided for key, _ in decisions.removed)
    removed = sum(count for key, count in tally.decided.items() if key in texts)
    kept = sum(tally.decided.values()) - removed
    marks = {"keep": len(decisions.kept), "remove": len(decisions.removed)}
    return marks | {"kept": kept, "removed": removed, "unmet": unmet}


def stays(tally: Tally) -> dict[str, int]:
    """Repeats that stay although no fact differs, by the name of their reason, in the order of ``REASONS``."""
    return {each.name: tally.stays[each.name] for each in REASONS if tally.stays[each.name]}


def languages(tally: Tally) -> dict[str, dict[str, int]]:
    """Articles, words and removed words by language, most words first."""
    return {
        name: {"articles": tally.articles_by[name], "words": words, "removed_words": tally.removed_by[name]}
        for name, words in tally.words_by.most_common()
    }


def sources(tally: Tally) -> dict[str, dict[str, int]]:
    """Articles, words and removed words by source (``--source-field``), most removed words first; {} without one."""
    ranked = sorted(tally.words_from.items(), key=lambda each: (-tally.removed_from[each[0]], -each[1], each[0]))
    return {
        name: {"articles": tally.articles_from[name], "words": words, "removed_words": tally.removed_from[name]}
        for name, words in ranked
    }


def versions() -> dict[str, str]:
    """Versions of Python, of this package and of what it may have used."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    found = {"python": platform.python_version()}
    for name in ("article-cleaner", *_DEPENDENCIES):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _error(problem: Problem) -> dict[str, Any]:
    row = asdict(problem) | {"message": str(problem)}
    del row["trace"]  # it names folders of this machine
    return row
