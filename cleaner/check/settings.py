"""Settings of the check: [check] in cleaner.toml, [tool.cleaner.check] in pyproject.toml; the nearest one upwards."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from cleaner.errors import SettingsError
from cleaner.findings import SEVERITIES
from cleaner.phases.check.options import SWITCHES, CheckOptions, Switch
from cleaner.phases.check.rules import RULES
from cleaner.repository.reading import MAX_SIZE
from cleaner.text.pages.block import PageFormat
from cleaner.values import size, text, texts, yes_or_no

PAGE_FORMATS: tuple[PageFormat, ...] = ("markdown", "mdx", "rst", "asciidoc", "html", "plain")
FAIL_ON = (*SEVERITIES, "never")
ALL = "all"
"""In place of a rule's name: every rule."""


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
    """The nearest settings from ``folder`` upwards to ``root`` (both absolute), or those of ``file``.

    Names may be written with - or _. Patterns and paths are meant from the folder of the file. Raises SettingsError,
    naming the file, for one that cannot be read or is no TOML, for unknown names and for values that cannot be.
    """
    if file is not None:
        table = _table(os.path.abspath(file), file)
        if table is None:
            raise SettingsError(
                f"{file}: no settings in it; write them below [check], in pyproject.toml [tool.cleaner.check]"
            )
        return _settings(table, file, os.path.dirname(os.path.abspath(file)), root)
    while True:
        for name in ("cleaner.toml", "pyproject.toml"):
            path = os.path.join(folder, name)
            shown = os.path.relpath(path, root).replace(os.sep, "/")
            if os.path.isfile(path) and (table := _table(path, shown)) is not None:
                return _settings(table, shown, folder, root)
        above = os.path.dirname(folder)
        if folder == root or above == folder:
            return CheckSettings()
        folder = above


def _table(path: str, shown: str) -> Any:
    """The table of the check in a file; None where there is none. TOML is parsed only where it may be named."""
    try:
        with open(path, "rb") as stream:
            data = stream.read()
    except OSError as error:
        raise SettingsError(f"{shown}: cannot be read ({error.strerror}); make it readable or move it away") from None
    if b"check" not in data:
        return None
    import tomllib

    try:
        whole: Any = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{shown}: not TOML: {error}; correct it or move it away") from None
    tool = whole.get("tool", {})
    own = tool.get("cleaner", {}) if isinstance(tool, dict) else {}
    table = own.get("check") if isinstance(own, dict) else None
    return whole.get("check") if table is None and os.path.basename(path) != "pyproject.toml" else table


def _settings(table: Any, shown: str, folder: str, root: str) -> CheckSettings:
    try:
        if not isinstance(table, dict):
            raise SettingsError("check is no table; write [tool.cleaner.check], in cleaner.toml [check]")
        values: dict[str, Any] = {}
        for name, value in table.items():
            plain = name.replace("_", "-")
            if plain not in _CHECKS:
                raise SettingsError(unknown("setting", name, _CHECKS))
            if plain in values:
                raise SettingsError(f"{plain} is set twice, with - and with _; keep one of them")
            values[plain] = _CHECKS[plain](plain, value)
        return _of(values, folder, _prefix(folder, root))._replace(source=shown)
    except SettingsError as error:
        raise SettingsError(f"{shown}: {error}") from None


def _prefix(folder: str, root: str) -> str:
    """What stands before a pattern of a file in ``folder``, so that it is meant from ``root``."""
    below = os.path.relpath(folder, root).replace(os.sep, "/")
    return "" if below == "." or below.startswith("../") else f"{below}/"


def _of(values: Mapping[str, Any], folder: str, prefix: str) -> CheckSettings:
    named: dict[str, Switch] = {**values.get("rules", {}), **dict.fromkeys(values.get("disable", ()), "off")}
    options = CheckOptions(
        severities=spread(named),
        twins=tuple(prefix + pattern for pattern in values.get("twins", ())),
        versions=tuple(prefix + pattern for pattern in values.get("versions", ())),
        paths=tuple((_meant(prefix, pattern), each) for pattern, each in values.get("paths", {}).items()),
        **{name.replace("-", "_"): values[name] for name in _OF_OPTIONS if name in values},
    )
    files: dict[str, Any] = {
        name.replace("-", "_"): os.path.join(folder, values[name]) for name in _FILES if name in values
    }
    plain: dict[str, Any] = {name.replace("-", "_"): values[name] for name in _PLAIN if name in values}
    exclude = tuple(_meant(prefix, pattern) for pattern in values.get("exclude", ()))
    return CheckSettings(options, exclude=exclude)._replace(**files, **plain)


def _meant(prefix: str, pattern: str) -> str:
    """A pattern of a file with settings from the root on; one without a slash fits a name anywhere below."""
    if not prefix:
        return pattern
    return prefix + ("" if "/" in pattern else "**/") + pattern.removeprefix("/")


def spread(severities: Mapping[str, Switch]) -> dict[str, Switch]:
    """``all`` as every rule; what is said of a rule by name counts more."""
    every = dict.fromkeys(RULES, severities[ALL]) if ALL in severities else {}
    return every | {rule: switch for rule, switch in severities.items() if rule != ALL}


def rule_name(name: str) -> str:
    """``name`` where a rule is called so. Raises SettingsError."""
    if name in RULES or name == ALL:
        return name
    raise SettingsError(unknown("rule", name, RULES))


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """An answer to a name that nothing has."""
    from difflib import get_close_matches

    names = sorted(known)
    near = get_close_matches(name.replace("_", "-"), names, 1)
    return f"unknown {what} {name!r}{f' (did you mean {near[0]}?)' if near else ''}; known are {', '.join(names)}"


def switch(name: str, value: Any) -> Switch:
    """A severity, or off. Raises SettingsError."""
    for known in SWITCHES:
        if value == known:
            return known
    raise SettingsError(f"{name} is {value!r}; choose one of {', '.join(SWITCHES)}")


def _switches(name: str, value: Any) -> dict[str, Switch]:
    if not isinstance(value, dict):
        raise SettingsError(f'{name} is {value!r}; write rules and severities, like {{ adjacent-near = "off" }}')
    return {rule_name(rule.replace("_", "-")): switch(f"{name}.{rule}", each) for rule, each in value.items()}


def _paths(name: str, value: Any) -> dict[str, dict[str, Switch]]:
    """By pattern: severities by rule; one severity alone is meant for all rules."""
    if not isinstance(value, dict):
        raise SettingsError(f'{name} is {value!r}; write patterns, like "docs/api/**" = "off"')
    whole = {pattern: each if isinstance(each, dict) else {ALL: each} for pattern, each in value.items()}
    return {pattern: _switches(f"{name}.{pattern!r}", each) for pattern, each in whole.items()}


def _formats(name: str, value: Any) -> dict[str, PageFormat]:
    if not isinstance(value, dict):
        raise SettingsError(f'{name} is {value!r}; write suffixes and formats, like {{ ".mdc" = "markdown" }}')
    return {f".{suffix.lstrip('.').lower()}": _format(f"{name}.{suffix}", each) for suffix, each in value.items()}


def _format(name: str, value: Any) -> PageFormat:
    for known in PAGE_FORMATS:
        if value == known:
            return known
    raise SettingsError(f"{name} is {value!r}; choose one of {', '.join(PAGE_FORMATS)}")


def _one_of(*known: str) -> Callable[[str, Any], str]:
    def check(name: str, value: Any) -> str:
        if isinstance(value, str) and value in known:
            return value
        raise SettingsError(f"{name} is {value!r}; choose one of {', '.join(known)}")

    return check


def _with(sign: str) -> Callable[[str, Any], tuple[str, ...]]:
    def check(name: str, value: Any) -> tuple[str, ...]:
        for pattern in (patterns := texts(name, value)):
            if sign not in pattern:
                raise SettingsError(f"{name}: {pattern!r} has no {sign} in it; write it where the name stands")
        return patterns

    return check


def _rules(name: str, value: Any) -> tuple[str, ...]:
    return tuple(rule_name(each) for each in texts(name, value))


def _words(name: str, value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 3:
        return value
    raise SettingsError(f"{name} is {value!r}; give a whole number, 3 or more")


def _near(name: str, value: Any) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0.5 <= value <= 1:
        return float(value)
    raise SettingsError(f"{name} is {value!r}; give a number from 0.5 to 1")


_OF_OPTIONS = ("across", "min-across", "min-adjacent", "min-file", "near")
_FILES = ("baseline", "cache-dir")
_PLAIN = ("base", "fail-on", "fail-on-empty", "formats", "max-size")
"""Settings by where they go: to the options under their name, as paths from the folder of their file, as they are."""
_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "across": yes_or_no,
    "base": text,
    "baseline": text,
    "cache-dir": text,
    "disable": _rules,
    "exclude": texts,
    "fail-on": _one_of(*FAIL_ON),
    "fail-on-empty": yes_or_no,
    "formats": _formats,
    "max-size": size,
    "min-across": _words,
    "min-adjacent": _words,
    "min-file": _words,
    "near": _near,
    "paths": _paths,
    "rules": _switches,
    "twins": _with("{lang}"),
    "versions": _with("{version}"),
}
