"""What a run counts, added up over batches and files."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from cleaner.types import Counts, Outcome

MOST_SOURCES = 10_000
"""Sources (hosts, publishers) that are counted one by one: more than anybody looks at, in 2 MB."""
OTHERS = "(all others)"
"""What the articles of further sources are counted under."""
CUT_OFF = "cut off"
"""What an input is counted under that ended too early, of which all that stood before is done."""
BROKEN = "internal error"
"""What a record or file is counted under that a fault of ours has left as it was."""


@dataclass(slots=True)
class Tally:
    """Numbers of one batch, file or run.

    ``removed`` counts repeats by shape (the spans of one block are one repeat), ``spans`` the cuts;
    words are those of ``Settings.min_words``; ``skipped`` counts, by reason, what was copied untouched
    (files) or left as it was (records); ``left_out``, by kind, what in a dump is no article; ``emptied`` the
    articles of which nothing is left, ``unfinished`` those of which cleaning again would remove more, ``flagged``
    those that lost more than the stated share of their words.
    ``pages`` are the articles that were read as plain text and hold HTML.
    ``measured`` holds the measures of articles, as ``note_measures`` counts them. ``decided`` counts, by the key
    of its text, what stays or goes by a decision; ``stays``, by the name of its reason (phases/removable.py), what says
    the same as another text and stays all the same: the variants in which no fact differs.
    The counters by language (of a field, or the script) and by source (of a field) are of articles, words and
    removed words.
    """

    articles: int = 0
    changed: int = 0
    paragraphs: int = 0
    words: int = 0
    capped: int = 0
    unfinished: int = 0
    removed: Counter[str] = field(default_factory=Counter)
    spans: int = 0
    removed_words: int = 0
    variants: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    emptied: int = 0
    flagged: int = 0
    pages: int = 0
    articles_by: Counter[str] = field(default_factory=Counter)
    words_by: Counter[str] = field(default_factory=Counter)
    removed_by: Counter[str] = field(default_factory=Counter)
    articles_from: Counter[str] = field(default_factory=Counter)
    words_from: Counter[str] = field(default_factory=Counter)
    removed_from: Counter[str] = field(default_factory=Counter)
    measured: Counter[str] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)
    stays: Counter[str] = field(default_factory=Counter)

    @property
    def falls_short(self) -> bool:
        """Whether an input was not read to its end, a fault of ours was met, or no article: the run has failed."""
        return bool(self.skipped[CUT_OFF] or self.skipped[BROKEN]) or (not self.articles and bool(self.skipped))

    def add(self, other: Tally) -> None:
        """Add the numbers of ``other``."""
        for each in fields(self):
            mine, more = getattr(self, each.name), getattr(other, each.name)
            if each.name.endswith("_from"):
                for source, number in more.items():
                    mine[self._source(source)] += number
            elif isinstance(mine, Counter):
                mine.update(more)
            else:
                setattr(self, each.name, mine + more)

    def _source(self, name: str) -> str:
        """The name under which a source is counted."""
        known = self.articles_from
        return name if name in known or len(known) < MOST_SOURCES else OTHERS

    def to_dict(self) -> dict[str, Any]:
        """The numbers as JSON has them; ``of`` gives them back."""
        counters = {name: dict(sorted(value.items())) for name, value in self._counters().items()}
        return asdict(self) | counters

    @classmethod
    def of(cls, numbers: dict[str, Any]) -> Tally:
        return cls(**numbers | {name: Counter(numbers[name]) for name in cls()._counters() if name in numbers})

    def _counters(self) -> dict[str, Counter[str]]:
        return {f.name: getattr(self, f.name) for f in fields(self) if isinstance(getattr(self, f.name), Counter)}

    def count(self, counts: Counts) -> None:
        """Count one article with its paragraphs and words."""
        self.articles += 1
        self.paragraphs += counts.paragraphs
        self.words += counts.words
        self.capped += counts.capped

    def count_found(self, outcome: Outcome) -> None:
        """Count what was found in an article."""
        if outcome.removed:
            self.changed += 1
            self.emptied += not outcome.text.strip()
            self.spans += len(outcome.removed)
            self.unfinished += outcome.counts.unfinished
            self.removed.update(shape for _, shape in {(each.block, each.shape) for each in outcome.removed})
        self.variants += len(outcome.variants)
        self.stays.update(each.rule for each in outcome.variants if not any(d.material for d in each.differences))
        self.decided.update(each.key for each in outcome.removed if each.rule == "decision")
        self.decided.update(each.key for each in outcome.variants if each.rule == "decided")

    @property
    def share(self) -> float:
        """Removed words among all words, in [0, 1]."""
        return min(1.0, self.removed_words / self.words) if self.words else 0.0


def words_in(text: str, text_format: str = "plain") -> int:
    """Words of a removed text, weighed as ``Settings.min_words`` weighs them; tags have none."""
    from cleaner.settings import QUARTERS
    from cleaner.text.words import finder, quarters

    if text_format == "html":
        from cleaner.text.html_page import text_of

        text = text_of(text)
    return sum(quarters(word[0]) for word in finder(text)(text, 0, len(text))) // QUARTERS
