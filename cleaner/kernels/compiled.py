"""``jit``: numba's compiler with this package's defaults, and a cache wherever one can be written.

Compiled code is kept in the first of these folders that can be written to: ``NUMBA_CACHE_DIR``,
``__pycache__`` beside the kernels, the user's cache folder. With none, kernels are compiled in
memory, once a process. Each version of the kernels has a folder of its own: numba notices when a
function's own file changes, but not when a function changes that it inlines from another file.
The folders of earlier versions are left behind, about a megabyte each; they may be deleted any time.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from cleaner.errors import SettingsError
from cleaner.kernels.alone import load_numba

F = TypeVar("F", bound=Callable[..., Any])

INSTALL = "pip install 'article-cleaner[dumps]'"

try:
    numba: Any = load_numba()
except ImportError as error:
    raise SettingsError(f"the kernels need numba and numpy ({error}); install them with: {INSTALL}") from error

_config: Any = numba.config

_CONSTANTS = ("chars", "fold", "lines", "marks", "units", "words")
"""Modules of text/ that kernels take constants from, directly or not; tests/test_kernels_compiled.py holds the list."""


def jit(function: F) -> F:
    """Compiles ``function`` at its first call: without the GIL, and cached on disk where possible."""
    return _compile(function)


def jit_inline(function: F) -> F:
    """The same for small functions that only kernels call; LLVM is told to put them in place."""
    return _compile(function, forceinline=True)


def _compile(function: F, **options: Any) -> F:
    folder = cache_folder()
    if folder is None:
        compiled: F = numba.njit(nogil=True, **options)(function)
        return compiled
    # numba reads the folder while decorating, from a setting that is global; other packages in
    # the process keep theirs.
    before, _config.CACHE_DIR = _config.CACHE_DIR, str(folder)
    try:
        compiled = numba.njit(nogil=True, cache=True, **options)(function)
    finally:
        _config.CACHE_DIR = before
    return compiled


@functools.cache
def cache_folder() -> Path | None:
    """Where this version's compiled kernels are kept; None if they are compiled in memory."""
    return next((folder for base in _bases() if _writable(folder := base / f"kernels-{_stamp()}")), None)


def _bases() -> list[Path]:
    bases = [Path(__file__).parent / "__pycache__"]
    if _config.CACHE_DIR:
        bases.insert(0, Path(_config.CACHE_DIR))
    user = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    home = Path.home() if user is None else Path(user)
    # A home that does not exist is not ours to create.
    if home.is_dir():
        bases.append((home if user else home / ".cache") / "article-cleaner")
    return bases


def _stamp() -> str:
    """12 hexadecimal digits for the sources of all kernels and of what they take constants from."""
    package = Path(__file__).parent.parent
    digest = hashlib.sha256()
    constants = [package / "settings.py", *(package / "text" / f"{name}.py" for name in _CONSTANTS)]
    for source in [*constants, *sorted(package.glob("kernels/*.py"))]:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True
