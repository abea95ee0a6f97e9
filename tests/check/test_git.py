"""What is read from git, in real repositories."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repositories import Repo, write

from cleaner.repository import git
from cleaner.repository.changes import WHOLE, Lines, common, in_all, read_difference


def here() -> git.Repository:
    return git.repository_of(git.ask_repository())


def added(commit: str = "HEAD", *, meeting: bool = False) -> dict[str, Lines]:
    return read_difference(git.ask_difference(commit, meeting, [".md"], filters=()).output())


def listed(*folders: str, new: bool = False) -> list[str]:
    return [entry.path for entry in git.files_of(git.ask_files(folders, new=new))]


def test_a_repository_is_known_by_its_root_from_any_folder_in_it(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    write("docs/a.md", "one\n")
    root = os.path.realpath(".")
    assert here() == git.Repository(root, f"{root}/.git", f"{root}/.git", head=False, shallow=False)
    repo("add", ".")
    repo("commit", "-qm", "one")
    monkeypatch.chdir("docs")
    assert here() == git.Repository(root, f"{root}/.git", f"{root}/.git", head=True, shallow=False)


def test_outside_of_a_repository_and_without_git_it_is_said_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(git.NoRepository, match="no git repository here"):
        here()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(git.NoRepository, match=r"git cannot be run \(it is in no folder of PATH"):
        here()


def test_a_damaged_repository_is_told_in_the_words_of_git(repo: Repo) -> None:
    Path(".git/config").write_text("[core\n", encoding="utf-8")
    with pytest.raises(git.GitError, match=r"bad config line 1.*; see to it and run again"):
        here()


def test_only_lines_that_the_base_lacks_are_added(repo: Repo) -> None:
    write("a.md", "one\ntwo\nthree\nfour\n")
    write("same.md", "x\n")
    repo("add", ".")
    repo("commit", "-qm", "one")
    write("a.md", "zero\none\nTWO\nthree\nfour\nfive\nsix\n")
    write("new.md", "a\nb\n")
    repo("add", ".")
    assert added() == {"a.md": [(1, 1), (3, 3), (6, 7)], "new.md": [(1, 2)]}


def test_lines_that_look_like_the_head_of_a_difference_are_no_head(repo: Repo) -> None:
    write("a.md", "-- a/x.md\n@@ -1 +1,99 @@\n")
    repo("add", ".")
    repo("commit", "-qm", "one")
    write("a.md", "++ b/y.md\n@@ -5 +5,7 @@\ndiff --git a/z b/z\nrename to w.md\nend without a line end")
    assert added() == {"a.md": [(1, 5)]}


def test_a_file_that_was_renamed_has_no_lines_added_but_those_that_changed(repo: Repo) -> None:
    text = "".join(f"line {number} of a text that is long enough\n" for number in range(30))
    write("old.md", text)
    write("gone.md", "gone\n")
    write("moved.md", text.upper())
    repo("add", ".")
    repo("commit", "-qm", "one")
    repo("mv", "old.md", "new name.md")
    repo("mv", "moved.md", "pure.md")
    repo("rm", "-q", "gone.md")
    write("new name.md", f"{text}one line more\n")
    repo("add", ".")
    assert added() == {"new name.md": [(31, 31)], "pure.md": []}


def test_paths_may_hold_spaces_quotes_tabs_line_ends_and_letters_of_all_scripts(repo: Repo) -> None:
    names = [
        "with space.md",
        'a "quote".md',
        "tab\there.md",
        "line\nend.md",
        "d\u00fc/\u65e5\u672c.md",
        "back\\slash.md",
        "-n.md",
    ]
    write("seed.md", "x\n")
    repo("add", ".")
    repo("commit", "-qm", "one")
    for name in names:
        write(name, "a\n")
    assert listed(new=True) == sorted([*names, "seed.md"])
    repo("add", ".")
    assert added() == {name: [(1, 1)] for name in names}
    assert listed() == sorted([*names, "seed.md"])


def test_what_a_person_configured_changes_no_answer(repo: Repo) -> None:
    write(".gitattributes", "*.md -diff\n")
    write("sub/a.md", "one\n")
    repo("add", ".")
    repo("commit", "-qm", "one")
    write("sub/a.md", "one\n\0two\n")
    for name, value in {
        "diff.noprefix": "true", "diff.mnemonicPrefix": "true", "diff.external": "false", "color.ui": "always",
        "diff.context": "9", "diff.interHunkContext": "9", "diff.relative": "true", "core.quotePath": "true",
        "diff.renames": "false", "status.showUntrackedFiles": "no",
    }.items():  # fmt: skip
        repo("config", name, value)
    assert added() == {"sub/a.md": [(2, 2)]}


def test_suffixes_are_looked_for_in_any_case_and_other_files_left_out(repo: Repo) -> None:
    write("seed.md", "x\n")
    repo("add", ".")
    repo("commit", "-qm", "one")
    write("A.MD", "a\n")
    write("a.py", "a\n")
    write("odd[1].txt", "a\n")
    repo("add", ".")
    assert added() == {"A.MD": [(1, 1)]}
    answer = git.ask_difference("HEAD", False, [".md"], ["odd[1].txt"], filters=()).output()
    assert sorted(read_difference(answer)) == ["A.MD", "odd[1].txt"]


def two_branches(repo: Repo) -> None:
    """main and other have both gone on from one commit; HEAD is on main."""
    write("a.md", "".join(f"line {number}\n" for number in range(1, 21)))
    repo("add", ".")
    repo("commit", "-qm", "one")
    repo("checkout", "-qb", "other")
    write("a.md", Path("a.md").read_text("utf-8").replace("line 3\n", "line 3\ntheirs\n"))
    write("theirs.md", "new\n")
    repo("add", ".")
    repo("commit", "-qm", "theirs")
    repo("checkout", "-q", "main")
    write("a.md", Path("a.md").read_text("utf-8").replace("line 15\n", "line 15\nours\n"))
    repo("commit", "-qam", "ours")


def test_in_a_merge_only_lines_that_neither_parent_has_are_new(repo: Repo) -> None:
    two_branches(repo)
    repo("merge", "-q", "--no-commit", "--no-ff", "other")
    base = git.base_of(here(), None, {})
    assert base.commits[0] == "HEAD"
    assert base.commits[1:] == (repo("rev-parse", "other").strip(),)
    write("a.md", Path("a.md").read_text("utf-8") + "in the merge\n")
    parents = [added(commit) for commit in base.commits]
    assert in_all(parents, "a.md") == [(23, 23)]
    assert parents[0]["a.md"] == [(4, 4), (23, 23)], "theirs is new to ours"
    assert parents[1]["a.md"] == [(17, 17), (23, 23)], "ours is new to theirs"
    assert in_all(parents, "theirs.md") == []


def test_before_a_merge_is_committed_git_names_the_other_parent_in_the_environment(repo: Repo) -> None:
    two_branches(repo)
    hook = Path(".git/hooks/pre-merge-commit")
    hook.write_text("#!/bin/sh\nenv > seen\n", encoding="utf-8")
    hook.chmod(0o755)
    repo("merge", "-q", "--no-edit", "other")
    environ = dict(line.split("=", 1) for line in Path("seen").read_text("utf-8").splitlines() if "=" in line)
    assert git.merge_heads(here(), environ) == [repo("rev-parse", "other").strip()]
    assert git.merge_heads(here(), environ | {"GIT_REFLOG_ACTION": "rebase"}) == []


def test_a_named_base_is_the_commit_where_it_parted_from_head(repo: Repo) -> None:
    two_branches(repo)
    assert git.base_of(here(), "other", {}) == git.Base(("other",), True, "other")
    assert added("other", meeting=True) == {"a.md": [(16, 16)]}


@pytest.mark.parametrize(
    ("environ", "base"),
    [
        ({"PRE_COMMIT_FROM_REF": "abc", "PRE_COMMIT": "1"}, git.Base(("abc",), True, "what is pushed to (abc)")),
        ({"GITHUB_BASE_REF": "main"}, git.Base(("origin/main",), True, "origin/main")),
        ({"CI_MERGE_REQUEST_DIFF_BASE_SHA": "abc"}, git.Base(("abc",), True, "abc")),
        ({"GITHUB_BASE_REF": "main", "PRE_COMMIT": "1"}, git.Base(("HEAD",), False, "HEAD")),
        ({"GITHUB_BASE_REF": ""}, git.Base(("HEAD",), False, "HEAD")),
        ({}, git.Base(("HEAD",), False, "HEAD")),
    ],
)
def test_the_base_is_what_pre_commit_or_ci_name_else_head(environ: dict[str, str], base: git.Base) -> None:
    repository = git.Repository("/r", "/r/.git", "/r/.git", head=True, shallow=False)
    assert git.base_of(repository, None, environ) == base
    empty = git.base_of(repository._replace(head=False), None, environ)
    assert empty == git.Base((), False, "no commit yet"), "without a commit everything is new"


@pytest.mark.parametrize("asked", ["--output=x", "-O", ""])
def test_a_base_that_git_would_take_for_an_option_is_refused(asked: str) -> None:
    repository = git.Repository("/r", "/r/.git", "/r/.git", head=True, shallow=False)
    with pytest.raises(git.GitError, match="name a commit, a branch or a tag"):
        git.base_of(repository, asked, {})


def test_a_base_that_a_shallow_clone_lacks_is_one_clear_line(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two_branches(repo)
    repo("clone", "-q", "--depth", "1", "--no-single-branch", Path.cwd().as_uri(), str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")
    assert here().shallow
    for name in ("origin/other", "0123456789abcdef0123456789abcdef01234567", "nothing"):
        code, _, said = git.ask_difference(name, True, [".md"], filters=()).answer()
        assert code
        error = git.difference_failed(here(), git.Base((name,), True, name), said)
        assert str(error) == f"{name}: not in this shallow clone; {git.FULL_HISTORY}"


def test_a_base_that_does_not_exist_is_named(repo: Repo) -> None:
    two_branches(repo)
    _, _, said = git.ask_difference("nothing", True, [".md"], filters=()).answer()
    error = git.difference_failed(here(), git.Base(("nothing",), True, "nothing"), said)
    assert str(error).startswith("nothing: git has no such commit")


def test_the_index_is_asked_for_files_links_and_submodules(repo: Repo, tmp_path: Path) -> None:
    write("b.md", "b\n")
    write("docs/a.md", "a\n")
    write("ignored.md", "i\n")
    write(".gitignore", "ignored.md\n")
    os.symlink("b.md", "link.md")
    repo("add", ".")
    write("docs/new.md", "n\n")
    assert git.files_of(git.ask_files((), new=True)) == [
        git.Entry(".gitignore", "100644"),
        git.Entry("b.md", "100644"),
        git.Entry("docs/a.md", "100644"),
        git.Entry("docs/new.md", None),
        git.Entry("link.md", git.LINK),
    ]
    assert listed("docs") == ["docs/a.md"]
    assert listed("docs", new=True) == ["docs/a.md", "docs/new.md"]


def test_a_submodule_is_one_entry(repo: Repo, tmp_path: Path) -> None:
    write("a.md", "a\n")
    repo("add", ".")
    repo("commit", "-qm", "one")
    repo("clone", "-q", ".", "sub")
    repo("-c", "advice.addEmbeddedRepo=false", "add", "sub")
    assert git.files_of(git.ask_files((), new=False))[-1] == git.Entry("sub", git.SUBMODULE)


def test_a_file_in_conflict_is_one_entry(repo: Repo) -> None:
    two_branches(repo)
    write("theirs.md", "ours\n")
    repo("add", ".")
    repo("commit", "-qm", "conflict")
    done = subprocess.run(["git", "merge", "-q", "other"], capture_output=True, check=False)
    assert done.returncode == 1
    assert listed() == ["a.md", "theirs.md"]


def test_files_are_listed_from_a_folder_with_paths_from_the_root(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    write("docs/a.md", "a\n")
    write("b.md", "b\n")
    repo("add", ".")
    monkeypatch.chdir("docs")
    assert listed() == ["b.md", "docs/a.md"], "without a folder all of the repository"
    assert listed(".") == ["docs/a.md"]
    assert listed("..") == ["b.md", "docs/a.md"]


def test_no_call_waits_for_or_takes_the_lock_of_the_index(repo: Repo) -> None:
    write("a.md", "a\n")
    repo("add", ".")
    repo("commit", "-qm", "one")
    write("a.md", "b\n")
    write(".git/index.lock", "")
    assert added() == {"a.md": [(1, 1)]}
    assert listed() == ["a.md"]
    assert Path(".git/index.lock").read_text(encoding="utf-8") == ""


stretches = st.lists(st.booleans(), max_size=40)


def as_lines(flags: list[bool]) -> Lines:
    """Stretches of lines from a flag for each line."""
    lines: Lines = []
    for number, flag in enumerate(flags, 1):
        if flag and lines and lines[-1][1] == number - 1:
            lines[-1] = (lines[-1][0], number)
        elif flag:
            lines.append((number, number))
    return lines


def as_set(lines: Lines) -> set[int]:
    return {number for first, last in lines for number in range(first, min(last, 100) + 1)}


@given(stretches, stretches)
def test_lines_in_both_are_those_of_the_one_that_the_other_has(some: list[bool], others: list[bool]) -> None:
    assert as_set(common(as_lines(some), as_lines(others))) == as_set(as_lines(some)) & as_set(as_lines(others))
    assert common(as_lines(some), WHOLE) == as_lines(some)


def test_without_a_base_every_line_is_new() -> None:
    assert in_all([], "a.md") == WHOLE
