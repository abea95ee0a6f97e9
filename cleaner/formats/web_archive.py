"""WARC and WET files, cut into whole records: by their lengths, and where these are wrong by what stands there.

ISO 28500 (WARC 1.1): a record is a head of lines that ends with an empty one, a block of as many bytes as
its Content-Length says, and two line ends. Members of gzip make no difference here: a file of one member
a record, as usual, and one of a single member decompress to the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cleaner.formats.parts import Part, Stream
from cleaner.formats.tally import CUT_OFF

LONGEST_HEAD = 1 << 20
LONGEST_BLOCK = 64 << 20
"""Bytes of a block that is read whole; no page is that long. Of a longer one the first ``SHOWN`` are kept."""
SHOWN = 64 << 10
LONGEST_LENGTH = 18
"""Digits of a length: int() takes no more than 4,300, and no file has more than these."""

_BEGINS = b"WARC/"
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_END_OR_NEXT = re.compile(rb"\r?\n\r?\n|\n(?=WARC/[01]\.\d+\r?\n)")
_NEXT = re.compile(rb"\n(?=WARC/[01]\.\d+\r?\n)")
_BLANK = re.compile(rb"[\r\n]+")
_OVERLAP = 16  # bytes in which _NEXT may have begun
_FOLDED = re.compile(rb"\r?\n[ \t]+")
_CUT_OFF = "what stands before it is done: get the file again for the rest"
_LEFT_OUT = "it is left out: get the file again, or correct it"

Fields = dict[str, str]


def records(read: Iterable[bytes]) -> Iterator[Part]:
    """Every record of an archive, and what cannot be one; nothing is held but the record at hand."""
    stream = Stream(read)
    while stream.more(1):
        if blank := _BLANK.match(stream.data):
            stream.take(blank.end())
        elif stream.more(len(_BEGINS)) and stream.data.startswith(_BEGINS):
            yield from _record(stream)
        else:
            yield _passed_over(stream, "no record", "no WARC record begins here")
    if stream.damage:
        yield Part.trouble(stream.at, CUT_OFF, stream.damage, _CUT_OFF)
        stream.damage = ""


def fields_of(head: bytes) -> tuple[str, Fields]:
    """The first line of a head, and its fields by name in lower case; of a field given twice the first."""
    lines = _FOLDED.sub(b" ", head.rstrip(b"\r\n")).split(b"\n")
    fields: Fields = {}
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            fields.setdefault(_text(name).lower(), _text(value))
    return _text(lines[0]), fields


def head_and_block(record: bytes) -> tuple[Fields, bytes]:
    """The fields of a record's head, and its block."""
    end = _END_OF_HEAD.search(record)
    cut = end.end() if end is not None else len(record)
    return fields_of(record[:cut])[1], record[cut:]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").strip()


def _record(stream: Stream) -> Iterator[Part]:
    """The record at hand; or, where it is none, all the bytes up to the next."""
    head = _head_length(stream)
    if not head:
        if stream.ended and len(stream.data) < LONGEST_HEAD and not _NEXT.search(stream.data):
            yield _cut_off(stream)
        else:
            yield _passed_over(stream, "broken record", "a head without an end")
        return
    length = fields_of(bytes(stream.data[:head]))[1].get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        yield _without_length(stream, head)
    elif len(length) > LONGEST_LENGTH:
        yield _passed_over(stream, "broken record", f"a length of {len(length):,} digits, which no file has")
    elif int(length) > LONGEST_BLOCK:
        yield from _long(stream, head, int(length))
    elif stream.more(head + int(length)):
        yield _whole(stream, head, int(length))
    elif _NEXT.search(stream.data, head):
        yield _passed_over(stream, "broken record", f"a length of {int(length):,} bytes, which is more than there are")
    else:
        yield _cut_off(stream)


def _head_length(stream: Stream) -> int:
    """Bytes of the head with its empty line, 0 where it has no end."""
    size = 4096
    while True:
        stream.more(size)
        if end := _END_OR_NEXT.search(stream.data, 0, LONGEST_HEAD):
            return end.end() if len(end[0]) > 1 else 0
        if stream.ended or size > LONGEST_HEAD:
            return 0
        size *= 4


def _whole(stream: Stream, head: int, length: int) -> Part:
    """A record whose block is all there, if what follows can follow a record."""
    end = head + length
    stream.more(end + 64)
    after = bytes(stream.data[end : end + 64])
    rest = after.lstrip(b"\r\n")
    if not rest or rest.startswith(_BEGINS) or after.startswith(b"\r\n\r\n"):
        return Part("record", stream.at, stream.take(end))
    return _passed_over(stream, "broken record", f"a length of {length:,} bytes, but no record ends there")


def _without_length(stream: Stream, head: int) -> Part:
    """A record without a length reaches to the next one."""
    while (found := _NEXT.search(stream.data, head - 1)) is None and not stream.ended:
        if len(stream.data) > LONGEST_BLOCK:
            return _passed_over(stream, "broken record", "a record without a length")
        stream.more(2 * len(stream.data))
    at, record = stream.at, stream.take(found.end() if found is not None else len(stream.data))
    return Part("record", at, record[:head] + record[head:].rstrip(b"\r\n"))


def _long(stream: Stream, head: int, length: int) -> Iterator[Part]:
    """The beginning of a long record: enough to see what it is."""
    at = stream.at
    stream.more(head + SHOWN)
    yield Part("record", at, bytes(stream.data[: head + SHOWN]))
    stream.skip(head + length)
    if stream.at < at + head + length:
        yield _trouble_at_end(at, stream)


def _cut_off(stream: Stream) -> Part:
    at = stream.at
    stream.skip(len(stream.data))
    return _trouble_at_end(at, stream)


def _trouble_at_end(at: int, stream: Stream) -> Part:
    detail = "the file ends in the middle of a record"
    if stream.damage:
        detail, stream.damage = f"{detail} ({stream.damage})", ""
    return Part.trouble(at, CUT_OFF, detail, _CUT_OFF)


def _passed_over(stream: Stream, reason: str, detail: str) -> Part:
    """Everything up to where the next record begins."""
    at = stream.at
    while (found := _NEXT.search(stream.data)) is None and not stream.ended:
        stream.take(max(1, len(stream.data) - _OVERLAP))
        stream.more(_OVERLAP + 1)
    stream.take(found.end() if found is not None else len(stream.data))
    return Part.trouble(at, reason, f"{detail}; {stream.at - at:,} bytes up to the next record", _LEFT_OUT)
