"""What one run over two parts removes from the second, two runs with an index remove, too."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st
from test_corpus import Ran

from cleaner.errors import SettingsError
from cleaner.index import Index
from cleaner.phases.layout import read
from cleaner.settings import Settings

pytest.importorskip("numba", reason="scope corpus needs article-cleaner[dumps]")

LINES = [
    "The council voted on Monday to repair the old bridge over the river before the winter comes",
    "the council voted on Monday to repair the old bridge over the river before the winter comes.",
    "The council voted on Sunday to repair the old bridge over the river before the winter comes",
    "Nobody in the village remembers who built the mill that stands at the end of the long road",
    "# Nobody in the village remembers who built the mill that stands at the end of the long road",
    "Article 5 Nobody in this village remembers who built the mill at the end of the road",
    "12 34 56 78 a b c d e f g h 12 34 56 78 90 12 34 56 78 90 1 2 i j k l",
    "if (a[0] == b[1]) { c = d; } else { e[2] = f | g; } while (h <= i) { j += k; l = m }",
    "if &nbsp;a &nbsp;&nbsp; then &nbsp;&nbsp; a line of a table that has more signs than it has words in it",
    "> Three boats left the harbour at dawn and came back in the evening with empty nets and men",
    "    Three boats left the harbour at dawn and came back in the evening with empty nets and men",
    "short",
]
lines = st.builds(
    lambda line, under, gap: line + under + gap,
    st.sampled_from(LINES),
    st.sampled_from(["", "", "\n===", "\n---", "\n*****", "\n\n===", "\n" + "~" * 96, "\n" + "=" * 3 + " x"]),
    st.sampled_from(["\n", "\n\n"]),
)
articles = st.lists(lines, min_size=1, max_size=4).map("".join)
parts = st.lists(articles, min_size=1, max_size=3)


def paragraphs(text: str, text_format: str) -> list[str]:
    """Those that may go alone: headings and short lines are not in an index, as docs/dumps.md says."""
    keyed = read(text, text_format)
    layout = keyed.layout
    alone = [p for p in range(len(layout.spans)) if p not in layout.opaque and layout.kind(p) == "prose"]
    return [layout.paragraph_text(p) for p in alone if len(layout.paragraph_text(p).split()) >= 12]


def two_ways(first: Sequence[str], second: Sequence[str], **options: Any) -> tuple[list[str], list[str]]:
    """The texts of the second part after one run over both, and after a run that has seen the first."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        at_once = Ran(folder / "once", [*first, *second], **options)
        index = folder / "seen.duckdb"
        Ran(folder / "first", first, index=index, **options)
        then = Ran(folder / "second", second, index=index, **options)
    return at_once.texts[len(first) :], then.texts


@pytest.mark.parametrize("underline", ["\n===", "\n---", "\n" + "~" * 96])
def test_a_heading_of_an_earlier_run_is_no_witness_of_a_paragraph(underline: str) -> None:
    once, twice = two_ways([f"{LINES[0]}{underline}\n\n{LINES[3]}\n"], [f"{LINES[3]}\n\n{LINES[0]}\n"])
    assert once == twice == [f"{LINES[0]}\n"]


def test_signs_of_entities_make_no_code_of_prose() -> None:
    once, twice = two_ways([f"{LINES[8]}\n"], [f"{LINES[3]}\n\n{LINES[8]}\n"])
    assert once == twice == [f"{LINES[3]}\n"]


@examples(40)
@given(parts, parts, st.sampled_from(["plain", "markdown"]), st.sampled_from(["copy", "exact"]))
def test_one_run_and_two_with_an_index_remove_the_same(
    first: list[str], second: list[str], text_format: Literal["plain", "markdown"], level: str
) -> None:
    # None is an article of the first part as a whole: then one run takes headings and short lines with it.
    second = [f"{text}\n\nTuesday, number {number}.\n" for number, text in enumerate(second)]
    once, twice = two_ways(first, second, text_format=text_format, level=level)
    left = [[paragraphs(text, text_format) for text in texts] for texts in (once, twice)]
    assert left[0] == left[1]


def test_an_index_that_does_not_know_what_paragraphs_are_is_refused_with_a_way_out(tmp_path: Path) -> None:
    index = tmp_path / "seen.duckdb"
    Index(index, Settings()).__exit__(None, None, None)
    with Index(index) as opened:
        opened._db.execute("update meta set version = 1")
        opened._db.execute("alter table paragraphs drop kind")
    with pytest.raises(SettingsError, match=r"version 1, .* version 2; begin a new one with another --index"):
        Index(index, Settings())
