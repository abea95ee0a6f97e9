"""The dump as shards: where it is, and how it is cut into .jsonl.gz files that every contender reads."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared"))
DUMP = SHARED / "data" / "dump.jsonl.zst"
MISSING = f"skipped: no {DUMP.name}; give the folder with data as CLEANER_SHARED"
LEVEL = 2  # of gzip, as cleaner writes
SHARDS = 4


class Shards(NamedTuple):
    """lines and words are estimates from the bytes, for contenders that must know how much will come."""

    files: list[Path]
    size: int  # bytes of all records
    lines: int
    words: int


def cut(folder: Path, number: int = SHARDS) -> Shards:
    """The dump in ``number`` files of about equal size, records in their order: ``folder/part-0.jsonl.gz`` ..."""
    folder.mkdir(parents=True, exist_ok=True)
    records = read_lines()
    size = sum(map(len, records))
    files = [folder / f"part-{at}.jsonl.gz" for at in range(number)]
    for file, part in zip(files, parts(records, number), strict=True):
        write_lines(file, part)
    whole = b"".join(records)
    return Shards(files, size, len(records) + whole.count(b"\\n"), whole.count(b" "))


def read_lines(dump: Path = DUMP) -> list[bytes]:
    """The records of a dump in .jsonl.zst as they stand, each with its line end."""
    import zstandard

    with dump.open("rb") as raw, zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True) as stream:
        return stream.read().splitlines(keepends=True)


def parts(records: list[bytes], number: int) -> list[list[bytes]]:
    """``number`` lists of about as many bytes each; every record in one of them, in order."""
    total, before = sum(map(len, records)), 0
    found: list[list[bytes]] = [[] for _ in range(number)]
    for record in records:
        found[before * number // total].append(record)
        before += len(record)
    return found


def write_lines(file: Path, lines: Iterable[bytes]) -> None:
    from isal import igzip

    with igzip.open(file, "wb", compresslevel=LEVEL) as out:
        for line in lines:
            out.write(line)


def records_of(files: Iterable[Path]) -> Iterator[dict[str, Any]]:
    import orjson
    from isal import igzip

    for file in files:
        with igzip.open(file, "rb") as lines:
            yield from map(orjson.loads, lines)
