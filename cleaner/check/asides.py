"""Comments to this tool part no two paragraphs: else the comment that ignores a finding would make another of it."""

from __future__ import annotations

from cleaner.text.pages.block import Page


def without_asides(page: Page) -> Page:
    """The page without the blocks that are such comments. The comments themselves stay."""
    asides = [(each.start, each.end) for each in page.comments if each.text.lstrip().startswith("cleaner:")]
    if not asides:
        return page
    blocks = [
        block
        for block in page.blocks
        if block.kind != "other" or not any(a <= block.start and block.end <= b for a, b in asides)
    ]
    return page._replace(blocks=blocks)
