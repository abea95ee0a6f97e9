"""Bands, candidates and near pairs: what is found, what is not, and equal answers on both roads."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import combinations

import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st

from cleaner.errors import SettingsError
from cleaner.kernels import hashing, plain
from cleaner.phases import across, lsh

np = pytest.importorskip("numpy")
pytest.importorskip("cleaner.kernels.compiled", exc_type=SettingsError)

EMPTY = [plain.EMPTY] * 6
signatures = st.lists(
    st.just(EMPTY) | st.lists(st.sampled_from([0, 1, 2, plain.EMPTY]), min_size=6, max_size=6), max_size=12
)
SMALL_BANDS = lsh.Bands(3, 2)


def array_keys(rows: list[list[int]], bands: lsh.Bands) -> tuple[object, object]:
    return lsh.band_key_array(np.array(rows, dtype=np.uint32).reshape(len(rows), -1), bands)


@given(signatures)
def test_band_keys_are_equal_on_both_roads_and_fit_a_signed_64_bit_column(rows: list[list[int]]) -> None:
    expected = [lsh.band_keys(row, SMALL_BANDS) for row in rows]
    texts, keys = array_keys(rows or [EMPTY], SMALL_BANDS)
    assert texts.tolist() == [text for text, own in enumerate(expected) if own]
    assert keys.tolist() == [own for own in expected if own]
    assert all(-(2**63) <= key < 2**63 for own in expected for key in own)


def test_texts_share_a_key_exactly_if_they_agree_in_all_rows_of_the_same_band() -> None:
    one, other = lsh.band_keys([1, 2, 3, 4, 5, 6], SMALL_BANDS), lsh.band_keys([3, 4, 3, 4, 5, 7], SMALL_BANDS)
    assert [a == b for a, b in zip(one, other, strict=True)] == [False, True, False]
    assert set(one).isdisjoint(lsh.band_keys([3, 4, 1, 2, 9, 9], SMALL_BANDS)), "another band is another key"


@given(signatures, st.integers(2, 6))
@examples(300)
def test_candidates_are_equal_on_both_roads_whatever_the_cap(rows: list[list[int]], cap: int) -> None:
    expected = lsh.candidates([lsh.band_keys(row, SMALL_BANDS) for row in rows], cap)
    left, right, left_out = lsh.candidate_arrays(*array_keys(rows or [EMPTY], SMALL_BANDS), cap)
    assert (list(zip(left.tolist(), right.tolist(), strict=True)), left_out) == expected
    shared = {
        (i, j)
        for i, j in combinations(range(len(rows)), 2)
        if set(lsh.band_keys(rows[i], SMALL_BANDS)) & set(lsh.band_keys(rows[j], SMALL_BANDS))
    }
    assert set(expected.pairs) <= shared
    assert expected.left_out > 0 or set(expected.pairs) == shared, "nothing is left out silently"


def test_empty_texts_have_no_band_keys_and_are_in_no_pair() -> None:
    assert lsh.band_keys(EMPTY, SMALL_BANDS) == []
    assert lsh.candidate_arrays(*array_keys([EMPTY, EMPTY], SMALL_BANDS)).left.tolist() == []


def test_beyond_the_cap_a_text_pairs_with_the_first_of_its_bucket_and_the_rest_is_counted() -> None:
    found = lsh.candidates([[7]] * 5, cap=3)
    assert found.pairs == [(0, 1), (0, 2), (0, 3), (0, 4), (1, 2)]
    assert found.left_out == 10 - 5


def test_short_texts_never_fall_together() -> None:
    """text-dedup issue 77: texts shorter than a shingle all had the empty signature, and all but one went."""
    shorts = ["", "…", "-", "one", "two", "three", "one two", "two one", "\u0301", "1", "2"] * 2
    for found in (across.near_pairs_plain(shorts), across.near_pairs_arrays(shorts)):
        assert {(pair.left, pair.right) for pair in found.pairs} == {(k, k + 11) for k in (3, 4, 5, 6, 7, 9, 10)}


def test_the_default_bands_find_what_they_promise() -> None:
    assert lsh.bands_for(lsh.THRESHOLD) == lsh.DEFAULT_BANDS == (20, 3)
    assert lsh.DEFAULT_BANDS.permutations == 60
    assert lsh.DEFAULT_BANDS.recall(0.7) > 0.9997


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.6, 0.8, 0.9, 0.95, 1])
def test_for_other_thresholds_the_chosen_bands_find_more_than_97_percent_at_the_threshold(threshold: float) -> None:
    bands = lsh.bands_for(threshold)
    assert bands.recall(threshold) > 0.97
    assert 1 < bands.permutations <= lsh.DEFAULT_BANDS.permutations


@pytest.mark.parametrize("threshold", [0, -1, 1.01])
def test_a_threshold_out_of_range_is_refused(threshold: float) -> None:
    with pytest.raises(SettingsError, match="threshold"):
        across.near_pairs(["a"], threshold)


paragraphs = st.lists(
    st.lists(st.sampled_from(["aa", "AA", "bb", "cc", "dd", "ee", "Été", "éte"]), max_size=9).map(" ".join), max_size=14
)


@given(paragraphs, st.sampled_from([0.3, 0.5, 0.7, 0.9, 1]))
@examples(250)
def test_both_roads_give_equal_near_pairs(texts: list[str], threshold: float) -> None:
    assert across.near_pairs_plain(texts, threshold) == across.near_pairs_arrays(texts, threshold)


def test_a_pair_that_shares_no_band_is_in_neither_answer() -> None:
    missed = 0
    for batch in range(4):
        texts = [text for pair in range(250) for text in half_equal(f"{batch}{pair}")]
        answer = across.near_pairs_plain(texts, 0.5)
        assert answer == across.near_pairs_arrays(texts, 0.5)
        missed += 250 - len(answer.pairs)
    assert 0 < missed < 20, "4 of 1000 pairs at .5 are expected to share none of 19 bands of 2"


def half_equal(name: str) -> tuple[str, str]:
    """Two texts with a Jaccard of 8/16 to each other and of 0 to all others."""
    shared = " ".join(f"s{name}x{k}" for k in range(9))
    one, other = (" ".join(f"{side}{name}x{k}" for k in range(4)) for side in "ab")
    return f"{shared} {one}", f"{shared} {other}"


@given(st.lists(st.sets(st.integers(0, 12), max_size=8), max_size=14), st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9, 1]))
@examples(250)
def test_the_exact_join_finds_every_pair_at_or_over_the_threshold(sets: list[set[int]], threshold: float) -> None:
    expected = {
        (i, j, across.jaccard(sets[i], sets[j]))
        for i, j in combinations(range(len(sets)), 2)
        if (sets[i] or sets[j]) and across.jaccard(sets[i], sets[j]) >= threshold
    }
    assert set(across.exact_join(sets, threshold)) == expected


def edited_paragraphs(count: int) -> list[str]:
    """Paragraphs of 20 to 40 words, each followed by a copy with one word changed."""
    rng = random.Random(3)
    vocabulary = ["".join(rng.choices("aeioulmnrst", k=rng.randrange(2, 11))) for _ in range(5000)]
    texts = []
    for _ in range(count):
        words = rng.choices(vocabulary, k=rng.randrange(20, 41))
        texts.append(" ".join(words))
        words[rng.randrange(len(words))] = "changed"
        texts.append(" ".join(words))
    return texts


def test_large_inputs_take_the_arrays_and_find_the_edited_copies() -> None:
    texts = edited_paragraphs(1500)
    assert len(texts) > across.SMALL_TEXTS
    found = across.near_pairs(texts)
    assert found.left_out == 0
    assert [(p.left, p.right) for p in found.pairs] == [(k, k + 1) for k in range(0, len(texts), 2)]


def test_the_plain_road_imports_neither_numpy_nor_numba() -> None:
    script = (
        "import sys; from cleaner.phases import across; texts = ['the same words as before'] * 2;"
        "assert [tuple(p) for p in across.near_pairs(texts).pairs] == [(0, 1, 1.0)];"
        "assert not {'numpy', 'numba', 'datasketch'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_changed_word_in_twenty_leaves_a_near_pair() -> None:
    words = [f"word{chr(97 + k)}" for k in range(20)]
    sets = [
        hashing.shingles([hashing.token_hash(w) for w in text]) for text in (words, [*words[:9], "other", *words[10:]])
    ]
    assert across.jaccard(*sets) == pytest.approx(17 / 21)
