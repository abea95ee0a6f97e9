"""Settings from cleaner.toml, or from [tool.cleaner] in pyproject.toml: the nearest one upwards."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, get_args

from cleaner.decisions import Decisions, parse
from cleaner.errors import SettingsError
from cleaner.formats.files import Format
from cleaner.formats.work import TextFormat
from cleaner.settings import Settings
from cleaner.values import size, text, texts, yes_or_no

Check = Callable[[str, Any], Any]


@dataclass(frozen=True, slots=True)
class Config:
    """What a file with settings says: names (with _) and values, already checked. ``path`` is None without one."""

    values: dict[str, Any] = field(default_factory=dict)
    path: str | None = None


def read_config(start: Path | None = None) -> Config:
    """The nearest file with settings, from ``start`` (default: the current folder) upwards.

    Names may be written with - or _. Raises SettingsError, naming the file, for one that cannot be
    read or is no TOML, for an unknown name and for a value that cannot be.
    """
    start = (start or Path.cwd()).absolute()
    for folder in (start, *start.parents):
        own, project = folder / "cleaner.toml", folder / "pyproject.toml"
        if own.is_file():
            table = _load(own, start)
            return _checked(table if "tool" not in table else _own_part(table, own, start), _shown(own, start), folder)
        if project.is_file() and (table := _own_part(_load(project, start), project, start)) is not None:
            return _checked(table, _shown(project, start), folder)
    return Config()


def checked(name: str, value: Any) -> Any:
    """``value`` as setting ``name`` takes it. Raises SettingsError."""
    return CHECKS[name](name, value)


def share(name: str, value: Any) -> float:
    """``20%`` or ``0.2`` as a share in [0, 1]; a bare 1 could be meant either way."""
    text = str(value).strip()
    try:
        if text == "1" or isinstance(value, bool):
            raise ValueError
        number = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        raise SettingsError(f"{name} is {text!r}; write it like 20% or 0.2") from None
    if not 0 <= number <= 1:
        raise SettingsError(f"{name} is {text!r}; write a share from 0% to 100%, like 20% or 0.2")
    return number


def _whole(name: str, value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise SettingsError(f"{name} is {value!r}; give a whole number")


def _number(name: str, value: Any) -> Any:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    raise SettingsError(f"{name} is {value!r}; give a number")


def _decisions(name: str, value: Any) -> Decisions:
    """The marks in a file; its path is seen from the current folder, in a file with settings from that one's."""
    if isinstance(value, Decisions):
        return value
    path = text(name, value)
    try:
        data = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no path"
        raise SettingsError(f"{name}: {path!a} cannot be read ({why}); give the file that the report exports") from None
    return parse(data, path)


def _fields(name: str, value: Any) -> Any:
    """Several fields as one text, separated by commas, as a single flag may give them."""
    fields = ",".join(texts(name, value))
    if not fields.strip(", "):
        raise SettingsError(f"{name} is {value!r}; give the name of a field, or several")
    return fields


def _names(name: str, value: Any) -> Any:
    """Names parted by commas, or a list of them."""
    values = value.split(",") if isinstance(value, str) else value
    return tuple(each.strip() for each in texts(name, list(values) if isinstance(values, tuple) else values))


def _one_of(*known: str) -> Check:
    def check(name: str, value: Any) -> Any:
        if value in known:
            return value
        raise SettingsError(f"{name} is {value!r}; choose one of {', '.join(known)}")

    return check


# What a file may set of the run, and then the settings that decide verdicts.
OF_THE_RUN: dict[str, Check] = {
    "annotate": _one_of("spans", "dolma", "onion"),
    "annotate_field": text,
    "measures": yes_or_no,
    "boilerplate": _whole,
    "boilerplate_by": text,
    "boilerplate_drop": yes_or_no,
    "flag_share": share,
    "lang_field": text,
    "source_field": text,
    "order_by": _names,
    "fail_on": _one_of("error", "warning", "none"),
    "format": _one_of(*get_args(Format)),
    "id_field": text,
    "max_expanded": size,
    "max_removed": share,
    "index": text,
    "memory": size,
    "scope": _one_of("article", "corpus"),
    "scratch": text,
    "strict": yes_or_no,
    "text_field": _fields,
    "text_format": _one_of(*get_args(TextFormat)),
    "workers": _whole,
}
CHECKS: dict[str, Check] = OF_THE_RUN | {
    "decisions": _decisions,
    "keep": _one_of("first", "last"),
    "level": _one_of("exact", "copy", "similar"),
    "lone": _one_of("report", "remove"),
    "max_gap": _whole,
    "min_passage": _whole,
    "min_words": _whole,
    "protect": texts,
    "similarity": _number,
}


def _load(path: Path, start: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{_shown(path, start)}: not TOML: {error}; correct it or move it away") from None
    except OSError as error:
        raise SettingsError(
            f"{_shown(path, start)}: cannot be read ({error.strerror}); make it readable or move it away"
        ) from None


def _own_part(table: Mapping[str, Any], path: Path, start: Path) -> Any:
    """``[tool.cleaner]``; None where there is none."""
    tool = table.get("tool", {})
    if not isinstance(tool, dict):
        raise SettingsError(f"{_shown(path, start)}: tool is no table; write [tool.cleaner]")
    if path.name == "cleaner.toml" and (set(table) != {"tool"} or set(tool) != {"cleaner"}):
        raise SettingsError(f"{_shown(path, start)}: write the settings plainly, or all of them in [tool.cleaner]")
    return tool.get("cleaner")


def _checked(table: Any, path: str, folder: Path) -> Config:
    """What a file in ``folder`` says; ``path`` is its name in errors."""
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: tool.cleaner is no table; write [tool.cleaner] and the settings below it")
    values: dict[str, Any] = {}
    for name, value in table.items():
        plain = name.replace("-", "_")
        if name == "check":  # settings of the check of content repositories: check/settings.py looks at them
            continue
        if plain not in CHECKS:
            raise SettingsError(f"{path}: {_unknown(name)}")
        if plain in values:
            raise SettingsError(f"{path}: {plain} is set twice, with - and with _; keep one of them")
        if plain == "decisions" and isinstance(value, str) and value:
            value = os.path.relpath(folder / value)
        values[plain] = _named(path, partial(checked, plain, value))
    _named(path, partial(Settings.of, {name: each for name, each in values.items() if name not in OF_THE_RUN}))
    return Config(values, path)


def _named(path: str, action: Callable[[], Any]) -> Any:
    """The result of ``action``; its error names the file."""
    try:
        return action()
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from None


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name.replace("-", "_"), CHECKS, 1)
    meant = f" (did you mean {near[0]}?)" if near else ""
    return f"unknown setting {name!r}{meant}; known are {', '.join(sorted(CHECKS))}"


def _shown(path: Path, start: Path) -> str:
    """The file as seen from where the command runs."""
    return path.name if path.parent == start else str(path)
