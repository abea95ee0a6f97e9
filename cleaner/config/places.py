"""Where files with settings lie, whose they are, and how they are read: nothing in a repository is believed.

The user's own file counts for everything. A file that is found in the current folder or above it belongs to whoever
made the folder. The way up ends at the top of the repository or at the user's home, and a file of another person above
the current folder is not read: anybody may put a cleaner.toml into /tmp.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import Literal, NamedTuple

from cleaner.errors import SettingsError

MOST = 1 << 20
"""Bytes of a file with settings, 1 MB: nobody writes more by hand, and TOML of that size takes a second to read."""
NAMES = ("cleaner.toml", "pyproject.toml")
Whose = Literal["repository", "user", "other"]
"""``user``: the user's own file, or one that was named on the command line. ``other``: somebody else's above the
current folder, which is not read."""


class Place(NamedTuple):
    """A file with settings that may be there.

    path   absolute; ``shown`` is how it is called
    whose  decides which keys count
    top    folder that a symbolic link may not leave; None: any link is followed
    """

    path: str
    shown: str
    whose: Whose
    top: str | None = None

    @property
    def folder(self) -> str:
        return os.path.dirname(self.path)


def own_folder(variable: str, windows: str, below_home: str) -> str | None:
    """The user's folder for ``variable`` (XDG); a relative one does not count, as the XDG says. None without a home."""
    if os.name == "nt":
        base = os.environ.get(windows, "")
    else:
        base = os.environ.get(variable, "")
        if not os.path.isabs(base):
            base = os.path.join(os.path.expanduser("~"), below_home)
    return os.path.join(base, "cleaner") if os.path.isabs(base) else None


def own_place() -> Place | None:
    """The user's own file, whether it is there or not."""
    folder = own_folder("XDG_CONFIG_HOME", "APPDATA", ".config")
    if folder is None:
        return None
    path = os.path.join(folder, NAMES[0])
    return Place(path, shown_own(path), "user")


def shown_own(path: str) -> str:
    """A path below the home with ~."""
    home = os.path.expanduser("~")
    return "~" + path[len(home) :] if os.path.isabs(home) and path.startswith(os.path.join(home, "")) else path


def upwards(start: str) -> Iterator[Place]:
    """Where settings may lie from ``start`` (absolute) up to the top of its repository, its user's home or the root."""
    top = _top(start)
    home = os.path.realpath(os.path.expanduser("~"))
    folder = start
    while True:
        for name in NAMES:
            path = os.path.join(folder, name)
            known = folder == start or _is_known(path, start, top)
            yield Place(path, name if folder == start else path, "repository" if known else "other", top or folder)
        above = os.path.dirname(folder)
        if folder in (top, home) or above == folder:
            return
        folder = above


def _top(start: str) -> str | None:
    """The folder of the repository around ``start``; git is not asked."""
    folder = start
    while True:
        if os.path.lexists(os.path.join(folder, ".git")):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def _is_known(path: str, start: str, top: str | None) -> bool:
    """Whether a file above ``start`` is of the user, of root, of whom the current folder belongs to (who could have
    put one there as well), or in a repository of one of these."""
    if os.name == "nt":  # no owner that could be asked for cheaply; nobody else writes above the home
        return True
    try:
        owner = os.lstat(path).st_uid
    except OSError:
        return True  # nothing is there, or it cannot be read, which is told then
    trusted = {os.geteuid(), 0, os.lstat(start).st_uid}
    return owner in trusted or (top is not None and os.lstat(os.path.join(top, ".git")).st_uid in trusted)


def read_named(name: str) -> tuple[Place, bytes]:
    """The file that was given with --config. Raises SettingsError, also where there is none."""
    place = Place(os.path.abspath(name), name, "user")
    data = read(place)
    if data is None:
        raise SettingsError(f"{name}: no such file; name a file with settings")
    return place, data


def read(place: Place) -> bytes | None:
    """The bytes of a file with settings; None where there is none.

    Raises SettingsError for a link that leaves ``place.top``, for what is no regular file, is too long or cannot be
    read. A pipe or a device is not even opened.
    """
    try:
        os.lstat(place.path)
        real = os.path.realpath(place.path)
        if place.top is not None and not is_inside(real, place.top):
            raise SettingsError(
                f"{place.shown}: is a symbolic link that leads out of the repository; "
                "put a file there, or name the other one with --config"
            )
        if not stat.S_ISREG(os.lstat(real).st_mode):
            raise SettingsError(f"{place.shown}: is no regular file; put one there or move it away")
        with open(os.open(real, _FLAGS), "rb") as stream:
            found = os.fstat(stream.fileno())
            data = stream.read(MOST + 1) if stat.S_ISREG(found.st_mode) else b""
    except (FileNotFoundError, NotADirectoryError):
        if os.path.islink(place.path):
            raise SettingsError(f"{place.shown}: is a symbolic link to nothing; mend or remove it") from None
        return None
    except OSError as error:
        raise SettingsError(
            f"{place.shown}: cannot be read ({error.strerror or error}); make it readable or move it away"
        ) from None
    if len(data) > MOST:
        raise SettingsError(f"{place.shown}: is longer than 1 MB, which no settings are; shorten it or move it away")
    return data


_FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))


def is_inside(real: str, folder: str) -> bool:
    """Whether ``real`` (absolute, without links) lies in ``folder``."""
    return os.path.join(real, "").startswith(os.path.join(os.path.realpath(folder), ""))


def is_same(one: Place, other: Place | None) -> bool:
    """Whether both are one file: a user may stand in the folder of their own settings."""
    return other is not None and os.path.realpath(one.path) == os.path.realpath(other.path)
