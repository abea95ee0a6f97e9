#!/usr/bin/env python3
"""Ten times the dump: what --scope corpus takes of time and memory, beside the dump itself. Takes many minutes.

    python benchmarks/tenfold.py [--copies 10] [--only CASE...] [--level copy similar] [--rounds 1]

    rotated   ten copies that have their repeats inside themselves only (letters rotated, see rotate.py)
    altered   only if asked for: ten copies in which 1 % of the words are others, so that everything has nine copies or
              near copies

Each case is made in a temporary folder (700 MB, and as much again for what is written) and cleaned on two cores; the
dump itself is one copy in the same run, cleaned twice more often: a short run varies more. Memory is that of all
processes together; ten rotated copies are also cleaned in half of the usual budget. Writes
benchmarks/results/tenfold.json, of --only altered near_heavy.json, except with copies or levels of its own. Ends
with 1 where a run failed or its budget did not hold.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shards
from contenders import CORES, NOT_YET, has_corpus, report_of
from end_to_end import command_line, keep_bytecode
from processes import CommandFailed, Conditions, close, middle, run, say, stay_on
from rotate import write_copies

CASES = {"rotated": None, "altered": 0.01}
LEVELS = ("copy", "similar")
COPIES, DUMP = 10, "the dump"
LESS, IN_LESS = 512, ("rotated", "copy")
"""A budget in MB for one case once more: ten copies are 3.4 times as large."""


def cases(folder: Path, copies: int, only: list[str]) -> Iterator[tuple[str, list[Path]]]:
    """The dump itself, then each case; a case's files are gone when the next is asked for."""
    yield DUMP, write_copies(shards.DUMP, folder / "dump", 1)
    for name in only or ["rotated"]:
        say(f"making {copies} copies, {name}")
        yield name, write_copies(shards.DUMP, folder / name, copies, CASES[name])
        shutil.rmtree(folder / name)


def cleaned(files: list[Path], level: str, out: Path, rounds: int, memory: int | None = None) -> dict[str, Any]:
    """Medians over the rounds; the peak is the largest. ``memory`` is the budget in MB, where another is given."""
    flags = ["--scope", "corpus", "--level", level, "--workers", str(CORES)]
    flags += ["--memory", f"{memory}MB"] if memory is not None else []
    command = [*command_line(), "clean", *map(str, files), "-o", str(out), *flags]
    found = []
    for _ in range(rounds):
        shutil.rmtree(out, ignore_errors=True)
        found.append(run(command, look=True))
    report = json.loads(report_of(out).read_text(encoding="utf-8"))
    peaks = [peak for _, peak in found if peak is not None]
    result = {
        "articles": report["articles"],
        "wall": middle(each.wall for each, _ in found),
        "processor": middle(each.user + each.system for each, _ in found),
        "memory of all processes together, MB": max(peaks) if peaks else None,
        "removed": report["removed"],
        "reported": report["variants"],
        "seconds": report["seconds"],
    }
    shutil.rmtree(out)
    return result


def measured(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Figures by level and case, and what failed; without figures of the dump itself the others are not tried."""
    levels: dict[str, dict[str, Any]] = {level: {} for level in arguments.level}
    failed = []
    for name, files in cases(folder, arguments.copies, arguments.only):
        for level, found in levels.items():
            if name != DUMP and DUMP not in found:
                continue
            try:
                if name == DUMP:
                    cleaned(files, level, folder / "out", 1)  # compiles
                found[name] = cleaned(files, level, folder / "out", arguments.rounds + 2 * (name == DUMP))
                say(f"{name}, level {level}: {found[name]['wall']:.1f} s")
                if (name, level) == IN_LESS:
                    held = found[f"{name}, in {LESS} MB"] = cleaned(files, level, folder / "out", 1, LESS)
                    failed += _over(held, f"{name} in {LESS} MB")
            except CommandFailed as error:
                failed.append(f"{name}, level {level}, failed: {error}")
    return {"levels": levels, "times the dump": times(levels), "short of target": failed}


def _over(found: dict[str, Any], name: str) -> list[str]:
    peak = found["memory of all processes together, MB"]
    return [f"{name}: {peak:,.0f} MB"] if peak is not None and peak > LESS else []


def times(found: dict[str, dict[str, Any]]) -> dict[str, dict[str, dict[str, float]]]:
    """What each case takes, as a multiple of the dump."""
    words = {"clock": "wall", "processor": "processor", "memory": "memory of all processes together, MB"}
    return {
        level: {
            name: {word: round(each[key] / of[DUMP][key], 2) for word, key in words.items() if each[key]}
            for name, each in of.items()
            if name != DUMP
        }
        for level, of in found.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=COPIES)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--level", nargs="+", choices=LEVELS, default=list(LEVELS))
    parser.add_argument("--only", nargs="+", choices=sorted(CASES), default=[])
    arguments = parser.parse_args()
    if not shards.DUMP.exists():
        print(f"tenfold {shards.MISSING}")
        return 0
    before = Conditions()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keep_bytecode(str(folder / "bytecode"))
        if not has_corpus(folder):
            print(f"tenfold: {NOT_YET}")
            return 0
        stay_on(CORES)
        result = {"copies": arguments.copies} | measured(arguments, folder)
    whole = len(arguments.only) <= 1 and len(arguments.level) == len(LEVELS) and arguments.copies == COPIES
    name = "near_heavy" if arguments.only == ["altered"] else "tenfold"
    return close(name, result | before.now(), before, trial=not whole)


if __name__ == "__main__":
    sys.exit(main())
