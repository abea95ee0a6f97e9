"""What of a proposed run really says the same: stretches of whole units on both sides.

The raw texts decide here. A word or a separator that differs materially ends a stretch, and a
stretch shrinks to the units that lie in it whole on either side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.phases.forms import Forms, edges_agree, separators_agree, words_agree
from cleaner.phases.propose import Run
from cleaner.types import Keep

# A doubled stretch reaches a few words beyond its copy by chance; a text that goes round many times
# over would offer as many windows as it has words.
MOST_WINDOWS = 200


# Words of a copy that is taken for one without a sentence's end before it, or in the midst of
# unspaced text: twice the shortest passage, beyond any formula or subordinate clause.
LONG_WORDS = 50

# Words of a copy that follows at once, from which a unit's beginning on one side proves its edges: nobody says a dozen
# words twice in a row on purpose (46 of 46 labelled ones are accidents). Of a line that is nothing but the two, four.
AT_ONCE, WHOLE_LINE = 12, 4
# Times that a shorter text must follow itself to prove its edges so.
OFTEN = 3

# Words that are looked at one by one where a run is not the same text.
LOOK = 64


class Region(NamedTuple):
    """Words [there, there + length) and [here, here + length) say the same, unit for unit."""

    there: int
    here: int
    length: int
    rounds: bool = False
    """Nothing but further copies stands between the two."""
    inside: bool = False
    """One side is a paragraph, the other a part of a sentence, which says more."""


def regions(forms: Forms, run: Run, keep: Keep) -> list[Region]:
    found = []
    for start, end in _stretches(forms, run):
        own = _rounds(forms, run, start, end, keep) or _to_units(forms, run, start, end)
        found += [*own, *_inside(forms, run, start, end, own)]
    return found


def _inside(forms: Forms, run: Run, start: int, end: int, known: Sequence[Region]) -> list[Region]:
    """Paragraphs of either side that lie in the stretch whole, and on the other side in one that says more."""
    found = []
    for own, other in ((run.here, run.there), (run.there, run.here)):
        layout = forms.layout
        p = layout.paragraph_of(own + start)
        p += layout.first[p] < own + start
        while p < len(layout.spans) and layout.first[p + 1] <= own + end:
            a, b = layout.first[p] - own, layout.first[p + 1] - own
            p += 1
            if any(r.here - run.here <= a and b <= r.here - run.here + r.length for r in known):
                continue
            if b - a >= AT_ONCE // 2 and _ends_plainly(forms, own + b) and _is_part(forms, other + a, other + b):
                found.append(Region(run.there + a, run.here + a, b - a, inside=True))
    return found


def _is_part(forms: Forms, start: int, end: int) -> bool:
    """Whether words [start, end) are a part of one paragraph, and not all, parted from the rest by white space."""
    layout = forms.layout
    p = layout.paragraph_of(start)
    first, after = layout.first[p], layout.first[p + 1]
    if end > after or end - start == after - first:
        return False
    parted = (start == first or forms.is_parted(start)) and (end == after or forms.is_parted(end))
    return parted and not set("?!؟？！") & set(forms.gap(end) if end < after else forms.trail(end))


def _ends_plainly(forms: Forms, word: int) -> bool:
    """Whether the paragraph before ``word`` ends in no sign that says something: a question is no statement."""
    return not forms.trail(word).strip("\"'.… ")


def without_multiples(runs: Sequence[Run]) -> list[Run]:
    """Runs without those that go round several times where another goes round once.

    A text that repeats itself at once, again and again, equals itself at every multiple of its
    period; the period alone gives all its copies (see ``_rounds``).
    """
    kept: list[Run] = []
    rounds: list[Run] = []
    for run in sorted(runs, key=lambda r: (r.here - r.there, r)):
        shift = run.here - run.there
        once = (r for r in rounds if shift % (r.here - r.there) == 0)
        if any(r.there <= run.there and run.here + run.length <= r.here + r.length for r in once):
            continue
        kept.append(run)
        if run.length >= shift:
            rounds.append(run)
    return sorted(kept)


def _stretches(forms: Forms, run: Run) -> list[tuple[int, int]]:
    """Maximal stretches [start, end) of the run, counted from its first word, without a material difference."""
    there, here, length = run
    stretches = []
    start = 0
    for first, after in _unequal(forms, run):
        words = zip(forms.words(there + first, there + after), forms.words(here + first, here + after), strict=True)
        breaks = zip(
            forms.separators(there + first, there + after), forms.separators(here + first, here + after), strict=True
        )
        for k, ((a, b), (c, d)) in enumerate(zip(words, breaks, strict=True), first):
            if a != b and not words_agree(forms, there + k, forms, here + k):
                stretches.append((start, k))
                start = k + 1
            elif k > start and (c != d or "." in c) and not separators_agree(forms, there + k, forms, here + k):
                stretches.append((start, k))
                start = k
    stretches.append((start, length))
    return [(a, b) for a, b in stretches if a < b]


def _unequal(forms: Forms, run: Run) -> Iterator[tuple[int, int]]:
    """Spans of the run's words that are not the very same text on both sides, with the separators before them.

    Most runs are, and their words need no look: that is half of the time of an article with a copy in it.
    """
    there, here, length = run
    waiting = [(0, length)]
    while waiting:
        first, after = waiting.pop()
        before = max(0, first - 1)  # the separator before a word depends on both its neighbours
        if forms.same_text(there + before, here + before, after - before):
            continue
        if after - first <= LOOK:
            yield first, after
            continue
        middle = (first + after) // 2
        waiting += [(middle, after), (first, middle)]


def _to_units(forms: Forms, run: Run, start: int, end: int) -> list[Region]:
    there, here, _ = run
    for anywhere in (end - start >= LONG_WORDS, False):
        first = _edge(forms, run, range(start, end), at_end=False, anywhere=anywhere)
        if first is None:
            continue
        last = _edge(forms, run, range(end, first, -1), at_end=True, anywhere=anywhere)
        if last is not None and (not anywhere or last - first >= LONG_WORDS):
            # Where the whole stretch was said twice at once in a line, so were the units that are left of it.
            paragraph_of = forms.layout.paragraph_of
            one_line = paragraph_of(there + start) == paragraph_of(here + end - 1)
            return [Region(there + first, here + first, last - first, one_line and end - start >= here - there)]
    return []


def _rounds(forms: Forms, run: Run, start: int, end: int, keep: Keep) -> list[Region]:
    """The copies of a stretch that is repeated at once, once or many times; none if it is not.

    Any window as long as the period may go, the text left is the same. The first window that begins
    with units on both sides is taken, before others one that begins with paragraphs. Where a line
    was made of paragraphs that do not end as sentences do, there may be none; then the first window
    must be long and inside one line, since "While it rains, we stay. We stay." says two things. A text that was joined
    to its copy without a space has no unit there; one side's beginning is enough for it.
    """
    there, here, _ = run
    shift = here - there
    windows = [
        k
        for k in range(start, min(end - shift, start + MOST_WINDOWS) + 1)
        if edges_agree(forms, there + k, forms, here + k, False)
        and edges_agree(forms, here + k, forms, here + k + shift, True)
    ]
    both = [k for k in windows if forms.starts_unit(there + k) and forms.starts_unit(here + k)]
    first = next((k for k in both if forms.starts_paragraph(there + k) and forms.starts_paragraph(here + k)), None)
    if first is None:
        first = next(iter(both), None)
    often = shift >= WHOLE_LINE and end - start >= OFTEN * shift
    if first is None and (shift >= AT_ONCE or often):
        first = next((k for k in windows if _parted_alike(forms, there + k, here + k, here + k + shift)), None)
    if first is None:
        first = next((k for k in windows[:1] if _joined_line(forms, there + k, here + k, shift)), None)
    if first is None:
        return []
    copies = range(there + first, here + end - shift + 1, shift)
    stays = copies[0] if keep == "first" else copies[-1]
    # Each says what its neighbour says; what stays may differ from it all the same: by two swaps of letters.
    alike = [copy for copy in copies if copy != stays and says_the_same(forms, stays, copy, shift)]
    return [Region(min(stays, copy), max(stays, copy), shift, True) for copy in alike]


def _parted_alike(forms: Forms, there: int, here: int, behind: int) -> bool:
    """Whether a unit begins with one of two copies, and what follows the second one follows as the second the first.

    Else the end of one sentence is the beginning of the next, as in "... at the bank. The bank ...".
    """
    if not (forms.starts_unit(there) or forms.starts_unit(here)):
        return False
    return forms.starts_unit(behind) or forms.gap(here).strip() == forms.gap(behind).strip() != ""


def says_the_same(forms: Forms, one: int, other: int, length: int) -> bool:
    """Whether ``length`` words from either place on differ in nothing material, their edges included."""
    if not edges_agree(forms, one, forms, other, False):
        return False
    if not edges_agree(forms, one + length, forms, other + length, True):
        return False
    return _stretches(forms, Run(one, other, length)) == [(0, length)]


def _joined_line(forms: Forms, there: int, here: int, length: int) -> bool:
    word = forms.raw(there)
    same_line = forms.layout.paragraph_of(there) == forms.layout.paragraph_of(here + length - 1)
    if not same_line or word != forms.raw(here) or word[0].islower():
        return False
    if length >= LONG_WORDS:
        return True
    return length >= WHOLE_LINE and forms.starts_paragraph(there) and forms.ends_paragraph(here + length)


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
            long = at_end and k - candidates.stop >= LONG_WORDS // 2
            left = left or loose(i) or (long and forms.after_silence(i))
            right = right or loose(j) or (long and forms.after_silence(j))
        bare = anywhere and _within_unspaced(forms, i, at_end) and _within_unspaced(forms, j, at_end)
        here_too = (left or right) if bare else (left and right)
        if here_too and edges_agree(forms, i, forms, j, at_end):
            return k
    return None


def _within_unspaced(forms: Forms, word: int, at_end: bool) -> bool:
    return forms.unspaced(word - 1 if at_end else word)
