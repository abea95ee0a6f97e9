"""What the check of a content repository finds, as values. The hook starts here: little is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:  # types.py has dataclasses, which take longer to load than git takes to answer
    from cleaner.types import Difference

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""From the gravest down."""


class Region(NamedTuple):
    """A stretch of a file.

    path         relative to the root of the repository, parted by ``/``
    start, end   characters of the file, half-open
    line, column of its first character; last_line, last_column of the character behind its last one:
                 all from 1, columns in characters
    """

    path: str
    start: int
    end: int
    line: int
    column: int
    last_line: int
    last_column: int


class Finding(NamedTuple):
    """One thing to be looked at.

    rule         name of a rule (``phases.check.rules``); severity after settings
    here         what should be looked at, as a rule the later one of two; ``there`` its witness, if it has one
    more         further places that say the same, in reading order
    text, other  what stands in ``here`` and in ``there``
    message      one sentence, without the place
    words        in ``here``; similarity in [0, 1]; differences as in a removal log
    key          hexadecimal, of what it says and its rule, not of where it stands: for baselines and fingerprints
    cut          characters [start, end) of the file that a fix takes out; None where there is no fix
    safe         the fix is one of those that --fix makes; else --unsafe-fixes is needed
    """

    rule: str
    severity: Severity
    here: Region
    there: Region | None
    more: tuple[Region, ...]
    text: str
    other: str
    message: str
    words: int
    similarity: float
    differences: tuple[Difference, ...]
    key: str
    cut: tuple[int, int] | None = None
    safe: bool = False


class Note(NamedTuple):
    """Something to be told that is no finding (a file that was not read, findings that are hidden), and the way out."""

    path: str | None
    line: int | None
    text: str
    fix: str
