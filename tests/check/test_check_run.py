"""From files to findings: which files are read, what they may hold, and what of the findings counts."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from repositories import Repo, commit, page, paragraph, write

from cleaner.check.files import workplace
from cleaner.check.job import CheckJob, CheckResult
from cleaner.check.run import run
from cleaner.check.settings import CheckSettings, read_settings
from cleaner.errors import SettingsError
from cleaner.repository.git import GitError


def checked(*named: str, settings: CheckSettings | None = None, **job: Any) -> CheckResult:
    """A run in the current folder, with the settings that lie there."""
    where = workplace(None)
    settings = settings or read_settings(os.path.realpath("."), where.root)
    return run(CheckJob(where, settings, named, **job))


def found(result: CheckResult) -> list[tuple[str, str, int]]:
    return [(each.rule, each.here.path, each.here.line) for each in result.findings]


def told(result: CheckResult) -> list[str]:
    return [f"{each.path or ''}:{each.line or ''}: {each.text}; {each.fix}" for each in result.notes]


def copy(path: str, line: int = 3) -> tuple[str, str, int]:
    return ("adjacent-copy", path, line)


# Which files.


def test_without_names_every_file_below_the_current_folder_that_git_knows_or_would_know(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.md", "docs/b.rst", "docs/deep/c.adoc", "docs/d.html", "e.txt", "f.mdx", "ignored/g.md", "h.py"):
        write(name, page(1, 1) if not name.endswith(".html") else f"<p>{paragraph(1)}</p>\n\n<p>{paragraph(1)}</p>\n")
    write(".gitignore", "ignored/\n")
    repo("add", "a.md")
    assert [path for _, path, _ in found(checked())] == [
        "a.md", "docs/b.rst", "docs/d.html", "docs/deep/c.adoc", "e.txt", "f.mdx",
    ]  # fmt: skip
    assert [path for _, path, _ in found(checked(hook=True))] == ["a.md"], "a hook looks at what is to be committed"
    monkeypatch.chdir("docs")
    assert [path for _, path, _ in found(checked())] == ["docs/b.rst", "docs/d.html", "docs/deep/c.adoc"]
    assert found(checked("../e.txt")) == [copy("e.txt")]
    assert checked().notes == []


def test_a_file_that_was_named_is_read_even_where_git_ignores_it_and_counted_once(repo: Repo) -> None:
    write("ignored.md", page(1, 1))
    write(".gitignore", "*.md\n")
    result = checked("ignored.md", "./ignored.md", os.path.abspath("ignored.md"))
    assert found(result) == [copy("ignored.md")]
    assert result.files == 1


def test_what_is_of_no_known_format_or_not_there_is_told(repo: Repo) -> None:
    write("a.py", "x\n")
    write("b.PY", "x\n")
    write("Makefile", "x\n")
    result = checked("a.py", "b.PY", "Makefile", "gone.md")
    assert result.failed
    shown = told(result)
    assert shown[0] == "gone.md:: no such file; name a file or a folder that is there"
    assert shown[1].startswith(":: 3 files are of no known format and not checked (.py, Makefile); known are .adoc")
    assert 'formats = { ".suffix" = "markdown" }' in shown[1]
    assert shown[2].startswith(":: no file to check;")


def test_a_run_without_a_file_fails_where_that_is_asked_for(repo: Repo) -> None:
    write("a.py", "x\n")
    assert not checked("a.py").failed
    assert checked("a.py", settings=CheckSettings(fail_on_empty=True)).failed
    assert checked(settings=CheckSettings(fail_on_empty=True)).failed
    write("a.md", "x\n")
    assert not checked(settings=CheckSettings(fail_on_empty=True)).failed


def test_links_are_never_followed_out_of_the_tree_nor_read_twice_in_it(repo: Repo, tmp_path: Path) -> None:
    write(str(tmp_path / "outside" / "secret.md"), page(1, 1))
    write("real/a.md", page(1, 1))
    os.symlink("real/a.md", "link.md")
    os.symlink(tmp_path / "outside" / "secret.md", "out.md")
    os.symlink(tmp_path / "outside", "folder")
    os.symlink("real", "inside")
    os.symlink("nowhere", "broken.md")
    repo("add", ".")
    result = checked()
    assert found(result) == [copy("real/a.md")]
    assert told(result) == [
        ":: 3 symbolic links are not followed (broken.md, link.md, out.md); "
        "its target is checked where it lies, if it lies in the repository"
    ]
    for name in ("out.md", "folder/secret.md", "folder", "link.md", "broken.md"):
        result = checked(name)
        assert result.files == 0, name
        assert "1 symbolic link is not followed" in told(result)[0], name
    assert found(checked("inside/a.md")) == [copy("real/a.md")], "a file is called by its place in the tree"


def test_a_folder_of_the_index_that_became_a_link_is_not_followed(repo: Repo, tmp_path: Path) -> None:
    write("docs/a.md", page(1, 2))
    commit(repo)
    shutil.rmtree("docs")
    write(str(tmp_path / "outside" / "a.md"), page(1, 1))
    os.symlink(tmp_path / "outside", "docs")
    result = checked()
    assert result.files == 0
    assert "docs:: 1 symbolic link is not followed" in told(result)[0]


def test_a_pipe_is_not_waited_for(repo: Repo) -> None:
    os.mkfifo("a.md")
    result = checked("a.md")
    assert result.failed
    assert told(result)[0] == "a.md:: is no regular file, which is not read; name a regular file"


def test_a_submodule_is_told_and_not_read(repo: Repo) -> None:
    write("a.md", page(1, 2))
    commit(repo)
    repo("clone", "-q", ".", "sub")
    write("sub/b.md", page(1, 1))
    repo("-c", "advice.addEmbeddedRepo=false", "add", "sub")
    result = checked()
    assert (found(result), result.files) == ([], 1)
    assert told(result) == ["sub:: 1 submodule is not checked; run cleaner check inside it"]


def test_files_that_are_deleted_or_renamed_in_the_index_are_no_trouble(repo: Repo) -> None:
    for name in ("stays.md", "gone.md", "removed.md", "old.md"):
        write(name, page(1, 1))
    commit(repo)
    os.unlink("gone.md")  # still in the index
    repo("rm", "-q", "removed.md")
    repo("mv", "old.md", "new.md")
    result = checked()
    assert [path for _, path, _ in found(result)] == ["new.md", "stays.md"]
    assert (result.notes, result.failed) == ([], False)
    assert found(checked("new.md", new=True, hook=True)) == [], "renaming adds no lines"


def test_another_repository_and_files_outside_may_be_named(repo: Repo, tmp_path: Path) -> None:
    outside = str(tmp_path / "outside" / "a.md")
    write(outside, page(1, 1))
    assert found(checked(outside)) == [copy(os.path.realpath(outside))]
    assert found(checked(os.path.dirname(outside))) == [copy(os.path.realpath(outside))]


def test_without_a_repository_folders_are_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for name in ("a.md", "docs/b.md", ".hidden/c.md", "node_modules/d.md", "venv/e.md"):
        write(name, page(1, 1))
    os.symlink("a.md", "link.md")
    result = checked()
    assert [path for _, path, _ in found(result)] == ["a.md", "docs/b.md"]
    assert "1 symbolic link is not followed" in told(result)[0]
    result = checked(new=True)
    assert [path for _, path, _ in found(result)] == ["a.md", "docs/b.md"]
    assert ":: no git repository here: everything counts as new; run it in a repository, or with --all" in told(result)


def test_without_git_everything_counts_and_it_is_said(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.md", page(1, 1))
    commit(repo)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert found(checked()) == [copy("a.md")]
    result = checked("a.md", new=True, hook=True)
    assert found(result) == [copy("a.md")]
    assert "git cannot be run (it is in no folder of PATH): everything counts as new" in told(result)[0]


# What files may hold.


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16"])
def test_line_ends_marks_and_encodings_give_the_same_lines(repo: Repo, ends: str, mark: bytes, encoding: str) -> None:
    if mark and encoding != "utf-8":
        pytest.skip("the mark is of UTF-8")
    text = page(1, 2, 2).replace("bridge", "fa\u00e7ade d\u00e9j\u00e0 d\u00e9cor\u00e9e").replace("\n", ends)
    write("a.md", mark + text.encode(encoding))
    result = checked()
    assert found(result) == [copy("a.md", 5)]
    here = result.findings[0].here
    assert result.texts["a.md"][here.start : here.end] == text[here.start : here.end].rstrip()


def test_mixed_line_ends_are_counted_by_their_line_feeds(repo: Repo) -> None:
    write("a.md", paragraph(1) + "\r\n\n" + paragraph(2) + "\n\r\n" + paragraph(2) + "\r\n")
    assert found(checked()) == [copy("a.md", 5)]


@pytest.mark.parametrize("name", ["a.md", "a.rst", "a.adoc", "a.txt"])
def test_a_conflict_that_is_not_resolved_is_told_and_not_checked(repo: Repo, name: str) -> None:
    ours, theirs = page(1, 2), page(1, 3)
    write(name, f"{page(8)}\n<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> other\n\n{page(4, 4)}")
    result = checked()
    assert found(result) == [copy(name, 15)], "what lies outside of it is checked"
    assert told(result) == [f"{name}:3: a merge conflict is not resolved; choose a side and take its marks out"]


def test_the_signs_of_a_conflict_in_code_are_code(repo: Repo) -> None:
    write("a.md", f"```\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n```\n\n{page(4, 4)}")
    result = checked()
    assert (found(result), told(result)) == ([copy("a.md", 11)], [])


@pytest.mark.parametrize("front", ["---\ntitle: [\n---\n\n", "---\n\ttitle: x\n: :\n---\n\n", "+++\ntitle = \n+++\n\n"])
def test_broken_front_matter_stops_nothing(repo: Repo, front: str) -> None:
    write("a.md", front + page(1, 1))
    result = checked()
    assert found(result) == [copy("a.md", front.count("\n") + 3)]
    assert not result.failed


def test_a_fence_that_is_not_closed_is_told_by_its_line(repo: Repo) -> None:
    write("a.md", f"{page(1, 1)}\n```\n{page(2, 2)}")
    result = checked()
    assert found(result) == [copy("a.md", 3)]
    assert [note.partition(";")[0] for note in told(result)] == ["a.md:5: a code fence is not closed"]
    assert not result.failed


def test_a_file_over_the_cap_is_told_and_no_failure(repo: Repo) -> None:
    write("a.md", page(1, 1))
    write("big.md", page(*range(50)) + page(1, 1))
    result = checked(settings=CheckSettings(max_size=1000))
    assert found(result) == [copy("a.md")]
    (note,) = told(result)
    assert note.startswith("big.md:: not read, it is ")
    assert note.endswith(" bytes long; raise max-size, or leave it out with exclude (settings)")
    assert not result.failed


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + b"\0" * 100, bytes(range(256)) * 20, b"a\0b\0c" * 50])
def test_a_file_that_is_no_text_is_told_and_no_failure(repo: Repo, data: bytes) -> None:
    write("a.md", page(1, 1))
    write("b.md", data)
    result = checked()
    assert found(result) == [copy("a.md")]
    assert told(result)[0].startswith("b.md:: not read, ")
    assert not result.failed


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_failure(repo: Repo) -> None:
    write("a.md", page(1, 1))
    Path("a.md").chmod(0)
    result = checked()
    assert result.failed
    assert told(result) == ["a.md:: cannot be read (Permission denied); see to it and run again"]


def test_an_empty_file_has_no_finding(repo: Repo) -> None:
    write("a.md", "")
    write("b.md", "\n\n\n")
    result = checked()
    assert (found(result), told(result), result.files) == ([], [], 2)


# What of the findings counts.


def test_only_findings_with_a_side_on_new_lines_count_and_others_are_hidden(repo: Repo) -> None:
    write("a.md", page(1, 1, 2, 3))
    write("old.md", page(1, 1))
    commit(repo)
    result = checked(new=True)
    assert (found(result), result.hidden) == ([], 2)
    write("a.md", page(1, 1, 2, 3, 3))
    write("untracked.md", page(5, 5))
    result = checked(new=True)
    assert (found(result), result.hidden) == ([copy("a.md", 9), copy("untracked.md")], 2)
    assert found(checked()) == [copy("a.md"), copy("a.md", 9), copy("old.md"), copy("untracked.md")]


def test_before_the_first_commit_everything_is_new(repo: Repo) -> None:
    write("a.md", page(1, 1))
    assert found(checked(new=True)) == [copy("a.md")]
    repo("add", ".")
    assert found(checked("a.md", new=True, hook=True)) == [copy("a.md")]


def test_new_since_a_branch_is_what_head_has_beyond_it(repo: Repo) -> None:
    write("a.md", page(1, 1))
    commit(repo)
    repo("checkout", "-qb", "topic")
    write("a.md", page(1, 1, 2, 2))
    commit(repo)
    repo("checkout", "-q", "main")
    write("b.md", page(3, 3))
    commit(repo)
    repo("checkout", "-q", "topic")
    settings = CheckSettings(base="main")
    result = checked(new=True, settings=settings)
    assert (found(result), result.hidden) == ([copy("a.md", 7)], 1)
    with pytest.raises(GitError, match="nowhere: git has no such commit"):
        checked(new=True, settings=CheckSettings(base="nowhere"))


def test_what_is_pushed_is_compared_with_what_was_there(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    write("a.md", page(1, 1))
    commit(repo)
    before = repo("rev-parse", "HEAD").strip()
    write("a.md", page(1, 1, 2, 2))
    commit(repo)
    assert found(checked("a.md", new=True, hook=True)) == []
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", before)
    assert found(checked("a.md", new=True, hook=True)) == [copy("a.md", 7)]


def merged(repo: Repo) -> None:
    """Two branches that both brought paragraph 7, at two places that do not meet."""
    write("a.md", page(*range(6)))
    commit(repo)
    repo("checkout", "-qb", "other")
    write("a.md", page(0, 7, 1, 2, 3, 4, 5))
    commit(repo)
    repo("checkout", "-q", "main")
    write("a.md", page(0, 1, 2, 3, 4, 7, 5))
    commit(repo)


def test_a_merge_that_pastes_twice_is_an_error_on_lines_that_both_parents_have_one_of(repo: Repo) -> None:
    merged(repo)
    repo("merge", "-q", "--no-commit", "--no-ff", "other")
    assert Path("a.md").read_text("utf-8") == page(0, 7, 1, 2, 3, 4, 7, 5)
    result = checked("a.md", new=True, hook=True)
    assert [(each.rule, each.severity, each.here.line) for each in result.findings] == [("merge-copy", "error", 13)]


def test_findings_that_a_parent_of_the_merge_has_already_are_hidden(repo: Repo) -> None:
    write("a.md", page(*range(6)))
    commit(repo)
    repo("checkout", "-qb", "other")
    write("a.md", page(0, 0, 1, 2, 3, 4, 5))
    commit(repo)
    repo("checkout", "-q", "main")
    write("a.md", page(0, 1, 2, 3, 4, 5, 5))
    commit(repo)
    repo("merge", "-q", "--no-commit", "--no-ff", "other")
    result = checked("a.md", new=True, hook=True)
    assert (found(result), result.hidden) == ([], 2)


def test_a_page_that_repeats_what_its_translation_says_once_is_an_error(repo: Repo) -> None:
    text = "# {}\n\n" + page(1, 2, 3)
    write("content/en/a.md", text.format("Bridge"))
    write("content/de/a.md", "# Bruecke\n\n" + page(11, 12, 13, 11))
    result = checked("content/de/a.md")
    assert [(each.rule, each.severity) for each in result.findings] == [("same-section-copy", "error")]
    os.unlink("content/en/a.md")
    result = checked("content/de/a.md")
    assert [(each.rule, each.severity) for each in result.findings] == [("same-section-copy", "warning")]


@pytest.mark.parametrize(
    ("name", "comment"),
    [
        ("a.md", "<!-- {} -->"),
        ("a.mdx", "{{/* {} */}}"),
        ("a.rst", ".. {}"),
        ("a.adoc", "// {}"),
        ("a.txt", "# {}"),
    ],
)
def test_a_comment_ignores_the_finding_that_is_told_without_it(repo: Repo, name: str, comment: str) -> None:
    for gap in ("\n", "\n\n"):
        said = comment.format("cleaner: ignore adjacent-copy on purpose")
        write(name, f"{paragraph(1)}\n\n{said}{gap}{paragraph(1)}\n")
        result = checked()
        assert (found(result), result.ignored) == ([], 1), "the comment parts no two paragraphs"


def test_comments_without_use_are_told(repo: Repo) -> None:
    write("a.md", f"<!-- cleaner: ignore -->\n{page(1, 2)}")
    result = checked()
    assert (found(result), result.ignored) == ([("unused-ignore", "a.md", 1)], 0)


def test_a_baseline_leaves_out_what_it_knows_but_not_one_copy_more(repo: Repo, tmp_path: Path) -> None:
    from cleaner.check.known import keep

    write("a.md", page(1, 1, 2))
    write("b.md", page(3, 3))
    base = str(tmp_path / "base.json")
    keep(checked().every, base)
    settings = CheckSettings(baseline=base)
    result = checked(settings=settings)
    assert (found(result), result.baselined) == ([], 2)
    write("a.md", page(1, 1, 2, 5, 5))
    assert found(checked(settings=settings)) == [copy("a.md", 9)]
    write("a.md", page(1, 1, 2, 4, 1))
    assert len(found(checked(settings=settings))) == 1, "one more copy of a known block is new"
    os.unlink("a.md")
    assert told(checked(settings=settings)) == [
        ":: 1 entry of the baseline is there no more; write it with --write-baseline to drop what is gone"
    ]
    assert told(checked("b.md", settings=settings)) == [], "a part of the files says nothing about the rest"


@pytest.mark.parametrize("text", ["", "[]", '{"version": 99, "blocks": []}', "\0"])
def test_a_baseline_that_is_none_is_an_error_with_a_way_out(repo: Repo, text: str) -> None:
    write("a.md", page(1, 1))
    write("base.json", text)
    with pytest.raises(SettingsError, match=r"baseline base\.json .*; write it"):
        checked(settings=CheckSettings(baseline=os.path.abspath("base.json")))
    with pytest.raises(SettingsError, match=r"baseline none\.json: cannot be read \(No such file"):
        checked(settings=CheckSettings(baseline=os.path.abspath("none.json")))


# Across files.


def across(**settings: Any) -> CheckSettings:
    plain = CheckSettings(**settings)
    return plain._replace(options=plain.options._replace(across=True))


def long(number: int) -> str:
    return f"{paragraph(number)} {paragraph(number + 1)}"


def shared(result: CheckResult) -> list[tuple[str, str | None]]:
    return [(each.here.path, each.there.path if each.there else None) for each in result.findings]


def test_files_that_are_named_are_a_filter_and_never_the_universe(repo: Repo) -> None:
    write("a.md", f"{long(1)}\n")
    write("b.md", f"# B\n\n{long(1)}\n\n{long(50)}\n")
    write("c.md", f"# C\n\n{long(50)}\n")
    write("d.md", f"{long(90)}\n")
    commit(repo)
    assert len(checked(settings=across()).findings) == 2
    result = checked("a.md", settings=across())
    assert {path for pair in shared(result) for path in pair} == {"a.md", "b.md"}
    assert (result.files, len(result.findings)) == (1, 1)
    assert checked("d.md", settings=across()).findings == []
    assert checked("a.md").findings == [], "it is asked for"


def test_the_cache_changes_nothing_but_the_time(repo: Repo) -> None:
    for name, numbers in (("a.md", (1, 20)), ("b.md", (20, 40)), ("c.md", (60, 60))):
        write(name, "".join(f"{long(number)}\n\n" for number in numbers))
    commit(repo)
    first = checked(settings=across())
    assert len(first.findings) == 2
    assert Path(".git/cleaner-cache/check-rows-2.sqlite").exists()
    assert checked(settings=across()) == first
    assert checked(settings=across(), cache=False) == first
    write("b.md", f"{long(20)}\n\n{long(80)}\n\n{long(80)}\n")
    changed = checked(settings=across())
    assert changed == checked(settings=across(), cache=False)
    assert len(changed.findings) == 3
    Path(".git/cleaner-cache/check-rows-2.sqlite").write_bytes(b"\xff" * 5000)
    assert checked(settings=across()) == changed


def test_what_the_cache_knows_of_quiet_files_holds_for_the_settings_that_it_was_found_with(repo: Repo) -> None:
    write("a.md", page(1, 1))
    off = across()
    off = off._replace(options=off.options._replace(severities={"adjacent-copy": "off"}))
    assert checked(settings=off).findings == []
    assert found(checked(settings=across())) == [copy("a.md")]
    assert checked(settings=off).findings == []


def test_a_cache_that_cannot_be_kept_is_told_and_nothing_else(repo: Repo) -> None:
    write("a.md", f"{long(1)}\n")
    write("b.md", f"{long(1)}\n\n{long(5)}\n")
    write("file", "x")
    result = checked(settings=across(cache_dir=os.path.abspath("file/below")))
    assert len(result.findings) == 1
    (note,) = told(result)
    assert note.startswith(":: the cache cannot be used (")
    assert note.endswith("); give another folder with --cache-dir, or --no-cache")
    assert not result.failed


def test_across_files_a_finding_is_new_where_one_of_its_files_is(repo: Repo) -> None:
    write("a.md", f"{long(1)}\n\n{long(30)}\n")
    write("b.md", f"{long(1)}\n\n{long(60)}\n")
    commit(repo)
    result = checked(settings=across(), new=True)
    assert (result.findings, result.hidden) == ([], 1)
    write("c.md", f"# New\n\n{long(60)}\n")
    repo("add", ".")
    result = checked("c.md", settings=across(), new=True, hook=True)
    assert [set(pair) for pair in shared(result)] == [{"b.md", "c.md"}]


# Calls of git.


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the calls of git, as they are made."""
    from cleaner.repository import git

    made: list[str] = []
    whole = git.Call.__init__

    def counting(self: git.Call, *arguments: str) -> None:
        made.append(" ".join(each for each in arguments if not each.startswith("-"))[:40])
        whole(self, *arguments)

    monkeypatch.setattr(git.Call, "__init__", counting)
    return made


def test_a_hook_makes_two_calls_of_git_and_three_where_it_needs_other_files(repo: Repo, calls: list[str]) -> None:
    write("a.md", page(1, 2))
    write("content/de/a.md", page(1, 2, 3))
    commit(repo)
    write("a.md", page(1, 2, 2))
    repo("add", ".")
    checked("a.md", new=True, hook=True)
    assert len(calls) == 2, calls
    calls.clear()
    write("content/de/a.md", page(1, 2, 3, 1))
    repo("mv", "a.md", "b.md")
    write("new.md", page(5, 5))
    repo("add", ".")
    result = checked("b.md", "new.md", "content/de/a.md", new=True, hook=True)
    assert len(result.findings) == 3
    assert len(calls) == 3, calls
    calls.clear()
    checked("b.md", "new.md", "content/de/a.md", new=True, hook=True, settings=across())
    assert len(calls) == 3, calls


def test_a_file_with_a_thousand_names_needs_no_longer_command_line(repo: Repo, calls: list[str]) -> None:
    names = [f"folder-with-a-long-name-{number:04}/another-long-name-{number:04}.md" for number in range(1000)]
    for name in names:
        write(name, "x\n")
    commit(repo)
    assert checked(*names, new=True, hook=True).files == 1000
    assert len(calls) == 2


def test_a_hook_of_git_itself_runs_with_the_index_that_git_gives_it(repo: Repo) -> None:
    """With ``git commit FILE`` the index is another file than usual, named from the root."""
    write("docs/a.md", page(1, 2))
    write("docs/b.md", page(3, 4))
    commit(repo)
    seen = Path(".git/hooks/pre-commit")
    code = (
        "import os; from cleaner.hook import main\n"
        "print(os.environ['GIT_INDEX_FILE'], main(['docs/a.md', 'docs/b.md']))"
    )
    import sys

    seen.write_text(f'#!/bin/sh\n{sys.executable} -c "{code}" > .git/seen 2>&1\n', encoding="utf-8")
    seen.chmod(0o755)
    write("docs/a.md", page(1, 2, 2))
    write("docs/b.md", page(3, 4, 4))
    done = subprocess.run(["git", "commit", "-qm", "one of two", "docs/a.md"], check=False, capture_output=True)
    assert done.returncode == 0
    said = Path(".git/seen").read_text("utf-8")
    assert "docs/a.md:5:1: error adjacent-copy" in said
    assert "next-index" in said.splitlines()[-1]
