"""The inputs as steps of work: batches of small files, batches of records, and their ends.

``steps`` reads; ``perform`` is the pure part, which may run in another process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from time import perf_counter
from typing import NamedTuple

from cleaner.errors import InputError
from cleaner.formats.article import clean_article
from cleaner.formats.compression import Compression
from cleaner.formats.decode import binary_magic
from cleaner.formats.files import Format, Source, not_an_article
from cleaner.formats.jsonl import clean_records
from cleaner.formats.reading import BATCH, line_batches, open_source
from cleaner.formats.work import Found, InternalError, Problem, TextFormat, Work

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
    """Whole records of a file, in its order."""

    source: Source
    format: Format
    compression: Compression
    text_format: TextFormat
    first: bool
    last: bool
    data: bytes


class Aside(NamedTuple):
    """A file that is not cleaned: ``copied`` untouched, or not readable (to its end)."""

    source: Source
    problem: Problem
    copied: bool


Step = Articles | Records | Aside


def steps(
    sources: Sequence[Source], text_format: TextFormat = "plain", encodings: Mapping[str, str] | None = None
) -> Iterator[Step]:
    """Read ``sources`` in order. ``text_format`` is that of the texts in records.

    ``encodings`` are known from an earlier run, by the real path of the file. Problems of reading
    become steps, so that they are met in the order of the inputs.
    """
    held: list[Article] = []
    for found in _each(sources, text_format, encodings or {}):
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
    sources: Sequence[Source], text_format: TextFormat, encodings: Mapping[str, str]
) -> Iterator[Article | Records | Aside]:
    for source in sources:
        try:
            yield from _steps_of(source, text_format, encodings)
        except InputError as error:
            yield Aside(source, Problem(source.shown, error.line, "unreadable", error.problem, error.fix), copied=False)


def perform(step: Step, work: Work) -> list[Found]:
    """Clean what is in a step: one result a file, or one for a batch of records."""
    began = perf_counter()
    if isinstance(step, Aside):
        return []
    result = [_records(step, work)] if isinstance(step, Records) else [_article(item, work) for item in step.items]
    result[0].seconds = perf_counter() - began
    return result


def _steps_of(
    source: Source, text_format: TextFormat, encodings: Mapping[str, str]
) -> Iterator[Article | Records | Aside]:
    if source.format == "auto" and not_an_article(source.name):
        yield _aside(source, "not an article", "source code or data by its name", "give --format to clean it as text")
        return
    opened = open_source(source)
    if opened.format == "jsonl":
        yield from _batches(source, opened.compression, text_format, opened.pieces)
        return
    first = next(opened.pieces, b"")
    magic = binary_magic(first)
    if magic:
        yield _aside(source, "not text", magic, "leave it out, or extract its text first")
        return
    data = b"".join([first, *opened.pieces])
    kind: TextFormat = "markdown" if opened.format == "markdown" else "plain"
    encoding = encodings.get(source.path) if source.path is not None else None
    yield Article(source, opened.compression, kind, encoding, data)


def _batches(
    source: Source, compression: Compression, kind: TextFormat, pieces: Iterator[bytes]
) -> Iterator[Records | Aside]:
    """The batches, each yielded when the next is known, so that the last one says so."""
    held, first = None, True
    for batch in line_batches(pieces):
        if first and batch.startswith((b"\xff\xfe", b"\xfe\xff")):
            yield _aside(source, "not UTF-8", "JSONL in UTF-16", "convert it to UTF-8")
            return
        if held is not None:
            yield Records(source, "jsonl", compression, kind, first=first, last=False, data=held)
            first = False
        held = batch
    yield Records(source, "jsonl", compression, kind, first=first, last=True, data=held or b"")


def _aside(source: Source, reason: str, detail: str, fix: str) -> Aside:
    return Aside(source, Problem(source.shown, None, reason, detail, f"left as it is: {fix}"), copied=True)


def _records(step: Records, work: Work) -> Found:
    try:
        return clean_records(step.data, step.source.name, step.text_format, work, first=step.first)
    except Exception as error:
        return _failed(step.source, error)


def _article(item: Article, work: Work) -> Found:
    try:
        return clean_article(item.data, item.source.name, item.text_format, work, item.encoding)
    except Exception as error:
        return _failed(item.source, error)


def _failed(source: Source, error: Exception) -> Found:
    """A fault of ours costs the file it happened in, not the run."""
    what = str(error) if isinstance(error, InternalError) else f"{type(error).__name__}: {error}"
    detail = what.removeprefix(f"{source.name}: ").partition("; this is a fault")[0]
    fix = "this is a fault of cleaner, nothing of this file was written: please report it"
    return Found(failed=Problem(source.shown, None, "internal error", detail, fix))
