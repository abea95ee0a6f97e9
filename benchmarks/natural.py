#!/usr/bin/env python3
"""What becomes of repeats in real text, each judged by hand, at default settings.

    python benchmarks/natural.py

Three sets, in eval/natural of the shared folder: news and web pages, cleaned article by article, and articles that
belong together, cleaned across articles, once more with ``--lone remove``. Each is cleaned by the command and scored by
eval/score_natural.py: of the repeats that an editor would take out, how many go, and of what must stay, how much is
broken. The floors of these figures are in tests/test_natural.py.

Writes benchmarks/results/natural.json: counts in all and by kind of case, each case that did not come out as judged,
digests, versions, seconds, load.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from quality import EVAL, PACKAGES, ROOT, code_digest, digest, script

RESULT = ROOT / "benchmarks" / "results" / "natural.json"
CASES, SCORE = EVAL / "natural", EVAL / "score_natural.py"
COUNTS = ("repeats", "done", "wrong side", "left", "stays", "broken")

Row = dict[str, Any]


class Run(NamedTuple):
    """A set, how it is cleaned, and what the first version of cleaner did with it."""

    file: str
    options: tuple[str, ...]
    first: dict[str, int]
    """It knew no ``--lone``: across articles every equal paragraph went."""


_NEWS = {"repeats": 132, "done": 45, "wrong side": 6, "stays": 101, "broken": 4}
_WEB = {"repeats": 148, "done": 47, "wrong side": 14, "stays": 200, "broken": 34}
_CORPUS = {"repeats": 83, "done": 46, "wrong side": 0, "stays": 86, "broken": 25}
RUNS = {
    "news": Run("news.jsonl", (), _NEWS),
    "web": Run("web.jsonl", (), _WEB),
    "corpus": Run("corpus.jsonl", ("--scope", "corpus"), _CORPUS),
    "corpus, --lone remove": Run("corpus.jsonl", ("--scope", "corpus", "--lone", "remove"), _CORPUS),
}


def measured(run: Run) -> Row:
    """Counts in all and by kind, and the cases that did not come out as judged."""
    with tempfile.TemporaryDirectory() as name:
        source, out = str(CASES / run.file), str(Path(name) / "out")
        command = [sys.executable, "-m", "cleaner", "clean", source, "-o", out, "--quiet", *run.options]
        subprocess.run(command, check=True)
        scored = json.loads(script(SCORE, source, out, "--json").stdout)
    kinds = {kind: {name: row.get(name, 0) for name in COUNTS} for kind, row in scored["rows"].items()}
    total = kinds.pop("ALL")
    return {
        "file": run.file,
        "options": list(run.options),
        "all": total,
        "first version": run.first,
        "kinds": dict(sorted(kinds.items(), key=lambda each: (-each[1]["repeats"], -each[1]["stays"], each[0]))),
        "not as judged": scored["detail"],
    }


def main() -> int:
    files = sorted({CASES / run.file for run in RUNS.values()})
    if missing := [path.name for path in [*files, SCORE] if not path.exists()]:
        print(f"natural skipped: no {', '.join(missing)}; give the folder with data and eval as CLEANER_SHARED")
        return 0
    began, load, code = time.perf_counter(), os.getloadavg()[0], code_digest()
    runs = {name: measured(run) for name, run in RUNS.items()}
    if code != code_digest():
        print("natural: the package was changed while it was measured; nothing is stored, run it again")
        return 1
    result = {
        "runs": runs,
        "date": time.strftime("%Y-%m-%d"),
        "seconds": round(time.perf_counter() - began, 1),
        "load average before and after": [round(load, 2), round(os.getloadavg()[0], 2)],
        "machine": {"cpus": os.cpu_count(), "architecture": platform.machine()},
        "versions": {"python": platform.python_version()}
        | {name: importlib.metadata.version(name) for name in PACKAGES},
        "digests": {path.name: digest(path) for path in [*files, SCORE]} | {"the package": code},
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{'':24}" + "".join(f"{name:>12}" for name in COUNTS))
    for name, row in runs.items():
        print(f"{name:24}" + "".join(f"{row['all'][count]:12}" for count in COUNTS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
