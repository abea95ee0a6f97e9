#!/usr/bin/env python3
"""What --scope corpus finds: copies and near copies planted across the articles of a dump.

    python benchmarks/planted.py [--seeds 1 2] [--levels copy similar] [--share 0.05]

eval/plant_dump.py puts paragraphs of some articles of the dump into others, as they are or changed, and scores what
is left of each pair: one version, both, or none. Its table is stored as it is. It looks into the two articles only;
of the dump's own repeats it knows nothing. So each pair is judged once more, with all cleaned articles in view:

    lost     no version stands in any article
    gone     copies: one of the two articles has no version any more; variants: one version stands in no article
    stay     all others

What is planted stands alone in its article, where the default reports it; so all equal paragraphs are asked for
(--lone remove): the floors are about what is found.

At level similar only pairs count whose words are as similar as --similarity asks (.9: 1 - edit distance over words /
length of the longer one, by rapidfuzz). What comes out otherwise is listed to read.

The data is in the folder $CLEANER_SHARED, or in ``shared`` beside the repository. Writes
benchmarks/results/planted.json, except with seeds or levels of its own. Ends with 1 where a figure falls short.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import shards
from contenders import CORES, NOT_YET, has_corpus
from end_to_end import command_line, keep_bytecode
from processes import CommandFailed, Conditions, close, run, say

SCRIPT = shards.SHARED / "eval" / "plant_dump.py"
SEEDS, LEVELS, SHARE = (1, 2), ("copy", "similar"), 0.05
SIMILAR = 0.9
COPIES, VARIANTS = ("exact", "typographic", "typo"), ("edit1", "edit2", "edit3", "number")
FLOORS = {
    "copy": {"exact": 0.995, "typographic": 0.995, "typo": 0.97} | dict.fromkeys(VARIANTS, 1.0),
    "similar": dict.fromkeys(VARIANTS, 0.99),
}
"""Share of the pairs of all seeds that must fare as wanted: copies go; variants stay at level copy, go at similar."""
FATES = ("gone", "stay", "lost")
FIELDS = ("kind", "into", "from", "text", "copy")  # of the truth
LISTED, SHOWN = 20, 300  # pairs of a kind that are listed, and characters of each


class Pair(NamedTuple):
    """One planted paragraph; articles by their ids.

    near  whether the words are as similar as level similar asks
    """

    kind: str
    into: str
    source: str
    text: str
    copy: str
    near: bool


def key(text: str) -> str:
    """Letters and digits: what plant_dump.py compares."""
    return "".join(filter(str.isalnum, text.casefold()))


def loose(text: str) -> str:
    """The same, with the inner letters of words of eight and more in alphabetical order: a plain typo is none."""
    words = map(key, text.split())
    return "".join(word[0] + "".join(sorted(word[1:-1])) + word[-1] if len(word) >= 8 else word for word in words)


def similarity(one: str, other: str) -> float:
    from rapidfuzz.distance import Levenshtein

    return float(Levenshtein.normalized_similarity(one.split(), other.split()))


def planted(folder: Path, seed: int, share: float) -> tuple[Path, Path]:
    """The dump with planted paragraphs, and the truth about them."""
    out, truth = folder / f"planted-{seed}.jsonl", folder / f"truth-{seed}.jsonl"
    script("plant", shards.DUMP, out, truth, "--seed", seed, "--share", share)
    return out, truth


def script(*arguments: object) -> str:
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True).stdout


def cleaned(file: Path, out: Path, scope: str, level: str) -> Path:
    flags = ["--scope", scope, "--level", level, "--lone", "remove", "--workers", str(CORES)]
    run([*command_line(), "clean", str(file), "-o", str(out), *flags])
    return out / file.name


def scored(truth: Path, file: Path) -> dict[str, dict[str, int]]:
    """The table of plant_dump.py: for each kind pairs, one, both, none."""
    head, *rows = (line.split() for line in script("score", truth, file).splitlines())
    return {kind: dict(zip(head[1:], map(int, counts), strict=True)) for kind, *counts in rows}


def rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def pairs_in(truth: Path) -> list[Pair]:
    return [
        Pair(*map(row.__getitem__, FIELDS), near=similarity(row["text"], row["copy"]) >= SIMILAR) for row in rows(truth)
    ]


class Articles:
    """The cleaned articles: those with planted paragraphs by id, and all in one string, by their letters and digits.

    A paragraph may have gone because a third article has a copy with a typo, so that it is looked for by ``loose``
    too where it stands nowhere.
    """

    def __init__(self, file: Path, wanted: set[str]) -> None:
        self.file = file
        keys = {row["id"]: key(row["text"]) for row in rows(file)}
        self.by_id = {name: keys.get(name, "") for name in wanted}
        self.all = "\0".join(keys.values())
        reported = rows(file.parent / "_cleaner" / "variants.jsonl")
        self.rules = {(row["id"], key(row["text"])): row["rule"] for row in reported if row["id"] in wanted}

    @cached_property
    def all_loosely(self) -> str:
        return "\0".join(loose(row["text"]) for row in rows(self.file))

    def has(self, name: str, text: str) -> bool:
        """Whether a text stands somewhere; ``name`` is where it stood."""
        wanted = key(text)
        return wanted in self.by_id[name] or wanted in self.all or loose(text) in self.all_loosely

    def holds(self, name: str, pair: Pair) -> bool:
        """Whether an article has a version of the pair."""
        return any(key(text) in self.by_id[name] for text in (pair.text, pair.copy))

    def fate(self, pair: Pair) -> str:
        if self.holds(pair.into, pair) and self.holds(pair.source, pair) and pair.kind in COPIES:
            return "stay"
        text, copy = self.has(pair.source, pair.text), self.has(pair.into, pair.copy)
        if not text and not copy:
            return "lost"
        return "stay" if text and copy and pair.kind in VARIANTS else "gone"

    def why(self, pair: Pair) -> str:
        """The rule by which cleaner says that it stays, if it does."""
        found = (self.rules.get((pair.into, key(pair.copy))), self.rules.get((pair.source, key(pair.text))))
        return next(filter(None, found), "")


def judged(pairs: list[Pair], articles: Articles) -> dict[str, Any]:
    """Fates by kind, of all pairs and of the near ones; and some of those that did not fare as at level copy."""
    fates = [(pair, articles.fate(pair)) for pair in pairs]
    return {
        kind: {
            "all": counts(fate for pair, fate in fates if pair.kind == kind),
            "near": counts(fate for pair, fate in fates if pair.kind == kind and pair.near),
        }
        for kind in COPIES + VARIANTS
    } | {"listed": listed(fates, articles)}


def counts(fates: Iterable[str]) -> dict[str, int]:
    found = Counter(fates)
    return {"pairs": found.total()} | {fate: found[fate] for fate in FATES}


def listed(fates: list[tuple[Pair, str]], articles: Articles) -> list[dict[str, str]]:
    """Copies that stay, variants that go, and all that is lost: some of each kind, with the rule that is given."""
    found, seen = [], Counter[tuple[str, str]]()
    for pair, fate in fates:
        seen[pair.kind, fate] += 1
        if fate != ("stay" if pair.kind in VARIANTS else "gone") and seen[pair.kind, fate] <= LISTED:
            who = {"kind": pair.kind, "fate": fate, "rule": articles.why(pair), "into": pair.into, "from": pair.source}
            found.append(who | {"text": pair.text[:SHOWN], "copy": pair.copy[:SHOWN]})
    return found


def total(seeds: dict[str, Any]) -> dict[str, Any]:
    """The counts of all seeds of a level together, in the shape of ``judged``."""
    return {
        kind: {
            part: {name: sum(each["judged"][kind][part][name] for each in seeds.values()) for name in ("pairs", *FATES)}
            for part in ("all", "near")
        }
        for kind in COPIES + VARIANTS
    }


def short_of_floor(level: str, found: dict[str, Any]) -> Iterator[str]:
    for kind, parts in found.items():
        if lost := parts["all"]["lost"]:
            yield f"level {level}: {lost} of {kind} lost"
    for kind, floor in FLOORS[level].items():
        part = found[kind]["near" if level == "similar" else "all"]
        wanted = part["stay" if level == "copy" and kind in VARIANTS else "gone"]
        if wanted < floor * part["pairs"]:
            yield f"level {level}: {kind} {wanted} of {part['pairs']} as wanted, at least {100 * floor:g} %"


def measured(folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {level: {} for level in arguments.levels}
    short: list[str] = []
    for seed in arguments.seeds:
        file, truth = planted(folder, seed, arguments.share)
        pairs = pairs_in(truth)
        wanted = {name for pair in pairs for name in (pair.into, pair.source)}
        for level in arguments.levels:
            say(f"seed {seed}, level {level}")
            try:
                result = cleaned(file, folder / f"out-{seed}-{level}", arguments.scope, level)
            except CommandFailed as failed:
                short.append(f"level {level}, seed {seed}: cleaner failed: {failed}")
                continue
            fates = judged(pairs, Articles(result, wanted))
            found[level][str(seed)] = {"by the script": scored(truth, result), "judged": fates}
    totals = {level: total(seeds) for level, seeds in found.items() if seeds}
    short += [line for level, parts in totals.items() for line in short_of_floor(level, parts)]
    return {"all seeds": totals, "levels": found, "short of target": short}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--levels", nargs="+", choices=LEVELS, default=list(LEVELS))
    parser.add_argument("--share", type=float, default=SHARE, help="of the articles that get a paragraph")
    parser.add_argument("--scope", default="corpus", help="article: nothing is found, a try of the scoring")
    arguments = parser.parse_args()
    if not shards.DUMP.exists():
        print(f"planted {shards.MISSING}")
        return 0
    before = Conditions()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keep_bytecode(str(folder / "bytecode"))
        if arguments.scope == "corpus" and not has_corpus(folder):
            print(f"planted: {NOT_YET}")
            return 0
        result = measured(folder, arguments)
    result = {"share": arguments.share, "similar from": SIMILAR, "floors": FLOORS} | result | before.now()
    usual = (tuple(arguments.seeds), tuple(arguments.levels), arguments.share, arguments.scope)
    return close("planted", result, before, trial=usual != (SEEDS, LEVELS, SHARE, "corpus"))


if __name__ == "__main__":
    sys.exit(main())
