"""Records in two halves: read first, and given their new bytes when all has been decided.

What lies between may take long and look at other records; a record in which nothing was found is
read once. ``steps.perform`` does both at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple, TypeVar

from cleaner.formats import guard
from cleaner.formats.files import AS_JSONL
from cleaner.formats.records import Batch, Read, Touched, fill, left_alone, read_records, troubled
from cleaner.formats.rows import Span
from cleaner.formats.steps import Records, failed
from cleaner.formats.tally import Tally
from cleaner.formats.work import Found, Work

T = TypeVar("T")


class Half(NamedTuple):
    """The first half: counts of what was read, and of each article its text and the bytes of its record.

    Of a dump whose articles come out as JSONL ``found.data`` holds the lines, in which the spans are.
    """

    found: Found
    texts: list[str]
    spans: list[Span]


def read_half(step: Records, work: Work) -> Half:
    """The records of a step. What fails costs the file, not the run: see ``Found.failed``."""
    return _guarded(step, lambda: _read(step, work), lambda found: Half(found, [], []))


def fill_half(step: Records, lines: bytes | None, found: Found, touched: Iterable[Touched], work: Work) -> Found:
    """What was found in the first half, with the new bytes and the rows of the records in ``touched``, ascending.

    lines  what the first half made of a dump whose articles come out as JSONL
    """
    return _guarded(step, lambda: _filled(step, lines, found, touched, work), lambda failed: failed)


def _guarded(step: Records, make: Callable[[], T], instead: Callable[[Found], T]) -> T:
    try:
        return make()
    except Exception as error:
        guard.check(error)
        return instead(failed(step.source, error))


def _read(step: Records, work: Work) -> Half:
    name = step.source.name
    if step.format in AS_JSONL:
        from cleaner.formats.transcoding import as_lines, lines_of, with_lines

        lines = lines_of(step.format, step.data, name)
        read, found = read_records(step.reader, lines.data, name, as_lines(work), first=True)
        return _half(read, with_lines(found, lines))
    if not step.known:
        return Half(left_alone(Batch(step.data, step.trouble, records=False), name), [], [])
    read, found = read_records(step.reader, step.data, name, work, first=step.first)
    return _half(read, troubled(found, step.trouble, name))


def _half(read: Read, found: Found) -> Half:
    return Half(found, read.texts, read.spans)


def _filled(step: Records, lines: bytes | None, half: Found, touched: Iterable[Touched], work: Work) -> Found:
    tally = Tally()
    tally.add(half.tally)
    found = replace(half, tally=tally, changes=[], removals=[], variants=[], flagged=[], places=[], data=lines)
    if found.failed is not None:
        return found
    if step.format in AS_JSONL:
        from cleaner.formats.transcoding import as_lines

        work = as_lines(work)
    fill(found, touched, step.reader, step.data if lines is None else lines, step.text_format, work, first=step.first)
    return found
