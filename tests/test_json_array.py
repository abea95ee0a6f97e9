"""Records in one JSON array: told apart without parsing, left alone where they cannot be."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st
from toy import clean

from cleaner.formats import json_array, json_elements
from cleaner.formats.json_array import JsonArray
from cleaner.formats.json_elements import element_end, reach
from cleaner.formats.record_formats import json_shape
from cleaner.formats.restore import restore
from cleaner.formats.work import Events
from cleaner.job import JobOptions, run
from cleaner.settings import Settings

LINE = "Un texte assez long pour sortir.\n"
TWICE = LINE + "Une autre phrase, elle aussi longue.\n" + LINE
ONCE = TWICE.removesuffix(LINE)
RECORD = json.dumps({"id": "a", "text": TWICE})
CLEANED = json.dumps({"id": "a", "text": ONCE})


class Case:
    """A run over one file, of which problems are kept; what was written is always restored, too."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[str] = []

    def clean(self, data: str | bytes, name: str = "a.json", **options: object) -> bytes:
        folder = self.root / "in"
        folder.mkdir(exist_ok=True)
        whole = data if isinstance(data, bytes) else data.encode()
        (folder / name).write_bytes(whole)
        events = Events(problem=lambda problem: self.problems.append(str(problem).replace(f"{folder}/", "")))
        self.result = run(
            JobOptions((str(folder / name),), self.root / "out", workers=1, **options),  # type: ignore[arg-type]
            Settings(),
            clean,
            events=events,
        )
        restore(self.root / "out", self.root / "back")
        assert (self.root / "back" / name).read_bytes() == whole
        return (self.root / "out" / name).read_bytes()


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


FIX = "the record is left as it was: correct it, or leave it out"
REST = "what follows is left as it was: correct it"


@pytest.mark.parametrize(
    ("element", "said", "reason"),
    [
        ('{"text": }', "broken JSON (Expecting value at column 10)", "broken JSON"),
        ('{"text": "a" "b"}', "broken JSON (Expecting ',' delimiter at column 14)", "broken JSON"),
        ('{"text": "a\tb"}', "broken JSON (Invalid control character at at column 12)", "broken JSON"),
        ('{"text": "a"} {"text": "b"}', "broken JSON (Extra data at column 15)", "broken JSON"),
        ("5", "the record is a number, not an object", "not an object"),
        ("null", "the record is null, not an object", "not an object"),
        ('["text"]', "the record is a list, not an object", "not an object"),
        ('"},{"', "the record is a string, not an object", "not an object"),
        ('{"text": 5}', "the text field 'text' holds a number, not a string", "text is a number"),
        (r'{"text": "\ud800"}', r"a lone surrogate (\ud800), half a character", "lone surrogate"),
    ],
)
def test_a_broken_element_is_left_alone_and_the_others_are_cleaned(
    case: Case, element: str, said: str, reason: str
) -> None:
    output = case.clean(f"[{RECORD},\n{element},\n{RECORD}]")
    assert output.decode() == f"[{CLEANED},\n{element},\n{CLEANED}]"
    assert case.problems == [f"a.json:2: {said}; {FIX}"]
    assert case.result.tally.skipped == {reason: 1}
    assert case.result.tally.articles == 2


def test_the_line_of_a_fault_is_that_in_the_file(case: Case) -> None:
    case.clean(f'[\n{RECORD},\n{{\n  "id": 1,\n  "text" "x"\n}}\n]')
    assert case.problems == [f"a.json:5: broken JSON (Expecting ':' delimiter at column 10); {FIX}"]


def test_a_byte_that_is_not_utf8_costs_its_record(case: Case) -> None:
    output = case.clean(f"[{RECORD}, ".encode() + b'{"text":\n"\xe9"}, ' + f"{RECORD}]".encode())
    assert output.count(CLEANED.encode()) == 2
    assert case.problems == [f"a.json:2: byte 11 of the record (0xe9) is not UTF-8; {FIX}"]


@pytest.mark.parametrize(
    ("element", "line", "what"),
    [
        ('{"text": "a}', 4, "a string that is not closed on its line"),
        ('{"text": "a"', 4, "brackets that do not pair"),
        ('{"text": ["a"}', 4, "brackets that do not pair"),
        ('{"text": "a"}}', 4, "brackets that do not pair"),
        ("}", 4, "brackets that do not pair"),
        ('{\n"text": {"a": "b}', 5, "a string that is not closed on its line"),
    ],
)
@pytest.mark.parametrize("indent", ["", "  "])
@pytest.mark.parametrize("batch", [10, 1 << 20])
def test_behind_a_record_without_end_the_next_line_of_a_record_goes_on(
    case: Case, element: str, line: int, what: str, indent: str, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where each record begins a line, one that lost a quote or a bracket does not cost the others."""
    monkeypatch.setattr(json_array, "BATCH", batch)
    output = case.clean(f"[\n{indent}{RECORD},\n{indent}{RECORD},\n{indent}{element},\n{indent}{RECORD}\n]\n").decode()
    assert output == f"[\n{indent}{CLEANED},\n{indent}{CLEANED},\n{indent}{element},\n{indent}{CLEANED}\n]\n"
    assert case.problems == [f"a.json:{line}: broken JSON ({what}); {FIX}"]
    assert case.result.tally.articles == 3


@pytest.mark.parametrize(
    ("broken", "line", "what"),
    [
        ('{"text": "a}, \n', 1, "a string that is not closed on its line"),
        ('{"text": ["a"}, ', 1, "brackets that do not pair"),
        ('{"text": {"a": 1, ', 2, "brackets that do not pair"),
        ('{"text": "a"}}, ', 1, "brackets that do not pair"),
    ],
)
def test_where_no_line_begins_a_record_all_that_follows_is_left_alone(
    case: Case, broken: str, line: int, what: str
) -> None:
    rest = f"{broken}{RECORD},\n{RECORD}]"
    assert case.clean(f"[{RECORD},{rest}").decode() == f"[{CLEANED},{rest}"
    assert case.problems == [f"a.json:{line}: broken JSON ({what}); {REST}"]


def test_records_indented_like_what_lies_in_them_are_no_guide(case: Case) -> None:
    """With an indent of nothing, as Python writes it, any object may begin such a line: then none is a new record."""
    inner = json.dumps({"text": TWICE}, indent=0)
    rest = f'{{\n"text": "a,\n"inner": [\n{inner}\n]\n}},\n{inner}\n]'
    assert case.clean(f"[\n{inner},\n{rest}").decode() == f"[\n{inner.replace(*_gone())},\n{rest}"
    assert case.problems == [f"a.json:6: broken JSON (a string that is not closed on its line); {REST}"]


def _gone() -> tuple[str, str]:
    return json.dumps(TWICE), json.dumps(ONCE)


def test_an_array_that_is_not_closed(case: Case) -> None:
    assert case.clean(f"[{RECORD},\n{RECORD}\n").decode() == f"[{CLEANED},\n{CLEANED}\n"
    assert case.problems == ["a.json:3: broken JSON (the array is not closed); correct it"]


def test_a_file_that_ends_in_a_record(case: Case) -> None:
    assert case.clean(f"[{RECORD},\n{RECORD[:-20]}").decode() == f"[{CLEANED},\n{RECORD[:-20]}"
    assert case.problems == [f"a.json:2: broken JSON (a record that does not end); {REST}"]


def test_what_stands_behind_the_array_is_left_alone(case: Case) -> None:
    assert case.clean(f"[{RECORD}]\n\n[{RECORD}]").decode() == f"[{CLEANED}]\n\n[{RECORD}]"
    assert case.problems == [f"a.json:3: broken JSON (the array ends before this); {REST}"]


@pytest.mark.parametrize("data", [f"[{RECORD}, ]", f"[{RECORD},,{RECORD}]", "[]", " [ ]\n"])
def test_a_comma_too_many_and_an_empty_array_cost_nothing(case: Case, data: str) -> None:
    assert case.clean(data).decode() == data.replace(RECORD, CLEANED)
    assert not case.problems


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("[1, 2]", "JSON, but no array of objects; left as it is: leave it out"),
        ('["text"]', "JSON, but no array of objects; left as it is: leave it out"),
        ("", "JSON, but no array of objects; left as it is: leave it out"),
        ("// settings\n{}", "JSON, but no array of objects; left as it is: leave it out"),
        (
            json.dumps({"name": "x", "version": 1}, indent=1),
            "one JSON object without a text field 'text'; left as it is: give --text-field if it is one",
        ),
        (
            '{\n  // a comment\n  "strict": true\n}',
            "neither an array of objects nor one object: broken JSON (Expecting property name enclosed in double "
            "quotes at column 3); left as it is: correct it, or leave it out",
        ),
        (f'[{{"text": "a"}}, {RECORD}]'.encode("utf-16").decode("latin-1"), "JSON in UTF-16"),
    ],
)
def test_json_that_holds_no_records_is_no_article(case: Case, data: str, said: str) -> None:
    raw = data.encode("latin-1")
    assert case.clean(raw) == raw
    (problem,) = case.problems
    assert said in problem
    assert sum(case.result.tally.skipped.values()) == 1
    assert not case.result.failed


def test_one_object_is_one_record_on_however_many_lines(case: Case) -> None:
    data = json.dumps({"id": "a", "text": TWICE}, indent=2)
    assert case.clean(data).decode() == data.replace(*_gone())
    assert case.clean("\ufeff" + RECORD).decode() == "\ufeff" + CLEANED
    assert not case.problems


def test_a_large_object_is_not_held(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_array, "LARGEST", 100)
    data = json.dumps({"text": TWICE, "more": list(range(100))}, indent=2)
    assert case.clean(data).decode() == data
    (problem,) = case.problems
    assert "no array of objects, and too long" in problem


@pytest.mark.parametrize(
    ("head", "shape"),
    [
        (b'[{"a": 1}', "array"),
        (b"\xef\xbb\xbf \n[\n", "array"),
        (b"[]", "array"),
        (b"[1]", None),
        (b'{"a": 1}\n{"a": 2}\n', "lines"),
        (b'{"a": 1}\n\n', "object"),
        (b'{\n"a": 1}\n', "object"),
        (b"12", None),
        (b"", None),
    ],
)
def test_how_records_lie_in_a_json_file(head: bytes, shape: str | None) -> None:
    assert json_shape(head, whole=True) == shape


def test_jsonl_by_another_name_is_read_as_jsonl(case: Case) -> None:
    assert case.clean(f"{RECORD}\n{RECORD}\n").decode() == f"{CLEANED}\n{CLEANED}\n"


def test_an_array_is_known_by_its_content_too(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    assert case.clean(f"[\n  {RECORD}]", name="dump").decode() == f"[\n  {CLEANED}]"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"[{RECORD}]".encode())))
    out = io.BytesIO()
    run(JobOptions(("-",)), Settings(), clean, stdout=out)
    assert out.getvalue().decode() == f"[{CLEANED}]"


def test_a_long_array_is_cut_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an array of any length no more than two batches are held, a piece, and a record."""
    taken = 0

    def read():  # type: ignore[no-untyped-def]
        nonlocal taken
        yield b"["
        for _ in range(3000):
            taken += 1
            yield b'{"text": "' + b"a" * 1000 + b'"},'
        yield b"{}]"

    monkeypatch.setattr(json_array, "BATCH", 10_000)
    given = 0
    for batch in JsonArray().batches(read(), "x"):
        given += len(batch.data)
        assert len(batch.data) < 21_000
        assert taken * 1013 - given < 21_000


def test_a_record_longer_than_a_batch_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_array, "BATCH", 100)
    record = json.dumps({"text": "a" * 5000, "deep": [[[[[[[["]}"]]]]]]]]}).encode()
    data = b"[" + b",".join([record] * 3) + b"]"
    batches = list(JsonArray().batches((data[n : n + 7] for n in range(0, len(data), 7)), "x"))
    assert b"".join(batch.data for batch in batches) == data
    assert sum(batch.data.count(record) for batch in batches) == 3


JSON = st.recursive(
    st.sampled_from(["1", "null", '""', '"a"', r'"\""', r'"]\\"', '"{,"', '"\\u005d"']),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda each: f"[{', '.join(each)}]")
        | st.lists(inner, max_size=3).map(lambda each: "{" + ",".join(f'"}}":{value}' for value in each) + "}")
    ),
    max_leaves=30,
)


@given(st.lists(JSON, min_size=1, max_size=4), st.integers(0, 4))
@examples(300)
def test_an_element_ends_where_json_says_so(elements: list[str], depth: int) -> None:
    """By the expression for what is nested so deep, and bracket by bracket beyond it."""
    data = " , ".join(elements).encode() + b" ]"
    with pytest.MonkeyPatch.context() as patch:
        one = json_elements._element().replace(json_elements._container(3), json_elements._container(depth))
        patch.setattr(json_elements, "_ONE", json_elements.re.compile(one))
        patch.setattr(json_elements, "_many", lambda line: json_elements.re.compile(rb"(?:" + one + rb",)*+"))
        at, found = 0, []
        while True:
            stop, end = element_end(data, at)
            found.append(data[at:stop].decode().strip())
            if end != "comma":
                break
            at = stop + 1
        assert (found, end) == (elements, "end")
        reached = reach(data, 0, b"", 1 << 30, ended=True)
        assert (reached.whole, reached.stop, reached.end) == (at, stop, "end")
        for size in range(len(data) - 1):
            assert element_end(data[:size], 0)[1] in ("more", "comma"), "the beginning of an array is never broken"


@pytest.mark.parametrize("batch", [1, 30, 1 << 20])
@pytest.mark.parametrize("lost", [5, 1 << 20])
def test_a_record_in_which_others_seem_to_lie_is_one_where_it_is_json(
    batch: int, lost: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much is read at once: what is found when a file is cleaned must be found when it is restored."""
    monkeypatch.setattr(json_elements, "LOST", lost)
    monkeypatch.setattr(json_array, "BATCH", batch)
    data = b'[\n{"a": 1},\n{"text": [\n{"b": 1},\n{"c": 2}]},\n{"d": [}\n,{},\n{"e": 3}],\n{"f": 4}\n]'
    reader = JsonArray.of(data)
    batches = list(reader.batches([data[n : n + 3] for n in range(0, len(data), 3)], "x"))
    assert b"".join(each.data for each in batches) == data
    found = [
        each.data[a:b]
        for n, each in enumerate(batches)
        if each.records
        for a, b in reader.spans(each.data, "", first=n == 0)
    ]
    if lost == 5:
        assert found == [b'{"a": 1}', b'{"b": 1}', b'{"c": 2}'], "the list inside seems to end the array"
    else:
        assert found == [b'{"a": 1}', b'{"text": [\n{"b": 1},\n{"c": 2}]}', b'{"e": 3}'], "up to what seems its end"
