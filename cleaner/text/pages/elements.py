"""Tags of HTML and JSX in Markdown: which begin a container, and which hold nothing that is compared."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

ScopeKind = Literal["tab", "box", ""]


def names(text: str) -> frozenset[str]:
    """Words as a set."""
    return frozenset(text.split())


INLINE = names(
    "a abbr acronym b bdi bdo big br cite code data del dfn em embed font i img input ins kbd label mark q rp rt ruby "
    "s samp small span strike strong sub sup time tt u var wbr"
)
"""Part of the paragraph in which they stand."""

WHOLE = names(
    "audio canvas dir dl fieldset figure form h1 h2 h3 h4 h5 h6 head iframe map math menu nav noscript object ol pre "
    "picture script select style summary svg table template textarea title ul video"
)
"""Not compared, with all that is in them: lists and tables written as tags, code, drawings, headings."""

CLEAR = names("address body center footer header hr html main p base basefont link meta col frame param source track")
"""No container: what is in them belongs to what is around."""

VOID = names("base basefont br col embed frame hr img input link meta param source track wbr")

_LONGEST = 20_000
"""Characters of one tag, and of a value in it."""


@cache
def _tabs() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Names of tabs and the like; of those the names of what holds them."""
    one = "tab|platform|pivot|moniker|zone|variant|framework|^(?:os|lang|language|option|case|when)$"
    several = "tabs|tab-?(?:set|group|pane|container|list|bar|nav)|table|timezone"
    return re.compile(one, re.IGNORECASE), re.compile(several, re.IGNORECASE)


def scope_kind(name: str) -> ScopeKind:
    """What a container of this name is: one of several ways to read on, or a box."""
    one, several = _tabs()
    return "tab" if one.search(name) and not several.search(name) else "box"


class Tag(NamedTuple):
    """A tag in characters [start, end); ``name`` is empty for the fragments of JSX, ``<>`` and ``</>``."""

    start: int
    end: int
    name: str
    closes: bool
    single: bool
    inside: str


@cache
def _tag() -> re.Pattern[str]:
    """Names, then values in quotes or in braces (four deep), up to ``>``; possessive, so that it never goes back."""
    braces = r"\{[^{}]*+\}"
    for _ in range(3):
        braces = rf"\{{(?:[^{{}}]++|{braces})*+\}}"
    return re.compile(rf"<(/?)([A-Za-z][\w.:-]*+)?((?:[^<>\"'{{}}]++|\"[^\"]*+\"|'[^']*+'|{braces})*+)>")


def tag_at(text: str, at: int) -> Tag | None:
    """The tag that begins at ``at``; None where none does, or it is an address in angle brackets."""
    match = _tag().match(text, at, min(len(text), at + _LONGEST))
    if match is None:
        return None
    slash, name, inside = match.group(1), match.group(2) or "", match.group(3)
    if (not name and inside.strip()) or (name and inside and inside[0] not in " \t\n/\"'{"):
        return None
    if name.endswith(":"):  # <https://...>
        return None
    single = inside.endswith("/") or (name.lower() in VOID and name.islower())
    return Tag(at, match.end(), name, bool(slash), single and not slash, inside)


def kind_of(tag: Tag) -> ScopeKind:
    """The kind of the container that a tag opens or closes; empty for none."""
    name = tag.name
    if name.islower():
        if name in CLEAR or name in INLINE:
            return ""
        if name in ("div", "section"):
            called = re.search(r"""(?:class|className|id|role)=["']?([^"'>]*)""", tag.inside)
            parts = called.group(1).split() if called else []
            return "tab" if any(scope_kind(part) == "tab" for part in parts) else "box"
    return scope_kind(name)


@cache
def _either(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(/?){re.escape(name)}(?=[\s/>])[^<>]*(?<!/)>")


class Wholes:
    """Where elements that are not looked into end. Linear in the length of the text, however they are nested."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.last: dict[str, int] = {}
        self.broken: set[str] = set()

    def find(self, sign: str, at: int) -> int:
        """Where ``sign`` stands next from ``at`` on; -1 where it does not, which is looked up once for the file."""
        return self.text.find(sign, at) if self._last(sign) >= at else -1

    def closes_behind(self, name: str, at: int) -> bool:
        """Whether an end tag of this name stands somewhere behind ``at``."""
        return self._last(f"</{name}>") >= at

    def _last(self, sign: str) -> int:
        if sign not in self.last:
            self.last[sign] = self.text.rfind(sign)
        return self.last[sign]

    def end(self, tag: Tag) -> int:
        """Where the element ends that ``tag`` opens; behind the tag where it has no end."""
        if tag.single or tag.closes or not self.closes_behind(tag.name, tag.end):
            return tag.end
        if tag.name not in self.broken:
            depth = 1
            for match in _either(tag.name).finditer(self.text, tag.end):
                depth += -1 if match.group(1) else 1
                if not depth:
                    return match.end()
            self.broken.add(tag.name)  # nested wrongly: from here on the next end tag is taken
        close = self.text.find(">", self.text.find(f"</{tag.name}>", tag.end))
        return close + 1 if close >= 0 else tag.end

    def closed_at_line_end(self, tag: Tag, line_end: int) -> bool:
        """Whether a tag before text is closed at the end of its line, as the last thing of a paragraph, or later."""
        if tag.closes or tag.single:
            return tag.closes
        close = f"</{tag.name}>"
        at = self.text.find(close, tag.end, line_end)
        if at < 0:
            return self.closes_behind(tag.name, line_end)
        if re.compile(r"(?:[ \t]|</[\w.:-]+>)*(?=\n|\Z)").match(self.text, at + len(close)) is None:
            return False
        # A component may be the first word of a paragraph that goes on.
        return tag.name.islower() or re.compile(r"[ \t]*(?:\n|\Z|<|\{)").match(self.text, line_end + 1) is not None
