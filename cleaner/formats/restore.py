"""The original bytes again, from an output and its removal log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast

from cleaner.errors import InputError, RestoreError
from cleaner.formats import removal_log
from cleaner.formats.atomic import Staged
from cleaner.formats.compression import Compression, sink
from cleaner.formats.files import LOG_FOLDER, Source
from cleaner.formats.jsonl import BOM, content, parse
from cleaner.formats.reading import line_batches, open_source
from cleaner.formats.removal_log import Entry
from cleaner.formats.rows import Row, digest
from cleaner.formats.splice import escaped, find_value, insert, raw_positions
from cleaner.formats.writing import named


@dataclass(frozen=True, slots=True)
class Only:
    """What to restore: one file, or one record of it by number (from 1) or by id."""

    file: str
    record: int | None = None
    id: str | int | None = None

    @property
    def whole(self) -> bool:
        return self.record is None and self.id is None


def restore(out_dir: str | Path, into: str | Path, only: Only | str | None = None) -> list[str]:
    """Write the originals of the files below ``out_dir`` under ``into``; returns their names.

    Plain files get their very bytes, ``.gz`` and ``.zst`` are equal after decompression. Raises
    RestoreError where an output was edited since, naming file, record and span; files restored before
    stay, of the one at fault nothing is written.
    """
    out_dir, into = Path(out_dir), Path(into)
    only = Only(only) if isinstance(only, str) else only
    folder = out_dir / LOG_FOLDER
    chains = removal_log.chains(folder)
    if not chains:
        raise RestoreError(f"{folder}: no log of a run here; give the folder that was given with -o")
    if only is not None:
        chains = [chain for chain in chains if chain[-1].file == only.file]
        if not chains:
            raise RestoreError(f"{only.file}: not in the log {folder / removal_log.FILES}; name it as it stands there")
    segments = removal_log.segments(folder, removal_log.REMOVALS)
    for chain in chains:
        of_runs = [segments.get((entry.file, entry.run), []) for entry in chain]
        rows = [[row for segment in each for row in segment.rows()] for each in of_runs]
        try:
            _restore_file(out_dir, into, chain, rows, only)
        except (KeyError, TypeError) as error:
            raise RestoreError(
                f"{chain[-1].file}: damaged rows in {removal_log.REMOVALS} ({error}); put the log back as it was"
            ) from None
    return [chain[-1].file for chain in chains]


def _restore_file(out_dir: Path, into: Path, chain: Sequence[Entry], rows: list[list[Row]], only: Only | None) -> None:
    last = chain[-1]
    name = _safe(last.file)
    source = out_dir / (last.path if last.path is not None else name)
    target = into / name
    if last.path is None and target.exists() and source.exists() and target.samefile(source):
        raise RestoreError(f"{target}: is the cleaned file itself; give another folder with -o")
    compression = cast(Compression, last.compression)
    cleaned = Source(str(source), name, "plain", compression)
    try:
        if last.path is not None and (only is None or only.whole) and _digest_of(cleaned) == chain[0].digest_in:
            chain = ()  # restored in its place already
        opened = open_source(cleaned)
        with named(str(target)), Staged(target, like=str(source)) as staged:
            writer = sink(staged.stream, compression)
            for piece in _original(opened.pieces, chain, rows, only):
                writer.write(piece)
            writer.close()
            staged.commit()
    except InputError as error:
        raise RestoreError(f"{error.file}: {error.problem}; restoring needs the cleaned file in its place") from None


def _digest_of(source: Source) -> str:
    whole = blake2b(digest_size=16)
    for piece in open_source(source).pieces:
        whole.update(piece)
    return whole.hexdigest()


def _original(
    pieces: Iterator[bytes], chain: Sequence[Entry], rows: list[list[Row]], only: Only | None
) -> Iterator[bytes]:
    if not chain:
        return pieces
    if chain[-1].format == "jsonl":
        return _records(pieces, chain, rows, only)
    if only is not None and not only.whole:
        raise RestoreError(f"{only.file}: holds no records, it is one article; name the file alone")
    if chain[-1].format == "copied":
        return _copied(pieces, chain[-1])
    return iter([_article(b"".join(pieces), chain, rows)])


def _copied(pieces: Iterator[bytes], entry: Entry) -> Iterator[bytes]:
    whole = blake2b(digest_size=16)
    for piece in pieces:
        whole.update(piece)
        yield piece
    if whole.hexdigest() != entry.digest_in:
        raise _edited(entry.file, "", None, [])


def _article(data: bytes, chain: Sequence[Entry], rows: list[list[Row]]) -> bytes:
    """Undo the runs, the last one first; each is checked by the digests of what it made and what it read."""
    if digest(data) == chain[0].digest_in:
        return data  # restored already, or never changed
    for entry, cut in zip(reversed(chain), reversed(rows), strict=True):
        if digest(data) != entry.digest_out:
            raise _edited(entry.file, "", _first_edited(data, cut), cut)
        data = _undo(data, entry, cut)
    return data


def _undo(data: bytes, entry: Entry, cut: list[Row]) -> bytes:
    pieces, at, gone = [], 0, 0
    for row in cut:
        begin = row["byte_start"] - gone
        raw = _text(row).encode(entry.encoding, "surrogatepass" if entry.encoding == "utf-8" else "strict")
        pieces += [data[at:begin], raw]
        at, gone = begin, gone + len(raw)
    original = b"".join([*pieces, data[at:]])
    if digest(original) != entry.digest_in:
        raise RestoreError(f"{entry.file}: the log does not give the original again; was removals.jsonl edited?")
    return original


def _first_edited(data: bytes, cut: list[Row]) -> int:
    """The first cut in front of which the kept bytes are not what they were; len(cut) behind the last."""
    at, gone = 0, 0
    for number, row in enumerate(cut):
        begin = row["byte_start"] - gone
        if digest(data[at:begin], 8) != row["before"]:
            return number
        at, gone = begin, gone + row["byte_end"] - row["byte_start"]
    return len(cut)


def _records(
    pieces: Iterator[bytes], chain: Sequence[Entry], rows: list[list[Row]], only: Only | None
) -> Iterator[bytes]:
    """The original lines one after the other; only afterwards it is known whether the whole is as it was."""
    last, whole = chain[-1], only is None or only.whole
    before, after = blake2b(digest_size=16), blake2b(digest_size=16)
    by_line = [_by_line(each) for each in rows]
    record, done = 0, False
    for number, line in enumerate(_lines(pieces), 1):
        record += bool(content(line).strip())
        wanted = whole or (only is not None and _is(line, record, only, [each.get(number) for each in by_line], last))
        if not wanted:
            continue
        original = line
        for lines in reversed(by_line):
            if (cut := lines.get(number)) is not None:
                original = _undo_record(original, last, record, cut)
        before.update(line)
        after.update(original)
        done = True
        yield original
    if not whole and not done:
        raise RestoreError(
            f"{last.file}: no such record in the cleaned file; --record counts from 1, --id is as in the file"
        )
    if whole and after.hexdigest() != chain[0].digest_in:
        raise RestoreError(
            f"{last.file}: was edited since it was cleaned, in a record of which nothing had been removed "
            "or by adding or dropping lines; put the cleaned file back as it was, or restore single records"
        )


def _undo_record(line: bytes, entry: Entry, record: int, cut: list[Row]) -> bytes:
    field = str(entry.text_field)
    if digest(content(line)) != cut[0]["digest"]:
        raise _edited(
            entry.file, f", record {record} (id {cut[0]['id']!r})", _first_edited_value(line, field, cut), cut
        )
    gone, insertions = 0, []
    for row in cut:
        insertions.append((row["start"] - gone, _raw(row)))
        gone += row["end"] - row["start"]
    return insert(line, field, insertions)


def _first_edited_value(line: bytes, field: str, cut: list[Row]) -> int | None:
    """As _first_edited, in the raw value; None where there is no such value any more."""
    try:
        start, end = find_value(line, field) if isinstance(parse(content(line)).get(field), str) else (0, 0)
        value, at, gone = line[start:end], 0, 0
        for number, row in enumerate(cut):
            (begin,) = raw_positions(value, [row["start"] - gone])
            if digest(value[at:begin], 8) != row["before"]:
                return number
            at, gone = begin, gone + row["end"] - row["start"]
    except (ValueError, LookupError, AttributeError):
        return None
    return len(cut)


def _edited(file: str, record: str, number: int | None, cut: list[Row]) -> RestoreError:
    """The error that shows between which cuts the output was edited."""
    if not cut or number is None:
        where = "it"
    elif number == len(cut):
        where = f"the text behind the removed {_span(cut[-1])}"
    else:
        where = f"the text before the removed {_span(cut[number])}"
    return RestoreError(
        f"{file}{record}: {where} was edited since it was cleaned; put it back, or restore the other files alone"
    )


def _span(row: Row) -> str:
    text = re.sub(r"\s+", " ", _text(row)).strip()
    shown = text if len(text) <= 60 else text[:57] + "..."
    return f"span {row['start']}-{row['end']} (line {row.get('text_line', row['line'])}, {shown!r})"


def _text(row: Row) -> str:
    if "text" in row:
        return str(row["text"])
    from base64 import b64decode

    return b64decode(row["text_base64"]).decode("utf-8", "surrogatepass")


def _raw(row: Row) -> bytes:
    if "raw" in row:
        return str(row["raw"]).encode("utf-8")
    return escaped(_text(row), ascii_only=row.get("escapes") == "ascii")


def _is(line: bytes, record: int, only: Only, cuts: list[list[Row] | None], entry: Entry) -> bool:
    if not content(line).strip():
        return False
    if only.record is not None:
        return record == only.record
    known = next((cut[0]["id"] for cut in cuts if cut), None)
    if known is None:
        known = _identity(line, entry)
    return known is not None and str(known) == str(only.id)


def _identity(line: bytes, entry: Entry) -> Any:
    try:
        return parse(content(line)).get(entry.id_field)
    except (ValueError, AttributeError):
        return None


def _lines(pieces: Iterator[bytes]) -> Iterator[bytes]:
    for batch in line_batches(pieces):
        lines = batch.split(b"\n")
        yield from (line + b"\n" for line in lines[:-1])
        if lines[-1]:
            yield lines[-1]


def _by_line(rows: list[Row]) -> dict[int, list[Row]]:
    result: dict[int, list[Row]] = {}
    for row in rows:
        result.setdefault(row["line"], []).append(row)
    return result


def _safe(name: str) -> str:
    """A name from the log as a path below a folder; the log is data, and may not point out of it."""
    parts = name.split("/")
    if name.startswith(("/", "\\")) or ".." in parts or "" in parts or ":" in parts[0] or BOM.decode() in name:
        raise RestoreError(f"{name!r} in files.jsonl is no path below the output folder; was the log edited?")
    return "/".join(parts)
