"""Articles in which a first run kept what a second run took: each must come out as it stays."""

from __future__ import annotations

import pytest

from cleaner.plan import by_kernels, clean_texts
from cleaner.settings import Settings

SAID = {
    "A": "The harbour board met on Tuesday and agreed to lend the old ferry to the museum for the summer.",
    "B": "Nobody from the union was asked about it, and the captain read of the plan in the paper next day.",
    "C": "A second vote in March will settle who pays for the repairs of the engine and of the leaking hull.",
}


def article(letters: str) -> str:
    """Lines of sentences: ``AB|A`` is a line of two sentences and one with the first of them."""
    return "\n".join(" ".join(SAID[letter] for letter in line) for line in letters.split("|"))


@pytest.mark.parametrize(("letters", "left"), [("AAB|AAB", "AB"), ("AAB|C|AAB", "AB|C"), ("BAA|BAA", "BA")])
def test_of_lines_that_say_a_sentence_twice_at_once_one_is_left_that_says_it_once(letters: str, left: str) -> None:
    """The line would have to stay as it is, as the witness of the other one."""
    settings = Settings()
    outcomes = [clean_texts([article(letters)], settings, "plain")[0], by_kernels([article(letters)], settings)[0]]
    assert [outcome.text for outcome in outcomes] == [article(left)] * 2
    assert not clean_texts([article(left)], settings, "plain")[0].removed


def test_a_line_of_signs_asks_nothing() -> None:
    """What stands under no question goes rather than what does; ``?`` alone asks nothing, and the first stays."""
    outcome = clean_texts([f"{SAID['A']}\n\n?\n\n{SAID['A']}"], Settings(), "plain")[0]
    assert outcome.text.startswith(SAID["A"])
