"""WET, WARC and MediaWiki through a whole run: JSONL comes out, is cleaned, and comes back as it was before that."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
from test_mediawiki import HEAD
from test_mediawiki import page as wiki_page
from test_web_archive import page, record, wet
from toy import clean

from cleaner.cli.printing import summary
from cleaner.errors import SettingsError
from cleaner.formats.files import Format, format_of, output_name
from cleaner.formats.restore import Only, restore
from cleaner.formats.work import Events
from cleaner.job import JobOptions, run
from cleaner.report.counts import RunResult, report
from cleaner.settings import Settings

pytest.importorskip("resiliparse")

ONE, TWO = "Une première phrase assez longue.", "Une deuxième, assez longue."
REPEATED, CLEAN = f"{ONE}\n\n{TWO}\n\n{ONE}", f"{ONE}\n\n{TWO}\n\n"
HTML = f"<article><p>{ONE}</p><p>{TWO}</p><p>{ONE}</p></article>".encode()
DUMPS = {
    "x.warc.wet": record("warcinfo", b"a: b") + wet(REPEATED) + wet("short"),
    "x.warc": page(HTML) + page(HTML, status="404 Not Found") + page(b"<p>short"),
    "x.xml": (HEAD + wiki_page(REPEATED) + wiki_page("{{a}}") + wiki_page("short", id=8) + "</mediawiki>").encode(),
}
LEFT_OUT = {
    "x.warc.wet": {"warcinfo records": 1},
    "x.warc": {"responses with status 4xx": 1},
    "x.xml": {"pages without text": 1},
}


def cleaned(*inputs: Path, out: Path | None, said: list[str] | None = None, **options: Any) -> RunResult:
    tell = said.append if said is not None else lambda _: None
    events = Events(problem=lambda each: tell(str(each)), note=tell)
    stdout = options.pop("stdout", None)
    wanted = JobOptions(tuple(map(str, inputs)), out, **({"workers": 1} | options))
    return run(wanted, Settings(), clean, events=events, stdout=stdout)


def put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def texts(lines: bytes) -> list[str]:
    return [json.loads(line)["text"] for line in lines.splitlines()]


@pytest.mark.parametrize("suffix", ["", ".gz", ".bz2"])
@pytest.mark.parametrize("name", DUMPS)
def test_a_dump_comes_out_as_jsonl_compressed_as_it_was(name: str, suffix: str, tmp_path: Path) -> None:
    pack, unpack = {
        "": (bytes, bytes),
        ".gz": (gzip.compress, gzip.decompress),
        ".bz2": (bz2.compress, bz2.decompress),
    }[suffix]
    path, out = put(tmp_path / "in" / (name + suffix), pack(DUMPS[name])), tmp_path / "out"
    said: list[str] = []
    result = cleaned(path, out=out, said=said)
    target = f"{name}.jsonl{suffix}"
    assert texts(unpack((out / target).read_bytes())) == [CLEAN, "short"]
    assert (said, result.tally.articles, dict(result.tally.left_out)) == ([], 2, LEFT_OUT[name])
    assert not result.tally.skipped
    kinds = ", ".join(f"{count} {kind}" for kind, count in LEFT_OUT[name].items())
    assert summary(report(result, Settings()))[1:] == [f"left out, since they are no articles: {kinds}"]
    (row,) = map(json.loads, (out / "_cleaner" / "removals.jsonl").read_text().splitlines())
    assert (row["file"], row["record"], row["line"], row["text_line"]) == (target, 1, 1, 5)
    (entry,) = map(json.loads, (out / "_cleaner" / "files.jsonl").read_text().splitlines())
    assert (entry["format"], entry["text_field"], entry["id_field"]) == ("jsonl", "text", "id")
    assert json.loads((out / "_cleaner" / "report.json").read_text())["left_out"] == LEFT_OUT[name]


@pytest.mark.parametrize("name", DUMPS)
def test_restoring_gives_the_lines_before_they_were_cleaned(name: str, tmp_path: Path) -> None:
    """For the whole file and for one record; the fields that the run was told are those of its other inputs."""
    path, out = put(tmp_path / name, DUMPS[name]), tmp_path / "out"
    cleaned(path, out=out, text_field="body", id_field="key", text_format="markdown")
    assert texts((out / f"{name}.jsonl").read_bytes()) == [CLEAN, "short"]
    entry = json.loads((out / "_cleaner" / "files.jsonl").read_text())
    assert (entry["text_field"], entry["id_field"]) == ("text", "id")
    restore(out, tmp_path / "back")
    assert texts((tmp_path / "back" / f"{name}.jsonl").read_bytes()) == [REPEATED, "short"]
    restore(out, tmp_path / "one", Only(f"{name}.jsonl", record=1))
    assert texts((tmp_path / "one" / f"{name}.jsonl").read_bytes()) == [REPEATED]


@pytest.mark.parametrize("name", DUMPS)
def test_the_output_is_cleaned_as_jsonl_and_nothing_more_is_found(name: str, tmp_path: Path) -> None:
    cleaned(put(tmp_path / name, DUMPS[name]), out=tmp_path / "out")
    again = cleaned(tmp_path / "out" / f"{name}.jsonl", out=tmp_path / "again")
    assert (again.tally.articles, again.tally.changed) == (2, 0)
    assert (tmp_path / "again" / f"{name}.jsonl").read_bytes() == (tmp_path / "out" / f"{name}.jsonl").read_bytes()


@pytest.mark.parametrize("name", DUMPS)
def test_batches_and_workers_change_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = DUMPS[name].removesuffix(b"</mediawiki>")
    path = put(tmp_path / name, data + data * 20)
    cleaned(path, out=tmp_path / "one")
    for module in ("web_archive", "mediawiki", "parts"):
        __import__(f"cleaner.formats.{module}")
    monkeypatch.setattr("cleaner.formats.transcoding.BATCH", 1000)
    cleaned(path, out=tmp_path / "two", workers=2)
    for file in (f"{name}.jsonl", "_cleaner/removals.jsonl", "_cleaner/files.jsonl"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file


@pytest.mark.parametrize("name", DUMPS)
def test_known_by_content_where_the_name_says_nothing(name: str, tmp_path: Path) -> None:
    inputs = [
        put(tmp_path / "in" / "dump", DUMPS[name]),
        put(tmp_path / "in" / "part.0001", gzip.compress(DUMPS[name])),
    ]
    cleaned(*inputs, out=tmp_path / "out")
    assert texts((tmp_path / "out" / "dump.jsonl").read_bytes()) == [CLEAN, "short"]
    assert texts(gzip.decompress((tmp_path / "out" / "part.0001.jsonl").read_bytes())) == [CLEAN, "short"]


@pytest.mark.parametrize("name", DUMPS)
def test_through_standard_input_and_output(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for out in (None, tmp_path / "out"):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(DUMPS[name])))
        stdout = io.BytesIO()
        cleaned(Path("-"), out=out, stdout=stdout)
        assert texts(stdout.getvalue() if out is None else (out / "stdin.jsonl").read_bytes()) == [CLEAN, "short"]


@pytest.mark.parametrize("name", ["talk.srt", "talk.VTT", "talk.srt.gz"])
def test_subtitles_are_named_and_left_as_they_are(tmp_path: Path, name: str) -> None:
    """A cue that rolls says again what the one before said: it would be emptied."""
    path = put(tmp_path / name, b"WEBVTT\n\n00:00.1 --> 00:00.2\nwelcome\n")
    said: list[str] = []
    result = cleaned(path, out=tmp_path / "out", said=said)
    what = "subtitles by its name, where a cue may say again what the one before said"
    assert said == [f"{path}: {what}; left as it is: take the text of its cues out first"]
    assert result.exit_code == 2


@pytest.mark.parametrize("data", [b"", b"\n \n"])
def test_where_no_article_is_found_the_exit_code_says_so(tmp_path: Path, data: bytes) -> None:
    assert cleaned(put(tmp_path / "x.jsonl", data), out=tmp_path / "out").exit_code == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"<p>{ONE}</p>\n\n<p>{TWO}</p>", True),
        (f"{ONE}<br>\n{TWO}<br/>\n", True),
        (f"{ONE}\n\n{TWO} <p> is a tag, and </p> ends it.", False),
        (f"{ONE}\n\n{TWO}", False),
    ],
)
def test_html_in_a_field_is_named_once_with_the_setting(tmp_path: Path, text: str, told: bool) -> None:
    lines = b"".join(json.dumps({"text": text}).encode() + b"\n" for _ in range(3))
    result = cleaned(put(tmp_path / "x.jsonl", lines), out=tmp_path / "out")
    said = "3 of 3 articles hold HTML, read as plain text: give --text-format html"
    assert list(result.notes) == [said] * told
    assert not cleaned(tmp_path / "x.jsonl", out=tmp_path / "o2", text_format="html").notes


def test_an_xml_file_that_is_no_dump_is_left_as_it_is(tmp_path: Path) -> None:
    path = put(tmp_path / "x.xml", b"<?xml version='1.0'?><feed><mediawiki/></feed>")
    said: list[str] = []
    cleaned(path, out=tmp_path / "out", said=said)
    assert said == [f"{path}: source code or data by its name; left as it is: give --format plain to clean it as text"]
    assert (tmp_path / "out" / "x.xml").read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("name", "format", "wanted"),
    [
        ("a.warc.wet.gz", "wet", "a.warc.wet.jsonl.gz"), ("a.warc", "warc", "a.warc.jsonl"),
        ("b/a.xml.BZ2", "mediawiki", "b/a.xml.jsonl.BZ2"), ("a.jsonl.gz", "warc", "a.jsonl.gz"),
        ("a", "warc", "a.jsonl"), ("a.txt.gz", "plain", "a.txt.gz"), ("a.parquet", "parquet", "a.parquet"),
    ],
)  # fmt: skip
def test_names_of_outputs(name: str, format: Format, wanted: str) -> None:
    assert output_name(name, format) == wanted
    assert output_name(wanted, format) == wanted


@pytest.mark.parametrize(
    ("head", "format"),
    [
        (b"WARC/1.0\r\nWARC-Type: warcinfo\r\n", "warc"),
        (b"WARC/1.1\r\nA: b\r\n\r\n\r\n\r\nWARC/1.1\r\nWARC-Type: conversion\r\n", "wet"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<mediawiki xmlns="a">', "mediawiki"),
        (b"PAR1\x15\x04", "parquet"),
        (b"WARC/ is a format", "plain"),
        (b"The <mediawiki> element", "plain"),
    ],
)
def test_formats_by_content(head: bytes, format: Format) -> None:
    assert format_of(head) == format


def test_two_inputs_for_one_output_are_refused(tmp_path: Path) -> None:
    put(tmp_path / "in" / "x.warc", DUMPS["x.warc"])
    put(tmp_path / "in" / "x.warc.jsonl", b"")
    with pytest.raises(SettingsError, match=r"would both be written to x\.warc\.jsonl"):
        cleaned(tmp_path / "in", out=tmp_path / "out")


def test_in_place_there_is_no_place_for_them(tmp_path: Path) -> None:
    """Given by name it is refused; in a folder it is left out, and said."""
    path, text = put(tmp_path / "in" / "x.warc", DUMPS["x.warc"]), put(tmp_path / "in" / "a.txt", REPEATED.encode())
    with pytest.raises(SettingsError, match=r"x\.warc: comes out as JSONL, which cannot stand in its place; give"):
        cleaned(path, out=tmp_path / "log", in_place=True)
    said: list[str] = []
    cleaned(tmp_path / "in", out=tmp_path / "log", in_place=True, said=said)
    assert said == [
        f"{path}: left out: it comes out as JSONL, which cannot stand in its place; give a folder with -o instead"
    ]
    assert path.read_bytes() == DUMPS["x.warc"]
    assert text.read_bytes() != REPEATED.encode()


def test_in_an_archive_they_stay_as_they_are(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "in.tar", "w") as archive:
        for name, data in (("x.warc", DUMPS["x.warc"]), ("y.parquet", b"PAR1")):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    said: list[str] = []
    cleaned(tmp_path / "in.tar", out=tmp_path / "out", said=said)
    assert (tmp_path / "out" / "in.tar").read_bytes() == (tmp_path / "in.tar").read_bytes()
    assert said == [
        f"{tmp_path}/in.tar/x.warc: warc in an archive; left as it is: unpack it first",
        f"{tmp_path}/in.tar/y.parquet: Parquet in an archive, where it cannot be read in parts; "
        "left as it is: give it as a plain file",
    ]


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress)])
@pytest.mark.parametrize("name", DUMPS)
def test_a_download_that_was_cut_off_gives_what_there_is(name: str, suffix: str, pack: Any, tmp_path: Path) -> None:
    """One line says where it ends, the run goes on, and its exit code is that of an input that could not be read."""
    import os

    noise = wiki_page(os.urandom(3_000_000).hex()) if name == "x.xml" else wet(os.urandom(3_000_000).hex())
    whole = DUMPS[name].removesuffix(b"</mediawiki>") + (noise.encode() if isinstance(noise, str) else noise)
    path = put(tmp_path / (name + suffix), pack(whole)[:-1_000_000])
    said: list[str] = []
    result = cleaned(path, out=tmp_path / "out", said=said)
    assert len(said) == 1
    assert "the file ends in the middle of a " in said[0]
    assert result.tally.articles == 2
    assert (result.failed, result.files, result.exit_code) == (0, 1, 2)
    assert result.tally.skipped == {"cut off": 1}
    assert len(json.loads((tmp_path / "out" / "_cleaner" / "report.json").read_text())["errors"]) == 1


def test_a_dump_that_ends_between_two_pages_is_cut_off_as_well(tmp_path: Path) -> None:
    path = put(tmp_path / "x.xml", DUMPS["x.xml"].removesuffix(b"</mediawiki>"))
    said: list[str] = []
    result = cleaned(path, out=tmp_path / "out", said=said)
    assert said == [
        f"{path}: byte {path.stat().st_size:,}: the file ends without </mediawiki>; "
        "the pages before it are done: get the file again for the rest"
    ]
    assert (result.tally.articles, result.exit_code) == (2, 2)


def test_cut_off_without_compression_counts_as_well_and_other_inputs_are_done(tmp_path: Path) -> None:
    for name in ("x.warc", "x.warc.wet", "x.xml"):
        put(tmp_path / "in" / name, DUMPS[name][:-20])
    put(tmp_path / "in" / "a.jsonl", b'{"text": "short"}\n')
    result = cleaned(tmp_path / "in", out=tmp_path / "out")
    assert result.tally.skipped == {"cut off": 3}
    assert (result.files, result.failed, result.exit_code) == (4, 0, 2)


def test_a_bomb_is_a_failure_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.formats.expanding.FREE", 1 << 20)
    path = put(tmp_path / "x.warc.bz2", bz2.compress(DUMPS["x.warc"] + b"\0" * (400 << 20)))
    said: list[str] = []
    result = cleaned(path, out=tmp_path / "out", said=said)
    assert "expands to more than" in said[0]
    assert (result.failed, result.files) == (1, 0)
    assert not (tmp_path / "out" / "x.warc.jsonl.bz2").exists()


def test_across_articles_the_lines_are_those_of_the_run(tmp_path: Path) -> None:
    """Scope corpus looks at a batch twice; both times the same lines are made of it."""
    other = f"{TWO} It says much more than that, and it says all of it in one long line of prose here."
    data = wet(f"{other}\n\n{ONE}") + wet(f"Something else.\n\n{other}")
    path = put(tmp_path / "x.wet", data)
    wanted = JobOptions((str(path),), tmp_path / "out", workers=1, scope="corpus")
    result = run(wanted, Settings(lone="remove"))
    assert texts((tmp_path / "out" / "x.wet.jsonl").read_bytes())[1].strip() == "Something else."
    assert result.tally.removed_words > 0
    restore(tmp_path / "out", tmp_path / "back")
    assert texts((tmp_path / "back" / "x.wet.jsonl").read_bytes())[1] == f"Something else.\n\n{other}"
