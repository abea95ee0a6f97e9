"""Records of WARC and WET files as articles: pages by their main text, WET by the text it holds.

Promise: *text*. The articles come out as JSONL, since a page cannot be written again without a
paragraph of its text. Lines of WET hold id, url, date, lang and text, lines of WARC the same without
lang; lang is what the crawler identified, or null. id and date are those of the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cleaner.formats.http_body import TooLong, decoded, response_of
from cleaner.formats.main_text import decoded_html, main_text
from cleaner.formats.parts import Part
from cleaner.formats.web_archive import LONGEST_LENGTH, Fields, head_and_block

_HTML = ("text/html", "application/xhtml+xml", "application/xhtml")
_OTHERS = {"request": "requests", "metadata": "metadata records", "warcinfo": "warcinfo records",
           "revisit": "revisits", "continuation": "continued records"}  # fmt: skip
_TOO_LONG = ("too long", "a page of more than 64 MB", "it is left out: no article is so long")

LeftOut = str
Trouble = tuple[str, str, str]


def article_of(part: Part) -> Mapping[str, Any] | LeftOut | Trouble:
    """The article of a record; or the kind that it is left out under; or (reason, detail, fix)."""
    fields, block = head_and_block(part.data)
    kind = fields.get("warc-type", "").lower()
    try:
        if kind == "conversion":
            return _converted(fields, block)
        if kind == "response":
            return _response(fields, block)
        if kind == "resource":
            return _resource(fields, block)
    except TooLong:
        return _TOO_LONG
    return _OTHERS.get(kind, "other records")


def _converted(fields: Fields, block: bytes) -> Mapping[str, Any] | LeftOut | Trouble:
    if not fields.get("content-type", "text/plain").lower().startswith("text/plain"):
        return "conversions that are no text"
    if _is_cut(fields, block):
        return _TOO_LONG
    text = decoded_html(block, "charset=utf-8").replace("\r\n", "\n").strip("\n")
    if not text.strip():
        return "records without text"
    return _line(fields) | {"lang": fields.get("warc-identified-content-language"), "text": text}


def _response(fields: Fields, block: bytes) -> Mapping[str, Any] | LeftOut | Trouble:
    if not fields.get("content-type", "application/http").lower().startswith("application/http"):
        return "responses of other protocols"
    response = response_of(block)
    if response.status is None:
        return "responses without a status"
    if not 200 <= response.status < 300:
        return f"responses with status {response.status // 100}xx"
    content_type = response.fields.get("content-type", "")
    if not _is_page(content_type, response.body):
        return "responses that are no pages"
    return _TOO_LONG if _is_cut(fields, block) else _page(fields, decoded(response), content_type)


def _resource(fields: Fields, block: bytes) -> Mapping[str, Any] | LeftOut | Trouble:
    content_type = fields.get("content-type", "")
    if not _is_page(content_type, block):
        return "resources that are no pages"
    return _TOO_LONG if _is_cut(fields, block) else _page(fields, block, content_type)


def _page(fields: Fields, body: bytes, content_type: str) -> Mapping[str, Any] | LeftOut:
    text = main_text(decoded_html(body, content_type))
    return _line(fields) | {"text": text} if text.strip() else "pages without text"


def _is_page(content_type: str, body: bytes) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    if kind:
        return kind in _HTML
    head = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype html", b"<html")) or b"<html" in head


def _is_cut(fields: Fields, block: bytes) -> bool:
    """Whether only the beginning of a long record was read."""
    length = fields.get("content-length", "")
    return length.isascii() and length.isdigit() and len(length) <= LONGEST_LENGTH and int(length) > len(block)


def _line(fields: Fields) -> dict[str, Any]:
    return {
        "id": fields.get("warc-record-id"),
        "url": fields.get("warc-target-uri", "").removeprefix("<").removesuffix(">") or None,
        "date": fields.get("warc-date"),
    }
