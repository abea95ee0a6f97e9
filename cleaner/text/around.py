"""What stands around a span, for people who decide about it: the text beside it, the heading above it."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property

from cleaner.text.lines import plain_headings

BESIDE = 200
"""Characters of the text before and behind a span that are shown: two lines or three."""

_page_heading = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1\s*>", re.IGNORECASE | re.DOTALL)
_tag = re.compile(r"<[^>]*>")
_page_edge = re.compile(r"(?:\s|<[^>]*>)*")


def beside(text: str, start: int, end: int) -> tuple[str, str]:
    """The text before and behind a span, up to ``BESIDE`` characters each, ``…`` where there is more."""
    before, behind = text[max(0, start - BESIDE) : start].strip(), text[end : end + BESIDE].strip()
    return "…" * bool(before and start > BESIDE) + before, behind + "…" * bool(behind and end + BESIDE < len(text))


class Headings:
    """The headings of one article, found once."""

    def __init__(self, text: str, text_format: str = "plain") -> None:
        self._text, self._format = text, text_format

    @cached_property
    def _found(self) -> list[tuple[int, str]]:
        return _of_page(self._text) if self._format == "html" else _of_plain(self._text)

    def above(self, at: int) -> str:
        """The last one that begins before a position, without its marks; empty where there is none."""
        before = bisect_left(self._found, (at, ""))
        return self._found[before - 1][1] if before else ""


def _of_page(text: str) -> list[tuple[int, str]]:
    return [(m.start(), " ".join(_tag.sub("", m[2]).split())) for m in _page_heading.finditer(text)]


def _of_plain(text: str) -> list[tuple[int, str]]:
    return [(start, text[start:end].strip("# \t=")) for start, end in plain_headings(text)]


def edges(text: str, text_format: str = "plain") -> tuple[int, int]:
    """Where the text of an article begins and ends, white space (and the tags of a page) aside."""
    if text_format != "html":
        return len(text) - len(text.lstrip()), len(text.rstrip())
    first = _page_edge.match(text)
    end = len(text.rstrip())
    while text.endswith(">", 0, end) and (start := text.rfind("<", 0, end)) >= 0:
        end = len(text[:start].rstrip())
    return first.end() if first else 0, end
