"""A run that was stopped, at whatever moment, ends as if it had not been when it is gone on with."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from cleaner.errors import SettingsError
from cleaner.formats.restore import restore
from cleaner.job import JobOptions, run
from cleaner.settings import Settings

pytest.importorskip("numba", reason="scope corpus needs article-cleaner[dumps]")

ROOT = Path(__file__).parent.parent
WORDS = "stone river winter bread letter garden window market silver copper candle morning evening mountain".split()  # noqa: SIM905

RUN = """
import sys, time
from pathlib import Path
import cleaner.formats.steps as steps
from cleaner.formats import publishing
from cleaner.job import JobOptions, run
from cleaner.settings import Settings

root, scope, resume = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "resume"
steps.MANY = 3
take = publishing.Publisher.take
def slow(self, step, found):
    time.sleep(0.02)  # so that a kill comes between two files as well
    take(self, step, found)
publishing.Publisher.take = slow
options = JobOptions((str(root / "in"),), root / "out", scope=scope, workers=1, resume=resume)
sys.exit(run(options, Settings()).exit_code)
"""


def inputs(folder: Path, seed: int) -> None:
    rng = random.Random(seed)
    pool = [" ".join(rng.choices(WORDS, k=16)).capitalize() + "." for _ in range(60)]
    (folder / "in").mkdir(parents=True)
    for n in range(4):
        texts = ["\n\n".join(rng.choices(pool, k=8)) + "\n" for _ in range(30)]
        lines = "".join(json.dumps({"id": f"{n}-{k}", "text": text}) + "\n" for k, text in enumerate(texts))
        (folder / "in" / f"d{n}.jsonl").write_text(lines)
        (folder / "in" / f"e{n}.txt").write_text(texts[0])


REPORTS = ("_cleaner/report.json", "_cleaner/report.html")


def written(out: Path) -> dict[str, bytes]:
    """Every file of a run but its report and the page of it, which have times in them."""
    found = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    return {name: data for name, data in found.items() if name not in REPORTS}


def start(folder: Path, scope: str, how: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", RUN, str(folder), scope, how]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def killed_and_gone_on_with(folder: Path, scope: str, seed: int, kills: int, longest: float) -> None:
    """Kill a run at random moments, go on with it each time, and at last let it end."""
    rng = random.Random(seed)
    for n in range(kills):
        process = start(folder, scope, "begin" if n == 0 else "resume")
        time.sleep(rng.uniform(0, longest))
        process.kill()
        process.communicate()
    (folder / "out").mkdir(exist_ok=True)
    (folder / "out/.d1.jsonl.0123abcd.cleaner-tmp").write_bytes(b"half written by a killed run")
    process = start(folder, scope, "resume")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err.decode()


@pytest.mark.parametrize("scope", ["article", "corpus"])
def test_a_killed_run_that_is_gone_on_with_ends_with_the_same_bytes(tmp_path: Path, scope: str) -> None:
    kills = int(os.environ.get("CLEANER_KILLS", "5"))
    folder, other = tmp_path / "a", tmp_path / "b"
    inputs(folder, 1)
    inputs(other, 1)
    began = time.monotonic()
    process = start(other, scope, "begin")
    process.communicate(timeout=60)
    assert process.returncode == 0
    killed_and_gone_on_with(folder, scope, 3, kills, time.monotonic() - began)
    assert written(folder / "out") == written(other / "out")
    restore(folder / "out", folder / "back")
    for path in (folder / "in").iterdir():
        assert (folder / "back" / path.name).read_bytes() == path.read_bytes()


def go(folder: Path, **options: Any) -> Any:
    return run(JobOptions((str(folder / "in"),), folder / "out", **({"workers": 1} | options)), Settings())


def test_other_settings_or_inputs_are_not_gone_on_with(tmp_path: Path) -> None:
    inputs(tmp_path, 1)
    go(tmp_path)
    note = tmp_path / "out" / "_cleaner" / "unfinished.json"
    assert not note.exists()
    process = start(tmp_path, "article", "begin")
    while not note.exists():
        time.sleep(0.01)
    process.kill()
    process.communicate()
    with pytest.raises(SettingsError, match="the options of the run that was stopped here were others"):
        go(tmp_path, resume=True, text_field="body")
    (tmp_path / "in" / "e0.txt").write_text("Another text.\n")
    with pytest.raises(SettingsError, match="the inputs of the run that was stopped here were others"):
        go(tmp_path, resume=True)
    assert go(tmp_path).exit_code == 0
    assert not note.exists()


def test_without_a_stopped_run_resume_begins_one(tmp_path: Path) -> None:
    inputs(tmp_path, 1)
    assert go(tmp_path, resume=True).files == 8


def test_the_report_counts_what_was_done_before(tmp_path: Path) -> None:
    inputs(tmp_path, 2)
    whole = run(JobOptions((str(tmp_path / "in"),), tmp_path / "whole", workers=1), Settings())
    process = start(tmp_path, "article", "begin")
    while not (tmp_path / "out" / "d2.jsonl").exists():
        time.sleep(0.005)
    process.kill()
    process.communicate()
    again = go(tmp_path, resume=True)
    assert (again.tally, again.files) == (whole.tally, whole.files)
