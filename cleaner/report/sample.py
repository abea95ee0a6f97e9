"""What a sample says of the whole: as values, and as JSON."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cleaner.formats.sampling import Sampling
from cleaner.formats.tally import Tally
from cleaner.formats.thinning import LEAST, Part
from cleaner.formats.writing import packing_threads
from cleaner.job import JobOptions
from cleaner.report.counts import RunResult, versions
from cleaner.settings import Settings

STARTING = 2.0
"""Seconds until worker processes are ready, and what they need is loaded."""
PARAGRAPH = 150
"""Bytes of memory that scope corpus takes for a paragraph at most, within its ``memory``."""

HOW = "estimated from the time, memory and space that the sample took, by bytes; writing to the disk comes on top"


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of a run over all of the inputs.

    words, removed_words  each input as its sample says, added up
    expanded              bytes of the inputs, expanded
    seconds               with ``workers`` processes
    memory, scratch       bytes; None where they cannot be told, scratch is 0 in scope article
    free                  bytes that are free where the scratch space would be
    """

    articles: int
    words: int
    removed_words: int
    expanded: int
    seconds: float
    workers: int
    memory: int | None
    scratch: int
    free: int | None

    @property
    def share(self) -> float:
        """Removed words among all words, in [0, 1]."""
        return min(1.0, self.removed_words / self.words) if self.words else 0.0


def estimate(sampling: Sampling, options: JobOptions, seconds: Mapping[str, float]) -> Estimate | None:
    """What the whole would be; None where the size of an input is not known. ``seconds`` are those of the sample."""
    parts = [part for part in sampling.parts if part.looked_at]
    if any(part.growth is None for part in parts):
        return None
    words = sum(part.tally.words * (part.growth or 0) for part in parts)
    paragraphs = sum(part.tally.paragraphs * (part.growth or 0) for part in parts)
    expanded = sum(part.expanded or 0 for part in parts)
    growth = expanded / max(1, sum(part.looked_at for part in parts))
    corpus = options.scope == "corpus"
    return Estimate(
        articles=round(sum(part.all_articles or 0 for part in sampling.parts)),
        words=round(words),
        removed_words=round(sum(part.tally.removed_words * (part.growth or 0) for part in parts)),
        expanded=round(expanded),
        seconds=_seconds(sampling, parts, seconds, growth),
        workers=sampling.workers,
        memory=_memory(sampling.workers, min(options.memory, round(paragraphs) * PARAGRAPH) if corpus else 0),
        scratch=round(sampling.scratch * growth) if corpus else 0,
        free=_free(options) if corpus else None,
    )


def _seconds(sampling: Sampling, parts: Sequence[Part], seconds: Mapping[str, float], growth: float) -> float:
    """What is done in the parent (reading, packing) goes on beside the workers, as far as there are cores."""
    workers = sampling.workers
    read, size = sum(part.read for part in parts), sum(part.size or 0 for part in parts)
    reading = max(0.0, seconds["read"] - sampling.seconds) * size / max(read, 1)
    writing = sum(_packing(part, sampling) for part in parts)
    cleaning = seconds["clean"] * growth
    starting = STARTING if workers > 1 else 0.0
    deciding = seconds.get("decide", 0.0) * growth
    return starting + _beside(reading + writing, cleaning, workers) + deciding


def _beside(own: float, others: float, workers: int) -> float:
    """Seconds that ``own`` work of the parent and ``others`` of the workers take together."""
    if workers == 1:
        return own + others
    cores = min(os.cpu_count() or 1, workers + 1)
    return max(own, others / workers, (own + others) / cores)


def _packing(part: Part, sampling: Sampling) -> float:
    size, seconds = sampling.packed.get(part.compression, (0, 0.0))
    threads = 1 if part.compression == "gz" or part.folder else packing_threads()
    return (part.expanded or 0.0) / size * seconds / threads if size else 0.0


def _memory(workers: int, more: int) -> int | None:
    """Bytes at the peak of this process, and of each worker the same, and ``more``."""
    try:
        import resource
    except ImportError:  # on Windows
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    own = _peak() or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    each = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    return own + (workers * (each or own) if workers > 1 else 0) + more


def _peak() -> int:
    """Bytes that this process took at its peak, 0 where only the system's count is there.

    That one begins with the peak of the program that started this one.
    """
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:
            return next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0


def _free(options: JobOptions) -> int | None:
    """Bytes that are free where scope corpus would keep what it has read."""
    folder = options.scratch or options.out or Path(tempfile.gettempdir())
    there = next((each for each in (folder.absolute(), *folder.absolute().parents) if each.exists()), None)
    try:
        return shutil.disk_usage(there).free if there is not None else None
    except OSError:
        return None


def whole_tally(sampling: Sampling) -> Tally:
    """What was found in all inputs."""
    tally = Tally()
    for part in sampling.parts:
        tally.add(part.tally)
    return tally


def report(sampling: Sampling, found: Estimate | None, result: RunResult, settings: Settings) -> dict[str, Any]:
    """All of it as JSON."""
    return {
        "share": sampling.share,
        "least_articles": LEAST,
        "sample": _counts(whole_tally(sampling)),
        "inputs": [_part(part) for part in sampling.parts],
        "estimate": None if found is None else asdict(found) | {"removed_share": round(found.share, 6), "how": HOW},
        "failed": result.failed + sampling.failed,
        "errors": [asdict(problem) | {"message": str(problem)} for problem in result.problems],
        "notes": list(result.notes),
        "interrupted": result.interrupted,
        "settings": settings.to_dict(),
        "versions": versions(),
    }


def _part(part: Part) -> dict[str, Any]:
    articles = part.all_articles
    return {
        "input": part.name,
        "files": part.files,
        "bytes": part.size,
        "bytes_read": part.read,
        "all_articles": None if articles is None else round(articles),
        "all_articles_counted": part.whole,
    } | _counts(part.tally)


def _counts(tally: Tally) -> dict[str, Any]:
    return {
        "articles": tally.articles,
        "changed": tally.changed,
        "words": tally.words,
        "removed_words": tally.removed_words,
        "removed_share": round(tally.share, 6),
        "variants": tally.variants,
        "skipped": dict(sorted(tally.skipped.items())),
    }
