"""The campaign: all formats by all roads, in turns, until the inputs are done or the time is up."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from time import monotonic
from typing import Any

from attack.checks import PROMISES, seen_alone
from attack.corpus import corpus
from attack.formats import FORMATS, Name
from attack.limits import LIMITS, Case, both_roads_agree, limit_of
from attack.shrink import shrunk
from attack.unit import Broken, Result, Road, Unit, made
from cleaner.plan import warm_up, warm_up_corpus
from cleaner.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
STORED = ROOT / "benchmarks" / "results" / "attack.json"
UNIT = 1_000
DEEP = 8
"""Every so many units are also cleaned again, by two processes, restored record by record, and as a corpus."""
SIDE: dict[Name, int] = {"json": 4, "tsv": 4}
"""Formats that share nearly all of their code with JSONL and CSV: one unit for so many of the others."""
SHOWN = 3
"""Failures of one promise in one format that are made small and printed."""


def roads_of(name: Name) -> tuple[Road, ...]:
    """The kernels read plain text only."""
    return ("python",) if FORMATS[name].text_format in ("markdown", "html") else ("python", "kernels")


@dataclass(frozen=True, slots=True)
class Job:
    """A unit to be done by a process."""

    name: Name
    road: Road
    seed: int
    first: int
    count: int
    deep: bool


@dataclass
class Line:
    """A line of the table: what came of one format by one road."""

    inputs: int = 0
    changed: int = 0
    known: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)


def jobs_of(names: Sequence[Name], seed: int, inputs: int) -> Iterator[Job]:
    """Units of all formats in turns, so that a campaign that is cut short has as much of each."""
    count = min(UNIT, inputs)
    for n in range(ceil(inputs / count)):
        for name in names:
            roads, turn = roads_of(name), n // SIDE.get(name, 1)
            if n % SIDE.get(name, 1) == 0:
                yield Job(name, roads[turn % len(roads)], seed, turn * count, count, turn // len(roads) % DEEP == 0)


def asked(name: Name, inputs: int) -> int:
    """Inputs of a format where ``inputs`` are asked for."""
    count = min(UNIT, inputs)
    return ceil(ceil(inputs / count) / SIDE.get(name, 1)) * count


def scratch() -> Path:
    """In memory where there is room for it: a file of its own for each article is much work for a disk."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="attack-", dir=memory if memory.is_dir() else None))


def perform(job: Job) -> tuple[Job, Result, list[tuple[Broken, str | None]]]:
    folder = scratch()
    try:
        unit = Unit(job.name, job.road, job.seed, job.first, job.count, folder, deep=job.deep)
        result = unit.go()
        if job.deep and FORMATS[job.name].read is not None:
            result.broken += corpus(unit, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    text_format = FORMATS[job.name].text_format
    told = [(b, limit_of(Case(b.text, text_format, b.settings, b.failure))) for b in result.broken]
    return job, result, told


def campaign(names: Sequence[Name], seed: int, inputs: int, minutes: float, workers: int) -> dict[str, Any]:
    """Runs it, prints what failed, and returns what is stored."""
    began = monotonic()
    lines: dict[tuple[Name, Road], Line] = {(name, road): Line() for name in names for road in roads_of(name)}
    shown: Counter[tuple[Name, str]] = Counter()
    queue, running = jobs_of(names, seed, inputs), set[Future[Any]]()
    warm_up()
    warm_up_corpus()
    with ProcessPoolExecutor(workers) as pool:
        while True:
            while len(running) < 2 * workers and monotonic() - began < minutes * 60:
                job = next(queue, None)
                if job is None:
                    break
                running.add(pool.submit(perform, job))
            if not running:
                break
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for each in done:
                job, result, told = each.result()
                line = lines[job.name, job.road]
                line.inputs += result.inputs
                line.changed += result.changed
                for broken, limit in told:
                    (line.failed if limit is None else line.known)[limit or broken.failure.promise] += 1
                    if limit is None:
                        shown[job.name, broken.failure.promise] += 1
                        if shown[job.name, broken.failure.promise] <= SHOWN:
                            print(described(job, broken), flush=True)
    return stored(lines, seed, inputs, monotonic() - began)


def described(job: Job, broken: Broken) -> str:
    """A failure for a person: its seed, the settings, what broke, and the smallest text that breaks it."""
    promise, detail = broken.failure
    head = f"FAILED {job.name} by {job.road}, seed {broken.seed}, settings {broken.settings}: {PROMISES[promise]}\n"
    small = smallest(job, broken)
    return head + f"  {detail[:600]!r}" + (f"\n  smallest: {small!r}" if small else "")


def smallest(job: Job, broken: Broken) -> str:
    settings, text_format = Settings.of(broken.settings), FORMATS[job.name].text_format
    if broken.failure.promise == "alike" and text_format == "plain":
        return shrunk(broken.text, lambda text: not both_roads_agree(text, settings))

    def fails(text: str) -> bool:
        seen = seen_alone(text, text_format, settings, appended=broken.failure.promise == "appended")
        return any(failure.promise == broken.failure.promise for failure in seen.failures)

    return shrunk(broken.text, fails) if broken.text and fails(broken.text) else ""


def stored(lines: dict[tuple[Name, Road], Line], seed: int, inputs: int, seconds: float) -> dict[str, Any]:
    rows = [
        {
            "format": name,
            "road": road,
            "inputs": line.inputs,
            "changed": line.changed,
            "known": dict(line.known),
            "failed": dict(line.failed),
        }
        for (name, road), line in lines.items()
    ]
    by_format = Counter[str]()
    for row in rows:
        by_format[row["format"]] += row["inputs"]
    load = [round(each, 1) for each in os.getloadavg()[:1]]
    return {
        "seed": seed,
        "asked": inputs,
        "seconds": round(seconds),
        "machine": {"cpus": os.cpu_count(), "architecture": platform.machine()},
        "load average": load,
        "versions": {"python": platform.python_version()},
        "promises": PROMISES,
        "limits": {limit.name: limit.reason for limit in LIMITS},
        "limits by promise": {name: [limit.name for limit in LIMITS if name in limit.promises] for name in PROMISES},
        "rows": rows,
        "short": {name: number for name, number in by_format.items() if number < asked(name, inputs)},
    }


def told(result: dict[str, Any]) -> str:
    """The table, as the terminal shows it."""
    head = f"{'format':<9} {'road':<8} {'inputs':>8} {'changed':>8}  known limits; failures"
    rows = [head]
    for row in result["rows"]:
        share = f"{100 * row['changed'] / row['inputs']:.1f}%" if row["inputs"] else "-"
        known = ", ".join(f"{name} {n}" for name, n in sorted(row["known"].items())) or "none"
        failed = ", ".join(f"{name} {n}" for name, n in sorted(row["failed"].items())) or "none"
        rows.append(f"{row['format']:<9} {row['road']:<8} {row['inputs']:>8,} {share:>8}  {known}; {failed}")
    return "\n".join(rows)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inputs", type=int, default=100_000, help="of each format; of JSON arrays and TSV a quarter")
    parser.add_argument("--minutes", type=float, default=20.0, help="after which nothing more is begun")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--format", choices=list(FORMATS), action="append", help="only this one; may be given again")
    parser.add_argument("--show", metavar="SEED", help="print the text of one input, by its seed as a failure names it")
    parser.add_argument("--store", action="store_true", help=f"write {STORED.relative_to(ROOT)}")
    chosen = parser.parse_args(argv)
    if chosen.show:
        print(repr(made(FORMATS[chosen.show.split(":")[1]], chosen.show).text))
        return 0
    result = campaign(chosen.format or list(FORMATS), chosen.seed, chosen.inputs, chosen.minutes, chosen.workers)
    print(told(result))
    for name, number in result["short"].items():
        print(f"{name}: the time was up after {number:,} of {asked(name, chosen.inputs):,} inputs")
    if chosen.store:
        STORED.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    few = [f"{row['format']} by {row['road']}" for row in result["rows"] if 3 * row["changed"] < row["inputs"]]
    if few:
        print(f"too little is removed to prove anything: {', '.join(few)}")
    return 1 if few or any(row["failed"] for row in result["rows"]) else 0


if __name__ == "__main__":
    sys.exit(main())
