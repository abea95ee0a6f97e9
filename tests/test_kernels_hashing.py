"""Token and shingle hashes: equal exactly where the comparison keys are equal."""

from __future__ import annotations

import unicodedata

from campaign import examples
from hypothesis import given
from hypothesis import strategies as st

from cleaner.kernels import hashing
from cleaner.text.fold import TYPO_LETTERS, fold, typo_fold

letters = st.text("abcdeéßﬁıİ한\u0301-٣Āā\u4e00\U00010400", min_size=1, max_size=14)


@st.composite
def near_words(draw: st.DrawFn) -> tuple[str, str]:
    """A word and the same one with two neighbouring letters swapped, somewhere."""
    word = draw(letters)
    at = draw(st.integers(0, max(len(word) - 2, 0)))
    return word, word[:at] + word[at : at + 2][::-1] + word[at + 2 :]


@given(near_words())
@examples(1500)
def test_words_share_a_hash_exactly_if_they_share_a_typo_fold(pair: tuple[str, str]) -> None:
    one, other = pair
    same = hashing.token_hash(fold(one)) == hashing.token_hash(fold(other))
    assert same == (typo_fold(one) == typo_fold(other))


@given(letters)
def test_the_typo_fold_of_a_word_has_the_hash_of_its_fold(word: str) -> None:
    assert hashing.token_hash(typo_fold(word)) == hashing.token_hash(fold(word))


def test_no_two_of_many_words_share_a_hash() -> None:
    keys = {typo_fold(word) for word in (f"{a}{b}" for a in CHARS for b in CHARS)}
    keys |= {typo_fold(f"prefixes{a}{b}x") for a in CHARS for b in CHARS}
    keys |= {"", "a" * 7, "a" * 8, "a" * 9}
    assert len({hashing.token_hash(key) for key in keys}) == len(keys)


CHARS = [chr(code) for code in range(0x2000) if unicodedata.category(chr(code)) in ("Ll", "Lo", "Nd")][:700:3]


def test_letters_that_only_add_up_to_the_same_number_are_told_apart() -> None:
    long = "xyzabcdefgh"
    assert sum(map(ord, "bd")) == sum(map(ord, "cc"))
    assert hashing.token_hash(f"{long}bd{long}") != hashing.token_hash(f"{long}cc{long}")


def test_a_swap_counts_as_a_typo_from_eight_letters_on() -> None:
    assert hashing.token_hash("abcdefg") != hashing.token_hash("abcedfg")
    assert hashing.token_hash("abcdefgh") == hashing.token_hash("abcedfgh")
    assert TYPO_LETTERS == 8
    for swapped in ("bacdefgh", "acbdefgh", "abcdefhg"):
        assert hashing.token_hash("abcdefgh") != hashing.token_hash(swapped), "ends stay in place"


def test_shingles_are_ordered_pairs_and_a_word_alone_is_none_of_them() -> None:
    a, b = hashing.token_hash("a"), hashing.token_hash("b")
    assert hashing.shingles([a, b]) != hashing.shingles([b, a])
    assert len({hashing.shingle_hash(a), hashing.shingle_hash(a, b), hashing.shingle_hash(a, a)}) == 3
    assert hashing.shingles([]) == set()
    assert len(hashing.shingles([a])) == 1


@given(st.lists(letters.map(fold), max_size=8))
def test_the_bytes_of_shingles_hash_to_the_shingle_hashes(folded: list[str]) -> None:
    tokens = [hashing.token_hash(word) for word in folded]
    assert set(map(hashing.hashfunc, hashing.shingle_bytes(folded))) == hashing.shingles(tokens)


def test_hashes_never_change_because_signatures_are_stored() -> None:
    assert hashing.token_hash("word") == 0xA83E06BFF72AEABE
    assert hashing.token_hash("paragraph") == 0x8D7813401331C1DE
    assert hashing.token_hash("слово") == 0x62293E2BC7492C27
    assert hashing.hashfunc(b"two words") == 0x10518CEB
    assert hashing.hashfunc(b"word") == 0xDC21F7E7
