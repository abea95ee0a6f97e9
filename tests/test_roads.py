"""Two roads, one answer: what the kernels read and propose is what plain Python reads and proposes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, pairwise

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tests
from hypothesis import strategies as st
from test_promises import articles
from test_split import random_text, sampled, texts_of

from cleaner.phases.agree import _stretches, without_multiples
from cleaner.phases.article import clean_article
from cleaner.phases.forms import Forms
from cleaner.phases.layout import read
from cleaner.phases.propose import propose
from cleaner.settings import QUARTERS, Settings
from cleaner.text.lines import split_plain
from cleaner.types import Counts

pytest.importorskip("numpy")
pytest.importorskip("numba")

from cleaner.kernels.decode import spans
from cleaner.kernels.paragraphs import read_batch
from cleaner.phases.screen import screen
from cleaner.plan import by_kernels

SETTINGS = [
    Settings(),
    Settings(min_words=6, min_passage=8),
    Settings(similarity=0.6),
    Settings(similarity=1),
    Settings(level="exact", keep="last"),
    Settings(level="similar", max_gap=0),
]

# Words that recur again and again: seeds over the bucket cap, runs that overlap themselves.
loops = st.builds(
    lambda words, times, gap: gap.join(words * times),
    st.lists(st.sampled_from(["so", "la", "ti", "recur", "12", "漢", "ไ"]), min_size=1, max_size=5),
    st.integers(1, 60),
    st.sampled_from([" ", "\n", ". ", ""]),
)
LINE_STARTS = ["", "", "\u0003", "“", "- ", "1. ", "## ", "| ", "((((", "\u200b", ".", "5 ", "    ", "_"]
LINE_WORDS = ["the", "River", "of", "ქალაქის", "करने", "قرر", "ไฟ", "漢字", "voted", "ª", "Ünder"]
LINE_ENDS = [
    *("", "", ".", "-", "\u00ad", "‐", ",", "،", ":", ". 👍", ".[1]", ".(dpa)", "。", "။", ".</p>", "(x)", "²", ".¹"),
    *("</toolongname>", ".[123456789]", "”", ".\u0003", ".) ", "!\ufffd" * 9, "…"),
]
# Lines of about one width, with all that tells whether they wrap.
a_line = st.builds(
    lambda start, words, end: start + " ".join(words) + end,
    st.sampled_from(LINE_STARTS),
    st.lists(st.sampled_from(LINE_WORDS), max_size=18),
    st.sampled_from(LINE_ENDS),
)
lined = st.builds(
    lambda rows, end: "\n".join(rows) + end,
    st.lists(a_line, min_size=1, max_size=9),
    st.sampled_from(["", "\n", "\r\n", "\n\n"]),
)
texts = st.one_of(articles(), random_text, loops, lined)


def equal_roads(batch: list[str], settings: Settings) -> None:
    """Layouts, keys by their equality, runs, near pairs, counts and outcomes."""
    for text, screened in zip(batch, screen(batch, settings), strict=True):
        keyed = read(text)
        proposal = propose(keyed, settings)
        layout = keyed.layout
        counts = Counts(len(layout.spans), keyed.weight[-1] // QUARTERS, proposal.capped)
        assert screened.counts == counts
        if not proposal.runs and not proposal.near:
            assert screened.proposal is None
            continue
        assert screened.proposal is not None
        assert screened.keyed is not None
        assert sorted(screened.proposal.runs) == sorted(proposal.runs)
        assert screened.proposal.near == proposal.near
        other = screened.keyed.layout
        assert (other.original, other.text) == (layout.original, layout.text)
        assert list(other.spans) == list(layout.spans)
        assert [list(row) for row in (other.first, other.starts, other.ends)] == [
            list(row) for row in (layout.first, layout.starts, layout.ends)
        ]
        assert other.opaque == layout.opaque
        assert list(screened.keyed.weight) == list(keyed.weight)
        assert places(screened.keyed.keys) == places(keyed.keys)
    assert by_kernels(batch, settings) == [clean_article(text, settings) for text in batch]


def places(keys: Iterable[object]) -> list[int]:
    """For each key where it stood first: equal for two ways of writing the same keys."""
    first: dict[object, int] = {}
    return [first.setdefault(key, i) for i, key in enumerate(keys)]


@tests(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(texts, min_size=1, max_size=4), st.sampled_from(SETTINGS))
def test_both_roads_give_the_same(batch: list[str], settings: Settings) -> None:
    equal_roads([text.encode("utf-8", "ignore").decode() for text in batch], settings)


@tests(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(lined, min_size=1, max_size=4))
def test_both_roads_join_the_same_lines(batch: list[str]) -> None:
    for text, screened in zip(batch, by_kernel(batch), strict=True):
        assert screened == split_plain(text)


def by_kernel(batch: list[str]) -> list[list[tuple[int, int]]]:
    """The paragraphs of each text."""
    read = read_batch(*spans(batch))
    return [
        [(int(a), int(b)) for a, b in read.spans[first:last]] for first, last in pairwise(map(int, read.paragraphs))
    ]


@pytest.mark.parametrize("name", ["articles", "dump", "natural_blocks_thaigov"])
def test_both_roads_give_the_same_on_real_articles(name: str) -> None:
    batch = list(sampled(texts_of(name), 600_000))
    equal_roads(batch, Settings())


def test_both_roads_give_the_same_where_articles_are_glued_together() -> None:
    """Longer articles with more in them: two of a dump, and the first again."""
    found = list(islice(texts_of("articles"), 0, 400, 16))
    glued = ["\n".join([a, b, a]) for a, b in pairwise(found)]
    equal_roads(glued, Settings())
    equal_roads([text.replace("\n", " ") for text in glued[:6]], Settings())


marked = st.lists(
    st.sampled_from(["so", "la", "la*", "ti_", "so`", "12", "1.", "\n\n", "\n", "漢"]), min_size=4, max_size=40
)
heads = st.sampled_from(["one *", "two ", "three `", "four _", "five www.", "six\n\n", "7"])


@tests(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=marked, head=heads, other=heads, gap=st.sampled_from([" ", "\n", "\n\n", ". "]))
def test_text_that_is_equal_is_judged_as_it_is_word_by_word(
    words: list[str], head: str, other: str, gap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(min_words=3, min_passage=6)
    body = " ".join(words)
    keyed = read(f"{head}{body} end{gap}{other}{body}")
    runs = without_multiples(propose(keyed, settings).runs)
    quick = [_stretches(Forms(keyed.layout), run) for run in runs]
    with monkeypatch.context() as patched:
        patched.setattr(Forms, "same_text", lambda *_: False)
        assert quick == [_stretches(Forms(keyed.layout), run) for run in runs]
