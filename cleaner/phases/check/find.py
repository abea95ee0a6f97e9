"""What one page says twice."""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.findings import Finding
from cleaner.phases.check.keys import SHORTEST, key_of
from cleaner.phases.check.near import near_pairs
from cleaner.phases.check.options import DEFAULTS, CheckOptions
from cleaner.phases.check.solid import without_comments
from cleaner.text.pages.block import Page


def find(page: Page, path: str, options: CheckOptions = DEFAULTS) -> list[Finding]:
    """The findings of one file in reading order, with the severities of ``options``.

    ``path`` from the root of the repository, parted by ``/``. Ignores are not looked at (``ignores.py``).
    """
    page = without_comments(page)
    alike, near = equal_blocks(page), near_pairs(page, SHORTEST)
    if not alike and not near:
        return []
    # A page that says nothing twice loads nothing more.
    from cleaner.phases.check.copies import findings_of

    return findings_of(page, path, options.at(path), alike, near)


def equal_blocks(page: Page) -> list[list[int]]:
    """Paragraphs and items with one key, two and more, by their index."""
    groups: dict[bytes, list[int]] = {}
    for i, block in enumerate(page.blocks):
        if block.kind in ("prose", "item") and len(block.says) >= SHORTEST:
            groups.setdefault(key_of(block.says), []).append(i)
    return [group for group in groups.values() if len(group) > 1]


def with_twin(findings: Iterable[Finding], twin: Page, page: Page, options: CheckOptions = DEFAULTS) -> list[Finding]:
    """Findings of ``page`` with copies in one section as errors where ``twin``, its translation, lacks them.

    Others pass, as do those whose place in the twin is not clear, and all where the settings name a severity.
    """
    from cleaner.phases.check.twins import lacking

    return lacking(findings, page, twin, options)
