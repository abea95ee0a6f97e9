"""The log of a run below ``OUT/_cleaner``: what went, what was reported, and the facts of each file.

While a run lasts, its rows stand in ``*.part`` files; they are on the disk before the output they
belong to gets its name, so that even a killed run leaves no removal without its row. At the end they
are merged with the log of earlier runs: a file that was written anew loses its old rows, all others
keep theirs.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from cleaner.formats.atomic import Staged, make_folder
from cleaner.formats.files import LOG_FOLDER
from cleaner.formats.locking import Lock
from cleaner.formats.log_rows import CASES as CASES
from cleaner.formats.log_rows import FILES as FILES
from cleaner.formats.log_rows import REMOVALS as REMOVALS
from cleaner.formats.log_rows import VARIANTS as VARIANTS
from cleaner.formats.log_rows import decoded
from cleaner.formats.rows import Row, dumps
from cleaner.formats.writing import named

_ROWS = (REMOVALS, VARIANTS, CASES)
_PART = ".part"
MOST_CASES = 20_000
"""Cases that are kept before every second one is left out, by rank: about 20 MB, three times what a page shows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of ``files.jsonl``: what restoring must know about one written file.

    ``digest_in`` and ``digest_out`` are of the decompressed bytes before and after, ``path`` is where a
    file cleaned in place lies (relative to the folder above the log), ``run`` counts in-place runs.
    ``members`` are the entries of the changed members of an archive, named ``archive/member``; its own
    digests are of all but their contents.
    ``dialect`` is what its format leaves open (``RecordFormat.facts``). ``counts`` are those of the report.
    ``added`` is the field that each record got as its last one, but for those in ``bare``: [first, last] each.
    """

    file: str
    format: str
    compression: str
    encoding: str
    bom: str
    confidence: float
    digest_in: str
    digest_out: str
    removals: int
    text_field: str | None = None
    id_field: str | None = None
    dialect: dict[str, Any] | None = None
    path: str | None = None
    run: int = 1
    members: Sequence[Row] | None = None
    counts: Row | None = None
    added: str | None = None
    bare: Sequence[Sequence[int]] | None = None

    @classmethod
    def of(cls, row: Row) -> Entry:
        """The entry of a row of ``files.jsonl``, or of a member in one, as ``log_rows.decoded`` gives it."""
        return cls(**{name: row[name] for name in cls.__dataclass_fields__ if name in row})


class LogWriter:
    """Rows of a run in the making. ``finish`` publishes them; ``discard`` leaves the log as it was.

    Other runs are kept away until ``release``, since more than the log is written below the folder.

    going_on  of a run that was stopped here: whether a file that it was about to publish is there, and the
              files whose log it has published. Its log is gone on with; ``done`` are the complete files.
    """

    def __init__(
        self,
        folder: Path,
        *,
        dry: bool = False,
        going_on: tuple[Callable[[Entry], bool], Collection[str]] | None = None,
    ) -> None:
        self.folder, self.dry = folder, dry
        self.done: dict[str, Entry] = {}
        self.earlier: dict[str, Entry] = {}
        self._names = _ROWS if dry else (*_ROWS, FILES)
        self._cases, self._highest = 0, 1 << 32
        self._streams: dict[str, IO[bytes]] = {}
        self._made: list[Path] = []
        with self._named():
            self._made = make_folder(folder)
            self.lock = Lock(folder)
            try:
                self._begin(going_on)
            except BaseException:
                self.release()
                raise

    def _begin(self, going_on: tuple[Callable[[Entry], bool], Collection[str]] | None) -> None:
        folder, dry = self.folder, self.dry
        parts = _recovered(folder, going_on[0]) if going_on is not None and not dry else {}
        if not dry and not parts:
            _merge(folder)  # what a killed run has left
        if not dry:
            self.earlier = {chain[-1].file: chain[-1] for chain in chains(folder)}
            _look_through(folder)
        published = going_on[1] if going_on is not None else ()
        self.done = {name: self.earlier[name] for name in published if name in self.earlier} | parts
        for name in self._names:
            self._streams[name] = open(folder / (name + _PART), "ab" if parts else "wb")  # noqa: SIM115

    def add(self, removals: Iterable[Row], variants: Iterable[Row], cases: Iterable[Row] = ()) -> None:
        """Write the rows of one batch or file; of cases those with the lowest ranks, where there are many."""
        chosen = [case for case in cases if case["rank"] < self._highest]
        with self._named():
            for name, rows in zip(_ROWS, (removals, variants, chosen), strict=True):
                self._streams[name].writelines(map(dumps, rows))
        self._cases += len(chosen)
        if self._cases > MOST_CASES:
            self._cases, self._highest = self._cases // 2, self._highest // 2

    def run_of(self, file: str, digest_in: str) -> int:
        """Number of the in-place run over a file: one more where its bytes are what the last one left."""
        before = self.earlier.get(file)
        return before.run + 1 if before is not None and before.digest_out == digest_in else 1

    def entry(self, entry: Entry) -> None:
        """Write the facts of a file and bring all of its rows to the disk, before it is published."""
        with self._named():
            if not self.dry:
                self._streams[FILES].write(dumps(entry_row(entry)))
            for stream in self._streams.values():
                stream.flush()

    def mark(self) -> dict[str, int]:
        """Where the log stands; ``rollback`` takes everything written since away again."""
        return {name: stream.tell() for name, stream in self._streams.items()}

    def rollback(self, mark: dict[str, int]) -> None:
        for name, stream in self._streams.items():
            os.ftruncate(stream.fileno(), mark[name])  # room for what seeking writes, where the disk is full
            stream.seek(mark[name])
            stream.truncate()

    def finish(self) -> list[str]:
        """Publish: the parts get their names, or are merged with an earlier log. Raises OutputError.

        Returns the files that this run has written, and a stopped one that it went on with.
        """
        with self._named():
            for stream in self._streams.values():
                stream.close()
            written = [] if self.dry else [row["file"] for _, _, row in read_rows(self.folder, FILES, part=True)]
            if self.dry:
                for name in self._names:
                    os.replace(self.folder / (name + _PART), self.folder / name)
            else:
                _merge(self.folder)
        return sorted({*self.done, *written})

    def discard(self) -> None:
        """Take the parts away; the log of earlier runs stays."""
        for stream in self._streams.values():
            with contextlib.suppress(OSError):
                stream.close()
        for name in self._names:
            with contextlib.suppress(OSError):
                (self.folder / (name + _PART)).unlink()
        self.release()
        for made in self._made:
            with contextlib.suppress(OSError):
                made.rmdir()

    def release(self) -> None:
        """Let other runs write."""
        self.lock.release()

    def _named(self) -> contextlib.AbstractContextManager[None]:
        return named(str(self.folder))


def _look_through(folder: Path) -> None:
    """Raise LogError where the log of earlier runs is damaged: at the end, with which it is merged, is too late."""
    for name in _ROWS:
        for _ in read_rows(folder, name, part=False):
            pass


def _recovered(folder: Path, is_there: Callable[[Entry], bool]) -> dict[str, Entry]:
    """The files that a stopped run has published; what it wrote of others is cut off its log.

    Only the last one may have an entry and not yet its name.
    """
    rows = list(read_rows(folder, FILES, part=True))
    if rows and not is_there(Entry.of(rows[-1][2])):
        rows.pop()
    done = {row["file"]: Entry.of(row) for _, _, row in rows}
    ends = {FILES: rows[-1][1] if rows else 0}
    for name in _ROWS:
        kept = (end for _, end, row in read_rows(folder, name, part=True) if row.get("archive", row["file"]) in done)
        ends[name] = max(kept, default=0)
    for name, end in ends.items() if done else ():
        with open(folder / (name + _PART), "ab") as stream:
            stream.truncate(end)
    return done


def chains(folder: Path) -> list[list[Entry]]:
    """The files of a log, in its order: for each the entries of its in-place runs, the first one first."""
    result: dict[str, list[Entry]] = {}
    for part in (False, True):
        for _, _, row in read_rows(folder, FILES, part):
            entry = Entry.of(row)
            kept = result.pop(entry.file, []) if entry.run > 1 else []
            result.pop(entry.file, None)
            result[entry.file] = [*(each for each in kept if each.run < entry.run), entry]
    return list(result.values())


def encodings(folders: Iterable[str]) -> dict[str, str]:
    """Encodings, by path, of files that earlier runs wrote into ``folders``, where the bytes do not say.

    A cleaned file is shorter than what it came from, and guessing again might end otherwise.
    """
    found = {}
    for folder in folders:
        if os.path.exists(os.path.join(folder, LOG_FOLDER, FILES)):
            for chain in chains(Path(folder, LOG_FOLDER)):
                for entry in (chain[-1], *map(Entry.of, chain[-1].members or ())):
                    if entry.encoding != "utf-8" and not entry.bom:
                        found[os.path.join(folder, *(entry.path or entry.file).split("/"))] = entry.encoding
    return found


@dataclass(slots=True)
class Segment:
    """Rows of one file and run that stand together: bytes ``start`` to ``end`` of a log file.

    ``kind`` is its name (without .part), ``line`` the number of the first row in it, from 1.
    """

    path: Path
    kind: str
    line: int
    start: int
    end: int

    def rows(self, need: Collection[str] = ()) -> Iterator[Row]:
        """The rows, which have the fields in ``need``, too. Raises LogError."""
        for number, line in enumerate(self.lines(), self.line):
            yield decoded(line, self.kind, self.path, number, need)

    def lines(self) -> Iterator[bytes]:
        with open(self.path, "rb") as stream:
            stream.seek(self.start)
            while stream.tell() < self.end:
                yield stream.readline()


def segments(folder: Path, name: str) -> dict[tuple[str, int], list[Segment]]:
    """Where in ``removals.jsonl`` or ``variants.jsonl`` the rows of each file and run stand, in order.

    Only rows that are valid: not those of files written anew since, nor of files that a killed run did
    not finish.
    """
    found: dict[tuple[str, int], list[Segment]] = {}
    merged = not (folder / (name + _PART)).exists()
    new = set() if merged else {_key(row) for _, _, row in read_rows(folder, FILES, part=True)}
    anew = {file for file, run in new if run == 1}
    for part in (False, True):
        path = folder / (name + _PART * part)
        for number, (start, end, row) in enumerate(read_rows(folder, name, part), 1):
            key = _key(row)
            if (key not in new) if part else (key in new or key[0] in anew):
                continue
            known = found.setdefault(key, [])
            if known and known[-1].end == start and known[-1].path == path:
                known[-1].end = end
            else:
                known.append(Segment(path, name, number, start, end))
    return found


def read_rows(folder: Path, name: str, part: bool) -> Iterator[tuple[int, int, Row]]:
    """Every row of one log file with its bytes; a part file may end in the middle of a row. Raises LogError."""
    path, at = folder / (name + _PART * part), 0
    if not path.exists():
        return
    with open(path, "rb") as stream:
        for number, line in enumerate(stream, 1):
            if part and not line.endswith(b"\n"):
                return
            yield at, at + len(line), decoded(line, name, path, number)
            at += len(line)


def _key(row: Row) -> tuple[str, int]:
    return row.get("archive") or row["file"], row.get("run", 1)


def _merge(folder: Path) -> None:
    """Make one log of the published one and the part files, if there are any.

    files.jsonl.part goes last: as long as it is there, merging can be done again.
    """
    if not (folder / (FILES + _PART)).exists():
        return
    new = {row["file"] for _, _, row in read_rows(folder, FILES, part=True) if row.get("run", 1) == 1}
    if any(row["file"] not in new for _, _, row in read_rows(folder, FILES, part=False)):
        _merge_rows(folder)
    for name in (*_ROWS, FILES):
        with contextlib.suppress(FileNotFoundError):
            os.replace(folder / (name + _PART), folder / name)


def _merge_rows(folder: Path) -> None:
    staged = []
    for name in _ROWS:
        kept = (segment for each in segments(folder, name).values() for segment in each)
        staged.append(_staged(folder, name, (line for segment in kept for line in segment.lines())))
    staged.append(_staged(folder, FILES, (dumps(entry_row(entry)) for chain in chains(folder) for entry in chain)))
    for each in staged:
        each.commit()
    for name in (*_ROWS, FILES):
        (folder / (name + _PART)).unlink(missing_ok=True)


def entry_row(entry: Entry) -> Row:
    """An entry as it stands in the log, or among the ``members`` of another."""
    return {name: value for name, value in asdict(entry).items() if value is not None}


def _staged(folder: Path, name: str, content: Iterable[bytes]) -> Staged:
    staged = Staged(folder / name)
    try:
        staged.stream.writelines(content)
        staged.close()
    except BaseException:
        staged.discard()
        raise
    return staged
