"""Whether two blocks say the same: the project's own comparison, asked for candidates only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cleaner.phases.check.keys import key_of, prose_words
from cleaner.text.pages.block import Block, Page

if TYPE_CHECKING:
    from cleaner.types import Difference

_line_hyphen = re.compile(r"[-\u2010\u2011][ \t\xa0]*\r?\n")
_spaces = re.compile(r"\s+")
_joined_hyphen = re.compile(r"(?<=[^\W\d_])([-\u2010\u2011]) (?=[^\W\d_])")


class Same(NamedTuple):
    """Two texts that say the same.

    exact        only spacing, case and Unicode form differ, if anything
    similarity   edit similarity over words, 0..1
    differences  immaterial ones
    """

    exact: bool
    similarity: float
    differences: tuple[Difference, ...]


class Near(NamedTuple):
    """Two texts that nearly say the same, with their material differences."""

    similarity: float
    differences: tuple[Difference, ...]


IDENTICAL = Same(True, 1.0, ())


def judge(there: str, here: str, near: float) -> Same | Near | None:
    """Compare an earlier and a later text; None where they are less than ``near`` similar."""
    if there == here:
        return IDENTICAL
    # Not before there is a pair that is not the same to the letter: it takes 40 ms to import.
    from cleaner.phases.compare import compare
    from cleaner.settings import Settings

    found = compare(there, here, Settings(similarity=near))
    if found.relation == "copy":
        return Same(found.level == "exact", found.similarity, found.differences)
    return Near(found.similarity, found.differences) if found.relation == "variant" else None


def shown(page: Page, block: Block) -> str:
    """What is compared of a block: what it says, with the line ends that stand behind a hyphen.

    Such a hyphen may belong to the line. Where markers begin its lines they are no longer seen, and any hyphen before
    a space is taken for one of them.
    """
    raw = page.text[block.start : block.end]
    if _line_hyphen.search(raw) is None:
        return block.says
    if " ".join(raw.split()) == " ".join(block.says.split()):
        return _spaces.sub(_joined, raw)
    return _joined_hyphen.sub("\\1\n", block.says)


def _joined(match: re.Match[str]) -> str:
    hyphen = match.string[match.start() - 1 : match.start()] in ("-", "\u2010", "\u2011")
    return "\n" if hyphen and "\n" in match.group() else " "


class Judge:
    """Answers about the blocks of one page, each worked out once. Blocks are given by their index."""

    def __init__(self, page: Page, near: float) -> None:
        self.page = page
        self.near = near
        self._keys: dict[int, bytes | str] = {}
        self._words: dict[int, int] = {}
        self._pairs: dict[tuple[int, int], Same | Near | None] = {}

    def key(self, i: int) -> bytes | str:
        """Of a block that is never compared: its text without spacing."""
        key = self._keys.get(i)
        if key is None:
            block = self.page.blocks[i]
            key = key_of(block.says) if block.kind != "other" else self._whole(block)
            self._keys[i] = key
        return key

    def words(self, i: int) -> int:
        words = self._words.get(i)
        if words is None:
            words = self._words[i] = prose_words(self.page.blocks[i].says)
        return words

    def pair(self, i: int, j: int) -> Same | Near | None:
        """How block ``j`` relates to the earlier block ``i``."""
        if (i, j) not in self._pairs:
            blocks = self.page.blocks
            there, here = blocks[i], blocks[j]
            if there.says == here.says:
                self._pairs[i, j] = IDENTICAL
            else:
                self._pairs[i, j] = judge(shown(self.page, there), shown(self.page, here), self.near)
        return self._pairs[i, j]

    def same(self, i: int, j: int) -> bool:
        """Whether two blocks of any kind are alike and say the same; scopes are not looked at."""
        if (i, j) in self._pairs:  # two neighbours with one typo have two keys
            return isinstance(self._pairs[i, j], Same)
        there, here = self.page.blocks[i], self.page.blocks[j]
        if there.kind != here.kind or there.level != here.level or self.key(i) != self.key(j):
            return False
        return here.kind == "other" or isinstance(self.pair(i, j), Same)

    def _whole(self, block: Block) -> str:
        return " ".join(self.page.text[block.start : block.end].split())
