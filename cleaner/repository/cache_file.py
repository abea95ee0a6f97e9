"""Whether a file is the cache's own: looked at before SQLite opens it, and before anything is written or removed.

The folder may lie in a repository that somebody else has made, as an archive that was unpacked. A link there would make
the cache write to any file of the user; a journal would be played back into it.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from enum import Enum

MARK = 0x636C6E72
"""``PRAGMA application_id`` of the cache: "clnr"."""
LAYOUT = 2
"""``PRAGMA user_version``: of the one table. Another layout has another name of the file as well."""
_MAGIC = b"SQLite format 3\0"
_HEAD = 100
"""Bytes of the header of a database: the journal's kind at 18, user_version at 60, application_id at 68."""
_BESIDE = ("-journal", "-wal", "-shm")
_NO_LINK = sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))


class NotOurs(Exception):
    """What lies there was not made by the cache; the message says what it is."""


class State(Enum):
    """What lies at the place of the cache."""

    NEW = "empty, and made by this call where nothing was there"
    OURS = "a database with the cache's mark"
    DAMAGED = "no database any more; it may be removed"


def make_folder(folder: str, below: str) -> None:
    """Make ``folder``, which is ``below`` or lies in it. Raises NotOurs for a link, a file or another's folder between
    the two, OSError where a folder cannot be made."""
    os.makedirs(below, exist_ok=True)
    rest = os.path.relpath(folder, below)
    path = below
    for part in [] if rest == os.curdir else rest.split(os.sep):
        path = os.path.join(path, part)
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            found = os.lstat(path)
            if not stat.S_ISDIR(found.st_mode):
                raise NotOurs(f"{path} is no folder, or a symbolic link to one") from None
            _refuse_other_owner(path, found)


def look(path: str) -> State:
    """What lies at ``path``; where nothing does, an empty file is made. Raises NotOurs, OSError."""
    for ending in _BESIDE:
        if os.path.lexists(path + ending):
            raise NotOurs(f"{path}{ending} is not the cache's; remove it")
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINK, 0o600))
    found = _own(path)
    with open(os.open(path, os.O_RDONLY | _NO_LINK), "rb") as stream:
        opened = os.fstat(stream.fileno())
        head = stream.read(_HEAD)
    if (opened.st_dev, opened.st_ino) != (found.st_dev, found.st_ino):
        raise NotOurs(f"{path} was changed while it was looked at")
    if not head:
        return State.NEW
    if len(head) < _HEAD or not head.startswith(_MAGIC):
        return State.DAMAGED
    layout, mark = int.from_bytes(head[60:64], "big"), int.from_bytes(head[68:72], "big")
    if (mark, layout) != (MARK, LAYOUT):
        raise NotOurs(f"{path} is a database of something else")
    return State.OURS if head[18:20] == b"\1\1" else State.DAMAGED


def remove(path: str) -> None:
    """Remove a damaged cache, and nothing else: by its name and place it is the cache's. Raises NotOurs, OSError."""
    _own(path)
    os.unlink(path)


def _own(path: str) -> os.stat_result:
    """A regular file of the user with this one name."""
    found = os.lstat(path)
    if stat.S_ISLNK(found.st_mode):
        raise NotOurs(f"{path} is a symbolic link")
    if not stat.S_ISREG(found.st_mode):
        raise NotOurs(f"{path} is no regular file")
    if found.st_nlink > 1:
        raise NotOurs(f"{path} has another name elsewhere (a hard link)")
    _refuse_other_owner(path, found)
    return found


def _refuse_other_owner(path: str, found: os.stat_result) -> None:
    if os.name != "nt" and found.st_uid != os.geteuid():
        raise NotOurs(f"{path} belongs to another user")
