"""Settings of a run: from the command line, the repository's file, the user's own; a later one counts less."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any

from cleaner.config.keys import RUN
from cleaner.config.places import Place, is_same, own_place, read, read_named, upwards
from cleaner.config.tables import Layer, layer_of, named, parsed
from cleaner.errors import SettingsError
from cleaner.settings import Settings

OF_VERDICTS = frozenset(each.name for each in fields(Settings))
"""Keys that are fields of Settings; the others are options of the run."""


@dataclass(frozen=True, slots=True)
class Config:
    """What files with settings say: names (with _) and values, already checked.

    path     the files that say something, as they are told; None without one
    layers   the files by themselves, the user's own first
    notes    what was left out, to be told
    """

    values: dict[str, Any] = field(default_factory=dict)
    path: str | None = None
    layers: tuple[Layer, ...] = field(default=(), compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)


def read_config(start: Path | None = None, file: str | None = None) -> Config:
    """The nearest file with settings, from ``start`` (default: the current folder) upwards, over the user's own.

    file  is read instead of the nearest one, and may say everything
    Raises SettingsError, naming the file, for one that cannot be read or is no TOML, for an unknown name, for a value
    that cannot be, and for a key that a repository may not set.
    """
    own = own_place()
    notes: list[str] = []
    layers = [layer for layer in (_layer(own) if own is not None else None,) if layer is not None]
    if file is not None:
        layer = _said(*read_named(file))
        layers += [layer] if layer is not None else []  # it may be there for the check alone
    else:
        layers += _nearest(str((start or Path.cwd()).absolute()), own, notes)
    values: dict[str, Any] = {}
    for layer in layers:
        values |= layer.values
    told = [layer.place.shown for layer in reversed(layers)]
    return Config(values, ", ".join(told) or None, tuple(layers), tuple(notes))


def checked(name: str, value: Any) -> Any:
    """``value`` as setting ``name`` takes it. Raises SettingsError."""
    return RUN[name].check(name, value)


def _nearest(start: str, own: Place | None, notes: list[str]) -> list[Layer]:
    """What the nearest file says that has settings; none where there is none."""
    for place in upwards(start):
        if place.whose == "other":
            if place.path.endswith("cleaner.toml"):
                notes.append(f"{place.path}: not read, it is another user's; name it with --config if you trust it")
        elif not is_same(place, own) and (layer := _layer(place)) is not None:
            return [layer]
    return []


def _layer(place: Place) -> Layer | None:
    data = read(place)
    return None if data is None else _said(place, data)


def _said(place: Place, data: bytes) -> Layer | None:
    """What a file says; None for a pyproject.toml without a table of ours."""
    whole = parsed(data, place)
    table, name = _own_part(whole, place)
    if table is None:
        return None
    if isinstance(table, dict):  # check: read by check/settings.py
        table = {key: value for key, value in table.items() if key != "check"}
    layer = layer_of(table, RUN, place, data, name)
    verdicts = {key: value for key, value in layer.values.items() if key in OF_VERDICTS}
    named(place.shown, partial(Settings.of, verdicts))
    return layer


def _own_part(whole: dict[str, Any], place: Place) -> tuple[Any, str]:
    """Our table and its name; None where there is none."""
    is_project = os.path.basename(place.path) == "pyproject.toml"
    if "tool" not in whole and not is_project:
        return whole, ""
    tool = whole.get("tool", {})
    if not isinstance(tool, dict):
        raise SettingsError(f"{place.shown}: tool is no table; write [tool.cleaner]")
    if not is_project and (set(whole) != {"tool"} or set(tool) != {"cleaner"}):
        raise SettingsError(f"{place.shown}: write the settings plainly, or all of them in [tool.cleaner]")
    return tool.get("cleaner"), "tool.cleaner"
