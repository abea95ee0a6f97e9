"""What markup says to a reader beside its text: where links lead, which image is shown, what is struck out."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from cleaner.text.html_links import Links, targets
from cleaner.text.html_tags import (
    IMAGE_DATA,
    IMMATERIAL,
    IMMATERIAL_PREFIXES,
    LINKS,
    OPTIONAL_END,
    PLAIN_TAGS,
    REPLACED,
    SIGNS,
    SKIPPED,
    VOID,
)
from cleaner.text.html_tokens import CLOSE, ELEMENT, NOTE, Token
from cleaner.text.markup import PAD, SAYS, TAIL

UNSEEN = "\u200b\u200c\u200d\u200e\u200f\ufeff\xad"
"""Characters that are no space, and show nothing."""

_attribute = re.compile(
    "([^\t\n\f\r />][^\t\n\f\r />=]*)(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"([^\"]*)\"|'([^']*)'|([^\t\n\f\r >]*)))?"
)
# As html.unescape finds them, but for numbers so long that Python refuses to read them.
_entity = re.compile(r"&(?:#[0-9]{1,9}(?![0-9]);?|#[xX][0-9a-fA-F]{1,8}(?![0-9a-fA-F]);?|[A-Za-z][A-Za-z0-9]{1,31};?)")
_closed_entity = re.compile(_entity.pattern.replace(";?", ";"))
_PANELS = frozenset(("tab-pane", "tab-panel", "tabpanel"))
_hidden = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Comments that a server replaces by what they name.
_instruction = re.compile(r"<!--\s*(?:#|esi\b|\[CDATA)", re.IGNORECASE)


def attributes_of(raw: str) -> dict[str, str]:
    """Names (in lower case) and values of attributes as they stand in a tag; the first of two counts."""
    found: dict[str, str] = {}
    for match in _attribute.finditer(raw):
        name = match[1].lower()
        if name not in found:
            value = match[2] or match[3] or match[4] or ""
            # Without its semicolon it may be a parameter of an address: ?a=1&copy=2.
            found[name] = _closed_entity.sub(_unescaped, value) if "&" in value else value
    return found


def hides(style: str) -> bool:
    """Whether the style of an element hides it."""
    return _hidden.search(style) is not None


def is_apart(attributes: dict[str, str]) -> bool:
    """Hidden until something is clicked, or shown in turn: what stands there is not seen beside its witness.

    By the tag itself. Classes that hide on a narrow screen are how pages come to hold their text twice.
    """
    if "hidden" in attributes or hides(attributes.get("style", "")):
        return True
    return attributes.get("role", "").lower() == "tabpanel" or not _PANELS.isdisjoint(
        attributes.get("class", "").lower().split()
    )


def address_of(tokens: Sequence[Token]) -> str:
    """The address of the page, by what it says first of <base>, the canonical link and og:url."""
    found = dict.fromkeys(("base", "link", "meta"), "")
    for token in tokens:
        if token.kind != CLOSE and token.name in found and not found[token.name]:
            values = attributes_of(token.attributes)
            if token.name == "base":
                found["base"] = values.get("href", "")
            elif token.name == "link" and values.get("rel", "").lower() == "canonical":
                found["link"] = values.get("href", "")
            elif token.name == "meta" and values.get("property", "").lower() == "og:url":
                found["meta"] = values.get("content", "")
    return next(filter(None, found.values()), "")


def unescaped(text: str) -> str:
    return _entity.sub(_unescaped, text) if "&" in text else text


def _unescaped(match: re.Match[str]) -> str:
    return html.unescape(match.group())


def padded(text: str) -> str:
    """``text`` with entities by the characters they name, padded to its length."""
    return _entity.sub(_named, text) if "&" in text else text


def _named(match: re.Match[str]) -> str:
    entity = match.group()
    named = html.unescape(entity)
    if named == entity or len(named) > len(entity):
        return entity
    if named.isspace():
        return (named if named == "\xa0" else " ") + " " * (len(entity) - 1)
    return named + (PAD if named in UNSEEN else TAIL) * (len(entity) - len(named))


def instructs(text: str, token: Token) -> bool:
    """Whether a comment tells a server to do something."""
    return token.kind == NOTE and _instruction.match(text, token.start) is not None


class Says:
    """Answers for one page; ``base`` is its address, or empty."""

    def __init__(self, text: str, base: str = "") -> None:
        self.text = text
        self.links = Links(base)
        self.targets = targets(text)
        self._known: dict[tuple[str, str], str] = {}

    def tag(self, name: str, attributes: str) -> str:
        """What a start tag says by its attributes; empty where that is nothing."""
        if not attributes and "-" not in name:
            return ""
        known = self._known.get((name, attributes))
        if known is None:
            known = self._known[name, attributes] = self._tag(name, attributes_of(attributes))
        return known

    def around(self, token: Token) -> str:
        """What an inline element that began before the run says of it."""
        said = self.tag(token.name, token.attributes)
        return said or ("" if token.name in PLAIN_TAGS else token.name)

    def _tag(self, name: str, attributes: dict[str, str]) -> str:
        said = [f"{key}={value}" for key, value in sorted(attributes.items()) if self._counts(name, key, value)]
        said = [self._followed(each) for each in said]
        if hides(attributes.get("style", "")):
            said.append("hidden")
        return " ".join([name, *said]) if said or "-" in name else ""

    def _counts(self, name: str, key: str, value: str) -> bool:
        if key == "id" or (key == "name" and name == "a"):
            return value in self.targets
        if key.startswith("data-"):
            return (name in REPLACED or name in VOID) and any(part in key for part in IMAGE_DATA)
        if key == "type":
            return name in ("input", "button")
        if key == "dir":
            return name == "bdo"
        return key not in IMMATERIAL and not key.startswith(IMMATERIAL_PREFIXES)

    def _followed(self, said: str) -> str:
        """An attribute with its address as where it leads."""
        key, _, value = said.partition("=")
        if key == "srcset" or key.endswith("-srcset"):
            return f"{key}={' '.join(self.links[part] for part in value.replace(',', ' ').split())}"
        return f"{key}={self.links[value]}" if key in LINKS else said

    def whole(self, tokens: Sequence[Token], start: int, end: int, *, exact: bool = False) -> str:
        """All that ``text[start:end]`` says, its ``tokens`` given; ``exact`` keeps white space.

        Unlike anything else where it holds a script or an instruction to a server.
        """
        pieces: list[str] = []
        at = start
        for token in tokens:
            if token.start > at:
                pieces.append(self._plain(at, token.start, exact))
            pieces.append(self._said(token))
            at = max(at, token.end)
        if at < end:
            pieces.append(self._plain(at, end, exact))
        return "".join(pieces)

    def _plain(self, start: int, end: int, exact: bool) -> str:
        text = unescaped(self.text[start:end]).replace(SAYS, "\ufffd")
        return text if exact else "".join(text.split())

    def _said(self, token: Token) -> str:
        name = token.name
        if token.kind == NOTE:
            return self.unique(token) if instructs(self.text, token) else ""
        if name in SKIPPED:
            return self.unique(token)
        if token.kind == CLOSE:
            if name in SIGNS:
                return SAYS + SIGNS[name][1]
            return "" if name in PLAIN_TAGS or name in OPTIONAL_END or name in VOID else f"{SAYS}/{name}{SAYS}"
        said = self.tag(name, token.attributes)
        if token.kind == ELEMENT:
            return self.replaced(token)
        if name in SIGNS:
            return f"{SAYS}{SIGNS[name][0]}{said}"
        return f"{SAYS}{said or name}{SAYS}" if said or name not in PLAIN_TAGS else ""

    def replaced(self, token: Token) -> str:
        """What a raw element says: its attributes and, where it is shown, its content."""
        said = self.tag(token.name, token.attributes) or token.name
        content = self.text[token.start : token.end].partition(">")[2] if token.name != "iframe" else ""
        return f"{SAYS}{said} {''.join(content.split())}{SAYS}"

    def unique(self, token: Token) -> str:
        """What equals nothing else on the page: scripts run where they stand."""
        return f"{SAYS}at {token.start} {self.text[token.start : token.end]}{SAYS}"
