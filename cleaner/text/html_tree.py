"""Which element each piece of text belongs to: a browser's tree, as far as paragraphs need it.

Kept of the standard's rules: which tags end an open paragraph, item or cell, how far an end tag
reaches, and that an unclosed element ends with the one around it. Left out is what moves text about
(the text between the cells of a table is read where it stands) and what reopens an inline element
that a block has ended (whatever holds only one tag of a pair stays, see text/html_runs.py).
"""

from __future__ import annotations

import re

from cleaner.text.html_pieces import COLUMN, LONG, Piece, Sums, Tree
from cleaner.text.html_says import Says, address_of, attributes_of, is_apart
from cleaner.text.html_stack import FOREIGN, Opened, Stack
from cleaner.text.html_tags import (
    BLOCKS,
    CELLS,
    ENDS_LAST,
    FORMATTING,
    FRAMES,
    HEADERS,
    IN_HEAD,
    LAYS_OUT,
    LITERAL_TAGS,
    OPTIONAL_END,
    REPLACED,
    SECTIONS,
    SKIPPED,
    VOID,
    WHOLE,
)
from cleaner.text.html_tokens import CLOSE, ELEMENT, NOTE, Token, tokens_of
from cleaner.types import Kind

_may_be_apart = re.compile(r"hidden|display|tab-?pane", re.IGNORECASE)
_presentation = re.compile(r"role\s*=\s*[\"']?(?:presentation|none)\b", re.IGNORECASE)
_template = re.compile(r"\{%|\{\{|<%")


def tree_of(text: str) -> Tree:
    tokens = tokens_of(text)
    tree = Tree(text, Says(text, address_of(tokens)), tokens)
    _Builder(tree).build()
    return tree


class _Builder:
    def __init__(self, tree: Tree) -> None:
        self.text, self.tokens = tree.text, tree.tokens
        self.pieces, self.breaks, self.ends = tree.pieces, tree.breaks, tree.ends
        self.stack = Stack()
        self.sums = [Sums(0, 0, 0, 0, 0)]
        """Of the pieces before each, and of all."""
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
            if token.kind == CLOSE:
                self._end_tag(number, token)
            elif token.kind != NOTE:
                self._start_tag(number, token)
        size, count = len(self.text), len(self.tokens)
        if at < size:
            self._characters(at, size, count)
        self._end(0, size, size, count)
        self._flush(count)

    # --- text -------------------------------------------------------------------------------------

    def _characters(self, start: int, end: int, number: int) -> None:
        chunk = self.text[start:end]
        if self.inside >= 0 or chunk.isspace():
            return
        self.in_head = False
        if self.has_templates and _template.search(chunk) and not self.stack.holds(LITERAL_TAGS):
            self.templates += 1
        first, last = start + len(chunk) - len(chunk.lstrip()), start + len(chunk.rstrip())
        self._extend(number, first, last)[3] += end - start
        self.filled = True

    def _extend(self, number: int, start: int, end: int) -> list[int]:
        """The run, which holds ``text[start:end]``, before token ``number`` or that token itself, as well."""
        if self.run is None:
            self.run = [number, start, end, 0]
        self.run[2] = end
        return self.run

    def _flush(self, number: int) -> None:
        """The run ends before token ``number``."""
        run, self.run = self.run, None
        if run is None or not self.filled:
            return
        self.filled = False
        first, start, end, characters = run
        piece = Piece(None, start, end, (first, number), self._scope(), self._heading(), characters=characters)
        piece.around = tuple(opened.token for opened in self.stack.flows() if opened.start < start)
        piece.linked = any(self.tokens[i].name == "a" for i in piece.around)
        self._found(piece)

    def _found(self, piece: Piece) -> None:
        self.pieces.append(piece)
        characters, long, headings, tables, others = self.sums[-1]
        is_short = piece.kind is None and piece.characters <= LONG and not piece.linked
        self.sums.append(
            Sums(
                characters + piece.characters,
                long + (piece.characters > LONG),
                headings + (piece.kind == "heading"),
                tables + (piece.kind == "table"),
                others + (piece.kind != "heading" and not is_short),
            )
        )

    def _since(self, opened: Opened) -> Sums:
        """What has been found in an element."""
        return Sums(*(now - then for now, then in zip(self.sums[-1], self.sums[opened.pieces], strict=True)))

    def _scope(self, opened: Opened | None = None) -> str:
        if opened is None and self.stack.elements:
            opened = self.stack.elements[-1]
        own = opened.scope if opened else ""
        return f"{own}.{self.templates}" if self.templates else own

    def _heading(self) -> Piece | None:
        return self.headings[-1][1] if self.headings else None

    # --- start tags -------------------------------------------------------------------------------

    @property
    def _within(self) -> str:
        """Name of the element that is read as a whole, or nothing."""
        return self.stack.elements[self.inside].name if self.inside >= 0 else ""

    def _start_tag(self, number: int, token: Token) -> None:
        name = token.name
        if self.in_head and name not in IN_HEAD:
            self.in_head = False
        if self.inside >= 0 and self.stack.leaves(name, self._within):
            self._end(self.inside, token.start, token.start, number)
            if name == "select":
                return
        if name == "form" and self.stack.depths["form"]:
            return
        if self.inside >= 0 and self._within in FOREIGN and not self.stack.depths["foreignobject"]:
            pass  # no rule for blocks holds there
        elif name in BLOCKS or name in ENDS_LAST or name == "button":
            self._end_before(number, token)
        elif name in ("a", "nobr") and self.stack.depths[name]:
            self.stack.drop(self.stack.last(name))
        if token.kind == ELEMENT or name in VOID:
            self._complete(number, token)
        elif name == "head":
            self.in_head = True
        elif name not in ("html", "body"):
            self._open(number, token)

    def _end_before(self, number: int, token: Token) -> None:
        """End the run, and what the start tag ends."""
        if token.name in BLOCKS:
            if self.inside < 0:
                self._flush(number)
            self.breaks.append(token.start)
        for depth in self.stack.ended_by_start(token.name):
            self._end(depth, token.start, token.start, number)

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

    def _open(self, number: int, token: Token) -> None:
        name = token.name
        scope = self.stack.elements[-1].scope if self.stack.elements else ""
        if token.attributes and name in BLOCKS and self._is_apart(token.attributes):
            self.scopes += 1
            scope = str(self.scopes)
        opened = Opened(name, number, token.start, token.end, len(self.pieces), scope)
        depth = self.stack.push(opened)
        if self.inside < 0:
            if name not in BLOCKS and name not in SKIPPED:
                self._extend(number, token.start, token.end)
            if name in REPLACED or name in SKIPPED:
                self.inside = depth
                self.filled = self.filled or name in REPLACED
        if name in ("th", "thead", "caption") and self.stack.depths["table"]:
            self.stack.elements[self.stack.last("table")].is_data = True
        elif name == "table" and token.attributes and _presentation.search(token.attributes):
            opened.lays_out = True

    def _is_apart(self, attributes: str) -> bool:
        known = self.known_apart.get(attributes)
        if known is None:
            known = _may_be_apart.search(attributes) is not None and is_apart(attributes_of(attributes))
            self.known_apart[attributes] = known
        return known

    # --- end tags ---------------------------------------------------------------------------------

    def _end_tag(self, number: int, token: Token) -> None:
        name = token.name
        if self.inside >= 0 and name in ("p", "br") and self.stack.leaves(name, self._within):
            self._end(self.inside, token.start, token.start, number)
        depth = self.stack.ended_by_end(name)
        if name == "form" and depth >= 0 and not self._is_innermost(depth, number, token):
            self.stack.drop(depth)  # what began in the form goes on
            return
        if name in BLOCKS and (depth >= 0 or name == "p"):
            if self.inside < 0:
                self._flush(number)
            self.breaks.append(token.start)
        elif name not in BLOCKS and name != "br" and self.inside < 0 and self.run is not None:
            self._extend(number, token.start, token.end)
        if depth < 0:
            return
        within = self._within if depth < self.inside else ""
        if within == "select" and name not in CELLS and name != "table":
            return
        if name in FORMATTING and within not in FOREIGN:
            self.stack.drop(depth)
        else:
            self._end(depth, token.start, token.end, number)

    def _is_innermost(self, depth: int, number: int, token: Token) -> bool:
        """Whether nothing stands open in an element, once what needs no end tag has ended."""
        while len(self.stack) - 1 > depth and self.stack.innermost in OPTIONAL_END:
            self._end(len(self.stack) - 1, token.start, token.start, number)
            self.breaks.append(token.start)
        return len(self.stack) - 1 == depth

    def _end(self, depth: int, start: int, end: int, number: int) -> None:
        """End the element at ``depth`` with the tag ``text[start:end]``, token ``number``, and all within it before."""
        for here, opened in self.stack.pop_to(depth):
            self._ended(opened, here, start, end if here == depth else start, number)

    # --- what an ended element is -----------------------------------------------------------------

    def _ended(self, opened: Opened, depth: int, start: int, end: int, number: int) -> None:
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
        if name in ("article", "section", "main"):  # an empty one, too: its text may have been cut
            self._tell_outer()
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

    def _whole(self, kind: Kind, start: int, end: int, tokens: tuple[int, int], opened: Opened | None = None) -> None:
        """A paragraph that is an element with all that is in it."""
        piece = Piece(kind, start, end, tokens, self._scope(opened), self._heading())
        piece.framed = self.stack.holds(FRAMES)
        self._found(piece)
        if kind == "heading":
            self._stands_over(piece, len(self.stack) - 1)

    def _stands_over(self, heading: Piece, depth: int) -> None:
        """A heading holds for the element at ``depth`` from now on."""
        while self.headings and self.headings[-1][0] >= depth:
            self.headings.pop()
        self.headings.append((depth, heading))

    def _headings_end(self, opened: Opened, depth: int) -> None:
        """Headings hold to the end of the element around them; a mere box around one holds nothing else."""
        if not self.headings or self.headings[-1][0] < depth:
            return
        last = self.headings[-1][1]
        while self.headings and self.headings[-1][0] >= depth:
            self.headings.pop()
        if opened.name in HEADERS or (opened.name not in SECTIONS and not self._since(opened).others):
            self._stands_over(last, depth - 1)

    def _lays_out(self, opened: Opened) -> bool:
        """Whether a table, a list or a form is there to set out the page, rather than for what is in it."""
        if opened.is_data:
            return False
        found = self._since(opened)
        if opened.lays_out or (opened.name == "form" and found.long >= 3):
            return True
        return opened.name not in ("figure", "nav") and found.headings > 0

    def _tell_outer(self) -> None:
        """What is around something that is set out by a table or a list, or is an article, sets out the page."""
        for name in LAYS_OUT:
            if self.stack.depths[name]:
                self.stack.elements[self.stack.last(name)].lays_out = True

    def _look(self, opened: Opened) -> None:
        """See whether a cell or an item is too large for a mere table or list."""
        found = self._since(opened)
        if opened.name == "td":
            holds, depth = found.characters > COLUMN or found.tables > 0, self.stack.last("table")
        else:
            holds, depth = found.long >= 3, self.stack.last_of(("ul", "ol", "dl", "dir", "menu"))
        if holds and depth >= 0:
            self.stack.elements[depth].lays_out = True
