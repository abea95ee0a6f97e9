"""A page beside its translation: what the one says twice and the other once is a mistake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cleaner.findings import Finding
from cleaner.phases.check.keys import key_of
from cleaner.phases.check.options import DEFAULTS, CheckOptions
from cleaner.phases.check.sections import Section, Sections
from cleaner.phases.check.solid import without_comments
from cleaner.text.pages.block import Page

RULE = "same-section-copy"


def lacking(findings: Iterable[Finding], page: Page, twin: Page, options: CheckOptions = DEFAULTS) -> list[Finding]:
    """See ``find.with_twin``."""
    findings = list(findings)
    if not any(_meant(each, options) for each in findings):
        return findings
    pair = _Pair(without_comments(page), without_comments(twin))
    return [_graver(each) if _meant(each, options) and pair.lacks(each) else each for each in findings]


def _meant(each: Finding, options: CheckOptions) -> bool:
    return each.rule == RULE and each.there is not None and RULE not in options.at(each.here.path).severities


def _graver(each: Finding) -> Finding:
    message = each.message.removesuffix(".") + "; in the translation of this page it does not."
    return each._replace(severity="error", message=message)


class _Pair:
    """Two pages with their sections in order: the blocks of each by heading, in the outermost scope that has it."""

    def __init__(self, page: Page, twin: Page) -> None:
        self.page, self.twin = page, twin
        self.at = {block.start: i for i, block in enumerate(page.blocks)}
        self.sections = Sections(page)
        self.order, self.own = _in_order(page, self.sections.of)
        self.levels = _levels(page, self.order)
        order, self.others = _in_order(twin, Sections(twin).of)
        self.twin_levels = _levels(twin, order)
        self.twin_order = order

    def lacks(self, each: Finding) -> bool:
        """Whether the twin has not these two blocks both, in a section that must be the same."""
        here, there = self.at.get(each.here.start), self.at.get(each.there.start if each.there else -1)
        if here is None or there is None:
            return False
        section = self.sections.of[here]
        twin = self._twin_section(section)
        if twin is None:
            return False
        own, others = self.own[section], self.others[twin]
        if [self.page.blocks[i].kind for i in own] == [self.twin.blocks[i].kind for i in others]:
            a, b = others[own.index(there)], others[own.index(here)]
            return not self._equal(a, b)
        return len(others) < len(own) and not self._any_equal(others)

    def _twin_section(self, section: Section) -> Section | None:
        """The section of the twin before which, or behind which, all headings have the levels that they have here."""
        k = self.order.index(section)
        if self.levels[: k + 2] == self.twin_levels[: k + 2]:
            return self.twin_order[k]
        behind = len(self.order) - k
        if behind <= len(self.twin_order) and self.levels[k:] == self.twin_levels[-behind:]:
            return self.twin_order[-behind]
        return None

    def _equal(self, a: int, b: int) -> bool:
        blocks = self.twin.blocks
        return key_of(blocks[a].says) == key_of(blocks[b].says)

    def _any_equal(self, blocks: Sequence[int]) -> bool:
        keys = [key_of(self.twin.blocks[i].says) for i in blocks if self.twin.blocks[i].kind in ("prose", "item")]
        return len(set(keys)) < len(keys)


def _in_order(page: Page, sections: Sequence[Section]) -> tuple[list[Section], dict[Section, list[int]]]:
    found: dict[Section, list[int]] = {}
    for i, section in enumerate(sections):
        found.setdefault(section, []).append(i)
    return list(found), found


def _levels(page: Page, order: Sequence[Section]) -> list[tuple[int, int]]:
    """Of each section the level of its heading, and how deep its scope lies."""
    return [(page.blocks[s.heading].level if s.heading >= 0 else 0, _depth(page, s.scope)) for s in order]


def _depth(page: Page, scope: int) -> int:
    depth = 0
    while (scope := page.scopes[scope].parent) >= 0:
        depth += 1
    return depth
