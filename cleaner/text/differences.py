"""What differs between two texts, named: immaterial rules, or the class of a material difference."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence

from rapidfuzz.distance import Indel, Levenshtein

from cleaner.text.chars import (
    ascii_digits,
    compatible,
    dash_style,
    drop_invisible,
    quote_style,
)
from cleaner.text.markup import SAYS
from cleaner.text.pairs import is_typo, same_word, without_stop
from cleaner.text.strict import BREAK, LITERAL, strict_word
from cleaner.types import Difference

EXACT_RULES = frozenset({"spacing", "case", "unicode"})
"""Immaterial rules that level ``exact`` allows."""

_space = re.compile(r"\s+")
_letter_or_digit = re.compile(r"[^\W_]")
_sign = re.compile(r"[-+<>=~±*/^%$€£¥°]")
# Tags in a page but for bare emphasis, which has a name of its own.
_markup = re.compile(r"<(?!/?(?:b|i|em|strong|u)>)[A-Za-z/!][^<>]*>")
_step: dict[str, Callable[[str], str]] = {
    "markup": lambda s: _markup.sub("", s),
    "bullet": lambda s: re.sub(r"^[-*•‣◦·–—]\s+", "", s),
    "spacing": lambda s: _space.sub("", s),
    "entity": html.unescape,
    "unicode": lambda s: unicodedata.normalize("NFC", drop_invisible(s).translate(compatible)),
    "digits": lambda s: s.translate(ascii_digits),
    "quotes": lambda s: s.translate(quote_style),
    "dashes": lambda s: re.sub(r"-+", "-", s.translate(dash_style)),
    "emphasis": lambda s: re.sub(r"[*_]|</?\w+>", "", s),
    "full stop": without_stop,
    "case": str.lower,
}


def similarity(a: Sequence[str], b: Sequence[str]) -> float:
    """Edit similarity over strict words, 0..1: one minus the edit distance over the longer length."""
    return float(Levenshtein.normalized_similarity(a, b)) if a or b else 1.0


def immaterial_rules(here: str, witness: str) -> list[str]:
    """Names of the rules by which two equal words or separators differ as they stand."""
    if here == witness:
        return []
    if "\n" in here + witness and BREAK in strict_word(here) + strict_word(witness):
        return ["hyphenation"]
    if is_typo(here, witness):
        return ["typo"]
    names = []
    for name, step in _step.items():
        if here == witness:
            break
        a, b = step(here), step(witness)
        if (a, b) != (here, witness) and Indel.distance(a, b) < Indel.distance(here, witness):
            names.append(name)
        here, witness = a, b
    return names or ["unicode"]


def material_differences(
    here: Sequence[str], here_raw: Sequence[str], witness: Sequence[str], witness_raw: Sequence[str]
) -> list[Difference]:
    """Every material difference between two sequences of words and separators (strict and as they stand)."""
    found = []
    for a, b, c, d in changes(here, witness):
        pairs = zip(here[a:b], witness[c:d], here_raw[a:b], witness_raw[c:d], strict=False)
        if b - a == d - c and all(same_word(*pair) for pair in pairs):
            continue
        left, right = "".join(here_raw[a:b]), "".join(witness_raw[c:d])
        if left.strip() != right.strip():
            left, right = left.strip(), right.strip()
        found.append(Difference(class_of(here[a:b], witness[c:d], left, right), left, right, True))
    return found


def changes(here: Sequence[str], witness: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Spans that differ, in both; neighbouring edits are one difference."""
    found: list[tuple[int, int, int, int]] = []
    for step in Levenshtein.opcodes(here, witness):
        if step.tag == "equal":
            continue
        if found and found[-1][1] == step.src_start and found[-1][3] == step.dest_start:
            found[-1] = (found[-1][0], step.src_end, found[-1][2], step.dest_end)
        else:
            found.append((step.src_start, step.src_end, step.dest_start, step.dest_end))
    return found


def class_of(a: Sequence[str], b: Sequence[str], left: str, right: str) -> str:
    """The class of a material difference: ``a`` and ``b`` are its strict words and signs, the others as they stand."""
    words = [w for w in (*a, *b) if _letter_or_digit.search(w)]
    if not words:
        return "punctuation" if not _sign.search(left + right) else "sign"
    if any(w.startswith(LITERAL) for w in words):
        said = [part for word in words for part in word.split(SAYS)[1::2]]  # by the tags of a page
        return ("link" if all(part.startswith("a ") for part in said) else "element") if said else "code"
    if any(map(str.isdigit, "".join(words))):
        return "number"
    if not a or not b:
        return "missing words" if not a else "added words"
    raw = re.findall(r"\w+", left + " " + right)
    return "name" if all(w[0].isupper() for w in raw) else "word"
