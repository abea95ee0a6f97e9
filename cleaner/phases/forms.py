"""Strict forms of an article's words and separators, made paragraph by paragraph when first asked for."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.phases.layout import Layout
from cleaner.text.markup import blank_emphasis, code_span, link
from cleaner.text.pairs import same_break, same_word, without_bullet, without_stop
from cleaner.text.strict import LITERAL, is_digit_edge, strict_separator, strict_words
from cleaner.text.units import cut_point, is_unspaced, note_ends, pauses, starts_unit


_dateline_end = re.compile(r"[)）\]]?\s*[-–—:]+\s*[^\w\s]?$|[)）]\s*$")


class Form(NamedTuple):
    """One paragraph of n words.

    words       n strict words
    raw         n words as they stand
    separators  n + 1 strict separators: before the first word, between two, after the last
    gaps        n + 1 raw separators
    units       n flags: the word begins a unit
    """

    words: list[str]
    raw: list[str]
    separators: list[str]
    gaps: list[str]
    units: list[bool]


@dataclass(frozen=True, slots=True)
class Forms:
    """Forms by paragraph, and questions about words by their number in the article."""

    layout: Layout
    made: dict[int, Form] = field(default_factory=dict)

    def of(self, paragraph: int) -> Form:
        form = self.made.get(paragraph)
        if form is None:
            form = self.made[paragraph] = make_form(self.layout, paragraph)
        return form

    def words(self, start: int, end: int) -> list[str]:
        """Strict words [start, end) of the article."""
        found: list[str] = []
        for p, a, b in self._parts(start, end):
            found += self.of(p).words[a:b]
        return found

    def separators(self, start: int, end: int) -> list[str]:
        """Strict separators before the words [start, end), a paragraph break as the one inside it."""
        found: list[str] = []
        for p, a, b in self._parts(start, end):
            found += self.of(p).separators[a:b]
            if a == 0:
                found[a - b], _ = self.separator(self.layout.first[p])
        return found

    def _parts(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Paragraph, first and last word in it (half-open) for each paragraph that [start, end) touches."""
        first = self.layout.first
        while start < end:
            p = self.layout.paragraph_of(start)
            stop = min(end, first[p + 1])
            yield p, start - first[p], stop - first[p]
            start = stop

    def raw(self, word: int) -> str:
        p = self.layout.paragraph_of(word)
        return self.of(p).raw[word - self.layout.first[p]]

    def gap(self, word: int) -> str:
        """What stands between a word and the one before, as it stands."""
        layout = self.layout
        p = layout.paragraph_of(word)
        k = word - layout.first[p]
        if k or not p:
            return self.of(p).gaps[k]
        return self.of(p - 1).gaps[-1] + layout.text[layout.spans[p - 1][1] : layout.spans[p][0]] + self.of(p).gaps[0]

    def tokens(self, start: int, end: int) -> tuple[list[str], list[str]]:
        """Strict words [start, end) with the separators between them that are not mere space, and both as they stand."""
        strict: list[str] = []
        raw: list[str] = []
        for word in range(start, end):
            if word > start:
                separator, _ = self.separator(word)
                if separator:
                    strict.append(separator)
                    raw.append(self.gap(word))
                else:
                    raw[-1] += " "
            p = self.layout.paragraph_of(word)
            strict.append(self.of(p).words[word - self.layout.first[p]])
            raw.append(self.of(p).raw[word - self.layout.first[p]])
        return strict, raw

    def starts_paragraph(self, word: int) -> bool:
        first = self.layout.first
        return word >= first[-1] or first[self.layout.paragraph_of(word)] == word

    def starts_unit(self, word: int) -> bool:
        """Also true behind the last word: the article ends a unit."""
        first = self.layout.first
        if word >= first[-1]:
            return True
        p = self.layout.paragraph_of(word)
        return first[p] == word or self.of(p).units[word - first[p]]

    def after_dateline(self, word: int) -> bool:
        """Whether the word stands behind a dateline: PARIS, 3 May (AFP) - The minister ...

        Only a prefix that can be nothing else counts, since any other words before a statement
        may turn it round: at most eight words in capitals or figures (a month may follow a
        figure), with a figure or a bracket among them, closed by a dash, or one bracket alone.
        """
        p = self.layout.paragraph_of(word)
        k = word - self.layout.first[p]
        if not 0 < k <= 8 or p in self.layout.opaque:
            return False
        form = self.of(p)
        if not _dateline_end.search(form.gaps[k]):
            return False
        before = form.raw[:k]
        named = all(
            not w[0].islower() or (i > 0 and before[i - 1][-1].isdigit()) for i, w in enumerate(before)
        )
        bracketed = any(bracket in gap for gap in form.gaps[: k + 1] for bracket in "(（[")
        return named and (bracketed or any(w[0].isdigit() for w in before))

    def after_pause(self, word: int) -> bool:
        """Whether a sign and a space stand before the word, inside a paragraph."""
        layout = self.layout
        if word >= layout.first[-1]:
            return False
        p = layout.paragraph_of(word)
        return word > layout.first[p] and pauses(self.of(p).gaps[word - layout.first[p]])

    def unspaced(self, word: int) -> bool:
        return word < self.layout.first[-1] and is_unspaced(self.raw(word))

    def separator(self, word: int) -> tuple[str, bool]:
        """The strict separator before a word, and whether it holds a paragraph break."""
        p = self.layout.paragraph_of(word)
        k = word - self.layout.first[p]
        form = self.of(p)
        if k:
            return form.separators[k], False
        before = self.of(p - 1).separators[-1] if p else ""
        return before + form.separators[0], True

    def lead(self, word: int) -> str:
        """What stands before a unit's first word and belongs to it: an opening quote, a bracket."""
        p = self.layout.paragraph_of(word)
        k = word - self.layout.first[p]
        form = self.of(p)
        gap = form.gaps[k]
        raw = gap if k == 0 else gap[cut_point(gap) :]
        lead = strict_separator(raw.strip(), False)
        # Before a figure a dash is a sign.
        return lead if form.raw[k][0].isdigit() else without_bullet(lead)

    def trail(self, word: int) -> str:
        """What stands behind the unit that ends before ``word`` and belongs to it."""
        p = self.layout.paragraph_of(word - 1)
        k = word - self.layout.first[p]
        form = self.of(p)
        gap = form.gaps[k]
        raw = gap if k == len(form.words) else gap[: cut_point(gap)]
        return strict_separator(raw.strip(), False)

    def all_trail(self, word: int) -> str:
        """All signs between the word before and ``word``, inside a paragraph."""
        p = self.layout.paragraph_of(word - 1)
        return strict_separator(self.of(p).gaps[word - self.layout.first[p]], False)

    def ends_paragraph(self, word: int) -> bool:
        """Whether a paragraph ends before ``word``."""
        return word in (self.layout.first[-1],) or self.starts_paragraph(word)


def make_form(layout: Layout, paragraph: int) -> Form:
    start, end = layout.spans[paragraph]
    if paragraph in layout.opaque:
        whole = LITERAL + "".join(layout.text[start:end].split())
        return Form([whole], [whole], ["", ""], ["", ""], [True])
    first, after = layout.first[paragraph], layout.first[paragraph + 1]
    slice_ = layout.text[start:end]
    text = blank_emphasis(slice_)
    literal = _literal_spans(slice_)
    raw, gaps = [], []
    at = 0
    for k in range(first, after):
        begin, stop = layout.starts[k] - start, layout.ends[k] - start
        gaps.append(text[at:begin])
        raw.append(text[begin:stop])
        at = stop
    gaps.append(text[at:])
    words = [strict_words[word] for word in raw]
    for begin, stop in literal:
        for k in range(first, after):
            if begin <= layout.starts[k] - start < stop:
                words[k - first] = LITERAL + raw[k - first]
    separators = [_separator(gaps, raw, k) for k in range(len(gaps))]
    units = [k == 0 or starts_unit(gaps[k], raw[k - 1], raw[k]) for k in range(len(raw))]
    for after_note in note_ends(text):
        k = bisect_left(layout.starts, start + after_note, first, after)
        if k < after:
            units[k - first] = True
    return Form(words, raw, separators, gaps, units)


def _separator(gaps: list[str], raw: list[str], k: int) -> str:
    if gaps[k] == " ":
        return ""
    before = raw[k - 1] if k else ""
    after = raw[k] if k < len(raw) else ""
    return strict_separator(gaps[k], is_digit_edge(before, after))


def _literal_spans(text: str) -> list[tuple[int, int]]:
    """Code spans and links: their words are compared as written."""
    spans = [m.span() for m in code_span.finditer(text)] if "`" in text else []
    if "://" in text or "www." in text or "](" in text:
        spans += [m.span() for m in link.finditer(text)]
    return spans


def words_agree(a: Forms, i: int, b: Forms, j: int) -> bool:
    p, q = a.layout.paragraph_of(i), b.layout.paragraph_of(j)
    f, g = a.of(p), b.of(q)
    k, m = i - a.layout.first[p], j - b.layout.first[q]
    if f.raw[k] == g.raw[m]:
        return True
    return same_word(f.words[k], g.words[m], f.raw[k], g.raw[m])


def separators_agree(a: Forms, i: int, b: Forms, j: int) -> bool:
    """Whether what stands before word ``i`` says what stands before word ``j``."""
    left, left_break = a.separator(i)
    right, right_break = b.separator(j)
    if left == right:
        return True
    return (left_break or right_break) and same_break(left, right, a.raw(i)[0].isdigit())


def edges_agree(a: Forms, i: int, b: Forms, j: int, at_end: bool) -> bool:
    """Whether units that begin (or end) before words ``i`` and ``j`` begin (or end) alike."""
    if not at_end:
        return a.lead(i) == b.lead(j)
    left, right = a.trail(i), b.trail(j)
    if left == right:
        return True
    left_ends, right_ends = a.ends_paragraph(i), b.ends_paragraph(j)
    if not (left_ends or right_ends):
        return False
    if without_stop(left) == without_stop(right):
        return True
    # A paragraph may end in more signs than a sentence inside one does: "! -"
    return (left_ends and b.all_trail(j).startswith(left)) or (right_ends and a.all_trail(i).startswith(right))
