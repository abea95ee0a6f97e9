"""Which equal paragraphs of two articles stay all the same: those that stand alone in texts of their own.

A sentence that says "today", the formula of a yearly ceremony, the headline or the introduction of a series
are the same words about another day. What tells them from a story that was printed again is how much else the
two articles share, counted in paragraphs: counted in words, ceremonies look like copies.

A paragraph goes for its witness

1. in an article that is a copy: of its long paragraphs at least ``TIMES`` as many stand in one other article as
   stand in none, and with its short lines still more do so than not;
2. where the same holds of the article in which its witness stands: that one stands here once more;
3. as a notice at the end of both articles, each of which says something of its own above it, unless it begins with
   the label of an item or names a day.

What is counted beside the equal paragraphs are those that stand nowhere else. So nothing here depends on what goes
from other articles, and when all has gone that goes, the shares have not risen: cleaning again changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cleaner.phases.corpus.days import names_a_day
from cleaner.phases.structure import is_labelled

TIMES = 2
"""Of 108 groups of articles judged by hand a re-sent story (6 equal paragraphs, 5 of its own) and a ceremony (4 and 3)
lie nearest: from 1.25 to 2 all 86 that must stay do so, and beyond 1.25 one of 83 repeats is left; at 1 the ceremony
breaks."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is counted of an article: its paragraphs by their place in it.

    keys    copy keys of those that have words, ascending by place
    able    places of those that are long enough to go alone
    linked  places of those that go for another article's, or stay only because of this module
    """

    keys: Mapping[int, int]
    able: Collection[int]
    linked: Collection[int]

    def short(self) -> list[int]:
        """Short lines that stay whatever happens: a block may take those between two paragraphs that go."""
        first, last = min(self.linked, default=0), max(self.linked, default=-1)
        return [p for p in self.keys if p not in self.able and not first < p < last]

    def tells_above(self, place: int) -> bool:
        """Whether a paragraph that stands nowhere else comes before ``place``."""
        return any(p < place and p not in self.linked for p in self.able)


class Pair(NamedTuple):
    """Paragraph ``here`` of an article says what ``there`` says in another one.

    article  by which the pairs are told apart
    there    its place; -1 in an article of which nothing else is known
    """

    here: int
    article: object
    there: int


def lone(
    pairs: Sequence[Pair], own: Standing, others: Mapping[object, Standing], text: Callable[[int], str]
) -> set[int]:
    """The places of an article's paragraphs that stay, of those in ``pairs`` (one a place).

    others  of the articles that the pairs name; without those of earlier runs, of which only these paragraphs are
            known: short lines are not counted there, but one paragraph below a headline is no copy; and the end of
            this article is enough for a notice
    text    what stands at a place
    """
    by_article: defaultdict[object, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_article[pair.article].append(pair)
    held: set[int] = set()
    for article, some in by_article.items():
        other = others.get(article)
        if other is None:
            found = {pair.here for pair in some}
            new = sum(p not in own.linked for p in own.able)
            if len(found) >= TIMES * new and (len(found) > 1 or not own.short()):
                return set()
            held |= found
        elif is_copy(own, other):
            return set()
        elif not is_copy(other, own):
            held |= {pair.here for pair in some}
    return held - notices([pair for pair in pairs if pair.here in held], held, own, others, text)


def is_copy(one: Standing, other: Standing) -> bool:
    """Whether ``one`` says little but what ``other`` says."""
    known = set(other.keys.values())
    equal = sum(one.keys[p] in known for p in one.able)
    new = sum(one.keys[p] not in known for p in one.able if p not in one.linked)
    if equal < TIMES * new:
        return False
    short = [one.keys[p] in known for p in one.short()]
    return equal + sum(short) > new + len(short) - sum(short)


def notices(
    pairs: Iterable[Pair],
    held: Collection[int],
    own: Standing,
    others: Mapping[object, Standing],
    text: Callable[[int], str],
) -> set[int]:
    """Of paragraphs that are held those that stand at the end, here and beside their witness.

    Behind a notice stands nothing but other paragraphs that go, and the same short lines.
    """
    there = {pair.here: pair for pair in pairs}
    found: set[int] = set()
    behind: set[int] = set()
    for p in reversed(list(own.keys)):
        if p in own.able:
            going = p in own.linked and p not in held
            if not going:
                pair = there.get(p)
                if pair is None or not _ends(pair, own, behind, others.get(pair.article)):
                    break
                found.add(p)
        behind.add(p)
    return set() if any(is_labelled(said := text(p)) or names_a_day(said) for p in found) else found


def _ends(pair: Pair, own: Standing, behind: Collection[int], other: Standing | None) -> bool:
    """Whether both are at the end: behind the witness stands only what goes, or stands behind the paragraph as well."""
    if not own.tells_above(pair.here):
        return False
    if other is None:
        return True
    if not other.tells_above(pair.there):
        return False
    known = {own.keys[p] for p in behind}
    after = [p for p in other.keys if p > pair.there]
    lines = {other.keys[p] for p in after if p not in other.able}
    if any(own.keys[p] not in lines for p in behind if p not in own.able):
        return False
    return all(other.keys[p] in known for p in after if p not in other.able or p not in other.linked)
