"""An article of a log by what a person calls it: its file, ``file:17``, the id of its record, ``file:id``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from cleaner.errors import RestoreError
from cleaner.formats import removal_log
from cleaner.formats.files import LOG_FOLDER, RECORDS
from cleaner.formats.log_rows import RESTORING
from cleaner.formats.removal_log import REMOVALS, VARIANTS, Entry, Segment
from cleaner.formats.rows import Row

MOST_IDS = 20_000
"""Ids that a name which is not there is compared with; to compare so many takes half a second."""
NEAREST = 3


class Known(NamedTuple):
    """An article. Without ``record`` the file is the article, or has a record with this ``id``.

    line  where the record begins in its file, from 1, if the log says so
    """

    file: str
    record: int | None = None
    id: str | int | None = None
    line: int | None = None


class Answer(NamedTuple):
    """The articles that a name may mean; for none of them what is ``near`` by name."""

    matches: tuple[Known, ...]
    near: tuple[str, ...] = ()


class Log:
    """The log below the output folder of a run. Raises RestoreError where there is none, or no output to it."""

    def __init__(self, out_dir: Path) -> None:
        self.out_dir, self.folder = out_dir, out_dir / LOG_FOLDER
        self.chains = {chain[-1].file: chain for chain in removal_log.chains(self.folder)}
        self.archives: dict[str, str] = {}
        for name, chain in list(self.chains.items()):
            for member in map(Entry.of, chain[-1].members or ()):
                self.chains[member.file] = [member]
                self.archives[member.file] = name
        if not self.chains:
            raise RestoreError(self._why_empty())
        self._segments = {name: removal_log.segments(self.folder, name) for name in (REMOVALS, VARIANTS)}

    def _why_empty(self) -> str:
        if (self.folder / REMOVALS).exists():
            return (
                f"{self.folder}: the log of a run that wrote no cleaned text (a dry run, or --annotate), so there is "
                "nothing to show its rows in; run cleaner clean with -o and without that flag"
            )
        return f"{self.folder}: no log of a run here; give the folder that was given with -o"

    def rows(self, name: str, file: str, run: int, record: int | None = None) -> list[Row]:
        """The rows of one article, of ``removals.jsonl`` or ``variants.jsonl``, in the order of its text."""
        segments = self._segments[name].get((self.archives.get(file, file), run), [])
        rows = _rows(segments, RESTORING if name == REMOVALS else ())
        return [row for row in rows if row["file"] == file and row["record"] == record]

    def of_file(self, file: str) -> Iterator[Row]:
        """All rows of a file and of all of its runs."""
        whole = self.archives.get(file, file)
        for segments in self._segments.values():
            for (name, _), own in segments.items():
                if name == whole:
                    yield from (row for row in _rows(own) if row["file"] == file)

    def all_rows(self) -> Iterator[Row]:
        """All rows."""
        for segments in self._segments.values():
            for own in segments.values():
                yield from _rows(own)

    def holds_records(self, file: str) -> bool:
        """Whether a file of the log holds many articles."""
        return self.chains[file][-1].format in RECORDS

    def is_archive(self, file: str) -> bool:
        """Whether a file of the log is an archive."""
        return self.chains[file][-1].members is not None


def _rows(segments: Iterable[Segment], need: Collection[str] = ()) -> Iterator[Row]:
    return (row for segment in segments for row in segment.rows(need))


def called(log: Log, name: str, record: int | None = None, id: str | None = None) -> Answer:
    """The articles that ``name`` may mean; with ``record`` or ``id`` it is the name of their file."""
    files = _files(log, name)
    if record is not None or id is not None:
        found = [Known(file, record, id) for file in files]
        return _answer(log, [each for one in found for each in _with_row(log, one)], name)
    if files:
        return _answer(log, [each for file in files for each in _in_file(log, file)], name)
    matches = [each for file, rest in _splits(log, name) for each in _at(log, file, rest)]
    matches += _by_id(row for row in log.all_rows() if _is(row, name))
    return _answer(log, matches, name)


def _files(log: Log, name: str) -> list[str]:
    """The file of this name, or those whose path ends so, or that end the path as the summary of a run has it."""
    if name in log.chains:
        return [name]
    return [file for file in log.chains if file.endswith(f"/{name}") or name.endswith(f"/{file}")]


def _splits(log: Log, name: str) -> Iterator[tuple[str, str]]:
    """``file:rest``, wherever the colon is; both may have more of them."""
    for at in (at for at, char in enumerate(name) if char == ":"):
        for file in _files(log, name[:at]) if at else ():
            yield file, name[at + 1 :]


def _in_file(log: Log, file: str) -> list[Known]:
    """The articles of a file: itself, or its records in which something was found; of an archive its members."""
    if log.is_archive(file):
        return [Known(member) for member, archive in log.archives.items() if archive == file]
    return _by_id(log.of_file(file)) if log.holds_records(file) else [Known(file)]


def _at(log: Log, file: str, rest: str) -> list[Known]:
    """What stands in a file at ``rest``: a number or an id; in a file that is one article, at a line of it."""
    if log.is_archive(file):
        return []
    if not log.holds_records(file):
        return [Known(file)] if rest.isdecimal() else []
    number = int(rest) if rest.isascii() and rest.isdecimal() and len(rest) < 19 else None
    of_file = [row for row in log.of_file(file) if _is(row, rest) or number in (row["record"], row["line"])]
    found = _by_id(of_file)
    if number is not None and number > 0 and all(each.record != number for each in found):
        found.append(Known(file, number))
    return found or [Known(file, None, rest)]


def _with_row(log: Log, wanted: Known) -> list[Known]:
    """The record of a file by its number or id, with what the log knows of it."""
    if not log.holds_records(wanted.file):
        return []
    by_number = wanted.record is not None
    rows = (r for r in log.of_file(wanted.file) if (r["record"] == wanted.record if by_number else _is(r, wanted.id)))
    return _by_id(rows) or [wanted]


def _by_id(rows: Iterable[Row]) -> list[Known]:
    """The articles of rows, each once."""
    found: dict[tuple[str, int | None], Known] = {}
    for row in rows:
        key = (row["file"], row["record"])
        if key not in found:
            found[key] = Known(*key, row["id"], row["line"] if row["record"] is not None else None)
    return list(found.values())


def _is(row: Row, id: str | int | None) -> bool:
    return row["id"] is not None and str(row["id"]) == str(id)


def _answer(log: Log, matches: list[Known], name: str) -> Answer:
    once = {(each.file, each.record, each.record is None and each.id): each for each in matches}
    return Answer(tuple(once.values()), () if once else _near(log, name))


def _near(log: Log, name: str) -> tuple[str, ...]:
    """Files and ids that are written nearly so."""
    from difflib import get_close_matches

    known = dict.fromkeys(log.chains)
    for row in log.all_rows():
        if len(known) >= MOST_IDS:
            break
        if row["id"] is not None:
            known[str(row["id"])] = None
    return tuple(get_close_matches(name, known, NEAREST))
