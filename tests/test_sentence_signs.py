"""Runs of signs, as tables of contents have: the end of a sentence is found in them as before, and in one look."""

from __future__ import annotations

import re

import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st

from cleaner import clean
from cleaner.text import units
from cleaner.text.stops import CLOSE_STOPS, STOPS
from cleaner.text.units import cut_point, note_ends, starts_unit

# What is meant, as one would write it; from each sign of a run it looks at the rest of the run.
SPACED = f"[{STOPS}]{units._BEHIND}*"
END = re.compile(f"{SPACED}(?:\\s[»”](?=\\s))?(?:\\s+|$)|[{CLOSE_STOPS}][{units._CLOSERS}]*")
NOTE = re.compile(f"{SPACED}(?:\\[\\w{{1,4}}\\])+\\s+")

signs = st.text(st.sampled_from(".…!?。;:,*_\"”»)(][- \n\u037e\u0f0d'x1é"), max_size=14)


@examples(2000)
@given(signs)
def test_where_a_unit_begins(separator: str) -> None:
    assert starts_unit(separator, "beforé", "Word") == (END.search(separator) is not None)


@examples(2000)
@given(signs)
def test_where_a_separator_is_cut(separator: str) -> None:
    match = END.search(separator)
    # In "。…. " the ellipsis belongs to the full stops now, and no longer to what follows.
    if match and not {"。", "…"} <= set(separator) and not {"\u0f0d", "…"} <= set(separator):
        assert cut_point(separator) == match.end()


pieces = st.sampled_from([".", "…", "”", ")", "]", "[", "[1]", "[12]", "[_]", "[abcde]", " ", "\n", "x", "*", "_", ","])


@examples(2000)
@given(st.lists(pieces, max_size=14).map("".join))
def test_where_a_sentence_begins_behind_notes(text: str) -> None:
    assert note_ends(text) == [match.end() for match in NOTE.finditer(text)]


@pytest.mark.parametrize("run", [".", ".*", "[1]", "!…", "]"])
def test_a_run_of_signs_is_looked_at_once(run: str) -> None:
    """A look from each sign would take hours here."""
    line = "Chapter [1] " + run * 200_000
    assert note_ends(line + "x") == note_ends(f"{line[:12]}x")
    assert not starts_unit(run * 200_000 + "(", "beforé", "Word")


def test_an_article_with_a_long_line_of_dots_is_cleaned() -> None:
    line = "The first [1] line" + "." * 100_000 + "x of it says something in more than a dozen words, as you can see."
    assert clean(f"{line}\n\n{line}\n").text == f"{line}\n"
