"""A package that is missing is told once, with the command that installs it, and before anything is written."""

from __future__ import annotations

import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from toy import clean

from cleaner.cli import main
from cleaner.errors import SettingsError
from cleaner.formats.work import Events
from cleaner.job import JobOptions, run
from cleaner.plan import has_kernels
from cleaner.settings import Settings

COMMAND = r": pip install 'article-cleaner\[dumps\]'$"
WARC = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
MISSING = {
    "resiliparse": "resiliparse.extract.html2text",
    "pyarrow": "pyarrow",
    "zstandard": "zstandard",
    "duckdb": "duckdb",
    "numba": "numba",
}


@pytest.fixture(autouse=True)
def _looked_for_anew() -> Iterator[None]:
    has_kernels.cache_clear()
    yield
    has_kernels.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("One paragraph.\n", encoding="utf-8")
    return tmp_path


def without(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, MISSING[package], None)


def cleaned(folder: Path, said: list[str] | None = None, **options: Any) -> Any:
    events = Events(problem=lambda each: (said if said is not None else []).append(str(each)))
    wanted = JobOptions((str(folder / "in"),), folder / "out", **({"workers": 1} | options))
    return run(wanted, Settings(), clean, events=events)


BY_NAME = [
    ("resiliparse", "b.warc", {}),
    ("resiliparse", "b.warc.gz", {}),
    ("resiliparse", "b.warc.wet", {}),
    ("resiliparse", "b", {"format": "warc"}),
    ("pyarrow", "b.parquet", {}),
    ("pyarrow", "b", {"format": "parquet"}),
    ("zstandard", "b.jsonl.zst", {}),
    ("zstandard", "b.tar.zst", {}),
    ("numba", "b.txt", {"scope": "corpus"}),
    ("duckdb", "b.txt", {"scope": "corpus", "index": Path("seen.duckdb")}),
]


@pytest.mark.parametrize(("package", "name", "options"), BY_NAME)
def test_what_names_and_options_show_is_told_before_anything_is_written(
    package: str, name: str, options: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(package)
    (folder / "in" / name).write_bytes(b"")
    monkeypatch.chdir(folder)  # an index would be made here
    without(monkeypatch, package)
    with pytest.raises(SettingsError, match=COMMAND):
        cleaned(folder, **options)
    assert sorted(path.name for path in folder.rglob("*")) == ["a.txt", name, "in"]


def test_the_command_line_says_it_once_for_many_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        (folder / "in" / f"{number}.parquet").write_bytes(b"PAR1")
    without(monkeypatch, "pyarrow")
    monkeypatch.setattr(sys, "argv", ["cleaner", "clean", str(folder / "in"), "-o", str(folder / "out")])
    with pytest.raises(SystemExit, match=r"^2$"):
        main()
    assert capsys.readouterr().err == "cleaner: Parquet needs pyarrow: pip install 'article-cleaner[dumps]'\n"
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("package", "data"),
    [("resiliparse", WARC), ("pyarrow", b"PAR1"), ("zstandard", b"\x28\xb5\x2f\xfd")],
)
def test_what_only_the_content_shows_is_a_problem_of_its_file(
    package: str, data: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "in" / "b").write_bytes(data)
    without(monkeypatch, package)
    said: list[str] = []
    result = cleaned(folder, said)
    assert len(said) == 1
    assert said[0].startswith(f"{folder}/in/b: ")
    assert said[0].endswith(f"{package}; pip install 'article-cleaner[dumps]'")
    assert (result.exit_code, result.failed, result.files) == (2, 1, 1)
    assert [path.name for path in (folder / "out").iterdir() if path.is_file()] == ["a.txt"]


def test_nothing_is_asked_for_that_no_input_needs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for a member of an archive, nor for Parquet that is not read as such."""
    (folder / "in" / "b.parquet.gz").write_bytes(b"")
    with tarfile.open(folder / "in" / "c.tar", "w") as archive:
        archive.add(folder / "in" / "a.txt", "a.txt")
    for package in MISSING:
        without(monkeypatch, package)
    assert cleaned(folder).files == 3
