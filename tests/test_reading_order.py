"""What is left reads in the order of the article: the later copy goes, and what began the text still begins it."""

from __future__ import annotations

import pytest
from attack.sentences import SENTENCES
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st

from cleaner import clean

LINES = SENTENCES["latin"]
BODIES = st.lists(st.sampled_from(LINES), min_size=2, max_size=6, unique=True)


@pytest.mark.parametrize("gap", ["", " ", "\n", "\n\n", "\n\n\n"])
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_text_that_comes_again_at_once_is_left_in_its_order(gap: str, between: str) -> None:
    """Also where it was glued to its copy, as by a program that answers twice."""
    for number in range(2, len(LINES) + 1):
        body = between.join(LINES[:number])
        assert clean(body + gap + body).text == body


@examples(200)
@given(BODIES, st.lists(st.integers(0, 5), min_size=1, max_size=4), st.sampled_from(["\n", "\n\n"]))
def test_copies_further_down_never_take_what_stands_above(body: list[str], again: list[int], between: str) -> None:
    """Whichever paragraphs come again below the article, and in whatever order: the article itself stays as it is."""
    text = between.join([*body, *(body[k % len(body)] for k in again)])
    left = clean(text).text
    assert left.startswith(between.join(body))


@examples(200)
@given(BODIES, st.data())
def test_what_is_left_is_the_input_without_some_of_it(body: list[str], data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.sampled_from(body), min_size=2, max_size=9))
    left = clean("\n\n".join(parts)).text.split("\n\n")
    following = iter(parts)
    assert all(part in following for part in left)
    assert left[0] == parts[0]
