"""Neighbours that nearly say the same: proposed by a cheap look, judged by their differences."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from cleaner.text.pages.block import Page

if TYPE_CHECKING:
    from cleaner.phases.check.judge import Near

LOWEST_RATIO = 0.8
"""Of the lengths of two texts in characters. At similarity 0.9 one word in ten may be missing, and a long one."""
SHARED = 0.75
"""Of the words of the longer text: a changed word loses one on each side, and signs hang on words here."""
MATERIAL = frozenset({"number", "sign", "code", "link", "element"})
"""Differences that make two texts two statements for sure: they are not even near copies."""

DIGITS = r"\d"
IMAGE = r"!\[[^\]]*\]"
TARGET = r"\]\([^)]*\)"
"""Of a link."""


def near_pairs(page: Page, least: int) -> list[tuple[int, int]]:
    """Neighbouring paragraphs of one scope that share most of their words, from ``least`` characters on."""
    found = []
    for (i, there), (j, here) in pairwise(enumerate(page.blocks)):
        if here.kind != "prose" or there.kind != "prose" or here.scope != there.scope:
            continue
        short, long = sorted((len(there.says), len(here.says)))
        if short >= least and short >= LOWEST_RATIO * long and _share(there.says, here.says):
            found.append((i, j))
    # Without one that agrees nothing can come of them; to compare them takes 35 ms of loading.
    return found if any(_agree(page.blocks[i].says, page.blocks[j].says) for i, j in found) else []


def _share(there: str, here: str) -> bool:
    one, other = set(_parts(there)), set(_parts(here))
    return len(one & other) >= SHARED * max(len(one), len(other))


def _parts(says: str) -> list[str]:
    """Words between spaces; of text without spaces its characters."""
    words = says.lower().split()
    return list(says) if len(says) > 16 * len(words) else words


def is_near(there: str, here: str, found: Near) -> bool:
    """Whether two texts that differ are near copies: with equal numbers, signs, links, code and images."""
    if any(difference.name in MATERIAL for difference in found.differences):
        return False
    return _agree(there, here)


def _agree(there: str, here: str) -> bool:
    import re

    return all(re.findall(sign, there) == re.findall(sign, here) for sign in (DIGITS, IMAGE, TARGET))
