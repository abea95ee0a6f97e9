"""The functions for other programs: no file is touched, nothing is compiled for small texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, overload

from cleaner.errors import SettingsError
from cleaner.phases.article import clean_paragraphs
from cleaner.phases.compare import Comparison
from cleaner.phases.compare import compare as _compare
from cleaner.phases.texts import find_matches
from cleaner.plan import clean_texts
from cleaner.settings import Settings
from cleaner.types import Match, Outcome

DEFAULTS = Settings()

TextFormat = Literal["plain", "markdown", "html"]


@overload
def clean(article: str, settings: Settings = DEFAULTS, *, text_format: TextFormat = "plain") -> Outcome: ...
@overload
def clean(article: Sequence[str], settings: Settings = DEFAULTS) -> Outcome: ...
def clean(article: str | Sequence[str], settings: Settings = DEFAULTS, *, text_format: TextFormat = "plain") -> Outcome:
    """Take out what an article says twice.

    article      a text, or its paragraphs as a list
    settings     what may go, see ``Settings``
    text_format  ``plain``, ``markdown`` or ``html``; a list of paragraphs is plain

    Returns the outcome with spans in characters of the text (half-open). For a list the positions
    are indices: paragraph ``removal.start`` goes, ``removal.witness.start`` stays for it; parts of a
    paragraph are then never removed. Safe in threads and after a fork. Raises SettingsError for an
    unknown text format, TypeError for what is neither a text nor a list of texts.

    >>> said = "The bridge will be closed for twelve weeks while the engineers check it again."
    >>> outcome = clean(f"{said}\\nNo detour is planned.\\n{said}\\n")
    >>> outcome.text == f"{said}\\nNo detour is planned.\\n"
    True
    >>> [(removal.line, removal.witness.line, removal.level) for removal in outcome.removed]
    [(3, 1, 'exact')]
    >>> [(removal.start, removal.witness.start) for removal in clean([said, "No detour.", said]).removed]
    [(2, 0)]
    """
    if text_format not in ("plain", "markdown", "html"):
        raise SettingsError(f"text_format is {text_format!r}; choose one of plain, markdown, html")
    if isinstance(article, str):
        return clean_texts([article], settings, text_format)[0]
    if text_format != "plain":
        raise SettingsError("a list of paragraphs is plain; give Markdown and HTML as one text")
    return clean_paragraphs(_texts(article, "article"), settings)


def find(texts: Sequence[str], settings: Settings = DEFAULTS) -> list[Match]:
    """Paragraphs that stand in several of the texts, as copies or variants, in reading order.

    Each match has a direct witness in an earlier text: the first paragraph that says the same, or
    for a variant the nearest one. Candidates for variants are pairs at word-bigram Jaccard .7 and
    over, found by MinHash (recall .9998, see docs/design.md); copies are found exactly. Many texts
    (over 512 paragraphs) need the extra ``dumps``; SettingsError says how to install it.

    >>> said = "The bridge will be closed for twelve weeks while the engineers check it again."
    >>> [(match.text, match.witness.text, match.relation) for match in find(["Another.", said, said])]
    [(2, 1, 'copy')]
    """
    if isinstance(texts, str):
        raise TypeError("texts is one text; give a list of them, and one alone to clean()")
    return find_matches(_texts(texts, "texts"), settings)


def compare(a: str, b: str, settings: Settings = DEFAULTS) -> Comparison:
    """Whether two texts are copies, and each difference between them, named.

    Of each difference ``witness`` is what stands in ``a``, and ``here`` what stands in ``b``.

    >>> found = compare("It closed on Monday for twelve weeks.", "It closed on Monday for fifteen weeks.")
    >>> found.relation, [(each.name, each.witness, each.here) for each in found.differences]
    ('different', [('word', 'twelve', 'fifteen')])
    """
    return _compare(a, b, settings)


def _texts(values: Sequence[str], name: str) -> list[str]:
    """``values`` as a list. Raises TypeError for anything that is no text, by its index."""
    texts = list(values)
    for index, value in enumerate(texts):
        if not isinstance(value, str):
            raise TypeError(f"{name}[{index}] is {type(value).__name__}, not str; decode or leave it out")
    return texts
