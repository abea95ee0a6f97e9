"""How far a run is, on standard error: a live bar on a terminal, elsewhere a plain line every ten seconds."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from time import perf_counter
from typing import Any

from cleaner.cli import streams
from cleaner.cli.pace import Pace
from cleaner.formats.work import Phase, Progress

Clock = Callable[[], float]

CLOCK: Clock = perf_counter
"""What ``following`` goes by. Tests of what a command prints let it stand still: then nothing is shown."""

DELAY = 0.5
"""Seconds before a bar is shown: a run that is done sooner does not pay for rich, which takes 0.1 s to load."""
EVERY = 10.0
"""Seconds between two lines where there is no terminal."""
WIDE, NARROW = 24, 8
"""Characters of a bar where there is room, and those that it must have to be worth its place."""


@contextmanager
def following(phases: Sequence[Phase], *, silent: bool, delay: float = DELAY) -> Iterator[Callable[[Progress], None]]:
    """What ``Events.progress`` is to be while a run goes through ``phases``. ``silent``: nothing is shown."""
    if silent or sys.stderr is None:
        yield lambda _: None
        return
    display = Bar(phases, delay, CLOCK) if _can_redraw() else Lines(phases, CLOCK)
    try:
        yield display.told
    finally:
        display.close()


def _can_redraw() -> bool:
    if not sys.stderr.isatty() or os.environ.get("TERM", "") in ("dumb", "unknown"):
        return False
    from importlib.util import find_spec

    return find_spec("rich") is not None


class Display:
    """Shows what it is told, and by itself as time goes by.

    A thread (none where ``alone`` is false) keeps it moving while a step takes its time. What it does it
    does under ``_DRAWING``, which a fork waits for: else a worker process could inherit a stream in the
    middle of a line, and end by writing it once more.
    """

    pause = 1.0

    def __init__(self, phases: Sequence[Phase], clock: Clock = perf_counter, *, alone: bool = True) -> None:
        self.phases, self.clock, self.alone = phases, clock, alone
        self.began = clock()
        self.pace = Pace()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    def told(self, progress: Progress) -> None:
        """The news of ``Events.progress``."""
        with _DRAWING:
            self.pace.told(progress, self.clock())
        self.tick()
        if self._thread is None and self.alone:
            _wait_at_forks()
            self._thread = threading.Thread(target=self._tick_on, name="progress", daemon=True)
            self._thread.start()

    def tick(self) -> None:
        """Show what there is to show by now; where nobody can see it the run goes on."""
        with _DRAWING, suppress(OSError):
            if self.pace.progress is not None and not self._closed.is_set():
                self.show(self.clock())

    def show(self, now: float) -> None:
        raise NotImplementedError

    def close(self) -> None:
        """Nothing is shown any more."""
        self._closed.set()
        if self._thread is not None:
            self._thread.join()

    def label(self, form: str) -> str:
        """The phase, and by ``form`` its number where there are several."""
        phase = self.pace.progress.phase if self.pace.progress is not None else self.phases[0]
        if len(self.phases) == 1 or phase not in self.phases:
            return phase
        return form.format(phase, self.phases.index(phase) + 1, len(self.phases))

    def _tick_on(self) -> None:
        while not self._closed.wait(self.pause):
            self.tick()


_DRAWING = threading.RLock()
_waits = False


def _wait_at_forks() -> None:
    global _waits
    if not _waits and hasattr(os, "register_at_fork"):  # not on Windows, where nothing is forked
        os.register_at_fork(before=_DRAWING.acquire, after_in_parent=_DRAWING.release, after_in_child=_DRAWING.release)
        _waits = True


class Lines(Display):
    """``cleaner: scan (1 of 3): 43% of 1.2 GB, 31 MB/s, 2,103 articles/s, about 0:41 left``"""

    def __init__(self, phases: Sequence[Phase], clock: Clock = perf_counter, *, alone: bool = True) -> None:
        super().__init__(phases, clock, alone=alone)
        self._next = self.began + EVERY

    def show(self, now: float) -> None:
        if now >= self._next:
            self._next = now + EVERY
            streams.say(f"{self.label('{} ({} of {})')}: {self.pace.words(now, 'about ')}")


class Bar(Display):
    """A line at the bottom of the terminal that is drawn anew; what is told meanwhile goes above it."""

    pause = 0.2

    def __init__(
        self, phases: Sequence[Phase], delay: float, clock: Clock = perf_counter, *, alone: bool = True
    ) -> None:
        super().__init__(phases, clock, alone=alone)
        self._next = self.began + delay
        self._console: Any = None
        self._live: Any = None

    def show(self, now: float) -> None:
        if now < self._next:
            return
        self._next = now + self.pause
        if self._live is None:
            self._console = _terminal()
            self._live = _live(self._console, self._drawn)
            self._live.start()
            streams.above(self._print)
        self._live.refresh()

    def close(self) -> None:
        super().close()
        if self._live is not None:
            streams.above(None)
            with _DRAWING, suppress(OSError):
                self._live.stop()

    def _print(self, line: str) -> None:
        from rich.text import Text

        with _DRAWING:
            self._console.print(Text(line), soft_wrap=True)

    def _drawn(self) -> Any:
        """The label, a bar where there is room, and what is said."""
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        now, progress = self.clock(), self.pace.progress
        label, words = self.label("{} {}/{}"), self.pace.words(now)
        width = min(WIDE, self._console.width - len(label) - len(words) - 3)
        if width < NARROW or progress is None:
            words = words if width >= -2 else self.pace.words(now, brief=True)
            return Text(f"{label} {words}", no_wrap=True, overflow="ellipsis")
        line = Table.grid(padding=(0, 1))
        bar = ProgressBar(progress.total, progress.done, width=width, animation_time=now)
        line.add_row(Text(label), bar, Text(words, no_wrap=True))
        return line


def _terminal() -> Any:
    from rich.console import Console

    class Terminal(Console):
        def show_cursor(self, show: bool = True) -> bool:
            """A run that is killed must not leave a terminal without its cursor."""
            return False

    return Terminal(stderr=True, force_terminal=True)


def _live(console: Any, drawn: Callable[[], Any]) -> Any:
    from rich.live import Live

    return Live(
        console=console,
        get_renderable=drawn,
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
