"""Streams of bytes, plain or compressed (``.gz``, ``.bz2``, ``.xz``, ``.zst``): read in pieces, and written."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, Any, Protocol, cast

from cleaner.formats.expanding import CODECS, expanded, zstandard_package
from cleaner.formats.expanding import PIECE as PIECE
from cleaner.formats.expanding import Compression as Compression
from cleaner.formats.expanding import DamagedError as DamagedError
from cleaner.formats.expanding import Meter as Meter

if TYPE_CHECKING:
    from concurrent.futures import Future

HEAD = 10
"""Bytes that show the compression."""
GZIP_LEVEL = 2
ZSTD_LEVEL = 3
BZIP2_LEVEL = 9  # a lower one is no faster
XZ_LEVEL = 1  # 17 MB/s a thread and smaller than gzip; the default of 6 writes 2 MB/s

# So much becomes a stream of its own where several threads compress.
_CHUNK = 8 << 20


class Sink(Protocol):
    """Where cleaned bytes go; ``close`` ends the compressed stream, and leaves the file below open."""

    def write(self, data: bytes, /) -> object: ...

    def close(self) -> object: ...


class Readable(Protocol):
    """What bytes are read from; an empty answer is the end."""

    def read(self, size: int, /) -> bytes: ...


class Joined:
    """Pieces of any sizes as one stream; ``at`` is the number of bytes read from it."""

    def __init__(self, read: Iterator[bytes]) -> None:
        self.at = 0
        self._read, self._held, self._from = read, b"", 0

    def read(self, size: int, /) -> bytes:
        """The next ``size`` bytes, fewer only at the end."""
        parts = [self._some(size)]
        missing = size - len(parts[0])
        while missing and (piece := next(self._read, b"")):
            self._held, self._from = piece, 0
            parts.append(self._some(missing))
            missing -= len(parts[-1])
        self.at += size - missing
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _some(self, size: int) -> bytes:
        start = self._from
        self._from = min(len(self._held), start + size)
        return self._held[start : self._from]


def require(compression: Compression) -> None:
    """Raise SettingsError where the package for ``compression`` is missing: before anything is written."""
    if compression:
        CODECS[compression]()


def by_magic(head: bytes) -> Compression:
    """The compression that the first ``HEAD`` bytes show."""
    if head.startswith(b"\x1f\x8b\x08"):
        return "gz"
    if head.startswith(b"\x28\xb5\x2f\xfd") or (head[:1] in b"PQRSTUVWXYZ[\\]^_" and head[1:4] == b"\x2a\x4d\x18"):
        return "zst"
    if head.startswith(b"\xfd7zXZ\x00"):
        return "xz"
    # The number behind BZh is a level; then comes the first block, or the end where there is none.
    if head.startswith(b"BZh") and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90"):
        return "bz2"
    return ""


def pieces(
    stream: Readable, compression: Compression, head: bytes = b"", meter: Meter | None = None
) -> Iterator[bytes]:
    """The decompressed bytes of ``head`` + ``stream``, one member or stream after the other.

    No piece is longer than 128 MB, whatever was compressed; ``meter`` says how much all of them may be.
    Raises DamagedError, OSError, SettingsError.
    """
    raw = _raw(stream, head)
    return expanded(raw, CODECS[compression](), meter or Meter()) if compression else raw


def sink(stream: IO[bytes], compression: Compression, threads: int = 1) -> Sink:
    """A writer onto ``stream`` (left open); ``threads`` compress, but for gzip, where one does."""
    if not compression:
        return _Plain(stream)
    if compression == "gz":
        return _gzip_sink(stream)
    if compression == "zst":
        parameters = zstandard_package().ZstdCompressionParameters.from_level(ZSTD_LEVEL, threads=max(0, threads - 1))
        compressor = zstandard_package().ZstdCompressor(compression_params=parameters)
        return cast(Sink, compressor.stream_writer(stream, closefd=False))
    new = _bzip2_compressor if compression == "bz2" else _xz_compressor
    return _Chunked(stream, new, threads) if threads > 1 else _Whole(stream, new())


def compressed(data: bytes, compression: Compression) -> bytes:
    """``data`` as one member, stream or frame."""
    import io

    target = io.BytesIO()
    writer = sink(target, compression)
    writer.write(data)
    writer.close()
    return target.getvalue()


def _raw(stream: Readable, head: bytes) -> Iterator[bytes]:
    piece = head + stream.read(PIECE - len(head)) if len(head) < PIECE else head
    while piece:
        yield piece
        piece = stream.read(PIECE)


class _Plain:
    def __init__(self, stream: IO[bytes]) -> None:
        self.write = stream.write

    def close(self) -> None:
        """Nothing to end."""


class _Whole:
    """One stream by one thread."""

    def __init__(self, stream: IO[bytes], compressor: Any) -> None:
        self._stream, self._compressor = stream, compressor

    def write(self, data: bytes) -> None:
        self._stream.write(self._compressor.compress(data))

    def close(self) -> None:
        self._stream.write(self._compressor.flush())


class _Chunked:
    """Chunks compressed side by side, each a stream of its own, as pbzip2 and pixz write them."""

    def __init__(self, stream: IO[bytes], new: Callable[[], Any], threads: int) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self._stream, self._new, self._most = stream, new, threads + 1
        self._pool = ThreadPoolExecutor(threads)
        self._held: list[bytes] = []
        self._length = 0
        self._begun = False
        self._flying: deque[Future[bytes]] = deque()

    def write(self, data: bytes) -> None:
        self._held.append(data)
        self._length += len(data)
        if self._length >= _CHUNK:
            self._send()

    def close(self) -> None:
        try:
            if self._length or not self._begun:
                self._send()
            self._take(0)
        finally:
            self._pool.shutdown(cancel_futures=True)

    def _send(self) -> None:
        self._flying.append(self._pool.submit(self._compress, b"".join(self._held)))
        self._held, self._length, self._begun = [], 0, True
        self._take(self._most)

    def _take(self, left: int) -> None:
        while len(self._flying) > left:
            self._stream.write(self._flying.popleft().result())

    def _compress(self, data: bytes) -> bytes:
        compressor = self._new()
        return bytes(compressor.compress(data) + compressor.flush())


def _bzip2_compressor() -> Any:
    import bz2

    return bz2.BZ2Compressor(BZIP2_LEVEL)


def _xz_compressor() -> Any:
    import lzma

    return lzma.LZMACompressor(preset=XZ_LEVEL)


def _gzip_sink(stream: IO[bytes]) -> Sink:
    """One gzip member without name and time, so that equal input gives equal output."""
    try:
        from isal import igzip
    except ImportError:
        import gzip

        return cast(Sink, gzip.GzipFile("", "wb", GZIP_LEVEL, stream, mtime=0))
    gzip_file: Any = igzip.IGzipFile  # without types
    return cast(Sink, gzip_file("", "wb", GZIP_LEVEL, stream, mtime=0))
