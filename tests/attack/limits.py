"""Known limits: what the suite does not count as a failure, each with its reason. Without an entry it is strict again.

An entry is asked only about a failure of one of its promises. Where it can, it proves that it is the cause: it takes
what it is about out of the text, and the promise must hold then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from attack.checks import Failure, clean_alone, seen_alone
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


OTHERWISE = {"typo", "hyphenation"}
"""Rules by which the same word is written in other letters (``resolve`` asks for the very same words)."""


def _held_by_a_witness(case: Case) -> bool:
    """What the second run removes reaches into a witness of the first one that it does not take as a whole.

    Or it takes one whole and writes a word otherwise than what it goes for, which then cannot stand for it.
    """
    settings = Settings.of(case.settings)
    once = clean_alone(case.text, case.text_format, settings)
    again = clean_alone(once.text, case.text_format, settings)
    gone = {i for r in once.removed for i in range(r.start, r.end)}
    left = [i for i in range(len(case.text)) if i not in gone]
    relied = [(r.witness.start, r.witness.end) for r in once.removed]
    for each in again.removed:
        start, end = left[each.start], left[each.end - 1] + 1
        same = OTHERWISE.isdisjoint(each.rule.split("+"))
        if any(a < end and start < b and not (same and start <= a and b <= end) for a, b in relied):
            return True
    return False


def _by_what_goes_too(case: Case) -> bool:
    """The first paragraph stays where all that goes otherwise is taken out before."""
    outcome = clean_alone(case.text, case.text_format, Settings.of(case.settings))
    at, left = 0, []
    for each in outcome.removed:
        if each.block != outcome.removed[0].block:
            left.append(case.text[at : each.start])
            at = each.end
    return case.holds_for("".join([*left, case.text[at:]]))


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
        _by_what_goes_too,
    ),
)


def limit_of(case: Case) -> str | None:
    """The name of the limit that explains a failure; None where it is one to mend."""
    for limit in LIMITS:
        if case.failure.promise in limit.promises and case.text and limit.explains(case):
            return limit.name
    return None
