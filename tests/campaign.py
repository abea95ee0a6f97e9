"""How much is tried: the suite takes a share of the examples and of the enumerations, a campaign all of them.

``CLEANER_CAMPAIGN=1`` tries all that a test names, ``CLEANER_CAMPAIGN=10`` ten times as many examples.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from hypothesis import settings

T = TypeVar("T")

CAMPAIGN = int(os.environ.get("CLEANER_CAMPAIGN") or 0)
"""0 in the suite, else by how much the examples of a property are multiplied."""
SHARE = 3
"""The suite takes one example of so many, another one at every run unless ``CI`` is set."""
LEAST = 25
"""Fewer examples than these are not made fewer."""
DEFAULT = 100
"""Examples in a campaign of a property that names no number."""


def number(many: int) -> int:
    """How many examples are tried now where a campaign tries ``many``."""
    return many * CAMPAIGN if CAMPAIGN else max(min(many, LEAST), many // SHARE)


def examples(many: int, **more: Any) -> settings:
    """The settings of a property that is tried with ``many`` examples in a campaign."""
    return settings(max_examples=number(many), **more)


def share(cases: Iterable[T], of: int, turn: int = 0) -> Iterator[T]:
    """All of an enumeration in a campaign, else one of each ``of``: those at ``turn``, ``turn + of``, ...

    With a ``turn`` that goes round with another loop every case is met, though not in every combination.
    """
    return (case for at, case in enumerate(cases) if CAMPAIGN or at % of == turn % of)
