"""Locality-sensitive hashing: from MinHash signatures to pairs that are probably near.

A signature is cut into bands of a few rows; two texts whose signatures agree in all rows of a band
become a candidate pair, which somebody must verify. Each function is there twice, over lists and
over numpy arrays, with equal results; numpy is imported by the latter only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from cleaner.errors import SettingsError
from cleaner.kernels.hashing import GOLDEN, MASK64, XX_1, fmix64
from cleaner.kernels.plain import EMPTY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THRESHOLD = 0.7
"""Bigram Jaccard of a near pair: two paragraphs of 20 words with one word changed have .81, with two about .65."""

CAP = 512
"""Largest bucket in which every pair is taken: 130,816 pairs. Copies beyond that are boilerplate."""

_INSTALL = "install it with: pip install 'article-cleaner[dumps]'"


class Bands(NamedTuple):
    """How a signature is cut: ``number`` bands of ``rows`` places each."""

    number: int
    rows: int

    @property
    def permutations(self) -> int:
        return self.number * self.rows

    def recall(self, jaccard: float) -> float:
        """Share of the pairs of this similarity that become candidates."""
        return float(1 - (1 - jaccard**self.rows) ** self.number)


DEFAULT_BANDS = Bands(20, 3)
"""Finds .9998 of the pairs at Jaccard .7, .93 at .5; datasketch's own choice for .7 would find .5 (see bands_for)."""


class Candidates(NamedTuple):
    """pairs: (i, j) with i < j, ascending, each once. left_out: pairs that a bucket over the cap did not give.

    A pair left out by one bucket and given by another is counted too.
    """

    pairs: list[tuple[int, int]]
    left_out: int


class CandidateArrays(NamedTuple):
    """The same as arrays: left int64[pairs] < right int64[pairs]."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    left_out: int


def bands_for(threshold: float) -> Bands:
    """The bands for candidates at Jaccard ``threshold``, in (0, 1].

    At THRESHOLD and at 1 (where every choice finds all) they are DEFAULT_BANDS; otherwise datasketch
    chooses. A missed pair weighs 99 times a false one, since every candidate is verified: recall at
    the threshold is .975 to .999 for thresholds .3 to .95, and with datasketch's even weights .3 to .6.
    """
    if not 0 < threshold <= 1:
        raise SettingsError(f"the threshold is {threshold}; give a number above 0, up to 1")
    if threshold in (THRESHOLD, 1):
        return DEFAULT_BANDS
    try:
        from datasketch import MinHashLSH
    except ImportError as error:
        raise SettingsError(f"thresholds other than {THRESHOLD} need datasketch ({error}); {_INSTALL}") from error
    chosen = MinHashLSH(threshold=threshold, num_perm=DEFAULT_BANDS.permutations, weights=(0.01, 0.99))
    return Bands(chosen.b, chosen.r)


def band_keys(signature: Sequence[int], bands: Bands) -> list[int]:
    """One key a band, signed 64-bit integers (SQL engines have no unsigned); none for an empty text.

    The number of the band is in the key, so that keys of all bands may stand in one column.
    """
    if all(value == EMPTY for value in signature):
        return []
    keys = []
    for band in range(bands.number):
        key = (band + 1) * GOLDEN & MASK64
        for value in signature[band * bands.rows : (band + 1) * bands.rows]:
            key = (key ^ value) * XX_1 & MASK64
            key ^= key >> 32
        key = fmix64(key)
        keys.append(key - (1 << 64) if key >> 63 else key)
    return keys


def band_key_array(signatures: NDArray[np.uint32], bands: Bands) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The keys of many signatures: (texts int64[n], keys int64[n, bands.number]); ``texts`` are rows with words.

    signatures  uint32[texts, bands.permutations or more]
    """
    import numpy as np

    texts = np.flatnonzero((signatures != EMPTY).any(axis=1)).astype(np.int64)
    used = signatures[texts, : bands.permutations].reshape(len(texts), bands.number, bands.rows)
    start = np.arange(1, bands.number + 1, dtype=np.uint64) * np.uint64(GOLDEN)
    keys = np.broadcast_to(start, (len(texts), bands.number))
    for row in range(bands.rows):
        keys = (keys ^ used[:, :, row]) * np.uint64(XX_1)
        keys ^= keys >> np.uint64(32)
    return texts, _fmix64_array(keys).view(np.int64)


def _fmix64_array(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    import numpy as np

    from cleaner.kernels.hashing import MURMUR64_1, MURMUR64_2

    shift = np.uint64(33)
    x = (x ^ (x >> shift)) * np.uint64(MURMUR64_1)
    x = (x ^ (x >> shift)) * np.uint64(MURMUR64_2)
    return x ^ (x >> shift)


def candidates(keys: Sequence[Sequence[int]], cap: int = CAP) -> Candidates:
    """The pairs of texts that share a key; ``keys[i]`` are those of text i.

    In a bucket of more than ``cap`` texts, at least 2, the later ones pair with the first only.
    """
    buckets: defaultdict[int, list[int]] = defaultdict(list)
    for text, own in enumerate(keys):
        for key in own:
            buckets[key].append(text)
    pairs: set[tuple[int, int]] = set()
    left_out = 0
    for members in buckets.values():
        pairs.update(combinations(members[:cap], 2))
        pairs.update((members[0], member) for member in members[cap:])
        left_out += _left_out(len(members), cap)
    return Candidates(sorted(pairs), left_out)


def candidate_arrays(texts: NDArray[np.int64], keys: NDArray[np.int64], cap: int = CAP) -> CandidateArrays:
    """``candidates`` over what ``band_key_array`` gave."""
    import numpy as np

    order = np.argsort(keys, axis=None, kind="stable")
    ordered = keys.ravel()[order]
    members = texts[order // keys.shape[1]] if keys.size else texts[:0]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(ordered) else order
    sizes = np.diff(np.r_[starts, len(ordered)])
    lefts, rights = [texts[:0]], [texts[:0]]
    for size in np.unique(sizes[sizes > 1]).tolist():
        group = members[starts[sizes == size][:, None] + np.arange(size)]
        one, other = np.triu_indices(min(size, cap), 1)
        lefts += [group[:, one].ravel(), np.repeat(group[:, 0], max(size - cap, 0))]
        rights += [group[:, other].ravel(), group[:, cap:].ravel()]
    width = int(texts[-1]) + 1 if len(texts) else 1
    pairs = np.unique(np.concatenate(lefts) * width + np.concatenate(rights))
    left_out = sum(_left_out(size, cap) for size in sizes[sizes > cap].tolist())
    return CandidateArrays(pairs // width, pairs % width, left_out)


def _left_out(size: int, cap: int) -> int:
    """How many of the pairs of a bucket are not taken."""
    beyond = max(size - cap, 0)
    return beyond * (cap - 1) + beyond * (beyond - 1) // 2
