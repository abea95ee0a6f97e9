"""The original bytes come back from output and log; an output that was edited is refused, and where is shown."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st
from toy import clean

from cleaner.errors import RestoreError
from cleaner.formats.compression import Compression, compressed, pieces
from cleaner.formats.restore import Only, restore
from cleaner.job import JobOptions, run
from cleaner.settings import Settings

SUFFIX: dict[Compression, str] = {"": "", "gz": ".gz", "zst": ".zst"}
PARAGRAPHS = {
    "utf-8": ["Déjà vu à l'école, naïvement.", "Ещё одна длинная строка.", "𝒜 beyond the first plane 😀."],
    "cp1251": [
        "Сегодня хорошая погода, и дети гуляют.",
        "Завтра обещают дождь и сильный ветер.",
        "Потом снова солнце.",
    ],
    "shift_jis": [
        "日本語のテキストです。今日はいい天気。",
        "公園へ行きましょう、とても楽しいです。",
        "明日は雨が降るでしょう、残念ですね。",
    ],
}


def read(path: Path, compression: Compression = "") -> bytes:
    with open(path, "rb") as stream:
        return b"".join(pieces(stream, compression))


def cleaned(folder: Path, name: str, data: bytes, compression: Compression = "", **options: object) -> Path:
    (folder / "in").mkdir(exist_ok=True)
    path = folder / "in" / (name + SUFFIX[compression])
    path.write_bytes(compressed(data, compression))
    out = folder / "out"
    result = run(JobOptions((str(path),), out, workers=1, **options), Settings(), clean)  # type: ignore[arg-type]
    assert not result.problems
    return out / path.name


@given(
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be-mark", "utf-32", "cp1251", "shift_jis"]),
    st.sampled_from(["\n", "\r\n"]),
    st.lists(st.integers(0, 2), min_size=4, max_size=12),
    st.sampled_from(list(SUFFIX)),
    st.booleans(),
)
@examples(60)
def test_text_comes_back_byte_for_byte(
    encoding: str, end: str, picks: list[int], compression: Compression, ended: bool
) -> None:
    """In every encoding, line end and compression, whatever was removed."""
    lines = PARAGRAPHS.get(encoding, PARAGRAPHS["utf-8"])
    text = end.join(lines[pick] for pick in [0, 1, 2, *picks]) + end * ended
    data = b"\xfe\xff" + text.encode("utf-16-be") if encoding == "utf-16-be-mark" else text.encode(encoding)
    with TemporaryDirectory() as name:
        folder = Path(name)
        output = cleaned(folder, "a.txt", data, compression)
        assert read(output, compression) != data, "the toy cleaner removes every further line"
        assert restore(folder / "out", folder / "back") == [output.name]
        assert read(folder / "back" / output.name, compression) == data


@given(
    st.lists(
        st.lists(st.sampled_from(PARAGRAPHS["utf-8"] + ['with "quotes" and \\ and \ttabs']), max_size=6), max_size=6
    ),
    st.booleans(),
    st.sampled_from([b"\n", b"\r\n", b"\n\n"]),
    st.sampled_from(list(SUFFIX)),
    st.booleans(),
    st.booleans(),
)
@examples(60)
def test_records_come_back_byte_for_byte(
    texts: list[list[str]], ascii_only: bool, end: bytes, compression: Compression, odd: bool, ended: bool
) -> None:
    """With escapes in one spelling or mixed, blank lines, and with or without the last line end."""
    rows = [json.dumps({"id": n, "text": "\n".join(t), "x": 1.5}, ensure_ascii=ascii_only) for n, t in enumerate(texts)]
    lines = [(row.replace("vement", "v\\u0065ment") if odd else row).encode() for row in rows]
    data = end.join(lines) + end * ended
    with TemporaryDirectory() as name:
        folder = Path(name)
        output = cleaned(folder, "a.jsonl", data, compression)
        restore(folder / "out", folder / "back")
        assert read(folder / "back" / output.name, compression) == data


ARTICLE = (
    "Une première phrase assez longue.\nUne deuxième, assez longue.\nUne première phrase assez longue.\nFin de tout.\n"
)


def test_an_edited_file_is_refused_and_the_span_is_shown(tmp_path: Path) -> None:
    output = cleaned(tmp_path, "a.txt", ARTICLE.encode())
    output.write_bytes(output.read_bytes().replace("deuxième".encode(), b"seconde"))
    with pytest.raises(RestoreError, match=r"a\.txt: the text before the removed span 62-96 \(line 3, 'Une première"):
        restore(tmp_path / "out", tmp_path / "back")
    assert not (tmp_path / "back").exists(), "nothing is written of it"


def test_an_edit_behind_the_last_cut_is_shown_as_such(tmp_path: Path) -> None:
    output = cleaned(tmp_path, "a.txt", ARTICLE.encode())
    output.write_bytes(output.read_bytes() + b"more")
    with pytest.raises(RestoreError, match="the text behind the removed span 62-96"):
        restore(tmp_path / "out", tmp_path / "back")


def dump(*texts: str) -> bytes:
    return b"".join(json.dumps({"id": f"r{n}", "text": text}).encode() + b"\n" for n, text in enumerate(texts, 1))


def test_an_edited_record_is_refused_by_number_id_and_span(tmp_path: Path) -> None:
    output = cleaned(tmp_path, "a.jsonl", dump("rien", ARTICLE, ARTICLE))
    lines = output.read_bytes().split(b"\n")
    lines[2] = lines[2].replace(b"Fin", b"End")
    output.write_bytes(b"\n".join(lines))
    with pytest.raises(RestoreError, match=r"a\.jsonl, record 3 \(id 'r3'\): the text behind the removed span 62-96"):
        restore(tmp_path / "out", tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_an_edit_in_an_untouched_record_is_refused_too(tmp_path: Path) -> None:
    output = cleaned(tmp_path, "a.jsonl", dump("rien", ARTICLE))
    output.write_bytes(output.read_bytes().replace(b"rien", b"tout"))
    with pytest.raises(RestoreError, match=r"a\.jsonl: was edited since"):
        restore(tmp_path / "out", tmp_path / "back")


def test_one_record_is_restored_even_where_another_was_edited(tmp_path: Path) -> None:
    data = dump("rien", ARTICLE, ARTICLE)
    output = cleaned(tmp_path, "a.jsonl", data)
    output.write_bytes(output.read_bytes().replace(b"rien", b"tout"))
    for number, only in enumerate([Only("a.jsonl", record=2), Only("a.jsonl", id="r2")]):
        restore(tmp_path / "out", tmp_path / f"back{number}", only)
        assert (tmp_path / f"back{number}" / "a.jsonl").read_bytes() == data.splitlines(keepends=True)[1]
    with pytest.raises(RestoreError, match="no such record"):
        restore(tmp_path / "out", tmp_path / "none", Only("a.jsonl", id="r9"))


def test_only_one_file_is_restored_when_asked(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        cleaned(tmp_path, name, ARTICLE.encode())
    assert restore(tmp_path / "out", tmp_path / "back", "b.txt") == ["b.txt"]
    assert not (tmp_path / "back" / "a.txt").exists()
    with pytest.raises(RestoreError, match=r"c\.txt: not in the log"):
        restore(tmp_path / "out", tmp_path / "back", "c.txt")


def test_a_folder_without_log_a_damaged_log_and_a_missing_output_are_named(tmp_path: Path) -> None:
    with pytest.raises(RestoreError, match="no log of a run here"):
        restore(tmp_path, tmp_path / "back")
    output = cleaned(tmp_path, "a.txt", ARTICLE.encode())
    log = tmp_path / "out" / "_cleaner" / "removals.jsonl"
    good = log.read_bytes()
    log.write_bytes(b'{"file": "a.txt"}\n')
    with pytest.raises(
        RestoreError, match=r"removals\.jsonl:1: the row is damaged \(record is missing\); put the log back"
    ):
        restore(tmp_path / "out", tmp_path / "back")
    log.write_bytes(good[:-20])
    with pytest.raises(RestoreError, match=r"removals\.jsonl:1: the row is damaged \(no JSON: "):
        restore(tmp_path / "out", tmp_path / "back")
    log.write_bytes(good.replace(b"longue.\\n", b"courte.\\n", 1))
    with pytest.raises(RestoreError, match="does not give the original again"):
        restore(tmp_path / "out", tmp_path / "back")
    log.write_bytes(good)
    output.unlink()
    with pytest.raises(RestoreError, match=r"a\.txt: the file is gone"):
        restore(tmp_path / "out", tmp_path / "back")


@pytest.mark.parametrize("name", ["../a.txt", "/tmp/a.txt", "x/../../a.txt", ""])
def test_a_log_cannot_point_out_of_the_folder(tmp_path: Path, name: str) -> None:
    cleaned(tmp_path, "a.txt", ARTICLE.encode())
    log = tmp_path / "out" / "_cleaner" / "files.jsonl"
    log.write_text(log.read_text().replace('"a.txt"', json.dumps(name)))
    with pytest.raises(RestoreError, match="not a path below the output folder"):
        restore(tmp_path / "out", tmp_path / "back")


def test_the_cleaned_files_are_not_overwritten_by_their_originals(tmp_path: Path) -> None:
    cleaned(tmp_path, "a.txt", ARTICLE.encode())
    with pytest.raises(RestoreError, match="give another folder with -o"):
        restore(tmp_path / "out", tmp_path / "out")


def test_files_cleaned_in_place_twice_come_back_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second run removes what the first one made a repeat; both are undone, the last one first."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d").mkdir()
    first, second = "Une première phrase assez longue.\n", "Une deuxième, assez longue.\n"
    data, records = (first + second + first).encode(), dump(first + second + first)
    (tmp_path / "d" / "a.txt").write_bytes(data)
    (tmp_path / "d" / "a.jsonl").write_bytes(records)
    options = JobOptions(("d",), in_place=True, workers=1)
    run(options, Settings(), clean)
    grown = (tmp_path / "d" / "a.txt").read_bytes()
    assert grown == (first + second).encode()
    run(options, Settings(), _drop_second)
    assert (tmp_path / "d" / "a.txt").read_bytes() == first.encode()
    run(options, Settings(), clean)  # nothing more to remove: the log stays what it is
    restore(tmp_path, tmp_path / "back")
    assert (tmp_path / "back" / "d" / "a.txt").read_bytes() == data
    assert (tmp_path / "back" / "d" / "a.jsonl").read_bytes() == records
    restore(tmp_path, tmp_path)
    assert (tmp_path / "d" / "a.txt").read_bytes() == data, "where a file lies in place it may be restored in place"
    restore(tmp_path, tmp_path)
    assert (tmp_path / "d" / "a.txt").read_bytes() == data, "restoring twice changes nothing"


def _drop_second(texts, settings, text_format):  # type: ignore[no-untyped-def]
    """Another cleaner: removes the second line, as if it repeated the first."""
    from dataclasses import replace

    results = []
    for text in texts:
        head, _, tail = text.partition("\n")
        (outcome,) = clean([head + "\n" + head + "\n"], settings)
        (cut,) = outcome.removed
        cut = replace(cut, start=len(head) + 1, end=len(text))
        results.append(replace(outcome, text=head + "\n", removed=(cut,)) if tail else clean([text], settings)[0])
    return results
