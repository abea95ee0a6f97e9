"""Which files are read, in which order, as what, and where their outputs go."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Literal

from cleaner.errors import SettingsError
from cleaner.formats.compression import Compression

Format = Literal[
    "auto", "plain", "markdown", "html", "jsonl", "json", "csv", "tsv", "parquet", "wet", "warc", "mediawiki"
]
RECORDS: frozenset[Format] = frozenset({"jsonl", "json", "csv", "tsv", "parquet", "wet", "warc", "mediawiki"})
"""Formats that hold many articles; the others hold one a file."""

LOG_FOLDER = "_cleaner"
FORMATS: dict[str, Format] = {
    ".txt": "plain",
    ".text": "plain",
    ".md": "markdown",
    ".markdown": "markdown",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
# Text, but not articles: repeated lines are right in them. Cleaned only when --format says so.
NOT_ARTICLES = frozenset({
    ".c", ".cc", ".cfg", ".cpp", ".cs", ".css", ".csv", ".go", ".h", ".htm", ".html", ".ini", ".ipynb", ".java",
    ".js", ".json", ".jsx", ".lock", ".lua", ".php", ".pl", ".po", ".ps1", ".py", ".r", ".rb", ".rs", ".sass",
    ".scss", ".sh", ".sql", ".srt", ".svg", ".swift", ".tex", ".toml", ".ts", ".tsv", ".tsx", ".vtt", ".xml", ".yaml",
    ".yml",
})  # fmt: skip
_COMPRESSIONS: dict[str, Compression] = {".gz": "gz", ".zst": "zst"}


@dataclass(frozen=True, slots=True)
class Source:
    """An input. ``path`` is None for standard input; ``name`` its output's path below OUT, with slashes."""

    path: str | None
    name: str
    format: Format = "auto"
    compression: Compression = ""

    @property
    def shown(self) -> str:
        """How problems name it."""
        return self.path if self.path is not None else "standard input"


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
    """Every file that ``inputs`` (files, folders, ``-``) stand for.

    ``base`` is given when files are cleaned in place: names are then relative to it. ``as_given``: no
    output and no log gets a name, and the names are the paths as given. Raises SettingsError where two
    inputs would write one output, or an output its own input.
    """
    found, seen = Inputs(), dict[str, str]()
    for given in inputs:
        for path, name in _expand(given, out, format, found):
            real = given if path is None else os.path.realpath(path)
            if real in seen:
                found.notes.append(f"{path or given}: given twice (as {seen[real]} before), done once")
                continue
            seen[real] = path or given
            if base is not None and path is not None:
                name = _in_place_name(real, base)
            if as_given and path is not None:
                name = path
            found.sources.append(_source(path, name, format))
    if not as_given:
        _check_names(found.sources)
    if out is not None and base is None:
        _check_outputs(found.sources, out, seen)
    return found


def kind_of(name: str) -> tuple[Format, Compression]:
    """Format and compression by name."""
    path = PurePath(name.lower())
    compression = _COMPRESSIONS.get(path.suffix, "")
    if compression:
        path = path.with_suffix("")
    return FORMATS.get(path.suffix, "auto"), compression


def not_an_article(name: str) -> bool:
    """Source code and data by their suffix."""
    path = PurePath(name.lower())
    return (path.with_suffix("") if path.suffix in _COMPRESSIONS else path).suffix in NOT_ARTICLES


def format_of(head: bytes) -> Format:
    """Format by content: JSONL where the first line is an object, plain text else."""
    import json

    line = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not line.startswith(b"{"):
        return "plain"
    first, end, _ = line.partition(b"\n")
    if not end:  # one long line: what stands behind the brace must do
        return "jsonl" if first[1:].lstrip()[:1] == b'"' else "plain"
    try:
        return "jsonl" if isinstance(json.loads(first), dict) else "plain"
    except (ValueError, RecursionError):
        return "plain"


def _source(path: str | None, name: str, format: Format) -> Source:
    by_name, compression = kind_of(name)
    return Source(path, name, by_name if format == "auto" else format, compression)


def _expand(given: str, out: Path | None, format: Format, found: Inputs) -> Iterator[tuple[str | None, str]]:
    if given == "-":
        yield None, "stdin" + next((suffix for suffix, known in FORMATS.items() if known == format), "")
    elif os.path.isdir(given):
        if out is not None and os.path.realpath(given) == os.path.realpath(out):
            raise SettingsError(f"{given} is input and output; give another folder with -o, or --in-place")
        yield from _walk(given, out, found)
    elif os.path.exists(given):
        yield given, os.path.basename(given)
    else:
        found.missing.append(given)


def _walk(root: str, out: Path | None, found: Inputs) -> Iterator[tuple[str, str]]:
    """Files below ``root`` sorted by path; what is left out is said once a kind."""
    skipped: dict[str, list[str]] = {}
    out_real = os.path.realpath(out) if out is not None else None
    files: list[tuple[str, str]] = []

    def failed(error: OSError) -> None:
        skipped.setdefault(f"folders that cannot be read ({error.strerror})", []).append(str(error.filename))

    for folder, names, leaves in os.walk(root, onerror=failed):
        kept = []
        for name in names:
            reason = _folder_reason(os.path.join(folder, name), name, out_real)
            if reason:
                skipped.setdefault(reason, []).append(os.path.join(folder, name))
            else:
                kept.append(name)
        names[:] = kept
        for leaf in leaves:
            path = os.path.join(folder, leaf)
            reason = "hidden files" if leaf.startswith(".") else "" if os.path.isfile(path) else "not files"
            if reason:
                skipped.setdefault(reason, []).append(path)
            else:
                files.append((path, os.path.relpath(path, root).replace(os.sep, "/")))
    found.notes += [f"{root}: left out {reason}: {_some(paths)}" for reason, paths in sorted(skipped.items())]
    if not files:
        found.notes.append(f"{root}: no files in this folder")
    yield from sorted(files, key=lambda each: each[1].split("/"))


def _folder_reason(path: str, name: str, out_real: str | None) -> str:
    if out_real is not None and os.path.realpath(path) == out_real:
        return "the output folder"
    if os.path.islink(path):
        return "linked folders"
    if name == LOG_FOLDER:
        return "the log of an earlier run"
    return "hidden folders" if name.startswith(".") else ""


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
