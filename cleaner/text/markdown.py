"""Markdown into blocks, by a real parser (pyromark). Only top-level paragraphs are prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from sys import maxsize
from typing import TYPE_CHECKING

from cleaner.types import Kind, Paragraph

if TYPE_CHECKING:
    from pyromark import Markdown

_KINDS: dict[str, Kind] = {
    "Paragraph": "prose",
    "Heading": "heading",
    "List": "list",
    "BlockQuote": "quote",
    "CodeBlock": "code",
    "Table": "table",
    "HtmlBlock": "html",
    "DefinitionList": "list",
    "MetadataBlock": "front matter",
    "FootnoteDefinition": "link definition",
}


_surrogate = re.compile("[\ud800-\udfff]")


@cache
def _parser() -> Markdown:
    from pyromark import Markdown, Options

    return Markdown(
        options=Options.ENABLE_TABLES
        | Options.ENABLE_FOOTNOTES
        | Options.ENABLE_DEFINITION_LIST
        | Options.ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options.ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
    )


def split_markdown(text: str) -> list[Paragraph]:
    """Blocks of ``text`` in order, in characters; what lies between them is white space only.

    Link definitions give no event: whatever the parser leaves between two blocks is taken for them.
    """
    found: list[Paragraph] = []
    at = 0
    shown = _without_surrogates(text)
    for start, end, kind in _in_characters(shown, _clipped(_blocks(shown))):
        found += _trimmed(text, at, start, "link definition")
        found += _trimmed(text, start, end, kind)
        at = end
    return found + _trimmed(text, at, len(text), "link definition")


def _blocks(text: str) -> Iterator[tuple[int, int, Kind]]:
    """Top-level blocks as (start, end, kind), in bytes of UTF-8."""
    depth = 0
    for event, span in _parser().events_with_range(text):
        if event == "Rule" and not depth:
            yield span["start"], span["end"], "mark"
        if not isinstance(event, dict):
            continue
        if "Start" in event:
            if not depth:
                tag = event["Start"]
                name = tag if isinstance(tag, str) else next(iter(tag))
                yield span["start"], span["end"], _KINDS.get(name, "html")
            depth += 1
        elif "End" in event:
            depth -= 1


def _without_surrogates(text: str) -> str:
    """The text as a parser of UTF-8 takes it, length for length: half a pair is a character that nothing shows."""
    return text if text.isascii() else _surrogate.sub("\N{REPLACEMENT CHARACTER}", text)


def _clipped(blocks: Iterator[tuple[int, int, Kind]]) -> Iterator[tuple[int, int, Kind]]:
    """The parser's range of a definition list reaches over the paragraph behind it: it ends where that begins."""
    for (start, end, kind), (after, _, _) in pairwise([*blocks, (maxsize, maxsize, "mark")]):
        yield start, min(end, after), kind


def _in_characters(text: str, blocks: Iterator[tuple[int, int, Kind]]) -> Iterator[tuple[int, int, Kind]]:
    if text.isascii():
        yield from blocks
        return
    data = text.encode("utf-8")
    byte = char = 0
    for start, end, kind in blocks:
        char += len(data[byte:start].decode("utf-8"))
        first = char
        char += len(data[start:end].decode("utf-8"))
        byte = end
        yield first, char, kind


def _trimmed(text: str, start: int, end: int, kind: Kind) -> list[Paragraph]:
    block = text[start:end]
    bare = block.strip()
    if not bare:
        return []
    first = start + block.index(bare[0])
    if kind == "prose" and bare[0] in "<{":  # an element, a shortcode, a comment
        kind = "html"
    return [Paragraph(first, first + len(bare), kind)]
