"""The open elements of a page while it is read, and which of them a tag ends."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cleaner.text.html_tags import (
    BARRIERS,
    BREAKS_OUT,
    CELLS,
    CLOSES_P,
    ENDS_LAST,
    FORMATTING,
    HEADINGS,
    ITEMS,
    LITERAL_TAGS,
    PASSED,
    SIGNS,
    SPECIAL,
)

FOREIGN = ("svg", "math")
_MORE_SCOPE = {"p": ("button",), "li": ("ul", "ol")}
"""End tags that do not reach beyond these, besides the barriers."""
_FLOWS_IN = dict.fromkeys(sorted({"a", *SIGNS, *LITERAL_TAGS}))


@dataclass(slots=True, eq=False)
class Opened:
    """An open element.

    token     number of its start tag, which stands at ``start`` and ends at ``inner``
    pieces    number of the pieces found before it
    scope     of what stands in it, see ``Piece``
    ended     it has ended before those within it
    lays_out  it sets out the page
    is_data   it is a table with headings of columns or rows
    """

    name: str
    token: int
    start: int
    inner: int
    pieces: int
    scope: str
    ended: bool = False
    lays_out: bool = False
    is_data: bool = False


class Stack:
    """Elements by their depth, from 0. Every question is answered without walking through them."""

    def __init__(self) -> None:
        self.elements: list[Opened] = []
        self.depths: defaultdict[str, list[int]] = defaultdict(list)
        """Depths of the open elements of a name."""
        self.barriers: list[int] = []
        self.specials: list[int] = []
        self.stops: list[int] = []
        """Depths of the special elements that items do not pass."""
        self.flowing = 0
        """Open elements of those that change what is said in them."""

    def __len__(self) -> int:
        return len(self.elements)

    @property
    def innermost(self) -> str:
        return self.elements[-1].name if self.elements else ""

    def last(self, name: str) -> int:
        """Depth of the innermost open element of a name, or -1."""
        depths = self.depths[name]
        return depths[-1] if depths else -1

    def last_of(self, names: Iterable[str]) -> int:
        return max(map(self.last, names))

    def holds(self, names: Iterable[str]) -> bool:
        return any(self.depths[name] for name in names)

    def flows(self) -> list[Opened]:
        """The open inline elements that change what is said in them, in their order."""
        if not self.flowing:
            return []
        return sorted(
            (self.elements[depth] for name in _FLOWS_IN for depth in self.depths[name]), key=lambda each: each.token
        )

    # --- which element a tag ends -----------------------------------------------------------------

    def ended_by_start(self, name: str) -> Iterator[int]:
        """Depths of what a start tag ends, each asked for when what was given before has ended."""
        paragraph = self.last("p")
        if name in CLOSES_P and paragraph > max(_top(self.barriers), self.last("button")):
            yield paragraph
        if name in HEADINGS and self.innermost in HEADINGS:
            yield len(self) - 1
        if name in ITEMS:
            stop = _top(self.stops)
            if stop >= 0 and self.elements[stop].name in ITEMS[name]:
                yield stop
        elif name in CELLS:
            limit = self.last_of(("table", "template"))
            depths = [depth for depth in map(self.last, CELLS[name]) if depth > limit]
            if depths:
                yield min(depths)
        elif name in ENDS_LAST and self.innermost in ENDS_LAST[name]:
            yield len(self) - 1
        elif name == "button" and self.last(name) > _top(self.barriers):
            yield self.last(name)

    def ended_by_end(self, name: str) -> int:
        """Depth of the element that an end tag ends, or -1."""
        if self.innermost == name:
            return len(self) - 1
        depth = self.last_of(HEADINGS) if name in HEADINGS else self.last(name)
        return depth if depth > self._limit(name, depth) else -1

    def _limit(self, name: str, depth: int) -> int:
        """Depth of the element beyond which an end tag does not reach; ``depth`` is that of its own."""
        if name == "select":
            return -1
        if name == "table" or name in CELLS:
            return self.last_of(("template",) if name == "table" else ("template", "table"))
        if name in _MORE_SCOPE:
            return max(_top(self.barriers), self.last_of(_MORE_SCOPE[name]))
        limits = self.barriers if name in SPECIAL or name in FORMATTING else self.specials
        return _top([limit for limit in limits[-2:] if limit != depth])

    def leaves(self, name: str, within: str) -> bool:
        """Whether a tag ends the drawing, the formula or the choice ``within`` which it stands."""
        if within == "select":
            return name in ("select", "input", "keygen", "textarea")
        return within in FOREIGN and name in BREAKS_OUT and not self.depths["foreignobject"]

    # --- changes ----------------------------------------------------------------------------------

    def push(self, opened: Opened) -> int:
        """The depth at which the element stands."""
        name, depth = opened.name, len(self)
        self.elements.append(opened)
        self.depths[name].append(depth)
        self.flowing += name in _FLOWS_IN
        if name in BARRIERS:
            self.barriers.append(depth)
        if name in SPECIAL:
            self.specials.append(depth)
            if name not in PASSED:
                self.stops.append(depth)
        return depth

    def pop_to(self, depth: int) -> Iterator[tuple[int, Opened]]:
        """Take elements off, down to ``depth``, each with its own."""
        while len(self) > depth:
            opened = self.elements.pop()
            if not opened.ended:
                self._forget(opened.name, len(self))
                yield len(self), opened
        self._shed()

    def drop(self, depth: int) -> None:
        """An element ends; those within it stay open."""
        opened = self.elements[depth]
        opened.ended = True
        self._forget(opened.name, depth)
        self._shed()

    def _forget(self, name: str, depth: int) -> None:
        self.flowing -= name in _FLOWS_IN
        _remove(self.depths[name], depth)
        if name in BARRIERS:
            _remove(self.barriers, depth)
        if name in SPECIAL:
            _remove(self.specials, depth)
            if name not in PASSED:
                _remove(self.stops, depth)

    def _shed(self) -> None:
        """The innermost element is one that has not ended."""
        while self.elements and self.elements[-1].ended:
            self.elements.pop()


def _top(depths: list[int]) -> int:
    return depths[-1] if depths else -1


def _remove(depths: list[int], depth: int) -> None:
    if depths[-1] == depth:
        depths.pop()
    else:
        del depths[bisect_left(depths, depth)]
