"""Wikitext as plain paragraphs, in one pass whose time grows with the length of the text, also for broken markup.

What a reader of the page sees as running text stays: paragraphs and headings with a blank line between
them, list items a line each, labels of links, formulas as they are written, quotations. What stands
around it goes: templates (but for those in ``wiki_templates`` that are part of a sentence), tables,
notes, files and their captions, categories, galleries, program code. A heading below which nothing is
left goes too. The text cannot be turned back into wikitext.

mwparserfromhell was measured first: 1 MB/s, and its ``strip_code`` leaves captions and cells of tables;
this does 12 MB/s over the same two dumps.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from typing import NamedTuple

from cleaner.formats.wiki_blocks import BREAK, GONE, PARAGRAPH, paragraphs
from cleaner.formats.wiki_templates import rendered

# Characters below U+0009 cannot stand in XML, hence not in a page: they are free to mark places.
_KEPT = "\x04"
_FORBIDDEN = re.compile(r"[\x00-\x08]")

# Patterns that begin with one of a few characters, all of them written out, are searched for many times as fast.
# An unclosed comment ends with the page, as in MediaWiki. One that fills its line takes a line end with it.
_COMMENT = re.compile(r"\n[ \t]*+(?><!--.*?-->)[ \t]*+(?=\n)|<!--.*?(?:-->|\Z)", re.DOTALL)
_SPACE = re.compile(r"\s+")
_AS_WRITTEN = ("nowiki", "math", "chem", "ce")
_LEFT_OUT = (
    "ref", "references", "gallery", "imagemap", "timeline", "score", "hiero", "graph", "mapframe", "maplink",
    "templatestyles", "templatedata", "categorytree", "inputbox", "section", "indicator", "includeonly", "pre",
    "syntaxhighlight", "source", "math chem", "ref list", "rss", "slideshow", "quiz", "listing", "style", "script",
)  # fmt: skip
_OPAQUE = re.compile(rf"<({'|'.join((*_AS_WRITTEN, *_LEFT_OUT))})(?:\s[^<>]*)?>", re.IGNORECASE)

_TOKEN = re.compile(
    r"[{}\[\]\n<](?:(?<=\{)\{+|(?<=\})\}+|(?<=\[)\[|(?<=\])\]+"
    r"|(?<=\n)(?:[ \t:]*+\{\||[ \t]*+\|\}(?!\})|(?=[ \t]*+\n|=))"
    r"|(?<=<)(?:table\b[^<>]*|/table\s*)>)",
    re.IGNORECASE,
)
_DEEPEST = 100  # MediaWiki expands no deeper either; what is opened below is text, or time would grow with the depth
_MEDIA = re.compile(r"\.(?:jpe?g|png|gif|svg|tiff?|og[gav]|opus|web[mp]|pdf|djvu|xcf|midi?|wav|mp3|flac|stl)\s*$", re.I)
_LANGUAGE = re.compile(r"(?:[a-z]{2,3}|simple)(?:-[a-z]+)*")
_FILES, _CATEGORIES = frozenset({"file", "image"}), frozenset({"category"})

_VARIANT = re.compile(r"-\{(?:[A-Za-z+;-]{1,8}\|)?(?:[a-z]{2,3}(?:-[a-z]+)*:)?([^{};]*)(?:;[^{}]*)?\}-")
_EXTERNAL = re.compile(r"\[(?:(?:https?|ftps?|irc|news|git|sftp):)?//[^\s\[\]<>]+(?:[ \t]+([^\[\]\n]*))?\]", re.I)
_MAIL = re.compile(r"\[mailto:[^\s\]]+[ \t]+([^\]\n]*)\]", re.I)
_QUOTES = re.compile(r"''+")
_SWITCH = re.compile(r"__([^\W\d_]+(?:_[^\W\d_]+)*)__")
_RAISED = re.compile(r"<(su[pb])>([^<>]{0,12})</\1>", re.I)
_UP = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_DOWN = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_FIGURE = re.compile(r"[0-9+\-−=()n]*[0-9n][0-9+\-−=()n]*")
_LINE_BREAK = re.compile(r"<br\b[^<>]*>|</br\s*>", re.I)
_BLOCK = re.compile(
    r"</?(?:p|div|blockquote|center|ul|ol|li|dl|dt|dd|hr|h[1-6]|poem|section|article|figure|figcaption|tr|caption)"
    r"\b[^<>]*>|\n-{4,}",
    re.I,
)
_INLINE = re.compile(
    r"</?(?:span|small|big|b|i|u|s|em|strong|strike|del|ins|tt|code|kbd|samp|var|cite|dfn|abbr|q|mark|font|sub|sup"
    r"|bdi|bdo|rb|ruby|rt|rp|rtc|wbr|time|data|noinclude|onlyinclude|nowiki|ref|references|gallery|math|pre"
    r"|td|th|tbody|thead|table|includeonly|translate|languages|tvar|col|a)\b[^<>]*>",
    re.I,
)


class Names(NamedTuple):
    """What files and categories are called in a wiki, in lower case, beside the English names."""

    files: frozenset[str] = _FILES
    categories: frozenset[str] = _CATEGORIES

    @classmethod
    def of(cls, files: Collection[str], categories: Collection[str]) -> Names:
        own = ({name.lower() for name in names if name} for names in (files, categories))
        return cls(_FILES | next(own), _CATEGORIES | next(own))


_ENGLISH = Names()


def plain(wikitext: str, title: str = "", names: Names = _ENGLISH) -> str:
    """The text of a page; ``title`` is put where the page names itself ({{PAGENAME}})."""
    kept: list[str] = []
    text = _FORBIDDEN.sub("", wikitext.replace("\r\n", "\n"))
    text = _COMMENT.sub("", text)
    text = _without_opaque(text, kept)
    text = _Scan(title, names).run(text)
    text = _inline(text)
    text = html.unescape(text)
    text = paragraphs(text)
    return _put_back(text, kept) if kept else text


def _without_opaque(text: str, kept: list[str]) -> str:
    """``text`` without the elements in which markup means nothing; what stays of them goes to ``kept``."""
    pieces, at = [], 0
    unclosed: set[str] = set()
    while (tag := _OPAQUE.search(text, at)) is not None:
        pieces.append(text[at : tag.start()])
        name, at = tag[1].lower(), tag.end()
        if tag[0].endswith("/>"):
            continue
        end = None if name in unclosed else re.compile(rf"</{name}\s*>", re.I).search(text, at)
        if end is None:  # the tag alone goes; looked for once only, or a page of such tags would take for ever
            unclosed.add(name)
            continue
        if name in _AS_WRITTEN:
            kept.append(_as_written(name, text[at : end.start()]))
            pieces.append(f"{_KEPT}{len(kept) - 1}{_KEPT}")
        elif name not in ("ref", "includeonly", "section", "indicator", "templatestyles"):
            pieces.append(PARAGRAPH)
        at = end.end()
    return "".join([*pieces, text[at:]])


def _as_written(name: str, content: str) -> str:
    content = _SPACE.sub(" ", content)
    return html.unescape(content) if name == "nowiki" else content.strip()


def _put_back(text: str, kept: list[str]) -> str:
    parts = text.split(_KEPT)
    for number in range(1, len(parts), 2):
        parts[number] = kept[int(parts[number])]
    return "".join(parts)


class _Open:
    """What is not closed yet: the page, ``open`` braces of a template or parameter, a link or a table."""

    __slots__ = ("braces", "kind", "pieces", "text")

    def __init__(self, kind: str, text: str) -> None:
        self.kind, self.text, self.pieces = kind, text, list[str]()
        self.braces = len(text) if kind == "open" else 0


class _Scan:
    """Templates, links and tables, which nest; what each leaves goes into what it stands in."""

    def __init__(self, title: str, names: Names) -> None:
        self.title, self.names = title, names
        self.stack = [_Open("page", "")]
        self.count = {"open": 0, "link": 0, "table": 0}

    def run(self, text: str) -> str:
        at = 0
        text = "\n" + text  # a table begins with a line
        for token in _TOKEN.finditer(text):
            self.stack[-1].pieces.append(text[at : token.start()])
            at = token.end()
            self._take(token[0])
        self.stack[-1].pieces.append(text[at:])
        while len(self.stack) > 1:
            self._abandon()
        return "".join(self.stack[0].pieces)

    def _take(self, token: str) -> None:
        first, last = token[0], token[-1]
        if first == "[":
            self._push("link", token)
        elif first == "]":
            self._end(token)
        elif first == "{":
            self._push("open", token)
        elif first == "}" and last == "}":
            self._close(token)
        elif token == "\n":  # nosec B105 # a token of the markup
            self._stop(token)
        elif last == "|" or (first == "<" and token[1] != "/"):
            self._push("table", token)
        else:
            self._done()

    def _push(self, kind: str, text: str) -> None:
        if len(self.stack) > _DEEPEST:
            self.stack[-1].pieces.append(text)
            return
        self.count[kind] += 1
        self.stack.append(_Open(kind, text))

    def _pop(self) -> tuple[_Open, str]:
        top = self.stack.pop()
        self.count[top.kind] -= 1
        return top, "".join(top.pieces)

    def _close(self, text: str) -> None:
        """Braces, matched as MediaWiki does: three and three are a parameter, two and two a template."""
        left = len(text)
        while left >= 2 and self.count["open"]:
            while self.stack[-1].kind != "open":
                self._abandon()
            top = self.stack[-1]
            used = min(left, top.braces, 3)
            content = "".join(top.pieces)
            top.pieces = [rendered(content, self.title) if used == 2 else GONE]
            left, top.braces = left - used, top.braces - used
            if top.braces < 2:
                rest = "{" * top.braces
                _, content = self._pop()
                self.stack[-1].pieces.append(rest + content)
        self.stack[-1].pieces.append("}" * left)

    def _end(self, text: str) -> None:
        """``]]``, perhaps of several links. A single ``]`` before it may close an external link in the label."""
        left = len(text)
        while left >= 2 and self.stack[-1].kind == "link":
            _, content = self._pop()
            if left % 2 and content.rfind("[") > content.rfind("]"):
                content, left = content + "]", left - 1
            self.stack[-1].pieces.append(_link(content, self.names))
            left -= 2
        self.stack[-1].pieces.append("]" * left)

    def _done(self) -> None:
        """The end of a table, with all that is open in it."""
        if not self.count["table"]:
            return
        while self.stack[-1].kind != "table":
            self._abandon()
        self._pop()
        self.stack[-1].pieces.append(PARAGRAPH)

    def _stop(self, text: str) -> None:
        """A blank line: a link does not reach over it, the caption of a file may."""
        while self.stack[-1].kind == "link" and not _is_file(self.stack[-1].pieces[0], self.names):
            self._abandon()
        self.stack[-1].pieces.append(text)

    def _abandon(self) -> None:
        """What was never closed is text, but for what only tables and the fields of a template look like."""
        top, content = self._pop()
        if top.kind == "link":
            self.stack[-1].pieces += ["" if _is_file(content, self.names) else top.text, content]
            return
        lines = content.split("\n")
        if top.kind == "open" and len(lines) == 1:
            self.stack[-1].pieces += [top.text, content]
            return
        rest = [line for line in lines[1:] if not line.lstrip().startswith(("|", "!"))]
        self.stack[-1].pieces += [PARAGRAPH, "\n".join(rest)]


def _is_file(content: str, names: Names) -> bool:
    space, colon, _ = content.partition(":")
    return bool(colon) and space.strip().lower() in names.files


def _link(content: str, names: Names) -> str:
    """What a link shows: its label, else its target; nothing for files, categories and other languages."""
    target, pipe, label = content.partition("|")
    target = target.strip()
    space, colon, page = target.partition(":")
    if colon and space:
        name = space.strip().lower().replace("_", " ")
        if name in names.files or _MEDIA.search(page):
            return GONE
        if name in names.categories:
            return ""
        if not pipe and space.islower() and _LANGUAGE.fullmatch(space) and page[:1] not in (" ", ""):
            return ""
    label = label.strip() if pipe else ""
    return label or target.removeprefix(":")


def _inline(text: str) -> str:
    """``text`` without the markup inside lines; breaks become marks."""
    if "-{" in text:
        text = _VARIANT.sub(r"\1", text)
    text = _EXTERNAL.sub(lambda found: found[1] or "", text)
    text = _MAIL.sub(r"\1", text)
    text = _QUOTES.sub(_unquoted, text)
    if "__" in text:
        text = _SWITCH.sub(lambda found: found[0] if found[1].lower() == found[1] != found[1].upper() else "", text)
    if "<" not in text:
        return text
    text = _RAISED.sub(_raised, text)
    text = _LINE_BREAK.sub(BREAK, text)
    text = _BLOCK.sub(PARAGRAPH, text)
    return _INLINE.sub("", text)


def _unquoted(found: re.Match[str]) -> str:
    """Two, three and five are emphasis; of four one, and of more than five the rest are apostrophes."""
    length = len(found[0])
    return "'" if length == 4 else "'" * max(0, length - 5)


def _raised(found: re.Match[str]) -> str:
    """Raised and lowered figures keep their height: 10<sup>2</sup> is not 102."""
    inside = found[2].strip()
    if not _FIGURE.fullmatch(inside):
        return inside
    return inside.translate(_UP if found[1].lower() == "sup" else _DOWN)
