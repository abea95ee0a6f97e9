"""Plain text into blocks: paragraphs as ``cleaner.text.lines`` finds them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cleaner.text.lines import is_plain_heading, kind_of, may_have_headings, split_plain
from cleaner.text.pages.block import Block, BlockKind, Comment, Page
from cleaner.text.pages.rows import Building, whole_lines

_bullet = re.compile(r"(?:[-*+•‣⁃◦·]|\(?\d{1,3}[.)])\s+(?=\S)")
_hashes = re.compile(r"(#{1,6})\s+")
_comment = re.compile(r"\s*((?:#+|//+)[ \t]*(cleaner[ \t]*:.*))")
_odd = re.compile(r"[\d{}\[\]<>=;_\\|#@$&%]")
_letter = re.compile(r"[^\W\d_]")
_bare = re.compile(r"<?\w++://\S++\Z")


def read_plain(text: str) -> Page:
    """Read a file of plain text; any text is read as one.

    Only lines that say ``# cleaner: ...`` or ``// cleaner: ...`` are comments: plain text has no others.
    """
    building = Building(text)
    body = text[building.behind :]
    for block in blocks_of(text, building.behind, body, body, 0):
        comment = _comment.match(text, block.outer[0], block.end)
        if comment is None:
            building.blocks.append(block)
        else:
            building.comments.append(Comment(comment.start(1), block.end, comment[2]))
    return building.page("plain")


def blocks_of(text: str, start: int, said: str, shown: str, scope: int) -> Iterator[Block]:
    """Paragraphs of a part of ``text`` that begins at ``start``.

    They are found in ``shown`` and say what ``said`` says there: the part length for length, with things filled up.
    """
    spans = split_plain(shown)
    has_headings = may_have_headings(shown)
    for i, (first, last) in enumerate(spans):
        level = _level(shown, spans, i) if has_headings and is_plain_heading(shown, spans, i) else 0
        kind, at = _kind(shown[first:last], level)
        says = ""
        if kind != "other":
            says = said[first + at : last]
            if "\n" in says or "\r" in says:
                says = " ".join([line.strip() for line in says.splitlines()])
        outer = whole_lines(text, start + first, start + last)
        yield Block(start + first + at, start + last, kind, says, level, scope, outer)


def _level(text: str, spans: Sequence[tuple[int, int]], i: int) -> int:
    """Of a heading: by its hashes, else by the line of signs below it, else 2."""
    hashes = _hashes.match(text, *spans[i])
    if hashes is not None:
        return len(hashes[1])
    under = text[spans[i + 1][0]] if i + 1 < len(spans) else ""
    return 1 if under == "=" else 2


def _kind(shown: str, level: int) -> tuple[BlockKind, int]:
    """What a paragraph is, and where behind its marker it begins."""
    if level:
        hashes = _hashes.match(shown)
        return "heading", hashes.end() if hashes else 0
    if shown[0] in ">|" or not _is_prose(shown) or _bare.match(shown):
        return "other", 0
    bullet = _bullet.match(shown)
    return ("item", bullet.end()) if bullet else ("prose", 0)


def _is_prose(shown: str) -> bool:
    """``kind_of(shown) == "prose"``; most paragraphs have so few signs and digits that it need not be asked."""
    if len(_odd.findall(shown)) * 48 < len(shown) and _letter.search(shown):
        return True
    return kind_of(shown) == "prose"
