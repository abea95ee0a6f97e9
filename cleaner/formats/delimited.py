"""Records in rows of CSV or TSV, with a header that names the columns, or with columns by number.

Cuts are made in the raw bytes of a field, which keeps its quotes; each changed row is read again by the
csv module before it counts. A row that has another number of fields than the first one, or text behind
a closing quote, is left alone; so is all behind a quote that is never closed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cleaner.errors import InternalError
from cleaner.formats.columns import Columns, columns_of, has_header, id_column
from cleaner.formats.dialect import begin, content, split, swallows, syntax, unquoted, whole_row
from cleaner.formats.fields import NoText, Share, joined, rest, shares
from cleaner.formats.raw import Gone, applied
from cleaner.formats.reading import BATCH, MOST
from cleaner.formats.records import Batch, Read, Trouble, Window
from cleaner.formats.rows import Place, Row, Span
from cleaner.formats.work import Problem, Work

_FIX = "the row is left as it was: correct it, or leave it out"
_REST = "what follows is left as it was: correct it"
_LONE = re.compile(rb"\r(?!\n)")


@dataclass(frozen=True, slots=True)
class Delimited:
    """Rows with one delimiter. ``names`` are the fields of the first row, which restoring can do without.

    quotes   whether quotes mean anything
    header   whether the first row names the columns; None: unless the text field is the number of a column
    ids      the column of the ids (from 0), where ``names`` do not say it
    """

    delimiter: str = ","
    quotes: bool = True
    names: tuple[str, ...] = ()
    header: bool | None = None
    ids: int | None = None

    def batches(self, read: Iterable[bytes], file: str) -> Iterator[Batch]:
        window, row = Window(read), syntax(self.delimiter, self.quotes).row
        window.more(max(BATCH, 64))
        while not window.ended and begin(window.data) == len(window.data):
            window.more(2 * len(window.data))
        at, lost = begin(window.data), False
        while not window.ended and not lost:
            end, lost = self._reach(window.data, at)
            if end > at and not lost:
                yield Batch(window.take(end))
                at = 0
                window.more(BATCH)
            elif not lost:
                window.more(2 * len(window.data))
        end, lost = self._reach(window.data, at)
        if not lost and row.match(window.data, end) is not None:
            yield Batch(window.take(len(window.data)))
            return
        yield Batch(window.take(end))
        yield from self._rest(window, lost)

    def _reach(self, data: bytes, at: int) -> tuple[int, bool]:
        """Where the last whole row from ``at`` on ends, or one begins that is too long to be one."""
        pattern = syntax(self.delimiter, self.quotes)
        end = _end_of(pattern.rows, data, at)
        while len(data) - at > MOST and at < end:  # seldom: a batch is shorter
            behind = _end_of(pattern.row, data, at)
            if behind - at > MOST:
                return at, True
            at = behind
        return end, len(data) - end > MOST

    def spans(self, batch: bytes, field: str, *, first: bool) -> list[Span]:
        spans, skip = [], first and self._headed(field)
        for match in syntax(self.delimiter, self.quotes).row.finditer(batch, begin(batch) if first else 0):
            start, end = content(batch, match.span())
            if start < end and not skip:
                spans.append((start, end))
            skip = skip and start == end
        return spans

    def read(self, batch: bytes, file: str, work: Work, *, first: bool) -> Read:
        lone = _LONE.search(batch) is not None
        read = Read(lines=_lines(batch, 0, len(batch), lone))
        try:
            columns = columns_of(self.names, work.text_field, work.id_field, header=self._headed(work.text_field))
        except NoText as error:
            if first and self.names:
                read.problems.append(Problem(file, None, error.reason, error.detail, error.fix or _REST))
            return read
        line, at = 1, 0
        for number, (start, end) in enumerate(self.spans(batch, work.text_field, first=first), 1):
            line, at = line + _lines(batch, at, start, lone), start
            read.records = number
            try:
                texts, identity = self._values(batch, start, end, columns)
            except NoText as error:
                read.problems.append(Problem(file, line, error.reason, error.detail, _FIX))
            else:
                read.texts.append(joined(texts))
                read.spans.append((start, end))
                read.places.append(Place(file, number, identity, line))
        return read

    def splice(self, raw: bytes, work: Work, cuts: Sequence[Span], where: str) -> list[Gone]:
        columns = columns_of(self.names, work.text_field, work.id_field, header=self._headed(work.text_field))
        texts, _ = self._values(raw, 0, len(raw), columns)
        fields, expected = split(raw, self.delimiter, self.quotes), self._parsed(raw)
        if [expected[column] for column in columns.texts] != texts:
            raise InternalError(where, "the csv module reads another text in this row")
        gone: list[Gone] = []
        for column, text, own in zip(columns.texts, texts, shares(texts, cuts), strict=True):
            if own:
                gone += self._gone(raw, fields[column], text, own)
                expected[column] = rest(text, own)
        gone.sort()
        if self._parsed(applied(raw, gone)) != expected:
            raise InternalError(where, "the changed row is not the row with only its text changed")
        return gone

    def identity(self, raw: bytes, id_field: str) -> str | None:
        column = self.ids
        if column is None:
            column = id_column(self.names, id_field, header=True)
        if column is None and self._headed(id_field) is False:
            column = id_column(self.names, id_field, header=False)
        fields = split(raw, self.delimiter, self.quotes)
        if column is None or column >= len(fields):
            return None
        try:
            return unquoted(raw[slice(*fields[column])], self.quotes)
        except UnicodeDecodeError:
            return None

    def spelling(self, text: str, raw: bytes) -> Row:
        if raw == text.encode("utf-8"):
            return {}
        if raw == _doubled(text):
            return {"escapes": "doubled"}
        return {"raw": raw.decode("utf-8")}

    def spelled(self, text: str, row: Row) -> bytes:
        return _doubled(text) if row.get("escapes") == "doubled" else text.encode("utf-8")

    def facts(self, work: Work) -> dict[str, Any] | None:
        header = self._headed(work.text_field)
        ids = id_column(self.names, work.id_field, header=header)
        return {"delimiter": self.delimiter, "quotes": self.quotes, "header": header, "ids": ids}

    def _headed(self, field: str) -> bool:
        return has_header(self.names, field) if self.header is None else self.header

    def _rest(self, window: Window, lost: bool) -> Iterator[Batch]:
        """A row that begins the window and does not end, or too late, and all behind it."""
        line = window.data.count(b"\n", 0, 0 if lost else self._open_quote(window.data)) + 1
        what = f"a row of more than {MOST >> 20:,} MB" if lost else "a quote that is never closed"
        trouble: Trouble | None = Trouble(line, "broken quotes", what, _REST)
        while window.data:
            yield Batch(window.take(len(window.data)), trouble, records=False)
            trouble = None
            window.more(BATCH)

    def _open_quote(self, data: bytes) -> int:
        """Where, in the row that begins ``data``, the last field begins whose end can not be told."""
        field, delimiter, at = syntax(self.delimiter, self.quotes).field, self.delimiter.encode(), 0
        while data[(end := _end_of(field, data, at)) : end + 1] == delimiter:
            at = end + 1
        return at

    def _values(self, batch: bytes, start: int, end: int, columns: Columns) -> tuple[list[str], str | None]:
        """The texts and the id of the row at ``start:end``. Raises NoText."""
        wanted = sorted({*columns.texts, *(() if columns.id is None else (columns.id,))})
        match = whole_row(self.delimiter, self.quotes, len(self.names), tuple(wanted)).fullmatch(batch, start, end)
        if match is None:
            raise self._fault(batch[start:end])
        if self.quotes and any(swallows(match[group], self.delimiter) for group in range(1, len(wanted) + 1)):
            raise NoText(
                "broken quotes", "a quoted field of TSV with tabs and line ends in it, perhaps no field at all"
            )
        try:
            values = {column: unquoted(match[group], self.quotes) for group, column in enumerate(wanted, 1)}
        except UnicodeDecodeError as error:
            raise NoText("not UTF-8", f"a byte (0x{error.object[error.start]:02x}) that is not UTF-8") from None
        return [values[column] for column in columns.texts], None if columns.id is None else values[columns.id]

    def _fault(self, row: bytes) -> NoText:
        number = len(split(row, self.delimiter, self.quotes))
        if number != len(self.names):
            have = f"{number} field" + "s" * (number != 1)
            return NoText("wrong number of fields", f"{have} where the first row has {len(self.names)}")
        return NoText("broken quotes", "text behind a closing quote (a quote inside a field is written twice)")

    def _gone(self, raw: bytes, span: Span, text: str, own: Sequence[Share]) -> list[Gone]:
        """What goes from the field at ``span``, which says ``text``."""
        start, end = span
        quoted = self.quotes and raw[start : start + 1] == b'"'
        left = rest(text, own)
        if not quoted and (left.startswith('"') or (not left and len(self.names) == 1)) and self.quotes:
            # Without quotes of its own this would read as something else, or as no row at all.
            return [Gone(start, end, own[0].cut, b'"' + _doubled(left) + b'"')]
        gone, character, at = [], 0, start + quoted
        for share in own:
            first = at + _size(text[character : share.start], quoted)
            at = first + _size(text[share.start : share.end], quoted)
            character = share.end
            gone.append(Gone(first, at, share.cut))
        return gone

    def _parsed(self, raw: bytes) -> list[str]:
        """A row as the csv module reads it."""
        row = raw.decode("utf-8", "surrogateescape")
        limit = csv.field_size_limit(max(len(row), 1))
        try:
            if self.quotes:
                return next(csv.reader([row], delimiter=self.delimiter), [])
            return next(csv.reader([row], delimiter=self.delimiter, quoting=csv.QUOTE_NONE, quotechar=None), [])
        finally:
            csv.field_size_limit(limit)


def _end_of(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    match = pattern.match(data, at)
    return match.end() if match is not None else at


def _lines(data: bytes, start: int, end: int, lone: bool) -> int:
    """Line ends in ``data[start:end]``; ``lone``: there are CR without LF, too."""
    return data.count(b"\n", start, end) + (len(_LONE.findall(data, start, end)) if lone else 0)


def _size(text: str, quoted: bool) -> int:
    """Bytes of a part of a field as it is written."""
    return len(text.encode("utf-8")) + text.count('"') * quoted


def _doubled(text: str) -> bytes:
    return text.replace('"', '""').encode("utf-8")
