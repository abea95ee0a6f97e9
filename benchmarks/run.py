#!/usr/bin/env python3
"""All measurements of a suite, one after the other, then the tables.

    python benchmarks/run.py [bench] [--rivals-python PYTHON]
    python benchmarks/run.py dumps [--rivals-python PYTHON] [--dolma-python PYTHON] [--slow]

bench (``make bench``) is speed and recall; dumps (``make bench-dumps``) is whole dumps beside other tools and what is
found in them, with --slow also tools that take minutes and the dump ten times over. Ends with 1 where one of them did;
the tables are written all the same.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("CLEANER_SHARED", HERE.parent.parent / "shared"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", nargs="?", choices=("bench", "dumps"), default="bench")
    parser.add_argument("--rivals-python", type=Path, help="the Python of an environment with rensa, gaoya and polars")
    parser.add_argument("--dolma-python", type=Path, help="the Python of an environment with dolma")
    parser.add_argument("--slow", action="store_true")
    arguments = parser.parse_args()
    scripts = of_dumps(arguments) if arguments.suite == "dumps" else of_bench(arguments.rivals_python)
    return max([run(name, options) for name, options in (scripts | {"tables.py": []}).items()])


def of_bench(rivals: Path | None) -> dict[str, list[str]]:
    """Scripts and their options."""
    if not (SHARED / "data").is_dir():
        print("kernel.py and recall.py skipped: no shared data; give the folder with data as CLEANER_SHARED")
        return {"end_to_end.py": []}
    if rivals is not None and not rivals.exists():
        print(f"rensa and gaoya skipped: no {rivals}")
        rivals = None
    kernel = [] if rivals is None else ["--rivals-python", str(rivals)]
    return {"kernel.py": kernel, "recall.py": [], "end_to_end.py": []}


def of_dumps(arguments: argparse.Namespace) -> dict[str, list[str]]:
    """The same; each script says itself what it has to leave out."""
    options = ["--slow"] if arguments.slow else []
    for flag, python in (("--rivals-python", arguments.rivals_python), ("--dolma-python", arguments.dolma_python)):
        options += [] if python is None else [flag, str(python)]
    scripts: dict[str, list[str]] = {"dumps.py": options, "pairing.py": [], "planted.py": []}
    return scripts | ({"tenfold.py": []} if arguments.slow else {})


def run(name: str, options: list[str]) -> int:
    print(f"== {name}", flush=True)
    return min(1, abs(subprocess.run([sys.executable, str(HERE / name), *options], check=False).returncode))


if __name__ == "__main__":
    sys.exit(main())
