"""One process: for the hook, the library and everything small."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

B = TypeVar("B")
R = TypeVar("R")


def map_batches(function: Callable[[B], R], batches: Iterable[B]) -> Iterator[R]:
    """Results of ``function`` in the order of ``batches``; one batch is held at a time."""
    return map(function, batches)
