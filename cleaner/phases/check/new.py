"""Findings on lines that a base did not have, and copies that a merge made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cleaner.findings import Finding, Region
from cleaner.phases.check.options import DEFAULTS, CheckOptions
from cleaner.phases.check.places import content_key

Lines = Sequence[tuple[int, int]]
"""Stretches of lines from first to last, both counted from 1 and included."""
Added = Mapping[str, Lines]
"""The lines of each file that a base does not have; files that are not named are as the base has them."""

_APART = ("same-section-copy", "adjacent-copy", "adjacent-block")


def only_new(findings: Iterable[Finding], changed: Added) -> tuple[list[Finding], int]:
    """Findings with one side at least on added lines, and the number of those hidden.

    Where neither ``here`` nor ``there`` is new but a further place is, that one becomes ``here``.
    """
    kept, hidden = [], 0
    for each in findings:
        if is_new(each.here, changed) or (each.there and is_new(each.there, changed)):
            kept.append(each)
        elif new := [region for region in each.more if is_new(region, changed)]:
            kept.append(_turned(each, new[0]))
        else:
            hidden += 1
    return kept, hidden


def is_new(region: Region, changed: Added) -> bool:
    """Whether one line at least of a region was added."""
    last = region.last_line - (region.last_column == 1 and region.end > region.start)
    return any(a <= last and region.line <= b for a, b in changed.get(region.path, ()))


def _turned(each: Finding, here: Region) -> Finding:
    """The finding told of another of its places; what a fix would cut are all but the first, so that it holds."""
    return each._replace(here=here, more=tuple(region for region in (each.here, *each.more) if region != here))


def merge_copies(
    findings: Iterable[Finding], ours: Added, theirs: Added, options: CheckOptions = DEFAULTS
) -> list[Finding]:
    """Copies in one section, each side of which came from another parent, under the rule ``merge-copy``.

    ``ours``: lines that the first parent does not have, ``theirs``: those that the second does not have. Others pass.
    """
    found = []
    for each in findings:
        severity = options.at(each.here.path).severity("merge-copy")
        if severity and each.rule in _APART and _pasted(each, ours, theirs):
            message = "Both sides of this merge brought this, and it stands here twice."
            key = content_key("merge-copy", each.key)
            each = each._replace(rule="merge-copy", severity=severity, message=message, key=key, safe=False)
        found.append(each)
    return found


def _pasted(each: Finding, ours: Added, theirs: Added) -> bool:
    if each.there is None:
        return False
    sides = ((each.here, each.there), (each.there, each.here))
    return any(_from(one, ours, theirs) and _from(other, theirs, ours) for one, other in sides)


def _from(region: Region, lacking: Added, having: Added) -> bool:
    """Whether all lines of a region are missing in one parent, and none in the other."""
    missing = _count(region, lacking)
    return missing == region.last_line - region.line + 1 and not is_new(region, having)


def _count(region: Region, changed: Added) -> int:
    spans = (min(b, region.last_line) - max(a, region.line) + 1 for a, b in changed.get(region.path, ()))
    return sum(span for span in spans if span > 0)
