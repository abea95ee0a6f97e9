"""``cleaner config``: the settings in force here, and where each comes from."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

import typer

from cleaner.cli.flags import ConfigFlag, JsonFlag
from cleaner.config.keys import CHECK, RUN
from cleaner.config.tables import Layer

CONFIG_HELP = """Show the settings in force here, and where each comes from.

Those of clean, find and diff, then those of the check (check.*). A flag counts more than any of them.
"""
DEFAULT = "default"


class Row(NamedTuple):
    """A setting: its key, its value, and the file and line it is from, or ``default``."""

    key: str
    value: Any
    source: str


def show_config(config: ConfigFlag = None, json: JsonFlag = False) -> None:
    """A table, or JSON."""
    from cleaner.cli.streams import put, put_json

    rows = [*_of_run(config), *_of_check(config)]
    if json:
        put_json({"settings": [row._asdict() for row in rows]})
        return
    from cleaner.report.phrases import printable

    lines = [(row.key, printable(_shown(row.value)), printable(row.source)) for row in rows]
    wide = [max(len(line[k]) for line in lines) for k in (0, 1)]
    put("".join(f"{key:{wide[0]}}  {value:{min(wide[1], 24)}}  {source}\n" for key, value, source in lines))


def _of_run(file: str | None) -> list[Row]:
    from cleaner.cli.config import read_config
    from cleaner.cli.streams import say
    from cleaner.job_options import JobOptions
    from cleaner.settings import Settings

    found = read_config(file=file)
    for note in found.notes:
        say(note)
    defaults = {each.name: each.default for each in (*fields(JobOptions), *fields(Settings))} | {"fail_on": "error"}
    return _rows(RUN, found.values, found.layers, defaults, "")


def _of_check(file: str | None) -> list[Row]:
    """A check that cannot be asked for the repository shows nothing else than one here would use."""
    from cleaner.check.files import workplace
    from cleaner.check.settings import CheckSettings, layers
    from cleaner.phases.check.options import CheckOptions

    found = layers(os.path.realpath("."), workplace(None).root, file)
    values: dict[str, Any] = {}
    for layer in found:
        values |= layer.values
    plain = CheckOptions()._asdict() | CheckSettings()._asdict()
    defaults = {name: plain.get(name.replace("-", "_"), ()) for name in CHECK}
    return _rows(CHECK, values, found, defaults, "check.")


def _rows(
    keys: Mapping[str, Any], values: Mapping[str, Any], layers: Sequence[Layer], defaults: Mapping[str, Any], head: str
) -> list[Row]:
    rows = []
    for key in sorted(keys):
        source = next((layer.where(key) for layer in reversed(layers) if key in layer.values), DEFAULT)
        rows.append(Row(head + key, _plain(values.get(key, defaults.get(key))), source))
    return rows


def _plain(value: Any) -> Any:
    """As JSON has it; of decisions their number and digest."""
    if hasattr(value, "facts"):
        return value.facts() if value else None
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    return value


def _shown(value: Any) -> str:
    """A value in words: nothing as -."""
    import json

    return "-" if value is None or value in ([], {}) else value if isinstance(value, str) else json.dumps(value)


def add_to(app: typer.Typer) -> None:
    """Make the command known to the command line."""
    app.command("config", help=CONFIG_HELP, short_help="Show the settings in force, and where each comes from.")(
        show_config
    )
