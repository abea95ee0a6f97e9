"""Worker processes that serve several maps one after the other; results come in the order of the tasks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from cleaner.engines.local import WorkerError, fork_context, settle

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

T = TypeVar("T")
R = TypeVar("R")


class Pool:
    """``workers`` processes, started when the first task comes; with one worker none is started.

    Functions and tasks must be picklable. Raises WorkerError when a worker is killed.
    """

    def __init__(self, workers: int, warm: Callable[[], object] | None = None) -> None:
        self.workers, self._warm = workers, warm
        self._pool: ProcessPoolExecutor | None = None

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """Results of ``function`` in the order of ``tasks``; at most 2 x ``workers`` are in flight."""
        if self.workers == 1:
            yield from map(function, tasks)
            return
        from concurrent.futures.process import BrokenProcessPool

        waiting = iter(tasks)
        flying: deque[Future[R]] = deque()
        try:
            for task in islice(waiting, 2 * self.workers):
                flying.append(self._started().submit(function, task))
            while flying:
                result = flying.popleft().result()
                for task in islice(waiting, 1):
                    flying.append(self._started().submit(function, task))
                yield result
        except BrokenProcessPool:
            raise WorkerError(
                "a worker process was ended from outside (perhaps for want of memory); "
                "try again with fewer --workers, or go on with --resume"
            ) from None
        finally:
            for future in flying:
                future.cancel()

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            from concurrent.futures import ProcessPoolExecutor

            context = fork_context()
            if self._warm is not None and context.get_start_method() == "fork":
                self._warm()
            self._pool = ProcessPoolExecutor(self.workers, context, settle)
        return self._pool

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is None:
            return
        processes = list((self._pool._processes or {}).values())
        self._pool.shutdown(wait=kind is None, cancel_futures=True)
        for process in processes if kind is not None else ():
            process.terminate()
