"""Runs of equal words and near paragraphs inside each text of a batch.

``phases/propose.py`` is the specification and the oracle; both give the same runs and pairs.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.kernels.compiled import jit
from cleaner.kernels.decode import I64, U8, U64
from cleaner.kernels.paragraphs import Batch
from cleaner.settings import LINES, NEIGHBOUR, QUARTERS, SIDE

I32: TypeAlias = NDArray[np.int32]
U32: TypeAlias = NDArray[np.uint32]

_BASE = np.uint64(0x9E3779B97F4A7C15)
_29, _32, _ZERO = np.uint64(29), np.uint64(32), np.uint64(0)


class Candidates(NamedTuple):
    """What was found in the texts of a batch, in order.

    runs    int64[runs, 4]: text, first word of the earlier place, of the later one, words
    near    int64[pairs, 3]: text, earlier paragraph, later paragraph; both counted in the text
    capped  int64[texts]: seeds that stand in more places than the bucket holds
    """

    runs: I64
    near: I64
    capped: I64


@jit
def _grown(rows: I64, n: int) -> I64:
    if n < len(rows):
        return rows
    wider = np.empty((2 * len(rows), rows.shape[1]), dtype=np.int64)
    wider[:n] = rows
    return wider


@jit
def _same_seed(keys: U64, a: int, b: int, words: int) -> bool:
    for k in range(words):
        if keys[a + k] != keys[b + k]:
            return False
    return True


@jit
def _repeated(keys: U64, seed: int, tags: U32, counts: U8, slots: I32, mixes: U64) -> int:
    """Which seeds might stand in several places: ``counts[slots[here]] > 1``; returns how many repeats there are.

    tags    uint32[power of two], zeros; counts uint8 of the same size, zeros
    slots   int32[words], mixes uint64[words]: to be filled

    The table holds 32 bits a seed, so that it fits in the cache nearest to the processor: most articles
    have few seeds that repeat, and only those go on to the table of places.
    """
    n, mask, repeats = len(keys), len(tags) - 1, 0
    top = np.uint64(1)
    for _ in range(seed - 1):
        top *= _BASE
    rolling = _ZERO
    for k in range(min(seed - 1, n)):
        rolling = rolling * _BASE + keys[k]
    for here in range(n - seed + 1):
        rolling = rolling * _BASE + keys[here + seed - 1]
        mixed = (rolling ^ (rolling >> _32)) * _BASE
        mixed ^= mixed >> _29
        rolling -= keys[here] * top
        tag = np.uint32(mixed) | np.uint32(1)
        slot = np.int64(mixed >> _32) & mask
        while tags[slot] != 0 and tags[slot] != tag:
            slot = (slot + 1) & mask
        if tags[slot] == tag:
            counts[slot] = 2
            repeats += 1
        tags[slot] = tag
        slots[here] = slot
        mixes[here] = mixed
    return repeats


@jit
def _text_runs(
    keys: U64,
    seed: int,
    bucket: int,
    first_places: int,
    latest: int,
    counts: U8,
    seeds: I32,
    mixes: U64,
    slots: I32,
    before: I32,
    covered: I32,
) -> tuple[I64, int, int]:
    """``propose.find_runs`` over one text: rows (there, here, length), how many, capped seeds.

    counts, seeds, mixes  what ``_repeated`` found
    slots    int32[power of two, 2 + first_places], -1 in column 0: latest place, count, first places
    before   int32[words]: the place before of the same seed
    covered  int32[words], zeros: end of the last run on each diagonal
    """
    n = len(keys)
    runs = np.empty((16, 3), dtype=np.int64)
    found = capped = reach = 0
    mask = len(slots) - 1
    for here in range(n - seed + 1):
        if counts[seeds[here]] < 2:
            continue
        slot = np.int64(mixes[here] >> _32) & mask
        while slots[slot, 0] >= 0 and not _same_seed(keys, slots[slot, 0], here, seed):
            slot = (slot + 1) & mask
        count = slots[slot, 1] if slots[slot, 0] >= 0 else 0
        before[here] = slots[slot, 0]
        if count == bucket:
            capped += 1
        place = before[here]
        steps = count if count <= bucket else latest
        firsts = first_places if count > bucket and here >= reach else 0
        for step in range(steps + firsts):
            there = place if step < steps else np.int64(slots[slot, 2 + step - steps])
            if step < steps:
                place = before[place]
            shift = here - there
            if covered[shift] > here:
                continue
            end = here + seed
            while end < n and keys[end] == keys[end - shift]:
                end += 1
            begin = here
            while begin - shift > 0 and keys[begin - shift - 1] == keys[begin - 1]:
                begin -= 1
            covered[shift] = end
            reach = max(reach, end)
            runs = _grown(runs, found)
            runs[found, 0], runs[found, 1], runs[found, 2] = begin - shift, begin, end - begin
            found += 1
        if count < first_places:
            slots[slot, 2 + count] = here
        slots[slot, 0] = here
        slots[slot, 1] = count + 1
    return runs, found, capped


@jit
def _paragraph_of(first: I64, word: int) -> int:
    low, high = 0, len(first) - 1
    while high - low > 1:
        middle = (low + high) // 2
        if first[middle] <= word:
            low = middle
        else:
            high = middle
    return low


@jit
def _covers_paragraph(first: I64, start: int, end: int) -> bool:
    """``propose._covers_paragraph``."""
    p = _paragraph_of(first, start)
    if first[p] < start:
        p += 1
    return p < len(first) - 1 and first[p + 1] <= end


@jit
def _labels(first: I64, weight: I64, start: int, end: int) -> bool:
    """``propose._labels``."""
    p = _paragraph_of(first, start)
    if first[p] < start:
        p += 1
    q = p
    while q < len(first) - 1 and first[q + 1] <= end:
        q += 1
    total = weight[first[q]] - weight[first[p]]
    return bool(q - p >= LINES and QUARTERS * (q - p) <= total <= NEIGHBOUR * (q - p))


@jit
def _longest(first: I64, weight: I64, start: int, end: int) -> int:
    """``propose._longest``."""
    p = _paragraph_of(first, start)
    if first[p] < start:
        p += 1
    longest = 0
    while p < len(first) - 1 and first[p + 1] <= end:
        longest = max(longest, weight[first[p + 1]] - weight[first[p]])
        p += 1
    return longest


@jit
def _might_begin(first: I64, weight: I64, breaks: U8, i: int, j: int, dateline: int) -> bool:
    """``propose._might_begin``."""
    left, right = breaks[i] != 0, breaks[j] != 0
    if left == right:
        return bool(left)
    if 0 < weight[j + 1] - weight[j] < QUARTERS:
        return True
    other = j if left else i
    return bool(other - first[_paragraph_of(first, other)] <= dateline)


@jit
def _useful(
    first: I64, weight: I64, breaks: U8, there: int, here: int, length: int, shortest: int, passage: int, dateline: int
) -> bool:
    """``propose._useful``."""
    total = weight[here + length] - weight[here]
    rounds = length >= here - there
    covered = _covers_paragraph(first, there, there + length) or _covers_paragraph(first, here, here + length)
    apart = weight[here] - weight[there + length]
    beside = covered and apart <= SIDE and (apart <= 0 or total >= shortest // 2)
    if total >= NEIGHBOUR and (rounds or beside):
        return True
    if covered and _labels(first, weight, there, there + length) and _labels(first, weight, here, here + length):
        return True
    if total < shortest:
        return False
    if covered:
        longest = max(_longest(first, weight, there, there + length), _longest(first, weight, here, here + length))
        if longest >= shortest:
            return True
    a, b = 0, length
    while a < length and not _might_begin(first, weight, breaks, there + a, here + a, dateline):
        a += 1
    while b > a and not (breaks[there + b] or breaks[here + b]):
        b -= 1
    total = weight[here + b] - weight[here + a]
    return bool(total >= passage or (covered and total >= shortest))


@jit
def _neighbours(keys: U64, first: I64, weights: U8, seed: int) -> I64:
    """``propose.neighbours``: rows (there, here, length)."""
    runs = np.empty((4, 3), dtype=np.int64)
    n, p = 0, 1
    while p < len(first) - 1:
        a, b, c = first[p - 1], first[p], first[p + 1]
        words = b - a
        if words >= seed or c - b != words or not _same_seed(keys, a, b, words):
            p += 1
            continue
        weight = np.int64(0)
        for k in range(a, b):
            weight += weights[k]
        if weight < NEIGHBOUR:
            p += 1
            continue
        last = p + 1
        while last < len(first) - 1 and first[last + 1] - first[last] == words:
            if not _same_seed(keys, first[last], a, words):
                break
            last += 1
        if first[last] - b < seed:
            runs = _grown(runs, n)
            runs[n, 0], runs[n, 1], runs[n, 2] = a, b, first[last] - b
            n += 1
        p = last + 1
    return runs[:n]


@jit
def edit_distance(a: U64, b: U64, cutoff: int) -> int:
    """The edit distance of two sequences, or -1 where it is above ``cutoff``.

    By diagonals (Ukkonen 1985): how far one comes on each with so many edits. Its time goes with the
    length and the square of the distance, and near paragraphs have few edits.
    """
    m, n = len(a), len(b)
    if abs(m - n) > cutoff:
        return -1
    before = np.full(2 * cutoff + 3, -2, dtype=np.int64)
    now = np.full(2 * cutoff + 3, -2, dtype=np.int64)
    for edits in range(cutoff + 1):
        for diagonal in range(-edits, edits + 1):
            k = diagonal + cutoff + 1
            if edits == 0:
                i = 0
            else:
                # one word of b more, another word, one word of a more
                i = max(before[k - 1], before[k] + 1, before[k + 1] + 1)
            i = min(i, m, n - diagonal)
            if i < 0 or i + diagonal < 0:
                continue
            while i < m and i + diagonal < n and a[i] == b[i + diagonal]:
                i += 1
            if i == m and i + diagonal == n:
                return edits
            now[k] = i
        before, now = now, before
    return -1


@jit
def _comparable(first: I64, weight: I64, p: int, q: int, similarity: float, shortest: int) -> bool:
    """Both paragraphs are long enough, and not too different in length."""
    a, b, c, d = first[p], first[p + 1], first[q], first[q + 1]
    if min(b - a, d - c) < similarity * max(b - a, d - c):
        return False
    return bool(min(weight[b] - weight[a], weight[d] - weight[c]) >= shortest)


@jit
def _near(keys: U64, first: I64, p: int, q: int, similarity: float) -> bool:
    """``propose._near`` of comparable paragraphs."""
    a, b, c, d = first[p], first[p + 1], first[q], first[q + 1]
    cutoff = int((1 - similarity) * max(b - a, d - c) + 1e-9)
    return bool(edit_distance(keys[a:b], keys[c:d], cutoff) >= 0)


@jit
def _added(runs: I64, n: int, text: int, rows: I64) -> tuple[I64, int]:
    """``runs`` with the rows of a text, and how many they are."""
    for k in range(len(rows)):
        runs = _grown(runs, n)
        runs[n, 0], runs[n, 1], runs[n, 2], runs[n, 3] = text, rows[k, 0], rows[k, 1], rows[k, 2]
        n += 1
    return runs, n


@jit
def _candidates(
    batch: Batch,
    seed: int,
    shortest: int,
    passage: int,
    similarity: float,
    bucket: int,
    first_places: int,
    latest: int,
    dateline: int,
) -> Candidates:
    texts = len(batch.paragraphs) - 1
    runs = np.empty((64, 4), dtype=np.int64)
    near = np.empty((64, 3), dtype=np.int64)
    capped = np.zeros(texts, dtype=np.int64)
    n = m = most = 0
    for text in range(texts):
        most = max(most, batch.first[batch.paragraphs[text + 1]] - batch.first[batch.paragraphs[text]])
    size = 64
    while size < 2 * most + 2:
        size *= 2
    tags = np.empty(size, dtype=np.uint32)
    counts = np.empty(size, dtype=np.uint8)
    seeds = np.empty(most + 1, dtype=np.int32)
    mixes = np.empty(most + 1, dtype=np.uint64)
    slots = np.empty((size, 2 + first_places), dtype=np.int32)
    before = np.empty(most + 1, dtype=np.int32)
    covered = np.empty(most + 1, dtype=np.int32)
    weight = np.empty(most + 1, dtype=np.int64)
    breaks = np.empty(most + 1, dtype=np.uint8)
    for text in range(texts):
        p, q = batch.paragraphs[text], batch.paragraphs[text + 1]
        start, end = batch.first[p], batch.first[q]
        size = 64
        while size < 2 * (end - start) + 2:
            size *= 2
        tags[:size] = 0
        counts[:size] = 0
        keys = batch.keys[start:end]
        first = batch.first[p : q + 1] - start
        beside = _neighbours(keys, first, batch.weights[start:end], seed)
        repeats = _repeated(keys, seed, tags[:size], counts[:size], seeds, mixes)
        if repeats == 0:
            runs, n = _added(runs, n, text, beside)
            continue
        size = 64
        while size < 2 * repeats + 2:
            size *= 2
        for slot in range(size):
            slots[slot, 0] = -1
        covered[: end - start + 1] = 0
        found, count, capped[text] = _text_runs(
            keys, seed, bucket, first_places, latest, counts, seeds, mixes, slots[:size], before, covered
        )
        if count == 0:
            runs, n = _added(runs, n, text, beside)
            continue
        weight[0] = 0
        for k in range(end - start):
            weight[k + 1] = weight[k] + batch.weights[start + k]
        breaks[: end - start] = batch.breaks[start:end]
        breaks[end - start] = 1
        seen = {np.int64(-1)}
        for k in range(count):
            there, here, length = found[k, 0], found[k, 1], found[k, 2]
            if _useful(first, weight, breaks, there, here, length, shortest, passage, dateline):
                runs = _grown(runs, n)
                runs[n, 0], runs[n, 1], runs[n, 2], runs[n, 3] = text, there, here, length
                n += 1
            at = 0
            while at < length:
                a, b = _paragraph_of(first, there + at), _paragraph_of(first, here + at)
                pair = np.int64(a) * np.int64(q - p) + np.int64(b)
                if a != b and _comparable(first, weight, a, b, similarity, shortest) and pair not in seen:
                    seen.add(pair)
                    if _near(keys, first, a, b, similarity):
                        near = _grown(near, m)
                        near[m, 0], near[m, 1], near[m, 2] = text, a, b
                        m += 1
                at += min(first[a + 1] - there, first[b + 1] - here) - at
        runs, n = _added(runs, n, text, beside)
    return Candidates(runs[:n], near[:m], capped)


def candidates(
    batch: Batch,
    *,
    seed: int,
    shortest: int,
    passage: int,
    similarity: float,
    bucket: int,
    first_places: int,
    latest: int,
    dateline: int,
) -> Candidates:
    """The candidates inside each text; the parameters are those of ``propose`` (weights in quarter words)."""
    found: Candidates = _candidates(batch, seed, shortest, passage, similarity, bucket, first_places, latest, dateline)
    return found
