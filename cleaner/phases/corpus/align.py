"""From paragraphs that go to blocks: with the short lines between them, or whole articles.

A short line goes only between two paragraphs that go for the same article, with an equal partner at the
same place there; the lines before the first and behind the last go only where the whole article does, so
that no heading or byline is taken from what stays.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from cleaner.settings import Settings

MOST_BETWEEN = 200
"""Paragraphs between two that go, up to which they are aligned line by line; more is another text."""


def _never(_: str) -> bool:
    return False


class View(NamedTuple):
    """The paragraphs of an article: the number of the first, their copy keys, which could go alone, their texts.

    stays  whether a text is kept by a setting or a decision
    """

    first: int
    keys: Sequence[int]
    able: Collection[int]
    content: Callable[[int], str]
    stays: Callable[[str], bool] = _never


class Pair(NamedTuple):
    """Paragraph ``here`` of an article goes for paragraph ``witness`` of article ``article``."""

    here: int
    article: int
    witness: int


class Block(NamedTuple):
    """Pairs that go together, in order; ``whole`` where nothing of the article is left."""

    pairs: tuple[Pair, ...]
    whole: bool


def blocks(pairs: Sequence[Pair], own: View, views: Mapping[int, View], settings: Settings) -> list[Block]:
    """The blocks of one article; ``pairs`` are ascending, each could go alone.

    views  of the articles that the pairs name
    """
    found = []
    for chain in _chains(pairs, settings.max_gap):
        filled = _filled(chain, own, views[chain[0].article])
        found.append(Block(tuple(filled), False))
    if len(found) == 1:
        pairs = found[0].pairs
        whole = _ends(pairs[0], own, views[pairs[0].article], -1), _ends(pairs[-1], own, views[pairs[0].article], 1)
        inside = len(pairs) == pairs[-1].here - pairs[0].here + 1
        if inside and whole[0] is not None and whole[1] is not None:
            return [Block((*reversed(whole[0]), *pairs, *whole[1]), True)]
    return found


def _chains(pairs: Sequence[Pair], max_gap: int) -> list[list[Pair]]:
    """Runs of pairs for one article, ascending there too. ``max_gap`` only bounds what is left between."""
    chains: list[list[Pair]] = []
    for pair in pairs:
        last = chains[-1][-1] if chains else None
        if (
            last is not None
            and last.article == pair.article
            and last.witness < pair.witness <= last.witness + MOST_BETWEEN
            and pair.here <= last.here + MOST_BETWEEN
        ):
            chains[-1].append(pair)
        else:
            chains.append([pair])
    return chains


def _filled(chain: Sequence[Pair], own: View, view: View) -> list[Pair]:
    """The chain with the lines between that have an equal partner between, in order."""
    filled = [chain[0]]
    for before, after in pairwise(chain):
        filled += _between(before, after, own, view)
        filled.append(after)
    return filled


def _between(before: Pair, after: Pair, own: View, view: View) -> list[Pair]:
    """A longest common subsequence of the lines between, equal to the letter but for spacing.

    None where a paragraph stays between that could have gone alone: others may rely on it and the lines
    around it.
    """
    here = range(before.here + 1, after.here)
    there = range(before.witness + 1, after.witness)
    if not here or not there or any(p in own.able for p in here):
        return []
    size = [[0] * (len(there) + 1) for _ in range(len(here) + 1)]
    for a in range(len(here) - 1, -1, -1):
        for b in range(len(there) - 1, -1, -1):
            equal = _key(own, here[a]) == _key(view, there[b])
            size[a][b] = size[a + 1][b + 1] + 1 if equal else max(size[a + 1][b], size[a][b + 1])
    found, a, b = [], 0, 0
    while a < len(here) and b < len(there):
        if _key(own, here[a]) == _key(view, there[b]):
            if equal_lines(line := own.content(here[a]), view.content(there[b])) and not own.stays(line):
                found.append(Pair(here[a], before.article, there[b]))
            a, b = a + 1, b + 1
        elif size[a + 1][b] >= size[a][b + 1]:
            a += 1
        else:
            b += 1
    return found


def _ends(pair: Pair, own: View, view: View, step: int) -> list[Pair] | None:
    """The lines from ``pair`` to the article's end (or, backwards, its start), all equal; else None."""
    found = []
    here, there = pair.here + step, pair.witness + step
    while own.first <= here < own.first + len(own.keys):
        if not view.first <= there < view.first + len(view.keys) or _key(own, here) != _key(view, there):
            return None
        if not equal_lines(line := own.content(here), view.content(there)) or own.stays(line):
            return None
        found.append(Pair(here, pair.article, there))
        here, there = here + step, there + step
    return found


def _key(view: View, paragraph: int) -> int:
    return view.keys[paragraph - view.first]


def equal_lines(a: str, b: str) -> bool:
    """Whether two short lines are the same but for spacing: with so few words nothing else is proved."""
    return a == b or a.split() == b.split()
