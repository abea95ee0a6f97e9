"""Values of the settings of the check. Each function raises SettingsError, naming the setting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cleaner.errors import SettingsError
from cleaner.findings import SEVERITIES
from cleaner.phases.check.options import SWITCHES, Switch
from cleaner.phases.check.rules import RULES
from cleaner.text.pages.block import PageFormat
from cleaner.values import texts, unknown

PAGE_FORMATS: tuple[PageFormat, ...] = ("markdown", "mdx", "rst", "asciidoc", "html", "plain")
FAIL_ON = (*SEVERITIES, "never")
ALL = "all"
"""In place of a rule's name: every rule."""


def spread(severities: Mapping[str, Switch]) -> dict[str, Switch]:
    """``all`` as every rule; what is said of a rule by name counts more."""
    every = dict.fromkeys(RULES, severities[ALL]) if ALL in severities else {}
    return every | {rule: switch for rule, switch in severities.items() if rule != ALL}


def rule_name(name: str) -> str:
    """``name`` where a rule is called so. Raises SettingsError."""
    if name in RULES or name == ALL:
        return name
    raise SettingsError(unknown("rule", name, RULES))


def switch(name: str, value: Any) -> Switch:
    """A severity, or off. Raises SettingsError."""
    for known in SWITCHES:
        if value == known:
            return known
    raise SettingsError(f"{name} is {value!r}; choose one of {', '.join(SWITCHES)}")


def switches(name: str, value: Any) -> dict[str, Switch]:
    """Severities by rule."""
    if not isinstance(value, dict):
        raise SettingsError(f'{name} is {value!r}; write rules and severities, like {{ adjacent-near = "off" }}')
    return {rule_name(rule.replace("_", "-")): switch(f"{name}.{rule}", each) for rule, each in value.items()}


def paths(name: str, value: Any) -> dict[str, dict[str, Switch]]:
    """By pattern: severities by rule; one severity alone is meant for all rules."""
    if not isinstance(value, dict):
        raise SettingsError(f'{name} is {value!r}; write patterns, like "docs/api/**" = "off"')
    whole = {pattern: each if isinstance(each, dict) else {ALL: each} for pattern, each in value.items()}
    return {pattern: switches(f"{name}.{pattern!r}", each) for pattern, each in whole.items()}


def formats(name: str, value: Any) -> dict[str, PageFormat]:
    """Formats of pages by suffix."""
    if not isinstance(value, dict):
        raise SettingsError(f'{name} is {value!r}; write suffixes and formats, like {{ ".mdc" = "markdown" }}')
    return {f".{suffix.lstrip('.').lower()}": _page_format(f"{name}.{suffix}", each) for suffix, each in value.items()}


def _page_format(name: str, value: Any) -> PageFormat:
    for known in PAGE_FORMATS:
        if value == known:
            return known
    raise SettingsError(f"{name} is {value!r}; choose one of {', '.join(PAGE_FORMATS)}")


def with_sign(sign: str) -> Callable[[str, Any], tuple[str, ...]]:
    """A check for patterns that have ``sign`` in them."""

    def check(name: str, value: Any) -> tuple[str, ...]:
        for pattern in (patterns := texts(name, value)):
            if sign not in pattern:
                raise SettingsError(f"{name}: {pattern!r} has no {sign} in it; write it where the name stands")
        return patterns

    return check


def rules(name: str, value: Any) -> tuple[str, ...]:
    """Names of rules."""
    return tuple(rule_name(each) for each in texts(name, value))


def words(name: str, value: Any) -> int:
    """A number of words: 3 or more."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 3:
        return value
    raise SettingsError(f"{name} is {value!r}; give a whole number, 3 or more")


def near(name: str, value: Any) -> float:
    """A similarity: 0.5 to 1."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0.5 <= value <= 1:
        return float(value)
    raise SettingsError(f"{name} is {value!r}; give a number from 0.5 to 1")
