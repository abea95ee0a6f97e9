"""``cleaner diff``: two texts side by side, in words."""

from __future__ import annotations

import os
from dataclasses import asdict
from math import floor

from cleaner.cli.printing import quoted
from cleaner.cli.streams import put, put_json
from cleaner.errors import InputError, SettingsError
from cleaner.formats.decode import NotDecoded, decode
from cleaner.formats.files import RECORDS, Source, kind_of
from cleaner.formats.reading import open_source
from cleaner.phases.compare import Comparison, compare
from cleaner.report.phrases import plural, printable
from cleaner.settings import Settings
from cleaner.types import Difference

MOST_LINES = 20
"""Differences that are listed; --json has all."""
SHOWN = 60
"""Characters of a differing text that a line shows; --json has all."""


def explain_run(a: str, b: str, settings: Settings, *, json: bool) -> int:
    """Exit 0 for copies, 1 for anything else."""
    if a == b == "-":
        raise SettingsError("standard input can be one of the two texts only; give a file for the other")
    found = compare(_text(a), _text(b), settings)
    if json:
        put_json({"first": a, "second": b} | asdict(found))
    else:
        put("".join(f"{line}\n" for line in _lines(a, b, found, settings)))
    return 0 if found.relation == "copy" else 1


def _lines(a: str, b: str, found: Comparison, settings: Settings) -> list[str]:
    rows = [("first", printable(a)), ("second", printable(b)), *map(_row, found.differences[:MOST_LINES])]
    wide = max(len(name) for name, _ in rows)
    lines = [f"{name:{wide}}  {text}" for name, text in rows]
    more = len(found.differences) - MOST_LINES
    if more > 0:
        lines.append(f"... and {plural(more, 'more difference')}; --json lists all")
    return [*lines[:2], _verdict(found, settings), *(f"  {line}" for line in lines[2:])]


def _verdict(found: Comparison, settings: Settings) -> str:
    """What the two texts are to each other, with the reason."""
    value = f"similarity {floor(found.similarity * 1000) / 1000:.3f} over words"
    number = len(found.differences)
    if found.relation == "copy":
        if not number:
            return "copies: equal, word for word"
        matters = "a difference that does not matter" if number == 1 else f"{number} differences that do not matter"
        return f"copies: {matters} ({value}; one of them goes at level {found.level})"
    matters = f"{number:,} {'difference that matters' if number == 1 else 'differences that matter'}"
    if found.relation == "variant":
        return f"variants: {matters}, so both stay ({value})"
    return f"different: {matters} ({value}, variants begin at {settings.similarity:g})"


def _row(each: Difference) -> tuple[str, str]:
    """The name of a difference, and what stands in the first and in the second text."""
    first, second = _shown(each.witness), _shown(each.here)
    if not each.witness.strip():
        return _NAMES.get(each.name, each.name), f"{second} only in the second"
    if not each.here.strip():
        return _NAMES.get(each.name, each.name), f"{first} only in the first"
    return each.name, f"{first} in the first, {second} in the second"


# Beside "only in the first" these say where; the word alone is enough.
_NAMES = {"added words": "words", "missing words": "words"}


def _shown(text: str) -> str:
    return quoted(" ".join(text.split()) or text, SHOWN)


def _text(name: str) -> str:
    """A text by its file, plain or compressed."""
    format, compression = kind_of(name)
    path = None if name == "-" else name
    if path is not None and not os.path.exists(path):
        raise InputError("no such file", file=name, fix="correct the path")
    if path is not None and os.path.isdir(path):
        raise InputError("is a folder", file=name, fix="give a file in it")
    opened = open_source(Source(path, name, "auto" if format == "auto" else format, compression))
    data = b"".join(opened.pieces) if opened.format not in RECORDS or opened.format == "json" else None
    if data is None or (opened.format == "json" and not _is_one_text(data)):
        raise InputError(
            "holds records, not one text", file=_named(name), fix="put the two texts into files of their own"
        )
    try:
        return decode(data).text.strip()
    except NotDecoded as error:
        raise InputError(str(error), file=_named(name), fix="give a text file") from None


def _is_one_text(data: bytes) -> bool:
    """Whether a JSON file holds no records."""
    from cleaner.formats.record_formats import json_shape

    return json_shape(data, whole=True) in (None, "object")


def _named(name: str) -> str:
    return "standard input" if name == "-" else name
