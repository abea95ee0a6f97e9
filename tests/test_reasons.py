"""The reasons why a repeat stays are one table, and the design says the same of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner.phases.removable import REASONS, Reason

DESIGN = Path(__file__).parent.parent / "docs" / "design.md"


@pytest.mark.parametrize("reason", REASONS, ids=lambda reason: reason.name)
def test_the_design_has_a_row_for_each_reason_with_its_evidence(reason: Reason) -> None:
    _, _, section = DESIGN.read_text(encoding="utf-8").partition("## What stays although it is equal")
    rows = section.partition("\n## ")[0].splitlines()
    (row,) = [line for line in rows if line.startswith(f"| {reason.name} |")]
    evidence = f"{reason.right} : {reason.wrong}" if reason.right or reason.wrong else ""
    assert row.split("|")[-2].strip() == evidence


def test_no_two_reasons_have_one_name() -> None:
    assert len({reason.name for reason in REASONS}) == len(REASONS)
