"""Plain text into paragraphs, and what kind of paragraph each is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from cleaner.text.wraps import LONGEST_WRAP, Line, join, settle

if TYPE_CHECKING:
    from cleaner.types import Kind

LONGEST_HEADING = 60
"""Characters of a heading that has no mark of its own."""

_line = re.compile(r"\S[^\r\n]*")
_heading = re.compile(r"#{1,6}\s+\S")
# CHAPTER III. / Article 5 / § 12 Fees: a word and its number, or a paragraph sign, on a short line. Not the counter
# of a row of pictures or pages: Image 1 of 8, Foto 3.
_PICTURES = "image|picture|photo|foto|slide|page|bild|seite|imagen|imagem|immagine|página|pagina|фото|slika|zdjęcie"
_numbered = re.compile(
    r"(?:§+\s*\d+\w?"
    rf"|(?!(?i:{_PICTURES})s?\s)[^\W\d_]{{3,}}\.?\s+(?:\d{{1,4}}(?!\s+[^\W\d_]{{1,4}}\s+\d+\W*$)|[IVXLC]{{1,7}}))"
    r"[.:]?(?:\s+[^\W\d_][^.!?\n]*)?\.?$"
)
_underline = re.compile(r"([=\-~^#*+_])\1{2,}$")
_heading_line = re.compile(
    r"^[ \t]*(?:#{1,6}\s|([=\-~^#*+_])\1{2,}[ \t]*$|§|[^\W\d_]{3,}\.?[ \t]+(?:\d{1,4}|[IVXLC]{1,7})\b)",
    re.MULTILINE,
)
_letter = re.compile(r"[^\W\d_]")
_digit = re.compile(r"\d")
_code = re.compile(r"[{}\[\]<>=;_\\|#@$&%]")


def split_plain(text: str) -> list[tuple[int, int]]:
    """Spans of the paragraphs of ``text`` in order; what lies between them is white space only."""
    lines = _lines(text)
    if not lines:
        return []
    joined = [join(text, a, b) for a, b in pairwise(lines)]
    starts, ends = [lines[0].start], []
    for wraps, (before, line) in zip(settle(text, lines, joined), pairwise(lines), strict=True):
        if not wraps:
            ends.append(before.end)
            starts.append(line.start)
    ends.append(lines[-1].end)
    return list(zip(starts, ends, strict=True))


def _lines(text: str) -> list[Line]:
    found = []
    for match in _line.finditer(text):
        start = match.start()
        found.append(Line(start, start + len(match.group().rstrip())))
    return found


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
