"""Files that are cleaned where they lie: what an earlier run has left of them, and where they are found again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from cleaner.formats.files import Source
from cleaner.formats.reading import open_source
from cleaner.formats.removal_log import LogWriter
from cleaner.formats.work import Work
from cleaner.formats.writing import Mode, OutputError


class InPlace(NamedTuple):
    """The run at hand, beside the log that earlier ones have left; all answers are plain in other modes."""

    mode: Mode
    log: LogWriter | None
    work: Work

    def run_of(self, source: Source) -> int:
        """Number of the in-place run over a file, 1 where its bytes are not what the last run left."""
        if self.mode != "in place" or self.log is None or source.name not in self.log.earlier:
            return 1
        whole = blake2b(digest_size=16)
        for piece in self._pieces(source):
            whole.update(piece)
        return self.log.run_of(source.name, whole.hexdigest())

    def check_columns(self, source: Source) -> None:
        """Runs over one Parquet file in its place are undone by the same columns. Raises OutputError."""
        before = self._fields_before(source)
        if source.format == "parquet" and before not in (None, (self.work.text_field, self.work.id_field)):
            error = OSError(0, f"it was cleaned in its place by the columns {' and '.join(before or ())} before")
            raise OutputError(source.shown, error, "restore it first, or give a folder with -o")

    def path_of(self, source: Source) -> str | None:
        """Where a file cleaned in place lies, seen from the folder above the log."""
        if self.mode != "in place" or self.log is None or source.path is None:
            return None
        return os.path.relpath(os.path.realpath(source.path), os.path.realpath(self.log.folder.parent))

    def _pieces(self, source: Source) -> Iterator[bytes]:
        """The bytes that digests are of: those of the file, or the lines that it is read as."""
        if source.format != "parquet" or source.path is None:
            return open_source(source).pieces
        from cleaner.formats.parquet import ParquetInput

        fields = self._fields_before(source) or (self.work.text_field, self.work.id_field)
        return ParquetInput(source.path, *fields).lines()

    def _fields_before(self, source: Source) -> tuple[str, str] | None:
        """The columns by which a Parquet file was cleaned in its place before, if it was."""
        before = self.log.earlier.get(source.name) if self.log is not None else None
        if before is None or before.format != "parquet" or self.mode != "in place":
            return None
        return str(before.text_field), str(before.id_field)
