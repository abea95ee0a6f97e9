"""Records, one JSON object a line, and what is common to all records in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NoReturn

from cleaner.errors import InternalError
from cleaner.formats import records
from cleaner.formats.fields import NoText, Part, goes_wholly, joined, parts_of, rest, shares, value_of
from cleaner.formats.raw import Gone, applied
from cleaner.formats.reading import line_batches
from cleaner.formats.records import BOM, Batch, Read
from cleaner.formats.rows import Place, Row, Span
from cleaner.formats.splice import escaped, splice
from cleaner.formats.work import Found, Problem, TextFormat, Work

FIX = "the record is left as it was: correct it, or leave it out"


class JsonRecord:
    """What formats with records in JSON have in common."""

    def splice(self, raw: bytes, work: Work, cuts: Sequence[Span], where: str) -> list[Gone]:
        return checked_splice(raw, work.text_field, cuts, where)

    def identity(self, raw: bytes, id_field: str) -> str | int | None:
        try:
            return _named(value_of(parse(raw), id_field))
        except (ValueError, RecursionError):
            return None

    def spelling(self, text: str, raw: bytes) -> Row:
        if raw == escaped(text, ascii_only=False):
            return {}
        if raw == escaped(text, ascii_only=True):
            return {"escapes": "ascii"}
        return {"raw": raw.decode("utf-8")}

    def spelled(self, text: str, row: Row) -> bytes:
        return escaped(text, ascii_only=row.get("escapes") == "ascii")

    def facts(self, work: Work) -> dict[str, Any] | None:
        return None


class JsonLines(JsonRecord):
    """One object a line; blank lines are no records."""

    def batches(self, read: Iterable[bytes], file: str) -> Iterator[Batch]:
        return map(Batch, line_batches(read, file=file))

    def spans(self, batch: bytes, field: str, *, first: bool) -> list[Span]:
        found, offset = [], 0
        for line in batch.split(b"\n"):
            if _opened(line, first and not offset).strip():
                found.append((offset, offset + len(line)))
            offset += len(line) + 1
        return found

    def read(self, batch: bytes, file: str, work: Work, *, first: bool) -> Read:
        loads, field, id_field, inner = loader(), work.text_field, work.id_field, "." in work.id_field
        lines = batch.split(b"\n")
        read = Read(lines=len(lines) - 1)
        texts, spans = read.texts, read.spans
        known: list[tuple[int, object, int]] = []  # number, id and line of each
        offset = number = 0
        for line_number, line in enumerate(lines, 1):
            record = None
            try:
                record = loads(line)
                text = record[field]
                if text.__class__ is not str:
                    raise LookupError
                identity = value_of(record, id_field) if inner else record.get(id_field)
            except (ValueError, LookupError, TypeError, RecursionError):
                opened = _opened(line, first and not offset)
                if not opened.strip():
                    offset += len(line) + 1
                    continue
                text, identity = text_and_id(opened, record, work, read, file, line_number)
            number += 1
            if text is not None:
                texts.append(text)
                spans.append((offset, offset + len(line)))
                known.append((number, identity, line_number))
            offset += len(line) + 1
        read.records = number
        read.places = [Place(file, at, each if isinstance(each, (str, int)) else None, n) for at, each, n in known]
        return read


JSONL = JsonLines()


def clean_records(batch: bytes, file: str, text_format: TextFormat, work: Work, *, first: bool = True) -> Found:
    """As ``records.clean_records``, for JSONL: whole lines, the last one with or without its end."""
    return records.clean_records(JSONL, batch, file, text_format, work, first=first)


def text_and_id(
    raw: bytes, record: object, work: Work, read: Read, file: str, line: int
) -> tuple[str, object] | tuple[None, None]:
    """The text of a record that is no plain string in a plain field, and its id; or a problem put into ``read``.

    ``record`` is ``raw`` parsed by the fast parser, None where that refused it; ``line`` its first line.
    """
    try:
        record = slowly(raw) if record is None else record
        text = joined([part.text for part in parts_of(record, work.text_field)])
        if lone := _lone_surrogate(text):
            raise NoText("lone surrogate", f"a lone surrogate ({lone}), half a character")
        return text, _named(value_of(record, work.id_field))
    except NoText as error:
        read.problems.append(Problem(file, line + error.line - 1, error.reason, error.detail, error.fix or FIX))
        return None, None


def slowly(raw: bytes) -> object:
    """A record that the fast parser refused, parsed; raises NoText, which says in words what is wrong with it."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        what = f"byte {error.start + 1} of the record (0x{raw[error.start]:02x}) is not UTF-8"
        raise NoText("not UTF-8", what, line=raw.count(b"\n", 0, error.start) + 1) from None
    try:
        return json.loads(text, parse_constant=_Constant)
    except RecursionError:
        raise NoText("broken JSON", "JSON nested too deeply") from None
    except json.JSONDecodeError as error:
        what = f"broken JSON ({error.msg} at column {error.colno})"
        raise NoText("broken JSON", what, line=error.lineno) from None
    except ValueError as error:
        raise NoText("broken JSON", f"broken JSON ({error})") from None


def checked_splice(raw: bytes, field: str, cuts: Sequence[Span], where: str) -> list[Gone]:
    """What goes from ``raw``; the rest, parsed again, is the record with only its text changed, or InternalError."""
    record = parse(raw)
    parts = parts_of(record, field)
    gone = splice(raw, parts, cuts)
    try:
        again = parse(applied(raw, gone))
    except ValueError as error:
        raise InternalError(where, f"the changed record is no JSON ({error})") from None
    if again != _without(record, parts, cuts):
        raise InternalError(where, "the changed record is not the record with only its text changed")
    return gone


def _without(record: Any, parts: Sequence[Part], cuts: Sequence[Span]) -> Any:
    """``record`` after the cuts (changed in place)."""
    own = shares([part.text for part in parts], cuts)
    for part, each in reversed(list(zip(parts, own, strict=True))):
        holder = record
        for step in part.path[:-1]:
            holder = holder[step]
        if goes_wholly(part, each):
            del holder[part.path[-1]]
        elif each:
            holder[part.path[-1]] = rest(part.text, each)
    return record


def _opened(line: bytes, first: bool) -> bytes:
    return line.removeprefix(BOM) if first else line


def _lone_surrogate(text: str) -> str | None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return f"\\u{ord(text[error.start]):04x}"
    return None


def _named(identity: object) -> str | int | None:
    """The id of a record: a whole number or a string, but none with half a character in it."""
    if isinstance(identity, str):
        return None if _lone_surrogate(identity) else identity
    return identity if isinstance(identity, int) else None


class _Constant(float):
    """NaN or Infinity, which Python writes and JSON does not have: equal to itself, so that records can be compared."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Constant) and repr(self) == repr(other)

    __hash__ = float.__hash__


@cache
def loader() -> Callable[[bytes], Any]:
    """orjson, or the standard library made as strict: UTF-8 only, no NaN, no lone surrogates."""
    try:
        from orjson import loads
    except ImportError:
        return _loads
    return loads


def parse(line: bytes) -> Any:
    """A record as the batch read it: what the fast parser refuses, the slower one may read.

    That one reads NaN, Infinity and lone surrogates too: they may stand in any field but the text.
    """
    try:
        return loader()(line)
    except ValueError:
        return json.loads(line.decode("utf-8"), parse_constant=_Constant)


def _loads(line: bytes) -> Any:
    record = json.loads(line.decode("utf-8"), parse_constant=_no_constant)
    if b"\\u" in line:
        json.dumps(record, ensure_ascii=False).encode("utf-8")
    return record


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
