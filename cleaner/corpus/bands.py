"""From the bands of a corpus to near pairs, a range of keys at a time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.corpus.paragraphs import Paragraphs
from cleaner.formats.spool import ALL
from cleaner.phases.corpus.near import pairs_of_band
from cleaner.phases.lsh import DEFAULT_BANDS

I64: TypeAlias = NDArray[np.int64]

RANGE = 250_000
"""Paragraphs that may go whose pairs are held together; a dump of 150 MB has so many. Where all of them have nine near
ones, that is a million pairs."""


class Paired(NamedTuple):
    """The ranges in which a task has found pairs, which lie in the spool; the rest as in ``Bucketed``."""

    ranges: list[int]
    left_out: int
    hot: I64


def pairs_of_bands(paragraphs: Paragraphs, numbered: tuple[int, tuple[list[int], int, int]]) -> Paired:
    """Put the pairs of some bands and one range of keys into the spool, by range of the paragraph that may go."""
    task, (bands, part, parts) = numbered
    spool = paragraphs.spool
    packed = np.frombuffer(spool.read(ALL, "alive"), dtype=np.uint8)
    alive = np.unpackbits(packed, count=paragraphs.total).astype(bool)
    whole = _columns(paragraphs, alive) if parts == 1 else None
    found = []
    for band in bands:
        keys = [paragraphs.band(step, band) for step in paragraphs.filled()]
        if whole is None:
            taken = [in_part(own, part, parts) for own in keys]
            thumbs, words, numbers, taken = _columns(paragraphs, alive, taken)
        else:
            thumbs, words, numbers, taken = whole
        own = concatenated([key[rows] for key, rows in zip(keys, taken, strict=True)], np.uint64)
        pairs, left_out, hot = pairs_of_band(own, thumbs, words, paragraphs.settings)
        hot[:, 0] = numbers[hot[:, 0]]
        pairs = np.sort(numbers[pairs], axis=1)
        found.append(_Band(pairs[:, 0] * paragraphs.total + pairs[:, 1], left_out, hot))
    codes = np.unique(np.concatenate([each.codes for each in found]))
    ranges = _put(paragraphs, f"pairs{task}", codes)
    return Paired(ranges, sum(each.left_out for each in found), np.concatenate([each.hot for each in found]))


class _Band(NamedTuple):
    """Pairs of one band, each as one number: the earlier paragraph times their total, plus the later one."""

    codes: I64
    left_out: int
    hot: I64


def _put(paragraphs: Paragraphs, kind: str, codes: I64) -> list[int]:
    """Put pairs into the spool by range of the paragraph that may go; returns the ranges."""
    total = paragraphs.total
    goes = (codes % total if paragraphs.settings.keep == "first" else codes // total) // RANGE
    order = np.argsort(goes, kind="stable")
    ranges, first = np.unique(goes[order], return_index=True)
    edges = [*first.tolist(), len(codes)]
    for number, (start, end) in zip(ranges.tolist(), pairwise(edges), strict=True):
        paragraphs.spool.write(number, kind, codes[order[start:end]].tobytes())
    return [int(number) for number in ranges]


Columns: TypeAlias = tuple[NDArray[np.uint8], NDArray[np.int32], I64, list[I64]]
"""Thumbnails, words and numbers of paragraphs, and by step the rows that they are."""


def _columns(paragraphs: Paragraphs, alive: NDArray[np.bool_], rows: Sequence[I64] | None = None) -> Columns:
    """The columns of paragraphs that have not gone: of all of a step, or of some rows of each."""
    thumbs, words, numbers, taken = [], [], [], []
    for place, step in enumerate(paragraphs.filled()):
        known = paragraphs.numbers(step)
        own = np.arange(len(known), dtype=np.int64) if rows is None else rows[place]
        own = own[alive[known[own]]]
        thumbs.append(paragraphs.thumbs(step)[own])
        words.append(paragraphs.words(step)[own])
        numbers.append(known[own])
        taken.append(own)
    sketches = np.concatenate(thumbs) if thumbs else np.empty((0, DEFAULT_BANDS.permutations), dtype=np.uint8)
    return sketches, concatenated(words, np.int32), concatenated(numbers, np.int64), taken


def in_part(keys: NDArray[np.uint64], part: int, parts: int) -> I64:
    """Positions of the keys that lie in a range of 2**64 / parts."""
    if parts == 1:
        return np.arange(len(keys), dtype=np.int64)
    return np.flatnonzero((keys >> np.uint64(32)) * np.uint64(parts) >> np.uint64(32) == part).astype(np.int64)


def concatenated(arrays: Sequence[NDArray[Any]], kind: Any) -> NDArray[Any]:
    return np.concatenate(arrays) if len(arrays) else np.empty(0, dtype=kind)
