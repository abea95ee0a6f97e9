"""Rows of ``removals.jsonl`` and ``variants.jsonl``: what went or was reported, where, and why.

Fields of a removal, in order:

file, record, id        the article: its output's relative path; number of the record from 1, and its id
start, end              characters of the article's text, half-open
byte_start, byte_end    bytes of the (decompressed) file; of the UTF-8 text where it is a record
line                    line of the file (of a record its first one), from 1; ``text_line`` that in a record's text
last_line               last line of the span, counted as ``line`` in a file and ``text_line`` in a record
block, paragraphs       spans of one block share its number
boilerplate             number of articles it stands in, where they are as many as --boilerplate asked for
text                    what was removed (``text_base64`` of its UTF-8 where it has a lone surrogate)
key                     what a decision knows it by (``decisions.key_of``); empty where that is not known
shape, level, rule, similarity, differences
witness                 file, record, id, start, end, line, last_line (and text_line), key
before                  digest of the bytes kept since the cut before: shows where an output was edited
digest                  digest of the whole cleaned article: bytes of the file, raw line of the record
raw_start               byte of the raw record (without its line end) at which the removed text stood
escapes                 "ascii" where it was written in JSON with \\uXXXX only, "doubled" in CSV with "" for "
raw                     the text as it was written where that is neither the usual way nor one of these
pieces                  instead of these three, where a cut took several pieces of a record, or more than
                        text: for each [raw_start, as it was written, bytes that came in its place]
run                     number of the in-place run, from 2; left out in the first
archive                 the archive that the file is a member of; left out where it is none
lang, source            the language (by a field, else the script), and the value of --source-field, if asked for
words, share            words of the span, and the share of all words of its article that went
look                    why somebody should look at it, if so (``cases``)
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

from cleaner.types import Difference, Outcome, Removal, Variant, Witness

Row = dict[str, Any]
Span = tuple[int, int]


class Place(NamedTuple):
    """The article that rows are about. ``record`` and ``line`` are those of a record, from 1, or None.

    by, lang, order, source  values of the fields that the run asks for (``Work``), if it does and they are there
    """

    file: str
    record: int | None = None
    id: str | int | None = None
    line: int | None = None
    by: str | None = None
    lang: str | None = None
    order: tuple[str | int | None, ...] = ()
    source: str | None = None


def removal_rows(outcome: Outcome, text: str, place: Place, spans: Sequence[Span], before: Sequence[str]) -> list[Row]:
    """One row a removed span; ``spans`` are its bytes and ``before`` its digests, in the same order."""
    rows = []
    for each, span, digest in zip(outcome.removed, spans, before, strict=True):
        row = _head(each, place, span)
        row |= {"block": each.block, "paragraphs": each.paragraphs}
        row |= {"boilerplate": each.boilerplate} if each.boilerplate else {}
        row |= _text(text[each.start : each.end]) | {"key": each.key}
        row |= {"shape": each.shape, "level": each.level} | _why(each, text, place)
        row["before"] = digest
        rows.append(row)
    return rows


def variant_rows(outcome: Outcome, text: str, place: Place, spans: Sequence[Span]) -> list[Row]:
    """One row a reported span, without what restoring needs."""
    rows = []
    for each, span in zip(outcome.variants, spans, strict=True):
        row = _head(each, place, span) | _text(text[each.start : each.end])
        rows.append(row | {"key": each.key, "shape": each.shape} | _why(each, text, place))
    return rows


def shift(rows: Sequence[Row], lines: int, records: int) -> None:
    """Turn the line and record numbers of a batch into those of its file, in place."""
    for row in rows:
        for part in (row,) if isinstance(row["witness"], Away) else (row, row["witness"]):
            part["line"] += lines
            part["record"] += records


def dumps(row: Row) -> bytes:
    """One line of JSON with its end; by orjson where it is loaded already (for a few rows it is not worth loading)."""
    orjson = sys.modules.get("orjson")
    if orjson is not None:
        try:
            return bytes(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
        except TypeError:  # a file name that is not UTF-8 (surrogateescape)
            pass
    import json

    line = json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"
    try:
        return line.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(row, separators=(",", ":")).encode("ascii") + b"\n"


def digest(data: bytes, size: int = 16) -> str:
    """blake2b of ``data`` in hexadecimal; ``size`` in bytes."""
    from hashlib import blake2b

    return blake2b(data, digest_size=size).hexdigest()


def encoded_spans(text: str, spans: Sequence[Span], encoding: str = "utf-8", first: int = 0) -> list[Span]:
    """Spans of characters, in any order, as spans of bytes in ``encoding``; the text begins at ``first``."""
    if encoding == "utf-8" and text.isascii():
        return [(start + first, end + first) for start, end in spans]
    offsets, at, size = {}, 0, first
    for position in sorted({position for span in spans for position in span}):
        size += len(text[at:position].encode(encoding))
        offsets[position], at = size, position
    return [(offsets[start], offsets[end]) for start, end in spans]


def kept_digests(data: bytes, spans: Sequence[Span]) -> list[str]:
    """For each cut the digest (8 bytes) of what is kept since the cut before it."""
    result, at = [], 0
    for start, end in spans:
        result.append(digest(data[at:start], 8))
        at = end
    return result


def _head(each: Removal | Variant, place: Place, span: Span) -> Row:
    row: Row = {"file": place.file, "record": place.record, "id": place.id, "start": each.start, "end": each.end}
    row |= {"byte_start": span[0], "byte_end": span[1]}
    if place.line is None:
        return row | {"line": each.line, "last_line": each.last_line}
    return row | {"line": place.line, "text_line": each.line, "last_line": each.last_line}


def _text(text: str) -> Row:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        from base64 import b64encode

        return {"text_base64": b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")}
    return {"text": text}


def _why(each: Removal | Variant, text: str, place: Place) -> Row:
    return {
        "rule": each.rule,
        "similarity": round(each.similarity, 4),
        "differences": [_difference(difference) for difference in each.differences],
        "witness": _witness(each.witness, text, place),
    }


def _difference(each: Difference) -> Row:
    return {"name": each.name, "here": each.here, "witness": each.witness, "material": each.material}


class Away(dict[str, Any]):
    """A witness in another article: its numbers are those of its file already."""


def _witness(witness: Witness, text: str, place: Place) -> Row:
    if witness.elsewhere is not None:
        return _elsewhere(witness)
    row: Row = {"file": place.file, "record": place.record, "id": place.id}
    row |= {"start": witness.start, "end": witness.end}
    last = witness.line + text.count("\n", witness.start, witness.end)
    if place.line is None:
        return row | {"line": witness.line, "last_line": last, "key": witness.key}
    return row | {"line": place.line, "text_line": witness.line, "last_line": last, "key": witness.key}


def _elsewhere(witness: Witness) -> Away:
    each = witness.elsewhere
    assert each is not None
    row = Away(file=each.file, record=each.record, id=each.id, start=each.start, end=each.end)
    lines = {"line": each.text_line} if each.line is None else {"line": each.line, "text_line": each.text_line}
    row.update(lines | {"last_line": each.last_line, "key": witness.key})
    return row
