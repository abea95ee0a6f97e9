"""The functions for other programs: no file is touched, nothing is compiled for small texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from cleaner.phases.article import clean_paragraphs
from cleaner.phases.compare import Comparison
from cleaner.phases.compare import compare as _compare
from cleaner.phases.texts import find_matches
from cleaner.plan import clean_texts
from cleaner.settings import Settings
from cleaner.types import Match, Outcome

DEFAULTS = Settings()


@overload
def clean(article: str, settings: Settings = DEFAULTS, *, text_format: str = "plain") -> Outcome: ...
@overload
def clean(article: Sequence[str], settings: Settings = DEFAULTS, *, text_format: str = "plain") -> Outcome: ...
def clean(article: str | Sequence[str], settings: Settings = DEFAULTS, *, text_format: str = "plain") -> Outcome:
    """Take out what an article says twice.

    article      a text, or its paragraphs as a list
    text_format  ``plain`` or ``markdown``; a list of paragraphs is plain

    Returns the outcome with spans in characters of the text (half-open). For a list the positions
    are indices: paragraph ``removal.start`` goes, ``removal.witness.start`` stays for it; parts of a
    paragraph are then never removed. Safe in threads and after a fork. Raises SettingsError for an
    unknown text format.
    """
    if isinstance(article, str):
        return clean_texts([article], settings, text_format)[0]
    return clean_paragraphs(list(article), settings)


def find(texts: Sequence[str], settings: Settings = DEFAULTS) -> list[Match]:
    """Paragraphs that stand in several of the texts, as copies or variants, in reading order.

    Each match has a direct witness in an earlier text: the first paragraph that says the same, or
    for a variant the nearest one. Candidates for variants are pairs at word-bigram Jaccard .7 and
    over, found by MinHash (recall .9998, see docs/design.md); copies are found exactly. Many texts
    (over 512 paragraphs) need the extra ``dumps``; SettingsError says how to install it.
    """
    return find_matches(texts, settings)


def compare(a: str, b: str, settings: Settings = DEFAULTS) -> Comparison:
    """Whether two texts are copies, and each difference between them, named."""
    return _compare(a, b, settings)
