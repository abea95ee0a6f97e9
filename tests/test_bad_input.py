"""Bad input: each case is one clear line naming file, line and what to do; it is counted, it does not stop
the other files (under ``strict`` it does), and nothing half-written is left."""

from __future__ import annotations

import errno
import io
import json
import os
import socket
import threading
from pathlib import Path
from typing import IO, Any

import pytest
from toy import clean

from cleaner.errors import SettingsError
from cleaner.formats import atomic, compression, expanding, reading
from cleaner.formats.compression import compressed
from cleaner.formats.restore import restore
from cleaner.formats.work import Events
from cleaner.formats.writing import OutputError
from cleaner.job import JobOptions, run
from cleaner.report.counts import RunResult
from cleaner.settings import Settings

ONE, TWO = "Une première phrase assez longue.\n", "Une deuxième, assez longue.\n"
REPEATED, CLEAN = ONE + TWO + ONE, ONE + TWO
UNTOUCHED = "left as it is"


class Case:
    """A folder with a bad file between two good ones, and what a run over it says."""

    def __init__(self, root: Path) -> None:
        self.root, self.said, self.notes = root, list[str](), list[str]()
        (root / "in").mkdir()
        self.put("a.txt", REPEATED.encode())
        self.put("z.txt", REPEATED.encode())

    def put(self, name: str, data: bytes) -> Path:
        path = self.root / "in" / name
        path.write_bytes(data)
        return path

    def out(self, name: str) -> bytes:
        return (self.root / "out" / name).read_bytes()

    def run(self, **options: Any) -> RunResult:
        options = {"inputs": (str(self.root / "in"),), "out": self.root / "out", "workers": 1} | options
        events = Events(problem=lambda each: self.said.append(str(each)), note=self.notes.append)
        return run(JobOptions(**options), Settings(), clean, events=events)

    def check(self, line: str, reason: str = "", *, exit_code: int = 0) -> RunResult:
        """Run; exactly ``line`` is said, the good files are cleaned, and nothing half-written is left."""
        result = self.run()
        assert self.said == [f"{self.root}/in/{line}"]
        assert all(self.out(name) == CLEAN.encode() for name in ("a.txt", "z.txt")), "the others are cleaned"
        assert result.exit_code == exit_code
        if reason:
            assert result.tally.skipped == {reason: 1}, "counted under its reason"
        self.nothing_half_written()
        assert json.loads(self.out("_cleaner/report.json"))["errors"][0]["message"] == self.said[0]
        strict = self.run(strict=True, out=self.root / "strict")
        assert (strict.stopped, strict.exit_code) == (True, 2)
        assert not (self.root / "strict" / "z.txt").exists(), "strict stops before the next file"
        self.nothing_half_written()
        return result

    def nothing_half_written(self) -> None:
        left = [path for path in self.root.rglob("*") if path.name.endswith((".cleaner-tmp", ".part"))]
        assert not left


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_an_image(case: Case) -> None:
    data = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 10
    case.put("m.png", data)
    fix = f"{UNTOUCHED}: leave it out, or extract its text first"
    case.check(f"m.png: a PNG image; {fix}", "not text")
    assert case.out("m.png") == data


def test_binary_data_under_the_name_of_a_text(case: Case) -> None:
    data = b"some words\0and more\n" * 20
    case.put("m.txt", data)
    fix = f"{UNTOUCHED}: leave it out, or extract its text first"
    case.check(f"m.txt: binary data; {fix}", "not text")
    assert case.out("m.txt") == data


def test_only_an_image_could_not_be_done(case: Case) -> None:
    path = case.put("m.png", b"\x89PNG\r\n\x1a\n")
    assert case.run(inputs=(str(path),)).exit_code == 2


def test_undecodable_bytes(case: Case) -> None:
    data = "Première élève, très naïve.\n".encode() * 3 + b"caf\xe9\n"
    case.put("m.txt", data)
    words = "UTF-8 text with a broken byte (0xe9)"
    case.check(f"m.txt:4: {words}; {UNTOUCHED}: convert it to UTF-8", "undecodable")
    assert case.out("m.txt") == data


def test_an_encoding_that_does_not_give_its_bytes_again(case: Case) -> None:
    text = "日本語のテキストです。今日はいい天気ですね。\n"
    data = text.encode("iso2022_jp").replace(b"\n", b"\x1b(J\x1b(B\n") * 3
    case.put("m.txt", data)
    words = "iso2022_jp text that does not encode to the same bytes again"
    case.check(f"m.txt: {words}; {UNTOUCHED}: convert it to UTF-8", "not round-tripping")
    assert case.out("m.txt") == data


@pytest.mark.parametrize(
    ("line", "reason", "words"),
    [
        (rb'{"text": "half \ud83d"}', "lone surrogate", r"a lone surrogate (\ud83d), half a character"),
        (b'{"text": "cut of', "broken JSON", "broken JSON (Unterminated string starting at at column 10)"),
        (b'{"text": null}', "text is null", "the text field 'text' holds null, not a string"),
        (b'{"text": 7}', "text is a number", "the text field 'text' holds a number, not a string"),
        (b'{"text": "caf\xe9"}', "not UTF-8", "byte 14 of the record (0xe9) is not UTF-8"),
    ],
)
def test_a_bad_record(case: Case, line: bytes, reason: str, words: str) -> None:
    good = json.dumps({"text": REPEATED}).encode() + b"\n"
    case.put("m.jsonl", good + line + b"\n" + good)
    case.check(f"m.jsonl:2: {words}; the record is left as it was: correct it, or leave it out", reason)
    cleaned = json.dumps({"text": CLEAN}).encode() + b"\n"
    assert case.out("m.jsonl") == cleaned + line + b"\n" + cleaned


def test_a_missing_text_field(case: Case) -> None:
    case.put("m.jsonl", b'{"text": "a"}\n{"body": "a", "id": 1}\n')
    words = "no text field 'text'; give --text-field; the fields here: 'body', 'id'"
    case.check(f"m.jsonl:2: {words}", "no text field")


def test_many_bad_records_are_told_by_number(case: Case) -> None:
    case.put("m.jsonl", b"{\n" * 1000)
    result = case.run()
    assert len(case.said) == 20
    assert case.notes == [f"{case.root}/in/m.jsonl: broken JSON: 980 more, counted in the report"]
    assert result.tally.skipped == {"broken JSON": 1000}


def test_jsonl_in_utf16(case: Case) -> None:
    data = '{"text": "a"}\n'.encode("utf-16")
    case.put("m.jsonl", data)
    case.check(f"m.jsonl: JSONL in UTF-16; {UNTOUCHED}: convert it to UTF-8", "not UTF-8")
    assert case.out("m.jsonl") == data


@pytest.mark.parametrize("name", ["m.txt", "m.md", "m.jsonl", "m.txt.gz", "m.jsonl.zst", "m"])
def test_an_empty_file_stays_empty_and_is_no_problem(case: Case, name: str) -> None:
    case.put(name, b"")
    result = case.run()
    assert (case.said, result.exit_code) == ([], 0)
    with open(case.root / "out" / name, "rb") as stream:
        assert list(compression.pieces(stream, "gz" if name.endswith("gz") else "zst" if "zst" in name else "")) == []


def test_a_large_single_line(case: Case) -> None:
    """One record of 6 MB, more than a batch, with its repeat at the end."""
    body = "".join(f"Ligne numéro {number} de ce long texte.\n" for number in range(150_000))
    case.put("m.jsonl", json.dumps({"text": body + "Ligne numéro 7 de ce long texte.\n"}).encode())
    assert case.run().exit_code == 0
    assert json.loads(case.out("m.jsonl"))["text"] == body


def test_a_line_that_no_memory_holds(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit of its own, since it is held as a whole; the rest of such a file is not written either."""
    monkeypatch.setattr(reading, "MOST", 1 << 20)
    monkeypatch.setattr("cleaner.formats.steps.MOST", 1 << 20)
    case.put("m.jsonl", json.dumps({"text": "x" * (2 << 20)}).encode())
    case.check("m.jsonl: a line of more than 1 MB; no record is so long: split it", exit_code=2)


def test_an_article_that_no_memory_holds(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST", 1 << 20)
    monkeypatch.setattr("cleaner.formats.steps.MOST", 1 << 20)
    data = b"Une phrase de quelques mots.\n" * 50_000
    case.put("m.txt", data)
    case.check(f"m.txt: an article of more than 1 MB; {UNTOUCHED}: split it into articles", "too long")
    assert case.out("m.txt") == data


def test_a_pipe_that_is_given_is_read_as_standard_input_is(case: Case) -> None:
    """As with <(command) in a shell; what it cannot clean it cannot copy either, since it is gone."""
    for name, data, expected in (("p.txt", REPEATED.encode(), CLEAN.encode()), ("p.bin", b"\x89PNG\r\n\x1a\n", None)):
        path = case.root / name
        os.mkfifo(path)
        thread = threading.Thread(target=path.write_bytes, args=(data,))
        thread.start()
        case.run(inputs=(str(path),))
        thread.join()
        assert (case.root / "out" / name).exists() == (expected is not None)
        if expected is not None:
            assert case.out(name) == expected


def test_a_socket_and_a_device(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case.root)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        assert case.run(inputs=("socket",)).exit_code == 2
    assert case.said == [
        "socket: cannot be read (No such device or address); copy it to another place, or leave it out"
    ]
    monkeypatch.setattr(reading, "MOST", 1 << 20)
    case.run(inputs=("/dev/zero",))
    assert case.said[1:] == ["/dev/zero: an article of more than 1,024 MB; left as it is: split it into articles"]


def test_a_missing_input(case: Case) -> None:
    result = case.run(inputs=(str(case.root / "in"), str(case.root / "in" / "none.txt")))
    assert case.said == [f"{case.root}/in/none.txt: no such file or folder; correct the path"]
    assert (result.exit_code, result.failed) == (2, 1)
    assert case.out("z.txt") == CLEAN.encode()


def failing_open(path: Path, error: OSError) -> Any:
    def opened(name: Any, *rest: Any, **more: Any) -> IO[bytes]:
        if str(name) == str(path):
            raise error
        return open(name, *rest, **more)

    return opened


def test_a_vanishing_file(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was there when the folder was walked, and is gone when it is to be read."""
    path = case.put("m.txt", b"text")
    monkeypatch.setattr(reading, "open", failing_open(path, FileNotFoundError(2, "gone")), raising=False)
    case.check("m.txt: the file is gone; it was there when the run began: run again", exit_code=2)
    assert not (case.root / "out" / "m.txt").exists()


def test_a_file_that_may_not_be_read(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    path = case.put("m.txt", b"text")
    monkeypatch.setattr(reading, "open", failing_open(path, PermissionError(13, "denied")), raising=False)
    case.check("m.txt: not allowed to read it; change its permissions, or leave it out", exit_code=2)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(case: Case) -> None:
    case.put("m.txt", b"text").chmod(0)
    case.check("m.txt: not allowed to read it; change its permissions, or leave it out", exit_code=2)


@pytest.mark.parametrize(("suffix", "kind"), [("gz", "gzip"), ("zst", "zstd"), ("bz2", "bzip2"), ("xz", "xz")])
def test_compressed_data_that_ends_too_early(
    case: Case, suffix: Any, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read before the end of the data was found missing is in no output, log or count."""
    monkeypatch.setattr(compression, "PIECE", 256)
    monkeypatch.setattr("cleaner.formats.jsonl.line_batches", lambda read, **_: reading.line_batches(read, 2000))
    lines = b"".join(json.dumps({"id": os.urandom(20).hex(), "text": REPEATED}).encode() + b"\n" for _ in range(200))
    case.put(f"m.jsonl.{suffix}", compressed(lines, suffix)[:-500])
    fix = "get it again; nothing of it was written"
    result = case.check(f"m.jsonl.{suffix}: the {kind} data ends too early; {fix}", exit_code=2)
    assert not (case.root / "out" / f"m.jsonl.{suffix}").exists()
    assert b"m.jsonl" not in case.out("_cleaner/removals.jsonl")
    assert result.tally.articles == 2


def record(text: str) -> str:
    return json.dumps({"text": text}, ensure_ascii=False)


@pytest.mark.parametrize("kind", ["gz", "zst", "bz2", "xz"])
@pytest.mark.parametrize("name", ["m.txt", "m.jsonl", "m"])
def test_compressed_data_under_a_plain_name_is_cleaned(case: Case, kind: Any, name: str) -> None:
    """The content says so; it comes out under its name, compressed as it was, and so it is restored."""
    data, expected = (record(REPEATED), record(CLEAN)) if name == "m.jsonl" else (REPEATED, CLEAN)
    case.put(name, compressed(data.encode(), kind))
    assert case.run().tally.changed == 3
    restore(case.root / "out", case.root / "back")
    for folder, text in (("out", expected), ("back", data)):
        with open(case.root / folder / name, "rb") as stream:
            assert b"".join(compression.pieces(stream, kind)).decode() == text


@pytest.mark.parametrize("name", ["m.png.gz", "m.bin"])
def test_a_compressed_picture_is_copied_and_comes_back_as_it_was(case: Case, name: str) -> None:
    data = compressed(b"\x89PNG\r\n\x1a\n" + bytes(500), "gz")
    case.put(name, data)
    case.run()
    restore(case.root / "out", case.root / "back")
    assert case.out(name) == data == (case.root / "back" / name).read_bytes()


def test_zstd_data_under_a_plain_name_without_its_package(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    case.put("m.txt", compressed(b"text", "zst"))
    monkeypatch.setitem(__import__("sys").modules, "zstandard", None)
    case.check("m.txt: .zst needs the package zstandard; pip install 'article-cleaner[dumps]'", exit_code=2)


@pytest.mark.parametrize("suffix", ["gz", "zst", "bz2", "xz"])
def test_a_bomb(case: Case, suffix: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expanding, "FREE", 100_000)
    case.put(f"m.txt.{suffix}", compressed(bytes(10 << 20), suffix))
    result = case.run()
    (line,) = case.said
    assert line.startswith(f"{case.root}/in/m.txt.{suffix}: expands to more than 1,000 times its size (")
    fix = "if it is meant to be so, allow its size with --max-expanded; nothing of it was written"
    assert line.endswith(f"; {fix}")
    assert (result.failed, result.exit_code, result.files) == (1, 2, 2)
    assert not (case.root / "out" / f"m.txt.{suffix}").exists()
    case.nothing_half_written()


@pytest.mark.parametrize(("allowed", "failed"), [(1 << 20, 0), (10_000, 1)])
def test_an_allowed_size_counts_instead(case: Case, allowed: int, failed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is meant to expand far may, and a tighter limit holds for all."""
    monkeypatch.setattr(expanding, "FREE", 1000)
    case.put("m.txt.zst", compressed(TWO.encode() * 20_000, "zst"))
    assert case.run(max_expanded=allowed).failed == failed
    if failed:
        assert "m.txt.zst: expands to more than 10,000 bytes (" in case.said[0]


def test_a_text_under_the_name_of_a_compressed_one(case: Case) -> None:
    case.put("m.txt.zst", b"no zstd at all, just words")
    result = case.run()
    assert case.said[0].startswith(f"{case.root}/in/m.txt.zst: not zstd data (")
    assert result.exit_code == 2


def test_zstd_without_its_package_names_the_command(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    path = case.put("m.txt.zst", compressed(b"text", "zst"))
    monkeypatch.setitem(__import__("sys").modules, "zstandard", None)
    with pytest.raises(SettingsError, match=r"pip install 'article-cleaner\[dumps\]'$"):
        case.run(inputs=(str(path),))
    assert not (case.root / "out").exists(), "it is said before anything is written"


def test_out_inside_input_and_the_same_file_twice_are_said(case: Case) -> None:
    case.run(out=case.root / "in" / "out")
    case.said.clear()
    case.notes.clear()
    given = (str(case.root / "in"), str(case.root / "in" / "a.txt"))
    result = case.run(inputs=given, out=case.root / "in" / "out")
    assert case.notes == [
        f"{case.root}/in: left out the output folder: {case.root}/in/out",
        f"{case.root}/in/a.txt: given twice (as {case.root}/in/a.txt before), done once",
    ]
    assert (result.files, result.exit_code) == (2, 0)


class Full:
    """A stream onto a disk with ``room`` bytes left."""

    def __init__(self, stream: IO[bytes], room: list[int]) -> None:
        self.stream, self.room = stream, room

    def write(self, data: bytes) -> int:
        self.room[0] -= len(data)
        if self.room[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self.stream.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def test_a_full_output_folder(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """One clear line, exit 2; the file that fitted is whole and in the log, of the next nothing is left."""
    monkeypatch.setattr("cleaner.formats.steps.MANY", 1)
    case.put("m.txt", REPEATED.encode() * 50)
    room = [len(CLEAN.encode()) + 5]  # for outputs; what the log needs has a disk of its own here

    def opened(path: Path, mode: str) -> Any:
        stream = open(path, mode)  # noqa: SIM115
        return stream if path.parent.name == "_cleaner" else Full(stream, room)

    monkeypatch.setattr(atomic, "open", opened, raising=False)
    result = case.run()
    fix = "make room there, or give another folder with -o, and run again"
    assert case.said == [f"{case.root}/out/m.txt: cannot be written (No space left on device); {fix}"]
    assert (result.exit_code, result.stopped, result.files) == (2, True, 1)
    assert case.out("a.txt") == CLEAN.encode()
    assert [json.loads(line)["file"] for line in case.out("_cleaner/removals.jsonl").splitlines()] == ["a.txt"]
    assert not (case.root / "out" / "m.txt").exists()
    assert not (case.root / "out" / "z.txt").exists()
    case.nothing_half_written()


def test_a_full_disk_under_the_log(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without room for its log a file is not published."""
    from cleaner.formats import removal_log

    monkeypatch.setattr(removal_log.LogWriter, "entry", _no_room)
    result = case.run()
    assert len(case.said) == 1
    assert "_cleaner: cannot be written (No space left on device)" in case.said[0]
    assert (result.exit_code, result.files) == (2, 0)
    assert not (case.root / "out" / "a.txt").exists()
    case.nothing_half_written()


def _no_room(*_: Any) -> None:
    raise OutputError("OUT/_cleaner", OSError(errno.ENOSPC, "No space left on device"))


def test_a_full_disk_at_the_very_end(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only the report does not fit, that is said; the files and their log are whole."""

    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("cleaner.job_end.write_whole", full)
    result = case.run()
    assert len(case.said) == 1
    assert (result.exit_code, result.files) == (2, 2)
    assert case.out("a.txt") == case.out("z.txt") == CLEAN.encode()
    assert case.out("_cleaner/files.jsonl").count(b"\n") == 2


def test_a_full_device_behind_standard_output(case: Case) -> None:
    with pytest.raises(OSError, match="No space"), open("/dev/full", "wb", buffering=0) as full:
        full.write(b"x")
    with open("/dev/full", "wb", buffering=0) as full:
        events = Events(problem=lambda each: case.said.append(str(each)))
        result = run(JobOptions((str(case.root / "in" / "a.txt"),)), Settings(), clean, events=events, stdout=full)
    assert result.exit_code == 2
    assert case.said[0].startswith("standard output: cannot be written (No space left on device); ")


def test_an_output_folder_that_is_a_file(case: Case) -> None:
    (case.root / "out").write_text("in the way")
    with pytest.raises(
        OutputError, match=r"out/_cleaner: cannot be written \(.*; give a folder that can be written with -o"
    ):
        case.run()
    assert (case.root / "out").read_text() == "in the way"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_output_folder_that_may_not_be_written(case: Case) -> None:
    (case.root / "out").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="give a folder that can be written with -o"):
        case.run()


def test_one_output_that_cannot_be_written_does_not_stop_the_others(case: Case) -> None:
    case.put("m.txt", REPEATED.encode())
    (case.root / "out" / "m.txt").mkdir(parents=True)
    result = case.run()
    assert len(case.said) == 1
    assert case.said[0].startswith(f"{case.root}/out/m.txt: cannot be written (Is a directory); ")
    assert (result.exit_code, result.failed) == (2, 1)
    assert case.out("z.txt") == CLEAN.encode()
    assert b"m.txt" not in case.out("_cleaner/files.jsonl")
    case.nothing_half_written()


def test_binary_data_does_not_go_to_standard_output(case: Case) -> None:
    path, stdout = case.put("m.png", b"\x89PNG\r\n\x1a\n"), io.BytesIO()
    assert run(JobOptions((str(path),)), Settings(), clean, stdout=stdout).exit_code == 2
    assert not stdout.getvalue()


def test_terminal_controls_in_names_are_passed_on_raw(case: Case) -> None:
    """Escaping is the printer's part: here the name stays what it is, so that the report is exact."""
    case.put("m\x1b[31m.png", b"\x89PNG\r\n\x1a\n")
    case.run()
    assert "m\x1b[31m.png" in case.said[0]


def test_a_file_name_that_is_not_utf8(case: Case) -> None:
    name = os.fsdecode(b"m\xff.txt")
    case.put(name, REPEATED.encode())
    assert case.run().exit_code == 0
    assert case.out(name) == CLEAN.encode()
    rows = [json.loads(line) for line in case.out("_cleaner/removals.jsonl").splitlines()]
    assert name in [row["file"] for row in rows]
    restore(case.root / "out", case.root / "back")
    assert (case.root / "back" / name).read_bytes() == REPEATED.encode()
