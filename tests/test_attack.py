"""A small part of the attack suite (``make attack`` for the whole): few inputs, but failures shrink."""

from __future__ import annotations

from pathlib import Path

import pytest
from attack.checks import Failure, seen_alone
from attack.corpus import corpus
from attack.formats import FORMATS, Name
from attack.generator import Made
from attack.limits import Case, limit_of
from attack.oracle import figures, says_all_of, shown, words
from attack.sentences import SENTENCES
from attack.shrink import shrunk
from attack.unit import SETTINGS, Broken, Road, Unit, made
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st
from strategies import Choosing

from cleaner.settings import Settings

few = examples(40, derandomize=True)


def failures(broken: list[Broken], text_format: str) -> list[Broken]:
    """What is broken and no known limit."""
    return [b for b in broken if limit_of(Case(b.text, text_format, b.settings, b.failure)) is None]


@pytest.mark.parametrize("name", ["plain", "markdown", "html"])
@few
@given(data=st.data())
def test_no_article_breaks_a_promise(name: Name, data: st.DataObject) -> None:
    form, rng = FORMATS[name], Choosing(data)
    text, chosen = form.make(rng, Made()), rng.choice(SETTINGS)
    seen = seen_alone(text, form.text_format, Settings.of(chosen))
    broken = [Broken("", text, chosen, failure) for failure in seen.failures]
    assert failures(broken, form.text_format) == []


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_no_run_breaks_a_promise(name: Name, tmp_path: Path) -> None:
    pytest.importorskip("numba", reason="scope corpus and the kernels need article-cleaner[dumps]")
    roads: list[Road] = ["python", "kernels"] if FORMATS[name].text_format == "plain" else ["python"]
    for road in roads:
        unit = Unit(name, road, 0, 0, 20, tmp_path / "unit", deep=road == "python")
        result = unit.go()
        if name == "jsonl":
            result.broken += corpus(unit, tmp_path / "corpus")
        assert failures(result.broken, FORMATS[name].text_format) == []
        assert result.changed * 3 > result.inputs, "too little is removed to prove anything"


def test_the_same_seed_makes_the_same_article() -> None:
    for name, form in FORMATS.items():
        assert made(form, f"1:{name}:7") == made(form, f"1:{name}:7")
        assert made(form, f"1:{name}:7").text != made(form, f"1:{name}:8").text


# --- the suite itself: what it must see ---------------------------------------------------------


@pytest.mark.parametrize(
    ("witness", "removed"),
    [
        ("It fell to 5 degrees.", "It fell to -5 degrees."),
        ("It will pay.", "It will not pay."),
        ("They sent 👍 at once.", "They sent 👍🏽 at once."),
        ("They saw \U0001f468\U0001f469 there.", "They saw \U0001f468\u200d\U0001f469 there."),
        ("It was 25 to one.", "It was 2\u202e5 to one."),
        ("It is 10² of it.", "It is 102 of it."),
        ("It is a*b of it.", "It is ab of it."),
        ("Anna beat Bo.", "Bo beat Anna."),
    ],
)
def test_the_oracle_sees_a_fact(witness: str, removed: str) -> None:
    assert not says_all_of(witness, removed)


@pytest.mark.parametrize(
    ("witness", "removed"),
    [
        ("It is **not** so &amp; never was.", "It is not so & never was"),
        ("They spoke of the well-\nknown law.", "They spoke of the well-known law."),
        ("Ｆｕｌｌ ｗｉｄｔｈ １２", "full width 12"),
        ("na\u00efve", "nai\u0308ve"),
        ("one sentence more. It is so.", "It is so."),
    ],
)
def test_the_oracle_lets_pass_how_a_thing_is_written(witness: str, removed: str) -> None:
    assert says_all_of(witness, removed)


def test_the_oracle_reads_a_page_as_it_is_shown() -> None:
    assert words(shown("<p>so<b>me</b> text<br>here &amp;amp; there</p>")) == ["some", "text", "here", "amp", "there"]
    assert figures(shown("&lt;5")) == ["<", "5"]


def test_a_text_shrinks_to_what_fails() -> None:
    text = "\n".join(SENTENCES["latin"])
    assert shrunk(text, lambda t: "Basel" in t and "tide" in t) == "Baseltide"


def test_a_limit_explains_only_its_own_promise_and_only_where_its_cause_is_there() -> None:
    first, second = ("Nobody was asked about it, and all of the town read of the plan in the paper. ", "It rose by 5.")
    text = f"{first}{second}\n{first}{second}"
    for promise in ("bytes", "twice", "order", "witness", "raises"):
        assert limit_of(Case(text, "plain", {}, Failure(promise, "another"))) in (None, "richer by a repeat")
        if promise != "order":
            assert limit_of(Case(text, "plain", {}, Failure(promise, "another"))) is None
