#!/usr/bin/env python3
"""All measurements of speed and recall, one after the other, then the tables: ``make bench``.

    python benchmarks/run.py [--rivals-python PYTHON]

Ends with 1 where one of them did; the tables are written all the same.
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
    parser.add_argument("--rivals-python", type=Path, help="the Python of an environment with rensa and gaoya")
    rivals: Path | None = parser.parse_args().rivals_python
    if rivals is not None and not rivals.exists():
        print(f"rensa and gaoya skipped: no {rivals}")
        rivals = None
    names = ["kernel.py", "recall.py", "end_to_end.py", "tables.py"]
    if not (SHARED / "data").is_dir():
        print("kernel.py and recall.py skipped: no shared data; give the folder with data as CLEANER_SHARED")
        names = names[2:]
    return max([run(name, rivals) for name in names])


def run(name: str, rivals: Path | None) -> int:
    print(f"== {name}", flush=True)
    options = ["--rivals-python", str(rivals)] if name == "kernel.py" and rivals is not None else []
    return min(1, abs(subprocess.run([sys.executable, str(HERE / name), *options], check=False).returncode))


if __name__ == "__main__":
    sys.exit(main())
