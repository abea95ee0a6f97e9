#!/usr/bin/env python3
"""How long people wait for the hook: whole processes over one file, 200 files, and across 2,000; beside other tools.

    python benchmarks/hook.py [--rounds 10] [--only NAME...]

The files are Markdown and reStructuredText of the four content repositories in the shared data, put into one git
repository with a commit; the 200 files (1.5 MB) are Markdown. Then what is looked at has one more paragraph, as before
a commit: one file in one working tree, 200 in another. In every round each contender runs once, in turn, forwards and
backwards; milliseconds are the best and the middle of the rounds. Everything ran once before: bytecode and files are
in the caches.

    cleaner-hook     as pre-commit calls it: FILES, only what is new
    cleaner check    the same files by the project's command
    --across         one file, and all files, beside 2,000: with a cache that is there, and without one
    typos, codespell, mdformat --check, markdownlint-cli2, jscpd: what they do differs, what people wait for does not

Other tools live in an environment of their own (--rivals); make bench-hook makes it. What is not there is named and
left out. Writes benchmarks/results/hook.json, except with --only. Ends with 1 where a figure falls short of its target.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from end_to_end import SHARED, Run, busy_seconds, keep_bytecode
from processes import ROOT, Conditions, close, say, stay_on, versions_in

REPOSITORIES = ("18f.gsa.gov", "hugoDocs", "peps", "react.dev")
SUFFIXES = (".md", ".mdx", ".rst")
MANY, SIZE, ALL = 200, 1_500_000, 2000
CORES = 2
ACROSS = "cleaner check --across, all files, {}"
AT_MOST = {
    "cleaner-hook, one file": 80,
    "cleaner-hook, 200 files": 220,
    "cleaner check, one file": 150,
    "cleaner-hook --across, one file, warm": 500,
    ACROSS.format("warm"): 500,
    ACROSS.format("cold"): 4000,
}
"""Milliseconds, the best of the rounds."""
PACKAGES = ("typos", "codespell", "mdformat")


class Contender(NamedTuple):
    """One command, run in ``folder``; ``before`` each run something that is not timed; ``codes`` are no failure."""

    name: str
    folder: Path
    command: list[str]
    codes: tuple[int, ...] = (0, 1)
    before: Callable[[], None] | None = None


def unpacked(folder: Path) -> list[str]:
    """The files of the four repositories below ``folder``, by path, as many as are asked for."""
    import zstandard

    for name in REPOSITORIES:
        packed = (SHARED / "data" / f"content-{name}.tar.zst").read_bytes()
        data = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            archive.extractall(folder / name, filter="data")
    names = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    kept = [path for path in names if path.suffix in SUFFIXES]
    for path in {*names, *kept}.difference(kept[:ALL]):
        path.unlink()
    return [str(path.relative_to(folder)) for path in kept[:ALL]]


def markdown_of(folder: Path, names: list[str]) -> list[str]:
    """MANY files of SIZE bytes together, as nearly as files in the order of their size give it."""
    files = sorted((os.path.getsize(folder / name), name) for name in names if name.endswith(".md"))
    starts = range(len(files) - MANY + 1)
    best = min(starts, key=lambda k: abs(sum(size for size, _ in files[k : k + MANY]) - SIZE))
    return [name for _, name in files[best : best + MANY]]


def committed(folder: Path, changed: list[str]) -> None:
    """A repository with one commit, then ``changed`` with a paragraph of their own each."""
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for arguments in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "all"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    for number, name in enumerate(changed):
        with open(folder / name, "a", encoding="utf-8") as file:
            file.write(f"\nThis paragraph, which is number {number}, was not there when all of this was committed.\n")
    subprocess.run(["git", "add", "-A"], cwd=folder, check=True)


class Trees(NamedTuple):
    """Two repositories of the same files: in ``one`` one of ``files`` has changed, in ``many`` all of them."""

    one: Path
    many: Path
    files: list[str]

    @property
    def file(self) -> str:
        return self.files[MANY // 2]


def own(trees: Trees) -> list[Contender]:
    hook, command = (str(Path(sys.executable).with_name(name)) for name in ("cleaner-hook", "cleaner"))
    across = [command, "check", "--across"]
    cold, kept = (trees.many.with_name(f"cache-{name}") for name in ("cold", "kept"))

    def forget() -> None:
        shutil.rmtree(cold, ignore_errors=True)

    return [
        Contender("python that does nothing", trees.one, [sys.executable, "-c", ""]),
        Contender("cleaner-hook, one file", trees.one, [hook, trees.file]),
        Contender("cleaner-hook, 200 files", trees.many, [hook, *trees.files]),
        Contender("cleaner check, one file", trees.one, [command, "check", trees.file]),
        Contender(ACROSS.format("cold"), trees.many, [*across, "--cache-dir", str(cold)], before=forget),
        Contender(ACROSS.format("warm"), trees.many, [*across, "--cache-dir", str(kept)]),
        Contender("cleaner-hook --across, one file, warm", trees.one, [hook, "--across", trees.file]),
    ]


def others(rivals: Path, trees: Trees) -> tuple[list[Contender], dict[str, str]]:
    """Other tools over the same files, and those that are not there."""
    found, skipped = [], {}
    for name, place, flags, codes in (
        ("typos", "bin/typos", [], (0, 2)),
        ("codespell", "bin/codespell", [], (0, 65)),
        ("mdformat --check", "bin/mdformat", ["--check"], (0, 1)),
        ("markdownlint-cli2", "node/node_modules/.bin/markdownlint-cli2", ["--no-globs"], (0, 1)),
        ("jscpd", "node/node_modules/.bin/jscpd", ["--silent", "--format", "markdown"], (0, 1)),
    ):
        program = rivals / place
        if not program.exists():
            skipped[name] = f"not in {rivals.name}; make bench-hook installs it where it can"
        elif subprocess.run([program, "--version"], capture_output=True, check=False).returncode:
            skipped[name] = f"in {rivals.name}, but does not run there"
        else:
            command = [str(program), *flags]
            found.append(Contender(f"{name}, one file", trees.one, [*command, trees.file], codes))
            found.append(Contender(f"{name}, 200 files", trees.many, [*command, *trees.files], codes))
    return found, skipped


def once(contender: Contender) -> Run:
    """One run. Raises SystemExit for an exit code that is no answer."""
    if contender.before is not None:
        contender.before()
    busy, began = busy_seconds(), time.perf_counter()
    process = subprocess.Popen(
        contender.command, cwd=contender.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall, now = time.perf_counter() - began, busy_seconds()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in contender.codes:
        raise SystemExit(f"{contender.name} ended with {process.returncode}; run it in the repository to see why")
    worked = usage.ru_utime + usage.ru_stime
    others = None if busy is None or now is None else round(max(0.0, (now - busy - worked) / wall), 2)
    return Run(wall, usage.ru_utime, usage.ru_stime, 0.0, others)  # a child's memory begins with that of this process


def measured(contenders: list[Contender], rounds: int) -> dict[str, Any]:
    seen: dict[str, list[Run]] = {each.name: [] for each in contenders}
    for each in contenders:
        say(f"first run of {each.name}")
        once(each)
    for number in range(rounds):
        say(f"round {number + 1}")
        for each in contenders[:: 1 if number % 2 == 0 else -1]:
            seen[each.name].append(once(each))
    return {name: figures(runs) for name, runs in seen.items()}


def figures(runs: list[Run]) -> dict[str, Any]:
    walls = sorted(run.wall * 1000 for run in runs)
    return {
        "best, ms": round(walls[0], 1),
        "middle, ms": round(walls[len(walls) // 2], 1),
        "processor, ms": round(min(run.user + run.system for run in runs) * 1000, 1),
        "others": max((run.others or 0.0) for run in runs),
    }


def chosen(contenders: list[Contender], only: list[str]) -> list[Contender]:
    return [each for each in contenders if not only or each.name.startswith(tuple(only))]


def short_of_target(found: dict[str, Any]) -> list[str]:
    return [
        f"{name}: {found[name]['best, ms']:g} ms, at most {most}"
        for name, most in AT_MOST.items()
        if name in found and found[name]["best, ms"] > most
    ]


def compared(arguments: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        one, many = Path(name, "one"), Path(name, "many")
        names = unpacked(many)
        trees = Trees(one, many, markdown_of(many, names))
        shutil.copytree(many, one)
        committed(one, [trees.file])
        committed(many, trees.files)
        rivals, skipped = others(arguments.rivals, trees)
        for who, why in skipped.items():
            say(f"{who}: {why}")
        found = measured(chosen([*own(trees), *rivals], arguments.only), arguments.rounds)
        return {
            "input": {
                "files": len(names),
                "bytes": sum(os.path.getsize(many / each) for each in names),
                "files of many": len(trees.files),
                "bytes of many": sum(os.path.getsize(many / each) for each in trees.files),
                "bytes of one": os.path.getsize(one / trees.file),
            },
            "rounds": arguments.rounds,
            "contenders": found,
            "skipped": skipped,
            "short of target": short_of_target(found),
        }


def node_versions(rivals: Path) -> dict[str, str]:
    """Of the tools that npm installed."""
    files = (rivals / "node" / "node_modules" / name / "package.json" for name in ("markdownlint-cli2", "jscpd"))
    packages = [json.loads(file.read_text(encoding="utf-8")) for file in files if file.exists()]
    return {package["name"]: package["version"] for package in packages}


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--only", nargs="+", default=[], help="contenders whose name begins so; nothing is stored")
    parser.add_argument("--rivals", type=Path, default=ROOT / ".venv-hook")
    return parser.parse_args()


def main() -> int:
    arguments = parsed()
    missing = [name for name in REPOSITORIES if not (SHARED / "data" / f"content-{name}.tar.zst").exists()]
    if missing:
        print(
            f"hook skipped: no content-{missing[0]}.tar.zst below {SHARED / 'data'}; set CLEANER_SHARED to where it is"
        )
        return 0
    before = Conditions()
    with tempfile.TemporaryDirectory() as folder:
        keep_bytecode(folder)
        cores = stay_on(CORES)
        result = compared(arguments)
    versions = versions_in(arguments.rivals / "bin" / "python", PACKAGES) | node_versions(arguments.rivals)
    return close("hook", result | {"cores": cores} | before.now(versions), before, trial=bool(arguments.only))


if __name__ == "__main__":
    sys.exit(main())
