"""A repository or an index of a stranger reads and writes nothing of the user's elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.test_trust import REPEAT, TWICE, Person, files, person

__all__ = ["person"]

duckdb = pytest.importorskip("duckdb")


@pytest.mark.parametrize("arguments", [("check",), ("check", "--fix", "--unsafe-fixes")])
@pytest.mark.parametrize("worktree", ["absolute", "above"])
def test_a_repository_does_not_take_other_folders_for_its_own(
    person: Person, worktree: str, arguments: tuple[str, ...]
) -> None:
    """What was there: with core.worktree in its .git/config, a folder of the user counted as the repository."""
    mine = person.home / "mine" if worktree == "absolute" else person.home
    mine.mkdir(exist_ok=True)
    (mine / "a.md").write_text(REPEAT, encoding="utf-8")
    person.git("init", "-q", "-b", "main")
    person.git("config", "core.worktree", str(mine) if worktree == "absolute" else "../..")
    person.git("--work-tree", str(mine), "add", str(mine / "a.md"))
    person.git("--work-tree", str(mine), "commit", "-qm", "one")
    (mine / "a.md").write_text(TWICE, encoding="utf-8")
    before = files(person.home)
    done = person.cleaner(*arguments)
    assert (done.code, "core.worktree" in done.err) == (2, True), done
    assert files(person.home) == before


def test_a_line_break_in_the_name_of_a_folder_is_not_taken_for_the_end_of_its_path(person: Person) -> None:
    """Git parts its answers by line breaks: the rest of the name was taken for git's own folder."""
    person.write("top\n/home/a.md", TWICE)
    person.tree = person.tree / "top\n" / "home"
    person.git("init", "-q")
    done = person.cleaner("check")
    assert (done.code, "line break" in done.err) == (2, True), done


def a_view(db: object, secret: Path) -> str:
    return f"""
    create schema x; create table x.sources (a int); drop table sources;
    create view sources as select 1::bigint source, content as name, 1::bigint size, 1::bigint modified,
    now()::timestamp added from read_text('{secret}')"""


HOSTILE: dict[str, Callable[[object, Path], str]] = {
    "a view over a file of the user": a_view,
    "a macro": lambda db, secret: "create macro any_value(a) as (select max(content) from read_text('x'))",
    "columns of another type": lambda db, secret: "drop table sources; create table sources (source varchar)",
    "a default": lambda db, secret: "alter table sources alter added set default now()",
    "no settings": lambda db, secret: "update meta set settings = null",
    "settings that are no JSON": lambda db, secret: "update meta set settings = '{'",
    "a source without a time": lambda db, secret: "insert into sources values (1, null, null, null, null)",
}


@pytest.mark.parametrize("how", HOSTILE)
def test_an_index_of_a_stranger_is_refused_in_one_line_and_reads_no_file(person: Person, how: str) -> None:
    """What was there: a view in the place of a table read any file of the user, and its text was printed."""
    from cleaner.index import Index
    from cleaner.settings import Settings

    path, secret = person.tree / "seen.db", person.home / "secret"
    secret.write_text("my secret", encoding="utf-8")
    with Index(path, Settings()):
        pass
    assert person.cleaner("index", "list", str(path)).code == 0  # as cleaner made it, it is read
    with duckdb.connect(str(path)) as db:
        db.execute(HOSTILE[how](db, secret))
    done = person.cleaner("index", "list", str(path))
    assert "my secret" not in done.out + done.err
    assert (done.code, done.err.count("\n"), "internal error" in done.err) == (2, 1, False), done


@pytest.mark.parametrize("how", ["MERGE_HEAD", "PRE_COMMIT_FROM_REF", "CI_MERGE_REQUEST_DIFF_BASE_SHA"])
def test_what_is_compared_with_is_never_an_option_of_git(person: Person, how: str) -> None:
    """What was there: git diff --output=FILE, from a file in .git, wrote over any file of the user."""
    person.git("init", "-q", "-b", "main")
    person.write("a.md", REPEAT)
    person.git("add", ".")
    person.git("commit", "-qm", "one")
    person.write("a.md", TWICE)
    mine = person.home / "mine"
    mine.write_text("mine", encoding="utf-8")
    option = f"--output={mine}"
    if how == "MERGE_HEAD":
        (person.tree / ".git" / how).write_text(option, encoding="ascii")
    else:
        person.environ[how] = option
    before = mine.read_text(encoding="utf-8")
    done = person.hook("a.md")
    assert mine.read_text(encoding="utf-8") == before
    assert (done.code, "name a commit" in done.err) == (2, True), done
