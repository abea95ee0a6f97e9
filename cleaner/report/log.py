"""The log of a run as it is read for reports: its facts, and its rows as repeats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.errors import SettingsError
from cleaner.formats.files import LOG_FOLDER
from cleaner.formats.log_rows import REPORT, decoded
from cleaner.formats.removal_log import CASES, REMOVALS, VARIANTS, Entry, chains
from cleaner.formats.rows import Row
from cleaner.formats.undo import text_of

Key = tuple[str, int]
"""A file (or archive) and the number of its in-place run."""


class Repeat(NamedTuple):
    """What went, or was reported, as one: the spans of a block, or a single span. In the order of the text."""

    of: str
    rows: Sequence[Row]

    @property
    def words(self) -> int:
        """Words of its spans; in logs from before these were counted, those between white space."""
        return sum(row["words"] if "words" in row else len(text_of(row).split()) for row in self.rows)


class RunLog:
    """The last run whose log lies in a folder.

    facts    ``report.json``
    entries  of its files, as in ``files.jsonl``; none of a dry run
    earlier  files of the folder that earlier runs have written
    """

    def __init__(self, out: Path) -> None:
        """Read the facts of the run in ``out``. Raises SettingsError where there is none, RestoreError on damage."""
        self.folder = out / LOG_FOLDER
        if not self.folder.is_dir() and (out / REMOVALS).exists():
            self.folder = out  # the log itself was given
        self.facts = _facts(self.folder, out)
        known = [chain[-1] for chain in chains(self.folder)]
        logged = self.facts.get("run", {}).get("logged")
        after = len(known) if logged is None else min(logged, len(known))
        self.entries: list[Entry] = known[len(known) - after :]
        self.earlier = len(known) - after
        self._wanted = {(each.file, each.run) for each in self.entries} if known else None

    def removals(self) -> Iterator[Repeat]:
        """What went, block by block; those of an article may stand in each other."""
        for _, rows in groupby(self._rows(REMOVALS), key=lambda row: (*key_of_row(row), row["file"], row["record"])):
            blocks = dict[Any, list[Row]]()
            for row in rows:
                blocks.setdefault(row["block"], []).append(row)
            yield from (Repeat("removal", block) for block in blocks.values())

    def variants(self) -> Iterator[Repeat]:
        """What was reported."""
        for row in self._rows(VARIANTS):
            yield Repeat("variant", [row])

    def cases(self) -> Iterator[Row]:
        """What stands around some of the spans; nothing in logs from before there was such a file."""
        return self._rows(CASES)

    def _rows(self, name: str) -> Iterator[Row]:
        path = self.folder / name
        if not path.exists():
            return
        with suppress(ImportError):  # the log of a dump has ten thousands of rows
            import orjson  # noqa: F401
        with open(path, "rb") as stream:
            for number, line in enumerate(stream, 1):
                row = decoded(line, name, path, number)
                if self._wanted is None or key_of_row(row) in self._wanted:
                    yield row


def key_of_row(row: Row) -> Key:
    return row.get("archive") or row["file"], row.get("run", 1)


def _facts(folder: Path, out: Path) -> dict[str, Any]:
    path = folder / "report.json"
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise SettingsError(f"{out}: no run has left its log here; give the folder that was given with -o") from None
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error}); run again, or put it back as it was") from None
    return decoded(data, REPORT, path, None)
