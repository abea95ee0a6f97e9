"""The original bytes again, from an output and its removal log."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import IO, cast

from cleaner.errors import InputError, RestoreError
from cleaner.formats import log_checks, removal_log
from cleaner.formats.atomic import Staged
from cleaner.formats.compression import Compression, Sink, sink
from cleaner.formats.files import LOG_FOLDER, RECORDS, Source
from cleaner.formats.log_rows import RESTORING
from cleaner.formats.reading import open_source
from cleaner.formats.removal_log import Entry, Segment
from cleaner.formats.rows import Row, digest
from cleaner.formats.undo import Only as Only
from cleaner.formats.undo import edited, records_before, text_of
from cleaner.formats.writing import named


def restore(out_dir: str | Path, into: str | Path, only: Only | str | None = None) -> list[str]:
    """Write the originals of the files below ``out_dir`` under ``into``; returns their names.

    Plain files get their very bytes, ``.gz`` and ``.zst`` are equal after decompression. Raises
    RestoreError where an output was edited since, naming file, record and span; files restored before
    stay, of the one at fault nothing is written.
    """
    out_dir, into = Path(out_dir), Path(into)
    only = Only(only) if isinstance(only, str) else only
    folder = out_dir / LOG_FOLDER
    chains = removal_log.chains(folder)
    if not chains:
        raise RestoreError(f"{folder}: no log of a run here; give the folder that was given with -o")
    if only is not None:
        chains = [chain for chain in chains if only.file in (each.file for each in _named_in(chain[-1]))]
        if not chains:
            raise RestoreError(f"{only.file}: not in the log {folder / removal_log.FILES}; name it as it stands there")
    segments = removal_log.segments(folder, removal_log.REMOVALS)
    for chain in chains:
        of_runs = [segments.get((entry.file, entry.run), []) for entry in chain]
        if chain[-1].members is not None:
            _restore_archive(out_dir, into, chain[-1], _rows(of_runs[-1]), only)
        else:
            _restore_file(out_dir, into, chain, [list(_rows(each)) for each in of_runs], only)
    return [chain[-1].file if only is None else only.file for chain in chains]


def _rows(segments: Sequence[Segment]) -> Iterator[Row]:
    return (row for segment in segments for row in segment.rows(RESTORING))


def _named_in(entry: Entry) -> Iterator[Entry]:
    """What can be restored alone: a file, and of an archive each member that was changed."""
    yield entry
    yield from map(Entry.of, entry.members or ())


def _restore_archive(out_dir: Path, into: Path, entry: Entry, rows: Iterator[Row], only: Only | None) -> None:
    from cleaner.formats.archive_restore import ArchiveBack

    member = only.file if only is not None and only.file != entry.file else None
    if only is not None and not only.whole and member is None:
        raise RestoreError(f"{only.file}: is an archive; name the member that holds the record, like archive/member")
    source, target = out_dir / safe(entry.file), _target(into, member or entry.file)
    if target.exists() and source.exists() and target.samefile(source):
        raise RestoreError(f"{target}: is the cleaned file itself; give another folder with -o")
    compression = cast(Compression, entry.compression)
    cleaned = Source(str(source), entry.file, "plain", compression)
    try:
        with named(str(target)), Staged(target, like=str(source)) as staged:
            back = ArchiveBack(cleaned, entry, rows, partial(_of_member, only=only), target.parent)
            if member is not None:
                back.member(member, staged.stream)
            else:
                packed = sink(staged.stream, compression)
                back.whole(lambda pieces: [packed.write(piece) for piece in pieces])
                packed.close()
            staged.commit()
    except InputError as error:
        raise RestoreError(f"{error.file}: {error.problem}; restoring needs the cleaned file in its place") from None


def _of_member(pieces: Iterator[bytes], entry: Entry, rows: list[Row], only: Only | None) -> Iterator[bytes]:
    return original(pieces, [entry], [rows], only if only is not None and not only.whole else None)


def _restore_file(out_dir: Path, into: Path, chain: Sequence[Entry], rows: list[list[Row]], only: Only | None) -> None:
    last = chain[-1]
    name = safe(last.file)
    source = out_dir / (last.path if last.path is not None else name)
    target = _target(into, name)
    if last.path is None and target.exists() and source.exists() and target.samefile(source):
        raise RestoreError(f"{target}: is the cleaned file itself; give another folder with -o")
    compression = cast(Compression, last.compression)
    cleaned = Source(str(source), name, "plain", compression)
    try:
        if last.path is not None and (only is None or only.whole) and digest_of(cleaned, last) == chain[0].digest_in:
            chain = ()  # restored in its place already
        if only is not None and not only.whole and last.format == "parquet":
            raise RestoreError(f"{only.file}: rows of a Parquet file are not restored alone; name the file alone")
        read = pieces_of(cleaned, last)
        with named(str(target)), Staged(target, like=str(source)) as staged:
            writer = _sink(staged.stream, cleaned, last)
            for piece in original(read, chain, rows, only):
                writer.write(piece)
            writer.close()
            staged.commit()
    except InputError as error:
        raise RestoreError(f"{error.file}: {error.problem}; restoring needs the cleaned file in its place") from None


def _target(into: Path, name: str) -> Path:
    """Where an original is to lie. Raises RestoreError where a link on the way may lead out of ``into``.

    A link in the very place, as a plain file there, is replaced; what is neither is not.
    """
    *folders, _ = safe(name).split("/")
    at = into
    for folder in folders:
        at = at / folder
        if at.is_symlink():
            raise RestoreError(f"{at}: is a link, which may lead out of {into}; remove it, or give another -o")
    target = into / name
    with named(str(target)):
        try:
            mode = target.lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return target
    if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
        raise RestoreError(f"{target}: is there already, and is no file; give another folder with -o")
    return target


def digest_of_output(path: Path, entry: Entry) -> str:
    """The digest of what lies at ``path``, as ``entry.digest_out`` has it. Raises OSError and InputError."""
    if entry.members is not None:
        from cleaner.formats.archive_restore import digest_of_archive

        return digest_of_archive(str(path), entry)
    return digest_of(Source(str(path), entry.file, "plain", cast(Compression, entry.compression)), entry)


def digest_of(source: Source, entry: Entry) -> str:
    whole = blake2b(digest_size=16)
    for piece in pieces_of(source, entry):
        whole.update(piece)
    return whole.hexdigest()


def pieces_of(source: Source, entry: Entry) -> Iterator[bytes]:
    """The bytes of a cleaned file; of a Parquet file the lines that it was cleaned as."""
    if source.path is not None and os.path.exists(source.path) and not os.path.isfile(source.path):
        raise InputError("is no file", file=source.shown, fix="put it back as it was")  # a device may have no end
    if entry.format != "parquet":
        return open_source(source, source.compression, sys.maxsize).pieces
    from cleaner.formats.fields import NoText
    from cleaner.formats.parquet import ParquetInput

    try:
        return ParquetInput(str(source.path), str(entry.text_field), str(entry.id_field)).lines()
    except NoText as error:
        raise InputError(str(error), file=entry.file, fix="put it back as it was") from None


def _sink(stream: IO[bytes], source: Source, entry: Entry) -> Sink:
    """What writes the original; a Parquet file takes all but its texts from the cleaned one."""
    if entry.format != "parquet":
        return sink(stream, source.compression)
    from cleaner.formats.parquet import ParquetSink

    return ParquetSink(stream, str(source.path), str(entry.text_field), str(entry.id_field))


def original(
    pieces: Iterator[bytes], chain: Sequence[Entry], rows: list[list[Row]], only: Only | None
) -> Iterator[bytes]:
    """Undo the runs, the last one first; each is checked by the digests of what it made and what it read."""
    if not chain:
        return pieces
    of_records = [entry.format in RECORDS for entry in chain]
    if only is not None and not only.whole and not all(of_records):
        raise RestoreError(f"{only.file}: holds no records, it is one article; name the file alone")
    if not any(of_records) and chain[-1].format != "copied":
        return iter([_article(b"".join(pieces), chain, rows)])
    for number, (entry, cut) in enumerate(zip(reversed(chain), reversed(rows), strict=True), 1):
        if entry.format in RECORDS:
            pieces = records_before(pieces, entry, cut, only, last=number == len(chain))
        elif entry.format == "copied":
            pieces = _copied(pieces, entry)
        else:
            pieces = iter([_article(b"".join(pieces), [entry], [cut])])
    return pieces


def _copied(pieces: Iterator[bytes], entry: Entry) -> Iterator[bytes]:
    whole = blake2b(digest_size=16)
    for piece in pieces:
        whole.update(piece)
        yield piece
    if whole.hexdigest() != entry.digest_in:
        raise edited(entry.file, "", None, [])


def _article(data: bytes, chain: Sequence[Entry], rows: list[list[Row]]) -> bytes:
    """Undo the runs, the last one first; each is checked by the digests of what it made and what it read."""
    if digest(data) == chain[0].digest_in:
        return data  # restored already, or never changed
    for entry, cut in zip(reversed(chain), reversed(rows), strict=True):
        if digest(data) != entry.digest_out:
            raise edited(entry.file, "", _first_edited(data, cut), cut)
        data = _undo(data, entry, cut)
    return data


def _undo(data: bytes, entry: Entry, cut: list[Row]) -> bytes:
    pieces, at, gone = [], 0, 0
    for row in cut:
        begin = row["byte_start"] - gone
        try:
            raw = text_of(row).encode(entry.encoding, "surrogatepass" if entry.encoding == "utf-8" else "strict")
        except UnicodeError:
            raise _not_the_original(entry) from None
        pieces += [data[at:begin], raw]
        at, gone = begin, gone + len(raw)
    original = b"".join([*pieces, data[at:]])
    if digest(original) != entry.digest_in:
        raise _not_the_original(entry)
    return original


def _not_the_original(entry: Entry) -> RestoreError:
    return RestoreError(f"{entry.file}: the log does not give the original again; was removals.jsonl edited?")


def _first_edited(data: bytes, cut: list[Row]) -> int:
    """The first cut in front of which the kept bytes are not what they were; len(cut) behind the last."""
    at, gone = 0, 0
    for number, row in enumerate(cut):
        begin = row["byte_start"] - gone
        if digest(data[at:begin], 8) != row["before"]:
            return number
        at, gone = begin, gone + row["byte_end"] - row["byte_start"]
    return len(cut)


def safe(name: str) -> str:
    """A name from the log as a path below a folder; the log is data, and may not point out of it."""
    try:
        log_checks.name(name)
    except log_checks.Wrong as wrong:
        raise RestoreError(f"the name of a file in files.jsonl is wrong ({wrong}); was the log edited?") from None
    return name
