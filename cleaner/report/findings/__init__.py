"""What a check has found, written for people, editors and services. A writer is imported when it is used."""

from __future__ import annotations

from typing import TextIO

from cleaner.report.findings.findings import Findings

FORMATS: dict[str, str] = {
    "concise": "concise",
    "full": "full",
    "json": "as_json",
    "sarif": "sarif",
    "github": "github",
    "gitlab": "gitlab",
    "rdjson": "rdjson",
}
"""Formats by the name that --format takes, and the module here that writes each."""
WITHOUT_NOTES = frozenset({"gitlab", "rdjson"})
"""Formats that have no place for notes: who asks for them should tell ``note_lines`` on standard error."""


def write(format: str, run: Findings, out: TextIO, *, color: bool) -> None:
    """Write all of a run; with ``color`` also colours and links, as terminals show them. KeyError: no such format."""
    from importlib import import_module

    import_module(f"{__name__}.{FORMATS[format]}").write(run, out, color=color)


def note_lines(run: Findings) -> list[str]:
    """Notes and what is not shown, as lines for a terminal."""
    from cleaner.report.findings.told import beside

    return beside(run)
