"""Files that appear whole or not at all: written beside their place, then renamed."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import IO

# The name begins with a dot, so that a leftover of a killed run is no input of the next.
_PATTERN = ".{name}.{random}.cleaner-tmp"


class Staged:
    """A file being written. ``commit`` gives it its name; leaving the block without it leaves nothing.

    ``like``: the file whose permission bits it takes, so that what was private stays so; the owner may
    always write. Raises OSError, also where a pipe or a device has the name: it would be replaced.
    """

    def __init__(self, path: Path, like: str | None = None) -> None:
        self.path, self.like = path, like
        _refuse_special(path)
        self._made = make_folder(path.parent)
        self._temporary = path.with_name(_PATTERN.format(name=_begin(path), random=os.urandom(4).hex()))
        try:
            self.stream: IO[bytes] = open(self._temporary, "xb")  # noqa: SIM115
        except BaseException:
            self._remove_folders()
            raise

    def close(self) -> None:
        """End writing: everything is on its way to the disk, still under the temporary name."""
        self.stream.close()

    def commit(self) -> None:
        """Publish. Replaces an older file of the name in one step."""
        self.close()
        if self.like is not None:
            with contextlib.suppress(OSError):
                os.chmod(self._temporary, os.stat(self.like).st_mode & 0o777 | 0o200)
        os.replace(self._temporary, self.path)
        self._made = []

    @property
    def published(self) -> bool:
        """Whether the file has its name. Asked of the disk: Ctrl-C may come right behind the renaming."""
        return self.stream.closed and not self._temporary.exists() and self.path.exists()

    def discard(self) -> None:
        """Remove what was written, and the folders made for it where they are empty."""
        with contextlib.suppress(OSError):
            self.stream.close()
        with contextlib.suppress(OSError):
            self._temporary.unlink(missing_ok=True)
        self._remove_folders()

    def __enter__(self) -> Staged:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._temporary.exists():
            self.discard()

    def _remove_folders(self) -> None:
        for folder in self._made:
            with contextlib.suppress(OSError):
                folder.rmdir()


def sweep(path: Path) -> None:
    """Remove what killed runs have left of ``path``. Only for a run that alone may write it."""
    pattern = _PATTERN.format(name=glob.escape(_begin(path)), random="?" * 8)
    for left in path.parent.glob(pattern):
        with contextlib.suppress(OSError):
            left.unlink()


def _begin(path: Path) -> str:
    """The beginning of a name, of at most 80 bytes: with the rest of the pattern no file system finds it too long."""
    return os.fsencode(path.name)[:80].decode("utf-8", "ignore")


def _refuse_special(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError:  # there is nothing yet, or making the file will tell what is wrong
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise OSError(errno.EEXIST, "a pipe or a device has this name", str(path))


def make_folder(folder: Path) -> list[Path]:
    """Make ``folder`` with its parents; those that were missing, the deepest first."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def write_whole(path: Path, data: bytes) -> None:
    """Write a small file at once, whole or not at all."""
    with Staged(path) as staged:
        staged.stream.write(data)
        staged.commit()
