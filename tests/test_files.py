"""Which files are read, as what, in which order; what is left out is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cleaner.errors import SettingsError
from cleaner.formats.files import Source, archive_of, format_of, kind_of, not_an_article
from cleaner.formats.finding import find_inputs, why_missing


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
        ("a.json.zst", ("json", "zst")),
        ("A.CSV", ("csv", "")),
        ("a.tsv.gz", ("tsv", "gz")),
        ("article", ("auto", "")),
        ("dump.gz", ("auto", "gz")),
        ("dump.jsonl.bz2", ("jsonl", "bz2")),
        ("a.txt.XZ", ("plain", "xz")),
        ("a.tar.zst", ("auto", "zst")),
        ("a.tgz", ("auto", "gz")),
        ("a.zip", ("auto", "")),
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
        (b'[{"text": "a"}]', "json"),
        (b'\xef\xbb\xbf\n[\n  {\n    "text": "a"', "json"),
        (b"[{{ template }}] and words", "plain"),
        (b"[1] a footnote\n", "plain"),
    ],
)
def test_other_names_are_told_by_content(head: bytes, kind: str) -> None:
    assert format_of(head) == kind


def test_source_code_and_data_are_no_articles() -> None:
    assert not_an_article("x/setup.py")
    assert not_an_article("data.xml.gz")
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


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.tar", "tar"), ("A.TAR.GZ", "tar"), ("a.tar.bz2", "tar"), ("a.tgz", "tar"), ("a.txz", "tar"),
        ("a.tzst", "tar"), ("a.zip", "zip"), ("a.zip.gz", ""), ("a.jsonl.gz", ""), ("tar", ""), ("a.docx", ""),
    ],
)  # fmt: skip
def test_archives_are_told_by_name(name: str, kind: str) -> None:
    assert archive_of(name) == kind


NEWS = ["news/a/1.jsonl", "news/a/2.jsonl.gz", "news/b/1.jsonl", "news/b/c/3.jsonl", "news/x.txt", "news/.h/1.jsonl"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("news/*/1.jsonl", ["a/1.jsonl", "b/1.jsonl"]),
        ("news/a/*", ["1.jsonl", "2.jsonl.gz"]),
        ("news/*/?.jsonl*", ["a/1.jsonl", "a/2.jsonl.gz", "b/1.jsonl"]),
        ("news/**/*.jsonl", ["a/1.jsonl", "b/1.jsonl", "b/c/3.jsonl"]),
        ("news/**", ["a/1.jsonl", "a/2.jsonl.gz", "b/1.jsonl", "b/c/3.jsonl", "x.txt"]),
        ("**/c/*.jsonl", ["news/b/c/3.jsonl"]),
        ("news/[!a]/*.jsonl", ["b/1.jsonl"]),
        ("news/b*", ["b/1.jsonl", "b/c/3.jsonl"]),
        ("news/b*/", ["b/1.jsonl", "b/c/3.jsonl"]),
        ("news/.h/*", ["1.jsonl"]),
        ("new?/x.txt", ["news/x.txt"]),
    ],
)
def test_a_pattern_stands_for_its_files_sorted_and_named_from_its_fixed_part_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str, found: list[str]
) -> None:
    """As a shell would expand it; a folder that fits stands for all files below it."""
    write(tmp_path, *NEWS)
    absolute = find_inputs([f"{tmp_path}/{pattern}"], None)
    assert (names(absolute.sources), absolute.missing) == (found, [])
    assert all(Path(str(source.path)).is_file() for source in absolute.sources)
    monkeypatch.chdir(tmp_path)
    assert names(find_inputs([pattern], None).sources) == found


@pytest.mark.parametrize("pattern", ["news/*.nothing", "nothing/*/x", "news/x.txt/*", "[", "empty/*", "empty/**"])
def test_a_pattern_that_fits_nothing_is_a_missing_input(tmp_path: Path, pattern: str) -> None:
    write(tmp_path, "news/x.txt")
    (tmp_path / "empty").mkdir()
    pattern = f"{tmp_path}/{pattern}"
    found = find_inputs([pattern], None)
    assert (found.sources, found.missing) == ([], [pattern])
    assert why_missing(pattern) == ("no file has this name, and none fits the pattern", "correct it, or leave it out")


def test_a_file_that_really_has_such_a_name_wins(tmp_path: Path) -> None:
    write(tmp_path, "a[1].txt", "a1.txt", "*.md", "b.md")
    assert names(find_inputs([f"{tmp_path}/a[1].txt"], None).sources) == ["a[1].txt"]
    assert names(find_inputs([f"{tmp_path}/*.md"], None).sources) == ["*.md"]


def test_a_pattern_leaves_out_the_output_the_log_and_links_and_says_so(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "out/a.txt", "old/_cleaner/r.txt", "old/a.txt", "d/e/f.txt")
    os.symlink(tmp_path, tmp_path / "d/loop")
    found = find_inputs([f"{tmp_path}/**/*.txt"], tmp_path / "out")
    assert names(found.sources) == ["a.txt", "d/e/f.txt", "old/a.txt"]
    assert found.notes == [
        f"{tmp_path}/**/*.txt: left out the log of an earlier run: {tmp_path}/old/_cleaner",
        f"{tmp_path}/**/*.txt: left out the output folder: {tmp_path}/out",
    ]
    found = find_inputs([f"{tmp_path}/*"], tmp_path / "out")
    assert names(found.sources) == ["a.txt", "d/e/f.txt", "old/a.txt"]
    assert f"{tmp_path}/*: left out linked folders: {tmp_path}/d/loop" in found.notes


def test_links_that_lead_nowhere_are_said(tmp_path: Path) -> None:
    """To themselves, in a circle, to nothing: in a folder they are left out, given they are missing."""
    write(tmp_path, "a.txt")
    for name, target in (("self.txt", "self.txt"), ("x.txt", "y.txt"), ("y.txt", "x.txt"), ("gone.txt", "nothing")):
        os.symlink(target, tmp_path / name)
    found = find_inputs([str(tmp_path)], None)
    assert names(found.sources) == ["a.txt"]
    left = ", ".join(f"{tmp_path}/{name}.txt" for name in ("gone", "self", "x"))
    assert found.notes == [f"{tmp_path}: left out links that lead nowhere: {left} and 1 more"]
    given = str(tmp_path / "self.txt")
    assert find_inputs([given], None).missing == [given]
    assert why_missing(given) == ("a link that leads nowhere", "correct the link, or leave it out")


def test_an_archive_and_a_folder_of_its_name_are_both_named(tmp_path: Path) -> None:
    """The log names members as if the archive were a folder."""
    write(tmp_path, "x/m.tar", "y/m.tar/a.txt")
    with pytest.raises(SettingsError, match="would be a file, and a folder for"):
        find_inputs([str(tmp_path / "x"), str(tmp_path / "y")], tmp_path / "out")


def test_a_pipe_has_no_place_to_be_cleaned_in(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SettingsError, match="a pipe or device has no place to be cleaned in"):
        find_inputs([str(tmp_path / "pipe")], None, base=tmp_path)
