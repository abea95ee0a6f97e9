"""A response of HTTP as it was recorded: its status, its head, and its body without transfer and content coding.

Crawlers lie in both directions: many take a coding off and leave the head as it was, some stop in the
middle. What is not coded as the head says is taken as it is, and what is cut off up to there. fastwarc's
own decoding was tried: it raises for both.
"""

from __future__ import annotations

import re
import zlib
from typing import NamedTuple

from cleaner.errors import SettingsError
from cleaner.formats.web_archive import Fields, fields_of

LONGEST = 64 << 20
"""Bytes of a decoded body. A gzip of 64 kB can hold that much of nothing."""

_STATUS = re.compile(r"HTTP/\d(?:\.\d)?\s+(\d{3})\b")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"[ \t]*([0-9a-fA-F]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
_PIECE = 64 << 10


class TooLong(Exception):
    """A body of more than ``LONGEST`` bytes."""


class Response(NamedTuple):
    """``status`` is None where the block does not begin as HTTP; ``body`` is still coded."""

    status: int | None
    fields: Fields
    body: bytes


def response_of(block: bytes) -> Response:
    """The parts of the block of a response record."""
    end = _END_OF_HEAD.search(block)
    line, fields = fields_of(block[: end.end()] if end is not None else block)
    status = _STATUS.match(line)
    return Response(int(status[1]) if status else None, fields, block[end.end() :] if end is not None else b"")


def decoded(response: Response) -> bytes:
    """The body as it was before it was sent. Raises TooLong, and SettingsError for brotli without its package."""
    body = response.body
    if "chunked" in response.fields.get("transfer-encoding", "").lower():
        body = _unchunked(body)
    codings = response.fields.get("content-encoding", "").lower().split(",")
    for coding in reversed([each.strip() for each in codings][-4:]):
        body = _without(body, coding)
    return body


def _unchunked(data: bytes) -> bytes:
    pieces: list[bytes] = []
    at = 0
    while size := _CHUNK.match(data, at):
        length = int(size[1], 16)
        if not length:
            break
        pieces.append(data[size.end() : size.end() + length])
        at = size.end() + length
        at += 2 if data.startswith(b"\r\n", at) else 1 if data.startswith(b"\n", at) else 0
    return b"".join(pieces) if pieces or at or size else data


def _without(body: bytes, coding: str) -> bytes:
    if coding in ("gzip", "x-gzip"):
        return _members(body) if body.startswith(b"\x1f\x8b") else body
    if coding == "deflate":  # RFC 9110 means zlib's format; some servers send the bare stream
        return _inflated(body, zlib.MAX_WBITS)[0] or _inflated(body, -zlib.MAX_WBITS)[0] or body
    if coding == "br":
        return _unbrotlied(body)
    if coding == "zstd" and body.startswith(b"\x28\xb5\x2f\xfd"):
        return _unzstd(body)
    return body


def _members(body: bytes) -> bytes:
    pieces, length = [], 0
    while body.startswith(b"\x1f\x8b"):
        piece, body = _inflated(body, 31)
        pieces.append(piece)
        length += len(piece)
        if length > LONGEST:
            raise TooLong
        if not piece:
            break
    return b"".join(pieces)


def _inflated(body: bytes, window: int) -> tuple[bytes, bytes]:
    """What inflates, as far as it goes, and what stands behind it."""
    decompressor = zlib.decompressobj(window)
    pieces, length = [], 0
    for start in range(0, len(body), _PIECE):
        try:
            pieces.append(decompressor.decompress(body[start : start + _PIECE], LONGEST + 1 - length))
        except zlib.error:
            return b"".join(pieces), b""
        length += len(pieces[-1])
        if length > LONGEST:
            raise TooLong
        if decompressor.eof:
            return b"".join(pieces), decompressor.unused_data + body[start + _PIECE :]
    return b"".join(pieces), b""


def _unbrotlied(body: bytes) -> bytes:
    try:
        import brotli
    except ImportError:
        raise SettingsError("pages sent with brotli need its package: pip install 'article-cleaner[dumps]'") from None
    decompressor = brotli.Decompressor()
    pieces: list[bytes] = []
    try:
        for start in range(0, len(body), _PIECE):
            pieces.append(decompressor.process(body[start : start + _PIECE], output_buffer_limit=_PIECE))
            while not decompressor.can_accept_more_data():
                pieces.append(decompressor.process(b"", output_buffer_limit=_PIECE))
                if len(pieces) * _PIECE > 2 * LONGEST:
                    raise TooLong
    except brotli.error:
        if not any(pieces) and body.lstrip().startswith(b"<"):  # the format has no mark of its own
            return body
    return b"".join(pieces)


def _unzstd(body: bytes) -> bytes:
    try:
        import zstandard
    except ImportError:
        raise SettingsError("pages sent with zstd need its package: pip install 'article-cleaner[dumps]'") from None
    reader = zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(body, read_across_frames=True)
    pieces: list[bytes] = []
    try:
        while piece := reader.read(_PIECE):
            pieces.append(piece)
            if len(pieces) * _PIECE > 2 * LONGEST:
                raise TooLong
    except zstandard.ZstdError:
        pass
    return b"".join(pieces)
