"""What only MDX has: imports and exports, and expressions in braces that stand alone."""

from __future__ import annotations

import re
from functools import cache

_LONGEST = 20_000
"""Characters of an expression, and of an import's names."""


@cache
def _module() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """How a statement begins, and what counts up to its end: brackets, blank lines, a fence or a heading."""
    return (
        re.compile(
            r"import\s*(?:[\w*{][^;\"'<>]{0,2000}?\s*from\s*)?[\"'][^\"'\n]+[\"'];?[ \t]*(?=\n|\Z)"
            r"|export\s+(?:default\s|(?:const|let|var|function|class|async)\s+\w|[{*])"
        ),
        re.compile(r"[{(\[]|[})\]]|\n[ \t]*(?=\n|\Z)|\n(?=`{3}|#{1,6} )"),
    )


def module_end(text: str, at: int) -> int:
    """Where the imports and exports end that begin at ``at``: at a blank line outside of brackets.

    ``at`` itself where none begin: a line of prose may begin with the same word.
    """
    beginning, counts = _module()
    if not beginning.match(text, at):
        return at
    depth = 0
    for match in counts.finditer(text, at):
        sign = match.group()
        if sign[0] == "\n":
            if depth <= 0 or text[match.end() : match.end() + 1] in ("`", "#"):
                return match.start()
        else:
            depth += 1 if sign in "{([" else -1
    return len(text)


def expression_end(text: str, at: int) -> int:
    """Where the expression in braces ends that begins at ``at``; ``at`` itself where it is open or text follows it."""
    depth = 0
    for match in re.compile(r"[{}]|\n[ \t]*(?:\n|`{3}|~{3})").finditer(text, at, at + _LONGEST):
        sign = match.group()
        if sign[0] == "\n":
            return at
        depth += 1 if sign == "{" else -1
        if not depth:
            stop = text.find("\n", match.end())
            behind = text[match.end() : stop if stop >= 0 else len(text)]
            return at if behind.strip() else match.end()
    return at
