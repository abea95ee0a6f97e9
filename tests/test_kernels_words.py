"""The compiled words are those of text/words.py, with their hashes and weights."""

from __future__ import annotations

import numpy as np
import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st

from cleaner.errors import SettingsError
from cleaner.kernels import hashing
from cleaner.text.fold import fold
from cleaner.text.words import finder, quarters

decode = pytest.importorskip("cleaner.kernels.decode", exc_type=SettingsError)

# Marks, accents and invisible characters; hyphens and line breaks; digits of several scripts; scripts
# without spaces with their marks; letters that fold to several or to none; surrogates; astral letters.
NASTY = (
    "aaabcEF19_.,' \t\r\n--\u2010\u2011\u00ad\u200d\u0301\u0308éßİıﬁŉǅΣςñ"
    "שׁقก\u0e31\u0e38\u0e48ໄ\u0eb1က\u1031ខ\u17b6漢字かが\u3099\u309aｶﾞ한\u1100\u1161अ\u093e\u094d\u0903"
    "٣१½²Ⅷ①\u1820\u180e\U00010400\U0001e944\U00020000\U0001f600\ud800\x00\x10\x7f\x80…ﷺ"
)
PIECES = [
    "word",
    "Longer",
    "paragraphs",
    "12345678",
    "co-op",
    "line-\n  broken",
    "l-\r\nx",
    "2-x",
    "étés",
    "Straße",
    "\u00ad",
]
texts = st.one_of(
    st.text(NASTY, max_size=40),
    st.lists(st.sampled_from([*PIECES, *NASTY, " ", " ", "-"]), max_size=30).map("".join),
    st.text(max_size=30),
)


def plain_words(text: str) -> list[tuple[int, int, int, int]]:
    found = finder(text)(text, 0, len(text))
    return [(m.start(), m.end(), hashing.token_hash(fold(m[0])), quarters(m[0])) for m in found]


def kernel_words(spans: list[str]) -> list[list[tuple[int, int, int, int]]]:
    buf, starts, ends = decode.spans(spans)
    keys, firsts, lasts, weights, offsets = decode.words_kernel(buf, starts, ends)
    result = []
    for span, text in enumerate(spans):
        chars = {int(starts[span]): 0}
        for at, char in enumerate(text):
            chars[max(chars) + len(char.encode("utf-8", "surrogatepass"))] = at + 1
        own = range(offsets[span], offsets[span + 1])
        result.append([(chars[int(firsts[k])], chars[int(lasts[k])], int(keys[k]), int(weights[k])) for k in own])
    return result


@given(st.lists(texts, min_size=1, max_size=4))
@examples(1500)
def test_the_kernel_finds_exactly_the_words_of_the_plain_road(spans: list[str]) -> None:
    assert kernel_words(spans) == [plain_words(text) for text in spans]


def test_any_character_next_to_a_short_word_is_seen_by_the_road_that_reads_eight_bytes() -> None:
    texts = [f"ab{chr(code)}c 12{chr(code)} and so on" for code in [*range(0x3000), *range(0x3000, 0x110000, 97)]]
    assert kernel_words(texts) == [plain_words(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("state-of-the-art", 1),
        ("re-\n  wrapped", 1),
        ("re-\r\nwrapped", 1),
        ("re-\n\nwrapped", 2),
        ("re- wrapped", 1),
        ("re -wrapped", 2),
        ("re-\r wrapped", 2),
        ("1-2 a-2 2-a", 6),
        ("ends-", 1),
        ("ends-\n", 1),
        ("x\u00ady", 1),
        ("नमस्ते", 1),
        ("ภาษา", 4),
        ("日本語", 3),
        ("ends at the buffer", 4),
        ("", 0),
        ("\u0301 \u00ad -", 0),
    ],
)
def test_words_in_cases_that_can_be_read(text: str, words: int) -> None:
    assert len(kernel_words([text])[0]) == len(plain_words(text)) == words


def test_a_span_ends_where_it_says_even_within_a_word() -> None:
    buf = np.frombuffer(b"paragraph-graph", dtype=np.uint8)
    _, firsts, lasts, _, _ = decode.words_kernel(buf, np.array([0, 2, 9]), np.array([2, 10, 15]))
    assert list(zip(firsts.tolist(), lasts.tolist(), strict=True)) == [(0, 2), (2, 9), (10, 15)]


@given(st.lists(texts, max_size=3))
@examples(200)
def test_next_word_counts_characters(spans: list[str]) -> None:
    text = " ".join(spans)
    found = character_spans(*decode.spans([text])[:1], decode.tables())
    assert found == [word[:2] for word in plain_words(text)]


def character_spans(buf: np.ndarray, tables: object) -> list[tuple[int, int]]:
    keys = counted(buf, tables)
    return [(int(a), int(b)) for a, b in keys]


@decode.jit
def counted(buf, tables):  # type: ignore[no-untyped-def]
    src = decode.source(buf, tables)
    found = np.empty((len(buf) + 1, 2), dtype=np.int64)
    n = i = char = 0
    while True:
        first, i, char_first, char, _, _ = decode.next_word(src, i, len(buf), char)
        if first < 0:
            return found[:n]
        found[n, 0], found[n, 1] = char_first, char
        n += 1
