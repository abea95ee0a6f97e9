"""Hashes of words and shingles in plain Python: the specification that the kernels follow bit for bit.

A *token hash* (64 bits) stands for the comparison key of a word: two words have the same one when
``text.fold.typo_fold`` gives the same, and otherwise by a chance of 2**-64. It can be computed in
one pass without sorting: a swap of inner letters leaves their sum as it is.

A *shingle* is two neighbouring words. Pairs, because in a paragraph of 20 words one changed word
leaves .81 of the pairs but only .6 of the 5-grams.
A *shingle hash* (32 bits) is what goes into MinHash; as bytes a shingle is the folded words joined
by a space, which no folded word contains.

The multipliers are the odd constants of splitmix64 (Steele, Lea, Flood 2014), xxHash64 and the
MurmurHash3 finalizers (fmix32, fmix64), all in the public domain.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import pairwise

from cleaner.text.fold import TYPO_LETTERS

MASK64 = (1 << 64) - 1
MASK32 = (1 << 32) - 1

GOLDEN = 0x9E3779B97F4A7C15
SPLIT_1 = 0xBF58476D1CE4E5B9
SPLIT_2 = 0x94D049BB133111EB
XX_1 = 0x9E3779B185EBCA87
XX_2 = 0xC2B2AE3D27D4EB4F
MURMUR64_1 = 0xFF51AFD7ED558CCD
MURMUR64_2 = 0xC4CEB9FE1A85EC53
MURMUR32_1 = 0x85EBCA6B
MURMUR32_2 = 0xC2B2AE35
LONG_WORD = 0xA0761D6478BD642F  # keeps long words apart from short ones (a constant of wyhash)
ONE_WORD = 0xE7037ED1A0B428DB  # stands for the missing second word (likewise)


def fmix64(x: int) -> int:
    """The MurmurHash3 finalizer: a bijection of 64-bit integers."""
    x = (x ^ (x >> 33)) * MURMUR64_1 & MASK64
    x = (x ^ (x >> 33)) * MURMUR64_2 & MASK64
    return x ^ (x >> 33)


def fmix32(x: int) -> int:
    """The MurmurHash3 finalizer: a bijection of 32-bit integers."""
    x = (x ^ (x >> 16)) * MURMUR32_1 & MASK32
    x = (x ^ (x >> 13)) * MURMUR32_2 & MASK32
    return x ^ (x >> 16)


@functools.cache
def letter_mix(code: int) -> int:
    """64 bits for one letter, such that sums of them tell multisets of letters apart."""
    x = (code + GOLDEN) * SPLIT_1 & MASK64
    x = (x ^ (x >> 32)) * SPLIT_2 & MASK64
    return x ^ (x >> 29)


def token_hash(folded: str) -> int:
    """64 bits for a folded word; ``fold(word)`` and ``typo_fold(word)`` give the same.

    A word shorter than TYPO_LETTERS is hashed in order: the low bytes of its letters side by side
    (no two ASCII words collide) and what is above them as a polynomial. A longer one by its first
    two letters, its last, its length, and the sum over all its letters.
    """
    codes = [ord(char) for char in folded]
    if len(codes) < TYPO_LETTERS:
        low = high = 0
        for place, code in enumerate(codes):
            low |= (code & 0xFF) << (8 * place)
            high = (high * XX_1 + (code >> 8)) & MASK64
        return fmix64((low + high * XX_2 + (high != 0) * len(codes)) & MASK64)
    ends = codes[0] * XX_1 + codes[1] * XX_2 + codes[-1] * GOLDEN
    inner = fmix64((sum(map(letter_mix, codes)) + len(codes) * LONG_WORD) & MASK64)
    return fmix64(inner ^ (ends & MASK64))


def shingle_hash(first: int, second: int = ONE_WORD) -> int:
    """32 bits for two neighbouring token hashes, in order; of a text of one word, for that word."""
    x = (first * XX_2 + second) & MASK64
    return fmix32((x >> 32) ^ (x & MASK32))


def shingles(tokens: Sequence[int]) -> set[int]:
    """The shingle hashes of a text, given its token hashes in order. None for a text without words."""
    if len(tokens) == 1:
        return {shingle_hash(tokens[0])}
    return {shingle_hash(a, b) for a, b in pairwise(tokens)}


def shingle_bytes(folded: Sequence[str]) -> list[bytes]:
    """The shingles of a text as bytes, given its folded words in order; what ``hashfunc`` reads."""
    if len(folded) == 1:
        return [folded[0].encode()]
    return [f"{a} {b}".encode() for a, b in pairwise(folded)]


def hashfunc(shingle: bytes) -> int:
    """32 bits for a shingle's bytes; give it to ``datasketch.MinHash(hashfunc=...)``."""
    return shingle_hash(*map(token_hash, shingle.decode().split(" ")))
