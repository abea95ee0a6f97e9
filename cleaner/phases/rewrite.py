"""From chosen pieces to spans of characters: what goes, and how its white space goes with it."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.phases.forms import Forms
from cleaner.phases.layout import Layout
from cleaner.phases.resolve import Chosen
from cleaner.text.units import cut_point


def spans_to_cut(forms: Forms, chosen: Sequence[Chosen]) -> list[tuple[int, int]]:
    """The span that each chosen piece takes out, in the order given; none overlaps another."""
    layout = forms.layout
    gone = _gone(layout, chosen)
    spans = paragraph_spans(layout, sorted(gone))
    found: list[tuple[int, int]] = []
    for c in chosen:
        p = layout.paragraph_of(c.piece.start)
        start, end = spans[p] if p in gone else part_span(forms, c.piece.start, c.piece.end)
        if p in gone and c.piece.paragraph is None:
            # The line goes in parts: each takes its words, the first and the last the gaps as well.
            first, last = layout.first[p] == c.piece.start, layout.first[p + 1] == c.piece.end
            start = start if first else layout.starts[c.piece.start]
            end = end if last else layout.starts[c.piece.end]
        # Of two neighbouring parts both would take the space between them.
        found.append((max(start, found[-1][1]) if found else start, end))
    return found


def _gone(layout: Layout, chosen: Sequence[Chosen]) -> set[int]:
    """Paragraphs of which no word is left."""
    taken: dict[int, int] = {}
    for c in chosen:
        p = layout.paragraph_of(c.piece.start)
        taken[p] = taken.get(p, 0) + c.piece.end - c.piece.start
    return {p for p, words in taken.items() if words == layout.first[p + 1] - layout.first[p]}


def paragraph_spans(layout: Layout, paragraphs: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Spans of whole paragraphs with the white space that goes with them.

    Of the two gaps around a run of removed paragraphs the one with more line breaks stays, so that
    no blank line that parts two paragraphs is lost; the end of the text stays as it was. Where no
    paragraph stays no white space does.
    """
    if layout.page is not None:
        from cleaner.text.html_cuts import paragraph_cuts

        return paragraph_cuts(layout.page, sorted(paragraphs))
    spans = {}
    for first, last in _runs(sorted(paragraphs)):
        before, after = _gap_breaks(layout, first), _gap_breaks(layout, last + 1)
        has_next = last + 1 < len(layout.spans)
        if has_next and (first == 0 or before >= after):
            for p in range(first, last + 1):
                spans[p] = (_line_start(layout, p), _line_start(layout, p + 1))
        else:
            for p in range(first, last + 1):
                spans[p] = (layout.spans[p - 1][1] if p else 0, layout.spans[p][1])
            if not first and not has_next:
                spans[last] = (spans[last][0], len(layout.text))
    return spans


def _runs(paragraphs: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for p in paragraphs:
        if runs and runs[-1][1] == p - 1:
            runs[-1] = (runs[-1][0], p)
        else:
            runs.append((p, p))
    return runs


def _gap(layout: Layout, paragraph: int) -> tuple[int, int]:
    """The gap before a paragraph, or behind the last one."""
    start = layout.spans[paragraph - 1][1] if paragraph else 0
    end = layout.spans[paragraph][0] if paragraph < len(layout.spans) else len(layout.text)
    return start, end


def _gap_breaks(layout: Layout, paragraph: int) -> int:
    start, end = _gap(layout, paragraph)
    return layout.text.count("\n", start, end) or layout.text.count("\r", start, end)


def _line_start(layout: Layout, paragraph: int) -> int:
    """Start of the paragraph's first line: its indentation goes with it."""
    start, end = _gap(layout, paragraph)
    at = max(layout.text.rfind("\n", start, end), layout.text.rfind("\r", start, end))
    return at + 1 if at >= 0 else end


def part_span(forms: Forms, start: int, end: int) -> tuple[int, int]:
    """The span of words [start, end), part of one paragraph, with one of the spaces beside it."""
    layout = forms.layout
    p = layout.paragraph_of(start)
    first, after = layout.first[p], layout.first[p + 1]
    begin = layout.spans[p][0] if start == first else unit_start(forms, start)
    stop = layout.spans[p][1] if end == after else unit_start(forms, end)
    if end == after and start > first:
        begin = layout.starts[start - 1] + len(layout.text[layout.starts[start - 1] : begin].rstrip())
    if layout.page is not None:
        from cleaner.text.html_cuts import part_cut

        return part_cut(layout.page, begin, stop, layout.ends[end - 1]) or (begin, begin)
    return begin, stop


def unit_start(forms: Forms, word: int) -> int:
    """Position of the first character of the unit that begins with ``word``."""
    layout = forms.layout
    form, k = forms.at(word)
    gap = form.gaps[k]
    return layout.starts[word] - len(gap) + cut_point(gap)


def words_span(forms: Forms, start: int, end: int) -> tuple[int, int]:
    """Characters that words [start, end) cover with the signs that belong to them."""
    layout = forms.layout
    p, q = layout.paragraph_of(start), layout.paragraph_of(end - 1)
    begin = layout.spans[p][0] if start == layout.first[p] else unit_start(forms, start)
    if end == layout.first[q + 1]:
        return begin, layout.spans[q][1]
    stop = unit_start(forms, end)
    return begin, layout.starts[end - 1] + len(layout.text[layout.starts[end - 1] : stop].rstrip())
