"""What a fix takes out of a file: whole lines, and one of the gaps beside them."""

from __future__ import annotations

import re

from cleaner.text.pages.block import Page

# Blank lines; inside a quote they have its markers.
_gap = re.compile(r"[\s>]*")
_enumerated = re.compile(r"\s*\(?(?:\d+|[A-Za-z]|[ivxlcdmIVXLCDM]+)[.)]\s")


def cut_behind(page: Page, above: int, first: int, last: int) -> tuple[int, int] | None:
    """The lines of blocks ``first`` to ``last`` with the gap below block ``above``, right before them.

    The gap goes from the end of a line on, so that what follows begins where the lines taken out began. None where
    the lines hold other blocks as well, something else stands in the gap, or numbers beside would no longer count on.
    """
    start = line_end(page.text, page.blocks[above].outer[1])
    own, end = page.blocks[first].outer[0], line_end(page.text, page.blocks[last].outer[1])
    if start > own or _gap.fullmatch(page.text, start, own) is None:
        return None
    return (start, end) if _is_free(page, first, last) else None


def cut_of(page: Page, i: int) -> tuple[int, int] | None:
    """The lines of one block with the gap above it, or the one below where it is the first."""
    if i:
        return cut_behind(page, i - 1, i, i) or _cut_below(page, i)
    return _cut_below(page, i)


def _cut_below(page: Page, i: int) -> tuple[int, int] | None:
    start, end = page.blocks[i].outer[0], line_end(page.text, page.blocks[i].outer[1])
    if not _is_free(page, i, i) or page.text[page.text.rfind("\n", 0, start) + 1 : start].strip():
        return None
    behind = end
    while (line := page.text.find("\n", behind)) >= 0 and not page.text[behind:line].strip():
        behind = line + 1
    return start, behind


def line_end(text: str, at: int) -> int:
    """The end of the line that ends at ``at``, without what ends it."""
    while at and text[at - 1] in "\r\n":
        at -= 1
    return at


def _is_free(page: Page, first: int, last: int) -> bool:
    """Whether blocks ``first`` to ``last`` have their lines for themselves, and no numbers of a list depend on them."""
    blocks, text = page.blocks, page.text
    start, end = blocks[first].outer[0], line_end(text, blocks[last].outer[1])
    if first and line_end(text, blocks[first - 1].outer[1]) > start:
        return False
    if last + 1 < len(blocks) and blocks[last + 1].outer[0] < end:
        return False
    # Numbers of a list in reStructuredText must count on; Markdown and AsciiDoc count by themselves.
    return not (page.format == "rst" and blocks[first].kind == "item" and _enumerated.match(text, start))
