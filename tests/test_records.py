"""What holds for records of every format, whatever their texts, white space, escapes and quotes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import marked
import pytest
import toy
from campaign import examples
from hypothesis import assume, given
from hypothesis import strategies as st
from test_cli import cleaner
from written import Written, json_array, json_lines, table

from cleaner.errors import RestoreError
from cleaner.formats import delimited, reading
from cleaner.formats import json_array as arrays
from cleaner.formats.compression import Compression, compressed, pieces
from cleaner.formats.json_array import JsonArray
from cleaner.formats.raw import Back, Gone, applied, put_back
from cleaner.formats.record_formats import reader_for
from cleaner.formats.records import trimmed
from cleaner.formats.restore import Only, restore
from cleaner.formats.work import Events
from cleaner.job import JobOptions, run
from cleaner.settings import Settings

SUFFIX: dict[Compression, str] = {"": "", "gz": ".gz", "zst": ".zst"}
FILES = st.one_of(
    st.tuples(st.sampled_from(["a.jsonl", "a.json"]), json_lines()),
    st.tuples(st.just("a.json"), json_array()),
    st.tuples(st.just("a.csv"), st.sampled_from([",", ";", "\t", "|"]).flatmap(table)),
    st.tuples(st.just("a.tsv"), table("\t")),
)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch after a few records: their ends are looked for again and again."""
    monkeypatch.setattr(arrays, "BATCH", 60)
    monkeypatch.setattr(delimited, "BATCH", 60)
    monkeypatch.setattr("cleaner.formats.jsonl.line_batches", lambda read, file: reading.line_batches(read, 60, file))


def read(path: Path, compression: Compression = "") -> bytes:
    with open(path, "rb") as stream:
        return b"".join(pieces(stream, compression))


def cleaned(folder: Path, name: str, data: bytes, compression: Compression = "", clean=marked.clean, **more):  # type: ignore[no-untyped-def]
    """The output of a run over one file, which is restored as well and must be what it was."""
    (folder / "in").mkdir(exist_ok=True)
    path = folder / "in" / (name + SUFFIX[compression])
    path.write_bytes(compressed(data, compression))
    result = run(JobOptions((str(path),), folder / "out", workers=1, **more), Settings(), clean)
    assert restore(folder / "out", folder / "back") == [path.name]
    assert read(folder / "back" / path.name, compression) == data, "restored byte for byte"
    return read(folder / "out" / path.name, compression), result


@given(FILES, st.sampled_from(list(SUFFIX)))
@examples(150)
def test_only_what_goes_is_gone_and_restoring_gives_it_back(
    file: tuple[str, Written], compression: Compression
) -> None:
    name, written = file
    with TemporaryDirectory() as folder:
        output, result = cleaned(Path(folder), name, written.before(), compression, text_field="title,text")
    if written.articles:
        assert output == written.after()
        assert not result.problems
        assert result.tally.articles == len(written.articles)


@given(FILES, st.data())
@examples(200)
def test_a_damaged_file_is_told_and_comes_back_all_the_same(file: tuple[str, Written], data: st.DataObject) -> None:
    """Whatever is broken: no run fails, no fault of ours is reported, and restoring gives the bytes back."""
    name, written = file
    whole = written.before()
    at = data.draw(st.integers(0, len(whole)))
    cut = data.draw(st.integers(0, 3))
    new = data.draw(
        st.sampled_from([b"", b'"', b"{", b"}", b"[", b"]", b",", b"\n", b"\\", b"\xff", b"\x00", b"\r", b"\t"])
    )
    with TemporaryDirectory() as folder:
        _, result = cleaned(Path(folder), name, whole[:at] + new + whole[at + cut :], text_field="title,text")
    assert not result.failed, "no fault of ours"


@given(FILES, st.integers(1, 7))
@examples(150)
def test_batches_join_to_the_file_and_hold_its_records(file: tuple[str, Written], step: int) -> None:
    """However the bytes come: a record is never cut, and numbered through all batches."""
    name, written = file
    assume(len(written.articles) > 1)
    data = written.before()
    _, reader = reader_for(Path(name).suffix[1:], data, whole=True)  # type: ignore[arg-type]
    batches = list(reader.batches((data[at : at + step] for at in range(0, len(data), step)), "x"))
    assert b"".join(batch.data for batch in batches) == data
    assert all(batch.trouble is None for batch in batches)
    found = [
        batch.data[slice(*trimmed(batch.data, span))]
        for number, batch in enumerate(batches)
        for span in reader.spans(batch.data, "title,text", first=number == 0)
    ]
    assert found == [data[slice(*trimmed(data, span))] for span in reader.spans(data, "title,text", first=True)]
    assert len(found) == len(written.articles)


LINE = 'Un texte « assez long » pour "sortir".\n'
TWICE = LINE + "Une autre phrase, longue aussi.\n" + LINE
ROWS = [{"id": "r1", "text": "rien"}, {"id": "r2", "text": TWICE}, {"id": "r3", "text": TWICE}]


def dumped(name: str) -> bytes:
    """Three records, the second and third of which are changed."""
    if name.endswith("l"):
        return b"".join(json.dumps(row, ensure_ascii=row["id"] == "r3").encode() + b"\n" for row in ROWS)
    if name.endswith(".json"):
        return json.dumps(ROWS, indent=1, ensure_ascii=False).encode()
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, ["id", "text"], delimiter="\t" if name.endswith(".tsv") else ";")
    writer.writeheader()
    writer.writerows(ROWS)
    return out.getvalue().encode()


NAMES = ["a.jsonl", "a.json", "a.csv", "a.tsv"]


def test_several_fields_are_given_with_commas_again_or_in_the_settings(tmp_path: Path) -> None:
    line = "The bridge over the river will be closed for twelve weeks while engineers check it."
    (tmp_path / "a.csv").write_text(f'title,body\n"{line}","{line}"\n')
    for flags in (["--text-field", "title,body"], ["--text-field", "title", "--text-field", "body"], []):
        if not flags:
            (tmp_path / "cleaner.toml").write_text("text_field = ['title', 'body']")
        done = cleaner("find", "a.csv", *flags, cwd=tmp_path)
        assert (done.code, done.out) == (1, "a.csv:2 (line 3): paragraph repeats line 1 (exact)\n")
    done = cleaner("find", "a.csv", "--text-field", ",", cwd=tmp_path)
    assert (done.code, done.err) == (2, "cleaner: text_field is [',']; give the name of a field, or several\n")


def test_a_file_of_records_is_no_text_to_compare(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text('{\n"a": 1}')
    assert cleaner("diff", "b.json", "b.json", cwd=tmp_path).code == 0, "settings may be compared"
    for name in NAMES:
        (tmp_path / name).write_bytes(dumped(name))
        said = f"cleaner: {name}: holds records, not one text; put the two texts into files of their own\n"
        assert cleaner("diff", name, "b.json", cwd=tmp_path) == (2, "", said)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("workers", [1, 2])
def test_lines_and_records_are_those_of_the_file(tmp_path: Path, name: str, workers: int) -> None:
    path, data = tmp_path / name, dumped(name)
    path.write_bytes(data)
    rows: list[dict[str, object]] = []
    events = Events(removal=rows.append)
    run(JobOptions((str(path),), dry_run=True, workers=workers), Settings(), toy.clean, events=events)
    lines = data.split(b"\n")
    assert [(row["record"], row["id"], row["text_line"], row["text"]) for row in rows] == [
        (2, "r2", 3, LINE), (3, "r3", 3, LINE)
    ]  # fmt: skip
    for row in rows:
        line = lines[int(str(row["line"])) - 1]
        assert str(row["id"]).encode() in line + lines[int(str(row["line"]))], "the first line of the record"


@pytest.mark.parametrize("name", NAMES)
def test_one_record_is_restored_by_number_or_id_even_where_another_was_edited(tmp_path: Path, name: str) -> None:
    data = dumped(name)
    output, _ = cleaned(tmp_path, name, data, clean=toy.clean)
    (tmp_path / "out" / name).write_bytes(output.replace(b"rien", b"tout"))
    for number, only in enumerate([Only(name, record=2), Only(name, id="r2"), Only(name, id="r1")]):
        restore(tmp_path / "out", tmp_path / f"one{number}", only)
        record = (tmp_path / f"one{number}" / name).read_bytes()
        assert record in data.replace(b"rien", b"tout")
        assert (b"r2" if number < 2 else b"r1") in record
        assert record.count(b"Un texte") == (2 if number < 2 else 0)
    with pytest.raises(RestoreError, match=f"{name}: no such record"):
        restore(tmp_path / "out", tmp_path / "none", Only(name, id="r9"))
    with pytest.raises(RestoreError, match=f"{name}: was edited since it was cleaned, in a record of which nothing"):
        restore(tmp_path / "out", tmp_path / "all")
    assert not (tmp_path / "all").exists()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("old", "new", "place"),
    [(b"Un texte", b"Ce texte", "before"), (b"aussi.", b"encore.", "before"), (b"r3", b"r4", "before")],
)
def test_an_edited_record_is_refused_with_its_span(
    tmp_path: Path, name: str, old: bytes, new: bytes, place: str
) -> None:
    output, _ = cleaned(tmp_path, name, dumped(name), clean=toy.clean)
    at = output.rindex(old)
    (tmp_path / "out" / name).write_bytes(output[:at] + new + output[at + len(old) :])
    said = rf"{name}, record 3 \(id 'r3'\): the text {place} the removed span 71-110 \(line 3, 'Un texte « assez"
    with pytest.raises(RestoreError, match=said):
        restore(tmp_path / "out", tmp_path / "edited")


@pytest.mark.parametrize("name", NAMES)
def test_records_cleaned_in_place_twice_come_back_whole(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each run changes what the one before left; a removed line moves the lines of a table, not its records."""
    monkeypatch.chdir(tmp_path)
    data = dumped(name).replace("« assez long »".encode(), "⟦assez long⟧".encode())
    Path(name).write_bytes(data)
    for clean in (toy.clean, marked.clean):
        run(JobOptions((name,), in_place=True, workers=1), Settings(), clean)
    assert Path(name).read_bytes().count(b"assez long") == (1 if name == "a.jsonl" else 0), (
        "one is written in ASCII, and not marked"
    )
    restore(tmp_path, tmp_path / "back")
    assert (tmp_path / "back" / name).read_bytes() == data
    restore(tmp_path, tmp_path / "one", Only(name, id="r2"))
    assert (tmp_path / "one" / name).read_bytes() in data


@given(st.lists(st.lists(st.sampled_from([*TWICE.splitlines(), LINE, "", " ", "Une fin"]), max_size=6), max_size=4))
@examples(80)
def test_a_paragraph_of_a_list_goes_with_its_comma(lists: list[list[str]]) -> None:
    """What is left is the list without the paragraphs that went; the rest of the file stays as it was."""
    data = json.dumps([{"p": each, "n": 1.50} for each in lists], indent=1, ensure_ascii=False).encode()
    with TemporaryDirectory() as folder:
        output, _ = cleaned(Path(folder), "a.json", data, clean=toy.clean, text_field="p")
        assert [row["p"] for row in json.loads(output)] == [_once(each) for each in lists]
        kept = json.dumps([{"p": _once(each), "n": 1.50} for each in lists], indent=1, ensure_ascii=False).encode()
        if all(map(_once, lists)):
            assert output == kept, "as if it had been written without them"
        again, _ = cleaned(Path(folder), "a.json", output, clean=toy.clean, text_field="p")
        assert again == output, "cleaning again changes nothing"


def _once(paragraphs: list[str]) -> list[str]:
    kept: list[str] = []
    seen: set[str] = set()
    for each in paragraphs:
        line = each.removesuffix("\n")
        if len(line) < toy.MIN or line not in seen:
            kept.append(each)
        seen.add(line)
    return kept


@given(json_array(), st.data())
@examples(300)
def test_records_are_lost_at_the_same_places_however_much_is_read(written: Written, data: st.DataObject) -> None:
    """What was left alone when a file was cleaned is found again when it is restored, in batches of other sizes."""
    whole = written.before()
    for _ in range(2):
        at = data.draw(st.integers(0, len(whole)))
        whole = (
            whole[:at] + data.draw(st.sampled_from([b"", *(bytes([each]) for each in b'"{}[],\n')])) + whole[at + 1 :]
        )
    reader, found = JsonArray.of(whole), []
    with pytest.MonkeyPatch.context() as patch:
        for size in (1, 50, 10_000):
            patch.setattr(arrays, "BATCH", size)
            batches = list(reader.batches([whole[at : at + 9] for at in range(0, len(whole), 9)], "x"))
            assert b"".join(batch.data for batch in batches) == whole
            found.append([
                batch.data[start:end]
                for number, batch in enumerate(batches) if batch.records
                for start, end in reader.spans(batch.data, "text", first=number == 0)
            ])  # fmt: skip
    assert found[0] == found[1] == found[2]


def test_a_cut_through_two_fields_is_one_row_and_shows_where_a_record_was_edited(tmp_path: Path) -> None:
    """The pieces of a cut stand in the order of the record, which need not be that of the article."""
    data = '[{"body": "one⟧ two ⟦x⟧.", "n": 1, "title": "three ⟦four", "m": 2}]'.encode()
    output, _ = cleaned(tmp_path, "a.json", data, text_field="title,body")
    assert output == b'[{"body": " two .", "n": 1, "title": "three ", "m": 2}]'
    rows = [json.loads(line) for line in (tmp_path / "out" / "_cleaner" / "removals.jsonl").read_bytes().splitlines()]
    assert [row["text"] for row in rows] == ["⟦four\n\none⟧", "⟦x⟧"]
    for old, new, said in [
        (b"{", b"{ ", "before the removed span 6-17"),
        (b"two", b"too", "before the removed span 22-25"),
        (b".", b"!", "behind the removed span 22-25"),
        (b'"m": 2', b'"m": 3', "behind the removed span 22-25"),
    ]:
        (tmp_path / "out" / "a.json").write_bytes(output.replace(old, new))
        with pytest.raises(RestoreError, match=said):
            restore(tmp_path / "out", tmp_path / "edited")


def test_what_came_in_the_place_of_something_is_taken_back() -> None:
    raw = b"0123456789"
    gone = [Gone(1, 3, 0, b"abcde"), Gone(3, 4, 1), Gone(6, 6, 2, b"-"), Gone(8, 10, 2)]
    new = applied(raw, gone)
    assert new == b"0abcde45-67"
    assert put_back(new, [Back(each.start, raw[each.start : each.end], len(each.new)) for each in gone]) == raw
