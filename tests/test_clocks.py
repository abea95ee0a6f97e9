"""No test depends on the clock: what waits or reads the time stands here, with the reason why it may."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent

ALLOWED = {
    "waiting.py": "waits for a state; the time only ends what hangs",
    "browser/driving.py": "waits for a page's state; the time only ends what hangs",
    "attack/campaign.py": "a campaign is given minutes, and says how far it came in them",
    "attack/shrink.py": "a failure is made smaller for so long; what is said of it is the same",
    "browser/test_harness.py": "looks for a while at what must not come",
    "test_engines.py": "sleeps so that workers end out of order; nothing is compared with the time it takes",
    "test_scratch.py": "work that is long enough to be killed in its midst; nothing is compared with its time",
    "test_progress.py": "gives a program a clock that the test sets",
}
"""Files in which the time is read or waited for. Another way is there for nearly all that a test wants of it:

a state of another process      waiting.until, which looks until it is so
a run that is killed            RUN of test_resume, which kills itself at the n-th call
what a progress display shows   a clock that is set by hand, as in test_progress
the output of a command         reported.CLEANER, for which no time passes
what a piece of work costs      counted.calls, or a benchmark
"""

TIME = re.compile(
    r"""\btime\.(sleep|time|time_ns|monotonic\w*|perf_counter\w*|process_time\w*|thread_time\w*)\b
    | \bfrom\ time\ import | \bimport\ timeit\b | \bst_atime | \bgetatime | \basyncio\.sleep\b""",
    re.VERBOSE,
)
LIMIT = re.compile(r"\b(timeout|deadline)\s*=\s*(?!GUARD\b|None\b)")
JOINED = re.compile(r"\.(join|wait|result|communicate)\(\d")


def found(pattern: re.Pattern[str]) -> dict[str, list[int]]:
    """The lines that fit, by file; this file has them as patterns and as examples."""
    lines = {}
    for path in sorted(TESTS.rglob("*.py")):
        if path != Path(__file__):
            text = path.read_text(encoding="utf-8").split("\n")
            if numbers := [number for number, line in enumerate(text, 1) if pattern.search(line)]:
                lines[path.relative_to(TESTS).as_posix()] = numbers
    return lines


def test_no_test_reads_the_time_or_waits_for_some_but_those_that_may() -> None:
    others = {name: lines for name, lines in found(TIME).items() if name not in ALLOWED}
    assert others == {}, f"see {Path(__file__).name} for what to take instead"


def test_those_that_may_still_do() -> None:
    assert found(TIME).keys() == ALLOWED.keys()


def test_a_limit_is_a_guard_against_hanging_and_an_example_has_none() -> None:
    assert found(LIMIT) == {}, "give GUARD of waiting.py; properties have no deadline (tests/conftest.py)"
    assert found(JOINED) == {}, "give GUARD of waiting.py"


def test_what_is_looked_for_would_be_found() -> None:
    for line in (
        "    time.sleep(1)",
        "began = time.perf_counter()",
        "from time import monotonic",
        "a.stat().st_atime_ns",
    ):
        assert TIME.search(line)
    for line in ("run(x, timeout=60)", "@settings(deadline=200)", "timeout = 5"):
        assert LIMIT.search(line)
    for line in ("run(x, timeout=GUARD)", "settings(deadline=None)"):
        assert not LIMIT.search(line)
    assert JOINED.search("thread.join(20)")
