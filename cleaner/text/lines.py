"""Plain text into paragraphs: a line each, parted by blank lines, or hard-wrapped.

Which of the three it is is decided at each line break from the two lines beside it, never once
for the file, so that a text reads the same way after some of its lines are gone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from cleaner.text.chars import has_unspaced

if TYPE_CHECKING:
    from cleaner.types import Kind

# A wrapped line is 40 to 100 characters long: mail and laws are set at 65-72, PEPs at 79, code
# comments at 100; a line of 40 is what a 60-column setting leaves before a long word.
SHORTEST_WRAP, LONGEST_WRAP = 40, 100
# Characters of a heading that has no mark of its own.
LONGEST_HEADING = 60

BULLETS = "-*+•‣◦·–—#>|"
"""Signs that begin an item of a list, a quotation or a heading, with a space behind them."""
RULES = "=~^\"'`:._*+#-"
"""Signs of which a ruled line is made."""
ENDS = '.!?:;。！？；：…؟۔।"’”“»«–—'
"""Signs with which a sentence or a speech may end."""
TAIL = "'\"’”“»«)]」』*_–—-"
"""Signs that may follow those at the end of a line."""
DASHES = "-–—"
"""Signs with which a speech may begin, or a wrapped line go on."""
GOES_ON = ",.;:!?…»”)"
"""Signs that never begin a paragraph."""
LOOK_BACK = 8
"""Characters at the end of a line among which the end of a sentence is looked for."""


def _set(characters: str) -> str:
    return "[" + re.escape(characters) + "]"


_solid = re.compile(r"\S+")
_line = re.compile(r"\S[^\r\n]*")
_marker = re.compile(rf"(?:{_set(BULLETS)}|\(?\d{{1,3}}[.)]|\(?[^\W\d_]\))(?:\s|$)|#{{2,6}}\s|\||{_set(RULES)}{{3,}}$")
_heading = re.compile(r"#{1,6}\s+\S")
# CHAPTER III. / Article 5 / § 12 Fees: a word and its number, or a paragraph sign, on a short line.
_numbered = re.compile(r"(?:§+\s*\d+\w?|[^\W\d_]{3,}\.?\s+(?:\d{1,4}|[IVXLC]{1,7}))[.:]?(?:\s+[^\W\d_][^.!?\n]*)?\.?$")
_underline = re.compile(r"([=\-~^#*+_])\1{2,}$")
_heading_line = re.compile(
    r"^[ \t]*(?:#{1,6}\s|([=\-~^#*+_])\1{2,}[ \t]*$|§|[^\W\d_]{3,}\.?[ \t]+(?:\d{1,4}|[IVXLC]{1,7})\b)",
    re.MULTILINE,
)
_ends = re.compile(rf"{_set(ENDS)}[\s{re.escape(TAIL)}]*$")
_letter = re.compile(r"[^\W\d_]")
_digit = re.compile(r"\d")
_code = re.compile(r"[{}\[\]<>=;_\\|#@$&%]")


class _Line(NamedTuple):
    start: int
    end: int
    ends: bool
    """Ends as a sentence does."""


def split_plain(text: str) -> list[tuple[int, int]]:
    """Spans of the paragraphs of ``text`` in order; what lies between them is white space only."""
    lines = _lines(text)
    if not lines:
        return []
    joined = [_joins(text, a, b) for a, b in pairwise(lines)]
    starts, ends = [lines[0].start], []
    for wraps, (before, line) in zip(_settle(joined), pairwise(lines), strict=True):
        if not wraps:
            ends.append(before.end)
            starts.append(line.start)
    ends.append(lines[-1].end)
    return list(zip(starts, ends, strict=True))


def _lines(text: str) -> list[_Line]:
    found = []
    for match in _line.finditer(text):
        start = match.start()
        end = start + len(match.group().rstrip())
        found.append(_Line(start, end, bool(_ends.search(text, max(start, end - LOOK_BACK), end))))
    return found


def _joins(text: str, a: _Line, b: _Line) -> str:
    """``wrap``, ``maybe`` (a sentence ends where the line does) or ``no`` for the break between two lines."""
    length = a.end - a.start
    if not SHORTEST_WRAP <= length <= LONGEST_WRAP or b.end - b.start > LONGEST_WRAP:
        return "no"
    gap = text[a.end : b.start]
    if gap.count("\n") > 1 or gap.count("\r") > 1:
        return "no"
    first = _first_word(text, b)
    # Where the first word of b would still have fitted, the break was meant. The width itself is
    # unknown; b's own length is its lower bound.
    if length + 1 + first <= b.end - b.start:
        return "no"
    if _marker.match(text, b.start, b.end) or _heading.match(text, a.start, a.end) or text[a.start] == "|":
        return "no"
    if has_unspaced(text[a.end - 1 : a.end]) or text[a.start : a.end] == text[b.start : b.end]:
        return "no"
    if text[b.start] in GOES_ON:
        return "wrap"
    if a.ends and not text[b.start].islower():
        return "maybe"
    if text[b.start] in DASHES:
        return "maybe"
    return "wrap"


def _first_word(text: str, line: _Line) -> int:
    match = _solid.match(text, line.start, line.end)
    return match.end() - match.start() if match else 0


def _settle(joined: list[str]) -> list[bool]:
    """A sentence that ends with its line is inside a wrapped paragraph only beside a certain wrap."""
    wraps = [join == "wrap" for join in joined]
    last = len(joined) - 1
    for i, join in enumerate(joined):
        if join == "maybe":
            wraps[i] = (i > 0 and joined[i - 1] == "wrap") or (i < last and joined[i + 1] == "wrap")
    return wraps


def plain_kind(text: str, spans: Sequence[tuple[int, int]], i: int) -> Kind:
    """The kind of paragraph ``i``: a heading by its mark or by the line of signs under it, else by its signs."""
    if is_plain_heading(text, spans, i):
        return "heading"
    start, end = spans[i]
    return kind_of(text[start:end])


def may_have_headings(text: str) -> bool:
    """False where no line of ``text`` is a heading's mark or the line under one."""
    return _heading_line.search(text) is not None


def plain_headings(text: str) -> list[tuple[int, int]]:
    """Spans of the lines that are headings by their mark, their number or the line of signs under them."""
    found: list[tuple[int, int]] = []
    for match in _heading_line.finditer(text):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        spans = [(start, _line_end(text, start))]
        if match[1] is not None and start:  # signs: what they underline stands above
            above = text.rfind("\n", 0, match.start() - 1) + 1
            spans.insert(0, (above, _line_end(text, above)))
        if spans[0][0] < spans[0][1] and is_plain_heading(text, spans, 0):
            found.append(spans[0])
    return found


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return start + len(text[start : end if end >= 0 else len(text)].rstrip())


def is_plain_heading(text: str, spans: Sequence[tuple[int, int]], i: int) -> bool:
    start, end = spans[i]
    if _heading.match(text, start, end) is not None:
        return True
    return _underlined(text, spans, i) or (
        end - start <= LONGEST_HEADING and _numbered.match(text, start, end) is not None
    )


def _underlined(text: str, spans: Sequence[tuple[int, int]], i: int) -> bool:
    start, end = spans[i]
    if i + 1 == len(spans) or end - start > LONGEST_WRAP or "\n" in text[start:end]:
        return False
    below, below_end = spans[i + 1]
    if text.count("\n", end, below) != 1 or not _underline.match(text, below, below_end):
        return False
    # = and - underline at any length; other signs, which also rule off, at the length of the title.
    return text[below] in "=-" or below_end - below >= end - start


def ends_sentence(text: str) -> bool:
    """Whether ``text`` ends as a sentence or a speech does; a colon counts."""
    return _ends.search(text, max(0, len(text) - LOOK_BACK)) is not None


def kind_of(text: str) -> Kind:
    """Prose, a mark (no letter or digit at all), a row of figures, or code by its signs.

    A row: more than half of its characters are digits. Code: curly and square brackets, operators and the like are
    more than a twelfth (below 2 % in news, novels and laws; above 10 % in code of PEPs).
    """
    solid = len("".join(text.split()))
    digits = len(_digit.findall(text))
    if not _letter.search(text):
        return "row" if digits else "mark"
    if digits * 2 > solid:
        return "row"
    return "code" if len(_code.findall(text)) * 12 > solid else "prose"
