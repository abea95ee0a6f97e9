"""What a dump is cut into before it is parsed: whole records, and words about what is none.

A batch of parts is one run of bytes, so that it can travel like a batch of any other format.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from struct import Struct
from typing import Any, Literal, NamedTuple

from cleaner.errors import InputError
from cleaner.formats.compression import DamagedError
from cleaner.formats.expanding import BombError

Kind = Literal["record", "trouble", "names"]

_HEAD = Struct("<BQQ")
_KINDS: tuple[Kind, ...] = ("record", "trouble", "names")


class Part(NamedTuple):
    """``data`` that begins at byte ``offset`` of the (decompressed) file.

    record   the bytes of a whole record
    trouble  JSON: [reason, detail, fix], where no record could be read
    names    JSON: what the parts behind it need to know of the dump
    """

    kind: Kind
    offset: int
    data: bytes

    @classmethod
    def trouble(cls, offset: int, reason: str, detail: str, fix: str) -> Part:
        return cls("trouble", offset, json.dumps([reason, f"byte {offset:,}: {detail}", fix]).encode("ascii"))

    @property
    def packed(self) -> bytes:
        """Its bytes in a batch."""
        return _HEAD.pack(_KINDS.index(self.kind), self.offset, len(self.data)) + self.data

    @property
    def value(self) -> Any:
        """What ``data`` says, where it is JSON."""
        return json.loads(self.data)


def packed(parts: Iterable[Part], size: int) -> Iterator[bytes]:
    """``parts`` as batches of ``size`` bytes, or the one record that is longer; each begins with the last names."""
    names: list[bytes] = []
    held, length = [], 0
    for part in parts:
        data = part.packed
        if part.kind == "names":
            names = [data]
        held.append(data)
        length += len(data)
        if length >= size:
            yield b"".join(held)
            held, length = list(names), 0
    if len(held) > len(names) or (held and held != names):
        yield b"".join(held)


def unpacked(batch: bytes) -> Iterator[Part]:
    """The parts of a batch."""
    at = 0
    while at < len(batch):
        kind, offset, length = _HEAD.unpack_from(batch, at)
        at += _HEAD.size
        yield Part(_KINDS[kind], offset, batch[at : at + length])
        at += length


class Stream:
    """The bytes of a dump, read ahead as far as they are asked for; ``at`` is the offset of the next one.

    ``damage`` says in words what ended them before their end: compressed data that is cut off or broken
    ends a dump, of which all that stood before can be used.
    """

    def __init__(self, read: Iterable[bytes]) -> None:
        self._read = iter(read)
        self.data, self.at, self.ended, self.damage = bytearray(), 0, False, ""

    def more(self, size: int) -> bool:
        """Read until ``size`` bytes are there; False where the end comes before."""
        while len(self.data) < size and not self.ended:
            self.data += self._next()
        return len(self.data) >= size

    def take(self, size: int) -> bytes:
        """The next ``size`` bytes. A bytearray gives up its first bytes without moving the rest."""
        taken = bytes(memoryview(self.data)[:size])
        del self.data[:size]
        self.at += len(taken)
        return taken

    def skip(self, size: int) -> None:
        """Pass over ``size`` bytes without holding them."""
        while size > 0 and self.more(1):
            size -= len(self.take(size))

    def _next(self) -> bytes:
        try:
            piece = next(self._read, None)
        except InputError as error:
            if not isinstance(error.__context__, DamagedError) or isinstance(error.__context__, BombError):
                raise
            self.damage, piece = error.problem, None
        self.ended = piece is None
        return piece or b""
