"""Reading order by fields of the records, where a run names some: the first article that says something stays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.corpus.paragraphs import NUMBERS, PLACES, Paragraphs
from cleaner.corpus.scan import Record
from cleaner.formats.spool import ALL


def put_in_order(paragraphs: Paragraphs) -> None:
    """Write the numbers that paragraphs have when articles are sorted by their values, then as they were read."""
    ranks = ranks_of_articles(paragraphs)
    owners = [
        paragraphs.rows(step)["article"].astype(np.int64) + paragraphs.articles_before[step]
        for step in paragraphs.filled()
    ]
    articles = np.concatenate(owners) if owners else np.empty(0, dtype=np.int64)
    places = np.argsort(ranks[articles], kind="stable")
    numbers = np.empty(len(places), dtype=np.int64)
    numbers[places] = np.arange(len(places))
    paragraphs.spool.write(ALL, PLACES, places.tobytes())
    paragraphs.spool.write(ALL, NUMBERS, numbers.tobytes())


def ranks_of_articles(paragraphs: Paragraphs) -> NDArray[np.int64]:
    """The rank of each article among all, by its place as read: int64[articles]."""
    keys = list[tuple[Any, ...]]()
    for step in range(len(paragraphs.steps)):
        record = paragraphs.spool.load(step, "scan", Record)
        keys += [tuple(map(_key, order)) for order in record.orders]
    ranks = np.empty(len(keys), dtype=np.int64)
    ranks[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    return ranks


def _key(value: str | int | None) -> tuple[int, Any]:
    """Numbers before texts, and articles without the field last."""
    if value is None:
        return 2, 0
    return (1, value) if isinstance(value, str) else (0, value)
