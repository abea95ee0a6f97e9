"""Candidates inside one article, found exactly: runs of equal words and pairs of near paragraphs.

Both come from one set of seeds. Two paragraphs at or over the similarity share an unbroken run of
``Settings.seed_words`` words (its docstring has the bound), and so does every run worth removing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from cleaner.phases.layout import DATELINE_WORDS, Keyed
from cleaner.settings import LINES, NEIGHBOUR, QUARTERS, SIDE, Settings

# A seed that stands in more places than this is paired with its first and latest places only; the
# number of such seeds is reported. Everything still meets the first place it can be a copy of.
BUCKET, FIRST, LATEST = 32, 4, 4


class Run(NamedTuple):
    """Words [here, here + length) equal words [there, there + length) by key; there < here."""

    there: int
    here: int
    length: int


class Proposal(NamedTuple):
    runs: list[Run]
    near: list[tuple[int, int]]
    """Pairs of paragraphs (earlier, later) at or over the similarity."""
    capped: int


def propose(keyed: Keyed, settings: Settings) -> Proposal:
    found, capped = find_runs(keyed.keys, settings.seed_words)
    near = near_pairs(keyed, found, settings)
    useful = [run for run in found if _useful(keyed, run, settings)]
    return Proposal(useful + neighbours(keyed, settings.seed_words), near, capped)


def neighbours(keyed: Keyed, seed_words: int) -> list[Run]:
    """Runs of equal neighbouring paragraphs that are shorter than a seed, so that ``find_runs`` does not see them."""
    first, keys, weight = keyed.layout.first, keyed.keys, keyed.weight
    found: list[Run] = []
    p = 1
    while p < len(first) - 1:
        a, b, c = first[p - 1], first[p], first[p + 1]
        words = b - a
        if words >= seed_words or weight[b] - weight[a] < NEIGHBOUR or c - b != words or keys[a:b] != keys[b:c]:
            p += 1
            continue
        last = p + 1
        while last < len(first) - 1 and first[last + 1] - first[last] == words:
            if keys[first[last] : first[last + 1]] != keys[a:b]:
                break
            last += 1
        if first[last] - b < seed_words:
            found.append(Run(a, b, first[last] - b))
        p = last + 1
    return found


def find_runs(keys: list[str] | tuple[str, ...] | object, seed_words: int) -> tuple[list[Run], int]:
    """Maximal runs of equal keys of at least ``seed_words``, and how many seeds met the bucket cap."""
    assert isinstance(keys, (list, tuple))
    table: dict[tuple[str, ...], list[int]] = {}
    covered: dict[int, int] = {}
    runs: list[Run] = []
    capped = reach = 0
    for here, seed in enumerate(zip(*(keys[i:] for i in range(seed_words)), strict=False)):
        places = table.get(seed)
        if places is None:
            table[seed] = [here]
            continue
        capped += len(places) == BUCKET
        for there in _met(places, here < reach):
            if covered.get(here - there, -1) > here:
                continue
            run = _extend(keys, there, here, seed_words)
            covered[here - there] = run.here + run.length
            runs.append(run)
            reach = max(reach, run.here + run.length)
        places.append(here)
    return runs, capped


def _met(places: list[int], inside: bool) -> list[int]:
    """The places that a seed is paired with: all, or of a common one the first and the latest.

    Inside a run the first ones have been met where it began, or the text goes round; then the runs
    to all of them would be as long as the text, and its period is among the latest.
    """
    if len(places) <= BUCKET:
        return places
    return places[-LATEST:] if inside else places[:FIRST] + places[-LATEST:]


def _extend(keys: list[str] | tuple[str, ...], there: int, here: int, length: int) -> Run:
    size = len(keys)
    end = here + length
    shift = here - there
    while end < size and keys[end] == keys[end - shift]:
        end += 1
    while there > 0 and keys[there - 1] == keys[here - 1]:
        there, here = there - 1, here - 1
    return Run(there, here, end - here)


def _useful(keyed: Keyed, run: Run, settings: Settings) -> bool:
    """Whether a run could lead to a removal: side by side, over whole lines, or long enough between two units."""
    there, here, length = run
    weight = keyed.weight[here + length] - keyed.weight[here]
    rounds = length >= here - there
    covered = _covers_paragraph(keyed, there, length) or _covers_paragraph(keyed, here, length)
    apart = keyed.weight[here] - keyed.weight[there + length]
    # With a line between, half of what goes alone is the shortest that goes; right behind, any line.
    beside = covered and apart <= SIDE and (apart <= 0 or weight >= settings.min_quarters // 2)
    if weight >= NEIGHBOUR and (rounds or beside):
        return True
    if covered and _labels(keyed, there, length) and _labels(keyed, here, length):
        return True
    if weight < settings.min_quarters:
        return False
    if covered and max(_longest(keyed, there, length), _longest(keyed, here, length)) >= settings.min_quarters:
        return True
    weight = _weight_of_units(keyed, run)
    return weight >= settings.passage_quarters or (covered and weight >= settings.min_quarters)


def _labels(keyed: Keyed, start: int, length: int) -> bool:
    """Whether the paragraphs that lie in the words whole may be a menu: several, of one to three words on average."""
    first, weight = keyed.layout.first, keyed.weight
    p, q = bisect_left(first, start), bisect_right(first, start + length) - 1
    total = weight[first[q]] - weight[first[p]]
    return q - p >= LINES and QUARTERS * (q - p) <= total <= NEIGHBOUR * (q - p)


def _longest(keyed: Keyed, start: int, length: int) -> int:
    """Weight of the longest paragraph that lies in the words whole."""
    first, weight = keyed.layout.first, keyed.weight
    p, longest = bisect_left(first, start), 0
    while p < len(first) - 1 and first[p + 1] <= start + length:
        longest = max(longest, weight[first[p + 1]] - weight[first[p]])
        p += 1
    return longest


def _covers_paragraph(keyed: Keyed, start: int, length: int) -> bool:
    first = keyed.layout.first
    p = bisect_left(first, start)
    return p < len(first) - 1 and first[p + 1] <= start + length


def _weight_of_units(keyed: Keyed, run: Run) -> int:
    """Weight between the first and the last word of the run at which what is cut might begin and end.

    It begins where both sides might begin a unit; where only one might, only behind a dateline or in
    text without spaces (agree.py).
    """
    there, here, length = run
    breaks = keyed.breaks
    first, last = 0, length
    while first < length and not _might_begin(keyed, there + first, here + first):
        first += 1
    while last > first and not (breaks[there + last] or breaks[here + last]):
        last -= 1
    return keyed.weight[here + last] - keyed.weight[here + first] if last > first else 0


def _might_begin(keyed: Keyed, i: int, j: int) -> bool:
    left, right = keyed.breaks[i], keyed.breaks[j]
    if left and right:
        return True
    if not (left or right):
        return False
    if 0 < keyed.weight[j + 1] - keyed.weight[j] < QUARTERS:
        return True
    other = j if left else i
    return other - keyed.layout.first[keyed.layout.paragraph_of(other)] <= DATELINE_WORDS


def near_pairs(keyed: Keyed, runs: list[Run], settings: Settings) -> list[tuple[int, int]]:
    """Pairs of paragraphs at or over the similarity over word keys; each has the shortest removable weight."""
    seen: set[tuple[int, int]] = set()
    found = []
    for run in runs:
        for p, q in _paragraph_pairs(keyed, run):
            if p != q and (p, q) not in seen:
                seen.add((p, q))
                if _near(keyed, p, q, settings):
                    found.append((p, q))
    return sorted(found)


def _paragraph_pairs(keyed: Keyed, run: Run) -> Iterator[tuple[int, int]]:
    first = keyed.layout.first
    there, here, length = run
    at = 0
    while at < length:
        p = bisect_right(first, there + at) - 1
        q = bisect_right(first, here + at) - 1
        yield p, q
        at += min(first[p + 1] - there - at, first[q + 1] - here - at)


def _near(keyed: Keyed, p: int, q: int, settings: Settings) -> bool:
    first, weight = keyed.layout.first, keyed.weight
    a, b, c, d = first[p], first[p + 1], first[q], first[q + 1]
    longest = max(b - a, d - c)
    if min(b - a, d - c) < settings.similarity * longest:
        return False
    if min(weight[b] - weight[a], weight[d] - weight[c]) < settings.min_quarters:
        return False
    cutoff = int((1 - settings.similarity) * longest + 1e-9)
    return bool(Levenshtein.distance(keyed.keys[a:b], keyed.keys[c:d], score_cutoff=cutoff) <= cutoff)
