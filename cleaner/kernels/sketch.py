"""MinHash signatures and shingle sets of many spans, in one fused pass over UTF-8 bytes.

``plain.signature`` over ``hashing.shingles`` is the oracle, and datasketch the specification
behind it; every 32-bit value is equal.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.kernels import hashing, plain
from cleaner.kernels.compiled import jit, jit_inline
from cleaner.kernels.decode import I64, U8, next_word
from cleaner.kernels.pointers import source
from cleaner.kernels.tables import Tables, tables

U32: TypeAlias = NDArray[np.uint32]
F64: TypeAlias = NDArray[np.float64]

_XX_2, _ONE_WORD, _32 = np.uint64(hashing.XX_2), np.uint64(hashing.ONE_WORD), np.uint64(32)
_13, _16 = np.uint32(13), np.uint32(16)
_MURMUR32_1, _MURMUR32_2 = np.uint32(hashing.MURMUR32_1), np.uint32(hashing.MURMUR32_2)
_EMPTY = np.uint32(plain.EMPTY)
_LANES = 16  # the permutations are padded to a multiple, so that no vector loop has a remainder


@jit_inline
def fmix32(x: np.uint32) -> np.uint32:
    """``hashing.fmix32``."""
    x = np.uint32((x ^ (x >> _16)) * _MURMUR32_1)
    x = np.uint32((x ^ (x >> _13)) * _MURMUR32_2)
    return x ^ (x >> _16)


@jit_inline
def shingle_hash(first: np.uint64, second: np.uint64) -> np.uint32:
    """``hashing.shingle_hash``."""
    x = first * _XX_2 + second
    return fmix32(np.uint32(x >> _32) ^ np.uint32(x))


@jit_inline
def lower_all(row: U32, shingle: np.uint32, a: U32, b: U32) -> None:
    """Takes one shingle into a signature; LLVM makes a vector loop of this."""
    mixed = fmix32(shingle)
    for k in range(len(row)):
        row[k] = min(row[k], np.uint32(a[k] * mixed + b[k]))


@jit
def _signatures(buf: U8, starts: I64, ends: I64, a: U32, b: U32, count: int, tables: Tables) -> U32:
    src = source(buf, tables)
    signatures = np.empty((len(starts), count), dtype=np.uint32)
    row = np.empty(len(a), dtype=np.uint32)
    for span in range(len(starts)):
        row[:] = _EMPTY
        end = ends[span]
        first, i, _, _, before, _ = next_word(src, starts[span], end, 0)
        words = 0
        while first >= 0:
            first, i, _, _, key, _ = next_word(src, i, end, 0)
            if first >= 0:
                lower_all(row, shingle_hash(before, key), a, b)
                before = key
            elif words == 0:
                lower_all(row, shingle_hash(before, _ONE_WORD), a, b)
            words += 1
        signatures[span] = row[:count]
    return signatures


@jit
def _shingle_sets(buf: U8, starts: I64, ends: I64, tables: Tables) -> tuple[U32, I64]:
    src = source(buf, tables)
    room = 0
    for span in range(len(starts)):
        room += (ends[span] - starts[span]) // 2 + 1
    shingles = np.empty(room, dtype=np.uint32)
    offsets = np.zeros(len(starts) + 1, dtype=np.int64)
    n = 0
    for span in range(len(starts)):
        begin, end = n, ends[span]
        first, i, _, _, before, _ = next_word(src, starts[span], end, 0)
        one_word = first >= 0
        while first >= 0:
            first, i, _, _, key, _ = next_word(src, i, end, 0)
            if first >= 0:
                shingles[n] = shingle_hash(before, key)
                before, one_word = key, False
                n += 1
        if one_word:
            shingles[n] = shingle_hash(before, _ONE_WORD)
            n += 1
        n = begin + _sort_unique(shingles[begin:n])
        offsets[span + 1] = n
    return shingles[:n].copy(), offsets


@jit
def _sort_unique(values: U32) -> int:
    """Sorts in place, the different values first; returns how many they are."""
    values.sort()
    kept = 0
    for at in range(len(values)):
        if at == 0 or values[at] != values[kept - 1]:
            values[kept] = values[at]
            kept += 1
    return kept


@jit
def _jaccards(shingles: U32, offsets: I64, left: I64, right: I64) -> F64:
    result = np.zeros(len(left), dtype=np.float64)
    for pair in range(len(left)):
        i, i_end = offsets[left[pair]], offsets[left[pair] + 1]
        j, j_end = offsets[right[pair]], offsets[right[pair] + 1]
        total, both = i_end - i + j_end - j, 0
        while i < i_end and j < j_end:
            x, y = shingles[i], shingles[j]
            both += x == y
            i += x <= y
            j += y <= x
        if total > 0:
            result[pair] = both / (total - both)
    return result


def signatures_kernel(buf: U8, starts: I64, ends: I64, count: int) -> U32:
    """The MinHash signature of each span ``buf[starts[k]:ends[k]]``: uint32[spans, count].

    buf     uint8[bytes], valid UTF-8 (see ``decode.spans``)
    starts  int64[spans], ends int64[spans]: byte positions at character boundaries
    count   permutations, at least 1
    The row of a span without words is all ``plain.EMPTY``.
    """
    a, b = padded(count)
    found: U32 = _signatures(buf, starts, ends, a, b, count, tables())
    return found


def shingle_sets(buf: U8, starts: I64, ends: I64) -> tuple[U32, I64]:
    """The shingle sets of spans: hashes uint32[...], ascending in each span, and offsets int64[spans + 1]."""
    found: tuple[U32, I64] = _shingle_sets(buf, starts, ends, tables())
    return found


def jaccards(shingles: U32, offsets: I64, left: I64, right: I64) -> F64:
    """Exact Jaccard similarity, float64[pairs] in [0, 1], of spans ``left[k]`` and ``right[k]``; 0 of two empty ones.

    shingles, offsets  what ``shingle_sets`` gave
    """
    found: F64 = _jaccards(shingles, offsets, left, right)
    return found


def padded(count: int) -> tuple[U32, U32]:
    """The parameters of the permutations, each uint32[count up to a multiple of _LANES], zeros at the end."""
    parameters = np.zeros((2, -(-count // _LANES) * _LANES), dtype=np.uint32)
    parameters[:, :count] = plain.permutations(count)
    return parameters[0], parameters[1]
