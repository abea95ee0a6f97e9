"""Compressed bytes expanded: stream after stream, never far at a time, and not without an end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from cleaner.errors import SettingsError

Compression = Literal["", "gz", "bz2", "xz", "zst"]

PIECE = 1 << 18
"""Bytes that are read and compressed at a time."""
RATIO = 1000
"""Times its size that a compressed input may expand to. Text of real dumps expands 3 to 30 times, pages of one
template a few hundred times; gzip cannot do more than 1,032, the others a million."""
FREE = 100 << 20
"""Bytes that any compressed input may expand to: so much is harmless, and small files of one line repeat more."""

# 1,024 blocks of 4 bytes, the smallest there are, which expand to 128 kB each: 128 MB at a time.
_ZSTD_SLICE = 1 << 12
# Decompression that would need more memory than this is refused.
_MOST_MEMORY = 1 << 31


class DamagedError(Exception):
    """Compressed data that ends too early or is not of its kind. ``fix`` says what to do."""

    fix = "get it again; nothing of it was written"


class BombError(DamagedError):
    """Compressed data that expands too far."""

    fix = "if it is meant to be so, allow its size with --max-expanded; nothing of it was written"


@dataclass(slots=True)
class Meter:
    """How far an input has expanded; ``most`` bytes are allowed, without it ``RATIO`` times what was read.

    ``outer`` is the meter of the compressed archive it lies in, which counts what comes out of both.
    """

    most: int | None = None
    outer: Meter | None = None
    read: int = 0
    made: int = 0

    def check(self, made: int) -> None:
        """``made`` more bytes have come out. Raises BombError."""
        self.made += made
        if self.made > (max(FREE, RATIO * self.read) if self.most is None else self.most):
            allowed = f"{RATIO:,} times its size" if self.most is None else f"{self.most:,} bytes"
            raise BombError(f"expands to more than {allowed} ({self.made:,} bytes from {self.read:,} so far)")
        if self.outer is not None:
            self.outer.check(made)


class Codec(NamedTuple):
    """How one compression is read: a fresh decompressor, its error, and all that one piece gives."""

    name: str
    new: Callable[[], Any]
    error: Any
    feed: Callable[[Any, bytes], Iterator[bytes]]
    slice: int = PIECE
    padded: bool = True  # zeros may stand between streams


def expanded(raw: Iterator[bytes], codec: Codec, meter: Meter) -> Iterator[bytes]:
    """Every member, stream or frame; zeros behind one are padding, as in gzip and xz themselves."""
    decompressor = None
    for piece in _sliced(raw, codec.slice):
        meter.read += len(piece)
        while piece:
            if decompressor is None:
                if codec.padded and not (piece := piece.lstrip(b"\0")):
                    break
                decompressor = codec.new()
            try:
                for data in codec.feed(decompressor, piece):
                    if data:
                        meter.check(len(data))
                        yield data
            except codec.error as error:
                raise DamagedError(f"not {codec.name} data ({error})") from None
            if not decompressor.eof:
                break
            piece, decompressor = decompressor.unused_data, None
    if decompressor is not None:
        raise DamagedError(f"the {codec.name} data ends too early")


def _sliced(raw: Iterator[bytes], size: int) -> Iterator[bytes]:
    for piece in raw:
        if len(piece) <= size:
            yield piece
        else:
            yield from (piece[at : at + size] for at in range(0, len(piece), size))


def _whole(decompressor: Any, piece: bytes) -> Iterator[bytes]:
    """zstd: its decompressor knows no limit, a short piece is one."""
    yield decompressor.decompress(piece)


def _by_tail(decompressor: Any, piece: bytes) -> Iterator[bytes]:
    """zlib: what it did not take comes again; a full answer may have more behind it."""
    while True:
        data = decompressor.decompress(piece, PIECE)
        yield data
        piece = decompressor.unconsumed_tail
        if decompressor.eof or not (piece or len(data) == PIECE):
            return


def _by_need(decompressor: Any, piece: bytes) -> Iterator[bytes]:
    """bz2 and lzma keep what they did not take."""
    while True:
        yield decompressor.decompress(piece, PIECE)
        piece = b""
        if decompressor.eof or decompressor.needs_input:
            return


def zlib_package() -> Any:
    """zlib, or isal's, which inflates about three times as fast."""
    try:
        from isal import isal_zlib
    except ImportError:
        import zlib

        return zlib
    return isal_zlib


def _gzip() -> Codec:
    library = zlib_package()
    return Codec("gzip", lambda: library.decompressobj(wbits=31), library.error, _by_tail)


def raw_deflate() -> Codec:
    """What zip archives hold: no header and no checksum."""
    library = zlib_package()
    return Codec("deflate", lambda: library.decompressobj(wbits=-15), library.error, _by_tail, padded=False)


def _bzip2() -> Codec:
    import bz2

    return Codec("bzip2", bz2.BZ2Decompressor, (OSError, ValueError), _by_need, padded=False)


def _xz() -> Codec:
    import lzma

    def new() -> Any:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MOST_MEMORY)

    return Codec("xz", new, (lzma.LZMAError, EOFError), _by_need)


def _zstd() -> Codec:
    zstandard = zstandard_package()

    def new() -> Any:
        return zstandard.ZstdDecompressor(max_window_size=_MOST_MEMORY).decompressobj()

    return Codec("zstd", new, zstandard.ZstdError, _whole, slice=_ZSTD_SLICE, padded=False)


CODECS: dict[Compression, Callable[[], Codec]] = {"gz": _gzip, "bz2": _bzip2, "xz": _xz, "zst": _zstd}


def zstandard_package() -> Any:
    """The module. Raises SettingsError where it is missing."""
    try:
        import zstandard
    except ImportError:
        raise SettingsError(".zst needs the package zstandard: pip install 'article-cleaner[dumps]'") from None
    return zstandard
