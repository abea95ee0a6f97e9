"""The folder of a run in a place that others may use as well: of a fresh name, the run's own, and removed with it.

Only what has been made by this run, or by the stopped run that it goes on with, is read, written or removed. That
is known by the note in it (``run.json``), and by its owner and permissions, which keep other people out.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.errors import SettingsError
from cleaner.formats import locking
from cleaner.formats.locking import Lock
from cleaner.formats.spool import Where, unwritable

NOTE = "run.json"
_NAME = re.compile(r"cleaner-[0-9a-f]{12}")
_RUN = re.compile(r"[0-9a-f]{32}")


class Run(NamedTuple):
    """A run: 32 hexadecimal digits, what decides its outputs (``resuming.facts_of``), and the folder of its log."""

    id: str
    facts: dict[str, Any]
    log: str | None


def fresh() -> str:
    """An id that no other run has."""
    return os.urandom(16).hex()


def is_id(text: object) -> bool:
    """Whether ``text`` is the id of a run; it comes from a note, and names a folder."""
    return isinstance(text, str) and _RUN.fullmatch(text) is not None


class RunFolder:
    """The folder of a run in ``base``: that of the stopped run where ``resumed`` and it is there, else a new one.

    again  whether it is that of the stopped run

    Raises SettingsError for a folder of its name that is not its own, and ScratchError where none can be made.
    """

    def __init__(self, base: Path, run: Run, *, resumed: bool) -> None:
        self.path = base / f"cleaner-{run.id[:12]}"
        self.again = resumed and os.path.lexists(self.path)
        if self.again:
            self._find(run)
        else:
            self._make(base, run)
        self.where = Where.of(self.path, bytes.fromhex(run.id))
        try:
            self._lock: Lock | None = Lock(self.path)
        except OSError as error:
            raise unwritable(self.path, error) from None

    def _make(self, base: Path, run: Run) -> None:
        try:
            base.mkdir(parents=True, exist_ok=True)
            self.path.mkdir(0o700)
            note = {"run": run.id, "log": run.log, **locking.me(), "facts": run.facts}
            with open(self.path / NOTE, "x", encoding="ascii") as stream:
                json.dump(note, stream)
        except OSError as error:
            raise unwritable(self.path, error) from None

    def _find(self, run: Run) -> None:
        note = _note(self.path)
        if isinstance(note, str):
            why = note
        elif note["run"] != run.id or note.get("facts") != run.facts:
            why = "it is of another run"
        else:
            links = [entry.name for entry in os.scandir(self.path) if entry.is_symlink()]
            if not links:
                return
            why = f"{links[0]} is a link in it"
        raise SettingsError(
            f"{self.path}: not taken for what the stopped run has kept: {why}; look what it is and take it away, or "
            "give another --scratch"
        )

    def remove(self) -> str | None:
        """Remove it; returns what to tell where that cannot be."""
        self.leave()
        with suppress(OSError):
            if Where.of(self.path, self.where.run) == self.where:
                shutil.rmtree(self.path)
                return None
        return f"{self.path}: cannot be removed; remove it with: rm -r {shlex.quote(str(self.path))}"

    def leave(self) -> None:
        """Leave it to the run that goes on with this one."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def tidy(base: Path, run: Run) -> str | None:
    """Remove what stopped runs over the same log have left in ``base``; returns what to tell of those over others.

    For a run that begins anew, and has locked its log.
    """
    left = []
    for folder, note in _left(base):
        if run.log is not None and (note.get("log"), note.get("host")) == (run.log, locking.me()["host"]):
            shutil.rmtree(folder, ignore_errors=True)
        else:
            left.append(folder)
    if not left:
        return None
    names = " ".join(shlex.quote(str(folder)) for folder in sorted(left))
    return f"what stopped runs have kept lies there; go on with them, or remove it with: rm -r {names}"


def _left(base: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Folders in ``base`` of this user's runs that no run uses now."""
    with suppress(OSError):
        for entry in sorted(os.scandir(base), key=lambda each: each.name):
            folder = Path(entry.path)
            if _NAME.fullmatch(entry.name) and not isinstance(note := _note(folder), str) and locking.is_free(folder):
                yield folder, note


def _note(folder: Path) -> dict[str, Any] | str:
    """The note in a folder that a run of this user has made; or why it is none."""
    try:
        state = os.lstat(folder)
        if not stat.S_ISDIR(state.st_mode):
            return "it is no folder"
        if hasattr(os, "getuid") and state.st_uid != os.getuid():
            return "it belongs to somebody else"
        if os.name != "nt" and stat.S_IMODE(state.st_mode) & 0o077:
            return "others may write or read there"
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with open(os.open(folder / NOTE, flags), encoding="ascii") as stream:
            note = json.load(stream)
    except (OSError, ValueError, RecursionError):
        return f"its {NOTE} cannot be read"
    if not isinstance(note, dict) or not is_id(note.get("run")) or folder.name != f"cleaner-{note['run'][:12]}":
        return f"its {NOTE} is of another folder"
    return note
