#!/usr/bin/env python3
"""How long a dump takes on two cores: cleaner beside a floor and beside other tools, on the same files in turn.

    python benchmarks/dumps.py [--rounds 5] [--slow] [--only NAME...]

The dump of 173 MB is cut into four .jsonl.gz files, which every contender reads and (where it writes at all) writes
again as .jsonl.gz. In every round each contender runs once, in turn; seconds are medians over the rounds, processor
time is that of all processes. Before the rounds everything ran once, so that compiled kernels and the input are in
the cache; after them once more, to look at the memory of all processes together.

    floor             decompress, parse, compress, in two processes that are there already
    cleaner           the command; and the same from a process that has cleaned before, which compares with the floor
    dolma             dedupe, then mix: exact lines, and lines by the n-grams in them
    polars            a script that drops lines by their hash: as first written, and tuned
    --slow: rensa, gaoya, datatrove, once each

Other tools live in environments of their own (--rivals-python, --dolma-python); make bench-dumps makes them. What
is not there is named and left out. Writes benchmarks/results/dumps.json, except with --only. Ends with 1 where a
figure falls short of its target.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import shards
from contenders import CORES, FLOOR, RIVALS, WARM, Contender, Pythons, all_of
from end_to_end import Run, keep_bytecode
from processes import CommandFailed, Conditions, close, middle, run, say, stay_on, versions_in

ROOT = Path(__file__).resolve().parent.parent
AT_MOST = {f"cleaner, scope corpus, level {level}{WARM}": ratio for level, ratio in (("copy", 4), ("similar", 5))}
"""Times the floor, both from warm processes. We want to be at 2.5; a sketch of the road took 1.8-2.8 and 2.8-4.4."""

R = TypeVar("R")


class Found(NamedTuple):
    """One turn of a contender: its runs by command, and the seconds that it took by its own clock."""

    runs: dict[str, Run]
    inside: float | None


def measured(contenders: list[Contender], rounds: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Figures by contender, and what those said that failed once. Slow ones run once in all."""
    failed: dict[str, str] = {}

    def still(slow: bool) -> list[Contender]:
        return [each for each in contenders if each.slow == slow and each.name not in failed]

    def tried(what: Callable[[Contender], R], each: Contender) -> R | None:
        try:
            return what(each)
        except CommandFailed as error:
            failed[each.name] = f"failed: {error}"
            return None

    for each in still(slow=False):
        say(f"first run of {each.name}")
        tried(runs_of, each)
    found: dict[str, list[Found]] = {each.name: [] for each in contenders}
    for number in range(rounds):
        for each in still(slow=False)[:: 1 if number % 2 == 0 else -1]:
            if one := tried(runs_of, each):
                found[each.name].append(one)
                say(f"round {number + 1}: {each.name} {sum(run.wall for run in one.runs.values()):.2f} s")
    last = [*still(slow=False), *still(slow=True)]
    result = {each.name: tried(lambda one: figures(one, found[one.name]), each) for each in last}
    return {name: each for name, each in result.items() if each is not None}, failed


def runs_of(contender: Contender) -> Found:
    contender.clear()
    return Found({name: run(command)[0] for name, command in contender.commands.items()}, inside_of(contender))


def inside_of(contender: Contender) -> float | None:
    """Seconds by its own clock."""
    if contender.report is None:
        return None
    seconds: float = json.loads(contender.report.read_text(encoding="utf-8"))["seconds"]["total"]
    return seconds


def figures(contender: Contender, found: list[Found]) -> dict[str, Any]:
    """Medians; after one more run, which gives the memory and is the only one of a slow contender."""
    say(f"memory of {contender.name}")
    contender.clear()
    looked = {name: run(command, look=True) for name, command in contender.commands.items()}
    peaks = [peak for _, peak in looked.values() if peak is not None]
    found = found or [Found({name: each for name, (each, _) in looked.items()}, inside_of(contender))]
    inside = [seconds for _, seconds in found if seconds is not None]
    walls = [sum(run.wall for run in runs.values()) for runs, _ in found]
    result: dict[str, Any] = {
        "wall": middle(walls),
        "processor": middle(sum(run.user + run.system for run in runs.values()) for runs, _ in found),
        "each wall": [round(wall, 3) for wall in walls],
        "each others": [max((run.others or 0.0) for run in runs.values()) for runs, _ in found],
        "by its own clock": middle(inside) if inside else None,
        "memory of all processes together, MB": max(peaks) if peaks else None,
        "written": written(contender.out),
    }
    if len(contender.commands) > 1:
        result["commands"] = {name: middle(runs[name].wall for runs, _ in found) for name in contender.commands}
    contender.clear()
    return result


def written(out: Path | None) -> dict[str, int] | None:
    """Articles, characters of their texts, and bytes of the files; None for what writes none."""
    if out is None:
        return None
    return counted(file for file in sorted(out.rglob("*.gz")) if "_cleaner" not in file.parts)


def counted(files: Iterable[Path]) -> dict[str, int]:
    files = list(files)
    lengths = [len(record["text"]) for record in shards.records_of(files)]
    return {"articles": len(lengths), "characters": sum(lengths), "bytes": sum(file.stat().st_size for file in files)}


def times_floor(found: dict[str, Any]) -> dict[str, dict[str, float]]:
    """clock and processor: whole processes; work: by their own clocks, from when everything was started."""
    floor = found.get(FLOOR)
    if floor is None:
        return {}
    names = {"clock": "wall", "processor": "processor", "work": "by its own clock"}
    return {
        name: {word: round(each[key] / floor[key], 2) for word, key in names.items() if each[key] is not None}
        for name, each in found.items()
        if name != FLOOR
    }


def short_of_target(ratios: dict[str, dict[str, float]], failed: dict[str, str]) -> list[str]:
    return [
        f"{name}: {ratios[name]['work']:g} times the floor, at most {ratio:g}"
        for name, ratio in AT_MOST.items()
        if name in ratios and ratios[name]["work"] > ratio
    ] + [f"{name} {why}" for name, why in failed.items()]


def chosen(contenders: list[Contender], only: list[str], slow: bool) -> list[Contender]:
    """Those whose name begins with one of ``only``, or all; slow ones if asked for or named."""
    if only:
        return [each for each in contenders if each.name.startswith(tuple(only))]
    return [each for each in contenders if slow or not each.slow]


def compared(arguments: argparse.Namespace) -> dict[str, Any]:
    pythons = Pythons(arguments.rivals_python, arguments.dolma_python)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cut = shards.cut(folder / "documents")
        contenders = chosen(all_of(folder, cut, pythons), arguments.only, arguments.slow)
        skipped = {each.name: each.skip for each in contenders if each.skip}
        for who, why in skipped.items():
            say(f"{who}: {why}")
        found, failed = measured([each for each in contenders if not each.skip], arguments.rounds)
        ratios = times_floor(found)
        return {
            "input": {"files": len(cut.files), "record bytes": cut.size} | counted(cut.files),
            "rounds": arguments.rounds,
            "contenders": found,
            "skipped": skipped | failed,
            "times the floor": ratios,
            "short of target": short_of_target(ratios, failed),
        }


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slow", action="store_true", help="also those that take minutes")
    parser.add_argument("--only", nargs="+", default=[], help="contenders whose name begins so; nothing is stored")
    parser.add_argument("--rivals-python", type=Path, default=ROOT / ".venv-rivals" / "bin" / "python")
    parser.add_argument("--dolma-python", type=Path, default=ROOT / ".venv-dolma" / "bin" / "python")
    return parser.parse_args()


def main() -> int:
    arguments = parsed()
    if not shards.DUMP.exists():
        print(f"dumps {shards.MISSING}")
        return 0
    before = Conditions()
    with tempfile.TemporaryDirectory() as folder:
        keep_bytecode(folder)
        cores = stay_on(CORES)
        result = compared(arguments)
    rivals = versions_in(arguments.rivals_python, RIVALS) | versions_in(arguments.dolma_python, ("dolma",))
    return close("dumps", result | {"cores": cores} | before.now(rivals), before, trial=bool(arguments.only))


if __name__ == "__main__":
    sys.exit(main())
