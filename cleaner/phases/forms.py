"""Strict forms of an article's words and separators, made where they are first asked for."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from cleaner.phases.layout import DATELINE_WORDS, Layout
from cleaner.text.markup import SAYS, blank_emphasis, code_span, link, unpadded
from cleaner.text.pairs import same_break, same_word, without_bullet, without_stop
from cleaner.text.strict import LITERAL, is_digit_edge, strict_separator, strict_words
from cleaner.text.units import (
    Elsewhere,
    cut_point,
    drop_labels,
    is_unspaced,
    note_ends,
    pauses,
    starts_small,
    starts_unit,
)
from cleaner.text.words import is_simple

STRETCH = 128
"""Words that are made at once. An article on one line may have a million, and few of them matter."""

_dateline_end = re.compile(r"[)）\]]?\s*[-–—:]+\s*[^\w\s]?$|[)）]\s*$")
# What may make code, a link or emphasis of words around it.
_marks = re.compile(r"[*_`]|://|www\.|\]\(")


class Form(NamedTuple):
    """A stretch of n words of one paragraph.

    first       number of its first word in the article
    words       n strict words
    raw         n words as they stand
    separators  n + 1 strict separators: before the first word, between two, after the last
    gaps        n + 1 raw separators
    units       n flags: the word begins a unit
    begins      the stretch begins a paragraph
    """

    first: int
    words: list[str]
    raw: list[str]
    separators: list[str]
    gaps: list[str]
    units: list[bool]
    begins: bool


class Prepared(NamedTuple):
    """A paragraph's text without emphasis marks, its code spans and links, and where notes end a sentence.

    ``said``: what the tags of a page say, by the word before which, in which or behind which they stand.
    """

    text: str
    literal: list[tuple[int, int]]
    notes: list[int]
    said: dict[int, str]


@dataclass(slots=True)
class Forms:
    """Questions about words by their number in the article."""

    layout: Layout
    made: dict[tuple[int, int], Form] = field(default_factory=dict)
    prepared: dict[int, Prepared] = field(default_factory=dict)
    unmarked: dict[int, bool] = field(default_factory=dict)
    elsewhere: Elsewhere | None = None
    _latest: Form | None = None
    _before: Form | None = None

    def at(self, word: int) -> tuple[Form, int]:
        """The stretch that has a word, and the word's place in it."""
        # Two places are compared in turn: the stretches of the last two questions answer most.
        latest = self._latest
        if latest is not None and 0 <= word - latest.first < len(latest.words):
            return latest, word - latest.first
        before = self._before
        if before is not None and 0 <= word - before.first < len(before.words):
            return before, word - before.first
        form = self._find(word)
        self._latest, self._before = form, latest
        return form, word - form.first

    def _find(self, word: int) -> Form:
        layout = self.layout
        p = layout.paragraph_of(word)
        first, words = layout.first[p], layout.first[p + 1] - layout.first[p]
        # The last stretch takes what is left over, so that none is short.
        stretch = min((word - first) // STRETCH, max(words // STRETCH - 1, 0))
        form = self.made.get((p, stretch))
        if form is None:
            start = first + stretch * STRETCH
            end = first + words if stretch >= words // STRETCH - 1 else start + STRETCH
            form = self.made[p, stretch] = self._make(p, start, end)
        return form

    def words(self, start: int, end: int) -> list[str]:
        """Strict words [start, end) of the article."""
        found: list[str] = []
        for form, a, b in self._stretches(start, end):
            found += form.words[a:b]
        return found

    def separators(self, start: int, end: int) -> list[str]:
        """Strict separators before the words [start, end)."""
        found: list[str] = []
        for form, a, b in self._stretches(start, end):
            found += form.separators[a:b]
            if a == 0:
                found[a - b], _ = self.separator(form.first)
        return found

    def _stretches(self, start: int, end: int) -> Iterator[tuple[Form, int, int]]:
        while start < end:
            form, k = self.at(start)
            stop = min(len(form.words), k + end - start)
            yield form, k, stop
            start += stop - k

    def raw(self, word: int) -> str:
        form, k = self.at(word)
        return form.raw[k]

    def strict(self, word: int) -> str:
        form, k = self.at(word)
        return form.words[k]

    def starts_paragraph(self, word: int) -> bool:
        """Also true behind the last word."""
        if word >= self.layout.first[-1]:
            return True
        form, k = self.at(word)
        return k == 0 and form.begins

    ends_paragraph = starts_paragraph
    """Whether a paragraph ends before ``word``: where one ends, another begins."""

    def starts_unit(self, word: int) -> bool:
        """Also true behind the last word: the article ends a unit."""
        if word >= self.layout.first[-1]:
            return True
        form, k = self.at(word)
        return form.units[k]

    def after_pause(self, word: int) -> bool:
        """Whether a sign and a space stand before the word, inside a paragraph."""
        if self.starts_paragraph(word):
            return False
        form, k = self.at(word)
        return pauses(form.gaps[k])

    def after_silence(self, word: int) -> bool:
        """Whether a word in capitals follows another without a sign: what a line made of paragraphs looks like."""
        if self.starts_paragraph(word):
            return False
        form, k = self.at(word)
        before, _ = self.at(word - 1)
        return form.gaps[k].isspace() and form.raw[k][0].isupper() and before.raw[word - 1 - before.first].isalpha()

    def after_dateline(self, word: int) -> bool:
        """Whether the word stands behind a dateline: PARIS, 3 May (AFP) - The minister ...

        Only a prefix that can be nothing else counts, since any other words before a statement
        may turn it round: at most eight words in capitals or figures (a month may follow a
        figure), with a figure or a bracket among them, closed by a dash, or one bracket alone.
        """
        form, k = self.at(word)
        p = self.layout.paragraph_of(word)
        if form.first != self.layout.first[p] or not 0 < k <= DATELINE_WORDS or p in self.layout.opaque:
            return False
        if not _dateline_end.search(form.gaps[k]):
            return False
        before = form.raw[:k]
        named = all(not w[0].islower() or (i > 0 and before[i - 1][-1].isdigit()) for i, w in enumerate(before))
        bracketed = any(bracket in gap for gap in form.gaps[: k + 1] for bracket in "(（[")
        return named and (bracketed or any(w[0].isdigit() for w in before))

    def gap(self, word: int) -> str:
        """What stands before a word inside its paragraph, as it came; empty where it begins one."""
        if self.starts_paragraph(word):
            return ""
        form, k = self.at(word)
        return form.gaps[k]

    def unspaced(self, word: int) -> bool:
        return word < self.layout.first[-1] and is_unspaced(self.raw(word))

    def separator(self, word: int) -> tuple[str, bool]:
        """The strict separator before a word, and whether it holds a paragraph break."""
        form, k = self.at(word)
        if not self.starts_paragraph(word):
            return form.separators[k], False
        if word == 0:
            return form.separators[0], True
        before, _ = self.at(word - 1)
        return before.separators[-1] + form.separators[0], True

    def shown(self, word: int) -> tuple[str, str]:
        """What stands before a word and the word itself, as they came."""
        layout = self.layout
        start = layout.starts[word]
        before = layout.ends[word - 1] if word else 0
        return layout.shown(before, start), layout.shown(start, layout.ends[word])

    def same_text(self, one: int, other: int, words: int) -> bool:
        """Whether two spans of so many words are the very same text, parted into paragraphs alike.

        False also where marks around them might decide how they are read: emphasis, code, links.
        """
        layout = self.layout
        if layout.page is not None:
            return False
        text, starts, ends = layout.text, layout.starts, layout.ends
        a, b, c, d = starts[one], ends[one + words - 1], starts[other], ends[other + words - 1]
        if b - a != d - c or text[a:b] != text[c:d]:
            return False
        p, q = layout.paragraph_of(one), layout.paragraph_of(other)
        last, same = layout.paragraph_of(one + words - 1), layout.paragraph_of(other + words - 1)
        if last - p != same - q or any(
            layout.first[p + k] - one != layout.first[q + k] - other for k in range(1, last - p + 1)
        ):
            return False
        return self._read_alike(p, q, c - a) and (last == p or self._read_alike(last, same, c - a))

    def _read_alike(self, one: int, other: int, shift: int) -> bool:
        """Whether words that two paragraphs share, ``shift`` apart, are read alike: all is equal, or free of marks."""
        text, (a, b), (c, d) = self.layout.text, self.layout.spans[one], self.layout.spans[other]
        alike = a + shift == c and text[a:b] == text[c:d]
        return alike or (self._is_unmarked(one) and self._is_unmarked(other))

    def _is_unmarked(self, paragraph: int) -> bool:
        known = self.unmarked.get(paragraph)
        if known is None:
            known = self.unmarked[paragraph] = _marks.search(self.layout.text, *self.layout.spans[paragraph]) is None
        return known

    def as_it_came(self, start: int, end: int) -> str:
        """Words [start, end) with what stands between them; of a page with its tags."""
        layout = self.layout
        return layout.shown(layout.starts[start], layout.ends[end - 1])

    def is_parted(self, word: int) -> bool:
        """Whether white space stands before a word."""
        layout = self.layout
        text = layout.original if layout.page is None else layout.text
        return any(c.isspace() for c in text[layout.ends[word - 1] if word else 0 : layout.starts[word]])

    def edges(self, start: int, end: int) -> tuple[str | None, str | None]:
        """What stands before the first and behind the last of words [start, end), as it came.

        None where the paragraph does not begin, or end, with them.
        """
        layout = self.layout
        p, q = layout.paragraph_of(start), layout.paragraph_of(end - 1)
        lead = layout.shown(layout.spans[p][0], layout.starts[start]) if layout.first[p] == start else None
        trail = layout.shown(layout.ends[end - 1], layout.spans[q][1]) if layout.first[q + 1] == end else None
        return lead, trail

    def tokens(self, start: int, end: int) -> tuple[list[str], list[str]]:
        """Strict words [start, end) with the signs between and around them, and both as they came."""
        strict: list[str] = []
        raw: list[str] = []
        lead, trail = self.edges(start, end)
        for word in range(start, end):
            gap, shown = self.shown(word)
            if word == start:
                gap = lead or ""
            at_edge = word == start and is_digit_edge("", self.raw(word))
            separator = self.separator(word)[0] if word > start else strict_separator(gap, False, at_edge)
            if separator:
                strict.append(separator)
                raw.append(gap)
            elif raw:
                raw[-1] += " "
            strict.append(self.strict(word))
            raw.append(_with_markup(strict[-1], shown))
        if trail and without_stop(trail):
            strict.append(strict_separator(without_stop(trail), False, is_digit_edge(self.raw(end - 1), "")))
            raw.append(trail)
        return strict, raw

    def lead(self, word: int) -> str:
        """What stands before a unit's first word and belongs to it: an opening quote, a bracket."""
        form, k = self.at(word)
        gap = form.gaps[k]
        raw = gap if self.starts_paragraph(word) else gap[cut_point(gap) :]
        lead = strict_separator(raw.strip(), False, is_digit_edge("", form.raw[k]))
        # Before a figure a dash is a sign.
        return lead if form.raw[k][0].isdigit() else without_bullet(lead)

    def trail(self, word: int) -> str:
        """What stands behind the unit that ends before ``word`` and belongs to it."""
        form, k = self.at(word - 1)
        gap = form.gaps[k + 1]
        raw = gap if self.ends_paragraph(word) else gap[: cut_point(gap)]
        return strict_separator(raw.strip(), False, is_digit_edge(form.raw[k], ""))

    def signs(self, word: int) -> list[str]:
        """The signs between the word before and ``word``, inside a paragraph, as spaces part them."""
        form, k = self.at(word - 1)
        return [strict_separator(sign, False) for sign in form.gaps[k + 1].split()]

    def _prepare(self, paragraph: int) -> Prepared:
        prepared = self.prepared.get(paragraph)
        if prepared is None:
            start, end = self.layout.spans[paragraph]
            text, page = self.layout.text[start:end], self.layout.page
            blanked = blank_emphasis(text) if page is None else text
            literal = _literal_spans(text)
            if page is not None:
                literal += [(a - start, b - start) for a, b in page.literal[paragraph]]
            said = self._said(paragraph)
            prepared = self.prepared[paragraph] = Prepared(blanked, literal, note_ends(blanked), said)
        return prepared

    def _said(self, paragraph: int) -> dict[int, str]:
        """What tags say, by word: with the number of its characters before them."""
        layout, said = self.layout, dict[int, str]()
        first, after = layout.first[paragraph], layout.first[paragraph + 1]
        for at, what in layout.page.marks[paragraph] if layout.page else ():
            word = min(bisect_right(layout.ends, at, first, after), after - 1)
            inside = len(unpadded(layout.text[layout.starts[word] : min(at, layout.ends[word])]))
            said[word] = f"{said.get(word, '')}{what}{inside or ''}"
        return said

    def _elsewhere(self) -> Elsewhere:
        if self.elsewhere is None:
            self.elsewhere = Elsewhere(self.layout.text)
        return self.elsewhere

    def _make(self, paragraph: int, first: int, after: int) -> Form:
        layout = self.layout
        start, end = layout.spans[paragraph]
        if paragraph in layout.opaque:
            whole = LITERAL + layout.whole(paragraph)
            return Form(first, [whole], [whole], ["", ""], ["", ""], [True], True)
        text, literal, notes, said = self._prepare(paragraph)
        begins = [at - start for at in layout.starts[first:after]]
        stops = [at - start for at in layout.ends[first:after]]
        before = layout.ends[first - 1] - start if first > layout.first[paragraph] else 0
        behind = layout.starts[after] - start if after < layout.first[paragraph + 1] else end - start
        raw = [text[a:b] for a, b in zip(begins, stops, strict=True)]
        if layout.page is not None:
            raw = [unpadded(word) for word in raw]
        gaps = [text[a:b] for a, b in zip([before, *stops], [*begins, behind], strict=True)]
        words = [strict_words[word] for word in raw]
        for a, b in literal:
            for k in range(bisect_left(begins, a), bisect_left(begins, b)):
                words[k] = LITERAL + raw[k]
        for word in said:
            if first <= word < after:
                words[word - first] = LITERAL + words[word - first] + said[word]
        begins_paragraph = first == layout.first[paragraph]
        inner = ["" if begins_paragraph else text[layout.starts[first - 1] - start : before], *raw]
        separators = ["" if gap == " " else _separator(gap, inner, raw, k) for k, gap in enumerate(gaps)]
        for a, b in literal:
            for k in range(bisect_left(begins, a) + 1, bisect_left(begins, b)):
                separators[k] = LITERAL + gaps[k]
        spaced = is_simple(text[before:behind])
        begins_unit = starts_small if text.islower() else starts_unit
        units = [
            not (spaced and gap == " ") and begins_unit(gap, inner[k], raw[k])
            for k, gap in enumerate(gaps[:-1])
            if k or not begins_paragraph
        ]
        if begins_paragraph:
            units.insert(0, True)
        drop_labels(units, raw, inner, gaps, self._elsewhere())
        for at in notes:
            k = bisect_left(begins, at)
            if k < len(units) and (k or at > before):
                units[k] = True
        return Form(first, words, raw, separators, gaps, units, begins_paragraph)


def _separator(gap: str, inner: list[str], raw: list[str], k: int) -> str:
    """The strict separator ``k``; ``inner[k]`` is the word before it."""
    return strict_separator(gap, is_digit_edge(inner[k], raw[k] if k < len(raw) else ""))


def _literal_spans(text: str) -> list[tuple[int, int]]:
    """Code spans and links: their words are compared as written."""
    spans = [m.span() for m in code_span.finditer(text)] if "`" in text else []
    if "://" in text or "www." in text or "](" in text:
        spans += [m.span() for m in link.finditer(text)]
    return spans


def _with_markup(strict: str, shown: str) -> str:
    """A word as it stands, with what tags say of it."""
    return "".join(f"<{said}>" for said in strict.split(SAYS)[1::2]) + shown if SAYS in strict else shown


def words_agree(a: Forms, i: int, b: Forms, j: int) -> bool:
    f, k = a.at(i)
    g, m = b.at(j)
    if f.raw[k] == g.raw[m]:
        # On a page the words beside tell nothing of code or links: their signs are tags.
        return a.layout.page is None or f.words[k] == g.words[m]
    return same_word(f.words[k], g.words[m], f.raw[k], g.raw[m])


def separators_agree(a: Forms, i: int, b: Forms, j: int) -> bool:
    """Whether what stands before word ``i`` says what stands before word ``j``."""
    left, left_break = a.separator(i)
    right, right_break = b.separator(j)
    if left_break != right_break and not a.unspaced(i):
        # Where one side has a paragraph break, the other has a space at least: 3.5 is not "3." and "5".
        parted = b.is_parted(j) if left_break else a.is_parted(i)
        if not parted:
            return False
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
        return set(left) == set(right) == {"."}
    if without_stop(left) == without_stop(right):
        return True
    if left_ends and right_ends:
        return False
    # A paragraph may end in more signs than a sentence inside one does ("! -"), but not in none: A? is not A.
    sign, signs = (left, b.signs(j)) if left_ends else (right, a.signs(i))
    return sign != "" and sign in accumulate(signs)
