"""Runs of blocks that stand right below themselves: A A, A B A B, once or many times."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from sys import maxsize
from typing import NamedTuple

from cleaner.phases.check.judge import Judge
from cleaner.text.pages.block import Page

MOST_PAIRS = 8
"""Later places of one block that are tried as the beginning of a second run. Runs that hold the same paragraph more
often than that inside themselves, and begin with it, are found by another of their blocks."""

MOST_AROUND = 1000
"""Characters before and behind a box in which the lines that begin and end it are looked for."""

Extents = dict[int, tuple[int, int]]
"""The first and the last block that lie in a scope itself."""

MOST_OF_LIST = 20_000
"""Characters before an item of a page in HTML in which the tag that begins its list is looked for."""


class Run(NamedTuple):
    """Blocks [first, first + length), which stand ``copies`` times in a row, the first time included."""

    first: int
    length: int
    copies: int


class _Tried:
    """Stretches of blocks that were looked at, by their period, so that none is walked twice."""

    def __init__(self) -> None:
        self.by_period: dict[int, list[tuple[int, int]]] = {}

    def has(self, at: int, period: int) -> bool:
        stretches = self.by_period.get(period, [])
        k = bisect_right(stretches, (at, maxsize)) - 1
        return k >= 0 and at < stretches[k][1]

    def add(self, low: int, high: int, period: int) -> None:
        insort(self.by_period.setdefault(period, []), (low, high))


def runs(judge: Judge, alike: Iterable[Sequence[int]], words: int) -> list[Run]:
    """The runs of a page in their order; ``alike``: groups of blocks with one key, each in its order.

    A run has a paragraph of ``words`` words, or an item of them.
    """
    tried, extents = _Tried(), _extents(judge.page)
    found: list[Run] = []
    for group in alike:
        for k, p in enumerate(group):
            for q in group[k + 1 : k + 1 + MOST_PAIRS]:
                if not tried.has(p, q - p) and judge.same(p, q):
                    low, high = _stretch(judge, p, q - p)
                    tried.add(low, high, q - p)
                    if high - low >= q - p and (run := _run(judge, extents, low, high, q - p, words)):
                        found.append(run)
    return _without_multiples(found)


def _run(judge: Judge, extents: Extents, low: int, high: int, period: int, words: int) -> Run | None:
    """The run in blocks [low, high) that each say what the one ``period`` later says: where a heading begins it."""
    if _has_parts(judge.page, high - 1 + period):
        high -= 1  # the last one holds more than the one before
    starts = [s for s in range(low, high - period + 1) if _stands_alone(judge, s, period, words)]
    headed = [s for s in starts[:period] if judge.page.blocks[s].kind == "heading"]
    for start in headed + starts[:period]:
        copies = 1 + (high - start) // period
        if all(_alike(judge.page, extents, start, start + k * period, period) for k in range(1, copies)):
            return Run(start, period, copies)
    return None


def _stretch(judge: Judge, at: int, period: int) -> tuple[int, int]:
    """The blocks [low, high) around ``at`` each of which says what the one ``period`` later says."""
    low, high, last = at, at + 1, len(judge.page.blocks) - period
    while low > 0 and judge.same(low - 1, low - 1 + period):
        low -= 1
    while high < last and judge.same(high, high + period):
        high += 1
    return low, high


def _stands_alone(judge: Judge, start: int, length: int, words: int) -> bool:
    """Whether one of these blocks could be found alone: a paragraph, or an item where none of them is a step."""
    blocks, here = judge.page.blocks, range(start, start + length)
    steps = any(blocks[i].kind == "item" and is_step(judge.page, i) for i in here)
    kinds = ("prose",) if steps else ("prose", "item")
    return any(blocks[i].kind in kinds and judge.words(i) >= words for i in here)


def _alike(page: Page, extents: Extents, one: int, other: int, length: int) -> bool:
    """Whether two runs of equal blocks lie alike: all in one scope, or with scopes of their own that hold no more.

    Tabs with one text are no copies, nor are components (the only ones side by side in four repositories were lines of
    a console): a block that says something must lie in the scope that both share, so that it is seen where a container
    ends. Boxes without one (quotes, notes by a directive) are, where nothing stands between the two.
    """
    blocks = page.blocks
    names: dict[int, int] = {}
    for i, j in zip(range(one, one + length), range(other, other + length), strict=True):
        if names.setdefault(blocks[i].scope, blocks[j].scope) != blocks[j].scope or not _same_column(page, i, j):
            return False
    shared = [scope for scope, twin in names.items() if scope == twin]
    own = {scope: twin for scope, twin in names.items() if scope != twin}
    if len(shared) > 1 or len(set(own.values())) != len(own):
        return False
    if not own:
        return True
    for a, b in own.items():
        if not _within(extents[a], one, length) or not _within(extents[b], other, length):
            return False
    if not shared:
        return _are_boxes(page, own) and _are_whole(page, one, other, length)
    return any(blocks[i].scope == shared[0] and blocks[i].kind != "other" for i in range(one, one + length))


def _extents(page: Page) -> Extents:
    found: Extents = {}
    for i, block in enumerate(page.blocks):
        found[block.scope] = found.get(block.scope, (i, i))[0], i
    return found


def _within(extent: tuple[int, int], first: int, length: int) -> bool:
    return first <= extent[0] and extent[1] < first + length


def _are_boxes(page: Page, own: dict[int, int]) -> bool:
    """Whether the outermost of these pairs of scopes are boxes, side by side."""
    outer = [(a, b) for a, b in own.items() if page.scopes[a].parent not in own]
    return all(page.scopes[a] == page.scopes[b] and page.scopes[a].kind == "box" for a, b in outer)


def _are_whole(page: Page, one: int, other: int, length: int) -> bool:
    """Whether two boxes right below each other begin and end with equal lines: <Note> ... </Note>, twice."""
    blocks, text = page.blocks, page.text
    first, end = blocks[one].outer[0], blocks[one + length - 1].outer[1]
    start, last = blocks[other].outer[0], blocks[other + length - 1].outer[1]
    if text[first:end].split() != text[start:last].split():
        return False
    between = _lines(text[end:start])
    before, behind = _lines(text[max(0, first - MOST_AROUND) : first]), _lines(text[last : last + MOST_AROUND])
    for k in range(len(between) + 1):
        closing, opening = between[:k], between[k:]
        if behind[:k] == closing and (not opening or before[-len(opening) :] == opening):
            return not between or k < len(between)
    return False


def _lines(text: str) -> list[str]:
    """What stands on lines, without blank ones and the markers of a quote."""
    return [line for line in (each.lstrip("> \t\r").rstrip() for each in text.split("\n")) if line]


def _same_column(page: Page, i: int, j: int) -> bool:
    """Whether two blocks begin at one column, so that neither belongs to an item that the other does not belong to."""
    return page.format == "html" or column(page, i) == column(page, j)


def column(page: Page, i: int) -> int:
    """The column of what a block's lines begin with, its markers included, from 0."""
    start = page.blocks[i].outer[0]
    line = page.text[page.text.rfind("\n", 0, start) + 1 : page.blocks[i].start]
    return len(line) - len(line.lstrip())


def _has_parts(page: Page, i: int) -> bool:
    """Whether something stands below item ``i`` that belongs to it: deeper blocks, or deeper items by longer signs."""
    blocks = page.blocks
    if blocks[i].kind != "item" or i + 1 >= len(blocks):
        return False
    if page.format == "html":
        behind = page.text[blocks[i].end : blocks[i + 1].start].lower()
        return "</li" not in behind.partition("<ul")[0].partition("<ol")[0] and "<li" in behind
    below = blocks[i + 1]
    if below.scope != blocks[i].scope:
        return page.scopes[below.scope].parent == blocks[i].scope and column(page, i + 1) > column(page, i)
    if column(page, i + 1) != column(page, i):
        return column(page, i + 1) > column(page, i)
    return below.kind == "item" and len(_marker(page, i + 1)) > len(_marker(page, i)) and "*" in _marker(page, i + 1)


def is_step(page: Page, i: int) -> bool:
    """Whether item ``i`` is one of a numbered list: what is done again is said again there.

    The only pair of equal neighbours in four repositories that was meant: setNumber(n => n + 1), three times in a row.
    """
    if page.format == "html":
        start = page.blocks[i].start
        before = page.text[max(0, start - MOST_OF_LIST) : start].lower()
        return before.rfind("<ol") > before.rfind("<ul")
    marker = _marker(page, i)
    if page.format == "asciidoc":
        return marker.startswith(".")
    return re.match(r"\(?(?:\w{1,5}|#)[.)]", marker) is not None


def _marker(page: Page, i: int) -> str:
    """The signs in front of an item."""
    block = page.blocks[i]
    return page.text[page.text.rfind("\n", 0, block.start) + 1 : block.start].strip()


def _without_multiples(found: list[Run]) -> list[Run]:
    """Runs that lie in no other; of A A A A none that goes round by twos."""
    kept: list[Run] = []
    covering: dict[int, list[Run]] = {}
    for run in sorted(found, key=lambda r: (-r.length * r.copies, r.length, r.first)):
        end = run.first + run.length * run.copies
        around = covering.get(run.first, [])
        if any(end <= o.first + o.length * o.copies and run.length % o.length == 0 for o in around):
            continue
        kept.append(run)
        for block in range(run.first, end):
            covering.setdefault(block, []).append(run)
    return sorted(kept)
