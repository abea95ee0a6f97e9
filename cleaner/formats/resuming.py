"""What a run must find again to be gone on with: a note of what it was, left in the log until it has ended."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cleaner import __version__
from cleaner.errors import SettingsError
from cleaner.formats.atomic import write_whole
from cleaner.formats.files import Source
from cleaner.formats.run_folder import is_id
from cleaner.formats.writing import named
from cleaner.settings import Settings

NOTE = "unfinished.json"


def facts_of(sources: Sequence[Source], settings: Settings, options: dict[str, Any]) -> dict[str, Any]:
    """What decides the outputs: version, settings, options, and each input with its size and time."""
    inputs = [[source.name, *_state(source)] for source in sources]
    facts = {"version": __version__, "settings": settings.to_dict(), "options": options, "inputs": inputs}
    plain: dict[str, Any] = json.loads(json.dumps(facts))
    return plain


class Stopped(NamedTuple):
    """A run that is to be gone on with: its id, and the files whose log is published already."""

    run: str
    done: frozenset[str]


def stopped(folder: Path, facts: dict[str, Any]) -> Stopped | None:
    """The run with the same facts that was stopped here, if there is one.

    Raises SettingsError where it was another run.
    """
    note = _read(folder / NOTE)
    if note is None:
        return None
    before, run, done = note.get("facts"), note.get("run"), note.get("done")
    if not isinstance(before, dict) or not isinstance(done, list) or not is_id(run):
        raise SettingsError(f"{folder / NOTE}: it is damaged; run without --resume")
    if before != facts:
        what = next((name for name in facts if before.get(name) != facts[name]), "run")
        others = "was another" if what == "version" else "were others"
        others += f" ({_other(before.get(what, []), facts[what])})" if what == "inputs" else ""
        raise SettingsError(
            f"{folder}: the {what} of the run that was stopped here {others}; run with those, or without --resume"
        )
    return Stopped(str(run), frozenset(done))


def _other(before: list[Any], now: list[Any]) -> str:
    """The first input that is not as it was."""
    was, names = {each[0]: each for each in before}, {each[0] for each in now}
    for each in now:
        if was.get(each[0]) != each:
            return f"{each[0]} {'has changed' if each[0] in was else 'is new'}"
    return next((f"{name} is missing" for name in was if name not in names), "they come in another order")


def changed(sources: Sequence[Source], facts: dict[str, Any]) -> Source | None:
    """The first input that is not what it was when ``facts`` were taken."""
    pairs = zip(sources, facts["inputs"], strict=True)
    return next((source for source, known in pairs if list(_state(source)) != known[1:]), None)


def begin(folder: Path, facts: dict[str, Any], run: str, done: Iterable[str] = ()) -> None:
    """Leave the note; ``done`` are files whose log is published. Raises OutputError."""
    note = {"run": run, "facts": facts, "done": sorted(done)}
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
