"""What is left of an article: the same places and lines as by counting anew, in the time of one pass."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from cleaner.phases.kept import Kept, Lines
from cleaner.types import Removal, Witness

TEXTS = st.text(alphabet="ab \n\r\u2028", max_size=60)


class Counted(str):
    """A text whose breaks must not be counted anew for each place."""

    def count(self, *given: object) -> int:  # type: ignore[override]
        raise AssertionError("breaks are counted from the beginning")


@st.composite
def texts_and_cuts(draw: st.DrawFn) -> tuple[str, list[list[tuple[int, int]]]]:
    """A text, and the spans that go in each pass, in characters of what is left then."""
    text = draw(TEXTS)
    left, passes = len(text), []
    for _ in range(draw(st.integers(0, 3))):
        places = sorted(draw(st.sets(st.integers(0, left), max_size=8)))
        spans = list(zip(places[::2], places[1::2], strict=False))
        passes.append(spans)
        left -= sum(b - a for a, b in spans)
    return text, passes


@given(TEXTS)
def test_a_line_is_the_number_of_breaks_before_a_place_and_one(text: str) -> None:
    lines = Lines(text)
    for place in range(len(text) + 1):
        assert lines.of(place) == text.count("\n", 0, place) + 1


@given(texts_and_cuts())
def test_places_are_those_of_the_characters_that_are_left(given: tuple[str, list[list[tuple[int, int]]]]) -> None:
    text, passes = given
    kept, places = Kept(text), list(range(len(text)))
    for spans in passes:
        kept = kept.without(spans)
        places = [place for i, place in enumerate(places) if not any(a <= i < b for a, b in spans)]
    assert kept.text == "".join(text[place] for place in places)
    for here, place in enumerate(places):
        assert kept.span(here, here + 1) == (place, place + 1)
        assert kept.line(place) == text.count("\n", 0, place) + 1
    # A span of the original of which something is left begins and ends where its first and last characters are.
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            inside = [here for here, place in enumerate(places) if start <= place < end]
            if inside:
                assert kept.here([(start, end)]) == [(inside[0], inside[-1] + 1)]


def test_breaks_are_looked_for_once_however_much_goes() -> None:
    text = Counted("\n".join(f"line {number}" for number in range(100)))
    kept = Kept(text)
    first = kept.lines
    for start in accumulate([0] + [3] * 20):
        kept = kept.without([(start, start + 2)])
        assert kept.line(start) == text[:start].count("\n") + 1
    assert kept.lines is first


def test_a_cut_around_what_went_before_is_told_where_each_of_its_pieces_stands() -> None:
    """The lines of the first piece were given to all of them: the log named a line on which nothing went."""
    text = "said again\none\ntwo\nthree\nsaid again\n"
    kept = Kept(text).without([(text.index("one"), text.index("three"))])
    at = kept.text.index("three")
    removal = Removal(4, at + 6, 1, 1, "passage", "copy", "spacing", 1.0, (), Witness(at + 6, at + 16, 3), 2, 1)
    pieces = kept.to_original(removal)
    assert [text[piece.start : piece.end] for piece in pieces] == [" again\n", "three\n"]
    assert [(piece.line, piece.last_line) for piece in pieces] == [(1, 1), (4, 4)]
