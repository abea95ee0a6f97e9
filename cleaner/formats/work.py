"""What the pure work on bytes needs and gives back; all of it can travel to another process."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from cleaner.errors import InternalError
from cleaner.formats.rows import Place, Row, Span
from cleaner.formats.tally import Tally
from cleaner.settings import Settings
from cleaner.types import Outcome

TextFormat = Literal["plain", "markdown", "html"]
Annotate = Literal["spans", "dolma", "onion"]
TOLD = 20
"""Problems of one kind in one file that are told one by one; the rest are told by their number."""
Clean = Callable[[Sequence[str], Settings, str], Sequence[Outcome]]
Share = list[int | float]
"""A paragraph by the characters where it begins and ends, and onion's measure of it in [0, 1]."""
Shares = Callable[[Sequence[str], str], Sequence[Sequence[Share]]]
"""Texts and their format -> the paragraphs of each."""


@dataclass(frozen=True, slots=True)
class Work:
    """How articles are cleaned: the cleaning function, its settings, and the fields of a record.

    by_field     in whose groups boilerplate is counted; lang_field names the language for the report
    source_field names where an article comes from, for the report
    order_by     fields that decide which article is read before which
    flag_share   share of its words in [0, 1] above which an article's loss is told
    annotate     what would go is written beside the texts (``annotating``) instead of being removed
    annotate_field  the name it gets there
    measures     the measures of each article are taken (``text.measures``)
    shares       gives onion's measure, where that is what is annotated
    beside       the format has a place for more fields in its records, so that measures are put there
    """

    clean: Clean
    settings: Settings
    text_field: str = "text"
    id_field: str = "id"
    by_field: str | None = None
    lang_field: str | None = None
    order_by: tuple[str, ...] = ()
    flag_share: float = 0.5
    annotate: Annotate | None = None
    annotate_field: str = "cleaner"
    measures: bool = False
    beside: bool = True
    shares: Shares | None = None
    source_field: str | None = None

    @property
    def measures_field(self) -> str:
        """The field with the measures of a record."""
        return f"{self.annotate_field}_measures"

    @property
    def onion_field(self) -> str:
        """The field with onion's measure of a record's paragraphs."""
        return f"{self.annotate_field}_onion"

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that are asked for beside text and id."""
        return tuple(name for name in (self.by_field, self.lang_field, self.source_field, *self.order_by) if name)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be cleaned. ``reason`` is what it is counted under.

    ``line`` is 1-based in the file, or None; ``fix`` says what to do; ``trace`` is where a fault of ours
    was met, for --verbose. As a string: one line.
    """

    file: str
    line: int | None
    reason: str
    detail: str
    fix: str
    trace: str = ""

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{where}: {self.detail}; {self.fix}"


Phase = Literal["clean", "scan", "decide", "write", "index"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a pass over the inputs is.

    phase     ``clean``; in scope corpus ``scan``, ``decide``, ``write`` and, where there is one, ``index``
    done      bytes of the inputs, as they lie on the disk, whose articles are done in this phase
    total     bytes of all inputs; None where that is not known: standard input, or a phase without bytes
    articles  done in this phase
    """

    phase: Phase
    done: int = 0
    total: int | None = None
    articles: int = 0


def _nothing(_: Any) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Events:
    """Called as things happen, in the order of the inputs; strings are raw, not escaped for a terminal.

    named    once, when the inputs are known: how the caller named each file that rows are about
    dropped  a file, named as in its rows, that is not written after all: what was told of it did not happen
    progress after each step, a few megabytes apart
    """

    problem: Callable[[Problem], None] = _nothing
    note: Callable[[str], None] = _nothing
    removal: Callable[[Row], None] = _nothing
    variant: Callable[[Row], None] = _nothing
    named: Callable[[Mapping[str, str]], None] = _nothing
    dropped: Callable[[str], None] = _nothing
    progress: Callable[[Progress], None] = _nothing

    def rows(self, removals: Sequence[Row], variants: Sequence[Row]) -> None:
        """Tell the rows of one file or batch."""
        for tell, rows in ((self.removal, removals), (self.variant, variants)):
            if tell is not _nothing:
                for row in rows:
                    tell(row)


@dataclass(slots=True)
class Found:
    """What was found in one file or one batch of records.

    ``changes`` are the bytes to replace: (start, end, new bytes) in the file or batch, sorted.
    ``failed``: a fault of ours that no single record can be blamed for; the file is to be left as it is.
    ``lines`` and ``records`` are the sizes of a batch; the numbers in its rows and problems begin at 1.
    ``data`` is the batch in the format of the output, where that is not the input's; ``changes`` are in it.
    ``places`` are those of the articles, in the order in which they were cleaned; ``flagged`` are rows on
    articles that lose much of themselves; ``cases`` show people what rows are about; ``bare`` are the records
    without a field more, where the others got one.
    """

    changes: list[tuple[int, int, bytes]] = field(default_factory=list)
    removals: list[Row] = field(default_factory=list)
    variants: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    lines: int = 0
    records: int = 0
    encoding: str = "utf-8"
    bom: bytes = b""
    confidence: float = 1.0
    seconds: float = 0.0
    failed: Problem | None = None
    data: bytes | None = None
    places: list[Place] = field(default_factory=list)
    flagged: list[Row] = field(default_factory=list)
    cases: list[Row] = field(default_factory=list)
    bare: list[int] = field(default_factory=list)


def changed(data: bytes, changes: Sequence[tuple[int, int, bytes]]) -> list[bytes]:
    """The pieces of ``data`` with ``changes`` made, to be written one after the other."""
    pieces, at = [], 0
    for start, end, new in changes:
        pieces += [data[at:start], new]
        at = end
    pieces.append(data[at:] if at else data)
    return [piece for piece in pieces if piece]


def cuts_of(outcome: Outcome, text: str, where: str) -> list[Span]:
    """The removed spans, checked: sorted, apart, and ``outcome.text`` is ``text`` without them."""
    cuts, pieces, at = [], [], 0
    for each in outcome.removed:
        if not at <= each.start < each.end <= len(text):
            raise InternalError(where, f"the removed span {each.start}-{each.end} does not fit")
        pieces.append(text[at : each.start])
        cuts.append((each.start, each.end))
        at = each.end
    if "".join([*pieces, text[at:]]) != outcome.text:
        raise InternalError(where, "the cleaned text is not the text minus the removed spans")
    return cuts
