"""Findings of a page, from the blocks that might be copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from cleaner.findings import Finding, Region
from cleaner.phases.check.blocks import Run, runs
from cleaner.phases.check.cuts import cut_behind, cut_of, line_end
from cleaner.phases.check.judge import Judge, Near, Same
from cleaner.phases.check.near import is_near
from cleaner.phases.check.options import CheckOptions
from cleaner.phases.check.places import Places, finding
from cleaner.phases.check.sections import Sections
from cleaner.text.pages.block import Page

_TIMES = {2: "twice", 3: "three times", 4: "four times"}


def findings_of(
    page: Page, path: str, options: CheckOptions, alike: Sequence[Sequence[int]], near: Sequence[tuple[int, int]]
) -> list[Finding]:
    """All findings in reading order. ``alike``: groups of equal keys; ``near``: neighbours that look alike."""
    return _Finder(page, path, options).all(alike, near)


class _Finder:
    """One page's findings. ``told``: blocks that a finding has as its later side, so that no other has them."""

    def __init__(self, page: Page, path: str, options: CheckOptions) -> None:
        self.page = page
        self.options = options
        self.places = Places(path, page.text)
        self.judge = Judge(page, options.near)
        self.sections = Sections(page)
        self.told: set[int] = set()
        self.found: list[Finding] = []

    def all(self, alike: Sequence[Sequence[int]], near: Sequence[tuple[int, int]]) -> list[Finding]:
        nearly = [(i, j, pair) for i, j in near if (pair := self.judge.pair(i, j)) is not None]
        # Two neighbours with one typo have two keys.
        twins = [(i, j) for i, j, pair in nearly if isinstance(pair, Same) and self.judge.key(i) != self.judge.key(j)]
        for run in sorted(runs(self.judge, [*alike, *twins], self.options.min_adjacent), key=_longest):
            self.adjacent(run)
        groups = [group for whole in alike for group in self.groups(whole)]
        self.repeated_sections(groups)
        for group in groups:
            self.apart(group)
        self.near([(i, j, pair) for i, j, pair in nearly if isinstance(pair, Near)])
        return sorted(self.found, key=lambda f: (f.here.start, f.here.end, f.rule))

    def groups(self, alike: Sequence[int]) -> list[list[int]]:
        """Blocks of a key, by what they say: each says what the first of its group says."""
        groups: list[list[int]] = []
        if self.judge.words(alike[0]) < self.options.min_file:
            return groups
        for i in alike:
            group = next((g for g in groups if isinstance(self.judge.pair(g[0], i), Same)), None)
            if group is None:
                groups.append([i])
            else:
                group.append(i)
        return [group for group in groups if len(group) > 1]

    def adjacent(self, run: Run) -> None:
        """A run that stands right below itself: one finding, however often."""
        blocks = [list(range(run.first + k * run.length, run.first + (k + 1) * run.length)) for k in range(run.copies)]
        later = {i for copy in blocks[1:] for i in copy}
        if later <= self.told:
            return
        self.told |= later
        one = run.length == 1
        rule = "adjacent-copy" if one else "adjacent-block"
        pairs = [self.judge.pair(i, j) for copy in blocks[1:] for i, j in zip(blocks[0], copy, strict=True)]
        exact = all(isinstance(pair, Same) and pair.exact for pair in pairs)
        self.tell(
            rule,
            blocks[1],
            blocks[0],
            more=blocks[2:],
            pairs=pairs,
            message=_adjacent_message(self.page, run),
            cut=cut_behind(self.page, blocks[0][-1], blocks[1][0], blocks[-1][-1]),
            safe=one and exact,
        )

    def repeated_sections(self, groups: Iterable[Sequence[int]]) -> None:
        """Sections whose whole body stands under another heading."""
        for first, *later in groups:
            there = self.sections.whole(first)
            for i in later if there else ():
                here = self.sections.whole(i)
                if i not in self.told and here and there and self.is_repeated(there, here):
                    self.told.update(here)
                    pairs = [self.judge.pair(a, b) for a, b in zip(there[1:], here[1:], strict=True)]
                    message = "This section has nothing but the body of another section."
                    self.tell("repeated-section", here, there, pairs=pairs, message=message)

    def is_repeated(self, there: Sequence[int], here: Sequence[int]) -> bool:
        """Whether two sections, headings first, differ in nothing but the heading."""
        return (
            len(there) == len(here)
            and self.judge.key(there[0]) != self.judge.key(here[0])
            and all(self.judge.same(a, b) for a, b in zip(there[1:], here[1:], strict=True))
        )

    def apart(self, group: Sequence[int]) -> None:
        """Blocks that say the same and are not neighbours."""
        places: dict[tuple[int, int], int] = {}
        families: dict[object, set[int]] = {}
        siblings: list[int] = []
        others: list[int] = []
        for k, i in enumerate(group):
            first = places.setdefault(self.sections.place(i), i)
            own = self.sections.families(i)
            if k and i not in self.told:
                if first != i:
                    self.same_section(first, i)
                elif any(families.get(family, set()) - {member} for family, member in own):
                    siblings.append(i)
                else:
                    others.append(i)
            for family, member in own:
                families.setdefault(family, set()).add(member)
        self.elsewhere("sibling-section-copy", group[0], siblings, "in a section of the same name or in another tab")
        self.elsewhere("other-section-copy", group[0], others, "in another section of this page")

    def elsewhere(self, rule: str, first: int, later: Sequence[int], where: str) -> None:
        """One finding for all the later places of a block."""
        if later:
            self.told.update(later)
            message = f"This {_noun(self.page, later[0])} stands {where} too."
            self.tell(rule, later[:1], [first], more=[[i] for i in later[1:]], message=message)

    def same_section(self, there: int, here: int) -> None:
        self.told.add(here)
        message = f"This {_noun(self.page, here)} stands in this section already."
        self.tell("same-section-copy", [here], [there], message=message, cut=cut_of(self.page, here))

    def near(self, pairs: Sequence[tuple[int, int, Near]]) -> None:
        """Near copies side by side. Where one has two of them it is a list in all but form."""
        sides = Counter(i for pair in pairs for i in pair[:2])
        for i, j, pair in pairs:
            here, there = self.page.blocks[j], self.page.blocks[i]
            if max(sides[i], sides[j]) > 1 or self.told & {i, j}:
                continue
            if self.judge.words(j) >= self.options.min_adjacent and is_near(there.says, here.says, pair):
                message = "This paragraph says nearly what the one right above it says."
                self.tell("adjacent-near", [j], [i], pairs=[pair], message=message)

    def tell(
        self,
        rule: str,
        here: Sequence[int],
        there: Sequence[int],
        *,
        message: str,
        more: Sequence[Sequence[int]] = (),
        pairs: Sequence[Same | Near | None] = (),
        cut: tuple[int, int] | None = None,
        safe: bool = False,
    ) -> None:
        """Add a finding about these blocks, unless its rule is off."""
        severity = self.options.severity(rule)
        if severity is None:
            return
        compared = [pair for pair in pairs or [self.judge.pair(there[0], here[0])] if pair]
        region, other = self.region(here), self.region(there)
        self.found.append(
            finding(
                rule,
                severity,
                region,
                other,
                text=self.page.text[region.start : region.end],
                other=self.page.text[other.start : other.end],
                message=message,
                content=b"\0".join(map(self.bytes, here)),
                words=sum(map(self.judge.words, here)),
                similarity=min((pair.similarity for pair in compared), default=1.0),
                differences=list(dict.fromkeys(d for pair in compared for d in pair.differences)),
                more=[self.region(blocks) for blocks in more],
                cut=cut,
                safe=safe,
            )
        )

    def region(self, blocks: Sequence[int]) -> Region:
        """From the first to the last visible character of one block; whole lines of several, with all their signs."""
        first, last = self.page.blocks[blocks[0]], self.page.blocks[blocks[-1]]
        if len(blocks) == 1:
            return self.places.region(first.start, last.end)
        return self.places.region(first.outer[0], line_end(self.page.text, last.outer[1]))

    def bytes(self, i: int) -> bytes:
        key = self.judge.key(i)
        return key if isinstance(key, bytes) else key.encode("utf-8", "surrogatepass")


def _longest(run: Run) -> tuple[int, int]:
    return -run.length, run.first


def _noun(page: Page, i: int) -> str:
    return "item" if page.blocks[i].kind == "item" else "paragraph"


def _adjacent_message(page: Page, run: Run) -> str:
    if run.length > 1:
        what, all_of = "These blocks say", f"These {run.length} blocks stand"
    else:
        noun = _noun(page, run.first)
        what, all_of = f"This {noun} says", f"This {noun} stands"
    if run.copies > 2:
        return f"{all_of} {_TIMES.get(run.copies, f'{run.copies} times')} in a row."
    above = "the ones right above them say" if run.length > 1 else "the one right above it says"
    return f"{what} what {above}."
