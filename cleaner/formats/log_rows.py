"""Rows of a log as they are read: one function that takes the bytes of a row and gives a row that can be relied on.

The tables say, for each file of the log, which fields its rows have and of what type these are; what the
fields mean is in ``rows`` and in ``removal_log.Entry``. Fields that are not named are left as they are:
a later version may have written them.
"""

from __future__ import annotations

import dataclasses
import json
import re
import sys
from base64 import b64decode
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, get_args

from cleaner.errors import RestoreError
from cleaner.formats.files import RECORDS, Format
from cleaner.formats.log_checks import (
    Check,
    Wrong,
    by_name,
    count,
    each,
    encodable,
    encoding,
    fields,
    finite,
    flag,
    hexadecimal,
    identity,
    name,
    number,
    one_of,
    or_none,
    ordinal,
    path,
    share,
    text,
    tuple_of,
)
from cleaner.formats.rows import Row
from cleaner.formats.tally import Tally

REMOVALS, VARIANTS, CASES, FILES = "removals.jsonl", "variants.jsonl", "cases.jsonl", "files.jsonl"
REPORT = "report.json"
RESTORING = ("byte_start", "byte_end", "before", "digest")
"""Fields of removals that giving back needs, and reports do without."""
_WAY_OUT = "put the log back as it was, or clean again into another folder"


class LogError(RestoreError):
    """A row of a log that cannot be relied on.

    ``file``, ``line`` (from 1, None: the whole) and ``problem`` are kept.
    """

    def __init__(self, file: Path, line: int | None, problem: str) -> None:
        self.file, self.line, self.problem = file, line, problem
        where, what = (f"{file}:{line}", "row") if line is not None else (str(file), "file")
        super().__init__(f"{where}: the {what} is damaged ({problem}); {_WAY_OUT}")


_DIGEST, _SHORT_DIGEST = hexadecimal(32), hexadecimal(16)
_SHAPES, _LEVELS = ("paragraph", "block", "passage"), ("exact", "copy", "similar")
_LOOKS = ("differs", "much", "heading", "alone", "first", "last")


def before(value: Any) -> None:
    """The digest of what is kept before a cut; nothing, where a cut of a text took nothing of the raw record."""
    if value != "":
        _SHORT_DIGEST(value)


def delimiter(value: Any) -> None:
    """What stands between the fields of a row."""
    if value.__class__ is not str or len(value) != 1 or not value.isascii() or value in '"\r\n':
        raise Wrong("a delimiter", value)


def undecided(value: Any) -> None:
    """A number of the whole corpus, or several by their names."""
    (by_name(count) if isinstance(value, dict) else count)(value)


def line_begin(value: Any) -> None:
    """How a line begins that begins an element of a JSON array."""
    if value.__class__ is not str or not re.fullmatch(r"\n[ \t]*\{", value):
        raise Wrong("how a line of an array begins", value)


_PLACE: dict[str, Check] = {"file": path, "record": or_none(ordinal)}
_DIFFERENCE = fields({"name": text, "here": text, "witness": text, "material": flag})
_WITNESS = fields(
    _PLACE | {"id": identity, "start": count, "end": count, "line": ordinal, "last_line": ordinal},
    {"text_line": ordinal, "key": text},
)
_OF_A_SPAN: dict[str, Check] = _PLACE | {
    "id": identity, "start": count, "end": count, "line": ordinal, "last_line": ordinal, "shape": one_of(_SHAPES),
    "rule": text, "similarity": share, "differences": each(_DIFFERENCE), "witness": _WITNESS,
}  # fmt: skip
_MORE_OF_A_SPAN: dict[str, Check] = {
    "byte_start": count, "byte_end": count, "text_line": ordinal, "text": encodable, "text_base64": text, "key": text,
    "run": ordinal, "archive": path, "lang": text, "source": text,
}  # fmt: skip
_ROWS: dict[str, Check] = {
    REMOVALS: fields(
        _OF_A_SPAN | {"block": count, "level": one_of(_LEVELS)},
        _MORE_OF_A_SPAN | {
            "paragraphs": count, "boilerplate": count, "before": before, "digest": or_none(text),
            "raw_start": count, "escapes": text, "raw": encodable, "pieces": each(tuple_of(count, encodable, count)),
            "words": count, "share": share, "look": each(one_of(_LOOKS)),
        },
    ),
    VARIANTS: fields(_OF_A_SPAN, _MORE_OF_A_SPAN),
    CASES: fields(
        _PLACE | {
            "start": count, "of": one_of(("removal", "variant")), "rank": count,
            "witness": fields({}, dict.fromkeys(("before", "behind", "heading", "text"), or_none(text))),
        },
        {"before": text, "behind": text, "heading": text, "run": ordinal, "archive": path},
    ),
}  # fmt: skip


_NUMBERS = tuple(each.name for each in dataclasses.fields(Tally) if each.type == "int")
_COUNTERS = tuple(each.name for each in dataclasses.fields(Tally) if each.type != "int")
_COUNTS = fields({}, dict.fromkeys(_COUNTERS, by_name(count)) | dict.fromkeys(_NUMBERS, count), closed=True)
_DIALECT = fields({}, {
    "line": or_none(line_begin), "delimiter": delimiter, "quotes": flag,
    "header": or_none(flag), "ids": or_none(count),
})  # fmt: skip
_ENTRY: dict[str, Check] = {
    "file": name,
    "format": one_of({*get_args(Format), "copied", "tar", "zip"} - {"auto"}, "a format"),
    "compression": one_of(("", "gz", "bz2", "xz", "zst"), "a compression"),
    "encoding": encoding, "bom": hexadecimal(None), "confidence": share,
    "digest_in": _DIGEST, "digest_out": _DIGEST, "removals": count,
}  # fmt: skip
_MORE_OF_AN_ENTRY: dict[str, Check] = {
    "text_field": text, "id_field": text, "dialect": _DIALECT, "path": path, "run": ordinal, "counts": _COUNTS,
    "added": encodable, "bare": each(tuple_of(ordinal, ordinal)),
}  # fmt: skip
_MEMBER = fields(_ENTRY, _MORE_OF_AN_ENTRY)
_ROWS[FILES] = fields(_ENTRY, _MORE_OF_AN_ENTRY | {"members": each(_MEMBER)})

_GROUPS = by_name(fields(dict.fromkeys(("articles", "words", "removed_words"), count)))
_FACTS = fields(
    {
        "articles": count, "words": count, "removed": fields(dict.fromkeys(_SHAPES, count), closed=True),
        "removed_words": count, "variants": count, "skipped": by_name(count), "failed": count,
        "errors": each(fields({"message": text})), "settings": fields({"level": text}), "changed": count,
        "paragraphs": count, "capped": count, "emptied": count, "flagged": count, "languages": _GROUPS,
        "notes": each(text), "corpus": by_name(undecided), "versions": by_name(text),
        "flagged_articles": each(
            fields(_PLACE | {"id": identity, "line": or_none(ordinal), "share": share, "whole": flag})
        ),
    },
    {
        "files": count, "unfinished": count, "removed_spans": count, "removed_share": share, "sources": _GROUPS,
        "left_out": by_name(count), "errors_not_listed": count, "interrupted": flag, "over_limit": flag,
        "seconds": by_name(number),
        "measures": by_name(
            fields(dict.fromkeys(("mean", "median", "p90", "p99", "max"), share) | {"zero": count},
                   {"histogram": each(count)})
        ),
        "run": fields({}, {
            "scope": text, "mode": text, "logged": count, "annotate": text, "source_field": text, "flag_share": share,
            "boilerplate": or_none(count), "boilerplate_drop": flag,
        }),
        "decisions": fields(dict.fromkeys(("keep", "remove", "kept", "removed", "unmet"), count)),
    },
)  # fmt: skip


def decoded(line: bytes, kind: str, file: Path, at: int | None, need: Collection[str] = ()) -> Row:
    """The row in ``line``, which is one of ``kind`` (a name above) and has the fields in ``need``, too.

    ``at`` is its number in ``file``. Raises LogError, which names both and the field that is wrong.
    """
    try:
        row = _row(line, fast=True)
        _check(row, kind, need)
    except ValueError:
        try:
            row = _row(line, fast=False)  # orjson makes floats of large integers
            _check(row, kind, need)
        except Wrong as wrong:
            raise LogError(file, at, str(wrong)) from None
        except (ValueError, RecursionError) as error:
            raise LogError(file, at, f"no JSON: {error}" if str(error) else "no JSON") from None
    return row


def _row(line: bytes, *, fast: bool) -> Row:
    """The log of a dump has ten thousands of rows; with orjson, where it is loaded already, they are read sooner."""
    orjson = sys.modules.get("orjson") if fast else None
    row: Row = json.loads(line) if orjson is None else orjson.loads(line)
    return row


def _check(row: Row, kind: str, need: Collection[str]) -> None:
    try:
        (_FACTS if kind == REPORT else _ROWS[kind])(row)
    except RecursionError:
        raise Wrong("is nested too deeply") from None
    for field in need:
        if field not in row:
            raise Wrong("is missing", field=field)
    if need is RESTORING and row["record"] is not None and "pieces" not in row and "raw_start" not in row:
        raise Wrong("is missing", field="raw_start")
    if kind in (REMOVALS, VARIANTS):
        _check_span(row)
    elif kind == FILES:
        _check_entry(row)
        for at, member in enumerate(row.get("members", ())):
            try:
                _check_entry(member)
                if not member["file"].startswith(f"{row['file']}/"):
                    raise Wrong("a member of the archive", member["file"], "file")
            except Wrong as wrong:
                raise wrong.inside(at).inside("members") from None
    elif kind == REPORT:
        for field in ("settings", "run", "corpus"):
            try:
                finite(row.get(field))
            except Wrong as wrong:
                raise wrong.inside(field) from None


def _check_span(row: Row) -> None:
    """What holds between the fields of a span."""
    for part, inside in ((row, ""), (row["witness"], "witness.")):
        if part["record"] is not None and "text_line" not in part:
            raise Wrong("is missing", field=f"{inside}text_line")
        if part["start"] > part["end"]:
            raise Wrong(f"a number from start, {part['start']}, on", part["end"], f"{inside}end")
    if row.get("byte_start", 0) > row.get("byte_end", row.get("byte_start", 0)):
        raise Wrong(f"a number from byte_start, {row['byte_start']}, on", row["byte_end"], "byte_end")
    if "text" in row:
        return
    if "text_base64" not in row:
        raise Wrong("is missing", field="text")
    try:
        b64decode(row["text_base64"], validate=True).decode("utf-8", "surrogatepass")
    except ValueError:
        raise Wrong("a text in base64", row["text_base64"], "text_base64") from None


def _check_entry(row: Row) -> None:
    """What restoring needs of a file of records, which others do without."""
    if row["format"] in RECORDS:
        for field in ("text_field", "id_field"):
            if field not in row:
                raise Wrong("is missing", field=field)
    for first, last in row.get("bare", ()):
        if first > last:
            raise Wrong("numbers of records in their order", [first, last], "bare")
    needed: Mapping[str, tuple[str, ...]] = {"csv": ("delimiter", "quotes", "header", "ids"), "json": ("line",)}
    dialect: Any = row.get("dialect") or {}
    for field in needed.get("csv" if row["format"] == "tsv" else row["format"], ()):
        if field not in dialect:
            raise Wrong("is missing", field=f"dialect.{field}")
