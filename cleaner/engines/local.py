"""Worker processes on this machine, in the order of the batches and with bounded memory."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

from cleaner.engines import memory
from cleaner.errors import CleanerError

if TYPE_CHECKING:
    from concurrent.futures import Future
    from multiprocessing.context import BaseContext

B = TypeVar("B")
R = TypeVar("R")

_function: Callable[[Any], Any] | None = None  # of a worker process; set once, when it starts


class WorkerError(CleanerError):
    """A worker process ended before its batch was done."""


def map_batches(
    function: Callable[[B], R],
    batches: Iterable[B],
    workers: int,
    warm: Callable[[], object] | None = None,
) -> Iterator[R]:
    """Results of ``function`` in the order of ``batches``; at most 2 x ``workers`` are in flight.

    A single batch, or a single worker, starts no process. ``warm`` is called once before processes
    are forked: what it loads or compiles they share. Where processes cannot be forked, ``function``
    and batches must be picklable. Raises WorkerError when a worker is killed; when the caller stops
    early (an error, Ctrl-C, ``close()``) the workers are ended.
    """
    waiting = iter(batches)
    head = list(islice(waiting, 2)) if workers > 1 else []
    if len(head) < 2:
        return memory.map_batches(function, chain(head, waiting))
    return _spread(function, chain(head, waiting), workers, warm)


def _spread(
    function: Callable[[B], R], batches: Iterator[B], workers: int, warm: Callable[[], object] | None
) -> Iterator[R]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    context = fork_context()
    if warm is not None and context.get_start_method() == "fork":
        warm()
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, context, _begin, (function,))
    flying: deque[Future[R]] = deque()
    finished = False
    try:
        for batch in islice(batches, 2 * workers):
            flying.append(pool.submit(_call, batch))
        while flying:
            result = flying.popleft().result()
            for batch in islice(batches, 1):
                flying.append(pool.submit(_call, batch))
            yield result
        finished = True
    except BrokenProcessPool:
        raise WorkerError(
            "a worker process was ended from outside (perhaps for want of memory); try again with fewer --workers"
        ) from None
    finally:
        pool.shutdown(wait=finished, cancel_futures=True)
        for child in set() if finished else set(multiprocessing.active_children()) - others:
            child.terminate()


def fork_context() -> BaseContext:
    """Forked workers share what is loaded; elsewhere than on Linux system libraries do not survive it."""
    import multiprocessing

    forks = sys.platform.startswith("linux") and "fork" in multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("fork" if forks else "spawn")


def _begin(function: Callable[[Any], Any]) -> None:
    global _function
    _function = function
    settle()


def settle() -> None:
    """The start of a worker. Ctrl-C reaches the whole group, and the parent is the one that answers it.

    Cycles are rare in what a worker makes, and looking for them among all that numba has loaded took 7 to
    20 % of its time: what was there before is left out of it, and the rest is looked through less often.
    """
    import gc
    import signal
    from threading import Thread

    Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def _end_with_parent() -> None:
    """A worker whose parent was killed waits for ever, or writes into what the next run goes on with."""
    import multiprocessing
    from multiprocessing.connection import wait

    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _call(batch: Any) -> Any:
    assert _function is not None, "set by _begin"
    return _function(batch)
