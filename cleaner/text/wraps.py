"""Line breaks of plain text: which are wraps, and which part two paragraphs.

Each is decided from the lines beside it. What looks like a wrap and might be two lines (the second
begins with a capital, or in a script without) needs support: a sure wrap next to it, a third line of
the same width, or a sure wrap of about that width elsewhere in the text.

``kernels/wraps.py`` decides the same for bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from cleaner.text.chars import HYPHENS, UNSPACED, has_capitals, has_unspaced, is_small
from cleaner.text.marks import INVISIBLE
from cleaner.text.stops import STOPS

# A wrapped line is 40 to 100 characters long: mail and laws are set at 65-72, PEPs at 79, code
# comments at 100; a line of 40 is what a 60-column setting leaves before a long word.
SHORTEST_WRAP, LONGEST_WRAP = 40, 100
BULLETS = "-*+•‣◦·–—#>|"
"""Signs that begin an item of a list, a quotation or a heading, with a space behind them."""
RULES = "=~^\"'`:._*+#-"
"""Signs of which a ruled line is made."""
ENDS = ':;：；"’”“»«–—'
"""Signs other than full stops (text/stops.py) with which a sentence or a speech may end."""
COMMAS = ",،、，"
"""Signs behind which a line goes on."""
OPENERS = "([{„‚‘¿¡"
HIDDEN = INVISIBLE + "\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
"""Invisible characters and control characters, as a character class."""
SUPERSCRIPTS = "\u00b2\u00b3\u00b9\u2070\u2074-\u2079"
DASHES = "-–—"
"""Signs with which a speech may begin, or a wrapped line go on."""
GOES_ON = ",.;:!?…»”)"
"""Signs that never begin a paragraph."""
LINE_HYPHENS = HYPHENS + "\u00ad"
"""Signs that part a word at the end of a line of any width."""
MOST_OPENERS = 3
"""Signs before the first word of a line behind which its first letter is looked for."""
LOOK_BACK = 24
"""Characters at the end of a line among which the end of a sentence is looked for."""
LONGEST_NOTE, LONGEST_TAG = 8, 10
"""Characters of a note in brackets, and of a tag's name, that may stand behind a full stop."""
SLACK = 4
"""Characters by which lines that were wrapped at one width may differ beyond what the next word takes."""

NO, MAYBE, CAPITAL, CASELESS, SURE = range(5)
"""What a line break is: no wrap; one beside a wrap (a sentence ends where the line does); one with support (the next
line begins with a capital, or in a script without capitals); one for sure."""


def _set(characters: str) -> str:
    return "[" + re.escape(characters) + "]"


_solid = re.compile(r"\S+")
_marker = re.compile(rf"(?:{_set(BULLETS)}|\(?\d{{1,3}}[.)]|\(?[^\W\d_]\))(?:\s|$)|#{{2,6}}\s|\||{_set(RULES)}{{3,}}$")
_heading = re.compile(r"#{1,6}\s+\S")
# All signs but commas, openers and colons may stand behind a full stop, so may [1], (dpa), ² and </p>.
BEHIND = f"(?:(?![{re.escape(COMMAS + OPENERS)};:：；])[^\\w]|[_{SUPERSCRIPTS}])"
_behind = rf"(?:{BEHIND}|[\[(]\w{{1,{LONGEST_NOTE}}}[\])]|</\w{{1,{LONGEST_TAG}}}>)*$"
_stops = re.compile(f"[{STOPS}]{_behind}")
_ends = re.compile(f"(?:[{STOPS}]|{_set(ENDS)}){_behind}")
_letter = re.compile(r"[^\W\d_]")
_word = re.compile(rf"[^\w]{{0,{MOST_OPENERS}}}\w")


@cache
def _large(pattern: str) -> re.Pattern[str]:
    """A pattern with large classes, which take 5 ms each to compile, when it is first needed."""
    return re.compile(pattern)


class Line(NamedTuple):
    start: int
    end: int


def join(text: str, a: Line, b: Line) -> int:
    """What the break between two lines is, as far as the two can tell."""
    length, other = a.end - a.start, b.end - b.start
    hyphen = text[a.end - 1] in LINE_HYPHENS
    if not hyphen and (not SHORTEST_WRAP <= length <= LONGEST_WRAP or other > LONGEST_WRAP):
        return NO
    gap = text[a.end : b.start]
    if gap.count("\n") > 1 or gap.count("\r") > 1:
        return NO
    if hyphen and length > 1 and _letter.match(text, a.end - 2) and is_small(text[b.start]):
        return NO if _marker.match(text, b.start, b.end) else SURE
    if not SHORTEST_WRAP <= length <= LONGEST_WRAP or other > LONGEST_WRAP:
        return NO
    # Where the first word of b would still have fitted, the break was meant. The width itself is
    # unknown; b's own length is its lower bound.
    if length + 1 + _first_word(text, b) <= other:
        return NO
    if _marker.match(text, b.start, b.end) or _heading.match(text, a.start, a.end) or text[a.start] == "|":
        return NO
    if text[a.start : a.end] == text[b.start : b.end] or _is_unspaced(text, a):
        return NO
    return _how(text, a, b)


def _how(text: str, a: Line, b: Line) -> int:
    """What a break that may be a wrap is by the end of one line and the beginning of the next."""
    head = _head(text, b)
    first = text[head]
    if first in GOES_ON:
        return SURE
    if first in DASHES:
        return MAYBE
    start = max(a.start, a.end - LOOK_BACK)
    word = _word.match(text, head, min(b.end, head + MOST_OPENERS + 1))
    if word is None:
        return MAYBE if _ends.search(text, start, a.end) else CAPITAL
    letter = word[0][-1]
    if has_unspaced(letter):
        return NO
    if is_small(letter):
        return MAYBE if _stops.search(text, start, a.end) else SURE
    if _ends.search(text, start, a.end):
        return MAYBE
    if text[a.end - 1] in COMMAS:
        return SURE
    return CASELESS if _letter.match(letter) and not has_capitals(letter) else CAPITAL


def _head(text: str, line: Line) -> int:
    """Where the first character of a line stands that is to be seen."""
    if " " < text[line.start] < "\x7f":
        return line.start
    match = _large(f"[{HIDDEN}]*[^{HIDDEN}]").match(text, line.start, line.end)
    return match.end() - 1 if match else line.start


def _is_unspaced(text: str, line: Line) -> bool:
    """Whether at least half of a line's letters are of a script without spaces."""
    shown = text[line.start : line.end]
    if shown.isascii():
        return False
    bare = len(_large(f"[{UNSPACED}]").findall(shown))
    return bare > 0 and bare * 2 >= len(_letter.findall(shown))


def _first_word(text: str, line: Line) -> int:
    match = _solid.match(text, line.start, line.end)
    return match.end() - match.start() if match else 0


def settle(text: str, lines: Sequence[Line], joined: Sequence[int]) -> list[bool]:
    """Which breaks are wraps: the sure ones, and what they and lines of one width support."""
    wraps = [join == SURE for join in joined]
    if not any(joined):
        return wraps
    last = len(joined) - 1
    widths: set[int] | None = None
    for i, join in enumerate(joined):
        if join not in (CAPITAL, CASELESS) or _fits_beside(text, lines, joined, wraps, i):
            continue
        beside = (i > 0 and wraps[i - 1]) or (i < last and joined[i + 1] == SURE)
        if not beside and not (_as_wide(text, lines, joined, i - 1) or _as_wide(text, lines, joined, i)):
            if widths is None:
                widths = set(_sure_widths(lines, joined))
            length = lines[i].end - lines[i].start
            if widths.isdisjoint(range(length - SLACK, length + _first_word(text, lines[i + 1]) + SLACK)):
                continue
        wraps[i] = True
    # Beside what is settled by now, not beside one another.
    return [
        wrap
        or (
            joined[i] == MAYBE
            and ((i > 0 and wraps[i - 1]) or (i < last and wraps[i + 1]))
            and not _fits_beside(text, lines, joined, wraps, i)
        )
        for i, wrap in enumerate(wraps)
    ]


def _sure_widths(lines: Sequence[Line], joined: Sequence[int]) -> Iterator[int]:
    """Characters of the lines that are wrapped for sure."""
    return (a.end - a.start for a, join in zip(lines, joined, strict=False) if join == SURE)


def _fits_beside(text: str, lines: Sequence[Line], joined: Sequence[int], wraps: Sequence[bool], i: int) -> bool:
    """Whether the word behind break ``i`` would have fitted before it, by the width of a line wrapped next to it."""
    a, b = lines[i], lines[i + 1]
    needed = a.end - a.start + 1 + _first_word(text, b) + SLACK  # the first line may be longer by its label
    above = i > 0 and wraps[i - 1] and needed <= lines[i - 1].end - lines[i - 1].start
    below = i + 1 < len(joined) and joined[i + 1] == SURE and needed <= lines[i + 2].end - lines[i + 2].start
    return above or below


def _as_wide(text: str, lines: Sequence[Line], joined: Sequence[int], i: int) -> bool:
    """Whether the breaks ``i`` and ``i + 1`` part three lines of one width, in a script without capitals."""
    if i < 0 or i + 1 >= len(joined):
        return False
    pair = (joined[i], joined[i + 1])
    if CASELESS not in pair or any(join not in (CAPITAL, CASELESS) for join in pair):
        return False
    a, b, c = (line.end - line.start for line in lines[i : i + 3])
    return a + 1 + _first_word(text, lines[i + 1]) > c and b + 1 + _first_word(text, lines[i + 2]) > a


def ends_sentence(text: str) -> bool:
    """Whether ``text`` ends as a sentence or a speech does; a colon counts."""
    return _ends.search(text, max(0, len(text) - LOOK_BACK)) is not None
