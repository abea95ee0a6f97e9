"""A toy cleaner for tests of what surrounds the real one: a long line that stood before goes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.settings import Settings
from cleaner.types import Counts, Difference, Outcome, Removal, Variant, Witness

MIN = 12


def clean(texts: Sequence[str], settings: Settings, text_format: str = "plain") -> list[Outcome]:
    """Remove lines of ``MIN`` characters and more (with their end) that are equal to an earlier line.

    A line that is equal but for its case is reported as a variant.
    """
    return [clean_one(text) for text in texts]


def clean_one(text: str) -> Outcome:
    seen: dict[str, Witness] = {}
    folded: dict[str, Witness] = {}
    removed: list[Removal] = []
    variants: list[Variant] = []
    kept, at, words = [], 0, 0
    for number, match in enumerate(re.finditer(r"[^\n]*\n|[^\n]+", text), 1):
        line = match[0].rstrip("\r\n")
        start, end = match.span()
        words += len(line.split())
        if len(line) < MIN:
            continue
        if line in seen:
            block = len(removed) + 1
            removed.append(
                Removal(start, end, number, block, "paragraph", "copy", "equal", 1.0, (), seen[line], number, 1)
            )
            kept.append(text[at:start])
            at = end
            continue
        witness = seen[line] = Witness(start, start + len(line), number)
        if line.lower() in folded:
            difference = Difference("case", line, line.lower(), True)
            near = folded[line.lower()]
            variants.append(
                Variant(start, start + len(line), number, "paragraph", "case", 0.95, (difference,), near, number)
            )
        folded.setdefault(line.lower(), witness)
    counts = Counts(text.count("\n") + 1, words)
    return Outcome("".join([*kept, text[at:]]), tuple(removed), tuple(variants), counts)
