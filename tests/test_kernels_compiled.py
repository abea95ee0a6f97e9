"""The compiler's cache is found, follows the sources, and its absence is no accident."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from cleaner.errors import SettingsError

compiled = pytest.importorskip("cleaner.kernels.compiled", exc_type=SettingsError)

np = pytest.importorskip("numpy")

PACKAGE = Path(compiled.__file__).parent.parent
SCRIPT = """
import numpy as np
from cleaner.kernels import compiled, decode, hashing
print(compiled.cache_folder())
assert int(decode.fmix64(np.uint64(7))) == hashing.fmix64(7)
"""


def copied(folder: Path) -> Path:
    """A copy of the package in which no folder for a cache can be made, not even by root."""
    for part in ("kernels", "text"):
        shutil.copytree(PACKAGE / part, folder / "cleaner" / part, ignore=shutil.ignore_patterns("__pycache__"))
    for source in PACKAGE.glob("*.py"):
        shutil.copy(source, folder / "cleaner")
    (folder / "cleaner" / "kernels" / "__pycache__").write_text("a file in the way")
    return folder


def run(folder: Path, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**kept, **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_without_a_writable_folder_kernels_are_compiled_in_memory(tmp_path: Path) -> None:
    home = tmp_path / "missing"
    assert run(copied(tmp_path), HOME=str(home), LOCALAPPDATA=str(home)) == "None"
    assert list(tmp_path.rglob("*.nbi")) == [], "nothing was kept elsewhere"
    assert not home.exists(), "a home that is not there is not made"


def test_the_users_cache_folder_is_taken_where_the_package_cannot_be_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    folder = Path(run(copied(tmp_path), HOME=str(home), LOCALAPPDATA=str(home)))
    assert home in folder.parents
    assert list(folder.rglob("*.nbi")), "compiled code was kept where cache_folder says"


def test_numba_cache_dir_comes_first(tmp_path: Path) -> None:
    (copied(tmp_path) / "cleaner" / "kernels" / "__pycache__").unlink()  # it could be a folder
    folder = Path(run(tmp_path, NUMBA_CACHE_DIR=str(tmp_path / "own")))
    assert folder.parent == tmp_path / "own"


def test_the_cache_folder_changes_with_the_source_of_any_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "__file__", str(copied(tmp_path) / "cleaner" / "kernels" / "compiled.py"))
    before = compiled._stamp()
    with (tmp_path / "cleaner" / "kernels" / "hashing.py").open("a") as source:
        source.write("# changed\n")
    assert compiled._stamp() != before


def test_without_numba_the_error_ends_in_the_command_that_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "cleaner.kernels.compiled")
    with pytest.raises(SettingsError, match=r"pip install 'article-cleaner\[dumps\]'$"):
        import_module("cleaner.kernels.compiled")


def test_arrays_are_kept_and_made_again_where_the_file_is_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cleaner.kernels import stored

    monkeypatch.setattr(stored, "cache_folder", lambda: tmp_path)
    made = []

    def make() -> list[Any]:
        made.append(1)
        return [np.arange(5), np.zeros((2, 2))]

    for damage in (None, None, b"", b"PK\x03\x04 no archive"):
        if damage is not None:
            next(tmp_path.iterdir()).write_bytes(damage)
        first, second = stored.stored("some", make)
        assert first.tolist() == [0, 1, 2, 3, 4]
        assert second.shape == (2, 2)
    assert len(made) == 3
    monkeypatch.setattr(stored, "cache_folder", lambda: None)
    assert len(stored.stored("some", make)) == 2
