"""A fault of ours costs the record it is met in, or the file, and never the run: all else is cleaned and written."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import toy

from cleaner.corpus import replay, scan
from cleaner.formats import guard, jsonl, steps, transcoding
from cleaner.formats.delimited import Delimited
from cleaner.formats.json_array import JsonArray
from cleaner.formats.publishing import Publisher
from cleaner.formats.restore import restore
from cleaner.job import JobOptions, run
from cleaner.report.counts import RunResult
from cleaner.settings import Settings
from cleaner.types import Outcome

TWICE = "A line of several words stands here.\nIt has another one behind it.\nA line of several words stands here.\n"
ONCE = "A line of several words stands here.\nIt has another one behind it.\n"
POISON = "A poison that no function survives.\n" * 2


def poisoned(texts: Sequence[str], settings: Settings, text_format: str = "plain") -> list[Outcome]:
    """The toy cleaner, which one text kills."""
    if any(text == POISON for text in texts):
        raise ZeroDivisionError("oops")
    return toy.clean(texts, settings, text_format)


def rows(*texts: str) -> list[dict[str, Any]]:
    return [{"id": number, "text": text} for number, text in enumerate(texts, 1)]


def lines(*texts: str) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows(*texts))


def array(*texts: str) -> bytes:
    return json.dumps(rows(*texts), indent=1).encode()


def table(*texts: str) -> bytes:
    return b"id,text\n" + b"".join(b'%d,"%b"\n' % (n, text.encode()) for n, text in enumerate(texts, 1))


PACKED: dict[str, Callable[..., bytes]] = {"m.jsonl": lines, "m.json": array, "m.csv": table}
READERS: dict[str, type] = {"m.jsonl": jsonl.JsonLines, "m.json": JsonArray, "m.csv": Delimited}
LINES = {"m.jsonl": 2, "m.json": 6, "m.csv": 6}


def texts_of(name: str, data: bytes) -> list[str]:
    if name == "m.csv":
        import csv

        return [row["text"] for row in csv.DictReader(io.StringIO(data.decode()))]
    return [row["text"] for row in (json.loads(data) if name == "m.json" else map(json.loads, data.splitlines()))]


def ran(folder: Path, clean: Any = toy.clean, **options: Any) -> RunResult:
    return run(JobOptions((str(folder / "in"),), folder / "out", **options), Settings(), clean)


def given(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def said(folder: Path, result: RunResult) -> list[str]:
    """The problems, without the folder and without the place in the code, which must be there."""
    told = [str(each).replace(f"{folder}/in/", "") for each in result.problems]
    assert all(re.search(r" in [\w./]+\.py:\d+", line) for line in told), told
    return [re.sub(r" in [\w./]+\.py:\d+", "", line) for line in told]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("name", PACKED)
def test_a_record_that_cannot_be_cleaned_is_left_and_all_others_are_cleaned(
    tmp_path: Path, name: str, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "MANY", 1)
    given(tmp_path, {"a.txt": TWICE.encode(), name: PACKED[name](TWICE, POISON, TWICE), "z.txt": TWICE.encode()})
    result = ran(tmp_path, poisoned, workers=workers)
    left = "the record is left as it was: please report it"
    told = f"{name}:{LINES[name]}: internal error (ZeroDivisionError: oops); {left}"
    assert said(tmp_path, result) == [told]
    assert (result.exit_code, result.failed, result.files) == (2, 0, 3)
    assert texts_of(name, (tmp_path / "out" / name).read_bytes()) == [ONCE, POISON, ONCE]
    assert (tmp_path / "out/z.txt").read_text() == ONCE
    restore(tmp_path / "out", tmp_path / "back")
    assert (tmp_path / "back" / name).read_bytes() == PACKED[name](TWICE, POISON, TWICE)


@pytest.mark.parametrize("name", PACKED)
def test_a_record_that_cannot_be_read_is_left_and_all_others_are_cleaned(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = READERS[name].read

    def read(self: Any, batch: bytes, *rest: Any, **more: Any) -> Any:
        if b"poison" in batch:
            raise RecursionError("too deep")
        return real(self, batch, *rest, **more)

    monkeypatch.setattr(READERS[name], "read", read)
    given(tmp_path, {name: PACKED[name](TWICE, POISON, TWICE), "z.txt": TWICE.encode()})
    result = ran(tmp_path)
    (line,) = said(tmp_path, result)
    assert re.match(rf"{name}:\d: internal error \(RecursionError: too deep\); the record is left", line)
    assert (result.exit_code, result.failed, result.files) == (2, 0, 2)
    assert texts_of(name, (tmp_path / "out" / name).read_bytes()) == [ONCE, POISON, ONCE]
    numbers = [
        json.loads(row)["record"] for row in (tmp_path / "out/_cleaner/removals.jsonl").read_bytes().splitlines()
    ]
    assert sorted(number for number in numbers if number) == [1, 3]
    monkeypatch.undo()
    restore(tmp_path / "out", tmp_path / "back")
    assert (tmp_path / "back" / name).read_bytes() == PACKED[name](TWICE, POISON, TWICE)


@pytest.mark.parametrize("name", PACKED)
def test_a_record_that_cannot_be_written_is_left_and_all_others_are_cleaned(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = READERS[name].splice

    def splice(self: Any, raw: bytes, *rest: Any) -> Any:
        if b"poison" in raw:
            raise AssertionError
        return real(self, raw, *rest)

    monkeypatch.setattr(READERS[name], "splice", splice)
    given(tmp_path, {name: PACKED[name](TWICE, POISON, TWICE)})
    result = ran(tmp_path)
    told = f"{name}:{LINES[name]}: internal error (AssertionError); the record is left as it was: please report it"
    assert said(tmp_path, result) == [told]
    assert texts_of(name, (tmp_path / "out" / name).read_bytes()) == [ONCE, POISON, ONCE]
    assert result.tally.changed == 2


@pytest.mark.parametrize("scope", ["article", "corpus"])
def test_a_reader_that_fails_in_the_middle_of_a_file_copies_it_and_goes_on(
    tmp_path: Path, scope: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was cleaned of it before is in no output, log or count."""
    real = jsonl.line_batches

    def batches(read: Iterator[bytes], **more: Any) -> Iterator[bytes]:
        for number, batch in enumerate(real(read, 200, **more)):
            if number == 2:
                raise AssertionError
            yield batch

    monkeypatch.setattr(jsonl, "line_batches", batches)
    monkeypatch.setattr("cleaner.formats.compression.PIECE", 200)
    given(tmp_path, {"m.jsonl": lines(*[TWICE] * 9), "z.txt": TWICE.encode()})
    result = ran(tmp_path, None if scope == "corpus" else toy.clean, scope=scope)
    assert said(tmp_path, result) == [
        "m.jsonl: internal error (AssertionError); the file is left as it was: please report it"
    ]
    assert (result.exit_code, result.files, result.tally.articles) == (2, 2, 1)
    assert (tmp_path / "out/m.jsonl").read_bytes() == lines(*[TWICE] * 9)
    assert b"m.jsonl" not in (tmp_path / "out/_cleaner/removals.jsonl").read_bytes()
    restore(tmp_path / "out", tmp_path / "back")
    assert (tmp_path / "back/m.jsonl").read_bytes() == lines(*[TWICE] * 9)


@pytest.mark.parametrize("name", ["m.tar", "m.zip"])
def test_a_member_that_cannot_be_read_stays_and_the_other_members_are_cleaned(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def batches(read: Iterator[bytes], **more: Any) -> Iterator[bytes]:
        raise AssertionError
        yield b""

    monkeypatch.setattr(jsonl, "line_batches", batches)
    given(tmp_path, {name: packed(name, {"a.txt": TWICE.encode(), "b.jsonl": lines(TWICE), "c.txt": TWICE.encode()})})
    result = ran(tmp_path)
    told = f"{name}/b.jsonl: internal error (AssertionError); the file is left as it was: please report it"
    assert said(tmp_path, result) == [told]
    assert (result.exit_code, result.files, result.tally.changed) == (2, 1, 2)
    restore(tmp_path / "out", tmp_path / "back")


def packed(name: str, files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    if name.endswith("zip"):
        with zipfile.ZipFile(held, "w") as archive:
            for each, data in files.items():
                archive.writestr(each, data)
    else:
        with tarfile.open(fileobj=held, mode="w") as tar:
            for each, data in files.items():
                info = tarfile.TarInfo(each)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    return held.getvalue()


def test_what_cannot_be_put_together_in_the_parent_is_copied_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Publisher._finish

    def finish(self: Publisher) -> None:
        if self._making is not None and self._making.source.name == "m.jsonl" and self._making.format != "copied":
            raise KeyError("file")
        real(self)

    monkeypatch.setattr(Publisher, "_finish", finish)
    given(tmp_path, {"a.txt": TWICE.encode(), "m.jsonl": lines(TWICE), "z.txt": TWICE.encode()})
    result = ran(tmp_path)
    (line,) = [str(each) for each in result.problems]
    assert "m.jsonl: internal error (KeyError in " in line
    assert line.endswith("; the file is left as it was: please report it")
    assert (result.exit_code, result.files, result.tally.changed) == (2, 3, 2)
    assert (tmp_path / "out/m.jsonl").read_bytes() == lines(TWICE)


WET = b"".join(
    b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
    % (len(t), t)
    for t in (TWICE.encode(), POISON.encode(), TWICE.encode())
)


def test_a_record_of_a_dump_that_makes_no_article_is_left_out_and_told_with_its_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = transcoding._dumps

    def dumps(record: Any) -> bytes:
        if "poison" in record["text"]:
            raise TypeError("a lone surrogate")
        return real(record)

    monkeypatch.setattr(transcoding, "_dumps", dumps)
    given(tmp_path, {"m.wet": WET})
    result = ran(tmp_path)
    (line,) = said(tmp_path, result)
    assert re.match(r"m\.wet: byte \d+: internal error \(TypeError: .*\); it is left out: please report it", line)
    assert (result.exit_code, result.tally.changed) == (2, 2)


def test_a_length_of_more_digits_than_python_reads_is_one_broken_record(tmp_path: Path) -> None:
    """int() raises ValueError from 4,300 digits on, which ended the run, and z.txt was not written."""
    huge = WET.replace(b"Content-Length: %d\r\n" % len(POISON), b"Content-Length: " + b"9" * 5000 + b"\r\n")
    given(tmp_path, {"m.wet": huge, "m.warc": huge, "z.txt": TWICE.encode()})
    result = ran(tmp_path)
    assert [re.sub(r"byte \d+: ", "", str(each)).rpartition("/")[2].partition(";")[0] for each in result.problems] == [
        "m.warc: a length of 5,000 digits, which no file has",
        "m.wet: a length of 5,000 digits, which no file has",
    ]
    assert (result.files, result.failed, result.exit_code) == (3, 0, 0)
    assert (tmp_path / "out/z.txt").read_text() == ONCE


LONG = "The council met on Tuesday evening to talk about the budget of the year, and about the bridge over the river.\n"


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("where", ["scan", "joint"])
@pytest.mark.parametrize("name", ["m.jsonl", "m.txt"])
def test_over_a_corpus_a_record_that_cannot_be_cleaned_is_left(
    tmp_path: Path, where: str, workers: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it is read, or when its bytes are made; it is no witness, and the others are cleaned as ever."""
    if where == "scan":
        real = scan.scan_texts

        def scan_texts(texts: Sequence[str], *rest: Any) -> Any:
            if any("poison" in text for text in texts):
                raise ZeroDivisionError("oops")
            return real(texts, *rest)

        monkeypatch.setattr(scan, "scan_texts", scan_texts)
    else:
        real_joint = replay.joint

        def joint(waiting: Sequence[Any], *rest: Any) -> Any:
            if any("poison" in each[0] for each in waiting):
                raise ZeroDivisionError("oops")
            return real_joint(waiting, *rest)

        monkeypatch.setattr(replay, "joint", joint)
    bad = f"{LONG}\nAnd a poison that no function survives.\n"
    given(
        tmp_path, {"a.txt": LONG.encode(), name: lines("No repeat.", bad, LONG) if name == "m.jsonl" else bad.encode()}
    )
    given(tmp_path, {"z.txt": LONG.encode()})
    result = ran(tmp_path, None, scope="corpus", workers=workers)
    what, at = ("record", "m.jsonl:2") if name == "m.jsonl" else ("file", "m.txt")
    assert said(tmp_path, result) == [
        f"{at}: internal error (ZeroDivisionError: oops); the {what} is left as it was: please report it"
    ]
    assert (result.exit_code, result.failed, result.files) == (2, 0, 3)
    if name == "m.jsonl":
        assert texts_of(name, (tmp_path / "out" / name).read_bytes()) == ["No repeat.", bad, ""]
    else:
        assert (tmp_path / "out" / name).read_text() == bad
    assert (tmp_path / "out/z.txt").read_text() == ""


@pytest.mark.parametrize("error", [MemoryError(), OSError(24, "Too many open files"), KeyboardInterrupt()])
def test_what_is_not_of_the_data_ends_the_run(tmp_path: Path, error: BaseException) -> None:
    def clean(*_: Any) -> list[Outcome]:
        raise error

    given(tmp_path, {"a.txt": TWICE.encode()})
    if isinstance(error, KeyboardInterrupt):
        assert ran(tmp_path, clean).exit_code == 130
        return
    with pytest.raises(type(error)):
        ran(tmp_path, clean)
    assert not (tmp_path / "out/a.txt").exists()


def test_each_tries_all_at_once_and_finds_what_fails_by_halves() -> None:
    calls: list[int] = []

    def function(items: Sequence[int]) -> list[int]:
        calls.append(len(items))
        if 13 in items:
            raise ValueError
        return [2 * item for item in items]

    assert guard.each(function, range(64), lambda item, _: -item) == [-n if n == 13 else 2 * n for n in range(64)]
    assert len(calls) <= 2 * 6 + 1
    assert guard.each(function, [], lambda item, _: -item) == []


SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
from cleaner import plan
from cleaner.cli import main
def boom(*_):
    raise {error}
{patch} = boom
sys.argv = ["cleaner", *{arguments!r}]
main()
"""


@pytest.mark.parametrize(
    ("error", "patch", "more", "words", "trace"),
    [
        ("AssertionError", "plan.clean_texts", (), "a.txt: internal error (AssertionError in ", False),
        ("AssertionError", "plan.clean_texts", ("--verbose",), "a.txt: internal error (AssertionError in ", True),
        ("AssertionError", "plan.clean_texts", ("--strict",), "a.txt: internal error (AssertionError in ", True),
        ("MemoryError", "plan.clean_texts", (), "cleaner: out of memory; run again with fewer --workers", False),
        ("AssertionError", "plan.warm_up", ("--workers", "2"), "cleaner: internal error (AssertionError in ", False),
    ],
)
def test_the_command_says_one_line_and_shows_where_only_when_asked(
    tmp_path: Path, error: str, patch: str, more: tuple[str, ...], words: str, trace: bool
) -> None:
    given(tmp_path, {"a.txt": TWICE.encode()})
    given(tmp_path, {f"m{number}.jsonl": lines(TWICE) for number in range(3)} if "warm" in patch else {})
    arguments = ["clean", "in", "-o", "out", "--quiet", *more]
    script = SCRIPT.format(tests=str(Path(__file__).parent), error=error, patch=patch, arguments=arguments)
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, env=env)
    assert done.returncode == 2
    assert words in done.stderr
    assert ("Traceback" in done.stderr) == trace, done.stderr
    assert trace or len(done.stderr.splitlines()) == 1, done.stderr
