"""Inputs as bytes: opened, decompressed within limits, gathered into batches of whole lines."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import IO

from cleaner.errors import InputError, SettingsError
from cleaner.formats.compression import HEAD, Compression, DamagedError, Meter, Readable, by_magic, pieces, require
from cleaner.formats.files import Format, Source, format_of
from cleaner.formats.gauge import Gauge
from cleaner.formats.remote import is_remote, open_remote

BATCH = 4 << 20
MOST = 1 << 30
"""Bytes of one article or line, which is held in memory and cleaned as a whole: no article is that long."""

_ADVICE = {
    FileNotFoundError: ("the file is gone", "it was there when the run began: run again"),
    PermissionError: ("not allowed to read it", "change its permissions, or leave it out"),
    IsADirectoryError: ("a folder now", "it was a file when the run began: run again"),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """An input being read; ``pieces`` are its decompressed bytes, read as they are taken and counted by ``meter``."""

    format: Format
    compression: Compression
    pieces: Iterator[bytes]
    meter: Meter


def open_source(
    source: Source, known: Compression | None = None, most: int | None = None, gauge: Gauge | None = None
) -> Opened:
    """Begin to read. Each failure, now or later, is an InputError that says what to do.

    The compression is ``known``, or the one that the content shows, or that of the name. It may expand
    to ``most`` bytes, without it to ``RATIO`` times its size. What is read of it is counted by ``gauge``.
    """
    if source.path is None and sys.stdin is None:
        raise InputError("it is closed", file=source.shown, fix="give it a text, or name a file")
    before = state_of(source)
    try:
        stream = sys.stdin.buffer if source.path is None else open_path(source.path)
    except OSError as error:
        raise unreadable(source, error) from None
    read = stream if gauge is None else gauge.counted(stream)
    try:
        opened = open_stream(source, read, known, Meter(most), stream.close if source.path is not None else None)
    except InputError:
        refuse_changed(source, before)  # what looks damaged has been changed
        raise
    return replace(opened, pieces=_unchanged(opened.pieces, source, before))


State = tuple[int, int, int, int]


def state_of(source: Source) -> State | None:
    """What shows that a file is another one now: device, inode, size and time; None of what is no plain file."""
    if source.path is None or is_remote(source.path):
        return None
    try:
        known = os.stat(source.path)
    except OSError:  # it is told when it is opened
        return None
    return (known.st_dev, known.st_ino, known.st_size, known.st_mtime_ns) if stat.S_ISREG(known.st_mode) else None


def refuse_changed(source: Source, before: State | None) -> None:
    """Raise InputError where a file is not what it was before it was read: what was read may be of both."""
    if before is not None and state_of(source) != before:
        fix = "run again when no other program writes to it; nothing of it was written"
        raise InputError("changed while it was read", file=source.shown, fix=fix)


def _unchanged(pieces: Iterator[bytes], source: Source, before: State | None) -> Iterator[bytes]:
    try:
        yield from pieces
    except InputError:
        refuse_changed(source, before)
        raise
    refuse_changed(source, before)


def open_path(path: str) -> IO[bytes]:
    """A file of this machine, or of another by its address. Raises OSError and SettingsError."""
    if not is_remote(path):
        return open(path, "rb")
    return open_remote(path)


def open_stream(
    source: Source, stream: Readable, known: Compression | None, meter: Meter, close: Callable[[], object] | None = None
) -> Opened:
    """``stream`` as the content of ``source``; ``close`` is called at its end, and where it fails."""
    head = _head(source, stream) if known is None else b""
    compression = known if known is not None else by_magic(head) or source.compression
    _require(source, compression)
    read = _guarded(source, pieces(stream, compression, head, meter), close)
    first = next(read, b"")
    format = format_of(first) if source.format == "auto" else source.format
    return Opened(format, compression, chain([first] if first else [], read), meter)


def is_in_parts(source: Source) -> bool:
    """Whether it can be read in any order, as Parquet is."""
    return source.path is not None and not (source.compression or source.once or is_remote(source.path))


def whole(read: Iterable[bytes]) -> bytes | None:
    """An article from its pieces, or None where it is longer than ``MOST``."""
    held: list[bytes] = []
    length = 0
    for piece in read:
        held.append(piece)
        length += len(piece)
        if length > MOST:
            return None
    return b"".join(held)


def line_batches(read: Iterable[bytes], size: int = BATCH, file: str = "") -> Iterator[bytes]:
    """``read`` again as batches of whole lines, each of ``size`` bytes or the one line that is longer.

    Raises InputError, which names ``file``, for a line longer than ``MOST``.
    """
    held: list[bytes] = []
    length = 0
    for piece in read:
        held.append(piece)
        length += len(piece)
        if length >= size and (cut := piece.rfind(b"\n") + 1):
            held[-1] = piece[:cut]
            yield b"".join(held)
            held = [piece[cut:]] if cut < len(piece) else []
            length = len(piece) - cut
        if length > MOST:
            raise InputError(f"a line of more than {MOST >> 20:,} MB", file=file, fix="no record is so long: split it")
    if held:
        yield b"".join(held)


def _head(source: Source, stream: Readable) -> bytes:
    with _told(source):
        return stream.read(HEAD)


def _require(source: Source, compression: Compression) -> None:
    """What names show is asked for before the run begins; this is for what only the content shows."""
    try:
        require(compression)
    except SettingsError as error:
        problem, _, fix = str(error).partition(": ")
        raise InputError(problem, file=source.shown, fix=fix) from None


def _guarded(source: Source, read: Iterator[bytes], close: Callable[[], object] | None) -> Iterator[bytes]:
    try:
        with _told(source):
            yield from read
    finally:
        if close is not None:
            close()


@contextlib.contextmanager
def _told(source: Source) -> Iterator[None]:
    """What goes wrong in reading ``source`` as an InputError that names it."""
    try:
        yield
    except OSError as error:
        raise unreadable(source, error) from None
    except DamagedError as error:
        raise InputError(str(error), file=source.shown, fix=error.fix) from None


def unreadable(source: Source, error: OSError) -> InputError:
    """The error of the system, in words."""
    cannot = f"cannot be read ({error.strerror or error})"
    if is_remote(source.shown):
        problem = "not there" if isinstance(error, FileNotFoundError) else cannot
        fix = "look whether the address is right and answers, and run again"
    else:
        default = (cannot, "copy it to another place, or leave it out")
        problem, fix = next((words for kind, words in _ADVICE.items() if isinstance(error, kind)), default)
    return InputError(problem, file=source.shown, fix=fix)
