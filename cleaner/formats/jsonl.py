"""Records, one JSON object a line: a batch of raw lines in; changed lines, rows and counts out."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any, NoReturn

from cleaner.formats.rows import Place, Row, Span, digest, encoded_spans, kept_digests, removal_rows, variant_rows
from cleaner.formats.splice import Spliced, escaped, splice
from cleaner.formats.tally import words_in
from cleaner.formats.work import Found, InternalError, Problem, TextFormat, Work, cuts_of
from cleaner.types import Outcome

BOM = b"\xef\xbb\xbf"
_FIX = "the record is left as it was: correct it, or leave it out"
_KINDS = {
    type(None): "null",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
}


def clean_records(batch: bytes, file: str, text_format: TextFormat, work: Work, *, first: bool = True) -> Found:
    """Clean the records of ``batch``: whole lines, the last one with or without its end.

    ``first``: the batch begins the file, where a byte order mark may stand. Lines and records are
    numbered from 1 in the batch. Raises InternalError where a changed line does not read as it must.
    """
    loads, field = loader(), work.text_field
    lines = batch.split(b"\n")
    found = Found(lines=len(lines) - 1)
    texts: list[str] = []
    places: list[tuple[int, int, int]] = []  # number of the line, of the record, offset
    offset = records = 0
    for number, line in enumerate(lines, 1):
        try:
            text = loads(line)[field]
            records += 1
            if text.__class__ is str:
                texts.append(text)
                places.append((number, records, offset))
            else:
                _skip(found, file, number, *_wrong_kind(field, text))
        except (ValueError, LookupError, TypeError, RecursionError):
            opened = line[3:] if first and number == 1 and line.startswith(BOM) else line
            if opened.strip():
                records += 1
                text_or_problem = _slowly(opened, work)
                if isinstance(text_or_problem, str):
                    texts.append(text_or_problem)
                    places.append((number, records, offset))
                else:
                    _skip(found, file, number, *text_or_problem)
        offset += len(line) + 1
    found.records = records
    outcomes = work.clean(texts, work.settings, text_format)
    found.places = [Place(file, record, None, number) for number, record, _ in places]
    for outcome, text, (number, record, offset) in zip(outcomes, texts, places, strict=True):
        found.tally.count(outcome)
        if outcome.removed or outcome.variants:
            _fill(found, outcome, text, lines[number - 1], Place(file, record, None, number), offset, work)
    return found


def _fill(found: Found, outcome: Outcome, text: str, line: bytes, place: Place, offset: int, work: Work) -> None:
    """Put the new line and the rows of one record into ``found``."""
    where = f"{place.file}, record {place.record}"
    record = parse(line.removeprefix(BOM))
    identity = record.get(work.id_field)
    place = Place(place.file, place.record, identity if isinstance(identity, (str, int)) else None, place.line)
    cuts = cuts_of(outcome, text, where)
    if cuts:
        spliced = checked_splice(line, record, work.text_field, cuts, outcome.text, where)
        found.changes.append((offset, offset + len(line), spliced.line))
        found.tally.removed_words += sum(words_in(text[start:end]) for start, end in cuts)
        found.removals += _removals(outcome, text, spliced, place)
    if outcome.variants:
        spans = encoded_spans(text, [(each.start, each.end) for each in outcome.variants])
        found.variants += variant_rows(outcome, text, place, spans)


def checked_splice(line: bytes, record: dict[str, Any], field: str, cuts: list[Span], text: str, where: str) -> Spliced:
    """The spliced line, parsed again: it is ``record`` with only the text changed, or InternalError."""
    spliced = splice(line, field, cuts)
    try:
        again = parse(spliced.line.removeprefix(BOM))
    except ValueError as error:
        raise InternalError(where, f"the changed line is no JSON ({error})") from None
    if again != record | {field: text}:
        raise InternalError(where, "the changed line is not the record with only its text changed")
    return spliced


def _removals(outcome: Outcome, text: str, spliced: Spliced, place: Place) -> list[Row]:
    cuts = [(each.start, each.end) for each in outcome.removed]
    digests = kept_digests(spliced.value, spliced.cuts)
    rows = removal_rows(outcome, text, place, encoded_spans(text, cuts), digests)
    whole = digest(content(spliced.line))
    for row, cut, (a, b) in zip(rows, cuts, spliced.cuts, strict=True):
        row["digest"] = whole
        row |= _spelling(text[cut[0] : cut[1]], spliced.value[a:b])
    return rows


def content(line: bytes) -> bytes:
    """A raw line without its line end and without the byte order mark of the file."""
    return line.removesuffix(b"\n").removesuffix(b"\r").removeprefix(BOM)


def _spelling(text: str, raw: bytes) -> Row:
    """What is needed to spell ``text`` as ``raw`` again."""
    if raw == escaped(text, ascii_only=False):
        return {}
    if raw == escaped(text, ascii_only=True):
        return {"escapes": "ascii"}
    return {"raw": raw.decode("utf-8")}


def _skip(found: Found, file: str, line: int, reason: str, detail: str, fix: str = _FIX) -> None:
    found.problems.append(Problem(file, line, reason, detail, fix))
    found.tally.skipped[reason] += 1


def _wrong_kind(field: str, value: object) -> tuple[str, str]:
    kind = _KINDS.get(type(value), "not a string")
    return f"text is {kind}", f"the text field {field!r} holds {kind}, not a string"


def _slowly(line: bytes, work: Work) -> str | tuple[str, ...]:
    """The text of a line that the fast way refused, or (reason, detail[, fix]) in words."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        return "not UTF-8", f"byte {error.start + 1} of the line (0x{line[error.start]:02x}) is not UTF-8"
    try:
        record = json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        return "broken JSON", "JSON nested too deeply"
    except json.JSONDecodeError as error:
        return "broken JSON", f"broken JSON ({error.msg} at column {error.colno})"
    except ValueError as error:
        return "broken JSON", f"broken JSON ({error})"
    lone = _lone_surrogate(record)
    if lone:
        return "lone surrogate", f"a lone surrogate ({lone}), half a character"
    return _text_of(record, work.text_field)


def _text_of(record: object, field: str) -> str | tuple[str, ...]:
    if not isinstance(record, dict):
        return "not an object", f"the record is {_KINDS.get(type(record), 'a string')}, not an object"
    if field not in record:
        names = ", ".join(map(repr, record)) if len(record) <= 10 else f"{len(record)} others"
        fix = f"give --text-field; the fields here: {names or 'none'}"
        return "no text field", f"no text field {field!r}", fix
    value = record[field]
    return value if isinstance(value, str) else _wrong_kind(field, value)


def _lone_surrogate(record: object) -> str | None:
    try:
        json.dumps(record, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        return f"\\u{ord(error.object[error.start]):04x}"
    return None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


@cache
def loader() -> Callable[[bytes], Any]:
    """orjson, or the standard library made as strict: UTF-8 only, no NaN, no lone surrogates."""
    try:
        from orjson import loads
    except ImportError:
        return _loads
    return loads


def parse(line: bytes) -> Any:
    """A line as the batch read it: what the fast parser refuses, the slower one may read."""
    try:
        return loader()(line)
    except ValueError:
        return _loads(line)


def _loads(line: bytes) -> Any:
    record = json.loads(line.decode("utf-8"), parse_constant=_no_constant)
    if b"\\u" in line and _lone_surrogate(record):
        raise ValueError("a lone surrogate")
    return record
