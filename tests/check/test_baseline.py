"""What a baseline knows, and what is new beside it."""

from __future__ import annotations

import json

import pytest
from toy_page import toy

from cleaner.errors import SettingsError
from cleaner.findings import Finding
from cleaner.phases.check.baseline import apply_baseline, read_baseline, write_baseline
from cleaner.phases.check.find import find

BRIDGE = "The bridge over the river will be closed for twelve weeks while engineers check its foundations."
FERRY = "A ferry takes people on foot and bicycles across every ten minutes from early morning until midnight."
BUS = "Buses go the long way round by the motorway and need about half an hour more than before."


def found(*blocks: str, path: str = "a.md") -> list[Finding]:
    return find(toy("\n\n".join(blocks) + "\n"), path)


def left(findings: list[Finding], baseline: str) -> list[Finding]:
    return apply_baseline(findings, read_baseline(baseline, "baseline.json")).kept


def test_what_the_baseline_has_is_known_and_counted() -> None:
    findings = found(BRIDGE, BRIDGE, FERRY, "# B", FERRY, BUS)
    kept, known, gone = apply_baseline(findings, read_baseline(write_baseline(findings), "baseline.json"))
    assert (kept, known, gone) == ([], 2, 0)


def test_known_blocks_stay_known_wherever_they_move_and_under_whichever_rule() -> None:
    baseline = write_baseline(found(BRIDGE, BRIDGE))
    assert left(found("# New heading", BUS, BRIDGE.upper(), FERRY, BRIDGE), baseline) == []


def test_one_more_copy_of_a_known_block_is_new() -> None:
    baseline = write_baseline(found("# A", BRIDGE, FERRY, BRIDGE, BUS))
    again = found("# A", BRIDGE, FERRY, BRIDGE, BUS, BRIDGE)
    assert [f.here.line for f in again] == [7, 11]
    assert left(again, baseline) == again[1:]


def test_one_more_place_of_a_finding_with_many_is_new() -> None:
    baseline = write_baseline(found("# A", BRIDGE, "# B", BRIDGE, FERRY))
    (finding,) = again = found("# A", BRIDGE, "# B", BRIDGE, FERRY, "# C", BRIDGE, BUS)
    assert len(finding.more) == 1
    assert left(again, baseline) == again
    assert left(again, write_baseline(again)) == []


def test_another_block_or_another_file_is_new() -> None:
    baseline = write_baseline(found(BRIDGE, BRIDGE))
    other = found(FERRY, FERRY)
    assert left(other, baseline) == other
    elsewhere = found(BRIDGE, BRIDGE, path="b.md")
    assert left(elsewhere, baseline) == elsewhere


def test_entries_without_a_finding_are_counted_as_gone() -> None:
    known = read_baseline(write_baseline(found(BRIDGE, BRIDGE)), "baseline.json")
    assert apply_baseline([], known) == ([], 0, 1)


def test_the_file_is_json_with_one_block_a_line_and_ever_the_same() -> None:
    findings = found(BRIDGE, BRIDGE, FERRY, FERRY)
    text = write_baseline(findings)
    assert text == write_baseline(findings[::-1])
    assert {each["count"] for each in json.loads(text)["blocks"]} == {2}
    assert text.count("\n") == 4
    assert json.loads(write_baseline([])) == {"version": 1, "blocks": []}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"version": 2, "blocks": []}', '{"version": 1, "blocks": [{"hash": "a", "path": "b"}]}',
     '{"version": 1, "blocks": [{"hash": "a", "path": "b", "count": "2"}]}', '{"version": 1, "blocks": 3}'],
)  # fmt: skip
def test_a_file_that_is_no_baseline_is_named_with_the_way_out(text: str) -> None:
    with pytest.raises(SettingsError, match=r"baseline known.json .* write it anew"):
        read_baseline(text, "known.json")
