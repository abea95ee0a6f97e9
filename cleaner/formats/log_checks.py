"""Checks of values that a log holds: what each may be, told by the name of its field where it is not.

A log is data like any other: it was copied about, edited, or made up. What its readers rely on is
checked here, once, before they see it.
"""

from __future__ import annotations

import codecs
import math
import os
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

MOST = 1 << 53
"""Numbers of bytes, lines and records stay below, as other readers of JSON hold them."""
_SHOWN = 40
_ABSENT = object()

Check = Callable[[Any], None]
"""Raises Wrong where a value cannot be."""


class Wrong(ValueError):
    """A value that cannot be. ``field`` is its way from the row, like ``witness.line``."""

    def __init__(self, wanted: str, value: object = _ABSENT, field: str = "") -> None:
        self.wanted, self.value, self.field = wanted, value, field
        super().__init__(str(self))

    def __str__(self) -> str:
        if self.value is _ABSENT:
            return f"{self.field or 'it'} {self.wanted}"
        shown = repr(self.value) if isinstance(self.value, (str, int, float, type(None))) else _kind(self.value)
        shown = shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
        return f"{self.field or 'it'} is {shown}, not {self.wanted}"

    def inside(self, name: str | int) -> Wrong:
        """The same seen from one level higher."""
        field = f"{name}.{self.field}" if self.field else str(name)
        return Wrong(self.wanted, self.value, field)


def _kind(value: object) -> str:
    return "a list" if isinstance(value, list) else "an object" if isinstance(value, dict) else type(value).__name__


def text(value: Any) -> None:
    """A string."""
    if value.__class__ is not str:
        raise Wrong("a string", value)


def encodable(value: Any) -> None:
    """A string without half characters, which has bytes."""
    text(value)
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise Wrong("a string that UTF-8 can hold", value) from None


def flag(value: Any) -> None:
    """True or false."""
    if value.__class__ is not bool:
        raise Wrong("true or false", value)


def count(value: Any, least: int = 0) -> None:
    """A whole number from ``least`` on."""
    if value.__class__ is not int or not least <= value <= MOST:
        raise Wrong(f"a whole number from {least} on", value)


def ordinal(value: Any) -> None:
    """A number of something that is counted from 1."""
    count(value, 1)


def number(value: Any) -> None:
    """A number that is not negative."""
    if value.__class__ not in (int, float) or not 0 <= value <= MOST:  # NaN is neither
        raise Wrong("a number from 0 on", value)


def share(value: Any) -> None:
    """A number in [0, 1]."""
    if value.__class__ not in (int, float) or not 0 <= value <= 1:
        raise Wrong("a number from 0 to 1", value)


def identity(value: Any) -> None:
    """The id of a record: a string or a number."""
    if value.__class__ not in (str, int, bool) and value is not None:
        raise Wrong("a string or a whole number", value)


def hexadecimal(digits: int | None) -> Check:
    """Hexadecimal of so many digits; None: of an even number of them."""

    def check(value: Any) -> None:
        fits = value.__class__ is str and len(value) == (len(value) // 2 * 2 if digits is None else digits)
        if not fits or value.strip("0123456789abcdef"):
            raise Wrong("hexadecimal" if digits is None else f"a digest of {digits} digits", value)

    return check


def encoding(value: Any) -> None:
    """The name of an encoding of text that Python has."""
    text(value)
    try:
        known = codecs.lookup(value)._is_text_encoding
    except (LookupError, ValueError):
        known = False
    if not known:
        raise Wrong("the name of an encoding", value)


_UNSEEN = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
"""Signs that the file system of older Macs leaves out of the names it compares."""


def path(value: Any) -> None:
    """A path that a system call takes."""
    if value.__class__ is not str or not value or "\0" in value:
        raise Wrong("a path", value)
    try:
        os.fsencode(value)
    except UnicodeEncodeError:
        raise Wrong("a path that a file can have", value) from None


def name(value: Any) -> None:
    """A path with slashes below a folder, which it cannot leave; no part of it is empty or has a drive."""
    if value:
        path(value)
    elif value.__class__ is not str:
        raise Wrong("a path", value)
    # Elsewhere a colon and a backslash are letters of a name, as in "12:30.txt"; "c:" alone is a drive wherever the log
    # is read.
    windows = os.name == "nt"
    parts = value.replace("\\", "/").split("/") if windows else value.split("/")
    bad = not {"", ".", ".."}.isdisjoint(parts) or (windows and ":" in value)
    bad = bad or (parts[0][1:] == ":" and parts[0].isascii())
    if bad or _UNSEEN.sub("", parts[0]).casefold() == "_cleaner":
        raise Wrong("a path below the output folder", value)


def one_of(values: Collection[Any], what: str = "") -> Check:
    """One of a few strings."""
    wanted = what or f"one of {', '.join(map(repr, sorted(values)))}"

    def check(value: Any) -> None:
        if value.__class__ is not str or value not in values:
            raise Wrong(wanted, value)

    return check


def or_none(check: Check) -> Check:
    """What ``check`` takes, or null."""

    def either(value: Any) -> None:
        if value is not None:
            check(value)

    return either


def each(check: Check) -> Check:
    """A list of what ``check`` takes."""

    def all_of(value: Any) -> None:
        if value.__class__ is not list:
            raise Wrong("a list", value)
        for at, item in enumerate(value):
            try:
                check(item)
            except Wrong as wrong:
                raise wrong.inside(at) from None

    return all_of


def tuple_of(*checks: Check) -> Check:
    """A list of just these."""

    def all_of(value: Any) -> None:
        if value.__class__ is not list or len(value) != len(checks):
            raise Wrong(f"a list of {len(checks)}", value)
        for at, (check, item) in enumerate(zip(checks, value, strict=True)):
            try:
                check(item)
            except Wrong as wrong:
                raise wrong.inside(at) from None

    return all_of


def by_name(check: Check) -> Check:
    """An object whose values ``check`` takes."""

    def all_of(value: Any) -> None:
        if value.__class__ is not dict:
            raise Wrong("an object", value)
        for key, item in value.items():
            try:
                check(item)
            except Wrong as wrong:
                raise wrong.inside(key) from None

    return all_of


def fields(needed: Mapping[str, Check], others: Mapping[str, Check] | None = None, *, closed: bool = False) -> Check:
    """An object with the ``needed`` fields and perhaps the ``others``; ``closed``: and no more."""
    checks = {**needed, **(others or {})}

    def all_of(value: Any) -> None:
        if value.__class__ is not dict:
            raise Wrong("an object", value)
        for key in needed:
            if key not in value:
                raise Wrong("is missing", field=key)
        for key, item in value.items():
            check = checks.get(key)
            try:
                if check is not None:
                    check(item)
                elif closed:
                    raise Wrong("is no field of it")
            except Wrong as wrong:
                raise wrong.inside(key) from None

    return all_of


def finite(value: Any) -> None:
    """Any JSON without NaN and the infinities, and not nested deeper than a person would."""
    _finite(value, 20)


def _finite(value: Any, depth: int) -> None:
    if (isinstance(value, float) and not math.isfinite(value)) or not depth:
        raise Wrong("what JSON can hold", value)
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _finite(item, depth - 1)
