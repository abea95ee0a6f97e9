"""What a run of the check is asked for, and what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleaner.check.files import Workplace
from cleaner.check.settings import CheckSettings
from cleaner.findings import Finding, Note

if TYPE_CHECKING:
    from cleaner.check.fix import Change


class CheckJob(NamedTuple):
    """What a caller wants.

    named  files and folders, as the caller named them; none: the current folder
    new    count only what is new since the base (``settings.base``, or what ``git.base_of`` finds)
    hook   files that git does not know yet are no part of a folder
    cuts   work out the texts that fixes would leave: none, with the safe ones, or with all
    cache  keep what is found for a check across files
    """

    where: Workplace
    settings: CheckSettings
    named: tuple[str, ...] = ()
    new: bool = False
    hook: bool = False
    cuts: str = "none"
    cache: bool = True


class CheckResult(NamedTuple):
    """What a run found.

    findings  those that count, in reading order; ``every`` of them before --new and the baseline
    notes     in the order in which they came up
    files     that were read
    hidden, ignored, baselined  findings that do not count
    texts     of the files that have findings
    changes   what the fixes would make of files
    failed    something could not be done; a note says what
    """

    findings: list[Finding]
    every: list[Finding]
    notes: list[Note]
    files: int
    hidden: int
    ignored: int
    baselined: int
    texts: dict[str, str]
    changes: list[Change]
    failed: bool
