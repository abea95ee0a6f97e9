"""Plain text: its paragraphs, and the formats by suffix."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages_promised import cases, check, check_paste, listing, pasted, solid, text_of, texts

from cleaner.text.pages.plain import read_plain
from cleaner.text.pages.read import FORMATS, read_page

FRAGMENTS = [
    "Words of a paragraph that goes on and on, so that it may be wrapped at last", "and so on", "TITLE",
    "=====", "# Title", "- item", "1. one", "> quote", "| row", "# cleaner: ignore", "// cleaner: ignore",
    "https://x.y/z", "12 34 56", "x = {1}", "* * *", "Umlaute äöü", "中文段落。", "\u3000wide", "\ufeff", "---",
    "title: x", "\x0c", "\x85", "Chapter 3",
]  # fmt: skip


@pytest.mark.parametrize("path", cases("plain"), ids=lambda path: path.stem)
def test_a_page_has_the_blocks_that_stand_beside_it(path: Path) -> None:
    text = text_of(path)
    page = read_plain(text)
    check(page, text)
    assert listing(page) == text_of(path.with_suffix(".blocks"))


@given(texts(FRAGMENTS))
def test_any_text_is_read_and_its_places_are_exact(text: str) -> None:
    page = read_plain(text)
    check(page, text)
    for block in page.blocks:
        if block.says:
            assert solid(block.says) == solid(text[block.start : block.end])


@given(st.data())
def test_a_paragraph_pasted_below_itself_is_two_equal_neighbours(data: st.DataObject) -> None:
    text = text_of(data.draw(st.sampled_from(cases("plain"))))
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    text = text.replace("\n", end)
    page = read_plain(text)
    number = data.draw(st.sampled_from([i for i, b in enumerate(page.blocks) if b.kind == "prose"]))
    check_paste(page, number, read_plain(pasted(text, page, number, end + end)))


@pytest.mark.parametrize("format", sorted(set(FORMATS.values())))
def test_every_format_is_read_by_its_reader(format: str) -> None:
    text = "The bridge over the river will be closed for twelve weeks.\n"
    page = read_page(text, format)
    assert page.format == format
    assert [(b.kind, b.says) for b in page.blocks] == [("prose", text.strip())]


def test_a_reader_is_loaded_only_where_its_format_is_read() -> None:
    code = (
        "import sys; from cleaner.text.pages.read import read_page; read_page('Words.', 'rst');"
        "print(*(m for m in sys.modules if m.startswith('cleaner.text.')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(run.stdout.split())
    assert "cleaner.text.pages.rst" in loaded
    assert not loaded & {f"cleaner.text.pages.{name}" for name in ("asciidoc", "html", "plain", "markdown", "front")}
    assert "cleaner.text.lines" not in loaded
