"""Parquet files: only the changed texts differ, all else is as it was, and the original comes back."""

from __future__ import annotations

import datetime
import decimal
import io
import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st
from toy import clean, clean_one

from cleaner.errors import RestoreError, SettingsError
from cleaner.formats import parquet
from cleaner.formats.fields import NoText
from cleaner.formats.parquet import ParquetInput, ParquetSink
from cleaner.formats.restore import Only, restore
from cleaner.formats.work import Events
from cleaner.job import JobOptions, run
from cleaner.report.counts import RunResult
from cleaner.settings import Settings
from cleaner.types import Outcome, Removal, Witness

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

ONE, TWO = "Une première phrase assez longue.", "Une deuxième, assez longue."
REPEATED, CLEAN = f"{ONE}\n{TWO}\n{ONE}\n", f"{ONE}\n{TWO}\n"


def write(path: Path, columns: dict[str, Any], **options: Any) -> Any:
    """Write a file, and give it as it is read."""
    metadata = {"made by": "a test", "pandas": "{}"}
    pq.write_table(pa.table(columns).replace_schema_metadata(metadata), path, **options)
    return pq.read_table(path)


def cleaned(folder: Path, said: list[str] | None = None, **options: Any) -> RunResult:
    """Clean ``folder``/in.parquet into ``folder``/out."""
    events = Events(problem=lambda each: said.append(str(each)) if said is not None else None)
    wanted = JobOptions((str(folder / "in.parquet"),), folder / "out", workers=1, **options)
    return run(wanted, Settings(), clean, events=events)


def same(path: Path, table: Any) -> None:
    """The file holds the table: values, types, and the metadata of the schema."""
    found = pq.read_table(path)
    assert found.schema.equals(table.schema, check_metadata=True)
    for name in table.column_names:
        one, other = found[name].combine_chunks(), table[name].combine_chunks()
        if pa.types.is_dictionary(one.type):
            one, other = one.dictionary_decode(), other.dictionary_decode()
        if pa.types.is_floating(one.type):  # nan is not equal to itself
            one, other = one.view(pa.int64()), other.view(pa.int64())
        assert one.equals(other), name


MORE: dict[str, Any] = {
    "day": [datetime.date(2026, 1, n + 1) for n in range(5)],
    "price": [decimal.Decimal("1.50"), None, decimal.Decimal("-3.25"), decimal.Decimal(0), None],
    "nested": [{"a": [1, None], "b": "x"}, None, {"a": None, "b": None}, {"a": [], "b": "y"}, {"a": [2], "b": ""}],
    "raw": [b"\xff\x00", None, b"", b"x", b"y"],
    "when": pa.array([0, 1, None, 3, 4], pa.timestamp("ns", "Europe/Paris")),
    "kind": pa.array(["a", "b", "a", None, "b"]).dictionary_encode(),
    "real": [float("nan"), 1.5, None, float("inf"), 0.0],
    "id": pa.array([1, 2, 3, 4, 2**64 - 1], pa.uint64()),
}


def test_only_the_changed_texts_differ_and_the_original_comes_back(tmp_path: Path) -> None:
    columns = MORE | {"text": [REPEATED, "short", None, "", REPEATED]}
    compression = {"day": "gzip", "text": "zstd", "id": "none", "raw": "brotli"}
    table = write(tmp_path / "in.parquet", columns, row_group_size=2, compression=compression, use_dictionary=["id"])
    said: list[str] = []
    result = cleaned(tmp_path, said)
    assert said == [
        f"{tmp_path}/in.parquet:3: the text field 'text' holds null, not a string; "
        "the record is left as it was: correct it, or leave it out"
    ]
    assert result.tally.skipped == {"text is null": 1}
    wanted = pa.array([CLEAN, "short", None, "", CLEAN])
    same(tmp_path / "out" / "in.parquet", table.set_column(table.schema.get_field_index("text"), "text", wanted))
    before, after = (pq.ParquetFile(tmp_path / name).metadata for name in ("in.parquet", "out/in.parquet"))
    assert facts(before) == facts(after)
    restore(tmp_path / "out", tmp_path / "back")
    same(tmp_path / "back" / "in.parquet", table)
    assert facts(pq.ParquetFile(tmp_path / "back" / "in.parquet").metadata) == facts(before)


def facts(metadata: Any) -> list[Any]:
    """What must be the same of every column of every row group."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    return [
        (group.num_rows, chunk.path_in_schema, chunk.physical_type, chunk.compression, chunk.is_stats_set,
         any("DICT" in name for name in chunk.encodings))
        for group in groups
        if group.num_rows
        for chunk in map(group.column, range(group.num_columns))
    ]  # fmt: skip


def test_rows_of_the_log_name_the_row_and_its_id(tmp_path: Path) -> None:
    write(tmp_path / "in.parquet", {"key": ["a", "b"], "body": ["x", REPEATED]})
    cleaned(tmp_path, text_field="body", id_field="key")
    (row,) = map(json.loads, (tmp_path / "out/_cleaner/removals.jsonl").read_text().splitlines())
    assert (row["file"], row["record"], row["line"], row["id"], row["start"]) == ("in.parquet", 2, 2, "b", len(CLEAN))
    (entry,) = map(json.loads, (tmp_path / "out/_cleaner/files.jsonl").read_text().splitlines())
    assert (entry["format"], entry["text_field"], entry["id_field"]) == ("parquet", "body", "key")


PARAGRAPHS = [ONE, TWO, ONE]
SHAPES: list[tuple[str, Any, Any]] = [
    ("text", pa.array([REPEATED, None], pa.large_string()), pa.array([CLEAN, None], pa.large_string())),
    ("text", pa.array([REPEATED, "x"], pa.string_view()), pa.array([CLEAN, "x"], pa.string_view())),
    ("text", pa.array([REPEATED.encode(), b"\xff"]), pa.array([CLEAN.encode(), b"\xff"])),
    ("text", pa.array([REPEATED, "x"]).dictionary_encode(), pa.array([CLEAN, "x"]).dictionary_encode()),
    ("text", pa.array([PARAGRAPHS, [], None]), pa.array([[ONE, TWO], [], None])),
    ("text", pa.array([PARAGRAPHS], pa.large_list(pa.string())), pa.array([[ONE, TWO]], pa.large_list(pa.string()))),
    (
        "text.body",
        pa.array([{"n": 1, "body": REPEATED}, None, {"n": 2, "body": None}]),
        pa.array([{"n": 1, "body": CLEAN}, None, {"n": 2, "body": None}]),
    ),
    (
        "text.a.body",
        pa.array([{"a": {"body": PARAGRAPHS, "t": datetime.date(2026, 1, 1)}}, {"a": None}, None]),
        pa.array([{"a": {"body": [ONE, TWO], "t": datetime.date(2026, 1, 1)}}, {"a": None}, None]),
    ),
]


@pytest.mark.parametrize(("field", "column", "wanted"), SHAPES, ids=range(len(SHAPES)))
def test_texts_in_columns_of_every_shape(field: str, column: Any, wanted: Any, tmp_path: Path) -> None:
    """Lists of paragraphs, structs, bytes, dictionaries: nulls and what is no UTF-8 stay as they are."""
    table = write(tmp_path / "in.parquet", {"text": column, "n": list(range(len(column)))})
    cleaned(tmp_path, text_field=field)
    found = pq.read_table(tmp_path / "out" / "in.parquet")
    assert found["text"].to_pylist() == wanted.to_pylist()
    assert found.schema.equals(table.schema, check_metadata=True)
    restore(tmp_path / "out", tmp_path / "back")
    same(tmp_path / "back" / "in.parquet", table)


def test_what_was_removed_is_not_kept_in_a_dictionary(tmp_path: Path) -> None:
    write(tmp_path / "in.parquet", {"text": pa.array([REPEATED, "x", REPEATED]).dictionary_encode()})
    cleaned(tmp_path)
    (chunk,) = pq.read_table(tmp_path / "out" / "in.parquet")["text"].chunks
    assert chunk.dictionary.to_pylist() == [CLEAN, "x"]


def test_a_file_that_was_given_up_is_not_ended(tmp_path: Path) -> None:
    write(tmp_path / "in.parquet", {"text": ["x", "y"]}, row_group_size=1)
    stream = io.BytesIO()
    sink = ParquetSink(stream, str(tmp_path / "in.parquet"), "text", "id")
    sink.write(b'{"text":"x"}\n')
    written = stream.getvalue()
    del sink
    assert stream.getvalue() == written


def test_several_columns_are_one_article(tmp_path: Path) -> None:
    table = write(tmp_path / "in.parquet", {"title": [ONE, None], "a.b": [REPEATED, TWO], "x": [{"y": TWO}, None]})
    cleaned(tmp_path, text_field="title, a.b, x.y, none")
    found = pq.read_table(tmp_path / "out" / "in.parquet")
    assert found["title"].to_pylist() == [ONE, None]
    assert found["a.b"].to_pylist() == [f"{TWO}\n", TWO], "what the title and the line before say"
    assert found["x"].to_pylist() == [{"y": ""}, None]
    restore(tmp_path / "out", tmp_path / "back")
    same(tmp_path / "back" / "in.parquet", table)


def test_a_string_that_is_no_utf8_is_left_as_it_is_and_told(tmp_path: Path) -> None:
    broken = pa.array([REPEATED.encode(), b"caf\xe9", REPEATED.encode()]).view(pa.string())
    table = write(tmp_path / "in.parquet", {"text": broken})
    said: list[str] = []
    cleaned(tmp_path, said)
    assert len(said) == 1
    assert "in.parquet:2: byte 13 of the record (0xe9) is not UTF-8; " in said[0]
    found = pq.read_table(tmp_path / "out" / "in.parquet")["text"]
    assert [each.as_buffer().to_pybytes() for each in found] == [CLEAN.encode(), b"caf\xe9", CLEAN.encode()]
    restore(tmp_path / "out", tmp_path / "back")
    back = pq.read_table(tmp_path / "back" / "in.parquet")["text"]
    assert [each.as_buffer().to_pybytes() for each in back] == [each.as_buffer().to_pybytes() for each in table["text"]]


@given(
    st.lists(st.none() | st.lists(st.sampled_from([ONE, TWO, "x", "", 'é\x00\\"\u2028😀']), max_size=6), max_size=12),
    st.integers(1, 5),
    st.integers(1, 4),
)
@examples(40)
def test_any_values_come_back(lines: list[list[str] | None], group: int, most: int) -> None:
    texts = [None if each is None else "\n".join(each) for each in lines]
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(parquet, "MOST_ROWS", most)
        folder = Path(name)
        table = write(folder / "in.parquet", {"text": pa.array(texts, pa.string())}, row_group_size=group)
        cleaned(folder)
        wanted = [None if text is None else clean_one(text).text for text in texts]
        out = pq.ParquetFile(folder / "out" / "in.parquet")
        assert out.read()["text"].to_pylist() == wanted
        assert facts(out.metadata) == facts(pq.ParquetFile(folder / "in.parquet").metadata)
        restore(folder / "out", folder / "back")
        same(folder / "back" / "in.parquet", table)


def test_a_large_row_group_becomes_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "LONGEST_GROUP", 1000)
    monkeypatch.setattr(parquet, "MOST_ROWS", 10)
    table = write(tmp_path / "in.parquet", {"text": ["a b c " * 20] * 100})
    cleaned(tmp_path)
    same(tmp_path / "out" / "in.parquet", table)
    assert pq.ParquetFile(tmp_path / "out" / "in.parquet").num_row_groups == 10


COLUMNS = "give --text-field; the columns here: 'text', 'n', 's'"


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("body", "no text column 'body'; left as it is: " + COLUMNS),
        ("a,b", "no text column 'a' or 'b'; left as it is: " + COLUMNS),
        ("n", "the column 'n' holds int64, not text; left as it is: " + COLUMNS),
        ("s.x", "no text column 's.x'; left as it is: " + COLUMNS),
    ],
)  # fmt: skip
def test_without_a_text_column_the_file_is_copied_and_one_line_names_the_columns(
    field: str, said: str, tmp_path: Path
) -> None:
    write(tmp_path / "in.parquet", {"text": [REPEATED], "n": [1], "s": [{"y": "z"}]})
    told: list[str] = []
    result = cleaned(tmp_path, told, text_field=field)
    assert told == [f"{tmp_path}/in.parquet: {said}"]
    assert (tmp_path / "out" / "in.parquet").read_bytes() == (tmp_path / "in.parquet").read_bytes()
    assert result.tally.skipped == {"no text column": 1}


def test_a_list_of_structs_is_refused_with_the_way_out(tmp_path: Path) -> None:
    write(tmp_path / "in.parquet", {"secs": [[{"text": REPEATED}]]})
    told: list[str] = []
    cleaned(tmp_path, told, text_field="secs.text")
    assert told == [
        f"{tmp_path}/in.parquet: the column 'secs' is a list of structs, whose fields are not cleaned in Parquet; "
        "left as it is: write the rows as JSONL, where --text-field secs.text reads them"
    ]


@pytest.mark.parametrize("columns", [{"text": pa.array([], pa.string())}, {"text": pa.array([None], pa.string())}])
def test_a_file_without_texts_stays(columns: dict[str, Any], tmp_path: Path) -> None:
    table = write(tmp_path / "in.parquet", columns)
    cleaned(tmp_path)
    same(tmp_path / "out" / "in.parquet", table)


@pytest.mark.parametrize("data", [b"PAR1 and no more", b"PAR1", b"words\n"])
def test_what_is_no_parquet_is_told_and_nothing_is_written(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "in.parquet").write_bytes(data)
    said: list[str] = []
    result = cleaned(tmp_path, said)
    assert len(said) == 1
    assert said[0].startswith(f"{tmp_path}/in.parquet: not a Parquet file that can be read (")
    assert said[0].endswith("); get it again, or leave it out")
    assert (result.exit_code, result.failed) == (2, 1)
    assert not (tmp_path / "out" / "in.parquet").exists()


def test_a_page_damaged_in_the_middle_fails_the_file_and_leaves_nothing(tmp_path: Path) -> None:
    write(tmp_path / "in.parquet", {"text": [f"{n} {REPEATED}" for n in range(3000)]}, row_group_size=500)
    data = bytearray((tmp_path / "in.parquet").read_bytes())
    data[len(data) // 2 : len(data) // 2 + 2000] = b"\xff" * 2000
    (tmp_path / "in.parquet").write_bytes(data)
    said: list[str] = []
    result = cleaned(tmp_path, said)
    assert len(said) == 1
    assert (result.exit_code, result.files) == (2, 0)
    assert not (tmp_path / "out" / "in.parquet").exists()


def test_a_column_beside_the_text_that_is_damaged_fails_the_file(tmp_path: Path) -> None:
    """It is read when the output is written, after the texts were found good."""
    columns = {"text": [REPEATED] * 2000, "n": pa.array(range(2000), pa.int64())}
    write(tmp_path / "in.parquet", columns, row_group_size=500, use_dictionary=False, compression="zstd")
    chunk = pq.ParquetFile(tmp_path / "in.parquet").metadata.row_group(2).column(1)
    data = bytearray((tmp_path / "in.parquet").read_bytes())
    data[chunk.data_page_offset : chunk.data_page_offset + 500] = b"\xff" * 500
    (tmp_path / "in.parquet").write_bytes(data)
    said: list[str] = []
    result = cleaned(tmp_path, said)
    assert len(said) == 1
    assert said[0].startswith(f"{tmp_path}/in.parquet: not a Parquet file that can be read (")
    assert (result.failed, result.files) == (1, 0)
    assert not (tmp_path / "out" / "in.parquet").exists()


def test_two_columns_of_the_name_of_the_text_are_told(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_arrays([pa.array(["x"])] * 2, ["text", "text"]), tmp_path / "in.parquet")
    said: list[str] = []
    cleaned(tmp_path, said)
    assert said == [f"{tmp_path}/in.parquet: several columns 'text'; left as it is: give each a name of its own"]


def test_by_content_under_another_name_and_refused_where_it_cannot_be_read_twice(tmp_path: Path) -> None:
    write(tmp_path / "in.parquet", {"text": [REPEATED]})
    data = (tmp_path / "in.parquet").read_bytes()
    import gzip

    (tmp_path / "part-0001").write_bytes(data)
    packed = gzip.compress(data)
    (tmp_path / "x.parquet.gz").write_bytes(packed)
    said: list[str] = []
    events = Events(problem=lambda each: said.append(str(each)))
    inputs = (str(tmp_path / "part-0001"), str(tmp_path / "x.parquet.gz"))
    run(JobOptions(inputs, tmp_path / "out"), Settings(), clean, events=events)
    assert pq.read_table(tmp_path / "out" / "part-0001")["text"].to_pylist() == [CLEAN]
    assert said == [
        f"{tmp_path}/x.parquet.gz: Parquet in a compressed file, where it cannot be read in parts; "
        "left as it is: give it as a plain file"
    ]
    assert (tmp_path / "out" / "x.parquet.gz").read_bytes() == packed


@pytest.mark.parametrize("data", [b"PAR1 and so on", b"plain text"])
def test_on_standard_input_it_is_refused(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    said: list[str] = []
    stdout, events = io.BytesIO(), Events(problem=lambda each: said.append(str(each)))
    run(JobOptions(("-",), format="parquet"), Settings(), clean, events=events, stdout=stdout)
    words = "Parquet that is no file, where it cannot be read in parts; left as it is: give it as a plain file"
    assert said == [f"standard input: {words}"]
    assert not stdout.getvalue()


def test_to_standard_output(tmp_path: Path) -> None:
    """Which may be a pipe: nothing but writing is asked of it."""
    table = write(tmp_path / "in.parquet", {"text": [REPEATED], "n": [1]})

    class Pipe(io.BytesIO):
        def tell(self) -> int:
            raise OSError("a pipe has no place")

        seek = tell  # type: ignore[assignment]

    stdout = Pipe()
    run(JobOptions((str(tmp_path / "in.parquet"),)), Settings(), clean, stdout=stdout)
    found = pq.read_table(pa.BufferReader(stdout.getvalue()))
    assert found.equals(table.set_column(0, "text", pa.array([CLEAN])))


def test_in_place_and_back_over_two_runs(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    table = write(path, {"text": [REPEATED, "x"], "other": ["y", "z"]})
    for level in ("first", "second"):
        run(JobOptions((str(path),), tmp_path / "log", in_place=True), Settings(), clean)
        assert pq.read_table(path)["text"].to_pylist() == [CLEAN, "x"], level
    said: list[str] = []
    events = Events(problem=lambda each: said.append(str(each)))
    run(JobOptions((str(path),), tmp_path / "log", in_place=True), Settings(), without_beginnings, events=events)
    assert pq.read_table(path)["text"].to_pylist() == [CLEAN.partition("\n")[2], ""]
    run(JobOptions((str(path),), tmp_path / "log", in_place=True, text_field="other"), Settings(), clean, events=events)
    assert said == [
        f"{path}: cannot be written (it was cleaned in its place by the columns text and id before); "
        "restore it first, or give a folder with -o"
    ]
    restore(tmp_path / "log", tmp_path / "back")
    (back,) = (tmp_path / "back").rglob("in.parquet")
    same(back, table)


def without_beginnings(texts: Sequence[str], settings: Settings, text_format: str = "plain") -> list[Outcome]:
    """Another cleaner: the first line of each text goes."""
    ends = [text.find("\n") + 1 or len(text) for text in texts]
    witness = Witness(0, 0, 1)
    return [
        Outcome(
            text[end:],
            (Removal(0, end, 1, 1, "paragraph", "copy", "first", 1.0, (), witness, 1, 1),) if text else (),
        )
        for text, end in zip(texts, ends, strict=True)
    ]


def test_an_edited_output_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "in.parquet", {"text": [REPEATED, "x", "y"], "n": [1, 2, 3]})
    cleaned(tmp_path)
    path = tmp_path / "out" / "in.parquet"
    table = pq.read_table(path)
    for edited, words in (
        (table.set_column(0, "text", pa.array([CLEAN, "edited", "y"])), "was edited since it was cleaned"),
        (table.set_column(0, "text", pa.array([CLEAN + "edited", "x", "y"])), "was edited since it was cleaned"),
        (table.slice(0, 2), "was edited since it was cleaned"),
        (table.drop_columns(["text"]), "no text column 'text'; restoring needs the cleaned file in its place"),
    ):
        pq.write_table(edited, path)
        with pytest.raises(RestoreError, match=words):
            restore(tmp_path / "out", tmp_path / "back")
        assert not (tmp_path / "back" / "in.parquet").exists()
    with pytest.raises(RestoreError, match="rows of a Parquet file are not restored alone; name the file alone"):
        restore(tmp_path / "out", tmp_path / "back", Only("in.parquet", record=1))


def test_lines_that_are_not_those_of_the_file_are_not_written(tmp_path: Path) -> None:
    write(tmp_path / "in.parquet", {"text": ["x", "y"]})
    for lines in (b'{"text":"x"}\n', b'{"text":"x"}\n' * 3, b'{"text":"x"}\n{"text":"y"}'):
        sink = ParquetSink(io.BytesIO(), str(tmp_path / "in.parquet"), "text", "id")
        sink.write(lines)
        with pytest.raises(OSError, match="the rows are not those of the input"):
            sink.close()


def test_without_its_package_the_command_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(SettingsError, match=r"pip install 'article-cleaner\[dumps\]'$"):
        ParquetInput(str(tmp_path / "in.parquet"), "text", "id")


def test_a_struct_is_no_text(tmp_path: Path) -> None:
    write(tmp_path / "in.parquet", {"text": [{"a": "b"}]})
    with pytest.raises(NoText, match="the column 'text' holds struct<a: string>, not text"):
        ParquetInput(str(tmp_path / "in.parquet"), "text", "id")
