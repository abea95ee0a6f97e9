"""Raw records: what cuts take out of their bytes, and how it is put back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Gone(NamedTuple):
    """Bytes ``start:end`` of a raw record that went, and the bytes ``new`` that came instead, mostly none.

    ``cut`` is the number (from 0) of the cut that took them.
    """

    start: int
    end: int
    cut: int
    new: bytes = b""


class Back(NamedTuple):
    """Bytes ``old`` to be put back where they stood, at ``start`` of the raw record before the cuts.

    ``new``: so many bytes came in their place.
    """

    start: int
    old: bytes
    new: int = 0


def applied(raw: bytes, gone: Iterable[Gone]) -> bytes:
    """``raw`` without what is ``gone``, which is sorted and apart."""
    pieces, at = [], 0
    for each in gone:
        pieces += [raw[at : each.start], each.new]
        at = each.end
    return b"".join([*pieces, raw[at:]])


def put_back(raw: bytes, backs: Sequence[Back]) -> bytes:
    """The record before the cuts; ``backs`` are sorted by where they stood."""
    pieces, at = [], 0
    for back, start in zip(backs, places(backs), strict=True):
        pieces += [raw[at:start], back.old]
        at = start + back.new
    return b"".join([*pieces, raw[at:]])


def places(backs: Sequence[Back]) -> list[int]:
    """For each of ``backs`` the byte of the cut record at which it goes back."""
    result, shift = [], 0
    for back in backs:
        result.append(back.start + shift)
        shift += back.new - len(back.old)
    return result
