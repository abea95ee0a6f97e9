"""Signatures equal those of datasketch bit for bit, on both roads."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st

from cleaner.errors import SettingsError
from cleaner.kernels import hashing, plain
from cleaner.phases.across import jaccard, shingle_sets
from cleaner.text.fold import fold
from cleaner.text.words import finder

datasketch = pytest.importorskip("datasketch")
sketch = pytest.importorskip("cleaner.kernels.sketch", exc_type=SettingsError)
decode = pytest.importorskip("cleaner.kernels.decode", exc_type=SettingsError)

words = st.sampled_from(
    ["the", "paragraph", "paragraph", "Élan", "Straße", "一二三", "ภาษา", "2024", "co-op", "\u0301", "…"]
)
texts = st.lists(words, max_size=30).map(" ".join) | st.text(max_size=30)


def of_datasketch(text: str, count: int) -> list[int]:
    minhash = datasketch.MinHash(num_perm=count, scheme="affine32", hashfunc=hashing.hashfunc)
    folded = [fold(match[0]) for match in finder(text)(text, 0, len(text))]
    minhash.update_batch(hashing.shingle_bytes(folded))
    return [int(value) for value in minhash.hashvalues]


@pytest.mark.parametrize("count", [1, 60, 128, 257])
def test_the_permutations_are_those_of_datasketch(count: int) -> None:
    a, b = datasketch.MinHash(num_perm=count, scheme="affine32").permutations
    assert plain.permutations(count) == (tuple(a.tolist()), tuple(b.tolist()))


@given(st.lists(texts, min_size=1, max_size=4), st.sampled_from([1, 16, 60, 65]))
@examples(150)
def test_signatures_are_those_of_datasketch_on_both_roads(spans: list[str], count: int) -> None:
    expected = [of_datasketch(text, count) for text in spans]
    assert [plain.signature(own, count) for own in shingle_sets(spans)] == expected
    assert sketch.signatures_kernel(*decode.spans(spans), count).tolist() == expected


@given(st.lists(texts, min_size=2, max_size=5))
@examples(150)
def test_shingle_sets_and_their_jaccard_are_those_of_the_plain_road(spans: list[str]) -> None:
    shingles, offsets = sketch.shingle_sets(*decode.spans(spans))
    sets = shingle_sets(spans)
    assert [shingles[a:b].tolist() for a, b in pairwise(offsets)] == [sorted(own) for own in sets]
    left = np.arange(len(spans) - 1)
    similar = sketch.jaccards(shingles, offsets, left, left + 1).tolist()
    assert similar == [jaccard(a, b) for a, b in pairwise(sets)]


def test_a_text_without_words_has_an_empty_signature_and_one_word_has_a_signature_of_its_own() -> None:
    rows = sketch.signatures_kernel(*decode.spans(["", "- …", "one", "two", "one two"]), 60).tolist()
    assert rows[0] == rows[1] == [plain.EMPTY] * 60
    assert plain.EMPTY not in rows[2] + rows[3] + rows[4]
    assert len({tuple(row) for row in rows}) == 4


def test_no_spans_give_no_signatures() -> None:
    assert sketch.signatures_kernel(*decode.spans([]), 60).shape == (0, 60)
