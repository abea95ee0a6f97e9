"""What is reported of a check, as a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from cleaner.findings import Finding, Note


class Findings(NamedTuple):
    """A run of the check.

    findings   in the order in which they are to be read
    files      that were read
    hidden     older findings, which ``--new`` leaves out
    ignored    by comments and settings
    baselined  known from the baseline file
    root       absolute path of the folder that all paths are relative to
    version    of this package
    texts      of files by path, as they were read; SARIF and rdjson count columns in units of their own, and without
               the text of a file they say so (SARIF: characters) or give lines only (rdjson)
    """

    findings: Sequence[Finding]
    notes: Sequence[Note]
    files: int
    hidden: int
    ignored: int
    baselined: int
    root: str
    version: str
    texts: Mapping[str, str] = MappingProxyType({})
