"""Every default, once, with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from cleaner.decisions import NONE, Decisions
from cleaner.errors import SettingsError
from cleaner.types import Keep, Level, Lone

# Words are counted in quarters, so that one number serves every script: a word written between
# spaces counts 4, a Chinese or Japanese character 2 (a word there is about two characters long),
# a Thai, Lao, Khmer or Burmese character 1 (about four characters a word). A bare number counts 0.
QUARTERS = 4

MOST_PASSES = 40
"""Passes over an article until nothing more is found. Real articles need two, the second to see that nothing is
left; the hardest that tests know need ten. Where they are not enough, that is counted (``Counts.unfinished``)."""
SIDE = 12 * QUARTERS
"""Weight between two copies up to which they stand side by side: of 113 labelled repeats so near to each other all but
13 are accidents, whatever their length."""
NEIGHBOUR = 3 * QUARTERS
"""Weight of the shortest line that goes beside its equal; two words again may be cells of a table."""
LINES = 4
"""Short lines that are a run of their own, though none could go alone: a menu, a box of links."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides a verdict. Two runs with equal settings over equal input give equal verdicts.

    level       exact: only spacing, case and Unicode form may differ; copy: immaterial differences
                may; similar: anything at or over ``similarity`` goes, facts included.
    similarity  edit similarity over words, 0.5 to 1. At 0.9 one changed word in ten is still a
                variant worth reporting; below, pairs are mostly different statements.
    min_words   shortest paragraph that goes alone. 12: the shortest at which one changed word still
                is a variant at similarity 0.9 (11/12 = .917), so that everything long enough to be
                removed is also long enough to be reported; 8-word lines of dialogue recur by chance.
                In scripts without spaces 24 Chinese or Japanese characters, 48 Thai ones.
    min_passage shortest run of whole sentences that is cut out of a paragraph. 15: of the labelled ones from
                there on 26 are accidents and 3 are not; shorter ones are formulas and answers.
    max_gap     paragraphs without partner that a block may step over: an advertisement, a caption
                and a byline.
    keep        which of two equal copies stays.
    lone        across articles: report, or remove, a paragraph that stands alone in an article of its own. report:
                read by hand, 13 of 100 such removals took "today" of another day, formulae and headlines with
                them; who builds a corpus may want none of the equal paragraphs twice.
    protect     regular expressions; a paragraph in which one is found never goes.
    decisions   what a person has marked: texts that stay, and variants that go (see ``Decisions``).
    """

    level: Level = "copy"
    similarity: float = 0.9
    min_words: int = 12
    min_passage: int = 15
    max_gap: int = 3
    keep: Keep = "first"
    lone: Lone = "report"
    protect: tuple[str, ...] = ()
    decisions: Decisions = NONE

    def __post_init__(self) -> None:
        _one_of("level", self.level, ("exact", "copy", "similar"))
        _one_of("keep", self.keep, ("first", "last"))
        _one_of("lone", self.lone, ("report", "remove"))
        for name in ("similarity", "min_words", "min_passage", "max_gap"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise SettingsError(f"{name} is {value!r}; give a number")
        if not 0.5 <= self.similarity <= 1:
            raise SettingsError(f"similarity is {self.similarity}; give a number from 0.5 to 1")
        for name, low in (("min_words", 3), ("min_passage", 6), ("max_gap", 0)):
            if getattr(self, name) < low:
                raise SettingsError(f"{name} is {getattr(self, name)}; give {low} or more")
        for pattern in self.protect:
            try:
                re.compile(pattern)
            except re.error as error:
                raise SettingsError(f"protect: {pattern!r} is not a regular expression ({error})") from None
        if not isinstance(self.decisions, Decisions):
            raise SettingsError(f"decisions is {type(self.decisions).__name__}; give what decisions.parse returns")

    def to_dict(self) -> dict[str, Any]:
        """The settings as JSON has them; of decisions, where there are some, their number and digest."""
        plain = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "decisions"}
        return plain | ({"decisions": self.decisions.facts()} if self.decisions else {})

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Settings:
        """Settings from names and values; an unknown name is answered with the known ones."""
        known = {field.name for field in fields(cls)}
        for name in values:
            if name not in known:
                raise SettingsError(f"unknown setting {name!r}; known are {', '.join(sorted(known))}")
        return cls(**values)

    @property
    def min_quarters(self) -> int:
        return self.min_words * QUARTERS

    @property
    def passage_quarters(self) -> int:
        return self.min_passage * QUARTERS

    @property
    def seed_words(self) -> int:
        """Length of the shortest run of equal words that every pair of interest must share.

        Two paragraphs of n words at edit distance d share an unbroken run of at least
        (n - d) / (d + 1) words. The smallest value over n >= min_words with d = (1 - similarity) n
        bounds what can be missed: nothing.
        """
        return _shortest_run(self.similarity, self.min_words)


@cache
def _shortest_run(similarity: float, min_words: int) -> int:
    bound = min_words
    for n in range(min_words, max(min_words, 12) * 40):
        d = int((1 - similarity) * n + 1e-9)
        bound = min(bound, -(-(n - d) // (d + 1)))
    return max(2, bound)


def _one_of(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise SettingsError(f"{name} is {value!r}; choose one of {', '.join(known)}")
