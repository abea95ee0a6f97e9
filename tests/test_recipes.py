"""The recipes of docs/recipes.md, with the libraries they are for: ``pip install 'article-cleaner[recipes]'``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

RECIPES = Path(__file__).parent.parent / "docs" / "recipes.md"

PARAGRAPHS = [
    "The council of the town has decided on Monday evening to close the old bridge over the river for twelve weeks.",
    "Engineers will examine the piers, which were built in 1923, and replace two bearings on the northern side.",
    "Until the work is done, buses of the lines 4 and 7 will take the way over the new bridge in the south.",
]
LAST = "Anyone who wants to know more may ask the office for civil engineering, which is open on all weekday mornings."
FOOTER = "Follow us on all channels and never miss a story of our award-winning desk again, wherever you are today."


def page(*paragraphs: str) -> str:
    """A page whose body stands twice, as some sites send it: for wide screens and for narrow ones."""
    body = "".join(f"<p>{each}</p>" for each in paragraphs)
    return (
        "<html><head><title>Bridge</title></head><body><nav>Home News</nav><article><h1>Bridge closed</h1>"
        f"{body}<div class='narrow'>{body}</div><p>{LAST}</p></article></body></html>"
    )


def recipe(title: str, **names: Any) -> dict[str, Any]:
    """Run the Python under a heading of the recipes; returns the names it has made."""
    text = RECIPES.read_text(encoding="utf-8")
    section = text.split(f"## {title}\n")[1].split("\n## ")[0]
    for code in re.findall(r"```python\n(.*?)```", section, re.DOTALL):
        exec(compile(code, f"recipes.md, {title}", "exec"), names)
    return names


def test_trafilatura_extract_then_clean() -> None:
    pytest.importorskip("trafilatura")
    made = recipe("trafilatura: extract, then clean", html=page(*PARAGRAPHS))
    assert made["text"].splitlines() == ["Bridge closed", *PARAGRAPHS, LAST]
    assert made["extracted"].count(PARAGRAPHS[0]) == 2, "trafilatura leaves the repeat in"
    assert [(r.line, r.witness.line) for r in made["outcome"].removed] == [(5, 2), (6, 3), (7, 4)]


def test_trafilatura_paragraphs_of_the_xml_output() -> None:
    pytest.importorskip("trafilatura")
    made = recipe("trafilatura: the paragraphs of its XML", html=page(*PARAGRAPHS))
    left = [element.text for element in made["document"].iter("head", "p")]
    assert left == ["Bridge closed", *PARAGRAPHS, LAST]


def test_trafilatura_markdown() -> None:
    pytest.importorskip("trafilatura")
    made = recipe("trafilatura: Markdown", html=page(*PARAGRAPHS))
    assert made["text"].split("\n\n") == ["# Bridge closed", *PARAGRAPHS, LAST]


def test_scrapy_item_pipelines() -> None:
    """Through scrapy's own pipeline manager, in the order of the settings."""
    scrapy = pytest.importorskip("scrapy")
    made = recipe("scrapy: item pipelines")
    twice = "\n".join([*PARAGRAPHS, *PARAGRAPHS, LAST])
    items = [{"text": f"{twice}\n{FOOTER}"}, {"text": f"{BODY}\n{FOOTER}"}, {"url": "without a text"}]
    results = run_pipelines(scrapy, [made["CleanPipeline"], made["BoilerplatePipeline"]], items)
    assert results[0]["text"].splitlines() == [*PARAGRAPHS, LAST, FOOTER]
    assert results[0]["repeats"] == 3
    assert results[1] == {"text": f"{BODY}", "repeats": 0, "boilerplate": 1}
    assert results[2] == {"url": "without a text"}


BODY = "The harbour expects forty ships from nine countries this weekend, among them two that were built before 1900."


def run_pipelines(scrapy: Any, pipelines: list[type], items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What scrapy does with an item: each pipeline is made from a crawler and gets the item in turn."""
    from scrapy.utils.misc import build_from_crawler
    from scrapy.utils.test import get_crawler

    crawler = get_crawler(scrapy.Spider)
    made = [build_from_crawler(pipeline, crawler) for pipeline in pipelines]
    for item in items:
        for each in made:
            assert each.process_item(item) is item
    return items


def test_a_stream_of_articles() -> None:
    articles = [f"{PARAGRAPHS[0]}\n{FOOTER}\n", f"{PARAGRAPHS[1]}\n{FOOTER}\n"]
    made = recipe("A stream of articles without its boilerplate", articles=articles)
    assert made["cleaned"] == [articles[0], f"{PARAGRAPHS[1]}\n"]


def test_records_of_a_dump() -> None:
    made = recipe("Your own records", records=[{"id": 1, "text": f"{LAST}\n{LAST}\n"}, {"id": 2, "text": FOOTER}])
    assert made["records"] == [{"id": 1, "text": f"{LAST}\n"}, {"id": 2, "text": FOOTER}]
    assert made["log"] == [{"id": 1, "line": 2, "witness": 1, "rule": "identical"}]


def test_several_versions_of_a_story() -> None:
    stories = {"agency": f"{PARAGRAPHS[0]}\n{PARAGRAPHS[1]}\n", "daily": PARAGRAPHS[0].replace("twelve", "fifteen")}
    made = recipe("What several texts have in common", stories=stories)
    assert made["lines"] == ["daily:1 is a variant of agency:1: 'fifteen' for 'twelve'"]
