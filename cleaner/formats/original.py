"""The text of one article before it was cleaned, from the output and its log, with what was found in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, cast

from cleaner.errors import InputError, RestoreError
from cleaner.formats.archive_restore import ArchiveBack
from cleaner.formats.compression import Compression
from cleaner.formats.delimited import Delimited
from cleaner.formats.dialect import begin, content, split, syntax, unquoted
from cleaner.formats.files import RECORDS, Source
from cleaner.formats.logged import Known, Log
from cleaner.formats.record_formats import HEAD, reader_of
from cleaner.formats.records import RecordFormat, peek
from cleaner.formats.removal_log import REMOVALS, VARIANTS, Entry
from cleaner.formats.restore import digest_of, original, pieces_of, safe
from cleaner.formats.rows import Row
from cleaner.formats.undo import Only, records_before, text_of
from cleaner.formats.work import Work
from cleaner.settings import Settings


class Original(NamedTuple):
    """An article as one run met it; ``removals`` and ``variants`` are the rows of that run, by characters of ``text``.

    run     number of the run that they are of, the last one of those in place that took something from it
    runs    the runs that the log has of its file
    counts  what the run counted in the article, where it is a file of its own
    """

    file: str
    record: int | None
    id: str | int | None
    text: str
    removals: list[Row]
    variants: list[Row]
    run: int = 1
    runs: int = 1
    counts: Row | None = None
    format: str = "plain"


def original_of(log: Log, known: Known, run: int | None = None) -> Original:
    """The article as it was before ``run`` (from 1), or before the last run that took something from it.

    Raises RestoreError where the output was edited since, and where there is no such article or run;
    InputError where the output cannot be read.
    """
    chain = log.chains[known.file]
    _refuse(known.file, chain[-1], run, len(chain))
    of_runs = [log.rows(REMOVALS, known.file, entry.run, known.record) for entry in chain]
    at = (run - 1) if run is not None else max((n for n, rows in enumerate(of_runs) if rows), default=len(chain) - 1)
    removals, entry = of_runs[at], chain[at]
    variants = log.rows(VARIANTS, known.file, entry.run, known.record)
    text, ids = _text(log, known, chain[at:], of_runs[at:])
    try:
        fits = all(text[row["start"] : row["end"]] == text_of(row) for row in removals)
    except (KeyError, TypeError):
        fits = False
    if not fits:
        raise RestoreError(f"{known.file}: the log does not fit its text; was removals.jsonl edited?")
    known_id = next((row["id"] for row in (*removals, *variants)), ids)
    counts = entry.counts if entry.format not in RECORDS else None
    return Original(
        known.file, known.record, known_id, text, removals, variants, at + 1, len(chain), counts, entry.format
    )


def _refuse(file: str, last: Entry, run: int | None, runs: int) -> None:
    if last.format == "copied":
        raise RestoreError(f"{file}: was no article to the run, which copied it as it is; nothing was removed from it")
    if run is not None and not 1 <= run <= runs:
        raise RestoreError(f"{file}: the log has {runs} run{'s' * (runs != 1)} of it; give --run from 1 to {runs}")


def _text(log: Log, known: Known, chain: Sequence[Entry], rows: Sequence[list[Row]]) -> tuple[str, str | int | None]:
    """Text and id of the article before the first run of ``chain``."""
    last = chain[-1]
    try:
        if known.file in log.archives:
            return _member_text(log, known, last, rows[-1])
        place = log.out_dir / (last.path if last.path is not None else safe(last.file))
        cleaned = Source(str(place), last.file, "plain", cast(Compression, last.compression))
        if last.path is not None and digest_of(cleaned, last) == chain[0].digest_in:
            chain, rows = [replace(chain[0], digest_out=chain[0].digest_in)], [[]]  # restored in its place already
        return _read(pieces_of(cleaned, last), known, chain, rows)
    except UnicodeError:
        raise RestoreError(
            f"{known.file}: is not in the encoding that the log names; was files.jsonl edited?"
        ) from None
    except InputError as error:
        raise RestoreError(f"{error.file}: {error.problem}; showing needs the cleaned file in its place") from None


def _read(
    pieces: Iterator[bytes], known: Known, chain: Sequence[Entry], rows: Sequence[list[Row]]
) -> tuple[str, str | int | None]:
    first = chain[0]
    if first.format not in RECORDS:
        data = b"".join(original(pieces, chain, list(rows), None))
        return data[len(first.bom) // 2 :].decode(first.encoding), None
    head, _, pieces = peek(pieces, HEAD)
    only = Only(known.file, known.record, known.id if known.record is None else None)
    if any(rows):
        raw = b"".join(original(pieces, chain, list(rows), only))
    else:
        raw = b"".join(records_before(pieces, first, [], only, last=True))
    return _record_text(_reader(first, head), raw, first, known)


def _record_text(reader: RecordFormat, raw: bytes, entry: Entry, known: Known) -> tuple[str, str | int | None]:
    work = Work(cast(Any, None), Settings(), str(entry.text_field), str(entry.id_field))
    read = reader.read(raw, entry.file, work, first=False)
    if len(read.texts) > 1:
        raise RestoreError(f"{entry.file}: {len(read.texts)} records have the id {known.id!r}; give --record")
    if not read.texts:
        why = read.problems[0].detail if read.problems else "it is empty"
        raise RestoreError(f"{entry.file}: this record has no text ({why}); the run left it as it was")
    return read.texts[0], read.places[0].id


def _reader(entry: Entry, head: bytes) -> RecordFormat:
    """What reads the records of a file that begins with ``head``; a table names its columns there."""
    reader = reader_of(entry.format, entry.dialect)
    if not isinstance(reader, Delimited):
        return reader
    for match in syntax(reader.delimiter, reader.quotes).row.finditer(head, begin(head)):
        start, end = content(head, match.span())
        if start < end:
            fields = split(head[start:end], reader.delimiter, reader.quotes)
            names = (unquoted(head[start + a : start + b], reader.quotes) for a, b in fields)
            return replace(reader, names=tuple(names))
    return reader


def _member_text(log: Log, known: Known, entry: Entry, rows: list[Row]) -> tuple[str, str | int | None]:
    """The same of a member of an archive, which is read up to there."""
    whole = log.chains[log.archives[known.file]][-1]
    source = Source(str(log.out_dir / safe(whole.file)), whole.file, "plain", cast(Compression, whole.compression))
    found: list[tuple[str, str | int | None]] = []

    def read(pieces: Iterator[bytes], entry: Entry, _: list[Row]) -> Iterator[bytes]:
        found.append(_read(pieces, known, [entry], [rows]))
        return iter(())

    ArchiveBack(source, whole, iter([{"file": known.file}]), read, None).member(known.file, _Nowhere())
    return found[0]


class _Nowhere:
    """Takes what a member is undone to, which ``read`` has kept."""

    def write(self, data: bytes) -> int:
        return len(data)

    def close(self) -> None:
        """Nothing is open."""
