"""From what a caller named to files: those that git knows, of formats that are read, inside the tree."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from cleaner.findings import Note
from cleaner.repository import git
from cleaner.text.pages.block import PageFormat

SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "venv"})
"""Beside hidden ones, where no git says which files are somebody's own."""
NAMED = 3
"""Paths that a note on several names."""


class Workplace(NamedTuple):
    """Where a run happens.

    root        absolute; all paths in reports are relative to it
    repository  None where there is none, or no git: then ``why`` says so
    """

    root: str
    repository: git.Repository | None
    why: str


class Place(NamedTuple):
    """A file to be read: as it is reported, where it lies (absolute), and its format."""

    path: str
    place: str
    format: PageFormat


class Chosen(NamedTuple):
    """Files in the order of their paths, each once; what is to be told; whether something named is not there."""

    places: list[Place]
    notes: list[Note]
    failed: bool


def workplace(call: git.Call | None) -> Workplace:
    """The repository around the current folder; without one the current folder itself. Raises GitError."""
    try:
        if call is None:
            call = git.ask_repository()
        repository = git.repository_of(call)
    except git.NoRepository as error:
        return Workplace(os.path.realpath("."), None, str(error))
    return Workplace(repository.root, repository, "")


def choose(
    named: Sequence[str], where: Workplace, formats: Mapping[str, PageFormat], exclude: Sequence[str], *, new: bool
) -> Chosen:
    """The files to check of those ``named``; of the current folder where none is.

    new  files below a folder that git does not know yet are taken as well
    """
    choice = _Choice(where, formats, exclude)
    folders = [] if named else ["."]
    for name in named:
        if not choice.file(name):
            folders.append(name)
    for folder in folders:
        choice.folder(folder, new=new)
    return choice.chosen()


def universe(where: Workplace, formats: Mapping[str, PageFormat], exclude: Sequence[str], *, new: bool) -> list[Place]:
    """Every file of the repository that could be checked."""
    choice = _Choice(where, formats, exclude)
    if where.repository is None:
        choice.folder(where.root, new=new)
    else:
        choice.entries(git.files_of(git.ask_files((), new=new)))
    return choice.chosen().places


class _Choice:
    """Files as they are found, and what is said of others."""

    def __init__(self, where: Workplace, formats: Mapping[str, PageFormat], exclude: Sequence[str]) -> None:
        self._where, self._formats = where, formats
        self._exclude = exclude
        self._found: dict[str, Place] = {}
        self._unread: Counter[str] = Counter()
        self._links: list[str] = []
        self._modules: list[str] = []
        self._notes: list[Note] = []
        self._inside: dict[str, bool] = {}
        self._out: dict[str, bool] = {}
        self._real: dict[str, str] = {}
        self._failed = False

    def file(self, name: str) -> bool:
        """A file that was named; what it is is said where it is not read. False where it is a folder."""
        try:
            mode = os.lstat(name).st_mode
        except OSError as error:
            self._failed = True
            text = "no such file" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
            self._notes.append(Note(self._located(name)[1], None, text, "name a file or a folder that is there"))
            return True
        if stat.S_ISDIR(mode):
            return False
        place, path = self._located(name)
        if stat.S_ISLNK(mode) or self._leads_out(name, path):
            self._links.append(name)
        else:
            self._take(path, place, told=True)
        return True

    def folder(self, name: str, *, new: bool) -> None:
        """All below a folder: what git knows, or where it knows nothing, what lies there."""
        place, path = self._located(name)
        if self._leads_out(name, path):
            self._links.append(name)
        elif self._where.repository is None or os.path.isabs(path):
            self._walk(place)
        else:
            self.entries(git.files_of(git.ask_files([name], new=new)))

    def entries(self, entries: Iterable[git.Entry]) -> None:
        """Files as the index has them. One that is gone in the working tree is passed by: there is nothing to read."""
        root = self._where.root
        for path, mode in entries:
            place = f"{root}/{path}"
            if mode == git.LINK:
                self._link(path)
            elif mode == git.SUBMODULE:
                self._modules.append(path)
            elif self._format(path) and os.path.lexists(place) and self._is_inside(path, place):
                self._take(path, place, told=False)

    def chosen(self) -> Chosen:
        notes = self._notes
        if self._links:
            notes.append(_of_several(self._links, "symbolic link is not followed", "symbolic links are not followed",
                                     "its target is checked where it lies, if it lies in the repository"))  # fmt: skip
        if self._modules:
            notes.append(_of_several(self._modules, "submodule is not checked", "submodules are not checked",
                                     "run cleaner check inside it"))  # fmt: skip
        if self._unread:
            kinds = ", ".join(sorted(self._unread))
            what = "1 file is" if self._unread.total() == 1 else f"{self._unread.total():,} files are"
            fix = f'known are {" ".join(sorted(self._formats))}; settings: formats = {{ ".suffix" = "markdown" }}'
            notes.append(Note(None, None, f"{what} of no known format and not checked ({kinds})", fix))
        return Chosen([self._found[path] for path in sorted(self._found)], notes, self._failed)

    def _take(self, path: str, place: str, *, told: bool) -> None:
        if self._exclude and self._excluded(path):
            return
        format = self._format(path)
        if format is not None:
            self._found.setdefault(path, Place(path, place, format))
        elif told:
            self._unread[os.path.splitext(path)[1].lower() or os.path.basename(path)] += 1

    def _link(self, path: str) -> None:
        if self._format(path) and not (self._exclude and self._excluded(path)):
            self._links.append(path)

    def _format(self, path: str) -> PageFormat | None:
        return self._formats.get(path[path.rfind(".") :].lower())

    def _excluded(self, path: str) -> bool:
        """Whether a pattern fits the path, or a folder above it."""
        from cleaner.phases.check.paths import any_fits

        known = self._out.get(path)
        if known is None:
            above = os.path.dirname(path)
            known = self._out[path] = any_fits(path, self._exclude) or bool(
                above not in ("", path) and self._excluded(above)
            )
        return known

    def _located(self, name: str) -> tuple[str, str]:
        """Where a file lies, its folder's symbolic links followed; its path from the root, outside of it absolute."""
        folder, base = os.path.split(os.path.abspath(name))
        real = self._real.get(folder)
        if real is None:
            real = self._real[folder] = os.path.realpath(folder)
        place = os.path.join(real, base).replace(os.sep, "/")
        root = self._where.root
        if place == root:
            return place, ""
        inside = place.startswith(root.rstrip("/") + "/")
        return place, place[len(root.rstrip("/")) + 1 :] if inside else place

    def _leads_out(self, name: str, path: str) -> bool:
        """Whether a name in the tree leads out of it, through a folder that is a link."""
        return os.path.isabs(path) and os.path.abspath(name).startswith(self._where.root.rstrip("/") + "/")

    def _is_inside(self, path: str, place: str) -> bool:
        """Whether no folder above a file of the index has become a link that leads elsewhere."""
        folder = os.path.dirname(place)
        known = self._inside.get(folder)
        if known is None:
            known = self._inside[folder] = os.path.realpath(folder) == folder
            if not known:
                self._links.append(os.path.dirname(path))
        return known

    def _walk(self, top: str) -> None:
        """Without git: regular files below ``top``, hidden folders and those of installed packages left out."""
        for folder, names, files in os.walk(top):
            names[:] = [name for name in names if name[0] != "." and name not in SKIPPED_FOLDERS]
            for name in files:
                place, path = self._located(os.path.join(folder, name))
                if os.path.islink(place):
                    self._link(path)
                else:
                    self._take(path, place, told=False)


def _of_several(paths: list[str], one: str, many: str, fix: str) -> Note:
    if len(paths) == 1:
        return Note(paths[0], None, f"1 {one}", fix)
    more = ", ..." if len(paths) > NAMED else ""
    return Note(None, None, f"{len(paths):,} {many} ({', '.join(paths[:NAMED])}{more})", fix)
