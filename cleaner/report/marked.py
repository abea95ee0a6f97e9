"""An article with what went from it, what says it, and what stays although it is like something: as marked lines.

Text and rows of the log in, a value out that every way of showing it takes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

Row = Mapping[str, Any]
Sign = Literal["removed", "witness", "variant"]

AROUND = 2
"""Lines without a mark that are shown on each side of a marked one."""
MOST_PLAIN = 6
"""Lines without a mark up to which all are shown."""
LONG = 600
"""Characters of a stretch without a mark up to which all of it is shown; of a longer one its ends are."""


class Mark(NamedTuple):
    """One removed span, or one variant.

    number       of the repeat or variant, from 1 in the order of the text; the spans of a block share it
    first, last  its lines in the text, blank ones at its end not counted
    """

    number: int
    row: Row
    removed: bool
    first: int
    last: int


class Piece(NamedTuple):
    """A stretch of one line.

    removed   the number of the repeat that it went with; 0: it stays
    witness   numbers of the repeats that it says
    variant   numbers of the variants that it is part of
    differs   it is what differs in a variant
    ends      the marks that end with it: what is to be said about them is said behind it
    """

    text: str
    removed: int = 0
    witness: tuple[int, ...] = ()
    variant: tuple[int, ...] = ()
    differs: bool = False
    ends: tuple[Mark, ...] = ()

    @property
    def is_plain(self) -> bool:
        return not (self.removed or self.witness or self.variant)


class Line(NamedTuple):
    """A line of the text with its number, from 1; without its end."""

    number: int
    pieces: tuple[Piece, ...]

    @property
    def said(self) -> tuple[Piece, ...]:
        """The pieces with text in them: a mark that has only the end of a line has no part in it."""
        return tuple(piece for piece in self.pieces if piece.text) or self.pieces

    @property
    def is_plain(self) -> bool:
        return all(piece.is_plain for piece in self.said)

    def signs(self) -> list[tuple[Sign, int]]:
        """What the line has part in, each once."""
        found: dict[tuple[Sign, int], None] = {}
        for piece in self.said:
            found |= {("removed", piece.removed): None} if piece.removed else {}
            found |= {("witness", number): None for number in piece.witness}
            found |= {("variant", number): None for number in piece.variant}
        return list(found)


class Fold(NamedTuple):
    """Lines without a mark that stand together."""

    lines: tuple[Line, ...]


class Marked(NamedTuple):
    """All lines of an article, and its marks in the order of the text."""

    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]


class _Span(NamedTuple):
    start: int
    end: int
    sign: Literal["removed", "witness", "variant", "differs"]
    number: int


def marked(text: str, removals: Sequence[Row], variants: Sequence[Row]) -> Marked:
    """The lines of ``text`` with the rows of its removals and variants, by characters of it."""
    starts = [0, *(at + 1 for at, char in enumerate(text) if char == "\n")]
    marks = _marks(text, removals, variants, starts)
    spans = [span for mark in marks for span in _spans(text, mark)]
    ends: dict[int, tuple[Mark, ...]] = {}
    for mark in marks:
        at = _end(text, mark.row)
        ends[at] = (*ends.get(at, ()), mark)
    pieces = list(_pieces(text, spans, starts, ends))
    lines = (Line(number, tuple(own)) for number, own in enumerate(_by_line(pieces, text, starts), 1))
    return Marked(tuple(lines), tuple(marks))


def _marks(text: str, removals: Sequence[Row], variants: Sequence[Row], starts: Sequence[int]) -> list[Mark]:
    rows = sorted(
        [(row["start"], True, row) for row in removals] + [(row["start"], False, row) for row in variants],
        key=lambda each: each[:2],
    )
    numbers: dict[object, int] = {}
    marks = []
    for start, removed, row in rows:
        number = numbers.setdefault(row["block"] if removed else (start, id(row)), len(numbers) + 1)
        first, last = (bisect_right(starts, at) for at in (_begin(text, row), max(start, _end(text, row) - 1)))
        marks.append(Mark(number, row, removed, first, last))
    return marks


def _begin(text: str, row: Row) -> int:
    """Where the words of a span begin."""
    span = text[row["start"] : row["end"]]
    return int(row["start"]) + len(span) - len(span.lstrip()) if span.strip() else int(row["start"])


def _end(text: str, row: Row) -> int:
    """Where the words of a span end: what is said about it belongs there, not behind blank lines."""
    span = text[row["start"] : row["end"]].rstrip()
    return int(row["start"]) + len(span) if span else int(row["end"])


def is_own(row: Row) -> bool:
    """Whether the witness stands in the same article."""
    witness = row["witness"]
    return all(witness.get(name, row.get(name)) == row.get(name) for name in ("file", "record"))


def _spans(text: str, mark: Mark) -> Iterator[_Span]:
    row, number = mark.row, mark.number
    if not mark.removed:
        yield _Span(row["start"], row["end"], "variant", number)
        yield from (_Span(start, end, "differs", number) for start, end in _differing(text, row))
        return
    yield _Span(row["start"], row["end"], "removed", number)
    witness = row["witness"]
    if is_own(row) and 0 <= witness["start"] < witness["end"] <= len(text):
        yield _Span(witness["start"], witness["end"], "witness", number)


def _differing(text: str, row: Row) -> Iterator[tuple[int, int]]:
    """Where in a variant the words stand that differ: the log names them in their order, without their places."""
    at = row["start"]
    for each in row["differences"]:
        here = each["here"].strip()
        found = text.find(here, at, row["end"]) if here and each.get("material", True) else -1
        if found >= 0:
            at = found + len(here)
            yield found, at


def _pieces(
    text: str, spans: Sequence[_Span], starts: Sequence[int], ends: Mapping[int, tuple[Mark, ...]]
) -> Iterator[tuple[int, Piece]]:
    """Each stretch with its begin: cut at every line, and where a mark begins or ends."""
    edges = {0, len(text), *starts, *ends}
    opening: dict[int, list[_Span]] = {}
    closing: dict[int, list[_Span]] = {}
    for span in spans:
        edges |= {span.start, span.end}
        opening.setdefault(span.start, []).append(span)
        closing.setdefault(span.end, []).append(span)
    order, over = sorted(edges), dict[_Span, int]()
    for start, end in zip(order, [*order[1:], len(text)], strict=True):
        for span in closing.get(start, ()):
            over[span] -= 1
            if not over[span]:
                del over[span]
        for span in opening.get(start, ()):
            over[span] = over.get(span, 0) + 1
        said = text[start:end].removesuffix("\n").removesuffix("\r")
        if start < end:
            yield start, _piece(said, over, ends.get(end, ()))


def _piece(text: str, over: Iterable[_Span], ends: tuple[Mark, ...]) -> Piece:
    def of(sign: str) -> tuple[int, ...]:
        return tuple(sorted({span.number for span in over if span.sign == sign}))

    removed = of("removed")
    return Piece(text, removed[0] if removed else 0, of("witness"), of("variant"), bool(of("differs")), ends)


def _by_line(pieces: Sequence[tuple[int, Piece]], text: str, starts: Sequence[int]) -> Iterator[list[Piece]]:
    """The pieces of each line; a line end at the very end of the text begins no further one."""
    at = 0
    for number, _ in enumerate(starts):
        stop = starts[number + 1] if number + 1 < len(starts) else len(text) + 1
        own: list[Piece] = []
        while at < len(pieces) and pieces[at][0] < stop:
            own.append(pieces[at][1])
            at += 1
        if own or stop <= len(text):
            yield own


def folded(lines: Sequence[Line], *, full: bool = False) -> list[Line | Fold]:
    """The lines, long stretches without a mark as one ``Fold``; ``full``: none is folded."""
    shown: list[Line | Fold] = []
    plain: list[Line] = []
    for line in lines:
        if line.is_plain:
            plain.append(line)
            continue
        shown += _stretch(plain, full)
        plain = []
        shown.append(line)
    return shown + _stretch(plain, full)


def _stretch(plain: list[Line], full: bool) -> list[Line | Fold]:
    if full or len(plain) <= MOST_PLAIN:
        return list(plain)
    return [*plain[:AROUND], Fold(tuple(plain[AROUND:-AROUND])), *plain[-AROUND:]]


def shortened(text: str, most: int = LONG) -> tuple[str, int, str]:
    """The beginning of a long stretch, how many characters are left out, and its end."""
    if len(text) <= most:
        return text, 0, ""
    return text[: most // 2], len(text) - 2 * (most // 2), text[len(text) - most // 2 :]
