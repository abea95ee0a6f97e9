"""What the first bytes of a file say before the run begins, where its name says nothing."""

from __future__ import annotations

import os

from cleaner.errors import CleanerError
from cleaner.formats.compression import HEAD, Compression, DamagedError, Meter, by_magic, pieces
from cleaner.formats.files import AS_JSONL, Format, format_of, kind_of, not_an_article

_LOOKED_AT = 1 << 16


def by_content(path: str) -> Format:
    """The format of a dump or a Parquet file by its content, ``auto`` of all others and what cannot be read.

    Only these must be known early: they come out under another name, or are not read as a stream.
    """
    if not os.path.isfile(path) or (not_an_article(path) and ".xml" not in os.path.basename(path).lower()):
        return "auto"
    try:
        with open(path, "rb") as stream:
            head = stream.read(HEAD)
            compression: Compression = by_magic(head) or kind_of(path)[1]
            read = pieces(stream, compression, head, Meter(None))
            begin = b""
            while len(begin) < _LOOKED_AT and (piece := next(read, b"")):
                begin += piece
    except (OSError, DamagedError, CleanerError):
        return "auto"  # it is told when the file is read
    found = format_of(begin)
    return found if found in AS_JSONL or found == "parquet" else "auto"
