"""Markup around words by characters that mean nothing, length for length, so that positions hold."""

from __future__ import annotations

import html
import re

PAD = "\u2060"  # WORD JOINER: invisible, and part of the word before (text/words.py)

TAIL = "\u2061"  # FUNCTION APPLICATION: the same; the rest of an entity of a page, which belongs to its first character
SAYS = "\x02"
"""Stands before and behind what the markup of a page says, so that no text can be taken for it."""

LONGEST_BREAK = 64
"""Characters of a <br>, attributes and all."""
_break = re.compile(rf"\s+|<br\b[^<>]{{0,{LONGEST_BREAK}}}>", re.IGNORECASE)

_entity = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_tag = re.compile(r"</?(?:b|i|em|strong|u)>", re.IGNORECASE)
# Stars and underscores emphasise in pairs of one length, outside at a word's edge, inside against
# text. A lone one is a sign (2 * 3, *args, __init__).
# What stands before is looked at afterwards: a pattern that begins with its sign is found 20 times
# as fast as one that begins with a look behind.
# Possessive (*+): between two signs there is nothing to go back to, in a line of a megabyte least of all.
_stars = re.compile(r"(\*{1,3})(?=[^\s*])([^*\r\n]*+(?<!\s))\1(?![\w*])")
_lines = re.compile(r"(_)(?=[^\W\d_])([^_\r\n]*+(?<=[^\W_]))\1(?!\w)")
code_span = re.compile(r"(?<![\w`])(`+)(?![`\s])([^`]|[^`].*?[^`\s])\1(?![`\w])", re.DOTALL)
link = re.compile(r"(?:https?|ftp)://[^\s<>\"]+|www\.[^\s<>\"]+|\]\([^)\s]*\)")


def unpadded(text: str) -> str:
    """``text`` without what was put in to keep its length."""
    return text.replace(PAD, "").replace(TAIL, "")


def without_breaks(text: str, start: int, end: int) -> tuple[int, int]:
    """The span [start, end) without white space and <br> at its ends; the white space alone where there is no more."""
    while (match := _break.match(text, start, end)) and match.end() > start:
        start = match.end()
    while end > start:
        at = end - 1 if text[end - 1].isspace() else text.rfind("<", max(start, end - LONGEST_BREAK), end)
        if at < 0 or not _break.fullmatch(text, at, end):
            break
        end = at
    return start, end


def has_markup(text: str) -> bool:
    """Whether ``blank`` would change anything."""
    return ("&" in text and _entity.search(text) is not None) or ("<" in text and _tag.search(text) is not None)


def blank(text: str) -> str:
    """``text`` with HTML entities by the character they name and emphasis tags by nothing, padded to its length."""
    if "&" in text:
        text = _entity.sub(_named, text)
    if "<" in text:
        text = _tag.sub(_padding, text)
    return text


def blank_emphasis(text: str) -> str:
    """``text`` with paired stars and underscores around words by nothing, padded to its length."""
    if "*" in text:
        text = _stars.sub(_unmarked, text)
    if "_" in text:
        text = _lines.sub(_unmarked, text)
    return text


def _named(match: re.Match[str]) -> str:
    entity = match.group()
    named = html.unescape(entity)
    if named == entity or len(named) > len(entity) or named in "\r\n\t" or "\ud800" <= named[0] <= "\udfff":
        return entity
    # White space stays white space all over, so that no edge of a line or paragraph lies inside an entity.
    return named + (" " if named.isspace() else PAD) * (len(entity) - len(named))


def _padding(match: re.Match[str]) -> str:
    return PAD * len(match.group())


def _unmarked(match: re.Match[str]) -> str:
    start = match.start()
    if start and (match.string[start - 1].isalnum() or match.string[start - 1] in "*_\\"):
        return match.group()
    mark = PAD * len(match.group(1))
    return mark + match.group(2) + mark
