"""A cleaned page read again, before it is written: it is the page it was, without what was cut."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from cleaner.errors import CleanerError
from cleaner.text.html_page import Page, read_page
from cleaner.text.markup import unpadded

Span = tuple[int, int]


class PageError(CleanerError):
    """A cleaned page would be read otherwise than the page it was: a fault of ours, nothing is written."""


def check_page(source: str, cuts: Sequence[Span], output: str) -> None:
    """Raises PageError where ``output`` is not the page ``source`` without ``cuts`` (sorted, apart)."""
    wrong = what_is_wrong(source, cuts, output)
    if wrong:
        raise PageError(f"the cleaned page is not the page without what was removed: {wrong}")


def what_is_wrong(source: str, cuts: Sequence[Span], output: str) -> str | None:
    """Why ``output`` is not the page ``source`` without ``cuts`` (sorted, apart), in words; None where it is.

    The tags that stay must be read as the same tags, and the text that stays must stand in the same
    runs: with no word lost or joined to another, and no paragraph run into its neighbour.
    """
    before, after = read_page(source), read_page(output)
    starts = [start for start, _ in cuts]

    def kept(start: int, end: int) -> bool:
        i = bisect_right(starts, start) - 1
        if i < 0 or cuts[i][1] <= start:
            return True
        # A comment that is never closed reaches to the end of the page; the white space there stays.
        return cuts[i][1] < end and not source[cuts[i][1] : end].isspace()

    old = [(t.name, t.kind, t.attributes) for t in before.tokens if kept(t.start, t.end)]
    if old != [(t.name, t.kind, t.attributes) for t in after.tokens]:
        return "tags that stay are read otherwise"
    runs = [text for run in _runs(before) if (text := _text(before, run, starts, cuts))]
    if runs != [text for run in _runs(after) if (text := _text(after, run, [], []))]:
        return "text that stays stands in other paragraphs"
    return None


def _runs(page: Page) -> Iterator[Iterable[int]]:
    """Paragraphs, those that are lines of one run together: which of them are wrapped may change."""
    for _, members in groupby(range(len(page.spans)), lambda p: page.lines[p] or p):
        yield members


def _text(page: Page, run: Iterable[int], starts: Sequence[int], cuts: Sequence[Span]) -> str:
    """The visible text of a run without what was cut."""
    lines = ["".join(_left(page, p, starts, cuts)) for p in run]
    return " ".join(unpadded("\n".join(lines)).split())


def _left(page: Page, p: int, starts: Sequence[int], cuts: Sequence[Span]) -> Iterator[str]:
    at, end = page.spans[p]
    for start, stop in cuts[max(0, bisect_right(starts, at) - 1) :]:
        if start >= end:
            break
        if start > at:
            yield page.text[at:start]
        at = max(at, stop)
    if at < end:
        yield page.text[at:end]
