"""A file with settings as checked values: names that are known, values that can be, keys that may be set there."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from cleaner.config.keys import Key
from cleaner.config.places import Place, is_inside, own_place
from cleaner.errors import SettingsError
from cleaner.values import text, unknown


class Layer(NamedTuple):
    """What one file says: checked values by name. ``spelled``: as the file writes the names; ``data``: its bytes."""

    place: Place
    values: dict[str, Any]
    spelled: dict[str, str]
    data: bytes
    table: str

    def where(self, name: str) -> str:
        """File and line, as errors have them; the file alone where the line cannot be told."""
        line = line_of(self.data, self.table, self.spelled[name])
        return self.place.shown if line is None else f"{self.place.shown}:{line}"


def parsed(data: bytes, place: Place) -> dict[str, Any]:
    """The tables of a file. Raises SettingsError, naming it."""
    import tomllib

    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except RecursionError:
        error: Exception = ValueError("lists inside lists, too deep")
    except ValueError as wrong:  # TOMLDecodeError, UnicodeDecodeError, and a number of thousands of digits
        error = wrong
    raise SettingsError(f"{place.shown}: not TOML: {error}; correct it or move it away")


def layer_of(table: Any, keys: Mapping[str, Key], place: Place, data: bytes, name: str) -> Layer:
    """The values of ``table``, called ``name`` (``tool.cleaner``; empty at the top) in a file of bytes ``data``.

    Names may be written with - or _; they come out as ``keys`` spells them. Raises SettingsError, naming the file,
    for unknown names, for values that cannot be, and for keys that a repository may not set.
    """
    if not isinstance(table, dict):
        raise SettingsError(f"{place.shown}: {name} is no table; write [{name}] and the settings below it")
    one, other = ("-", "_") if any("_" in each for each in keys) else ("_", "-")
    layer = Layer(place, {}, {}, data, name)
    for given, value in table.items():
        key = given.replace(one, other)
        if key not in keys:
            raise SettingsError(f"{place.shown}: {unknown('setting', given, keys)}")
        if key in layer.values:
            raise SettingsError(f"{place.shown}: {key} is set twice, with - and with _; keep one of them")
        layer.spelled[key] = given
        layer.values[key] = _value(key, value, keys[key], layer)
    return layer


def _value(name: str, value: Any, key: Key, layer: Layer) -> Any:
    place = layer.place
    if place.whose == "repository":
        if key.right == "own":
            raise SettingsError(
                f"{layer.where(name)}: {name} cannot be set in a repository's file; {_way_out(name, key)}"
            )
        if key.right == "inside":
            value = _inside(name, value, key, layer)
    elif key.path:
        value = named(place.shown, lambda: os.path.join(place.folder, os.path.expanduser(text(name, value))))
    value = named(place.shown, lambda: key.check(name, value))
    if place.whose == "repository" and key.right == "default" and key.most is not None and value > key.most:
        most = f"{key.most >> 20}MB"
        raise SettingsError(
            f"{layer.where(name)}: {name} above {most} cannot be set in a repository's file; {_way_out(name, key)}"
        )
    return value


def _inside(name: str, value: Any, key: Key, layer: Layer) -> str:
    """A file below the folder of the settings, links resolved. One that is not there is told where it is read."""
    place = layer.place
    given = named(place.shown, lambda: text(name, value))
    real = os.path.realpath(os.path.join(place.folder, given)) if "\0" not in given else ""
    if os.path.isabs(given) or not is_inside(real, place.folder):
        raise SettingsError(
            f"{layer.where(name)}: {name} is {given!r}, which is not in the folder of this file; in a repository's "
            f"file only such a file can be named; {_way_out(name, key)}"
        )
    if os.path.lexists(real) and not stat.S_ISREG(os.lstat(real).st_mode):
        raise SettingsError(f"{layer.where(name)}: {name} is {given!r}, which is no regular file; name another")
    return real


def _way_out(name: str, key: Key) -> str:
    own = own_place()
    ways = [f"give --{name.replace('_', '-')}"] if key.flag else []
    ways += [f"put it into {own.shown}"] if own is not None else []
    return ", or ".join(ways)


def named(shown: str, action: Callable[[], Any]) -> Any:
    """The result of ``action``; its error names the file."""
    try:
        return action()
    except SettingsError as error:
        raise SettingsError(f"{shown}: {error}") from None


def line_of(data: bytes, table: str, name: str) -> int | None:
    """The line, from 1, on which ``name`` of ``table`` is set; None where it cannot be told (inline tables)."""
    import re

    head = ""
    for number, line in enumerate(data.decode("utf-8-sig", "replace").split("\n"), 1):
        if found := re.match(r"\s*\[+\s*([^\[\]]+?)\s*\]", line):
            head = found[1]
        elif found := re.match(r"\s*([\w.\-\"' ]+?)\s*=", line):
            path = f"{head}.{found[1]}" if head else found[1]
            if re.sub(r"[\s\"']", "", path) == (f"{table}.{name}" if table else name):
                return number
    return None
