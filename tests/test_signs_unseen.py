"""Signs that are not seen: of no account where they change nothing for a reader, material where they do."""

from __future__ import annotations

import pytest

from cleaner import clean, compare
from cleaner.plan import by_kernels, has_kernels
from cleaner.settings import Settings
from cleaner.types import Level

LINE = "The figure in the report that the council read on Monday was {} and nobody in the room asked why"

NOTHING = [
    ("co\u00adop", "coop"),  # a soft hyphen
    ("1\u200b2", "12"),  # a zero-width space
    ("\ufeffabc", "abc"),
    ("12\u206334", "1234"),  # an invisible separator
    ("ab\u200dc", "abc"),  # letters that never join
    ("ab\u200cc", "abc"),
    ("漢\u200d字", "漢字"),
    ("ها\u200c", "ها"),  # the word ends here anyway
    ("12\ufe0f", "12"),  # a style of the same sign
    ("❤\ufe0f", "❤"),
    ("葛\U000e0100", "葛"),
    ("word\U000e0041", "word"),  # a tag on no emoji
    ("שלום\u200f", "שלום"),  # marks of direction where there is no figure
    ("word\u200e", "word"),
    ("word\u061c", "word"),
]
MATERIAL = [
    ("12\u202e34", "1234"),  # shown as 1243
    ("a\u202eb", "ab"),
    ("a \u202eb\u202c c", "a \u202eb c\u202c"),
    ("\u2066abc\u2069", "abc"),
    ("\u202babc\u202c", "abc"),
    ("12\u200f34", "1234"),
    ("\u200f-5", "-5"),
    ("12\u200f", "12"),
    ("\u061c12", "12"),
    ("می\u200cخواهم", "میخواهم"),  # another spelling
    ("نامه\u200cای", "نامهای"),
    ("क्\u200dष", "क्ष"),  # another shape
    ("ශ්\u200dරී", "ශ්රී"),
    ("ه\u200d", "ه"),
    ("ᠠ\u180eᠠ", "ᠠᠠ"),
    ("👨\u200d👩", "👨👩"),  # a couple is not two people
    ("👨‍❤️‍👨", "👨❤️👨"),
    (
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    ),  # England is not Scotland
    ("\u060112", "12"),  # a sign of Arabic numbers, which is seen
]
ROADS = [False, True]


def removed(text: str, level: Level, kernels: bool) -> int:
    settings = Settings(level=level)
    if kernels:
        return len(by_kernels([text], settings)[0].removed)
    return len(clean(text, settings).removed)


@pytest.mark.parametrize("kernels", ROADS)
@pytest.mark.parametrize("level", ["exact", "copy", "similar"])
def test_what_changes_nothing_for_a_reader_is_no_difference(level: Level, kernels: bool) -> None:
    if kernels and not has_kernels():
        pytest.skip("needs numba")
    for one, other in NOTHING:
        for a, b in ((one, other), (other, one)):
            text = f"{LINE.format(a)}.\n{LINE.format(b)}.\n"
            assert removed(text, level, kernels) == 1, ascii(a)
            found = compare(LINE.format(a), LINE.format(b), Settings(level=level))
            assert (found.relation, found.level, found.rule) == ("copy", "exact", "unicode"), ascii(a)


@pytest.mark.parametrize("kernels", ROADS)
@pytest.mark.parametrize("level", ["exact", "copy"])
def test_what_changes_what_a_reader_sees_is_material(level: Level, kernels: bool) -> None:
    if kernels and not has_kernels():
        pytest.skip("needs numba")
    for one, other in MATERIAL:
        for a, b in ((one, other), (other, one)):
            text = f"{LINE.format(a)}.\n{LINE.format(b)}.\n"
            assert removed(text, level, kernels) == 0, ascii(a)
            found = compare(LINE.format(a), LINE.format(b), Settings(level=level))
            assert found.relation != "copy", ascii(a)
            assert any(each.material for each in found.differences), ascii(a)


def test_beside_a_figure_a_mark_of_direction_counts_at_the_edges_of_a_paragraph() -> None:
    line = "12 councillors read the report on Monday and nobody in the room asked them for its figure of 13"
    for other in (f"\u200f{line}", f"{line}\u200f", line.replace("12 ", "12\u200f ")):
        assert clean(f"{line}\n\n{other}\n").removed == ()
