"""Merge conflicts that nobody has resolved yet: both sides say nearly the same, and neither is meant to stay."""

from __future__ import annotations

import re

from cleaner.findings import Finding, Note, Region
from cleaner.text.pages.block import Page, Trouble

BEGINNING, END = "<<<<<<< ", ">>>>>>> "


def conflicts(page: Page) -> list[tuple[int, int]]:
    """Stretches of a page, in characters, from the sign that begins a conflict to the end of the one that closes it.

    Signs inside code (a page about git) are no conflict.
    """
    text = page.text
    if BEGINNING not in text or END not in text:
        return []
    found = re.finditer(r"^<{7} [^\r\n]*[\r\n](?s:.*?)^={7}[\r\n](?s:.*?)^>{7} [^\r\n]*", text, re.MULTILINE)
    whole = [(match.start(), match.end()) for match in found]
    code = [(block.start, block.end) for block in page.blocks if block.kind == "other"]
    return [(a, b) for a, b in whole if not any(start <= a and b <= end for start, end in code)]


def outside(findings: list[Finding], stretches: list[tuple[int, int]]) -> list[Finding]:
    """The findings that have no side in a conflict."""

    def meets(region: Region | None) -> bool:
        return region is not None and any(region.start < b and a < region.end for a, b in stretches)

    return [each for each in findings if not meets(each.here) and not meets(each.there)]


def troubles(page: Page, path: str, stretches: list[tuple[int, int]]) -> list[Note]:
    """What is wrong with a page, in the order of its lines. Of a conflict only that it is one."""
    plain = [each for each in page.troubles if not any(a < each.at < b for a, b in stretches)]
    known = {each.at for each in plain}
    plain += [Trouble(a, "a merge conflict is not resolved", TO_RESOLVE) for a, _ in stretches if a not in known]
    return [Note(path, page.text.count("\n", 0, each.at) + 1, each.what, each.fix) for each in sorted(plain)]


TO_RESOLVE = "choose a side and take its marks out"
