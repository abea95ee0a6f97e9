"""Dumps of MediaWiki (XML of Special:Export and of pages-articles), a page an article.

Promise: *text*. The pages come out as JSONL with id, title, ns, revision, timestamp and text, where text is
the wikitext as plain paragraphs, and cannot become wikitext again. Redirects, pages whose model is not
wikitext, pages without text and, where a dump holds histories, all revisions but the last are left out.

The dump is cut at ``<page>`` and ``</page>``, which cannot stand inside a page but as ``&lt;page&gt;``; each
page is parsed alone. No entity can be declared inside a page, so that none can expand.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import Any, Literal
from xml.etree import ElementTree

from cleaner.formats.parts import Part, Stream
from cleaner.formats.tally import CUT_OFF
from cleaner.formats.wikitext import Names, plain

LONGEST = 64 << 20
"""Bytes of a page with one revision; earlier revisions of a history are passed over as they come."""

_PAGE = re.compile(rb"<page(?=[\s>])")
_END_OR_NEXT = re.compile(rb"<(?:/page\s*>|page(?=[\s>]))")
_REVISION = re.compile(rb"<revision(?=[\s>])")
_END = b"</mediawiki"
_OVERLAP = 32
_LONGEST_HEAD = 4 << 20
_NAMESPACE = re.compile(rb'<namespace\b[^>]*\bkey="(6|14)"[^>]*>([^<]{1,200})</namespace>')
_REDIRECT = re.compile(r"\s*#redirect\b", re.I)
_CUT_OFF = "the pages before it are done: get the file again for the rest"
_LEFT_OUT = "the page is left out: get the file again, or correct it"


def pages(read: Iterable[bytes]) -> Iterator[Part]:
    """Every page of a dump, before the first one the names of its namespaces, and what cannot be a page."""
    stream = Stream(read)
    yield _names(stream)
    while (found := _to_page(stream)) == "page":
        if not (yield from _page(stream)):
            return
    if stream.damage or found == "cut":
        detail = stream.damage or "the file ends without </mediawiki>"
        yield Part.trouble(stream.at + len(stream.data), CUT_OFF, detail, _CUT_OFF)


def names_of(part: Part) -> Names:
    """What files and categories are called in the dump."""
    return Names.of(*part.value)


def article_of(part: Part, names: Names) -> Mapping[str, Any] | str | tuple[str, str, str]:
    """The article of a page; or the kind that it is left out under; or (reason, detail, fix)."""
    try:
        # A part begins with <page>, and entities can be declared before the first element only.
        page = ElementTree.fromstring(part.data)  # nosec B314 # no document type, so nothing that expands
    except ElementTree.ParseError as error:
        return "broken XML", f"a page that is not XML ({error})", _LEFT_OUT
    revision = next((each for each in reversed(page) if _name(each) == "revision"), None)
    if revision is None:
        return "pages without a revision"
    wikitext = _of(revision, "text")
    if _child(page, "redirect") is not None or _REDIRECT.match(wikitext):
        return "redirects"
    if (_of(revision, "model") or "wikitext") != "wikitext":
        return "pages that are not wikitext"
    title = _of(page, "title")
    text = plain(wikitext, title, names)
    if not text:
        return "pages without text"
    numbers = {"id": _of(page, "id"), "ns": _of(page, "ns"), "revision": _of(revision, "id")}
    id_, ns, revision_id = map(_number, numbers.values())
    return {
        "id": id_, "title": title, "ns": ns, "revision": revision_id,
        "timestamp": _of(revision, "timestamp") or None, "text": text,
    }  # fmt: skip


def _names(stream: Stream) -> Part:
    """The names of the namespaces of files and of categories, from the head of the dump."""
    while (page := _PAGE.search(stream.data)) is None and stream.more(2 * len(stream.data) + 4096):
        if len(stream.data) > _LONGEST_HEAD:
            break
    head = bytes(stream.data[: page.start() if page is not None else _LONGEST_HEAD])
    found: dict[bytes, list[str]] = {b"6": [], b"14": []}
    for name in _NAMESPACE.finditer(head):
        found[name[1]].append(name[2].decode("utf-8", "replace"))
    import json

    return Part("names", 0, json.dumps(list(found.values())).encode("ascii"))


def _to_page(stream: Stream) -> Literal["page", "end", "cut"]:
    """What comes next, a page or the end of the dump; what stands before it is passed over."""
    closed = False
    while (page := _PAGE.search(stream.data)) is None:
        closed = closed or _END in stream.data
        stream.take(max(0, len(stream.data) - _OVERLAP))
        if not stream.more(len(stream.data) + 1):
            return "end" if closed else "cut"
    stream.take(page.start())
    return "page"


def _page(stream: Stream) -> Generator[Part, None, bool]:
    """The page at hand; false where the file ends in it."""
    at, seen = stream.at, 1
    while (end := _END_OR_NEXT.search(stream.data, seen)) is None:
        if len(stream.data) > LONGEST and not _without_earlier(stream):
            yield _too_long(stream)
            return True
        seen = max(1, len(stream.data) - _OVERLAP)
        if not stream.more(len(stream.data) + 1):
            break
    if end is not None and end[0].startswith(b"</"):
        yield Part("record", at, stream.take(end.end()))
    elif end is not None:
        stream.take(end.start())
        yield Part.trouble(at, "broken XML", "a page without an end", _LEFT_OUT)
    else:
        stream.take(len(stream.data))
        detail = "the file ends in the middle of a page"
        if stream.damage:
            detail, stream.damage = f"{detail} ({stream.damage})", ""
        yield Part.trouble(at, CUT_OFF, detail, _CUT_OFF)
    return end is not None


def _without_earlier(stream: Stream) -> bool:
    """Pass over all revisions but the last one begun; False where there are none."""
    begins = [found.start() for found in _REVISION.finditer(stream.data)]
    if len(begins) < 2:
        return False
    stream.at += begins[-1] - begins[0]
    del stream.data[begins[0] : begins[-1]]
    return True


def _too_long(stream: Stream) -> Part:
    at = stream.at
    while (end := _END_OR_NEXT.search(stream.data, 1)) is None:
        stream.take(max(1, len(stream.data) - _OVERLAP))
        if not stream.more(len(stream.data) + 1):
            break
    stream.take(end.start() if end is not None else len(stream.data))
    return Part.trouble(
        at, "too long", f"a page of more than {LONGEST >> 20} MB", "it is left out: no article is so long"
    )


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _child(element: ElementTree.Element, name: str) -> ElementTree.Element | None:
    return next((each for each in element if _name(each) == name), None)


def _of(element: ElementTree.Element, name: str) -> str:
    child = _child(element, name)
    return (child.text or "") if child is not None else ""


def _number(text: str) -> int | str | None:
    """Numbers as such, if they are short enough for every reader of JSON."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else text or None
