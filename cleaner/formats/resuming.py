"""What a run must find again to be gone on with: a note of what it was, left in the log until it has ended."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.errors import SettingsError
from cleaner.formats.atomic import write_whole
from cleaner.formats.files import Source
from cleaner.formats.writing import named
from cleaner.settings import Settings

NOTE = "unfinished.json"


def facts_of(sources: Sequence[Source], settings: Settings, options: dict[str, Any]) -> dict[str, Any]:
    """What decides the outputs: settings, options, and each input with its size and time."""
    inputs = [[source.name, *_state(source)] for source in sources]
    facts = {"settings": settings.to_dict(), "options": options, "inputs": inputs}
    plain: dict[str, Any] = json.loads(json.dumps(facts))
    return plain


class Stopped(NamedTuple):
    """A run that is to be gone on with: the files whose log is published already."""

    done: frozenset[str]


def stopped(folder: Path, facts: dict[str, Any]) -> Stopped | None:
    """The run with the same facts that was stopped here, if there is one.

    Raises SettingsError where it was another run.
    """
    note = _read(folder / NOTE)
    if note is None:
        return None
    before = note.get("facts", {})
    if before != facts:
        what = next((name for name in facts if before.get(name) != facts[name]), "run")
        raise SettingsError(
            f"{folder}: the {what} of the run that was stopped here were others; run with those, or without --resume"
        )
    return Stopped(frozenset(note.get("done", ())))


def begin(folder: Path, facts: dict[str, Any], done: Iterable[str] = ()) -> None:
    """Leave the note; ``done`` are files whose log is published. Raises OutputError."""
    note = {"facts": facts, "done": sorted(done)}
    with named(str(folder)):
        write_whole(folder / NOTE, json.dumps(note).encode("utf-8", "backslashreplace"))


def end(folder: Path) -> None:
    """The run has ended: there is nothing to go on with."""
    (folder / NOTE).unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        facts = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return facts if isinstance(facts, dict) else None


def _state(source: Source) -> tuple[int, int]:
    try:
        state = os.stat(source.path) if source.path is not None else None
    except OSError:
        state = None
    return (state.st_size, state.st_mtime_ns) if state is not None else (-1, -1)
