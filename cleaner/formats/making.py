"""What is known of a file while it is being made, and the entry of the log that comes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from cleaner.formats.compression import Compression
from cleaner.formats.files import RECORDS, Source
from cleaner.formats.removal_log import Entry, entry_row
from cleaner.formats.rows import Row
from cleaner.formats.tally import Tally
from cleaner.formats.work import Found, Problem, Work
from cleaner.formats.writing import Mode, Output

if TYPE_CHECKING:
    from cleaner.formats.archive_output import ArchiveOutput


@dataclass(slots=True)
class Making:
    """A file in the making: its output, and where its log, lines and records stand."""

    source: Source
    format: str
    compression: Compression
    output: Output
    mark: dict[str, int]
    run: int
    tally: Tally = field(default_factory=Tally)
    told: Counter[str] = field(default_factory=Counter)
    before: blake2b = field(default_factory=lambda: blake2b(digest_size=16))
    after: blake2b | None = None  # from the first change on
    lines: int = 0
    records: int = 0
    removals: int = 0
    dialect: dict[str, Any] | None = None
    fields: tuple[str, str] | None = None  # of text and id, where they are not those of the run
    last: Found = field(default_factory=Found)
    bare: list[list[int]] = field(default_factory=list)  # runs of records without the field that others got
    placed: bool = True  # false where annotations have no place in it: nothing is written but its log

    def add(self, data: bytes, pieces: Sequence[bytes], found: Found) -> None:
        """Take the next bytes into the digests, and what was found into the numbers."""
        if found.changes and self.after is None:
            self.after = self.before.copy()
        self.before.update(data)
        for piece in pieces if self.after is not None else ():
            self.after.update(piece)  # type: ignore[union-attr]
        for number in sorted(found.bare):
            number += self.records
            if self.bare and self.bare[-1][1] == number - 1:
                self.bare[-1][1] = number
            else:
                self.bare.append([number, number])
        self.lines += found.lines
        self.records += found.records
        self.removals += len(found.removals)
        self.tally.add(found.tally)
        self.last = found

    def entry(self, work: Work, path: str | None) -> Entry:
        records, before = self.format in RECORDS, self.before.hexdigest()
        text_field, id_field = self.fields or (work.text_field, work.id_field)
        added = work.measures and self.format in ("jsonl", "json")
        return Entry(
            file=self.source.name,
            format=self.format,
            compression=self.compression,
            encoding=self.last.encoding,
            bom=self.last.bom.hex(),
            confidence=round(self.last.confidence, 3),
            text_field=text_field if records else None,
            id_field=id_field if records else None,
            dialect=self.dialect,
            digest_in=before,
            digest_out=self.after.hexdigest() if self.after is not None else before,
            removals=self.removals,
            path=path,
            run=self.run,
            counts=self.tally.to_dict(),
            added=work.measures_field if added else None,
            bare=self.bare if added and self.bare else None,
        )


@dataclass(slots=True)
class MakingArchive(Making):
    """An archive in the making, with the entries of its changed members."""

    output: ArchiveOutput
    members: list[Row] = field(default_factory=list)

    def take(self, making: Making, work: Work) -> None:
        """A member is complete."""
        if making.after is not None:
            self.members.append(entry_row(making.entry(work, None)))
        self.removals += making.removals
        self.tally.add(making.tally)

    def end(self) -> None:
        """All of it has been taken."""
        self.output.end()
        self.output.close()

    def entry(self, work: Work, path: str | None) -> Entry:
        digest = self.output.writer.digest
        whole = super(MakingArchive, self).entry(work, path)
        return replace(whole, digest_in=digest, digest_out=digest, members=self.members)


def refused(source: Source, work: Work, mode: Mode) -> Problem | None:
    """Why an archive cannot be made anew in this run, if it cannot."""
    if work.annotate is not None:
        fix = "unpack it, and give its files"
        return Problem(source.shown, None, "archive", "an archive, in which nothing is annotated", fix)
    if mode == "in place":  # by its name it was none, or it would not have been taken
        fix = "give a folder with -o instead"
        return Problem(source.shown, None, "archive", "an archive, which is not cleaned in place", fix)
    return None
