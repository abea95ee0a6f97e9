"""From UTF-8 bytes to words and token hashes: the steps that every kernel shares.

A kernel walks over the words of a span with ``next_word``:

    src = source(buf, tables)  # once
    i, char = start, 0
    while True:
        first, i, char_first, char, key, weight = next_word(src, i, end, char)
        if first < 0:
            break
        ...  # the word is buf[first:i], its characters are char_first to char

``text/words.py`` is the specification of a word, ``hashing.token_hash`` that of ``key``.
The buffer must be valid UTF-8 (what ``str.encode`` gives; lone surrogates with "surrogatepass" are
fine too): nothing here checks it, and a cut character at the end would be read beyond the buffer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.kernels import hashing
from cleaner.kernels.compiled import jit, jit_inline
from cleaner.kernels.pointers import Source, load_eight, load_i32, load_u8, source
from cleaner.kernels.tables import (
    ACCENT,
    DIGIT,
    FIRST_EXPANSION,
    HAN,
    HAN_ACCENT,
    HYPHEN,
    LETTER,
    SEPARATOR,
    SOUTHEAST_ACCENT,
    SOUTHEAST_MARK,
    Tables,
    tables,
)
from cleaner.settings import QUARTERS
from cleaner.text.fold import TYPO_LETTERS

U8: TypeAlias = NDArray[np.uint8]
I64: TypeAlias = NDArray[np.int64]
U64: TypeAlias = NDArray[np.uint64]
# length, low bytes, what is above them, the ends, the last letter, the sum: see hashing.token_hash.
Token: TypeAlias = tuple[int, np.uint64, np.uint64, np.uint64, np.uint64, np.uint64]
Word: TypeAlias = tuple[int, int, int, int, np.uint64, int]

# Typed, because numba makes a float of an int64 and a uint64.
_ZERO, _ONE, _EIGHT, _BYTE = np.uint64(0), np.uint64(1), np.uint64(8), np.uint64(0xFF)
_29, _32, _33 = np.uint64(29), np.uint64(32), np.uint64(33)
_GOLDEN, _SPLIT_1, _SPLIT_2 = np.uint64(hashing.GOLDEN), np.uint64(hashing.SPLIT_1), np.uint64(hashing.SPLIT_2)
_XX_1, _XX_2, _LONG_WORD = np.uint64(hashing.XX_1), np.uint64(hashing.XX_2), np.uint64(hashing.LONG_WORD)
_MURMUR64_1, _MURMUR64_2 = np.uint64(hashing.MURMUR64_1), np.uint64(hashing.MURMUR64_2)
_ONES = np.uint64(0x0101010101010101)
_HIGH, _CASE, _SEVEN, _56 = _ONES * np.uint64(0x80), _ONES * np.uint64(0x20), np.uint64(7), np.uint64(56)
_FROM_A, _ABOVE_Z = _ONES * np.uint64(0x80 - ord("a")), _ONES * np.uint64(0x80 - ord("z") - 1)
_FROM_0, _ABOVE_9 = _ONES * np.uint64(0x80 - ord("0")), _ONES * np.uint64(0x80 - ord("9") - 1)
_NO_TOKEN = (0, _ZERO, _ZERO, _ZERO, _ZERO, _ZERO)
_NEWLINE, _RETURN, _SPACE, _TAB = 10, 13, 32, 9
_NO_BREAK = (0xC2, 0xA0)  # U+00A0 in UTF-8


@jit_inline
def next_code(src: Source, i: int) -> tuple[int, int]:
    """The code point at byte ``i``, and the byte behind it."""
    first = load_u8(src.buf, i)
    if first < 0x80:
        return first, i + 1
    second = load_u8(src.buf, i + 1) & 0x3F
    if first < 0xE0:
        return (first & 0x1F) << 6 | second, i + 2
    third = load_u8(src.buf, i + 2) & 0x3F
    if first < 0xF0:
        return (first & 0x0F) << 12 | second << 6 | third, i + 3
    return (first & 0x07) << 18 | second << 12 | third << 6 | load_u8(src.buf, i + 3) & 0x3F, i + 4


@jit_inline
def fmix64(x: np.uint64) -> np.uint64:
    """``hashing.fmix64``."""
    x = (x ^ (x >> _33)) * _MURMUR64_1
    x = (x ^ (x >> _33)) * _MURMUR64_2
    return x ^ (x >> _33)


@jit_inline
def add_letter(token: Token, code: int) -> Token:
    """The token with one folded letter more."""
    length, low, high, ends, _, total = token
    letter = np.uint64(code)
    if length < TYPO_LETTERS - 1:
        low |= (letter & _BYTE) << (np.uint64(length) * _EIGHT)
        high = high * _XX_1 + (letter >> _EIGHT)
        if length == 0:
            ends = letter * _XX_1
        elif length == 1:
            ends += letter * _XX_2
    mixed = (letter + _GOLDEN) * _SPLIT_1
    mixed = (mixed ^ (mixed >> _32)) * _SPLIT_2
    return length + 1, low, high, ends, letter, total + (mixed ^ (mixed >> _29))


@jit_inline
def add_code(token: Token, code: int, src: Source) -> Token:
    """The token with the fold of one character more: no letter, one, or several."""
    folded = load_i32(src.fold, code)
    if folded >= 0:
        return add_letter(token, folded)
    if folded <= FIRST_EXPANSION:
        expansion = FIRST_EXPANSION - folded
        for at in range(load_i32(src.expand_from, expansion), load_i32(src.expand_from, expansion + 1)):
            token = add_letter(token, load_i32(src.expand, at))
    return token


@jit_inline
def token_hash(token: Token) -> np.uint64:
    """``hashing.token_hash`` of the letters added."""
    length, low, high, ends, last, total = token
    if length >= TYPO_LETTERS:
        return fmix64(fmix64(total + np.uint64(length) * _LONG_WORD) ^ (ends + last * _GOLDEN))
    if high != _ZERO:
        low += high * _XX_2 + np.uint64(length)
    return fmix64(low)


@jit_inline
def _is_run(kind: int) -> bool:
    """Whether a character continues a word of a script with spaces."""
    return kind == LETTER or kind == DIGIT or kind == ACCENT or kind >= SOUTHEAST_MARK


@jit_inline
def _is_tail(kind: int) -> bool:
    """Whether a character continues the one character before it, in any script."""
    return kind == ACCENT or kind >= SOUTHEAST_ACCENT


@jit_inline
def _after_blanks(src: Source, i: int, end: int) -> tuple[int, int]:
    """The first byte from ``i`` on that is no space, tab or no-break space, and how many of the last there were."""
    wide = 0
    while i < end:
        byte = load_u8(src.buf, i)
        if byte == _SPACE or byte == _TAB:
            i += 1
        elif byte == _NO_BREAK[0] and i + 1 < end and load_u8(src.buf, i + 1) == _NO_BREAK[1]:
            i, wide = i + 2, wide + 1
        else:
            break
    return i, wide


@jit_inline
def after_hyphen(src: Source, i: int, end: int) -> tuple[int, int]:
    """Where a word goes on that has a hyphen before byte ``i``: (byte, characters between); (-1, 0) if it ends there.

    Blanks and a line break may stand between, as in ``text.words``; they are inside the word.
    """
    at, wide = _after_blanks(src, i, end)
    line_end = at
    if line_end < end and load_u8(src.buf, line_end) == _RETURN:
        line_end += 1
    if line_end < end and load_u8(src.buf, line_end) == _NEWLINE:
        at, more = _after_blanks(src, line_end + 1, end)
        wide += more
    if at >= end:
        return -1, 0
    code, _ = next_code(src, at)
    kind = load_u8(src.kind, code)
    if kind == LETTER or kind == SOUTHEAST_MARK:
        return at, at - i - wide
    return -1, 0


@jit_inline
def _short_ascii(src: Source, i: int) -> tuple[int, np.uint64, bool]:
    """A word of one to seven ASCII letters and digits at byte ``i``: (length, token hash, only digits).

    The length is 0 if there is none, or if what follows might belong to it. Eight bytes are read and
    compared at once: adding 0x80 - c to a byte below 0x80 sets its high bit if the byte is c or more.
    """
    eight = load_eight(src.buf, i)
    small = eight | _CASE  # lower case; digits have this bit set anyway
    seven = small & ~_HIGH
    letters = (seven + _FROM_A) & ~(seven + _ABOVE_Z)
    plain = eight & ~_HIGH
    digits = (plain + _FROM_0) & ~(plain + _ABOVE_9)
    stops = ~((letters | digits) & ~eight) & _HIGH
    if stops == _ZERO:
        return 0, _ZERO, False
    mask = ((stops & (~stops + _ONE)) >> _SEVEN) - _ONE  # the bytes before the first stop
    length: Any = np.int64(((mask & _ONES) * _ONES) >> _56)
    if load_u8(src.kind, load_u8(src.buf, i + length)) != SEPARATOR or load_u8(src.buf, i + length) >= 0x80:
        return 0, _ZERO, False
    return length, fmix64(small & mask), letters & mask & _HIGH == _ZERO


@jit
def next_word(src: Source, i: int, end: int, char: int) -> Word:
    """The first word of ``buf[i:end]``, of which byte ``i`` is character ``char``.

    Returns (first byte, byte behind, first character, character behind, token hash, quarters);
    the first byte is -1 if there is no word any more. Quarters are those of ``words.quarters``.
    """
    code, after, kind = 0, i, 0
    while i < end:
        code, after = next_code(src, i)
        kind = load_u8(src.kind, code)
        if kind != 0 and kind != ACCENT and kind != HYPHEN:
            break
        i = after
        char += 1
    if i >= end:
        return -1, end, char, char, _ZERO, 0
    first, char_first = i, char
    if code < 0x80 and i + 8 <= end:
        length, key, only_digits = _short_ascii(src, i)
        if length > 0:
            return first, i + length, char_first, char + length, key, 0 if only_digits else QUARTERS
    token = add_code(_NO_TOKEN, code, src)
    i, char = after, char + 1
    if kind != LETTER and kind != DIGIT:
        quarters = 2 if kind == HAN or kind == HAN_ACCENT else 1
        while i < end:
            code, after = next_code(src, i)
            if not _is_tail(load_u8(src.kind, code)):
                break
            token = add_code(token, code, src)
            i, char = after, char + 1
        return first, i, char_first, char, token_hash(token), quarters
    only_digits = kind == DIGIT
    while i < end:
        code, after = next_code(src, i)
        now = load_u8(src.kind, code)
        if _is_run(now):
            token = add_code(token, code, src)
            only_digits = only_digits and now == DIGIT
            kind, i, char = now, after, char + 1
        elif now == HYPHEN and kind != DIGIT:
            at, gap = after_hyphen(src, after, end)
            if at < 0:
                break
            i, char = at, char + 1 + gap
        else:
            break
    return first, i, char_first, char, token_hash(token), 0 if only_digits else QUARTERS


@jit
def _words(buf: U8, starts: I64, ends: I64, tables: Tables) -> tuple[U64, I64, I64, U8, I64]:
    src = source(buf, tables)
    room = 16
    for span in range(len(starts)):
        room += (ends[span] - starts[span]) // 2 + 1
    keys = np.empty(room, dtype=np.uint64)
    firsts = np.empty(room, dtype=np.int64)
    lasts = np.empty(room, dtype=np.int64)
    weights = np.empty(room, dtype=np.uint8)
    offsets = np.zeros(len(starts) + 1, dtype=np.int64)
    n = 0
    for span in range(len(starts)):
        i, end = starts[span], ends[span]
        while True:
            first, i, _, _, key, quarters = next_word(src, i, end, 0)
            if first < 0:
                break
            keys[n], firsts[n], lasts[n], weights[n] = key, first, i, quarters
            n += 1
        offsets[span + 1] = n
    return keys[:n], firsts[:n], lasts[:n], weights[:n], offsets


def spans(texts: Sequence[str]) -> tuple[U8, I64, I64]:
    """Texts as the kernels take them: one buffer uint8[bytes], starts int64[texts], ends int64[texts]."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    return np.frombuffer(b"".join(encoded), dtype=np.uint8), ends[:-1], ends[1:]


def words_kernel(buf: U8, starts: I64, ends: I64) -> tuple[U64, I64, I64, U8, I64]:
    """All words of the spans ``buf[starts[k]:ends[k]]``, in order.

    buf     uint8[bytes], valid UTF-8; ``spans`` makes it, and so does ``np.frombuffer``
    starts  int64[spans], ends int64[spans]: byte positions at character boundaries
    Returns key uint64[words], first byte int64[words], byte behind int64[words], quarters
    uint8[words], and offsets int64[spans + 1]: the words of span k are offsets[k]:offsets[k + 1].
    """
    found: tuple[U64, I64, I64, U8, I64] = _words(buf, starts, ends, tables())
    return found
