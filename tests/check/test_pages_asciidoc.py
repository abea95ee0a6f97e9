"""AsciiDoc: what is prose in it, and where."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages_promised import cases, check, check_paste, listing, pasted, solid, text_of, texts

from cleaner.text.pages.asciidoc import read_asciidoc
from cleaner.text.pages.block import Page

FRAGMENTS = [
    "Words of a paragraph that goes on", "= Title", "== Section", "Title\n-----", "* item", "** deeper",
    ". first", "1. one", "- dash", "term:: means", "term::", "+", "----", "....", "====", "****", "____",
    "++++", "--", "|===", "////", "// note", "// cleaner: ignore", ":name: value", ":cleaner: ignore-file",
    "[NOTE]", "NOTE: says", "[source,sh]", "[tabs]", "[quote]", "[[anchor]]", "ifdef::a[]", "endif::[]",
    "ifeval::[1 == 1]", "ifdef::a[text]", "include::a.adoc[]", "image::a.png[]", ".Title", "'''", "<<<",
    "```ruby", "```", " literal", "<1> callout", "Umlaute äöü", "中文段落", "---", "\ufeff", "{name}", "\x0c",
    "\x85", "[verse]", "https://x.y[z]", "> quote", "[comment]",
]  # fmt: skip


def without_comments(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line for i, line in enumerate(lines) if i == 0 or not line.startswith("//"))


@pytest.mark.parametrize("path", cases("asciidoc"), ids=lambda path: path.stem)
def test_a_page_has_the_blocks_that_stand_beside_it(path: Path) -> None:
    text = text_of(path)
    page = read_asciidoc(text)
    check(page, text)
    assert listing(page) == text_of(path.with_suffix(".blocks"))


@given(texts(FRAGMENTS))
def test_any_text_is_read_and_its_places_are_exact(text: str) -> None:
    page = read_asciidoc(text)
    check(page, text)
    for block in page.blocks:
        if block.says:
            assert solid(block.says) == solid(without_comments(text[block.start : block.end]))


@pytest.mark.parametrize("path", cases("asciidoc"), ids=lambda path: path.stem)
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_change_places_only(path: Path, end: str) -> None:
    text = text_of(path)
    page, other = read_asciidoc(text), read_asciidoc(text.replace("\n", end))
    check(other, text.replace("\n", end))
    assert [b[2:6] for b in other.blocks] == [b[2:6] for b in page.blocks]


@given(st.data())
def test_a_paragraph_pasted_below_itself_is_two_equal_neighbours(data: st.DataObject) -> None:
    text = text_of(data.draw(st.sampled_from(cases("asciidoc"))))
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    text = text.replace("\n", end)
    page = read_asciidoc(text)
    # What brackets or NOTE: make a box is a box of its own each time, or none.
    meant = [i for i, b in enumerate(page.blocks) if b.kind == "prose" and not is_made_box(page, i)]
    number = data.draw(st.sampled_from(meant))
    check_paste(page, number, read_asciidoc(pasted(text, page, number, end + end)))


def is_made_box(page: Page, number: int) -> bool:
    block = page.blocks[number]
    alone = sum(other.scope == block.scope for other in page.blocks) == 1
    return alone and page.scopes[block.scope].kind == "box"


def test_blocks_may_be_nested_at_any_depth() -> None:
    text = "\n".join("=" * n for n in range(4, 600)) + "\nWords at the bottom.\n"
    page = read_asciidoc(text)
    check(page, text)
    assert page.blocks[-1].says == "Words at the bottom."
    assert len(page.troubles) == 596


def test_a_box_that_ends_ends_what_was_left_open_in_it_and_says_so() -> None:
    page = read_asciidoc("====\nOne.\n\n****\nTwo.\n\n====\n\nThree.\n")
    assert [(block.says, page.scopes[block.scope].kind) for block in page.blocks] == [
        ("One.", "box"),
        ("Two.", "box"),
        ("Three.", "page"),
    ]
    assert [trouble.what for trouble in page.troubles] == ["the block that **** opens is not closed"]


def test_a_joined_paragraph_goes_with_the_sign_that_joins_it() -> None:
    text = "* An item\n+\nIts second paragraph.\n"
    page = read_asciidoc(text)
    assert text[slice(*page.blocks[1].outer)] == "+\nIts second paragraph."
