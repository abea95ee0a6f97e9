"""What a run took from the records of a file is put back into them, one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from cleaner.errors import RestoreError
from cleaner.formats.raw import put_back
from cleaner.formats.record_formats import reader_of
from cleaner.formats.records import RecordFormat, backs_of, first_edited, trimmed
from cleaner.formats.removal_log import Entry
from cleaner.formats.rows import Row, digest
from cleaner.formats.work import changed


@dataclass(frozen=True, slots=True)
class Only:
    """What to restore: one file, or one record of it by number (from 1) or by id."""

    file: str
    record: int | None = None
    id: str | int | None = None

    @property
    def whole(self) -> bool:
        return self.record is None and self.id is None


def records_before(
    pieces: Iterator[bytes], entry: Entry, rows: list[Row], only: Only | None, *, last: bool
) -> Iterator[bytes]:
    """The file before one run, in pieces; only afterwards it is known whether the whole is as it was.

    ``only`` one record: the others are passed on as they are, and left out by the ``last`` step.
    """
    reader, whole = reader_of(entry.format, entry.dialect), only is None or only.whole
    undo = _Undo(reader, entry, _by_record(rows), None if whole else only)
    after, first = blake2b(digest_size=16), True
    for batch in reader.batches(pieces, entry.file):
        data = batch.data
        if batch.records:
            data = undo.without_added(data, first)
            changes = undo.changes(data, first)
            if last and undo.only is not None:
                yield from undo.wanted
                undo.wanted.clear()
            data = b"".join(changed(data, changes))
        first = False
        if whole or not last:
            after.update(data)
            yield data
    if not whole and not undo.found:
        raise RestoreError(
            f"{entry.file}: no such record in the cleaned file; --record counts from 1, --id is as in the file"
        )
    if whole and after.hexdigest() != entry.digest_in:
        raise RestoreError(
            f"{entry.file}: was edited since it was cleaned, in a record of which nothing had been removed "
            "or by adding or dropping lines; put the cleaned file back as it was, or restore single records"
        )


@dataclass(slots=True)
class _Undo:
    """Puts back what a run took from the records of one file, batch after batch."""

    reader: RecordFormat
    entry: Entry
    rows: dict[int, list[Row]]
    only: Only | None
    record: int = 0
    found: bool = False
    wanted: list[bytes] = field(default_factory=list)

    def without_added(self, batch: bytes, first: bool) -> bytes:
        """The batch without the field that each of its records got."""
        name, number, changes = self.entry.added, self.record, []
        if name is None:
            return batch
        from cleaner.formats.annotating import without_field

        bare = self.entry.bare or ()
        for each in self.reader.spans(batch, str(self.entry.text_field), first=first):
            number += 1
            start, end = trimmed(batch, each)
            if not any(from_ <= number <= to for from_, to in bare):
                before = without_field(batch[start:end], name)
                changes += [(start, end, before)] if before is not None else []
        return b"".join(changed(batch, changes))

    def changes(self, batch: bytes, first: bool) -> list[tuple[int, int, bytes]]:
        """The changes that make the batch what it was; of ``only`` one record it is put into ``wanted``, too."""
        changes = []
        for each in self.reader.spans(batch, str(self.entry.text_field), first=first):
            self.record += 1
            start, end = trimmed(batch, each)
            raw, cut = batch[start:end], self.rows.get(self.record)
            if self.only is not None and not self._is_wanted(raw, cut):
                continue
            original = raw if cut is None else self._original(raw, cut)
            if cut is not None:
                changes.append((start, end, original))
            if self.only is not None:
                self.wanted.append(original + (b"" if self.entry.format == "json" else _line_end(batch, end)))
                self.found = True
        return changes

    def _original(self, raw: bytes, cut: list[Row]) -> bytes:
        backs = backs_of(self.reader, cut, text_of)
        if digest(raw) != cut[0]["digest"]:
            where = f", record {self.record} (id {cut[0]['id']!r})"
            raise edited(self.entry.file, where, first_edited(raw, cut, backs), cut)
        return put_back(raw, [back for back, _ in backs])

    def _is_wanted(self, raw: bytes, cut: list[Row] | None) -> bool:
        assert self.only is not None
        if self.only.record is not None:
            return self.record == self.only.record
        known = cut[0]["id"] if cut else self.reader.identity(raw, str(self.entry.id_field))
        return known is not None and str(known) == str(self.only.id)


def _line_end(batch: bytes, at: int) -> bytes:
    """The line end that stands behind a record, which goes with it."""
    behind = batch[at : at + 2]
    return behind if behind == b"\r\n" else behind[:1] if behind[:1] in (b"\r", b"\n") else b""


def edited(file: str, record: str, number: int | None, cut: list[Row]) -> RestoreError:
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
    text = re.sub(r"\s+", " ", text_of(row)).strip()
    shown = text if len(text) <= 60 else text[:57] + "..."
    return f"span {row['start']}-{row['end']} (line {row.get('text_line', row['line'])}, {shown!r})"


def text_of(row: Row) -> str:
    """The removed text."""
    if "text" in row:
        return str(row["text"])
    from base64 import b64decode

    return b64decode(row["text_base64"]).decode("utf-8", "surrogatepass")


def _by_record(rows: list[Row]) -> dict[int, list[Row]]:
    result: dict[int, list[Row]] = {}
    for row in rows:
        result.setdefault(row["record"], []).append(row)
    return result
