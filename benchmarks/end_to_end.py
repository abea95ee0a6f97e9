#!/usr/bin/env python3
"""How long whole runs take: a dump, beside a floor; one article from a cold start; the library once warm.

    python benchmarks/end_to_end.py [--repeat 5]

The floor decompresses the dump, parses each record and compresses it again, with the same libraries and
levels and nothing else, in one process. Dump and floor run in turn, so that both meet the same machine.
Seconds are medians; megabytes are 10**6 bytes. Every run is a process of its own, with warm caches: what is
timed ran once before, and bytecode is kept in a folder of the benchmark's own whatever the environment says.

The dump is ``data/dump.jsonl.zst`` in the folder $CLEANER_SHARED, or in ``shared`` beside the repository;
what needs it is skipped where it is missing. Writes benchmarks/results/end_to_end.json. Ends with 1 where a
figure falls short of its target.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared"))
DUMP, ARTICLES = SHARED / "data" / "dump.jsonl.zst", SHARED / "data" / "articles.jsonl.zst"
SEED = ROOT / "samples" / "putin-trump.fr.txt"
RESULT = ROOT / "benchmarks" / "results" / "end_to_end.json"
PACKAGES = ("article-cleaner", "rapidfuzz", "numba", "numpy", "orjson", "zstandard", "typer")

TARGETS = {"dump, s": 8.0, "dump, MB": 1000.0, "article, s": 0.35, "import, ms": 60.0, "library, ms": 3.0}
STARTS = 15  # processes that clean one article
ONE_KB_3 = range(2700, 3300)  # bytes of an article of 3 kB
SAMPLE = 100  # such articles


@dataclass(frozen=True, slots=True)
class Run:
    """One process with those it started: seconds, and the memory of the largest of them.

    others  cores that were busy with something else meanwhile
    """

    wall: float
    user: float
    system: float
    largest_mb: float
    others: float | None


def keep_bytecode(folder: str) -> None:
    """Of this process's children."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = folder


def timed(command: list[str]) -> Run:
    busy, began = busy_seconds(), time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {error.decode(errors='replace')}")
    own = usage.ru_utime + usage.ru_stime
    unit = 1 if sys.platform == "darwin" else 1024
    others = None if busy is None else round(max(0.0, ((busy_seconds() or busy) - busy - own) / wall), 2)
    return Run(wall, usage.ru_utime, usage.ru_stime, usage.ru_maxrss * unit / 1e6, others)


def busy_seconds() -> float | None:
    """Seconds that all cores together have worked since the machine started; None where it does not say."""
    try:
        fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    except OSError:
        return None
    user, nice, system, _idle, _wait, *interrupts = map(int, fields[:7])
    return (user + nice + system + sum(interrupts)) / os.sysconf("SC_CLK_TCK")


def medians(runs: list[Run]) -> dict[str, Any]:
    rows = [asdict(run) for run in runs]
    result: dict[str, Any] = {
        name: None if rows[0][name] is None else round(statistics.median(row[name] for row in rows), 3)
        for name in rows[0]
    }
    return result | {"each wall": [round(run.wall, 3) for run in runs], "each others": [run.others for run in runs]}


# -- a dump ------------------------------------------------------------------------------------


def of_dump(repeat: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        out, floor_out = Path(name) / "out", Path(name) / "floor.zst"
        clean = [*command_line(), "clean", str(DUMP), "-o", str(out), "--verbose"]
        floor = [sys.executable, __file__, "--as-floor", str(DUMP), str(floor_out)]
        timed(clean)  # compiles, and brings the dump into memory
        timed(floor)
        runs, floors, phases = [], [], []
        for _ in range(repeat):
            floors.append(timed(floor))
            runs.append(timed(clean))
            phases.append(json.loads((out / "_cleaner" / "report.json").read_text())["seconds"])
        together = sum_of_memory(clean)
        report = json.loads((out / "_cleaner" / "report.json").read_text())
    return {
        "articles": report["articles"],
        "cleaned": medians(runs),
        "phases": {phase: round(statistics.median(each[phase] for each in phases), 3) for phase in phases[0]},
        "memory of all processes together, MB": together,
        "floor": medians(floors),
        "times the floor": round(median_of(runs, "wall") / median_of(floors, "wall"), 2),
        "times the floor, processor time": round(work_of(runs) / work_of(floors), 2),
    }


def command_line() -> list[str]:
    """The command as it is installed beside this Python."""
    script = Path(sys.executable).with_name("cleaner")
    return [str(script)] if script.exists() else [sys.executable, "-m", "cleaner"]


def median_of(runs: list[Run], name: str) -> float:
    value: float = statistics.median(getattr(run, name) for run in runs)
    return value


def work_of(runs: list[Run]) -> float:
    return statistics.median(run.user + run.system for run in runs)


def sum_of_memory(command: list[str]) -> float | None:
    """Peak over a run of what its processes hold together, shared pages counted once; None where unknown."""
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    peak = 0.0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, sum(map(proportional, family(process.pid))))
            time.sleep(0.1)
    return round(peak, 1)


def family(process: int) -> Iterator[int]:
    yield process
    with suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from family(int(child))


def proportional(process: int) -> float:
    """Megabytes of one process, its part of shared pages included."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def as_floor(source: str, target: str) -> None:
    """Runs in a process of its own: decompress, parse, compress."""
    import orjson
    import zstandard

    from cleaner.formats.compression import PIECE, ZSTD_LEVEL

    reading, writing = zstandard.ZstdDecompressor(), zstandard.ZstdCompressor(level=ZSTD_LEVEL)
    with open(source, "rb") as raw, open(target, "wb") as out, writing.stream_writer(out) as writer:
        rest = b""
        stream = reading.stream_reader(raw, read_across_frames=True)
        while piece := stream.read(PIECE):
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                orjson.loads(line)
            writer.write(piece)


# -- one article -------------------------------------------------------------------------------


def of_article() -> dict[str, Any]:
    """A whole process, from a cold start with warm caches."""
    command = [*command_line(), "clean", str(SEED)]
    timed(command)
    empty = [timed([sys.executable, "-c", "pass"]) for _ in range(STARTS)]
    return {
        "bytes": SEED.stat().st_size,
        "cleaned": medians([timed(command) for _ in range(STARTS)]),
        "Python alone": medians(empty),
    }


FRESH = """
import json, sys, time
text = open(sys.argv[1], encoding="utf-8").read()
a = time.perf_counter()
import cleaner
b = time.perf_counter()
from cleaner import Settings, clean
c = time.perf_counter()
clean(text)
d = time.perf_counter()
clean(text)
e = time.perf_counter()
print(json.dumps({"import cleaner": b - a, "import with clean and Settings": c - a, "first article": d - c,
    "second article": e - d}))
"""


def of_library() -> dict[str, Any]:
    """Milliseconds, in fresh processes; then of articles of 3 kB in one warm process."""
    fresh = [json.loads(output([sys.executable, "-c", FRESH, str(SEED)])) for _ in range(STARTS + 1)][1:]
    warm = json.loads(output([sys.executable, __file__, "--as-library"]))
    found = {name: round(1000 * statistics.median(row[name] for row in fresh), 2) for name in fresh[0]}
    return {**found, **warm}


def output(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def as_library() -> None:
    """Runs in a process of its own: milliseconds of clean() once warm."""
    from cleaner import clean

    seed = SEED.read_text(encoding="utf-8")
    for _ in range(20):
        clean(seed)
    found: dict[str, Any] = {"seed article": spread([milliseconds(partial(clean, seed), 100)])}
    if ARTICLES.exists():
        texts = articles_of_3_kb()
        each = sorted(milliseconds(partial(clean, text), 5) for text in texts)
        twice = sorted(milliseconds(partial(clean, text), 5) for text in with_body_twice(texts))
        found["articles of 3 kB"] = spread(each)
        found["articles of 3 kB whose body stands twice"] = spread(twice)
    print(json.dumps(found))


def milliseconds(run: Callable[[], object], times: int) -> float:
    """The median of so many calls."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return 1000 * statistics.median(seconds)


def articles_of_3_kb() -> list[str]:
    """Evenly from all languages."""
    import zstandard

    with zstandard.open(ARTICLES, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    fitting = [text for text in texts if len(text.encode()) in ONE_KB_3]
    return fitting[:: max(1, len(fitting) // SAMPLE)][:SAMPLE]


def with_body_twice(texts: Iterable[str]) -> Iterator[str]:
    """Half of each article, twice: 3 kB again."""
    for text in texts:
        lines = text.splitlines(keepends=True)
        half = "".join(lines[: max(1, len(lines) // 2)]).rstrip("\n")
        yield f"{half}\n{half}\n"


def spread(milliseconds: list[float]) -> dict[str, Any]:
    """Of sorted values."""
    return {
        "articles": len(milliseconds),
        "median": round(statistics.median(milliseconds), 2),
        "95 of 100 at most": round(milliseconds[len(milliseconds) * 95 // 100], 2),
        "slowest": round(milliseconds[-1], 2),
    }


# -- the run -----------------------------------------------------------------------------------


def reached(result: dict[str, Any]) -> dict[str, float]:
    """The figure for each target that was measured."""
    library = result["library"]
    found = {
        "article, s": result["article"]["cleaned"]["wall"],
        "import, ms": library["import with clean and Settings"],
        "library, ms": max(each["median"] for each in library.values() if isinstance(each, dict)),
    }
    if dump := result.get("dump"):
        largest = dump["cleaned"]["largest_mb"]
        found |= {"dump, s": dump["cleaned"]["wall"]}
        found |= {"dump, MB": dump["memory of all processes together, MB"] or largest}
    return found


def code_digest() -> str:
    """SHA-256 of the package that is measured, 16 digits."""
    import cleaner

    value = hashlib.sha256()
    for file in sorted(Path(cleaner.__file__).parent.rglob("*.py")):
        value.update(file.read_bytes())
    return value.hexdigest()[:16]


def measured(repeat: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if DUMP.exists():
        found["dump"] = of_dump(repeat)
    else:
        print(f"the dump skipped: no {DUMP.name}; give the folder with data as CLEANER_SHARED")
    return found | {"article": of_article(), "library": of_library()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--as-floor", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--as-library", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.as_floor:
        as_floor(*arguments.as_floor)
        return 0
    if arguments.as_library:
        as_library()
        return 0
    load, code = os.getloadavg()[0], code_digest()
    with tempfile.TemporaryDirectory() as folder:
        keep_bytecode(folder)
        result = measured(arguments.repeat)
    if code != code_digest():
        print("end_to_end: the package was changed while it was measured; nothing is stored, run it again")
        return 1
    figures = reached(result)
    result |= {
        "targets": {name: {"at most": TARGETS[name], "measured": figure} for name, figure in figures.items()},
        "short of target": [
            f"{name}: {figure:g}, at most {TARGETS[name]:g}"
            for name, figure in figures.items()
            if figure > TARGETS[name]
        ],
        "date": time.strftime("%Y-%m-%d"),
        "digests": {"the package": code},
        "versions": {"python": platform.python_version()}
        | {name: importlib.metadata.version(name) for name in PACKAGES},
        "machine": {"cpus": os.cpu_count(), "architecture": platform.machine()},
        "load average before and after": [round(load, 2), round(os.getloadavg()[0], 2)],
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))
    return 1 if result["short of target"] else 0


if __name__ == "__main__":
    sys.exit(main())
