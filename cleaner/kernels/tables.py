"""Tables over all code points: what a character is to a word, and what it folds to.

``text/words.py`` and ``text/fold.py`` are the specification; the tables hold the same answers by
code point, so that a kernel needs no regular expressions. A test compares every assigned one.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.kernels.stored import stored
from cleaner.text.chars import HAN_KANA, HYPHENS, SOUTHEAST
from cleaner.text.marks import ACCENTS, INVISIBLE, MARKS

CODE_POINTS = 0x110000

# Kinds. The last three are needed because some marks of unspaced scripts are words of their own
# after a space and part of the word behind any other character (text/words.py, _marked).
SEPARATOR = 0
LETTER = 1  # also marks such as Devanagari vowel signs, and numerals that are not decimal digits
DIGIT = 2
HAN = 3
SOUTHEAST_ASIAN = 4
ACCENT = 5  # accents and invisible characters: part of the word before, folded to nothing
HYPHEN = 6
SOUTHEAST_MARK = 7  # continues a spaced word, stands alone otherwise
SOUTHEAST_ACCENT = 8  # continues any word, stands alone at the start
HAN_ACCENT = 9  # likewise: the kana voicing marks

# Flags
LOWER = 1  # str.islower

NOTHING = -1  # in Tables.fold: the character folds to nothing
FIRST_EXPANSION = -2  # in Tables.fold: expansion 0; expansion k is FIRST_EXPANSION - k

# Everything assigned outside surrogates and private use, which fold to themselves; beyond
# U+323AF there are only the tags and variation selectors.
_FOLDED = ((1, 0xD800), (0xF900, 0x32400), (0xE0000, 0xE0200))

U8 = NDArray[np.uint8]
I32 = NDArray[np.int32]


class Tables(NamedTuple):
    """The tables as one argument; numba takes it as it is.

    kind         uint8[CODE_POINTS], one of the kinds above
    flags        uint8[CODE_POINTS], a sum of the flags above
    fold         int32[CODE_POINTS], a code point, NOTHING, or FIRST_EXPANSION - k
    expand_from  int32[expansions + 1]; expansion k is expand[expand_from[k]:expand_from[k + 1]]
    expand       int32[...], code points
    """

    kind: U8
    flags: U8
    fold: I32
    expand_from: I32
    expand: I32


@functools.cache
def tables() -> Tables:
    """The tables: 0.15 s to build, 0.01 s to read."""
    return Tables(*stored("tables", lambda: [_kinds(), _flags(), *_folds()]))


@functools.cache
def _everything() -> str:
    return _text(np.arange(CODE_POINTS, dtype=np.uint32))


def _text(codes: NDArray[np.uint32]) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint32)


def listed(charset: str) -> NDArray[np.bool_]:
    """bool[CODE_POINTS]: which code points a character set of text/ has; only ranges and single characters."""
    found = np.zeros(CODE_POINTS, dtype=np.bool_)
    for first, last, single in re.findall("(?s)(.)-(.)|(.)", charset):
        found[ord(first or single) : ord(last or single) + 1] = True
    return found


def matched(pattern: str) -> NDArray[np.bool_]:
    """bool[CODE_POINTS]: which code points a regular expression for one character matches."""
    found = np.zeros(CODE_POINTS, dtype=np.bool_)
    for run in re.finditer(f"{pattern}+", _everything()):
        found[run.start() : run.end()] = True
    return found


def _kinds() -> U8:
    mark, accent = listed(MARKS), listed(ACCENTS + INVISIBLE)
    han, southeast = listed(HAN_KANA), listed(SOUTHEAST)
    kind = np.zeros(CODE_POINTS, dtype=np.uint8)
    # Later lines win.
    kind[accent] = ACCENT
    kind[matched(r"[^\W_]") | mark] = LETTER
    kind[matched(r"\d")] = DIGIT
    kind[listed(HYPHENS)] = HYPHEN
    kind[southeast] = SOUTHEAST_ASIAN
    kind[southeast & mark] = SOUTHEAST_MARK
    kind[southeast & accent] = SOUTHEAST_ACCENT
    kind[han] = HAN
    kind[han & accent] = HAN_ACCENT
    return kind


def _flags() -> U8:
    # Also of what is no letter: U+0345 and circled letters are lower case.
    flags = np.zeros(CODE_POINTS, dtype=np.uint8)
    for first, end in _FOLDED[:2]:
        flags[first:end][[char.islower() for char in _everything()[first:end]]] = LOWER
    return flags


def _folds() -> tuple[I32, I32, I32]:
    """``text.fold.fold`` of every character, as (fold, expand_from, expand) of Tables.

    All characters go through each step in one string, with a NUL behind each, which no step
    touches and across which no combining character moves.
    """
    codes = np.concatenate([np.arange(*ends, dtype=np.uint32) for ends in _FOLDED])
    apart = np.zeros(2 * len(codes), dtype=np.uint32)
    apart[::2] = codes
    decomposed = unicodedata.normalize("NFKD", _text(apart)).casefold()
    dropped = re.sub(f"[{ACCENTS}{INVISIBLE}{HYPHENS}\\s]+", "", unicodedata.normalize("NFKD", decomposed))
    folded = _by_value(_codes(dropped))
    stops = np.flatnonzero(folded == 0)
    starts = np.concatenate([[0], stops[:-1] + 1])
    lengths = stops - starts
    fold = np.arange(CODE_POINTS, dtype=np.int32)
    fold[codes[lengths == 0]] = NOTHING
    fold[codes[lengths == 1]] = folded[starts[lengths == 1]]
    several = np.flatnonzero(lengths > 1)
    fold[codes[several]] = FIRST_EXPANSION - np.arange(len(several))
    expand_from = np.concatenate([[0], np.cumsum(lengths[several])]).astype(np.int32)
    kept = np.repeat(lengths > 1, lengths + 1)
    expand = folded[kept & (folded != 0)].astype(np.int32)
    return fold, expand_from, expand


def _by_value(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Decimal digits of every script as 0 to 9."""
    value = np.arange(CODE_POINTS, dtype=np.uint32)
    for char in re.findall(r"\d", _text(value)):
        value[ord(char)] = ord("0") + unicodedata.digit(char)
    return value[codes]
