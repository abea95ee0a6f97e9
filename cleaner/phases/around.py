"""What stands around two copies: the signs by which an accident and a structure are told apart.

All are questions about paragraphs by their number and about words by theirs; the answers come from the article alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaner.phases.context import Context, Piece
from cleaner.settings import QUARTERS, SIDE
from cleaner.text.wraps import ends_sentence

LABEL = 12 * QUARTERS
"""Weight of the longest line without an end sign that is taken for a label: a name, a date, a title."""
HEADLINE = 40 * QUARTERS
"""Weight of the longest first paragraph that is taken for a headline."""
QUESTION = TITLE = 25 * QUARTERS
"""Weight of the longest question that asks for what stands below it, and of the longest title; longer ones are text."""
PULLED = 45 * QUARTERS
"""Weight of the longest paragraph that is taken for a deck or a pull quote where a later one has its words: of 25
labelled ones up to there 23 go, of four longer ones none."""
LOOKED_AT = 6
"""Paragraphs above and below two copies in which rows may alternate."""

_question = re.compile("[?？؟՞፧\u037e][\\s\"'”’»)\\]*_]*$")
_colon = re.compile(r"[:：]\W{0,2}$")
_bullet = re.compile(r"(?:[*•·▪◦‣+]\s|\(?\d{1,3}[.)]\s|\|)")
_hyphen = re.compile(r"-\s")
_speaks = re.compile("[-–—\"'“„«‹「『‘¿]")
_sentences = re.compile(r"[.!?…]\W*\s\S")
_speech = re.compile(r"\s-\s|[?!]")
_dash = re.compile(r"[.!?…。][\"'”’»)]*\s+[-–—]\s")
_quote = re.compile('["“„«‹「『‟]\\W*$')


def introduces(text: str) -> bool:
    """Ends in a colon: it leads to what stands below it."""
    return _colon.search(text) is not None


def is_question(text: str) -> bool:
    """Ends in a question mark and is no line of speech: those begin with a dash or a quotation mark."""
    return _question.search(text) is not None and not _speaks.match(text)


def is_headline(context: Context, paragraph: int) -> bool:
    """The first paragraph of an article with several, short enough to stand over them, and without an end."""
    layout = context.keyed.layout
    if paragraph != 0 or len(layout.spans) < 2 or context.weighs(0, layout.first[1]) > HEADLINE:
        return False
    return not ends_sentence(layout.paragraph_text(0))


def is_item(context: Context, paragraph: int) -> bool:
    """Begins with a bullet, a number or the border of a table's row.

    A hyphen may begin a line of speech as well: it is a bullet where the line has no end, or is one sentence among
    others that begin so.
    """
    text = context.keyed.layout.paragraph_text(paragraph)
    if _bullet.match(text):
        return True
    return _hyphen.match(text) is not None and (
        not ends_sentence(text) or (not _sentences.search(text) and _among_hyphens(context, paragraph))
    )


def in_list(context: Context, paragraph: int) -> bool:
    """Begins as an item does, and so do two of the four lines around it; two lines may be speech."""
    layout = context.keyed.layout
    if not _is_marked(layout.paragraph_text(paragraph)):
        return False
    around = range(max(0, paragraph - 2), min(paragraph + 3, len(layout.spans)))
    return sum(_is_marked(layout.paragraph_text(p)) for p in around) > 2


def _is_marked(text: str) -> bool:
    return _bullet.match(text) is not None or (_hyphen.match(text) is not None and not _speech.search(text, 2))


def _among_hyphens(context: Context, paragraph: int) -> bool:
    """Whether lines above and below begin with a hyphen, too, and none of the three has one inside, as speech has."""
    layout = context.keyed.layout
    beside = [layout.paragraph_text(p) for p in range(paragraph - 1, paragraph + 2) if 0 <= p < len(layout.spans)]
    listed = [text for text in beside if _hyphen.match(text)]
    return len(listed) > 1 and not any(_speech.search(text, 2) for text in listed)


def label_above(context: Context, paragraph: int) -> str:
    """The line above where it names what follows: a question, a line that ends in a colon, a short one without an end.

    Empty where there is none.
    """
    layout = context.keyed.layout
    if paragraph == 0:
        return ""
    above = paragraph - 1
    text = layout.paragraph_text(above).strip()
    weight = context.weighs(layout.first[above], layout.first[above + 1])
    short = 0 < weight <= LABEL and (introduces(text) or not ends_sentence(text))
    if short or _asks(context, above) or layout.kind(above) == "heading":
        return text
    return ""


def asked_above(context: Context, paragraph: int) -> bool:
    """Whether the line above is a question."""
    return paragraph > 0 and _asks(context, paragraph - 1)


def _asks(context: Context, paragraph: int) -> bool:
    """A short question."""
    layout = context.keyed.layout
    text = layout.paragraph_text(paragraph).strip()
    weight = context.weighs(layout.first[paragraph], layout.first[paragraph + 1])
    return 0 < weight <= QUESTION and is_question(text)


def stand_apart(context: Context, here: tuple[int, int], there: tuple[int, int]) -> int:
    """The weight of what stands between two ranges of words; 0 and less where nothing does."""
    first, second = sorted((here, there))
    return context.weighs(first[1], second[0]) if first[1] < second[0] else 0


def side_by_side(context: Context, pieces: Sequence[Piece]) -> bool:
    """Whether at most a line stands between pieces and what they repeat."""
    here, there = (pieces[0].start, pieces[-1].end), (pieces[0].witness, pieces[-1].witness_end)
    return stand_apart(context, here, there) <= SIDE


def alternate(context: Context, here: tuple[int, int], there: tuple[int, int]) -> bool:
    """Whether of the aligned paragraphs around two runs [first, last] some are equal and some differ."""
    (p, q), (r, s) = sorted((here, there))
    paragraphs = len(context.keyed.layout.spans)
    seen = set[bool]()
    for step in range(1, LOOKED_AT + 1):
        if p - step >= 0 and r - step > q:
            seen.add(_equal(context, p - step, r - step))
        if q + step < r and s + step < paragraphs:
            seen.add(_equal(context, q + step, s + step))
    return len(seen) == 2


def _equal(context: Context, p: int, q: int) -> bool:
    first, keys = context.keyed.layout.first, context.keyed.keys
    a, b, c, d = first[p], first[p + 1], first[q], first[q + 1]
    return b - a == d - c and keys[a] == keys[c] and keys[a:b] == keys[c:d]


def copies(context: Context, piece: Piece) -> int:
    """In how many places of the article the words of a piece stand, itself included."""
    places = {piece.start, piece.witness}
    for own, other, length in context.partners.get(context.keyed.layout.paragraph_of(piece.start), ()):
        if own <= piece.start and piece.end <= own + length:
            places.add(piece.start - own + other)
    return len(places)


def in_quotation(context: Context, word: int) -> bool:
    """Whether a quotation mark is opened, or a colon stands, right before a word inside its paragraph."""
    forms = context.forms
    form, k = forms.at(word)
    gap = form.gaps[k]
    if _quote.search(gap):
        return True
    return not forms.starts_paragraph(word) and ":" in gap.rstrip()[-1:]


def in_a_row(context: Context, word: int) -> bool:
    """Whether a dash with spaces around it stands before a word: pieces of a page that were put on one line."""
    if context.forms.ends_paragraph(word):
        return False
    form, k = context.forms.at(word)
    return _dash.search(form.gaps[k]) is not None
