"""Archives given back: untouched members as they stand, changed ones undone, each in its place."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import IO, cast

from cleaner.errors import RestoreError
from cleaner.formats.archive_output import Writer, spool, writer
from cleaner.formats.archives import Names
from cleaner.formats.compression import Compression, DamagedError, Joined, Meter, Sink, pieces, sink
from cleaner.formats.files import Member, Source
from cleaner.formats.reading import open_source
from cleaner.formats.removal_log import Entry
from cleaner.formats.rows import Row
from cleaner.formats.tar import TarReader
from cleaner.formats.zip import Zip

Original = Callable[[Iterator[bytes], Entry, list[Row]], Iterator[bytes]]
Write = Callable[[Iterable[bytes]], object]


def digest_of_archive(path: str, entry: Entry) -> str:
    """``entry.digest_out`` where the archive at ``path`` and its changed members are as they were written.

    Raises OSError and InputError.
    """
    cleaned = Source(path, entry.file, "plain", cast(Compression, entry.compression))
    rows: Iterator[Row] = ({"file": each["file"]} for each in entry.members or ())
    try:
        ArchiveBack(cleaned, entry, rows, _as_written, None).whole(lambda _: None)
    except RestoreError as error:
        return str(error)
    return entry.digest_out


def _as_written(pieces: Iterator[bytes], entry: Entry, _: list[Row]) -> Iterator[bytes]:
    whole = blake2b(digest_size=16)
    for piece in pieces:
        whole.update(piece)
        yield piece
    if whole.hexdigest() != entry.digest_out:
        raise RestoreError(f"{entry.file}: was edited since it was cleaned")


class ArchiveBack:
    """The original of one ``cleaned`` archive. ``rows`` are its removals in the order of its members.

    ``original`` undoes one member, given its bytes (decompressed), its entry and its rows. Members are
    spooled in ``folder`` (None: where temporary files go) until their size is known. Raises RestoreError
    and InputError.
    """

    def __init__(
        self, cleaned: Source, entry: Entry, rows: Iterator[Row], original: Original, folder: Path | None
    ) -> None:
        self._cleaned, self._entry, self._original, self._folder = cleaned, entry, original, folder
        self._changed = {each.file: each for each in map(Entry.of, entry.members or ())}
        self._rows = groupby(rows, key=lambda row: str(row["file"]))

    def whole(self, write: Write) -> None:
        """Write the archive."""
        missing = set(self._changed)
        with self._named():
            new = writer("zip" if self._is_zip else "tar", write, self._cleaned.path)
            for name, member, content in self._members(new):
                if name in missing:
                    missing.remove(name)
                    self._put_back(name, member, content, new)
            new.end()
        if missing or new.digest != self._entry.digest_in:
            raise RestoreError(
                f"{self._entry.file}: was edited since it was cleaned, in a member of which nothing had been removed "
                "or by adding or dropping members; put it back as it was, or restore single members"
            )

    def member(self, name: str, target: Sink) -> None:
        """Write one changed member, as it would lie in a folder."""
        with self._named():
            for found, _, content in self._members(new=None):
                if found == name:
                    self._undo(name, content, target)
                    return
        raise RestoreError(f"{name}: is not in the cleaned archive any more; put it back as it was")

    @property
    def _is_zip(self) -> bool:
        return self._entry.format == "zip"

    @contextlib.contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except DamagedError as error:
            raise RestoreError(f"{self._entry.file}: {error}; put the cleaned archive back as it was") from None

    def _members(self, new: Writer | None) -> Iterator[tuple[str, Member, Iterator[bytes]]]:
        """Name, place and content of each member; in a tar what is not changed goes to ``new`` on the way."""
        return self._zip_members() if self._is_zip else self._tar_members(new)

    def _zip_members(self) -> Iterator[tuple[str, Member, Iterator[bytes]]]:
        names, meter = Names(self._entry.file), Meter(sys.maxsize)
        with contextlib.closing(Zip(str(self._cleaned.path))) as archive:
            for each in archive.members:
                place = Member(self._entry.file, each.number)
                yield names(each.info.filename), place, archive.content(each, meter)

    def _tar_members(self, new: Writer | None) -> Iterator[tuple[str, Member, Iterator[bytes]]]:
        opened = open_source(self._cleaned, self._cleaned.compression, sys.maxsize)
        reader, names = TarReader(opened.pieces), Names(self._entry.file)
        while (head := reader.next()) is not None:
            name, content = names(head.name), iter(reader.content, b"")
            yield name, Member(self._entry.file, 0, b"", head.header), content
            untouched = new if name not in self._changed else None
            if untouched is not None:
                untouched.stretch(head.header)
            for data in content:
                if untouched is not None:
                    untouched.stretch(data)
            padding = reader.padding(head)
            if untouched is not None:
                untouched.stretch(padding)
        for data in reader.rest():
            if new is not None:
                new.stretch(data)

    def _put_back(self, name: str, member: Member, content: Iterator[bytes], new: Writer) -> None:
        with spool(self._folder) as held:
            target = new.sink(member, held)
            self._undo(name, content, target)
            target.close()
            new.member(member, held, changed=True)

    def _undo(self, name: str, content: Iterator[bytes], target: Sink) -> None:
        entry = self._changed[name]
        compression = cast(Compression, entry.compression)
        read = pieces(Joined(content), compression, meter=Meter(sys.maxsize))
        packed = sink(cast(IO[bytes], target), compression)
        for piece in self._original(read, entry, self._rows_of(name)):
            packed.write(piece)
        packed.close()

    def _rows_of(self, name: str) -> list[Row]:
        for file, rows in self._rows:
            if file == name:
                return list(rows)
        raise RestoreError(f"{name}: its rows are not in the log where they were; put the log back as it was")
