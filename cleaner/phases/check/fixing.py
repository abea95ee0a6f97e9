"""A file without what its findings cut, and the proof that nothing else went."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cleaner.errors import CleanerError
from cleaner.findings import Finding
from cleaner.text.pages.block import Page, PageFormat

Cut = tuple[int, int]
"""Characters [start, end) of the file."""


class CutError(CleanerError):
    """A file would not be the old one without the cuts; the message says how."""


def cuts_of(findings: Iterable[Finding]) -> list[Cut]:
    """The cuts of findings of one file, in order, without those that have to wait for another run.

    Of two that overlap the later one waits, and a finding whose witness is cut; safe ones go first.
    """
    found: list[Cut] = []
    for each in sorted((f for f in findings if f.cut), key=lambda f: (not f.safe, f.cut)):
        sides = [each.cut or (0, 0), *([(each.there.start, each.there.end)] if each.there else [])]
        if not any(a < end and start < b for a, b in sides for start, end in found):
            found.append(sides[0])
    return sorted(found)


def cut_text(text: str, findings: Iterable[Finding]) -> str:
    """``text`` without what its findings cut (those of them that can be made at once, see ``cuts_of``)."""
    return _without(text, cuts_of(findings))


def _without(text: str, cuts: Sequence[Cut]) -> str:
    parts, at = [], 0
    for start, end in cuts:
        parts.append(text[at:start])
        at = end
    return "".join([*parts, text[at:]])


def check_cut(before: str, after: str, findings: Iterable[Finding], format: PageFormat) -> None:
    """Raise CutError unless ``after`` is ``before`` without the cuts, in its blocks as in its characters."""
    from cleaner.text.pages.read import read_page

    cuts = cuts_of(findings)
    if after != _without(before, cuts):
        raise CutError("the new text is not the old one without the cuts")
    if _left(read_page(before, format), cuts) != _left(read_page(after, format), ()):
        raise CutError("without the copy the rest would be read otherwise")


def _left(page: Page, cuts: Sequence[Cut]) -> tuple[list[object], list[str], str | None]:
    """Blocks as they are read, comments and the front matter's key, without what lies in a cut."""
    blocks: list[object] = [
        (b.kind, b.says or " ".join(page.text[b.start : b.end].split()), b.level, _kinds(page, b.scope))
        for b in page.blocks
        if not _within(b.start, b.end, cuts)
    ]
    comments = [c.text for c in page.comments if not _within(c.start, c.end, cuts)]
    return blocks, comments, page.front


def _within(start: int, end: int, cuts: Sequence[Cut]) -> bool:
    return any(a <= start and end <= b for a, b in cuts)


def _kinds(page: Page, scope: int) -> tuple[str, ...]:
    kinds = []
    while scope >= 0:
        kinds.append(page.scopes[scope].kind)
        scope = page.scopes[scope].parent
    return tuple(kinds)


def unified_diff(path: str, before: str, after: str) -> str:
    """The change as ``git diff`` would write it, for ``git apply``; empty where there is none."""
    from difflib import unified_diff as lines_of

    lines = lines_of(_lines(before), _lines(after), f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    """Lines with their ends, parted at line feeds alone, as git does."""
    return [line for line in re.split(r"(?<=\n)", text) if line]
