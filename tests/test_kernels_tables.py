"""The tables give what the regular expressions and the fold of text/ give, for every code point."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from counted import calls

from cleaner.kernels import tables as t
from cleaner.text.chars import HYPHENS
from cleaner.text.fold import fold
from cleaner.text.words import finder, quarters

ASSIGNED = [chr(code) for code in range(t.CODE_POINTS) if unicodedata.category(chr(code)) != "Cn"]


@pytest.fixture(scope="module")
def tables() -> t.Tables:
    return t.tables()


def folded_by_table(tables: t.Tables, char: str) -> str:
    value = int(tables.fold[ord(char)])
    if value == t.NOTHING:
        return ""
    if value >= 0:
        return chr(value)
    expansion = t.FIRST_EXPANSION - value
    return "".join(map(chr, tables.expand[tables.expand_from[expansion] : tables.expand_from[expansion + 1]]))


def test_the_table_folds_every_assigned_character_as_text_fold_does(tables: t.Tables) -> None:
    wrong = [char for char in ASSIGNED if folded_by_table(tables, char) != fold(char)]
    assert wrong == []


def words_in(text: str) -> list[str]:
    return [match[0] for match in finder(text)(text, 0, len(text))]


def expected_words(kind: int, char: str) -> tuple[list[str], list[str], list[str]]:
    """The words of ``char`` alone, behind a letter, and behind a digit and a hyphen as ``1-xb``."""
    if kind in (t.LETTER, t.DIGIT):
        return [char], [f"a{char}"], ["1", f"{char}b"]
    if kind in (t.HAN, t.SOUTHEAST_ASIAN):
        return [char], ["a", char], ["1", char, "b"]
    if kind == t.ACCENT:
        return [], [f"a{char}"], ["1", "b"]
    if kind == t.SOUTHEAST_MARK:
        return [char], [f"a{char}"], ["1", char, "b"]
    if kind in (t.SOUTHEAST_ACCENT, t.HAN_ACCENT):
        return [char], [f"a{char}"], ["1", char, "b"]
    return [], ["a"], ["1", "b"]


def test_the_kind_of_every_assigned_character_says_which_words_are_found(tables: t.Tables) -> None:
    wrong = []
    for char in ASSIGNED:
        found = words_in(char), words_in(f"a{char}"), words_in(f"1-{char}b")
        if found != expected_words(int(tables.kind[ord(char)]), char):
            wrong.append(char)
    assert wrong == []


def test_only_letters_join_over_a_hyphen_and_only_hyphens_join(tables: t.Tables) -> None:
    joining = (t.LETTER, t.SOUTHEAST_MARK)
    wrong = [
        char for char in ASSIGNED if (words_in(f"a-{char}")[:1] == [f"a-{char}"]) != (tables.kind[ord(char)] in joining)
    ]
    assert wrong == []
    assert {chr(code) for code in np.flatnonzero(tables.kind == t.HYPHEN)} == set(HYPHENS)


def test_kinds_weigh_what_words_quarters_says(tables: t.Tables) -> None:
    weights = {t.LETTER: 4, t.DIGIT: 0, t.HAN: 2, t.HAN_ACCENT: 2}
    weights |= dict.fromkeys((t.SOUTHEAST_ASIAN, t.SOUTHEAST_MARK, t.SOUTHEAST_ACCENT), 1)
    kinds = [(char, int(tables.kind[ord(char)])) for char in ASSIGNED]
    assert [char for char, kind in kinds if kind in weights and quarters(char) != weights[kind]] == []


def test_the_lower_case_flag_is_str_islower_of_letters(tables: t.Tables) -> None:
    letters = [char for char in ASSIGNED if char.isalpha() and tables.kind[ord(char)] == t.LETTER]
    assert [char for char in letters if char.islower() != bool(tables.flags[ord(char)] & t.LOWER)] == []


def test_tables_are_built_without_a_loop_over_characters_and_once(tables: t.Tables) -> None:
    """0.01 s; by a loop over all characters half a second, and more than a million calls."""
    assert calls(t.tables.__wrapped__) < 5_000
    assert t.tables() is tables, "built once in a process"
