"""Records: a splice is what JSON says it is, and touches nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st
from toy import clean

from cleaner.formats import jsonl
from cleaner.formats.fields import Part
from cleaner.formats.jsonl import clean_records
from cleaner.formats.raw import Back, applied, put_back
from cleaner.formats.reading import line_batches
from cleaner.formats.splice import escaped, locate, splice
from cleaner.formats.work import Found, Work, changed
from cleaner.settings import Settings

WORK = Work(clean, Settings())
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.sampled_from(["1.50", "1e3", "-0.0"]) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
SPACE = st.sampled_from(["", "", " ", "\t", "  "])
SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\", "/": "\\/", "\b": "\\b", "\f": "\\f"}


def spell(draw: Any, text: str) -> str:
    """A JSON string with a random choice of escapes for each character."""
    parts = []
    for char in text:
        units = char.encode("utf-16-be")
        hexed = "".join(f"\\u{int.from_bytes(units[i : i + 2]):04x}" for i in range(0, len(units), 2))
        options = [hexed, hexed.upper().replace("\\U", "\\u")]
        options += [SHORT[char]] if char in SHORT else []
        options += [char] if char >= " " and char not in '"\\' else []
        parts.append(draw(st.sampled_from(options)))
    return '"' + "".join(parts) + '"'


@st.composite
def lines(draw: Any) -> tuple[bytes, str]:
    """A raw record with random keys, duplicates, escapes and spacing, and the text that counts."""
    items = draw(st.lists(st.tuples(TEXT.filter(lambda key: key != "text"), VALUES), max_size=4))
    decoys = draw(st.lists(TEXT, max_size=1))
    text = draw(TEXT)
    members = [(spell(draw, key), json.dumps(value)) for key, value in items]
    members += [('"text"', spell(draw, decoy)) for decoy in decoys]
    members.append((draw(st.sampled_from(['"text"', '"t\\u0065xt"'])), spell(draw, text)))
    behind = draw(st.lists(st.tuples(TEXT.filter(lambda key: key != "text"), VALUES), max_size=2))
    members += [(spell(draw, key), json.dumps(value)) for key, value in behind]
    gap = lambda: draw(SPACE)  # noqa: E731
    raw = ",".join(f"{gap()}{key}{gap()}:{gap()}{value}{gap()}" for key, value in members)
    return f"{gap()}{{{raw}}}{gap()}".encode(), text


def cuts_in(text: str, places: list[int]) -> list[tuple[int, int]]:
    ends = sorted({place % (len(text) + 1) for place in places})
    return [(a, b) for a, b in zip(ends[::2], ends[1::2], strict=False) if a < b]


@given(lines(), st.lists(st.integers(0, 30), max_size=6))
@examples(200)
def test_a_splice_equals_json_semantics_and_touches_nothing_else(raw: tuple[bytes, str], places: list[int]) -> None:
    line, text = raw
    cuts = cuts_in(text, places)
    kept = "".join(char for at, char in enumerate(text) if not any(a <= at < b for a, b in cuts))
    gone = splice(line, [Part(("text",), text)], cuts)
    new = applied(line, gone)
    assert json.loads(new) == json.loads(line) | {"text": kept}, "the record with only its text changed"
    ((start, end),) = locate(line, [("text",)])
    tail = len(line) - end
    assert new[:start] == line[:start], "every byte before the value stays"
    assert new[len(new) - tail :] == line[end:], "every byte behind it too"
    assert [json.loads(b'"' + line[each.start : each.end] + b'"') for each in gone] == [text[a:b] for a, b in cuts]


@given(lines(), st.lists(st.integers(0, 30), max_size=6))
@examples(100)
def test_putting_back_what_was_cut_gives_the_line_again(raw: tuple[bytes, str], places: list[int]) -> None:
    line, text = raw
    gone = splice(line, [Part(("text",), text)], cuts_in(text, places))
    backs = [Back(each.start, line[each.start : each.end]) for each in gone]
    assert put_back(applied(line, gone), backs) == line


@given(TEXT, st.booleans())
def test_the_usual_spellings_need_no_raw_text_in_the_log(text: str, ascii_only: bool) -> None:
    assert escaped(text, ascii_only=ascii_only) == json.dumps(text, ensure_ascii=ascii_only)[1:-1].encode()


@given(st.lists(st.binary(max_size=12)), st.integers(1, 20), st.integers(1, 7))
def test_batches_are_whole_lines_and_join_to_the_file(parts: list[bytes], size: int, step: int) -> None:
    data = b"\n".join(parts)
    batches = list(line_batches((data[i : i + step] for i in range(0, len(data), step)), size))
    assert b"".join(batches) == data
    assert all(batch.endswith(b"\n") for batch in batches[:-1])


LINE = "Un texte assez long pour sortir.\n"
TWICE = LINE + "Une autre phrase, assez longue aussi.\n" + LINE


def found_in(data: bytes, work: Work = WORK) -> tuple[bytes, Found]:
    found = clean_records(data, "x.jsonl", "plain", work)
    return b"".join(changed(data, found.changes)), found


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_marks_and_blank_lines_stay(end: str, mark: bytes) -> None:
    untouched = '{"text": "rien à\\u0020faire", "n": 1.50}'
    record = json.dumps({"id": "b", "text": TWICE})
    data = mark + f"{untouched}\r\n\n   \r\n{record}{end}".encode()
    output, found = found_in(data)
    expected = json.dumps({"id": "b", "text": TWICE.removesuffix(LINE)})
    assert not found.problems
    assert output == mark + f"{untouched}\r\n\n   \r\n{expected}{end}".encode()
    (row,) = found.removals
    assert (row["record"], row["line"], row["text_line"], row["id"]) == (2, 4, 3, "b"), "blank lines are no records"
    assert TWICE.encode()[row["byte_start"] : row["byte_end"]].decode() == LINE
    assert (found.lines, found.records) == (3 + (end != ""), 2)


def test_a_file_without_anything_to_remove_has_no_changes() -> None:
    data = b'{"text":"a"}\n{"text":"b"}\n'
    _, found = found_in(data)
    assert not found.changes
    assert found.tally.articles == 2


@pytest.mark.parametrize("library", ["orjson", "json"])
@pytest.mark.parametrize(
    ("line", "reason", "words"),
    [
        (b'{"text": "a"', "broken JSON", "broken JSON ("),
        (b'{"text": NaN}', "text is a number", "holds a number"),
        (b"[" * 100_000, "broken JSON", "nested too deeply"),
        (rb'{"text": "half \ud83d gone"}', "lone surrogate", r"\ud83d"),
        (b'{"text": "caf\xe9"}', "not UTF-8", "byte 14 of the record (0xe9)"),
        (b'{"body": "a"}', "no text field", "no text field 'text'"),
        (b'{"text": null}', "text is null", "holds null"),
        (b'{"text": 12}', "text is a number", "holds a number"),
        (b'{"text": ["a", 1]}', "text is a list", "holds a list with a number in it"),
        (b'["text"]', "not an object", "is a list"),
        (b'"text"', "not an object", "is a string"),
    ],
)
def test_each_broken_record_is_left_as_it_was_with_one_clear_line(
    library: str, line: bytes, reason: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if library == "json":
        monkeypatch.setattr(jsonl, "loader", lambda: jsonl._loads)
    data = b'{"text":"first"}\n' + line + b"\n" + json.dumps({"text": TWICE}).encode()
    output, found = found_in(data)
    (problem,) = found.problems
    assert (problem.line, problem.reason) == (2, reason)
    assert words in str(problem)
    assert str(problem).startswith("x.jsonl:2: ")
    assert "\n" not in str(problem)
    assert output.split(b"\n")[1] == line, "copied untouched"
    assert found.tally.articles == 2, "the others are cleaned all the same"
    assert found.tally.skipped == {reason: 1}


@pytest.mark.parametrize("library", ["orjson", "json"])
@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "[NaN, {}]", r'"half \ud83d"', r'{"\ud800": 1}'])
def test_what_is_no_json_in_another_field_keeps_no_record_from_being_cleaned(
    library: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python writes NaN and halves of characters; the rest of the record stays as it came."""
    if library == "json":
        monkeypatch.setattr(jsonl, "loader", lambda: jsonl._loads)
    record = f'{{"score": {value}, "text": %s, "id":  7}}'
    output, found = found_in((record % json.dumps(TWICE)).encode())
    assert not found.problems
    assert output == (record % json.dumps(TWICE.removesuffix(LINE))).encode()


def test_an_id_with_half_a_character_is_none() -> None:
    _, found = found_in((r'{"id": "\ud83d", "text": ' + json.dumps(TWICE) + "}").encode())
    (row,) = found.removals
    assert row.get("id") is None


def test_a_missing_field_is_answered_with_those_there_are() -> None:
    _, found = found_in(b'{"body": "a", "title": "b"}')
    assert "give --text-field; the fields here: 'body', 'title'" in str(found.problems[0])


def test_a_splice_that_does_not_read_as_it_must_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """No line is written that, parsed again, is not the record with only its text changed: it stays as it is."""
    real = jsonl.splice
    monkeypatch.setattr(jsonl, "splice", lambda line, parts, cuts: real(line, parts, [(a + 1, b) for a, b in cuts]))
    line = json.dumps({"text": TWICE}).encode()
    output, found = found_in(line)
    assert (output, found.removals, found.tally.removed_words) == (line, [], 0)
    assert str(found.problems[0]).startswith("x.jsonl:1: internal error (InternalError in formats/jsonl.py:")


def test_a_single_line_of_many_megabytes_is_cleaned() -> None:
    body = "".join(f"Ligne numéro {number} de ce long texte.\n" for number in range(100_000))
    record = json.dumps({"text": body + "Ligne numéro 7 de ce long texte.\n"}, ensure_ascii=False).encode()
    output, found = found_in(record)
    assert json.loads(output)["text"] == body
    assert len(found.removals) == 1
