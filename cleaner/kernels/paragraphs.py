"""Plain text into paragraphs and words, for a batch of texts at once.

``text/lines.py`` is the specification of a paragraph, ``phases/layout.py`` that of the whole; a
contract test holds both roads to equal answers.
"""

from __future__ import annotations

import functools
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.kernels import tables as tables_
from cleaner.kernels.compiled import jit, jit_inline
from cleaner.kernels.decode import I64, U8, U64, fmix64, next_code, next_word
from cleaner.kernels.pointers import Source, source
from cleaner.kernels.stored import stored
from cleaner.kernels.tables import CODE_POINTS, Tables, tables
from cleaner.text import lines, units
from cleaner.text.chars import UNSPACED

I32: TypeAlias = NDArray[np.int32]
U16: TypeAlias = NDArray[np.uint16]

SPACE, ENDS, TAIL, GOES_ON, BULLET, RULE = 1, 2, 4, 8, 16, 32
LETTER, DIGIT, LOWER, DASH, BARE, BREAK = 64, 128, 256, 512, 1024, 2048
"""Bits of ``signs``; BARE is a character of a script without spaces."""

_SHORTEST, _LONGEST, _LOOK_BACK = lines.SHORTEST_WRAP, lines.LONGEST_WRAP, lines.LOOK_BACK
_NEWLINE, _RETURN, _SPACE, _HASH, _BAR, _OPEN, _CLOSE, _STOP = 10, 13, 32, 35, 124, 40, 41, 46
_NO, _MAYBE, _WRAP = 0, 1, 2
_OPAQUE = np.uint64(0x9AE16A3B2F90404F)  # a salt: a paragraph without words is no word
_MUL = np.uint64(0xC2B2AE3D27D4EB4F)


class Batch(NamedTuple):
    """Paragraphs and words of n texts, one behind the other.

    paragraphs  int64[n + 1], of which text k has those from paragraphs[k] to paragraphs[k + 1]
    spans       int32[paragraphs, 2], characters of their text, half-open
    at          int64[paragraphs, 2], bytes of the buffer
    first       int64[paragraphs + 1], first word of each
    opaque      uint8[paragraphs], 1 where it has no word and counts as one
    keys        uint64[words]
    starts      int32[words], characters of their text; ends likewise
    weights     uint8[words], quarter words
    breaks      uint8[words], 1 where a unit might begin (layout.Keyed.breaks)
    """

    paragraphs: I64
    spans: I32
    at: I64
    first: I64
    opaque: U8
    keys: U64
    starts: I32
    ends: I32
    weights: U8
    breaks: U8


@functools.cache
def signs() -> U16:
    """uint16[CODE_POINTS]: what a character is to text/lines.py, a sum of the bits above."""
    return stored("signs", lambda: [_signs()])[0]


def _signs() -> U16:
    kinds, flags = tables().kind, tables().flags
    found = np.zeros(CODE_POINTS, dtype=np.uint16)
    found[tables_.matched(r"\s")] |= SPACE
    found[tables_.matched(r"[^\W\d_]")] |= LETTER
    found[kinds == tables_.DIGIT] |= DIGIT
    found[tables_.listed(UNSPACED)] |= BARE
    found[flags == tables_.LOWER] |= LOWER
    for bit, characters in {
        ENDS: lines.ENDS,
        TAIL: lines.TAIL,
        GOES_ON: lines.GOES_ON,
        BULLET: lines.BULLETS,
        RULE: lines.RULES,
        BREAK: units.BREAKS,
        DASH: lines.DASHES,
    }.items():
        for character in characters:
            found[ord(character)] |= bit
    return found


@jit_inline
def _previous(buf: U8, i: int) -> int:
    """The first byte of the character that ends before byte ``i``."""
    i -= 1
    while buf[i] & 0xC0 == 0x80:
        i -= 1
    return i


@jit_inline
def _characters(buf: U8, start: int, end: int) -> int:
    count = 0
    for i in range(start, end):
        count += buf[i] & 0xC0 != 0x80
    return count


@jit
def _ends_sentence(src: Source, buf: U8, start: int, end: int, sign: U16) -> bool:
    i = end
    for _ in range(_LOOK_BACK):
        if i <= start:
            return False
        i = _previous(buf, i)
        code, _after = next_code(src, i)
        if sign[code] & ENDS:
            return True
        if not sign[code] & (TAIL | SPACE):
            return False
    return False


@jit
def _marked(src: Source, start: int, end: int, sign: U16) -> bool:
    """``lines._marker`` matches at ``start``."""
    code, after = next_code(src, start)
    if code == _BAR:
        return True
    if sign[code] & BULLET and (after >= end or sign[next_code(src, after)[0]] & SPACE):
        return True
    if code == _HASH:
        i, count = start, 0
        while i < end and next_code(src, i)[0] == _HASH:
            i, count = i + 1, count + 1
        if 2 <= count <= 6 and i < end and sign[next_code(src, i)[0]] & SPACE:
            return True
    if _numbered(src, start, end, sign):
        return True
    i, count = start, 0
    while i < end:
        code, i = next_code(src, i)
        if not sign[code] & RULE:
            return False
        count += 1
    return count >= 3


@jit
def _numbered(src: Source, start: int, end: int, sign: U16) -> bool:
    """1. or (12) or a) with a space or the end of the line behind it."""
    i = start
    code, after = next_code(src, i)
    if code == _OPEN:
        i = after
        if i >= end:
            return False
        code, after = next_code(src, i)
    digits = 0
    while digits < 3 and sign[code] & DIGIT:
        digits += 1
        i = after
        if i >= end:
            return False
        code, after = next_code(src, i)
    if digits == 0:
        if not sign[code] & LETTER or after >= end:
            return False
        code, after = next_code(src, after)
        if code != _CLOSE:
            return False
    elif code != _STOP and code != _CLOSE:
        return False
    return after >= end or sign[next_code(src, after)[0]] & SPACE != 0


@jit
def _is_heading(src: Source, start: int, end: int, sign: U16) -> bool:
    """``lines._heading`` matches at ``start`` of a line without white space at its end."""
    i, count = start, 0
    while i < end and count < 7 and next_code(src, i)[0] == _HASH:
        i, count = i + 1, count + 1
    return 1 <= count <= 6 and i < end and sign[next_code(src, i)[0]] & SPACE != 0


@jit
def _same(buf: U8, a: int, a_end: int, b: int, b_end: int) -> bool:
    if a_end - a != b_end - b:
        return False
    for k in range(a_end - a):
        if buf[a + k] != buf[b + k]:
            return False
    return True


@jit
def _join(src: Source, buf: U8, a: int, a_end: int, b: int, b_end: int, sign: U16) -> int:
    """``lines._joins`` for two lines in bytes."""
    # A character has at most four bytes.
    if a_end - a < _SHORTEST or a_end - a > 4 * _LONGEST or b_end - b > 4 * _LONGEST:
        return _NO
    newlines = returns = 0
    for i in range(a_end, b):
        newlines += buf[i] == _NEWLINE
        returns += buf[i] == _RETURN
    if newlines > 1 or returns > 1:
        return _NO
    length, other = _characters(buf, a, a_end), _characters(buf, b, b_end)
    if length < _SHORTEST or length > _LONGEST or other > _LONGEST:
        return _NO
    i, word = b, 0
    while i < b_end:
        code, i = next_code(src, i)
        if sign[code] & SPACE:
            break
        word += 1
    if length + 1 + word <= other:
        return _NO
    if _marked(src, b, b_end, sign) or _is_heading(src, a, a_end, sign) or buf[a] == _BAR:
        return _NO
    last, _after = next_code(src, _previous(buf, a_end))
    if sign[last] & BARE or _same(buf, a, a_end, b, b_end):
        return _NO
    head, _after = next_code(src, b)
    if sign[head] & GOES_ON:
        return _WRAP
    if not sign[head] & LOWER and _ends_sentence(src, buf, a, a_end, sign):
        return _MAYBE
    if sign[head] & DASH:
        return _MAYBE
    return _WRAP


@jit
def _lines(src: Source, buf: U8, start: int, end: int, sign: U16, into: I64) -> int:
    """Trimmed lines of ``buf[start:end]`` that are not blank, as rows (start, end); returns how many."""
    n = 0
    i = start
    while i < end:
        stop = i
        while stop < end and buf[stop] != _NEWLINE and buf[stop] != _RETURN:
            stop += 1
        a, b = i, stop
        while a < b:
            code, after = next_code(src, a)
            if not sign[code] & SPACE:
                break
            a = after
        while a < b:
            before = _previous(buf, b)
            if not sign[next_code(src, before)[0]] & SPACE:
                break
            b = before
        if a < b:
            into[n, 0], into[n, 1] = a, b
            n += 1
        i = stop + 1
    return n


@jit
def _joined(src: Source, buf: U8, rows: I64, n: int, sign: U16, wraps: U8) -> int:
    """Joins wrapped lines in place: rows become paragraphs; returns how many."""
    for k in range(n - 1):
        wraps[k] = _join(src, buf, rows[k, 0], rows[k, 1], rows[k + 1, 0], rows[k + 1, 1], sign)
    found = 0
    for k in range(n):
        wrapped = False
        if k > 0:
            join = wraps[k - 1]
            beside = (k > 1 and wraps[k - 2] == _WRAP) or (k < n - 1 and wraps[k] == _WRAP)
            wrapped = join == _WRAP or (join == _MAYBE and beside)
        if wrapped:
            rows[found - 1, 1] = rows[k, 1]
        else:
            rows[found, 0], rows[found, 1] = rows[k, 0], rows[k, 1]
            found += 1
    return found


@jit
def _might_break(src: Source, start: int, end: int, sign: U16) -> bool:
    i = start
    while i < end:
        code, i = next_code(src, i)
        if sign[code] & BREAK:
            return True
    return False


@jit
def _opaque_key(src: Source, start: int, end: int, sign: U16) -> np.uint64:
    key = _OPAQUE
    i = start
    while i < end:
        code, i = next_code(src, i)
        if not sign[code] & SPACE:
            key = fmix64(key * _MUL + np.uint64(code))
    return key


@jit
def _read(buf: U8, starts: I64, ends: I64, sign: U16, tables: Tables, most_lines: int) -> Batch:
    src = source(buf, tables)
    size = 0
    for text in range(len(starts)):
        size += ends[text] - starts[text]
    rows = np.empty((most_lines + 1, 2), dtype=np.int64)
    wraps = np.empty(most_lines + 1, dtype=np.uint8)
    total_lines = 1
    for i in range(len(buf)):
        total_lines += buf[i] == _NEWLINE or buf[i] == _RETURN
    total_lines += len(starts)
    paragraphs = np.zeros(len(starts) + 1, dtype=np.int64)
    spans = np.empty((total_lines, 2), dtype=np.int32)
    at_bytes = np.empty((total_lines, 2), dtype=np.int64)
    first = np.zeros(total_lines + 1, dtype=np.int64)
    opaque = np.zeros(total_lines, dtype=np.uint8)
    room = size // 2 + total_lines + 16
    keys = np.empty(room, dtype=np.uint64)
    word_starts = np.empty(room, dtype=np.int32)
    word_ends = np.empty(room, dtype=np.int32)
    weights = np.empty(room, dtype=np.uint8)
    breaks = np.empty(room, dtype=np.uint8)
    n = p = 0
    for text in range(len(starts)):
        found = _joined(src, buf, rows, _lines(src, buf, starts[text], ends[text], sign, rows), sign, wraps)
        at, char = starts[text], 0
        for k in range(found):
            begin, end = rows[k, 0], rows[k, 1]
            char += _characters(buf, at, begin)
            spans[p, 0] = char
            at_bytes[p, 0], at_bytes[p, 1] = begin, end
            i = begin
            before = n
            behind = begin
            while True:
                at_word, i, char_first, char, key, quarters = next_word(src, i, end, char)
                if at_word < 0:
                    break
                if n == before:
                    breaks[n] = 1
                elif at_word == behind + 1 and buf[behind] == _SPACE and quarters == 4 and weights[n - 1] == 4:
                    breaks[n] = 0
                else:
                    bare = 1 <= quarters <= 2 or 1 <= weights[n - 1] <= 2
                    breaks[n] = (bare and at_word > behind) or _might_break(src, behind, at_word, sign)
                behind = i
                keys[n], word_starts[n], word_ends[n], weights[n] = key, char_first, char, quarters
                n += 1
            spans[p, 1] = char
            if n == before:
                opaque[p] = breaks[n] = 1
                keys[n] = _opaque_key(src, begin, end, sign)
                word_starts[n], word_ends[n], weights[n] = spans[p, 0], char, 0
                n += 1
            at = end
            p += 1
            first[p] = n
        paragraphs[text + 1] = p
    return Batch(
        paragraphs,
        spans[:p],
        at_bytes[:p],
        first[: p + 1],
        opaque[:p],
        keys[:n],
        word_starts[:n],
        word_ends[:n],
        weights[:n],
        breaks[:n],
    )


def read_batch(buf: U8, starts: I64, ends: I64) -> Batch:
    """Paragraphs and words of the texts ``buf[starts[k]:ends[k]]``, valid UTF-8 (``decode.spans``)."""
    most = int(np.max(ends - starts, initial=0)) // 2 + 2
    found: Batch = _read(buf, starts, ends, signs(), tables(), most)
    return found
