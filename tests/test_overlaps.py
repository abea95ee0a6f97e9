"""Texts said many times at once, where no unit begins with each time: what goes relies on what stays."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from attack.sentences import SENTENCES
from campaign import examples, share
from hypothesis import given
from hypothesis import strategies as st
from test_promises import check_spans, check_witnesses, small_articles

from cleaner.decisions import Decisions
from cleaner.phases.article import clean_article, clean_paragraphs
from cleaner.plan import by_kernels, has_kernels
from cleaner.settings import Settings
from cleaner.types import Outcome

BARE = {script: [s.rstrip("。.") for s in SENTENCES[script][:3]] for script in ("latin", "chinese", "thai")}
LONG = [a + b.rstrip("。") for a, b in zip(BARE["chinese"], SENTENCES["chinese"][1:4], strict=True)]

WRITTEN: dict[str, tuple[list[str], str, str]] = {
    "latin": (SENTENCES["latin"], " ", ""),
    "latin without full stops": (BARE["latin"], " ", "."),
    "chinese": (SENTENCES["chinese"], "", ""),
    "chinese without full stops": (BARE["chinese"], "", ""),
    "chinese with one full stop": (BARE["chinese"], "", "。"),
    "chinese with spaces": (BARE["chinese"], " ", ""),
    "long chinese": (LONG, "", ""),
    "thai": (SENTENCES["thai"], " ", ""),
    "thai without spaces": (BARE["thai"], "", ""),
}
"""Sentences, what stands between two on one line, and what the article ends with."""

SETTINGS = [
    Settings(min_words=words, min_passage=passage, keep=keep, level=level)
    for (words, passage), keep, level in product([(6, 8), (12, 25)], ["first", "last"], ["exact", "copy", "similar"])
]


def written(bars: str, how: str) -> str:
    """``A|AB``: the first sentence, and on a line of its own the first and the second."""
    sentences, gap, end = WRITTEN[how]
    letters = dict(zip("ABC", sentences, strict=False))
    return "\n".join(gap.join(letters[letter] for letter in line) for line in bars.split("|")) + end


def trouble(text: str, clean: Outcome) -> str:
    try:
        check_spans(text, clean)
        check_witnesses(text, clean)
    except AssertionError as error:
        return str(error) or "spans"
    return ""


def bars_of(size: int) -> Iterator[str]:
    """Articles of so many sentences, A and B."""
    return (bars for bars in small_articles(size) if bars[0] == "A" and "C" not in bars)


@pytest.mark.parametrize("how", WRITTEN)
def test_of_every_small_article_nothing_goes_without_a_witness_that_stays(how: str) -> None:
    small = {bars: written(bars, how) for size in (2, 3) for bars in bars_of(size)}
    for turn, settings in enumerate(SETTINGS):
        articles = small | {bars: written(bars, how) for bars in share(bars_of(4), 4, turn)}
        alone = {bars: clean_article(text, settings) for bars, text in articles.items()}
        told = {bars: trouble(articles[bars], outcome) for bars, outcome in alone.items()}
        assert {bars: what for bars, what in told.items() if what} == {}, settings
        if has_kernels():
            assert by_kernels(list(articles.values()), settings) == list(alone.values())


@pytest.mark.parametrize("how", ["chinese with one full stop", "chinese without full stops", "thai without spaces"])
@pytest.mark.parametrize("settings", [SETTINGS[1], SETTINGS[3], SETTINGS[7], SETTINGS[10]])
@pytest.mark.parametrize("bars", ["AA|AA|A|A|A", "AA|A|AA|A", "AAB|BB|AAA", "ABABA|BAB|A|B", "A|BABAB|AB|AB"])
def test_nor_of_larger_ones(bars: str, settings: Settings, how: str) -> None:
    text = written(bars, how)
    assert trouble(text, clean_article(text, settings)) == ""


@examples(150)
@given(
    st.lists(st.sampled_from(["A", "A", "B", "AB", "AA", "|"]), min_size=3, max_size=10),
    st.sampled_from(sorted(WRITTEN)),
    st.sampled_from(SETTINGS),
)
def test_nor_of_any_in_a_row(parts: list[str], how: str, settings: Settings) -> None:
    text = written("".join(parts).strip("|") or "A", how)
    assert trouble(text, clean_article(text, settings)) == ""


def test_one_of_many_stays_and_each_other_names_it() -> None:
    text = written("AAA|A", "chinese without full stops")
    outcome = clean_article(text, Settings(min_words=6, min_passage=8))
    assert outcome.text == BARE["chinese"][0]
    assert len(outcome.removed) == 3
    assert {text[r.witness.start : r.witness.end] for r in outcome.removed} == {outcome.text}


def test_lines_that_say_it_twice_go_for_the_line_that_earlier_ones_went_for() -> None:
    """Such an article ended the run: the second line was a witness, and went."""
    text = written("AA|AA|A|A|A", "chinese with one full stop")
    outcome = clean_article(text, Settings(min_words=6, min_passage=8))
    assert outcome.text == BARE["chinese"][0]
    assert [r.line for r in outcome.removed] == [1, 2, 2, 3, 4, 5]


@pytest.mark.parametrize("keep", ["first", "last"])
@pytest.mark.parametrize("bars", ["AA|A", "AAA|A", "AA|AA|A", "A|AAA|A", "AA|AA|A|A"])
def test_of_lists_of_paragraphs_only_those_go_that_one_other_says_whole(bars: str, keep: str) -> None:
    """With a witness that goes itself the search for what stands for it had no end."""
    paragraphs = written(bars, "chinese without full stops").split("\n")
    outcome = clean_paragraphs(paragraphs, Settings.of({"min_words": 6, "min_passage": 8, "keep": keep}))
    gone = {r.start for r in outcome.removed}
    for r in outcome.removed:
        assert gone.isdisjoint(range(r.witness.start, r.witness.end))
        assert paragraphs[r.start] in "".join(paragraphs[r.witness.start : r.witness.end])


@pytest.mark.parametrize("bars", ["AAA", "AA|A", "AB|BB", "AA|AA", "A|AA|A"])
def test_no_mark_takes_a_text_together_with_its_own_witness(bars: str) -> None:
    text = written(bars, "chinese with one full stop")
    level = {"level": "exact", "min_words": 6, "min_passage": 8}
    told = clean_article(text, Settings.of(level)).variants
    marks = Decisions(removed=frozenset((v.key, v.witness.key) for v in told))
    outcome = clean_article(text, Settings.of({**level, "decisions": marks}))
    assert trouble(text, outcome) == ""


def test_where_a_part_of_a_line_is_needed_the_line_does_not_go_in_parts() -> None:
    """Of ``AB`` the first part would go for the end of ``BA`` and the second for its beginning: the order is lost."""
    text = written("AB|BABBA", "long chinese")
    outcome = clean_article(text, Settings(level="exact", keep="last"))
    assert outcome.text == written("AB|BA", "long chinese")


TYPOS = ["neighbouring", "neihgbouring", "neihgbuoring"]
"""Each a swap of letters away from the next, the last two from the first."""


@pytest.mark.parametrize("gap", [" ", "\n"])
@pytest.mark.parametrize("keep", ["first", "last"])
def test_two_swaps_are_not_one_although_each_says_what_its_neighbour_says(gap: str, keep: str) -> None:
    sentence = SENTENCES["latin"][0].replace("province", "{} provinces")
    text = gap.join(sentence.format(word) for word in TYPOS)
    outcome = clean_article(text, Settings.of({"min_words": 6, "min_passage": 8, "keep": keep}))
    assert trouble(text, outcome) == ""
    assert [r.rule for r in outcome.removed] == ["typo"]


@pytest.mark.parametrize("keep", ["first", "last"])
def test_nor_where_no_unit_begins_with_each_time(keep: str) -> None:
    sentence = BARE["chinese"][0].replace("全省", "全省{}")
    text = "".join(sentence.format(word) for word in TYPOS)
    outcome = clean_article(text, Settings.of({"min_words": 6, "min_passage": 8, "keep": keep}))
    assert trouble(text, outcome) == ""


@pytest.mark.parametrize("bars", ["AA|A", "AAA|A", "AB|BB"])
def test_at_level_exact_a_line_does_not_go_in_part_for_one_that_ends_otherwise(bars: str) -> None:
    """In the line that says it twice one goes for the other, which is the same to the letter."""
    text = written(bars, "chinese with one full stop")
    left = clean_article(text, Settings(level="exact", min_words=6, min_passage=8)).text
    assert left in (text, text.replace(BARE["chinese"][0] * 2, BARE["chinese"][0], 1))
    assert left.endswith("。")


@pytest.mark.parametrize("end", ["?", "!", " (not yet)."])
def test_the_last_of_many_stays_where_it_ends_otherwise(end: str) -> None:
    sentence = SENTENCES["latin"][0]
    text = f"{sentence} {sentence} {sentence.rstrip('.')}{end}"
    outcome = clean_article(text, Settings(min_words=6, min_passage=8))
    assert trouble(text, outcome) == ""
    assert outcome.text.endswith(end)
