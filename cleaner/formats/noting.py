"""What is noted of each article beside its repeats: counts by language, and whether it loses much of itself."""

from __future__ import annotations

import re

from cleaner.formats.cases import Article
from cleaner.formats.rows import Place, Row
from cleaner.formats.work import Found, Work
from cleaner.text.scripts import script_of
from cleaner.types import Counts

_tag = re.compile(r"</(?:p|div|li|h[1-6]|td|article|section|blockquote)>|<br\s*/?>", re.IGNORECASE)


def note(found: Found, counts: Counts, text: str, place: Place, text_format: str) -> None:
    """Count an article."""
    language = place.lang or script_of(text)
    found.tally.count(counts)
    found.tally.articles_by[language] += 1
    found.tally.words_by[language] += counts.words
    if place.record is not None and text_format == "plain":
        found.tally.pages += _is_page(text, counts.paragraphs)
    if place.source is not None:
        found.tally.articles_from[place.source] += 1
        found.tally.words_from[place.source] += counts.words


def _is_page(text: str, paragraphs: int) -> bool:
    """Whether at least half of the paragraphs of a text hold a tag that ends a block."""
    return "<" in text and 2 * sum(1 for _ in _tag.finditer(text)) >= max(paragraphs, 2)


def note_measures(found: Found, text: str, text_format: str) -> dict[str, float]:
    """The measures of an article, of a page those of its text, as they are written.

    Counted is how many articles have each value, to a thousandth, and the sum of the values in millionths.
    """
    from cleaner.text.measures import measures

    if text_format == "html":
        from cleaner.text.html_page import text_of

        text = text_of(text)
    values = {name: round(value, 4) for name, value in measures(text).items()}
    for name, value in values.items():
        found.tally.measured[f"{name} {round(value * 1000)}"] += 1
        found.tally.measured[f"{name} sum"] += round(value * 1_000_000)
    return values


def note_removed(found: Found, article: Article, work: Work) -> None:
    """Count the words that go from an article; flag it where they are more than the stated share of it."""
    words, place, share = sum(article.words), article.place, article.share
    found.tally.removed_words += words
    found.tally.removed_by[place.lang or script_of(article.text)] += words
    if place.source is not None:
        found.tally.removed_from[place.source] += words
    if share > work.flag_share:
        found.tally.flagged += 1
        found.flagged.append(_flag(place, share, whole=not article.outcome.text.strip()))


def _flag(place: Place, share: float, *, whole: bool) -> Row:
    where = {"file": place.file, "record": place.record, "id": place.id, "line": place.line}
    return where | {"share": round(share, 4), "whole": whole}
