"""Word n-grams of paragraphs as hashes, and which of them stood somewhere before.

A paragraph of fewer than ``SIZE`` words is one n-gram as a whole. ``tests/test_onion.py`` has the specification
in plain Python.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.kernels import hashing
from cleaner.kernels.compiled import jit, jit_inline
from cleaner.kernels.decode import I64, U8, U64, fmix64

I32: TypeAlias = NDArray[np.int32]
U32: TypeAlias = NDArray[np.uint32]

SIZE = 5
"""Words of an n-gram, as onion has it."""
BITS = 14
BUCKETS = 1 << BITS
"""Ranges of hashes in which n-grams are kept apart: at 3 million n-grams a range enough for 300 GB of text."""

_MUL, _GOLDEN = np.uint64(hashing.XX_2), np.uint64(hashing.GOLDEN)
_32, _LOW, _ONE, _NONE = np.uint64(32), np.uint64(0xFFFFFFFF), np.uint64(1), np.uint64(0)
_SHIFT = np.uint64(64 - BITS)
_TAKEN = -1


@jit
def _ngrams(keys: U64, first: I64) -> tuple[U64, I32]:
    paragraphs = len(first) - 1
    room = 0
    for p in range(paragraphs):
        room += max(1, first[p + 1] - first[p] - SIZE + 1)
    hashes = np.empty(room, dtype=np.uint64)
    owners = np.empty(room, dtype=np.int32)
    n = 0
    for p in range(paragraphs):
        begin, after = first[p], first[p + 1]
        size = min(SIZE, after - begin)
        for word in range(begin, max(begin, after - SIZE) + 1):
            found = np.uint64(size) * _GOLDEN
            for place in range(word, word + size):
                found = (found ^ keys[place]) * _MUL
                found ^= found >> _32
            found = fmix64(found)
            hashes[n] = found if found != _NONE else _ONE
            owners[n] = p
            n += 1
    return hashes, owners


def ngrams(keys: U64, first: I64) -> tuple[U64, I32]:
    """The n-grams of paragraphs, in order: uint64[n], none of them 0, and the paragraph of each, int32[n].

    keys   uint64[words]
    first  int64[paragraphs + 1], first word of each; every paragraph has one
    """
    found: tuple[U64, I32] = _ngrams(keys, first)
    return found


@jit
def _parted(hashes: U64, owners: I32) -> tuple[U64, I32, U32]:
    begins = np.zeros(BUCKETS + 1, dtype=np.uint32)
    for k in range(len(hashes)):
        begins[(hashes[k] >> _SHIFT) + _ONE] += 1
    for bucket in range(BUCKETS):
        begins[bucket + 1] += begins[bucket]
    at = begins.copy()
    parted, own = np.empty_like(hashes), np.empty_like(owners)
    for k in range(len(hashes)):
        bucket = hashes[k] >> _SHIFT
        parted[at[bucket]], own[at[bucket]] = hashes[k], owners[k]
        at[bucket] += 1
    return parted, own, begins


def parted(hashes: U64, owners: I32) -> tuple[U64, I32, U32]:
    """The same by buckets of hashes, in each in their order, and where buckets begin: uint32[BUCKETS + 1]."""
    found: tuple[U64, I32, U32] = _parted(hashes, owners)
    return found


@jit_inline
def _slot(slots: U64, found: np.uint64) -> np.int64:
    """Where a hash stands in an open table, or where it is to be put."""
    # The high bits are alike in a range of hashes, so the low ones choose (Lemire 2019, fast range).
    at = np.int64(((found & _LOW) * np.uint64(len(slots))) >> _32)
    while slots[at] != _NONE and slots[at] != found:
        at += 1
        if at == len(slots):
            at = np.int64(0)
    return at


@jit
def _marked(slots: U64, hashes: U64) -> tuple[U8, int]:
    marks = np.empty(len(hashes), dtype=np.uint8)
    new = 0
    for k in range(len(hashes)):
        at = _slot(slots, hashes[k])
        marks[k] = slots[at] != _NONE
        new += slots[at] == _NONE
        slots[at] = hashes[k]
    return marks, new


@jit
def _ranked(slots: U64, lowest: I64, hashes: U64, ranks: I64) -> int:
    new = 0
    for k in range(len(hashes)):
        at = _slot(slots, hashes[k])
        if slots[at] == _NONE:
            new += 1
            slots[at], lowest[at] = hashes[k], ranks[k]
        else:
            lowest[at] = min(lowest[at], ranks[k])
    return new


@jit
def _marked_by_rank(slots: U64, lowest: I64, hashes: U64, ranks: I64) -> U8:
    marks = np.ones(len(hashes), dtype=np.uint8)
    for k in range(len(hashes)):
        at = _slot(slots, hashes[k])
        if lowest[at] == ranks[k]:
            marks[k], lowest[at] = 0, _TAKEN
    return marks


@jit
def _moved(slots: U64, lowest: I64, into: U64, lowest_into: I64) -> None:
    for k in range(len(slots)):
        if slots[k] != _NONE:
            at = _slot(into, slots[k])
            into[at] = slots[k]
            if len(lowest) > 0:
                lowest_into[at] = lowest[k]


class Seen:
    """The different n-grams that were met: 12 bytes for each of ``room``, 20 where articles have ranks; it grows."""

    def __init__(self, room: int, *, ranked: bool = False) -> None:
        size = room + room // 2 + 16
        self._slots = np.zeros(size, dtype=np.uint64)
        self._lowest = np.empty(size if ranked else 0, dtype=np.int64)
        self._used = 0

    def mark(self, hashes: U64) -> U8:
        """Meet ``hashes``, which come in reading order: uint8[n], 1 where one was met before."""
        self._make_room(len(hashes))
        marks, new = _marked(self._slots, hashes)
        self._used += new
        found: U8 = marks
        return found

    def rank(self, hashes: U64, ranks: I64) -> None:
        """Meet ``hashes`` in any order of articles, whose ranks, from 0, are int64[n]."""
        self._make_room(len(hashes))
        self._used += _ranked(self._slots, self._lowest, hashes, ranks)

    def mark_by_rank(self, hashes: U64, ranks: I64) -> U8:
        """When all were ranked: uint8[n], 1 where one stood in an article of a lower rank, or earlier in its own.

        What is marked must come as it came to ``rank``, and once.
        """
        found: U8 = _marked_by_rank(self._slots, self._lowest, hashes, ranks)
        return found

    def _make_room(self, more: int) -> None:
        while 3 * (self._used + more) > 2 * len(self._slots):
            slots = np.zeros(2 * len(self._slots), dtype=np.uint64)
            lowest = np.empty(2 * len(self._lowest), dtype=np.int64)
            _moved(self._slots, self._lowest, slots, lowest)
            self._slots, self._lowest = slots, lowest
