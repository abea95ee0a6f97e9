"""Tar archives as a stream: headers as they stand, contents, and what lies between.

Only the size in a header is ever changed, so that names, owners, times, extended attributes and every
dialect (v7, ustar, GNU, pax) stay byte for byte what they were.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from typing import IO, NamedTuple

from cleaner.formats.compression import PIECE, DamagedError, Joined, Sink, sink
from cleaner.formats.files import Member

BLOCK = 512
FILE, FOLDER = "file", "folder"

# Names and attributes of one member: file systems allow 64 kB of them, a hostile header claims gigabytes.
_MOST_HEADER = 16 << 20
_KINDS = {
    b"0": FILE, b"\0": FILE, b"7": FILE, b"5": FOLDER, b"1": "links", b"2": "links", b"3": "devices",
    b"4": "devices", b"6": "pipes", b"S": "sparse files",
}  # fmt: skip
_IN_DIGITS = 8 << 30
_WITHOUT_CONTENT = b"123456V"
_EXTENSIONS = b"xXgLK"
_EARLY = "the tar archive ends too early"
_RECORD = re.compile(rb"(\d{1,20}) ([^=]{1,1000})=")


class Head(NamedTuple):
    """What stands before a content of ``size`` bytes: the raw ``header``, and what it says.

    ``kind`` is FILE, FOLDER, or the plural of what else it is.
    """

    header: bytes
    name: str
    kind: str
    size: int

    @property
    def padding(self) -> int:
        """Bytes behind the content that fill its last block."""
        return -self.size % BLOCK


class TarReader:
    """Goes through an archive once: ``next``, ``content`` and ``padding`` of each member, then ``rest``.

    Raises DamagedError.
    """

    def __init__(self, read: Iterator[bytes]) -> None:
        self._stream, self._left = Joined(read), 0
        self._end = b""

    @property
    def at(self) -> int:
        """Bytes read so far."""
        return self._stream.at

    def next(self) -> Head | None:
        """The next header; None at the end. The content and padding before it have been read."""
        blocks: list[bytes] = []
        said: dict[str, bytes] = {}
        while True:
            block = self._stream.read(BLOCK)
            if not blocks and not block.strip(b"\0"):
                self._end = block
                return None
            self._check(block)
            blocks.append(block)
            if block[156] not in _EXTENSIONS:
                break
            blocks.append(self._extension(block, sum(map(len, blocks))))
            said |= _said(block[156:157], blocks[-1][: _value(block[124:136])])
        more = blocks[-1][156:157] == b"S" and blocks[-1][482]
        while more:  # the map of a sparse file goes on
            blocks.append(self._exactly(BLOCK))
            more = blocks[-1][504]
        head = _head(b"".join(blocks), block, said)
        self._left = head.size
        return head

    def content(self, size: int = PIECE) -> bytes:
        """At most ``size`` more bytes of the content; none at its end."""
        data = self._stream.read(min(size, self._left))
        if not data and self._left:
            raise DamagedError(_EARLY)
        self._left -= len(data)
        return data

    def resume(self, read: Iterator[bytes], at: int, size: int) -> None:
        """Go on at byte ``at`` of ``read``, where a content of ``size`` bytes begins."""
        self._stream, self._left = Joined(read), size
        while self.at < at:
            self._exactly(min(PIECE, at - self.at))

    def padding(self, head: Head) -> bytes:
        return self._exactly(head.padding)

    def rest(self) -> Iterator[bytes]:
        """All from the end of the archive on: blocks of zeros, as a rule."""
        data = self._end
        while data:
            yield data
            data = self._stream.read(PIECE)

    def _check(self, block: bytes) -> None:
        if len(block) < BLOCK:
            raise DamagedError(_EARLY)
        if not is_header(block):
            at = self.at - BLOCK
            raise DamagedError(f"damaged: no header at byte {at:,} of the tar archive" if at else "not a tar archive")

    def _extension(self, block: bytes, before: int) -> bytes:
        size = _value(block[124:136])
        if before + size > _MOST_HEADER:
            raise DamagedError(f"damaged: a header of {before + size:,} bytes at byte {self.at:,} of the tar archive")
        return self._exactly(size + -size % BLOCK)

    def _exactly(self, size: int) -> bytes:
        data = self._stream.read(size)
        if len(data) < size:
            raise DamagedError(_EARLY)
        return data


class TarWriter:
    """Writes an archive: stretches as they are, members with the size of what they hold now.

    ``digest`` is that of all but the contents of changed members and their sizes.
    """

    def __init__(self, write: Callable[[Iterable[bytes]], object]) -> None:
        self._write, self._digest = write, blake2b(digest_size=16)

    def stretch(self, data: bytes) -> None:
        self._digest.update(data)
        self._write([data])

    def sink(self, member: Member, spool: IO[bytes]) -> Sink:
        """What the content of a member is written to, before ``member`` is called."""
        return sink(spool, "")

    def member(self, member: Member, spool: IO[bytes], *, changed: bool) -> None:
        """Write a member with the content of ``spool``."""
        self.stretch(member.before)
        size = spool.tell()
        header, padding = resized(member.header, size), bytes(-size % BLOCK)
        self._digest.update(resized(header, 0) if changed else header)
        self._write([header])
        spool.seek(0)
        while piece := spool.read(PIECE):
            if not changed:
                self._digest.update(piece)
            self._write([piece])
        if not changed:
            self._digest.update(padding)
        self._write([padding])

    def end(self) -> None:
        """Nothing stands at the end but the last stretch."""

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()


def is_header(block: bytes) -> bool:
    """Whether the checksum of a block fits, in the sum of today or that of old Suns."""
    try:
        stands = _value(block[148:156])
    except DamagedError:
        return False
    return stands in (_sum(block), _signed_sum(block))


def resized(header: bytes, size: int) -> bytes:
    """``header`` with another size of the content. ``resized(resized(h, n), old) == h`` for usual headers."""
    blocks, said, at = list[bytes](), dict[str, bytes](), 0
    while header[at + 156] in _EXTENSIONS:
        block = header[at : at + BLOCK]
        length = _value(block[124:136])
        data = header[at + BLOCK : at + BLOCK + length]
        at += BLOCK + length + -length % BLOCK
        found = _said(block[156:157], data)
        if "size" in found:
            said = found
            data = _with_record(data, b"size", b"%d" % size)
        blocks += [_with_size(block, len(data)), data, bytes(-len(data) % BLOCK)]
    block = header[at : at + BLOCK]
    # Where the size has a record of its own, which counts, the field need not have room for it.
    own = "size" not in said or (_value(block[124:136]) == int(said["size"]) and size < _IN_DIGITS)
    return b"".join([*blocks, _with_size(block, size) if own else block, header[at + BLOCK :]])


def _head(header: bytes, block: bytes, said: dict[str, bytes]) -> Head:
    kind = _KINDS.get(block[156:157], "members of an unknown kind")
    name = said.get("path") or _name(block)
    if kind == FILE and name.endswith(b"/"):
        kind = FOLDER  # as the oldest tars wrote them
    if any(key.startswith("GNU.sparse.") for key in said):
        kind = _KINDS[b"S"]
    size = _number(said["size"]) if "size" in said else _value(block[124:136])
    return Head(header, name.decode("utf-8", "surrogateescape"), kind, 0 if block[156] in _WITHOUT_CONTENT else size)


def _name(block: bytes) -> bytes:
    name, prefix = block[:100].partition(b"\0")[0], block[345:500].partition(b"\0")[0]
    return prefix + b"/" + name if prefix and block[257:263] == b"ustar\0" else name


def _said(kind: bytes, data: bytes) -> dict[str, bytes]:
    """What an extension says about the member behind it; what holds for all of them (g) is not looked at."""
    if kind == b"L":
        return {"path": data.rstrip(b"\0")}
    said, at = {}, 0
    while kind in b"xX" and (record := _RECORD.match(data, at)):
        end = at + int(record[1])
        if end <= record.end() or end > len(data):
            break
        said[record[2].decode("utf-8", "replace")] = data[record.end() : end - 1]
        at = end
    return said


def _with_record(data: bytes, key: bytes, value: bytes) -> bytes:
    """The records ``data`` with another value of ``key``; a record begins with its own length."""
    records, at = [], 0
    while record := _RECORD.match(data, at):
        end = at + int(record[1])
        if record[2] == key:
            rest = b" %s=%s\n" % (key, value)
            length = len(rest) + 1
            while length != len(rest) + len(b"%d" % length):
                length += 1
            records.append(b"%d%s" % (length, rest))
        else:
            records.append(data[at:end])
        at = end
    return b"".join([*records, data[at:]])


def _with_size(block: bytes, size: int) -> bytes:
    changed = block[:124] + _field(block[124:136], size) + block[136:]
    signed = _value(block[148:156]) != _sum(block)
    total = _signed_sum(changed) if signed else _sum(changed)
    return changed[:148] + _field(block[148:156], total) + changed[156:]


def _sum(block: bytes) -> int:
    """The checksum of a header: its own field counts as spaces."""
    return sum(block) - sum(block[148:156]) + 8 * 32


def _signed_sum(block: bytes) -> int:
    above = (block[:148] + block[156:]).translate(None, bytes(range(128)))
    return _sum(block) - 256 * len(above)


def _value(field: bytes) -> int:
    if field[:1] == b"\x80":  # GNU, for what has more digits
        return int.from_bytes(field[1:], "big")
    return _number(field.partition(b"\0")[0].strip() or b"0", 8)


def _number(digits: bytes, base: int = 10) -> int:
    if not digits.isdigit() or len(digits) > 20 or (base == 8 and digits.translate(None, b"01234567")):
        raise DamagedError(f"damaged: {digits!r} is no number in a tar header")
    return int(digits, base)


def _field(old: bytes, value: int) -> bytes:
    """``value`` written as the field ``old`` is: in digits with the same fill and end, or in binary.

    In binary too where it has too many digits: a member packed anew may pass 8 GB.
    """
    end, digits = old[len(old.rstrip(b"\0 ")) :], b"%o" % value
    if old[:1] == b"\x80" or len(digits) + len(end) > len(old):
        return b"\x80" + value.to_bytes(len(old) - 1, "big")
    return digits.rjust(len(old) - len(end), b" " if old[:1] == b" " else b"0") + end
