"""Parquet files: read as lines of JSON, a row each, and written with the texts that are left in them.

Promise: *values*. In the output only the changed texts differ: the other columns, the order of rows, the
schema with its metadata, codec, dictionary and statistics of each column, and the row groups are those of
the input. The bytes are not (pages are compressed anew), and compression levels and bloom filters, which
a file does not tell, are the defaults. A row group of more than 256 MB is written as several, so that
memory stays bounded.

The file is read twice: its text columns when they are cleaned, all of it when it is written. Digests in
the log are of the lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from cleaner.errors import InputError
from cleaner.formats.fields import NoText
from cleaner.formats.parquet_columns import Columns, columns_of, lines_of, pyarrow, with_lines

BATCH = 4 << 20
MOST_ROWS = 16_384
"""Rows read at once: values of a dictionary are larger than their sizes in the file say."""
LONGEST_GROUP = 256 << 20

_CHANGED = "the rows are not those of the input, which was changed while it was read"
_CODECS = {"UNCOMPRESSED": "none", "LZ4_RAW": "lz4", "LZ4": "lz4"}


class ParquetInput:
    """A Parquet file with the columns that hold its articles.

    Raises InputError where it cannot be read, NoText where it has no such columns, SettingsError
    without pyarrow.
    """

    def __init__(self, path: str, text_field: str, id_field: str) -> None:
        self.path = path
        try:
            self.file: Any = pyarrow().parquet.ParquetFile(path, pre_buffer=False)
        except (OSError, ValueError) as error:
            raise _damaged(path, error) from None
        self.columns: Columns = columns_of(self.file.schema_arrow, text_field, id_field)

    def lines(self) -> Iterator[bytes]:
        """The rows as lines, in pieces of whole lines."""
        for group in range(self.file.num_row_groups):
            for batch in self.rows(group, self.columns.names):
                yield b"".join(lines_of(batch, self.columns))

    def rows(self, group: int, names: list[str] | None = None) -> Iterator[Any]:
        """A row group as batches of about 4 MB; ``names`` of columns, None: all of them."""
        facts = self.file.metadata.row_group(group)
        chunks = [facts.column(number) for number in range(facts.num_columns)]
        size = sum(each.total_uncompressed_size for each in chunks if names is None or _is_in(each, names))
        rows = min(MOST_ROWS, max(1, BATCH * facts.num_rows // max(size, 1)))
        try:
            yield from self.file.iter_batches(batch_size=rows, row_groups=[group], columns=names, use_threads=False)
        except (OSError, ValueError) as error:
            raise _damaged(self.path, error) from None

    def close(self) -> None:
        self.file.close()


class ParquetSink:
    """Takes the lines of a cleaned Parquet file and writes the file onto ``stream``, which stays open."""

    def __init__(self, stream: IO[bytes], path: str, text_field: str, id_field: str) -> None:
        try:
            self._input = ParquetInput(path, text_field, id_field)
        except NoText:
            raise OSError(0, _CHANGED) from None
        schema = self._input.file.schema_arrow
        self._target = _Target(stream)
        self._writer = pyarrow().parquet.ParquetWriter(self._target, schema, **_as_in(self._input))
        self._batches = _all(self._input)  # not a method, whose generator would hold this object
        self._next = next(self._batches, None)
        self._tail = b""
        self._lines: list[bytes] = []
        self._group: list[Any] = []

    def write(self, data: bytes) -> None:
        lines = (self._tail + data).split(b"\n")
        self._tail = lines.pop()
        self._lines += [line + b"\n" for line in lines]
        while self._next is not None and len(self._lines) >= self._next[0].num_rows:
            self._take(*self._next)
            self._next = next(self._batches, None)

    def close(self) -> None:
        """End the file; raises OSError where the lines are not those of its rows."""
        if self._next is not None or self._lines or self._tail:
            raise OSError(0, _CHANGED)
        self._writer.close()
        self._input.close()

    def __del__(self) -> None:
        """pyarrow's writer would end a file that was given up, and make it look whole."""
        if hasattr(self, "_target"):
            self._target.given_up = True

    def _take(self, batch: Any, last: bool) -> None:
        size = batch.num_rows
        self._group.append(with_lines(batch, self._input.columns, self._lines[:size]))
        del self._lines[:size]
        if last or sum(each.nbytes for each in self._group) > LONGEST_GROUP:
            table = pyarrow().Table.from_batches(self._group)
            self._writer.write_table(table, row_group_size=max(1, table.num_rows))
            self._group = []


def _all(source: ParquetInput) -> Iterator[tuple[Any, bool]]:
    """Batches of all columns, each with whether it ends its row group."""
    for group in range(source.file.num_row_groups):
        held = None
        for batch in source.rows(group):
            if held is not None:
                yield held, False
            held = batch
        if held is not None:
            yield held, True


class _Target:
    """A stream that knows where it stands, also where it is a pipe; pyarrow may close it, the one below stays open."""

    closed = given_up = False

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._at = stream, 0

    def write(self, data: Any) -> int:
        if not self.given_up:
            self._stream.write(data)
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        """When the stream below is flushed is not pyarrow's to say."""

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def readable(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True


def _as_in(source: ParquetInput) -> dict[str, Any]:
    """How the writer must write for a file like the input."""
    metadata = source.file.metadata
    known = metadata.metadata or {}
    wanted: dict[str, Any] = {
        "version": metadata.format_version if metadata.format_version in ("1.0", "2.4", "2.6") else "2.6",
        "store_schema": b"ARROW:schema" in known,
    }
    if not metadata.num_row_groups or not metadata.num_columns:
        return wanted
    group = metadata.row_group(0)
    chunks = [group.column(number) for number in range(group.num_columns)]
    wanted |= {
        "compression": {
            each.path_in_schema: _CODECS.get(each.compression, each.compression.lower()) for each in chunks
        },
        "use_dictionary": [each.path_in_schema for each in chunks if any("DICT" in name for name in each.encodings)],
        "write_statistics": [each.path_in_schema for each in chunks if each.is_stats_set],
        "write_page_index": any(each.has_column_index for each in chunks),
        "use_compliant_nested_type": not any(".list.item" in each.path_in_schema for each in chunks),
        "use_deprecated_int96_timestamps": any(each.physical_type == "INT96" for each in chunks),
    }
    texts = {path[0] for path in source.columns.texts}
    order = group.sorting_columns
    if order and not any(chunks[each.column_index].path_in_schema.split(".")[0] in texts for each in order):
        wanted["sorting_columns"] = order
    return wanted


def _codec(name: str) -> str:
    return _CODECS.get(name, name.lower())


def _is_in(chunk: Any, names: list[str]) -> bool:
    path = str(chunk.path_in_schema)
    return any(path == name or path.startswith(name + ".") for name in names)


def _damaged(path: str, error: Exception) -> InputError:
    words = " ".join(str(error).split())
    return InputError(f"not a Parquet file that can be read ({words})", file=path, fix="get it again, or leave it out")
