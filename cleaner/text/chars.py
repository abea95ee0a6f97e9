"""Which character is what: parts of words, unspaced scripts, quotes, dashes, compatible forms."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from cleaner.text.marks import ACCENTS, INVISIBLE, MARKS

# Scripts written without spaces: every character is a word of its own. Two sets, because a word
# of the first is about two characters long and one of the second about four (settings.QUARTERS).
HAN_KANA = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303b\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U0001b000-\U0001b16f\U00020000-\U000323af"
)
SOUTHEAST = (
    "\u0e01-\u0e4e\u0e81-\u0ecf\u0edc-\u0edf\u1000-\u103f\u104c-\u108f\u109a-\u109f\ua9e0-\ua9ef\ua9fa-\ua9fe"
    "\uaa60-\uaa7f\u1780-\u17d3\u17d7\u17dc-\u17dd\u19e0-\u19ff"
)
UNSPACED = HAN_KANA + SOUTHEAST

HYPHENS = "-\u2010\u2011"


@cache
def _class(characters: str) -> re.Pattern[str]:
    """A character class, compiled when it is first needed: the large ones take 5 ms each."""
    return re.compile(f"[{characters}]")


def is_small(char: str) -> bool:
    """Whether a letter is small where others are capitals.

    Not one of the Georgian alphabet: its capitals stand in headlines only, as whole words, never at a beginning.
    """
    return char.islower() and not "\u10d0" <= char <= "\u10ff"


def has_capitals(char: str) -> bool:
    """Whether a letter belongs to a script in which sentences begin with capitals."""
    return char.lower() != char.upper() and not "\u10d0" <= char <= "\u10ff"


def has_unspaced(text: str) -> bool:
    return _class(UNSPACED).search(text) is not None


def has_marks(text: str) -> bool:
    return _class(MARKS + ACCENTS + INVISIBLE).search(text) is not None


def has_han(text: str) -> bool:
    """Whether ``text`` begins with a Chinese or Japanese character."""
    return _class(HAN_KANA).match(text) is not None


def drop_invisible(text: str) -> str:
    return _class(INVISIBLE).sub("", text)


SINGLE_QUOTES = "'\u2018\u2019\u201a\u201b\u2039\u203a\u02bc\u2032\u00b4"
DOUBLE_QUOTES = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u300c\u300d\u300e\u300f'
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63"
quote_style = str.maketrans(dict.fromkeys(SINGLE_QUOTES, "'") | dict.fromkeys(DOUBLE_QUOTES, '"'))
dash_style = str.maketrans(dict.fromkeys(DASHES, "-"))

# Decompositions that only restyle a character. <super>, <sub>, <fraction>, <circle>, <square> and
# <font> are left out: 10² is not 102.
_STYLES = ("<wide>", "<narrow>", "<initial>", "<medial>", "<final>", "<isolated>", "<noBreak>")
_COMPATIBLE = {*range(0xFB00, 0xFB07), *range(0xFB13, 0xFB18), 0x2026, 0x0132, 0x0133, 0x01C4, 0x01C5, 0x01C6}


class _Compatible(dict[int, str]):
    """For str.translate: full width, ligatures and presentation forms by their plain characters."""

    def __missing__(self, code: int) -> str:
        plain = char = chr(code)
        if code in _COMPATIBLE or unicodedata.decomposition(char).startswith(_STYLES):
            plain = unicodedata.normalize("NFKC", char)
        self[code] = plain
        return plain


class _Digits(dict[int, str]):
    """For str.translate: decimal digits of every script by value."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = str(unicodedata.digit(char)) if char.isdecimal() else char
        self[code] = plain
        return plain


compatible = _Compatible()
ascii_digits = _Digits()
