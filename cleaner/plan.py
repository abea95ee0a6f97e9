"""The whole way from texts to outcomes, by the road that fits their size."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from functools import cache

from cleaner.phases.article import clean_article, clean_proposed
from cleaner.settings import Settings
from cleaner.types import Outcome

KERNEL_CHARACTERS = 300_000
"""Texts of fewer characters together go by the plain road: loading the kernels takes 0.8 s, in which
plain Python reads a megabyte. Both roads give the same outcomes."""


def clean_texts(texts: Sequence[str], settings: Settings, text_format: str = "plain") -> list[Outcome]:
    """One outcome a text, in order; ``text_format`` is ``plain``, ``markdown`` or ``html``."""
    if text_format == "plain" and sum(map(len, texts)) >= KERNEL_CHARACTERS and has_kernels():
        return by_kernels(texts, settings)
    outcomes = [clean_article(text, settings, text_format) for text in texts]
    if text_format == "html":
        check_pages(texts, outcomes)
    return outcomes


def check_pages(texts: Sequence[str], outcomes: Sequence[Outcome]) -> None:
    """Read each cleaned page again. Raises PageError where one is not what it was, without what was removed."""
    from cleaner.text.html_check import check_page

    for text, outcome in zip(texts, outcomes, strict=True):
        if outcome.removed:
            check_page(text, [(each.start, each.end) for each in outcome.removed], outcome.text)


@cache
def has_kernels() -> bool:
    return all(importlib.util.find_spec(name) for name in ("numba", "numpy"))


def by_kernels(texts: Sequence[str], settings: Settings) -> list[Outcome]:
    """Outcomes of plain texts; the kernels rule out the texts in which nothing can be found."""
    from cleaner.phases.screen import kernel_road, screen

    road = kernel_road(settings)
    outcomes = []
    for text, (counts, keyed, proposal) in zip(texts, screen(texts, settings), strict=True):
        if keyed is None or proposal is None:
            outcomes.append(Outcome(text, counts=counts))
        else:
            outcomes.append(clean_proposed(text, keyed, proposal, counts, settings, road))
    return outcomes


def _spare_scipy() -> None:
    """Load numba without SciPy, which it would look for a BLAS in: 0.2 s, and no kernel has linear algebra."""
    if "scipy" in sys.modules:
        return
    from cleaner.kernels.alone import load_numba

    sys.modules["scipy"] = None  # type: ignore[assignment]
    try:
        load_numba()
        import numba.np.arraymath  # noqa: F401
    finally:
        del sys.modules["scipy"]


def warm_up() -> None:
    """Load (or compile, the first time) the kernels, so that worker processes share them.

    For programs that do nothing else: numba takes SciPy for missing afterwards.
    """
    if has_kernels():
        _spare_scipy()
        by_kernels(["A few words are enough to compile everything that is needed for more."] * 2, Settings())


def warm_up_corpus() -> None:
    """The same for scope corpus."""
    _spare_scipy()
    import numpy as np

    from cleaner.phases.corpus.near import pairs_of_band, similarities_of
    from cleaner.phases.corpus.scan import scan_texts

    settings = Settings()
    warm_up()
    table = scan_texts(["A few words are enough to compile everything that is needed for more."] * 2, settings).table
    pairs = pairs_of_band(table.bands[0], table.thumbs, table.words[table.able], settings).pairs
    similarities_of([b"a few words", b"a few words"], np.array([0]), np.array([1]), settings)
    assert len(pairs) == 1
