"""Runs that the machine ends: a disk that fills up; a worker, or the whole run, that is killed."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from reported import CLEANER
from waiting import until

from cleaner.formats.restore import restore

PARAGRAPH = "The bridge over the river will be closed for twelve weeks while engineers check it. No {} is planned.\n"
TEXT = "".join(PARAGRAPH.format(word) for word in ("ferry", "detour", "toll", "bus"))
ROOT = Path(__file__).parent.parent


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)}


def cleaner(*arguments: str) -> list[str]:
    return [*CLEANER, *arguments]


def record(number: int, text: str) -> bytes:
    return json.dumps({"id": number, "text": text}).encode() + b"\n"


def small_disk(folder: Path, kilobytes: int, command: list[str]) -> tuple[str, list[str]]:
    """What ``command`` says with a disk of that size at ``folder``, and the files on it then; or skip."""
    if shutil.which("unshare") is None:
        pytest.skip("no unshare here to mount a small disk with")
    mount = f"mount -t tmpfs -o size={kilobytes}k tmpfs '{folder}'"
    if subprocess.run(["unshare", "-rm", "sh", "-c", mount], capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    script = f'{mount} && cd "$1" && shift && "$@"; echo "exit $?"; find . -type f | sort; cat out/_cleaner/files.jsonl'
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", str(folder), *command],
        capture_output=True, text=True, env=environment(), check=False,
    )  # fmt: skip
    return done.stderr, done.stdout.splitlines()


@pytest.mark.parametrize("form", ["m.jsonl", "m.tar", "m.txt"])
def test_a_disk_that_fills_half_way(tmp_path: Path, form: str) -> None:
    """One clear line and exit code 2; what fitted is whole and in the log, of the rest nothing is there."""
    (tmp_path / "in").mkdir()
    (tmp_path / "disk").mkdir()
    (tmp_path / "in/a.txt").write_text(TEXT * 2)
    (tmp_path / "in/z.txt").write_text(TEXT * 2)
    data = b"".join(record(number, TEXT * 2 + os.urandom(200).hex()) for number in range(900))
    if form == "m.txt":
        data = os.urandom(1 << 20).hex().encode()
    if form == "m.tar":
        target = io.BytesIO()
        with tarfile.open(fileobj=target, mode="w") as archive:
            info = tarfile.TarInfo("d.jsonl")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        data = target.getvalue()
    (tmp_path / "in" / form).write_bytes(data)
    command = cleaner("clean", str(tmp_path / "in"), "-o", "out", "--workers", "1")
    said, found = small_disk(tmp_path / "disk", 300, command)
    (line,) = [line for line in said.splitlines() if "cannot be written" in line]
    fix = "make room there, or give another folder with -o, and run again"
    assert line.startswith("cleaner: out/")
    assert line.endswith(f": cannot be written (No space left on device); {fix}")
    assert found[0] == "exit 2"
    names = ("cases.jsonl", "files.jsonl", "removals.jsonl", "report.html", "report.json", "variants.jsonl")
    log = [f"./out/_cleaner/{name}" for name in names]
    done = [json.loads(entry)["file"] for entry in found if entry.startswith("{")]
    assert found[1 : -len(done)] == [*log, *(f"./out/{name}" for name in done)]
    assert done == ["a.txt"] or (form == "m.txt" and done == [])


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds workers by /proc")
def test_a_worker_that_is_killed(tmp_path: Path) -> None:
    """One clear line, exit code 2, and no half of a file."""
    out = tmp_path / "out"
    run = subprocess.Popen(
        cleaner("clean", "-", "-o", str(out), "--format", "jsonl", "--workers", "2"),
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    )  # fmt: skip
    assert run.stdin is not None
    run.stdin.write(record(1, TEXT * 2) * 20_000)  # 16 MB, four batches
    run.stdin.flush()
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    until(lambda: len(children.read_text().split()) >= 2)
    for child in children.read_text().split():
        os.kill(int(child), signal.SIGKILL)
    with contextlib.suppress(BrokenPipeError):
        run.stdin.write(record(1, TEXT * 2) * 20_000)
    said = run.communicate()[1].decode()
    assert run.returncode == 2
    assert said.count("\n") == 1
    assert (
        "a worker process was ended from outside (perhaps for want of memory); try again with fewer --workers" in said
    )
    left = [path.name for path in out.rglob("*") if path.is_file() and "jsonl" not in path.name]
    assert left == ["unfinished.json"], "it may be gone on with"
    assert not (out / "stdin.jsonl").exists()
    assert [path.name for path in out.rglob("*.cleaner-tmp")] == []


KILLED = """
import os, sys
from cleaner.formats.archive_output import ArchiveOutput
ArchiveOutput.end = lambda self: os._exit(9)
from cleaner.cli import main
sys.exit(main())
"""


def test_a_run_that_is_killed_in_an_archive_leaves_the_log_of_the_last_one_good(tmp_path: Path) -> None:
    """Rows of members are on the disk then, but no entry of their archive: they are no rows of it."""
    path, out = tmp_path / "m.tar", tmp_path / "out"

    def write(text: str) -> bytes:
        with tarfile.open(path, "w") as archive:
            for name in ("a.txt", "b.txt"):
                info = tarfile.TarInfo(name)
                info.size = len(text.encode())
                archive.addfile(info, io.BytesIO(text.encode()))
        return path.read_bytes()

    first = write(TEXT * 2)
    clean = ("clean", str(path), "-o", str(out), "-q")
    subprocess.run(cleaner(*clean), env=environment(), check=True)
    second = write(TEXT * 3)
    killed = subprocess.run([sys.executable, "-c", KILLED, *clean], env=environment(), check=False)
    assert killed.returncode == 9
    assert (out / "_cleaner/removals.jsonl.part").exists()
    restore(out, tmp_path / "back")
    assert (tmp_path / "back/m.tar").read_bytes() == first
    subprocess.run(cleaner(*clean), env=environment(), check=True)
    restore(out, tmp_path / "back")
    assert (tmp_path / "back/m.tar").read_bytes() == second
