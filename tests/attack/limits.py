"""Known limits: what the suite does not count as a failure, each with its reason. Without an entry it is strict again.

An entry is asked only about a failure of one of its promises. Where it can, it proves that it is the cause: it takes
what it is about out of the text, and the promise must hold then.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from attack.checks import Failure, clean_alone, seen_alone
from attack.oracle import words
from cleaner.settings import Settings
from cleaner.types import Outcome


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


def _again_and_again(case: Case) -> bool:
    """What the second run removes stands three times in the article, at least once on a line with more on it."""
    settings = Settings.of(case.settings)
    once = clean_alone(case.text, case.text_format, settings)
    again = clean_alone(once.text, case.text_format, settings)
    text = " ".join(words(case.text))
    return bool(again.removed) and all(_times(text, once, each.start, each.end) >= 3 for each in again.removed)


def _times(text: str, once: Outcome, start: int, end: int) -> int:
    """How often the longest line of a span stands in ``text``."""
    said = max((" ".join(words(line)) for line in once.text[start:end].splitlines()), key=len, default="")
    return text.count(said) if said else 3


_FIGURE = "[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"

LIMITS: tuple[Limit, ...] = (
    Limit(
        "second run",
        ("twice",),
        "docs/design.md, Known limits: in an article that holds the same few sentences again and again, on lines of "
        "their own and joined on one line, a second run may still remove something",
        _again_and_again,
    ),
    Limit(
        "direction in a figure",
        ("witness",),
        "a direction inside a figure counts as nothing, though it turns what is shown",
        _without(_FIGURE),
    ),
    Limit(
        "joined emoji",
        ("witness",),
        "what joins two emoji to one counts as nothing",
        _without("\u200d"),
    ),
    Limit(
        "entities between words",
        ("alike",),
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
