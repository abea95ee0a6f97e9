"""Signs that open and close containers, paired over a whole file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cleaner.text.pages.elements import INLINE, ScopeKind, scope_kind


class Token(NamedTuple):
    """A sign that opens or closes a container: characters [start, end), the name by which signs are paired.

    blanks  it stands behind text and is blanked only where it closes something
    """

    start: int
    end: int
    name: str
    closes: bool
    kind: ScopeKind
    blanks: bool = False


def colon_sign(text: str, at: int, end: int) -> Token | None:
    """``:::note`` and ``:::``, ``/// note`` and ``///``; None for what only begins like one.

    Learn.microsoft.com closes by name: ``::: zone-end``.
    """
    line = text[at:end]
    sign = line[0]
    if sign == "/" and not re.match(r"///+(?: +[\w-]|$)", line):
        return None
    called = line.lstrip(sign).strip()
    word = re.search(r"[A-Za-z][\w-]*", called)
    closes = not called or (word is not None and word.group().endswith("-end"))
    return Token(at, end, sign * 3, closes, scope_kind(word.group()) if word and not closes else "box")


class Pair(NamedTuple):
    """A container from one sign to the other."""

    opening: Token
    closing: Token


def pair(tokens: Sequence[Token]) -> Iterator[Pair]:
    """Containers whose two signs are there, inner ones first; what is nested wrongly is none."""
    open_: list[Token] = []
    counts: dict[str, int] = {}
    for token in sorted(tokens, key=lambda token: (token.start, not token.closes)):
        if not token.closes:
            open_.append(token)
            counts[token.name] = counts.get(token.name, 0) + 1
            continue
        if not counts.get(token.name):
            continue
        while True:
            opener = open_.pop()
            counts[opener.name] -= 1
            if opener.name == token.name:
                break
        yield Pair(opener, token)


def inside(places: Sequence[int], stretches: Sequence[tuple[int, int]]) -> list[bool]:
    """For each of ascending places whether it lies in one of ascending stretches."""
    found, i = [], 0
    for place in places:
        while i < len(stretches) and stretches[i][1] <= place:
            i += 1
        found.append(i < len(stretches) and stretches[i][0] <= place)
    return found


def end_tags_behind_text(text: str, codes: Sequence[tuple[int, int]], known: set[int]) -> list[Token]:
    """End tags at the end of a line, outside of fences, but for those that begin at a known place."""
    if "</" not in text:
        return []
    tag = re.compile(r"</([A-Za-z][\w.:-]*)>(?=(?:[ \t]|</[A-Za-z][\w.:-]*>)*(?:\n|\Z))")
    found = [
        Token(match.start(), match.end(), "<" + match.group(1), True, "", True)
        for match in tag.finditer(text)
        if match.group(1) not in INLINE and match.start() not in known
    ]
    hidden = inside([token.start for token in found], codes)
    return [token for token, code in zip(found, hidden, strict=True) if not code]


class Mark(NamedTuple):
    """A line that a merge left: characters [start, end); it ends a side, begins one, and is the first of a conflict."""

    start: int
    end: int
    ends: bool
    begins: bool
    first: bool


def conflict_marks(text: str, codes: Sequence[tuple[int, int]]) -> Iterator[Mark]:
    """The marks of merges that were not finished, outside of fences."""
    if "<<<<<<< " not in text and ">>>>>>> " not in text:
        return
    line = re.compile(r"^(?:<{7}|>{7}|\|{7}) [^\n]*|^={7}[ \t]*$|^\|{7}[ \t]*$", re.MULTILINE)
    marks = list(line.finditer(text))
    opened = False
    for mark, code in zip(marks, inside([mark.start() for mark in marks], codes), strict=True):
        sign = mark.group()[0]
        if code or (sign in "=|" and not opened):
            continue
        first = sign == "<" or not opened
        yield Mark(mark.start(), mark.start() + len(mark.group().rstrip()), opened, sign != ">", first)
        opened = sign != ">"
