"""Annotations: nothing is removed; what would be is said beside the texts, in characters, and nothing else changes."""

from __future__ import annotations

import io
import json
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st
from packs import Case
from toy import clean, clean_one

from cleaner.errors import CleanerError, SettingsError
from cleaner.formats.annotating import attribute_name, inserted, known_of
from cleaner.formats.compression import compressed, pieces
from cleaner.formats.jsonl import clean_records
from cleaner.formats.restore import Only, restore
from cleaner.formats.work import Found, Work, changed
from cleaner.settings import Settings
from cleaner.text.measures import NAMES

ONE, TWO = "Une première phrase 😀 assez longue.\n", "Une deuxième, assez longue.\n"
REPEATED, CLEAN = ONE + TWO + ONE, ONE + TWO
LINE = st.text(st.sampled_from('aé中😀\u0301\\"\u2028 '), min_size=1, max_size=12)
TEXTS = st.lists(st.lists(LINE, max_size=6).map("\n".join), min_size=1, max_size=4)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path, [], [])


def dump(*texts: str, ascii_only: bool = False) -> bytes:
    rows = ({"id": f"r{n}", "text": text} for n, text in enumerate(texts, 1))
    return b"".join(json.dumps(row, ensure_ascii=ascii_only).encode() + b"\n" for row in rows)


def without(text: str, spans: list[list[Any]]) -> str:
    """A text without spans, as whoever reads them takes them out."""
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for start, end, *_ in reversed(spans):
        text = text[:start] + text[end:]
    return text


def put(case: Case, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (case.root / name).parent.mkdir(parents=True, exist_ok=True)
        (case.root / name).write_bytes(data)


@given(TEXTS, st.booleans(), st.booleans())
def test_spans_taken_out_give_the_cleaned_text_and_all_else_stays(
    texts: list[str], ascii_only: bool, measures: bool
) -> None:
    data = dump(*texts, ascii_only=ascii_only)
    found = clean_records(data, "f", "plain", Work(clean, Settings(), annotate="spans", measures=measures))
    lines = b"".join(changed(data, found.changes)).split(b"\n")
    for text, line, before in zip(texts, lines, data.split(b"\n"), strict=False):
        record = json.loads(line)
        assert without(record["text"], record["cleaner"]["removed"]) == clean_one(text).text
        assert len(record["cleaner"]["levels"]) == len(record["cleaner"]["removed"])
        assert set(record.get("cleaner_measures", ())) == (set(NAMES) if measures else set())
        assert line.startswith(before[:-1])
        assert {name: record[name] for name in ("id", "text")} == json.loads(before)


@given(TEXTS, st.booleans())
def test_attributes_of_dolma_have_a_line_a_line_and_the_same_ids(texts: list[str], ascii_only: bool) -> None:
    data = dump(*texts, ascii_only=ascii_only)
    found = clean_records(data, "f", "plain", Work(clean, Settings(), annotate="dolma"))
    assert found.data is not None
    assert found.changes == []
    rows = [json.loads(line) for line in found.data.splitlines()]
    assert [row["id"] for row in rows] == [json.loads(line)["id"] for line in data.splitlines()]
    for text, row in zip(texts, rows, strict=True):
        spans = row["attributes"]["cleaner__repeats"]
        assert without(text, spans) == clean_one(text).text
        assert all(span[2] == 1.0 for span in spans)


@examples(20)
@given(TEXTS, st.sampled_from(["", "gz", "zst"]), st.sampled_from([1, 2]))
def test_the_log_is_that_of_a_dry_run(texts: list[str], compression: Any, workers: int) -> None:
    with TemporaryDirectory() as folder:
        case = Case(Path(folder), [], [])
        name = f"a.jsonl{'.' * bool(compression)}{compression}"
        put(case, {name: compressed(dump(*texts), compression)})
        case.run(name, annotate="spans", workers=workers)
        case.run(name, dry_run=True, out=case.root / "dry")
        assert case.rows() == [json.loads(line) for line in (case.root / "dry/_cleaner/removals.jsonl").open()]
        assert not (case.root / "out/_cleaner/files.jsonl").exists()
        out = b"".join(pieces(io.BytesIO((case.root / "out" / name).read_bytes()), compression))
        assert [json.loads(line)["text"] for line in out.splitlines()] == texts


@pytest.mark.parametrize("scope", ["article", "corpus"])
def test_a_run_annotates_in_each_scope_and_counts_as_cleaning_does(case: Case, scope: Any) -> None:
    put(case, {"a.jsonl": dump(REPEATED, CLEAN), "b.jsonl": dump(REPEATED)})
    wanted = case.run("a.jsonl", "b.jsonl", out=case.root / "cleaned", scope=scope)
    result = case.run("a.jsonl", "b.jsonl", annotate="spans", scope=scope)
    assert (result.tally, result.files, result.failed) == (wanted.tally, 2, 0)
    for name in ("a.jsonl", "b.jsonl"):
        texts = [json.loads(line) for line in (case.root / "cleaned" / name).open()]
        for before, line in zip(texts, (case.root / "out" / name).open(), strict=True):
            record = json.loads(line)
            assert without(record["text"], record["cleaner"]["removed"]) == before["text"]
    assert not (case.root / "out/_cleaner/scratch").exists()


def test_json_arrays_keep_their_layout(case: Case) -> None:
    data = b'[\n  {\n    "text": %b,\n    "n": 1.50 \n  } ,\n  { "text" : "x"}\n]\n' % json.dumps(REPEATED).encode()
    put(case, {"a.json": data})
    case.run("a.json", annotate="spans")
    out = (case.root / "out/a.json").read_bytes()
    one, two = json.loads(out)
    assert without(one["text"], one["cleaner"]["removed"]) == clean_one(REPEATED).text
    assert two["cleaner"] == {"removed": [], "levels": [], "variants": []}
    kept = out
    for record in (one, two):
        kept = kept.replace(inserted({"cleaner": record["cleaner"]}), b"")
    assert kept == data


def test_a_dump_of_pages_comes_out_annotated(case: Case) -> None:
    revision = f"<revision><id>2</id><text>{ONE}\n{TWO}\n{ONE}</text></revision>"
    page = f"<page><title>T</title><ns>0</ns><id>1</id>{revision}</page>"
    put(case, {"d.xml": f'<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/">{page}</mediawiki>'.encode()})
    case.run("d.xml", annotate="spans", format="mediawiki")
    (file,) = (path for path in (case.root / "out").iterdir() if path.is_file())
    record = json.loads(file.read_bytes())
    assert without(record["text"], record["cleaner"]["removed"]) == clean_one(record["text"]).text


@pytest.mark.parametrize("key", ['"cleaner"', '"clean\\u0065r"'])
def test_a_record_with_the_field_is_left_and_told(case: Case, key: str) -> None:
    taken = f'{{{key}: 1, "text": {json.dumps(REPEATED)}}}\n'.encode()
    put(case, {"a.jsonl": dump(CLEAN) + taken})
    result = case.run("a.jsonl", annotate="spans")
    assert (case.root / "out/a.jsonl").read_bytes().endswith(taken)
    assert case.said[0].startswith(f"{case.root}/a.jsonl:2: the record has a field 'cleaner' already;")
    assert result.tally.skipped["field taken"] == 1
    case.run("a.jsonl", annotate="spans", annotate_field="repeats")
    assert json.loads((case.root / "out/a.jsonl").read_bytes().splitlines()[1])["repeats"]["removed"]


def test_a_name_in_a_text_is_no_field() -> None:
    assert known_of(b'{"text": "\\"cleaner\\"", "x": "cleaner", "y": {"cleaner": 1}}', ["cleaner"]) is None


FILES = {"a.txt": REPEATED, "a.md": REPEATED, "a.html": f"<p>{ONE}</p>", "a.csv": f'text\n"{REPEATED}"\n'}


@pytest.mark.parametrize(
    ("name", "how"), [*((name, "spans") for name in FILES), ("a.csv", "dolma"), ("a.json", "dolma")]
)
def test_a_format_without_a_place_is_told_and_its_spans_are_in_the_log(case: Case, name: str, how: Any) -> None:
    files = FILES | {"a.json": json.dumps([{"text": REPEATED}])}
    put(case, {name: files[name].encode(), "b.jsonl": dump(REPEATED)})
    result = case.run(name, "b.jsonl", annotate=how)
    assert (result.exit_code, result.failed, result.files) == (2, 1, 1)
    assert "removals.jsonl" in case.said[0]
    assert not list((case.root / "out").rglob(name))
    assert {row["file"] for row in case.rows()} >= {"b.jsonl"} | ({name} if name != "a.html" else set())


def test_parquet_has_no_place_either(case: Case) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"text": [REPEATED]}), case.root / "a.parquet")
    assert case.run("a.parquet", annotate="spans").failed == 1
    assert len(case.rows()) == 1
    assert not (case.root / "out/a.parquet").exists()


def test_nothing_is_annotated_in_an_archive(case: Case) -> None:
    import tarfile

    put(case, {"b.jsonl": dump(REPEATED)})
    with tarfile.open(case.root / "a.tar", "w") as tar:
        tar.add(case.root / "b.jsonl", "b.jsonl")
    assert case.run("a.tar", annotate="spans").failed == 1
    assert "unpack it" in case.said[0]
    assert not (case.root / "out/a.tar").exists()


@pytest.mark.parametrize("name", ["documents/c/x.jsonl.gz", "c/x.jsonl.gz"])
def test_attributes_lie_where_dolma_looks_for_them(case: Case, name: str) -> None:
    put(case, {f"corpus/{name}": compressed(dump(REPEATED), "gz"), "corpus/other/a.jsonl": dump(CLEAN)})
    case.run("corpus", annotate="dolma")
    out = case.root / "out/attributes/cleaner/c/x.jsonl.gz"
    row = json.loads(b"".join(pieces(io.BytesIO(out.read_bytes()), "gz")))
    assert row["id"] == "r1"
    assert not (case.root / "out/c").exists()
    assert (case.root / "out/attributes/cleaner/other/a.jsonl").exists()


def test_names_are_made_as_dolma_makes_them() -> None:
    assert attribute_name("x/documents/y/z.gz", "cleaner") == "x/attributes/cleaner/y/z.gz"
    assert attribute_name("mydocuments/z.gz", "cleaner") == "attributes/cleaner/mydocuments/z.gz"


def test_attributes_of_two_inputs_or_over_an_input_are_refused(case: Case) -> None:
    put(
        case,
        {"c/documents/a.jsonl": dump(CLEAN), "c/attributes/cleaner/a.jsonl": dump(CLEAN), "c/a.jsonl": dump(CLEAN)},
    )
    with pytest.raises(SettingsError, match="would both have their attributes in attributes/cleaner/a"):
        case.run("c", annotate="dolma")
    with pytest.raises(SettingsError, match="would replace the input"):
        case.run("c/documents/a.jsonl", "c/attributes", annotate="dolma", out=case.root / "c")


def test_every_line_has_its_line_and_what_dolma_cannot_read_is_told(case: Case) -> None:
    lines = [
        b'{"id": 1180591620717411303424, "text": "a"}', b"", b'{"id": 1.10, "text": ["a", "b"]}', b"{broken",
        b'{"id": [1], "text": "a"}', b'{"text": "a"}', b'{"id": "no text"}',
    ]  # fmt: skip
    put(case, {"a.jsonl": b"\n".join(lines)})
    case.run("a.jsonl", annotate="dolma")
    out = (case.root / "out/attributes/cleaner/a.jsonl").read_bytes().splitlines()
    heads = [line.partition(b',"attributes"')[0] for line in out]
    wanted = [b"1180591620717411303424", b"null", b"1.10", b"null", b"[1]", b"null", b'"no text"']
    assert heads == [b'{"id":' + each for each in wanted]
    assert sorted(said.split(":")[1] for said in case.said) == ["2", "3", "4", "7"]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"in_place": True, "out": None}, "--in-place"),
        ({"dry_run": True}, "--dry-run"),
        ({"resume": True}, "--resume"),
        ({"annotate": "dolma", "out": None}, "-o"),
        ({"annotate": "dolma", "text_field": "body"}, "--text-field"),
        ({"annotate_field": "../x"}, "annotate_field"),
    ],
)
def test_options_that_do_not_go_together_are_refused(case: Case, options: dict[str, Any], what: str) -> None:
    put(case, {"a.jsonl": dump(CLEAN)})
    with pytest.raises(SettingsError, match=what):
        case.run("a.jsonl", **{"annotate": "spans"} | options)


def test_the_log_of_a_run_is_not_replaced_and_restoring_says_there_is_none(case: Case) -> None:
    put(case, {"a.jsonl": dump(REPEATED)})
    case.run("a.jsonl", annotate="spans")
    with pytest.raises(CleanerError, match="no log of a run"):
        restore(case.root / "out", case.root / "back")
    case.run("a.jsonl")
    restore(case.root / "out", case.root / "back")
    assert (case.root / "back/a.jsonl").read_bytes() == dump(REPEATED)
    with pytest.raises(SettingsError, match="holds the log of a run"):
        case.run("a.jsonl", annotate="spans")


def test_where_too_much_would_go_nothing_is_written(case: Case) -> None:
    put(case, {"a.jsonl": dump(REPEATED)})
    assert case.run("a.jsonl", annotate="spans", max_removed=0.01).over_limit
    assert not (case.root / "out/a.jsonl").exists()


def test_measures_are_in_the_report(case: Case) -> None:
    put(case, {"a.jsonl": dump(REPEATED, CLEAN), "b.txt": REPEATED.encode()})
    case.run("a.jsonl", "b.txt", measures=True)
    found = json.loads((case.root / "out/_cleaner/report.json").read_bytes())["measures"]
    assert list(found) == list(NAMES)
    assert sum(found["duplicate_lines"]["histogram"]) == 3
    case.run("a.jsonl", out=case.root / "plain")
    assert json.loads((case.root / "plain/_cleaner/report.json").read_bytes())["measures"] == {}


MEASURED = ', "cleaner_measures": {"n": 1}', ',"cleaner_measures":{"n":1}', ""


@examples(40)
@given(
    st.lists(st.tuples(st.sampled_from([REPEATED, CLEAN, "x"]), st.sampled_from(MEASURED)), min_size=1, max_size=5),
    st.sampled_from(["a.jsonl", "a.jsonl.gz", "a.json"]),
    st.lists(st.sampled_from(["{broken", '{"no": 1}', '{"no":1,"cleaner_measures":{}}']), max_size=2),
)
def test_measures_are_put_into_cleaned_records_and_restoring_takes_them_out(
    records: list[tuple[str, str]], name: str, others: list[str]
) -> None:
    lines = [f'{{"text": {json.dumps(text)}{more}}}' for text, more in records] + (others if name != "a.json" else [])
    data = ("[\n" + ",\n".join(lines) + "\n]\n" if name == "a.json" else "\r\n".join(lines)).encode()
    with TemporaryDirectory() as folder:
        case = Case(Path(folder), [], [])
        compression: Any = "gz" if name.endswith(".gz") else ""
        put(case, {name: compressed(data, compression)})
        case.run(name, measures=True)
        out = b"".join(pieces(io.BytesIO((case.root / "out" / name).read_bytes()), compression))
        rows = json.loads(out) if name == "a.json" else [json.loads(line) for line in out.splitlines()[: len(records)]]
        for row, (text, more) in zip(rows, records, strict=True):
            assert row["text"] == clean_one(text).text
            assert list(row["cleaner_measures"]) == (["n"] if more else list(NAMES))
        restore(case.root / "out", case.root / "back")
        back = b"".join(pieces(io.BytesIO((case.root / "back" / name).read_bytes()), compression))
        assert back == data


def test_single_records_and_runs_in_place_come_back_without_their_measures(case: Case) -> None:
    data = dump(REPEATED, CLEAN)
    put(case, {"a.jsonl": data, "b.jsonl": data})
    case.run("a.jsonl", measures=True)
    restore(case.root / "out", case.root / "one", Only("a.jsonl", record=1))
    assert (case.root / "one/a.jsonl").read_bytes() == data.splitlines(keepends=True)[0]
    for _ in range(2):
        case.run("b.jsonl", measures=True, in_place=True, out=case.root / "log")
    restore(case.root / "log", case.root / "back")
    (back,) = (case.root / "back").rglob("b.jsonl")
    assert back.read_bytes() == data


def test_a_measured_record_that_was_edited_is_found(case: Case) -> None:
    put(case, {"a.jsonl": dump(CLEAN, CLEAN)})
    case.run("a.jsonl", measures=True)
    out = case.root / "out/a.jsonl"
    out.write_bytes(out.read_bytes().replace(b'"duplicate_lines"', b'"x":{},"duplicate_lines"', 1))
    with pytest.raises(CleanerError, match="was edited"):
        restore(case.root / "out", case.root / "back")


def test_measures_go_into_records_of_archives_and_not_into_tables(case: Case) -> None:
    import tarfile

    table = f'text\n"{CLEAN}"\n'.encode()
    put(case, {"b.jsonl": dump(REPEATED, CLEAN), "c.csv": table})
    with tarfile.open(case.root / "a.tar", "w") as tar:
        tar.add(case.root / "b.jsonl", "b.jsonl")
    case.run("a.tar", "c.csv", measures=True)
    with tarfile.open(case.root / "out/a.tar") as tar:
        member = tar.extractfile("b.jsonl")
        assert member is not None
        assert all("cleaner_measures" in json.loads(line) for line in member)
    assert (case.root / "out/c.csv").read_bytes() == table
    restore(case.root / "out", case.root / "back")
    assert (case.root / "back/a.tar").read_bytes() == (case.root / "a.tar").read_bytes()


def test_records_without_measures_are_numbered_in_the_file_not_in_the_batch() -> None:
    from cleaner.formats.files import Source
    from cleaner.formats.making import Making
    from cleaner.formats.writing import Output

    making = Making(Source(None, "a.jsonl"), "jsonl", "", Output(None, None, "", None), {}, 1)
    for bare, records in (([3, 2], 3), ([1], 4), ([2], 2)):
        making.add(b"", [], Found(bare=bare, records=records))
    assert making.bare == [[2, 4], [9, 9]]
