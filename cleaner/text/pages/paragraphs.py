"""What a paragraph or heading of Markdown is without its signs, and whether it says anything."""

from __future__ import annotations

import re
from functools import cache

LONGEST_BARE = 20_000
"""Characters of a paragraph that may be made of links and tags alone, or hold comments."""

_atx = re.compile(r"#{1,6}(?:[ \t]+|$)")


def heading(bare: str, start: int) -> tuple[int, int, str]:
    """A heading without its signs, the line under it and its name (``{#id}``): start, end and text."""
    if bare[0] == "#" and (match := _atx.match(bare)):
        inner = bare[match.end() :]
        start += match.end()
        if inner[-1:] == "#":
            inner = re.sub(r"(?:^|[ \t]+)#+$", "", inner)
    elif "\n" in bare or "\r" in bare:
        inner = re.sub(r"[\r\n]+[ \t>]*(?:=+|-+)$", "", bare)
    else:
        inner = bare
    if inner[-1:] == "}":
        inner = re.sub(r"[ \t]*(?:\{[#:.][^{}]*\}|\{/\*[^{}]*\*/\})$", "", inner)
    inner = inner.rstrip()
    return start, start + len(inner), inner


@cache
def comment_pattern() -> re.Pattern[str]:
    """A code span, or a comment: of HTML in group 2, of MDX in group 3."""
    return re.compile(r"(?<!`)(`+)(?!`)[^`]*(?<!`)\1(?!`)|<!--(.*?)-->|\{/\*(.*?)\*/\}", re.DOTALL)


@cache
def _decoration() -> tuple[re.Pattern[str], ...]:
    """What a line of links, images and tags is made of, from the inside out."""
    braces = r"\{\{.{0,2000}?\}\}|\{%.{0,2000}?%\}|\{[^{}]*\}"
    address = r"(?:\([^()\s]*(?:\([^()]*\)[^()]*)*(?:\s[^()]*)?\)|\[[^\[\]]*\])"
    return tuple(
        re.compile(pattern, re.DOTALL | re.IGNORECASE)
        for pattern in (
            rf"{braces}|\$\$.*?\$\$|\\\[.*?\\\]",
            rf"!\[[^\[\]]*\]{address}",
            rf"\[(?:[^\[\]]|\[[^\[\]]*\])*\]{address}",
            r"<(?:https?:|mailto:)[^<>\s]*>|https?://\S+",
            r"<a\b[^<>]*>[^<>]*</a>|<a\b[^<>]*>(?:[^<>]*<(?!/?a\b)[^<>]*>)*[^<>]*</a>|</?[a-z][^<>]*>",
        )
    )


def is_bare(says: str) -> bool:
    """Whether a paragraph is nothing but links, images, tags, shortcodes and signs."""
    if says[:1].isalnum() and not says.startswith("http"):
        return False
    if len(says) > LONGEST_BARE:
        return False
    if says[0] == "|" and says[-1] == "|":  # a table that no parser takes for one
        return True
    if any(sign in says for sign in ("[", "<", "{", "http", "$")):
        for pattern in _decoration():
            says = pattern.sub(" ", says)
    return not any(map(str.isalnum, says))
