"""What earlier runs have seen, beside what this one reads: candidates from the index, and what is added to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.corpus.paragraphs import Paragraphs
from cleaner.corpus.replay import elsewhere
from cleaner.index import File, Index, Seen, ident_text
from cleaner.phases.corpus.links import Link, Look
from cleaner.phases.corpus.near import GOES, NEEDED, Pick, decided_of, explained, similarities_of
from cleaner.types import Told

I64: TypeAlias = NDArray[np.int64]


def earlier_look(seen: Seen) -> Look:
    """A paragraph of an earlier run; it is of no article of this one."""
    content = seen.text.decode("utf-8", "surrogatepass")
    place = replace(seen.place, told=partial(Told, content, "", ""))
    return Look(-1, content, seen.kind == "prose", False, place=place)


def near_earlier(step: int, rows: I64, paragraphs: Paragraphs, index: Index) -> list[Link]:
    """For paragraphs of a step (their rows, ascending) what they go for, or differ from, in earlier runs.

    The most similar one, and of equals the one that was added first.
    """
    numbers = paragraphs.numbers(step)
    bands = paragraphs.bands(step, rows)
    pairs = index.with_bands(bands.ravel(), np.tile(rows, len(bands)))
    if not len(pairs[0]):
        return []
    known = {seen.id: seen for seen in index.by_id(np.unique(pairs[1]))}
    thumbs, words = paragraphs.thumbs(step), paragraphs.words(step)
    settings = paragraphs.settings

    def look(number: int) -> Look:
        return earlier_look(known[-number]) if number < 0 else paragraphs.look(number)

    best: dict[int, Pick] = {}
    for row, id, similar in _similar(pairs, known, thumbs, words, step, paragraphs):
        here = int(numbers[row])
        if similar > 0 and look(-id).prose and look(here).prose:
            decided = decided_of(look(here), look(-id), settings) if settings.decisions else 0
            pick = Pick(here, -id, similar, decided)
            best[row] = pick if row not in best else max(best[row], pick, key=_order)
    picked = [pick for _, pick in sorted(best.items()) if not (pick.goes(settings) and look(pick.here).protected)]
    links = explained(picked, lambda number: look(number).content, settings)
    return [link._replace(place=known[-link.witness].place) for link in links]


def _order(pick: Pick) -> tuple[bool, float, int]:
    """What was decided first, then the most similar, then what was added first."""
    return pick.decided == GOES, pick.similarity, pick.witness


def _similar(
    pairs: tuple[I64, I64],
    known: dict[int, Seen],
    thumbs: NDArray[np.uint8],
    words: NDArray[np.int32],
    step: int,
    paragraphs: Paragraphs,
) -> Iterator[tuple[int, int, float]]:
    rows, ids = pairs
    order = np.lexsort((ids, rows))
    rows, ids = rows[order], ids[order]
    others = np.array([list(known[id].thumb) for id in ids.tolist()], dtype=np.uint8)
    lengths = np.array([known[id].words for id in ids.tolist()], dtype=np.int64)
    alike = (thumbs[rows] == others).sum(axis=1) >= int(NEEDED * thumbs.shape[1])
    shorter, longer = np.minimum(words[rows], lengths), np.maximum(words[rows], lengths)
    taken = np.flatnonzero(alike & (shorter >= paragraphs.settings.similarity * longer))
    here = [paragraphs.text(number) for number in paragraphs.numbers(step)[rows[taken]].tolist()]
    there = [known[id].text for id in ids[taken].tolist()]
    places = np.arange(len(taken), dtype=np.int64)
    similar = similarities_of([*here, *there], places, places + len(taken), paragraphs.settings)
    yield from zip(rows[taken].tolist(), ids[taken].tolist(), similar.tolist(), strict=True)


def add_to(index: Index, files: Sequence[File], paragraphs: Paragraphs, alive: NDArray[np.bool_]) -> int:
    """Add every paragraph that was kept, in one transaction; returns how many."""
    numbers = index.begin(files)
    added, next_id = 0, index.next_id()
    try:
        for step in paragraphs.filled():
            rows = np.flatnonzero(alive[paragraphs.numbers(step)])
            if len(rows):
                index.add(*_tables(step, rows, paragraphs, numbers, next_id + added))
                added += len(rows)
        index.commit()
    except BaseException:
        with suppress(Exception):  # the first error is the one to tell
            index.rollback()
        raise
    return added


def _tables(step: int, rows: I64, paragraphs: Paragraphs, numbers: dict[str, int], first: int) -> tuple[Any, Any]:
    import pyarrow

    spool, record = paragraphs.spool, paragraphs.records[step]
    ids = np.arange(first, first + len(rows), dtype=np.int64)
    places = [
        elsewhere(
            record, int(row["paragraph"]), lambda a, b: spool.part(step, "texts", a, b), paragraphs.numbered_from[step]
        )
        for row in paragraphs.rows(step)[rows]
    ]
    bands = paragraphs.bands(step, rows)
    thumbs = paragraphs.thumbs(step)[rows]
    table = {
        "id": ids,
        "source": [_source_of(place.file, numbers) for place in places],
        "key": spool.array(step, "keys", np.uint64)[rows],
        "words": paragraphs.words(step)[rows],
        "thumb": [thumb.tobytes() for thumb in thumbs],
        "text": [paragraphs.text(number) for number in paragraphs.numbers(step)[rows].tolist()],
        "kind": [paragraphs.kind(number) for number in paragraphs.numbers(step)[rows].tolist()],
        "record": pyarrow.array([place.record for place in places], pyarrow.int64()),
        "ident": pyarrow.array([ident_text(place.id) for place in places], pyarrow.string()),
        "line": pyarrow.array([place.line for place in places], pyarrow.int64()),
        "start": [place.start for place in places],
        "stop": [place.end for place in places],
        "text_line": [place.text_line for place in places],
        "last_line": [place.last_line for place in places],
    }
    return pyarrow.table(table), pyarrow.table({"key": bands.ravel(), "id": np.tile(ids, len(bands))})


def _source_of(file: str, numbers: dict[str, int]) -> int:
    """The number of a file, or of the archive in which it lies."""
    while file not in numbers and "/" in file:
        file = file.rpartition("/")[0]
    return numbers[file]
