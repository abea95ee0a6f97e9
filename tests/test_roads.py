"""Two roads, one answer: what the kernels read and propose is what plain Python reads and proposes."""

from __future__ import annotations

import html.entities
import unicodedata
from collections.abc import Iterable
from itertools import islice, pairwise

import pytest
from campaign import CAMPAIGN, examples
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from strategies import articles
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
from cleaner.plan import KERNEL_CHARACTERS, by_kernels, clean_texts

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


@examples(250)
@given(st.lists(texts, min_size=1, max_size=4), st.sampled_from(SETTINGS))
def test_both_roads_give_the_same(batch: list[str], settings: Settings) -> None:
    equal_roads([text.encode("utf-8", "ignore").decode() for text in batch], settings)


# Signs that decide how a line is read, or that only look as if they did: each as it stands, and as entities.
NAMED = sorted(f"&{name}" for name in html.entities.html5 if name.endswith(";"))
CODES = [
    *range(0x180), *range(0x2000, 0x2070), 0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xFFFD, 0xFFFF, 0x1F600, 0x10FFFF, 0x110000,
]  # fmt: skip
NUMBERED = [form.format(code) for code in CODES for form in ("&#{};", "&#x{:X};")]
SPACES = [chr(code) for code in range(0x110000) if chr(code).isspace()]
UNSEEN = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf")]
COMBINING = [chr(code) for code in range(0x110000) if unicodedata.combining(chr(code))]
COMPATIBLE = [chr(code) for code in range(0x110000) if unicodedata.decomposition(chr(code)).startswith("<")]
LOWER = [chr(code) for code in range(0x110000) if chr(code).islower() and not chr(code).isalpha()]
SURROGATES = ["\ud800", "\udbff", "\udc00", "\udfff", "\ud83d\ude00"]
KINDS = {
    "named": NAMED, "numbered": NUMBERED, "spaces": SPACES, "unseen": UNSEEN, "combining": COMBINING,
    "compatible": COMPATIBLE, "lower": LOWER, "surrogates": SURROGATES,
}  # fmt: skip
BODY = "The bridge over the river will be closed for twelve weeks while engineers check every cable of it"
FIRST, SECOND = BODY[:57], BODY[58:]  # of a wrapped paragraph


def with_sign(sign: str) -> str:
    """A text with a sign at every place where it might count: inside a word, between two, at both ends of lines."""
    said = BODY.replace("twelve", f"12{sign}34").replace("river", f"ri{sign}ver").replace(" of ", f"{sign}of {sign} ")
    return "\n".join([
        f"{BODY}.", f"{sign}{BODY}{sign}.{sign}", "", f"{said}.", said.replace(sign, "") + ".", sign,
        f"{FIRST}{sign}", f"{sign}{SECOND}.", f"{FIRST}.{sign}", f"{sign}and {SECOND}.", "", f"{FIRST}\n{SECOND}.",
    ])  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_both_roads_read_every_sign_alike(kind: str) -> None:
    """One sign a text; of the long lists another part each for each of the settings."""
    signs = KINDS[kind]
    parts = 1 if len(signs) < 500 else len(SETTINGS)
    for part, settings in enumerate(SETTINGS):
        batch = [with_sign(sign) for sign in signs[part % parts :: parts]]
        assert by_kernels(batch, settings) == [clean_article(text, settings) for text in batch]


def test_a_verdict_does_not_depend_on_the_size_of_the_batch() -> None:
    """The road is chosen by size: beside enough text of others a record goes by the kernels."""
    records = [with_sign(sign) for sign in ("&ensp;", "&mdash;", "&rlm;", "&nbsp;", "\u0345", "\u2028", "\u202e")]
    neighbours = [f"Record {number} has words of its own and nothing in it twice.\n" for number in range(9000)]
    assert sum(map(len, neighbours)) > KERNEL_CHARACTERS
    together = clean_texts([*records, *neighbours], Settings())
    assert together[: len(records)] == [clean_texts([record], Settings())[0] for record in records]


written = st.one_of(*map(st.sampled_from, KINDS.values()))
lines = st.builds(
    lambda head, sign, gap, tail: f"{head}{gap}{sign}{tail}",
    st.sampled_from([BODY, FIRST, SECOND, BODY[:30], BODY.lower(), ""]),
    written,
    st.sampled_from(["", " ", "."]),
    st.sampled_from([BODY, SECOND, "", ".", " so"]),
)
signed = st.lists(lines, min_size=1, max_size=4).flatmap(
    lambda some: st.lists(st.sampled_from(some), min_size=2, max_size=8).flatmap(
        lambda said: st.sampled_from(["\n", "\n\n", " "]).map(lambda gap: gap.join(said))
    )
)


@examples(200)
@given(st.lists(signed, min_size=1, max_size=4), st.sampled_from(SETTINGS))
def test_both_roads_give_the_same_where_signs_decide(batch: list[str], settings: Settings) -> None:
    equal_roads(batch, settings)


@examples(1500)
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
    batch = list(sampled(texts_of(name), 600_000 if CAMPAIGN else 150_000))
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


@examples(300, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
