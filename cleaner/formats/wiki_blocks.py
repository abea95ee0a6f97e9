"""Lines of wikitext, freed of the markup inside them, as paragraphs, headings and lists."""

from __future__ import annotations

import re
from typing import NamedTuple

# Marks in the text, of characters that no XML can hold.
GONE = "\x01"  # a template or file stood here: what it leaves behind is tidied up
BREAK = "\x02"  # a line break
PARAGRAPH = "\x03"  # the end of a paragraph

_HEADING = re.compile(r"(={1,6})[ \t]*(.*?)[ \t]*(={1,6})[ \t\x01]*")
_ITEM = re.compile(r"([*#:;]+)[ \t]*(.*)")
_SPACES = re.compile(r"[ \t]{2,}")
_TWO_BREAKS = re.compile(r"\x02[ \t\x01\x02]*\x02")
# Whole runs at once: patterns that try each place in a run again would take for ever on a page made of templates.
_AROUND = re.compile(r"[ \t,;:\x01]+")
_EMPTY_BRACKETS = re.compile(r"[ \t]?\(\x01\)")
_DOUBLED = re.compile(r"[,;:][ \t]*(?=[,;:])")
_SIGN = re.compile(r"[ \t]+\x01[ \t\x01]*(?=[.,;:!?])")
_AT_START = re.compile(r"\A[ \t]*\x01[ \t,;:\x01]*")
_SIGN = re.compile(r"\w")


class _Block(NamedTuple):
    """``level`` is that of a heading, 0 for text; a ``close`` one follows another without a blank line."""

    text: str
    level: int = 0
    close: bool = False


def paragraphs(text: str) -> str:
    """Paragraphs of ``text``, which holds the marks, with a blank line between two; list items a line each."""
    reader = _Reader()
    for line in _TWO_BREAKS.sub(PARAGRAPH, text).replace(PARAGRAPH, "\n\n").split("\n"):
        reader.line(line)
    reader.end()
    return _joined(_without_empty_headings(reader.blocks))


class _Reader:
    """Takes lines; those of a paragraph are one line in the end, since wikitext may be wrapped."""

    def __init__(self) -> None:
        self.blocks: list[_Block] = []
        self.held: list[str] = []
        self.apart = False

    def line(self, line: str) -> None:
        bare = line.strip(" \t\x01")
        if not bare:
            self.end()
            self.apart = True
        elif line[0] == "=" and (heading := _HEADING.fullmatch(line.rstrip())):
            self.end()
            self._add(heading[2], level=min(len(heading[1]), len(heading[3])))
        elif item := _ITEM.match(line):
            self.end()
            bullet = "- " if item[1][-1] in "*#" else ""
            self._add(item[2], bullet=bullet, close=True)
        elif line[0] == " " and not self.held:
            self._add(line[1:], close=True)
        else:
            self.held.append(line)

    def end(self) -> None:
        """The paragraph ends here."""
        if self.held:
            held, self.held = " ".join(self.held), []
            self._add(held)

    def _add(self, text: str, *, level: int = 0, bullet: str = "", close: bool = False) -> None:
        if text := _tidy(text):
            self.blocks.append(_Block(bullet + text, level, close and not self.apart))
            self.apart = not close


def _tidy(text: str) -> str:
    """``text`` without marks, and without the empty brackets and double spaces that what is gone leaves behind."""
    if GONE in text:
        text = _EMPTY_BRACKETS.sub("", _AROUND.sub(_closed_up, text)).replace(GONE, "")
        if not _SIGN.search(text):  # only signs that stood around it
            return ""
    if "  " in text or "\t" in text:
        text = _SPACES.sub(" ", text)
    if BREAK in text:
        text = "\n".join(line.strip() for line in text.split(BREAK))
    return text.strip()


def _closed_up(run: re.Match[str]) -> str:
    """Spaces and commas around what is gone, as they are without it."""
    text, signs = run.string, run[0]
    if GONE not in signs:
        return signs
    before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    if before == "(" and after == ")":
        return GONE  # the brackets go with it
    if before in ("", "(") or after == ")":
        return ""
    signs = _DOUBLED.sub("", _SPACES.sub(" ", signs.replace(GONE, "")))
    return signs.strip() if after in (".", "!", "?") else signs.lstrip() if signs.strip() else " " if signs else ""


def _without_empty_headings(blocks: list[_Block]) -> list[_Block]:
    """Headings go below which nothing is left but the next heading of their level."""
    kept: list[_Block] = []
    following = 1
    for block in reversed(blocks):
        if block.level and following and following <= block.level:
            continue
        following = block.level
        kept.append(block)
    return kept[::-1]


def _joined(blocks: list[_Block]) -> str:
    pieces = []
    for number, block in enumerate(blocks):
        if number:
            pieces.append("\n" if block.close else "\n\n")
        pieces.append(block.text)
    return "".join(pieces)
