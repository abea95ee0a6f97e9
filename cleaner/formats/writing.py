"""Where cleaned files go: below OUT, in their own place, to standard output, or nowhere (dry run)."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

from cleaner.errors import CleanerError
from cleaner.formats.atomic import Staged, sweep
from cleaner.formats.behind import Behind
from cleaner.formats.compression import PIECE, Compression, Sink, sink
from cleaner.formats.files import Source

if TYPE_CHECKING:
    from cleaner.formats.archive_output import ArchiveOutput

Mode = Literal["out", "in place", "stdout", "dry"]

# After these, writing the next file fails just as well.
_HOPELESS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO)
_ADVICE = {
    errno.ENOSPC: "make room there, or give another folder with -o, and run again",
    errno.EDQUOT: "make room there, or give another folder with -o, and run again",
    errno.EPIPE: "the program that reads the output has ended",
}


class OutputError(CleanerError):
    """An output that cannot be written. ``hopeless``: nor can the others."""

    def __init__(self, path: str, error: OSError, fix: str = "give a folder that can be written with -o") -> None:
        self.path, self.hopeless = path, error.errno in _HOPELESS
        self.detail = f"cannot be written ({error.strerror or error})"
        self.fix = _ADVICE.get(error.errno or 0, fix)
        super().__init__(f"{path}: {self.detail}; {self.fix}")


class Output:
    """One file being written. Until ``publish`` nothing of it has a name.

    ``changed`` is set before it is published: whether it differs from its input.
    """

    changed = True

    def __init__(
        self,
        path: Path | None,
        stream: IO[bytes] | None,
        compression: Compression,
        like: str | None,
        threads: int = 1,
        parquet: tuple[str, str] | None = None,
        *,
        behind: bool = False,
    ) -> None:
        self.shown = str(path) if path is not None else "standard output"
        self._open = True
        with named(self.shown):
            self._staged = Staged(path, like) if path is not None else None
            target = self._staged.stream if self._staged is not None else stream
            self._stream = stream
            self._sink: Sink | None = None
            self._behind: Behind | None = None
            if target is not None and parquet is not None and like is not None:
                from cleaner.formats.parquet import ParquetSink

                self._sink = ParquetSink(target, like, *parquet)
            elif target is not None:
                self._sink = sink(target, compression, threads)
                self._behind = Behind(self._sink) if behind and compression else None

    def write(self, pieces: Iterable[bytes]) -> None:
        """Write the next bytes (not yet compressed)."""
        target = self._behind or self._sink
        if target is not None:
            with named(self.shown):
                target.write(b"".join(pieces))

    def close(self) -> None:
        """End writing; raises OutputError when the rest does not fit."""
        if not self._open:
            return
        self._open = False
        with named(self.shown):
            if self._behind is not None:
                self._behind.close()
            if self._sink is not None:
                self._sink.close()
            if self._staged is not None:
                self._staged.close()
            elif self._stream is not None:
                self._stream.flush()

    def publish(self) -> None:
        """Give the closed file its name."""
        if self._staged is not None:
            with named(self.shown):
                self._staged.commit()

    @property
    def published(self) -> bool:
        return self._staged is not None and self._staged.published

    def discard(self) -> None:
        """Leave no trace."""
        if self._behind is not None:
            self._behind.stop()
        if self._staged is not None:
            self._staged.discard()


class Outputs:
    """Makes outputs. ``hold``: nothing is published before ``release``; then all of it.

    ``named`` makes of the name of a source that of its output, where they differ.
    """

    def __init__(
        self,
        mode: Mode,
        out: Path | None,
        stdout: IO[bytes] | None,
        *,
        hold: bool,
        named: Callable[[str], str] | None = None,
    ) -> None:
        self._name = named
        self.mode, self.out, self.hold = mode, out, hold and mode != "dry"
        self._stdout, self._spool = stdout, _spool() if hold and mode == "stdout" else None
        self._held: list[Output] = []
        self.published = 0

    def begin(
        self,
        source: Source,
        compression: Compression,
        *,
        large: bool = False,
        parquet: tuple[str, str] | None = None,
    ) -> Output:
        """Start the output of ``source``; a ``large`` one is worth threads of its own to compress it, or one at least.

        ``parquet`` are the fields of text and id of a Parquet file, which is written from lines.
        """
        threads = packing_threads() if large else 1
        path, stream = self._path(source), self._stream()
        return Output(path, stream, compression, source.path, threads, parquet, behind=large)

    def sweep(self, source: Source) -> None:
        """Remove what a killed run has left of an output."""
        if (path := self._path(source)) is not None:
            sweep(path)

    def nowhere(self, source: Source) -> Output:
        """An output of which nothing is written."""
        return Output(None, None, "", source.path)

    def begin_archive(self, source: Source, compression: Compression) -> ArchiveOutput:
        """Start the output of an archive."""
        from cleaner.formats.archive_output import ArchiveOutput

        return ArchiveOutput(self._path(source), self._stream(), compression, source, packing_threads())

    def finish(self, output: Output) -> None:
        """The output is whole: publish it, or hold it for ``release``."""
        output.close()
        if self.hold:
            self._held.append(output)
        else:
            output.publish()
            self.published += 1

    def release(self) -> None:
        """Publish what was held."""
        if self._spool is not None and self._stdout is not None:
            self._spool.seek(0)
            with named("standard output"):
                for piece in iter(lambda: self._spool.read(PIECE) if self._spool else b"", b""):
                    self._stdout.write(piece)
                self._stdout.flush()
        while self._held:
            self._held[0].publish()
            self._held.pop(0)
            self.published += 1

    def discard(self) -> None:
        """Drop what is held."""
        for output in self._held:
            output.discard()
        self._held.clear()

    def _path(self, source: Source) -> Path | None:
        if self.mode == "in place" and source.path is not None:
            return Path(os.path.realpath(source.path))
        name = source.name if self._name is None else self._name(source.name)
        return self.out.joinpath(*name.split("/")) if self.mode == "out" and self.out is not None else None

    def _stream(self) -> IO[bytes] | None:
        return (self._spool or self._stdout) if self.mode == "stdout" else None


def packing_threads() -> int:
    """With two cores threads are not worth it: the workers keep both busy (1.2 s against 1.0 s for 173 MB)."""
    cores = os.cpu_count() or 1
    return min(4, cores - 1) if cores > 2 else 1


def _spool() -> IO[bytes]:
    from tempfile import SpooledTemporaryFile

    return SpooledTemporaryFile(max_size=64 << 20)


@contextlib.contextmanager
def named(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(path, error) from None
