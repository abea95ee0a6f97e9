"""What is wrong around a run, by the real command: limits, signals, names, archives that lie. One clear line each."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import signal
import struct
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import toy
from waiting import GUARD, until

from cleaner.formats import reading
from cleaner.formats.restore import restore
from cleaner.job import JobOptions, run
from cleaner.report.counts import RunResult
from cleaner.settings import Settings

LINE = "The bridge over the river will be closed for twelve weeks while engineers check it for damage.\n"
OTHER = "Schools on both banks open an hour later, as the mayor told parents on Tuesday at the town hall.\n"
TWICE, ONCE = f"{LINE}{OTHER}{LINE}", f"{LINE}{OTHER}"
ROOT = Path(__file__).resolve().parent.parent


def ran(folder: Path, **options: Any) -> RunResult:
    return run(JobOptions((str(folder / "in"),), folder / "out", **options), Settings(), toy.clean)


def given(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def limited(*limits: tuple[int, int]) -> Callable[[], None]:
    def limit() -> None:
        for which, most in limits:
            resource.setrlimit(which, (most, most))

    return limit


def command(folder: Path, *arguments: str, limit: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "cleaner", *arguments],
        cwd=folder, capture_output=True, text=True, env=environment, preexec_fn=limit, timeout=GUARD,
    )  # fmt: skip


def no_traceback(done: subprocess.CompletedProcess[str], code: int = 2) -> list[str]:
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stderr
    return done.stderr.splitlines()


def nothing_half_written(folder: Path) -> None:
    assert [path for path in folder.rglob("*") if "cleaner-tmp" in path.name] == []


# --- limits ------------------------------------------------------------------------------------------------------


def test_a_file_that_may_not_grow_so_large_is_one_line_and_not_there(tmp_path: Path) -> None:
    lines = "".join(f"Line {number} of a long text that says nothing.\n" for number in range(100_000))
    given(tmp_path, {"a.txt": TWICE.encode(), "m.txt": lines.encode(), "z.txt": TWICE.encode()})
    done = command(tmp_path, "clean", "in", "-o", "out", "--quiet", limit=limited((resource.RLIMIT_FSIZE, 2_000_000)))
    assert no_traceback(done) == [
        "cleaner: out/m.txt: cannot be written (File too large); give a folder that can be written with -o"
    ]
    assert (tmp_path / "out/z.txt").read_text() == ONCE
    assert not (tmp_path / "out/m.txt").exists()
    nothing_half_written(tmp_path)


def test_without_memory_a_run_ends_in_one_line(tmp_path: Path) -> None:
    given(tmp_path, {"a.txt": TWICE.encode(), "m.txt": b"A line of words.\n" * 30_000_000})
    limit = limited((resource.RLIMIT_AS, 450 << 20))
    lines = no_traceback(command(tmp_path, "clean", "in", "-o", "out", "--quiet", "--workers", "1", limit=limit))
    assert len(lines) == 1
    assert "memory" in lines[0]
    assert ";" in lines[0]
    nothing_half_written(tmp_path)
    assert not (tmp_path / "out/m.txt").exists()


@pytest.mark.parametrize("most", [4, 6, 8, 10, 12, 16])
def test_without_file_handles_a_run_ends_in_clear_lines(tmp_path: Path, most: int) -> None:
    given(tmp_path, {f"{number}.txt": TWICE.encode() for number in range(3)})
    given(tmp_path, {"m.jsonl": json.dumps({"text": TWICE}).encode(), "m.zip": zipped({"a.txt": TWICE.encode()})})
    done = command(tmp_path, "clean", "in", "-o", "out", limit=limited((resource.RLIMIT_NOFILE, most)))
    assert done.returncode in (0, 1, 2)
    if "import" not in done.stderr and "encodings" not in done.stderr:  # Python itself did not start
        assert "Traceback" not in done.stderr, done.stderr
    nothing_half_written(tmp_path)
    for path in (tmp_path / "out").glob("*.txt"):
        assert path.read_text() == ONCE


# --- signals -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_run_that_is_told_to_end_leaves_whole_files_and_says_how_to_go_on(
    tmp_path: Path, number: signal.Signals, workers: str
) -> None:
    records = b"".join(json.dumps({"id": n, "text": f"{n} {TWICE}" * 30}).encode() + b"\n" for n in range(4000))
    given(tmp_path, {"0.txt": TWICE.encode(), **{f"m{each}.jsonl": records for each in range(4)}})
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaner", "clean", "in", "-o", "out", "--workers", workers],
        cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    until(lambda: (tmp_path / "out/0.txt").exists() or process.poll() is not None)
    process.send_signal(number)
    _, told = process.communicate(timeout=GUARD)
    assert "Traceback" not in told, told
    nothing_half_written(tmp_path)
    if process.returncode != 0:  # it was not done before
        assert process.returncode == 130, told
        assert "To go on, run the same command with --resume" in told
    restore(tmp_path / "out", tmp_path / "back")
    for path in (tmp_path / "back").iterdir():
        assert path.read_bytes() == (tmp_path / "in" / path.name).read_bytes()


# --- inputs that change while they are read -----------------------------------------------------------------------


def changing(path: Path, change: Callable[[], object]) -> Any:
    """``open`` for a file that another program changes when its first bytes have been read."""

    class Changing(io.FileIO):
        def read(self, size: int | None = -1) -> bytes:  # type: ignore[override]
            data = super().read(size)
            nonlocal done
            if not done:
                done = True
                change()
            return data or b""

    done = False
    return lambda name, *rest: Changing(name) if str(name) == str(path) else open(name, *rest)


@pytest.mark.parametrize("how", ["grows", "shrinks", "is replaced", "is written over"])
@pytest.mark.parametrize("name", ["m.txt", "m.jsonl", "m.jsonl.gz", "m.tar"])
def test_an_input_that_changes_while_it_is_read_is_told_and_not_written(
    tmp_path: Path, how: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = b"".join(json.dumps({"id": n, "text": TWICE}).encode() + b"\n" for n in range(50))
    data = {"m.txt": TWICE.encode(), "m.jsonl": records, "m.jsonl.gz": gzip.compress(records)}
    data["m.tar"] = tarred({"a.txt": TWICE.encode()})
    given(tmp_path, {name: data[name], "z.txt": TWICE.encode()})
    path = tmp_path / "in" / name

    def change() -> None:
        if how == "is replaced":
            path.with_name("new").write_bytes(data[name])
            os.replace(path.with_name("new"), path)
        elif how == "is written over":
            os.utime(path, ns=(1, 1))
        elif how == "grows":
            with path.open("ab") as stream:
                stream.write(b"more")
        else:
            os.truncate(path, 5)

    monkeypatch.setattr(reading, "open", changing(path, change), raising=False)
    result = ran(tmp_path)
    told = "changed while it was read; run again when no other program writes to it; nothing of it was written"
    assert [str(each) for each in result.problems] == [f"{path}: {told}"]
    assert (result.exit_code, result.failed, result.files) == (2, 1, 1)
    assert not (tmp_path / "out" / name).exists()
    assert (tmp_path / "out/z.txt").read_text() == ONCE
    nothing_half_written(tmp_path)


# --- names and kinds of files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("char", ["x", "ü", "国", "🌉"])
def test_the_longest_name_that_a_file_can_have_is_written(tmp_path: Path, char: str) -> None:
    name = char * (251 // len(char.encode())) + ".txt"
    given(tmp_path, {name: TWICE.encode()})
    result = ran(tmp_path)
    assert (result.exit_code, result.problems) == (0, ())
    assert (tmp_path / "out" / name).read_text() == ONCE
    restore(tmp_path / "out", tmp_path / "back")
    assert (tmp_path / "back" / name).read_text() == TWICE


HOSTILE = [
    "CON", "nul.txt", "a\nb.txt", "\x1b[31mred.txt", "\x9b31m.txt", "\x1b]8;;http:a\x07x.txt", "a\rb.txt",
    "\u202etxt.exe",
    "=cmd.txt", "-rf", "<script>.txt", "::error::x.txt", "a\\b.txt", "'; rm.txt", "$(id).txt", "a\u2028b.txt", " .txt",
]  # fmt: skip


def test_hostile_names_are_written_told_shown_and_given_back(tmp_path: Path) -> None:
    given(tmp_path, {f"d/{name}": TWICE.encode() for name in HOSTILE})
    (tmp_path / "in/d" / os.fsdecode(b"not-utf8-\xff.txt")).write_bytes(TWICE.encode())
    for arguments in (
        ("clean", "in", "-o", "out", "--verbose"), ("find", "in", "--fail-on", "none"), ("report", "out"),
        ("report", "out", "--format", "csv"), ("report", "out", "--format", "markdown"),
        ("restore", "out", "-o", "back"),
        *(("show", "out", f"d/{name}") for name in HOSTILE[:6]),
    ):  # fmt: skip
        done = command(tmp_path, *arguments)
        assert done.returncode == 0, (arguments, done.stderr)
        data = done.stdout if "csv" not in arguments else ""  # it is no terminal, and gets the names as they are
        raw = {each for each in data + done.stderr if each in "\x1b\x9b\x07\u202e\u2028"}
        assert not raw, (arguments, raw)
    for path in (tmp_path / "in/d").iterdir():
        assert (tmp_path / "back/d" / path.name).read_bytes() == path.read_bytes()


def test_a_table_on_a_terminal_shows_its_signs_as_codes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from cleaner.cli import report, streams

    monkeypatch.setattr(streams, "to_terminal", lambda: True)
    report._print(["a\x1b[31m,\u202e\n", "b\x9b\t\n"])
    assert capsys.readouterr().out == "a\\u001b[31m,\\u202e\nb\\u009b\t\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_or_device_in_the_place_of_an_output_is_not_replaced(tmp_path: Path) -> None:
    given(tmp_path, {"a.txt": TWICE.encode(), "z.txt": TWICE.encode()})
    (tmp_path / "out").mkdir()
    os.mkfifo(tmp_path / "out/a.txt")
    result = ran(tmp_path)
    (line,) = [str(each) for each in result.problems]
    assert "out/a.txt: cannot be written (a pipe or a device has this name); give a folder" in line
    assert (result.exit_code, (tmp_path / "out/a.txt").is_fifo()) == (2, True)
    assert (tmp_path / "out/z.txt").read_text() == ONCE
    os.mkfifo(tmp_path / "pipe")
    done = command(tmp_path, "report", "out", "--format", "markdown", "-o", "pipe")
    assert no_traceback(done) == [
        "cleaner: pipe: cannot be written (a pipe or a device has this name); give a folder that can be written with -o"
    ]
    assert (tmp_path / "pipe").is_fifo()


def test_links_that_lead_out_of_a_folder_are_left_out_and_said(tmp_path: Path) -> None:
    """In place they would change what lies elsewhere; with -o they would copy it."""
    given(tmp_path, {"a.txt": TWICE.encode()})
    (tmp_path / "secret.txt").write_text(TWICE)
    (tmp_path / "in/link.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "in/near.txt").symlink_to("a.txt")
    (tmp_path / "in/loop").symlink_to("loop")
    (tmp_path / "in/up").symlink_to(tmp_path)
    for options in ({}, {"in_place": True}):
        result = ran(tmp_path, **options)
        assert f"{tmp_path}/in: left out links that lead out of the folder: {tmp_path}/in/link.txt" in result.notes
        assert (tmp_path / "secret.txt").read_text() == TWICE
        assert not (tmp_path / "out/link.txt").exists()


# --- archives that lie ---------------------------------------------------------------------------------------------


def tarred(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return held.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return held.getvalue()


def lying(size: int) -> bytes:
    """A zip archive whose directory and header claim another size of its member."""
    data = bytearray(zipped({"a.txt": TWICE.encode()}))
    at = data.index(b"PK\x01\x02")
    data[22:26] = data[at + 24 : at + 28] = struct.pack("<I", size)
    return bytes(data)


def overlapping() -> bytes:
    """Two entries of a zip archive's directory for one member: a bomb of any size can be made so."""
    data = zipped({"a.txt": TWICE.encode(), "b.txt": TWICE.encode()})
    first, second = data.index(b"PK\x01\x02"), data.rindex(b"PK\x01\x02")
    offset = data[first + 42 : first + 46]
    return data[: second + 42] + offset + data[second + 46 :]


ARCHIVES: dict[str, bytes] = {
    "small.zip": lying(3),
    "large.zip": lying(1 << 31),
    "overlapping.zip": overlapping(),
    "cases.zip": zipped({"a.txt": TWICE.encode(), "A.txt": TWICE.encode(), "A.TXT": TWICE.encode()}),
    "cases.tar": tarred({"a.txt": TWICE.encode(), "A.txt": TWICE.encode(), "A.TXT": TWICE.encode()}),
    "nested.zip": zipped({"b.zip": zipped({"c.zip": zipped({"a.txt": TWICE.encode()})}), "a.txt": TWICE.encode()}),
    "nested.tar": tarred({"b.tar": tarred({"c.tar": tarred({"a.txt": TWICE.encode()})}), "a.txt": TWICE.encode()}),
    "out.zip": zipped({"../a.txt": TWICE.encode(), "/b.txt": TWICE.encode(), "c:\\d.txt": TWICE.encode()}),
    "names.zip": zipped({f"{name}.txt": TWICE.encode() for name in HOSTILE if "\n" not in name}),
    "twice.txt.gz": gzip.compress(gzip.compress(TWICE.encode())),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_that_lies_harms_nothing_and_comes_back(tmp_path: Path, name: str) -> None:
    given(tmp_path, {name: ARCHIVES[name], "z.txt": TWICE.encode()})
    before = {path for path in tmp_path.parent.rglob("*") if tmp_path not in path.parents}
    result = ran(tmp_path)
    assert result.exit_code in (0, 2)
    assert not [each for each in result.problems if each.reason == "internal error"]
    assert (tmp_path / "out/z.txt").read_text() == ONCE
    assert {path for path in tmp_path.parent.rglob("*") if tmp_path not in path.parents} == before
    nothing_half_written(tmp_path)
    if (tmp_path / "out" / name).exists():
        restore(tmp_path / "out", tmp_path / "back")
        back = (tmp_path / "back" / name).read_bytes()
        assert contents(back) == contents(ARCHIVES[name])


def contents(data: bytes) -> object:
    if data.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return [(each.filename, archive.read(each)) for each in archive.infolist()]
        except zipfile.BadZipFile:
            return data
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def test_a_bomb_in_a_bomb_stays_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes out of a compression is not unpacked again."""
    monkeypatch.setattr("cleaner.formats.expanding.FREE", 100_000)
    bomb = gzip.compress(bytes(50 << 20))
    given(tmp_path, {"a.gz.gz": gzip.compress(bomb), "b.zip": zipped({"a.txt.gz": bomb}), "z.txt": TWICE.encode()})
    result = ran(tmp_path)
    assert result.exit_code in (0, 2)
    assert (tmp_path / "out/z.txt").read_text() == ONCE
    assert sum(path.stat().st_size for path in (tmp_path / "out").rglob("*") if path.is_file()) < 1 << 20
