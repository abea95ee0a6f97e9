"""An article as paragraphs and words: what every later phase reads."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from cleaner.text.lines import is_plain_heading, plain_kind, split_plain
from cleaner.text.markup import blank
from cleaner.text.units import might_break
from cleaner.text.words import UNSPACED_QUARTERS, Folder, finder
from cleaner.types import Kind

if TYPE_CHECKING:
    from cleaner.text.html_page import Page

DATELINE_WORDS = 8
"""Words that a dateline has at most: PARIS, 3 May (AFP) - The minister ..."""

_folder = Folder()


@dataclass(frozen=True, slots=True)
class Layout:
    """Paragraphs and words of one article, all positions in characters of ``text``.

    original  the text as it came; ``text`` is the same with markup blanked out (text/markup.py)
    spans   paragraphs in order, half-open
    first   first word of each paragraph, with the number of words at the end: ``len(spans) + 1``
    starts  start of each word; ends likewise. A paragraph without words, or one that is not
            prose by its markup, counts as a single word that stands for its whole text.
    opaque  those paragraphs
    page    what the markup says, of an article in HTML
    """

    original: str
    text: str
    spans: Sequence[tuple[int, int]]
    kinds: Sequence[Kind] | None
    first: Sequence[int] | memoryview
    starts: Sequence[int] | memoryview
    ends: Sequence[int] | memoryview
    opaque: frozenset[int]
    page: Page | None = None

    def kind(self, paragraph: int) -> Kind:
        if self.kinds is not None:
            return self.kinds[paragraph]
        return plain_kind(self.text, self.spans, paragraph)

    def is_heading(self, paragraph: int) -> bool:
        if self.kinds is not None:
            return self.kinds[paragraph] == "heading"
        return is_plain_heading(self.text, self.spans, paragraph)

    def paragraph_of(self, word: int) -> int:
        return bisect_right(self.first, word) - 1

    def paragraph_text(self, paragraph: int) -> str:
        if self.page is not None:
            return self.page.shown(paragraph)
        start, end = self.spans[paragraph]
        return self.text[start:end]

    def whole(self, paragraph: int) -> str:
        """What an opaque paragraph says, to be compared as one word."""
        if self.page is not None:
            return self.page.whole(paragraph)
        start, end = self.spans[paragraph]
        return "".join(self.text[start:end].split())

    def shown(self, start: int, end: int) -> str:
        """Characters [start, end) as they came; of a page without the tags that only part its blocks."""
        return self.original[start:end] if self.page is None else self.page.inline(start, end)


@dataclass(frozen=True, slots=True)
class Keyed:
    """A layout with the comparison key of each word and the running sum of weights in quarter words."""

    layout: Layout
    keys: Sequence[str] | memoryview
    weight: Sequence[int] | memoryview
    """``len(keys) + 1`` sums, so that a run [a, b) weighs ``weight[b] - weight[a]``."""
    breaks: bytes | bytearray | memoryview
    """``len(keys) + 1`` flags: a unit might begin with the word, or behind the last one."""


Splitter = Callable[[str], "tuple[list[tuple[int, int]], list[Kind] | None]"]


def plain(text: str) -> tuple[list[tuple[int, int]], list[Kind] | None]:
    return split_plain(text), None


def markdown(text: str) -> tuple[list[tuple[int, int]], list[Kind] | None]:
    from cleaner.text.markdown import split_markdown

    paragraphs = split_markdown(text)
    return [(p.start, p.end) for p in paragraphs], [p.kind for p in paragraphs]


SPLITTERS: dict[str, Splitter] = {"plain": plain, "markdown": markdown}


def _breaks(text: str, words: Sequence[re.Match[str]], folded: Sequence[tuple[str, int]]) -> bytes:
    """Flags for all words of a paragraph but the first: see ``Keyed.breaks``."""
    return bytes(
        might_break(text, a.end(), b.start())
        or (b.start() > a.end() and (v in UNSPACED_QUARTERS or w in UNSPACED_QUARTERS))
        for (a, b), ((_, v), (_, w)) in zip(pairwise(words), pairwise(folded), strict=True)
    )


def read(text: str, text_format: str = "plain") -> Keyed:
    """The layout of ``text`` with its keys: the plain-Python road."""
    if text_format == "html":
        from cleaner.text.html_page import read_page

        page = read_page(text)
        return read_spans(text, page.spans, page.kinds, page)
    blanked = blank(text)
    # Lines of plain text end and are set in as a reader sees them, so that an entity is what it names; a parser of
    # markup must see the entity.
    spans, kinds = SPLITTERS[text_format](blanked if text_format == "plain" else text)
    return read_spans(text, spans, kinds, blanked=blanked)


def read_spans(
    text: str,
    spans: Sequence[tuple[int, int]],
    kinds: Sequence[Kind] | None = None,
    page: Page | None = None,
    blanked: str | None = None,
) -> Keyed:
    """The layout of ``text`` with these paragraphs; ``blanked`` is the text without markup, where it is at hand."""
    if blanked is None:
        blanked = blank(text) if page is None else page.text
    find = finder(blanked)
    first, starts, ends, keys, weights = [0], list[int](), list[int](), list[str](), [0]
    opaque = set[int]()
    breaks = bytearray()
    for i, (start, end) in enumerate(spans):
        has_words = (kinds is None or kinds[i] == "prose") if page is None else page.said[i] is None
        matches = list(find(blanked, start, end)) if has_words else []
        if matches:
            starts += [m.start() for m in matches]
            ends += [m.end() for m in matches]
            folded = [_folder[m.group()] for m in matches]
            keys += [key for key, _ in folded]
            weights += [weight for _, weight in folded]
            breaks.append(1)
            breaks += _breaks(blanked, matches, folded)
        else:
            opaque.add(i)
            starts.append(start)
            ends.append(end)
            keys.append("\x00" + (page.whole(i) if page else "".join(blanked[start:end].split())))
            weights.append(0)
            breaks.append(1)
        if page is not None and page.scopes[i]:
            # What may be hidden is never paired with what is seen: its words have keys of their own.
            keys[first[-1] :] = [f"{key}\x00{page.scopes[i]}" for key in keys[first[-1] :]]
        first.append(len(starts))
    layout = Layout(text, blanked, spans, kinds, first, starts, ends, frozenset(opaque), page)
    breaks.append(1)
    return Keyed(layout, keys, list(accumulate(weights)), breaks)
