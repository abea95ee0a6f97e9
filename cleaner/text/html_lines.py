"""A run of text as lines: its characters with markup blanked out, and what the markup says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from cleaner.text.html_pieces import Piece, Tree
from cleaner.text.html_says import UNSEEN, instructs, padded
from cleaner.text.html_tags import LITERAL_TAGS, REPLACED, SIGNS, SKIPPED, VOID
from cleaner.text.html_tokens import CLOSE, ELEMENT, NOTE, Token
from cleaner.text.markup import PAD, SAYS, unpadded

Span = tuple[int, int]

EMPTY = "".join(chr(c) for c in range(0x3001) if chr(c).isspace()) + PAD + UNSEEN
"""Characters in which nothing is to be seen."""


@dataclass(slots=True, eq=False)
class Line:
    """What stands between two <br>: ``text`` is as long as it.

    tags     inline tags
    marks    what they say, by position
    literal  spans of code
    shown    replaced elements: images, players, fields
    """

    start: int
    end: int = 0
    text: str = ""
    tags: list[Token] = field(default_factory=list)
    marks: list[tuple[int, str]] = field(default_factory=list)
    literal: list[Span] = field(default_factory=list)
    shown: list[Span] = field(default_factory=list)
    characters: int = 0
    linked: int = 0
    """Characters inside links."""

    @property
    def filled(self) -> bool:
        return bool(self.shown) or self.characters > 0

    @property
    def compact(self) -> str:
        """The text as it is shown."""
        return " ".join(unpadded(self.text).split())


def solid(text: str) -> Span | None:
    """The part of ``text`` from the first to the last character that is to be seen."""
    last = len(text.rstrip(EMPTY))
    return (len(text) - len(text.lstrip(EMPTY)), last) if last else None


def pairs_of(tags: Sequence[Token]) -> tuple[list[tuple[Token, Token]], list[Token]]:
    """Start tags with their end tags, the inner ones first, and tags without the other; pairs may cross."""
    opened: defaultdict[str, list[Token]] = defaultdict(list)
    pairs, alone = [], []
    for tag in tags:
        if tag.kind != CLOSE:
            opened[tag.name].append(tag)
        elif opened[tag.name]:
            pairs.append((opened[tag.name].pop(), tag))
        else:
            alone.append(tag)
    return pairs, alone + [tag for left in opened.values() for tag in left]


def lines_of(tree: Tree, piece: Piece) -> list[Line]:
    """The lines of a run, in order; those without anything to be seen, too."""
    start, end = piece.element[1:3] if piece.element else (piece.start, piece.end)
    reader = _Reader(tree, piece, start)
    at = start
    for number in range(*piece.tokens):
        token = tree.tokens[number]
        if token.start >= end:
            break
        if token.start < at:  # inside a replaced element
            continue
        if token.start > at:
            reader.add_text(at, token.start)
        at = min(end, reader.add(number, token))
    if at < end:
        reader.add_text(at, end)
    reader.end_line(end)
    return reader.lines


class _Reader:
    def __init__(self, tree: Tree, piece: Piece, start: int) -> None:
        self.tree, self.says, self.text = tree, tree.says, tree.text
        self.lines: list[Line] = []
        self.line = Line(start)
        self.out: list[str] = []
        self.pending: list[tuple[int, int]] = []
        """End tags since the last visible character, as (place in ``out``, length)."""
        self.spaced = True
        self.links = int(piece.linked)
        self.code: list[int] = []
        """Where the open code elements begin."""
        self.signs: Counter[str] = Counter()
        """Open elements that change what is said."""
        for number in piece.around:
            token = tree.tokens[number]
            self.signs[token.name] += 1
            self._mark(start, self.says.around(token))
            if token.name in LITERAL_TAGS:
                self.code.append(start)
        if piece.own >= 0:
            own = tree.tokens[piece.own]
            self._mark(start, self.says.tag(own.name, own.attributes))

    def _mark(self, at: int, said: str) -> None:
        if said:
            self.line.marks.append((at, f"{SAYS}{said}{SAYS}"))

    # --- text -------------------------------------------------------------------------------------

    def add_text(self, start: int, end: int) -> None:
        text = padded(self.text[start:end])
        body = text.strip()
        if not body:
            self._space(text)
            return
        if text[0].isspace():
            self.spaced = True
        self._settle()
        self.out.append(text)
        self.spaced = text[-1].isspace()
        size = len(unpadded(body).strip(EMPTY))
        self.line.characters += size
        if self.links:
            self.line.linked += size

    def _space(self, text: str) -> None:
        self.out.append(text)
        self.spaced = True

    def _settle(self) -> None:
        """End tags beside a space are blanked by spaces, so that a sentence that ends in one is seen to end.

        Elsewhere, and for start tags, by what is invisible: a word goes on through them.
        """
        for place, length in self.pending:
            self.out[place] = (" " if self.spaced else PAD) * length
        self.pending.clear()
        self.spaced = False

    # --- markup -----------------------------------------------------------------------------------

    def add(self, number: int, token: Token) -> int:
        """Take one token; where what stands for it ends."""
        name, length = token.name, token.end - token.start
        if token.kind == NOTE:
            if instructs(self.text, token):
                self.line.marks.append((token.start, self.says.unique(token)))
            self.out.append(PAD * length)
        elif name == "br":
            self.end_line(token.start)
            self.line = Line(token.end)
        elif name in SKIPPED or name in REPLACED:
            return self._replace(number, token)
        elif token.kind == CLOSE:
            self._close(token, length)
        elif token.kind == ELEMENT or name in VOID:
            self._mark(token.start, self.says.tag(name, token.attributes))
            self.out.append(PAD * length)
        else:
            self._open(token, length)
        return token.end

    def _open(self, token: Token, length: int) -> None:
        name = token.name
        self.line.tags.append(token)
        self._mark(token.end, self.says.tag(name, token.attributes))
        if name == "a":
            self.links += 1
        elif name in LITERAL_TAGS:
            self.code.append(token.end)
        if name in SIGNS:
            self.signs[name] += 1
            self._settle()
            self.out.append(SIGNS[name][0] + PAD * (length - 1))
        else:
            self.out.append(PAD * length)

    def _close(self, token: Token, length: int) -> None:
        name = token.name
        self.line.tags.append(token)
        if name == "a":
            self.links = max(0, self.links - 1)
        elif name in LITERAL_TAGS and self.code:
            self.line.literal.append((self.code.pop(), token.start))
        if name in SIGNS and self.signs[name]:
            self.signs[name] -= 1
            self._settle()
            self.out.append(PAD * (length - 1) + SIGNS[name][1])
        else:
            self.pending.append((len(self.out), length))
            self.out.append("")

    def _replace(self, number: int, token: Token) -> int:
        """A replaced element, or one that is skipped; a stray end tag of one is nothing."""
        end = self.tree.ends.get(number, token.end)
        length = end - token.start
        if token.kind == CLOSE:
            self.out.append(PAD * length)
        elif token.name in SKIPPED:
            self.line.marks.append((token.start, self.says.unique(token)))
            self.out.append(PAD * length)
        else:
            tokens = self.tree.tokens[number : self._behind(number, end)]
            self.line.marks.append((token.start, self.says.whole(tokens, token.start, end)))
            self.line.shown.append((token.start, end))
            self._space(" " * length)
        return end

    def _behind(self, number: int, end: int) -> int:
        tokens = self.tree.tokens
        while number < len(tokens) and tokens[number].start < end:
            number += 1
        return number

    def end_line(self, end: int) -> None:
        """The line ends at ``end``, by a <br> or with the run."""
        self.spaced = True
        self._settle()
        self.line.end = end
        self.line.literal += [(start, end) for start in self.code]
        self.code = [end] * len(self.code)
        self.line.text = "".join(self.out)
        self.out = []
        self.spaced = True
        self.lines.append(self.line)
