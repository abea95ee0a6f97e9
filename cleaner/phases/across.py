"""Near pairs among paragraphs: at or over a bigram Jaccard, and sharing a MinHash band.

Two roads with equal answers. The plain one joins small inputs exactly, in plain Python, and then
drops what the bands would not have found; the one over arrays goes by signatures, bands and kernels.
The answers are equal because both ask the same two questions of a pair, and because a small input
has no bucket over the cap.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from cleaner.kernels import hashing, plain
from cleaner.phases import lsh
from cleaner.text.fold import fold
from cleaner.text.words import finder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SMALL_TEXTS = lsh.CAP
"""Paragraphs up to which the plain road is taken; not above the cap, or the roads would differ."""

SMALL_CHARACTERS = 300_000
"""Characters up to which it is taken. The plain road takes .8 s a million, and numba .5 s to import."""


class NearPair(NamedTuple):
    """Paragraphs ``left`` < ``right``, counted from 0, and their exact bigram Jaccard, in [0, 1]."""

    left: int
    right: int
    jaccard: float


class NearPairs(NamedTuple):
    """pairs in ascending order; left_out as in ``lsh.Candidates``: above 0, some may be missing."""

    pairs: list[NearPair]
    left_out: int


def near_pairs(paragraphs: Sequence[str], threshold: float = lsh.THRESHOLD) -> NearPairs:
    """The near pairs among ``paragraphs``; ``threshold`` in (0, 1]. A paragraph without words is in no pair.

    Raises SettingsError for a threshold out of range, and for a large input without numba.
    """
    if len(paragraphs) <= SMALL_TEXTS and sum(map(len, paragraphs)) <= SMALL_CHARACTERS:
        return near_pairs_plain(paragraphs, threshold)
    return near_pairs_arrays(paragraphs, threshold)


def near_pairs_plain(paragraphs: Sequence[str], threshold: float = lsh.THRESHOLD) -> NearPairs:
    """The plain road, for at most SMALL_TEXTS paragraphs."""
    bands = lsh.bands_for(threshold)
    sets = shingle_sets(paragraphs)
    keys: dict[int, set[int]] = {}

    def keys_of(text: int) -> set[int]:
        if text not in keys:
            keys[text] = set(lsh.band_keys(plain.signature(sets[text], bands.permutations), bands))
        return keys[text]

    joined = exact_join(sets, threshold)
    return NearPairs(sorted(pair for pair in joined if not keys_of(pair.left).isdisjoint(keys_of(pair.right))), 0)


def near_pairs_arrays(paragraphs: Sequence[str], threshold: float = lsh.THRESHOLD) -> NearPairs:
    """The road over arrays, for any number of paragraphs."""
    import_module("cleaner.kernels.compiled")  # before numpy: it says what to install
    from cleaner.kernels import decode

    return near_pairs_spans(*decode.spans(paragraphs), threshold)


def near_pairs_spans(
    buf: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], threshold: float = lsh.THRESHOLD
) -> NearPairs:
    """The same for the spans ``buf[starts[k]:ends[k]]`` of UTF-8 bytes (see ``sketch.signatures_kernel``)."""
    import numpy as np

    from cleaner.kernels import sketch

    bands = lsh.bands_for(threshold)
    signatures = sketch.signatures_kernel(buf, starts, ends, bands.permutations)
    left, right, left_out = lsh.candidate_arrays(*lsh.band_key_array(signatures, bands))
    # Only the texts of candidates are shingled again.
    texts = np.unique(np.concatenate([left, right]))
    shingles, offsets = sketch.shingle_sets(buf, starts[texts], ends[texts])
    similar = sketch.jaccards(shingles, offsets, np.searchsorted(texts, left), np.searchsorted(texts, right))
    near = similar >= threshold
    found = zip(left[near].tolist(), right[near].tolist(), similar[near].tolist(), strict=True)
    return NearPairs([NearPair(*pair) for pair in found], left_out)


def shingle_sets(paragraphs: Sequence[str]) -> list[set[int]]:
    """The shingle hashes of each paragraph, in plain Python."""
    tokens: dict[str, int] = {}
    return [hashing.shingles(_token_hashes(text, tokens)) for text in paragraphs]


def _token_hashes(text: str, known: dict[str, int]) -> list[int]:
    """The token hashes of a text; ``known`` keeps those of the words seen before."""
    words = [match[0] for match in finder(text)(text, 0, len(text))]
    known.update((word, hashing.token_hash(fold(word))) for word in {*words} - known.keys())
    return [known[word] for word in words]


def exact_join(sets: Sequence[set[int]], threshold: float) -> Iterator[NearPair]:
    """All pairs of non-empty sets at or over ``threshold``, in no particular order.

    Prefix filter (Chaudhuri, Ganti, Kaushik 2006; Bayardo, Ma, Srikant 2007): with the members of all
    sets in one order, rare ones first, two sets of Jaccard t share a member among the first
    n - ceil(t n) + 1 of each. Sets go from small to large, so that only smaller ones are looked up.
    """
    frequency = Counter(chain.from_iterable(sets))
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for text in sorted(range(len(sets)), key=lambda text: len(sets[text])):
        own = sets[text]
        needed = threshold * len(own) - 1e-9  # a rounding error must not shorten the prefix
        ordered = sorted(own, key=lambda member: (frequency[member], member))
        prefix = ordered[: len(own) - math.ceil(needed) + 1]
        for other in {other for member in prefix for other in holders[member] if len(sets[other]) >= needed}:
            similar = jaccard(own, sets[other])
            if similar >= threshold:
                yield NearPair(min(text, other), max(text, other), similar)
        for member in prefix:
            holders[member].append(text)


def jaccard(one: set[int], other: set[int]) -> float:
    """Shared members by all members, in [0, 1]; 0 if both are empty."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if one or other else 0.0
