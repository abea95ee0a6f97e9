"""What git knows: where the repository is, which files it holds, what a run is compared with. Two or three calls a run.

Every call is made in the current folder and with the environment of the caller: hooks are given GIT_DIR,
GIT_INDEX_FILE and others, relative ones too, and those say what is committed. Only optional locks are switched
off, so that two hooks at once do not meet at the index.

A repository may be anybody's, .git and all, as an archive that was unpacked. What its configuration would have git
run is switched off in each call: the monitor of files, hooks, pagers, programs that show or convert files, filters, and
the fetching of what a partial clone lacks.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cleaner.errors import CleanerError

LINK, SUBMODULE = "120000", "160000"
"""Modes of the index for a symbolic link and for another repository inside this one."""

FULL_HISTORY = "fetch the whole history (fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab, git fetch --unshallow)"

FULL_CLONE = "run git diff BASE once, which fetches what is missing, or clone without --filter"


class NoRepository(Exception):
    """There is no repository here, or no git; the message says which."""


class GitError(CleanerError):
    """Git could not answer; the message ends in what to do."""


class Repository(NamedTuple):
    """A working tree.

    root    its folder, absolute, without symbolic links
    folder  git's own folder for it; ``common`` is shared between the working trees of a repository
    head    whether there is a commit yet
    shallow whether the history was cut when cloning
    """

    root: str
    folder: str
    common: str
    head: bool
    shallow: bool


class Entry(NamedTuple):
    """A file of the index, or one that git does not know yet (``mode`` None). ``path`` is relative to the root."""

    path: str
    mode: str | None


class Base(NamedTuple):
    """What the working tree is compared with.

    commits  one; the parents in a merge; none where there is no commit yet, so that everything is new
    meeting  compare with the commit where ``commits[0]`` and HEAD parted, not with the commit itself
    name     as it is told
    """

    commits: tuple[str, ...]
    meeting: bool
    name: str


_QUIET = (
    "--no-pager",
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "submodule.recurse=false",
)
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ALLOW_PROTOCOL": "none",  # fetching runs what core.sshCommand, credential.helper or a remote's address name
    "GIT_NO_LAZY_FETCH": "1",
}


class Call:
    """A call of git that is under way: what needs no answer goes on meanwhile."""

    def __init__(self, *arguments: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.endswith("_PATHSPECS")}
        try:
            self._process = subprocess.Popen(  # nosec B603 # a program found in absolute folders, and no shell
                [_program(), *_QUIET, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=kept | _ENVIRONMENT,
            )
        except OSError as error:
            raise NoRepository(f"git cannot be run ({error.strerror or error})") from None

    def answer(self) -> tuple[int, bytes, str]:
        """Exit code, standard output, and what was said on standard error."""
        out, error = self._process.communicate()
        return self._process.returncode, out, os.fsdecode(error).strip()

    def output(self) -> bytes:
        """Standard output. Raises GitError where the call failed."""
        code, out, said = self.answer()
        if code:
            raise GitError(f"git: {first_line(said) or f'exit code {code}'}; see to it and run again")
        return out


def _program() -> str:
    """Git, from the folders of PATH that do not depend on the current one. Raises NoRepository."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, name)
        if os.path.isabs(path) and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise NoRepository("git cannot be run (it is in no folder of PATH)")


def ask_repository() -> Call:
    """Ask for the repository around the current folder; ``repository_of`` reads the answer."""
    return Call(
        "rev-parse", "--show-toplevel", "--absolute-git-dir", "--git-common-dir", "--is-shallow-repository", "HEAD"
    )


def repository_of(call: Call) -> Repository:
    """Raises NoRepository, and GitError where git refuses to answer (another owner, a damaged repository)."""
    _, out, said = call.answer()
    lines = os.fsdecode(out).split("\n")
    if len(lines) < 5:
        if "not a git repository" in said or "must be run in a work tree" in said:
            raise NoRepository("no git repository here")
        raise GitError(f"git: {first_line(said) or 'no answer'}; see to it and run again")
    if len(lines) > 6 or lines[-1]:
        raise GitError("a folder of this repository has a line break in its name; move the repository elsewhere")
    root, folder, common, shallow, head = lines[:5]
    if not ("GIT_DIR" in os.environ or "GIT_WORK_TREE" in os.environ or _is_git_of(root, folder)):
        raise GitError(
            f"the configuration in {folder} (core.worktree) says that the files of the repository are in {root}, "
            "which has another .git or none; set GIT_DIR and GIT_WORK_TREE if that is meant"
        )
    return Repository(root, folder, os.path.abspath(common), head != "HEAD", shallow == "true")


def _is_git_of(root: str, folder: str) -> bool:
    """Whether ``.git`` of a working tree is this folder, or a file that names it.

    A configuration may name any folder of the user as its working tree, and a fix would write there.
    """
    path = os.path.join(root, ".git")
    try:
        if os.path.isfile(path):
            with open(path, "rb") as file:
                named = file.read(1 << 16).removeprefix(b"gitdir:").strip()
            path = os.path.join(root, os.fsdecode(named))
        return os.path.samefile(path, folder)
    except (OSError, ValueError):
        return False


def own_filters(repository: Repository) -> tuple[str, ...]:
    """The filters that the repository's own configuration names: not those of the user or of the machine.

    Git is asked only where they could be: one is written as a section [filter], here or in a file that is included.
    """
    config = _bytes(os.path.join(repository.common, "config"))
    words = (config + _bytes(os.path.join(repository.folder, "config.worktree"))).lower()
    if b"filter" not in words and b"include" not in words:
        return ()
    call = Call("config", "--null", "--show-scope", "--name-only", "--get-regexp", r"^filter\.")
    code, out, said = call.answer()
    if code not in (0, 1):  # 1: there is none
        raise GitError(f"git: {first_line(said) or 'no answer'}; git 2.30 or later is needed")
    answers = os.fsdecode(out).split("\0")
    keys = [key for scope, key in zip(answers[::2], answers[1::2], strict=False) if scope in ("local", "worktree")]
    names = dict.fromkeys(key.removeprefix("filter.").rpartition(".")[0] for key in keys)
    for name in names:
        if "=" in name:  # git -c could not switch it off
            raise GitError(f"the repository's configuration has a filter named {name!r}; name it without =")
    return tuple(names)


def _bytes(path: str) -> bytes:
    """A file of git's folder; what cannot be read is left to git."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""
    except OSError:
        return b"include"


def _without(filters: Iterable[str]) -> list[str]:
    """Flags by which no command of these filters is run; files that go through them are taken as they lie there."""
    off = [f"filter.{name}.{key}" for name in filters for key in ("clean=", "process=", "required=false")]
    return [word for setting in off for word in ("-c", setting)]


def base_of(repository: Repository, asked: str | None, environ: Mapping[str, str]) -> Base:
    """What is compared with: ``asked``, else what pre-commit or CI name, else the parents of a merge, else HEAD.

    Raises GitError for a name that git would take for an option: --output=FILE writes over any file.
    """
    base = _base(repository, asked, environ)
    for name in base.commits:
        if name.startswith("-") or not name:
            raise GitError(f"base is {name!r}; name a commit, a branch or a tag")
    return base


def _base(repository: Repository, asked: str | None, environ: Mapping[str, str]) -> Base:
    if asked is not None:
        return Base((asked,), True, asked)
    if not repository.head:
        return Base((), False, "no commit yet")
    if named := environ.get("PRE_COMMIT_FROM_REF"):
        return Base((named,), True, f"what is pushed to ({named[:12]})")
    if heads := merge_heads(repository, environ):
        return Base(("HEAD", *heads), False, "the parents of the merge")
    if "PRE_COMMIT" not in environ and (named := _target_in_ci(environ)):
        return Base((named,), True, named)
    return Base(("HEAD",), False, "HEAD")


def _target_in_ci(environ: Mapping[str, str]) -> str | None:
    """The commit that a pull or merge request is to go onto. Under pre-commit HEAD stays the base: it says itself
    what a run is compared with."""
    if branch := environ.get("GITHUB_BASE_REF"):
        return f"origin/{branch}"
    return environ.get("CI_MERGE_REQUEST_DIFF_BASE_SHA") or None


def merge_heads(repository: Repository, environ: Mapping[str, str]) -> list[str]:
    """The commits that are being merged into HEAD; none where no merge is under way.

    MERGE_HEAD is not written yet when pre-merge-commit runs: there git names them in its environment.
    """
    try:
        with open(os.path.join(repository.folder, "MERGE_HEAD"), encoding="ascii") as file:
            return file.read(1 << 16).split()
    except (OSError, UnicodeDecodeError):
        pass
    if not environ.get("GIT_REFLOG_ACTION", "").startswith(("merge", "pull")):
        return []
    return sorted(name[8:] for name in environ if name.startswith("GITHEAD_") and _is_id(name[8:]))


def _is_id(text: str) -> bool:
    return len(text) in (40, 64) and not text.strip("0123456789abcdef")


def ask_difference(
    commit: str, meeting: bool, suffixes: Iterable[str], others: Sequence[str] = (), *, filters: Iterable[str]
) -> Call:
    """Ask for the lines of the working tree that ``commit`` lacks; ``changes.read_difference`` reads the answer.

    All files with one of the ``suffixes`` are looked at, not those of the run only: a file that was renamed is
    only seen as such beside its old name. ``others`` are further paths, from the root. ``filters`` are those of the
    repository (``own_filters``): to compare a file with a commit git would run them.
    """
    wanted = [f":(top,icase)*{suffix}" for suffix in suffixes] + [f":(top,literal){path}" for path in others]
    return Call(
        *("-c", "core.quotePath=false", "-c", "diff.renames=true", "-c", f"diff.orderFile={os.devnull}"),
        *(*_without(filters), "diff", "--unified=0", "--inter-hunk-context=0"),
        *("--find-renames", "--text", "--no-color", "--no-ext-diff", "--no-textconv", "--no-relative"),
        *("--diff-algorithm=histogram", "--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules=all"),
        *(["--merge-base"] if meeting else []),
        *(commit, "--", *wanted),
    )


def difference_failed(repository: Repository, base: Base, said: str) -> GitError:
    """The one clear line for a base that git does not have."""
    if "not allowed" in said or "lazy fetch" in said or "promisor" in said:
        return GitError(f"{base.name}: not all of it is in this partial clone; {FULL_CLONE}")
    missing = "merge base" in said or "bad revision" in said or "unknown revision" in said or "bad object" in said
    if missing and repository.shallow:
        return GitError(f"{base.name}: not in this shallow clone; {FULL_HISTORY}")
    if missing:
        return GitError(
            f"{base.name}: git has no such commit, or HEAD has none in common with it; fetch it, or name another"
        )
    return GitError(f"git: {first_line(said)}; see to it and run again")


def ask_files(folders: Sequence[str], *, new: bool) -> Call:
    """Ask for the files below ``folders`` (as the caller named them; none: all of the repository).

    new  those that git does not know yet as well, unless they are ignored
    """
    flags = ["--others", "--exclude-standard"] if new else []
    places = [f":(literal){folder}" for folder in folders] or [":(top)"]
    return Call("ls-files", "-z", "--full-name", "--stage", "--cached", *flags, "--", *places)


def files_of(call: Call) -> list[Entry]:
    """The files in the order of their paths; one in conflict, which has three entries, once. Raises GitError."""
    found: dict[str, Entry] = {}
    for line in os.fsdecode(call.output()).split("\0"):
        entry = _entry(line)
        if entry is not None:
            found.setdefault(entry.path, entry)
    return sorted(found.values())


def _entry(line: str) -> Entry | None:
    """``100644 oid 0<tab>path``; of a file that git does not know the path alone."""
    head, tab, path = line.partition("\t")
    parts = head.split(" ")
    if tab and len(parts) == 3 and len(parts[0]) == 6 and parts[0].isdigit() and _is_id(parts[1]):
        return Entry(path, parts[0])
    return Entry(line, None) if line else None


def first_line(said: str) -> str:
    """Of several lines the first, without what git puts in front."""
    return said.split("\n", 1)[0].removeprefix("fatal: ").removeprefix("error: ")
