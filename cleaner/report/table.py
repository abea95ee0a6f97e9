"""All cases of a run as a table for a spreadsheet, and back: its column ``decision`` can be filled in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from cleaner.report.cases import case_of, told_around
from cleaner.report.log import Repeat, RunLog

COLUMNS = (
    "decision", "kind", "file", "record", "id", "line", "shape", "level", "rule", "similarity", "words", "share",
    "language", "source", "look", "differences", "text", "witness_place", "witness_text", "key", "witness_key",
)  # fmt: skip
"""As in the page's script, which writes the same table of the cases that it lists."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell may not begin with, or a spreadsheet might take it for a formula; an apostrophe goes before it."""


def table(log: RunLog) -> Iterator[str]:
    """The lines of the table, one a span, as CSV with a byte order mark, which spreadsheets need to see UTF-8."""
    yield "\ufeff" + _line(COLUMNS)
    for of, repeats in (("removal", log.removals()), ("variant", log.variants())):
        around = told_around(log, of)
        for repeat in repeats:
            yield from map(_line, _rows(repeat, around))


def _rows(repeat: Repeat, around: Any) -> Iterator[list[Any]]:
    case = case_of(repeat, around, whole=True)
    for span in case["spans"]:
        witness = span["witness"]
        said = witness["text"] if "text" in witness else span["text"]
        yield [
            "", case["of"], case["file"], case["record"], case.get("id"), case["line"], case["shape"],
            case.get("level"), "+".join(case.get("rules", ["identical"])), case["similarity"], case["words"],
            case.get("share"), case.get("lang"), case["source"], "+".join(case.get("look", ())),
            "; ".join(map(difference, span.get("d", ()))), span["text"].strip(), place(witness),
            said and said.strip(), span["key"], witness.get("key"),
        ]  # fmt: skip


def difference(each: tuple[str, str, str, bool]) -> str:
    """``number “6” here, “5” there``"""
    name, here, there, _ = each
    if not there:
        return f"{name} “{here}” only here"
    return f"{name} “{here}” here, “{there}” there" if here else f"{name} “{there}” only there"


def place(each: dict[str, Any]) -> str:
    """Where a witness stands: ``line 3``, ``news.jsonl, record 17 (id x, line 4)``."""
    line = f"line {each['line']}"
    if "file" not in each:
        return line
    if each["record"] is None:
        return f"{each['file']}:{each['line']}"
    where = f"{each['file']}, record {each['record']}"
    return f"{where} (id {each['id']}, {line})" if each.get("id") is not None else f"{where}, {line}"


def _line(cells: Iterable[Any]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerow([_cell(each) for each in cells])
    return stream.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.12g}"  # 1 and not 1.0, as the page writes it
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) and not isinstance(value, (int, float)) else text
