"""Which elements of a page are its text to a reader, which are its containers, and which are neither."""

from __future__ import annotations

import re

from cleaner.text.html_tags import BLOCKS
from cleaner.text.html_tokens import CLOSE, OPEN, Token


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SKIPPED = _names("nav form pre table template head listing xmp menu dir")
"""Elements that are no text with all that is in them."""
INLINE_SKIPPED = _names("svg math select button object video audio canvas picture map")
"""The same, inside a paragraph."""
CONTAINERS = frozenset(
    ["div", "section", "article", "main", "aside", "header", "footer", "details", "dialog", "figure", "blockquote"]
)
"""Elements that may be scopes, or stand around such."""
BOXES = _names("aside details dialog figure blockquote")
BREAKS = BLOCKS | {"script", "style", "title"}
LABELS = _names("td th summary legend caption option")
"""Elements whose own text is none to be compared."""
QUIET = frozenset(("a", "code", "kbd", "samp"))
"""A paragraph with no text but in these is a link, or code."""
panel = re.compile(
    r"role\s*=\s*[\"']?tabpanel|class\s*=\s*(?:\"[^\"]*|'[^']*|[\w-]*)(?<![\w-])(?:tab-pane|tab-panel|tabpanel|tabs-panel)"
    r"(?![\w-])",
    re.IGNORECASE,
)


def ends_of(tokens: list[Token]) -> dict[int, int]:
    """Of every start tag of an element that is passed over, the number of its end tag, where it has one."""
    names = SKIPPED | INLINE_SKIPPED
    open_tags: dict[str, list[int]] = {}
    ends: dict[int, int] = {}
    for number, token in enumerate(tokens):
        if token.name not in names:
            continue
        if token.kind == OPEN:
            open_tags.setdefault(token.name, []).append(number)
        elif token.kind == CLOSE and open_tags.get(token.name):
            ends[open_tags[token.name].pop()] = number
    return ends
