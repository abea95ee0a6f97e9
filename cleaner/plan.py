"""The whole way from a text to its outcome."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.phases.article import clean_article
from cleaner.settings import Settings
from cleaner.types import Outcome


def clean_texts(texts: Sequence[str], settings: Settings, text_format: str = "plain") -> list[Outcome]:
    """One outcome a text, in order; ``text_format`` is ``plain`` or ``markdown``."""
    return [clean_article(text, settings, text_format) for text in texts]
