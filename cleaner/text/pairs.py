"""Whether two words, or two separators, say the same: the rules that need both sides."""

from __future__ import annotations

import re
from functools import cache

from cleaner.text.fold import TYPO_LETTERS
from cleaner.text.strict import BREAK, LITERAL, strict_word

# Full stops at the end of a paragraph, an ellipsis included: what was said is all there without them.
_stop = re.compile(r"[.。]+")
_hyphens = re.compile("[-\u2010\u2011]")
_bullets = re.compile(r"[-*•‣◦·\s]").sub
_space = re.compile(r"\s").sub
_bullet = re.compile(r"^[-*•‣◦·]")


@cache
def both_words() -> frozenset[tuple[str, str]]:
    """Pairs that differ by one swap of neighbouring letters and are both words: never a typo."""
    from importlib.resources import files

    lines = files("cleaner.text").joinpath("both_words.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return frozenset((a, b) for a, b in rows)


def is_typo(a: str, b: str) -> bool:
    """A plain typo: one swap of neighbouring letters inside a lower-case word of eight letters or more.

    The first two letters and the last stay in place. Both words as they stand in the text,
    composed; a pair on the list of pairs that are both words is none.
    """
    if len(a) != len(b) or len(a) < TYPO_LETTERS or a != a.lower() or b != b.lower():
        return False
    parts = [(x, y) for x, y in zip(_hyphens.split(a), _hyphens.split(b), strict=False) if x != y]
    return len(parts) == 1 and _swapped(*parts[0])


def _swapped(a: str, b: str) -> bool:
    if len(a) != len(b) or len(a) < TYPO_LETTERS or not (a.isalpha() and b.isalpha()):
        return False
    at = [i for i in range(len(a)) if a[i] != b[i]]
    if len(at) != 2 or at[1] != at[0] + 1 or at[0] < 2 or at[1] > len(a) - 2:
        return False
    i, j = at
    return a[i] == b[j] and a[j] == b[i] and (min(a, b), max(a, b)) not in both_words()


def same_word(a: str, b: str, raw_a: str, raw_b: str) -> bool:
    """Strict forms ``a`` and ``b`` of the words ``raw_a`` and ``raw_b`` say the same."""
    if a == b:
        return True
    if a.startswith(LITERAL) or b.startswith(LITERAL):
        return False
    if BREAK in a or BREAK in b:
        return bool(_readings(a) & _readings(b))
    if is_typo(_composed(raw_a), _composed(raw_b)):
        return True
    # One side in capitals: STRASSE is straße, but Massen is not Maßen.
    return (raw_a.isupper() or raw_b.isupper()) and a.upper() == b.upper()


def same_break(a: str, b: str, before_digit: bool) -> bool:
    """Separators that say the same where at least one of them holds a paragraph break.

    A trailing full stop and a bullet are immaterial there; before a figure a dash is a sign.
    """
    drop = _space if before_digit else _bullets
    return drop("", _stop.sub("", a)) == drop("", _stop.sub("", b))


def without_stop(separator: str) -> str:
    return _stop.sub("", separator)


def without_bullet(separator: str) -> str:
    return _bullet.sub("", separator).replace(" ", "")


def _readings(word: str) -> set[str]:
    """A hyphen at a line end belongs to the word or to the line."""
    if BREAK not in word:
        return {word}
    return {word.replace(BREAK, ""), word.replace(BREAK, " "), word.replace("-" + BREAK, "")}


def _composed(raw: str) -> str:
    """The word as it stands, composed, plain widths, in its own case."""
    return strict_word(raw) if not raw.isascii() and raw == raw.lower() else raw
