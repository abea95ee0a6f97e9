"""The check across files: what every file of the repository says, from the cache where it has it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from zlib import crc32

from cleaner import __version__
from cleaner.check.files import Place
from cleaner.findings import Finding, Note
from cleaner.phases.check.across import ROWS_VERSION, FileRows, across, pack, rows_of, unpack
from cleaner.phases.check.options import CheckOptions
from cleaner.repository.cache import Cache
from cleaner.repository.reading import Source, blob_id
from cleaner.text.pages.block import Page


class Everywhere:
    """Rows of files, and which files have nothing to tell by themselves; both from earlier runs where they fit.

    sources  files by path, as they were read
    """

    def __init__(self, places: Mapping[str, Place], sources: dict[str, Source], cache: Cache | None) -> None:
        self.sources = sources
        self._stamp = f"{__version__} {ROWS_VERSION} {_code()}"
        self._ids = {path: f"{places[path].format} {blob_id(source.data)}" for path, source in sources.items()}
        self._rows: dict[str, FileRows] = {}
        self._new: dict[str, bytes] = {}
        self._quiet: set[str] = set()
        self._cache = cache

    def look_up(self, options: CheckOptions, wanted: Iterable[str]) -> None:
        """Ask the cache for all rows, and for the files of ``wanted`` that had nothing to tell with these options."""
        if self._cache is None:
            return
        rows = {self._rows_key(path): path for path in self._ids}
        quiet = {self._quiet_key(path, options): path for path in wanted if path in self._ids}
        found = self._cache.get([*dict.fromkeys(rows), *quiet])
        self._quiet = {path for key, path in quiet.items() if key in found}
        for path in self._ids:
            data = found.get(self._rows_key(path))
            if data is not None and (made := _unpacked(path, data)) is not None:
                self._rows[path] = made

    def is_quiet(self, path: str) -> bool:
        return path in self._quiet

    def keep(self, path: str, page: Page, options: CheckOptions, *, quiet: bool) -> None:
        """What a page that was parsed says; ``quiet``: by itself it has nothing to tell."""
        if path not in self._rows:
            self._rows[path] = rows_of(page, path)
            self._new[self._rows_key(path)] = pack(self._rows[path])
        if quiet:
            self._new[self._quiet_key(path, options)] = b""

    def findings(
        self, options: CheckOptions, wanted: Mapping[str, Place], read: Callable[[str], Page]
    ) -> list[Finding]:
        """What stands in several files, one of which at least is ``wanted``; ``read`` parses a file."""
        for path in self.sources:
            if path not in self._rows:
                self.keep(path, read(path), options, quiet=False)
        return [
            each
            for each in across(self._rows.values(), options, self.sources.get)
            if any(region.path in wanted for region in (each.here, *([each.there] if each.there else []), *each.more))
        ]

    def close(self, options: CheckOptions) -> list[Note]:
        """Keep what is new. A note says where that cannot be."""
        if self._cache is None:
            return []
        used = [key for path in self._ids for key in (self._rows_key(path), self._quiet_key(path, options))]
        self._cache.put(self._new, used)
        self._cache.close()
        fix = "give another folder with --cache-dir, or --no-cache"
        trouble = self._cache.trouble
        return [Note(None, None, f"the cache cannot be used ({trouble})", fix)] if trouble else []

    def _rows_key(self, path: str) -> str:
        return f"{self._stamp} {self._ids[path]}"

    def _quiet_key(self, path: str, options: CheckOptions) -> str:
        # Options are few and small: their text says all of them, in the order in which they were given.
        settings = crc32(repr(options.at(path)).encode())
        return f"{self._stamp} {self._ids[path]} {settings:08x} {path}"


def _unpacked(path: str, data: bytes) -> FileRows | None:
    try:
        return unpack(path, data)
    except ValueError:
        return None


def _code() -> str:
    """What the code that shapes rows looks like from outside: a version under development changes without a number."""
    top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    try:
        sizes = [
            f"{entry.name} {entry.stat().st_size}"
            for folder in ("text/pages", "text", "phases/check")
            for entry in os.scandir(os.path.join(top, folder))
            if entry.name.endswith(".py")
        ]
    except OSError:  # an installation as a zip file
        return ""
    return f"{crc32(' '.join(sorted(sizes)).encode()):08x}"
