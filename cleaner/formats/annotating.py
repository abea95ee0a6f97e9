"""What would be removed, written beside the texts instead: as a field of each record, or as dolma's attributes.

``spans``: a record gets one more field, put before its closing brace, so that every other byte stays:
``{"removed": [[start, end], ...], "levels": ["exact", ...], "variants": [[start, end], ...]}``.

``onion``: the same for onion's measure, a list of the paragraphs: ``[[start, end, share], ...]``. Where shares come
from is not known here: see ``Work.shares``.

``dolma``: a line for each line of the input, in a file beside it:
``{"id": ..., "attributes": {"cleaner__repeats": [[start, end, 1.0], ...], "cleaner__variants": ...}}``. Variants
have their similarity as their score, repeats 1. ``dolma mix`` reads line k of both and refuses where the ids differ.

Positions are characters of the text, half-open, as in the log; those of dolma are the same (it steps through
``char_indices`` of the text, version 1.2.1, src/shard.rs).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast

from cleaner.errors import SettingsError
from cleaner.formats.files import AS_JSONL, Source
from cleaner.formats.jsonl import parse
from cleaner.formats.records import BOM, Read, trimmed
from cleaner.formats.rows import Row, dumps
from cleaner.formats.work import Annotate, Found, Problem, Share, TextFormat, Work
from cleaner.types import Outcome

ATTRIBUTES, DOCUMENTS = "attributes", "documents"
"""Folders of dolma; files in them have the same relative names."""
_HOLDS: dict[Annotate, frozenset[str]] = {
    "spans": frozenset[str]({"jsonl", "json", *AS_JSONL}),
    "dolma": frozenset[str]({"jsonl"}),
    "onion": frozenset[str]({"jsonl", "json", *AS_JSONL}),
}
_FLAT_END = re.compile(rb',"[^"]*":\{[^{}]*\}(\}\s*)\Z')
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def can_hold(format: str, annotate: Annotate) -> bool:
    """Whether records of a format have a place for spans."""
    return format in _HOLDS[annotate]


def no_place(source: Source, format: str, annotate: Annotate, log: Path | None) -> Problem:
    """What is told of a file that has none."""
    if annotate == "dolma":
        detail = f"dolma has attributes of JSONL only, and this is {_named(format)}"
        fix = "make it JSONL (text, id)"
    else:
        detail = f"{_named(format)} has no place for a field beside the text"
        fix = "make it JSONL"
    if annotate == "onion":
        return Problem(source.shown, None, "no place for spans", detail, f"to have onion's measure of it, {fix}")
    where = f"its spans are in {log}/removals.jsonl" if log is not None else "its spans are in the log that -o gives"
    return Problem(source.shown, None, "no place for spans", detail, f"{where}; to have them beside the text, {fix}")


def check_field(name: str) -> None:
    """Raise SettingsError where ``name`` cannot name the field and, for dolma, a folder."""
    if _PLAIN_NAME.fullmatch(name) is None:
        raise SettingsError(f"annotate_field is {name!r}; give letters, digits, - and _, like cleaner")


def attribute_name(name: str, field: str) -> str:
    """Where the attributes of the documents ``name`` go: as dolma derives it, or below ``attributes`` else."""
    folder = f"{ATTRIBUTES}/{field}/"
    slashed = f"/{name}"
    if f"/{DOCUMENTS}/" in slashed:
        return slashed.replace(f"/{DOCUMENTS}/", f"/{folder}")[1:]
    return folder + name


def check_names(sources: Sequence[Source], out: Path, field: str) -> None:
    """Raise SettingsError where two inputs would share their attributes, or attributes replace an input."""
    paths = {os.path.realpath(source.path): source.shown for source in sources if source.path is not None}
    names: dict[str, Source] = {}
    for source in sources:
        name = attribute_name(source.name, field)
        if name in names:
            raise SettingsError(
                f"{names[name].shown} and {source.shown} would both have their attributes in {name}; "
                "do them in two runs, or give the folder that holds both"
            )
        names[name] = source
        if (input := paths.get(os.path.realpath(out.joinpath(*name.split("/"))))) is not None:
            raise SettingsError(f"{source.shown}: its attributes would replace the input {input}; give another -o")


class Annotated(NamedTuple):
    """A batch of records with what was found in each; ``measures`` are empty where the run takes none."""

    file: str
    batch: bytes
    read: Read
    outcomes: Sequence[Outcome]
    measures: Sequence[Mapping[str, float]]
    first: bool
    text_format: TextFormat = "plain"


def annotate(found: Found, each: Annotated, work: Work) -> None:
    """Turn the changes of a batch of records in JSON into annotations; the rows for the log stay.

    Where the run only takes measures, records get these and are cleaned all the same.
    """
    if work.annotate == "dolma":
        found.data, found.changes = _attributes(found, each, work.annotate_field), []
    else:
        found.changes = list(_changes(found, each, work))


def _changes(found: Found, each: Annotated, work: Work) -> Iterator[tuple[int, int, bytes]]:
    """A field more for each record, or two."""
    read, measures = each.read, each.measures or [{}] * len(each.outcomes)
    marks = list(_marks(each, work))
    cleaned = {start: new for start, _, new in found.changes} if work.annotate is None else {}
    known = {place.record for place in read.places}
    found.bare += [number for number in range(1, read.records + 1) if number not in known]
    for mark, values, place, span in zip(marks, measures, read.places, read.spans, strict=True):
        fields: dict[str, Any] = dict(mark)
        fields |= {work.measures_field: values} if values else {}
        start, end = trimmed(each.batch, span)
        raw = each.batch[start:end]
        taken = known_of(raw, list(fields))
        if taken is not None:
            what, fix = (
                f"the record has a field {taken!r} already",
                "it stays, and no other is added: give another --annotate-field",
            )
            _tell(found, Problem(place.file, place.line, "field taken", what, fix))
            found.bare.append(place.record or 0)
        if start in cleaned:
            yield start, end, cleaned[start] if taken else with_fields(cleaned[start], fields)
        elif taken is None:
            at = start + len(raw.rstrip()) - 1
            yield at, at, inserted(fields)


def _marks(each: Annotated, work: Work) -> Iterator[dict[str, Any]]:
    """The field with what was asked for, for each record."""
    if work.annotate == "onion":
        assert work.shares is not None
        shares = work.shares(each.read.texts, each.text_format)
        yield from ({work.onion_field: list[Share](own)} for own in shares)
    else:
        asked = work.annotate is not None
        yield from ({work.annotate_field: spans_of(outcome)} if asked else {} for outcome in each.outcomes)


def _tell(found: Found, problem: Problem) -> None:
    found.problems.append(problem)
    found.tally.skipped[problem.reason] += 1


def inserted(values: Mapping[str, Any]) -> bytes:
    """Fields as they are put before the closing brace of a record that has others."""
    return b"," + dumps(dict(values)).strip()[1:-1]


def with_fields(raw: bytes, values: Mapping[str, Any]) -> bytes:
    """A record with fields more."""
    at = len(raw.rstrip()) - 1
    return raw[:at] + inserted(values) + raw[at:]


def without_field(raw: bytes, field: str) -> bytes | None:
    """A record without its last field, a flat object of that name as ``inserted`` writes it; None: it has none."""
    begin = raw.rfind(b',"%b":{' % field.encode("ascii"))
    match = _FLAT_END.match(raw, begin) if begin >= 0 else None
    return raw[:begin] + raw[match.start(1) :] if match is not None else None


def known_of(raw: bytes, names: Sequence[str]) -> str | None:
    """The first of ``names`` that the record has already, however it is spelled."""
    if b"\\u" not in raw and not any(f'"{name}"'.encode() in raw for name in names):
        return None
    record = parse(raw)
    return next((name for name in names if name in record), None)


def spans_of(outcome: Outcome) -> Row:
    """What would go and what is only nearly said before."""
    return {
        "removed": [[each.start, each.end] for each in outcome.removed],
        "levels": [each.level for each in outcome.removed],
        "variants": [[each.start, each.end] for each in outcome.variants],
    }


def _attributes(found: Found, each: Annotated, name: str) -> bytes:
    """A line for every line of the batch; one without a text has no spans. What dolma cannot read is told."""
    read, measures = each.read, each.measures or [{}] * len(each.outcomes)
    starts = [start for start, _ in read.spans]
    known = dict(zip(starts, zip(each.outcomes, measures, read.texts, strict=True), strict=True))
    lines, offset = [], 0
    pieces = each.batch.split(b"\n")
    for number, line in enumerate(pieces if pieces[-1] else pieces[:-1], 1):
        outcome, values, text = known.get(offset, (Outcome(""), {}, ""))
        raw = line.removeprefix(BOM) if each.first and not offset else line
        record = _parsed(raw)
        if what := _unreadable(raw, line, record, known=offset in known):
            fix = "its line is kept free: correct the documents"
            _tell(found, Problem(each.file, number, "not for dolma", f"dolma mix stops at {what}", fix))
        row = _of_dolma(outcome, name)
        row |= {f"{name}__{measure}": [[0, len(text), value]] for measure, value in values.items()}
        lines.append(b'{"id":%b,"attributes":%b}\n' % (_id(raw, record), dumps(row).strip()))
        offset += len(line) + 1
    return b"".join(lines)


def _parsed(raw: bytes) -> dict[str, Any]:
    """A record; {} where it is none."""
    try:
        record = parse(raw)
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}


def _unreadable(raw: bytes, line: bytes, record: Mapping[str, Any], *, known: bool) -> str | None:
    """What dolma cannot read that JSONL may have; other records without a text were told of as such."""
    if not raw.strip():
        return "a blank line"
    if len(raw) < len(line):
        return "a byte order mark"
    return "a text that is no string" if known and not isinstance(record.get("text"), str) else None


def _id(raw: bytes, record: Mapping[str, Any]) -> bytes:
    """What dolma compares: the field id, whatever it is; null where there is none.

    A number that not every reader holds exactly is written as the document has it.
    """
    found = record.get("id")
    if isinstance(found, float) or (isinstance(found, int) and not -(1 << 63) <= found < 1 << 63):
        literal = json.loads(raw, parse_float=_Literal, parse_int=_Literal)["id"]
        return str(literal).encode("ascii")
    return dumps(cast(Row, found)).strip()


class _Literal(str):
    """A number as it is written."""


def _of_dolma(outcome: Outcome, name: str) -> Row:
    return {
        f"{name}__repeats": [[each.start, each.end, 1.0] for each in outcome.removed],
        f"{name}__variants": [[each.start, each.end, round(each.similarity, 4)] for each in outcome.variants],
    }


def _named(format: str) -> str:
    return {"plain": "plain text", "html": "HTML", "markdown": "Markdown", "json": "a JSON array"}.get(
        format, format.upper()
    )
