"""Known limits: what the suite does not count as a failure, each with its reason. Without an entry it is strict again.

An entry is asked only about a failure of one of its promises. Where it can, it proves that it is the cause: it takes
what it is about out of the text, and the promise must hold then.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from attack.checks import PARTING, Failure, clean_alone, seen_alone
from attack.oracle import says_all_of, shown, words
from cleaner.settings import Settings


@dataclass(frozen=True, slots=True)
class Case:
    """A failure of one article: ``text`` as its format has it."""

    text: str
    text_format: str
    settings: dict[str, Any]
    failure: Failure

    def holds_for(self, text: str) -> bool:
        """Whether the promise holds where the text is this one."""
        if text == self.text:
            return False
        if self.failure.promise == "corpus":
            kept, _, removed = text.partition(PARTING)
            return says_all_of(kept, removed)
        if self.failure.promise == "alike":
            return both_roads_agree(text, Settings.of(self.settings))
        seen = seen_alone(text, self.text_format, Settings.of(self.settings))
        return all(failure.promise != self.failure.promise for failure in seen.failures)


@dataclass(frozen=True, slots=True)
class Limit:
    """``explains`` is asked about failures of ``promises`` only."""

    name: str
    promises: tuple[str, ...]
    reason: str
    explains: Callable[[Case], bool]


def both_roads_agree(text: str, settings: Settings) -> bool:
    from cleaner.plan import by_kernels

    return by_kernels([text], settings)[0].removed == clean_alone(text, "plain", settings).removed


def _without(pattern: str) -> Callable[[Case], bool]:
    """The promise holds where what ``pattern`` matches is taken out."""
    compiled = re.compile(pattern)
    return lambda case: case.holds_for(compiled.sub("", case.text))


def _held_by_a_witness(case: Case) -> bool:
    """The second run removes of what the first one relied on, since nothing says so any more; others may follow."""
    settings = Settings.of(case.settings)
    once = clean_alone(case.text, case.text_format, settings)
    again = clean_alone(once.text, case.text_format, settings)
    gone = {i for r in once.removed for i in range(r.start, r.end)}
    left = [i for i in range(len(case.text)) if i not in gone]
    relied = {i for r in once.removed for i in range(r.witness.start, r.witness.end)}
    return len(once.removed) < MANY and any(not relied.isdisjoint(left[r.start : r.end]) for r in again.removed)


MANY = 40
"""Removals: of an article with more of them another fault could be the cause, like passes that are counted."""
RUN = 5
"""Words: letters, where the script has no spaces."""
TIMES = 3


def _said(case: Case, text: str) -> list[str]:
    """Words with their letters in order of the alphabet: a typo counts as the same."""
    return ["".join(sorted(word)) for word in words(shown(text) if case.text_format == "html" else text)]


def _runs(said: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(said[i : i + RUN]) for i in range(max(1, len(said) - RUN + 1)))


def _often(case: Case, part: list[str]) -> bool:
    """Whether a run of words of ``part`` stands three times in the article."""
    times = Counter(_runs(_said(case, case.text)))
    return any(times[run] >= TIMES for run in _runs(part))


def _goes_again_and_again(case: Case) -> bool:
    """Of something that goes a run of words stands three times in the article, or oftener."""
    outcome = clean_alone(case.text, case.text_format, Settings.of(case.settings))
    return any(_often(case, _said(case, case.text[each.start : each.end])) for each in outcome.removed)


_FIGURE = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"

LIMITS: tuple[Limit, ...] = (
    Limit(
        "second run",
        ("twice",),
        "docs/design.md, Known limits: in an article that holds the same few sentences again and again, joined "
        "otherwise, a second run may remove a part of what the first one kept as a witness",
        _held_by_a_witness,
    ),
    Limit(
        "richer by a repeat",
        ("order",),
        "a run of paragraphs with one more between counts as richer though that one is a repeat itself, and goes: of "
        "A|A|x|A|B|A the first A goes for the third, of A|B|A|A|B|B the first A for the second, and of "
        "A|B C|C|B C|A|B D|C the first A for the second",
        _goes_again_and_again,
    ),
    Limit(
        "direction in a figure",
        ("witness", "corpus"),
        "a direction inside a figure counts as nothing, though it turns what is shown",
        _without(_FIGURE),
    ),
    Limit(
        "joined emoji",
        ("witness", "corpus"),
        "what joins two emoji to one counts as nothing",
        _without("\u200d"),
    ),
    Limit(
        "entities between words",
        ("alike", "witness", "corpus"),
        "an entity that is a space, a dash or a direction parts words on one road only",
        _without("&(?:#x?)?[0-9A-Za-z]+;?"),
    ),
    Limit(
        "span that has gone",
        ("raises",),
        "below min_words 6 a witness may be all of what goes",
        lambda case: "all of the span has gone" in case.failure.detail and case.settings.get("min_words") == 3,
    ),
    Limit(
        "half characters",
        ("raises",),
        "Markdown and kernels encode their text, and half a character cannot be",
        lambda case: "UnicodeEncodeError" in case.failure.detail and "surrogates not allowed" in case.failure.detail,
    ),
)


def limit_of(case: Case) -> str | None:
    """The name of the limit that explains a failure; None where it is one to mend."""
    for limit in LIMITS:
        if case.failure.promise in limit.promises and case.text and limit.explains(case):
            return limit.name
    return None
