"""Which element each piece of text belongs to: a browser's tree, as far as paragraphs need it.

Kept of the standard's rules: which tags end an open paragraph, item or cell, how far an end tag
reaches, and that an unclosed element ends with the one around it. Left out is what moves text about
(the text between the cells of a table is read where it stands) and what reopens an inline element
that a block has ended (whatever holds only one tag of a pair stays, see text/html_runs.py).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.text.html_says import Says, attributes_of, hides
from cleaner.text.html_tags import (
    BARRIERS,
    BLOCKS,
    BREAKS_OUT,
    CELLS,
    CLOSES_P,
    ENDS_LAST,
    FORMATTING,
    FRAMES,
    HEADERS,
    HEADINGS,
    IN_HEAD,
    ITEMS,
    LAYS_OUT,
    LITERAL_TAGS,
    OPTIONAL_END,
    PASSED,
    REPLACED,
    SECTIONS,
    SIGNS,
    SKIPPED,
    SPECIAL,
    VOID,
    WHOLE,
)
from cleaner.text.html_tokens import CLOSE, ELEMENT, NOTE, Token, tokens_of
from cleaner.types import Kind

_may_be_apart = re.compile(r"hidden|display|tab-?pane", re.IGNORECASE)
_PANELS = frozenset(("tab-pane", "tab-panel", "tabpanel"))
_presentation = re.compile(r"role\s*=\s*[\"']?(?:presentation|none)\b", re.IGNORECASE)
_template = re.compile(r"\{%|\{\{|<%")
_MORE_SCOPE = {"p": ("button",), "li": ("ul", "ol")}
"""End tags that do not reach beyond these, either."""
_FOREIGN = ("svg", "math")
_FLOWS_IN = dict.fromkeys(sorted({"a", *SIGNS, *LITERAL_TAGS}))

# Characters of a line that is long enough to be a paragraph, and of a cell that is a column of the page.
LONG, COLUMN = 60, 500


@dataclass(slots=True, eq=False)
class Piece:
    """A run of text, or an element that is one paragraph.

    kind        None for a run of text
    start, end  its characters; of a run from its first text or inline tag to its last
    tokens      its tokens, by their numbers, half-open
    element     for a run that is all that a <p> holds: start, end of the start tag, start of the end tag, end
    around      numbers of the open inline tags around a run that change what it says
    scope       equal for pieces that are seen together
    heading     the heading it stands under
    framed      it is part of what stands around the article: a sidebar, a menu, the foot of the page
    """

    kind: Kind | None
    start: int
    end: int
    tokens: tuple[int, int]
    scope: str
    heading: Piece | None
    around: tuple[int, ...] = ()
    element: tuple[int, int, int, int] | None = None
    characters: int = 0
    linked: bool = False
    own: int = -1
    """Number of the element's start tag."""
    framed: bool = False


@dataclass(slots=True, eq=False)
class _Open:
    """An open element."""

    name: str
    token: int
    start: int
    inner: int
    pieces: int
    """Pieces found before it."""
    scope: str
    dead: bool = False
    """Ended before those within it."""
    lays_out: bool = False
    is_data: bool = False


class _Sums(NamedTuple):
    """What a stretch of pieces holds: ``others`` are neither headings nor short texts."""

    characters: int
    long: int
    headings: int
    tables: int
    others: int


@dataclass(slots=True)
class Tree:
    """The pieces of a page in order, its tokens, and where blocks begin or end (positions, in order)."""

    text: str
    says: Says
    tokens: list[Token]
    pieces: list[Piece] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    ends: dict[int, int] = field(default_factory=dict)
    """Where replaced and skipped elements end, by the number of their start tag."""


def tree_of(text: str) -> Tree:
    tokens = tokens_of(text)
    tree = Tree(text, Says(text, _base(tokens)), tokens)
    _Builder(tree).build()
    return tree


def _base(tokens: list[Token]) -> str:
    """The address of the page, by what it says first of <base>, the canonical link and og:url."""
    found = dict.fromkeys(("base", "link", "meta"), "")
    for token in tokens:
        if token.kind != CLOSE and token.name in found and not found[token.name]:
            values = attributes_of(token.attributes)
            if token.name == "base":
                found["base"] = values.get("href", "")
            elif token.name == "link" and values.get("rel", "").lower() == "canonical":
                found["link"] = values.get("href", "")
            elif token.name == "meta" and values.get("property", "").lower() == "og:url":
                found["meta"] = values.get("content", "")
    return next(filter(None, found.values()), "")


def _apart(attributes: dict[str, str]) -> bool:
    """Hidden until something is clicked, or shown in turn: what stands there is not seen beside its witness.

    By the tag itself. Classes that hide on a narrow screen are how pages come to hold their text twice.
    """
    if "hidden" in attributes or hides(attributes.get("style", "")):
        return True
    return attributes.get("role", "").lower() == "tabpanel" or not _PANELS.isdisjoint(
        attributes.get("class", "").lower().split()
    )


class _Builder:
    def __init__(self, tree: Tree) -> None:
        self.text, self.tokens = tree.text, tree.tokens
        self.pieces, self.breaks, self.ends = tree.pieces, tree.breaks, tree.ends
        self.stack: list[_Open] = []
        self.places: defaultdict[str, list[int]] = defaultdict(list)
        """Depths of the open elements of a name."""
        self.barriers: list[int] = []
        self.specials: list[int] = []
        self.stops: list[int] = []
        """Depths of the special elements that items do not pass."""
        self.sums = [_Sums(0, 0, 0, 0, 0)]
        """Of the pieces before each, and of all."""
        self.flowing = 0
        """Open elements of those that change what is said in them."""
        self.inside = -1
        """Depth of the element that is read as a whole, or -1: a replaced one, or a template."""
        self.in_head = False
        self.scopes = self.templates = 0
        self.headings: list[tuple[int, Piece]] = []
        """Headings in force, each with the depth of the element it holds for."""
        self.run: list[int] | None = None
        """First token, start, end, characters of the run that is being read."""
        self.filled = False
        self.known_apart: dict[str, bool] = {}
        self.has_templates = _template.search(tree.text) is not None

    def build(self) -> None:
        at = 0
        for number, token in enumerate(self.tokens):
            if at < token.start:
                self._characters(at, token.start, number)
            at = token.end
            if token.kind == NOTE:
                continue
            if token.kind == CLOSE:
                self._end_tag(number, token)
            else:
                self._start_tag(number, token)
        size, count = len(self.text), len(self.tokens)
        if at < size:
            self._characters(at, size, count)
        self._pop_to(0, size, size, count)
        self._flush(count)

    # --- text and inline elements -----------------------------------------------------------------

    def _characters(self, start: int, end: int, number: int) -> None:
        chunk = self.text[start:end]
        if chunk.isspace() or self.inside >= 0:
            return
        self.in_head = False
        if self.has_templates and _template.search(chunk) and not any(self.places[name] for name in LITERAL_TAGS):
            self.templates += 1
        self._extend(number, start + len(chunk) - len(chunk.lstrip()), end - len(chunk) + len(chunk.rstrip()))
        assert self.run is not None
        self.run[3] += end - start
        self.filled = True

    def _extend(self, number: int, start: int, end: int) -> None:
        if self.run is None:
            self.run = [number, start, end, 0]
        self.run[2] = end

    def _flush(self, number: int) -> None:
        """The run ends before token ``number``."""
        run, self.run = self.run, None
        if run is None or not self.filled:
            return
        self.filled = False
        first, start, end, characters = run
        around: tuple[int, ...] = ()
        if self.flowing:
            flows = (self.stack[depth] for name in _FLOWS_IN for depth in self.places[name])
            around = tuple(sorted(opened.token for opened in flows if opened.start < start))
        piece = Piece(None, start, end, (first, number), self._scope(), self._heading(), around, None, characters)
        piece.linked = any(self.tokens[i].name == "a" for i in around)
        self._found(piece)

    def _found(self, piece: Piece) -> None:
        self.pieces.append(piece)
        characters, long, headings, tables, others = self.sums[-1]
        is_short = piece.kind is None and piece.characters <= LONG and not piece.linked
        self.sums.append(
            _Sums(
                characters + piece.characters,
                long + (piece.characters > LONG),
                headings + (piece.kind == "heading"),
                tables + (piece.kind == "table"),
                others + (piece.kind != "heading" and not is_short),
            )
        )

    def _since(self, opened: _Open) -> _Sums:
        """What has been found in an element."""
        return _Sums(*(now - then for now, then in zip(self.sums[-1], self.sums[opened.pieces], strict=True)))

    def _scope(self) -> str:
        own = self.stack[-1].scope if self.stack else ""
        return f"{own}.{self.templates}" if self.templates else own

    def _heading(self) -> Piece | None:
        return self.headings[-1][1] if self.headings else None

    # --- start tags -------------------------------------------------------------------------------

    def _start_tag(self, number: int, token: Token) -> None:
        name = token.name
        if self.in_head and name not in IN_HEAD:
            self.in_head = False
        if self.inside >= 0 and self._leaves(name):
            self._pop_to(self.inside, token.start, token.start, number)
            if name == "select":
                return
        if name == "form" and self.places["form"]:
            return
        if self.inside >= 0 and self.stack[self.inside].name in _FOREIGN and not self.places["foreignobject"]:
            pass  # no rule for blocks holds there
        elif name in BLOCKS or name in ENDS_LAST or name == "button":
            self._end_before(number, token)
        elif name in ("a", "nobr") and self.places[name]:
            self._drop(self.places[name][-1])
        if token.kind == ELEMENT or name in VOID:
            self._complete(number, token)
        elif name == "head":
            self.in_head = True
        elif name not in ("html", "body"):
            self._push(number, token)

    def _end_before(self, number: int, token: Token) -> None:
        """End what the start tag ends, and the run."""
        name = token.name
        if name in BLOCKS:
            if self.inside < 0:
                self._flush(number)
            self.breaks.append(token.start)
        if name in CLOSES_P and self.places["p"]:
            depth = self.places["p"][-1]
            if depth > self._last(self.barriers) and depth > self._last(self.places["button"]):
                self._pop_to(depth, token.start, token.start, number)
        if name in HEADINGS and self.stack and self.stack[-1].name in HEADINGS:
            self._pop_to(len(self.stack) - 1, token.start, token.start, number)
        depth = self._ended_by(name)
        if depth >= 0:
            self._pop_to(depth, token.start, token.start, number)

    def _ended_by(self, name: str) -> int:
        """Depth of the item or cell that a start tag ends, or -1."""
        if name in ITEMS:
            last = self._last(self.stops)
            return last if last >= 0 and self.stack[last].name in ITEMS[name] else -1
        if name in CELLS:
            limit = max(self._last(self.places["table"]), self._last(self.places["template"]))
            return min((d for each in CELLS[name] if (d := self._last(self.places[each])) > limit), default=-1)
        if name in ENDS_LAST and self.stack and self.stack[-1].name in ENDS_LAST[name]:
            return len(self.stack) - 1
        if name == "button" and self._last(self.places[name]) > self._last(self.barriers):
            return self.places[name][-1]
        return -1

    def _leaves(self, name: str) -> bool:
        """Whether a tag ends the drawing, the formula or the choice that is being read."""
        within = self.stack[self.inside].name
        if within == "select":
            return name in ("select", "input", "keygen", "textarea")
        return within in _FOREIGN and name in BREAKS_OUT and not self.places["foreignobject"]

    @staticmethod
    def _last(depths: list[int]) -> int:
        return depths[-1] if depths else -1

    def _complete(self, number: int, token: Token) -> None:
        """An element that has no end tag, or whose content is no markup."""
        name = token.name
        if self.inside >= 0 or name in SKIPPED or (name == "noscript" and self.in_head):
            return
        if name in WHOLE:
            self._whole(WHOLE[name], token.start, token.end, (number, number + 1))
            self.breaks.append(token.end)
        elif name in REPLACED:
            self._extend(number, token.start, token.end)
            self.filled = True
        elif name == "wbr" or token.kind == ELEMENT:
            self._extend(number, token.start, token.end)

    def _push(self, number: int, token: Token) -> None:
        name, depth = token.name, len(self.stack)
        scope = self.stack[-1].scope if self.stack else ""
        if token.attributes and name in BLOCKS and self._is_apart(token.attributes):
            self.scopes += 1
            scope = str(self.scopes)
        opened = _Open(name, number, token.start, token.end, len(self.pieces), scope)
        self.stack.append(opened)
        self.places[name].append(depth)
        self.flowing += name in _FLOWS_IN
        if name in BARRIERS:
            self.barriers.append(depth)
        if name in SPECIAL:
            self.specials.append(depth)
            if name not in PASSED:
                self.stops.append(depth)
        if self.inside < 0:
            if name in REPLACED:
                self._extend(number, token.start, token.end)
                self.filled = True
            elif name not in BLOCKS and name not in SKIPPED:
                self._extend(number, token.start, token.end)
            if name in REPLACED or name in SKIPPED:
                self.inside = depth
        if name in ("th", "thead", "caption") and self.places["table"]:
            self.stack[self.places["table"][-1]].is_data = True
        elif name == "table" and token.attributes and _presentation.search(token.attributes):
            opened.lays_out = True

    def _is_apart(self, attributes: str) -> bool:
        known = self.known_apart.get(attributes)
        if known is None:
            known = False
            if _may_be_apart.search(attributes):
                known = _apart(attributes_of(attributes))
            self.known_apart[attributes] = known
        return known

    # --- end tags ---------------------------------------------------------------------------------

    def _end_tag(self, number: int, token: Token) -> None:
        name = token.name
        if self.inside >= 0 and name in ("p", "br") and self._leaves(name):
            self._pop_to(self.inside, token.start, token.start, number)
        depth = self._matched(name)
        if name == "form" and 0 <= depth < len(self.stack) - 1:
            while len(self.stack) - 1 > depth and self.stack[-1].name in OPTIONAL_END:
                self._pop_to(len(self.stack) - 1, token.start, token.start, number)
                self.breaks.append(token.start)
            if len(self.stack) - 1 > depth:
                self._drop(depth)  # what began in the form goes on
                return
        if name in BLOCKS and (depth >= 0 or name == "p"):
            if self.inside < 0:
                self._flush(number)
            self.breaks.append(token.start)
        elif name not in BLOCKS and name != "br" and self.inside < 0 and self.run is not None:
            self._extend(number, token.start, token.end)
        if depth < 0:
            return
        if depth < self.inside and self.stack[self.inside].name == "select" and name not in CELLS and name != "table":
            return
        if name in FORMATTING and not (depth < self.inside and self.stack[self.inside].name in _FOREIGN):
            self._drop(depth)
        else:
            self._pop_to(depth, token.start, token.end, number)

    def _matched(self, name: str) -> int:
        """Depth of the element that an end tag ends, or -1."""
        if self.stack and self.stack[-1].name == name:
            return len(self.stack) - 1
        if name in HEADINGS:
            depth = max(self._last(self.places[each]) for each in HEADINGS)
        else:
            depth = self._last(self.places[name])
        if name in CELLS or name == "table":
            limit = self._last(self.places["template"])
            limit = limit if name == "table" else max(limit, self._last(self.places["table"]))
        elif name == "select":
            limit = -1
        elif name in _MORE_SCOPE:
            limit = max(self._last(self.barriers), *(self._last(self.places[each]) for each in _MORE_SCOPE[name]))
        elif name in SPECIAL or name in FORMATTING:
            limit = self._last([d for d in self.barriers[-2:] if d != depth])
        else:
            limit = self._last([d for d in self.specials[-2:] if d != depth])
        return depth if depth > limit else -1

    def _drop(self, depth: int) -> None:
        """An element ends; those within it stay open."""
        opened = self.stack[depth]
        self._forget(self.places[opened.name], depth)
        self.flowing -= opened.name in _FLOWS_IN
        if opened.name in SPECIAL:
            self._forget(self.specials, depth)
            self._forget(self.stops, depth)
        opened.dead = True
        self._shed()

    @staticmethod
    def _forget(depths: list[int], depth: int) -> None:
        del depths[bisect_left(depths, depth)]

    def _pop_to(self, depth: int, start: int, end: int, number: int) -> None:
        """End the element at ``depth`` with the tag ``text[start:end]``, token ``number``, and all within it before."""
        while len(self.stack) > depth:
            here = len(self.stack) - 1
            opened = self.stack.pop()
            if opened.dead:
                continue
            self.places[opened.name].pop()
            self.flowing -= opened.name in _FLOWS_IN
            if self.barriers and self.barriers[-1] == here:
                self.barriers.pop()
            if self.specials and self.specials[-1] == here:
                self.specials.pop()
                if self.stops and self.stops[-1] == here:
                    self.stops.pop()
            self._ended(opened, here, start, end if here == depth else start, number)
        self._shed()

    def _shed(self) -> None:
        """The innermost open element is one that has not ended."""
        while self.stack and self.stack[-1].dead:
            self.stack.pop()

    # --- what an ended element is -----------------------------------------------------------------

    def _ended(self, opened: _Open, depth: int, start: int, end: int, number: int) -> None:
        name = opened.name
        if depth == self.inside:
            self.inside = -1
            self.ends[opened.token] = end
            if name in REPLACED:
                self._extend(number, opened.start, end)
            return
        if self.inside >= 0 or name not in BLOCKS:
            return
        self._flush(number)
        self._headings_end(opened, depth)
        if len(self.pieces) == opened.pieces:
            return
        if end == start and (name == "p" or name in WHOLE):
            start = end = opened.inner + len(self.text[opened.inner : start].rstrip())
        if name == "p":
            own = self.pieces[-1]
            if len(self.pieces) == opened.pieces + 1 and own.kind is None:
                own.element = (opened.start, opened.inner, start, end)
                own.tokens = (opened.token + 1, number)
                own.own = opened.token
        elif name in WHOLE:
            if name in LAYS_OUT and self._lays_out(opened):
                self._tell_outer()
            else:
                del self.pieces[opened.pieces :]
                del self.sums[opened.pieces + 1 :]
                self._whole(WHOLE[name], opened.start, end, (opened.token, number + (end > start)), opened)
        elif name in ("td", "li", "dd"):
            self._look(opened)
        elif name in ("article", "section", "main"):
            self._tell_outer()

    def _whole(self, kind: Kind, start: int, end: int, tokens: tuple[int, int], opened: _Open | None = None) -> None:
        """A paragraph that is an element with all that is in it."""
        if self.inside >= 0:
            return
        piece = Piece(kind, start, end, tokens, opened.scope if opened else self._scope(), self._heading())
        if self.templates:
            piece.scope = f"{piece.scope}.{self.templates}"
        piece.framed = any(self.places[name] for name in FRAMES)
        self._found(piece)
        if kind == "heading":
            depth = len(self.stack) - 1
            while self.headings and self.headings[-1][0] >= depth:
                self.headings.pop()
            self.headings.append((depth, piece))

    def _headings_end(self, opened: _Open, depth: int) -> None:
        """Headings hold to the end of the element around them; a mere box around one holds nothing else."""
        if not self.headings or self.headings[-1][0] < depth:
            return
        last = self.headings[-1][1]
        while self.headings and self.headings[-1][0] >= depth:
            self.headings.pop()
        if opened.name in HEADERS or (opened.name not in SECTIONS and not self._since(opened).others):
            while self.headings and self.headings[-1][0] >= depth - 1:
                self.headings.pop()
            self.headings.append((depth - 1, last))

    def _lays_out(self, opened: _Open) -> bool:
        """Whether a table, a list or a form is there to set out the page, rather than for what is in it."""
        if opened.is_data:
            return False
        found = self._since(opened)
        if opened.lays_out or (opened.name == "form" and found.long >= 3):
            return True
        return opened.name not in ("figure", "nav") and found.headings > 0

    def _tell_outer(self) -> None:
        for name in LAYS_OUT:
            if self.places[name]:
                self.stack[self.places[name][-1]].lays_out = True

    def _look(self, opened: _Open) -> None:
        """See whether a cell or an item is too large for a mere table or list."""
        found = self._since(opened)
        if opened.name == "td":
            holds = found.characters > COLUMN or found.tables > 0
            outer = ["table"]
        else:
            holds = found.long >= 3
            outer = ["ul", "ol", "dl", "dir", "menu"]
        depth = max(self._last(self.places[each]) for each in outer)
        if holds and depth >= 0:
            self.stack[depth].lays_out = True
