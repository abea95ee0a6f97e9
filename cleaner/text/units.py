"""Units: sentences, or in scripts without spaces the stretches between spaces and full stops."""

from __future__ import annotations

import re

from cleaner.text.chars import has_unspaced, is_small
from cleaner.text.stops import CLOSE_STOPS, STOPS

_CLOSERS = "\"'`\u00b4\u201d\u201c\u2019\u00bb\u00ab\u203a\u2039)\\]\u300d\u300f*_"
# What may stand behind a full stop before the space: all signs but those with which a sentence goes on or begins.
_BEHIND = f"(?:[{_CLOSERS}]|[^\\w\\s,;:،、(\\[{{„“‘«¿¡…\u2010-\u2015-])"
_SIGN = f"(?:[{STOPS}]|{_BEHIND})"
# Of a run of such signs before white space one is a full stop. A run is looked at from its beginning only: from each of
# its signs it would be as many looks as the square of its length, and a table of contents is made of dots.
# A closing quote may stand behind a space (French); then a space follows it too.
_spaced_end = re.compile(
    f"(?<!{_SIGN})(?:(?![{STOPS}]){_SIGN})*+[{STOPS}]{_SIGN}*+(?:\\s[»”](?=\\s))?(?:\\s+|$)"
    f"|[{CLOSE_STOPS}][{_CLOSERS}]*"
)
_stop, _sign = re.compile(f"[{STOPS}]"), re.compile(_SIGN)
_note = re.compile(r"\[\w{1,4}\]")
_last_note = re.compile(rf"{_note.pattern}\s+")
_pause = re.compile(r"[^\w\s]+\s|\s[:;!?»—–-][^\w\s]*\s")
_split = re.compile(f"(?<=[{CLOSE_STOPS}])[{_CLOSERS}]*|\\s+")


BREAK = f"[{STOPS}；:)）–—-]"
"""Without one of these signs no unit begins between spaced words, and no dateline ends."""
_break = re.compile(BREAK)

# Words from which a figure is taken for the end of a sentence; shorter is a label (Section 3.).
FEWEST_WORDS = 5
# Letters from which a word before a full stop is no abbreviation where beginnings are not written with capitals.
WHOLE_WORD = 4
# Characters of an article in which it is looked how a word is written elsewhere.
ELSEWHERE = 100_000
LOOK_BACK = 16
"""Characters before a word in which a sentence's end is looked for."""
_opening = re.compile(rf"(?:\A|\n\s*|\w{{{WHOLE_WORD}}}[{STOPS}] )$")


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
    return not is_small(word[0]) and _spaced_end.search(separator) is not None


def starts_small(separator: str, before: str, word: str) -> bool:
    """Whether ``word`` begins a unit of a text that is typed without capitals."""
    if is_unspaced(word) or not _spaced_end.search(separator):
        return False
    return not separator.startswith(".") or len(before) >= WHOLE_WORD


class Elsewhere:
    """How words are written elsewhere in an article: what tells the end of a sentence from an abbreviation."""

    def __init__(self, text: str) -> None:
        self.text = text[:ELSEWHERE]
        self.known: dict[tuple[str, bool], bool] = {}
        self.opening: dict[str, bool] = {}

    def has(self, word: str, stop: bool) -> bool:
        """Whether ``word`` stands somewhere, spelled so; without ``stop`` only where no full stop follows it."""
        found = self.known.get((word, stop))
        if found is None:
            behind = r"(?!\w)" if stop else r"(?![\w.])"
            places = re.finditer(re.escape(word) + behind, self.text)
            found = any(not self.text[: m.start()][-1:].isalnum() for m in places)
            self.known[word, stop] = found
        return found

    def is_small_elsewhere(self, word: str) -> bool:
        """Whether a word has its capital from the beginning of a sentence alone: it is written small elsewhere."""
        small = word.lower()
        return small != word and is_small(small[0]) and self.has(small, True)

    def opens(self, word: str) -> bool:
        """Whether a word begins the text, a line, or a sentence behind a whole word."""
        found = self.opening.get(word)
        if found is None:
            places = re.finditer(re.escape(word) + r"(?!\w)", self.text)
            found = any(_opening.search(self.text, max(0, m.start() - LOOK_BACK), m.start()) for m in places)
            self.opening[word] = found
        return found

    def is_whole(self, word: str) -> bool:
        """Whether a short word is one, and no abbreviation: it stands elsewhere without a full stop."""
        return (len(word) > 1 or is_small(word)) and self.has(word, False)


def drop_labels(units: list[bool], raw: list[str], before: list[str], gaps: list[str], elsewhere: Elsewhere) -> None:
    """Clear, in place, the flags of words that follow an abbreviation or a label instead of a sentence.

    ``before[k]`` and ``gaps[k]`` stand before word ``raw[k]``. A unit of one word is a label (4.
    First. Oui.) and belongs to what it labels. Words of one or two letters (v. p. Nr.), short ones in
    capitals (Art. Abs. Sec.) and figures of up to three digits (40 O. S. 113.) may end no sentence.
    They do where the article shows it: the next word is written small elsewhere (The, but no name), or,
    behind a small word, begins a sentence elsewhere; the short word stands elsewhere without a full
    stop; before the figure stand a small word and no short label. Where nothing shows it, the two
    sentences are one unit, which makes cuts rarer.
    """
    last = 0
    for k, starts in enumerate(units):
        if not starts:
            continue
        abbreviated = k and _abbreviated(before[k], gaps[k]) and not _ends_all_the_same(raw, k, k - last, elsewhere)
        if k and (k - last == 1 or abbreviated) and not is_unspaced(raw[k]):
            units[k] = False
        else:
            last = k


def _ends_all_the_same(raw: list[str], k: int, words: int, elsewhere: Elsewhere) -> bool:
    before = raw[k - 1]
    if not (elsewhere.is_small_elsewhere(raw[k]) or (is_small(before[0]) and elsewhere.opens(raw[k]))):
        return False
    if before.isdecimal():
        return words >= FEWEST_WORDS and k > 1 and is_small(raw[k - 2][0])
    return elsewhere.is_whole(before)


def _abbreviated(word: str, gap: str) -> bool:
    if not gap.startswith("."):
        return False
    if word.isdecimal():
        return len(word) <= 3
    return len(word) <= 2 or (len(word) <= 4 and word[0].isupper() and not word.isupper())


def note_ends(text: str) -> list[int]:
    """Where a sentence begins behind one that ends in notes: ... in 1992.[5][6] The ..."""
    return [m.end() for m in _last_note.finditer(text) if _is_closed(text, m.start())] if "[" in text else []


def _is_closed(text: str, end: int) -> bool:
    """Whether a full stop, signs that may stand behind it, and notes end at ``end``: read backwards, each sign once."""
    while (start := text.rfind("[", max(0, end - 6), end)) >= 0 and _note.fullmatch(text, start, end):
        end = start
    while end and _sign.match(text, end - 1):
        end -= 1
        if _stop.match(text, end):
            return True
    return False


def pauses(separator: str) -> bool:
    """Whether a sign and a space stand before the next word: a colon, a dash, a comma."""
    return _pause.match(separator) is not None


def cut_point(separator: str) -> int:
    """Where in the raw separator between two units the second one begins."""
    match = _spaced_end.search(separator) or _pause.match(separator) or _split.search(separator)
    return match.end() if match else len(separator)
