"""benchmarks/report.py compares what it says: a run with cases noted, and the same run without."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT, INPUT = ROOT / "benchmarks" / "report.py", ROOT / "samples" / "news.jsonl"


def logged(road: str, folder: Path) -> dict[str, str]:
    """The log of a run by that road, the text of each file."""
    if not SCRIPT.exists() or not INPUT.exists():
        pytest.skip("no benchmarks or samples, which only a clone has")
    told, out = folder / f"{road}.json", folder / "out"
    command = [sys.executable, str(SCRIPT), "--as-run", road, str(told), "clean", str(INPUT), "-o", str(out)]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    assert set(json.loads(told.read_text(encoding="utf-8"))) == {"seconds", "processor"}
    log = out.rename(folder / road) / "_cleaner"
    return {file.name: file.read_text(encoding="utf-8") for file in log.glob("*.jsonl")}


def test_without_noting_the_log_is_the_same_but_for_its_cases(tmp_path: Path) -> None:
    noted, bare = (logged(road, tmp_path) for road in ("noted", "not noted"))
    assert noted["removals.jsonl"]
    assert noted["variants.jsonl"]
    assert noted.pop("cases.jsonl")
    assert not bare.pop("cases.jsonl", "")
    assert noted == bare
