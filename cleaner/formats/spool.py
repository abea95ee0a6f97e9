"""Scratch space of a run over a corpus: each step as it was read, its texts, and what was found in it.

One set of files a step, written by the process that makes them and complete once they have their name, so
that a run that was stopped goes on from there. Texts are read by position, not mapped, so that they never
count as memory of the process.
"""

from __future__ import annotations

import os
import pickle
from collections import OrderedDict
from pathlib import Path
from typing import IO, Any

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
        path = self.path(step, kind)
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            with open(temporary, "wb") as stream:
                stream.write(data)
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise

    def append(self, step: int, kind: str, data: bytes) -> None:
        path = self.path(step, kind)
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "ab") as stream:
            stream.write(data)

    def read(self, step: int, kind: str) -> bytes:
        return self.path(step, kind).read_bytes()

    def remove(self, kinds: tuple[str, ...]) -> None:
        """Remove the files of these kinds of all steps."""
        for kind in kinds:
            for path in self.folder.glob(f"*/*.{kind}"):
                path.unlink()

    def dump(self, step: int, kind: str, value: Any) -> None:
        self.write(step, kind, pickle.dumps(value, protocol=5))

    def load(self, step: int, kind: str) -> Any:
        with open(self.path(step, kind), "rb") as stream:
            return pickle.load(stream)

    def part(self, step: int, kind: str, start: int, end: int) -> bytes:
        """Bytes [start, end) of a file."""
        key = (step, kind)
        stream = self._open.get(key)
        if stream is None:
            if len(self._open) >= _OPEN:
                self._open.popitem(last=False)[1].close()
            stream = self._open[key] = open(self.path(step, kind), "rb", buffering=0)  # noqa: SIM115
        else:
            self._open.move_to_end(key)
        if _pread is not None:
            return bytes(_pread(stream.fileno(), end - start, start))
        stream.seek(start)
        return stream.read(end - start)

    def close(self) -> None:
        while self._open:
            self._open.popitem()[1].close()
