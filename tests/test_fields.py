"""Which strings of a record are its text, and what a cut takes from each."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.formats.fields import SEPARATOR, NoText, Part, goes_wholly, joined, parts_of, rest, shares, value_of


@pytest.mark.parametrize(
    ("record", "field", "paths"),
    [
        ({"text": "a"}, "text", [("text",)]),
        ({"article": {"body": "a"}}, "article.body", [("article", "body")]),
        ({"article.body": "a", "article": {"body": "b"}}, "article.body", [("article.body",)]),
        ({"a.b": {"c": "x"}}, "a.b.c", [("a.b", "c")]),
        ({"title": "a", "body": "b"}, "title,body", [("title",), ("body",)]),
        ({"title": "a", "body": "b"}, "body, title,body", [("body",), ("title",)]),
        ({"title,body": "c", "title": "a"}, "title,body", [("title,body",)]),
        ({"title": None, "body": "b"}, "title,body", [("body",)]),
        ({"body": "b"}, "title,body", [("body",)]),
        ({"p": ["a", "b"]}, "p", [("p", 0), ("p", 1)]),
        ({"p": []}, "p", []),
        ({"s": [{"t": "a"}, {"u": 1}, {"t": ["b", "c"]}]}, "s.t", [("s", 0, "t"), ("s", 2, "t", 0), ("s", 2, "t", 1)]),
        ({"s": []}, "s.t", []),
        ({"text": ""}, "text", [("text",)]),
        ({".": "a"}, ".", [(".",)]),
        ({"a.": "x"}, "a.", [("a.",)]),
    ],
)
def test_a_field_names_strings(record: Any, field: str, paths: list[Any]) -> None:
    parts = parts_of(record, field)
    assert [part.path for part in parts] == paths
    for part in parts:
        value = record
        for step in part.path:
            value = value[step]
        assert value == part.text


@pytest.mark.parametrize(
    ("record", "field", "reason", "words"),
    [
        ([], "text", "not an object", "is a list"),
        ({"a": 1}, "text", "no text field", "no text field 'text'"),
        ({"a": 1}, "title,body", "no text field", "no text field 'title' or 'body'"),
        ({"a": {"b": 1}}, "a.c", "no text field", "no text field 'a.c'"),
        ({"a": "x"}, "a.c", "no text field", "no text field 'a.c'"),
        ({"s": [{"u": 1}]}, "s.t", "no text field", "no text field 's.t'"),
        ({"text": None}, "text", "text is null", "holds null"),
        ({"title": None, "body": None}, "title,body", "text is null", "'title' holds null"),
        ({"a.b": None, "a": {"b": "x"}}, "a.b", "text is null", "holds null"),
        ({"title": 5, "body": "b"}, "title,body", "text is a number", "'title' holds a number, not a string"),
        ({"p": ["a", None]}, "p", "text is a list", "holds a list with null in it"),
        ({"p": [{"text": "a"}]}, "p", "text is a list", "holds a list with an object in it"),
        ({"a": {"b": True}}, "a.b", "text is true or false", "'a.b' holds true or false"),
    ],
)
def test_a_record_without_text_is_told_in_words(record: Any, field: str, reason: str, words: str) -> None:
    with pytest.raises(NoText, match=words) as error:
        parts_of(record, field)
    assert error.value.reason == reason


def test_an_id_may_lie_inside_too() -> None:
    assert value_of({"meta": {"id": 7}}, "meta.id") == 7
    assert value_of({"meta.id": 8, "meta": {"id": 7}}, "meta.id") == 8
    assert value_of({"s": [{"id": 1}, {"id": 2}]}, "s.id") is None, "not one id"
    assert value_of(["id"], "id") is None
    assert value_of({"s": [{"id": 1}]}, "id") is None


@given(st.lists(st.text("ab\n", max_size=6), max_size=6), st.lists(st.integers(0, 60), max_size=8))
def test_each_string_loses_what_the_cuts_take_from_it_and_the_blank_lines_between_lose_nothing(
    texts: list[str], ends: list[int]
) -> None:
    text = joined(texts)
    ends = sorted({min(end, len(text)) for end in ends})
    cuts = [(a, b) for a, b in zip(ends[::2], ends[1::2], strict=False) if a < b]
    kept = [not any(a <= at < b for a, b in cuts) for at in range(len(text))]
    at = 0
    for one, own in zip(texts, shares(texts, cuts), strict=True):
        assert rest(one, own) == "".join(c for n, c in enumerate(one) if kept[at + n])
        assert all(share.start < share.end for share in own)
        assert all(cuts[share.cut][0] <= at + share.start < at + share.end <= cuts[share.cut][1] for share in own)
        at += len(one) + len(SEPARATOR)


def test_only_a_paragraph_of_a_list_goes_wholly() -> None:
    (own,) = shares(["abc\n"], [(0, 3)])
    assert goes_wholly(Part(("p", 0), "abc\n", item=True), own), "what is left is white space"
    assert not goes_wholly(Part(("p",), "abc\n"), own)
    assert not goes_wholly(Part(("p", 0), "abcd", item=True), own)
    assert not goes_wholly(Part(("p", 0), "", item=True), [])
