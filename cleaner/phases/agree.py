"""What of a proposed run really says the same: stretches of whole units on both sides.

The raw texts decide here. A word or a separator that differs materially ends a stretch, and a
stretch shrinks to the units that lie in it whole on either side.
"""

from __future__ import annotations

from typing import NamedTuple

from cleaner.phases.forms import Forms, edges_agree, separators_agree, words_agree
from cleaner.phases.propose import Run

# A doubled stretch reaches a few words beyond its copy by chance; a text that goes round many times
# over would offer as many windows as it has words.
MOST_WINDOWS = 200


# Words of a copy that is taken for one without a sentence's end before it, or in the midst of
# unspaced text: twice the shortest passage, beyond any formula or subordinate clause.
LONG_WORDS = 50


class Region(NamedTuple):
    """Words [there, there + length) and [here, here + length) say the same, unit for unit."""

    there: int
    here: int
    length: int


def regions(forms: Forms, run: Run) -> list[Region]:
    found = []
    for start, end in _stretches(forms, run):
        region = _to_units(forms, run, start, end)
        if region is not None:
            found.append(region)
    return found


def _stretches(forms: Forms, run: Run) -> list[tuple[int, int]]:
    """Maximal stretches [start, end) of the run, counted from its first word, without a material difference."""
    there, here, length = run
    # Of a run that overlaps itself only the first window is needed (see _doubled).
    length = min(length, here - there + MOST_WINDOWS)
    words = zip(forms.words(there, there + length), forms.words(here, here + length), strict=True)
    breaks = zip(forms.separators(there, there + length), forms.separators(here, here + length), strict=True)
    stretches = []
    start = 0
    for k, ((a, b), (c, d)) in enumerate(zip(words, breaks, strict=True)):
        if a != b and not words_agree(forms, there + k, forms, here + k):
            stretches.append((start, k))
            start = k + 1
        elif k > start and c != d and not separators_agree(forms, there + k, forms, here + k):
            stretches.append((start, k))
            start = k
    stretches.append((start, length))
    return [(a, b) for a, b in stretches if a < b]


def _to_units(forms: Forms, run: Run, start: int, end: int) -> Region | None:
    there, here, _ = run
    doubled = _doubled(forms, run, start, end)
    if doubled is not None:
        return doubled
    for anywhere in (end - start >= LONG_WORDS, False):
        first = _edge(forms, run, range(start, end), at_end=False, anywhere=anywhere)
        if first is None:
            continue
        last = _edge(forms, run, range(end, first, -1), at_end=True, anywhere=anywhere)
        if last is not None and (not anywhere or last - first >= LONG_WORDS):
            return Region(there + first, here + first, last - first)
    return None


def _doubled(forms: Forms, run: Run, start: int, end: int) -> Region | None:
    """A stretch whose copy follows at once: any window of its length may go, the text left is the same.

    The first window that begins with units on both sides is taken. Where a line was made of
    paragraphs that do not end as sentences do, there may be none; then the first window must be
    long and inside one line, since "While it rains, we stay. We stay." says two things.
    """
    there, here, _ = run
    shift = here - there
    windows = [
        k
        for k in range(start, min(end - shift, start + MOST_WINDOWS) + 1)
        if edges_agree(forms, there + k, forms, here + k, False)
        and edges_agree(forms, here + k, forms, here + k + shift, True)
    ]
    both = (k for k in windows if forms.starts_unit(there + k) and forms.starts_unit(here + k))
    first = next(both, None)
    if first is None:
        first = next((k for k in windows[:1] if _joined_line(forms, there + k, here + k, shift)), None)
    return None if first is None else Region(there + first, here + first, shift)


def _joined_line(forms: Forms, there: int, here: int, length: int) -> bool:
    word = forms.raw(there)
    same_line = forms.layout.paragraph_of(there) == forms.layout.paragraph_of(here + length - 1)
    return same_line and length >= LONG_WORDS and word == forms.raw(here) and not word[0].islower()


def _edge(forms: Forms, run: Run, candidates: range, *, at_end: bool, anywhere: bool) -> int | None:
    """The outermost position where both sides begin (or end) a unit alike.

    With ``anywhere`` one side's unit is enough in text without spaces, which may be cut anywhere;
    but not where neither has one, so that no word is broken by letters that are equal by chance.
    """
    there, here, _ = run
    for k in candidates:
        i, j = there + k, here + k
        left, right = forms.starts_unit(i), forms.starts_unit(j)
        if left != right:
            # A paragraph that ends in a colon or a dash may go on in its witness, with the same
            # sign; and a dateline may go before one.
            loose = forms.after_pause if at_end else forms.after_dateline
            left, right = left or loose(i), right or loose(j)
        if left and right and edges_agree(forms, i, forms, j, at_end):
            return k
        if anywhere and (left or right) and _within_unspaced(forms, i, at_end) and _within_unspaced(forms, j, at_end):
            return k
    return None


def _within_unspaced(forms: Forms, word: int, at_end: bool) -> bool:
    return forms.unspaced(word - 1 if at_end else word)
