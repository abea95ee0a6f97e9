"""Records in one JSON array: ``[{...}, {...}]``, cut between its elements without holding it whole.

What stands between two commas of the array is an element, whatever it is: one that is no JSON is left
alone, like a broken line of JSONL. Where even the ends of elements cannot be told, what follows is left
alone: up to the next line that begins an element, where the first element showed how such lines begin,
or else to the end. A file that is one object, on however many lines, is one record.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cleaner.formats.fields import NoText, parts_of
from cleaner.formats.json_elements import End, Reached, behind_white, element_end, is_json, reach
from cleaner.formats.jsonl import FIX, JsonRecord, loader, slowly, text_and_id
from cleaner.formats.reading import BATCH, MOST
from cleaner.formats.records import BOM, Batch, Read, Trouble, Window
from cleaner.formats.rows import Place, Span
from cleaner.formats.work import Problem, Work

_SPACE = b" \t\r\n"
_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*+\[")
# The first element begins on a line of its own, and is all of it or goes on with lines that stand farther in.
_LINE = re.compile(rb"[ \t\r]*+\n([ \t]*+)\{(?:[^\n]*\},?[ \t\r]*\n|[ \t\r]*\n\1[ \t]+)")

LARGEST = 64 << 20
"""Bytes of a file that is one object: it must be held whole to see whether it is an article."""

_REST = "what follows is left as it was: correct it"
_FAULTS: dict[End, str] = {
    "string": "a string that is not closed on its line",
    "bracket": "brackets that do not pair",
    "more": "a record that does not end",
    "lost": "a record that does not end",
}


@dataclass(frozen=True, slots=True)
class JsonArray(JsonRecord):
    """An array of objects, or one object.

    ``line`` is how a line begins that begins an element, line end included, where the first one stands on
    a line of its own. It is kept in the log: where records are lost their ends must be found in the same
    places again.
    """

    line: str | None = None

    @classmethod
    def of(cls, head: bytes) -> JsonArray:
        """The reader of a file that begins with ``head``."""
        begin = _BEGIN.match(head)
        line = _LINE.match(head, begin.end()) if begin is not None else None
        return cls("\n" + line[1].decode("ascii") + "{" if line is not None else None)

    def facts(self, work: Work) -> dict[str, Any] | None:
        return {"line": self.line}

    def batches(self, read: Iterable[bytes], file: str) -> Iterator[Batch]:
        return _Cutter(Window(read), None if self.line is None else self.line.encode("ascii")).batches()

    def spans(self, batch: bytes, field: str, *, first: bool) -> list[Span]:
        begin = _BEGIN.match(batch) if first else None
        if first and begin is None:
            return _stripped(batch, len(BOM) if batch.startswith(BOM) else 0, len(batch))
        spans, at = [], begin.end() if begin is not None else 0
        while True:
            stop, end = element_end(batch, at)
            spans += _stripped(batch, at, stop)
            if end != "comma":
                return spans
            at = stop + 1

    def read(self, batch: bytes, file: str, work: Work, *, first: bool) -> Read:
        if first and _BEGIN.match(batch) is None and (problem := _no_article(batch, file, work)) is not None:
            return Read(problems=[problem], lines=batch.count(b"\n"))
        read = Read()
        line, at = 1, 0
        for number, (start, end) in enumerate(self.spans(batch, work.text_field, first=first), 1):
            line, at = line + batch.count(b"\n", at, start), start
            raw = batch[start:end]
            text, identity = text_and_id(raw, _parsed(raw), work, read, file, line)
            if text is not None:
                read.texts.append(text)
                read.spans.append((start, end))
                read.places.append(Place(file, number, identity if isinstance(identity, (str, int)) else None, line))
            read.records = number
        read.lines = line - 1 + batch.count(b"\n", at)
        return read


def _parsed(raw: bytes) -> object:
    """The record, or None where it is to be read slowly."""
    try:
        return loader()(raw)
    except (ValueError, RecursionError):
        return None


def _no_article(batch: bytes, file: str, work: Work) -> Problem | None:
    """Why a file that is no array holds no article either, if so: most of them are settings or data."""
    raw = batch.removeprefix(BOM).strip()
    if not raw:
        return None
    try:
        record = slowly(raw)
        parts_of(record, work.text_field)
    except NoText as error:
        if error.reason == "no text field":
            detail = f"one JSON object without a text field {work.text_field!r}"
            return Problem(file, None, "not an article", detail, "left as it is: give --text-field if it is one")
        detail = f"neither an array of objects nor one object: {error.detail}"
        return Problem(file, error.line, "not an article", detail, "left as it is: correct it, or leave it out")
    return None


def _stripped(batch: bytes, start: int, end: int) -> list[Span]:
    """The element between two commas without the white space around it; none where it is empty."""
    raw = batch[start:end]
    left, right = raw.lstrip(_SPACE), raw.rstrip(_SPACE)
    return [(end - len(left), start + len(right))] if left else []


class _Cutter:
    """Cuts the array in a window."""

    def __init__(self, window: Window, line: bytes | None) -> None:
        self.window, self.line = window, line

    def batches(self) -> Iterator[Batch]:
        window = self.window
        window.more(BATCH)
        begin = _BEGIN.match(window.data)
        if begin is None:
            yield from self._one_object()
            return
        at, going = begin.end(), True
        while going:
            reached = reach(window.data, at, self.line or b"", MOST, ended=window.ended)
            if reached.end == "more" and not window.ended and reached.whole > at:
                yield Batch(window.take(reached.whole))
                at = 0
                window.more(BATCH)
            elif reached.end == "more" and not window.ended:
                window.more(max(BATCH, 2 * len(window.data)))
            else:
                going = yield from self._stopped(reached)
                at = 0

    def _stopped(self, reached: Reached) -> Generator[Batch, None, bool]:
        """The end of the array, or of what can be told of it; whether it goes on behind that."""
        window = self.window
        if reached.end == "end":
            yield Batch(window.take(reached.stop + 1))
            yield from self._behind()
            return False
        if reached.end == "more" and window.ended and _is_whole(window.data[reached.whole :]):
            lines = window.data.count(b"\n")
            yield Batch(window.take(len(window.data)), _broken(lines + 1, "the array is not closed", "correct it"))
            return False
        if reached.whole:
            yield Batch(window.take(reached.whole))
        return (yield from self._left(0 if reached.end == "more" else reached.stop - reached.whole, reached.end))

    def _next(self, at: int) -> int:
        """The line end before the next line that begins an element behind the one at ``at``; -1: none is read yet."""
        return self.window.data.find(self.line, behind_white(self.window.data, at) + 1) if self.line is not None else -1

    def _left(self, fault: int, end: End) -> Generator[Batch, None, bool]:
        """Leave alone what cannot be told apart; whether a line was found that begins an element."""
        window = self.window
        at, begins = self._next(0), behind_white(window.data, 0)
        line = window.data.count(b"\n", 0, begins if 0 <= at < fault else max(fault, begins)) + 1
        trouble: Trouble | None = _broken(line, _FAULTS[end], FIX if at >= 0 else _REST)
        while at < 0 and not window.ended:
            yield Batch(window.take(max(0, len(window.data) - len(self.line or b""))), trouble, records=False)
            trouble = None
            window.more(len(window.data) + BATCH)
            at = window.data.find(self.line) if self.line is not None else -1
        yield Batch(window.take(at + 1 if at >= 0 else len(window.data)), trouble, records=False)
        return at >= 0

    def _behind(self) -> Iterator[Batch]:
        """What stands behind the array: white space, or what does not belong there."""
        window, trouble, told = self.window, None, False
        window.more(BATCH)
        while window.data:
            if not told and window.data.strip(_SPACE):
                line = window.data.count(b"\n", 0, behind_white(window.data, 0)) + 1
                trouble, told = _broken(line, "the array ends before this", _REST), True
            yield Batch(window.take(len(window.data)), trouble, records=False)
            trouble = None
            window.more(BATCH)

    def _one_object(self) -> Iterator[Batch]:
        window = self.window
        window.more(LARGEST + 1)
        if len(window.data) <= LARGEST:
            yield Batch(window.take(len(window.data)))
            return
        what = f"no array of objects, and too long ({LARGEST >> 20} MB and more) for one object"
        trouble: Trouble | None = Trouble(1, "not an article", what, "left as it is: leave it out")
        while window.data:
            yield Batch(window.take(len(window.data)), trouble, records=False)
            trouble = None
            window.more(BATCH)


def _broken(line: int, what: str, fix: str) -> Trouble:
    return Trouble(line, "broken JSON", f"broken JSON ({what})", fix)


def _is_whole(element: bytes) -> bool:
    """Whether what stands last in a file that ends without its bracket is nothing, or all of an element."""
    raw = element.strip(_SPACE)
    return not raw or is_json(raw)
