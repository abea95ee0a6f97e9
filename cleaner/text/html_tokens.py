"""A page as tags with their places, as a browser's tokenizer finds them.

No parser that gives exact places reads pages as browsers do: tree-sitter takes ``a < b`` for a broken
tag, the standard library's parser differs from one Python release to the next (and would change
verdicts with it), html5lib gives places of characters it has already replaced, and those made for
speed (lexbor) give none. The tokens of HTML are regular but for scripts, so they are found here, and
held to lexbor and html5lib by tests.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cleaner.text.html_tags import BREAKS_OUT, RAW

OPEN, CLOSE, NOTE, ELEMENT = range(4)
"""Kinds of tokens: start tag, end tag, comment (or doctype, processing instruction), whole raw element."""

_SPACE = "\t\n\f\r "
_tag = re.compile(
    rf"<(/?)([A-Za-z][^{_SPACE}/>]*+)"
    rf"((?:[{_SPACE}/]++|[^{_SPACE}/>][^{_SPACE}/>=]*+"
    rf"(?:[{_SPACE}]*+=[{_SPACE}]*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^{_SPACE}>\"'][^{_SPACE}>]*+|(?=>)|\Z))?+)*+)>"
)
_comment_end = re.compile("--!?>")
_script = re.compile(rf"<!--|-->|<(/?)script(?=[{_SPACE}/>])", re.IGNORECASE)


class Token(NamedTuple):
    """Markup ``text[start:end]``; what stands between two tokens is text."""

    start: int
    end: int
    name: str
    """In lower case; empty for a comment."""
    kind: int
    attributes: str
    """As they stand."""


class _Names(dict[str, str]):
    """Tag names in lower case, remembered."""

    def __missing__(self, name: str) -> str:
        lower = self[name] = name.lower() if name.isascii() else name
        return lower


def tokens_of(text: str) -> list[Token]:
    """All markup of ``text`` in order; any text is read, in linear time."""
    found: list[Token] = []
    names = _Names()
    is_xml = text.lstrip("\ufeff \t\r\n").startswith("<?xml")
    foreign = 0
    at = text.find("<")
    while at >= 0:
        match = _tag.match(text, at)
        if match is None:
            end = _no_tag(text, at, bool(foreign) or is_xml)
            if end > at + 1:
                found.append(Token(at, end, "", NOTE, ""))
            at = text.find("<", end)
            continue
        slash, name, attributes = match.groups()
        name, end, kind = names[name], match.end(), CLOSE if slash else OPEN
        empty = kind == OPEN and attributes.endswith("/") and (is_xml or foreign > 0 or name in ("svg", "math"))
        if name in ("svg", "math") and not empty:
            foreign = foreign + 1 if kind == OPEN else max(0, foreign - 1)
        elif foreign and kind == OPEN and name in BREAKS_OUT:
            foreign = 0
        if kind == OPEN and (empty or (name in RAW and not foreign)):
            kind, end = ELEMENT, end if empty else _raw_end(text, name, end)
        found.append(Token(at, end, name, kind, attributes))
        at = text.find("<", end)
    return found


def _no_tag(text: str, at: int, has_cdata: bool) -> int:
    """End of the comment (or the like) that begins at ``at``; one further where ``<`` is a character of the text."""
    after = text[at + 1 : at + 3]
    if after[:1] == "!":
        return _declaration_end(text, at, has_cdata)
    if after[:1] == "?":
        # A page that was saved before PHP ran: its code may hold any sign.
        code = text.startswith(("<?php", "<?="), at)
        return _behind(text, "?>" if code else ">", at)
    if after[:1] == "/":
        if after == "/":
            return at + 1
        return len(text) if after[1].isascii() and after[1].isalpha() else _behind(text, ">", at)
    # A start tag that never ends: a browser drops all that follows.
    return len(text) if after[:1].isascii() and after[:1].isalpha() else at + 1


def _declaration_end(text: str, at: int, has_cdata: bool) -> int:
    if text.startswith("<!--", at):
        if text.startswith((">", "->"), at + 4):
            return text.index(">", at) + 1
        match = _comment_end.search(text, at + 4)
        return match.end() if match else len(text)
    if has_cdata and text.startswith("<![CDATA[", at):
        return _behind(text, "]]>", at)
    return _behind(text, ">", at)


def _behind(text: str, sign: str, at: int) -> int:
    end = text.find(sign, at)
    return end + len(sign) if end >= 0 else len(text)


def _raw_end(text: str, name: str, at: int) -> int:
    """End of the raw element whose content begins at ``at``, its end tag included."""
    if name == "plaintext":
        return len(text)
    start = _script_end(text, at) if name == "script" else _end_tag(text, name, at)
    if start < 0:
        return len(text)
    match = _tag.match(text, start)
    return match.end() if match else len(text)


_end_tags: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE) for name in sorted(RAW - {"plaintext", "script"})
}


def _end_tag(text: str, name: str, at: int) -> int:
    match = _end_tags[name].search(text, at)
    return match.start() if match else -1


def _script_end(text: str, at: int) -> int:
    """Where the end tag of a script begins: ``</script>`` behind ``<!-- <script`` is none."""
    in_comment = doubled = False
    while match := _script.search(text, at):
        sign, at = match.group(), match.end()
        if sign == "<!--":
            if not in_comment:
                in_comment, at = True, match.start() + 2  # the dashes may end it, too: <!-->
        elif sign == "-->":
            in_comment = doubled = False
        elif match.group(1):
            if not doubled:
                return match.start()
            doubled = False
        else:
            doubled = in_comment
    return -1
