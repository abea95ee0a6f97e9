"""Which lines a base did not have, read from what ``git diff --unified=0`` writes."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

Lines = list[tuple[int, int]]
"""Stretches of lines of the file as it is now, from first to last, both counted from 1 and included; in order."""

WHOLE: Lines = [(1, 1 << 60)]

# Compiled where a difference has such lines: most runs see none, and re.compile takes a millisecond.
_HUNK = rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@"
_ESCAPE = rb'\\([0-7]{3}|[abtnvfr"\\])'
_LETTERS = {b"a": 7, b"b": 8, b"t": 9, b"n": 10, b"v": 11, b"f": 12, b"r": 13, b'"': 34, b"\\": 92}

Added = dict[str, Lines]
"""What one base lacks, by path from the root: of every file that is not as the base has it (deleted ones aside)."""


def read_difference(diff: bytes) -> Added:
    """The added lines of each file. Lines of a file are skipped by their number, since they could look like heads."""
    added: Added = {}
    lines = diff.split(b"\n")
    at, stretches = 0, WHOLE[:0]
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.startswith(b"+++ "):
            stretches = []
            path = _path(line[4:])
            if path is not None:
                added[path] = stretches
        elif line.startswith(b"rename to "):  # without a +++ where nothing else changed
            added.setdefault(os.fsdecode(_unquoted(line[10:])), [])
        elif line.startswith(b"@@ ") and (hunk := re.match(_HUNK, line)):
            old, first, new = (1 if group is None else int(group) for group in hunk.groups())
            if new:
                stretches.append((first, first + new - 1))
            at += old + new
    return added


def _path(name: bytes) -> str | None:
    """``b/path`` as git writes it behind ``+++``; None for /dev/null."""
    name = _unquoted(name.removesuffix(b"\t"))
    return os.fsdecode(name[2:]) if name.startswith(b"b/") else None


def _unquoted(name: bytes) -> bytes:
    """A path without the quotes that C would ask for."""
    if not (name.startswith(b'"') and name.endswith(b'"')):
        return name
    return re.sub(_ESCAPE, lambda m: bytes([_LETTERS[m[1]] if m[1] in _LETTERS else int(m[1], 8) & 255]), name[1:-1])


def in_all(bases: Sequence[Added], path: str) -> Lines:
    """The lines of ``path`` that none of the bases has (in a merge: neither parent). Without a base all are new."""
    if not bases:
        return WHOLE
    lines = bases[0].get(path, [])
    for other in bases[1:]:
        lines = common(lines, other.get(path, []))
    return lines


def common(some: Lines, others: Lines) -> Lines:
    """The lines in both."""
    found: Lines = []
    i = j = 0
    while i < len(some) and j < len(others):
        (a, b), (c, d) = some[i], others[j]
        if max(a, c) <= min(b, d):
            found.append((max(a, c), min(b, d)))
        if b < d:
            i += 1
        else:
            j += 1
    return found
