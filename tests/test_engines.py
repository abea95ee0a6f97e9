"""Engines: equal results in the order of the batches, whatever runs them; faults end in one clear error."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from waiting import GUARD, until

from cleaner.engines import local, memory

Engine = Callable[[Callable[[int], int], Iterable[int]], Iterator[int]]
ENGINES: dict[str, Engine] = {
    "memory": memory.map_batches,
    "local-1": lambda function, batches: local.map_batches(function, batches, 1),
    "local-3": lambda function, batches: local.map_batches(function, batches, 3),
}


def slow_square(number: int) -> int:
    time.sleep(0.02 if number % 3 == 0 else 0)
    return number * number


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("size", [0, 1, 2, 25])
def test_results_come_in_the_order_of_the_batches(engine: Engine, size: int) -> None:
    assert list(engine(slow_square, iter(range(size)))) == [number * number for number in range(size)]


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_an_error_of_the_function_reaches_the_caller(engine: Engine) -> None:
    def fails_at_two(number: int) -> int:
        if number == 2:
            raise ValueError("two")
        return number

    with pytest.raises(ValueError, match="two"):
        list(engine(fails_at_two, range(10)))
    assert _all_ended()


def _all_ended() -> bool:
    """No worker is left, as soon as those there are have ended."""
    until(lambda: not multiprocessing.active_children())
    return True


def test_at_most_two_batches_a_worker_are_in_flight() -> None:
    """What is read ahead is bounded: 2 x workers, and the one that is handed over."""
    read = 0

    def batches() -> Iterator[int]:
        nonlocal read
        for number in range(40):
            read += 1
            yield number

    for done, _ in enumerate(local.map_batches(slow_square, batches(), 2)):
        assert read - done <= 5


def test_one_batch_starts_no_process() -> None:
    assert list(local.map_batches(lambda _: os.getpid(), [1], 4)) == [os.getpid()]
    assert list(local.map_batches(lambda _: os.getpid(), [1, 2], 1)) == [os.getpid()] * 2
    assert os.getpid() not in list(local.map_batches(lambda _: os.getpid(), [1, 2], 2))


def test_a_killed_worker_is_one_clear_error() -> None:
    def dies(number: int) -> int:
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(local.WorkerError, match="try again with fewer --workers"):
        list(local.map_batches(dies, range(10), 2))


def test_workers_end_when_the_caller_stops_early() -> None:
    results = local.map_batches(slow_square, range(1000), 2)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]
    assert _all_ended()


def test_what_is_warmed_up_is_shared_by_forked_workers() -> None:
    known: list[int] = []
    results = local.map_batches(lambda number: known[0] + number, [1, 2, 3], 2, warm=lambda: known.append(10))
    assert list(results) == [11, 12, 13]


SCRIPT = """
import pathlib, signal, sys
from cleaner.engines import local
def slow(number):  # one worker is busy, the others wait for work
    pathlib.Path(sys.argv[1], str(number)).touch()
    while number == 0:
        signal.pause()
print("ready", flush=True)
try:
    list(local.map_batches(slow, range(10), 3))
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def test_ctrl_c_ends_parent_and_workers_at_once(tmp_path: Path) -> None:
    """Sent to the whole group, as a terminal does: workers print nothing and do not stay behind."""
    root = Path(__file__).parent.parent
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=root,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    until(lambda: {"0", "1", "2", "3"} <= set(os.listdir(tmp_path)))
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=GUARD)
    assert output == b"interrupted\n"
    assert b"Traceback" not in errors
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_workers_leave_ctrl_c_to_the_parent() -> None:
    """It reaches the whole group of a terminal; a worker that obeyed would print a traceback."""

    def interrupted(number: int) -> int:
        os.kill(os.getpid(), signal.SIGINT)
        return number

    assert list(local.map_batches(interrupted, range(4), 2)) == [0, 1, 2, 3]


def test_a_run_with_spawned_workers_gives_the_same(tmp_path: Path) -> None:
    """The work travels by pickle where processes are not forked (macOS, Windows)."""
    line = "Une première phrase assez longue.\n"
    (tmp_path / "in").mkdir()
    for name in "abc":
        (tmp_path / "in" / f"{name}.txt").write_text(line * 2)
    root = Path(__file__).parent.parent
    command = [sys.executable, str(root / "tests" / "spawned.py"), str(tmp_path / "in"), str(tmp_path / "out")]
    environment = os.environ | {"PYTHONPATH": str(root)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=GUARD)
    assert done.stdout == "3 0\n", done.stderr
    assert (tmp_path / "out" / "c.txt").read_text() == line
