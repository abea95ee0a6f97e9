"""Two texts side by side: are they copies, and if not, why not."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from cleaner.phases.agree import Region, regions
from cleaner.phases.forms import Forms
from cleaner.phases.layout import read_spans
from cleaner.phases.propose import Run
from cleaner.phases.reasons import differences_of, equal_differences, rule_of
from cleaner.settings import Settings
from cleaner.text.differences import similarity
from cleaner.types import Difference, Level


@dataclass(frozen=True, slots=True)
class Comparison:
    """``relation``: copy (only immaterial differences), variant (similar, but a fact may differ), different.

    similarity  edit similarity over words, 0..1
    level       the lowest level at which one of them would go; None where they are different
    """

    relation: str
    level: Level | None
    rule: str
    similarity: float
    differences: tuple[Difference, ...]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def compare(a: str, b: str, settings: Settings) -> Comparison:
    """Compare two texts as if each were one paragraph; all differences are listed."""
    text = f"{a}\n\n{b}"
    keyed = read_spans(text, [(0, len(a)), (len(a) + 2, len(text))])
    first = keyed.layout.first
    forms = Forms(keyed.layout)
    here, there = (first[1], first[2]), (first[0], first[1])
    value = round(similarity(forms.words(*here), forms.words(*there)), 4)
    if first[1] - first[0] == first[2] - first[1]:
        whole = Region(first[0], first[1], first[1], rounds=True)
        if not keyed.layout.opaque and whole in regions(forms, Run(*whole[:3]), settings.keep):
            differences = equal_differences(forms, here, there)
            rule, level = rule_of(differences)
            return Comparison("copy", level, rule, value, tuple(differences))
    if a.strip() == b.strip():
        return Comparison("copy", "exact", "identical", 1.0, ())
    found = tuple(differences_of(forms, here, there))
    if value >= settings.similarity:
        return Comparison("variant", "similar", "differs", value, found)
    return Comparison("different", None, "differs", value, found)
