"""What a file of a content repository is made of."""

from __future__ import annotations

from typing import Literal, NamedTuple

BlockKind = Literal["prose", "item", "heading", "other"]
PageFormat = Literal["markdown", "mdx", "rst", "asciidoc", "html", "plain"]


class Block(NamedTuple):
    """A stretch of a file, from its first to its last visible character.

    start, end  characters of the file, half-open; markers in front (``>``, ``-``, indentation) lie outside
    kind        ``prose``: a paragraph; ``item``: a paragraph that is (the first of) a list item; ``heading``;
                ``other``: all that is never compared (code, tables, definitions, components, directives ...), one
                block each, so that what stands between two paragraphs is seen
    says        what is compared: the text without markers at the beginning of lines and with wrapped lines joined
                by a space, inline markup as it stands; of ``other`` empty
    level       of a heading, from 1; else 0
    scope       number of the container that it lies in (a tab, a platform's part), an index of ``Page.scopes``
    outer       what goes with it: whole lines, its markers included, without blank lines around
    """

    start: int
    end: int
    kind: BlockKind
    says: str
    level: int
    scope: int
    outer: tuple[int, int]


class Scope(NamedTuple):
    """A container. Blocks of different scopes are never adjacent, nor in one section.

    parent  index of the scope around it; -1 of the file itself, which is number 0
    kind    ``page``, ``tab`` (one of several ways to read on) or ``box`` (a note, a quote, a details element)
    """

    parent: int
    kind: Literal["page", "tab", "box"]


class Comment(NamedTuple):
    """A comment of the format (or a front-matter key): its place in characters, and what it says without its signs."""

    start: int
    end: int
    text: str


class Trouble(NamedTuple):
    """What is wrong with a file, which is read all the same: from which character on, what it is, the way out."""

    at: int
    what: str
    fix: str


class Page(NamedTuple):
    """A file as blocks in their order; ``front`` is what the front matter says under the key ``cleaner``."""

    text: str
    format: PageFormat
    blocks: list[Block]
    scopes: list[Scope]
    comments: list[Comment]
    front: str | None
    troubles: list[Trouble]
