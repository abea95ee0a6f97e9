"""Streams of bytes, plain, ``.gz`` or ``.zst``: read in pieces, written as one member or frame."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import IO, Any, Literal, Protocol, cast

from cleaner.errors import SettingsError

Compression = Literal["", "gz", "zst"]

# Read and compressed in pieces of this many bytes. 256 kB keeps a worst-case zstd piece (one frame
# block expands to at most 128 kB) below what a batch takes anyway.
PIECE = 1 << 18
GZIP_LEVEL = 2
ZSTD_LEVEL = 3

_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


class DamagedError(Exception):
    """Compressed data that ends too early or is not of its kind."""


class Sink(Protocol):
    """Where cleaned bytes go; ``close`` ends the member or frame, and leaves the stream below open."""

    def write(self, data: bytes, /) -> object: ...

    def close(self) -> object: ...


def require(compression: Compression) -> None:
    """Raise SettingsError where the package for ``compression`` is missing: before anything is written."""
    if compression == "zst":
        _zstandard()


def by_magic(head: bytes) -> Compression:
    """The compression that the first four bytes show."""
    if head.startswith(_GZIP_MAGIC):
        return "gz"
    return "zst" if head.startswith(_ZSTD_MAGIC) else ""


def pieces(stream: IO[bytes], compression: Compression, head: bytes = b"") -> Iterator[bytes]:
    """The decompressed bytes of ``head`` + ``stream``; raises DamagedError, OSError, SettingsError."""
    raw = _raw(stream, head)
    if compression == "gz":
        return _members(raw)
    return _frames(raw) if compression == "zst" else raw


def sink(stream: IO[bytes], compression: Compression, threads: int = 1) -> Sink:
    """A writer onto ``stream`` (left open); ``threads`` is used by zstd only."""
    if compression == "gz":
        return _gzip_sink(stream)
    if compression == "zst":
        parameters = _zstandard().ZstdCompressionParameters.from_level(ZSTD_LEVEL, threads=max(0, threads - 1))
        compressor = _zstandard().ZstdCompressor(compression_params=parameters)
        return cast(Sink, compressor.stream_writer(stream, closefd=False))
    return _Plain(stream)


def compressed(data: bytes, compression: Compression) -> bytes:
    """``data`` as one member or frame."""
    import io

    target = io.BytesIO()
    writer = sink(target, compression)
    writer.write(data)
    writer.close()
    return target.getvalue()


class _Plain:
    def __init__(self, stream: IO[bytes]) -> None:
        self.write = stream.write

    def close(self) -> None:
        """Nothing to end."""


def _raw(stream: IO[bytes], head: bytes) -> Iterator[bytes]:
    if head:
        yield head
    while piece := stream.read(PIECE):
        yield piece


def _members(raw: Iterator[bytes]) -> Iterator[bytes]:
    """Every member of a gzip stream; zeros behind a member are padding, as in gzip itself."""
    codec, decompressor = _inflate(), None
    for piece in raw:
        while piece:
            if decompressor is None:
                if not (piece := piece.lstrip(b"\0")):
                    break
                decompressor = codec.decompressobj(wbits=31)
            try:
                yield from _some(decompressor.decompress(piece))
            except codec.error as error:
                raise DamagedError(f"not gzip data ({error})") from None
            if not decompressor.eof:
                break
            piece, decompressor = decompressor.unused_data, None
    if decompressor is not None:
        raise DamagedError("the gzip data ends too early")


def _frames(raw: Iterator[bytes]) -> Iterator[bytes]:
    zstandard = _zstandard()
    decompressor = None
    for piece in raw:
        while piece:
            if decompressor is None:
                decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 31).decompressobj()
            try:
                yield from _some(decompressor.decompress(piece))
            except zstandard.ZstdError as error:
                raise DamagedError(f"not zstd data ({error})") from None
            if not decompressor.eof:
                break
            piece, decompressor = decompressor.unused_data, None
    if decompressor is not None:
        raise DamagedError("the zstd data ends too early")


def _some(data: bytes) -> Iterator[bytes]:
    if data:
        yield data


def _inflate() -> Any:
    """zlib, or isal's, which inflates about three times as fast."""
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib
    return isal_zlib


def _gzip_sink(stream: IO[bytes]) -> Sink:
    """One gzip member without name and time, so that equal input gives equal output."""
    try:
        from isal import igzip
    except ImportError:
        import gzip

        return cast(Sink, gzip.GzipFile("", "wb", GZIP_LEVEL, stream, mtime=0))
    gzip_file: Any = igzip.IGzipFile  # without types
    return cast(Sink, gzip_file("", "wb", GZIP_LEVEL, stream, mtime=0))


def _zstandard() -> Any:
    try:
        import zstandard
    except ImportError:
        raise SettingsError(".zst needs the package zstandard: pip install 'article-cleaner[dumps]'") from None
    return zstandard
