"""A run that was stopped, at whatever moment, ends as if it had not been when it is gone on with."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
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
import os, signal, sys
from pathlib import Path
import cleaner.formats.steps as steps
from cleaner.job import JobOptions, run
from cleaner.plan import warm_up_corpus
from cleaner.settings import Settings

root, scope, resume, moment = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "resume", sys.argv[4]
steps.MANY = 3
calls, last, once = 0, int(moment) if moment.isdigit() else 0, root / moment
def count(frame, event, arg):
    global calls
    calls += 1
    if calls == last or (not moment.isdigit() and once.exists()):
        os.kill(os.getpid(), signal.SIGKILL)
warm_up_corpus()
options = JobOptions((str(root / "in"),), root / "out", scope=scope, workers=1, resume=resume)
sys.setprofile(count)
code = run(options, Settings()).exit_code
sys.setprofile(None)
print(calls)
sys.exit(code)
"""
"""Kills itself at the call or return of so many functions, or as soon as a file is there; it tells how many it made."""


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


def start(folder: Path, scope: str, how: str, moment: int | str = 0) -> subprocess.CompletedProcess[str]:
    """A run that is killed at that moment, 0: never."""
    command = [sys.executable, "-c", RUN, str(folder), scope, how, str(moment)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def killed_and_gone_on_with(folder: Path, scope: str, seed: int, kills: int, calls: int) -> None:
    """Kill a run at random moments, go on with it each time, and at last let it end."""
    rng = random.Random(seed)
    for n in range(kills):
        killed = start(folder, scope, "begin" if n == 0 else "resume", rng.randrange(calls) + 1)
        assert killed.returncode in (-signal.SIGKILL, 0), killed.stderr
    (folder / "out").mkdir(exist_ok=True)
    (folder / "out/.d1.jsonl.0123abcd.cleaner-tmp").write_bytes(b"half written by a killed run")
    ended = start(folder, scope, "resume")
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("scope", ["article", "corpus"])
def test_a_killed_run_that_is_gone_on_with_ends_with_the_same_bytes(tmp_path: Path, scope: str) -> None:
    kills = int(os.environ.get("CLEANER_KILLS", "5"))
    folder, other = tmp_path / "a", tmp_path / "b"
    inputs(folder, 1)
    inputs(other, 1)
    whole = start(other, scope, "begin")
    assert whole.returncode == 0, whole.stderr
    killed_and_gone_on_with(folder, scope, 3, kills, int(whole.stdout))
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
    assert start(tmp_path, "article", "begin", "out/_cleaner/unfinished.json").returncode == -signal.SIGKILL
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
    assert start(tmp_path, "article", "begin", "out/d2.jsonl").returncode == -signal.SIGKILL
    again = go(tmp_path, resume=True)
    assert (again.tally, again.files) == (whole.tally, whole.files)
