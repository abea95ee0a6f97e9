"""Pages from a small language of our own, so that rules are tested without any format's reader.

Blocks are parted by blank lines. ``# Title``: a heading; ``- ...``, ``1. ...``: items, each on its line; lines that
are indented below an item belong to it; ``! ...``: something that is never compared; ``<tab>`` ... ``</tab>`` and
``<box>`` ... ``</box>`` on lines of their own: scopes; ``%% ...``: a comment; a first line ``cleaner = ...``: the
front matter's key.
"""

from __future__ import annotations

import re

from cleaner.text.pages.block import Block, BlockKind, Comment, Page, Scope

_MARKER = re.compile(r"\s*(?:[-*] |\d+\. |#+ |! )?")


def toy(text: str) -> Page:
    return _Toy(text).read()


class _Toy:
    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks: list[Block] = []
        self.scopes = [Scope(-1, "page")]
        self.comments: list[Comment] = []
        self.front: str | None = None
        self.open = [0]
        self.waiting: list[tuple[int, int]] = []

    def read(self) -> Page:
        at = 0
        for line in self.text.splitlines(keepends=True):
            self.line(at, at + len(line.rstrip("\r\n")))
            at += len(line)
        self.close()
        return Page(self.text, "markdown", self.blocks, self.scopes, self.comments, self.front, [])

    def line(self, start: int, end: int) -> None:
        said = self.text[start:end].strip()
        if said in ("<tab>", "<box>"):
            self.close()
            self.scopes.append(Scope(self.open[-1], "tab" if said == "<tab>" else "box"))
            self.open.append(len(self.scopes) - 1)
        elif said in ("</tab>", "</box>"):
            self.close()
            self.open.pop()
        elif said.startswith("%%"):
            self.close()
            begin = self.text.index("%%", start)
            self.comments.append(Comment(begin, end, said[2:].strip()))
        elif start == 0 and said.startswith("cleaner ="):
            self.front = said[9:].strip()
        elif not said:
            self.close()
        else:
            if re.match(r"[-*] |\d+\. |#+ |! ", said):
                self.close()
            self.waiting.append((start, end))

    def close(self) -> None:
        if not self.waiting:
            return
        outer = self.waiting[0][0], self.waiting[-1][1]
        raw = self.text[outer[0] : outer[1]]
        marker = _MARKER.match(raw)
        start = outer[0] + (marker.end() if marker else 0)
        end = outer[0] + len(raw.rstrip())
        sign = raw[: start - outer[0]].strip()
        kind: BlockKind = "prose" if not sign else "heading" if sign[0] == "#" else "other" if sign == "!" else "item"
        says = "" if kind == "other" else " ".join(self.text[start:end].split())
        level = len(sign) if kind == "heading" else 0
        self.blocks.append(Block(start, end, kind, says, level, self.open[-1], outer))
        self.waiting = []
