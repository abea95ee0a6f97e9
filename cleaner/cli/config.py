"""Settings from cleaner.toml, or from [tool.cleaner] in pyproject.toml: the nearest one upwards."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

from cleaner.errors import SettingsError
from cleaner.settings import Settings

# What a file may set beside the settings that decide verdicts.
OF_THE_RUN = ("text_field", "id_field", "text_format", "format", "workers", "max_removed", "fail_on", "strict")


def read_config(start: Path | None = None) -> dict[str, Any]:
    """Names and values of the nearest file with settings; names may be written with - or _.

    Raises SettingsError for a file that is no TOML and for an unknown name.
    """
    for folder in (start := (start or Path.cwd()).absolute(), *start.parents):
        own, project = folder / "cleaner.toml", folder / "pyproject.toml"
        if own.is_file():
            return _checked(_load(own), own)
        if project.is_file():
            table = _load(project).get("tool", {}).get("cleaner")
            if table is not None:
                return _checked(table, project)
    return {}


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not TOML ({error}); correct it or move it away") from None


def _checked(table: dict[str, Any], path: Path) -> dict[str, Any]:
    known = {*OF_THE_RUN, *(field.name for field in fields(Settings))}
    found = {}
    for name, value in table.items():
        plain = name.replace("-", "_")
        if plain not in known:
            raise SettingsError(f"{path}: unknown setting {name!r}; known are {', '.join(sorted(known))}")
        found[plain] = tuple(value) if isinstance(value, list) else value
    return found
