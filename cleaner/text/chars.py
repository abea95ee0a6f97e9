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


UNSEEN = "".join(
    chr(code)
    for first, last in re.findall("(.)(?:-(.))?", INVISIBLE)
    for code in range(ord(first), ord(last or first) + 1)
)
"""All characters of ``INVISIBLE``, one by one."""


def has_han(text: str) -> bool:
    """Whether ``text`` begins with a Chinese or Japanese character."""
    return _class(HAN_KANA).match(text) is not None


# Nothing of these is seen, wherever they stand: soft hyphens, zero-width spaces and joiners of words, invisible
# operators, variation selectors (a style of the same sign), tags that follow no emoji.
_NOTHING = "\u00ad\u034f\u200b\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff\U000e0001\U000e0100-\U000e01ef"
_TAGS = "\U000e0020-\U000e007f"
# Behind an emoji tags make another picture: one flag of another.
_tags = rf"(?<![\U0001f000-\U0001faff{_TAGS}])[{_TAGS}]+"
# Letters that are written apart, and what is no letter or emoji at all: between them a joiner joins nothing.
_APART = (
    "\0-\u05ff\u10a0-\u137f\u13a0-\u13ff\u1c80-\u1cbf\u1d00-\u200b\u200e-\u218f\u2c00-\u2dff\u2e80-\ua7ff\uab30-\uab6f\uac00-\ud7ff"
    "\uf900-\ufb4f\uff00-\uffef\U00020000-\U000323af"
)
_JOINER, _NON_JOINER, _MONGOLIAN = "\u200d", "\u200c", "\u1800-\u18af"
# A joiner shapes either neighbour alone; a non-joiner parts two letters that would join.
_unjoined = (
    rf"(?<![^{_APART}]){_JOINER}++(?![^{_APART}])|(?<![^{_APART}]){_NON_JOINER}++|{_NON_JOINER}++(?![^{_APART}])"
    rf"|(?<![{_MONGOLIAN}])\u180e|\u180e(?![{_MONGOLIAN}])"
)
_MARKS_OF_DIRECTION = "\u061c\u200e\u200f"


@cache
def _matching(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def drop_invisible(text: str, beside_figure: bool = False) -> str:
    """``text`` without the characters that change nothing of what a reader sees.

    What may change it stays: all that turns the direction of a stretch or overrides it; marks of direction in a
    word with a digit, or beside one (``beside_figure``); joiners in scripts whose letters join, and between emoji.
    """
    if _class(INVISIBLE).search(text) is None:
        return text
    text = _class(_NOTHING).sub("", text)
    text = _matching(f"{_tags}|{_unjoined}").sub("", text)
    return text if beside_figure else _class(_MARKS_OF_DIRECTION).sub("", text)


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
