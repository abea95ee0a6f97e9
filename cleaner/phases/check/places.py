"""Places of a file, and findings made of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cleaner.findings import Finding, Region, Severity

if TYPE_CHECKING:
    from cleaner.types import Difference

KEY_BYTES = 10


class Places:
    """Regions of one file. Lines end with a line feed; a carriage return before it is a character of the line."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts: list[int] = []

    def region(self, start: int, end: int) -> Region:
        line, column = self._place(start)
        last_line, last_column = self._place(end)
        return Region(self.path, start, end, line, column, last_line, last_column)

    def _place(self, at: int) -> tuple[int, int]:
        if not self._starts:
            self._starts = line_starts(self.text)
        line = bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1


def line_starts(text: str) -> list[int]:
    """The first character of each line."""
    starts, at = [0], text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return starts


def content_key(rule: str, content: bytes | str) -> str:
    """What tells a finding from others wherever it stands; without a rule, for baselines."""
    from hashlib import blake2b

    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    return blake2b(rule.encode() + b"\0" + data, digest_size=KEY_BYTES).hexdigest()


def finding(
    rule: str,
    severity: Severity,
    here: Region,
    there: Region | None,
    *,
    text: str,
    other: str,
    message: str,
    content: bytes | str,
    words: int = 0,
    similarity: float = 1.0,
    differences: Sequence[Difference] = (),
    more: Sequence[Region] = (),
    cut: tuple[int, int] | None = None,
    safe: bool = False,
) -> Finding:
    """A finding with its key, which ``content`` decides together with the rule."""
    return Finding(
        rule,
        severity,
        here,
        there,
        tuple(more),
        text,
        other,
        message,
        words,
        similarity,
        tuple(differences),
        content_key(rule, content),
        cut,
        safe and cut is not None,
    )
