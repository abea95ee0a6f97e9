"""Nothing that a text says ends a run: every text is cleaned, to the end, and what is left is the rest of it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Seen, clean, compare, find
from cleaner.errors import InternalError
from cleaner.formats.tally import Tally
from cleaner.library import TextFormat
from cleaner.phases import article
from cleaner.phases.kept import Kept
from cleaner.report.phrases import capped
from cleaner.settings import MOST_PASSES, Settings
from cleaner.types import Counts, Outcome

SHARED = Path(os.environ.get("CLEANER_SHARED", Path(__file__).resolve().parent.parent.parent / "shared"))
BODY = "the bridge over the river is closed for twelve weeks while engineers look at every cable of it"

every_setting = st.builds(
    Settings,
    level=st.sampled_from(["exact", "copy", "similar"]),
    similarity=st.sampled_from([0.5, 0.9, 1.0]),
    min_words=st.sampled_from([3, 5, 12]),
    min_passage=st.sampled_from([6, 25]),
    max_gap=st.sampled_from([0, 3, 50]),
    keep=st.sampled_from(["first", "last"]),
)
WORDS = """so la Ti 12 1 漢 ไ A&B. ½ x It the &nbsp; &ensp; &mdash; a* *b* _c_ `d` [1] १२ चर्चा wihtout without well-
é ( ) “ ” … http://a.b/c [l](u) § 7 III <b> </b> Q: a) - — ## y! z? w: v, Art. ５ ﬁ ß SS <p> </p> <li> <br> <h2> </h2>
<div> </div> <!-- -- > <script> </script> <td> | > === ---"""
words = st.sampled_from([*WORDS.split(), "\u200b", "\u202e", "\u00ad", "\ud800", "\x00", "\u0345"])
gaps = st.sampled_from(
    [" "] * 8 + ["\n", "\n\n", ". ", ".\n", "\r\n", "\r", "\t", "\u2028", "\x85", "\x0b", "。", "-\n", ""]
)
phrases = st.lists(st.tuples(words, gaps), min_size=1, max_size=24).map(lambda some: "".join(w + g for w, g in some))
repeating = st.lists(phrases, min_size=1, max_size=3).flatmap(
    lambda some: st.lists(st.tuples(st.sampled_from(some), gaps), min_size=2, max_size=8)
)


def cleaned(text: str, settings: Settings, text_format: TextFormat) -> Outcome:
    """The outcome, checked: its text is the text without what is removed."""
    outcome = clean(text, settings, text_format=text_format)
    left, at = [], 0
    for each in outcome.removed:
        assert at <= each.start < each.end <= len(text)
        left.append(text[at : each.start])
        at = each.end
    assert "".join([*left, text[at:]]) == outcome.text
    assert not outcome.counts.unfinished
    return outcome


@examples(400)
@given(repeating, every_setting, st.sampled_from(["plain", "markdown", "html"]))
def test_every_text_is_cleaned(said: list[tuple[str, str]], settings: Settings, text_format: TextFormat) -> None:
    text = "".join(phrase + gap for phrase, gap in said)
    cleaned(text, settings, text_format)
    clean([phrase for phrase, _ in said], settings)


@examples(60)
@given(repeating, every_setting)
def test_every_text_is_compared_and_remembered(said: list[tuple[str, str]], settings: Settings) -> None:
    texts = [phrase for phrase, _ in said]
    find(texts, settings)
    compare(texts[0], texts[-1], settings)
    seen = Seen(settings=settings)
    for text in [*texts, "\n\n".join(texts)]:
        seen.clean(text)


def test_a_line_of_signs_that_is_a_witness_may_become_the_end_of_a_wrapped_paragraph() -> None:
    path = SHARED / "eval" / "cases" / "crash" / "crash.jsonl"
    if not path.exists():
        pytest.skip("no shared cases: give their folder as CLEANER_SHARED")
    text = json.loads(path.read_text(encoding="utf-8").splitlines()[0])["text"]
    settings = Settings(min_words=3)
    outcome = cleaned(text, settings, "plain")
    assert outcome.removed
    assert cleaned(outcome.text, settings, "plain").removed == ()
    gone = [(each.start, each.end) for each in outcome.removed]
    for each in outcome.removed:  # a witness stands in what is left
        assert not any(a < each.witness.end and each.witness.start < b for a, b in gone)


def test_a_comment_that_is_never_closed_goes_with_its_paragraph() -> None:
    said = "The mayor opened the new library on Friday <!-- c --{}>and the band played until midnight."
    page = f"<p>{said.format('')}</p>\n<p>{said.format(' ')}</p>\n"
    cleaned(page, Settings(), "html")
    broken = page.replace("-- >", "->")
    assert cleaned(broken, Settings(min_words=3, min_passage=6), "html").text in (broken, broken[: broken.rfind("<p>")])


@pytest.mark.parametrize("code", [0xD800, 0xDBFF, 0xDC00, 0xDFFF])
@pytest.mark.parametrize("text_format", ["plain", "markdown", "html"])
def test_half_a_pair_of_surrogates_is_a_character_like_others(code: int, text_format: TextFormat) -> None:
    """JSON may hold one; what it parts, and where paragraphs lie behind it, is as with any other sign."""
    half = chr(code)
    said = f"The bridge over the river will be closed {half} for twelve weeks while engineers check it."
    parts = ["# é {0} Title", said, "{0}", "Another thing {0} was said.", said, "Another line {0}"]
    if text_format == "html":
        parts = [f"<p>{part}</p>" for part in parts]
    text = "\n\n".join(parts).format(half)
    outcome = cleaned(text, Settings(), text_format)
    assert [text[each.start : each.end].strip() for each in outcome.removed] == [parts[4]]
    other = cleaned(text.replace(half, "¤"), Settings(), text_format)
    assert [(each.start, each.end) for each in other.removed] == [(each.start, each.end) for each in outcome.removed]


def test_a_witness_of_which_nothing_is_left_is_a_fault_that_a_caller_can_tell() -> None:
    with pytest.raises(InternalError, match="has gone"):
        Kept("one two three").without([(0, 8)]).here([(4, 7)])


# --- the fixpoint -----------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [3, 50, 200, 2000])
@pytest.mark.parametrize("line", [f"{BODY}\n", f"{BODY}\n\n", f"- {BODY}\n", f"{BODY},\n"])
@pytest.mark.parametrize("keep", ["first", "last"])
def test_of_a_line_that_is_said_many_times_at_once_one_is_left(line: str, times: int, keep: Any) -> None:
    """Whatever begins small and ends without a sign goes only beside its witness; all of a run stand beside it."""
    outcome = cleaned(line * times, Settings(keep=keep), "plain")
    assert outcome.text.count(BODY) == 1
    assert cleaned(outcome.text, Settings(keep=keep), "plain").removed == ()


def test_a_run_of_equal_lines_takes_two_passes_however_long_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    passes = []
    one_pass = article.one_pass
    monkeypatch.setattr(article, "one_pass", lambda *given: passes.append(1) or one_pass(*given))
    clean(f"{BODY}\n" * 500)
    assert len(passes) == 2


def test_lines_that_only_stand_near_are_no_run() -> None:
    """A part of a sentence stays between others, however often it is said."""
    text = "".join(f"{BODY}\nnumber {number}\n" for number in range(6))
    assert cleaned(text, Settings(), "plain").removed == ()


@pytest.mark.parametrize("as_list", [False, True])
def test_where_the_passes_are_not_enough_that_is_counted_and_said(
    monkeypatch: pytest.MonkeyPatch, as_list: bool
) -> None:
    monkeypatch.setattr(article, "MOST_PASSES", 0)
    outcome = clean([BODY, BODY] if as_list else f"{BODY}\n{BODY}\n")
    assert (outcome.removed, outcome.variants, outcome.counts.unfinished) == ((), (), 1)
    monkeypatch.setattr(article, "MOST_PASSES", 1)
    outcome = clean(f"{BODY}\n{BODY}\n")
    assert (len(outcome.removed), outcome.counts.unfinished) == (1, 0)
    tally = Tally()
    tally.count_found(Outcome("", outcome.removed, (), Counts(unfinished=1)))
    assert tally.unfinished == 1
    (line,) = capped({"capped": 0, "unfinished": tally.unfinished, "corpus": {}})
    assert line == f"1 article with repeats left after {MOST_PASSES} passes: clean the output again to remove more"


@pytest.mark.parametrize("tail", ["", " Another sentence stands behind it."])
def test_a_copy_beside_its_witness_goes_also_where_that_says_more_in_its_paragraph(tail: str) -> None:
    """In a structured text, where nothing else of its length goes."""
    said = "The bridge over the river is closed for twelve weeks while engineers look at every cable of it."
    text = f"# One\n\nA line.\n\n# Two\n\n{said}\n\n{said}{tail}\n\n# Three\n\nAnother line.\n"
    assert [text[r.start : r.end].strip() for r in clean(text).removed] == [said]
