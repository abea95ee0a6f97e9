"""How fast a run goes and how long it will take, in numbers and in words."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from cleaner.formats.work import Progress

WINDOW = 30.0
"""Seconds that speeds are measured over: long enough for inputs of changing size, short enough to follow them."""
PATIENCE = 5.0
"""Seconds without news from which on a speed sinks; a step of a few megabytes takes one or two."""
ENOUGH = 1.0
"""Seconds that a speed needs to be told."""


class Point(NamedTuple):
    """What had been done at a time."""

    time: float
    done: int
    articles: int


class Pace:
    """How fast a phase goes, from what was told of it. Times are seconds of any clock."""

    def __init__(self) -> None:
        self.progress: Progress | None = None
        self.began = 0.0
        self._points: deque[Point] = deque()

    def told(self, progress: Progress, now: float) -> None:
        """Take in the news; a new phase begins anew."""
        if self.progress is None or progress.phase != self.progress.phase:
            self.began = now
            self._points.clear()
        self.progress = progress
        if progress.done or progress.articles:  # until then workers were started
            self._points.append(Point(now, progress.done, progress.articles))
        while len(self._points) > 2 and self._points[1].time < now - WINDOW:
            self._points.popleft()

    def speed(self, now: float) -> tuple[float, float] | None:
        """Bytes and articles a second, as soon as they can be told."""
        if not self._points:
            return None
        first, last = self._points[0], self._points[-1]
        seconds = max(last.time, now - PATIENCE) - first.time
        if seconds < ENOUGH:
            return None
        return (last.done - first.done) / seconds, (last.articles - first.articles) / seconds

    def left(self, now: float) -> float | None:
        """Seconds that the phase will still take, if that can be told."""
        progress, speed = self.progress, self.speed(now)
        if progress is None or progress.total is None or speed is None or not speed[0]:
            return None
        if progress.done >= progress.total:
            return None
        return max(1.0, (progress.total - progress.done) / speed[0] - (now - self._points[-1].time))

    def words(self, now: float, about: str = "", *, brief: bool = False) -> str:
        """``43% of 1.2 GB, 31 MB/s, 2,103 articles/s, 0:41 left``; what cannot be told is left out.

        ``about`` stands before the time that is left; ``brief``: without the speeds.
        """
        progress, speed, left = self.progress, self.speed(now), self.left(now)
        said = [] if progress is None else _reached(progress)
        if speed is not None and not brief:
            said.append(f"{size_shown(speed[0])}/s")
            said += [f"{number_shown(speed[1])} articles/s"] if speed[1] else []
        said.append(f"{about}{time_shown(left)} left" if left is not None else f"{time_shown(now - self.began)} so far")
        return ", ".join(said)


def _reached(progress: Progress) -> list[str]:
    if progress.total is None:
        return [f"{size_shown(progress.done)} read"] if progress.done else []
    share = min(100, 100 * progress.done // progress.total) if progress.total else 100
    return [f"{share}% of {size_shown(progress.total)}"]


_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def size_shown(size: float) -> str:
    """``1.2 GB``; as in settings a kilobyte has 1,024 bytes."""
    unit = 0
    while round(size) >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1024, unit + 1
    return f"{size:,.0f} {_UNITS[unit]}" if unit == 0 or size >= 9.95 else f"{size:.1f} {_UNITS[unit]}"


def number_shown(number: float) -> str:
    """``2,103``, and one digit more of a small one."""
    return f"{number:,.0f}" if number >= 9.95 else f"{number:.1f}"


def time_shown(seconds: float) -> str:
    """``0:41``, ``2:03:07``, ``3 days 4:00:00``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    shown = f"{hours}:{minutes:02}:{rest:02}" if days or hours else f"{minutes}:{rest:02}"
    return f"{days} day{'s' * (days != 1)} {shown}" if days else shown
