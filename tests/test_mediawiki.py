"""Dumps of MediaWiki: pages are found whatever is broken around them, and wikitext comes out as paragraphs."""

from __future__ import annotations

import bz2
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner.errors import InputError
from cleaner.formats import mediawiki
from cleaner.formats.compression import DamagedError
from cleaner.formats.transcoding import Lines, batches, lines_of
from cleaner.formats.wikitext import Names, plain

END = "</mediawiki>"
HEAD = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="lv">
  <siteinfo><namespaces>
    <namespace key="6" case="first-letter">Attēls</namespace>
    <namespace key="14" case="first-letter">Kategorija</namespace>
  </namespaces></siteinfo>
"""
SHARED = Path(os.environ.get("CLEANER_SHARED", Path(__file__).parents[2] / "shared"))


def page(text: str, title: str = "A title", more: str = "", model: str = "wikitext", id: object = 7) -> str:
    return (
        f"  <page>\n    <title>{escape(title)}</title>\n    <ns>0</ns>\n    <id>{id}</id>\n{more}"
        f"    <revision><id>99</id><timestamp>2026-01-02T03:04:05Z</timestamp><model>{model}</model>\n"
        f'      <text xml:space="preserve">{escape(text)}</text></revision>\n  </page>\n'
    )


def cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def lines(xml: str | bytes, size: int = 1000, batch: int = 3000) -> Lines:
    data = xml.encode() if isinstance(xml, str) else xml
    result = Lines()
    for each in batches("mediawiki", cut(data, size), batch):
        made = lines_of("mediawiki", each, "dump.xml")
        result.data += made.data
        result.problems += made.problems
        result.left_out += made.left_out
    return result


def texts(xml: str | bytes, size: int = 1000) -> list[str]:
    return [json.loads(line)["text"] for line in lines(xml, size).data.splitlines()]


def test_a_line_of_a_page() -> None:
    (line,) = lines(HEAD + page("Text of it.", 'A & "b"') + "</mediawiki>").data.splitlines()
    assert json.loads(line) == {
        "id": 7, "title": 'A & "b"', "ns": 0, "revision": 99, "timestamp": "2026-01-02T03:04:05Z",
        "text": "Text of it.",
    }  # fmt: skip


@given(st.lists(st.text("abc <>&\n]['\"ä", max_size=300), max_size=6), st.integers(1, 2000), st.integers(1, 2000))
@example(["</page><page>", "<revision>"], 1, 1)
def test_every_page_comes_out_whatever_it_says_and_however_it_is_read(texts: list[str], size: int, batch: int) -> None:
    xml = HEAD + "".join(page(text, str(number), id=number) for number, text in enumerate(texts)) + "</mediawiki>"
    result = lines(xml, size, batch)
    said = {record["id"]: record["text"] for record in map(json.loads, result.data.splitlines())}
    wanted = {number: plain(text.replace("\r", "\n")) for number, text in enumerate(texts)}
    assert said == {number: text for number, text in wanted.items() if text}
    assert result.left_out["pages without text"] == len(wanted) - len(said)
    assert not result.problems


def test_what_is_no_article_is_counted_by_kind() -> None:
    xml = "".join([
        page("One."), page("#REDIRECT [[B]]", more='    <redirect title="B" />\n'), page("#redirect [[B]]"),
        page("a{}", model="css"), page("x()", model="Scribunto"), page("{{Infobox}}"),
        "<page><title>None</title></page>",
    ])  # fmt: skip
    result = lines(HEAD + xml)
    assert result.data.count(b"\n") == 1
    assert result.left_out == {
        "redirects": 2, "pages that are not wikitext": 2, "pages without text": 1, "pages without a revision": 1,
    }  # fmt: skip


def test_of_a_history_the_last_revision_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of one too long to be held."""
    earlier = page("Early. " * 200).partition("<revision>")[2].partition("</revision>")[0]
    history = page("Last.").replace("<revision>", f"<revision>{earlier}</revision>" * 40 + "<revision>", 1)
    assert texts(HEAD + history + page("Next.")) == ["Last.", "Next."]
    monkeypatch.setattr(mediawiki, "LONGEST", 5000)
    assert texts(HEAD + history + page("Next."), 100) == ["Last.", "Next."]


def test_a_page_that_is_too_long_is_passed_over_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mediawiki, "LONGEST", 5000)
    first = HEAD + page("First.")
    result = lines(first + page("Long. " * 2000) + page("Next.") + END, 100)
    assert [json.loads(line)["text"] for line in result.data.splitlines()] == ["First.", "Next."]
    at = len((first + "  ").encode())
    (problem,) = result.problems
    assert str(problem).startswith(f"dump.xml: byte {at:,}: a page of more than ")


def test_names_of_files_and_categories_are_those_of_the_dump_in_every_batch() -> None:
    xml = HEAD + "".join(page(f"[[Attēls:{n}|thumb|no]]Yes.[[Kategorija:{n}]] " + "More. " * 99) for n in range(9))
    assert all(text.startswith("Yes. More") for text in texts(xml))


@pytest.mark.parametrize(
    ("broken", "reason", "said"),
    [
        ("<page><title>A</title><revision>", "broken XML", "a page without an end"),
        ("<page><title>A & B</title></page>", "broken XML", "a page that is not XML (not well-formed"),
        ("<page><title>\x08</title></page>", "broken XML", "a page that is not XML (not well-formed"),
        ("<page><title>&lol9;</title></page>", "broken XML", "a page that is not XML (undefined entity"),
    ],
)
def test_behind_a_broken_page_the_next_one_is_found(broken: str, reason: str, said: str) -> None:
    first = HEAD + page("One.")
    result = lines(first + broken + page("Two.") + END)
    assert [json.loads(line)["text"] for line in result.data.splitlines()] == ["One.", "Two."]
    (problem,) = result.problems
    assert problem.reason == reason
    assert problem.detail.startswith(f"byte {len(first.encode()):,}: {said}")


def test_pages_that_never_end_cost_no_more_than_reading() -> None:
    result = lines("<mediawiki>" + "<page>" * 100_000 + page("One.").strip() + END, 1 << 18, 1 << 20)
    assert len(result.problems) == 100_000
    assert result.data.count(b"\n") == 1


def test_bytes_that_are_no_utf8_cost_the_page_they_are_in() -> None:
    xml = (HEAD + page("One.") + page("Caf?")).encode().replace(b"Caf?", b"Caf\xe9") + (page("Two.") + END).encode()
    result = lines(xml)
    assert [json.loads(line)["text"] for line in result.data.splitlines()] == ["One.", "Two."]
    assert [problem.reason for problem in result.problems] == ["broken XML"]


def test_entities_do_not_expand() -> None:
    """A billion laughs: they are declared at the head, where nobody listens."""
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    xml = (
        f'<!DOCTYPE mediawiki [<!ENTITY l0 "lol">{bomb}]>' + HEAD + page("One.").replace("One.", "&l29;") + page("Two.")
    )
    result = lines(xml)
    assert [json.loads(line)["text"] for line in result.data.splitlines()] == ["Two."]
    assert "undefined entity" in result.problems[0].detail


@given(st.integers(1, 600), st.booleans())
def test_where_the_end_is_cut_off_the_pages_before_it_are_kept_and_one_line_says_so(gone: int, damaged: bool) -> None:
    one = (HEAD + page("One.")).encode()
    data = one + page("Two. " * 100).encode() + b"</mediawiki>"

    def read() -> Iterator[bytes]:
        yield from cut(data[:-gone], 100)
        if damaged:
            try:
                raise DamagedError("the bzip2 data ends too early")
            except DamagedError:
                raise InputError("the bzip2 data ends too early", file="f", fix="get it again") from None

    made = [lines_of("mediawiki", each, "d") for each in batches("mediawiki", read(), 500)]
    said = [str(problem) for each in made for problem in each.problems]
    assert b'"text":"One."' in b"".join(each.data for each in made)
    inside = gone > len("\n</mediawiki>") and b"<page" in data[len(one) : -gone]
    words = "the file ends in the middle of a page"
    words += " (the bzip2 data ends too early)" if damaged else ""
    if inside:
        assert said == [
            f"d: byte {len(one) + 2:,}: {words}; the pages before it are done: get the file again for the rest"
        ]
    elif damaged:
        assert len(said) == 1
        assert "the bzip2 data ends too early; the pages before it are done" in said[0]
    else:
        ends = "the file ends without </mediawiki>; the pages before it are done: get the file again for the rest"
        assert [each.partition(": byte ")[2].partition(": ")[2] for each in said] == [ends] * (gone > 1)


CASES = {
    "'''Bold''', ''italic'', '''''both''''' and it''s": "Bold, italic, both and its",
    "[[Cat]]s, [[Dog|dogs]], [[Tree (plant)|]], [[:Category:Birds]], [[#Part|a part]]":
        "Cats, dogs, Tree (plant), Category:Birds, a part",
    "[[File:A.jpg|thumb|A [[cat]] with {{a|b}} and [http://x y]]]Text.[[Category:Cats]]": "Text.",
    "[[Datei:A.jpg|mini|Nicht]]Text. [[fr:Chat]] [[de:Katze]]": "Text.",
    "see [[wikt:cat|cat]] and [[s:Book]]": "see cat and s:Book",
    "[http://x.example label], [http://x.example], http://x.example/y": "label, , http://x.example/y",
    "A<ref>note {{cite}}</ref> b<ref name=x/> c<ref name=\"y\">[[z]]</ref>.": "A b c.",
    "One.<!-- two\n\n -->\nThree.\n<!-- alone -->\nFour.": "One. Three. Four.",
    "A line\nthat is wrapped\n\nand another": "A line that is wrapped\n\nand another",
    "One<br>two<br/>three<br /><br />four": "One\ntwo\nthree\n\nfour",
    "* one\n* two\n** three\n# four\n: five\n; six\n\nText": "- one\n- two\n- three\n- four\nfive\nsix\n\nText",
    "== History ==\nIt was.\n=== Early ===\nMore.\n== References ==\n{{reflist}}\n== See ==\n=== Also ===\n":
        "History\n\nIt was.\n\nEarly\n\nMore.",
    "{{Infobox\n| name = [[A|b]]\n| x = {{y|z}}\n}}\n'''A''' is.": "A is.",
    "Before\n{| class=x\n! head\n|-\n| cell [[a]]\n{| \n| inner\n|}\n|}\nAfter": "Before\n\nAfter",
    "A ({{IPAc-en|x}}; born 1990) and ({{lang-xx}}) b": "A (born 1990) and b",
    "It is {{convert|5|km|mi}} or {{convert|5|to|10|ft}}, {{nowrap|10 000}}, {{lang|fr|chat}}{{citation needed}}.":
        "It is 5 km or 5 to 10 ft, 10 000, chat.",
    "{{quote|All of it is [[true]].|A. Person}}": "All of it is true.",
    "10<sup>2</sup>, H<sub>2</sub>O, 1<sup>st</sup>, <math>x^2 + \\{y\\}</math>, <nowiki>[[as]] ''is''</nowiki>":
        "10², H₂O, 1st, x^2 + \\{y\\}, [[as]] ''is''",
    "a &lt; b &amp;amp; c&nbsp;d, <span style='x'>e</span> <unknown>f</unknown>":
        "a < b &amp; c\xa0d, e <unknown>f</unknown>",
    "__NOTOC__ __init__ {{PAGENAME}}": "__init__ Title",
    "-{zh-hans:计算机;zh-hant:電腦}-和-{字}-": "计算机和字",
    "{{unclosed | [[link]] text": "{{unclosed | link text",
    "[[unclosed text\n\nnext [[one]]": "[[unclosed text\n\nnext one",
    "Text\n{| unclosed\n| cell\nMore text": "Text\n\nMore text",
    "}} ]] |} text": "}} ]] |} text",
    "<ref>unclosed text": "unclosed text",
    "{{{1|x}}} {{{{a}}}} {{a|{{{b}}}}}t": "{} t",
    "<gallery>\nFile:A.jpg|x\n</gallery><syntaxhighlight lang=c>int a;</syntaxhighlight>t": "t",
    "!Kung people and | bars": "!Kung people and | bars",
}  # fmt: skip


@pytest.mark.parametrize(("wikitext", "text"), CASES.items(), ids=range(len(CASES)))
def test_wikitext_as_a_reader_sees_it(wikitext: str, text: str) -> None:
    assert plain(wikitext, "Title", Names.of(["Datei"], [])) == text


PIECES = (
    "{{ }} {{{ }}} [[ ]] [ ] {| |} | '' ''' = == * : <ref> </ref> <ref/> <!-- --> <br> <nowiki> </nowiki> <math> "
    "</math> a ( ) , . File: quote| lang|fr| -{ }- &lt; &#4; \x04 \x01 http:// __A__"
)
MARKUP = st.lists(st.sampled_from([*PIECES.split(" "), "\n", "\n\n", " "]), max_size=40)


@given(MARKUP.map("".join))
def test_any_markup_gives_clean_text(wikitext: str) -> None:
    """No marks of ours, no blank at the ends of lines, no more than one blank line, no word that was not there."""
    text = plain(wikitext)
    assert not re.search(r"[\x00-\x08]|\n\n\n|^\n|\n$|[ \t]\n", text)


@given(st.lists(st.text("abcde .,äö文字", min_size=1), max_size=8))
def test_text_without_markup_stays(parts: list[str]) -> None:
    wanted = [re.sub(r" +", " ", part).strip() for part in parts]
    assert plain("\n\n".join(parts)) == "\n\n".join(part for part in wanted if part)


@pytest.mark.parametrize(
    "unit",
    ["{{", "}}", "[[", "]]", "{|\n", "{{a|", "{{{{a}}", "[[File:a|\n\n", "[[a\n\n", "<ref>", "<!--", "({{a}}",
     "{{a}}, ", "'", "=", "\n", "[http://a ", "<table ", "-{", "__A", "&amp", "<br> "],
)  # fmt: skip
def test_a_page_made_to_take_for_ever_does_not(unit: str) -> None:
    plain(unit * (200_000 if unit == "{{a|" else 60_000) + "end")


@pytest.mark.parametrize(
    ("name", "pages"), [("enwiki-pages-articles-shortened", 106), ("smallwiki-pages-articles", 1038)]
)
def test_real_dumps(name: str, pages: int) -> None:
    """As many articles as there are, and next to no markup left in them."""
    path = SHARED / "data" / f"{name}.xml.bz2"
    if not path.exists():
        pytest.skip("the shared data is not here")
    result = lines(bz2.decompress(path.read_bytes()), 1 << 18, 1 << 22)
    records = [json.loads(line) for line in result.data.splitlines()]
    assert len(records) == pages
    assert not result.problems
    articles = [record["text"] for record in records if record["ns"] == 0]
    markup = sum(bool(re.search(r"\[\[|\]\]|\{\{(?!.*\\)|\|thumb|</?ref|<br|'''|^\|", text)) for text in articles)
    assert markup <= len(articles) // 50
