"""The pieces of a page as paragraphs: lines, words, and what the tags between them say.

A line that <br> ends is a paragraph unless it is wrapped, as in plain text and by the same rule:
pages that were made from plain text have a <br> where that had its line ends, be it mail at 72
columns or one paragraph a line. Two <br> part paragraphs in any case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from cleaner.text.html_lines import Line, lines_of, pairs_of, solid
from cleaner.text.html_pieces import Piece, Tree
from cleaner.text.html_says import padded
from cleaner.text.html_tags import FORMATTING
from cleaner.text.html_tokens import Token
from cleaner.text.lines import kind_of, split_plain
from cleaner.text.markup import SAYS, unpadded
from cleaner.types import Kind

Span = tuple[int, int]

LINKED = 0.8
"""Share of its characters inside links from which a paragraph is a menu (trafilatura's bound)."""
# What generators of sites take off before the page: lines between two rules of three signs at its beginning.
_front = re.compile(r"(?:\ufeff?(---|\+\+\+)[ \t]*\r?\n(?:.*\n)*?\1[ \t]*(?:\r?\n|\Z))?")
_ROUNDS = 8
"""Rounds in which a line grows by tags that cross each other; beyond, it is left as it is."""


class Lines(NamedTuple):
    """A run of several lines: its span, and whether that is a whole <p>."""

    start: int
    end: int
    element: bool


class Block(NamedTuple):
    """A paragraph of a page.

    start, end  from its first to its last visible character, or all of it where there is none
    text        these characters with markup blanked out, length for length
    outer       what goes with it: the whole element, or the line with the tags that are its own
    said        what is compared instead of its words, where it is no text
    marks       what its tags say, each with the position before the word at which it is said
    literal     spans whose words are compared as written
    lines       the run of which it is one line of several
    """

    kind: Kind
    start: int
    end: int
    text: str
    outer: Span
    said: str | None
    piece: Piece
    marks: tuple[tuple[int, str], ...] = ()
    literal: tuple[Span, ...] = ()
    lines: Lines | None = None


def blocks_of(tree: Tree) -> Iterator[Block]:
    """The paragraphs of a page in order."""
    front = len(_front.match(tree.text).group())  # type: ignore[union-attr]
    for piece in tree.pieces:
        if piece.kind is None and piece.start < front:
            yield _element(tree, piece, "front matter")
        elif piece.kind is None:
            yield from _run(tree, piece)
        else:
            yield _element(tree, piece, piece.kind)


def _element(tree: Tree, piece: Piece, kind: Kind) -> Block:
    """An element that is compared as a whole."""
    tokens = tree.tokens[piece.tokens[0] : piece.tokens[1]]
    said = tree.says.whole(tokens, piece.start, piece.end, exact=kind == "code")
    _, alone = pairs_of([token for token in tokens if token.name in FORMATTING])
    if alone:
        said += _unclosed(alone)
    text = _blanked(tree.text, tokens, piece.start, piece.end)
    first, last = solid(text) or (0, len(text))
    start = piece.start
    return Block(kind, start + first, start + last, text[first:last], (start, piece.end), said, piece)


def _blanked(text: str, tokens: Sequence[Token], start: int, end: int) -> str:
    out: list[str] = []
    for token in tokens:
        if token.start > start:
            out.append(padded(text[start : token.start]))
        if token.end > start:
            out.append(" " * (token.end - max(start, token.start)))
            start = token.end
    out.append(padded(text[start:end]))
    return "".join(out)


def _unclosed(tags: Sequence[Token]) -> str:
    """Said by a paragraph that holds one tag of a pair: it equals no other, since it cannot go."""
    return f"{SAYS}unclosed {' '.join(f'{tag.name} at {tag.start}' for tag in tags)}{SAYS}"


def _run(tree: Tree, piece: Piece) -> Iterator[Block]:
    lines = lines_of(tree, piece)
    filled = [i for i, line in enumerate(lines) if line.filled]
    if not filled:
        return
    if len(filled) == 1:
        yield _paragraph(tree, piece, lines, (filled[0], filled[0] + 1), alone=True)
        return
    groups = _groups(lines)
    for group in groups:
        yield _paragraph(tree, piece, lines, group, alone=len(groups) == 1)


def _groups(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Lines that are one paragraph, as ranges of their numbers."""
    text = "\n".join((line.compact or "\ufffc") if line.filled else "" for line in lines)
    groups, number, at = [], 0, 0
    for start, end in split_plain(text):
        number += text.count("\n", at, start)
        after = number + text.count("\n", start, end) + 1
        groups.append((number, after))
        number, at = after - 1, end
    return groups


def _paragraph(tree: Tree, piece: Piece, lines: Sequence[Line], group: Span, *, alone: bool) -> Block:
    own = lines[group[0] : group[1]]
    begin, text = own[0].start, _joined(own)
    first, last = solid(text) or (0, 0)
    shown = [span for line in own for span in line.shown]
    if last:
        shown.append((begin + first, begin + last))
    element = piece.element if alone else None
    if element is not None:
        outer = element[0], element[3]
        left = [tag for line in lines for tag in line.tags if tag.name in FORMATTING]
        left = pairs_of(left)[1]
    else:
        outer, left = _range(shown, [tag for line in own for tag in line.tags])
    marks = tuple(mark for line in (lines if element else own) for mark in line.marks)
    if left:
        marks = (*marks, (begin + first, _unclosed(left)))
    kind, said = _kind(tree, piece, own, text[first:last], outer, marks)
    if not last:
        begin, first, last = outer[0], 0, outer[1] - outer[0]
        text = "\n" * last
    literal = tuple(span for line in own for span in line.literal)
    whole = piece.element[::3] if piece.element else (piece.start, piece.end)
    parts = None if alone else Lines(*whole, element=piece.element is not None)
    return Block(kind, begin + first, begin + last, text[first:last], outer, said, piece, marks, literal, parts)


def _joined(lines: Sequence[Line]) -> str:
    out = [lines[0].text]
    for line, after in pairwise(lines):
        out += ["\n" + " " * (after.start - line.end - 1), after.text]
    return "".join(out)


def _range(shown: Sequence[Span], tags: Sequence[Token]) -> tuple[Span, list[Token]]:
    """What belongs to a line: what is to be seen, and the pairs of tags around it. And tags in it without the other."""
    low, high = min(a for a, _ in shown), max(b for _, b in shown)
    pairs, alone = pairs_of(tags)
    for _ in range(_ROUNDS):
        before = low, high
        for first, second in pairs:
            if first.start < high and second.end > low:
                low, high = min(low, first.start), max(high, second.end)
        if (low, high) == before:
            return before, [tag for tag in alone if low <= tag.start < high]
    return (low, high), [tag for pair in pairs for tag in pair]


def _kind(
    tree: Tree, piece: Piece, lines: Sequence[Line], text: str, outer: Span, marks: Sequence[tuple[int, str]]
) -> tuple[Kind, str | None]:
    """The kind of a paragraph and, where it is no text, what it says as a whole."""
    characters = sum(line.characters for line in lines)
    linked = sum(line.linked for line in lines)
    plain = unpadded(text)
    kind: Kind = "html" if not plain.strip() else kind_of(plain)
    if characters and linked >= LINKED * characters:
        kind = "list"
    elif any(map(str.isalnum, plain)):
        return kind, None
    first = piece.own if piece.own >= 0 else piece.tokens[0]
    tokens = [t for t in tree.tokens[first : piece.tokens[1] + 1] if outer[0] <= t.start and t.end <= outer[1]]
    around = "".join(tree.says.around(tree.tokens[number]) for number in piece.around)
    left = "".join(said for _, said in marks if said.startswith(f"{SAYS}unclosed"))
    return kind, around + tree.says.whole(tokens, *outer) + left
