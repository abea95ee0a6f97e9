"""Files as text, and back: UTF-8 first, other encodings by chardet; line ends are never translated."""

from __future__ import annotations

import os
import stat
from typing import NamedTuple

from cleaner.errors import InputError

MAX_SIZE = 20 << 20
"""Bytes from which on a file is not read: nobody writes that by hand, and it would take seconds."""

_MARK = b"\xef\xbb\xbf"


class LeftOut(InputError):
    """A file that is too long or no text: told, and no failure."""


class Source(NamedTuple):
    """A file that was read: ``mark`` + ``text`` in ``encoding`` are its ``data``. ``path`` is as it is reported."""

    path: str
    place: str
    data: bytes
    text: str
    encoding: str
    mark: bytes

    def encoded(self, text: str) -> bytes:
        """``text`` as this file would hold it. Raises InputError where its encoding cannot write it."""
        try:
            return self.mark + text.encode(self.encoding)
        except UnicodeError as error:
            raise InputError(f"cannot be written as {self.encoding} ({error})", file=self.path, fix=TO_UTF8) from None


TO_UTF8 = "save it as UTF-8 and run again"


def read_source(path: str, place: str, most: int = MAX_SIZE, *, is_page: bool = False) -> Source:
    """The file at ``place`` (absolute), reported as ``path``.

    most     bytes; a longer one is not read
    is_page  it is HTML, whose own word on its encoding is believed
    Raises LeftOut for what is too long or no text, InputError for what is no regular file or cannot be read.
    """
    data = _bytes(path, place, most)
    mark = _MARK if data.startswith(_MARK) else b""
    try:
        if b"\0" not in data:
            return Source(path, place, data, data[len(mark) :].decode("utf-8"), "utf-8", mark)
    except UnicodeDecodeError:
        pass
    from cleaner.formats.decode import NotDecoded, decode

    try:
        found = decode(data, is_page=is_page)
    except NotDecoded as error:
        at = error.offset
        line = None if at is None else data.count(b"\n", 0, at) + 1
        raise LeftOut(f"not read, {error.detail}", file=path, line=line, fix=TO_UTF8) from None
    return Source(path, place, data, found.text, found.encoding, found.bom)


def _bytes(path: str, place: str, most: int) -> bytes:
    """Raises InputError. What is no regular file is not even opened: a pipe would wait for ever."""
    try:
        found = os.lstat(place)
        if not stat.S_ISREG(found.st_mode):
            raise InputError(f"is {_kind(found.st_mode)}, which is not read", file=path, fix="name a regular file")
        if found.st_size > most:
            size = f"{found.st_size / 1e6:,.1f} MB" if found.st_size > 1e6 else f"{found.st_size:,} bytes"
            fix = "raise max-size, or leave it out with exclude (settings)"
            raise LeftOut(f"not read, it is {size} long", file=path, fix=fix)
        with open(place, "rb") as file:
            return file.read()
    except OSError as error:
        fix = "see to it and run again"
        raise InputError(f"cannot be read ({error.strerror or error})", file=path, fix=fix) from None


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    return "a folder" if stat.S_ISDIR(mode) else "no regular file"


def blob_id(data: bytes) -> str:
    """The name that git would give to these bytes: 40 hexadecimal digits."""
    from hashlib import sha1

    return sha1(b"blob %d\0%b" % (len(data), data), usedforsecurity=False).hexdigest()
