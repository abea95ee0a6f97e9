"""How far a run is: what is told of it, and how that looks on a terminal and elsewhere."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy import clean

from cleaner.cli import progress, run, streams
from cleaner.cli.pace import Pace, number_shown, size_shown, time_shown
from cleaner.cli.progress import Bar, Lines, following
from cleaner.formats.compression import compressed
from cleaner.formats.gauge import Gauge
from cleaner.formats.work import Events, Progress
from cleaner.job import JobOptions
from cleaner.job import run as run_job
from cleaner.settings import Settings

ROOT = Path(__file__).parent.parent
MB = 1 << 20


def dump(records: int, size: int = 2000) -> bytes:
    texts = (f"{number:>{size}}\nAn article of some words.\n" for number in range(records))
    return b"".join(json.dumps({"id": number, "text": text}).encode() + b"\n" for number, text in enumerate(texts))


def told_of(inputs: list[Path], **options: Any) -> list[Progress]:
    """All that is told of a run over ``inputs``."""
    told: list[Progress] = []
    chosen = {"dry_run": True, "workers": 1} | options
    names = tuple(map(str, inputs))
    cleaner = clean if chosen.get("scope", "article") == "article" else None
    run_job(JobOptions(inputs=names, **chosen), Settings(), cleaner, events=Events(progress=told.append))
    return told


def many(folder: Path) -> list[Path]:
    """Inputs of every kind that is read in its own way."""
    (folder / "a.txt").write_text("An article.\n" * 9)
    (folder / "b.jsonl").write_bytes(dump(3000))
    (folder / "c.jsonl.gz").write_bytes(compressed(dump(5000), "gz"))
    with zipfile.ZipFile(folder / "d.zip", "w") as archive:
        archive.writestr("one.txt", "One.\n" * 100)
        archive.writestr("two.txt", "Two.\n" * 100)
    (folder / "e.py").write_text("no = 'article'\n")
    return sorted(folder.iterdir())


# --- what is told -----------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_bytes_done_are_bytes_on_the_disk_and_only_grow(tmp_path: Path, workers: int) -> None:
    inputs = many(tmp_path)
    told = told_of(inputs, workers=workers)
    size = sum(path.stat().st_size for path in inputs)
    assert {each.phase for each in told} == {"clean"}
    assert {each.total for each in told} == {size}
    done = [each.done for each in told]
    assert done == sorted(done)
    assert done[0] == 0
    assert len(set(done)) > 4  # not all at once
    assert size - 200 <= done[-1] <= size  # the directory of a zip archive is read, but no step of it
    assert told[-1].articles == 1 + 3000 + 5000 + 2


def test_a_step_counts_when_it_is_done_not_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(dump(6000))  # 12 MB in steps of 4
    first = next(each for each in told_of([tmp_path / "a.jsonl"], workers=2) if each.articles)
    assert first.done < (tmp_path / "a.jsonl").stat().st_size * 0.8


def test_parquet_is_as_far_as_its_rows(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"text": [f"{n:>3000}" for n in range(5000)]}), tmp_path / "a.parquet")
    size = (tmp_path / "a.parquet").stat().st_size
    told = told_of([tmp_path / "a.parquet"])
    done = [each.done for each in told]
    assert done == sorted(done)
    assert len(set(done)) > 2
    assert (told[-1].done, told[-1].total, told[-1].articles) == (size, size, 5000)


def test_a_pipe_has_no_size() -> None:
    code = (
        "import sys; sys.path[:0] = ['tests']; from test_progress import *;"
        "print([(t.done, t.total, t.articles) for t in told_of([Path('-')], format='jsonl')][-1])"
    )
    done = subprocess.run([sys.executable, "-c", code], input=dump(50), capture_output=True, cwd=ROOT, check=True)
    assert done.stdout.decode().strip() == f"({len(dump(50))}, None, 50)"


def test_scope_corpus_goes_through_its_inputs_twice(tmp_path: Path) -> None:
    pytest.importorskip("numba")
    (tmp_path / "a.jsonl.gz").write_bytes(compressed(dump(5000), "gz"))
    (tmp_path / "b.txt").write_text("An article.\n")
    inputs = sorted(tmp_path.iterdir())
    size = sum(path.stat().st_size for path in inputs)
    told = told_of(inputs, scope="corpus")
    phases = [each.phase for each in told]
    assert [phase for n, phase in enumerate(phases) if phase not in phases[:n]] == ["scan", "decide", "write"]
    for phase in ("scan", "write"):
        last = [each for each in told if each.phase == phase][-1]
        assert (last.done, last.total, last.articles) == (size, size, 5001)
    assert next(each for each in told if each.phase == "decide").total is None


def test_when_a_pipe_is_written_its_size_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(dump(50))))
    told = told_of([Path("-")], scope="corpus", format="jsonl")
    assert {each.total for each in told if each.phase == "scan"} == {None}
    assert {each.total for each in told if each.phase == "write"} == {len(dump(50))}


def test_a_file_that_vanishes_is_passed_with_what_is_known_of_it(tmp_path: Path) -> None:
    from cleaner.formats.files import Source

    (tmp_path / "a").write_bytes(b"12345")
    source = Source(str(tmp_path / "a"), "a")
    gauge = Gauge([source, source])
    assert gauge.total == 10
    assert gauge.counted(io.BytesIO(b"123")).read(2) == b"12"
    assert gauge.read == 2
    gauge.passed(source)  # although not all of it was read
    assert gauge.read == 5
    (tmp_path / "a").unlink()
    gauge.passed(source)
    assert gauge.read == 5


# --- how fast it goes -------------------------------------------------------------------------------


def test_what_is_said_of_a_steady_run() -> None:
    pace = Pace()
    for second in range(20):
        pace.told(Progress("scan", second * 31 * MB, 1229 * MB, second * 2103), 100.0 + second)
    assert pace.words(119.0, "about ") == "47% of 1.2 GB, 31 MB/s, 2,103 articles/s, about 0:21 left"
    assert pace.words(119.0, brief=True) == "47% of 1.2 GB, 0:21 left"


def test_until_a_speed_is_known_it_is_said_how_long_it_takes_already() -> None:
    pace = Pace()
    pace.told(Progress("clean", 0, 48 * MB), 10.0)
    assert pace.words(12.0) == "0% of 48 MB, 0:02 so far"
    pace.told(Progress("clean", MB, 48 * MB, 9), 13.0)
    assert pace.words(13.5) == "2% of 48 MB, 0:04 so far"


def test_without_a_size_there_is_no_time_left() -> None:
    pace = Pace()
    for second in range(5):
        pace.told(Progress("clean", second * MB, None, second), float(second))
    assert pace.words(4.0) == "4.0 MB read, 1.0 MB/s, 1.0 articles/s, 0:04 so far"
    pace.told(Progress("decide"), 5.0)
    assert pace.words(8.0) == "0:03 so far"


def test_a_new_phase_has_a_speed_of_its_own() -> None:
    pace = Pace()
    for second in range(10):
        pace.told(Progress("scan", second * 9 * MB, 90 * MB, second), float(second))
    pace.told(Progress("write", MB, 90 * MB, 1), 20.0)
    assert pace.speed(20.0) is None
    pace.told(Progress("write", 3 * MB, 90 * MB, 1), 22.0)
    assert pace.speed(22.0) == (MB, 0.0)


def test_a_speed_is_that_of_the_last_half_minute_and_sinks_when_nothing_comes() -> None:
    pace = Pace()
    for second in range(100):
        pace.told(Progress("clean", second * MB if second < 50 else (50 + (second - 50) * 3) * MB, 999 * MB, 0), second)
    assert pace.speed(99.0) == (3 * MB, 0.0)
    assert pace.speed(103.0) == (3 * MB, 0.0)  # a step may take its time
    slower = pace.speed(135.0)
    assert slower is not None
    assert slower[0] < 1.6 * MB


def test_an_input_that_grows_while_it_is_read_is_never_more_than_done() -> None:
    pace = Pace()
    pace.told(Progress("clean", 5, 10, 1), 0.0)
    pace.told(Progress("clean", 15, 10, 2), 5.0)
    assert pace.words(5.0).startswith("100% of 10 bytes, ")
    assert pace.left(5.0) is None


def test_empty_inputs_are_done() -> None:
    pace = Pace()
    pace.told(Progress("clean", 0, 0, 1), 0.0)
    assert pace.words(0.0) == "100% of 0 bytes, 0:00 so far"


@given(
    st.lists(st.tuples(st.floats(0, 100), st.integers(0, 10**12)), min_size=1, max_size=30),
    st.one_of(st.none(), st.integers(0, 10**12)),
    st.floats(0, 1000),
)
def test_whatever_is_told_there_is_something_to_say(
    steps: list[tuple[float, int]], total: int | None, later: float
) -> None:
    pace, now, done = Pace(), 0.0, 0
    for wait, size in steps:
        now, done = now + wait, done + size
        pace.told(Progress("clean", done, total, done // 2), now)
        said = pace.words(now + later)
        assert re.fullmatch(r"[\d,.]* ?[\w%:/,. ]+ (left|so far)", said), said
        assert "-" not in said


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (9.96 * 1024, "10 kB"), (48 * MB, "48 MB"),
        (1229 * MB, "1.2 GB"), (999.7 * MB, "1.0 GB"), (5 << 40, "5.0 TB"), (5000 << 40, "5,000 TB"),
    ],
)  # fmt: skip
def test_sizes_as_they_are_shown(size: float, shown: str) -> None:
    assert size_shown(size) == shown


def test_times_and_numbers_as_they_are_shown() -> None:
    assert [time_shown(each) for each in (0, 41.4, 59.6, 7387, 90_000, 200_000)] == [
        "0:00", "0:41", "1:00", "2:03:07", "1 day 1:00:00", "2 days 7:33:20",
    ]  # fmt: skip
    assert [number_shown(each) for each in (0.04, 9.94, 9.96, 2103.4)] == ["0.0", "9.9", "10", "2,103"]


# --- lines ------------------------------------------------------------------------------------------


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_lines_come_after_ten_seconds_and_then_every_ten(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    lines = Lines(("scan", "decide", "write"), clock, alone=False)
    for second in range(35):
        clock.now = float(second)
        lines.told(Progress("scan", second * MB, 100 * MB, second * 10))
    clock.now = 39.9
    lines.tick()
    clock.now = 40.0
    lines.told(Progress("decide"))
    lines.close()
    assert capsys.readouterr().err.splitlines() == [
        "cleaner: scan (1 of 3): 10% of 100 MB, 1.0 MB/s, 10 articles/s, about 1:30 left",
        "cleaner: scan (1 of 3): 20% of 100 MB, 1.0 MB/s, 10 articles/s, about 1:20 left",
        "cleaner: scan (1 of 3): 30% of 100 MB, 1.0 MB/s, 10 articles/s, about 1:10 left",
        "cleaner: decide (2 of 3): 0:00 so far",
    ]


def test_a_run_of_one_phase_does_not_number_it(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    lines = Lines(("clean",), clock, alone=False)
    clock.now = 10.0
    lines.told(Progress("clean", MB, None, 3))
    assert capsys.readouterr().err == "cleaner: clean: 1.0 MB read, 0:00 so far\n"


def test_where_nobody_listens_the_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def write(self, _: str) -> int:
            raise OSError(5, "Input/output error")

        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", Gone())
    for display in (Bar(("clean",), 0.0, alone=False), Lines(("clean",), alone=False)):
        display.began, display._next = 0.0, 0.0
        display.told(Progress("clean", 1, 2, 3))
        streams.say("a problem")
        display.close()


# --- the bar ----------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """A terminal that knows line ends, and the few codes by which lines are erased."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def screen(self) -> list[str]:
        lines, row, column = [""], 0, 0
        for part in re.findall(r"\x1b\[[\d;?]*[A-Za-z]|\r|\n|[^\x1b\r\n]+", self.getvalue()):
            if part == "\r":
                column = 0
            elif part == "\n":
                row, column = row + 1, 0
                lines += [""] * (row + 1 - len(lines))
            elif part == "\x1b[2K":
                lines[row] = ""
            elif re.fullmatch(r"\x1b\[\d+A", part):
                row -= int(part[2:-1])
            elif part.startswith("\x1b"):
                assert part.endswith("m"), f"a code this terminal does not know: {part!r}"
            else:
                lines[row] = lines[row][:column].ljust(column) + part + lines[row][column + len(part) :]
                column += len(part)
        return [line.rstrip() for line in lines if line.strip()]


@pytest.fixture
def attach(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Terminal]]:
    """Standard error becomes a terminal when the test asks for it, since pytest sets it after fixtures."""
    pytest.importorskip("rich")
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")

    def attached() -> Terminal:
        monkeypatch.setattr(sys, "stderr", own := Terminal())
        return own

    yield attached
    streams.above(None)


Attach = Callable[[], Terminal]


def a_bar(phases: Any = ("scan", "decide", "write")) -> tuple[Bar, Clock]:
    clock = Clock()
    return Bar(phases, 0.5, clock, alone=False), clock


def run_for(bar: Bar, clock: Clock, seconds: int) -> None:
    for second in range(seconds + 1):
        clock.now = float(second)
        bar.told(Progress("scan", second * 10 * MB, 100 * MB, second * 2000))


def test_the_bar_says_phase_share_speeds_and_time_left(attach: Attach) -> None:
    terminal = attach()
    bar, clock = a_bar()
    run_for(bar, clock, 4)
    (line,) = terminal.screen()
    assert re.fullmatch(r"scan 1/3 [━╸╺]{8,24} +40% of 100 MB, 10 MB/s, 2,000 articles/s, 0:06 left", line), line
    assert len(line) <= 80


def test_what_is_told_meanwhile_stands_above_the_bar_whole_and_once(attach: Attach) -> None:
    terminal = attach()
    bar, clock = a_bar()
    run_for(bar, clock, 2)
    long = "news/2026/a long name of a file.txt:17: " + "word " * 40 + "end; correct it [red]not markup[/red] :smile:"
    streams.say(long)
    streams.say("a second one")
    run_for(bar, clock, 5)
    told, second, line = terminal.screen()
    assert told == f"cleaner: {long}"
    assert second == "cleaner: a second one"
    assert line.startswith("scan 1/3 ━")
    assert "50% of" in line


def test_at_the_end_the_bar_is_gone_and_lines_are_plain_again(attach: Attach) -> None:
    terminal = attach()
    bar, clock = a_bar()
    run_for(bar, clock, 3)
    streams.say("before")
    bar.close()
    streams.say("after")
    assert terminal.screen() == ["cleaner: before", "cleaner: after"]
    bar.told(Progress("write", 1, 2, 3))  # a late word is not heard
    assert terminal.screen() == ["cleaner: before", "cleaner: after"]


def test_the_cursor_is_never_hidden_for_a_killed_run_could_not_show_it_again(attach: Attach) -> None:
    terminal = attach()
    bar, clock = a_bar()
    run_for(bar, clock, 3)
    assert "━" in terminal.getvalue()
    assert "\x1b[?25l" not in terminal.getvalue()


def test_a_phase_without_a_size_has_a_bar_that_says_how_long_it_takes(attach: Attach) -> None:
    terminal = attach()
    bar, clock = a_bar()
    run_for(bar, clock, 2)
    bar.told(Progress("decide"))
    clock.now = 7.0
    bar.tick()
    (line,) = terminal.screen()
    assert re.fullmatch(r"decide 2/3 ━{24} 0:05 so far", line), line


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        (60, r"scan 1/3 40% of 100 MB, 10 MB/s, 2,000 articles/s, 0:06 left"),
        (40, r"scan 1/3 40% of 100 MB, 0:06 left"),
        (20, r"scan 1/3 40% of 100…"),
    ],
)
def test_on_a_narrow_terminal_the_bar_stays_one_line(
    attach: Attach, monkeypatch: pytest.MonkeyPatch, columns: int, wanted: str
) -> None:
    terminal = attach()
    monkeypatch.setenv("COLUMNS", str(columns))
    bar, clock = a_bar()
    run_for(bar, clock, 4)
    assert terminal.screen() == [wanted]


def test_before_its_time_there_is_no_bar(attach: Attach) -> None:
    terminal = attach()
    bar, clock = a_bar()
    clock.now = 0.49
    bar.told(Progress("scan", MB, 100 * MB, 1))
    bar.close()
    assert terminal.getvalue() == ""


# --- where it is shown ------------------------------------------------------------------------------


@pytest.mark.parametrize("silent", [True, False])
def test_silent_is_silent(attach: Attach, monkeypatch: pytest.MonkeyPatch, silent: bool) -> None:
    terminal = attach()
    monkeypatch.setattr(progress, "DELAY", 0.0)
    with following(("clean",), silent=silent, delay=0.0) as told:
        told(Progress("clean", 1, 2, 3))
        assert (terminal.getvalue() == "") is silent
    assert terminal.screen() == []


@pytest.mark.parametrize("term", ["dumb", "unknown"])
def test_a_terminal_that_cannot_redraw_gets_lines(attach: Attach, monkeypatch: pytest.MonkeyPatch, term: str) -> None:
    terminal = attach()
    monkeypatch.setenv("TERM", term)
    with following(("clean",), silent=False, delay=0.0) as told:
        told(Progress("clean", 1, 2, 3))
        assert terminal.getvalue() == ""


@pytest.mark.parametrize(
    ("screen", "to_terminal", "out", "silent"),
    [
        ({}, False, True, False),
        ({"quiet": True}, False, True, True),
        ({"json": True}, False, True, True),
        ({}, True, True, False),
        ({}, True, False, True),  # the text goes where the bar would be
        ({}, False, False, False),
    ],
)
def test_quiet_json_and_texts_on_the_terminal_have_no_progress(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    screen: dict[str, bool],
    to_terminal: bool,
    out: bool,
    silent: bool,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked: list[bool] = []

    def follow(phases: Any, *, silent: bool, delay: float = 0.5) -> Any:
        asked.append(silent)
        return following(phases, silent=True)

    monkeypatch.setattr(run, "following", follow)
    monkeypatch.setattr(run, "to_terminal", lambda: to_terminal)
    (tmp_path / "a.txt").write_text("An article.\n")
    options = JobOptions((str(tmp_path / "a.txt"),), tmp_path / "out" if out else None, workers=1)
    run.clean_run(options, Settings(), run.Screen(**screen))
    assert asked == [silent]


def test_the_phases_of_a_run() -> None:
    inputs = ("a.txt",)
    assert run.phases_of(JobOptions(inputs)) == ("clean",)
    assert run.phases_of(JobOptions(inputs, scope="corpus")) == ("scan", "decide", "write")
    with_index = JobOptions(inputs, scope="corpus", index=Path("x"))
    assert run.phases_of(with_index) == ("scan", "decide", "write", "index")


SMALL = """
import io, sys, time
times = iter(range(1000000))
time.perf_counter = lambda: {now}  # how long the run seems to take
sys.argv = ["cleaner", *{arguments!r}]
class Terminal(io.StringIO):
    def isatty(self): return True
real, sys.stderr = sys.stderr, Terminal()
from cleaner.cli import main
try:
    main()
except SystemExit:
    pass
print("rich" in sys.modules, "\\x1b" in sys.stderr.getvalue(), file=real)
"""


@pytest.mark.parametrize(
    ("command", "now", "loaded"),
    [("clean", "0.0", False), ("find", "0.0", False), ("clean", "next(times)", True), ("find", "next(times)", True)],
)
def test_a_small_run_on_a_terminal_neither_shows_a_bar_nor_loads_rich(
    tmp_path: Path, command: str, now: str, loaded: bool
) -> None:
    (tmp_path / "a.txt").write_text("An article of one line.\n")
    code = SMALL.format(arguments=[command, str(tmp_path / "a.txt")], now=now)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, cwd=tmp_path, check=True)
    assert done.stderr.decode().strip() == f"{loaded} {loaded}"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
def test_a_fork_waits_until_nothing_is_being_drawn() -> None:
    """Else a worker would inherit a stream in the middle of a line, write it once more, or wait for its lock."""
    progress._wait_at_forks()
    drawing, forking, drawn = threading.Event(), threading.Event(), []

    def draw() -> None:
        with progress._DRAWING:
            drawing.set()
            forking.wait()
            for _ in range(1_000):  # time enough for a fork that does not wait
                os.sched_yield()
            drawn.append("a line")

    thread = threading.Thread(target=draw)
    thread.start()
    drawing.wait()
    os.register_at_fork(before=forking.set)  # called before those that were registered earlier
    worker = os.fork()
    if not worker:
        os._exit(0 if drawn and progress._DRAWING.acquire(blocking=False) else 1)
    thread.join()
    assert os.waitpid(worker, 0)[1] == 0


def test_a_run_with_workers_goes_on_while_its_bar_is_drawn(attach: Attach, tmp_path: Path) -> None:
    terminal = attach()
    (tmp_path / "a.jsonl").write_bytes(dump(6000))
    with following(("clean",), silent=False, delay=0.0) as told:
        options = JobOptions((str(tmp_path / "a.jsonl"),), dry_run=True, workers=2)
        result = run_job(options, Settings(), clean, events=Events(progress=told))
        assert "━" in terminal.getvalue()
    assert result.tally.articles == 6000
    assert terminal.screen() == []
