"""Settings from files: where they are found, what they may say, and how a wrong one is answered."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cleaner.cli.app import app
from cleaner.cli.config import OF_VERDICTS, Config, read_config
from cleaner.config.keys import RUN
from cleaner.errors import SettingsError
from cleaner.job_options import JobOptions
from cleaner.settings import Settings

BRIDGE = "The bridge over the river will be closed for twelve weeks while engineers check it."
OTHER = "Nobody in the village remembers a winter in which the river rose by three metres in a night."


def test_every_setting_can_be_set_in_a_file() -> None:
    assert {field.name for field in fields(Settings)} == OF_VERDICTS
    options = {field.name for field in fields(JobOptions)} - {"inputs", "out", "in_place", "dry_run", "resume"}
    assert RUN.keys() == OF_VERDICTS | options | {"fail_on"}


def test_cleaner_toml_plainly_or_as_tool_cleaner(tmp_path: Path) -> None:
    expected = Config({"min_words": 8, "protect": ("^Figure",)}, "cleaner.toml")
    (tmp_path / "cleaner.toml").write_text('min-words = 8\nprotect = "^Figure"\n')
    assert read_config(tmp_path) == expected
    (tmp_path / "cleaner.toml").write_text('\ufeff[tool.cleaner]\nmin_words = 8\nprotect = ["^Figure"]\n')
    assert read_config(tmp_path) == expected


def test_pyproject_and_the_nearest_file_upwards(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "cleaner.toml").write_text("level = 'exact'\n")
    assert read_config(inner) == Config({"level": "exact"}, str(tmp_path / "cleaner.toml"))
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    assert read_config(inner).values == {"level": "exact"}, "a pyproject.toml without [tool.cleaner] says nothing"
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.cleaner]\nkeep = 'last'\n")
    assert read_config(inner).values == {"keep": "last"}, "the nearest one alone counts"
    (tmp_path / "a" / "cleaner.toml").write_text("")
    assert read_config(inner).values == {}, "beside pyproject.toml, cleaner.toml counts"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("levle = 'exact'", "cleaner.toml: unknown setting 'levle' (did you mean level?); known are annotate, "),
        ("level = 3", "cleaner.toml: level is 3; choose one of exact, copy, similar"),
        ("level = ['exact']", "cleaner.toml: level is ['exact']; choose one of exact, copy, similar"),
        ("keep = 'middle'", "cleaner.toml: keep is 'middle'; choose one of first, last"),
        ("similarity = 'x'", "cleaner.toml: similarity is 'x'; give a number"),
        ("similarity = true", "cleaner.toml: similarity is True; give a number"),
        ("similarity = nan", "cleaner.toml: similarity is nan; give a number from 0.5 to 1"),
        ("min-words = 2.5", "cleaner.toml: min_words is 2.5; give a whole number"),
        ("min_words = 1", "cleaner.toml: min_words is 1; give 3 or more"),
        ("min_words = 10\nmin-words = 11", "cleaner.toml: min_words is set twice, with - and with _; keep one of them"),
        ("protect = '('", "cleaner.toml: protect: '(' is not a regular expression (missing ), unterminated subpattern"),
        ("protect = [1]", "cleaner.toml: protect is [1]; give a text in quotes, or a list of them"),
        ("max_removed = 'x'", "cleaner.toml: max_removed is 'x'; write it like 20% or 0.2"),
        ("max_removed = 1", "cleaner.toml: max_removed is '1'; write it like 20% or 0.2"),
        ("max_removed = 30", "cleaner.toml: max_removed is '30'; write a share from 0% to 100%, like 20% or 0.2"),
        ("fail_on = 'never'", "cleaner.toml: fail_on is 'never'; choose one of error, warning, none"),
        ("max_gap = 'two'", "cleaner.toml: max_gap is 'two'; give a whole number"),
        ("strict = 'yes'", "cleaner.toml: strict is 'yes'; give true or false"),
        ("text_field = 3", "cleaner.toml: text_field is 3; give a text in quotes"),
        ("format = 'docx'", "cleaner.toml: format is 'docx'; choose one of auto, plain, markdown, html, jsonl"),
        ("scope = 'all'", "cleaner.toml: scope is 'all'; choose one of article, corpus"),
        ("[tool.other]", "cleaner.toml: write the settings plainly, or all of them in [tool.cleaner]"),
        (
            "a b",
            "cleaner.toml: not TOML: Expected '=' after a key in a key/value pair (at line 1, column 3); correct it",
        ),
    ],
)
def test_a_wrong_setting_is_answered_with_file_value_and_way_out(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "cleaner.toml").write_text(line + "\n")
    with pytest.raises(SettingsError) as error:
        read_config(tmp_path)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"tool = 3", "pyproject.toml: tool is no table; write [tool.cleaner]"),
        (b"[tool]\ncleaner = 3", "pyproject.toml: tool.cleaner is no table; write [tool.cleaner] and the settings"),
        (b"\xff", "pyproject.toml: not TOML: 'utf-8' codec can't decode"),
    ],
)
def test_a_broken_pyproject_is_named(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(content)
    with pytest.raises(SettingsError) as error:
        read_config(tmp_path)
    assert str(error.value).startswith(message)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(f"{BRIDGE}\n\n{OTHER}\n\n{BRIDGE}\n")
    return tmp_path


def test_a_flag_wins_over_the_file_and_the_file_over_the_default(here: Path) -> None:
    run = CliRunner().invoke
    assert run(app, ["find", "a.txt"]).exit_code == 1
    (here / "cleaner.toml").write_text("min_words = 20\n")
    assert run(app, ["find", "a.txt"]).exit_code == 0
    assert run(app, ["find", "a.txt", "--min-words", "12"]).exit_code == 1
    assert "settings: cleaner.toml" in run(app, ["find", "a.txt", "--verbose"]).stderr


def test_what_belongs_to_one_command_does_not_hinder_the_other(here: Path) -> None:
    (here / "cleaner.toml").write_text("fail-on = 'none'\nmax-removed = '10%'\nscope = 'article'\n")
    run = CliRunner().invoke
    assert run(app, ["find", "a.txt"]).exit_code == 0
    assert run(app, ["clean", "a.txt", "-o", "OUT"]).exit_code == 2
    assert run(app, ["clean", "a.txt", "-o", "OUT", "--max-removed", "60%"]).exit_code == 0
    assert run(app, ["diff", "a.txt", "a.txt"]).exit_code == 0
