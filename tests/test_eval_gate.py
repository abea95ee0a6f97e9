"""Quality is held as correctness is: planted repeats go, differing facts stay. ``make eval`` measures more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from cleaner.plan import clean_texts
from cleaner.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared"))
DATA, EVAL = SHARED / "data", SHARED / "eval"

# Share of the planted repeats that must go. LOWERING A FLOOR IS A VISIBLE ACT: it says that more of what
# an article says twice is left in, so it needs a commit of its own that says why.
PER_CATEGORY = 200
FLOORS = {
    "twice_body": 0.995,
    "twice_whole": 0.995,
    "block": 0.995,
    "block_gap": 0.995,
    "block_typographic": 0.995,
    "single": 0.995,
    "typo": 0.97,  # pairs that are both words stay
    # 2 of 200 at this seed: a paragraph of nine words beside its figures, and one in Arabic that ends without a sign.
    "extended": 0.985,
    "flat": 0.995,
    "rewrap": 0.995,
}
LOST = GONE = ABSENT = 0  # information destroyed, in every category
TWICE_IN_ITSELF = {"block_typographic": 1}
"""By category, planted paragraphs that say a sentence twice in a row themselves: once of it goes, and the scorer, which
looks for the paragraph to the letter, counts it as lost. At this seed one Chinese paragraph does (no. 140)."""
MUST_STAY = [
    "untouched",
    "hard_number",
    "hard_negation",
    "hard_name",
    "hard_swap",
    "hard_word",
    "hard_affix",
    "hard_sign",
    "parallel",
    "short_lines",
]


Make = Callable[[Path], None]


def needs(*paths: Path) -> None:
    pytest.importorskip("zstandard")
    for path in paths:
        if not path.exists():
            pytest.skip(f"no {path.name}: give the folder with data and eval as CLEANER_SHARED")


def run(*command: str, cwd: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, cwd=cwd, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def scored(planted_cases: Path, once: Callable[[str, Make], Path]) -> dict[str, dict[str, int]]:
    """Counts by category, of cases that were planted, cleaned by the command, and scored."""
    score = EVAL / "score.py"
    needs(score)

    def make(folder: Path) -> None:
        run("-m", "cleaner", "clean", str(planted_cases / "cases.jsonl"), "-o", "out", "--quiet", cwd=folder)
        truth = str(planted_cases / "truth.jsonl")
        (folder / "scored.json").write_text(run("-B", str(score), truth, "out/cases.jsonl", "--json", cwd=folder))

    found: dict[str, dict[str, int]] = json.loads((once("scored", make) / "scored.json").read_text())
    return found


def test_every_category_is_planted_and_pinned(scored: dict[str, dict[str, int]]) -> None:
    assert scored.keys() - {"ALL"} == {*FLOORS, *MUST_STAY}
    assert {row["cases"] for name, row in scored.items() if name != "ALL"} == {PER_CATEGORY}
    assert all(scored[name]["units"] >= PER_CATEGORY for name in FLOORS)
    assert all(scored[name]["keeps"] >= PER_CATEGORY for name in MUST_STAY)


@pytest.mark.parametrize("category", FLOORS)
def test_planted_repeats_go(scored: dict[str, dict[str, int]], category: str) -> None:
    row = scored[category]
    assert row.get("removed", 0) >= FLOORS[category] * row["units"], row


@pytest.mark.parametrize("category", [*FLOORS, *MUST_STAY])
def test_no_information_is_destroyed(scored: dict[str, dict[str, int]], category: str) -> None:
    row = scored[category]
    lost = row.get("lost", 0) - TWICE_IN_ITSELF.get(category, 0)
    assert (lost, row.get("gone", 0), row.get("absent", 0)) == (LOST, GONE, ABSENT), row


def pairs_of(name: str) -> Iterator[dict[str, Any]]:
    path = DATA / f"{name}.jsonl.zst"
    needs(path)
    import zstandard

    with zstandard.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def removed(pairs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The pairs of which something goes when they are an article of two paragraphs."""
    outcomes = clean_texts([f"{pair['a']}\n\n{pair['b']}" for pair in pairs], Settings())
    return [pair for pair, outcome in zip(pairs, outcomes, strict=True) if outcome.removed]


def letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def test_the_same_words_with_another_meaning_stay() -> None:
    """Every fifth pair; copies are only those whose letters and digits are equal."""
    pairs = [pair for pair in islice(pairs_of("pawsx"), 0, None, 5) if pair["label"] == 0]
    assert len(pairs) > 1500
    assert [pair for pair in removed(pairs) if letters(pair["a"]) != letters(pair["b"])] == []


@pytest.mark.parametrize(("name", "number"), [("revisions_peps", 11), ("revisions_gesetze", 27)])
def test_a_passage_with_other_numbers_stays(name: str, number: int) -> None:
    pairs = [pair for pair in pairs_of(name) if pair["kind"] == "numbers-only"]
    assert len(pairs) == number
    assert removed(pairs) == []


def test_a_pair_that_is_removed_is_seen() -> None:
    """What the tests above call removed is not always empty."""
    text = "The bridge over the river will be closed for twelve weeks while engineers check every cable of it."
    assert removed([{"a": text, "b": text}]) == [{"a": text, "b": text}]
