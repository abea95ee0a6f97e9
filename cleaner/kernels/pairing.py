"""Pairs of sketched paragraphs that might be near, one band at a time, and their edit distance."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.kernels.candidates import edit_distance
from cleaner.kernels.compiled import jit
from cleaner.kernels.decode import I64, U8, U64

I32: TypeAlias = NDArray[np.int32]


@jit
def _alike(thumbs: U8, i: np.int64, j: np.int64, needed: int) -> bool:
    """Whether two thumbnails agree in at least ``needed`` places."""
    equal = 0
    for k in range(thumbs.shape[1]):
        equal += thumbs[i, k] == thumbs[j, k]
    return equal >= needed


@jit
def _band_pairs(
    ordered: U64, low: np.uint64, thumbs: U8, words: I32, similarity: float, needed: int, cap: int
) -> tuple[I64, int, I64]:
    """See ``band_pairs``; ``low`` masks the number of a paragraph in ``ordered``, key above and number below."""
    pairs = np.empty((1024, 2), dtype=np.int64)
    count = left_out = hot = start = 0
    buckets = np.empty((16, 2), dtype=np.int64)
    n = len(ordered)
    while start < n:
        end = start + 1
        while end < n and (ordered[end] ^ ordered[start]) & ~low == 0:
            end += 1
        size = end - start
        if size > cap:
            if hot == len(buckets):
                more = np.empty((2 * hot, 2), dtype=np.int64)
                more[:hot] = buckets
                buckets = more
            buckets[hot, 0], buckets[hot, 1] = np.int64(ordered[start] & low), size
            hot += 1
            beyond = size - cap
            left_out += beyond * (cap - 1) + beyond * (beyond - 1) // 2
        for b in range(start + 1, end):
            j = np.int64(ordered[b] & low)
            for a in range(start, min(b, start + cap) if b - start < cap else start + 1):
                i = np.int64(ordered[a] & low)
                shorter, longer = min(words[i], words[j]), max(words[i], words[j])
                if shorter < similarity * longer or not _alike(thumbs, i, j, needed):
                    continue
                if count == len(pairs):
                    wider = np.empty((2 * count, 2), dtype=np.int64)
                    wider[:count] = pairs
                    pairs = wider
                pairs[count, 0], pairs[count, 1] = i, j
                count += 1
        start = end
    return pairs[:count], left_out, buckets[:hot]


def band_pairs(keys: U64, thumbs: U8, words: I32, similarity: float, needed: int, cap: int) -> tuple[I64, int, I64]:
    """Pairs (earlier, later), int64[pairs, 2], that share a key of one band and might be near.

    keys    uint64[n], one a paragraph; thumbs uint8[n, places]; words int32[n]
    needed  places in which the thumbnails of a pair agree; similarity as in Settings
    cap     largest bucket in which every pair is taken; in a larger one the later paragraphs meet the first only
    Returns the pairs, how many the buckets over the cap did not give, and these: int64[buckets, 2], the number of
    their first paragraph and their size.

    The keys are sorted with the paragraph's number in their low bits, which takes a tenth of an argsort.
    What that cuts off makes two different keys equal for one pair in billions, whose thumbnails then differ.
    """
    bits = max(1, int(len(keys) - 1).bit_length())
    low = np.uint64((1 << bits) - 1)
    ordered = (keys & ~low) | np.arange(len(keys), dtype=np.uint64)
    ordered.sort()
    found: tuple[I64, int, I64] = _band_pairs(ordered, low, thumbs, words, similarity, needed, cap)
    return found


@jit
def _sorted(keys: U64, offsets: I64) -> U64:
    found = keys.copy()
    for text in range(len(offsets) - 1):
        found[offsets[text] : offsets[text + 1]].sort()
    return found


@jit
def _bags_differ(a: U64, b: U64, cutoff: int) -> bool:
    """Whether more than ``cutoff`` words of one sorted text have no partner in the other."""
    i = j = only_a = only_b = 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            i, j = i + 1, j + 1
        elif a[i] < b[j]:
            i, only_a = i + 1, only_a + 1
        else:
            j, only_b = j + 1, only_b + 1
        if only_a > cutoff or only_b > cutoff:
            return True
    return only_a + len(a) - i > cutoff or only_b + len(b) - j > cutoff


@jit
def _distances(keys: U64, offsets: I64, left: I64, right: I64, similarity: float) -> I64:
    bags = _sorted(keys, offsets)
    found = np.full(len(left), -1, dtype=np.int64)
    for pair in range(len(left)):
        a, b = offsets[left[pair]], offsets[left[pair] + 1]
        c, d = offsets[right[pair]], offsets[right[pair] + 1]
        cutoff = int((1 - similarity) * max(b - a, d - c) + 1e-9)
        if not _bags_differ(bags[a:b], bags[c:d], cutoff):
            found[pair] = edit_distance(keys[a:b], keys[c:d], cutoff)
    return found


def distances(keys: U64, offsets: I64, left: I64, right: I64, similarity: float) -> I64:
    """Edit distances over words of pairs of texts, int64[pairs]; -1 under the similarity.

    keys, offsets  what ``decode.words_kernel`` gave; left, right int64[pairs]: numbers of texts
    """
    found: I64 = _distances(keys, offsets, left, right, similarity)
    return found
