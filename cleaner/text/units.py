"""Units: sentences, or in scripts without spaces the stretches between spaces and full stops."""

from __future__ import annotations

import re

from cleaner.text.chars import has_unspaced

_CLOSERS = "\"'`\u00b4\u201d\u201c\u2019\u00bb\u00ab\u203a\u2039)\\]\u300d\u300f*_"
# A closing quote may stand behind a space (French); then a space follows it too.
_spaced_end = re.compile(f"[.!?…؟۔।][{_CLOSERS}]*(?:\\s[»”](?=\\s))?(?:\\s+|$)|[。！？；][{_CLOSERS}]*")
_note = re.compile(f"[.!?…؟۔।][{_CLOSERS}]*(?:\\[\\w{{1,4}}\\])+\\s+")
_pause = re.compile(r"[^\w\s]+\s|\s[:;!?»—–-][^\w\s]*\s")
_split = re.compile(f"(?<=[。！？；])[{_CLOSERS}]*|\\s+")


BREAKS = ".!?…؟۔।。！？；:-–—)）"
"""Without one of these signs no unit begins between spaced words, and no dateline ends."""
_break = re.compile("[" + re.escape(BREAKS) + "]")


def might_break(text: str, start: int, end: int) -> bool:
    """Whether a unit might begin behind the separator ``text[start:end]`` between two spaced words."""
    return _break.search(text, start, end) is not None


def is_unspaced(word: str) -> bool:
    return not word.isascii() and has_unspaced(word[0])


def starts_unit(separator: str, before: str, word: str) -> bool:
    """Whether ``word`` begins a unit, given the raw separator and the word before it."""
    if separator == " " and word.isascii() and before.isascii():
        return False
    if is_unspaced(word) or is_unspaced(before):
        return _split.search(separator) is not None
    return not word[0].islower() and _spaced_end.search(separator) is not None


def drop_labels(units: list[bool], raw: list[str], before: list[str], gaps: list[str]) -> None:
    """Clear, in place, the flags of words that follow an abbreviation or a label instead of a sentence.

    ``before[k]`` and ``gaps[k]`` stand before word ``raw[k]``. A unit of one word is a label (4.
    First. Oui.) and belongs to what it labels. Words of one or two letters (v. p. Nr.), short ones in
    capitals (Art. Abs. Sec.) and figures of up to three digits (40 O. S. 113.) end no sentence for
    sure; where they do, the two sentences are one unit, which only makes cuts rarer.
    """
    last = 0
    for k, starts in enumerate(units):
        if not starts:
            continue
        if k and (k - last == 1 or _abbreviated(before[k], gaps[k])) and not is_unspaced(raw[k]):
            units[k] = False
        else:
            last = k


def _abbreviated(word: str, gap: str) -> bool:
    if not gap.startswith("."):
        return False
    if word.isdecimal():
        return len(word) <= 3
    return len(word) <= 2 or (len(word) <= 4 and word[0].isupper() and not word.isupper())


def note_ends(text: str) -> list[int]:
    """Where a sentence begins behind one that ends in notes: ... in 1992.[5][6] The ..."""
    return [match.end() for match in _note.finditer(text)] if "[" in text else []


def pauses(separator: str) -> bool:
    """Whether a sign and a space stand before the next word: a colon, a dash, a comma."""
    return _pause.match(separator) is not None


def cut_point(separator: str) -> int:
    """Where in the raw separator between two units the second one begins."""
    match = _spaced_end.search(separator) or _pause.match(separator) or _split.search(separator)
    return match.end() if match else len(separator)
