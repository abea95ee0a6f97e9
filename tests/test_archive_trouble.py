"""Archives that are hostile, broken, edited, or met where they cannot be cleaned: clear lines, nothing half done."""

from __future__ import annotations

import copy
import io
import json
import os
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packs import (
    CLEAN,
    MIXED,
    PNG,
    REPEATED,
    Case,
    facts,
    members_of,
    records,
    special,
    tar,
    unpacked,
    zipped,
)

from cleaner.errors import RestoreError, SettingsError
from cleaner.formats import article, compression, expanding, reading
from cleaner.formats.compression import compressed
from cleaner.formats.removal_log import Entry
from cleaner.formats.restore import digest_of_output, restore


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path, [], [])


HOSTILE = (
    special("out", tarfile.SYMTYPE, "/etc") + special("passwd", tarfile.LNKTYPE, "/etc/passwd")
    + special("null", tarfile.CHRTYPE) + special("fifo", tarfile.FIFOTYPE) + special("folder", tarfile.DIRTYPE)
    + special("sparse", tarfile.GNUTYPE_SPARSE) + special("volume", b"V")
)  # fmt: skip


def test_a_hostile_tar_archive_touches_nothing_outside_and_comes_through(case: Case) -> None:
    """Names that point out, links, devices: each kind is named in one line, and nothing is unpacked."""
    evil = [("../evil.txt", REPEATED), ("/etc/evil.txt", REPEATED), ("a/../../evil.txt", REPEATED), ("c:\\e.txt", b"")]
    data = HOSTILE + tar([*evil, ("out/evil.txt", REPEATED)])
    (case.root / "m.tar").write_bytes(data)
    assert case.run("m.tar").exit_code == 0
    outside = "members whose names point out of the folder they are unpacked to"
    assert sorted(note.removeprefix(f"{case.root}/m.tar: left as they are: ") for note in case.notes) == [
        "devices: null", "links: out, passwd", "members of an unknown kind: volume",
        f"{outside}: ../evil.txt, /etc/evil.txt, a/../../evil.txt and 1 more", "pipes: fifo", "sparse files: sparse",
    ]  # fmt: skip
    assert {path.name for path in case.root.iterdir()} == {"m.tar", "out"}
    before, after = members_of(data), members_of((case.root / "out/m.tar").read_bytes())
    assert [facts(info) for info, _ in after] == [facts(info) for info, _ in before]
    assert [each for _, each in after] == [*(each for _, each in before[:-1]), CLEAN]


def test_an_entry_in_the_log_that_points_out_is_refused(case: Case) -> None:
    (case.root / "m.tar").write_bytes(tar(MIXED))
    case.run("m.tar")
    log = case.root / "out/_cleaner/files.jsonl"
    log.write_text(log.read_text().replace("m.tar/a.txt", "m.tar/../../a.txt"))
    with pytest.raises(RestoreError, match="not a path below the output folder"):
        restore(case.root / "out", case.root / "back", "m.tar/../../a.txt")


@pytest.mark.parametrize("form", ["tar", "tar.gz", "zip"])
@pytest.mark.parametrize("large", [False, True])
def test_a_damaged_member_stays_as_it_is_and_stops_no_other(
    case: Case, form: str, large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the damage shows when its first records are done, and more was read than is held."""
    if large:
        monkeypatch.setattr(compression, "PIECE", 256)
        monkeypatch.setattr("cleaner.formats.archives._HELD", 500)
        monkeypatch.setattr(reading, "BATCH", 2000)
        monkeypatch.setattr(reading.line_batches, "__defaults__", (2000, ""))
    broken = compressed(b"".join(records(os.urandom(20).hex() + REPEATED.decode()) for _ in range(200)), "gz")[:-500]
    members = [("a.txt", REPEATED), ("m.jsonl.gz", broken), ("z.txt", REPEATED)]
    data = zipped(members) if form == "zip" else compressed(tar(members), "gz" if "gz" in form else "")
    (case.root / f"m.{form}").write_bytes(data)
    result = case.run(f"m.{form}")
    path = f"{case.root}/m.{form}/m.jsonl.gz"
    assert case.said == [f"{path}: the gzip data ends too early; left as it is: get it again"]
    assert (result.files, result.tally.articles, result.exit_code) == (1, 2, 0)
    assert result.tally.skipped == {"unreadable": 1}
    assert {row["file"] for row in case.rows()} == {f"m.{form}/a.txt", f"m.{form}/z.txt"}
    output = case.root / "out" / f"m.{form}"
    if form == "zip":
        found = [(info.filename, zipfile.ZipFile(output).read(info)) for info in zipfile.ZipFile(output).infolist()]
    else:
        found = [(info.name, each) for info, each in members_of(unpacked(output, "gz" if "gz" in form else ""))]
    assert found == [("a.txt", CLEAN), ("m.jsonl.gz", broken), ("z.txt", CLEAN)]
    restore(case.root / "out", case.root / "back")


def overlapping() -> bytes:
    """Two entries for one content, from which bombs are made."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", REPEATED)
        again = copy.copy(archive.filelist[0])
        again.filename = again.orig_filename = "b.txt"
        archive.filelist.append(again)
    return target.getvalue()


MANY = tar([(f"{number}.txt", REPEATED + os.urandom(300).hex().encode()) for number in range(40)])


def edited(data: bytes, name: bytes, at: int, value: bytes) -> bytes:
    """A zip archive with other bytes in the local header of ``name`` and in its directory entry."""
    local = data.index(b"PK\3\4", data.index(name) - 30)
    entry = data.rindex(b"PK\1\2", 0, data.rindex(name))
    for start in (local + at, entry + at + 2):
        data = data[:start] + value + data[start + len(value) :]
    return data


def test_a_member_with_a_header_that_could_not_be_written_again_stays(case: Case) -> None:
    """Here a size with zeros behind its end."""
    data = bytearray(tar([("a.txt", REPEATED), ("z.txt", REPEATED)], tarfile.GNU_FORMAT))
    data[124:136] = b"%05o\0007777\0\0" % len(REPEATED)
    data[148:156] = b"%06o\0 " % (sum(data[:148]) + 8 * 32 + sum(data[156:512]))
    (case.root / "m.tar").write_bytes(data)
    case.run("m.tar")
    assert case.notes == [f"{case.root}/m.tar: left as they are: members with unusual headers: a.txt"]
    assert [each for _, each in members_of((case.root / "out/m.tar").read_bytes())] == [REPEATED, CLEAN]
    restore(case.root / "out", case.root / "back")
    assert (case.root / "back/m.tar").read_bytes() == data


def test_a_header_that_claims_gigabytes_is_not_read(case: Case) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 3 << 30
    (case.root / "m.tar").write_bytes(special("folder", tarfile.DIRTYPE) + info.tobuf(tarfile.GNU_FORMAT) + bytes(2048))
    case.run("m.tar")
    (line,) = case.said
    assert "m.tar: damaged: a header of 3,221,225,984 bytes at byte 1,024 of the tar archive; " in line


def test_archives_are_not_cleaned_in_place(case: Case) -> None:
    """One that is named is refused before anything is done, one in a folder is left out and said."""
    (case.root / "in").mkdir()
    (case.root / "in/m.tgz").write_bytes(compressed(tar(MIXED), "gz"))
    (case.root / "in/hidden tar").write_bytes(tar(MIXED))
    (case.root / "in/z.txt").write_bytes(REPEATED)
    with pytest.raises(
        SettingsError, match=r"m\.tgz: archives are not cleaned in place; give a folder with -o instead"
    ):
        case.run("in/m.tgz", in_place=True, out=case.root)
    case.run("in", in_place=True, out=case.root)
    assert case.notes == [f"{case.root}/in: left out archives, which are not cleaned in place: {case.root}/in/m.tgz"]
    fix = "give a folder with -o instead"
    assert case.said == [f"{case.root}/in/hidden tar: an archive, which is not cleaned in place; {fix}"]
    assert (case.root / "in/z.txt").read_bytes() == CLEAN
    assert (case.root / "in/hidden tar").read_bytes() == tar(MIXED)


@pytest.mark.parametrize("name", ["m.tar", "m.zip"])
def test_a_dry_run_and_a_limit_write_no_archive(case: Case, name: str) -> None:
    (case.root / name).write_bytes(tar(MIXED) if name == "m.tar" else zipped(MIXED))
    assert case.run(name, dry_run=True).tally.changed == 3
    assert not (case.root / "out" / name).exists()
    assert len(case.rows()) == 3
    assert case.run(name, max_removed=0.01, out=case.root / "held").over_limit
    assert not (case.root / "held").exists()
    assert case.run(name, max_removed=0.99, out=case.root / "held").files == 1
    assert (case.root / "held" / name).exists()


def test_strict_stops_at_the_first_problem_and_writes_nothing_of_the_archive(case: Case) -> None:
    (case.root / "m.tar").write_bytes(tar(MIXED))
    (case.root / "z.txt").write_bytes(REPEATED)
    result = case.run("m.tar", "z.txt", strict=True)
    assert (result.stopped, result.files) == (True, 0)
    assert [path.name for path in (case.root / "out").iterdir()] == ["_cleaner"]


def test_a_fault_in_one_member_leaves_it_as_it_is(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(data: bytes, file: str, *rest: Any) -> Any:
        if file.endswith("b.txt"):
            raise ZeroDivisionError("a fault")
        return article.clean_article(data, file, *rest)

    monkeypatch.setattr("cleaner.formats.steps.clean_article", faulty)
    (case.root / "m.tar").write_bytes(tar([("a.txt", REPEATED), ("b.txt", REPEATED), ("c.txt", REPEATED)]))
    (case.root / "z.txt").write_bytes(REPEATED)
    result = case.run("m.tar", "z.txt")
    (line,) = case.said
    assert line.startswith(f"{case.root}/m.tar/b.txt: internal error (ZeroDivisionError in formats/steps.py:")
    assert line.endswith(": a fault); the file is left as it was: please report it")
    assert (result.files, result.failed, result.exit_code) == (2, 0, 2)
    assert [row["file"] for row in case.rows()] == ["m.tar/a.txt", "m.tar/c.txt", "z.txt"]
    cleaned = [data for _, data in members_of((case.root / "out/m.tar").read_bytes())]
    assert [data == REPEATED for data in cleaned] == [False, True, False]


@pytest.mark.parametrize("name", ["m.tar", "m.zip"])
def test_an_archive_that_was_edited_is_not_given_back(case: Case, name: str) -> None:
    """Be it a changed member, which is named, another one, or the members themselves."""
    pack = tar if name == "m.tar" else zipped
    (case.root / name).write_bytes(pack(MIXED))
    case.run(name)
    output = case.root / "out" / name
    if name == "m.tar":
        members = [(info.name, each) for info, each in members_of(output.read_bytes())]
    else:
        members = [(each, zipfile.ZipFile(output).read(each)) for each in zipfile.ZipFile(output).namelist()]
    edits: list[tuple[list[tuple[str, bytes]], str]] = [
        (
            [(each, data.replace("deuxième".encode(), b"seconde")) for each, data in members],
            rf"{name}/a\.txt: the text",
        ),
        ([(each, data.replace(b"x = 1", b"x = 2")) for each, data in members], rf"{name}: was edited since"),
        (members[1:], rf"{name}: was edited since"),
        ([*members, ("more.txt", b"more")], rf"{name}: was edited since"),
    ]
    (entry,) = map(Entry.of, map(json.loads, (case.root / "out/_cleaner/files.jsonl").read_bytes().splitlines()))
    assert digest_of_output(output, entry) == entry.digest_out
    for edit, message in edits:
        output.write_bytes(pack(edit))
        assert digest_of_output(output, entry) != entry.digest_out
        with pytest.raises(RestoreError, match=message):
            restore(case.root / "out", case.root / "back")
        assert not (case.root / "back" / name).exists()


@pytest.mark.parametrize(
    ("form", "data", "problem"),
    [
        ("tar", b"no archive at all, but words " * 40, "not a tar archive"),
        ("tar", MANY[:-12_000], "the tar archive ends too early"),
        ("tar", MANY[:15_400] + b"x" + MANY[15_401:], "damaged: no header at byte 15,360 of the tar archive"),
        ("tar.gz", compressed(MANY, "gz")[:-500], "the gzip data ends too early"),
        ("tar.xz", compressed(MANY, "xz")[:-500], "the xz data ends too early"),
        ("tar.bz2", compressed(MANY, "bz2")[:-500], "the bzip2 data ends too early"),
        ("zip", zipped([("a.txt", REPEATED)])[:-30], "not a zip archive that can be read (File is not a zip file)"),
        ("zip", overlapping(), "not a zip archive that can be read (its members lie over each other: 'a.txt')"),
    ],
)
def test_a_broken_archive_is_one_line_and_nothing_of_it_is_written(
    case: Case, form: str, data: bytes, problem: str
) -> None:
    """What was cleaned of it before is in no output, log or count; the next file is done."""
    (case.root / f"m.{form}").write_bytes(data)
    (case.root / "z.txt").write_bytes(REPEATED)
    result = case.run(f"m.{form}", "z.txt")
    fix = "get it again; nothing of it was written"
    assert case.said == [f"{case.root}/m.{form}: {problem}; {fix}"]
    assert (result.files, result.failed, result.exit_code, result.tally.articles) == (1, 1, 2, 1)
    assert [row["file"] for row in case.rows()] == ["z.txt"]
    assert sorted(path.name for path in (case.root / "out").iterdir()) == ["_cleaner", "z.txt"]
    assert not case.left_over()


@pytest.mark.parametrize(
    ("at", "value", "problem", "reason"),
    [
        (6, b"\1\0", "encrypted; left as it is: unpack it first", "encrypted"),
        (8, b"\x0e\0", "packed by a method that is not read here (number 14); left as it is: unpack it first",
         "unknown method"),
        (14, b"\1\2\3\4", "damaged: its size or checksum is not what the zip archive says; left as it is: get it again",
         "unreadable"),
    ],
)  # fmt: skip
def test_a_zip_member_that_cannot_be_read_is_copied_as_it_is(
    case: Case, at: int, value: bytes, problem: str, reason: str
) -> None:
    data = edited(zipped([("a.txt", REPEATED), ("bad.txt", REPEATED), ("z.txt", REPEATED)]), b"bad.txt", at, value)
    (case.root / "m.zip").write_bytes(data)
    result = case.run("m.zip")
    assert case.said == [f"{case.root}/m.zip/bad.txt: {problem}"]
    assert (result.tally.skipped, result.exit_code) == ({reason: 1}, 0)
    output = (case.root / "out/m.zip").read_bytes()
    begin, end = data.index(b"PK\3\4", 30), data.index(b"PK\3\4", data.index(b"bad.txt"))
    assert data[begin:end] in output, "the very bytes"
    assert zipfile.ZipFile(io.BytesIO(output)).read("z.txt") == CLEAN
    restore(case.root / "out", case.root / "back")


@pytest.mark.parametrize("form", ["tar", "tar.gz", "zip"])
def test_a_bomb_in_an_archive_stays_packed_and_stops_no_other(
    case: Case, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expanding, "FREE", 100_000)
    text = os.urandom(30_000).hex().encode()  # so that the archive itself is none
    if form == "zip":
        data, name = zipped([("a.txt", REPEATED), ("m.txt", bytes(20 << 20)), ("z.txt", REPEATED)]), "m.txt"
    else:
        bomb = compressed(bytes(20 << 20), "xz")
        data, name = tar([("a.txt", REPEATED), ("m.txt.xz", bomb), ("r.txt", text), ("z.txt", REPEATED)]), "m.txt.xz"
    (case.root / f"m.{form}").write_bytes(compressed(data, "gz") if form == "tar.gz" else data)
    result = case.run(f"m.{form}")
    (line,) = case.said
    assert line.startswith(f"{case.root}/m.{form}/{name}: expands to more than 1,000 times its size (")
    assert line.endswith("; left as it is: if it is meant to be so, allow its size with --max-expanded")
    assert (result.files, result.tally.changed, result.tally.skipped) == (1, 2, {"unreadable": 1})
    restore(case.root / "out", case.root / "back")


def test_an_archive_that_is_a_bomb_is_not_written(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expanding, "FREE", 100_000)
    (case.root / "m.tar.xz").write_bytes(
        compressed(tar([("a.txt", REPEATED), ("pic.png", PNG + bytes(20 << 20))]), "xz")
    )
    result = case.run("m.tar.xz")
    (line,) = case.said
    assert line.startswith(f"{case.root}/m.tar.xz: expands to more than 1,000 times its size (")
    assert (result.files, result.failed, case.rows()) == (0, 1, [])


def test_an_allowed_size_is_that_of_all_members_together(case: Case) -> None:
    (case.root / "m.zip").write_bytes(zipped([(f"{number}.txt", REPEATED) for number in range(10)]))
    assert case.run("m.zip", max_expanded=len(REPEATED) * 10).tally.articles == 10
    assert case.run("m.zip", max_expanded=len(REPEATED) * 6).tally.articles == 6
    assert len(case.said) == 4
