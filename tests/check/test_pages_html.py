"""HTML and templates of it: what is prose in them, and where."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages_promised import cases, check, check_paste, is_whole, listing, pasted, solid, text_of, texts

from cleaner.text.pages.block import Page
from cleaner.text.pages.html import read_html

FRAGMENTS = [
    "Words of a paragraph that goes on", "<p>", "</p>", "<p>Words", "<div>", "</div>", "<h1>", "</h1>",
    "<h2>Title</h2>", "<ul>", "<li>item", "</li>", "</ul>", "<table><tr><td>cell", "</table>", "<pre>",
    "</pre>", "<code>", "</code>", "<nav>", "</nav>", "<form>", "</form>", "<script>var a</script>",
    "<style>", "<!-- cleaner: ignore -->", "<!--", "-->", "<br>", "<hr>", "<a href='x'>link</a>", "<a>",
    "</a>", "<b>bold</b>", "<img src=x>", "<svg><text>s</text></svg>", "{{ name }}", "{% if a < b %}",
    "{% endif %}", "{{", "{%", "{# note #}", "{{/* note */}}", "<% x %>", "<?php echo 1 ?>", "<?=", "&amp;",
    "<div class='tab-pane'>", "<section role=tabpanel>", "<blockquote>", "</blockquote>",
    "<details><summary>", "</details>", "<aside>", "</section>", "## Title", "- item", "---", "\ufeff",
    "Umlaute äöü", "<", ">", "<!doctype html>", "\x01", "\x0c",
]  # fmt: skip


@pytest.mark.parametrize("path", cases("html"), ids=lambda path: path.stem)
def test_a_page_has_the_blocks_that_stand_beside_it(path: Path) -> None:
    text = text_of(path)
    page = read_html(text)
    check(page, text)
    assert listing(page) == text_of(path.with_suffix(".blocks"))


@given(texts(FRAGMENTS))
def test_any_text_is_read_and_its_places_are_exact(text: str) -> None:
    page = read_html(text)
    check(page, text)
    for block in page.blocks:
        if block.says:
            assert solid(block.says) == solid(without_comments(page, block.start, block.end))


def without_comments(page: Page, start: int, end: int) -> str:
    out, at = [], start
    for comment in page.comments:
        if start <= comment.start and comment.end <= end:
            out.append(page.text[at : comment.start])
            at = comment.end
    return "".join([*out, page.text[at:end]])


def test_line_ends_change_places_only() -> None:
    for path in cases("html"):
        text = text_of(path)
        page, other = read_html(text), read_html(text.replace("\n", "\r\n"))
        check(other, text.replace("\n", "\r\n"))
        assert [b[2:6] for b in other.blocks] == [b[2:6] for b in page.blocks]


@given(st.data())
def test_an_element_pasted_below_itself_is_two_equal_neighbours(data: st.DataObject) -> None:
    text = text_of(data.draw(st.sampled_from(cases("html"))))
    page = read_html(text)
    meant = [i for i, b in enumerate(page.blocks) if b.kind in ("prose", "item") and is_tagged(page, i)]
    number = data.draw(st.sampled_from(meant))
    check_paste(page, number, read_html(pasted(text, page, number, "\n")))


def is_tagged(page: Page, number: int) -> bool:
    start, end = page.blocks[number].outer
    element = page.text[start:end].strip()
    return is_whole(page.text, start, end) and element.startswith("<") and element.endswith(("</p>", "</li>"))


def test_paragraphs_on_one_line_have_their_elements_as_what_goes_with_them() -> None:
    text = "<div><p>One paragraph.</p><p>Another <b>one</b>.</p></div>\n"
    page = read_html(text)
    assert [text[slice(*b.outer)] for b in page.blocks] == ["<p>One paragraph.</p>", "<p>Another <b>one</b>.</p>"]


def test_elements_may_be_nested_at_any_depth() -> None:
    text = "<div>" * 3000 + "<aside>" * 3000 + "Words at the bottom."
    page = read_html(text)
    check(page, text)
    assert page.blocks[-1].says == "Words at the bottom."


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<p>Words</p><!-- a comment", "a comment is not closed: nothing behind it is read"),
        ("<p>Words</p><script>var a", "the element <script> is not closed: nothing behind it is read"),
        ("<p>Words</p><a href='x", "a tag is not closed: nothing behind it is read"),
    ],
)
def test_what_is_not_closed_and_hides_the_rest_is_said(text: str, what: str) -> None:
    page = read_html(text)
    assert [block.says for block in page.blocks if block.says] == ["Words"]
    assert [trouble.what for trouble in page.troubles] == [what]


def test_front_matter_that_names_its_language_is_no_text() -> None:
    page = read_html("---js\n{ title: 'Words of a page' }\n---\n<p>Text.</p>\n")
    assert [(block.kind, block.says) for block in page.blocks] == [("other", ""), ("prose", "Text.")]


def test_comments_and_code_of_liquid_are_no_text() -> None:
    page = read_html(
        "<p>One.</p>\n{% comment %}\ncleaner: ignore\n{% endcomment %}\n<p>Two.</p>\n"
        "{% highlight py %}\na\n{% endhighlight %}"
    )
    assert [(block.kind, block.says) for block in page.blocks] == [("prose", "One."), ("prose", "Two."), ("other", "")]
    assert [comment.text for comment in page.comments] == ["cleaner: ignore"]


def test_a_template_s_comment_in_a_comment_is_taken_out_once() -> None:
    page = read_html("<p>Words <!-- {# aside #} --> and more {{ name }}.</p>\n")
    assert [block.says for block in page.blocks] == ["Words and more {{ name }}."]
