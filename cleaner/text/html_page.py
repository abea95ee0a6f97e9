"""A page as an article: its paragraphs, what they say, and how they are cut out of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cleaner.text.html_runs import Block, Lines, blocks_of
from cleaner.text.html_says import unescaped
from cleaner.text.html_tags import BLOCKS
from cleaner.text.html_tokens import NOTE, Token, tokens_of
from cleaner.text.html_tree import tree_of
from cleaner.text.markup import SAYS, unpadded
from cleaner.types import Kind, Paragraph

Span = tuple[int, int]

_fixed = re.compile(rf"{SAYS}(?:unclosed |at |[^{SAYS}]* id=|a (?:[^{SAYS}]* )?name=)")


@dataclass(frozen=True, slots=True)
class Page:
    """All positions in characters of ``source``; the sequences have one entry a paragraph.

    text     ``source`` with all that is no paragraph by line breaks, markup in one by what is invisible
    spans    from the first to the last visible character
    outer    what goes with the paragraph: an element with its tags, or a line
    said     what is compared where that is not its words
    marks    what its tags say: (position, what), in order
    literal  spans whose words are compared as written
    scopes   paragraphs of different scopes are not compared: one of them may be hidden
    under    the paragraph that is its heading, or -1
    sections headings of sections: not the title, nor those of sidebars
    lines    where it is one of several lines, the run that holds them
    breaks   where blocks begin or end, in order
    """

    source: str
    text: str
    spans: list[Span]
    kinds: list[Kind]
    outer: list[Span]
    said: list[str | None]
    marks: list[tuple[tuple[int, str], ...]]
    literal: list[tuple[Span, ...]]
    scopes: list[str]
    under: list[int]
    sections: frozenset[int]
    lines: list[Lines | None]
    breaks: list[int]
    tokens: list[Token]
    starts: list[int]
    """Of the tokens."""

    def is_fixed(self, paragraph: int) -> bool:
        """Whether a paragraph cannot go whatever it repeats.

        It holds one tag of a pair, a script, or a place that links lead to.
        """
        return any(_fixed.match(said) is not None for _, said in self.marks[paragraph])

    def shown(self, paragraph: int) -> str:
        """The text of a paragraph as it is shown; of an image and the like what it says."""
        start, end = self.spans[paragraph]
        text = " ".join(unpadded(self.text[start:end]).split())
        return text or (self.said[paragraph] or "").replace(SAYS, " ").strip()

    def whole(self, paragraph: int) -> str:
        """All that a paragraph says, to be compared as one."""
        said = self.said[paragraph]
        if said is not None:
            return said
        start, end = self.spans[paragraph]
        text = "".join(unpadded(self.text[start:end]).split())
        return "".join([text, *(mark for _, mark in self.marks[paragraph])])

    def inline(self, start: int, end: int) -> str:
        """``source[start:end]`` without comments and the tags of blocks."""
        if "<" not in self.source[start:end]:
            return self.source[start:end]
        out: list[str] = []
        for token in self.tokens_in(start, end):
            if token.kind == NOTE or token.name in BLOCKS:
                out.append(self.source[start : token.start])
                start = max(start, token.end)
        return "".join([*out, self.source[start:end]])

    def tokens_in(self, start: int, end: int) -> list[Token]:
        """The tokens that begin in a span."""
        return self.tokens[self._token(start) : self._token(end)]

    def token_before(self, at: int) -> Token | None:
        """The last token that begins before ``at``."""
        number = self._token(at)
        return self.tokens[number - 1] if number else None

    def token_behind(self, at: int) -> Token | None:
        """The first token that begins at ``at`` or behind it."""
        number = self._token(at)
        return self.tokens[number] if number < len(self.tokens) else None

    def _token(self, at: int) -> int:
        return bisect_left(self.starts, at)

    def breaks_in(self, start: int, end: int) -> list[int]:
        """Where blocks begin or end in a span."""
        return self.breaks[bisect_left(self.breaks, start) : bisect_left(self.breaks, end)]


def read_page(source: str) -> Page:
    """Read a page; any text is read as one."""
    tree = tree_of(source)
    blocks = list(blocks_of(tree))
    numbers = {id(block.piece): i for i, block in enumerate(blocks) if block.kind == "heading"}
    return Page(
        source=source,
        text=_text(source, blocks),
        spans=[(block.start, block.end) for block in blocks],
        kinds=[block.kind for block in blocks],
        outer=[block.outer for block in blocks],
        said=[block.said for block in blocks],
        marks=[block.marks for block in blocks],
        literal=[block.literal for block in blocks],
        scopes=[block.piece.scope for block in blocks],
        under=[numbers.get(id(block.piece.heading), -1) for block in blocks],
        sections=frozenset(_sections(blocks, tree.tokens)),
        lines=[block.lines for block in blocks],
        breaks=tree.breaks,
        tokens=tree.tokens,
        starts=[token.start for token in tree.tokens],
    )


def _sections(blocks: Sequence[Block], tokens: Sequence[Token]) -> Iterator[int]:
    """Headings of sections, the first where several say the same: a page that holds its text twice has each twice."""
    headings: dict[str, int] = {}
    titles: set[str] = set()
    for i, block in enumerate(blocks):
        if block.kind == "heading" and not block.piece.framed:
            text = "".join(unpadded(block.text).split())
            headings.setdefault(text, i)
            if tokens[block.piece.tokens[0]].name == "h1":
                titles.add(text)
    return (i for text, i in headings.items() if len(titles) != 1 or text not in titles)


def _text(source: str, blocks: Sequence[Block]) -> str:
    out: list[str] = []
    at = 0
    for block in blocks:
        out += ["\n" * (block.start - at), block.text]
        at = block.end
    out.append("\n" * (len(source) - at))
    return "".join(out)


def text_of(source: str) -> str:
    """The text of a page, or of a part of one, without its markup."""
    out: list[str] = []
    at = 0
    for token in tokens_of(source):
        out.append(unescaped(source[at : token.start]))
        if token.name in BLOCKS or token.name == "br":
            out.append("\n")
        at = token.end
    return "".join([*out, unescaped(source[at:])])


def split_html(text: str) -> list[Paragraph]:
    """Paragraphs of a page in order, in characters: elements with their tags, and runs of text."""
    page = read_page(text)
    return [Paragraph(start, end, kind) for (start, end), kind in zip(page.outer, page.kinds, strict=True)]
