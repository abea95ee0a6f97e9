"""MinHash signatures in plain Python: the oracle of ``sketch``, and the road for small inputs.

``datasketch.MinHash(num_perm, scheme="affine32", hashfunc=hashing.hashfunc)`` is the
specification: the shingle hash goes through fmix32 once, and permutation k maps it to
``a[k] * hash + b[k]`` modulo 2**32; the signature keeps each permutation's smallest value.
"""

from __future__ import annotations

import functools
import random
from collections.abc import Collection

from cleaner.kernels.hashing import MASK32, fmix32

SEED = 1
"""Seed of the permutations; datasketch's default."""

EMPTY = MASK32
"""What every place of a signature holds that has seen no shingle."""


@functools.cache
def permutations(count: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """``(a, b)`` of the first ``count`` permutations, 32-bit integers; every ``a`` is odd.

    They are those of ``MinHash._init_permutations``: ``randint`` of numpy's ``RandomState(SEED)``,
    which for full 31- and 32-bit ranges takes the Mersenne Twister's numbers as they come. Python
    has the same generator, but fills its state from a seed in another way.
    """
    generator = random.Random()  # nosec B311 # the permutations that datasketch has; no secret
    generator.setstate((3, (*_twister_state(SEED), 624), None))
    a = tuple((generator.getrandbits(32) & 0x7FFFFFFF) * 2 + 1 for _ in range(count))
    return a, tuple(generator.getrandbits(32) for _ in range(count))


def _twister_state(seed: int) -> list[int]:
    """``init_genrand`` of mt19937ar.c (Matsumoto and Nishimura 2002)."""
    state = [seed]
    for place in range(1, 624):
        state.append((1812433253 * (state[-1] ^ (state[-1] >> 30)) + place) & MASK32)
    return state


def signature(shingles: Collection[int], count: int) -> list[int]:
    """``count`` 32-bit integers for the shingle hashes of a text; all EMPTY if there are none."""
    mixed = [fmix32(shingle) for shingle in shingles]
    a, b = permutations(count)
    return [min(((x * h + y) & MASK32 for h in mixed), default=EMPTY) for x, y in zip(a, b, strict=True)]
