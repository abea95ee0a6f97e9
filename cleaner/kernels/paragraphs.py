"""Plain text into paragraphs and words, for a batch of texts at once.

``text/lines.py`` and ``text/wraps.py`` are the specification of a paragraph, ``phases/layout.py`` that of the whole; a
contract test holds both roads to equal answers.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.kernels.compiled import jit
from cleaner.kernels.decode import I64, U8, U64, fmix64, next_code, next_word
from cleaner.kernels.pointers import Source, source
from cleaner.kernels.signs import BREAK, SPACE, U16, signs
from cleaner.kernels.tables import Tables, tables
from cleaner.kernels.wraps import characters, joined, lines

I32: TypeAlias = NDArray[np.int32]

_NEWLINE, _RETURN, _SPACE = 10, 13, 32
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
    joins = np.empty(most_lines + 1, dtype=np.uint8)
    wrapped = np.empty(most_lines + 1, dtype=np.uint8)
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
        found = joined(src, buf, rows, lines(src, buf, starts[text], ends[text], sign, rows), sign, joins, wrapped)
        at, char = starts[text], 0
        for k in range(found):
            begin, end = rows[k, 0], rows[k, 1]
            char += characters(buf, at, begin)
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
