"""reStructuredText: what is prose in it, and where."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages_promised import cases, check, check_paste, listing, pasted, solid, text_of, texts

from cleaner.text.pages.rst import read_rst

FRAGMENTS = [
    "Words of a paragraph that goes on", "Title", "=====", "-----", "- item", "* ", "1. first",
    "A. Smith said", "::", "announces::", ".. note::", ".. note:: says", ".. tab:: Linux", ".. only:: html",
    ".. code-block:: sh", ".. image:: x", ":field: value", ".. comment", "..", ".. _target:",
    ".. |sub| image:: x", ".. [1] note", "__ anonymous", ">>> 1 + 1", "| verse", "+---+---+", "==  ==",
    "a   b", "-a  option", "   deeper", "      deepest", "\ttab", "Umlaute äöü", "中文段落",
    ".. versionadded:: 3.2 Words", "`link <https://x.y>`_", "PEP: 1", "---", ":cleaner: ignore",
    "\u3000wide", "\ufeff", ".. py:function:: f(x)", "   :option: value", "> quote", "```", "\x0c", "\x85",
    "\x1c",
]  # fmt: skip


@pytest.mark.parametrize("path", cases("rst"), ids=lambda path: path.stem)
def test_a_page_has_the_blocks_that_stand_beside_it(path: Path) -> None:
    text = text_of(path)
    page = read_rst(text)
    check(page, text)
    assert listing(page) == text_of(path.with_suffix(".blocks"))


@given(texts(FRAGMENTS))
def test_any_text_is_read_and_its_places_are_exact(text: str) -> None:
    page = read_rst(text)
    check(page, text)
    for block in page.blocks:
        if block.says:
            assert solid(block.says) == solid(text[block.start : block.end])


@pytest.mark.parametrize("path", cases("rst"), ids=lambda path: path.stem)
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_change_places_only(path: Path, end: str) -> None:
    text = text_of(path)
    page, other = read_rst(text), read_rst(text.replace("\n", end))
    check(other, text.replace("\n", end))
    assert [b[2:6] for b in other.blocks] == [b[2:6] for b in page.blocks]


@given(st.data())
def test_a_paragraph_pasted_below_itself_is_two_equal_neighbours(data: st.DataObject) -> None:
    text = text_of(data.draw(st.sampled_from(cases("rst"))))
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    text = text.replace("\n", end)
    page = read_rst(text)
    # What stands on the line of a directive's name makes a box of its own each time.
    meant = [
        i
        for i, b in enumerate(page.blocks)
        if b.kind == "prose" and not b.says.endswith("::") and not text.startswith("..", b.outer[0])
    ]
    number = data.draw(st.sampled_from(meant))
    check_paste(page, number, read_rst(pasted(text, page, number, end + end)))


def test_equal_meanings_of_two_terms_never_lie_in_one_scope() -> None:
    page = read_rst("--long\n    The same words.\n\nshort\n    The same words.\n\nother\n    The same words.\n")
    same = [block.scope for block in page.blocks if block.says == "The same words."]
    assert len(same) == 2
    assert len(set(same)) == 2


def test_a_second_paragraph_of_literal_quotes_is_no_literal_block() -> None:
    page = read_rst("It ends so::\n\n``code`` begins a paragraph.\n\nAnd so::\n\n> quoted\n> literally\n")
    assert [block.kind for block in page.blocks] == ["prose", "prose", "prose", "other"]


@pytest.mark.parametrize("sign", ["- ", ".. note:: ", "1. ", "* - "])
def test_pages_may_be_nested_at_any_depth(sign: str) -> None:
    text = sign * 3000 + "Words at the bottom."
    page = read_rst(text)
    check(page, text)
    assert page.blocks[-1].says == "Words at the bottom."


def test_tabs_indent_to_the_next_eighth_column() -> None:
    page = read_rst("- item\n\n\tA quote inside of it, at column eight.\n\n  Its second paragraph.\n")
    assert [page.scopes[block.scope].kind for block in page.blocks] == ["page", "box", "page"]


@pytest.mark.parametrize(
    "text",
    [
        "Title\n=====\n\n:author: Someone\n:cleaner: ignore-file\n\nWords.\n",
        "PEP: 1\nCleaner: ignore-file\n\nWords.\n",
        "---\ncleaner: ignore-file\n---\n\nWords.\n",
    ],
)
def test_the_key_of_a_page_is_a_field_at_its_top(text: str) -> None:
    page = read_rst(text)
    assert page.front == "ignore-file"
    assert [comment.text for comment in page.comments] == ["cleaner: ignore-file"]


def test_a_field_of_that_name_further_down_is_none() -> None:
    page = read_rst("One.\n\nTwo.\n\nThree.\n\n:cleaner: ignore-file\n")
    assert page.front is None
