"""What several files say: from rows that a cache can keep, a few numbers for each paragraph."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from cleaner.findings import Finding, Region
from cleaner.phases.check.ignores import is_silent, parse_ignores
from cleaner.phases.check.judge import Near, Same, judge
from cleaner.phases.check.keys import key_of, might_have, prose_words
from cleaner.phases.check.options import CheckOptions
from cleaner.phases.check.paths import Placed, original, place_of
from cleaner.phases.check.places import Places, finding
from cleaner.phases.check.solid import without_comments
from cleaner.text.pages.block import Page

RULE = "across-files"
FEWEST = 8
"""Words of a paragraph that has a row: fewer are never asked for, so that rows hold for all settings."""
ROWS_VERSION = 1
"""Changes with what rows hold, for those who keep them."""


class Row(NamedTuple):
    """One paragraph of a file.

    key, exact  64 bits of a hash: of its key (``keys.py``), and of what it says to the letter
    words       of it; start, end: its characters of the file, half-open
    """

    key: int
    exact: int
    words: int
    start: int
    end: int


class FileRows(NamedTuple):
    """A file as rows in reading order. ``whole``: a hash of all it says; 0 where it has no row."""

    path: str
    whole: int
    rows: tuple[Row, ...]


def rows_of(page: Page, path: str) -> FileRows:
    """The rows of a page: its paragraphs but those that an ignore of the page takes out."""
    ignores = parse_ignores(page).found
    found: list[Row] = []
    keys: list[bytes] = []
    for block in without_comments(page).blocks:
        if block.kind == "other":
            keys.append(_bytes(" ".join(page.text[block.start : block.end].split())))
            continue
        keys.append(key_of(block.says))
        if block.kind != "prose" or not might_have(block.says, FEWEST):
            continue
        words = prose_words(block.says)
        if words >= FEWEST and not is_silent(ignores, RULE, block.start, block.end):
            found.append(Row(_hash(keys[-1]), _hash(_bytes(block.says)), words, block.start, block.end))
    return FileRows(path, _hash(b"\0".join(keys)) if found else 0, tuple(found))


def pack(rows: FileRows) -> bytes:
    """Rows as bytes, for a cache; the path is left out, since a file may move."""
    return array("q", [rows.whole, *(number for row in rows.rows for number in row)]).tobytes()


def unpack(path: str, data: bytes) -> FileRows:
    """What ``pack`` made. Raises ValueError where the bytes are something else."""
    numbers = array("q")
    numbers.frombytes(data)
    if len(numbers) % len(Row._fields) != 1:
        raise ValueError("not the rows of a file")
    each = iter(numbers[1:])
    return FileRows(path, numbers[0], tuple(map(Row, each, each, each, each, each)))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _hash(data: bytes) -> int:
    from hashlib import blake2b

    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little", signed=True)


class HasText(Protocol):
    """A page, or a file that was only read."""

    @property
    def text(self) -> str: ...


class _Spot(NamedTuple):
    """Rows [first, last] of a file, by its number in order of paths."""

    file: int
    first: int
    last: int


_Mirror = tuple[int, str, str]
"""A translation and version; the original sorts first."""


class _Group(NamedTuple):
    """Places of several pages in one mirror, and places in other mirrors that say the same."""

    mirror: _Mirror
    spots: list[_Spot]
    others: list[_Spot]


def across(files: Iterable[FileRows], options: CheckOptions, read: Callable[[str], HasText | None]) -> list[Finding]:
    """What stands in several files, one finding a group, by path and place. Each path comes once.

    ``read`` gives the text of a path, for those files that have a part in a finding; None where it is gone. It need
    not be parsed.
    """
    if options.severity(RULE) is None and not options.paths:
        return []
    return _Across(sorted(files), options, read).all()


class _Across:
    def __init__(self, files: Sequence[FileRows], options: CheckOptions, read: Callable[[str], HasText | None]) -> None:
        self.files = files
        self.options = options
        self.read = read
        self.texts: dict[str, Places | None] = {}
        self.placed = [place_of(file.path, options) for file in files]
        self.trees = {_tree(placed) for placed in self.placed if placed.language or placed.version}

    def all(self) -> list[Finding]:
        wholes = self.once(self.same_pages())
        gone = {spot.file for group in wholes for spot in group.spots[1:]}
        found = [self.told(group, whole=True) for group in wholes]
        found += [self.told(group, whole=False) for group in self.once(self.joined(self.same_rows(gone)))]
        return sorted((f for f in found if f), key=lambda f: (f.here.path, f.here.start))

    def same_pages(self) -> list[list[_Spot]]:
        """Files that say the same from top to bottom, with words enough."""
        groups: dict[int, list[_Spot]] = {}
        for i, file in enumerate(self.files):
            if sum(row.words for row in file.rows) >= self.options.min_across:
                groups.setdefault(file.whole, []).append(_Spot(i, 0, len(file.rows) - 1))
        return [group for group in groups.values() if len(group) > 1]

    def same_rows(self, gone: set[int]) -> list[list[_Spot]]:
        """Rows with one key in more than one file; of each file the first."""
        places: dict[int, dict[int, int]] = {}
        for i, file in enumerate(self.files):
            if i not in gone:
                for k, row in enumerate(file.rows):
                    places.setdefault(row.key, {}).setdefault(i, k)
        return [[_Spot(i, k, k) for i, k in group.items()] for group in places.values() if len(group) > 1]

    def joined(self, groups: Iterable[list[_Spot]]) -> list[list[_Spot]]:
        """Groups that stand right below each other in all their files as one; those with words enough."""
        found: list[list[_Spot]] = []
        ends: dict[tuple[tuple[int, int], ...], list[_Spot]] = {}
        for group in sorted(groups):
            above = ends.pop(tuple((spot.file, spot.first) for spot in group), None)
            if above is None:
                above = group
                found.append(group)
            else:
                above[:] = [old._replace(last=new.last) for old, new in zip(above, group, strict=True)]
            ends[tuple((spot.file, spot.last + 1) for spot in above)] = above
        return [group for group in found if max(row.words for row in self.rows(group[0])) >= self.options.min_across]

    def rows(self, spot: _Spot) -> tuple[Row, ...]:
        return self.files[spot.file].rows[spot.first : spot.last + 1]

    def once(self, groups: Iterable[list[_Spot]]) -> list[_Group]:
        """Groups with two pages of one mirror. What the same pages share in each mirror in turn is one of them.

        A page that moved between two versions is no finding: the two never stand side by side.
        """
        kept: dict[tuple[frozenset[str], int], _Group] = {}
        seen: dict[tuple[frozenset[str], _Mirror], int] = {}
        parted = [group for spots in groups if (group := self.parted(spots))]
        for group in sorted(parted):
            pages = frozenset(self.placed[spot.file].page for spot in group.spots)
            number = seen[pages, group.mirror] = seen.get((pages, group.mirror), -1) + 1
            first = kept.setdefault((pages, number), group)
            if first is not group:
                first.others.extend([*group.spots, *group.others])
        return list(kept.values())

    def parted(self, spots: Iterable[_Spot]) -> _Group | None:
        """The mirror that most pages of a group lie in; those in no mirror lie in each."""
        mirrors: dict[_Mirror, dict[str, _Spot]] = {}
        everywhere: dict[str, _Spot] = {}
        for spot in spots:
            placed = self.placed[spot.file]
            pages = everywhere if self.is_alone(placed) else mirrors.setdefault(_mirror(placed), {})
            pages.setdefault(placed.page, spot)
        for pages in mirrors.values():
            pages.update({page: spot for page, spot in everywhere.items() if page not in pages})
        mirrors = mirrors or {_mirror(Placed("", "", "")): everywhere}
        shared = {mirror: pages for mirror, pages in mirrors.items() if len(pages) > 1}
        if not shared:
            return None
        best = min(shared, key=lambda mirror: (-len(shared[mirror]), mirror))
        own = sorted(shared.pop(best).values())
        others = {spot for pages in shared.values() for spot in pages.values()}
        return _Group(best, own, sorted(others.difference(own)))

    def is_alone(self, placed: Placed) -> bool:
        """Whether a file has no translations or versions, and none beside it has."""
        return not placed.language and not placed.version and _tree(placed) not in self.trees

    def told(self, group: _Group, *, whole: bool) -> Finding | None:
        """The finding of a group, of those places that say the same for real."""
        spots = [spot for spot in group.spots if self.options.at(self.path(spot)).severity(RULE)]
        spots = [spot for spot in spots if self.same(spots[0], spot)]
        places = [(spot, region) for spot in spots if (region := self.region(spot, whole))]
        severity = self.options.at(self.path(spots[0])).severity(RULE) if spots else None
        if len(places) < 2 or severity is None:
            return None
        others = [spot for spot in group.others if spot.last - spot.first == spots[0].last - spots[0].first]
        there, here, *more = [region for _, region in places]
        more += [region for spot in others if (region := self.region(spot, whole))]
        text, other = self.text(here), self.text(there)
        return finding(
            RULE,
            severity,
            here,
            there,
            text=text,
            other=other,
            message=_message(len(places), places[0][0], whole),
            content=b"\0".join(row.key.to_bytes(8, "little", signed=True) for row in self.rows(spots[0])),
            words=sum(row.words for row in self.rows(spots[1])),
            more=more,
        )

    def path(self, spot: _Spot) -> str:
        return self.files[spot.file].path

    def places(self, spot: _Spot) -> Places | None:
        path = self.path(spot)
        if path not in self.texts:
            found = self.read(path)
            self.texts[path] = None if found is None else Places(path, found.text)
        return self.texts[path]

    def region(self, spot: _Spot, whole: bool) -> Region | None:
        """Where a place is; None where the file is gone, or another one by now."""
        places, rows = self.places(spot), self.rows(spot)
        if places is None or rows[-1].end > len(places.text):
            return None
        return places.region(0, len(places.text)) if whole else places.region(rows[0].start, rows[-1].end)

    def text(self, region: Region) -> str:
        places = self.texts[region.path]
        return places.text[region.start : region.end] if places else ""

    def same(self, one: _Spot, other: _Spot) -> bool:
        """Whether two places say the same, row by row: by the letter, else compared as they stand."""
        return all(
            a.exact == b.exact or isinstance(self.compared(one, a, other, b), Same)
            for a, b in zip(self.rows(one), self.rows(other), strict=True)
        )

    def compared(self, one: _Spot, a: Row, other: _Spot, b: Row) -> Same | Near | None:
        there, here = self.places(one), self.places(other)
        if there is None or here is None:
            return None
        return judge(there.text[a.start : a.end], here.text[b.start : b.end], self.options.near)


def _mirror(placed: Placed) -> _Mirror:
    return original(placed.language) + bool(placed.version), placed.language, placed.version


def _tree(placed: Placed) -> str:
    """The outermost folder; of files beside all folders ''."""
    return placed.page.partition("/")[0] if "/" in placed.page else ""


def _message(files: int, spot: _Spot, whole: bool) -> str:
    others = "another one" if files == 2 else f"{files - 1} others"
    if whole:
        return f"This page and {others} say the same from top to bottom."
    rows = spot.last - spot.first + 1
    return (
        f"This paragraph stands in {files} files." if rows == 1 else f"These {rows} paragraphs stand in {files} files."
    )
