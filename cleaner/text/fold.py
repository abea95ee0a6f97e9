"""The comparison key of a word: proposes candidates, never decides."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from cleaner.text.chars import HYPHENS, ascii_digits
from cleaner.text.marks import ACCENTS, INVISIBLE


@cache
def _dropped() -> re.Pattern[str]:
    return re.compile(f"[{ACCENTS}{INVISIBLE}{HYPHENS}\\s]")


TYPO_LETTERS = 8
"""Shortest word in which a swap of two letters is a plain typo (see text/differences.py)."""


def fold(word: str) -> str:
    """Letters and digits of ``word``: NFKD, case folded, accents and hyphens dropped, digits by value.

    Every step maps one character at a time, so that a table of characters does the same
    (kernels/tables.py); that is why accents are dropped instead of composed.
    """
    if word.isascii():
        word = word.lower()
        return word if word.isalnum() else _dropped().sub("", word)
    decomposed = unicodedata.normalize("NFKD", word).casefold()
    return _dropped().sub("", unicodedata.normalize("NFKD", decomposed)).translate(ascii_digits)


def typo_fold(word: str) -> str:
    """``fold(word)`` with the inner letters of a long word in sorted order.

    First two characters and last stay in place, so that two words which differ by one swap of
    neighbouring inner letters share a key.
    """
    folded = fold(word)
    if len(folded) < TYPO_LETTERS:
        return folded
    return folded[:2] + "".join(sorted(folded[2:-1])) + folded[-1]
