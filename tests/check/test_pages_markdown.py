"""Markdown and MDX as blocks: what is prose, where it stands to the character, and in which container."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from campaign import examples
from hypothesis import HealthCheck, assume, example, given
from hypothesis import strategies as st

from cleaner.text.pages.block import Block, Page
from cleaner.text.pages.front import read_front, split_front
from cleaner.text.pages.markdown import read_markdown

CASES = sorted(path for path in (Path(__file__).parent / "markdown").iterdir() if path.suffix in (".md", ".mdx"))
CASES = [path for path in CASES if path.name != "README.md"]

FRAGMENTS = [
    "A paragraph of some words",
    "that goes on in the next line", "Ein Satz über Größe — naïve 😀 文字です。", "", "", "  ",
    "# A heading {#name}", "Setext", "===", "---", "- an item", "  of two lines", "1. first", "   - nested",
    "> quoted", "> > twice", "> [!NOTE]", "lazy", "```js", "```", "~~~~", "    indented", "\tby a tab", "| a | b |",
    "|---|---|", "[ref]: https://example.org", "[^1]: a footnote", "<Tabs>", "  <TabItem value=\"a\">", "</TabItem>",
    "</Tabs>", "<Note>On one line.</Note>", "<p>A paragraph of HTML</p>", "<details><summary>More</summary>",
    "</details>", "<ul>", "<li>an item</li>", "</ul>", "<br/>", "text<br>text", "<!-- cleaner: ignore -->",
    "<!-- open", "-->", "a <!-- b --> c", "{/* a comment */}", "{/* open", "*/}", "import A from 'a';",
    "export const x = {", "}", "{{< tabs >}}", "{{< /tabs >}}", "{{% tab \"a\" %}}", "{{% /tab %}}", "{% if a %}",
    "{% else %}", "{% endif %}", "{{ page.title }}", "=== \"Linux\"", "!!! note", "??? tip \"x\"", ":::note", ":::",
    "/// tab | x", "///", "<<<<<<< HEAD", "=======", ">>>>>>> branch", "![a](b.png)", "[a link](b) and text", "Term",
    ": a definition", "+++", "...", "title: x", "cleaner: ignore-file", "<Foo", "  a=\"b\"", "/>", "<h2>Title</h2>",
    "<table>", "</table>", "$$", "- - x", "> - y", "<div>text", "text</div>", "\ufeff", "\x00", "\u2028",
]  # fmt: skip
ENDS = st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"])
PAGES = st.lists(st.tuples(st.sampled_from(FRAGMENTS), ENDS), max_size=25).map(
    lambda lines: "".join(line + end for line, end in lines)
)
ANY = st.one_of(PAGES, st.text(max_size=200), st.text(alphabet="<>{}/*-`~:=!#|[]()\"' \t\r\nab1.", max_size=120))
many = examples(300, suppress_health_check=list(HealthCheck))


def says(page: Page, *kinds: str) -> list[str]:
    return [block.says for block in page.blocks if block.kind in (kinds or ("prose", "item", "heading"))]


def containers(page: Page, block: Block) -> str:
    """The kinds of the containers around a block with their numbers, from the outside in."""
    found, scope = [], block.scope
    while scope:
        found.append(f"{page.scopes[scope].kind}{scope}")
        scope = page.scopes[scope].parent
    return "/".join(reversed(found)) or "page"


def shown(page: Page) -> str:
    """A page's blocks, comments and troubles as lines to be read."""
    lines = []
    for block in page.blocks:
        kind = f"{block.kind}{block.level or ''}"
        text = block.says or "~ " + page.text[block.start : block.end].splitlines()[0]
        lines.append(f"{kind:9}{containers(page, block):12} {text}")
    lines += [f"comment  {comment.text}" for comment in page.comments]
    lines += [f"front    {page.front}"] if page.front is not None else []
    lines += [f"trouble  {trouble.what}" for trouble in page.troubles]
    return "\n".join(lines) + "\n"


def bare(text: str) -> str:
    """Without white space, signs of quotes and comments."""
    text = re.sub(r"<!--.*?-->|\{/\*.*?\*/\}", "", text, flags=re.DOTALL)
    return re.sub(r"[\s>]+", "", text)


def assert_in_order(page: Page) -> None:
    """Blocks ascend, lie apart and inside the text, and their ``outer`` is made of whole lines."""
    text, last = page.text, 0
    for block in page.blocks:
        assert last <= block.start < block.end <= len(text), block
        assert not text[block.start].isspace(), block
        assert not text[block.end - 1].isspace(), block
        first, end = block.outer
        assert first <= block.start < block.end <= end, block
        assert first == 0 or text[first - 1] in "\r\n", block
        assert end == len(text) or text[end] in "\r\n", block
        assert 0 <= block.scope < len(page.scopes), block
        assert (block.kind == "other") == (not block.says), block
        assert (block.kind == "heading") == (block.level > 0), block
        last = block.end
    assert all(scope.parent < number for number, scope in enumerate(page.scopes))
    assert all(0 <= comment.start < comment.end <= len(text) for comment in page.comments)
    assert all(0 <= trouble.at <= len(text) for trouble in page.troubles)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.name)
def test_golden_case(path: Path) -> None:
    page = read_markdown(path.read_bytes().decode("utf-8"), mdx=path.suffix == ".mdx")
    assert_in_order(page)
    assert shown(page) == path.with_suffix(".blocks").read_text(encoding="utf-8")


@many
@given(ANY, st.booleans())
@example("<Foo\n\n`", True)
@example("- <!-- x", False)
@example("\ud800 # \udfff\r\n\r<a", False)
def test_any_text_is_read_and_its_blocks_ascend_apart(text: str, mdx: bool) -> None:
    assert_in_order(read_markdown(text, mdx))


@many
@given(PAGES, st.booleans())
def test_a_block_says_what_stands_between_its_ends(text: str, mdx: bool) -> None:
    page = read_markdown(text, mdx)
    for block in page.blocks:
        if block.kind != "other":
            assert bare(block.says) == bare(text[block.start : block.end])
            assert "\n" not in block.says
            assert "\r" not in block.says


@many
@given(PAGES)
def test_line_ends_do_not_change_what_is_read(text: str) -> None:
    """As ``\\n`` and as ``\\r\\n`` a page has the same blocks; only their places differ.

    A known limit: an alert that has nothing but a container's sign below its label is a plain quote in ``\\r\\n``.
    """
    one = text.replace("\r\n", "\n").replace("\r", "\n")
    assume(not re.search(r"\[![A-Za-z]+\][ \t>]*\n[ \t>]*:::", one))
    plain, dos = read_markdown(one), read_markdown(one.replace("\n", "\r\n"))
    assert [block[2:6] for block in plain.blocks] == [block[2:6] for block in dos.blocks]
    places = [len(one[: block.start].replace("\n", "\r\n")) for block in plain.blocks]
    assert places == [block.start for block in dos.blocks]


@many
@given(PAGES)
def test_letters_of_any_script_are_read_alike(text: str) -> None:
    ascii_only = "".join(c if c.isascii() else "x" for c in text)
    assert [b[0:3] for b in read_markdown(text.replace("\u2028", "x").replace("\ufeff", "x")).blocks] == [
        b[0:3] for b in read_markdown(ascii_only).blocks
    ]


PARAGRAPHS = [
    "A paragraph of some words.",
    "One line that is wrapped\nand goes on in another\none.",
    "Ein *Absatz* über [etwas](https://example.org/ä) — und `Code`.",
    "> A quoted paragraph\n> of two lines.",
    "- an item that\n  goes on",
    "3. a numbered item",
    "<p>A paragraph as HTML.</p>",
    "<Note>One line in a component.</Note>",
    "Text with a<br>break<br/>\nin it.",
    "See {{< ref x >}} and {% link %} for more.",
    "日本語の段落です。",
]
AROUND = [
    "", "# Heading\n\n", "```\ncode\n```\n\n", "<Tabs>\n\n", "- item\n\n", "> quote\n\n", "| a |\n|---|\n| b |\n\n",
    ":::note\n\n", "{{< tab >}}\n", "<!-- c -->\n\n", "[x]: https://example.org\n\n", "---\na: b\n---\n", "text\n\n",
]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "dos"])
@pytest.mark.parametrize("before", AROUND)
@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_a_paragraph_pasted_below_itself_is_two_equal_neighbours(paragraph: str, before: str, end: str) -> None:
    once = (before + paragraph + "\n\n## Next\n\nother words\n").replace("\n", end)
    known = paragraph.replace("\n", end)
    at = once.index(known)
    blocks = read_markdown(once).blocks
    [k] = [k for k, block in enumerate(blocks) if block.outer[0] == at or at <= block.start < at + len(known)]
    first = blocks[k]
    assert first.outer == (at, at + len(known))
    page = read_markdown(once[: first.outer[1]] + end * 2 + known + once[first.outer[1] :])
    copy, again = page.blocks[k], page.blocks[k + 1]
    assert copy == first
    assert again.says == copy.says != ""
    assert again.kind == copy.kind
    assert again.outer == (first.outer[1] + 2 * len(end), first.outer[1] + 2 * len(end) + len(known))
    if "<Note>" not in paragraph:
        assert again.scope == copy.scope


def test_tabs_are_containers_of_their_own_in_every_dialect() -> None:
    dialects = {
        "jsx": "<Tabs>\n<TabItem value='a'>\n\nSame text.\n\n</TabItem>\n<TabItem>\nSame text.\n</TabItem>\n</Tabs>\n",
        "indented jsx": "<Tabs>\n" + "    <Tab>\n        Same text.\n    </Tab>\n" * 2 + "</Tabs>\n",
        "hugo": '{{< tab "a" >}}\nSame text.\n{{< /tab >}}\n{{% tab %}}\nSame text.\n{{% /tab %}}\n',
        "liquid": "{% tabs %}\n" + "{% tab a %}\nSame text.\n{% endtab %}\n" * 2 + "{% endtabs %}\n",
        "alternatives": "{% if a %}\nSame text.\n{% elsif b %}\nSame text.\n{% endif %}\n",
        "mkdocs": '=== "A"\n\n    Same text.\n\n=== "B"\n\n    Same text.\n',
        "blocks": "/// tab | A\nSame text.\n///\n\n/// tab | B\nSame text.\n///\n",
        "colons": "::::tabs\n:::tab a\nSame text.\n:::\n:::tab b\nSame text.\n:::\n::::\n",
        "zones": '::: zone pivot="a"\nSame text.\n::: zone-end\n::: zone pivot="b"\nSame text.\n::: zone-end\n',
        "div": '<div class="tab-content">\n\nSame text.\n\n</div>\n<div class="tab-content">\n\nSame text.\n\n</div>\n',
    }
    for name, text in dialects.items():
        page = read_markdown(text)
        one, other = [block for block in page.blocks if block.kind == "prose"]
        assert one.says == other.says == "Same text.", name
        assert one.scope != other.scope, name
        assert page.scopes[one.scope].kind == page.scopes[other.scope].kind == "tab", name
        assert page.scopes[one.scope].parent == page.scopes[other.scope].parent, name


@pytest.mark.parametrize(
    "text",
    [
        "> Some text.\n",
        "> [!WARNING]\n> Some text.\n",
        ":::note\n\nSome text.\n\n:::\n",
        "!!! note\n    Some text.\n",
        '??? "x"\n'.replace('"x"', 'note "x"') + "\n    Some text.\n",
        "<details>\n<summary>S</summary>\n\nSome text.\n\n</details>\n",
        "<Note>\nSome text.\n</Note>\n",
        "<Note>Some text.</Note>\n",
        "<Note>Some text.\n</Note>\n",
        "{{% note %}}\nSome text.\n{{% /note %}}\n",
        "{% hint style='info' %}\nSome text.\n{% endhint %}\n",
    ],
)
def test_notes_are_boxes(text: str) -> None:
    page = read_markdown(text)
    [block] = [block for block in page.blocks if block.kind != "other"]
    assert block.says == "Some text."
    assert page.scopes[block.scope].kind == "box"


@pytest.mark.parametrize(
    "text",
    [
        "[A link with many words in it](https://example.org)\n",
        "![An image with a long description](a.png)\n",
        "[![Badge](https://a.b/c.svg)](https://a.b) [![Other](d.svg)][ref]\n",
        '<a href="x">A link as HTML</a> | <a href="y">Another one</a>\n',
        '<img src="a.png"\n  alt="An image of two lines" />\n',
        "https://example.org/some/address\n",
        "<https://example.org>\n",
        "{{< figure src='a.png' caption=\"Words that are not compared\" >}}\n",
        "{{ page.description | markdownify }}\n",
        "{% include note.html content='Words that are not compared' %}\n",
        "<Foo title='Words that are not compared' />\n",
        "<Foo\n  title='Words'\n\n  of={[{a: '>'}, {b: {c: {}}}]}\n/>\n",
        "| A table | with words |\n|---|---|\n| some | more |\n",
        "<table>\n<tr><td>\n\nWords in a table.\n\n</td></tr>\n</table>\n",
        "<ul>\n<li>Words in a list as HTML.</li>\n</ul>\n",
        "[ref]: https://example.org 'A title with words'\n",
        "[^1]: A footnote with words\n\n    and a second paragraph.\n",
        "    indented code\n\n    of two stretches\n",
        "- ```js\n  const words = 'in a fence';\n\n  <Tabs>\n  ```\n",
        "> ```\n> words in a fence\n> ```\n",
        "{{< highlight go >}}\n\nWords of code here.\n\n{{< /highlight >}}\n",
        "{% raw %}\nWords that are raw.\n{% endraw %}\n",
        "<!-- a comment\n\nof words -->\n",
        "<script>\n\nWords of code here.\n\n</script>\n",
        "***\n",
        "$$\na + b = c\n$$\n",
        "import {A,\n  B} from 'c';\nexport const a = {\n  b: 'words',\n\n  c: 1,\n};\n",
    ],
)
def test_what_is_no_prose_is_other(text: str) -> None:
    page = read_markdown(text)
    assert page.blocks
    assert says(page) == []
    assert page.troubles == []


def test_a_paragraph_with_a_link_is_prose() -> None:
    texts = [
        "See [the manual](a) for more.",
        "[Manual](a): how to begin",
        "`code` at its beginning",
        "<b>Bold</b> words",
        "{x} is set",
    ]
    for text in texts:
        assert says(read_markdown(text), "prose") == [text]


def test_every_paragraph_of_an_item_is_known_as_one() -> None:
    page = read_markdown("- tight\n  wrapped\n- loose\n\n  later\n\n  > quoted\n\n1. [x] task\n\nTerm\n: defined\n")
    assert says(page, "item") == ["tight wrapped", "loose", "later", "quoted", "[x] task", "Term", "defined"]
    assert says(page, "prose") == []


def test_fences_close_with_what_holds_them_and_it_is_told() -> None:
    page = read_markdown("- one\n\n  ```js\n  <Tabs>\n\nAfter the list.\n")
    assert says(page, "prose") == ["After the list."]
    assert [trouble.what for trouble in page.troubles] == ["a code fence is not closed"]
    page = read_markdown("> ~~~\n> code\n\nAfter the quote.\n\n````\n```\nto the end\n")
    assert says(page, "prose") == ["After the quote."]
    assert [trouble.at for trouble in page.troubles] == [2, page.text.index("````")]


def test_signs_in_code_are_code() -> None:
    page = read_markdown(
        '```\n<Tab>\n{{< tab >}}\n=== "A"\n<!-- cleaner: ignore -->\n<<<<<<< HEAD\n```\n\nSee `<!-- x -->`.\n'
    )
    assert says(page) == ["See `<!-- x -->`."]
    assert (page.comments, page.troubles, len(page.scopes)) == ([], [], 1)


def test_a_container_without_an_end_is_none() -> None:
    for sign in ["<Note>", "{{< note >}}", ":::note", "{% if a %}", "/// note"]:
        page = read_markdown(f"{sign}\n\nSome text.\n\nMore text.\n")
        assert says(page, "prose") == ["Some text.", "More text."]
        assert len(page.scopes) == 1, sign


def test_conflicts_are_told_and_their_sides_are_apart() -> None:
    text = "Before.\n<<<<<<< HEAD\nOurs and theirs.\n=======\nOurs and theirs.\n>>>>>>> branch\nAfter.\n"
    page = read_markdown(text)
    assert says(page, "prose") == ["Before.", "Ours and theirs.", "Ours and theirs.", "After."]
    assert len({block.scope for block in page.blocks if block.kind == "prose"}) == 3
    assert [(trouble.at, trouble.what) for trouble in page.troubles] == [(8, "a merge conflict is not resolved")]


def test_comments_have_their_text_and_place() -> None:
    text = "<!-- cleaner: ignore a -->\n\n{/* cleaner: ignore b */}\n\n"
    text += "Text <!-- cleaner: ignore c --> goes on.\n\nEnd. <!-- d -->\n"
    page = read_markdown(text)
    assert [comment.text for comment in page.comments] == [
        "cleaner: ignore a",
        "cleaner: ignore b",
        "cleaner: ignore c",
        "d",
    ]
    assert [text[comment.start : comment.end] for comment in page.comments][2] == "<!-- cleaner: ignore c -->"
    assert says(page) == ["Text  goes on.", "End."]
    assert text[page.blocks[-1].start : page.blocks[-1].end] == "End."


def test_headings_are_without_signs_and_names() -> None:
    page = read_markdown(
        "# One {#one}\n\nTwo\n===\n\n### Three {/*three*/}\n\n#### Four ####\n\n<h5>Five</h5>\n\n> ## Six\n"
    )
    assert [(block.says, block.level) for block in page.blocks if block.kind == "heading"] == [
        ("One", 1), ("Two", 1), ("Three", 3), ("Four", 4), ("Five", 5), ("Six", 2)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\ntitle: x\n---\n", None),
        ("---\ncleaner: ignore-file it is generated\n---\n", "ignore-file it is generated"),
        ("---\r\ntitle: x\r\ncleaner: 'ignore-file' # why\r\n...\r\n", "ignore-file"),
        ("---\ncleaner:\n  - ignore a\n  - ignore b because\nb: c\n---\n", "ignore a\nignore b because"),
        ('---\ncleaner: [ignore-file, "b, c"]\n---\n', "ignore-file\nb, c"),
        ("---\na:\n  cleaner: no\n---\n", None),
        ("---\nbody: |\n  cleaner: no\n---\n", None),
        ('+++\ntitle = "x"\ncleaner = "ignore-file" # why\n[a]\nb = 1\n+++\n', "ignore-file"),
        ('+++\n[params]\ncleaner = "no"\n+++\n', None),
        ('+++\ncleaner = ["a", \'b\']\n+++\n', "a\nb"),
        ('{\n  "title": "x",\n  "cleaner": "ignore-file"\n}\n', "ignore-file"),
        ('{"cleaner": ["a", "b"], "a": {"cleaner": 1}}\n', "a\nb"),
    ],
)  # fmt: skip
def test_front_matter_is_one_block_and_its_key_is_read(text: str, expected: str | None) -> None:
    page = read_markdown(text + "\nText.\n")
    assert page.front == expected
    assert page.blocks[0].end == len(text.rstrip())
    assert [block.kind for block in page.blocks] == ["other", "prose"]
    assert page.troubles == []
    assert [comment.text for comment in page.comments] == ([] if expected is None else [f"cleaner: {expected}"])
    assert split_front(text) == (len(text.rstrip()), expected, None)


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: x\ntags: [a]\n\nText without an end above it.\n\nMore.\n",
        "---\ntitle: x\n\nText without an end above it.\n\n---\n\nMore.\n",
        '+++\ntitle = "x"\n\nText without an end above it.\n\nMore.\n',
        '{\n"title": "x",\n\nText without an end above it.\n\nMore.\n',
    ],
)
def test_broken_front_matter_hides_no_prose(text: str) -> None:
    page = read_markdown(text)
    assert says(page, "prose") == ["Text without an end above it.", "More."]
    assert [trouble.at for trouble in page.troubles] == [0]


@pytest.mark.parametrize(
    "text", ["---\n\nText.\n", "---\nText.\n\n---\n\nMore.\n", "{{< a >}}\nText.\n", "{x} is set\n", "---\n"]
)
def test_a_rule_or_a_shortcode_is_no_front_matter(text: str) -> None:
    assert read_front(text).end == 0


HOSTILE = {
    "nested quotes": ">",
    "nested items": "- ",
    "fences": "```a\n",
    "fences in items": "- ```a\n",
    "quotes": "> " * 50 + "x\n\n",
    "tags": "<Foo a='\n",
    "lists": "<ul>\n<ul>\n</ul>\n",
    "comments": "<!--\n",
    "braces": "{{{{<",
    "shortcodes": "{{< mermaid >}}\n",
    "containers": ":::a\n",
    "stars": "* a _b ",
    "backticks": "a ` b `` <!-- c\n",
    "links": "[a",
    "expressions": "{(\n",
    "conflicts": "<<<<<<< a\n",
    "exports": "export const a = {\n",
    "nested": "<A>\n",
    "closed": "</A>\n",
    "quoted fences": "> ```\n\n",
    "items": "- a\n\n  ```\n  b\n  ```\n\n",
    "keys": "a: b\n\n",
    "definitions": "[a]: b\n",
}


@pytest.mark.parametrize("mdx", [False, True], ids=["markdown", "mdx"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_repeats_are_read_in_linear_work(name: str, mdx: bool) -> None:
    """No timings: the work of a page twice as long, counted in calls, is at most two and a half times as much."""
    import sys

    def work(text: str) -> int:
        calls = 0

        def count(*_: object) -> None:
            nonlocal calls
            calls += 1

        sys.setprofile(count)
        try:
            read_markdown(text, mdx)
        finally:
            sys.setprofile(None)
        return calls

    small, large = (work(HOSTILE[name] * n) for n in (400, 800))
    assert large <= 2.5 * small + 1000
