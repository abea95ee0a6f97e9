"""Arrays that take long to make, kept beside the compiled kernels."""

from __future__ import annotations

import os
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleaner.kernels.compiled import cache_folder

Arrays = Sequence[NDArray[Any]]


def stored(name: str, make: Callable[[], Arrays]) -> list[NDArray[Any]]:
    """The arrays that ``make`` makes of this Python's characters, from the cache where they are there.

    The folder is that of this version of the sources. What cannot be read is made again, what cannot be
    written is not kept.
    """
    folder = cache_folder()
    if folder is None:
        return list(make())
    path = folder / f"{name}-{sys.implementation.cache_tag}-{unicodedata.unidata_version}.npz"
    found = _read(path)
    if found is None:
        found = list(make())
        with suppress(OSError):
            _write(path, found)
    return found


def _read(path: Path) -> list[NDArray[Any]] | None:
    try:
        with np.load(path, allow_pickle=False) as held:
            return [held[f"arr_{k}"] for k in range(len(held.files))]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _write(path: Path, arrays: Arrays) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            np.savez(stream, *arrays)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
