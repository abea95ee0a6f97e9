"""An input and what its name and first bytes say: its format, its compression, the kind of archive."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

from cleaner.formats.compression import Compression

Format = Literal[
    "auto", "plain", "markdown", "html", "jsonl", "json", "csv", "tsv", "parquet", "wet", "warc", "mediawiki"
]
RECORDS: frozenset[Format] = frozenset({"jsonl", "json", "csv", "tsv", "parquet", "wet", "warc", "mediawiki"})
"""Formats that hold many articles; the others hold one a file."""
AS_JSONL: frozenset[Format] = frozenset({"wet", "warc", "mediawiki"})
"""Those of them whose articles come out as JSONL, since they cannot be written again."""
JSONL_FIELDS = ("text", "id")
"""Names of text and id in these lines, whatever they are in the other inputs of a run."""

LOG_FOLDER = "_cleaner"
FORMATS: dict[str, Format] = {
    ".txt": "plain",
    ".text": "plain",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".warc": "warc",
    ".wet": "wet",
}
# Text, but not articles: repeated lines are right in them. Cleaned only when --format says so.
NOT_ARTICLES = frozenset({
    ".c", ".cc", ".cfg", ".cpp", ".cs", ".css", ".go", ".h", ".ini", ".ipynb", ".java",
    ".js", ".jsx", ".lock", ".lua", ".php", ".pl", ".po", ".ps1", ".py", ".r", ".rb", ".rs", ".sass",
    ".scss", ".sh", ".sql", ".srt", ".svg", ".swift", ".tex", ".toml", ".ts", ".tsx", ".vtt", ".xml", ".yaml",
    ".yml",
})  # fmt: skip
SUBTITLES = (".srt", ".vtt")
_COMPRESSIONS: dict[str, Compression] = {".gz": "gz", ".bz2": "bz2", ".xz": "xz", ".zst": "zst"}
Archive = Literal["", "tar", "zip"]
_ARCHIVES: dict[str, Archive] = {".tar": "tar", ".zip": "zip"}
_SHORT: dict[str, Compression] = {".tgz": "gz", ".tbz2": "bz2", ".tbz": "bz2", ".txz": "xz", ".tzst": "zst"}


@dataclass(frozen=True, slots=True)
class Member:
    """The place of a source in an archive, the ``number``-th content there, from 0.

    ``archive`` is the name of the output. ``before`` are the bytes between the member that was cleaned
    before it and its own ``header``; both are only kept for kinds that are read as a stream.
    """

    archive: str
    number: int
    before: bytes = b""
    header: bytes = b""


@dataclass(frozen=True, slots=True)
class Source:
    """An input. ``path`` is None for standard input; ``name`` its output's path below OUT, with slashes.

    ``archive`` is the kind of archive it is. One that is a ``member`` of an archive has the path that it
    would have in a folder of the archive's name, where nothing can be opened.
    """

    path: str | None
    name: str
    format: Format = "auto"
    compression: Compression = ""
    archive: Archive = ""
    member: Member | None = None

    @property
    def shown(self) -> str:
        """How problems name it."""
        return self.path if self.path is not None else "standard input"

    @property
    def once(self) -> bool:
        """Whether it can be read only once: standard input, a pipe, a device."""
        return self.path is None or (os.path.exists(self.path) and not os.path.isfile(self.path))


def kind_of(name: str) -> tuple[Format, Compression]:
    """Format and compression by name; the format is that of members where it is an archive."""
    path = PurePath(name.lower())
    compression = _COMPRESSIONS.get(path.suffix, "")
    if path.suffix in _SHORT:
        return "auto", _SHORT[path.suffix]
    if compression:
        path = path.with_suffix("")
    return FORMATS.get(path.suffix, "auto"), compression


def archive_of(name: str) -> Archive:
    """The kind of archive by name."""
    path = PurePath(name.lower())
    if path.suffix in _SHORT:
        return "tar"
    kind = _ARCHIVES.get((path.with_suffix("") if path.suffix in _COMPRESSIONS else path).suffix, "")
    return "" if kind == "zip" and path.suffix != ".zip" else kind


def is_tar(head: bytes) -> bool:
    """Whether a file begins as a tar archive does; the oldest ones have no sign but their name."""
    if head[257:262] != b"ustar":
        return False
    from cleaner.formats.tar import BLOCK, is_header

    return is_header(head[:BLOCK])


def not_an_article(name: str) -> bool:
    """Source code and data by their suffix."""
    return _suffix(name) in NOT_ARTICLES


def is_subtitles(name: str) -> bool:
    return _suffix(name) in SUBTITLES


def _suffix(name: str) -> str:
    """The suffix before that of a compression."""
    path = PurePath(name.lower())
    return (path.with_suffix("") if path.suffix in _COMPRESSIONS else path).suffix


def output_name(name: str, format: Format) -> str:
    """The name of the output: ``x.warc.wet.gz`` comes out as ``x.warc.wet.jsonl.gz``, compressed as it was."""
    if format not in AS_JSONL or kind_of(name)[0] == "jsonl":
        return name
    suffix = PurePath(name).suffix
    return f"{name.removesuffix(suffix)}.jsonl{suffix}" if suffix.lower() in _COMPRESSIONS else f"{name}.jsonl"


def format_of(head: bytes) -> Format:
    """Format by content: JSON where an array of objects begins, JSONL where the first line is one, HTML by its tag.

    Plain text else.
    """
    import json
    import re

    line = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if line.startswith(b"PAR1"):
        return "parquet"
    if re.match(rb"WARC/[01]\.\d", line):
        return "wet" if b"\nWARC-Type: conversion" in line else "warc"
    if re.match(rb"(?:<\?xml\b[^>]{0,200}>\s*)?(?:<!--[^>]{0,2000}-->\s*)?<mediawiki[\s>]", line):
        return "mediawiki"
    if re.match(rb'\[\s*\{\s*["}]', line):
        return "json"
    if not line.startswith(b"{"):
        page = rb"(?:<\?xml[^>]*+>\s*+|<!--(?>.*?-->)\s*+)*+<(?:!doctype\s+html|html[\s>])"
        return "html" if re.match(page, line, re.IGNORECASE | re.DOTALL) else "plain"
    first, end, _ = line.partition(b"\n")
    if not end:  # one long line: what stands behind the brace must do
        return "jsonl" if first[1:].lstrip()[:1] == b'"' else "plain"
    try:
        return "jsonl" if isinstance(json.loads(first), dict) else "plain"
    except (ValueError, RecursionError):
        return "plain"
