"""What a command takes together with all that it starts, and where that was measured."""

from __future__ import annotations

import ctypes
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from end_to_end import Run, busy_seconds, code_digest, family, proportional

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
SHARE = 0.02  # of one core at most goes into looking at memory
PAUSE = 0.05  # seconds between two looks at least
SET_CHILD_SUBREAPER = 36  # of prctl(2)
LAST_SECONDS = 5.0
LAST_LINES = 20  # of what a command said that are shown where it failed
PACKAGES = ("article-cleaner", "rapidfuzz", "numba", "numpy", "orjson", "isal")


def stay_on(cores: int) -> int:
    """This process and what it starts keep to so many cores; how many they are (where a system cannot: all)."""
    if not hasattr(os, "sched_setaffinity"):
        return os.cpu_count() or 1
    chosen = sorted(os.sched_getaffinity(0))[:cores]
    os.sched_setaffinity(0, chosen)
    return len(chosen)


class CommandFailed(Exception):
    """A command ended with another code than 0; the text is the last error that it named."""


def run(command: list[str], look: bool = False) -> tuple[Run, float | None]:
    """One run of a command, and the peak in MB of what all its processes hold together.

    The peak (shared pages counted once) is None unless asked for, and where the system does not say (other than
    Linux). Looking takes at most SHARE of a core, so that large processes are looked at more rarely; the clock is
    right to PAUSE then. Raises CommandFailed.
    """
    adopt_orphans()
    peak, sees = 0.0, look and Path("/proc/self/smaps_rollup").exists()
    with tempfile.TemporaryFile() as errors:
        busy, began = busy_seconds(), time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        while sees and os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            start = time.perf_counter()
            peak = max(peak, sum(map(proportional, family(process.pid))))
            time.sleep(max(PAUSE, (time.perf_counter() - start) / SHARE))
        _, status, usage = os.wait4(process.pid, 0)
        wall, now = time.perf_counter() - began, busy_seconds()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            said = errors.read().decode(errors="replace").strip().splitlines() or ["nothing said"]
            say("\n".join([f"{' '.join(command)} failed:", *said[-LAST_LINES:]]))
            raise CommandFailed(next((line for line in reversed(said) if "rror" in line), said[-1]))
    usages = [usage, *orphans()]
    user, system = (sum(getattr(each, name) for each in usages) for name in ("ru_utime", "ru_stime"))
    largest = max(each.ru_maxrss for each in usages) * (1 if sys.platform == "darwin" else 1024) / 1e6
    others = None if busy is None or now is None else round(max(0.0, (now - busy - user - system) / wall), 2)
    return Run(wall, user, system, largest, others), round(peak, 1) if sees else None


def adopt_orphans() -> None:
    """Processes whose parent ends first become children of this one, so that their time is known too (Linux)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def orphans() -> Iterator[Any]:
    """What was used by those that came here; they are given LAST_SECONDS to end."""
    deadline = time.perf_counter() + LAST_SECONDS
    with suppress(ChildProcessError):
        while time.perf_counter() < deadline:
            ended, _, usage = os.wait4(-1, os.WNOHANG)
            if ended:
                yield usage
            else:
                time.sleep(0.01)


def middle(values: Iterable[float]) -> float:
    return round(statistics.median(values), 3)


def versions(packages: Iterable[str] = PACKAGES) -> dict[str, str]:
    return {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in packages}


def versions_in(python: Path, packages: Iterable[str]) -> dict[str, str]:
    """Of the packages that the environment of another Python has; empty where there is no such Python."""
    script = (
        "import importlib.metadata as m, json, sys\n"
        "have = {d.metadata['Name'].lower(): d.version for d in m.distributions()}\n"
        "print(json.dumps({name: have[name] for name in sys.argv[1:] if name in have}))"
    )
    if not python.exists():
        return {}
    done = subprocess.run([str(python), "-c", script, *packages], capture_output=True, text=True, check=False)
    found: dict[str, str] = json.loads(done.stdout) if done.returncode == 0 else {}
    return found


class Conditions:
    """When, where and with what it was measured: what stands under each table. Made before measuring."""

    def __init__(self) -> None:
        self.load, self.digest = os.getloadavg()[0], code_digest()

    def now(self, more_versions: dict[str, str] | None = None) -> dict[str, Any]:
        return {
            "date": time.strftime("%Y-%m-%d"),
            "digests": {"the package": self.digest},
            "versions": versions() | (more_versions or {}),
            "machine": {"cpus": os.cpu_count(), "architecture": platform.machine()},
            "load average before and after": [round(self.load, 2), round(os.getloadavg()[0], 2)],
        }

    def changed(self) -> bool:
        """Whether the package is another now."""
        return code_digest() != self.digest


def close(name: str, result: dict[str, Any], before: Conditions, trial: bool) -> int:
    """The end of a script: results are printed and, but in a trial, written to results/NAME.json. The exit code."""
    text = json.dumps(result, indent=2, ensure_ascii=False)
    print(text)
    if before.changed():
        say(f"{name}: the package was changed while it was measured; nothing is stored, run it again")
        return 1
    if not trial:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    for line in result["short of target"]:
        say(f"{name}: {line}")
    return 1 if result["short of target"] else 0


def say(text: str) -> None:
    """Progress, beside the result."""
    print(text, file=sys.stderr, flush=True)
