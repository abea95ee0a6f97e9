"""What lies in a repository is not believed: not its settings, not its git configuration, not what git's folder holds.

Each test is a repository of somebody else, as a clone or as an archive with its .git, in which a person calls cleaner.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from waiting import GUARD

from cleaner.config.keys import CHECK, RUN, Key

REPEAT = "The bridge over the river will be closed for twelve weeks while engineers check it.\n\n"
TWICE = REPEAT * 2
RELIABILITY = Path(__file__).parent.parent / "docs" / "reliability.md"


class Done(NamedTuple):
    code: int
    out: str
    err: str


class Person:
    """Somebody with a home, who stands in a folder that they got from elsewhere."""

    def __init__(self, top: Path) -> None:
        self.home, self.tree = top / "home", top / "home" / "got"
        self.own = self.home / ".config" / "cleaner" / "cleaner.toml"
        self.tree.mkdir(parents=True)
        self.own.parent.mkdir(parents=True)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "XDG_", "CI_", "GITHUB_"))}
        self.environ = kept | {"HOME": str(self.home), "GIT_CONFIG_NOSYSTEM": "1"}

    def write(self, name: str, text: str) -> Path:
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *arguments: str, folder: str = ".", module: str = "cleaner") -> Done:
        """Calls cleaner as the installed command does, which does not put the current folder on the path."""
        start = f"import sys; sys.argv[0] = 'cleaner'; from {module} import main; raise SystemExit(main())"
        where = self.tree / folder
        command = [sys.executable, "-P", "-c", start, *arguments]
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=where, env=self.environ, check=False, timeout=GUARD
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    def cleaner(self, *arguments: str, folder: str = ".") -> Done:
        return self.run(*arguments, folder=folder, module="cleaner.cli")

    def hook(self, *arguments: str) -> Done:
        return self.run(*arguments, module="cleaner.hook")

    def git(self, *arguments: str) -> str:
        flags = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        command = ["git", *flags, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.tree, env=self.environ, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return Person(tmp_path.resolve())


@pytest.fixture
def clone(person: Person) -> Person:
    """With a commit in which a.md is fine, and a repeat in the working tree."""
    person.git("init", "-q", "-b", "main")
    person.write("a.md", REPEAT)
    person.write("b.md", REPEAT)
    person.git("add", ".")
    person.git("commit", "-qm", "one")
    person.write("a.md", TWICE)
    return person


def files(top: Path) -> dict[str, bytes]:
    """Every file below ``top`` with its bytes, and every link."""
    return {str(p): p.read_bytes() if p.is_file() else b"" for p in top.rglob("*") if not p.is_dir() or p.is_symlink()}


# Settings of a repository.


def test_a_repository_has_no_word_in_where_scratch_files_go(person: Person) -> None:
    """What was there: the folder scratch was removed with all in it, and batches of the run were laid there."""
    person.write("cleaner.toml", 'scope = "corpus"\nscratch = "."\n')
    person.write("a.md", TWICE)
    person.write("scratch/mine.txt", "not cleaner's")
    before = files(person.home)
    done = person.cleaner("find", "a.md")
    assert done.code == 2
    assert done.err == (
        "cleaner: cleaner.toml:2: scratch cannot be set in a repository's file; give --scratch, or put it into "
        "~/.config/cleaner/cleaner.toml\n"
    )
    assert files(person.home) == before


VALUES: Mapping[str, str] = {
    "annotate": "'spans'", "annotate_field": "'text'", "index": "'seen'", "max_expanded": "'1TB'", "memory": "'4GB'",
    "scratch": "'/tmp/x'", "workers": "64", "cache-dir": "'/tmp/x'", "max-size": "'1GB'", "decisions": "'/etc/passwd'",
    "baseline": "'../up.json'",
}  # fmt: skip
LIMITED = [("", name) for name, key in RUN.items() if key.right != "anywhere"]
LIMITED += [("check", name) for name, key in CHECK.items() if key.right != "anywhere"]


@pytest.mark.parametrize(("table", "name"), LIMITED)
@pytest.mark.parametrize("file", ["cleaner.toml", "pyproject.toml"])
def test_what_a_repository_may_not_set_is_refused_by_name_with_line_and_way_out(
    person: Person, table: str, name: str, file: str
) -> None:
    head = ".".join(part for part in ("tool.cleaner" if file == "pyproject.toml" else "", table) if part)
    person.write(file, f"# ours\n{f'[{head}]' if head else ''}\n{name} = {VALUES[name]}\n")
    person.write("a.md", TWICE)
    done = person.hook() if table else person.cleaner("find", "a.md")
    assert done.code == 2
    assert done.err.startswith(f"cleaner: {file}:3: {name} "), done.err
    assert "a repository's file" in done.err
    assert done.err.endswith("put it into ~/.config/cleaner/cleaner.toml\n"), done.err


def test_the_keys_that_a_repository_may_set_are_these() -> None:
    """A new key is the owner's alone until somebody decides otherwise, here and in the table."""
    assert {name for name, key in RUN.items() if key.right == "anywhere"} == {
        "boilerplate", "boilerplate_by", "boilerplate_drop", "fail_on", "flag_share", "format", "id_field", "keep",
        "lang_field", "level", "lone", "max_gap", "max_removed", "measures", "min_passage", "min_words", "order_by",
        "protect", "scope", "similarity", "source_field", "strict", "text_field", "text_format",
    }  # fmt: skip
    assert {name for name, key in CHECK.items() if key.right == "anywhere"} == {
        "across", "base", "disable", "exclude", "fail-on", "fail-on-empty", "formats", "min-across", "min-adjacent",
        "min-file", "near", "paths", "rules", "twins", "versions",
    }  # fmt: skip


def test_the_users_own_file_and_a_named_one_may_say_everything(person: Person) -> None:
    person.write("a.md", TWICE)
    everything = "scope = 'corpus'\nscratch = 'room'\nworkers = 1\nmemory = '300MB'\n[check]\nmax-size = '1GB'\n"
    person.own.write_text(everything)
    assert person.cleaner("find", "a.md").code == 1
    assert (person.own.parent / "room").is_dir(), "a path is meant from the folder of its file"
    person.own.unlink()
    other = person.write("../other.toml", everything)
    for command in (("find", "a.md"), ("clean", "a.md"), ("diff", "a.md", "a.md"), ("check", "a.md")):
        assert person.cleaner(*command, "--config", str(other)).code in (0, 1), command
    done = person.cleaner("find", "a.md", "--config", "gone.toml")
    assert (done.code, done.err) == (2, "cleaner: gone.toml: no such file; name a file with settings\n")


def test_the_command_line_counts_more_than_the_repository_and_that_more_than_the_users_own(person: Person) -> None:
    person.write("a.md", TWICE)
    person.own.write_text("fail_on = 'none'\n[check]\ndisable = ['adjacent-copy']\nmin-adjacent = 8\n")
    assert person.cleaner("find", "a.md").code == 0
    assert person.cleaner("check", "a.md").code == 0
    person.write("cleaner.toml", "fail_on = 'error'\n[check]\nrules = { adjacent-copy = 'error' }\n")
    assert person.cleaner("find", "a.md").code == 1
    assert person.cleaner("check", "a.md").code == 1
    assert person.cleaner("find", "a.md", "--fail-on", "none").code == 0
    assert person.cleaner("check", "a.md", "--disable", "all").code == 0


def test_in_the_folder_of_ones_own_settings_these_are_ones_own(person: Person) -> None:
    person.own.write_text("workers = 1\n[check]\nmax-size = '1GB'\n")
    (person.own.parent / "a.md").write_text(TWICE)
    folder = os.path.relpath(person.own.parent, person.tree)
    assert person.cleaner("find", "a.md", folder=folder).code == 1
    assert person.cleaner("check", "a.md", folder=folder).code == 1


def test_the_settings_in_force_are_shown_with_where_they_come_from(person: Person) -> None:
    person.own.write_text("# mine\nworkers = 2\nlevel = 'exact'\n[check]\nfail-on = 'info'\n")
    person.write("pyproject.toml", "[tool.cleaner]\nlevel = 'copy'\nmin-words = 20\n[tool.cleaner.check]\nnear=0.8\n")
    done = person.cleaner("config")
    assert (done.code, done.err) == (0, "")
    lines = [re.split(r"  +", line) for line in done.out.splitlines()]
    assert len(lines) == len(RUN) + len(CHECK)
    for row in (
        ["workers", "2", "~/.config/cleaner/cleaner.toml:2"],
        ["level", "copy", "pyproject.toml:2"],
        ["min_words", "20", "pyproject.toml:3"],
        ["check.near", "0.8", "pyproject.toml:5"],
        ["check.fail-on", "info", "~/.config/cleaner/cleaner.toml:5"],
        ["max_gap", "3", "default"],
        ["decisions", "-", "default"],
        ["check.max-size", "20971520", "default"],
    ):
        assert row in lines, done.out
    shown = json.loads(person.cleaner("config", "--json").out)["settings"]
    assert {"key": "min_words", "value": 20, "source": "pyproject.toml:3"} in shown


@pytest.mark.parametrize(("head", "name"), [("", "decisions"), ("[check]\n", "baseline")])
def test_a_file_that_a_repository_names_lies_in_the_folder_of_its_settings(
    person: Person, head: str, name: str
) -> None:
    person.write("a.md", TWICE)
    person.write("marks.jsonl", '{"cleaner": "decisions", "version": 1}\n')
    (person.home / "secret").write_text("secret")
    os.symlink(person.home / "secret", person.tree / "link")
    os.symlink(person.home, person.tree / "linked")
    os.mkfifo(person.tree / "pipe")
    command = ("check", "a.md") if head else ("find", "a.md")
    person.write("cleaner.toml", f"{head}{name} = 'marks.jsonl'\n")
    assert person.cleaner(*command).code == 1
    for value in ("../secret", "link", "linked/secret", "pipe", str(person.tree / "marks.jsonl"), "a\\u0000"):
        person.write("cleaner.toml", f'{head}{name} = "{value}"\n')
        done = person.cleaner(*command)
        assert done.code == 2, value
        assert f"{name} is " in done.err, done.err
        assert "secret" not in done.err or "secret" in value


def test_a_file_with_settings_is_a_regular_file_of_the_repository(person: Person) -> None:
    """A pipe would wait for ever, a device has no end, and a link would have another file's words in an error."""
    person.write("a.md", TWICE)
    settings = person.tree / "cleaner.toml"
    (person.home / "secret").write_text("password = 'x'")
    for make, said in (
        (lambda: os.mkfifo(settings), "is no regular file"),
        (lambda: os.symlink("/dev/zero", settings), "leads out of the repository"),
        (lambda: os.symlink(person.home / "secret", settings), "leads out of the repository"),
        (lambda: os.symlink("gone", settings), "is a symbolic link to nothing"),
        (lambda: settings.mkdir(), "is no regular file"),
        (lambda: settings.write_text("#" * (1 << 20) + "\n"), "is longer than 1 MB"),
        (lambda: settings.write_text("level = " + "[" * 5000), "not TOML"),
        (lambda: settings.write_text("min_words = " + "9" * 5000), "not TOML"),
    ):
        make()
        for command in ("find", "check"):
            if command == "check" and settings.is_file() and not settings.is_symlink():
                settings.write_text(settings.read_text() + "\n# check\n")
            done = person.cleaner(command, "a.md")
            assert done.code == 2, said
            assert done.err.startswith("cleaner: cleaner.toml: "), done.err
            assert said in done.err
            assert "password" not in done.err
        settings.rmdir() if settings.is_dir() else settings.unlink()
    person.write("real.toml", "fail_on = 'none'\n")
    os.symlink("real.toml", settings)
    assert person.cleaner("find", "a.md").code == 0, "a link inside the repository is as good as a file"


def test_the_way_up_ends_at_the_repository_and_at_the_home(person: Person) -> None:
    person.write("sub/a.md", TWICE)
    up = person.home.parent / "cleaner.toml"
    up.write_text("fail_on = 'none'\n")
    assert person.cleaner("find", "a.md", folder="sub").code == 1, "above the home is nobody's"
    up.unlink()
    person.write("../cleaner.toml", "fail_on = 'none'\n")
    assert person.cleaner("find", "a.md", folder="sub").code == 0
    (person.tree / ".git").mkdir()
    assert person.cleaner("find", "a.md", folder="sub").code == 1, "above the repository is no part of it"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_settings_of_another_user_above_the_current_folder_are_not_read(person: Person) -> None:
    person.environ["HOME"] = str(person.home / "elsewhere")
    person.write("sub/a.md", TWICE)
    foreign = person.write("cleaner.toml", "fail_on = 'none'\n")
    os.chown(foreign, 12345, 12345)
    done = person.cleaner("find", "a.md", folder="sub")
    assert done.code == 1
    assert f"{foreign}: not read, it is another user's; name it with --config if you trust it\n" in done.err
    assert person.cleaner("find", "sub/a.md").code == 0, "of the current folder it is"
    os.chown(person.tree / "sub", 12345, 12345)
    assert person.cleaner("find", "a.md", folder="sub").code == 0, "they could have put it into this folder, too"
    os.chown(person.tree / "sub", 0, 0)
    (person.tree / ".git").mkdir()
    assert person.cleaner("find", "a.md", folder="sub").code == 0, "it is in a repository of the user"
    os.chown(person.tree / ".git", 12345, 12345)
    assert person.cleaner("find", "a.md", folder="sub").code == 1, "anybody may make a .git"


# What a repository would have git run.


def trap(person: Person, name: str) -> str:
    """A program of the repository that leaves a mark in the home."""
    path = person.write(f"traps/{name}", f"#!/bin/sh\necho ran >> '{person.home}/ran-{name}'\ncat\n")
    path.chmod(0o755)
    return str(path)


def sprung(person: Person) -> list[str]:
    return sorted(path.name for path in person.home.glob("ran-*"))


def test_the_traps_work(clone: Person) -> None:
    """Else the tests below would hold for nothing."""
    set_traps(clone)
    for required in ("true", "false"):
        clone.git("config", "filter.dot.ted.required", required)
        clone.git("config", "filter.trap.required", required)
        subprocess.run(["git", "diff", "HEAD"], cwd=clone.tree, env=clone.environ, capture_output=True, check=False)
    assert {"ran-clean", "ran-process", "ran-command", "ran-monitor"} <= set(sprung(clone))


def set_traps(clone: Person) -> None:
    for key, name in {
        "core.fsmonitor": "monitor", "core.hooksPath": "", "core.pager": "pager", "core.sshCommand": "ssh",
        "diff.external": "external", "diff.trap.command": "command", "diff.trap.textconv": "textconv",
        "filter.trap.clean": "clean", "filter.trap.smudge": "smudge", "filter.dot.ted.process": "process",
        "alias.diff": "alias", "credential.helper": "credential", "pager.diff": "pager", "pager.ls-files": "pager",
    }.items():  # fmt: skip
        clone.git("config", key, trap(clone, name) if name else str(clone.tree / "traps"))
    trap(clone, "post-index-change")
    clone.git("config", "filter.trap.required", "true")
    clone.git("config", "filter.dot.ted.required", "true")
    clone.write(".gitattributes", "a.md filter=trap diff=trap\nb.md filter=dot.ted diff=trap\n")
    clone.write("b.md", TWICE)
    index = clone.tree / ".git" / "index"
    os.utime(index, (1, 1))  # so that git looks at the files themselves


@pytest.mark.parametrize("arguments", [(), ("a.md", "b.md"), ("--all",), ("--across",), ("--base", "HEAD")])
def test_nothing_that_the_configuration_of_a_repository_names_is_run(clone: Person, arguments: tuple[str, ...]) -> None:
    set_traps(clone)
    done = clone.hook(*arguments)
    assert (done.code, done.out.count("adjacent-copy")) == (1, 2), "the check works all the same"
    clone.cleaner("check", *arguments)
    assert sprung(clone) == []


def test_an_included_configuration_is_the_repositorys_as_well(clone: Person) -> None:
    clone.write("more.config", f'[filter "more"]\n\tclean = {trap(clone, "clean")}\n')
    clone.git("config", "include.path", "../more.config")
    clone.write(".gitattributes", "*.md filter=more\n")
    assert clone.hook("a.md").code == 1
    assert sprung(clone) == []


def test_a_filter_that_could_not_be_switched_off_is_refused(clone: Person) -> None:
    clone.git("config", "filter.a=b.clean", trap(clone, "clean"))
    clone.write(".gitattributes", "*.md filter=a=b\n")
    done = clone.hook("a.md")
    assert (done.code, sprung(clone)) == (2, [])
    assert done.err.startswith("cleaner: the repository's configuration has a filter named 'a=b'; ")


def test_a_filter_of_the_user_is_run(clone: Person) -> None:
    """As git itself does: their own configuration is theirs."""
    (clone.home / ".gitconfig").write_text(f'[filter "mine"]\n\tclean = {trap(clone, "clean")}\n')
    clone.write(".gitattributes", "*.md filter=mine\n")
    assert clone.hook("a.md").code == 1
    assert sprung(clone) == ["ran-clean"]


def test_what_a_partial_clone_lacks_is_not_fetched(clone: Person) -> None:
    for key, value in {
        "remote.origin.url": "ssh://example.invalid/x", "remote.origin.promisor": "true",
        "extensions.partialClone": "origin", "core.repositoryFormatVersion": "1",
        "core.sshCommand": trap(clone, "ssh"), "protocol.allow": "always", "protocol.ssh.allow": "always",
    }.items():  # fmt: skip
        clone.git("config", key, value)
    blob = clone.git("rev-parse", "HEAD:a.md").strip()
    (clone.tree / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    done = clone.hook("a.md")
    assert (done.code, sprung(clone)) == (2, [])
    assert "partial clone" in done.err, done.err


def test_git_is_not_taken_from_the_tree(clone: Person) -> None:
    shutil.copy(trap(clone, "git"), clone.tree / "git")
    clone.environ["PATH"] = os.pathsep.join((".", "", clone.environ["PATH"]))
    assert clone.hook("a.md").code == 1
    assert sprung(clone) == []


# Where the cache of a check across files lies.


def victim(path: Path) -> bytes:
    """A database of another program."""
    base = sqlite3.connect(path)
    base.execute("CREATE TABLE mine (text TEXT)")
    base.commit()
    base.close()
    return path.read_bytes()


NAME = "check-rows-2.sqlite"


@pytest.mark.parametrize("link", ["file", "folder", "journal"])
def test_a_link_in_the_repository_leads_the_cache_nowhere(clone: Person, link: str) -> None:
    mine = clone.home / "mine"
    mine.mkdir()
    data = victim(mine / NAME)
    victim(mine / "check-rows-1.sqlite")
    folder = clone.tree / ".git" / "cleaner-cache"
    if link == "folder":
        os.symlink(mine, folder)
    else:
        folder.mkdir()
        for name in (NAME, "check-rows-1.sqlite"):
            os.symlink(mine / name, folder / (name if link == "file" else f"{name}-journal"))
    before = files(mine)
    done = clone.hook("--across", "a.md")
    assert done.code == 1
    assert done.out.count("note: the cache cannot be used (") == 1, done.out
    assert files(mine) == before
    assert (mine / NAME).read_bytes() == data


@pytest.mark.parametrize("how", ["file", "link", "commondir"])
def test_git_of_another_repository_gets_no_cache(clone: Person, how: str) -> None:
    """Of a repository whose .git points to another one of the user's."""
    other, git = clone.home / "other.git", clone.tree / ".git"
    if how == "commondir":
        shutil.copytree(git, other)
        (git / "commondir").write_text(f"{other}\n")
    else:
        git.rename(other)
        os.symlink(other, git) if how == "link" else git.write_text(f"gitdir: {other}\n")
    done = clone.hook("--across", "a.md")
    assert done.code == 1, done.err
    assert not (other / "cleaner-cache").exists()
    caches = list((clone.home / ".cache" / "cleaner").rglob(NAME))
    assert len(caches) == 1, "it lies with what the user's programs keep"
    again = clone.hook("--across", "a.md")
    assert again == done


def test_a_further_working_tree_shares_the_cache_of_its_repository(clone: Person) -> None:
    clone.git("worktree", "add", "-q", "../second")
    (clone.home / "second" / "a.md").write_text(TWICE)
    assert clone.cleaner("check", "--across", "a.md", folder="../second").code == 1
    assert (clone.tree / ".git" / "cleaner-cache" / NAME).exists()
    (clone.home / "third").mkdir()
    shutil.copy(clone.home / "second" / ".git", clone.home / "third" / ".git")
    (clone.home / "third" / "a.md").write_text(TWICE)
    shutil.rmtree(clone.tree / ".git" / "cleaner-cache")
    clone.cleaner("check", "--across", "a.md", folder="../third")
    assert not (clone.tree / ".git" / "cleaner-cache").exists(), "git does not know this one by its folder"


def test_without_git_the_cache_lies_with_what_the_users_programs_keep(person: Person) -> None:
    person.write("a.md", TWICE)
    before = set(files(person.tree))
    assert person.cleaner("check", "--across", "a.md").code == 1
    assert set(files(person.tree)) == before
    assert len(list((person.home / ".cache" / "cleaner").rglob(NAME))) == 1


# What Python would take from the tree.


def test_nothing_in_the_current_folder_is_imported(person: Person) -> None:
    person.write("a.md", TWICE)
    names = ("__future__", "typing", "json", "orjson", "numpy", "typer", "click", "rich", "jinja2", "sitecustomize",
             "usercustomize", "rapidfuzz", "tomllib", "numba", "sqlite3", "subprocess", "yaml")  # fmt: skip
    for name in names:
        person.write(f"{name}.py", f"open({str(person.home / 'ran-import')!r}, 'a').write(__name__)\n")
    person.write("cleaner.toml", "min_words = 12\n[check]\nmin-adjacent = 8\n")
    package = Path(__file__).parent.parent
    environ = person.environ | {"PYTHONPATH": str(package)}
    for command in (["find", "a.md"], ["check", "a.md"], ["clean", "a.md", "--scope", "corpus"]):
        done = subprocess.run(
            [sys.executable, "-m", "cleaner", *command], cwd=person.tree, env=environ, capture_output=True, check=False
        )
        assert done.returncode in (0, 1), done.stderr
        assert sprung(person) == [], command


@pytest.mark.parametrize(
    "first",
    [
        "import cleaner.kernels.compiled",
        "import cleaner.kernels.pointers",
        "from cleaner.plan import _spare_scipy; _spare_scipy()",
    ],
)
def test_numba_takes_no_settings_from_the_current_folder(person: Person, first: str) -> None:
    """Its cache holds pickles: a folder for it that the tree names would be code."""
    pytest.importorskip("yaml", reason="without PyYAML numba reads no such file")
    person.write(".numba_config.yaml", f"cache_dir: {person.tree}/compiled\ndisable_jit: 1\n")
    code = f"{first}\nfrom numba.core import config\n"
    code += "config.reload_config()\nprint(repr(config.CACHE_DIR), config.DISABLE_JIT)"
    environ = {name: value for name, value in person.environ.items() if not name.startswith("NUMBA_")}
    command = [sys.executable, "-P", "-c", code]
    done = subprocess.run(command, cwd=person.tree, env=environ, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("'' 0\n", "")


# The page on it.

ROW = re.compile(r"^\| `([\w-]+)` \| (.*?) \| (.*?) \|$", re.MULTILINE)
WORDS = {
    "anywhere": "yes",
    "inside": "a regular file in the folder of the settings",
    "default": "up to {most}",
    "own": "no",
}


def rows(keys: Mapping[str, Key], command: str) -> list[tuple[str, str, str]]:
    return [(name, command, WORDS[key.right].format(most=f"{(key.most or 0) >> 20}MB")) for name, key in keys.items()]


def test_the_table_of_keys_in_the_documentation_is_that_of_the_code() -> None:
    page = RELIABILITY.read_text(encoding="utf-8").partition("## Settings: who may say what")[2].partition("\n## ")[0]
    assert ROW.findall(page) == rows(RUN, "run") + rows(CHECK, "check")
