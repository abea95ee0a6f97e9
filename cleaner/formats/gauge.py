"""How far the inputs have been read, in bytes as they lie on the disk, and how far each pass over them is."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence

from cleaner.formats.compression import Readable
from cleaner.formats.files import Source
from cleaner.formats.remote import is_remote
from cleaner.formats.work import Phase, Progress


class Gauge:
    """``read`` bytes of the inputs so far, of ``total``; None where an input has no size: standard input, a pipe."""

    def __init__(self, sources: Sequence[Source] = ()) -> None:
        sizes = [size_of(source) for source in sources]
        self.total = None if None in sizes else sum(size or 0 for size in sizes)
        self.read = 0
        self._before = 0  # in the inputs that were passed

    def counted(self, stream: Readable) -> Readable:
        """``stream``, every byte that is read from it counted."""
        return _Counted(stream, self)

    def at(self, place: int) -> None:
        """Of the input that is being read, ``place`` bytes are passed: for those that are not read as a stream."""
        self.read = self._before + place

    def passed(self, source: Source) -> None:
        """Nothing more is read of an input, whether or not all of it was."""
        size = size_of(source)
        self._before = self.read if size is None else self._before + size
        self.read = self._before


class _Counted:
    def __init__(self, stream: Readable, gauge: Gauge) -> None:
        self._stream, self._gauge = stream, gauge

    def read(self, size: int, /) -> bytes:
        data = self._stream.read(size)
        self._gauge.read += len(data)
        return data


class Passes:
    """Tells how far the passes over the steps are; a step is as far in the inputs as reading was when it came."""

    def __init__(self, gauge: Gauge, tell: Callable[[Progress], None], first: Phase = "clean") -> None:
        self._gauge, self._tell = gauge, tell
        self._ends: list[int] = []
        self._phase, self._articles = first, 0
        self._begun = False

    def read(self) -> None:
        """The next step was read. The first pass begins so, and its first step may take its time."""
        self._ends.append(self._gauge.read)
        if not self._begun:
            self._begun = True
            self._tell(Progress(self._phase, 0, self._gauge.total))

    def begin(self, phase: Phase) -> None:
        """A phase begins that has no steps."""
        self._phase, self._articles = phase, 0
        self._tell(Progress(phase))

    def done(self, phase: Phase, step: int, articles: int) -> None:
        """The ``step``-th step, from 0, is done in this phase, and ``articles`` with it."""
        if phase != self._phase:
            self._phase, self._articles = phase, 0
        self._articles += articles
        total = self._gauge.total
        if total is None and phase == "write":  # all is read by now
            total = self._ends[-1]
        self._tell(Progress(phase, self._ends[step], total, self._articles))


def size_of(source: Source) -> int | None:
    """Bytes of a file on the disk, 0 where it has vanished; None for what has no size."""
    if source.path is None or is_remote(source.path):
        return None
    try:
        state = os.stat(source.path)
    except OSError:  # it is told when it is read
        return 0
    return state.st_size if stat.S_ISREG(state.st_mode) else None
