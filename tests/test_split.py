"""Splitting loses nothing: paragraphs, and white space between them."""

from __future__ import annotations

import io
import json
import os
import random
import tarfile
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st

from cleaner.phases.layout import SPLITTERS, read

SHARED = Path(os.environ.get("CLEANER_SHARED", Path(__file__).parents[2] / "shared"))
DATA = SHARED / "data"
CHARACTERS = 2_000_000
"""Characters of a file that are split; of larger files a sample of records."""

MARKDOWN = [
    "# A heading",
    "Setext\n======",
    "A paragraph of two lines,\nthe second of which ends it.",
    "- item\n- item\n\n  more of it",
    "1. one\n2. two",
    "> quoted\n> text",
    "```python\nx = 1\n\ny = 2\n```",
    "~~~\nnever closed",
    "    indented code",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "[ref]: https://example.org 'title'",
    "[^1]: A note.",
    "<div>\n\ntext *in* it\n\n</div>",
    "<!-- a comment -->",
    "{{< shortcode >}}",
    "***",
    "---",
    "Term\n: Definition\n\nA paragraph behind it",
    "Term\n: Définition",
    "\t\ttabs",
    "Ünïcödé 漢字 😀",
    "&nbsp;&amp;",
]
FRONT = ["", "---\ntitle: x\n---\n", "+++\ntitle = 'x'\n+++\n", "\ufeff", "\n\n", "  "]
random_text = st.one_of(
    st.text(st.sampled_from("aZ9. \t\r\n-*#>|`~=[]:&漢ไअ\u0301\u00a0\u2028\u200b\x0b\x0c\x1c\x85"), max_size=80),
    st.text(max_size=60),
)
markdown_text = st.builds(
    lambda front, blocks, gap: front + gap.join(blocks),
    st.sampled_from(FRONT),
    st.lists(st.one_of(st.sampled_from(MARKDOWN), random_text), max_size=8),
    st.sampled_from(["\n", "\n\n", "\r\n\r\n", "\n \n", "\r"]),
)


def check_lossless(text: str, text_format: str) -> None:
    spans, kinds = SPLITTERS[text_format](text)
    assert kinds is None or len(kinds) == len(spans)
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text), f"{start}:{end} overlaps what is before it, or is empty"
        assert not text[at:start].strip(), f"{text[at:start]!r} is lost"
        assert text[start:end] == text[start:end].strip(), f"{text[start:end]!r} has white space around it"
        at = end
    assert not text[at:].strip(), f"{text[at:]!r} is lost"


@pytest.mark.parametrize("text_format", sorted(SPLITTERS))
@examples(400)
@given(text=st.one_of(random_text, markdown_text))
def test_paragraphs_and_white_space_between_give_the_text(text_format: str, text: str) -> None:
    check_lossless(text, text_format)


@pytest.mark.parametrize("text_format", sorted(SPLITTERS))
@examples(200)
@given(text=st.one_of(random_text, markdown_text))
def test_every_word_lies_in_its_paragraph(text_format: str, text: str) -> None:
    layout = read(text, text_format).layout
    assert [layout.first[0], layout.first[-1]] == [0, len(layout.starts)]
    for p, (start, end) in enumerate(layout.spans):
        words = range(layout.first[p], layout.first[p + 1])
        assert words, "a paragraph without a word"
        edges = [edge for w in words for edge in (layout.starts[w], layout.ends[w])]
        assert [start, *edges, end] == sorted([start, *edges, end])


def wrong_spans(spans: list[tuple[int, int]], _: str) -> tuple[list[tuple[int, int]], None]:
    return spans, None


def test_a_loss_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ([(0, 2)], [(0, 3), (2, 6)], [(0, 4), (4, 6)], [(1, 6)]):
        monkeypatch.setitem(SPLITTERS, "plain", partial(wrong_spans, wrong))
        with pytest.raises(AssertionError):
            check_lossless("abc\nde", "plain")


# --- the shared data --------------------------------------------------------------------------

TARS = ["content-18f.gsa.gov", "content-hugoDocs", "content-peps", "content-react.dev"]
RECORDS = ["articles", "dump", "natural_blocks_thaigov", "pawsx", "revisions_peps", "revisions_gesetze"]


def unpacked(name: str) -> BinaryIO:
    zstandard = pytest.importorskip("zstandard")
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not in {DATA}; set CLEANER_SHARED to the folder that has data/")
    stream: BinaryIO = zstandard.ZstdDecompressor().stream_reader(path.open("rb"), closefd=True)
    return stream


def files_of(name: str) -> Iterator[tuple[str, str]]:
    with unpacked(f"{name}.tar.zst") as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content is not None:
                yield member.name, content.read().decode("utf-8")


def texts_of(name: str) -> Iterator[str]:
    with unpacked(f"{name}.jsonl.zst") as stream:
        for line in io.TextIOWrapper(stream, encoding="utf-8"):
            record = json.loads(line)
            yield from (record[field] for field in ("text", "a", "b") if field in record)


def sampled(texts: Iterator[str], characters: int) -> Iterator[str]:
    """Texts up to ``characters``: one in three by chance (seed 1), so that the sample reaches deep into the file."""
    chance = random.Random(1)
    for text in texts:
        if characters <= 0:
            return
        if chance.random() < 0.34:
            characters -= len(text)
            yield text


@pytest.mark.parametrize("name", TARS)
def test_every_file_of_the_content_repositories_is_split_without_loss(name: str) -> None:
    for path, text in files_of(name):
        formats = ["plain", "markdown"] if path.endswith((".md", ".mdx", ".html")) else ["plain"]
        for text_format in formats:
            check_lossless(text, text_format)


@pytest.mark.parametrize("name", RECORDS)
def test_records_of_the_dumps_are_split_without_loss(name: str) -> None:
    for text in sampled(texts_of(name), CHARACTERS):
        check_lossless(text, "plain")
    for text in islice(texts_of(name), 50):
        check_lossless(text, "markdown")


def test_the_seed_article_is_split_without_loss() -> None:
    path = SHARED / "seed" / "putin-trump.fr.txt"
    if not path.exists():
        pytest.skip(f"{path} is not there; set CLEANER_SHARED to the folder that has seed/")
    text = path.read_text(encoding="utf-8")
    check_lossless(text, "plain")
    assert len(SPLITTERS["plain"](text)[0]) == 11
