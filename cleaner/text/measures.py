"""How much of an article is repetition, by the measures of Gopher (Rae et al. 2021, table A1).

They are counted as datatrove's ``GopherRepetitionFilter`` counts them, over the article as it came, so
that its thresholds can be used: no repeat is judged or removed by them. Two things differ. Words are
those of this package (no signs; a Chinese or Japanese character is a word), not a tokenizer's, and
``\\r\\n`` is a line end. As there, what stands before a first line end and behind a last one is a line, if an empty
one; a text that begins and ends with a line end has one that came before.

A share of characters is one of all characters of the text. Repeats of an n-gram overlap, so that the
share of the most frequent one may be above 1 where a text says one word all the time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from cleaner.text.words import finder

TOP = (2, 3, 4)
"""Words of the n-grams of which the most frequent one is measured."""
REPEATED = (5, 6, 7, 8, 9, 10)
"""Words of the n-grams of which all that came before are measured."""
NAMES = (
    "duplicate_lines", "duplicate_line_characters", "duplicate_paragraphs", "duplicate_paragraph_characters",
    *(f"top_{n}_gram_characters" for n in TOP), *(f"duplicate_{n}_gram_characters" for n in REPEATED),
)  # fmt: skip
"""The measures, in the order in which they are given."""

_lines = re.compile(r"\n+")
_paragraphs = re.compile(r"\n{2,}")


def measures(text: str) -> dict[str, float]:
    """Each of ``NAMES`` for an article: shares, 0 where there is nothing to measure."""
    length = len(text)
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    lines, of_lines = duplicates(_lines.split(text))
    paragraphs, of_paragraphs = duplicates(_paragraphs.split(text.strip()))
    words = [word[0] for word in finder(text)(text, 0, len(text))]
    found = [lines, of_lines / length if length else 0.0, paragraphs, of_paragraphs / length if length else 0.0]
    found += [most_frequent(words, n) / length if length else 0.0 for n in TOP]
    again = 1
    for n in REPEATED:  # what no five words repeat, no six do
        again = again and repeated(words, n)
        found.append(again / length if length else 0.0)
    return dict(zip(NAMES, found, strict=True))


def duplicates(parts: Sequence[str]) -> tuple[float, int]:
    """The share of ``parts`` that came before, and the characters of these."""
    again = len(parts) - len(set(parts))
    if not again:
        return 0.0, 0
    characters = sum(len(part) * (times - 1) for part, times in Counter(parts).items() if times > 1)
    return again / len(parts), characters


def most_frequent(words: Sequence[str], n: int) -> int:
    """Characters of the most frequent n-gram, spaces between its words included, times its number.

    Of equally frequent ones the first counts, even where none comes twice.
    """
    grams = Counter(_grams(words, n))
    if not grams:
        return 0
    gram, times = max(grams.items(), key=lambda each: each[1])
    return len(" ".join(gram)) * times


def repeated(words: Sequence[str], n: int) -> int:
    """Characters of the words in n-grams that came before, none of them counted twice."""
    grams = list(_grams(words, n))
    if len(set(grams)) == len(grams):
        return 0
    seen, characters, at = set(), 0, 0
    while at < len(grams):
        if grams[at] in seen:
            characters += sum(map(len, grams[at]))
            at += n
        else:
            seen.add(grams[at])
            at += 1
    return characters


def _grams(words: Sequence[str], n: int) -> zip[tuple[str, ...]]:
    return zip(*(islice(words, start, None) for start in range(n)), strict=False)
