"""Patterns for paths, as a shell knows them: ``*``, ``?``, ``[...]``, and ``**`` for any folders."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from fnmatch import translate
from functools import cache

_SIGNS = re.compile(r"[*?\[]")


def is_pattern(path: str) -> bool:
    """Whether ``path`` has a sign that stands for other characters."""
    return _SIGNS.search(path) is not None


def fixed_part(pattern: str) -> str:
    """The folder in front of the first part with a sign: ``news`` of ``news/*/a.txt``, ``""`` of ``*.txt``."""
    parts = pattern.split("/")
    first = next(number for number, part in enumerate(parts) if is_pattern(part))
    return "/".join(parts[:first]) or ("/" if pattern.startswith("/") else "")


def matches(pattern: str, enters: Callable[[str], bool]) -> list[str]:
    """Files and folders that ``pattern`` stands for, sorted by path.

    Hidden names match only where the pattern begins with a dot too. ``**`` goes through folders that
    are no links, so that a link to its own folder has no end of matches; it and ``*`` go into a folder
    only if it ``enters``.
    """
    root = fixed_part(pattern)
    rest = pattern.removeprefix(root).lstrip("/").split("/")
    return sorted(set(_below(root, rest, enters)), key=lambda path: path.split("/"))


def _below(folder: str, parts: list[str], enters: Callable[[str], bool]) -> Iterator[str]:
    part, rest = parts[0], parts[1:]
    if not part:  # a slash at the end: folders only
        yield folder
    elif part == "**":
        yield from _anywhere_below(folder, rest, enters)
    elif is_pattern(part):
        for path in _paths(folder):
            if _fits(os.path.basename(path), part):
                yield from _entered(path, rest, enters)
    else:
        yield from _entered(os.path.join(folder, part), rest, enters)


def _anywhere_below(folder: str, rest: list[str], enters: Callable[[str], bool]) -> Iterator[str]:
    if rest:
        yield from _below(folder, rest, enters)
    for path in _paths(folder):
        if os.path.basename(path).startswith("."):
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            if enters(path):
                yield from _anywhere_below(path, rest, enters)
        elif not rest:
            yield path


def _entered(path: str, rest: list[str], enters: Callable[[str], bool]) -> Iterator[str]:
    if not rest:
        if os.path.lexists(path):
            yield path
    elif os.path.isdir(path) and enters(path):
        yield from _below(path, rest, enters)


def _paths(folder: str) -> list[str]:
    try:
        return [os.path.join(folder, name) for name in os.listdir(folder or ".")]
    except OSError:  # no folder
        return []


def _fits(name: str, part: str) -> bool:
    return _expression(part).match(name) is not None and (name[:1] != "." or part[:1] == ".")


@cache
def _expression(part: str) -> re.Pattern[str]:
    return re.compile(translate(part))
