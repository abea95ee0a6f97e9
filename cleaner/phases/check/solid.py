"""A page without its comments."""

from __future__ import annotations

from cleaner.text.pages.block import Page


def without_comments(page: Page) -> Page:
    """``page`` without the blocks that are a comment and nothing else: what a reader cannot see parts nothing.

    Else a comment that silences a copy, set between the two, would make another finding of them.
    """
    if not page.comments:
        return page
    comments = {(comment.start, comment.end) for comment in page.comments}
    blocks = [block for block in page.blocks if block.kind != "other" or (block.start, block.end) not in comments]
    return page if len(blocks) == len(page.blocks) else page._replace(blocks=blocks)
