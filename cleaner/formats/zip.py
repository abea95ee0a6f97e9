"""Zip archives: untouched members as they stand, changed ones packed anew by their own method.

Of a changed member only checksum and sizes are written anew; its names, times, attributes, comments and
extra fields stay byte for byte what they were, and so does the order, in the file as in its directory.
"""

from __future__ import annotations

import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from struct import Struct, error, pack
from typing import IO, Any, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from cleaner.formats.compression import BZIP2_LEVEL, GZIP_LEVEL, PIECE, DamagedError, Meter, Sink
from cleaner.formats.expanding import CODECS, Codec, expanded, raw_deflate, zlib_package
from cleaner.formats.files import Member
from cleaner.formats.reading import open_path

# signature, versions (made by, needed), flags, method, time, date, checksum, sizes (packed, not), lengths (name,
# extra, comment), disk, attributes (2), offset
_RECORD = Struct("<4s6H3L5H2L")
_LOCAL = Struct("<4s5H3L2H")
_BIG, _MANY = 0xFFFFFFFF, 0xFFFF
_VERSION_64 = 45
_ENCRYPTED, _SIZES_BEHIND = 1, 8
_STORED, _DEFLATED, _BZIP2 = 0, 8, 12
_CODECS: dict[int, Callable[[], Codec]] = {_DEFLATED: raw_deflate, _BZIP2: CODECS["bz2"]}
_BROKEN = (BadZipFile, NotImplementedError, ValueError, EOFError, error)


class ZipMember(NamedTuple):
    """The ``number``-th member in the file, from 0: bytes ``start`` to ``end``; ``record`` is its directory entry."""

    number: int
    info: ZipInfo
    record: bytes
    start: int
    end: int

    @property
    def hindrance(self) -> tuple[str, str] | None:
        """Why it cannot be read: what to count it under, and in words."""
        if self.info.flag_bits & _ENCRYPTED:
            return "encrypted", "encrypted"
        if self.info.compress_type not in (_STORED, *_CODECS):
            return "unknown method", f"packed by a method that is not read here (number {self.info.compress_type})"
        return None

    @property
    def is_link(self) -> bool:
        return stat.S_ISLNK(self.info.external_attr >> 16)


class Zip:
    """An archive opened for reading: ``members`` as they stand in the file, ``order`` their numbers in its directory.

    Raises DamagedError and OSError.
    """

    def __init__(self, path: str) -> None:
        self._stream = open_path(path)
        try:
            with ZipFile(self._stream) as archive:
                self._read(archive)
        except _BROKEN as problem:
            self.close()
            raise DamagedError(f"not a zip archive that can be read ({problem})") from None
        except BaseException:
            self.close()
            raise

    def _read(self, archive: ZipFile) -> None:
        self.comment = archive.comment
        infos = archive.infolist()
        numbered = sorted(range(len(infos)), key=lambda each: infos[each].header_offset)
        records = _records(self._stream, archive.start_dir, len(infos))
        starts = [*(infos[each].header_offset for each in numbered), archive.start_dir]
        self.start = starts[0]
        self.members = [
            ZipMember(number, infos[each], records[each], starts[number], starts[number + 1])
            for number, each in enumerate(numbered)
        ]
        place = {each: number for number, each in enumerate(numbered)}
        self.order = [place[each] for each in range(len(infos))]
        for member in self.members:
            if member.start + _LOCAL.size + member.info.compress_size > member.end:
                raise BadZipFile(f"its members lie over each other: {member.info.filename!r}")

    def local(self, member: ZipMember) -> bytes:
        """The header in front of the packed content."""
        self._stream.seek(member.start)
        header = self._stream.read(_LOCAL.size)
        fields = _LOCAL.unpack(header) if len(header) == _LOCAL.size else (b"",)
        if fields[0] != b"PK\x03\x04":
            raise DamagedError("damaged: no header where the zip archive says")
        header += self._stream.read(fields[-2] + fields[-1])
        if header[_LOCAL.size : _LOCAL.size + fields[-2]] != _name_in(member.record):
            raise DamagedError("damaged: it has two different names in the zip archive")
        return header

    def content(self, member: ZipMember, meter: Meter) -> Iterator[bytes]:
        """The content, unpacked; at its end its size and checksum are looked at."""
        start = member.start + len(self.local(member))
        if start + member.info.compress_size > member.end:
            raise DamagedError("damaged: it lies over the next one in the zip archive")
        raw = self.raw(start, start + member.info.compress_size)
        codec = _CODECS.get(member.info.compress_type)
        size = checksum = 0
        for piece in raw if codec is None else expanded(raw, codec(), meter):
            size, checksum = size + len(piece), zlib.crc32(piece, checksum)
            yield piece
        if (size, checksum) != (member.info.file_size, member.info.CRC):
            raise DamagedError("damaged: its size or checksum is not what the zip archive says")

    def raw(self, start: int, end: int) -> Iterator[bytes]:
        """Bytes of the file as they stand."""
        while start < end:
            self._stream.seek(start)
            if not (piece := self._stream.read(min(PIECE, end - start))):
                raise DamagedError("the zip archive ends too early")
            start += len(piece)
            yield piece

    def close(self) -> None:
        self._stream.close()


class ZipWriter:
    """Writes the archive at ``path`` anew: changed members as they come, in their order, all else as it stands.

    ``digest`` is that of the directory, but for what depends on how and where members are packed, and for
    checksums and sizes of changed members.
    """

    def __init__(self, write: Callable[[Iterable[bytes]], object], path: str) -> None:
        self._write, self._zip = write, Zip(path)
        self._at = self._next = 0
        self._records: dict[int, bytes] = {}
        self._changed: set[int] = set()
        self._put(self._zip.raw(0, self._zip.start))

    def stretch(self, data: bytes) -> None:
        """What lies between members is taken from the file."""

    def sink(self, member: Member, spool: IO[bytes]) -> Sink:
        """What the content of a member is written to, before ``member`` is called."""
        self._packing = _Packing(spool, self._zip.members[member.number].info.compress_type)
        return self._packing

    def member(self, member: Member, spool: IO[bytes], *, changed: bool) -> None:
        """Write a member with the content that was packed into ``spool``."""
        if not changed:
            return  # packed as it was, it comes along with the next one
        self._untouched(member.number)
        old, new = self._zip.members[member.number], (self._packing.checksum, spool.tell(), self._packing.size)
        self._records[member.number] = _record(old.record, *new, self._at)
        self._changed.add(member.number)
        self._next = member.number + 1
        spool.seek(0)
        self._put([_local(self._zip.local(old), *new)])
        self._put(iter(lambda: spool.read(PIECE), b""))

    def end(self) -> None:
        """Write what is left, and the directory."""
        self._untouched(len(self._zip.members))
        records = [self._records[number] for number in self._zip.order]
        start = self._at
        self._put(records)
        self._put([_end(len(records), self._at - start, start, self._zip.comment)])

    def close(self) -> None:
        self._zip.close()

    @property
    def digest(self) -> str:
        whole = blake2b(self._zip.comment, digest_size=16)
        for number in self._zip.order:
            info, changed = self._zip.members[number].info, number in self._changed
            whole.update(_facts(self._records[number], *((0, 0) if changed else (info.CRC, info.file_size))))
        return whole.hexdigest()

    def _untouched(self, until: int) -> None:
        for member in self._zip.members[self._next : until]:
            info = member.info
            self._records[member.number] = _record(
                member.record, info.CRC, info.compress_size, info.file_size, self._at, info.flag_bits
            )
            self._put(self._zip.raw(member.start, member.end))
        self._next = max(until, self._next)

    def _put(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            self._at += len(piece)
            self._write([piece])


class _Packing:
    """Packs a content by one method, and takes its size and checksum."""

    def __init__(self, spool: IO[bytes], method: int) -> None:
        self._spool, self._packer = spool, _packer(method)
        self.size = self.checksum = 0

    def write(self, data: bytes) -> None:
        self.size, self.checksum = self.size + len(data), zlib.crc32(data, self.checksum)
        self._spool.write(self._packer.compress(data) if self._packer is not None else data)

    def close(self) -> None:
        if self._packer is not None:
            self._spool.write(self._packer.flush())


def _packer(method: int) -> Any:
    if method == _BZIP2:
        import bz2

        return bz2.BZ2Compressor(BZIP2_LEVEL)
    return zlib_package().compressobj(GZIP_LEVEL, wbits=-15) if method == _DEFLATED else None


def _records(stream: IO[bytes], start: int, number: int) -> list[bytes]:
    """The raw entries of the directory, which zipfile has read without error before."""
    stream.seek(start)
    records = []
    for _ in range(number):
        fixed = stream.read(_RECORD.size)
        lengths = _RECORD.unpack(fixed)[10:13]
        records.append(fixed + stream.read(sum(lengths)))
    return records


def _name_in(record: bytes) -> bytes:
    return record[_RECORD.size : _RECORD.size + _RECORD.unpack_from(record)[10]]


def _record(old: bytes, checksum: int, packed: int, size: int, offset: int, flags: int | None = None) -> bytes:
    """A directory entry with other numbers; what does not fit into 32 bits goes into an extra field."""
    fields = list(_RECORD.unpack_from(old))
    length, behind = fields[10], _RECORD.size + fields[10] + fields[11]
    extra = _without_64(old[_RECORD.size + length : behind])
    large = [number for number in (size, packed, offset) if number >= _BIG]
    if large:
        extra = pack(f"<HH{len(large)}Q", 1, 8 * len(large), *large) + extra
        fields[2] = max(fields[2], _VERSION_64)
    fields[3] = fields[3] & ~_SIZES_BEHIND if flags is None else flags
    fields[7:10] = checksum, _low(packed), _low(size)
    fields[11], fields[13], fields[16] = len(extra), 0, _low(offset)
    return _RECORD.pack(*fields) + old[_RECORD.size : _RECORD.size + length] + extra + old[behind:]


def _facts(record: bytes, checksum: int, size: int) -> bytes:
    """What an entry says however its member is packed, and whatever version that needs."""
    plain = _record(record, checksum, 0, 0, 0)
    return plain[:6] + b"\0\0" + plain[8:] + pack("<Q", size)


def _local(old: bytes, checksum: int, packed: int, size: int) -> bytes:
    """A local header with other numbers, which stand in it and not behind the content."""
    fields = list(_LOCAL.unpack_from(old))
    name, extra = old[_LOCAL.size : _LOCAL.size + fields[9]], _without_64(old[_LOCAL.size + fields[9] :])
    if max(packed, size) >= _BIG:
        extra = pack("<HHQQ", 1, 16, size, packed) + extra
        fields[1], packed, size = max(fields[1], _VERSION_64), 0xFFFFFFFF, 0xFFFFFFFF
    fields[2] &= ~_SIZES_BEHIND
    fields[6:9] = checksum, packed, size
    fields[10] = len(extra)
    return _LOCAL.pack(*fields) + name + extra


def _without_64(extra: bytes) -> bytes:
    """Extra fields without the one for sizes over 32 bits; what is no field stays as it is."""
    kept, at = [], 0
    while at + 4 <= len(extra):
        kind, length = int.from_bytes(extra[at : at + 2], "little"), int.from_bytes(extra[at + 2 : at + 4], "little")
        if kind != 1:
            kept.append(extra[at : at + 4 + length])
        at += 4 + length
    return b"".join([*kept, extra[at:]])


def _end(number: int, length: int, start: int, comment: bytes) -> bytes:
    """What stands behind the directory of ``length`` bytes at ``start``."""
    end = b""
    if number >= _MANY or max(length, start) >= _BIG:
        end = pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, number, number, length, start)
        end += pack("<4sLQL", b"PK\6\7", 0, start + length, 1)
    number = number if number < _MANY else 0xFFFF
    return end + pack("<4s4H2LH", b"PK\5\6", 0, 0, number, number, _low(length), _low(start), len(comment)) + comment


def _low(number: int) -> int:
    """A number, or what stands for one that is written elsewhere."""
    return number if number < _BIG else 0xFFFFFFFF
