"""Inputs as bytes: opened, decompressed, gathered into batches of whole lines."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import IO

from cleaner.errors import InputError
from cleaner.formats.compression import Compression, DamagedError, by_magic, pieces
from cleaner.formats.files import Format, Source, format_of

BATCH = 4 << 20

_ADVICE = {
    FileNotFoundError: ("the file is gone", "it was there when the run began: run again"),
    PermissionError: ("not allowed to read it", "change its permissions, or leave it out"),
    IsADirectoryError: ("a folder now", "it was a file when the run began: run again"),
}


@dataclass(frozen=True, slots=True)
class Opened:
    """An input being read; ``pieces`` are its decompressed bytes, read as they are taken."""

    format: Format
    compression: Compression
    pieces: Iterator[bytes]


def open_source(source: Source) -> Opened:
    """Begin to read. Each failure, now or later, is an InputError that says what to do."""
    if source.path is None and sys.stdin is None:
        raise InputError("it is closed", file=source.shown, fix="give it a text, or name a file")
    try:
        stream = sys.stdin.buffer if source.path is None else open(source.path, "rb")  # noqa: SIM115
        head = stream.read(4) if source.path is None else b""
    except OSError as error:
        raise _unreadable(source, error) from None
    compression = by_magic(head) if source.path is None else source.compression
    read = _guarded(source, stream, compression, head)
    first = next(read, b"")
    format = format_of(first) if source.format == "auto" else source.format
    return Opened(format, compression, chain([first] if first else [], read))


def line_batches(read: Iterable[bytes], size: int = BATCH) -> Iterator[bytes]:
    """``read`` again as batches of whole lines, each of ``size`` bytes or the one line that is longer."""
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
    if held:
        yield b"".join(held)


def _guarded(source: Source, stream: IO[bytes], compression: Compression, head: bytes) -> Iterator[bytes]:
    try:
        yield from pieces(stream, compression, head)
    except OSError as error:
        raise _unreadable(source, error) from None
    except DamagedError as error:
        raise InputError(str(error), file=source.shown, fix="get it again; nothing of it was written") from None
    finally:
        if source.path is not None:
            stream.close()


def _unreadable(source: Source, error: OSError) -> InputError:
    default = (f"cannot be read ({error.strerror or error})", "copy it to another place, or leave it out")
    problem, fix = next((words for kind, words in _ADVICE.items() if isinstance(error, kind)), default)
    return InputError(problem, file=source.shown, fix=fix)
