"""How lines and sentences are read: a person's eye for wraps and full stops, on both roads."""

from __future__ import annotations

import re
import unicodedata

import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st

from cleaner.phases.forms import Forms
from cleaner.phases.layout import read
from cleaner.text.lines import split_plain
from cleaner.text.stops import STOPS, TERMINALS
from cleaner.text.wraps import ends_sentence

WIDE = "Volunteers carry sandbags along the river wall near the old customs house in the lower town"
WRAPPED = (
    "The council has paid for new benches along the water, so that visitors can sit\n"
    "there again after years of neglect and look at the ships that come and go all\n"
    "day long.\n"
)
BEHIND = ["", " 👍", "👨‍👩‍👧", "[1]", " [12]", "™", "®", "\u200b", "\ufffd", ")", "”", "\u0003", " (dpa)", "²", "</p>"]
"""What may stand behind a full stop without changing how the line is read."""


def paragraphs(text: str) -> list[str]:
    return [text[start:end] for start, end in split_plain(text)]


def units(text: str) -> list[str]:
    """The sentences of a text as they are cut."""
    layout = read(text).layout
    forms = Forms(layout)
    found: list[str] = []
    for word in range(layout.first[-1]):
        if forms.starts_unit(word):
            found.append(text[layout.starts[word] : layout.ends[word]])
        else:
            found[-1] += " " + text[layout.starts[word] : layout.ends[word]]
    return found


WORDS = ["Gone", "the", "river", "of", "5", "Council", "voted", "again"]
lines = st.lists(
    st.builds(
        lambda words, stop: " ".join(words) + stop,
        st.lists(st.sampled_from(WORDS), min_size=8, max_size=18),
        st.sampled_from([".", "!", "?"]),
    ),
    min_size=2,
    max_size=6,
)


@given(lines)
@examples(150)
def test_sentences_on_lines_of_their_own_stay_apart(found: list[str]) -> None:
    assert paragraphs("\n".join(found)) == found


@pytest.mark.parametrize("sign", BEHIND)
@given(found=lines)
@examples(40)
def test_what_stands_behind_a_full_stop_makes_no_wrap_of_a_line_break(sign: str, found: list[str]) -> None:
    assert paragraphs("\n".join(line + sign for line in found)) == [line + sign for line in found]


@pytest.mark.parametrize("sign", list("։؟۔।॥።၊။។៕᠃᠉꘎꛳。！？｡"))
def test_a_full_stop_of_any_script_ends_a_line(sign: str) -> None:
    assert ends_sentence(f"word{sign}")


def test_the_terminals_are_signs_of_sentences_as_unicode_names_them() -> None:
    found = re.compile(f"[{TERMINALS}]")
    assert all(found.match(c) for c in ".!?։؟۔।።၊။᠃。？")
    assert not [c for c in map(chr, range(0x110000)) if found.match(c) and unicodedata.category(c)[0] in "LNZ"]
    assert re.match(f"[{STOPS}]", "…")


@pytest.mark.parametrize("line", ["word", "word,", "word (", "word %", "5 €", "word [12"])
def test_what_ends_no_sentence(line: str) -> None:
    assert not ends_sentence(line)


@pytest.mark.parametrize("below", ["More pictures of the night", "Read also", "„Quoted“ words", "5 more"])
def test_a_caption_is_no_part_of_the_line_below(below: str) -> None:
    assert paragraphs(f"{WIDE}\n{below}") == [WIDE, below]
    assert paragraphs(f"{WIDE}\n{below}\n\nA body of its own.") == [WIDE, below, "A body of its own."]


def test_a_wrap_before_a_capital_is_one_beside_a_sure_wrap_or_at_its_width() -> None:
    two = "The bridge was closed on Monday after a lorry had hit the pillar that carries\nHarbour Street."
    assert len(paragraphs(two)) == 2, "nothing shows it"
    assert len(paragraphs(f"{two}\n\n{WRAPPED}")) == 2, "other lines are wrapped at that width"
    beside = "The bridge was closed on Monday after a lorry had hit the pillar that carries\nHarbour Street, the road that leads to the old customs house and on to the lower\ntown."  # noqa: E501
    assert len(paragraphs(beside)) == 1


def test_a_short_last_line_ends_a_wrapped_paragraph() -> None:
    assert len(paragraphs(WRAPPED + WRAPPED)) == 2


@pytest.mark.parametrize("width", [5, 20, 38, 60, 140])
@pytest.mark.parametrize("hyphen", ["-", "\u2010", "\u00ad"])
def test_a_hyphen_wraps_a_word_at_any_width(width: int, hyphen: str) -> None:
    line = ("so " * 60)[:width].rstrip() + " repre"
    assert len(paragraphs(f"{line}{hyphen}\nsentatives of all " + "parties " * 30)) == 1
    assert len(paragraphs(f"{line}{hyphen}\nSentatives")) == 2, "a capital begins another line"


@pytest.mark.parametrize("end", ["", " 2566", " (กรม)", " COVID-19", "๕", "!"])
def test_a_line_in_a_script_without_spaces_wraps_nowhere_whatever_it_ends_in(end: str) -> None:
    line = "หน่วยงานตัวอย่างเชิญประชาชนร่วมกิจกรรมปลูกต้นไม้ริมแม่น้ำของเมือง" + end
    assert paragraphs(f"{line}\n1 มกราคม") == [line, "1 มกราคม"]


def test_equal_lines_are_never_one_paragraph() -> None:
    assert paragraphs(f"{WIDE}\n{WIDE}\n{WIDE}") == [WIDE] * 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("They paid a price of 43. The town was glad of the sum.", 2),
        ("Section 3. The court shall hear the case of the town.", 1),
        ("It happened in the year 43. Smith was there and saw all.", 1),
        ("The town let it be so. The sum was paid, so the town slept.", 2),
        ("We went to Rome. The town was glad, and Rome was the goal.", 2),
        ("Roe v. The Board of the town was a case of the year.", 1),
        ("The firm sold its U.S. The town bought the rest of it.", 1),
        ("He asked Dr. The answer of the town was no answer.", 1),
        ("As J. K. The wrote, the town was not a town at all.", 1),
        ("Nach Art. 5 Abs. 2 gilt das nicht, und das ist gut.", 1),
        ("Am 3. Mai war das Amt zu, und im Mai war es warm.", 1),
        ("all is small in this town. the next day all was small.", 2),
        ("all is small in this town etc. and so on all the day.", 1),
        ("ქალაქის საბჭომ გადაწყვიტა. მერმა თქვა ეს ყველას.", 2),
        ("Որոշեց փակել հին լողավազանը։ Քաղաքապետն ասաց ամեն ինչ։", 2),
        ("ምክር ቤት ገንዳ እንዲዘጋ ወሰነ። ከንቲባው ይህን ሁሉ ተናገረ።", 2),
        ("All was over.™ The next day began for all of the town.", 2),
        ("It was Acme Inc., The Town said, that built it all.", 1),
    ],
)
def test_where_a_sentence_begins_inside_a_line(text: str, found: int) -> None:
    """Behind figures and short words only where the article shows it: a cut behind an abbreviation would be worse."""
    assert len(units(text)) == found, units(text)
