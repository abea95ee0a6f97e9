"""The main text of an HTML page as paragraphs.

resiliparse does it: its heuristics keep nearly all of an article (recall before precision, which suits a
tool that removes only what stands twice), they run at 10 to 30 MB/s, and they are what the DCLM corpus was
made with. trafilatura runs at 0.6 to 1.5 MB/s over the same pages and needs seven more packages; selectolax
parses only. A limit that is known: short lists are taken for menus.
"""

from __future__ import annotations

import re
from typing import Any

from cleaner.errors import SettingsError

# Browsers nest no deeper either. Below, the heuristics take a time that grows with the square of the depth.
DEEPEST = 512
# Parsing takes a time that grows with the square of the number of attributes of one element.
_LONG_TAG = re.compile(r"<([a-zA-Z][^\s<>/]{0,40})[^<>]{200000,}>")
_OPENED = re.compile(r"<(/?)(?:div|article|section|main)\b", re.I)

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_META = re.compile(rb"<meta\b[^>]{0,1000}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_XML = re.compile(rb"\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)")
_META_WITHIN = 4096  # bytes; HTML asks for 1024, pages are less strict
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Written in ASCII, so that strict UTF-8 says nothing about them.
_SHIFTING = re.compile(r"iso-?2022|utf-?7|utf-?16|hz", re.I)
_UTF8 = re.compile(r"utf-?8\Z", re.I)
_SAMPLE = 50_000

_UP = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_DOWN = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
_RAISED = re.compile(
    r"<(su[pb])\b[^<>]*>\s*(?:<[^<>/]*>\s*)?([+\-−]?[0-9n]{1,6}[+\-−]?)\s*(?:</[^<>]*>\s*)?</\1\s*>", re.I
)
_BLANK = re.compile(r"\n(?:[ \t]*\n){2,}")
_LINE_END = re.compile(r"[ \t\xa0]+(?=\n|\Z)")


def require() -> None:
    """Raise SettingsError where the package is missing."""
    _package()


def main_text(html: str) -> str:
    """The main text of a page: blank lines between paragraphs, also where the page has two <br>."""
    extract = _package()
    if len(html) > 200_000:
        html = _LONG_TAG.sub(r"<\1>", html)
    html = _RAISED.sub(_at_its_height, html)
    text = extract(html, main_content=not _too_deep(html), alt_texts=False)
    return _BLANK.sub("\n\n", _LINE_END.sub("", text)).strip("\n")


def decoded_html(body: bytes, content_type: str = "") -> str:
    """The text of a page's bytes; what cannot be decoded becomes U+FFFD, as in a browser.

    A byte order mark decides, then UTF-8 with hardly a broken byte, whatever is declared: other encodings
    do not come out as UTF-8 by chance. Then what HTTP and the page declare, where the bytes fit, and chardet.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    declared = [label for label in (_label(_CHARSET.search(content_type)), _declared(body)) if label]
    if not any(_SHIFTING.match(label) for label in declared):
        said = any(_UTF8.match(label) for label in declared)
        text = _as_utf8(body, 1 if said else 20)
        if text is not None:
            return text
    for label in declared:
        try:
            return body.decode(_known(label))
        except (LookupError, UnicodeError):
            continue
    return _guessed(body)


def _at_its_height(found: re.Match[str]) -> str:
    """Raised and lowered figures as characters of their own: 10<sup>2</sup> is not 102."""
    return found[2].translate(_UP if found[1].lower() == "sup" else _DOWN)


def _too_deep(html: str) -> bool:
    depth = deepest = 0
    for tag in _OPENED.finditer(html):
        depth += -1 if tag[1] else 1
        deepest = max(deepest, depth)
    return deepest > DEEPEST


def _as_utf8(body: bytes, times: int) -> str | None:
    """``body`` read as UTF-8, if it holds ``times`` as many letters beyond ASCII as broken bytes."""
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken and len(body) - len(text) < 2 * broken * times:  # a letter beyond ASCII has 1 to 3 bytes more
        return None
    return text


def _label(found: re.Match[str] | None) -> str:
    return found[1] if found is not None else ""


def _declared(body: bytes) -> str:
    head = body[:_META_WITHIN]
    found = _XML.match(head) or _META.search(head)
    label = found[1].decode("ascii", "replace") if found is not None else ""
    return "" if label.lower().startswith("utf-16") else label  # it could not be read if it were true


def _known(label: str) -> str:
    """The encoding that browsers take for a label (ISO-8859-1 is Windows-1252 to them), and no other of Python's."""
    import codecs

    from resiliparse.parse.encoding import map_encoding_to_html5

    known = map_encoding_to_html5(label, fallback_utf8=False)
    known = known or map_encoding_to_html5(codecs.lookup(label).name, fallback_utf8=False)
    if known is None:
        raise LookupError(label)
    return str(known)


def _guessed(body: bytes) -> str:
    import chardet

    encoding = chardet.detect(body[:_SAMPLE])["encoding"] or "utf-8"
    try:
        return body.decode(encoding, "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def _package() -> Any:
    try:
        from resiliparse.extract.html2text import extract_plain_text
    except ImportError:
        raise SettingsError("pages of a WARC need resiliparse: pip install 'article-cleaner[dumps]'") from None
    return extract_plain_text
