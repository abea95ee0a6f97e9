"""The first look at a step: each article cleaned by itself, and what is left of it as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.kernels.decode import spans as encoded
from cleaner.kernels.paragraphs import read_batch
from cleaner.phases.article import clean_article, clean_proposed
from cleaner.phases.corpus.table import Table, from_batch, joined, part, table_of
from cleaner.phases.screen import answers, found_in, kernel_road
from cleaner.settings import Settings
from cleaner.text.markup import blank
from cleaner.types import Outcome


class Scan(NamedTuple):
    """outcomes: one a text, by itself; table and buf: of what is left of the texts (``table.table_of``)."""

    outcomes: list[Outcome]
    table: Table
    buf: bytes


def scan_texts(texts: Sequence[str], settings: Settings, text_format: str = "plain") -> Scan:
    """Clean each text by itself and read what is left. Needs numba and numpy."""
    if text_format != "plain":
        outcomes = [clean_article(text, settings, text_format) for text in texts]
        return Scan(outcomes, *table_of([outcome.text for outcome in outcomes], settings, text_format))
    blanked = [blank(text) for text in texts]
    buf, starts, ends = encoded(blanked)
    batch = read_batch(buf, starts, ends)
    road = kernel_road(settings)
    outcomes = []
    for text, (counts, keyed, proposal) in zip(
        texts, answers(texts, blanked, batch, found_in(batch, settings)), strict=True
    ):
        if keyed is None or proposal is None:
            outcomes.append(Outcome(text, counts=counts))
        else:
            outcomes.append(clean_proposed(text, keyed, proposal, counts, settings, road))
    read = from_batch(batch, texts, blanked, buf.tobytes(), starts, ends, settings)
    return Scan(outcomes, *_with_changes(*read, outcomes, settings))


def _with_changes(table: Table, buf: bytes, outcomes: Sequence[Outcome], settings: Settings) -> tuple[Table, bytes]:
    """The table with the texts that have changed read anew."""
    changed = [k for k, outcome in enumerate(outcomes) if outcome.removed]
    if not changed:
        return table, buf
    parts, at = list[tuple[Table, bytes]](), 0
    for k in changed:
        if at < k:
            parts.append(part(table, buf, at, k))
        parts.append(table_of([outcomes[k].text], settings))
        at = k + 1
    if at < len(outcomes):
        parts.append(part(table, buf, at, len(outcomes)))
    return joined(parts)
