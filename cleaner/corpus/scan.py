"""The first pass: a step is read from the spool, cleaned article by article, and described."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import groupby
from struct import Struct
from struct import error as StructError
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cleaner.errors import InternalError
from cleaner.formats import guard
from cleaner.formats.codec import CodecError, decode, encode
from cleaner.formats.noting import note
from cleaner.formats.record_steps import read_half
from cleaner.formats.rows import Place
from cleaner.formats.spool import Damaged, Spool
from cleaner.formats.steps import Articles, Aside, Records, Step, Stretch, perform
from cleaner.formats.work import Found, Problem, Work
from cleaner.phases.corpus.scan import scan_texts
from cleaner.phases.corpus.table import Table, joined
from cleaner.settings import Settings
from cleaner.types import Outcome

ROW = np.dtype([
    ("article", "<i4"), ("paragraph", "<i4"), ("start", "<i8"), ("end", "<i8"), ("next", "<i8"), ("next_end", "<i8"),
    ("prose", "?"), ("by", "<i8"),
])  # fmt: skip
"""A paragraph that is long enough to go alone: its article and its number in the step, its bytes in the step's
texts, and those of the paragraph behind it (-1 without one), which may underline it; ``prose`` where that is
known from the format, ``by`` the group of its article for boilerplate."""
PACKED = Struct("<iiqqqq?q")
"""The same for one row."""


class Scanned(NamedTuple):
    """What all must know of a step: its articles, and its paragraphs that could go alone.

    lines, records  its own, where it is a part of a file of records; ``begins``: the file's first part, or other files
    """

    articles: int
    able: int
    lines: int
    records: int
    begins: bool


class Record(NamedTuple):
    """What the later passes need of a step, but for what has files of its own.

    places     of each article; counts as in ``Counts``
    alone      by the article's number: its outcome by itself, where something went or was reported
    originals  by the article's number: its text before, where something went, and of every page its source
    orders     values of the fields that decide what is read before what, where the run names some
    found      of a step of records what is counted of it whatever is decided; None where it is read once more
    spans      then int64[articles, 2], the bytes of its records
    kinds      of the files that the step has beside this one
    failed     by the article's number: what is told of one that a fault of ours leaves as it is
    """

    scanned: Scanned
    table: Table
    places: list[Place]
    counts: list[tuple[int, int, int]]
    formats: list[str]
    alone: dict[int, Outcome]
    originals: dict[int, str]
    orders: list[tuple[str | int | None, ...]]
    found: Found | None
    spans: NDArray[np.int64]
    kinds: tuple[str, ...]
    failed: dict[int, Problem]


class _Read(NamedTuple):
    """A step as it was read: texts with their formats; ``half`` as in ``Record.found``."""

    texts: Sequence[tuple[str, str]]
    places: list[Place]
    first: Found
    half: Found | None = None
    spans: Sequence[tuple[int, int]] = ()


def scan_step(step: int, spool: Spool, work: Work) -> Scanned:
    """Describe a step that the spool holds; a step that was described before is left as it is."""
    known = _known(step, spool)
    if known is not None:
        return known.scanned
    whole = load_step(step, spool)
    read = _read(whole, work)
    texts, places = read.texts, read.places
    if len(places) != len(texts):
        raise InternalError(f"step {step}", f"{len(texts)} texts, but {len(places)} places")
    outcomes, table, buf, failed = _guarded(read, work.settings)
    lined = read.half is not None and _note(read, outcomes, spool, step)
    texts = [("", text_format) if k in failed else (text, text_format) for k, (text, text_format) in enumerate(texts)]
    alone = {k: outcome for k, outcome in enumerate(outcomes) if outcome.removed or outcome.variants}
    originals = {k: texts[k][0] for k, outcome in alone.items() if outcome.removed}
    originals |= {k: text for k, (text, text_format) in enumerate(texts) if text_format == "html"}
    alone = {k: Outcome("", o.removed, o.variants, o.counts) for k, o in alone.items()}
    spool.write(step, "texts", buf)
    groups = [_number(place.by) for place in places] if work.by_field else []
    spool.write(step, "rows", _rows(table, [text_format == "plain" for _, text_format in texts], groups).tobytes())
    spool.write(step, "keys", table.keys[table.able].tobytes())
    spool.write(step, "words", table.words[table.able].tobytes())
    spool.write(step, "bands", table.bands.tobytes())
    spool.write(step, "thumbs", table.thumbs.tobytes())
    bare = table._replace(bands=table.bands[:, :0], thumbs=table.thumbs[:0])
    counts = [(o.counts.paragraphs, o.counts.words, o.counts.capped) for o in outcomes]
    begins = not isinstance(whole, Records) or whole.first
    scanned = Scanned(len(texts), len(table.able), read.first.lines, read.first.records, begins)
    formats = [text_format for _, text_format in texts]
    orders = [place.order for place in places] if work.order_by else []
    spans = np.array(read.spans, dtype=np.int64).reshape(-1, 2)
    half = None if read.half is None else replace(read.half, places=[])  # they are the same
    kinds = (*_KINDS, "lines") if lined else _KINDS
    record = Record(scanned, bare, places, counts, formats, alone, originals, orders, half, spans, kinds, failed)
    spool.dump(step, "scan", record)
    return scanned


_KINDS = ("step", "texts", "rows", "keys", "words", "bands", "thumbs")
_SIZES = Struct("<II")
_STEPS: tuple[type[Step], ...] = (Articles, Records, Aside, Stretch)


def encode_step(step: Step) -> tuple[bytes, bytes]:
    """A step as the spool keeps it, in two pieces: its kind and fields, and its bytes, which are many."""
    data = step.data if isinstance(step, (Records, Stretch)) else b""
    fields = encode(step._replace(data=b"") if isinstance(step, (Records, Stretch)) else step)
    return _SIZES.pack(_STEPS.index(type(step)), len(fields)) + fields, data


def load_step(number: int, spool: Spool) -> Step:
    """A step as it was read. Raises Damaged."""
    data = spool.view(number, "step")
    try:
        kind, size = _SIZES.unpack_from(data)
        at = _SIZES.size + size
        step = decode(data[_SIZES.size : at], _STEPS[kind])
        return step._replace(data=bytes(data[at:])) if isinstance(step, (Records, Stretch)) else step
    except (CodecError, IndexError, StructError) as error:
        raise Damaged(str(spool.folder), f"step {number}: {error}") from None


def _known(step: int, spool: Spool) -> Record | None:
    """What a stopped run has found of a step, where all that it has kept of it is as it was written."""
    if not spool.has(step, "scan"):
        return None
    try:
        record = spool.load(step, "scan", Record)
    except Damaged:
        return None
    return record if all(spool.intact(step, kind) is not None for kind in record.kinds) else None


def _read(step: Step, work: Work) -> _Read:
    if isinstance(step, Records) and work.annotate is None and not work.measures:
        half = read_half(step, work)
        return _Read(
            [(text, step.text_format) for text in half.texts], half.found.places, half.found, half.found, half.spans
        )
    texts: list[tuple[str, str]] = []

    def collect(found: Sequence[str], settings: Settings, text_format: str) -> list[Outcome]:
        texts.extend((text, text_format) for text in found)
        return [Outcome(text) for text in found]

    founds = perform(step, replace(work, clean=collect, annotate=None, measures=False))
    first = founds[0] if isinstance(step, Records) else Found()
    return _Read(texts, [place for found in founds for place in found.places], first)


def _note(read: _Read, outcomes: Sequence[Outcome], spool: Spool, step: int) -> bool:
    """Count the articles of records, and put lines that were made of them into the spool: whether there were some."""
    assert read.half is not None
    for outcome, (text, text_format), place in zip(outcomes, read.texts, read.places, strict=True):
        note(read.half, outcome.counts, text, place, text_format)
    if read.half.data is None:
        return False
    spool.write(step, "lines", read.half.data)
    read.half.data = None
    return True


def _guarded(read: _Read, settings: Settings) -> tuple[list[Outcome], Table, bytes, dict[int, Problem]]:
    """Texts as ``_scan`` has them; one for which that fails counts as empty, and nothing is compared with it."""
    failed: dict[int, Problem] = {}

    def one_by_one(numbers: Sequence[int]) -> Sequence[int]:
        _scan([read.texts[number] for number in numbers], settings)
        return numbers

    def left(number: int, error: Exception) -> int:
        place = read.places[number]
        what = "file" if place.record is None else "record"
        failed[number] = guard.problem(place.file, place.line, error, what)
        return number

    try:
        return *_scan(read.texts, settings), failed
    except Exception as error:
        guard.check(error)
        guard.each(one_by_one, range(len(read.texts)), left)
        texts = [("", form) if n in failed else (text, form) for n, (text, form) in enumerate(read.texts)]
        return *_scan(texts, settings), failed


def _scan(texts: Sequence[tuple[str, str]], settings: Settings) -> tuple[list[Outcome], Table, bytes]:
    outcomes, parts = list[Outcome](), list[tuple[Table, bytes]]()
    for text_format, group in groupby(texts, key=lambda each: each[1]):
        scan = scan_texts([text for text, _ in group], settings, text_format)
        outcomes += scan.outcomes
        parts.append((scan.table, scan.buf))
    if not parts:
        scan = scan_texts([], settings)
        parts = [(scan.table, scan.buf)]
    return outcomes, *joined(parts)


def _rows(table: Table, plain: Sequence[bool], groups: Sequence[int]) -> NDArray[Any]:
    rows = np.zeros(len(table.able), dtype=ROW)
    rows["article"] = np.searchsorted(table.first, table.able, side="right") - 1
    rows["paragraph"] = table.able
    rows["start"], rows["end"] = table.at[table.able, 0], table.at[table.able, 1]
    after = table.able + 1
    inside = after < table.first[rows["article"] + 1]
    beside = np.minimum(after, len(table.at) - 1)
    rows["next"] = np.where(inside, table.at[beside, 0], -1)
    rows["next_end"] = np.where(inside, table.at[beside, 1], -1)
    rows["prose"] = ~np.array(plain, dtype=bool)[rows["article"]] if plain else False
    rows["by"] = np.array(groups, dtype=np.int64)[rows["article"]] if groups else 0
    return rows


def _number(by: str | None) -> int:
    """A group as a number: 63 bits of its hash; 0 for none."""
    if by is None:
        return 0
    return int.from_bytes(blake2b(by.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") >> 1
