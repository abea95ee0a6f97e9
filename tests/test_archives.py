"""Archives: what is an article in them is cleaned, all else stays byte for byte, and restore gives them back."""

from __future__ import annotations

import io
import json
import os
import stat
import struct
import subprocess
import sys
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from campaign import examples
from hypothesis import assume, given
from hypothesis import strategies as st
from packs import (
    CLEAN,
    FORMATS,
    MIXED,
    ONE,
    PNG,
    REPEATED,
    SUFFIX,
    TWO,
    Case,
    cleaned,
    facts,
    members_of,
    records,
    special,
    tar,
    unpacked,
    zipped,
)  # fmt: skip

from cleaner.errors import RestoreError
from cleaner.formats import zip as zip_format
from cleaner.formats.compression import Compression, compressed, pieces
from cleaner.formats.restore import Only, restore
from cleaner.formats.tar import TarReader, resized

# Any name that stands for a file; of letters, spaces, dots inside, other scripts, and longer than a header has room.
STEMS = st.text(st.sampled_from("ab Zé漢й'\"&-_.()"), min_size=1, max_size=9).filter(
    lambda stem: not stem.startswith(".") and ".." not in stem
)
FOLDERS = st.sampled_from(["", "", "doc/", "./", "a b/ç/", "long" * 30 + "/" + "folder" * 20 + "/"])
LINES = st.lists(st.sampled_from([ONE, TWO, "court\n", "Ещё одна длинная строка.\n"]), max_size=6).map("".join)
CONTENTS = st.one_of(
    st.tuples(st.sampled_from([".txt", ".md"]), LINES.map(str.encode)),
    st.tuples(st.just(".jsonl"), st.lists(LINES, max_size=3).map(lambda texts: records(*texts))),
    st.tuples(st.sampled_from([".png", ".py"]), st.binary(max_size=2000).map(lambda data: PNG[:8] + data)),
)
FILES = st.tuples(FOLDERS, STEMS, CONTENTS).map(lambda drawn: (drawn[0] + drawn[1] + drawn[2][0], drawn[2][1]))


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path, [], [])


@given(
    st.lists(FILES, max_size=8),
    st.sampled_from(FORMATS[1:]),
    st.sampled_from(list(SUFFIX)),
    st.integers(0, 0o7777),
    st.floats(0, 2e9).map(lambda seconds: round(seconds, 3)),
    st.booleans(),
)
@examples(60)
def test_a_tar_archive_keeps_all_but_the_cuts_and_is_given_back(
    files: list[tuple[str, bytes]], form: int, kind: Compression, mode: int, mtime: float, odd: bool
) -> None:
    """Members in their order, with every fact about them; the decompressed original comes back to the byte."""
    time = mtime if form == tarfile.PAX_FORMAT else int(mtime)
    data = tar(files, form, mode=mode, mtime=time, uid=1234567, uname="ünï", gname="group")
    if odd:
        data = special("folder/", tarfile.DIRTYPE) + special("link", tarfile.SYMTYPE, "../../etc/passwd") + data
    with TemporaryDirectory() as name:
        case = Case(Path(name), [], [])
        path = case.root / f"a.tar{SUFFIX[kind]}"
        path.write_bytes(compressed(data, kind))
        assert case.run(path.name).files == 1
        output = unpacked(case.root / "out" / path.name, kind)
        before, after = members_of(data), members_of(output)
        assert [facts(info) for info, _ in after] == [facts(info) for info, _ in before]
        assert [each for _, each in after] == [cleaned(info.name, each) for info, each in before]
        assert len(output) % 512 == 0
        restore(case.root / "out", case.root / "back")
        assert unpacked(case.root / "back" / path.name, kind) == data
        assert not case.left_over()


@given(st.lists(FILES, max_size=8), st.sampled_from([0, 8, 12]), st.binary(max_size=30), st.booleans())
@examples(60)
def test_a_zip_archive_keeps_all_but_the_cuts_and_is_given_back(
    files: list[tuple[str, bytes]], method: int, comment: bytes, streamed: bool
) -> None:
    """As for tar; ``streamed``: its sizes stand behind the contents, as where it was written to a pipe.

    Python's zipfile takes the last end mark in the file, also one that stands in the archive's comment.
    """
    assume(b"PK\x05\x06" not in comment)

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return not streamed

        def seek(self, *args: Any) -> int:
            if streamed:
                raise io.UnsupportedOperation
            return super().seek(*args)

    target = Pipe()
    with zipfile.ZipFile(target, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the same name twice
        archive.comment = comment
        for number, (name, data) in enumerate([("doc/", b""), *files]):
            info = zipfile.ZipInfo(name, (2001, 2, 3, 4, 5, 6))
            info.compress_type, info.external_attr = method, (0o640 | stat.S_IFREG) << 16
            info.comment, info.extra = b"no. %d" % number, b"\x99\x99\x02\x00ab"
            archive.writestr(info, data)
    with TemporaryDirectory() as name:
        case = Case(Path(name), [], [])
        (case.root / "a.zip").write_bytes(target.getvalue())
        assert case.run("a.zip").files == 1
        restore(case.root / "out", case.root / "back")
        original, output, back = (zipfile.ZipFile(case.root / place) for place in ("a.zip", "out/a.zip", "back/a.zip"))
        for archive, change in ((output, cleaned), (back, lambda _, data: data)):
            assert archive.comment == original.comment
            assert [zip_facts(info) for info in archive.infolist()] == [zip_facts(i) for i in original.infolist()]
            for info, old in zip(archive.infolist(), original.infolist(), strict=True):
                assert archive.read(info) == change(old.filename, original.read(old))
        for place in ("out", "back"):
            assert_readable_as_a_stream((case.root / place / "a.zip").read_bytes())
        assert not case.left_over()


def assert_readable_as_a_stream(data: bytes) -> None:
    """Header after header, as readers do that do not look at the directory; the two say the same."""
    at = data.index(b"PK\3\4")
    for info in sorted(zipfile.ZipFile(io.BytesIO(data)).infolist(), key=lambda info: info.header_offset):
        assert at == info.header_offset
        _, _, flags, method, _, _, crc, packed, size, name, extra = struct.unpack_from("<4s5H3L2H", data, at)
        assert (flags, method) == (info.flag_bits, info.compress_type)
        at += 30 + name + extra + info.compress_size
        if flags & 8:
            assert data[at : at + 16] == struct.pack("<4s3L", b"PK\7\10", info.CRC, info.compress_size, info.file_size)
            at += 16
        else:
            assert (crc, packed, size) == (info.CRC, info.compress_size, info.file_size)
    assert data[at : at + 4] == b"PK\1\2"


def zip_facts(info: zipfile.ZipInfo) -> list[Any]:
    names = ("filename", "date_time", "compress_type", "comment", "extra", "external_attr", "internal_attr")
    return [getattr(info, name) for name in (*names, "create_system", "create_version")]


@given(st.sampled_from(FORMATS), st.integers(0, 1 << 40), st.integers(0, 1 << 40), STEMS)
def test_a_header_with_another_size_says_it_and_nothing_else(form: int, size: int, other: int, stem: str) -> None:
    """In every dialect, also where the size has a record of its own (from 8 GB on in pax); and back."""
    if form == tarfile.USTAR_FORMAT:
        size %= 8 << 30
    info = tarfile.TarInfo(stem if form != tarfile.USTAR_FORMAT else "name")
    info.size, info.mtime, info.uname = size, 1.5 if form == tarfile.PAX_FORMAT else 1, "u"
    header = info.tobuf(form)
    changed = resized(header, other)
    assert size_in(changed) == other
    assert resized(header, size) == header
    if size >= other or other < 8 << 30:
        assert resized(changed, size) == header
    assert sum(a != b for a, b in zip(header, changed, strict=False)) < 60


def size_in(header: bytes) -> int:
    """Read by the standard library."""
    archive = tarfile.TarFile.__new__(tarfile.TarFile)
    archive.fileobj, archive.encoding, archive.errors = io.BytesIO(header), "utf-8", "surrogateescape"
    archive.pax_headers, archive.offset, archive.tarinfo = {}, 0, tarfile.TarInfo
    return tarfile.TarInfo.fromtarfile(archive).size


def test_every_header_is_read_as_the_standard_library_reads_it() -> None:
    members = [("a.txt", b"x" * 600), ("漢" * 60 + ".txt", b""), ("b" * 90 + "/" + "c" * 90, b"y" * 512)]
    for form in FORMATS[1:]:
        data = special("folder", tarfile.DIRTYPE) + special("s", tarfile.SYMTYPE, "t" * 200) + tar(members, form)
        reader, found, again = TarReader(iter([data])), [], b""
        while (head := reader.next()) is not None:
            content = b"".join(iter(reader.content, b""))
            found.append((head.name.rstrip("/"), content))
            again += head.header + content + reader.padding(head)
        assert found == [(info.name, each) for info, each in members_of(data)]
        assert again + b"".join(reader.rest()) == data


LEFT = [
    "pic.png: a PNG image; left as it is: leave it out, or extract its text first",
    "code.py: source code or data by its name; left as it is: give --format plain to clean it as text",
    "inner.tar.gz: an archive within an archive; left as it is: unpack it first",
]


@pytest.mark.parametrize(("name", "pack"), [("m.tar", tar), ("m.zip", zipped)])
def test_what_is_no_article_is_copied_and_named(case: Case, name: str, pack: Callable[..., bytes]) -> None:
    """In the words in which a file in a folder is; hidden files are noted; all of it is counted."""
    (case.root / name).write_bytes(pack(MIXED))
    result = case.run(name)
    assert case.said == [f"{case.root}/{name}/{line}" for line in LEFT]
    assert case.notes == [f"{case.root}/{name}: left as they are: hidden files: .git/notes.txt"]
    assert result.tally.skipped == {"not text": 1, "not an article": 1, "archive": 1}
    assert (result.files, result.tally.articles, result.exit_code) == (1, 4, 0)
    assert [(row["file"], row["archive"], row["record"]) for row in case.rows()] == [
        (f"{name}/a.txt", name, None), (f"{name}/d.jsonl", name, 1), (f"{name}/z.txt", name, None)
    ]  # fmt: skip


def test_a_single_member_and_a_single_record_are_given_back(case: Case) -> None:
    (case.root / "m.zip").write_bytes(zipped(MIXED))
    case.run("m.zip")
    out, back = case.root / "out", case.root / "back"
    assert restore(out, back, "m.zip/z.txt") == ["m.zip/z.txt"]
    assert (back / "m.zip/z.txt").read_bytes() == REPEATED
    restore(out, back, Only("m.zip/d.jsonl", record=1))
    assert (back / "m.zip/d.jsonl").read_bytes() == records(ONE * 2)
    with pytest.raises(RestoreError, match=r"m\.zip: is an archive; name the member"):
        restore(out, back, Only("m.zip", record=1))
    with pytest.raises(RestoreError, match=r"m\.zip/pic\.png: not in the log"):
        restore(out, back, "m.zip/pic.png")


@pytest.mark.parametrize("pack", [tar, zipped])
def test_members_of_one_name_are_told_apart(case: Case, pack: Callable[..., bytes]) -> None:
    """In the log by a number behind the name; in the archive they keep it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = pack([("a.txt", REPEATED), ("./a.txt", REPEATED), ("a.txt (2)", b"x"), ("a.txt", REPEATED + b"more")])
    (case.root / "m").write_bytes(data)
    os.rename(case.root / "m", case.root / ("m.tar" if pack is tar else "m.zip"))
    name = "m.tar" if pack is tar else "m.zip"
    case.run(name)
    assert [row["file"] for row in case.rows()] == [f"{name}/a.txt", f"{name}/a.txt (2)", f"{name}/a.txt (3)"]
    restore(case.root / "out", case.root / "back")
    restore(case.root / "out", case.root / "one", f"{name}/a.txt (3)")
    assert (case.root / "one" / name / "a.txt (3)").read_bytes() == REPEATED + b"more"
    if pack is tar:
        assert (case.root / "back" / name).read_bytes() == data


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.txt.xz", "a.jsonl"])
@pytest.mark.parametrize("form", ["tar", "tar.zst", "zip"])
def test_compressed_members_are_cleaned(case: Case, name: str, form: str) -> None:
    """By name, or by content where the name does not say so; they come out compressed as they were."""
    kind: Compression = "xz" if name.endswith("xz") else "gz"
    text, new = (REPEATED, CLEAN) if ".txt" in name else (records(REPEATED.decode()), records(CLEAN.decode()))
    members = [(name, compressed(text, kind)), ("b.txt", REPEATED)]
    data = zipped(members) if form == "zip" else compressed(tar(members), "zst" if "zst" in form else "")
    (case.root / f"m.{form}").write_bytes(data)
    assert case.run(f"m.{form}").tally.articles == 2
    assert not case.said
    restore(case.root / "out", case.root / "back")
    for place, expected in ((case.root / "out", new), (case.root / "back", text)):
        path = place / f"m.{form}"
        if form == "zip":
            found = zipfile.ZipFile(path).read(name)
        else:
            data = unpacked(path, "zst" if "zst" in form else "")
            found = {info.name: each for info, each in members_of(data)}[name]
        assert b"".join(pieces(io.BytesIO(found), kind)) == expected


def test_a_zip_archive_with_large_numbers(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit into 32 bits is written as the standard says, and read again by the standard library."""
    monkeypatch.setattr(zip_format, "_BIG", 60)
    monkeypatch.setattr(zip_format, "_MANY", 2)
    members = [("a.txt", REPEATED), ("pic.png", PNG), ("z.txt", REPEATED)]
    (case.root / "m.zip").write_bytes(zipped(members, zipfile.ZIP_STORED))
    case.run("m.zip")
    output = (case.root / "out/m.zip").read_bytes()
    assert b"PK\6\6" in output
    archive = zipfile.ZipFile(io.BytesIO(output))
    assert archive.testzip() is None
    assert [archive.read(info) for info in archive.infolist()] == [CLEAN, PNG, CLEAN]


def test_a_zip_archive_with_its_directory_in_another_order(case: Case) -> None:
    """Both orders stay: that of the contents, and that in which members are listed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in [("a.txt", REPEATED), ("pic.png", PNG), ("z.txt", REPEATED + b"more")]:
            archive.writestr(name, data)
        archive.filelist.reverse()
    (case.root / "m.zip").write_bytes(target.getvalue())
    case.run("m.zip")
    restore(case.root / "out", case.root / "back")
    for place, first in (("out", CLEAN), ("back", REPEATED)):
        data = (case.root / place / "m.zip").read_bytes()
        archive = zipfile.ZipFile(io.BytesIO(data))
        assert [(info.filename, archive.read(info)) for info in archive.infolist()] == [
            ("z.txt", first + b"more"), ("pic.png", PNG), ("a.txt", first)
        ]  # fmt: skip
        assert_readable_as_a_stream(data)


def test_what_stands_before_a_zip_archive_stays(case: Case) -> None:
    """As in an archive that unpacks itself."""
    (case.root / "m.zip").write_bytes(b"#!/bin/sh\n" + zipped(MIXED))
    case.run("m.zip")
    output = (case.root / "out/m.zip").read_bytes()
    assert output.startswith(b"#!/bin/sh\n")
    assert zipfile.ZipFile(io.BytesIO(output)).read("z.txt") == CLEAN


def test_headers_as_old_programs_write_them_are_written_so_again(case: Case) -> None:
    """Numbers filled with spaces, no sign of a format, folders told by their names: Unix of 1979."""

    def header(name: bytes, size: int) -> bytes:
        block = (
            name.ljust(100, b"\0") + b"   644 \0" + b"     0 \0" * 2 + b"%11o %11o " % (size, 1) + b" " * 8 + bytes(356)
        )
        return block[:148] + b"%6o\0 " % sum(block) + block[156:]

    data = (
        header(b"doc/", 0) + header(b"doc/a.txt", len(REPEATED)) + REPEATED + bytes(-len(REPEATED) % 512) + bytes(1024)
    )
    (case.root / "m.tar").write_bytes(data)
    case.run("m.tar")
    output = (case.root / "out/m.tar").read_bytes()
    assert output == header(b"doc/", 0) + header(b"doc/a.txt", len(CLEAN)) + CLEAN + bytes(-len(CLEAN) % 512) + bytes(
        1024
    )
    assert [each for _, each in members_of(output)] == [b"", CLEAN]
    restore(case.root / "out", case.root / "back")
    assert (case.root / "back/m.tar").read_bytes() == data


def test_a_tar_archive_from_a_stream_to_a_stream(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Known by its content; a zip archive has its directory at the end, and cannot be read so."""
    data = tar([("a.txt", REPEATED), ("pic.png", PNG)])
    for sent, kind in ((compressed(data, "gz"), "gz"), (data, "")):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(sent)))
        stdout = io.BytesIO()
        assert case.run("-", out=None, stdout=stdout).exit_code == 0
        output = b"".join(pieces(io.BytesIO(stdout.getvalue()), kind))  # type: ignore[arg-type]
        assert [each for _, each in members_of(output)] == [CLEAN, PNG]
    case.said.clear()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(zipped(MIXED))))
    assert case.run("-", out=None, stdout=io.BytesIO()).exit_code == 2
    assert case.said[0].startswith("standard input: a ZIP archive or an office document; left as it is: ")


def test_an_archive_cleaned_anew_loses_its_old_rows(case: Case) -> None:
    (case.root / "m.tar").write_bytes(tar(MIXED))
    (case.root / "o.tar").write_bytes(tar(MIXED))
    case.run("m.tar", "o.tar")
    new = tar([("b.txt", REPEATED)])
    (case.root / "m.tar").write_bytes(new)
    case.run("m.tar")
    assert [row["file"] for row in case.rows() if row["archive"] == "m.tar"] == ["m.tar/b.txt"]
    assert len([row for row in case.rows() if row["archive"] == "o.tar"]) == 3
    restore(case.root / "out", case.root / "back")
    assert (case.root / "back/m.tar").read_bytes() == new
    assert (case.root / "back/o.tar").read_bytes() == tar(MIXED)


def test_workers_and_batches_change_nothing(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    members = [(f"{number}/{name}", data) for number in range(30) for name, data in MIXED]
    (case.root / "m.tar.gz").write_bytes(compressed(tar(members), "gz"))
    case.run("m.tar.gz")
    monkeypatch.setattr("cleaner.formats.steps.MANY", 3)
    monkeypatch.setattr("cleaner.formats.archives._ALONG", 100)
    case.run("m.tar.gz", workers=2, out=case.root / "two")
    assert unpacked(case.root / "two/m.tar.gz", "gz") == unpacked(case.root / "out/m.tar.gz", "gz")
    for log in ("removals.jsonl", "files.jsonl"):
        assert (case.root / "two/_cleaner" / log).read_bytes() == (case.root / "out/_cleaner" / log).read_bytes()


def test_cleaning_twice_changes_nothing_the_second_time(case: Case) -> None:
    encoded = "Сегодня хорошая погода, и дети гуляют.\nЗавтра обещают дождь и ветер.\n" * 2
    (case.root / "m.tar").write_bytes(tar([*MIXED, ("ru.txt", encoded.encode("cp1251"))]))
    case.run("m.tar")
    result = case.run("out/m.tar", out=case.root / "again")
    assert (result.tally.articles, result.tally.changed) == (5, 0)
    assert (case.root / "again/m.tar").read_bytes() == (case.root / "out/m.tar").read_bytes()


def test_large_members_are_never_held_whole(case: Case) -> None:
    """200 MB of pictures and 100 MB of records pass through in less memory than that."""
    script = f"""
import resource, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
import toy
from cleaner.job import JobOptions, run
from cleaner.settings import Settings
run(JobOptions(({str(case.root / "m.tar")!r},), Path({str(case.root / "out")!r}), workers=1), Settings(), toy.clean)
# ru_maxrss would be that of the process this one was forked from
print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))
"""
    line = json.dumps({"text": "Une phrase de quelques mots. " * 3000}).encode() + b"\n"
    with open(case.root / "m.tar", "wb") as stream, tarfile.open(fileobj=stream, mode="w") as archive:
        for name, size, block in (("pic.png", 200 << 20, PNG[:8] + bytes(1016)), ("d.jsonl", 100 << 20, line)):
            info = tarfile.TarInfo(name)
            info.size = size // len(block) * len(block)
            archive.addfile(info, Endless(block))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 250_000, "kB"


class Endless(io.RawIOBase):
    def __init__(self, block: bytes) -> None:
        self.block = block
        self.at = 0

    def read(self, size: int = -1) -> bytes:
        start = self.at % len(self.block)
        self.at += size
        return (self.block * (size // len(self.block) + 2))[start : start + size]
