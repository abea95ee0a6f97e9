"""Settings of the check: [check] in cleaner.toml, [tool.cleaner.check] in pyproject.toml; the nearest one upwards."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.config.places import NAMES, Place, is_same, own_place, read, read_named
from cleaner.errors import SettingsError
from cleaner.phases.check.options import CheckOptions
from cleaner.repository.reading import MAX_SIZE
from cleaner.text.pages.block import PageFormat

if TYPE_CHECKING:
    from cleaner.config.tables import Layer


class CheckSettings(NamedTuple):
    """What a file with settings, or a caller, says.

    options        what decides findings
    fail_on        the mildest severity that makes a run fail; ``never``
    fail_on_empty  a run that has no file to check could not do what it was asked for
    exclude        patterns of paths that are not checked, from the root
    formats        by suffix (``.mdc``), beside those that are known
    max_size       bytes from which on a file is not read
    baseline, cache_dir  absolute; base as the flag
    source         the file they are from, as it is told
    """

    options: CheckOptions = CheckOptions()
    fail_on: str = "error"
    fail_on_empty: bool = False
    exclude: tuple[str, ...] = ()
    formats: Mapping[str, PageFormat] = {}
    max_size: int = MAX_SIZE
    baseline: str | None = None
    base: str | None = None
    cache_dir: str | None = None
    source: str | None = None


def read_settings(folder: str, root: str, file: str | None = None) -> CheckSettings:
    """The nearest settings from ``folder`` upwards to ``root`` (both absolute), or those of ``file``, over the user's.

    Names may be written with - or _. Patterns and paths are meant from the folder of the file. Raises SettingsError,
    naming the file, for one that cannot be read or is no TOML, for unknown names, for values that cannot be, and for
    keys that a repository may not set.
    """
    return settings_of(layers(folder, root, file), root)


def layers(folder: str, root: str, file: str | None = None) -> list[Layer]:
    """What the files say, the user's own first; see ``read_settings``."""
    own = own_place()
    found = [layer for layer in (_layer(own) if own is not None else None,) if layer is not None]
    if file is not None:
        layer = _said(*read_named(file))
        if layer is None:
            raise SettingsError(
                f"{file}: no settings in it; write them below [check], in pyproject.toml [tool.cleaner.check]"
            )
        return [*found, layer]
    while True:
        for name in NAMES:
            path = os.path.join(folder, name)
            place = Place(path, os.path.relpath(path, root).replace(os.sep, "/"), "repository", root)
            if not is_same(place, own) and (layer := _layer(place)) is not None:
                return [*found, layer]
        above = os.path.dirname(folder)
        if folder == root or above == folder:
            return found
        folder = above


def _layer(place: Place) -> Layer | None:
    data = read(place)
    return None if data is None else _said(place, data)


def _said(place: Place, data: bytes) -> Layer | None:
    """What a file says of the check; None where it says nothing. TOML is parsed only where the check may be named."""
    if b"check" not in data:
        return None
    from cleaner.config.keys import CHECK  # most repositories have no settings: loading these takes 2 ms
    from cleaner.config.tables import layer_of, parsed

    whole = parsed(data, place)
    tool = whole.get("tool", {})
    own = tool.get("cleaner", {}) if isinstance(tool, dict) else {}
    table = own.get("check") if isinstance(own, dict) else None
    if table is not None:
        return layer_of(table, CHECK, place, data, "tool.cleaner.check")
    if os.path.basename(place.path) != "pyproject.toml" and "check" in whole:
        return layer_of(whole["check"], CHECK, place, data, "check")
    return None


def settings_of(found: list[Layer], root: str) -> CheckSettings:
    """Files one over the other: a later one counts more, for severities rule by rule."""
    if not found:
        return CheckSettings()
    from cleaner.config.of_check import spread

    values: dict[str, Any] = {}
    severities: dict[str, Any] = {}
    for layer in found:
        values |= _from_root(layer, root)
        named = {**layer.values.get("rules", {}), **dict.fromkeys(layer.values.get("disable", ()), "off")}
        severities |= spread(named)
    options = CheckOptions(severities=severities, **{name: values[name] for name in _OF_OPTIONS if name in values})
    plain = {name: values[name] for name in _PLAIN if name in values}
    return CheckSettings(options, **plain, source=found[-1].place.shown)


def _from_root(layer: Layer, root: str) -> dict[str, Any]:
    """The values of a file by the names of options, its patterns meant from the root."""
    prefix = _prefix(layer.place.folder, root)
    values = {name.replace("-", "_"): value for name, value in layer.values.items()}
    for name in ("twins", "versions"):
        if name in values:
            values[name] = tuple(prefix + pattern for pattern in values[name])
    if "paths" in values:
        values["paths"] = tuple((_meant(prefix, pattern), each) for pattern, each in values["paths"].items())
    if "exclude" in values:
        values["exclude"] = tuple(_meant(prefix, pattern) for pattern in values["exclude"])
    return values


def _prefix(folder: str, root: str) -> str:
    """What stands before a pattern of a file in ``folder``, so that it is meant from ``root``."""
    below = os.path.relpath(folder, root).replace(os.sep, "/")
    return "" if below == "." or below.startswith("../") else f"{below}/"


def _meant(prefix: str, pattern: str) -> str:
    """A pattern of a file with settings from the root on; one without a slash fits a name anywhere below."""
    if not prefix:
        return pattern
    return prefix + ("" if "/" in pattern else "**/") + pattern.removeprefix("/")


_OF_OPTIONS = ("across", "min_across", "min_adjacent", "min_file", "near", "twins", "versions", "paths")
_PLAIN = ("base", "baseline", "cache_dir", "exclude", "fail_on", "fail_on_empty", "formats", "max_size")
"""Settings by where they go: to the options, or beside them."""
