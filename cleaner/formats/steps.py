"""The inputs as steps of work: batches of small files, batches of records, and their ends.

``steps`` reads; ``perform`` is the pure part, which may run in another process.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from cleaner.errors import InputError, SettingsError
from cleaner.formats import guard
from cleaner.formats.article import clean_article
from cleaner.formats.compression import Compression
from cleaner.formats.decode import binary_magic
from cleaner.formats.files import AS_JSONL, Archive, Format, Source, is_subtitles, is_tar, not_an_article, output_name
from cleaner.formats.gauge import Gauge, size_of
from cleaner.formats.reading import BATCH, MOST, Opened, is_in_parts, open_source, refuse_changed, state_of, whole
from cleaner.formats.tally import BROKEN
from cleaner.formats.work import Found, Problem, TextFormat, Work

if TYPE_CHECKING:  # what reads records and archives is loaded where there are some
    from cleaner.formats.records import RecordFormat, Trouble

T = TypeVar("T")

# So many small files travel together: below, the way to a worker costs more than the cleaning.
MANY = 256


class Article(NamedTuple):
    """A file that is one article, read whole."""

    source: Source
    compression: Compression
    text_format: TextFormat
    encoding: str | None
    data: bytes


class Articles(NamedTuple):
    """Files cleaned in one go."""

    items: list[Article]


class Records(NamedTuple):
    """Whole records of a file, in its order; ``known`` false: a stretch in which none can be told apart."""

    source: Source
    format: Format
    compression: Compression
    text_format: TextFormat
    first: bool
    last: bool
    data: bytes
    reader: RecordFormat
    trouble: Trouble | None = None
    known: bool = True


class Aside(NamedTuple):
    """A file that is not cleaned: ``copied`` untouched, or not readable (to its end)."""

    source: Source
    problem: Problem
    copied: bool


class Stretch(NamedTuple):
    """What lies in an archive between the members that are cleaned; ``first`` and ``last`` begin and end it.

    The last one says what was met: ``problems``, how many of them there were, and ``notes``.
    """

    source: Source
    archive: Archive
    compression: Compression
    data: bytes
    first: bool = False
    last: bool = False
    problems: Sequence[Problem] = ()
    counts: Mapping[str, int] = Counter()
    notes: Sequence[str] = ()


Step = Articles | Records | Aside | Stretch


def steps(
    sources: Sequence[Source],
    text_format: TextFormat = "plain",
    encodings: Mapping[str, str] | None = None,
    most: int | None = None,
    fields: tuple[str, str] = ("text", "id"),
    gauge: Gauge | None = None,
) -> Iterator[Step]:
    """Read ``sources`` in order. ``text_format`` is that of the texts in records, ``fields`` name text and id.

    ``encodings`` are known from an earlier run, by the real path of the file; ``most`` bytes is what a
    compressed file may expand to; ``gauge`` follows how far they are read. Problems of reading become
    steps, so that they are met in the order of the inputs.
    """
    held: list[Article] = []
    for found in _each(sources, text_format, encodings or {}, most, fields, gauge or Gauge()):
        if isinstance(found, Article):
            held.append(found)
            if len(held) < MANY and sum(len(item.data) for item in held) < BATCH:
                continue
        if held:
            yield Articles(held)
            held = []
        if not isinstance(found, Article):
            yield found
    if held:
        yield Articles(held)


def _each(
    sources: Sequence[Source],
    text_format: TextFormat,
    encodings: Mapping[str, str],
    most: int | None,
    fields: tuple[str, str],
    gauge: Gauge,
) -> Iterator[Article | Records | Aside | Stretch]:
    for source in sources:
        try:
            if source.archive == "zip":
                from cleaner.formats.archive_steps import zip_steps  # most runs have none

                yield from zip_steps(source, most, partial(_steps_of, text_format, encodings), gauge)
            elif source.format == "parquet" and source.path is not None:
                yield from _parquet(source, source.path, text_format, fields, gauge)
            else:
                read = partial(open_source, source, most=most, gauge=gauge)
                yield from _steps_of(text_format, encodings, source, read)
        except InputError as error:
            yield Aside(source, Problem(source.shown, error.line, "unreadable", error.problem, error.fix), copied=False)
        except Exception as error:
            guard.check(error)
            yield Aside(source, guard.problem(source.shown, None, error, "file"), copied=True)
        gauge.passed(source)


def perform(step: Step, work: Work) -> list[Found]:
    """Clean what is in a step: one result a file, or one for a batch of records."""
    began = perf_counter()
    if isinstance(step, (Aside, Stretch)):
        return []
    result = [_records(step, work)] if isinstance(step, Records) else [_article(item, work) for item in step.items]
    result[0].seconds = perf_counter() - began
    return result


def _steps_of(
    text_format: TextFormat, encodings: Mapping[str, str], source: Source, read: Callable[[], Opened]
) -> Iterator[Article | Records | Aside | Stretch]:
    if source.archive == "tar":
        yield from _tar(text_format, encodings, source, read())
        return
    if source.format == "auto" and not_an_article(source.name):
        yield _no_article_by_name(source)
        return
    opened = read()
    if opened.format in ("jsonl", "json", "csv", "tsv"):
        yield from _batches(source, opened, text_format)
        return
    if opened.format in AS_JSONL:
        yield from _transcoded(source, opened)
        return
    if opened.format == "parquet":
        yield _not_seekable(source)
        return
    first = next(opened.pieces, b"")
    if source.format == "auto" and source.member is None and is_tar(first):
        yield from _tar(text_format, encodings, source, replace(opened, pieces=chain([first], opened.pieces)))
        return
    magic = binary_magic(first)
    if magic:
        yield _aside(source, "not text", magic, "leave it out, or extract its text first")
        return
    data = whole(chain([first], opened.pieces))
    if data is None:
        yield _aside(source, "too long", f"an article of more than {MOST >> 20:,} MB", "split it into articles")
        return
    kind: TextFormat = opened.format if opened.format in ("markdown", "html") else "plain"
    encoding = encodings.get(source.path) if source.path is not None else None
    yield Article(source, opened.compression, kind, encoding, data)


def _tar(
    text_format: TextFormat, encodings: Mapping[str, str], source: Source, opened: Opened
) -> Iterator[Article | Records | Aside | Stretch]:
    from cleaner.formats.archive_steps import tar_steps

    yield from tar_steps(source, opened, partial(_steps_of, text_format, encodings))


def _batches(source: Source, opened: Opened, kind: TextFormat) -> Iterator[Records | Aside]:
    """The batches, each yielded when the next is known, so that the last one says so."""
    from cleaner.formats.fields import NoText
    from cleaner.formats.record_formats import HEAD, reader_for
    from cleaner.formats.records import Batch, peek

    head, all_of_it, pieces = peek(opened.pieces, HEAD)
    try:
        format, reader = reader_for(opened.format, head, whole=all_of_it)
    except NoText as error:
        yield _aside(source, error.reason, error.detail, error.fix or "leave it out")
        return
    held, first = Batch(b""), True
    for number, batch in enumerate(reader.batches(pieces, source.shown)):
        if number:
            data, trouble, known = held
            yield Records(source, format, opened.compression, kind, first, False, data, reader, trouble, known)
            first = False
        held = batch
    data, trouble, known = held
    yield Records(source, format, opened.compression, kind, first, True, data, reader, trouble, known)


def _transcoded(source: Source, opened: Opened) -> Iterator[Records | Aside]:
    """Batches of a dump whose articles come out as JSONL."""
    from cleaner.formats import transcoding
    from cleaner.formats.jsonl import JSONL

    if source.member is not None:
        yield _aside(source, "a dump in an archive", f"{opened.format} in an archive", "unpack it first")
        return
    _require(source, partial(transcoding.require, opened.format))
    source = replace(source, name=output_name(source.name, opened.format)) if source.path is None else source
    held, first = b"", True
    try:
        for number, batch in enumerate(transcoding.batches(opened.format, opened.pieces)):
            if number:
                yield Records(source, opened.format, opened.compression, "plain", first, False, held, JSONL)
                first = False
            held = batch
    except InputError:
        raise
    except Exception as error:  # what comes out has another format: it cannot be a copy
        guard.check(error)
        yield Aside(source, guard.problem(source.shown, None, error, fate="nothing of it was written"), copied=False)
        return
    yield Records(source, opened.format, opened.compression, "plain", first, True, held, JSONL)


def _parquet(
    source: Source, path: str, text_format: TextFormat, fields: tuple[str, str], gauge: Gauge
) -> Iterator[Records | Aside]:
    """Batches of the rows of a Parquet file, as lines."""
    from cleaner.formats.fields import NoText
    from cleaner.formats.jsonl import JSONL
    from cleaner.formats.parquet import ParquetInput

    if not is_in_parts(source):
        yield _not_seekable(source)
        return
    before = state_of(source)
    try:
        read = _require(source, partial(ParquetInput, path, *fields))
    except NoText as error:
        yield _aside(source, error.reason, str(error), error.fix or "leave it out")
        return
    held, first, rows = b"", True, 0
    for number, lines in enumerate(read.lines()):
        if number:
            yield Records(source, "parquet", "", text_format, first, False, held, JSONL)
            first = False
        held = lines
        rows += lines.count(b"\n")
        gauge.at((size_of(source) or 0) * rows // read.file.metadata.num_rows)
    refuse_changed(source, before)
    yield Records(source, "parquet", "", text_format, first, True, held, JSONL)


def _no_article_by_name(source: Source) -> Aside:
    if is_subtitles(source.name):
        what = "subtitles by its name, where a cue may say again what the one before said"
        return _aside(source, "not an article", what, "take the text of its cues out first")
    return _aside(
        source, "not an article", "source code or data by its name", "give --format plain to clean it as text"
    )


def _not_seekable(source: Source) -> Aside:
    """Parquet is read by its end, and twice."""
    where = "in an archive" if source.member else "in a compressed file" if source.compression else "that is no file"
    return _aside(source, "not a file", f"Parquet {where}, where it cannot be read in parts", "give it as a plain file")


def _require(source: Source, make: Callable[[], T]) -> T:
    """What ``make`` makes; a missing package is a problem of this file, where only its content asked for it."""
    try:
        return make()
    except SettingsError as error:
        problem, _, fix = str(error).partition(": ")
        raise InputError(problem, file=source.shown, fix=fix) from None


def _aside(source: Source, reason: str, detail: str, fix: str) -> Aside:
    return Aside(source, Problem(source.shown, None, reason, detail, f"left as it is: {fix}"), copied=True)


def _records(step: Records, work: Work) -> Found:
    from cleaner.formats.records import Batch, clean_records, left_alone, troubled

    name, work = step.source.name, _of_step(step, work)
    try:
        if step.format in AS_JSONL:
            from cleaner.formats.transcoding import as_lines, lines_of, with_lines

            lines = lines_of(step.format, step.data, name)
            found = clean_records(step.reader, lines.data, name, step.text_format, as_lines(work))
            return with_lines(found, lines)
        if not step.known:
            return left_alone(Batch(step.data, step.trouble, records=False), name)
        found = clean_records(step.reader, step.data, name, step.text_format, work, first=step.first)
        return troubled(found, step.trouble, name)
    except Exception as error:
        guard.check(error)
        return failed(step.source, error)


def _of_step(step: Records, work: Work) -> Work:
    """Where a file has no place for annotations only the log is made of it, and measures are for the report."""
    if work.annotate is None and not work.measures:
        return work
    from cleaner.formats.annotating import can_hold

    held = can_hold(step.format, work.annotate or "spans")
    return work if held else replace(work, annotate=None, beside=False)


def _article(item: Article, work: Work) -> Found:
    try:
        return clean_article(item.data, item.source.name, item.text_format, work, item.encoding)
    except Exception as error:
        guard.check(error)
        found = Found(problems=[guard.problem(item.source.name, None, error, "file")])
        found.tally.skipped[BROKEN] += 1
        return found


def failed(source: Source, error: Exception) -> Found:
    """A fault of ours in a batch as a whole: its records cannot be told apart, so that it costs the file."""
    return Found(failed=guard.problem(source.shown, None, error, "file"))
