"""A run from inputs to outputs: published whole or not at all, counted, logged, and told."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from toy import clean
from waiting import GUARD

from cleaner.errors import SettingsError
from cleaner.formats.compression import compressed, pieces
from cleaner.formats.removal_log import LogWriter
from cleaner.formats.restore import restore
from cleaner.formats.rows import digest
from cleaner.formats.work import Events
from cleaner.job import JobOptions, run
from cleaner.report.counts import RunResult
from cleaner.settings import Settings
from cleaner.types import Outcome

ONE, TWO = "Une première phrase assez longue.\n", "Une deuxième, assez longue.\n"
REPEATED, CLEAN = ONE + TWO + ONE, ONE + TWO


def clean_in(folder: Path, cleaner: Any = clean, events: Events | None = None, **options: Any) -> RunResult:
    options = {"inputs": (str(folder / "in"),), "out": folder / "out", "workers": 1} | options
    return run(JobOptions(**options), Settings(), cleaner, events=events)


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def log(folder: Path, name: str = "removals") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "out" / "_cleaner" / f"{name}.jsonl").read_bytes().splitlines()]


def dump(*texts: str) -> bytes:
    return b"".join(json.dumps({"id": f"r{n}", "text": text}).encode() + b"\n" for n, text in enumerate(texts, 1))


def test_each_file_goes_to_its_relative_path_in_its_format_and_compression(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": REPEATED, "d/b.md.gz": compressed(REPEATED.encode(), "gz"), "d/untouched.txt": CLEAN})
    write(tmp_path, {"c.jsonl.zst": compressed(dump(REPEATED, CLEAN), "zst"), "noname": REPEATED})
    result = clean_in(tmp_path)
    assert result.exit_code == 0
    out = tmp_path / "out"
    assert (out / "a.txt").read_text() == CLEAN
    assert (out / "noname").read_text() == CLEAN
    assert (out / "d" / "untouched.txt").read_text() == CLEAN
    assert b"".join(pieces(open(out / "d" / "b.md.gz", "rb"), "gz")) == CLEAN.encode()  # noqa: SIM115
    assert b"".join(pieces(open(out / "c.jsonl.zst", "rb"), "zst")) == dump(CLEAN, CLEAN)  # noqa: SIM115
    assert sorted(name for name in tree(out) if name.startswith("_cleaner")) == [
        "_cleaner/cases.jsonl",
        "_cleaner/files.jsonl",
        "_cleaner/removals.jsonl",
        "_cleaner/report.html",
        "_cleaner/report.json",
        "_cleaner/variants.jsonl",
    ]


def test_a_row_of_the_log_has_all_its_fields(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "\n" + REPEATED, "b.jsonl": dump(CLEAN, REPEATED, ONE + ONE.upper())})
    clean_in(tmp_path)
    article, record = log(tmp_path)
    fields = "file record id start end byte_start byte_end line last_line block paragraphs text key shape level rule"
    fields += " similarity differences witness before digest lang words share look"
    assert list(article) == fields.split()
    assert set(record) == set(article) | {"text_line", "raw_start", "escapes"}
    assert (article["file"], article["record"], article["id"], article["line"]) == ("a.txt", None, None, 4)
    data = ("\n" + REPEATED).encode()
    assert data[article["byte_start"] : article["byte_end"]].decode() == article["text"] == ONE
    assert ("\n" + REPEATED)[article["start"] : article["end"]] == ONE
    assert article["witness"] == {
        "file": "a.txt", "record": None, "id": None, "start": 1, "end": len(ONE), "line": 2, "last_line": 2,
        "key": "",
    }  # fmt: skip
    assert (record["record"], record["id"], record["line"], record["text_line"]) == (2, "r2", 2, 3)
    assert (record["witness"]["line"], record["witness"]["text_line"]) == (2, 1)
    (variant,) = log(tmp_path, "variants")
    assert (variant["record"], variant["rule"], variant["text"]) == (3, "case", ONE.upper().rstrip())
    assert variant["differences"][0]["name"] == "case"
    assert "digest" not in variant


def test_the_report_counts_what_happened(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a.txt": REPEATED, "b.jsonl": dump(REPEATED, CLEAN) + b'{"text": null}\n', "c.png": b"\x89PNG\r\n\x1a\n"},
    )
    clean_in(tmp_path)
    report = json.loads((tmp_path / "out" / "_cleaner" / "report.json").read_text())
    assert (report["files"], report["articles"], report["changed"]) == (3, 3, 2)
    assert report["removed"] == {"paragraph": 2, "block": 0, "passage": 0}
    assert report["skipped"] == {"not text": 1, "text is null": 1}
    assert [(each["file"][-7:], each["line"]) for each in report["errors"]] == [("b.jsonl", 3), ("n/c.png", None)]
    assert report["words"] == 14 + 14 + 9, "of the toy cleaner: a.txt and two records"
    assert report["settings"]["level"] == "copy"
    assert set(report["seconds"]) == {"read", "clean", "write", "total"}
    assert "python" in report["versions"]


@pytest.mark.parametrize("workers", [1, 3])
def test_workers_and_batches_change_nothing(tmp_path: Path, workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines and records are numbered through all batches, whoever cleans them."""
    monkeypatch.setattr("cleaner.formats.reading.BATCH", 300)
    monkeypatch.setattr("cleaner.formats.jsonl.line_batches", lambda read, **_: _small(read))
    monkeypatch.setattr("cleaner.formats.steps.MANY", 2)
    write(tmp_path, {f"{name}.txt": REPEATED for name in "abcde"})
    write(tmp_path, {"x.jsonl": dump(*[REPEATED, CLEAN] * 20).replace(b'{"id": "r8"', b'\n{"id": "r8"')})
    write(tmp_path, {"y.jsonl": dump(*[CLEAN] * 9) + b"{\n"})
    write(tmp_path, {"z.jsonl": dump(*[CLEAN] * 9, REPEATED)})
    result = clean_in(tmp_path, workers=workers)
    assert (tmp_path / "out" / "x.jsonl").read_bytes() == dump(*[CLEAN] * 40).replace(b'{"id": "r8"', b'\n{"id": "r8"')
    rows = [row for row in log(tmp_path) if row["file"] == "x.jsonl"]
    assert [row["record"] for row in rows] == list(range(1, 41, 2))
    assert [row["line"] for row in rows] == [number + (number > 7) for number in range(1, 41, 2)]
    assert [row["id"] for row in rows] == [f"r{number}" for number in range(1, 41, 2)]
    assert [(problem.line, problem.reason) for problem in result.problems] == [(10, "broken JSON")]
    for entry in log(tmp_path, "files"):
        assert entry["digest_out"] == digest((tmp_path / "out" / entry["file"]).read_bytes())
    restore(tmp_path / "out", tmp_path / "back")
    assert tree(tmp_path / "back") == tree(tmp_path / "in")


def _small(read: Any) -> Any:
    from cleaner.formats.reading import line_batches

    return line_batches((piece[at : at + 100] for piece in read for at in range(0, len(piece), 100)), 300)


def test_without_out_the_text_goes_to_standard_output(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": REPEATED, "b.txt": REPEATED})
    stdout = io.BytesIO()
    result = run(JobOptions((str(tmp_path / "in" / "a.txt"),)), Settings(), clean, stdout=stdout)
    assert (stdout.getvalue(), result.exit_code) == (CLEAN.encode(), 0)
    with pytest.raises(SettingsError, match="2 inputs cannot share standard output; give a folder with -o"):
        run(JobOptions((str(tmp_path / "in"),)), Settings(), clean, stdout=stdout)


@pytest.mark.parametrize("compression", ["", "gz", "zst"])
def test_standard_input_keeps_format_and_compression(compression: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    data = compressed(dump(REPEATED), compression)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    stdout = io.BytesIO()
    run(JobOptions(("-",), workers=1), Settings(), clean, stdout=stdout)
    assert b"".join(pieces(io.BytesIO(stdout.getvalue()), compression)) == dump(CLEAN)


def test_removals_are_told_in_order(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": REPEATED, "b.jsonl": dump(CLEAN, REPEATED)})
    rows: list[dict[str, Any]] = []
    clean_in(tmp_path, events=Events(removal=rows.append), out=None, dry_run=True)
    folder = tmp_path / "in"
    assert [(row["file"], row["line"]) for row in rows] == [(f"{folder}/a.txt", 3), (f"{folder}/b.jsonl", 2)]
    assert list(tmp_path.iterdir()) == [tmp_path / "in"], "a dry run without -o writes nothing at all"


def test_a_dry_run_writes_only_the_report_files(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": REPEATED})
    assert clean_in(tmp_path, dry_run=True).exit_code == 0
    assert sorted(tree(tmp_path / "out")) == [
        "_cleaner/cases.jsonl",
        "_cleaner/removals.jsonl",
        "_cleaner/report.html",
        "_cleaner/report.json",
        "_cleaner/variants.jsonl",
    ]
    assert log(tmp_path)[0]["text"] == ONE


def test_a_dry_run_does_not_overwrite_a_log_that_restore_needs(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": REPEATED})
    clean_in(tmp_path)
    with pytest.raises(SettingsError, match="holds the log of a run, which restore needs"):
        clean_in(tmp_path, dry_run=True)


@pytest.mark.parametrize("place", ["out", "in place", "stdout"])
def test_over_max_removed_nothing_is_published(tmp_path: Path, place: str) -> None:
    write(tmp_path, {"a.txt": REPEATED})
    notes: list[str] = []
    options: dict[str, Any] = {"max_removed": 0.2, "in_place": place == "in place"}
    stdout = io.BytesIO()
    if place == "stdout":
        options |= {"out": None, "inputs": (str(tmp_path / "in" / "a.txt"),)}
    options = {"inputs": (str(tmp_path / "in"),), "out": tmp_path / "out", "workers": 1} | options
    result = run(JobOptions(**options), Settings(), clean, stdout=stdout, events=Events(note=notes.append))
    assert (result.exit_code, result.over_limit, result.files) == (2, True, 0)
    assert tree(tmp_path) == {"in/a.txt": REPEATED.encode()}
    assert not (tmp_path / "out").exists()
    assert not stdout.getvalue()
    assert "more than the 20.0% allowed: nothing was written" in notes[-1]


def test_within_max_removed_all_is_published(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": REPEATED, "b.jsonl": dump(REPEATED)})
    assert clean_in(tmp_path, max_removed=0.6).exit_code == 0
    assert (tmp_path / "out" / "a.txt").read_text() == CLEAN
    stdout = io.BytesIO()
    options = JobOptions((str(tmp_path / "in" / "a.txt"),), max_removed=0.6)
    run(options, Settings(), clean, stdout=stdout)
    assert stdout.getvalue() == CLEAN.encode()


def test_in_place_replaces_changed_files_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"a.txt": REPEATED, "b.txt": CLEAN, "c.jsonl": dump(REPEATED), "d.png": b"\x89PNG\r\n\x1a\n"})
    os.chmod("in/a.txt", 0o640)
    before = {name: os.stat(f"in/{name}").st_ino for name in ("b.txt", "d.png")}
    clean_in(tmp_path, inputs=("in",), out=None, in_place=True)
    assert Path("in/a.txt").read_text() == CLEAN
    assert os.stat("in/a.txt").st_mode & 0o777 == 0o640
    assert Path("in/c.jsonl").read_bytes() == dump(CLEAN)
    assert before == {name: os.stat(f"in/{name}").st_ino for name in before}
    assert Path("_cleaner/removals.jsonl").exists()
    restore(".", "back")
    assert Path("back/in/a.txt").read_text() == REPEATED


def test_a_later_run_keeps_the_log_of_files_it_does_not_write(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": REPEATED, "b.txt": REPEATED})
    clean_in(tmp_path, inputs=(str(tmp_path / "in" / "a.txt"),))
    clean_in(tmp_path, inputs=(str(tmp_path / "in" / "b.txt"),))
    clean_in(tmp_path, inputs=(str(tmp_path / "in" / "b.txt"),))
    assert [row["file"] for row in log(tmp_path)] == ["a.txt", "b.txt"]
    restore(tmp_path / "out", tmp_path / "back")
    assert tree(tmp_path / "back") == tree(tmp_path / "in")


def test_cleaning_an_output_again_uses_the_recorded_encoding(tmp_path: Path) -> None:
    """The cleaned file may be too short to guess from; what the first run knew is used."""
    text = "Zażółć gęślą jaźń, mówi nam wesoły stary lis.\n" * 2 + "Pójdź, kińże tę chmurność w głąb flaszy, bracie.\n"
    write(tmp_path, {"a.txt": (text * 5).encode("cp1250")})
    clean_in(tmp_path)
    seen: list[str] = []

    def look(texts: Sequence[str], settings: Settings, text_format: str) -> list[Outcome]:
        seen.extend(texts)
        return clean(texts, settings, text_format)

    clean_in(tmp_path, look, inputs=(str(tmp_path / "out"),), out=tmp_path / "again")
    assert [entry["encoding"] for entry in log(tmp_path, "files")] == ["cp1250"]
    assert seen == ["".join(dict.fromkeys(text.splitlines(keepends=True)))]


INTERRUPTED = """
import os, signal, sys
sys.path.insert(0, "tests")
import toy
from waiting import until
from pathlib import Path
from cleaner.job import JobOptions, run
from cleaner.formats.rows import digest
from cleaner.formats.work import Events
from cleaner.settings import Settings

def clean(texts, settings, text_format):
    if any("STOP" in text for text in texts):
        until((root / "taken").exists)  # the results before
        os.kill(os.getppid() if WORKERS > 1 else os.getpid(), signal.SIGINT)
        while True:  # a worker is ended by its parent
            signal.pause()
    return toy.clean(texts, settings)

WORKERS, BEFORE = int(sys.argv[2]), sys.argv[3]
root = Path(sys.argv[1])
import cleaner.formats.steps as steps
from cleaner.formats.publishing import Publisher
steps.MANY = 1
take = Publisher.take
def noted(self, step, results):
    take(self, step, results)
    if (root / "out" / BEFORE).exists():
        (root / "taken").touch()
Publisher.take = noted
options = JobOptions((str(root / "in"),), root / "out", workers=WORKERS)
result = run(options, Settings(), clean, events=Events(note=print))
sys.exit(result.exit_code)
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_leaves_complete_files_with_their_log_and_says_how_to_go_on(tmp_path: Path, workers: int) -> None:
    write(tmp_path, {"a.txt": REPEATED, "b.txt": REPEATED, "c.jsonl": dump(REPEATED, "STOP"), "d.txt": REPEATED})
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path), str(workers), "b.txt"]
    done = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, timeout=GUARD, text=True)
    assert done.returncode == 130, done.stderr
    assert "2 of 4 files are complete" in done.stdout
    assert "To go on, run the same command with --resume" in done.stdout
    files = tree(tmp_path / "out")
    assert sorted(name for name in files if not name.startswith("_cleaner")) == ["a.txt", "b.txt"]
    assert not [name for name in files if "tmp" in name or name.endswith(".part")]
    restore(tmp_path / "out", tmp_path / "back")
    assert (tmp_path / "back" / "b.txt").read_text() == REPEATED


KILLED = INTERRUPTED.replace("signal.SIGINT", "signal.SIGKILL")


def test_a_killed_run_leaves_a_log_that_restores_what_it_published(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": REPEATED, "b.jsonl": dump(REPEATED), "c.txt": "STOP"})
    command = [sys.executable, "-c", KILLED, str(tmp_path), "1", "b.jsonl"]
    assert subprocess.run(command, cwd=Path(__file__).parent.parent, timeout=GUARD).returncode == -9
    restore(tmp_path / "out", tmp_path / "back")
    assert (tmp_path / "back" / "a.txt").read_text() == REPEATED
    assert (tmp_path / "back" / "b.jsonl").read_bytes() == dump(REPEATED)
    write(tmp_path, {"c.txt": REPEATED})
    clean_in(tmp_path, inputs=(str(tmp_path / "in" / "c.txt"),))
    assert [row["file"] for row in log(tmp_path)] == ["a.txt", "b.jsonl", "c.txt"], "the next run takes it over"
    restore(tmp_path / "out", tmp_path / "again")
    assert tree(tmp_path / "again") == tree(tmp_path / "in")


def test_two_runs_at_once_do_not_mix_their_logs(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": REPEATED})
    other = LogWriter(tmp_path / "out" / "_cleaner")
    with pytest.raises(
        SettingsError,
        match=r"_cleaner is in use by another run \(process \d+ on .*; wait for it",
    ):
        clean_in(tmp_path)
    other.discard()
    assert clean_in(tmp_path).exit_code == 0


def test_a_fault_of_ours_leaves_one_article_as_it_is_and_is_said(tmp_path: Path) -> None:
    def broken(texts: Sequence[str], settings: Settings, text_format: str) -> list[Outcome]:
        if "boom" in texts[0]:
            raise ZeroDivisionError("oops")
        return clean(texts, settings, text_format)

    write(tmp_path, {"a.txt": REPEATED, "b.txt": "boom", "c.jsonl": dump("boom"), "d.txt": REPEATED})
    result = clean_in(tmp_path, broken)
    said = [str(problem).partition("in/")[2] for problem in result.problems]
    assert [re.sub(r" in [^ ]+:\d+", "", line) for line in said] == [
        "b.txt: internal error (ZeroDivisionError: oops); the file is left as it was: please report it",
        "c.jsonl:1: internal error (ZeroDivisionError: oops); the record is left as it was: please report it",
    ]
    assert (result.exit_code, result.failed, result.tally.skipped) == (2, 0, {"internal error": 2})
    out = {name: data for name, data in tree(tmp_path / "out").items() if "_cleaner" not in name}
    assert sorted(out) == ["a.txt", "b.txt", "c.jsonl", "d.txt"]
    assert (out["b.txt"], out["c.jsonl"]) == (b"boom", (tmp_path / "in" / "c.jsonl").read_bytes())


def test_a_small_plain_file_loads_nothing_heavy(tmp_path: Path) -> None:
    """The command's start is most of what a small file costs."""
    write(tmp_path, {"a.txt": REPEATED})
    script = (
        "import sys; sys.path.insert(0, 'tests'); import toy, io; from cleaner.job import JobOptions, run;"
        "from cleaner.settings import Settings;"
        f"run(JobOptions(({str(tmp_path / 'in' / 'a.txt')!r},)), Settings(), toy.clean, stdout=io.BytesIO());"
        "print([name for name in ('orjson', 'zstandard', 'isal', 'chardet', 'multiprocessing', 'numpy', 'tempfile',"
        " 'concurrent.futures', 'gzip', 'numba') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parent.parent, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr
