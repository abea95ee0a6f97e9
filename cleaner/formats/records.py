"""Records of any format: a batch of raw records in; changed records, rows and counts out.

A format says where records begin and end and what their text is (``RecordFormat``); all else is the
same for each: one call of the cleaning function a batch, cuts in the raw bytes, rows of the log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from typing import Any, NamedTuple, Protocol

from cleaner.errors import InternalError
from cleaner.formats import guard
from cleaner.formats.cases import Article, Case, describe, fewest
from cleaner.formats.noting import note, note_measures, note_removed
from cleaner.formats.raw import Back, Gone, applied, places
from cleaner.formats.rows import Place, Row, Span, digest, encoded_spans, removal_rows, variant_rows
from cleaner.formats.tally import BROKEN, words_in
from cleaner.formats.work import Found, Problem, TextFormat, Work, cuts_of
from cleaner.types import Outcome

BOM = b"\xef\xbb\xbf"


class Trouble(NamedTuple):
    """What is wrong with a batch; ``line`` counts from 1 in it."""

    line: int
    reason: str
    detail: str
    fix: str


class Batch(NamedTuple):
    """Bytes of a file: whole records, or a stretch in which none can be told apart (``records`` false)."""

    data: bytes
    trouble: Trouble | None = None
    records: bool = True


@dataclass(slots=True)
class Read:
    """A batch as read: of each record that has a text its text, its place and its raw bytes.

    ``lines`` and ``records`` are the sizes of the batch; blank lines and the like are no records.
    """

    texts: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: int = 0
    records: int = 0


class RecordFormat(Protocol):
    """What a format of records must know. Its values can travel to another process, and hold no state."""

    def batches(self, read: Iterable[bytes], file: str) -> Iterator[Batch]:
        """The bytes of a file, cut between records; joined they are the file again. May raise InputError."""

    def spans(self, batch: bytes, field: str, *, first: bool) -> list[Span]:
        """Bytes of every record of a batch, with a text or without; ``first``: it begins the file."""

    def read(self, batch: bytes, file: str, work: Work, *, first: bool) -> Read:
        """The texts of a batch; numbers of records are those of ``spans``."""

    def splice(self, raw: bytes, work: Work, cuts: Sequence[Span], where: str) -> list[Gone]:
        """What goes from a raw record where ``cuts`` go from its text.

        Checked: what is left, read again, is the record with only its text changed, or InternalError.
        """

    def identity(self, raw: bytes, id_field: str) -> str | int | None:
        """The id of a raw record, if it has one."""

    def spelling(self, text: str, raw: bytes) -> Row:
        """What a row must hold, beside the removed text, for ``spelled`` to give ``raw`` again."""

    def spelled(self, text: str, row: Row) -> bytes:
        """A removed text as it was written."""

    def facts(self, work: Work) -> dict[str, Any] | None:
        """What restoring must know of the file beside its format; None: nothing."""


def clean_records(
    format: RecordFormat, batch: bytes, file: str, text_format: TextFormat, work: Work, *, first: bool = True
) -> Found:
    """Clean the records of ``batch``. Lines and records are numbered from 1 in it.

    Raises InternalError where a changed record does not read as it must.
    """
    read, found = read_records(format, batch, file, work, first=first)
    outcomes = _outcomes(read, found, text_format, work)
    measures: list[dict[str, float]] = []
    touched = []
    for outcome, text, place, span in zip(outcomes, read.texts, read.places, read.spans, strict=True):
        note(found, outcome.counts, text, place, text_format)
        if work.measures:
            measures.append(note_measures(found, text, text_format))
        if outcome.removed or outcome.variants:
            touched.append(Touched(outcome, text, place, span))
    fill(found, touched, format, batch, text_format, work, first=first)
    if work.annotate is not None or (work.measures and work.beside):
        from cleaner.formats.annotating import Annotated, annotate  # most runs do not

        annotate(found, Annotated(file, batch, read, outcomes, measures, first, text_format), work)
    return found


def read_records(format: RecordFormat, batch: bytes, file: str, work: Work, *, first: bool) -> tuple[Read, Found]:
    """The records of ``batch``, and what is known of them before they are cleaned; no article is counted yet."""
    try:
        read = _read(format, batch, file, work, first=first)
    except Exception as error:
        guard.check(error)
        read = _one_by_one(format, batch, file, work, first=first)
    found = Found(lines=read.lines, records=read.records, problems=read.problems, places=read.places)
    found.tally.skipped += Counter(problem.reason for problem in read.problems)
    return read, found


def _read(format: RecordFormat, batch: bytes, file: str, work: Work, *, first: bool) -> Read:
    read = format.read(batch, file, work, first=first)
    if work.fields:
        read.places = [_with_fields(format, batch, *each, work) for each in zip(read.places, read.spans, strict=True)]
    return read


def _one_by_one(format: RecordFormat, batch: bytes, file: str, work: Work, *, first: bool) -> Read:
    """As ``_read``, each record by itself: one that cannot be read so is counted, told and left alone."""
    starts = [start for start, _ in format.spans(batch, work.text_field, first=first)]
    whole = Read(records=len(starts))
    for number, (start, end) in enumerate(pairwise([0, *starts[1:], len(batch)]), 1):
        piece = batch[start:end]
        try:
            read = _read(format, piece, file, work, first=first and number == 1)
            if read.records > 1:
                raise InternalError(file, f"{read.records} records where there is one")
        except Exception as error:
            guard.check(error)
            read = Read(problems=[guard.problem(file, 1, error)], lines=piece.count(b"\n"))
        whole.texts += read.texts
        whole.spans += [(a + start, b + start) for a, b in read.spans]
        whole.places += [
            each._replace(record=number, line=None if each.line is None else each.line + whole.lines)
            for each in read.places
        ]
        whole.problems += [
            each if each.line is None else replace(each, line=each.line + whole.lines) for each in read.problems
        ]
        whole.lines += read.lines
    return whole


def _outcomes(read: Read, found: Found, text_format: TextFormat, work: Work) -> list[Outcome]:
    """One a text. A text for which the cleaning function fails stays as it is."""

    def clean(numbers: Sequence[int]) -> Sequence[Outcome]:
        return work.clean([read.texts[number] for number in numbers], work.settings, text_format)

    def left(number: int, error: Exception) -> Outcome:
        leave(found, read.places[number], error)
        return Outcome(read.texts[number])

    return guard.each(clean, range(len(read.texts)), left)


def leave(found: Found, place: Place, error: Exception) -> None:
    """Tell and count a record that a fault of ours leaves as it was."""
    found.problems.append(guard.problem(place.file, place.line, error))
    found.tally.skipped[BROKEN] += 1


class Touched(NamedTuple):
    """A record in which something was found: its text, where it stands, and its bytes in the batch."""

    outcome: Outcome
    text: str
    place: Place
    span: Span


def fill(
    found: Found,
    touched: Iterable[Touched],
    format: RecordFormat,
    batch: bytes,
    text_format: TextFormat,
    work: Work,
    *,
    first: bool,
) -> None:
    """Put the new bytes, rows and cases of records, ascending, into ``found``.

    A record of which these cannot be made, or which does not read as it must then, is left as it was.
    """
    cases = list[Case]()
    for each in touched:
        start, end = trimmed(batch, each.span)
        record = _Record(each.outcome, each.text, text_format, each.place, start, batch[start:end])
        try:
            cases += _fill(found, record, format, work)
        except Exception as error:
            guard.check(error)
            leave(found, each.place, error)
    found.cases = fewest(cases, first=first)


def _with_fields(format: RecordFormat, batch: bytes, place: Place, span: Span, work: Work) -> Place:
    """The place with the values of the fields that are asked for."""
    start, end = trimmed(batch, span)
    raw = batch[start:end]
    values = {name: format.identity(raw, name) for name in work.fields}
    fields = (work.by_field, work.lang_field, work.source_field)
    by, lang, source = (values.get(name) if name else None for name in fields)
    return place._replace(
        by=None if by is None else str(by),
        lang=None if lang is None else str(lang),
        order=tuple(values[name] for name in work.order_by),
        source=None if source is None else str(source),
    )


def left_alone(batch: Batch, file: str) -> Found:
    """A stretch without records."""
    return troubled(Found(lines=batch.data.count(b"\n")), batch.trouble, file)


def troubled(found: Found, trouble: Trouble | None, file: str) -> Found:
    """``found`` with what is wrong with its batch."""
    if trouble is not None:
        found.problems.append(Problem(file, *trouble))
        found.tally.skipped[trouble.reason] += 1
    return found


def trimmed(batch: bytes, span: Span) -> Span:
    """A record without the byte order mark of the file and without the first half of a line end."""
    start, end = span
    if start == 0 and batch.startswith(BOM):
        start = len(BOM)
    if batch[end - 1 : end] == b"\r":
        end -= 1
    return start, max(start, end)


class _Record(NamedTuple):
    """A record in which something was found: its text, where it stands, and its bytes, from ``start`` in the batch."""

    outcome: Outcome
    text: str
    text_format: TextFormat
    place: Place
    start: int
    raw: bytes


def _fill(found: Found, record: _Record, format: RecordFormat, work: Work) -> Iterable[Case]:
    """Put the new bytes and the rows of one record into ``found``, all or nothing; the cases they are."""
    outcome, text, text_format, place, start, raw = record
    where = f"{place.file}, record {place.record}"
    cuts, removals, changes = cuts_of(outcome, text, where), list[Row](), []
    if cuts:
        gone = format.splice(raw, work, cuts, where)
        if gone:
            changes.append((start, start + len(raw), applied(raw, gone)))
        removals = _removals(record, cuts, gone, format)
    spans = encoded_spans(text, [(each.start, each.end) for each in outcome.variants])
    variants = variant_rows(outcome, text, place, spans)
    article = Article(outcome, text, text_format, place, [words_in(text[a:b], text_format) for a, b in cuts])
    cases = describe(article, removals, variants, work.flag_share)
    found.tally.count_found(outcome)
    if cuts:
        note_removed(found, article, work)
    found.changes += changes
    found.removals += removals
    found.variants += variants
    return cases


def _removals(record: _Record, cuts: Sequence[Span], gone: Sequence[Gone], format: RecordFormat) -> list[Row]:
    text, raw = record.text, record.raw
    own: list[list[Gone]] = [[] for _ in cuts]
    before, at = [""] * len(cuts), 0
    for each in gone:
        if not own[each.cut]:
            before[each.cut] = digest(raw[at : each.start], 8)
        own[each.cut].append(each)
        at = each.end
    rows = removal_rows(record.outcome, text, record.place, encoded_spans(text, cuts), before)
    whole = digest(applied(raw, gone))
    for row, cut, pieces in zip(rows, cuts, own, strict=True):
        row["digest"] = whole
        row |= _pieces(format, text[cut[0] : cut[1]], raw, pieces)
    return rows


def _pieces(format: RecordFormat, text: str, raw: bytes, gone: Sequence[Gone]) -> Row:
    """What restoring needs of one cut: where it stood in the raw record, and how it was written."""
    if len(gone) == 1 and not gone[0].new:
        spelling = format.spelling(text, raw[gone[0].start : gone[0].end])
        return {"raw_start": gone[0].start} | spelling
    return {"pieces": [[each.start, raw[each.start : each.end].decode("utf-8"), len(each.new)] for each in gone]}


def backs_of(format: RecordFormat, rows: Iterable[Row], text_of: Callable[[Row], str]) -> list[tuple[Back, int]]:
    """What goes back into one cut record, sorted by where it stood, each with the number of its row."""
    backs: list[tuple[Back, int]] = []
    for number, row in enumerate(rows):
        if "pieces" in row:
            backs += [(Back(start, raw.encode("utf-8"), new), number) for start, raw, new in row["pieces"]]
        else:
            old = row["raw"].encode("utf-8") if "raw" in row else format.spelled(text_of(row), row)
            backs.append((Back(row["raw_start"], old), number))
    return sorted(backs)


def first_edited(raw: bytes, rows: Sequence[Row], backs: Sequence[tuple[Back, int]]) -> int:
    """The first row in front of whose cut the kept bytes are not what they were; len(rows) behind the last."""
    at, seen = 0, set()
    for (back, number), start in zip(backs, places([back for back, _ in backs]), strict=True):
        if number not in seen and digest(raw[at:start], 8) != rows[number]["before"]:
            return number
        seen.add(number)
        at = start + back.new
    return len(rows)


class Window:
    """Bytes of a stream read ahead: ``data`` now, ``ended`` where nothing follows."""

    def __init__(self, read: Iterable[bytes]) -> None:
        self._read = iter(read)
        self.data, self.ended = b"", False

    def more(self, size: int) -> None:
        """Read until ``size`` bytes are there, or the end."""
        held, length = [self.data], len(self.data)
        while length < size and not self.ended:
            piece = next(self._read, None)
            if piece is None:
                self.ended = True
            else:
                held.append(piece)
                length += len(piece)
        self.data = b"".join(held)

    def take(self, size: int) -> bytes:
        """The first ``size`` bytes, which are gone from ``data`` then."""
        taken, self.data = self.data[:size], self.data[size:]
        return taken


def peek(read: Iterator[bytes], size: int) -> tuple[bytes, bool, Iterator[bytes]]:
    """The first ``size`` bytes and more, whether they are all, and all of them to be read again."""
    held: list[bytes] = []
    length = 0
    while length < size:
        piece = next(read, None)
        if piece is None:
            return b"".join(held), True, iter(held)
        held.append(piece)
        length += len(piece)
    return b"".join(held), False, chain(held, read)
