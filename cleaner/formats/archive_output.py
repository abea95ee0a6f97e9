"""Archives being written: each member is spooled until its size is known, then it goes behind the others."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Protocol, cast

from cleaner.formats.compression import Compression, DamagedError, Sink
from cleaner.formats.files import Archive, Member, Source
from cleaner.formats.tar import TarWriter
from cleaner.formats.writing import Output, OutputError, named
from cleaner.formats.zip import ZipWriter

# Bytes of a member that are held in memory; a longer one goes to a nameless file beside the output.
_IN_MEMORY = 8 << 20


class Writer(Protocol):
    """Writes an archive in the order of its members. Raises OSError and DamagedError."""

    @property
    def digest(self) -> str:
        """That of all but the contents of changed members; known at the end."""

    def stretch(self, data: bytes) -> None:
        """Write what is untouched."""

    def sink(self, member: Member, spool: IO[bytes]) -> Sink:
        """What the content of a member is written to, before ``member`` is called."""

    def member(self, member: Member, spool: IO[bytes], *, changed: bool) -> None:
        """Write a member with the content that went into ``spool``."""

    def end(self) -> None:
        """Write what stands at the end."""


def writer(kind: Archive, write: Callable[[Iterable[bytes]], object], path: str | None) -> Writer:
    """A writer of the archive at ``path`` anew, which is read where untouched members are copied from it."""
    return ZipWriter(write, str(path)) if kind == "zip" else TarWriter(write)


def spool(folder: Path | None) -> IO[bytes]:
    """A file for one member, which leaves nothing behind whatever happens."""
    return cast(IO[bytes], SpooledTemporaryFile(_IN_MEMORY, dir=str(folder) if folder is not None else None))


class ArchiveOutput(Output):
    """An archive being written; published as a file is, when all of its members are there."""

    def __init__(
        self, path: Path | None, stream: IO[bytes] | None, compression: Compression, source: Source, threads: int
    ) -> None:
        super().__init__(path, stream, compression, source.path, threads)
        self.folder = path.parent if path is not None else None
        self._dry = path is None and stream is None
        self.writer: Writer = TarWriter(self.write)

    def begin(self, kind: Archive, source: Source) -> None:
        """Write what stands before the members."""
        if not self._dry:
            with self.named():
                self.writer = writer(kind, self.write, source.path)

    def begin_member(self, member: Member, compression: Compression) -> Output:
        """Start the output of a member; it is complete when it is published."""
        return Output(None, None, "", None) if self._dry else MemberOutput(self, member, compression)

    def stretch(self, data: bytes) -> None:
        with self.named():
            self.writer.stretch(data)

    def end(self) -> None:
        with self.named():
            self.writer.end()

    @contextlib.contextmanager
    def named(self) -> Iterator[None]:
        """Errors as OutputError, also those of the input from which untouched members are copied."""
        try:
            with named(self.shown):
                yield
        except DamagedError as error:
            raise OutputError(self.shown, OSError(str(error))) from None


class MemberOutput(Output):
    """A member being written. ``publish`` puts it into its archive."""

    def __init__(self, archive: ArchiveOutput, member: Member, compression: Compression) -> None:
        self._archive, self._member = archive, member
        with named(archive.shown):
            self._spool = spool(archive.folder)
        self._packing = archive.writer.sink(member, self._spool)
        super().__init__(None, cast(IO[bytes], self._packing), compression, None)
        self.shown = archive.shown

    def close(self) -> None:
        if self._open and self._sink is not None:
            self._open = False
            with named(self.shown):
                self._sink.close()
                self._packing.close()

    def publish(self) -> None:
        with self._archive.named():
            self._archive.writer.member(self._member, self._spool, changed=self.changed)
        self.discard()

    def discard(self) -> None:
        with contextlib.suppress(OSError):  # what it still held did not fit
            self._spool.close()
