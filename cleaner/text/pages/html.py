"""HTML into blocks: runs of text between the tags of blocks, templates of Jekyll, Hugo and others among them.

The page reader of dumps (``cleaner.text.html_page``) takes 48 ms to import and reads 5.5 MB/s, since it builds the tree
that a browser builds. A hook needs neither: here are the same tokens, and of the tree only the containers.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from sys import maxsize

from cleaner.text.html_tags import HEADINGS, RAW, REPLACED
from cleaner.text.html_tokens import CLOSE, ELEMENT, NOTE, OPEN, Token, tokens_of
from cleaner.text.pages.block import Block, BlockKind, Comment, Page, Trouble
from cleaner.text.pages.html_parts import (
    BOXES,
    BREAKS,
    CONTAINERS,
    INLINE_SKIPPED,
    LABELS,
    QUIET,
    SKIPPED,
    ends_of,
    panel,
)
from cleaner.text.pages.rows import Building, whole_lines
from cleaner.text.pages.templates import FILLER, without_templates

MARKUP = "\x02"
"""Stands in place of tags, length for length."""
_space = re.compile(r"[ \t\r\n\f]{2,}|[\t\r\n\f]")
_blank = re.compile(r"\n[ \t\r]*\n|\r[ \t]*\r")
_letter = re.compile(r"[^\W\d_]")


def read_html(text: str) -> Page:
    """Read a page or a template of one; any text is read as one."""
    building = Building(text)
    behind = building.behind
    shown, comments = without_templates(text)
    if behind:
        shown = "\n" * behind + shown[behind:]
    comments = [comment for comment in comments if comment.start >= behind]
    _Reader(building, shown, behind, comments).read(tokens_of(shown))
    building.comments += comments
    return building.page("html")


class _Reader:
    """One page.

    shown     the text with expressions of templates filled up, and their comments blank
    hidden    those comments, the next one last
    at        where the run of text that is read begins
    opening   the tag of a block in front of it, if there is one
    parts     its text from there on, length for length: markup, links and code are filled up, comments blank
    quiet     of its text what is a link, or code
    notes     comments in it, as spans
    level     of the heading that is open
    stack     containers that are open, as (name, scope); how many of each name
    """

    def __init__(self, building: Building, shown: str, at: int, hidden: list[Comment]) -> None:
        self.page = building
        self.shown = shown
        self.has_templates = FILLER in shown
        self.hidden = hidden[::-1]
        self.at = self.read_to = at
        self.opening: Token | None = None
        self.notes: list[tuple[int, int]] = []
        self.parts: list[str] = []
        self.quiet: list[str] = []
        self.quiet_depth = 0
        self.has_media = self.fresh = False
        self.level = 0
        self.stack: list[tuple[str, int]] = [("", 0)]
        self.open: dict[str, int] = {}

    def read(self, tokens: list[Token]) -> None:
        """The page, tag by tag."""
        ends = ends_of(tokens)
        number = 0
        while number < len(tokens):
            token = tokens[number]
            name = token.name
            if token.kind == NOTE:
                self._note(token)
            elif name in INLINE_SKIPPED and number in ends:
                self._pass(token.start, tokens[ends[number]].end)
                self.has_media = True
                number = ends[number]
            elif name in SKIPPED and (token.kind == ELEMENT or number in ends):
                number = ends.get(number, number)
                self._whole(token.start, tokens[number].end)
            elif name not in BREAKS:
                self._inline(token)
            elif token.kind == ELEMENT or name == "hr":
                self._whole(token.start, token.end)
                if token.end == len(self.shown) and name in RAW and self.shown.find("</", token.start) < 0:
                    self._unclosed(token.start, f"the element <{name}>", f"</{name}>")
            else:
                self._break(token)
            number += 1
        self._flush(len(self.shown), None)

    def _pass(self, start: int, end: int, filler: str = MARKUP) -> None:
        """The text before markup inside a run, and the markup."""
        if start > self.read_to:
            text = self.shown[self.read_to : start]
            if self.quiet_depth:
                self.quiet.append(text)
                text = MARKUP * len(text)
            self.parts.append(text)
        if end > start:
            self.parts.append(filler * (end - start))
        self.read_to = end

    def _note(self, token: Token) -> None:
        """A comment; what else is marked so (a doctype, a declaration) stands in its run as it is."""
        text = self.page.text[token.start : token.end]
        if text.startswith("<!--"):
            self._pass(token.start, token.end, " ")
            self.notes.append((token.start, token.end))
            self.page.comments.append(Comment(token.start, token.end, text[4:].removesuffix("-->").strip()))
            if not text.endswith(">"):
                self._unclosed(token.start, "a comment", "-->")
        elif text.endswith(">"):
            self._pass(token.start, token.end)
        else:
            self._whole(token.start, token.end)
            self._unclosed(token.start, "a tag", ">")

    def _unclosed(self, at: int, what: str, sign: str) -> None:
        self.page.troubles.append(
            Trouble(at, f"{what} is not closed: nothing behind it is read", f"close it by {sign}")
        )

    def _inline(self, token: Token) -> None:
        self._pass(token.start, token.end)
        if token.name in QUIET:
            self.quiet_depth = max(0, self.quiet_depth + (1 if token.kind == OPEN else -1))
        elif token.name in REPLACED:
            self.has_media = True

    def _break(self, token: Token) -> None:
        """The tag of a block: a run of text ends, and maybe a container or a heading begins or ends."""
        self._flush(token.start, token)
        name = token.name
        if token.kind == OPEN:
            self.opening = token
            self.fresh = self.fresh or name in ("li", "dd", "dt")
            if name in HEADINGS:
                self.level = int(name[1])
            elif name not in ("div", "p"):
                self.level = 0
            if name in CONTAINERS:
                self._enter(token)
        else:
            self.fresh = self.fresh and name not in ("li", "dd", "dt", "ul", "ol", "dl")
            if name in HEADINGS or name in CONTAINERS:
                self.level = 0
            if self.open.get(name):
                self._leave(name)
        self.at = self.read_to = token.end

    def _enter(self, token: Token) -> None:
        around = scope = self.stack[-1][1]
        if "tab" in token.attributes and panel.search(token.attributes):
            scope = self.page.scope(scope, "tab")
        elif token.name in BOXES:
            scope = self.page.scope(scope, "box")
        if scope != around:
            self.opening = None  # what goes with a paragraph is never all of a scope
        self.stack.append((token.name, scope))
        self.open[token.name] = self.open.get(token.name, 0) + 1

    def _leave(self, name: str) -> None:
        """The end of the innermost container of that name, and of what was left open in it."""
        while True:
            last, _ = self.stack.pop()
            self.open[last] -= 1
            if last == name:
                return

    def _whole(self, start: int, end: int) -> None:
        """An element that is no text with all that is in it."""
        self._flush(start, None)
        last = start + len(self.shown[start:end].rstrip())
        self._add("other", start, last, (start, last))
        self.at = self.read_to = end

    def _flush(self, end: int, closing: Token | None) -> None:
        """The end of a run of text, before the tag ``closing``."""
        self._pass(end, end)
        self._take_hidden(end)
        start, stop = self._trimmed(self.at, end)
        words, quiet = "".join(self.parts), "".join(self.quiet)
        shows = self.has_media or quiet.strip() or words.replace(MARKUP, "").strip()
        kind: BlockKind = "other"
        if self.level and (_letter.search(words) or _letter.search(quiet)):
            kind = "heading"
        elif _letter.search(words) and not (self.opening is not None and self.opening.name in LABELS):
            kind = "item" if self.fresh else "prose"
        if kind == "prose" and self._is_loose(start, stop):
            self._add_loose(start, words[start - self.at : stop - self.at])
        elif stop > start and shows:
            self._add(kind, start, stop, self._element(start, stop, closing))
            self.fresh = False
        self.opening = None
        self.notes, self.parts, self.quiet = [], [], []
        self.quiet_depth, self.has_media = 0, False
        self.at = self.read_to = end

    def _take_hidden(self, end: int) -> None:
        """Comments of the template up to ``end``, among the comments of the run."""
        hidden, notes = self.hidden, self.notes
        found = []
        while hidden and hidden[-1].end <= end:
            comment = hidden.pop()
            if comment.start >= self.at:
                found.append((comment.start, comment.end))
        # Not those inside a comment of the page.
        self.notes = sorted(notes + [span for span in found if not _is_within(span[0], notes)])

    def _is_loose(self, start: int, end: int) -> bool:
        """Whether a run is Markdown or plain text that a template makes paragraphs of: blank lines part it."""
        name = self.opening.name if self.opening is not None else ""
        run = self.shown[start:end]
        return name not in ("p", "dt") and self.has_templates and _blank.search(run) is not None

    def _add_loose(self, start: int, shown: str) -> None:
        from cleaner.text.pages.plain import blocks_of

        text, at, said = self.page.text, start, []
        for first, last in self.notes:
            said += [text[at:first], " " * (last - first)]
            at = last
        said.append(text[at : start + len(shown)])
        self.page.blocks += blocks_of(text, start, "".join(said), shown, self.stack[-1][1])

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        """A run without white space and comments around it."""
        notes, shown = self.notes, self.shown
        first, last = 0, len(notes)
        while first < last and not shown[start : notes[first][0]].strip():
            start = notes[first][1]
            first += 1
        while last > first and not shown[notes[last - 1][1] : end].strip():
            end = notes[last - 1][0]
            last -= 1
        self.notes = notes[first:last]
        run = shown[start:end]
        return start + len(run) - len(run.lstrip()), max(start, start + len(run.rstrip()))

    def _element(self, start: int, end: int, closing: Token | None) -> tuple[int, int]:
        """A run with the tags of the block that holds it and nothing else."""
        opening = self.opening
        if opening is None or self.shown[opening.end : start].strip():
            return start, end
        if closing is not None and closing.kind == CLOSE and closing.name == opening.name:
            return opening.start, closing.end
        return (opening.start, end) if opening.name == "p" else (start, end)

    def _add(self, kind: BlockKind, start: int, end: int, element: tuple[int, int]) -> None:
        text = self.page.text
        says = ""
        if kind != "other":
            at, kept = start, []
            for first, last in self.notes:
                kept.append(text[at:first])
                at = last
            says = _space.sub(" ", "".join([*kept, text[at:end]]))
        level = self.level if kind == "heading" else 0
        self.page.blocks.append(Block(start, end, kind, says, level, self.stack[-1][1], whole_lines(text, *element)))


def _is_within(at: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a character lies in one of ``spans``, which are in order."""
    before = bisect_right(spans, (at, maxsize)) - 1
    return before >= 0 and at < spans[before][1]
