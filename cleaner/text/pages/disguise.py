"""What a parser of Markdown does not know, under signs that it does: tags, shortcodes, tabs, admonitions, comments.

Their lines are blanked, length for length, so that what they hold is read as the prose, lists and fences that it is.
A line whose content is indented under it (``=== "Tab"``, a component) becomes an empty heading in a list item, since
a parser takes what is indented by four for code.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from cleaner.text.pages.block import Comment, Trouble
from cleaner.text.pages.containers import Token, colon_sign, conflict_marks, end_tags_behind_text, pair
from cleaner.text.pages.elements import INLINE, WHOLE, ScopeKind, Tag, Wholes, kind_of, tag_at
from cleaner.text.pages.fences import fence_end, item_column, opens_fence, width
from cleaner.text.pages.masks import Masks, even
from cleaner.text.pages.mdx import expression_end, module_end
from cleaner.text.pages.shortcodes import Shortcode, code_end, shortcode_at

_LEAD = r"((?:[ \t>]|(?:[-*+]|\d{1,9}[.)])[ \t])*+)"
_SIGNS = r"(?=`{3}|~{3}|<[A-Za-z/!>]|\{[%{/A-Za-z]|:{3}|={3}[+!]*[ \t]|!!! |\?\?\?|/// ?|import[ {*\"']|export )"


@cache
def _lines() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The first line, and any line, that begins with a sign; the second begins with a letter and is found fast."""
    return re.compile(_LEAD + _SIGNS), re.compile("\n" + _LEAD + _SIGNS)


class Disguised(NamedTuple):
    """A file as the parser gets it.

    lines     the file in ASCII, as long as it in characters, lines parted by ``\\n``
    text      the same with what the parser does not know disguised
    masks     what is hidden in it
    turns     (character, number, kind) where a container begins; (character, number, None) where it ends
    """

    lines: str
    text: str
    masks: Masks
    turns: list[tuple[int, int, ScopeKind | None]]
    comments: list[Comment]
    troubles: list[Trouble]


def disguise(text: str, start: int, mdx: bool) -> Disguised:
    """The file from ``start`` (behind the front matter) on."""
    return _Disguise(text, mdx).read(start)


class _Disguise:
    def __init__(self, text: str, mdx: bool) -> None:
        self.original = text
        self.text = even(text)
        self.mdx = mdx
        self.masks = Masks(self.text)
        self.tokens: list[Token] = []
        self.codes: list[tuple[int, int]] = []
        self.comments: list[Comment] = []
        self.troubles: list[Trouble] = []
        self.wholes = Wholes(self.text)
        self.unclosed: set[str] = set()
        self.open = 0

    def read(self, start: int) -> Disguised:
        text = self.text
        if start:
            self.masks.hide("", int(text[:1] != self.original[:1]), start)
        first, following = _lines()
        at = start
        match = first.match(text, at) if not at else following.search(text, at)
        if match is None:
            match = following.search(text, at)
        while match is not None:
            at = max(self._line(match.group(1), match.end()), match.end())
            match = following.search(text, at)
        self._conflicts()
        turns = self._turns()
        masked = self.masks.masked()
        return Disguised(self.text, masked, self.masks, turns, self.comments, self.troubles)

    # Lines by their first signs. Each returns where to go on: a line end, or a place before the next one.

    def _line(self, lead: str, at: int) -> int:
        text = self.text
        sign = text[at]
        if sign in "`~":
            return self._fence(lead, at)
        if self._in_code(lead, at):
            return at
        if sign in "<{":
            return self._signs(lead, at)
        if sign in ":/":
            return self._colons(lead, at)
        if sign in "=!?":
            return self._admonition(lead, at)
        return self._module(lead, at)

    def _line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return end if end >= 0 else len(self.text)

    def _in_code(self, lead: str, at: int) -> bool:
        """Whether four columns of indentation make code of a line: not in lists and components."""
        if self.mdx or self.open > 0 or len(lead) < 1 or not lead.isspace():
            return False
        indent = width(lead)
        return indent >= 4 and not item_column(self.text, at - len(lead), indent)

    def _fence(self, lead: str, at: int) -> int:
        signs = opens_fence(self.text, at)
        if not signs:
            return at
        bare = lead.strip(" \t>")
        if bare:
            column = width(lead) if ">" not in lead else 0
        else:
            indent = width(lead)
            column = item_column(self.text, at - len(lead), indent) if indent and ">" not in lead else 0
            if indent - column >= 4 and not self.mdx and ">" not in lead and self.open <= 0:
                return at
        end, closed = fence_end(self.text, at, signs, lead, column)
        if not closed:
            self.troubles.append(
                Trouble(at, "a code fence is not closed", f"close it with a line of {signs}; all behind it is code")
            )
        self.codes.append((at, end))
        return end

    def _signs(self, lead: str, at: int) -> int:
        """Tags, shortcodes and comments at the beginning of a line."""
        text = self.text
        if text.startswith("<!--", at) or text.startswith("{/*", at):
            return self._comment(lead, at)
        if text[at] == "{" and text[at + 1 : at + 2] not in ("{", "%"):
            return self._expression(lead, at)
        pos, found, whole = at, [], False
        while True:
            sign = self._sign(pos)
            if sign is None:
                break
            found.append(sign)
            pos = sign.end
            if isinstance(sign, Tag) and not sign.closes and sign.name in WHOLE:
                pos, whole = self.wholes.end(sign), True
                if sign.name[0] == "h" and sign.name[1:].isdigit():
                    self.masks.add_heading(sign.end, text.rfind("</", sign.end, pos), int(sign.name[1]))
            elif isinstance(sign, Shortcode) and sign.code and sign.name not in self.unclosed:
                pos, whole = code_end(text, sign), True
                if pos == sign.end:
                    self.unclosed.add(sign.name)
            while text[pos : pos + 1] in (" ", "\t"):
                pos += 1
            if pos >= len(text) or text[pos] == "\n":
                return self._bare(lead, at, pos, found)
        if not found:
            return at
        return self._with_text(lead, at, pos, found, whole)

    def _sign(self, at: int) -> Tag | Shortcode | None:
        if self.text.startswith("{", at):
            return shortcode_at(self.text, at)
        tag = tag_at(self.text, at)
        return None if tag is None or tag.name in INLINE else tag

    def _bare(self, lead: str, at: int, end: int, found: list[Tag | Shortcode]) -> int:
        """Signs without text beside them."""
        self._add_tokens(found)
        stop = at + len(self.text[at:end].rstrip())
        opens = isinstance(found[-1], Tag) and not found[-1].closes and not found[-1].single
        column = width(lead)
        if opens and (not lead or lead.isspace()) and found[-1].end >= stop and stop - at >= 3:
            inside = self._next_indent(end)
            if 2 <= inside - column <= 5 and stop - at > inside - column:
                self.masks.hide_as_item(at, stop, inside - column, "")
                return end
        self.masks.hide(lead, at, stop)
        return end

    def _next_indent(self, line_end: int) -> int:
        """Columns before the next visible line."""
        match = re.compile(r"\n([ \t]*)(?=\S)").search(self.text, line_end, line_end + 1000)
        return width(match.group(1)) if match else 0

    def _with_text(self, lead: str, at: int, pos: int, found: list[Tag | Shortcode], whole: bool) -> int:
        """Signs before text: out of the paragraph where what they open is closed at the end of a line."""
        line_end = self._line_end(pos)
        if not self.masks.stands_free(at - len(lead)):
            return at
        if not whole and not all(
            sign.closes if isinstance(sign, Shortcode) else self.wholes.closed_at_line_end(sign, line_end)
            for sign in found
        ):
            return at
        self._add_tokens(found)
        self.masks.hide_before(at, pos)
        return line_end

    def _add_tokens(self, found: list[Tag | Shortcode]) -> None:
        for sign in found:
            if isinstance(sign, Tag):
                if sign.single or (sign.name in WHOLE and not sign.closes):
                    continue
                self._token(Token(sign.start, sign.end, "<" + sign.name, sign.closes, kind_of(sign)))
                continue
            if sign.closes:
                self._token(Token(sign.start, sign.start, sign.name, True, ""))
            if sign.opens and not sign.code:
                self._token(Token(sign.end, sign.end, sign.name, False, sign.kind))

    def _token(self, token: Token) -> None:
        self.tokens.append(token)
        self.open += -1 if token.closes else 1 if token.kind and token.name.startswith("<") else 0
        self.open = max(self.open, 0)

    def _comment(self, lead: str, at: int) -> int:
        text = self.text
        opening, closing = ("<!--", "-->") if text[at] == "<" else ("{/*", "*/}")
        close = self.wholes.find(closing, at + (2 if opening == "<!--" else 3))
        if close < 0:
            if opening == "{/*" and not self.mdx:
                return at
            way_out = f"close it with {closing}; all behind it is hidden"
            self.troubles.append(Trouble(at, "a comment is not closed", way_out))
            close = len(text)
        end = min(close + len(closing), len(text))
        line_end = self._line_end(end)
        alone = not text[end:line_end].strip()
        if not alone and not self.masks.stands_free(at - len(lead)):
            return at  # in a paragraph
        said = self.original[at + len(opening) : max(close, at + len(opening))]
        self.comments.append(Comment(at, end, said.strip()))
        if alone:
            self.masks.hide(lead, at, at + len(text[at:end].rstrip()))
            return end
        return self._with_text(lead, at, end, [], True)

    def _expression(self, lead: str, at: int) -> int:
        """``{expression}`` of MDX."""
        end = expression_end(self.text, at) if self.mdx else at
        if end > at:
            self.masks.hide(lead, at, end)
        return end

    def _colons(self, lead: str, at: int) -> int:
        line_end = self._line_end(at)
        stop = at + len(self.text[at:line_end].rstrip())
        token = colon_sign(self.text, at, stop)
        if token is None:
            return at
        self._token(token)
        self.masks.hide(lead, at, stop)
        return line_end

    def _admonition(self, lead: str, at: int) -> int:
        """``=== "Tab"``, ``!!! note`` and ``??? note`` with what is indented under them."""
        line_end = self._line_end(at)
        line = self.original[at:line_end].rstrip()
        if not re.match(r"={3}[+!]*[ \t]+[\"'].*[\"']$|(?:!!!|\?\?\?\+?)[ \t]+[A-Za-z]", line):
            return at
        if self._next_indent(line_end) - width(lead) >= 4 and len(line) > 4:
            self.masks.hide_as_item(at, at + len(line), 4, "tab" if line[0] == "=" else "box")
        else:
            self.masks.hide(lead, at, at + len(line))
        return line_end

    def _module(self, lead: str, at: int) -> int:
        end = at if lead else module_end(self.text, at)
        if end > at:
            self.masks.hide(lead, at, at + len(self.text[at:end].rstrip()))
        return end

    # What is looked for in the whole text

    def _conflicts(self) -> None:
        """The sides of a conflict are ways to read on."""
        for mark in conflict_marks(self.text, self.codes):
            if mark.first:
                self.troubles.append(
                    Trouble(mark.start, "a merge conflict is not resolved", "choose a side and take its marks out")
                )
            if mark.ends:
                self.tokens.append(Token(mark.start, mark.start, "conflict", True, ""))
            if mark.begins:
                self.tokens.append(Token(mark.end, mark.end, "conflict", False, "tab"))
            self.masks.hide("", mark.start, mark.end)

    def _turns(self) -> list[tuple[int, int, ScopeKind | None]]:
        turns: list[tuple[int, int, ScopeKind | None]] = []
        self.tokens += end_tags_behind_text(self.text, self.codes, {token.start for token in self.tokens})
        for number, (opening, closing) in enumerate(pair(self.tokens), 1):
            if closing.blanks:
                self.masks.hide_behind(closing.start, closing.end)
            if opening.kind and opening.end < closing.start:
                turns += ((opening.end, number, opening.kind), (closing.start, number, None))
        return turns
