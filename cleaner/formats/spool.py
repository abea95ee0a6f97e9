"""Scratch space of a run over a corpus: each step as it was read, its texts, and what was found in it.

One set of files a step, written by the process that makes them and complete once they have their name, so
that a run that was stopped goes on from there. Texts are read by position, not mapped, so that they never
count as memory of the process.
"""

from __future__ import annotations

import os
import pickle
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FOLDER = 1000
"""Steps a folder, so that none has too many files."""
_OPEN = 200
"""Files held open at once."""
_pread = getattr(os, "pread", None)  # not on Windows


class Spool:
    """Files of steps below ``folder``, by the number of the step and a kind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: OrderedDict[tuple[int, str], IO[bytes]] = OrderedDict()

    def __reduce__(self) -> tuple[type[Spool], tuple[Path]]:
        return Spool, (self.folder,)  # open files stay in their process

    def path(self, step: int, kind: str) -> Path:
        return self.folder / f"{step // _FOLDER:06}" / f"{step % _FOLDER:03}.{kind}"

    def has(self, step: int, kind: str) -> bool:
        return self.path(step, kind).exists()

    def write(self, step: int, kind: str, data: bytes | memoryview) -> None:
        """Write a file whole, or not at all. Raises OSError."""
        self._put(step, kind, lambda stream: stream.write(data))

    def dump(self, step: int, kind: str, value: Any) -> None:
        self._put(step, kind, lambda stream: pickle.dump(value, stream, protocol=5))

    def save(self, step: int, kind: str, array: NDArray[Any]) -> None:
        """Write an array in the format of numpy."""
        import numpy as np

        self._put(step, kind, lambda stream: np.save(stream, array, allow_pickle=False))

    def _put(self, step: int, kind: str, write: Callable[[IO[bytes]], object]) -> None:
        path = self.path(step, kind)
        temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            with self._opened(temporary, "wb") as stream:
                write(stream)
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    def _opened(self, path: Path, mode: str) -> IO[bytes]:
        try:
            return open(path, mode)
        except FileNotFoundError:
            path.parent.mkdir(parents=True, exist_ok=True)
            return open(path, mode)

    def append(self, step: int, kind: str, data: bytes) -> None:
        with self._opened(self.path(step, kind), "ab") as stream:
            stream.write(data)

    def read(self, step: int, kind: str) -> bytes:
        return self.path(step, kind).read_bytes()

    def remove(self, kinds: tuple[str, ...]) -> None:
        """Remove the files of these kinds of all steps."""
        for kind in kinds:
            for path in self.folder.glob(f"*/*.{kind}"):
                path.unlink()

    def load(self, step: int, kind: str) -> Any:
        with open(self.path(step, kind), "rb") as stream:
            return pickle.load(stream)  # nosec B301 # written by this run, into a folder of its own

    def part(self, step: int, kind: str, start: int, end: int) -> bytes:
        """Bytes [start, end) of a file."""
        return self.parts(step, kind, [(start, end)])[0]

    def parts(self, step: int, kind: str, spans: Iterable[tuple[int, int]]) -> list[bytes]:
        """Several stretches of bytes of a file."""
        stream = self._stream(step, kind)
        if _pread is not None:
            number = stream.fileno()
            return [_pread(number, end - start, start) for start, end in spans]
        found = []
        for start, end in spans:
            stream.seek(start)
            found.append(stream.read(end - start))
        return found

    def _stream(self, step: int, kind: str) -> IO[bytes]:
        key = (step, kind)
        stream = self._open.get(key)
        if stream is None:
            if len(self._open) >= _OPEN:
                self._open.popitem(last=False)[1].close()
            stream = self._open[key] = open(self.path(step, kind), "rb", buffering=0)  # noqa: SIM115
        else:
            self._open.move_to_end(key)
        return stream

    def close(self) -> None:
        while self._open:
            self._open.popitem()[1].close()
