"""Why two ranges of words say the same, or do not: their differences, named."""

from __future__ import annotations

from collections.abc import Sequence

from cleaner.phases.forms import Forms
from cleaner.text.differences import EXACT_RULES, immaterial_rules, material_differences
from cleaner.types import Difference, Level


def rule_of(differences: Sequence[Difference]) -> tuple[str, Level]:
    """The rules by which two texts that say the same differ, and the lowest level that allows them."""
    names = sorted({d.name for d in differences})
    return "+".join(names) or "identical", "exact" if EXACT_RULES.issuperset(names) else "copy"


def equal_differences(forms: Forms, here: tuple[int, int], there: tuple[int, int]) -> list[Difference]:
    """The immaterial differences between two ranges of words that agree one by one."""
    pairs: list[tuple[str, str]] = []
    words = [] if forms.as_it_came(*here) == forms.as_it_came(*there) else zip(range(*here), range(*there), strict=True)
    for i, j in words:
        gap, word = forms.shown(i)
        other_gap, other_word = forms.shown(j)
        if i > here[0]:
            pairs.append((gap, other_gap))
        pairs.append((word, other_word))
    edges = zip(forms.edges(*here), forms.edges(*there), strict=True)
    pairs += [(a, b) for a, b in edges if a is not None and b is not None]
    found = [
        Difference(name, a, b, False) for a, b in dict.fromkeys(pairs) if a != b for name in immaterial_rules(a, b)
    ]
    return list(dict.fromkeys(found))


def differences_of(forms: Forms, here: tuple[int, int], there: tuple[int, int]) -> list[Difference]:
    """The material differences between two ranges of words."""
    a, a_raw = forms.tokens(*here)
    b, b_raw = forms.tokens(*there)
    return material_differences(a, a_raw, b, b_raw)
