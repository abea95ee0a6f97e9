"""Which files inputs stand for (files, folders, patterns), in which order; what is left out is said."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cleaner.errors import SettingsError
from cleaner.formats.files import AS_JSONL, FORMATS, LOG_FOLDER, Format, Source, archive_of, kind_of, output_name
from cleaner.formats.patterns import fixed_part, is_pattern, matches
from cleaner.formats.peeking import by_content
from cleaner.formats.remote import find_remote, is_remote, refuse_output


@dataclass(slots=True)
class Inputs:
    """``sources`` in reading order; ``notes`` say what was left out; ``missing`` were not there.

    ``encodings`` are those an earlier run has recorded, by path.
    """

    sources: list[Source] = field(default_factory=list)
    encodings: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def find_inputs(
    inputs: Sequence[str],
    out: Path | None,
    format: Format = "auto",
    base: Path | None = None,
    *,
    as_given: bool = False,
) -> Inputs:
    """Every file that ``inputs`` (files, folders, patterns, addresses, ``-``) stand for.

    ``base`` is given when files are cleaned in place: names are then relative to it. ``as_given``: no
    output and no log gets a name, and the names are the paths as given. Raises SettingsError where two
    inputs would write one output, or an output its own input.
    """
    if out is not None:
        refuse_output(out)
    found, seen = Inputs(), dict[str, str]()
    finder = _Finder(out, found, in_place=base is not None)
    for given in inputs:
        for path, name in finder.expand(given, format):
            real = given if path is None else path if is_remote(path) else os.path.realpath(path)
            if real in seen:
                found.notes.append(f"{path or given}: given twice (as {seen[real]} before), done once")
                continue
            seen[real] = path or given
            if base is not None and path is not None:
                name = _in_place_name(real, base)
            if as_given and path is not None:
                name = path
            source = _source(path, name, format)
            if base is not None and source.format in AS_JSONL:
                found.notes.append(_not_in_place(source, given))
                continue
            found.sources.append(source if as_given else replace(source, name=output_name(name, source.format)))
    if not as_given:
        _check_names(found.sources)
    if out is not None and base is None:
        _check_outputs(found.sources, out, seen)
    return found


def why_missing(given: str) -> tuple[str, str]:
    """What is wrong with an input that is not there, and what to do."""
    if os.path.islink(given):
        return "a link that leads nowhere", "correct the link, or leave it out"
    if is_pattern(given):
        return "no file has this name, and none fits the pattern", "correct it, or leave it out"
    return "no such file or folder", "correct the path"


def _source(path: str | None, name: str, format: Format) -> Source:
    by_name, compression = kind_of(name)
    if path is not None and format == by_name == "auto" and not archive_of(name):
        by_name = by_content(path)
    return Source(path, name, by_name if format == "auto" else format, compression, archive_of(name))


def _not_in_place(source: Source, given: str) -> str:
    """Why a dump is left out. Raises SettingsError where it was given by its own name."""
    problem = "comes out as JSONL, which cannot stand in its place; give a folder with -o instead"
    if source.path == given:
        raise SettingsError(f"{given}: {problem}")
    return f"{source.shown}: left out: it {problem}"


class _Left:
    """What is left out of one folder or pattern: paths by their reason."""

    def __init__(self, given: str) -> None:
        self.given, self.paths = given, dict[str, list[str]]()

    def takes(self, path: str, reason: str) -> bool:
        """Whether ``path`` has no reason to be left out."""
        if reason:
            self.paths.setdefault(reason, []).append(path)
        return not reason

    def notes(self) -> list[str]:
        return [f"{self.given}: left out {reason}: {_some(paths)}" for reason, paths in sorted(self.paths.items())]


class _Finder:
    def __init__(self, out: Path | None, found: Inputs, *, in_place: bool) -> None:
        self.out = os.path.realpath(out) if out is not None else None
        self.found, self.in_place = found, in_place

    def expand(self, given: str, format: Format) -> Iterator[tuple[str | None, str]]:
        """Path (None for standard input) and name below the output folder of each file."""
        if given == "-":
            yield None, "stdin" + next((suffix for suffix, known in FORMATS.items() if known == format), "")
        elif is_remote(given):
            yield from self._remote(given)
        elif os.path.isdir(given):
            if os.path.realpath(given) == self.out:
                raise SettingsError(f"{given} is input and output; give another folder with -o, or --in-place")
            yield from self._folder(given)
        elif os.path.exists(given):
            if self.in_place:
                _check_in_place(given)
            yield given, os.path.basename(given)
        elif is_pattern(given):
            yield from self._pattern(given)
        else:
            self.found.missing.append(given)

    def _remote(self, given: str) -> Iterator[tuple[str, str]]:
        if self.in_place:
            raise SettingsError(f"{given}: has no place here to be cleaned in; give a folder with -o instead")
        try:
            found = find_remote(given)
        except OSError as error:
            raise SettingsError(f"{given}: cannot be looked into ({error}); correct the address") from None
        if not found:
            self.found.missing.append(given)
        yield from found

    def _folder(self, root: str) -> Iterator[tuple[str, str]]:
        """Files below ``root`` sorted by path."""
        left = _Left(root)
        files = _sorted(self._walk(root, left), root)
        self.found.notes += left.notes()
        if not files:
            self.found.notes.append(f"{root}: no files in this folder")
        yield from files

    def _pattern(self, given: str) -> Iterator[tuple[str, str]]:
        """Files that fit, and all below folders that do, sorted by path; named from the fixed part on."""
        left, paths = _Left(given), dict[str, None]()
        for path in matches(given, lambda folder: left.takes(folder, self._reason_of_folder(folder))):
            if not os.path.isdir(path):
                paths |= dict.fromkeys([path] if left.takes(path, self._reason_of_file(path)) else [])
            elif left.takes(path, self._reason_of_folder(path)):
                paths |= dict.fromkeys(self._walk(path, left))
        self.found.notes += left.notes()
        if not paths:
            self.found.missing.append(given)
        yield from _sorted(paths, fixed_part(given) or ".")

    def _walk(self, root: str, left: _Left) -> Iterator[str]:
        def failed(error: OSError) -> None:
            left.takes(str(error.filename), f"folders that cannot be read ({error.strerror})")

        for folder, names, leaves in os.walk(root, onerror=failed):
            names[:] = [name for name in names if self._enters(os.path.join(folder, name), left)]
            for path in (os.path.join(folder, leaf) for leaf in leaves):
                reason = "hidden files" if _is_hidden(path) else self._reason_of_file(path, root)
                if left.takes(path, reason):
                    yield path

    def _enters(self, path: str, left: _Left) -> bool:
        reason = self._reason_of_folder(path) or ("hidden folders" if _is_hidden(path) else "")
        return left.takes(path, reason)

    def _reason_of_folder(self, path: str) -> str:
        if os.path.realpath(path) == self.out:
            return "the output folder"
        if os.path.islink(path):
            return "linked folders"
        return "the log of an earlier run" if os.path.basename(path) == LOG_FOLDER else ""

    def _reason_of_file(self, path: str, root: str | None = None) -> str:
        """Why a file that was found is left out; ``root`` is the folder that was given, if it was one."""
        if not os.path.isfile(path):  # a pipe would wait for a writer
            return "not files" if os.path.exists(path) else "links that lead nowhere"
        if root is not None and os.path.islink(path) and not _is_below(path, root):
            return "links that lead out of the folder"
        return "archives, which are not cleaned in place" if self.in_place and archive_of(path) else ""


def _check_in_place(given: str) -> None:
    if archive_of(given):
        raise SettingsError(f"{given}: archives are not cleaned in place; give a folder with -o instead")
    if not os.path.isfile(given):
        raise SettingsError(f"{given}: a pipe or device has no place to be cleaned in; leave out --in-place")


def _is_below(path: str, root: str) -> bool:
    real, base = os.path.realpath(path), os.path.realpath(root)
    return real.startswith(base.rstrip(os.sep) + os.sep)


def _is_hidden(path: str) -> bool:
    return os.path.basename(path).startswith(".")


def _sorted(paths: Iterable[str], root: str) -> list[tuple[str, str]]:
    named = [(path, os.path.relpath(path, root).replace(os.sep, "/")) for path in paths]
    return sorted(named, key=lambda each: each[1].split("/"))


def _some(paths: list[str]) -> str:
    paths = sorted(paths)
    return ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")


def _in_place_name(real: str, base: Path) -> str:
    path = Path(real)
    root = Path(os.path.realpath(base))
    parts = path.relative_to(root).parts if path.is_relative_to(root) else path.parts[1:]
    return "/".join(parts)


def _check_names(sources: list[Source]) -> None:
    names: dict[str, Source] = {}
    for source in sources:
        if source.name in names:
            other = names[source.name].shown
            raise SettingsError(
                f"{other} and {source.shown} would both be written to {source.name}; "
                "clean them in two runs, or give the folder that holds both"
            )
        names[source.name] = source
    for source in sources:
        parts = source.name.split("/")
        if parts[0] == LOG_FOLDER:
            raise SettingsError(f"{source.shown}: {LOG_FOLDER} is where the log goes; rename it")
        for depth in range(1, len(parts)):
            if (file := names.get("/".join(parts[:depth]))) is not None:
                raise SettingsError(
                    f"{file.shown} would be a file, and a folder for {source.shown} ({file.name}); clean them apart"
                )


def _check_outputs(sources: list[Source], out: Path, seen: dict[str, str]) -> None:
    root = os.path.realpath(out)
    for source in sources:
        target = os.path.realpath(os.path.join(root, *source.name.split("/")))
        if target in seen:
            raise SettingsError(
                f"{source.shown} would be written over the input {seen[target]}; "
                "give another folder with -o, or --in-place"
            )
