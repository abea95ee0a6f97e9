"""Line breaks of a text in bytes: which are wraps. ``text/wraps.py`` is the specification.

A contract test holds both roads to equal answers.
"""

from __future__ import annotations

import numpy as np

from cleaner.kernels.compiled import jit, jit_inline
from cleaner.kernels.decode import I64, U8, next_code
from cleaner.kernels.pointers import Source
from cleaner.kernels.signs import (
    BEHIND,
    BULLET,
    CASELESS,
    DASH,
    DIGIT,
    ENDS,
    GOES_ON,
    HIDDEN,
    LETTER,
    RULE,
    SMALL,
    SPACE,
    STOP,
    U16,
    UNSPACED_SIGN,
    WORD,
)
from cleaner.text import wraps

_SHORTEST, _LONGEST, _LOOK_BACK = wraps.SHORTEST_WRAP, wraps.LONGEST_WRAP, wraps.LOOK_BACK
_NOTE, _TAG, _OPENERS, _SLACK = wraps.LONGEST_NOTE, wraps.LONGEST_TAG, wraps.MOST_OPENERS, wraps.SLACK
_NO, _MAYBE, _CAPITAL, _CASELESS, _SURE = wraps.NO, wraps.MAYBE, wraps.CAPITAL, wraps.CASELESS, wraps.SURE
_HYPHENS = tuple(map(ord, wraps.LINE_HYPHENS))
_COMMAS = tuple(map(ord, wraps.COMMAS))
_NEWLINE, _RETURN, _HASH, _BAR, _OPEN, _CLOSE, _STOP, _SLASH = 10, 13, 35, 124, 40, 41, 46, 47
_LESS, _GREATER, _OPEN_SQUARE, _CLOSE_SQUARE = 60, 62, 91, 93
_NO_END, _SIGN_END, _STOP_END = 0, 1, 2


@jit_inline
def previous(buf: U8, i: int) -> int:
    """The first byte of the character that ends before byte ``i``."""
    i -= 1
    while buf[i] & 0xC0 == 0x80:
        i -= 1
    return i


@jit_inline
def characters(buf: U8, start: int, end: int) -> int:
    count = 0
    for i in range(start, end):
        count += buf[i] & 0xC0 != 0x80
    return count


@jit
def _look_back(buf: U8, start: int, end: int) -> int:
    """Where the last characters before ``end`` begin among which the end of a sentence is looked for."""
    i = end
    for _ in range(_LOOK_BACK):
        if i <= start:
            return start
        i = previous(buf, i)
    return i


@jit
def _word_before(src: Source, buf: U8, start: int, i: int, most: int, sign: U16) -> int:
    """Where up to ``most`` word characters before ``i`` begin; -1 if there are none, or more."""
    count = 0
    while i > start:
        before = previous(buf, i)
        code, _after = next_code(src, before)
        if not sign[code] & WORD:
            break
        i = before
        count += 1
        if count > most:
            return -1
    return i if count else -1


@jit
def _group_before(src: Source, buf: U8, start: int, i: int, code: int, sign: U16) -> int:
    """Where the note or the tag begins that ends at ``i`` with the sign ``code``: [1], (dpa), </p>; -1 if none does."""
    if code == _GREATER:
        i = _word_before(src, buf, start, i - 1, _TAG, sign)
        return i - 2 if i >= start + 2 and buf[i - 1] == _SLASH and buf[i - 2] == _LESS else -1
    if code != _CLOSE and code != _CLOSE_SQUARE:
        return -1
    i = _word_before(src, buf, start, i - 1, _NOTE, sign)
    return i - 1 if i >= start + 1 and (buf[i - 1] == _OPEN or buf[i - 1] == _OPEN_SQUARE) else -1


@jit
def _ends_sentence(src: Source, buf: U8, start: int, end: int, sign: U16) -> int:
    """Whether a line ends with a full stop, with another sign that ends a sentence, or with neither."""
    start = _look_back(buf, start, end)
    found = _NO_END
    i = end
    while i > start:
        before = previous(buf, i)
        code, _after = next_code(src, before)
        group = _group_before(src, buf, start, i, code, sign)
        if group >= 0:
            i = group
            continue
        if sign[code] & STOP:
            return _STOP_END
        if sign[code] & ENDS:
            found = _SIGN_END
        if not sign[code] & BEHIND:
            return found
        i = before
    return found


@jit
def _marked(src: Source, start: int, end: int, sign: U16) -> bool:
    """``wraps._marker`` matches at ``start``."""
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
    """``wraps._heading`` matches at ``start`` of a line without white space at its end."""
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
def _is_unspaced(src: Source, start: int, end: int, sign: U16) -> bool:
    """``wraps._is_unspaced`` for a line in bytes."""
    bare = letters = 0
    i = start
    while i < end:
        code, i = next_code(src, i)
        bare += sign[code] & UNSPACED_SIGN != 0
        letters += sign[code] & LETTER != 0
    return bool(bare > 0 and bare * 2 >= letters)


@jit
def _first_word(src: Source, start: int, end: int, sign: U16) -> int:
    """Characters before the first space."""
    i, count = start, 0
    while i < end:
        code, i = next_code(src, i)
        if sign[code] & SPACE:
            break
        count += 1
    return count


@jit
def _hyphened(src: Source, buf: U8, a: int, a_end: int, b: int, sign: U16) -> bool:
    """Whether line a ends in a hyphen behind a letter, and line b begins with a small one."""
    last = previous(buf, a_end)
    if last <= a or next_code(src, last)[0] not in _HYPHENS:
        return False
    before, first = next_code(src, previous(buf, last))[0], next_code(src, b)[0]
    return bool(sign[before] & LETTER and sign[first] & SMALL)


@jit
def _join(src: Source, buf: U8, a: int, a_end: int, b: int, b_end: int, sign: U16) -> int:
    """``wraps.join`` for two lines in bytes."""
    # A character has at most four bytes.
    may = _SHORTEST <= a_end - a <= 4 * _LONGEST and b_end - b <= 4 * _LONGEST
    hyphened = _hyphened(src, buf, a, a_end, b, sign)
    if not may and not hyphened:
        return _NO
    newlines = returns = 0
    for i in range(a_end, b):
        newlines += buf[i] == _NEWLINE
        returns += buf[i] == _RETURN
    if newlines > 1 or returns > 1:
        return _NO
    if hyphened:
        return _NO if _marked(src, b, b_end, sign) else _SURE
    length, other = characters(buf, a, a_end), characters(buf, b, b_end)
    if length < _SHORTEST or length > _LONGEST or other > _LONGEST:
        return _NO
    if length + 1 + _first_word(src, b, b_end, sign) <= other:
        return _NO
    if _marked(src, b, b_end, sign) or _is_heading(src, a, a_end, sign) or buf[a] == _BAR:
        return _NO
    if _same(buf, a, a_end, b, b_end):
        return _NO
    if length != a_end - a and _is_unspaced(src, a, a_end, sign):
        return _NO
    return _how(src, buf, a, a_end, b, b_end, sign)


@jit
def _how(src: Source, buf: U8, a: int, a_end: int, b: int, b_end: int, sign: U16) -> int:
    """``wraps._how`` for two lines in bytes."""
    head = b
    code, after = next_code(src, head)
    while sign[code] & HIDDEN and after < b_end:
        head = after
        code, after = next_code(src, head)
    if sign[code] & HIDDEN:
        head = b
        code, after = next_code(src, head)
    if sign[code] & GOES_ON:
        return _SURE
    if sign[code] & DASH:
        return _MAYBE
    openers = 0
    while not sign[code] & WORD and openers < _OPENERS and after < b_end:
        openers += 1
        code, after = next_code(src, after)
    end = _ends_sentence(src, buf, a, a_end, sign)
    if not sign[code] & WORD:
        return _MAYBE if end else _CAPITAL
    if sign[code] & UNSPACED_SIGN:
        return _NO
    if sign[code] & SMALL:
        return _MAYBE if end == _STOP_END else _SURE
    if end:
        return _MAYBE
    if next_code(src, previous(buf, a_end))[0] in _COMMAS:
        return _SURE
    return _CASELESS if sign[code] & CASELESS else _CAPITAL


@jit
def lines(src: Source, buf: U8, start: int, end: int, sign: U16, into: I64) -> int:
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
            before = previous(buf, b)
            if not sign[next_code(src, before)[0]] & SPACE:
                break
            b = before
        if a < b:
            into[n, 0], into[n, 1] = a, b
            n += 1
        i = stop + 1
    return n


@jit
def _length(buf: U8, rows: I64, k: int) -> int:
    return characters(buf, rows[k, 0], rows[k, 1])


@jit
def _needed(src: Source, buf: U8, rows: I64, k: int, sign: U16) -> int:
    """Characters of line k with the first word of the next."""
    return _length(buf, rows, k) + 1 + _first_word(src, rows[k + 1, 0], rows[k + 1, 1], sign)


@jit
def _fits_beside(src: Source, buf: U8, rows: I64, n: int, sign: U16, joins: U8, wrapped: U8, k: int) -> bool:
    """``wraps._fits_beside`` for the break behind line k."""
    above = k > 0 and wrapped[k - 1] == 1
    below = k + 1 < n - 1 and joins[k + 1] == _SURE
    if not above and not below:
        return False
    needed = _needed(src, buf, rows, k, sign) + _SLACK
    return (above and needed <= _length(buf, rows, k - 1)) or (below and needed <= _length(buf, rows, k + 2))


@jit
def _is_open(join: int) -> bool:
    return join == _CAPITAL or join == _CASELESS


@jit
def _as_wide(src: Source, buf: U8, rows: I64, n: int, sign: U16, joins: U8, k: int) -> bool:
    """``wraps._as_wide`` for the breaks behind lines k and k + 1."""
    if k < 0 or k + 1 >= n - 1 or not _is_open(joins[k]) or not _is_open(joins[k + 1]):
        return False
    if joins[k] != _CASELESS and joins[k + 1] != _CASELESS:
        return False
    return _needed(src, buf, rows, k, sign) > _length(buf, rows, k + 2) and _needed(
        src, buf, rows, k + 1, sign
    ) > _length(buf, rows, k)


@jit
def _sure_widths(buf: U8, rows: I64, n: int, joins: U8, widths: U8) -> None:
    """Marks in ``widths`` how long the lines are that are wrapped for sure."""
    widths[:] = 0
    for k in range(n - 1):
        # A hyphen wraps at any width, but no other line is so long.
        if joins[k] == _SURE and rows[k, 1] - rows[k, 0] <= 4 * _LONGEST:
            length = _length(buf, rows, k)
            if length < len(widths):
                widths[length] = 1


@jit
def _settle(src: Source, buf: U8, rows: I64, n: int, sign: U16, joins: U8, wrapped: U8) -> None:
    """``wraps.settle``: sets ``wrapped`` for each break."""
    some = False
    for k in range(n - 1):
        wrapped[k] = joins[k] == _SURE
        some |= _NO < joins[k] < _SURE
    if not some:
        return
    widths = np.empty(_LONGEST + 1, dtype=np.uint8)
    known = False
    for k in range(n - 1):
        if not _is_open(joins[k]) or _fits_beside(src, buf, rows, n, sign, joins, wrapped, k):
            continue
        beside = (k > 0 and wrapped[k - 1] != 0) or (k + 1 < n - 1 and joins[k + 1] == _SURE)
        if not beside and not (
            _as_wide(src, buf, rows, n, sign, joins, k - 1) or _as_wide(src, buf, rows, n, sign, joins, k)
        ):
            if not known:
                _sure_widths(buf, rows, n, joins, widths)
                known = True
            length = _length(buf, rows, k)
            behind = min(len(widths), length + _first_word(src, rows[k + 1, 0], rows[k + 1, 1], sign) + _SLACK)
            if not widths[length - _SLACK : behind].any():
                continue
        wrapped[k] = 1
    # Beside what is settled by now, not beside one another: from here on 2 is a wrap that was a maybe.
    for k in range(n - 1):
        beside = (k > 0 and wrapped[k - 1] == 1) or (k + 1 < n - 1 and wrapped[k + 1] == 1)
        if joins[k] == _MAYBE and beside and not _fits_beside(src, buf, rows, n, sign, joins, wrapped, k):
            wrapped[k] = 2


@jit
def joined(src: Source, buf: U8, rows: I64, n: int, sign: U16, joins: U8, wrapped: U8) -> int:
    """Joins wrapped lines in place: rows become paragraphs; returns how many."""
    for k in range(n - 1):
        joins[k] = _join(src, buf, rows[k, 0], rows[k, 1], rows[k + 1, 0], rows[k + 1, 1], sign)
    _settle(src, buf, rows, n, sign, joins, wrapped)
    found = 0
    for k in range(n):
        if k > 0 and wrapped[k - 1]:
            rows[found - 1, 1] = rows[k, 1]
        else:
            rows[found, 0], rows[found, 1] = rows[k, 0], rows[k, 1]
            found += 1
    return found
