"""What a run tells while it goes: kept for what is printed at its end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cleaner.cli.biggest import Biggest, Finding
from cleaner.cli.printing import findings
from cleaner.cli.streams import Texts, say, tell
from cleaner.formats.files import kind_of
from cleaner.formats.tally import words_in
from cleaner.formats.undo import text_of
from cleaner.formats.work import Events, Problem, Progress
from cleaner.report.phrases import Row

MOST_LINES = 20
"""Findings up to which a summary lists all of them; of more it has the biggest."""
ALL = sys.maxsize


@dataclass(frozen=True, slots=True)
class Screen:
    """How much is said, and whether as JSON; ``config`` is the file the settings come from.

    ``verbose`` and ``strict`` show where in the code a fault of ours was met.
    """

    quiet: bool = False
    verbose: bool = False
    json: bool = False
    config: str | None = None
    strict: bool = False


@dataclass(slots=True)
class Heard:
    """What the run told. Rows name their files as the caller of the command did.

    keep  ``ALL`` rows are held, or none: then only the biggest repeats are, and variants are not
    read  bytes of the inputs that were read
    """

    screen: Screen
    keep: int
    texts: Texts
    removals: list[Row] = field(default_factory=list)
    variants: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    read: int = 0
    _biggest: Biggest = field(default_factory=lambda: Biggest(MOST_LINES, words_of))
    _names: Mapping[str, str] | None = None

    def events(self, progress: Callable[[Progress], None] | None = None) -> Events:
        def told(news: Progress) -> None:
            self.read = max(self.read, news.done)
            if progress is not None:
                progress(news)

        return Events(self.problem, self.note, self.removal, self.variant, self.named, self.dropped, told)

    def problem(self, problem: Problem) -> None:
        if not self.texts.left:
            say(str(problem))
            if problem.trace and (self.screen.verbose or self.screen.strict):
                for line in problem.trace.rstrip("\n").split("\n"):
                    tell(line)

    def note(self, note: str) -> None:
        """Notes on the inputs are told at once, later ones when all is done."""
        if self._names is not None:
            self.notes.append(note)
        elif not self.screen.quiet:
            say(note)

    def named(self, names: Mapping[str, str]) -> None:
        self._names = names

    def removal(self, row: dict[str, Any]) -> None:
        if self.keep:
            self.removals.append(self.shown(row))
        else:
            self._biggest.add(row)

    def variant(self, row: dict[str, Any]) -> None:
        if self.keep:
            self.variants.append(self.shown(row))

    def dropped(self, name: str) -> None:
        """Nothing of this file was written: what was found in it did not go."""
        self._biggest.dropped(name)
        shown = self._name(name)
        self.removals = [row for row in self.removals if shown not in (row["file"], row.get("archive"))]
        self.variants = [row for row in self.variants if shown not in (row["file"], row.get("archive"))]

    def findings(self) -> list[Finding]:
        """All repeats in the order of the run; where only some are held, the biggest ones first if there are more."""
        if self.keep:
            return [Finding(0, number, list(map(dict, rows))) for number, rows in enumerate(findings(self.removals))]
        found = [each._replace(rows=list(map(self.shown, each.rows))) for each in self._biggest.end()]
        return found if self._biggest.count > MOST_LINES else sorted(found, key=lambda each: each.number)

    def shown(self, row: dict[str, Any]) -> dict[str, Any]:
        """A row, or what has the place of one, with the names of files that the caller knows."""
        shown = {name: self._name(row[name]) for name in ("file", "archive") if name in row}
        witness = {"witness": row["witness"] | {"file": self._name(row["witness"]["file"])}} if "witness" in row else {}
        return row | shown | witness

    def _name(self, name: str) -> str:
        """As the caller named it; a member of an archive as ``archive/member``."""
        names, end = self._names or {}, len(name)
        while end > 0 and name[:end] not in names:
            end = name.rfind("/", 0, end)
        return names[name[:end]] + name[end:] if end > 0 else name


def words_of(rows: Iterable[Row]) -> int:
    """Words of removed spans, as the report counts them."""
    return sum(words_in(text_of(dict(row)), "html" if kind_of(row["file"])[0] == "html" else "plain") for row in rows)
