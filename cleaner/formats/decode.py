"""Bytes to text and back: byte order mark, strict UTF-8, then chardet with its confidence.

Line ends are never translated. What stays in an output is taken from the input's bytes, so a text
is only useful here when its encoding gives the very same bytes again (``round_trips``).
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Span = tuple[int, int]
Reason = Literal["not text", "undecodable", "not round-tripping"]

# The four-byte mark of UTF-32-LE begins with the two-byte mark of UTF-16-LE: it is tried first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_MAGIC = (
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"\x7fELF", "a program"),
    (b"OggS", "sound or film"),
    (b"\x00\x00\x00\x1cftyp", "sound or film"),
    (b"PAR1", "a Parquet file"),
)

# chardet 7 gives .10-.12 for a few lines of French or English in a single-byte encoding, and .04-.09
# for bytes that are no text in any encoding: below .1 its answer says nothing.
MIN_CONFIDENCE = 0.1
_SAMPLE = 200_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and what turns it into its bytes again: ``bom`` + text in ``encoding``.

    ``confidence`` is in [0, 1]; 1 where the bytes say it themselves (mark, strict UTF-8).
    """

    text: str
    encoding: str
    bom: bytes = b""
    confidence: float = 1.0


class NotDecoded(Exception):
    """Why bytes have no text: ``reason`` to count by, ``detail`` to show, ``offset`` in bytes or None."""

    def __init__(self, reason: Reason, detail: str, offset: int | None = None) -> None:
        self.reason, self.detail, self.offset = reason, detail, offset
        super().__init__(detail)


def decode(data: bytes, recorded: str | None = None) -> Decoded:
    """The text of ``data``; raises NotDecoded where it has none or would not give ``data`` again.

    ``recorded`` is the encoding that an earlier run found: it is believed where it fits, so that a
    cleaned file, which is shorter, is not read otherwise than the file it came from.
    """
    magic = binary_magic(data)
    if magic:
        raise NotDecoded("not text", magic)
    decoded = _marked(data) or _utf8(data) or _recorded(data, recorded) or _guessed(data)
    if decoded.encoding != "utf-8" and encode(decoded) != data:
        raise NotDecoded("not round-tripping", f"{decoded.encoding} text that does not encode to the same bytes again")
    return decoded


def encode(decoded: Decoded) -> bytes | None:
    """The bytes of a decoded text, or None where its encoding cannot write it."""
    try:
        return decoded.bom + decoded.text.encode(decoded.encoding)
    except UnicodeError:
        return None


def binary_magic(data: bytes) -> str | None:
    """What the first bytes say when they are those of a well-known binary format."""
    if data[:4] == b"RIFF" and data[8:12] in (b"WEBP", b"AVI ", b"WAVE"):
        return "an image, sound or film (RIFF)"
    return next((name for magic, name in _MAGIC if data.startswith(magic)), None)


def byte_spans(decoded: Decoded, data: bytes, spans: Sequence[Span]) -> list[Span] | None:
    """Spans of the text (characters, sorted, apart) as spans of ``data`` (bytes).

    None where the pieces, encoded one by one, are not the file: in an encoding with shifts
    (ISO-2022-JP, HZ) a piece cannot be cut out without the state it begins in.
    """
    text, position, at, result = decoded.text, len(decoded.bom), 0, []
    ascii_only = decoded.encoding == "utf-8" and text.isascii()
    if ascii_only:
        return [(start + position, end + position) for start, end in spans]
    for start, end in [*spans, (len(text), len(text))]:
        for a, b in ((at, start), (start, end)):
            piece = text[a:b].encode(decoded.encoding)
            if data[position : position + len(piece)] != piece:
                return None
            position += len(piece)
        result.append((position - len(piece), position))
        at = end
    return result[:-1] if position == len(data) else None


def without(data: bytes, spans: Sequence[Span]) -> bytes:
    """``data`` minus ``spans`` (bytes, sorted, apart)."""
    pieces, at = [], 0
    for start, end in spans:
        pieces.append(data[at:start])
        at = end
    return b"".join([*pieces, data[at:]])


def _marked(data: bytes) -> Decoded | None:
    for bom, encoding in _MARKS:
        if data.startswith(bom):
            try:
                return Decoded(data[len(bom) :].decode(encoding), encoding, bom)
            except UnicodeDecodeError as error:
                if bom != codecs.BOM_UTF32_LE:
                    offset = len(bom) + error.start
                    raise NotDecoded(
                        "undecodable", f"{encoding} mark, but not {encoding} ({error.reason})", offset
                    ) from None
    return None


def _utf8(data: bytes) -> Decoded | None:
    if b"\0" in data or b"\x1b$" in data:  # ISO-2022 writes Japanese and Korean in ASCII bytes
        return None
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if _mostly_utf8(data):
            raise NotDecoded(
                "undecodable", f"UTF-8 text with a broken byte (0x{data[error.start]:02x})", error.start
            ) from None
        return None


def _recorded(data: bytes, encoding: str | None) -> Decoded | None:
    try:
        decoded = Decoded(data.decode(encoding), encoding) if encoding else None
    except (LookupError, UnicodeDecodeError):
        return None
    return decoded if decoded and encode(decoded) == data else None


def _mostly_utf8(data: bytes) -> bool:
    """Three good characters of several bytes for each broken byte: chance does not make those.

    Guessing a single-byte encoding for such a text would read every accent wrongly.
    """
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    wide = len(text) - len(text.encode("ascii", "ignore"))
    return wide - broken >= 3 * broken


def _guessed(data: bytes) -> Decoded:
    import chardet

    guess = chardet.detect(_sample(data))
    name, confidence = guess["encoding"], float(guess["confidence"] or 0)
    if name is None or (b"\0" in data and not name.lower().startswith(("utf-16", "utf-32"))):
        raise NotDecoded("not text", "binary data")
    if confidence < MIN_CONFIDENCE:
        raise NotDecoded("undecodable", f"in no known encoding (best guess {name}, confidence {confidence:.2f})")
    try:
        encoding = codecs.lookup(name).name
        text = data.decode(encoding)
    except LookupError:
        raise NotDecoded("undecodable", f"in an encoding that Python does not know ({name})") from None
    except UnicodeDecodeError as error:
        detail = f"in no known encoding (best guess {name}, but byte 0x{data[error.start]:02x} is not of it)"
        raise NotDecoded("undecodable", detail, error.start) from None
    if _controls(text) * 50 > len(text):
        raise NotDecoded("not text", "binary data")
    return Decoded(text, encoding, b"", confidence)


def _sample(data: bytes) -> bytes:
    """At most 200,000 bytes for chardet: lines that are not ASCII, each once.

    ASCII lines and repeated ones tell nothing about the encoding, but lower the confidence.
    """
    if b"\0" in data or len(data) < _SAMPLE // 100:
        return data[:_SAMPLE]
    lines: dict[bytes, None] = {}
    size = 0
    for line in data.splitlines(keepends=True):
        if not line.isascii() and line not in lines:
            lines[line] = None
            size += len(line)
            if size >= _SAMPLE:
                break
    return b"".join(lines)[:_SAMPLE] if lines else data[:_SAMPLE]


def _controls(text: str) -> int:
    """Characters below the space that no text has (tab, line ends, form feed and escape may stand)."""
    return sum(text.count(chr(code)) for code in range(32) if code not in (9, 10, 11, 12, 13, 27))
