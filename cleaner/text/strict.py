"""Words and separators in the form in which two texts are compared for real.

Two forms are equal where only immaterial rules differ (docs/design.md lists them). The typo and
the capital that stands for two letters need both words and live in text/differences.py.
"""

from __future__ import annotations

import re
import unicodedata

from cleaner.text.chars import UNSEEN, ascii_digits, compatible, dash_style, drop_invisible, quote_style

BREAK = "\x00"
"""Marks a hyphen at a line end inside a word: it may belong to the word or to the line."""

LITERAL = "\x01"
"""Marks a word inside a code span or a link: compared as it is written."""

_line_hyphen = re.compile(r"([-\u2010\u2011])[ \t\xa0]*\r?\n[ \t\xa0]*")
# Control characters that are no white space, and none of our own marks: U+0003 and its like say nothing.
_controls = re.compile("[\\x03-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f]")
_spaces = re.compile(r"[ \t\xa0]+")
_space = re.compile(r"\s+")
_loose = re.compile(r" ?([\"()\[\];!?]) ?")
_digit = re.compile(r"\d")
# A run of hyphens is a dash unless it begins an option: a separator that ends in it, behind a space (use --level).
_long_dash = re.compile(r"(?<!-)-{2,3}(?=[^-])|^-{2,3}$")


class _Strict(dict[str, str]):
    """Remembers the strict form of every word it has seen, up to a bound."""

    LIMIT = 200_000

    def __missing__(self, word: str) -> str:
        if len(self) >= self.LIMIT:
            self.clear()
        strict = self[word] = strict_word(word)
        return strict


strict_words = _Strict()


def strict_word(word: str) -> str:
    """A word in lower case, composed, without invisible characters, digits by value, plain widths."""
    if word.isascii():
        return _spaces.sub(" ", _line_hyphen.sub("-" + BREAK, word)).lower() if "-" in word else word.lower()
    whole = _spaces.sub(" ", _line_hyphen.sub("-" + BREAK, word))
    plain = drop_invisible(whole, _digit.search(whole) is not None).translate(compatible)
    return unicodedata.normalize("NFC", plain.translate(ascii_digits)).translate(dash_style).lower()


def strict_separator(raw: str, beside_digit: bool, at_edge: bool = False) -> str:
    """What stands between two words: quotes and dashes by style, white space only where it can matter.

    Beside a digit the place of the space is kept where there is a sign: 5 -3 is not 5-3, 1. 5 not 1.5. ``at_edge``:
    it stands beside one at the edge of a unit, where spaces part it from nothing.
    """
    if not raw.isprintable():
        raw = _controls.sub("", raw)
    if not raw.isascii():
        raw = (
            drop_invisible(raw, beside_digit or at_edge)
            .translate(compatible)
            .translate(quote_style)
            .translate(dash_style)
        )
    if "--" in raw and not beside_digit:
        raw = _long_dash.sub("-", raw)
    if beside_digit:
        return "" if raw.isspace() else _loose.sub(r"\1", _space.sub(" ", raw))
    return _space.sub("", raw)


def is_digit_edge(before: str, after: str) -> bool:
    """Whether the last character before a separator or the first after it is a digit."""
    # Asked of every separator: isdecimal() is what \d matches, in a third of the time.
    last = before[-1:]
    if last > "\x7f" and last in UNSEEN:
        last = before.rstrip(UNSEEN)[-1:]
    return last.isdecimal() or after[:1].isdecimal()
