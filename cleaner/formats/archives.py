"""The members of an archive: those that may be cleaned as sources, all else as bytes that go through untouched."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from cleaner.errors import InputError
from cleaner.formats.compression import Compression, DamagedError, Joined, Meter, Readable
from cleaner.formats.files import Archive, Member, Source, archive_of, kind_of
from cleaner.formats.reading import Opened, open_source, unreadable
from cleaner.formats.tar import FILE, FOLDER, Head, TarReader, resized
from cleaner.formats.work import TOLD, Problem
from cleaner.formats.zip import Zip

# So many bytes of untouched members go along with the next one that is cleaned.
_ALONG = 1 << 16
# So much of a member is held until it is known whether it is cleaned.
_HELD = 1 << 20


@dataclass(slots=True)
class Inner:
    """A member that may be cleaned. ``left`` is set where it turns out that it is not."""

    source: Source
    stream: Readable
    left: bool = False


class Names:
    """Names of members as the log knows them: relative, with slashes, and each once."""

    def __init__(self, archive: str) -> None:
        self.archive, self._seen = archive, Counter[str]()

    def __call__(self, name: str) -> str:
        """``archive/name``; the second member of a name gets `` (2)`` behind it."""
        plain = "/".join(part for part in name.split("/") if part not in ("", "."))
        self._seen[plain] += 1
        while self._seen[plain] > 1:
            plain = f"{plain} ({self._seen[plain]})"
            self._seen[plain] += 1
        return f"{self.archive}/{plain}"


@dataclass(slots=True)
class Remarks:
    """What is said of members that are not cleaned: problems, counted by reason, and one note a kind of others."""

    archive: Source
    problems: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _names: dict[str, list[str]] = field(default_factory=dict)
    _kinds: Counter[str] = field(default_factory=Counter)

    def problem(self, problem: Problem) -> None:
        self.counts[problem.reason] += 1
        if self.counts[problem.reason] <= TOLD:
            self.problems.append(problem)

    def note(self, kind: str, name: str) -> None:
        self._kinds[kind] += 1
        if self._kinds[kind] <= 3:
            self._names.setdefault(kind, []).append(name)

    def notes(self) -> list[str]:
        """One line a kind."""
        shown = self.archive.shown
        notes = []
        for kind, names in sorted(self._names.items()):
            more = f" and {self._kinds[kind] - 3:,} more" if self._kinds[kind] > 3 else ""
            notes.append(f"{shown}: left as they are: {kind}: {', '.join(names)}{more}")
        for reason, number in self.counts.items():
            if number > TOLD:
                notes.append(f"{shown}: {reason}: {number - TOLD:,} more, counted in the report")
        return notes

    def may_be_cleaned(self, kind: str, name: str, source: Source) -> bool:
        """Whether a member is a file to look into; if not, it is said why. ``name`` is that in the archive."""
        if kind == FOLDER:
            return False
        reason = kind if kind != FILE else _reason(name)
        if reason:
            self.note(reason, name)
        elif archive_of(name):
            fix = "left as it is: unpack it first"
            self.problem(Problem(source.shown, None, "archive", "an archive within an archive", fix))
        return not reason and not archive_of(name)


def _reason(name: str) -> str:
    parts = re.split(r"[/\\]", name)
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name) or "\0" in name:
        return "members whose names point out of the folder they are unpacked to"
    return "hidden files" if any(part.startswith(".") and part != "." for part in parts) else ""


class TarMembers:
    """The members of a tar archive as they come, and between them untouched bytes. Raises InputError."""

    kind: Archive = "tar"

    def __init__(self, source: Source, opened: Opened) -> None:
        self.source, self.compression, self.remarks = source, opened.compression, Remarks(source)
        self._tar, self._names = TarReader(opened.pieces), Names(source.name)
        self._raw = bytearray()
        self._total = opened.meter if opened.compression else Meter(_all(opened.meter))

    def __iter__(self) -> Iterator[bytes | Inner]:
        try:
            number = 0
            while (head := self._tar.next()) is not None:
                source = _source(self.source, self._names(head.name))
                if self._may_be_cleaned(head, source):
                    yield from self._member(head, source, number)
                    number += 1
                else:
                    yield from self._through(head, b"")
            yield bytes(self._raw)
            for data in self._tar.rest():
                if data.strip(b"\0"):
                    self.remarks.note("what stands behind the end of the archive", "another archive, or no archive")
                yield data
        except DamagedError as error:
            raise InputError(str(error), file=self.source.shown, fix=error.fix) from None

    def meter(self) -> Meter:
        """For what the next member expands to."""
        return Meter(outer=self._total)

    def _may_be_cleaned(self, head: Head, source: Source) -> bool:
        kind = head.kind
        if kind == FILE and resized(head.header, head.size) != head.header:
            kind = "members with unusual headers"
        return self.remarks.may_be_cleaned(kind, head.name, source)

    def _member(self, head: Head, source: Source, number: int) -> Iterator[bytes | Inner]:
        begin, before = self._tar.at, bytes(self._raw)
        content = _Content(self._tar, self.source)
        inner = Inner(_placed(source, Member(self.source.name, number, before, head.header)), content)
        yield inner
        if inner.left:
            if content.held is None:
                self._again(begin, head.size)
            yield from self._through(head, content.held or b"")
        else:
            self._raw.clear()
            while self._tar.content():
                pass
            self._tar.padding(head)

    def _through(self, head: Head, held: bytes | bytearray) -> Iterator[bytes]:
        """Take a member as it stands; of its content ``held`` has been read."""
        self._raw += head.header
        self._raw += held
        while data := self._tar.content():
            yield from self._full()
            self._raw += data
        self._raw += self._tar.padding(head)
        yield from self._full()

    def _full(self) -> Iterator[bytes]:
        if len(self._raw) > _ALONG:
            yield bytes(self._raw)
            self._raw.clear()

    def _again(self, begin: int, size: int) -> None:
        """Go back to the content at byte ``begin``."""
        if self.source.once:
            fix = "save it to a file; nothing of it was written"
            raise InputError("a member that cannot be read, in a stream", file=self.source.shown, fix=fix)
        read = open_source(self.source, self.compression, sys.maxsize).pieces
        self._tar.resume(read, begin, size)


class _Content:
    """The content of a tar member; its first bytes are held as long as they are few."""

    def __init__(self, tar: TarReader, archive: Source) -> None:
        self._tar, self._archive = tar, archive
        self.held: bytearray | None = bytearray()

    def read(self, size: int, /) -> bytes:
        try:
            data = self._tar.content(size)
        except DamagedError as error:
            raise InputError(str(error), file=self._archive.shown, fix=error.fix) from None
        if self.held is not None:
            self.held += data
            if len(self.held) > _HELD:
                self.held = None
        return data


class ZipMembers:
    """The members of a zip archive as they stand in it; what is untouched is copied from it. Raises InputError."""

    kind: Archive = "zip"
    compression: Compression = ""

    def __init__(self, source: Source, most: int | None) -> None:
        if source.path is None or source.once:
            fix = "save it to a file"
            raise InputError("a zip archive cannot be read from a stream", file=source.shown, fix=fix)
        self.source, self.remarks, self._names = source, Remarks(source), Names(source.name)
        self.at = 0  # bytes of the archive that are passed
        self._total = Meter(sys.maxsize if most is None else most)
        try:
            self._zip = Zip(source.path)
        except DamagedError as error:
            raise InputError(str(error), file=source.shown, fix=error.fix) from None
        except OSError as error:
            raise unreadable(source, error) from None

    def __iter__(self) -> Iterator[bytes | Inner]:
        try:
            for member in self._zip.members:
                name, self.at = member.info.filename, member.end
                source = _source(self.source, self._names(name))
                kind = FOLDER if member.info.is_dir() else "links" if member.is_link else FILE
                if not self.remarks.may_be_cleaned(kind, name, source):
                    continue
                if member.hindrance is not None:
                    fix = "left as it is: unpack it first"
                    self.remarks.problem(Problem(source.shown, None, *member.hindrance, fix))
                    continue
                stream = Joined(self._zip.content(member, self.meter()))
                yield Inner(_placed(source, Member(self.source.name, member.number)), stream)
        finally:
            self._zip.close()

    def meter(self) -> Meter:
        return Meter(outer=self._total)


def _all(meter: Meter) -> int:
    return sys.maxsize if meter.most is None else meter.most


def _source(archive: Source, name: str) -> Source:
    own = name.removeprefix(archive.name + "/")
    by_name, compression = kind_of(own)
    format = by_name if archive.format == "auto" else archive.format
    return Source(f"{archive.shown}/{own}", name, format, compression)


def _placed(source: Source, member: Member) -> Source:
    return Source(source.path, source.name, source.format, source.compression, "", member)
