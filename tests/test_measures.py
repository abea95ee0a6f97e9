"""Measures: what datatrove's rules for Gopher count, and how the report sums them up."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.formats.noting import note_measures
from cleaner.formats.tally import Tally
from cleaner.formats.work import Found
from cleaner.report.distributions import BINS, distributions
from cleaner.text.html_page import text_of
from cleaner.text.measures import NAMES, REPEATED, TOP, duplicates, measures, most_frequent, repeated
from cleaner.text.words import finder

TEXT = st.lists(st.sampled_from(["a", "bb", "a b c d e", "das ist", "\n", "\n\n", "\r\n", "中文", "."]), max_size=40)
WORDS = st.lists(st.sampled_from(["a", "bb", "c"]), max_size=40)


def plainly(parts: list[str]) -> tuple[int, int]:
    """datatrove's find_duplicates, as it is defined: elements that came before, and their characters."""
    seen: set[str] = set()
    elements = characters = 0
    for part in parts:
        elements += part in seen
        characters += len(part) if part in seen else 0
        seen.add(part)
    return elements, characters


def plainly_top(words: list[str], n: int) -> int:
    grams = [" ".join(words[at : at + n]) for at in range(len(words) - n + 1)]
    if not grams:
        return 0
    gram, times = Counter(grams).most_common(1)[0]
    return len(gram) * times


def plainly_repeated(words: list[str], n: int) -> int:
    seen: set[tuple[str, ...]] = set()
    characters = at = 0
    while at < len(words) - n + 1:
        gram = tuple(words[at : at + n])
        if gram in seen:
            characters += len("".join(gram))
            at += n
        else:
            seen.add(gram)
            at += 1
    return characters


@given(TEXT)
def test_each_measure_is_what_its_definition_counts(parts: list[str]) -> None:
    text = "".join(parts)
    plain = text.replace("\r\n", "\n")
    length, words = len(text) or 1, [word[0] for word in finder(plain)(plain, 0, len(plain))]
    lines, paragraphs = re.split(r"\n+", plain), re.split(r"\n{2,}", plain.strip())
    wanted = [plainly(lines)[0] / len(lines), plainly(lines)[1] / length]
    wanted += [plainly(paragraphs)[0] / len(paragraphs), plainly(paragraphs)[1] / length]
    wanted += [plainly_top(words, n) / length for n in TOP] + [plainly_repeated(words, n) / length for n in REPEATED]
    assert measures(text) == pytest.approx(dict(zip(NAMES, wanted, strict=True)))


@given(WORDS, st.integers(1, 10))
def test_ngrams_are_counted_as_defined(words: list[str], n: int) -> None:
    assert most_frequent(words, n) == plainly_top(words, n)
    assert repeated(words, n) == plainly_repeated(words, n)
    assert duplicates(words or ["x"])[1] == plainly(words)[1]


def test_a_text_by_hand() -> None:
    found = measures("one line\none line\nanother\n\none line")
    assert found["duplicate_lines"] == 2 / 4
    assert found["duplicate_line_characters"] == 16 / 35
    assert found["duplicate_paragraphs"] == 0
    assert found["top_2_gram_characters"] == 3 * len("one line") / 35


@pytest.mark.parametrize("text", ["", " ", "x"])
def test_nothing_repeats_in_nothing(text: str) -> None:
    assert not any(measures(text).values())


def test_a_page_is_measured_by_its_text_not_its_tags() -> None:
    page = "<div></div>\n" * 20 + "<p>One.</p>\n<p>Two.</p>"
    assert note_measures(Found(), page, "html") == pytest.approx(measures(text_of(page)), abs=1e-4)
    assert note_measures(Found(), page, "html") != note_measures(Found(), page, "plain")


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=60))
def test_a_distribution_is_that_of_the_values(thousandths: list[int]) -> None:
    tally = Tally()
    for value in thousandths:
        part = Tally()
        part.measured[f"duplicate_lines {value}"] += 1
        part.measured["duplicate_lines sum"] += value * 1000
        tally.add(Tally.of(part.to_dict()))
    found, values = distributions(tally.measured)["duplicate_lines"], sorted(thousandths)
    assert found["mean"] == pytest.approx(sum(values) / len(values) / 1000, abs=1e-5)
    for name, percent in (("median", 50), ("p90", 90), ("p99", 99)):
        at = found[name] * 1000
        assert sum(value <= at + 1e-6 for value in values) * 100 >= percent * len(values)
        assert sum(value < at - 1e-6 for value in values) * 100 < percent * len(values)
    assert (found["max"], found["zero"]) == (values[-1] / 1000, values.count(0))
    assert len(found["histogram"]) == BINS
    assert sum(found["histogram"]) == len(values)
