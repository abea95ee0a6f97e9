"""Markdown and MDX into blocks, by a real parser (pyromark) over a text in which only Markdown is left."""

from __future__ import annotations

from functools import cache
from operator import itemgetter
from sys import maxsize
from typing import TYPE_CHECKING, Any

from cleaner.text.pages.block import Block, BlockKind, Comment, Page, Scope
from cleaner.text.pages.disguise import Disguised, disguise
from cleaner.text.pages.elements import ScopeKind
from cleaner.text.pages.front import read_front
from cleaner.text.pages.paragraphs import LONGEST_BARE, comment_pattern, heading, is_bare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyromark import Markdown

_LEAVES: dict[str, BlockKind] = {
    "Paragraph": "prose",
    "Heading": "heading",
    "CodeBlock": "other",
    "HtmlBlock": "other",
    "Table": "other",
    "FootnoteDefinition": "other",
    "DefinitionListTitle": "item",
    "Rule": "other",
}
_HOLDERS = frozenset(("List", "DefinitionList"))
_NESTS = frozenset(("Item", "DefinitionListDefinition", "BlockQuote"))


@cache
def _parser() -> Markdown:
    from pyromark import Markdown, Options

    return Markdown(
        options=Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_DEFINITION_LIST | Options.ENABLE_GFM
    )


_Part = tuple[int, int, BlockKind, int, int]
"""Start and end before they are trimmed, kind, level of a heading, how many quotes hold it; -1: it is hidden from the
parser, and exact. A plain tuple: a file of a megabyte has ten thousand."""


def read_markdown(text: str, mdx: bool = False) -> Page:
    """The blocks of a Markdown file in their order; ``mdx``: nothing is code by its indentation alone.

    Tags, shortcodes and containers are known in both. Any text is read; what is broken is among the troubles.
    """
    front = read_front(text)
    hidden = disguise(text, front.end, mdx)
    comments = [*front.comments, *hidden.comments]
    troubles = [front.trouble, *hidden.troubles] if front.trouble else hidden.troubles
    parts, nests = _parse(hidden)
    blocks, scopes = _Blocks(text, hidden, comments).build(parts, nests)
    return Page(text, "mdx" if mdx else "markdown", blocks, scopes, sorted(comments), front.says, sorted(troubles))


def _parse(hidden: Disguised) -> tuple[list[_Part], list[tuple[int, int, ScopeKind]]]:
    """Leaves of the parser's tree, and its containers that are scopes, as (start, end, kind).

    A node's first event has its whole range, so that ends need not be waited for.
    """
    parts: list[_Part] = []
    nests: list[tuple[int, int, ScopeKind]] = []
    text, items = hidden.text, hidden.masks.items
    holders: list[tuple[int, str]] = [(maxsize, "")]  # ends of items and quotes around, innermost last
    listed = quotes = leaf = line_end = 0
    loose = -1  # where a paragraph of a tight list item began
    event: Any
    for event, span in _parser().events_with_range(text):
        start = span["start"]
        if start < leaf:
            continue
        if type(event) is dict:
            [(key, value)] = event.items()
            if key == "End":
                continue
            name = (value if type(value) is str else next(iter(value))) if key == "Start" else key
        else:
            name = event
        while start >= holders[-1][0]:
            _, held = holders.pop()
            loose = -1
            listed -= held == "item"
            quotes -= held == "quote"
        end = span["end"]
        kind = _LEAVES.get(name)
        if kind is not None:
            loose, leaf = -1, end
            if kind == "heading":
                if start not in items:
                    level = int(next(iter(value.values()))["level"][1])
                    parts.append((start, end, kind, level, quotes))
            else:
                parts.append((start, end, "item" if listed and kind == "prose" else kind, 0, quotes))
        elif name in _NESTS:
            loose = -1
            while text[start] in " \t":  # the range of an indented node begins before it
                start += 1
            if name == "BlockQuote":
                holders.append((end, "quote"))
                nests.append((start, _shown_end(text, end), "box"))
                quotes += 1
            elif start in items:
                holders.append((end, "disguise"))
                if items[start]:
                    nests.append((start + 1, _shown_end(text, end), items[start]))
            else:
                holders.append((end, "item"))
                listed += 1
        elif name in _HOLDERS:
            loose = -1
        else:  # inline, in a tight list item
            leaf = end
            if end > line_end:  # of [name][] the parser's range has the name only
                line_end = text.find("\n", end - 1)
                line_end = line_end if line_end >= 0 else len(text)
            end = line_end
            if loose < 0:
                loose = start
                parts.append((start, end, "item" if listed else "prose", 0, quotes))
            else:
                parts[-1] = (loose, end, *parts[-1][2:])
    return parts, nests


def _shown_end(text: str, end: int) -> int:
    """Where a node ends without the blank and hidden lines behind it; never a slice, since nodes may be nested deep."""
    while end and text[end - 1] in " \t\n":
        end -= 1
    return end


def _turn_order(turn: tuple[int, int, ScopeKind | None]) -> tuple[int, bool, int]:
    """By place; ends before beginnings, inner ends first."""
    at, number, kind = turn
    return at, kind is not None, 0 if kind else number


class _Blocks:
    """Parts into blocks: trimmed, in the scope that holds them, with what the parser passes over between them."""

    def __init__(self, text: str, hidden: Disguised, comments: list[Comment]) -> None:
        self.text = text
        self.hidden = hidden
        self.comments = comments
        self.returns = "\r" in text
        self.scopes = [Scope(-1, "page")]
        self.blocks: list[Block] = []
        self.last = 0
        self.quotes: dict[int, int] = {}
        """The last quote in each scope."""

    def build(self, parts: list[_Part], nests: list[tuple[int, int, ScopeKind]]) -> tuple[list[Block], list[Scope]]:
        hidden = self.hidden
        known: list[_Part] = [(start, end, "other", 0, -1) for start, end in hidden.masks.others]
        known += [(start, end, "heading", level, -1) for start, end, level in hidden.masks.headings]
        if hidden.masks.skips:
            parts = [(hidden.masks.skips.get(part[0], part[0]), *part[1:]) for part in parts]
        every = sorted(parts + known, key=itemgetter(0)) if known else parts
        turns = sorted(self._all_turns(nests), key=_turn_order)
        turns.append((maxsize, 0, None))
        open_: list[tuple[int, int]] = [(0, 0)]  # number of the container, its scope
        i, size = 0, len(self.text)
        masked = hidden.text
        for part in [*every, (size, size, "other", 0, 0)]:
            while turns[i][0] <= part[0]:
                self._turn(turns[i], open_)
                i += 1
            if masked.find("[", self.last, part[0]) >= 0:
                self._gap(part[0], open_[-1][1])
            self._add(part, open_[-1][1])
        return self.blocks, self.scopes

    def _all_turns(self, nests: list[tuple[int, int, ScopeKind]]) -> Iterator[tuple[int, int, ScopeKind | None]]:
        yield from self.hidden.turns
        for number, (start, end, kind) in enumerate(nests, 1):
            if end > start:
                yield start, -number, kind
                yield end, -number, None

    def _turn(self, turn: tuple[int, int, ScopeKind | None], open_: list[tuple[int, int]]) -> None:
        at, number, kind = turn
        if kind:
            again = self.quotes.get(open_[-1][1], -1)
            if number < 0 and again >= 0 and self._follows(at):
                open_.append((number, again))
                return
            self.scopes.append(Scope(open_[-1][1], kind))
            open_.append((number, len(self.scopes) - 1))
            if number < 0 and self.hidden.text[at] == ">":
                self.quotes[open_[-2][1]] = open_[-1][1]
        elif open_[-1][0] == number:
            open_.pop()
        else:
            open_[:] = [pair for pair in open_ if pair[0] != number]

    def _follows(self, at: int) -> bool:
        """Whether a quote stands right below another one, parted by a blank line: both are one box."""
        text = self.hidden.text
        if not self.blocks or self.blocks[-1].scope != self.quotes.get(self.scopes[self.blocks[-1].scope].parent):
            return False
        return text[at] == ">" and not text[self.last : at].strip(" \t\n>") and not text.startswith("[!", at + 2)

    def _gap(self, end: int, scope: int) -> None:
        """Link definitions: the parser gives no event for them."""
        gap = self.hidden.text[self.last : end]
        start = self.last + gap.index("[")
        stop = self.last + len(gap.rstrip(" \t\n>-*+"))
        if stop > start:
            self._put(start, stop, "other", "", 0, scope)

    def _add(self, part: _Part, scope: int) -> None:
        start, end, kind, level, quotes = part
        if quotes >= 0 and (kind == "other" or self.hidden.masks.cuts):
            end = start + len(self.hidden.text[start:end].rstrip())
        if start < self.last:
            if kind == "other" and end <= self.last:
                return
            start, kind = self.last, "other"
        raw = self.text[start:end]
        bare = raw.strip()
        if not bare:
            return
        if len(bare) < len(raw):
            start += raw.index(bare[0])
            end = start + len(bare)
        if kind == "other":
            self._put(start, end, kind, "", 0, scope)
            return
        first, stop = start, end
        if kind == "heading":
            first, stop, bare = heading(bare, start)
        says, stop = self._says(bare, first, stop, quotes)
        if says and (kind == "heading" or not is_bare(says)):
            self._put(first, stop, kind, says, level, scope)
        else:
            self._put(start, end, "other", "", 0, scope)

    def _says(self, bare: str, start: int, end: int, quotes: int) -> tuple[str, int]:
        """What a block says, and where it ends without a comment behind it."""
        if ("<!--" in bare or "{/*" in bare) and len(bare) <= LONGEST_BARE:
            kept, at = [], 0
            for match in comment_pattern().finditer(bare):
                said = match.group(2) if match.group(2) is not None else match.group(3)
                if said is None:
                    continue  # code
                self.comments.append(Comment(start + match.start(), start + match.end(), said.strip()))
                kept.append(bare[at : match.start()])
                at = match.end()
            if at:
                if at == len(bare):
                    end = start + len(bare[: len(bare) - len(bare[match.start() :])].rstrip())
                bare = "".join([*kept, bare[at:]]).strip()
        if "\n" not in bare and "\r" not in bare:
            return bare, end
        lines = bare.replace("\r", "\n").split("\n")
        if quotes > 0:  # one more sign would begin another quote
            lines = [lines[0], *(line.lstrip(" \t>") for line in lines[1:])]
        return " ".join([line for line in map(str.strip, lines) if line]), end

    def _put(self, start: int, end: int, kind: BlockKind, says: str, level: int, scope: int) -> None:
        lines = self.hidden.lines
        first = lines.rfind("\n", 0, start) + 1
        last = lines.find("\n", end)
        if last < 0:
            last = len(lines)
        elif self.returns and self.text.startswith("\r\n", last - 1):
            last -= 1
        self.blocks.append(Block(start, end, kind, says, level, scope, (first, max(last, end))))
        self.last = end
