"""Bytes to text and back: byte order mark, strict UTF-8, what a page declares, then chardet with its confidence.

Line ends are never translated. What stays in an output is taken from the input's bytes, so a text
is only useful here when its encoding gives the very same bytes again (``round_trips``).
"""

from __future__ import annotations

import codecs
import re
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

_HEAD = 4096
"""Bytes at the beginning of a page in which its declaration stands; browsers look through 1,024."""
_comment = re.compile(rb"<!--.*?-->", re.DOTALL)
_charset = re.compile(
    rb"<meta\s[^>]*?charset\s*=\s*[\"']?\s*([\w:.-]+)|<\?xml\s[^>]*?encoding\s*=\s*[\"']([\w:.-]+)", re.IGNORECASE
)
_LATIN = ("cp1252", "latin-1")
_utf8_signs = re.compile(rb"[\xc2\xc3][\x80-\xbf]|\xe2\x80[\x90-\xbf]|\xe2\x82\xac")
MIXED = 3
"""Accents, quotes or the euro sign in UTF-8 that a page in a Western encoding never holds by chance: \u00c3\u00a9 is no
letter pair of any language."""


def _labels() -> dict[str, tuple[str, ...]]:
    """Names that pages use (https://encoding.spec.whatwg.org) with the codecs that read them as browsers do."""
    found: dict[str, tuple[str, ...]] = {}
    for codecs_, names in {
        _LATIN: "iso-8859-1 iso8859-1 iso_8859-1 latin1 l1 ascii us-ascii windows-1252 cp1252 x-cp1252",
        ("gb18030",): "gb2312 gb_2312-80 gbk x-gbk gb18030 chinese",
        ("big5hkscs", "cp950"): "big5 big5-hkscs x-x-big5 cn-big5",
        ("cp932",): "shift_jis shift-jis sjis x-sjis ms_kanji windows-31j",
        ("euc_jp",): "euc-jp x-euc-jp",
        ("iso2022_jp",): "iso-2022-jp",
        ("cp949",): "euc-kr ks_c_5601-1987 ksc5601 ks_c_5601-1989 windows-949",
        ("cp1254",): "iso-8859-9 iso8859-9 latin5 windows-1254",
        ("cp874",): "tis-620 iso-8859-11 windows-874",
        ("koi8_r",): "koi8-r koi8 koi",
        ("koi8_u",): "koi8-u",
        ("cp866",): "ibm866 cp866 866",
        ("mac_roman",): "macintosh mac x-mac-roman",
        ("mac_cyrillic",): "x-mac-cyrillic",
    }.items():
        found |= dict.fromkeys(names.split(), codecs_)
    for number in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16):
        found |= dict.fromkeys((f"iso-8859-{number}", f"iso8859-{number}"), (f"iso8859_{number}",))
    for number in (1250, 1251, 1253, 1255, 1256, 1257, 1258):
        found |= dict.fromkeys((f"windows-{number}", f"cp{number}"), (f"cp{number}",))
    return found


_LABELS = _labels()


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


def decode(data: bytes, recorded: str | None = None, *, is_page: bool = False) -> Decoded:
    """The text of ``data``; raises NotDecoded where it has none or would not give ``data`` again.

    ``recorded`` is the encoding that an earlier run found: it is believed where it fits, so that a
    cleaned file, which is shorter, is not read otherwise than the file it came from. ``is_page``: what
    an HTML page declares is believed where it fits.
    """
    magic = binary_magic(data)
    if magic:
        raise NotDecoded("not text", magic)
    decoded = _marked(data) or _utf8(data) or _recorded(data, recorded)
    decoded = decoded or (_declared(data) if is_page else None) or _guessed(data)
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


def _declared(data: bytes) -> Decoded | None:
    """What an HTML page says of itself; raises NotDecoded where parts of it are in UTF-8 all the same."""
    if data.isascii():
        return None
    match = _charset.search(_comment.sub(b"", data[:_HEAD]))
    label = next((group for group in match.groups() if group), b"").decode("ascii").lower() if match else ""
    for encoding in _LABELS.get(label, ()):
        found = _recorded(data, encoding)
        if found:
            utf8 = list(_utf8_signs.finditer(data)) if encoding in _LATIN else []
            if len(utf8) >= MIXED:
                detail = f"in two encodings: it declares {label}, but holds {len(utf8)} characters in UTF-8"
                raise NotDecoded("undecodable", detail, utf8[0].start())
            return found
    return None


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
