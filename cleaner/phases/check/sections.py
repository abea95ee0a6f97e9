"""Which section each block of a page is in, and how two sections relate."""

from __future__ import annotations

from typing import NamedTuple

from cleaner.text.pages.block import Page


class Section(NamedTuple):
    """What stands under one heading, in one scope, down to the next heading.

    scope    number of the scope
    heading  index of the heading's block; -1 before the first
    parent   index of the heading around that one; -1 where there is none
    """

    scope: int
    heading: int
    parent: int


def _sections_of(page: Page) -> tuple[list[Section], dict[int, int]]:
    """The section of each block, a heading's being the one that it begins; and under which heading each scope begins.

    A scope begins under the heading that its parent had there, and its own headings end with it.
    """
    stacks: dict[int, list[int]] = {}
    begun: dict[int, int] = {}
    found: list[Section] = []
    blocks = page.blocks
    for i, block in enumerate(blocks):
        stack = stacks.get(block.scope)
        if stack is None:
            stack = stacks[block.scope] = list(_around(page, stacks, block.scope))
            begun[block.scope] = stack[-1] if stack else -1
        if block.kind == "heading":
            while stack and blocks[stack[-1]].level >= block.level:
                stack.pop()
            stack.append(i)
        found.append(Section(block.scope, stack[-1] if stack else -1, stack[-2] if len(stack) > 1 else -1))
    return found, begun


def _around(page: Page, stacks: dict[int, list[int]], scope: int) -> list[int]:
    """The headings that hold where a scope begins."""
    parent = page.scopes[scope].parent
    while parent >= 0:
        if parent in stacks:
            return stacks[parent]
        parent = page.scopes[parent].parent
    return []


class Sections:
    """How the blocks of a page relate by where they stand."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.of, self._begun = _sections_of(page)
        self._parents = {section.parent for section in self.of}
        self._under: dict[int, list[int]] = {}
        for i, section in enumerate(self.of):
            self._under.setdefault(section.heading, []).append(i)

    def place(self, i: int) -> tuple[int, int]:
        """Blocks with equal places stand in one section."""
        return self.of[i].scope, self.of[i].heading

    def whole(self, i: int) -> list[int] | None:
        """The section of block ``i``, its heading first; None where it has none, or has sections below it."""
        heading = self.of[i].heading
        return None if heading < 0 or heading in self._parents else self._under[heading]

    def families(self, i: int) -> list[tuple[object, int]]:
        """What makes block ``i`` a sibling of others: those that share a family and are another member of it.

        Sections under headings of one text below one parent; tabs with one parent that began under one heading.
        """
        found: list[tuple[object, int]] = []
        section = self.of[i]
        if section.heading >= 0:
            heading = self.page.blocks[section.heading]
            name = " ".join(heading.says.casefold().split())
            found.append(((section.parent, heading.level, name), section.heading))
        scope = section.scope
        while scope >= 0:
            around = self.page.scopes[scope]
            if around.kind == "tab":
                found.append(((around.parent, self._begun.get(scope)), scope))
            scope = around.parent
        return found
