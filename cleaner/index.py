"""What earlier runs have seen: their paragraphs with copy keys, bands and places, in one DuckDB file.

A run looks its own keys up here, and adds what it kept in one transaction when all is written; a run that
is killed before leaves the index as it was. One process writes at a time (DuckDB's lock on the file). A file is
looked at before it is opened to be written: what is no index of ours stays as it is.

    meta        what made the file, version of the index, and the settings that its paragraphs depend on
    sources     number, name, size and time of each file that was added, and when
    paragraphs  id, source, key, words, thumb, text, kind, and where it stands (record, ident, line, start ...)
    bands       key, id: band keys of the paragraphs
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from cleaner.errors import SettingsError
from cleaner.settings import Settings
from cleaner.types import Elsewhere, Kind

APPLICATION, VERSION = "cleaner", 2
"""2 says what made it, and has the kind of each paragraph as it stood in its article: what underlines a heading is not
in its own text."""
INSTALL = "pip install 'article-cleaner[dumps]'"
_TABLES = """
create table meta (application varchar, version integer, settings varchar);
create table sources (source bigint, name varchar, size bigint, modified bigint, added timestamp);
create table paragraphs (
    id bigint, source bigint, key ubigint, words integer, thumb blob, text blob, kind varchar, record bigint,
    ident varchar, line bigint, start bigint, stop bigint, text_line bigint, last_line bigint
);
create table bands (key ubigint, id bigint);
"""


class File(NamedTuple):
    """A file that was added: its name in the logs, bytes, and time of its last change in nanoseconds."""

    name: str
    size: int
    modified: int


class Seen(NamedTuple):
    """A paragraph of an earlier run; ``kind`` as it stood in its article."""

    id: int
    key: int
    words: int
    thumb: bytes
    text: bytes
    kind: Kind
    place: Elsewhere


class Entry(NamedTuple):
    """A line of ``cleaner index list``."""

    name: str
    paragraphs: int
    words: int
    added: str


def require() -> None:
    """Raise SettingsError where a package is missing."""
    _duckdb()


class Index:
    """An index file, made where there is none. Raises SettingsError where it cannot be used."""

    def __init__(self, path: Path, settings: Settings | None = None, *, memory: int = 512 << 20) -> None:
        duckdb = _duckdb()
        self.path = path
        exists = _is_database(path)
        if settings is None and not exists:
            raise SettingsError(f"{path}: no such index; a run with --index makes one")
        config = {"memory_limit": f"{memory >> 20}MB"} | _ALONE
        try:
            if exists:
                with duckdb.connect(str(path), read_only=True, config=config) as db:
                    self._check(db, settings)
            self._db = duckdb.connect(str(path), config=config)
            if not exists and settings is not None:
                self._db.execute(f"begin; {_TABLES}")
                kept = json.dumps(_depends_on(settings))
                self._db.execute("insert into meta values (?, ?, ?)", [APPLICATION, VERSION, kept])
                self._db.execute("commit")
        except duckdb.Error as error:
            raise _cannot_open(path, error) from None

    def _check(self, db: Any, settings: Settings | None) -> None:
        tables = {name for (name,) in db.execute("select table_name from duckdb_tables()").fetchall()}
        columns = db.execute("select column_name from duckdb_columns() where table_name = 'meta'").fetchall()
        names = [name for (name,) in columns]
        if names == ["version", "settings"] and {"sources", "paragraphs", "bands"} <= tables:
            rows = [(APPLICATION, 1, "")]
        else:
            ours = "meta" in tables and names == ["application", "version", "settings"]
            rows = db.execute("select application, version, settings from meta").fetchall() if ours else []
        if len(rows) != 1 or rows[0][0] != APPLICATION:
            raise SettingsError(f"{self.path}: a database, but no index of cleaner; give another --index")
        _, version, kept = rows[0]
        if version != VERSION:
            raise SettingsError(
                f"{self.path}: an index of version {version}, and this cleaner reads and writes version {VERSION}; "
                "begin a new one with another --index, by a first run over what the old one had seen"
            )
        self._check_schema(db)
        empty = "source is null or name is null or size is null or modified is null or added is null"
        if db.execute(f"select 1 from sources where {empty} limit 1").fetchall():  # nosec B608 # words of ours
            raise SettingsError(f"{self.path}: a damaged index (a source without a name, size or time); give another")
        try:
            made_with = json.loads(kept)
        except (TypeError, ValueError, RecursionError):
            raise SettingsError(f"{self.path}: a damaged index (its settings); give another --index") from None
        if settings is not None and made_with != _depends_on(settings):
            raise SettingsError(f"{self.path}: made with {kept}; run with these settings, or give another --index")

    def _check_schema(self, db: Any) -> None:
        """Raise SettingsError for anything but our tables: a view or macro may read files of the user."""
        with _duckdb().connect(":memory:") as fresh:
            fresh.execute(_TABLES)
            wanted = fresh.execute(_COLUMNS).fetchall()
        strange = db.execute(_STRANGE).fetchall()
        if strange or db.execute(_COLUMNS).fetchall() != wanted:
            raise SettingsError(f"{self.path}: its tables are not those that cleaner makes; give another --index")

    # --- looking up ------------------------------------------------------------------------------

    def with_keys(self, keys: Any) -> list[Seen]:
        """The paragraphs with one of these copy keys (uint64[n]), in the order in which they were added."""
        self._keys(keys)
        return self._seen(
            "select p.*, s.name from paragraphs p join sources s using (source) semi join asked using (key)"
        )

    def with_bands(self, keys: Any, numbers: Any) -> tuple[Any, Any]:
        """Pairs of a number and the id of a paragraph that share a band key: int64[pairs] each.

        keys uint64[n], numbers int64[n]
        """
        import pyarrow

        asked = pyarrow.table({"key": keys, "number": numbers})
        self._db.register("asked", asked)
        found = self._db.sql("select distinct number, id from bands join asked using (key)").to_arrow_table()
        return found["number"].to_numpy(), found["id"].to_numpy()

    def by_id(self, ids: Any) -> list[Seen]:
        """The paragraphs with these ids (int64[n]), ascending."""
        import pyarrow

        self._db.register("asked", pyarrow.table({"id": ids}))
        return self._seen(
            "select p.*, s.name from paragraphs p join sources s using (source) semi join asked using (id)"
        )

    def _keys(self, keys: Any) -> None:
        import pyarrow

        self._db.register("asked", pyarrow.table({"key": keys}))

    def _seen(self, query: str) -> list[Seen]:
        rows = self._db.execute(f"{query} order by id").fetchall()
        return [
            Seen(id, key, words, thumb, text, kind, Elsewhere(name, record, _ident(ident), line, start, stop, at, last))
            for id, _, key, words, thumb, text, kind, record, ident, line, start, stop, at, last, name in rows
        ]

    # --- adding ----------------------------------------------------------------------------------

    def refuse_known(self, files: Iterable[File]) -> None:
        """Raise SettingsError for a file that was added before: all it says would go."""
        for file in files:
            known = self._db.execute(
                "select added from sources where name = ? and size = ? and modified = ?", list(file)
            ).fetchall()
            if known:
                added = f"{known[0][0]:%Y-%m-%d %H:%M}"
                raise SettingsError(
                    f"{self.path}: {file.name} was added to the index on {added}, and everything in it would "
                    f"be a repeat; to run it again: cleaner index remove {self.path} {file.name}"
                )

    def begin(self, files: Sequence[File]) -> dict[str, int]:
        """Begin to add; returns the numbers of the files. Nothing is kept without ``commit``."""
        self._db.execute("begin")
        ((first,),) = self._db.execute("select coalesce(max(source), 0) + 1 from sources").fetchall()
        for number, file in enumerate(files, first):
            self._db.execute("insert into sources values (?, ?, ?, ?, now()::timestamp)", [number, *file])
        return {file.name: number for number, file in enumerate(files, first)}

    def next_id(self) -> int:
        ((first,),) = self._db.execute("select coalesce(max(id), 0) + 1 from paragraphs").fetchall()
        return int(first)

    def add(self, paragraphs: Any, bands: Any) -> None:
        """Add rows of the tables ``paragraphs`` and ``bands`` (pyarrow tables). Raises OSError."""
        with _writing():
            self._add(paragraphs, bands)

    def _add(self, paragraphs: Any, bands: Any) -> None:
        self._db.register("more", paragraphs)
        self._db.execute("insert into paragraphs by name select * from more")
        self._db.register("more", bands)
        self._db.execute("insert into bands by name select * from more")

    def commit(self) -> None:
        """Raises OSError."""
        with _writing():
            self._db.execute("commit")

    def rollback(self) -> None:
        self._db.execute("rollback")

    # --- by hand -----------------------------------------------------------------------------------

    def entries(self) -> list[Entry]:
        """What was added, oldest first."""
        rows = self._db.execute(
            "select name, count(p.id), coalesce(sum(words), 0), any_value(added) from sources s "
            "left join paragraphs p using (source) group by source, name order by source"
        ).fetchall()
        return [Entry(name, int(count), int(words), f"{added:%Y-%m-%d %H:%M}") for name, count, words, added in rows]

    def remove(self, name: str) -> int:
        """Forget a file; returns how many paragraphs it had. Raises SettingsError where it is not known."""
        numbers = [n for (n,) in self._db.execute("select source from sources where name = ?", [name]).fetchall()]
        if not numbers:
            raise SettingsError(f"{self.path}: no source {name!r}; cleaner index list {self.path} names them")
        self._db.execute("begin")
        asked = "select count(*) from paragraphs where source in (select unnest(?))"
        ((count,),) = self._db.execute(asked, [numbers]).fetchall()
        bands = "delete from bands where id in (select id from paragraphs where source in (select unnest(?)))"
        self._db.execute(bands, [numbers])
        self._db.execute("delete from paragraphs where source in (select unnest(?))", [numbers])
        self._db.execute("delete from sources where source in (select unnest(?))", [numbers])
        self._db.execute("commit")
        return int(count)

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()


def ident_text(identity: str | int | None) -> str | None:
    """An id as the index keeps it: JSON, so that 5 and "5" stay apart."""
    return None if identity is None else json.dumps(identity)


def _ident(kept: str | None) -> Any:
    return None if kept is None else json.loads(kept)


_STRANGE = """
select 1 from duckdb_views() where not internal union all select 1 from duckdb_functions() where not internal
union all select 1 from duckdb_types() where not internal union all select 1 from duckdb_sequences()
"""
_COLUMNS = """
select schema_name, table_name, column_name, data_type, column_default, is_nullable from duckdb_columns()
where not internal order by all
"""
_ALONE = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
"""A file of another kind would have DuckDB fetch what reads it."""


def _is_database(path: Path) -> bool:
    """Whether there is a file, by its sign one of DuckDB. Raises SettingsError for any other."""
    if not os.path.lexists(path):
        return False
    why = "it is not one of DuckDB"
    try:
        if path.is_file():
            with open(path, "rb") as stream:
                if stream.read(12)[8:] == b"DUCK":
                    return True
        else:
            why = "it is a link to nothing" if path.is_symlink() and not path.exists() else "it is no file"
    except OSError as error:
        why = error.strerror or str(error)
    raise SettingsError(f"{path}: no index of cleaner ({why}); it is left as it is, give another --index")


def _depends_on(settings: Settings) -> dict[str, Any]:
    return {"min_words": settings.min_words}


def _cannot_open(path: Path, error: Exception) -> SettingsError:
    text = str(error)
    if "could not set lock" in text.lower():
        return SettingsError(f"{path}: another run has this index open; wait for it")
    return SettingsError(f"{path}: cannot be opened as an index ({text.splitlines()[0]}); give another --index")


@contextmanager
def _writing() -> Iterator[None]:
    """What DuckDB says of a disk that is full as the error that it is."""
    try:
        yield
    except _duckdb().Error as error:
        raise OSError(errno.ENOSPC if "space" in str(error) else errno.EIO, str(error).splitlines()[0]) from None


def _duckdb() -> Any:
    try:
        import duckdb
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise SettingsError(f"an index needs DuckDB and Arrow ({error}); install them with: {INSTALL}") from None
    return duckdb
