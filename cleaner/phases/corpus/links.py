"""What one paragraph is to another of a different article, and what is needed to say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from cleaner.types import Difference, Elsewhere, Level


class Look(NamedTuple):
    """A paragraph as it stands: the text that decides.

    by         the group in which its article is counted for boilerplate (a host, a source), as a number
    place      where it stands, of a paragraph that an earlier run has seen
    prose      it may go; rows of figures, code and headings never go alone
    protected  a setting or a decision keeps it; ``kept``: a decision does
    """

    article: int
    content: str
    prose: bool
    protected: bool
    by: int = 0
    place: Elsewhere | None = None
    kept: bool = False


Looking = Callable[[int], Look]
"""From the number of a paragraph, in reading order, to its text."""


class Link(NamedTuple):
    """Paragraph ``here`` says what ``witness`` says (copy), or nearly (variant); both by their numbers.

    place        of a witness that an earlier run has seen, whose number is below 0
    boilerplate  articles in which the paragraph stands, where they are many; else 0
    witness_key  what a decision knows the witness by; empty where it is the same text but for spacing
    """

    here: int
    witness: int
    relation: Literal["copy", "variant"]
    level: Level
    rule: str
    similarity: float
    differences: tuple[Difference, ...]
    place: Elsewhere | None = None
    boilerplate: int = 0
    witness_key: str = ""
