"""Fences of code at any depth: where they end, closed or with the list item or quote that holds them."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

LOOK_BACK = 100
"""Lines above an indented line among which the list item is looked for that holds it."""

_item = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]{1,4}|$)")
_indented_by_4 = re.compile(r"[ \t]*(?:={3}[+!]*|!!!|\?\?\?\+?)[ \t]+[\"'\w]")


class Fence(NamedTuple):
    """Where the last line of a fence ends (before its line end), and whether a closing line ends it."""

    end: int
    closed: bool


def width(lead: str) -> int:
    """Columns of what stands at the beginning of a line; tabs go on to the next multiple of four."""
    return len(lead.expandtabs(4)) if "\t" in lead else len(lead)


def opens_fence(text: str, at: int) -> str:
    """The signs of the fence that opens at ``at``; empty where none does (a code span of three signs)."""
    sign = text[at]
    end = at
    while text.startswith(sign, end):
        end += 1
    line_end = text.find("\n", end)
    info = text[end : line_end if line_end >= 0 else len(text)]
    return "" if sign == "`" and "`" in info else text[at:end]


@cache
def _ending(sign: str, column: int, quoted: bool) -> re.Pattern[str]:
    """A line that leaves what holds the fence, or one of signs alone (group 1)."""
    leaves = [r"(?![ \t]*>)"] if quoted else []
    if column:
        leaves.append(rf"(?=[ ]{{0,{column - 1}}}[^\s])")
    return re.compile(
        rf"\n(?:{''.join(leave + '|' for leave in leaves)}[ \t>]*({re.escape(sign)}{{3,}})[ \t]*(?=\n|\Z))"
    )


def fence_end(text: str, at: int, signs: str, lead: str, column: int) -> Fence:
    """Where the fence ends that ``signs`` open at ``at``, behind ``lead``.

    column  where the content of the list item begins that holds it; 0 for none
    """
    stop = len(text)
    for match in _ending(signs[0], column, ">" in lead).finditer(text, at):
        closing = match.group(1)
        if closing is None:
            stop = match.start()
            break
        if len(closing) >= len(signs):
            return Fence(match.end(), True)
    return Fence(at + len(text[at:stop].rstrip()), False)


def item_column(text: str, line: int, indent: int) -> int:
    """Column of the content of the list item that holds the line beginning at ``line``; 0 where none does."""
    for _ in range(LOOK_BACK):
        if line <= 0:
            return 0
        above = text.rfind("\n", 0, line - 1) + 1
        row = text[above : line - 1]
        line = above
        bare = row.lstrip(" \t")
        if not bare:
            continue
        marker = _item.match(row)
        column = width(row[: marker.end()]) if marker else 0
        if marker is None and _indented_by_4.match(row):
            column = width(row[: len(row) - len(bare)]) + 4
        if column and column <= indent:
            return column
        if not column:
            indent = min(indent, width(row[: len(row) - len(bare)]))
            if not indent:
                return 0
    return 0
