"""What is cut from a page with its paragraphs: elements with their tags, lines with a <br>, parts that are balanced.

What stays must read as before: no tag may lose its partner, and two runs of text must not flow
together because what parted them is gone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from cleaner.text.html_lines import pairs_of
from cleaner.text.html_page import Page
from cleaner.text.html_says import instructs
from cleaner.text.html_tags import FORMATTING, REPLACED, SKIPPED, VOID
from cleaner.text.html_tokens import CLOSE, ELEMENT, NOTE, Token

Span = tuple[int, int]
_SPACE = " \t\n\r\f"


class _Unit(NamedTuple):
    """What goes as one: a paragraph, or all the lines of a run. ``low`` and ``high`` bound the space around it."""

    members: range
    start: int
    end: int
    is_line: bool
    low: int
    high: int


def paragraph_cuts(page: Page, paragraphs: Sequence[int]) -> dict[int, Span]:
    """The spans that go with ``paragraphs`` (sorted, each once), none over another.

    As in plain text, of the two gaps around what goes the one with more line breaks stays.
    """
    units = [unit for run, group in groupby(paragraphs, lambda p: page.lines[p] or p) for unit in _units(page, group)]
    gone = frozenset(paragraphs)
    spans: dict[_Unit, Span] = {}
    for chain in _chains(units):
        spans |= zip(chain, _line_spans(page, chain, gone) if chain[0].is_line else _spans(page, chain), strict=True)
    for first, after in _stretches(paragraphs):
        _keep_apart(page, first, after, [unit for unit in units if first <= unit.members[0] < after], spans)
    return {p: span for unit in units for p, span in _shared(page, unit, spans[unit])}


# --- units ----------------------------------------------------------------------------------------


def _units(page: Page, group: Iterator[int]) -> list[_Unit]:
    """One for a paragraph, or for lines of a run all of which go; else one a line."""
    members = list(group)
    first, after = members[0], members[-1] + 1
    lines = page.lines[first]
    if lines is None:
        return [_unit(page, first, after, page.outer[first], is_line=False)]
    beside = (p for p in (first - 1, after) if 0 <= p < len(page.lines))
    if len(members) == after - first and not any(page.lines[p] == lines for p in beside):
        span = (lines.start, lines.end) if lines.element else (page.outer[first][0], page.outer[after - 1][1])
        if _holds_only_its_own(page, span, lines.element):
            return [_unit(page, first, after, span, is_line=False)]
    return [_unit(page, p, p + 1, page.outer[p], is_line=True) for p in members]


def _holds_only_its_own(page: Page, span: Span, is_element: bool) -> bool:
    tokens = page.tokens_in(*span)
    if any(token.name in SKIPPED or instructs(page.source, token) for token in tokens):
        return False
    return not _alone([t for t in tokens if t.name in FORMATTING] if is_element else tokens)


def _alone(tokens: Sequence[Token]) -> list[Token]:
    """Tags without their partner."""
    tags = [t for t in tokens if t.kind not in (NOTE, ELEMENT) and t.name not in VOID]
    return sorted(pairs_of(tags)[1])


def _unit(page: Page, first: int, after: int, span: Span, *, is_line: bool) -> _Unit:
    low, high = span
    while low > 0 and (before := _filler_before(page, low, is_line)) < low:
        low = before
    while high < len(page.source) and (behind := _filler_behind(page, high, is_line)) > high:
        high = behind
    return _Unit(range(first, after), *span, is_line, low, high)


def _filler_before(page: Page, at: int, with_breaks: bool) -> int:
    """Where the white space before ``at`` begins, or the <br>."""
    while at > 0 and page.source[at - 1] in _SPACE:
        at -= 1
    if with_breaks:
        token = page.token_before(at)
        if token is not None and token.end == at and token.name == "br":
            return token.start
    return at


def _filler_behind(page: Page, at: int, with_breaks: bool) -> int:
    size = len(page.source)
    while at < size and page.source[at] in _SPACE:
        at += 1
    if with_breaks:
        token = page.token_behind(at)
        if token is not None and token.start == at and token.name == "br":
            return token.end
    return at


def _chains(units: Sequence[_Unit]) -> list[list[_Unit]]:
    """Units with nothing but white space (and <br>, between lines) from one to the next."""
    chains: list[list[_Unit]] = []
    for unit in units:
        last = chains[-1][-1] if chains else None
        if last is not None and last.high >= unit.start and last.is_line == unit.is_line:
            chains[-1].append(unit)
        else:
            chains.append([unit])
    return chains


# --- spans ----------------------------------------------------------------------------------------


def _spans(page: Page, chain: Sequence[_Unit]) -> list[Span]:
    """Spans of elements and runs, with the white space behind them or, where there is more of it, before."""
    first, last = chain[0], chain[-1]
    before = _line_breaks(page, first.low, first.start)
    after = _line_breaks(page, last.end, last.high)
    if last.high == len(page.source) or (after > before and first.low > 0):
        return _up_to(chain)
    if not after:
        return _from(chain, last.high)
    starts = [_line_start(page, unit.low, unit.start) for unit in chain]
    return list(pairwise([*starts, _line_start(page, last.end, last.high)]))


def _line_spans(page: Page, chain: Sequence[_Unit], gone: frozenset[int]) -> list[Span]:
    """Spans of lines, with the <br> behind them or before; where no line stays, all the <br> do."""
    first, last = chain[0], chain[-1]
    has_before, has_after = _stays(page, first.members[0], -1, gone), _stays(page, last.members[0], 1, gone)
    before = _count_breaks(page, first.low, first.start)
    after = _count_breaks(page, last.end, last.high)
    if has_after and (before >= after or not has_before):
        return _from(chain, last.high)
    return _up_to(chain) if has_before else _from(chain, last.end)


def _stays(page: Page, paragraph: int, step: int, gone: frozenset[int]) -> bool:
    """Whether a line of the run stays before ``paragraph`` (``step`` -1) or behind it (1)."""
    at = paragraph
    while at in gone and 0 <= at + step < len(page.lines) and page.lines[at + step] == page.lines[paragraph]:
        at += step
    return at not in gone


def _from(chain: Sequence[_Unit], end: int) -> list[Span]:
    return list(pairwise([*(unit.start for unit in chain), end]))


def _up_to(chain: Sequence[_Unit]) -> list[Span]:
    return list(pairwise([chain[0].low, *(unit.end for unit in chain)]))


def _line_breaks(page: Page, start: int, end: int) -> int:
    return page.source.count("\n", start, end) or page.source.count("\r", start, end)


def _count_breaks(page: Page, start: int, end: int) -> int:
    return sum(token.name == "br" for token in page.tokens_in(start, end))


def _line_start(page: Page, start: int, end: int) -> int:
    """Where the last line of the white space begins, so that the indentation goes with what it sets in."""
    at = max(page.source.rfind("\n", start, end), page.source.rfind("\r", start, end))
    return at + 1 if at >= 0 else end


def _shared(page: Page, unit: _Unit, span: Span) -> Iterator[tuple[int, Span]]:
    """The span of a unit among its lines."""
    starts = [span[0], *(page.outer[p][0] for p in unit.members[1:]), span[1]]
    return zip(unit.members, pairwise(starts), strict=True)


# --- what must stay apart -------------------------------------------------------------------------


def _stretches(paragraphs: Sequence[int]) -> list[Span]:
    """Paragraphs that follow each other, as ranges."""
    found: list[Span] = []
    for p in paragraphs:
        if found and found[-1][1] == p:
            found[-1] = found[-1][0], p + 1
        else:
            found.append((p, p + 1))
    return found


def _keep_apart(page: Page, first: int, after: int, units: Sequence[_Unit], spans: dict[_Unit, Span]) -> None:
    """Leave the tags of one element where the text before and the text behind would flow together."""
    if first == 0 or after == len(page.spans):
        return
    low, high = page.spans[first - 1][1], page.spans[after][0]
    cuts = [spans[unit] for unit in units]
    starts = [start for start, _ in cuts]
    for at in page.breaks_in(low, high):
        i = bisect_right(starts, at) - 1
        if i < 0 or cuts[i][1] <= at:
            return  # something parts them still
    parting = next((unit for unit in reversed(units) if page.breaks_in(unit.start, unit.end)), None)
    if parting is not None:
        spans[parting] = _inner(page, parting)


def _inner(page: Page, unit: _Unit) -> Span:
    """What stands between the tags of an element."""
    tokens = page.tokens_in(unit.start, unit.end)
    begin, end = tokens[0].end, tokens[-1].start
    if len(tokens) == 1 or tokens[-1].kind != CLOSE:
        source = page.source[unit.start : unit.end]
        begin, end = unit.start + source.index(">") + 1, unit.start + source.rindex("<")
    return (begin, end) if begin < end else (unit.start, unit.end)


# --- parts of a paragraph -------------------------------------------------------------------------


def part_cut(page: Page, start: int, end: int, last: int) -> Span | None:
    """The span [start, end) of one paragraph without what belongs to what stays, at its edges.

    last    where its last word ends: images behind that belong to the word after the span

    None where it holds a tag without its partner, or a script.
    """
    end = next((t.start for t in page.tokens_in(last, end) if t.name in REPLACED), end)
    tokens = page.tokens_in(start, end)
    if any(token.name in SKIPPED or token.end > end or instructs(page.source, token) for token in tokens):
        return None
    alone = _alone(tokens)
    while alone and not page.source[start : alone[0].start].strip():
        start = alone.pop(0).end
    while alone and not page.source[alone[-1].end : end].strip():
        end = alone.pop().start
    begins_sign = start > 0 and page.source[start - 1] in "<&"
    return None if alone or begins_sign or start >= end else (start, end)
