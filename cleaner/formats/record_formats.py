"""Which reader fits a file of records: by its head when it is cleaned, by its entry in the log when it is restored."""

from __future__ import annotations

import re
from typing import Any, Literal

from cleaner.formats.delimited import Delimited
from cleaner.formats.dialect import head_of
from cleaner.formats.fields import NoText
from cleaner.formats.files import Format, format_of
from cleaner.formats.json_array import JsonArray
from cleaner.formats.jsonl import JSONL
from cleaner.formats.records import BOM, RecordFormat

HEAD = 1 << 20
"""Bytes that are looked at to tell how a file is written."""

Shape = Literal["array", "object", "lines"]

_ARRAY = re.compile(rb"\[[ \t\r\n]*+(?:[{\]]|\Z)")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def reader_for(format: Format, head: bytes, *, whole: bool) -> tuple[Format, RecordFormat]:
    """Format and reader of a file that begins with ``head`` (all of it: ``whole``) and is ``format`` by its name.

    Raises NoText where no record of the file can be read so.
    """
    if head.startswith(_UTF16):
        raise NoText("not UTF-8", f"{format.upper()} in UTF-16", "convert it to UTF-8")
    if format in ("csv", "tsv"):
        return format, Delimited(*head_of(head, whole=whole, tab=format == "tsv"))
    shape = json_shape(head, whole=whole) if format == "json" else "lines"
    if shape is None:
        raise NoText("not an article", "JSON, but no array of objects", "leave it out")
    return ("jsonl", JSONL) if shape == "lines" else ("json", JsonArray.of(head))


def json_shape(head: bytes, *, whole: bool) -> Shape | None:
    """How records lie in a JSON file that begins with ``head``; None: it holds none.

    ``lines``: it is JSONL, whatever its name; ``object``: it is one object, which may be a record.
    """
    text = head.removeprefix(BOM).lstrip(b" \t\r\n")
    if text.startswith(b"["):
        return "array" if _ARRAY.match(text) is not None else None
    if not text.startswith(b"{"):
        return None
    _, end, behind = text.partition(b"\n")
    several = behind.strip().startswith(b"{") and format_of(text) == "jsonl"
    return "lines" if several or not (end or whole) else "object"


def reader_of(format: str, dialect: dict[str, Any] | None) -> RecordFormat:
    """The reader of a file by its entry in the log. Raises KeyError or TypeError where that is damaged."""
    if format in ("csv", "tsv"):
        facts = dialect or {}
        return Delimited(facts["delimiter"], facts["quotes"], header=facts["header"], ids=facts["ids"])
    return JsonArray((dialect or {})["line"]) if format == "json" else JSONL
