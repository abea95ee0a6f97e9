"""The cache across runs: never trusted, never in the way."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
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
    [b"", b"short", b"not a database at all, but long enough to be looked at" * 100],
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


def foreign(path: Path) -> bytes:
    """A database of another program at ``path``; its bytes."""
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE entries (other TEXT)")
    base.commit()
    base.close()
    return path.read_bytes()


def refused(folder: Path, below: Path | None = None) -> str:
    """What is told of a cache in ``folder`` that is not the cache's: nothing is found there, and nothing kept."""
    cache = Cache(str(folder), None if below is None else str(below))
    assert cache.get(["a"]) == {}
    cache.put({"a": b"one"})
    cache.close()
    assert cache.trouble is not None
    return cache.trouble


def test_a_database_of_something_else_is_neither_written_to_nor_removed(tmp_path: Path) -> None:
    data = foreign(tmp_path / NAME)
    assert refused(tmp_path).endswith(f"{NAME} is a database of something else")
    assert (tmp_path / NAME).read_bytes() == data
    (tmp_path / NAME).write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    assert refused(tmp_path).endswith(f"{NAME} is a database of something else")
    assert os.listdir(tmp_path) == [NAME], "nothing lies beside it"


@pytest.mark.parametrize(
    ("link", "said"), [(os.symlink, "is a symbolic link"), (os.link, "has another name elsewhere")]
)
@pytest.mark.parametrize("kind", ["another program's", "the cache of another place", "none yet"])
def test_a_link_to_another_file_is_not_followed(
    tmp_path: Path, link: Callable[[Path, Path], None], said: str, kind: str
) -> None:
    other = tmp_path / "mine" / NAME
    kept(tmp_path / "mine", {"b": b"two"})
    if kind != "the cache of another place":
        other.unlink()
    if kind == "another program's":
        foreign(other)
    elif kind == "none yet" and link is os.link:
        pytest.skip("a hard link is to something")
    before = other.read_bytes() if other.exists() else None
    (tmp_path / "git").mkdir()
    link(other, tmp_path / "git" / NAME)
    assert said in refused(tmp_path / "git")
    assert (other.read_bytes() if other.exists() else None) == before


def test_no_folder_below_gits_own_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "git").mkdir()
    (tmp_path / "elsewhere").mkdir()
    os.symlink(tmp_path / "elsewhere", tmp_path / "git" / "cleaner-cache")
    assert "is no folder, or a symbolic link" in refused(tmp_path / "git" / "cleaner-cache", tmp_path / "git")
    assert os.listdir(tmp_path / "elsewhere") == []


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
def test_a_journal_beside_it_is_not_played_back(tmp_path: Path, ending: str) -> None:
    """No run of the cache leaves one: SQLite would write what it holds, and remove files that it names."""
    kept(tmp_path, {"b": b"two"})
    before = (tmp_path / NAME).read_bytes()
    os.symlink(tmp_path / "target", tmp_path / f"{NAME}{ending}")
    assert refused(tmp_path).endswith(f"{ending} is not the cache's; remove it")
    assert (tmp_path / NAME).read_bytes() == before
    assert not (tmp_path / "target").exists()


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / NAME)
    assert refused(tmp_path).endswith("is no regular file")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_another_user_is_left_alone(tmp_path: Path) -> None:
    kept(tmp_path, {"a": b"one"})
    os.chown(tmp_path / NAME, 12345, 12345)
    assert refused(tmp_path).endswith("belongs to another user")


@pytest.mark.parametrize(
    "other", ["CREATE VIEW more AS SELECT 1", "DROP TABLE entries; CREATE VIEW entries AS SELECT 'a' AS key, 1, 2",
              "CREATE TRIGGER act AFTER INSERT ON entries BEGIN DELETE FROM entries; END"],
)  # fmt: skip
def test_a_file_with_the_mark_that_holds_something_else_is_begun_anew(tmp_path: Path, other: str) -> None:
    kept(tmp_path, {"a": b"one"})
    base = sqlite3.connect(tmp_path / NAME)
    base.executescript(other)
    base.close()
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
