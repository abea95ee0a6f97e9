"""The cache across runs: never trusted, never in the way."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from waiting import GUARD

from cleaner.repository import cache as caches
from cleaner.repository.cache import NAME, Cache


def kept(folder: Path, values: dict[str, bytes]) -> None:
    cache = Cache(str(folder))
    cache.put(values)
    assert cache.trouble is None
    cache.close()


def found(folder: Path, *keys: str) -> dict[str, bytes]:
    cache = Cache(str(folder))
    values = cache.get(keys)
    cache.close()
    return values


def test_what_was_kept_is_found_by_the_next_run_and_nothing_else(tmp_path: Path) -> None:
    kept(tmp_path / "new" / "folder", {"a": b"one", "b": b""})
    assert found(tmp_path / "new" / "folder", "a", "b", "c") == {"a": b"one", "b": b""}


def test_many_keys_are_asked_for_at_once(tmp_path: Path) -> None:
    values = {f"key {number}": str(number).encode() for number in range(3 * caches.AT_ONCE + 1)}
    kept(tmp_path, values)
    assert found(tmp_path, *values) == values


@pytest.mark.parametrize(
    "damage",
    [b"", b"not a database at all, but long enough to be looked at" * 100, b"SQLite format 3\0" + b"\xff" * 5000],
)
def test_a_file_that_is_no_database_is_begun_anew(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / NAME).write_bytes(damage)
    assert found(tmp_path, "a") == {}
    kept(tmp_path, {"a": b"one"})
    assert found(tmp_path, "a") == {"a": b"one"}


@example(at=3957, damage=b"\x80")  # the message of SQLite quotes it, and is no UTF-8 then
@given(at=st.integers(min_value=0, max_value=1 << 30), damage=st.binary(min_size=1, max_size=64))
def test_a_damaged_file_never_gives_what_was_not_kept(
    tmp_path_factory: pytest.TempPathFactory, at: int, damage: bytes
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    values = {f"key {number}": bytes([number]) * 100 for number in range(60)}
    kept(folder, values)
    data = bytearray((folder / NAME).read_bytes())
    at %= len(data)
    data[at : at + len(damage)] = damage
    (folder / NAME).write_bytes(data)
    cache = Cache(str(folder))
    for key, value in cache.get(values).items():
        assert values[key] == value
    cache.put({"new": b"new"})
    cache.close()
    assert found(folder, "new").get("new", b"new") == b"new"


def test_a_file_that_turns_out_damaged_while_it_is_asked_is_begun_anew(tmp_path: Path) -> None:
    kept(tmp_path, {f"key {number}": bytes([number % 256]) * 500 for number in range(200)})
    data = bytearray((tmp_path / NAME).read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)  # the first page, with the table's description, is whole
    (tmp_path / NAME).write_bytes(data)
    assert found(tmp_path, "key 1") == {}
    kept(tmp_path, {"key 1": b"new"})
    assert found(tmp_path, "key 1", "key 2") == {"key 1": b"new"}


def test_a_database_that_holds_something_else_is_begun_anew(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / NAME) as base:
        base.execute("CREATE TABLE entries (other TEXT)")
    assert found(tmp_path, "a") == {}
    kept(tmp_path, {"a": b"one"})
    assert found(tmp_path, "a") == {"a": b"one"}


def test_an_entry_whose_checksum_does_not_fit_is_not_there(tmp_path: Path) -> None:
    kept(tmp_path, {"a": b"one", "b": b"two"})
    with sqlite3.connect(tmp_path / NAME) as base:
        base.execute("UPDATE entries SET value = ? WHERE key = 'a'", [b"other"])
        base.execute("UPDATE entries SET value = 'text' WHERE key = 'b'")
    assert found(tmp_path, "a", "b") == {}


def test_a_folder_that_cannot_be_written_is_told_and_nothing_else_happens(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    cache = Cache(str(tmp_path / "file" / "below"))
    assert cache.get(["a"]) == {}
    cache.put({"a": b"one"})
    assert cache.trouble is not None
    assert "Not a directory" in cache.trouble or "file" in cache.trouble
    cache.close()


def test_while_another_run_writes_nothing_is_kept_and_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caches, "PATIENCE", 0.01)
    kept(tmp_path, {"a": b"one"})
    other = sqlite3.connect(tmp_path / NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    cache = Cache(str(tmp_path))
    assert cache.get(["a"]) == {"a": b"one"}
    cache.put({"b": b"two"})
    assert cache.trouble == "database is locked"
    other.rollback()
    other.close()
    cache.close()
    assert found(tmp_path, "a", "b") == {"a": b"one"}


WRITER = """
import sys
from cleaner.repository import cache as caches
from cleaner.repository.cache import Cache
caches.PATIENCE = 600  # seconds: a busy machine may let the other hold the file for long
for turn in range(20):
    cache = Cache(sys.argv[1])
    own = {f"{sys.argv[2]} {turn} {number}": f"{sys.argv[2]} {number}".encode() for number in range(20)}
    cache.put(own)
    for key, value in cache.get(own).items():
        assert own[key] == value
    cache.close()
"""


def test_two_runs_at_once_keep_what_both_found(tmp_path: Path) -> None:
    runs = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name]) for name in "ab"]
    assert [run.wait(timeout=GUARD) for run in runs] == [0, 0]
    keys = {
        f"{name} {turn} {number}": f"{name} {number}".encode()
        for name in "ab"
        for turn in range(20)
        for number in range(20)
    }
    assert found(tmp_path, *keys) == keys


def test_a_cache_that_has_grown_large_forgets_what_this_run_did_not_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caches, "MOST", 5)
    kept(tmp_path, dict.fromkeys("abcde", b"x"))
    cache = Cache(str(tmp_path))
    cache.put({"f": b"new"}, used=["a", "e"])
    cache.close()
    assert found(tmp_path, *"abcdef") == {"a": b"x", "e": b"x", "f": b"new"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_only_be_read_is_still_used(tmp_path: Path) -> None:
    kept(tmp_path, {"a": b"one"})
    (tmp_path / NAME).chmod(0o400)
    assert found(tmp_path, "a") == {"a": b"one"}
