"""Keys under which the paragraphs of a batch meet others: copy keys, and the bands of MinHash signatures.

``plain.signature`` over ``hashing.shingles`` and ``lsh.band_keys`` are the specification of the bands.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.kernels import hashing, plain
from cleaner.kernels.compiled import jit
from cleaner.kernels.decode import I64, U8, U64, fmix64
from cleaner.kernels.paragraphs import Batch
from cleaner.kernels.sketch import U32, lower_all, padded, shingle_hash

I32: TypeAlias = NDArray[np.int32]

_MUL, _GOLDEN, _XX_1 = np.uint64(hashing.XX_2), np.uint64(hashing.GOLDEN), np.uint64(hashing.XX_1)
_ONE_WORD, _32 = np.uint64(hashing.ONE_WORD), np.uint64(32)
_EMPTY = np.uint32(plain.EMPTY)


@jit
def _copy_keys(batch: Batch) -> tuple[U64, I32]:
    count = len(batch.first) - 1
    keys = np.empty(count, dtype=np.uint64)
    weights = np.zeros(count, dtype=np.int32)
    for p in range(count):
        key, weight = _GOLDEN, 0
        for word in range(batch.first[p], batch.first[p + 1]):
            key = (key ^ batch.keys[word]) * _MUL
            key ^= key >> _32
            weight += batch.weights[word]
        keys[p] = fmix64(key)
        weights[p] = weight
    return keys, weights


def copy_keys(batch: Batch) -> tuple[U64, I32]:
    """For each paragraph of a batch its copy key and its weight: uint64[paragraphs], int32[paragraphs].

    The words' keys in order, hashed: case, typography and the plain typo are folded in them, so that
    every copy has the key of its witness; not every paragraph with that key is a copy.
    """
    found: tuple[U64, I32] = _copy_keys(batch)
    return found


@jit
def _sketches(batch: Batch, paragraphs: I64, a: U32, b: U32, number: int, rows: int) -> tuple[U64, U8]:
    bands = np.empty((number, len(paragraphs)), dtype=np.uint64)
    thumbs = np.empty((len(paragraphs), number * rows), dtype=np.uint8)
    row = np.empty(len(a), dtype=np.uint32)
    for k in range(len(paragraphs)):
        first, after = batch.first[paragraphs[k]], batch.first[paragraphs[k] + 1]
        row[:] = _EMPTY
        for word in range(first, after - 1):
            lower_all(row, shingle_hash(batch.keys[word], batch.keys[word + 1]), a, b)
        if after == first + 1:
            lower_all(row, shingle_hash(batch.keys[first], _ONE_WORD), a, b)
        for place in range(number * rows):
            thumbs[k, place] = row[place] & 0xFF
        for band in range(number):
            key = np.uint64(band + 1) * _GOLDEN
            for place in range(band * rows, band * rows + rows):
                key = (key ^ np.uint64(row[place])) * _XX_1
                key ^= key >> _32
            bands[band, k] = fmix64(key)
    return bands, thumbs


def sketches(batch: Batch, paragraphs: I64, number: int, rows: int) -> tuple[U64, U8]:
    """Band keys, uint64[number, n], and thumbnails, uint8[n, number * rows], of paragraphs int64[n] of a batch.

    The keys are those of ``lsh.band_keys``, unsigned. A thumbnail is the lowest byte of each place of the
    signature (b-bit minwise hashing, Li and Koenig 2010): two of them show in 60 bytes about how similar
    their paragraphs are. Every one of the paragraphs has a word.
    """
    a, b = padded(number * rows)
    found: tuple[U64, U8] = _sketches(batch, paragraphs, a, b, number, rows)
    return found
