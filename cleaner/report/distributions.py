"""How the measures of articles are distributed, from the counts of their values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

BINS = 20
"""Bins of a histogram, each a twentieth wide; the last one holds what is above 1, too."""
_FINE = 1000


def distributions(measured: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    """For each measure its mean, median, 90th and 99th percentile, maximum and histogram; {} without articles.

    ``measured`` is ``Tally.measured``. All but the mean are exact to a thousandth; a percentile is the
    smallest value that so many of the articles do not exceed. ``histogram`` counts articles by shares
    from 0 to 1 in steps of 0.05, those with exactly 0 also under ``zero``.
    """
    values: dict[str, Counter[int]] = {}
    for key, number in measured.items():
        name, _, value = key.partition(" ")
        if value != "sum":
            values.setdefault(name, Counter())[int(value)] += number
    return {name: _distribution(counts, measured.get(f"{name} sum", 0)) for name, counts in values.items()}


def _distribution(counts: Counter[int], millionths: int) -> dict[str, Any]:
    number, histogram = counts.total(), [0] * BINS
    for value, articles in counts.items():
        histogram[min(BINS - 1, value * BINS // _FINE)] += articles
    return {
        "mean": round(millionths / number / 1_000_000, 6),
        "median": _percentile(counts, 50),
        "p90": _percentile(counts, 90),
        "p99": _percentile(counts, 99),
        "max": max(counts) / _FINE,
        "zero": counts[0],
        "histogram": histogram,
    }


def _percentile(counts: Counter[int], percent: int) -> float:
    values = sorted(counts)
    wanted = -(-counts.total() * percent // 100)
    reached = accumulate(counts[value] for value in values)
    return next(value for value, articles in zip(values, reached, strict=True) if articles >= wanted) / _FINE
