"""Values as files with settings and flags give them. Each function raises SettingsError, naming the setting."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from cleaner.errors import SettingsError

_UNITS = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}


def size(name: str, value: Any) -> int:
    """Bytes: a number of them, or one with a unit (512MB, 2GB; a kilobyte is 1,024 bytes)."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?\s*", str(value), re.IGNORECASE)
    if match is None or isinstance(value, bool):
        raise SettingsError(f"{name} is {value!r}; give a size like 512MB or 2GB")
    return int(float(match[1]) * (1 << _UNITS[match[2].upper()]))


def yes_or_no(name: str, value: Any) -> bool:
    """True or false, and nothing that stands for them."""
    if isinstance(value, bool):
        return value
    raise SettingsError(f"{name} is {value!r}; give true or false")


def text(name: str, value: Any) -> str:
    """A text that is not empty."""
    if isinstance(value, str) and value:
        return value
    raise SettingsError(f"{name} is {value!r}; give a text in quotes")


def texts(name: str, value: Any) -> tuple[str, ...]:
    """Several texts, none of them empty; one alone may stand without its list."""
    values = (value,) if isinstance(value, str) else value
    if isinstance(values, (list, tuple)) and all(isinstance(each, str) and each for each in values):
        return tuple(values)
    raise SettingsError(f"{name} is {value!r}; give a text in quotes, or a list of them")


def one_of(*known: str) -> Callable[[str, Any], Any]:
    """A check for one of the ``known`` texts."""

    def check(name: str, value: Any) -> Any:
        if isinstance(value, str) and value in known:
            return value
        raise SettingsError(f"{name} is {value!r}; choose one of {', '.join(known)}")

    return check


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """An answer to a name that nothing has. Names are spelled with - or _, as the known ones are."""
    from difflib import get_close_matches

    names = sorted(known)
    plain = name.replace("-", "_") if any("_" in each for each in names) else name.replace("_", "-")
    near = get_close_matches(plain, names, 1)
    return f"unknown {what} {name!r}{f' (did you mean {near[0]}?)' if near else ''}; known are {', '.join(names)}"
