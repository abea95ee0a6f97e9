"""A small part of the campaign of ``fuzz_inputs``, in every run of the tests."""

from __future__ import annotations

import pytest
import toy
from fuzz_inputs import CLEAN, broken, campaign, trouble, valid

from cleaner.job import JobOptions, run
from cleaner.settings import Settings


def test_the_files_before_they_are_broken_are_read_to_their_end(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Else the campaign breaks what nobody would have read."""
    for name, data in valid().items():
        folder = tmp_path_factory.mktemp("valid")
        (folder / name).write_bytes(data)
        result = run(JobOptions((str(folder / name),), folder / "out"), Settings(), toy.clean)
        assert (result.exit_code, result.problems) == (0, ()), (name, result.problems)
        assert result.tally.articles, name


def test_no_broken_input_ends_a_run_or_keeps_another_from_being_written() -> None:
    assert campaign(400) == []


def test_the_campaign_sees_a_reader_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise AssertionError("seen")

    monkeypatch.setattr("cleaner.formats.jsonl.JsonLines.read", fails)
    assert "AssertionError" in trouble([("m.jsonl", valid()["m.jsonl"])], toy.clean)
    assert len({data for _, data in broken(100)}) > 90
    assert CLEAN
