"""A sink whose compressing goes on in a thread, while the caller makes the next bytes ready."""

from __future__ import annotations

from queue import Queue
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.formats.compression import Sink

WAITING = 2
"""Pieces that wait at most, of 4 MB each where records are written."""


class Behind:
    """Hands pieces to ``sink`` in their order. An error of its comes up with the next piece, or at the end."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._error: BaseException | None = None
        self._pieces: Queue[bytes | None] = Queue(WAITING)
        self._thread = Thread(target=self._work, daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        self._raise()
        self._pieces.put(data)

    def close(self) -> None:
        """Wait until all is written; the sink is left open."""
        self.stop()
        self._raise()

    def stop(self) -> None:
        """Let the thread end; what was written until now may stay without its end."""
        if self._thread.is_alive():
            self._pieces.put(None)
            self._thread.join()

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        while (piece := self._pieces.get()) is not None:
            if self._error is None:
                try:
                    self._sink.write(piece)
                except BaseException as error:
                    self._error = error
