"""What a run counts, added up over batches and files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from cleaner.types import Outcome


@dataclass(slots=True)
class Tally:
    """Numbers of one batch, file or run.

    ``removed`` counts repeats by shape (the spans of one block are one repeat), ``spans`` the cuts;
    words are those of ``Settings.min_words``; ``skipped`` counts, by reason, what was copied untouched
    (files) or left as it was (records).
    """

    articles: int = 0
    changed: int = 0
    paragraphs: int = 0
    words: int = 0
    capped: int = 0
    removed: Counter[str] = field(default_factory=Counter)
    spans: int = 0
    removed_words: int = 0
    variants: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Add the numbers of ``other``."""
        self.removed.update(other.removed)
        self.skipped.update(other.skipped)
        for name in ("articles", "changed", "paragraphs", "words", "capped", "spans", "removed_words", "variants"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def count(self, outcome: Outcome) -> None:
        """Count one article with its paragraphs and words, and what was found in it."""
        counts = outcome.counts
        self.articles += 1
        self.paragraphs += counts.paragraphs
        self.words += counts.words
        self.capped += counts.capped
        if outcome.removed:
            self.changed += 1
            self.spans += len(outcome.removed)
            self.removed.update(shape for _, shape in {(each.block, each.shape) for each in outcome.removed})
        self.variants += len(outcome.variants)

    @property
    def share(self) -> float:
        """Removed words among all words, in [0, 1]."""
        return min(1.0, self.removed_words / self.words) if self.words else 0.0


def words_in(text: str) -> int:
    """Words of a removed text, weighed as ``Settings.min_words`` weighs them."""
    from cleaner.settings import QUARTERS
    from cleaner.text.words import finder, quarters

    return sum(quarters(word[0]) for word in finder(text)(text, 0, len(text))) // QUARTERS
