"""What counts as new, and what a merge pasted twice."""

from __future__ import annotations

import pytest
from toy_page import toy

from cleaner.findings import Finding
from cleaner.phases.check.find import find
from cleaner.phases.check.new import merge_copies, only_new
from cleaner.phases.check.options import CheckOptions

BRIDGE = "The bridge over the river will be closed for twelve weeks while engineers check its foundations."
FERRY = "A ferry takes people on foot and bicycles across every ten minutes from early morning until midnight."
BUS = "Buses go the long way round by the motorway and need about half an hour more than before."


def found(*blocks: str) -> list[Finding]:
    return find(toy("\n\n".join(blocks) + "\n"), "a.md")


@pytest.mark.parametrize(
    ("lines", "new"),
    [
        ([], False),
        ([(1, 2)], False),
        ([(3, 3)], True),
        ([(4, 4)], False),
        ([(5, 5)], True),
        ([(1, 9)], True),
        ([(6, 9)], False),
        ([(1, 1), (5, 6)], True),
    ],
)
def test_a_finding_counts_where_one_of_its_sides_is_on_added_lines(lines: list[tuple[int, int]], new: bool) -> None:
    findings = found("# A", BRIDGE, BRIDGE, FERRY)
    assert [(f.here.line, f.there.line if f.there else 0) for f in findings] == [(5, 3)]
    assert only_new(findings, {"a.md": lines}) == ((findings, 0) if new else ([], 1))


def test_a_file_that_is_as_the_base_has_it_has_nothing_new() -> None:
    findings = found(BRIDGE, BRIDGE)
    assert only_new(findings, {"b.md": [(1, 99)]}) == ([], 1)
    assert only_new([], {}) == ([], 0)


def test_one_line_of_a_paragraph_is_enough() -> None:
    wrapped = BRIDGE.replace(" will", "\nwill").replace(" while", "\nwhile")
    findings = found(BRIDGE, wrapped)
    assert only_new(findings, {"a.md": [(4, 4)]}) == (findings, 0)


def test_a_further_place_that_is_new_becomes_the_place_of_the_finding() -> None:
    (finding,) = found("# A", BRIDGE, "# B", BRIDGE, FERRY, "# C", BRIDGE, BUS)
    ((kept,), hidden) = only_new([finding], {"a.md": [(13, 13)]})
    assert hidden == 0
    assert (kept.here.line, [region.line for region in kept.more]) == (13, [7])
    assert kept.there == finding.there


def test_of_copies_in_a_row_the_new_one_is_told() -> None:
    (finding,) = found(BRIDGE, BRIDGE, BRIDGE, FERRY)
    ((kept,), _) = only_new([finding], {"a.md": [(5, 6)]})
    assert (kept.here.line, [region.line for region in kept.more], kept.cut) == (5, [3], finding.cut)


MERGED = ("# A", BRIDGE, FERRY, BRIDGE, BUS)  # lines 3 and 7 say the same


@pytest.mark.parametrize(
    ("ours", "theirs", "pasted"),
    [
        ([(7, 8)], [(3, 4)], True),
        ([(3, 4)], [(7, 8)], True),
        ([(3, 4)], [(3, 4)], False),
        ([(3, 8)], [(3, 4)], False),
        ([(7, 8)], [(7, 8)], False),
        ([(7, 8)], [], False),
        ([], [], False),
    ],
)
def test_a_copy_is_of_a_merge_where_each_side_came_from_another_parent(
    ours: list[tuple[int, int]], theirs: list[tuple[int, int]], pasted: bool
) -> None:
    findings = found(*MERGED)
    assert [f.rule for f in findings] == ["same-section-copy"]
    (after,) = merge_copies(findings, {"a.md": ours}, {"a.md": theirs})
    if pasted:
        assert (after.rule, after.severity, after.safe) == ("merge-copy", "error", False)
        assert after.key != findings[0].key
        assert after[2:4] == findings[0][2:4]
    else:
        assert after == findings[0]


def test_side_by_side_a_merge_pastes_too_and_across_sections_it_is_no_error() -> None:
    ours, theirs = {"a.md": [(5, 6)]}, {"a.md": [(3, 4)]}
    assert [f.rule for f in merge_copies(found("# A", BRIDGE, BRIDGE), ours, theirs)] == ["merge-copy"]
    apart = found("# A", BRIDGE, "# B", BRIDGE, FERRY)
    assert merge_copies(apart, {"a.md": [(7, 8)]}, {"a.md": [(3, 4)]}) == apart


def test_the_rule_for_merges_can_be_switched_off() -> None:
    findings = found(*MERGED)
    off = CheckOptions(severities={"merge-copy": "off"})
    assert merge_copies(findings, {"a.md": [(7, 8)]}, {"a.md": [(3, 4)]}, off) == findings
