"""A log is data that anybody may have edited: each command says in one line what is wrong with it, and where."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from cleaner.cli.report import _made
from cleaner.cli.show import Asked, show_run
from cleaner.errors import CleanerError, RestoreError
from cleaner.formats import log_rows
from cleaner.formats.log_rows import CASES, FILES, REMOVALS, REPORT, VARIANTS, LogError, decoded
from cleaner.formats.restore import restore
from cleaner.job import JobOptions, run
from cleaner.report.log import RunLog
from cleaner.settings import Settings

LINE = "The bridge over the river will be closed for twelve weeks while engineers check it for damage.\n"
OTHER = "Schools on both banks open an hour later, as the mayor told parents on Tuesday at the town hall.\n"
TEXT = f"{LINE}\n{OTHER}\n{LINE}\n{LINE.replace('twelve', 'fifteen')}"
RECORDS = [{"id": "a", "text": TEXT}, {"id": 7, "text": f"\ud83d {TEXT}"[2:]}]


def tarred(name: str, data: bytes) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return held.getvalue()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run over every kind of file that has a row of its own shape."""
    folder = tmp_path_factory.mktemp("made")
    files = {
        "a.txt": TEXT.encode(),
        "b.jsonl": b"".join(json.dumps(each).encode() + b"\n" for each in RECORDS),
        "c.csv": b'id,text\n1,"' + TEXT.encode() + b'"\n',
        "d.json": json.dumps(RECORDS, indent=1).encode(),
        "e.tar": tarred("m.txt", TEXT.encode()),
        "f.bin": bytes(300),
    }
    (folder / "in").mkdir()
    for name, data in files.items():
        (folder / "in" / name).write_bytes(data)
    options = JobOptions((str(folder / "in"),), folder / "out", measures=True, flag_share=0.1, source_field="id")
    assert run(options, Settings()).exit_code == 0
    return folder


def rows_of(folder: Path, name: str) -> list[Any]:
    data = (folder / "out" / "_cleaner" / name).read_bytes()
    return [json.loads(data)] if name == REPORT else [json.loads(line) for line in data.splitlines()]


def written(folder: Path, name: str, rows: list[Any]) -> None:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "out" / "_cleaner" / name).write_text(text)


WRONG: list[Any] = [
    None, True, False, -1, 0, 3, 1.5, 1e308, float("nan"), float("-inf"), 1 << 60, 10**400, "", "x",
    "../../x", "/etc/passwd",
    "a\0b", "a\nb", "\x1b[31m", "CON", "x" * 5000, "\ud800", [], [[]], [None], [1, 2], {}, {"x": {}}, {"a": [1]},
]  # fmt: skip
MISSING = object()


def ways(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value in a row, the row itself first; of a list of many its first and last."""
    yield way
    keys: list[Any] = []
    if isinstance(value, dict):
        keys = list(value)[:20]
    elif isinstance(value, list):
        keys = [0, len(value) - 1][: len(value)]
    for key in keys:
        yield from ways(value[key], (*way, key))


def changed(row: Any, way: tuple[Any, ...], value: Any) -> Any:
    if not way:
        return value
    row = json.loads(json.dumps(row))
    holder = row
    for key in way[:-1]:
        holder = holder[key]
    if value is not MISSING:
        holder[way[-1]] = value
    elif isinstance(holder, dict):
        del holder[way[-1]]
    return row


def mutations(folder: Path, name: str) -> Iterator[tuple[int, tuple[Any, ...], Any]]:
    seen = set()
    for number, row in enumerate(rows_of(folder, name)):
        for way in ways(row):
            kind = (row.get("format"), row.get("archive") is None, way)
            if kind not in seen:
                seen.add(kind)
                yield from ((number, way, changed(row, way, value)) for value in [*WRONG, *[MISSING] * bool(way)])


DEPEND = {
    "file": ("members",),
    "record": ("witness.text_line", "text_line"),
    "start": ("end",),
    "byte_start": ("byte_end",),
}
"""Fields that are told where it is another one that was edited: they say how it must be."""


def refusal(line: bytes, name: str, number: int) -> LogError | None:
    try:
        decoded(line, name, Path("log"), number)
    except LogError as error:
        return error
    return None


def do_all(folder: Path) -> None:
    """Every command that reads a log. What it says of the log is an error of ours to say, and nothing else is."""
    for format in ("html", "markdown", "csv"):
        told(lambda: "".join(_made(RunLog(folder / "out"), format)))  # type: ignore[arg-type] # noqa: B023
    for name in ("a.txt", "b.jsonl:2", "c.csv", "d.json:1", "e.tar/m.txt"):
        for html in (False, True):
            told(lambda: show_run(Asked(folder / "out", name, html=html, to=folder / "shown")))  # noqa: B023
    told(lambda: restore(folder / "out", folder / "back"))


def told(do: Any) -> None:
    way_out = ";"
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            do()
    except CleanerError as error:
        way_out = str(error)
    assert ";" in way_out


def copy_of(made: Path, to: Path) -> Path:
    shutil.copytree(made / "out", to / "out")
    return to


@pytest.mark.parametrize("name", [REMOVALS, VARIANTS, CASES, FILES, REPORT])
def test_a_wrong_value_in_any_field_is_told_with_its_line_or_harms_nothing(
    tmp_path: Path, made: Path, name: str
) -> None:
    """What the one reader of rows refuses is told by it; what it lets pass goes through every command."""
    folder, rows = copy_of(made, tmp_path), rows_of(made, name)
    refused = passed = 0
    for number, way, row in mutations(made, name):
        error = refusal(json.dumps(row).encode(), name, number + 1)
        if error is not None:
            refused += 1
            assert re.match(rf"log:{number + 1}: the (row|file) is damaged \(", str(error))
            near = (
                "" if not way else "it ",
                "no JSON",
                "text",
                "dialect",
                *map(str, way[:1]),
                *DEPEND.get(way[-1] if way else "", ()),
            )
            assert error.problem.startswith(near), (way, error.problem)
            continue
        if row == rows[number]:
            continue
        passed += 1
        if passed % SOME == 0:
            written(folder, name, [*rows[:number], row, *rows[number + 1 :]])
            do_all(folder)
    assert refused > passed, (refused, passed)
    outside = {path.name for path in tmp_path.iterdir()} - {"out", "back", "shown"}
    assert not outside


SOME = int(os.environ.get("CLEANER_EVERY", "12"))
"""Of the edits that do no harm to a single row one in so many goes through all commands; 1 for all of them."""


@pytest.mark.parametrize("line", [b"{", b"[]", b"3", b"null", b"\xff", b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5000])
@pytest.mark.parametrize("name", [REMOVALS, VARIANTS, CASES, FILES, REPORT])
def test_a_line_that_is_no_row_is_told_by_every_command_that_reads_it(
    tmp_path: Path, made: Path, name: str, line: bytes
) -> None:
    folder = copy_of(made, tmp_path)
    path = folder / "out" / "_cleaner" / name
    path.write_bytes(line if name == REPORT else line + b"\n" + path.read_bytes())
    where = re.escape(str(path)) + ("" if name == REPORT else ":1")
    with pytest.raises(CleanerError, match=rf"^{where}: the (row|file) is damaged \(.*\); put the log back"):
        "".join(_made(RunLog(folder / "out"), "html"))
    if name in (REMOVALS, FILES):
        with pytest.raises(LogError, match=rf"^{where}: the row is damaged"):
            restore(folder / "out", folder / "back")
    if name in (REMOVALS, VARIANTS, FILES):
        with pytest.raises(LogError, match=rf"^{where}: the row is damaged"):
            show_run(Asked(folder / "out", "a.txt"))
    do_all(folder)


@pytest.mark.parametrize("name", [REMOVALS, FILES])
def test_a_run_over_a_damaged_log_ends_before_it_writes_anything(tmp_path: Path, made: Path, name: str) -> None:
    folder = copy_of(made, tmp_path)
    path = folder / "out" / "_cleaner" / name
    path.write_bytes(b'{"file": 3}\n' + path.read_bytes())
    shutil.copytree(made / "in", folder / "in")
    (folder / "in" / "new.txt").write_text(TEXT)
    (folder / "in" / "a.txt").unlink()
    before = {each: each.read_bytes() for each in (folder / "out").rglob("*") if each.is_file()}
    with pytest.raises(LogError, match=rf"{name}:1: the row is damaged"):
        run(JobOptions((str(folder / "in"),), folder / "out"), Settings())
    after = {each: each.read_bytes() for each in (folder / "out").rglob("*") if each.is_file()}
    assert {each: data for each, data in after.items() if each.suffix != ".part"} == before


# --- spans that are not those of the text ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edit",
    [
        {"byte_start": 0, "byte_end": 1},
        {"byte_start": 10**9, "byte_end": 10**9 + 1},
        {"raw_start": 10**9},
        {"raw_start": 0},
        {"start": 10**9, "end": 10**9 + 5},
        {"text": "Another text."},
        {"text": "\ud800"},
        {"pieces": [[10**9, "x", 3]]},
        {"pieces": [[5, "x", 10**9], [2, "y", 0]]},
        {"record": 99, "text_line": 1},
        {"before": "0" * 16},
        {"digest": "0" * 32},
    ],
)
@pytest.mark.parametrize("number", range(5))
def test_spans_that_do_not_fit_give_no_other_original(
    tmp_path: Path, made: Path, number: int, edit: dict[str, Any]
) -> None:
    """Where the log is not that of the output, nothing of the file is written: the digests decide."""
    folder, rows = copy_of(made, tmp_path), rows_of(made, REMOVALS)
    rows[number] |= edit
    written(folder, REMOVALS, rows)
    do_all(folder)
    for path in (folder / "back").rglob("*"):
        assert path.is_dir() or path.read_bytes() == (made / "in" / path.relative_to(folder / "back")).read_bytes()


def test_rows_out_of_order_or_twice_give_no_other_original(tmp_path: Path, made: Path) -> None:
    for number, rows in enumerate((rows_of(made, REMOVALS)[::-1], rows_of(made, REMOVALS) * 2)):
        folder = copy_of(made, tmp_path / str(number))
        written(folder, REMOVALS, rows)
        do_all(folder)
        for path in (folder / "back").rglob("*"):
            assert path.is_dir() or path.read_bytes() == (made / "in" / path.relative_to(folder / "back")).read_bytes()


# --- where restore writes ----------------------------------------------------------------------------------------


def renamed(folder: Path, old: str, new: str) -> None:
    for name in (FILES, REMOVALS):
        path = folder / "out" / "_cleaner" / name
        path.write_text(path.read_text().replace(f'"file":"{old}"', f'"file":{json.dumps(new)}'))


@pytest.mark.parametrize(
    "new",
    ["../a.txt", "x/../../a.txt", "/tmp/cleaner-a.txt", "//a.txt", "./../a.txt", "c:/a.txt", "", ".", "..", "x/./a.txt",
     "a.txt/", "a\0.txt", "_cleaner/files.jsonl", "_Cleaner/files.jsonl"],
)  # fmt: skip
def test_restore_writes_nothing_outside_of_its_folder(tmp_path: Path, made: Path, new: str) -> None:
    folder = copy_of(made, tmp_path / "deep")
    for place in (tmp_path / "a.txt", folder / "a.txt"):
        shutil.copy(folder / "out" / "a.txt", place)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    renamed(folder, "a.txt", new)
    edited = (folder / "out" / "_cleaner" / FILES).read_bytes()
    with pytest.raises(RestoreError, match=r"files\.jsonl:1: the row is damaged \(file is .*, not a path"):
        restore(folder / "out", folder / "back")
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {path for path in after if after[path] != before.get(path)} <= {
        folder / "out/_cleaner" / FILES, folder / "out/_cleaner" / REMOVALS
    }  # fmt: skip
    assert after[folder / "out" / "_cleaner" / FILES] == edited


def test_restore_does_not_follow_links_out_of_its_folder(tmp_path: Path, made: Path) -> None:
    folder = copy_of(made, tmp_path)
    renamed(folder, "a.txt", "sub/a.txt")
    (folder / "out" / "sub").mkdir()
    shutil.move(folder / "out" / "a.txt", folder / "out" / "sub" / "a.txt")
    (folder / "away").mkdir()
    (folder / "back").mkdir()
    (folder / "back" / "sub").symlink_to(folder / "away")
    with pytest.raises(RestoreError, match=r"back/sub: is a link, which may lead out of .*; remove it"):
        restore(folder / "out", folder / "back")
    assert list((folder / "away").iterdir()) == []


def test_restore_replaces_a_link_and_leaves_what_it_leads_to(tmp_path: Path, made: Path) -> None:
    folder = copy_of(made, tmp_path)
    (folder / "back").mkdir()
    (folder / "precious").write_text("precious")
    (folder / "back" / "a.txt").symlink_to(folder / "precious")
    restore(folder / "out", folder / "back", "a.txt")
    assert (folder / "precious").read_text() == "precious"
    assert (folder / "back" / "a.txt").read_bytes() == TEXT.encode()
    assert not (folder / "back" / "a.txt").is_symlink()


@pytest.mark.parametrize("kind", ["fifo", "folder"])
def test_restore_replaces_nothing_that_is_no_file(tmp_path: Path, made: Path, kind: str) -> None:
    folder = copy_of(made, tmp_path)
    (folder / "back").mkdir()
    target = folder / "back" / "a.txt"
    if kind == "fifo":
        os.mkfifo(target)
    else:
        target.mkdir()
    with pytest.raises(RestoreError, match=r"a\.txt: is there already, and is no file; give another folder"):
        restore(folder / "out", folder / "back", "a.txt")
    assert not target.is_file()


def test_a_path_in_the_log_that_leads_to_a_device_is_not_read(tmp_path: Path, made: Path) -> None:
    """/dev/zero has no end."""
    folder, rows = copy_of(made, tmp_path), rows_of(made, FILES)
    rows[0]["path"] = "/dev/zero"
    written(folder, FILES, rows)
    with pytest.raises(RestoreError, match="/dev/zero: is no file"):
        restore(folder / "out", folder / "back", "a.txt")
    with pytest.raises(RestoreError, match="/dev/zero: is no file"):
        show_run(Asked(folder / "out", "a.txt"))


def test_every_field_that_a_run_writes_has_a_type(made: Path) -> None:
    """A new field of a row gets its line in the table, or this fails."""
    known = {
        REMOVALS: {**log_rows._OF_A_SPAN, **log_rows._MORE_OF_A_SPAN},
        VARIANTS: {**log_rows._OF_A_SPAN, **log_rows._MORE_OF_A_SPAN},
        FILES: {**log_rows._ENTRY, **log_rows._MORE_OF_AN_ENTRY, "members": None},
    }
    own = {"block", "level", "paragraphs", "before", "digest", "raw_start", "words", "share", "look"}
    for name, fields in known.items():
        for row in rows_of(made, name):
            assert set(row) <= set(fields) | (own if name == REMOVALS else set())


@pytest.mark.skipif(os.name == "nt", reason="such names cannot be made on Windows")
@pytest.mark.parametrize("name", ["12:30.txt", "a\\b.txt", "zero\ufeffwidth.txt"])
def test_a_log_of_files_with_unusual_names_is_read_again(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_text(TEXT, encoding="utf-8")
    assert run(JobOptions((str(tmp_path / "in"),), tmp_path / "out"), Settings()).exit_code == 0
    restore(tmp_path / "out", tmp_path / "back")
    assert (tmp_path / "back" / name).read_text(encoding="utf-8") == TEXT
