"""Where chance comes from: a seeded ``random.Random`` in the campaign, hypothesis where failures shrink."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Choices(Protocol):
    """What ``random.Random`` and the strategies of tests/strategies.py have in common."""

    def choice(self, seq: Sequence[T], /) -> T: ...

    def randint(self, a: int, b: int, /) -> int: ...


def once_in(rng: Choices, n: int) -> bool:
    """True once in ``n`` times; hypothesis shrinks to False."""
    return rng.randint(1, n) == n
