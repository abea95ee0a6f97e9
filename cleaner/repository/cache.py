"""What files said before, so that a check across files reads only what changed since.

One database of SQLite in git's own folder, in the user's cache folder, or where --cache-dir says. Rows are kept by what
they were made of: the id of the file's bytes, and a stamp of the version and of the settings that shape them. Several
runs may use it at once. It is never trusted: each entry has a checksum, and a file that is damaged is thrown away and
begun anew. What is not its own (``cache_file``) is left alone.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from zlib import crc32

from cleaner.repository.cache_file import LAYOUT, MARK, NotOurs, State, look, make_folder, remove

NAME = f"check-rows-{LAYOUT}.sqlite"
PATIENCE = 2.0
"""Seconds to wait for another run that is writing; then this one writes nothing."""
AT_ONCE = 500
"""Keys in one question; SQLite of 2020 takes 999."""
MOST = 20_000
"""Entries beyond which those that this run did not use are dropped: ten times a large repository."""

DAMAGED = (sqlite3.Error, UnicodeError)
"""What reading a damaged file raises: messages of SQLite may quote what stands in it."""
_OTHER_REASONS = frozenset({3, 5, 6, 8, 10, 13, 14})
"""Codes of SQLite for what is no damage: PERM, BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN."""

_TABLE = "CREATE TABLE entries (key TEXT PRIMARY KEY, sum INTEGER NOT NULL, value BLOB NOT NULL)"
_SETTINGS = (
    "PRAGMA trusted_schema = OFF",  # nothing that a made-up file describes is run
    "PRAGMA synchronous = OFF",  # what a power cut damages is made again
    "PRAGMA journal_mode = MEMORY",  # a journal beside the file would be played back, whoever put it there
)


class Cache:
    """Values (bytes) by key. Whatever goes wrong with the file, a key that is not found is all that is noticed.

    folder   made where it is not there
    below    folder from which on down to ``folder`` nothing may be a symbolic link; without it ``folder`` itself is
             taken as it was named
    trouble  why nothing can be kept, in words; None where all is well
    """

    def __init__(self, folder: str, below: str | None = None) -> None:
        self.trouble: str | None = None
        self._path = os.path.join(folder, NAME)
        self._base: sqlite3.Connection | None = None
        try:
            make_folder(folder, folder if below is None else below)
            self._base = _opened(self._path)
        except (OSError, NotOurs, *DAMAGED) as error:
            self.trouble = str(error)

    def get(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The values of those keys that have one."""
        wanted = list(keys)
        found: dict[str, bytes] = {}
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            marks = ",".join("?" * len(some))
            # Only question marks are put into it. An f-string would make bandit warn of its own mark.
            question = "SELECT key, sum, value FROM entries WHERE key IN ({})".format(marks)  # noqa: UP032 # nosec B608
            for key, total, value in self._asked(question, some):
                if isinstance(value, bytes) and total == crc32(value, crc32(str(key).encode())):
                    found[key] = value
        return found

    def put(self, values: Mapping[str, bytes], used: Iterable[str] = ()) -> None:
        """Keep ``values``; where the file has grown large, drop all but these and those ``used``."""
        if self._base is None or not values:
            return
        rows = [(key, crc32(value, crc32(key.encode())), value) for key, value in values.items()]
        try:
            with self._base:
                self._base.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", rows)
                (count,) = self._base.execute("SELECT count(*) FROM entries").fetchone()
                if count > MOST:
                    self._drop_others({*values, *used})
        except DAMAGED as error:
            self._failed(error)

    def close(self) -> None:
        if self._base is not None:
            with suppress(sqlite3.Error):
                self._base.close()
            self._base = None

    def _asked(self, question: str, values: list[str]) -> list[tuple[str, int, bytes]]:
        if self._base is None:
            return []
        try:
            return self._base.execute(question, values).fetchall()
        except DAMAGED as error:
            self._failed(error)
        return []

    def _drop_others(self, kept: set[str]) -> None:
        assert self._base is not None
        keys = [key for (key,) in self._base.execute("SELECT key FROM entries") if key not in kept]
        self._base.executemany("DELETE FROM entries WHERE key = ?", [(key,) for key in keys])

    def _failed(self, error: Exception) -> None:
        """Tell a trouble that will pass; throw a damaged file away. A run that still has it open goes on with it."""
        if not _is_damage(error):
            self.trouble = str(error)
            return
        self.close()
        try:
            remove(self._path)
            self._base = _opened(self._path)
        except (OSError, NotOurs, *DAMAGED) as again:
            self.trouble = str(again)


def _is_damage(error: Exception) -> bool:
    """Whether it is the file, and not the disk, its rights or another run."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF not in _OTHER_REASONS


def _opened(path: str) -> sqlite3.Connection:
    """The database at ``path``, made where there is none or where what is there is damaged.

    Raises NotOurs for what the cache has not made; that is neither written to nor removed.
    """
    for last in (False, True):
        state = look(path)
        if state is State.DAMAGED:
            remove(path)
            state = look(path)
        base = sqlite3.connect(path, timeout=PATIENCE)
        try:
            for setting in _SETTINGS:
                base.execute(setting)
            if state is State.NEW:
                _begin(base)
            _refuse_others(base)
            return base
        except DAMAGED as error:
            base.close()
            if last or not _is_damage(error):
                raise
            remove(path)
    raise AssertionError("unreachable")


def _begin(base: sqlite3.Connection) -> None:
    """Mark an empty database as the cache's, and make its table, in one step: another run sees both or neither."""
    with base:
        base.execute("BEGIN IMMEDIATE")
        if not base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            base.execute(f"PRAGMA application_id = {MARK}")
            base.execute(f"PRAGMA user_version = {LAYOUT}")
            base.execute(_TABLE)


def _refuse_others(base: sqlite3.Connection) -> None:
    """Raises sqlite3.DatabaseError where there is anything but the one table, such as a view or a trigger."""
    found = base.execute("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'")
    if found.fetchall() != [("table", "entries", _TABLE)]:
        raise sqlite3.DatabaseError("it holds something else")
