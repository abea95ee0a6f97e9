"""What a paragraph is to those around it: an item, half a sentence, a part of a structured text.

Read by hand, nearly every repeat in laws and specifications that did not stand beside its witness
belonged where it stood (236 of 238), while in news and novels nearly none did.
"""

from __future__ import annotations

import re

from cleaner.phases.context import Context, Piece
from cleaner.settings import QUARTERS
from cleaner.text.units import is_unspaced
from cleaner.text.wraps import ends_sentence

# Headings from which an article is taken for a structured text, and the share of labelled or
# indented paragraphs; a news article has a heading or two and no labels.
HEADINGS, LABELLED, FEW = 3, 0.25, 8
SECTION = 100 * QUARTERS
"""Weight from which a run is a copied section or body, whatever stands around it."""

# Q: and A:, 1. and 12), 4.2.1, (5), a), aa), § 7, Sec. II., bullets but no dash, which may be speech.
_label = re.compile(
    r"^\W{0,2}(?:[^\W\d_]\s?[:：]\s|\(?\d{1,3}(?:\.\d{1,3})*[.)]+\s|\d{1,3}(?:\.\d{1,3})+\s|\(?[^\W\d_]{1,2}\)\s"
    r"|\([ivxlc]{1,5}\)\s|§+\s*\d|[*+•‣◦×]\s"
    r"|(?:sec|sect|section|art|article|rule|no|nr|ziff|п|ст)\.?\s(?:\d{1,4}|[ivxlc]{1,6})[.:])",
    re.IGNORECASE,
)


def is_labelled(text: str) -> bool:
    """Begins with the label of an item, a question or a section."""
    return _label.match(text) is not None


def is_statement(context: Context, piece: Piece) -> bool:
    """A paragraph that could stand anywhere: no labelled item, and not plainly a part of a sentence.

    A part of one ends in a comma, or begins small and ends without a sign, and has no other sentence
    in it; or it is set in where others are not. Scripts without spaces have neither capitals nor
    full stops everywhere; there only the label counts.
    """
    layout = context.keyed.layout
    assert piece.paragraph is not None
    text = layout.paragraph_text(piece.paragraph)
    if is_labelled(text) and is_labelled(layout.paragraph_text(layout.paragraph_of(piece.witness))):
        return False
    first, last = context.forms.raw(piece.start), context.forms.raw(piece.end - 1)
    if is_unspaced(first) or is_unspaced(last):
        return True
    open_end = text[-1] in ",،" or (first[0].islower() and not ends_sentence(text))
    one_unit = not any(context.forms.starts_unit(word) for word in range(piece.start + 1, piece.end))
    return not (open_end and one_unit) and not _set_in(context, piece.paragraph)


def is_structured(context: Context) -> bool:
    """Whether the article is a structured text: a law, a specification, a manual, an agenda."""
    return context.remembered("structured", lambda: _structured(context))


def _structured(context: Context) -> bool:
    if len(context.headings) >= HEADINGS:
        return True
    layout = context.keyed.layout
    paragraphs = len(layout.spans)
    if paragraphs < FEW:
        return False
    marked = sum(is_labelled(layout.text[start : min(end, start + 20)]) for start, end in layout.spans)
    return marked >= LABELLED * paragraphs


def _set_in(context: Context, paragraph: int) -> bool:
    """Set in by two spaces and more, where most paragraphs are not."""
    if not _indent(context, paragraph):
        return False
    paragraphs = range(len(context.keyed.layout.spans))
    return context.remembered("set in", lambda: sum(_indent(context, p) for p in paragraphs) * 2 < len(paragraphs))


def _indent(context: Context, paragraph: int) -> bool:
    layout = context.keyed.layout
    start, _ = layout.spans[paragraph]
    return layout.text[max(0, start - 2) : start] == "  "


def is_row(text: str) -> bool:
    """A row of a table in Markdown: between two bars."""
    return text.startswith("|") and text.rstrip().endswith("|")
