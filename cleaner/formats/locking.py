"""A lock on a folder that one run at a time may write, which ends with the process that holds it."""

from __future__ import annotations

import errno
import json
import os
import re
import socket
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any
from weakref import WeakSet

from cleaner.errors import SettingsError

LOCK = "in-use.json"
_NONE = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL})
"""What a file system says that has no locks, as some mounts of NFS and of FUSE."""
_AT = 1 << 30
"""The byte that is locked on Windows, where a locked one cannot be read."""


class Lock:
    """Held from the beginning until ``release``. Raises SettingsError where another run holds it.

    missing  why there is none, where the file system has no locks: what two runs do there is not known

    The file with the lock names its holder, and goes with it; that of a killed run is taken over.
    """

    missing: str | None = None

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK
        while True:
            stream = _opened(self.path)
            try:
                _lock(stream)
            except BlockingIOError:
                raise _in_use(folder, stream) from None
            except OSError as error:
                if error.errno not in _NONE:
                    raise
                if _lives(_holder(stream)):
                    raise _in_use(folder, stream) from None
                self.missing = (
                    f"{folder}: cannot be locked there ({error.strerror}); make sure that no other run writes into it"
                )
            if _is(self.path, stream):  # its holder may have taken it away in between
                break
            stream.close()
        self._stream: IO[bytes] | None = stream
        _HELD.add(self)
        stream.seek(0)
        stream.truncate()
        stream.write(json.dumps(me()).encode())
        stream.flush()

    def release(self) -> None:
        if self._stream is not None:
            if os.name == "nt":
                self.forget()
            with suppress(OSError):
                self.path.unlink()  # while it is locked: whoever waits for it looks whether it is still there
            self.forget()

    def forget(self) -> None:
        """Close the file, as a forked process must, which else would hold the lock as well."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def me() -> dict[str, Any]:
    """This process, as the holder of a lock is named."""
    return {"pid": os.getpid(), "host": socket.gethostname(), "since": time.strftime("%Y-%m-%d %H:%M:%S")}


def is_free(folder: Path) -> bool:
    """Whether no run holds the lock of a folder: neither by the lock nor, where there are none, as a process."""
    try:
        stream = open(folder / LOCK, "rb", opener=_no_link)  # noqa: SIM115
    except FileNotFoundError:
        return True
    except OSError:
        return False
    with stream:
        if _lives(_holder(stream)):
            return False
        try:
            _lock(stream)
        except OSError as error:
            return error.errno in _NONE
        return True


def _in_use(folder: Path, stream: IO[bytes]) -> SettingsError:
    """The refusal that names who holds it."""
    with stream:
        holder = _holder(stream)
    who = f" (process {holder['pid']} on {holder['host']}, since {holder['since']})" if holder else ""
    return SettingsError(f"{folder} is in use by another run{who}; wait for it, or give another -o")


def _holder(stream: IO[bytes]) -> dict[str, Any]:
    """Who holds a lock by its file; nothing where that does not read so."""
    try:
        stream.seek(0)
        holder = json.loads(stream.read(1000))
        fits = re.fullmatch(r"[\w.-]{1,255}", holder["host"]) and re.fullmatch(r"[\d :-]{19}", holder["since"])
        return holder if fits and isinstance(holder["pid"], int) else {}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def _lives(holder: dict[str, Any]) -> bool:
    """Whether the holder is a process of this machine; its number may be another's by now."""
    if os.name == "nt" or holder.get("host") != socket.gethostname() or holder["pid"] <= 0:
        return False
    try:
        os.kill(holder["pid"], 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0), 0o644)


def _opened(path: Path) -> IO[bytes]:
    """The file, made where there is none. Raises OSError, and SettingsError for what no run has made."""
    try:
        descriptor = _no_link(str(path), os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0))
    except OSError as error:
        if path.is_symlink():
            raise _foreign(path) from None
        raise OSError(error.errno, error.strerror, str(path)) from None
    state = os.fstat(descriptor)
    stream = os.fdopen(descriptor, "r+b", 0)
    if not stat.S_ISREG(state.st_mode) or state.st_nlink > 1 or (state.st_size and not _holder(stream)):
        stream.close()
        raise _foreign(path)
    return stream


def _foreign(path: Path) -> SettingsError:
    return SettingsError(f"{path}: no run of cleaner has made this; take it away")


def _is(path: Path, stream: IO[bytes]) -> bool:
    try:
        return os.path.samestat(os.lstat(path), os.fstat(stream.fileno()))
    except FileNotFoundError:
        return False


def _lock(stream: IO[bytes]) -> None:
    """Raises BlockingIOError where another has it, and OSError."""
    try:
        import fcntl
    except ImportError:
        _lock_on_windows(stream)
        return
    fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _lock_on_windows(stream: IO[bytes]) -> None:
    import msvcrt

    stream.seek(_AT)
    try:
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError as error:
        raise BlockingIOError(error.errno, str(error)) from None


_HELD: WeakSet[Lock] = WeakSet()


def _forget_all() -> None:
    for lock in list(_HELD):
        lock.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
