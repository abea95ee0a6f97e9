"""The paragraphs of a step's articles as columns: where they stand, and the keys under which they meet others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.kernels.corpus import copy_keys, sketches
from cleaner.kernels.decode import spans as encoded
from cleaner.kernels.decode import words_kernel
from cleaner.kernels.paragraphs import Batch, read_batch
from cleaner.phases.layout import SPLITTERS
from cleaner.phases.lsh import DEFAULT_BANDS
from cleaner.settings import Settings
from cleaner.text.markup import blank

I64: TypeAlias = NDArray[np.int64]


class Table(NamedTuple):
    """Paragraphs of n texts, one behind the other.

    first     int64[n + 1], of which text k has those from first[k] to first[k + 1]
    spans     int32[paragraphs, 2], characters of their text, half-open
    at        int64[paragraphs, 2], bytes of the texts' UTF-8, all of them one behind the other
    bytes     int64[n + 1], where each text begins there
    keys      uint64[paragraphs], copy keys
    weights   int32[paragraphs], quarter words; words int32[paragraphs]
    able      int64[a], the paragraphs that are long enough to go alone; ascending
    bands     uint64[bands, a] and thumbs uint8[a, permutations] of those (``kernels.corpus.sketches``)
    """

    first: I64
    spans: NDArray[np.int32]
    at: I64
    bytes: I64
    keys: NDArray[np.uint64]
    weights: NDArray[np.int32]
    words: NDArray[np.int32]
    able: I64
    bands: NDArray[np.uint64]
    thumbs: NDArray[np.uint8]


def table_of(texts: Sequence[str], settings: Settings, text_format: str = "plain") -> tuple[Table, bytes]:
    """The table of ``texts``, and their UTF-8 (lone surrogates as three bytes) one behind the other."""
    if text_format != "plain":
        return _table_of_others(texts, settings, text_format)
    blanked = [blank(text) for text in texts]
    buf, starts, ends = encoded(blanked)
    batch = read_batch(buf, starts, ends)
    return from_batch(batch, texts, blanked, buf.tobytes(), starts, ends, settings)


def from_batch(
    batch: Batch, texts: Sequence[str], blanked: Sequence[str], buf: bytes, starts: I64, ends: I64, settings: Settings
) -> tuple[Table, bytes]:
    """The table of texts that were read already, from the UTF-8 ``buf`` of ``blanked``."""
    keys, weights = copy_keys(batch)
    able = np.flatnonzero((weights >= settings.min_quarters) & (batch.opaque == 0)).astype(np.int64)
    bands, thumbs = sketches(batch, able, *DEFAULT_BANDS)
    sizes, at = np.append(starts, ends[-1:] if len(ends) else 0), batch.at
    if any(text is not other and text != other for text, other in zip(texts, blanked, strict=True)):
        buf, sizes, at = _as_they_came(batch, texts, blanked, starts)
    words = np.diff(batch.first).astype(np.int32)
    return Table(batch.paragraphs, batch.spans, at, sizes, keys, weights, words, able, bands, thumbs), buf


def _as_they_came(batch: Batch, texts: Sequence[str], blanked: Sequence[str], starts: I64) -> tuple[bytes, I64, I64]:
    """The texts in UTF-8, where each begins, and the bytes of the paragraphs: markup has its own length again."""
    pieces = [text.encode("utf-8", "surrogatepass") for text in texts]
    sizes = np.array([0, *accumulate(map(len, pieces))], dtype=np.int64)
    at = np.empty((len(batch.spans), 2), dtype=np.int64)
    for k, text in enumerate(texts):
        p, q = int(batch.paragraphs[k]), int(batch.paragraphs[k + 1])
        spans = batch.spans[p:q]
        if text == blanked[k]:
            at[p:q] = batch.at[p:q] - starts[k] + sizes[k]
            continue
        lengths = np.fromiter(
            (len(text[a:b].encode("utf-8", "surrogatepass")) for a, b in _between(spans)), np.int64, 2 * (q - p)
        )
        at[p:q] = (np.cumsum(lengths) + sizes[k]).reshape(-1, 2)
    return b"".join(pieces), sizes, at


def _between(spans: NDArray[np.int32]) -> list[tuple[int, int]]:
    """The stretches from each edge of a span to the next, from 0 on."""
    edges = [0, *spans.ravel().tolist()]
    return list(pairwise(edges))


class _Split(NamedTuple):
    """A text as its format splits it: what is compared, length for length, and the paragraphs that have words."""

    shown: str
    blanked: str
    spans: list[tuple[int, int]]
    prose: list[bool]


def _split(text: str, text_format: str) -> _Split:
    if text_format == "html":
        from cleaner.text.html_page import read_page

        page = read_page(text)
        # What may be hidden is a scope of its own; links, images and half pairs of tags are not in the text.
        prose = [
            said is None and not scope and not marks and not page.is_fixed(p)
            for p, (said, scope, marks) in enumerate(zip(page.said, page.scopes, page.marks, strict=True))
        ]
        return _Split(page.text, page.text, list(page.spans), prose)
    spans, kinds = SPLITTERS[text_format](text)
    return _Split(text, blank(text), spans, [kind == "prose" for kind in kinds or ["prose"] * len(spans)])


def _table_of_others(texts: Sequence[str], settings: Settings, text_format: str) -> tuple[Table, bytes]:
    """The table of texts in another format than plain text. Of a page its text stands for it, tags blanked out."""
    split = [_split(text, text_format) for text in texts]
    shown, blanked = [each.shown for each in split], [each.blanked for each in split]
    buf, starts, ends = encoded(blanked)
    return from_batch(_read_otherwise(split), shown, blanked, buf.tobytes(), starts, ends, settings)


def _read_otherwise(split: Sequence[_Split]) -> Batch:
    """A batch whose paragraphs another splitter than that of plain text has found."""
    blanked = [each.blanked for each in split]
    first = [0, *accumulate(len(each.spans) for each in split)]
    spans = [span for each in split for span in each.spans]
    kinds = [prose for each in split for prose in each.prose]
    owners = np.repeat(np.arange(len(split)), np.diff(first))
    where = owners.tolist()
    contents = [blanked[k][a:b] if prose else "" for k, (a, b), prose in zip(where, spans, kinds, strict=True)]
    keys, _, _, weights, offsets = words_kernel(*encoded(contents))
    empty = offsets[1:] == offsets[:-1]
    # A paragraph without words counts as one that stands for its whole text.
    opaque = [hash_of(blanked[where[p]][slice(*spans[p])]) for p in np.flatnonzero(empty).tolist()]
    at = offsets[:-1][empty]
    return Batch(
        paragraphs=np.array(first, dtype=np.int64),
        spans=np.array(spans, dtype=np.int32).reshape(-1, 2),
        at=_places(blanked, owners, spans),
        first=offsets + np.append(0, np.cumsum(empty)),
        opaque=empty.astype(np.uint8),
        keys=np.insert(keys, at, np.array(opaque, dtype=np.uint64)),
        starts=np.empty(0, dtype=np.int32),
        ends=np.empty(0, dtype=np.int32),
        weights=np.insert(weights, at, 0),
        breaks=np.empty(0, dtype=np.uint8),
    )


def hash_of(text: str) -> int:
    """64 bits for a text without its white space."""
    from hashlib import blake2b

    solid = "".join(text.split()).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(solid, digest_size=8).digest(), "little")


def _places(texts: Sequence[str], owners: NDArray[np.int64], spans: Sequence[tuple[int, int]]) -> I64:
    """The bytes at which spans of characters lie in the texts' UTF-8."""
    at = np.empty((len(spans), 2), dtype=np.int64)
    begins = [0, *accumulate(len(text.encode("utf-8", "surrogatepass")) for text in texts)]
    text, done, byte = -1, 0, 0
    for p, (owner, span) in enumerate(zip(owners.tolist(), spans, strict=True)):
        if owner != text:
            text, done, byte = owner, 0, begins[owner]
        for side, position in enumerate(span):
            byte += len(texts[text][done:position].encode("utf-8", "surrogatepass"))
            done = position
            at[p, side] = byte
    return at


def joined(parts: Sequence[tuple[Table, bytes]]) -> tuple[Table, bytes]:
    """The tables of texts that follow each other as one."""
    if len(parts) == 1:
        return parts[0]
    tables = [table for table, _ in parts]
    before = [0, *accumulate(len(table.keys) for table in tables)]
    sizes = [0, *accumulate(len(buf) for _, buf in parts)]
    shift = list(zip(tables, before, sizes, strict=False))
    return Table(
        first=np.concatenate([[0], *(table.first[1:] + p for table, p, _ in shift)]),
        spans=np.concatenate([table.spans for table in tables]),
        at=np.concatenate([table.at + size for table, _, size in shift]),
        bytes=np.concatenate([[0], *(table.bytes[1:] + size for table, _, size in shift)]),
        keys=np.concatenate([table.keys for table in tables]),
        weights=np.concatenate([table.weights for table in tables]),
        words=np.concatenate([table.words for table in tables]),
        able=np.concatenate([table.able + p for table, p, _ in shift]),
        bands=np.concatenate([table.bands for table in tables], axis=1),
        thumbs=np.concatenate([table.thumbs for table in tables]),
    ), b"".join(buf for _, buf in parts)


def part(table: Table, buf: bytes, start: int, end: int) -> tuple[Table, bytes]:
    """The table of texts [start, end) alone."""
    p, q = int(table.first[start]), int(table.first[end])
    a, b = int(table.bytes[start]), int(table.bytes[end])
    i, j = np.searchsorted(table.able, [p, q])
    return Table(
        first=table.first[start : end + 1] - p,
        spans=table.spans[p:q],
        at=table.at[p:q] - a,
        bytes=table.bytes[start : end + 1] - a,
        keys=table.keys[p:q],
        weights=table.weights[p:q],
        words=table.words[p:q],
        able=table.able[i:j] - p,
        bands=table.bands[:, i:j],
        thumbs=table.thumbs[i:j],
    ), buf[a:b]
