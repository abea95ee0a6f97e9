"""The words of the project as values: what goes in, what comes out, and why.

All positions are characters of the article's original text, half-open
(``text[start:end]``); all line numbers are 1-based; all similarities are in [0, 1].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

Kind = Literal[
    "prose",
    "heading",
    "row",
    "mark",
    "code",
    "table",
    "list",
    "quote",
    "html",
    "front matter",
    "link definition",
]
Shape = Literal["paragraph", "block", "passage"]
Level = Literal["exact", "copy", "similar"]
Keep = Literal["first", "last"]
Lone = Literal["report", "remove"]


class Paragraph(NamedTuple):
    """A span of the article's text, without surrounding white space."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between a span and its witness, in words.

    ``name`` is an immaterial rule (``case``, ``quotes``, ``typo`` ...) or the class of a
    material difference (``number``, ``name``, ``word``, ``punctuation`` ...).
    """

    name: str
    here: str
    witness: str
    material: bool

    def __reduce__(self) -> tuple[type[Difference], tuple[str, str, str, bool]]:
        # Ten thousands of them travel between processes; what dataclasses do is five times as slow.
        return Difference, (self.name, self.here, self.witness, self.material)


class Told(NamedTuple):
    """A span for people to read: its text, and the text beside it."""

    text: str
    before: str
    behind: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A span of another article: its file, record, id and line as in the log; lines of its text.

    ``told`` gives what it says, and ``heading`` what it stands under (empty: nothing), where that is at hand.
    """

    file: str
    record: int | None
    id: str | int | None
    line: int | None
    start: int
    end: int
    text_line: int
    last_line: int
    told: Callable[[], Told] | None = None
    heading: Callable[[], str] | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """The kept span that says what a removed span says. ``text`` counts inputs from 0.

    ``elsewhere`` is given where the witness stands in another article of a corpus. ``key`` is what a decision
    knows its text by (``decisions.key_of``); empty where that is not known.
    """

    start: int
    end: int
    line: int
    text: int = 0
    elsewhere: Elsewhere | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Removal:
    """A removed span. The spans of one block share ``block`` (numbered from 1 in an article).

    ``boilerplate`` is the number of articles it stands in, where they are as many as the run asked for.
    ``key`` is what a decision knows it by (``decisions.key_of`` of what was compared: of the whole paragraph, or
    of the part of one).
    """

    start: int
    end: int
    line: int
    block: int
    shape: Shape
    level: Level
    rule: str
    similarity: float
    differences: tuple[Difference, ...]
    witness: Witness
    last_line: int
    paragraphs: int
    boilerplate: int = 0
    key: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Variant:
    """A span that is nearly what its witness is, and stays; ``rule`` says why it stays, ``key`` as in Removal."""

    start: int
    end: int
    line: int
    shape: Shape
    rule: str
    similarity: float
    differences: tuple[Difference, ...]
    witness: Witness
    last_line: int
    key: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Counts:
    """What an article held: its paragraphs and its words (see ``Settings.min_words``), and what caps left undecided.

    capped      runs of words in so many places that only the first and the latest were paired
    unfinished  1 where something would still go when it was last looked through: cleaned again, it will
    """

    paragraphs: int = 0
    words: int = 0
    capped: int = 0
    unfinished: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """Two paragraphs of different texts: ``start:end`` of text ``text``, and an earlier witness.

    relation  ``copy`` where only immaterial differences lie between, ``variant`` where others do
    """

    text: int
    start: int
    end: int
    line: int
    relation: Literal["copy", "variant"]
    level: Level
    rule: str
    similarity: float
    differences: tuple[Difference, ...]
    witness: Witness

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The cleaned text and what was done to reach it, in the order of the text.

    For a list of paragraphs ``text`` is what is left of them, a blank line between two, and all
    positions are indices of the list.
    """

    text: str
    removed: tuple[Removal, ...] = ()
    variants: tuple[Variant, ...] = ()
    counts: Counts = Counts()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)
