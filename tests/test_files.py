"""Which files are read, as what, in which order; what is left out is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleaner.errors import SettingsError
from cleaner.formats.files import Source, find_inputs, format_of, kind_of, not_an_article


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text\n")


def names(sources: list[Source]) -> list[str]:
    return [source.name for source in sources]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.txt", ("plain", "")),
        ("A.TXT.GZ", ("plain", "gz")),
        ("a.md", ("markdown", "")),
        ("a.markdown.zst", ("markdown", "zst")),
        ("a.jsonl.gz", ("jsonl", "gz")),
        ("a.ndjson", ("jsonl", "")),
        ("article", ("auto", "")),
        ("dump.gz", ("auto", "gz")),
    ],
)
def test_format_and_compression_are_told_by_name(name: str, kind: tuple[str, str]) -> None:
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", "plain"),
        (b"A line of text.\n", "plain"),
        (b'{"text": "a"}\n{"te', "jsonl"),
        (b'\xef\xbb\xbf{"text": "a"}\n', "jsonl"),
        (b'{"text": "one very long line without end', "jsonl"),
        (b"{\n  pretty: 1\n}", "plain"),
        (b"{curly} words\n", "plain"),
    ],
)
def test_other_names_are_told_by_content(head: bytes, kind: str) -> None:
    assert format_of(head) == kind


def test_source_code_and_data_are_no_articles() -> None:
    assert not_an_article("x/setup.py")
    assert not_an_article("data.csv.gz")
    assert not not_an_article("README")
    assert not not_an_article("a.txt.gz")


def test_a_folder_is_walked_in_the_order_of_paths(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a/z.md", "a/b/c.txt", "a-b/x.txt")
    found = find_inputs([str(tmp_path)], None)
    assert names(found.sources) == ["a/b/c.txt", "a/z.md", "a-b/x.txt", "b.txt"]


def test_hidden_files_linked_folders_and_special_files_are_left_out_and_said(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", ".hidden.txt", ".git/config")
    os.symlink(tmp_path, tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe.txt")
    found = find_inputs([str(tmp_path)], None)
    assert names(found.sources) == ["a.txt"]
    said = "\n".join(found.notes)
    for reason, name in [("hidden files", ".hidden.txt"), ("hidden folders", ".git"), ("linked folders", "loop")]:
        assert f"left out {reason}: " in said
        assert name in said
    assert "left out not files: " in said


def test_out_inside_input_is_left_out_and_said(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "out/a.txt", "out/_cleaner/report.json")
    found = find_inputs([str(tmp_path)], tmp_path / "out")
    assert names(found.sources) == ["a.txt"]
    assert found.notes == [f"{tmp_path}: left out the output folder: {tmp_path / 'out'}"]


def test_input_as_output_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    with pytest.raises(SettingsError, match="is input and output; give another folder with -o, or --in-place"):
        find_inputs([str(tmp_path)], tmp_path)
    with pytest.raises(SettingsError, match="would be written over the input"):
        find_inputs([str(tmp_path / "a.txt")], tmp_path)


def test_the_same_file_twice_is_said_once_and_done_once(tmp_path: Path) -> None:
    write(tmp_path, "d/a.txt")
    os.symlink(tmp_path / "d" / "a.txt", tmp_path / "link.txt")
    given = [str(tmp_path / "d" / "a.txt"), str(tmp_path / "d"), str(tmp_path / "link.txt")]
    found = find_inputs(given, None)
    assert names(found.sources) == ["a.txt"]
    assert len(found.notes) == 2
    assert all("given twice" in note and "done once" in note for note in found.notes)


def test_two_inputs_for_one_output_are_both_named(tmp_path: Path) -> None:
    write(tmp_path, "x/a.txt", "y/a.txt")
    with pytest.raises(SettingsError, match=r"x/a\.txt and .*y/a\.txt would both be written to a\.txt"):
        find_inputs([str(tmp_path / "x"), str(tmp_path / "y" / "a.txt")], tmp_path / "out")


def test_a_file_and_a_folder_of_one_name_are_both_named(tmp_path: Path) -> None:
    write(tmp_path, "x/a/b.txt", "y/a")
    with pytest.raises(SettingsError, match="would be a file, and a folder for"):
        find_inputs([str(tmp_path / "x"), str(tmp_path / "y")], tmp_path / "out")


def test_in_place_names_are_relative_to_the_log(tmp_path: Path) -> None:
    write(tmp_path, "x/a.txt", "y/a.txt")
    found = find_inputs([str(tmp_path / "x"), str(tmp_path / "y" / "a.txt")], None, base=tmp_path)
    assert names(found.sources) == ["x/a.txt", "y/a.txt"]
    (outside,) = find_inputs([str(tmp_path / "y" / "a.txt")], None, base=tmp_path / "x").sources
    assert outside.name == str(tmp_path / "y" / "a.txt").lstrip("/")


def test_the_log_of_an_earlier_run_is_no_input(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "_cleaner/removals.jsonl")
    found = find_inputs([str(tmp_path)], None)
    assert names(found.sources) == ["a.txt"]
    assert "the log of an earlier run" in found.notes[0]


def test_an_explicit_format_wins(tmp_path: Path) -> None:
    write(tmp_path, "a.txt.gz")
    (source,) = find_inputs([str(tmp_path / "a.txt.gz")], None, "jsonl").sources
    assert (source.format, source.compression) == ("jsonl", "gz")
