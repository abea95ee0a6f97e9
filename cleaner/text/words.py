"""Words of a text: between spaces, or single characters in scripts written without spaces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from cleaner.settings import QUARTERS
from cleaner.text.chars import HYPHENS, UNSPACED, has_han, has_marks, has_unspaced
from cleaner.text.fold import typo_fold
from cleaner.text.marks import ACCENTS, INVISIBLE, MARKS

_TAIL = f"{ACCENTS}{INVISIBLE}"
_LETTER = f"[^\\W\\d_{UNSPACED}]"
# A hyphen between two letters, with or without a line break or spaces behind it, is inside the
# word: a re-wrapped copy breaks there (well-known, Strom- und Gaspreise).
_HYPHEN = f"[{HYPHENS}](?:[ \\t\\xa0]*\\r?\\n)?[ \\t\\xa0]*"
_PLAIN = f"[^\\W_{UNSPACED}]+"
_MARKED = f"(?:{_PLAIN}|[{MARKS}])(?:[{MARKS}{_TAIL}]+(?:{_PLAIN})?|{_PLAIN})*"

# For texts without a character of an unspaced script: not to exclude them saves 7 ms of compiling at every start.
_plain = re.compile(f"[^\\W_]+(?:(?<=[^\\W\\d_]){_HYPHEN}(?=[^\\W\\d_])[^\\W_]+)*")


@cache
def _marked() -> re.Pattern[str]:
    """For texts with marks or unspaced scripts; compiling its classes takes 15 ms, so only when one comes."""
    joined = f"(?:(?<={_LETTER})|(?<=[{MARKS}{_TAIL}])){_HYPHEN}(?={_LETTER}|[{MARKS}])"
    return re.compile(f"[{UNSPACED}][{_TAIL}]*|{_MARKED}(?:{joined}{_MARKED})*")


def finder(text: str) -> Callable[[str, int, int], Iterator[re.Match[str]]]:
    """A function that finds the words between two positions of ``text``."""
    return _plain.finditer if is_simple(text) else _marked().finditer


class _Special(dict[str, bool]):
    """Remembers which characters need the longer pattern."""

    def __missing__(self, char: str) -> bool:
        special = self[char] = bool(has_unspaced(char) or has_marks(char))
        return special


_special = _Special()


def is_simple(text: str) -> bool:
    """Whether there is no mark, no invisible character and no unspaced script in ``text``.

    By its set of characters: 15 ns a character, a search with the same class takes 200.
    """
    return text.isascii() or not any(map(_special.__getitem__, set(text)))


class Folder(dict[str, tuple[str, int]]):
    """Remembers the comparison key and the weight of every word it has seen, up to a bound."""

    LIMIT = 200_000

    def __missing__(self, word: str) -> tuple[str, int]:
        if len(self) >= self.LIMIT:
            self.clear()
        folded = self[word] = typo_fold(word), quarters(word)
        return folded


UNSPACED_QUARTERS = (1, 2)
"""Weights of words that are single characters of a script without spaces."""


def quarters(word: str) -> int:
    """Weight of a word in quarter words; a number weighs nothing. See settings.QUARTERS."""
    if has_unspaced(word[0]):
        return 2 if has_han(word) else 1
    return 0 if word.isdecimal() else QUARTERS
