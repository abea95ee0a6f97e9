"""A slow checker of what a removed span may have been, without code of the package."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence

_LINE_END_HYPHEN = re.compile(r"(?<=[^\s\d!-/:-@_])[-\u2010\u2011\u2012\u2013\u2014]\s*(?=[^\W\d_])")
_UNSPACED = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\u2e80-\u2fdf\u3000-\u9fff\ua9e0-\ua9ff\uaa60-\uaa7f"
    "\uf900-\ufaff\uff66-\uff9d\U0001b000-\U0001b16f\U00020000-\U000323af"
)
_PIECE = re.compile(f"[{_UNSPACED}]|[^{_UNSPACED}]+")
_spaceless = re.compile(f"[{_UNSPACED}]")
_STYLES = ("<wide>", "<narrow>", "<initial>", "<medial>", "<final>", "<isolated>", "<noBreak>")
_selector = re.compile("[\u034f\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_EMPHASIS = re.compile(r"</?(?:b|i|em|strong|u)>", re.IGNORECASE)
_PAIRED = re.compile(r"([*_]{1,3})(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_HALF_MARK = re.compile(r"(?<!\w)\*+|\*+(?!\w)")
"""A mark of emphasis whose other half stands outside of a span; between two words it may be an operator."""
_BULLET = re.compile(r"^\s*[-–—*•]\s+|([=~#-])\1{2,}")
_DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_SIGNED = r"\d+\-−<>=±$€%.,:/"
_turned = re.compile(rf"(?<=\d)[{_DIRECTION}]+(?=[{_SIGNED}])|(?<=[{_SIGNED}])[{_DIRECTION}]+(?=\d)")
_EMOJI = "\u2190-\u2bff\U0001f000-\U0001faff"
_joined = re.compile(f"(?<=[{_EMOJI}\ufe0f])\u200d(?=[{_EMOJI}])")
TURNED, JOINED = "\ue000", "\ue001"
"""A direction inside a figure, and what makes one picture of two: not to be seen, but it changes what is seen."""


class _Table(dict[int, str]):
    """For ``str.translate``: what ``change`` makes of each character, kept."""

    def __init__(self, change: Callable[[str], str]) -> None:
        self.change = change

    def __missing__(self, code: int) -> str:
        self[code] = self.change(chr(code))
        return self[code]


def _plain(char: str) -> str:
    """Full width, ligatures and presentation forms by their plain characters; powers stay what they are."""
    if unicodedata.category(char) == "Cf" or _selector.match(char):
        return ""
    if char.isdecimal():
        return str(unicodedata.digit(char))
    if unicodedata.decomposition(char).startswith(_STYLES) or char in "ﬁﬂﬀﬃﬄ…":
        return unicodedata.normalize("NFKC", char)
    return char


_plain_of = _Table(_plain)
_letters_of = _Table(lambda c: c if c.isalnum() or unicodedata.category(c)[0] == "M" else " ")


def _sign(char: str) -> str:
    """Signs that can carry a fact, symbols of every kind among them; ``w`` for a letter, a space for the rest."""
    if char in "<>=+/%$^~*,;:!?()[].-−" + TURNED + JOINED or char.isdecimal():
        return char
    if unicodedata.category(char) in ("So", "Sc", "Sm", "No") or "\U0001f3fb" <= char <= "\U0001f3ff":
        return char
    return "w" if char.isalnum() or char == "_" else " "


_signs_of = _Table(_sign)
_TOKEN = re.compile(r"(?:(?<![\w.,)-])[-−])?\d+(?:[.,:/]\d+)*|[^w\s\d.−-]")


def unescaped(text: str) -> str:
    """Entities by their characters, those that were escaped twice too: what is shown is the same in the end."""
    for _ in range(3):
        if "&" not in text:
            break
        text = html.unescape(text)
    return text


def normal(text: str) -> str:
    """``text`` without what is never material: entities, emphasis, invisible characters, case, forms."""
    text = _EMPHASIS.sub("", unescaped(text))
    if "*" in text or "_" in text:
        text = _PAIRED.sub(r"\2", _PAIRED.sub(r"\2", text))
    if not text.isascii():
        text = _joined.sub(JOINED, _turned.sub(TURNED, text)).translate(_plain_of)
    return unicodedata.normalize("NFC", text).lower()


def words(text: str) -> list[str]:
    """Letters between spaces; letters alone where the script has no spaces. A hyphen does not part a word.

    A mark behind a space belongs to the space, and not to the word after it.
    """
    joined = _LINE_END_HYPHEN.sub("", normal(text))
    runs = map(_without_marks, joined.translate(_letters_of).split())
    return [word for run in runs for word in _PIECE.findall(run)]


def _without_marks(run: str) -> str:
    at = 0
    while at < len(run) and unicodedata.category(run[at])[0] == "M" and not _spaceless.match(run[at]):
        at += 1
    return run[at:]


def figures(text: str) -> list[str]:
    """Numbers with sign and decimal mark, and every sign that can carry a fact, in order."""
    text = _BULLET.sub("", normal(text).translate({0x2010: "-", 0x2011: "-"}))
    text = _HALF_MARK.sub("", text) if "*" in text else text
    return [figure.replace("−", "-") for figure in _TOKEN.findall(text.translate(_signs_of))]


def is_swap(a: str, b: str) -> bool:
    """One plain typo: two neighbouring letters inside a long word changed places."""
    at = [i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y]
    return (
        len(a) == len(b) >= 8
        and len(at) == 2
        and at[1] == at[0] + 1
        and at[0] >= 2
        and at[1] < len(a) - 1
        and a[at[0]] == b[at[1]]
        and a[at[1]] == b[at[0]]
    )


def is_same(a: str, b: str) -> bool:
    return a == b or is_swap(a, b) or a.upper() == b.upper()


def contains(row: Sequence[str], part: Sequence[str], same: Callable[[str, str], bool]) -> bool:
    return any(all(map(same, row[k : k + len(part)], part)) for k in range(len(row) - len(part) + 1) if row or not part)


def says_all_of(witness: str, removed: str) -> bool:
    """Every word, number and sign of ``removed`` stands in ``witness`` too, in the same order, without a gap."""
    if not words(removed):
        return "".join(removed.split()) in "".join(witness.split())
    same_words = contains(words(witness), words(removed), is_same)
    return same_words and contains(figures(witness), figures(removed), str.__eq__)


# --- pages --------------------------------------------------------------------------------------

_tag = re.compile(r"<!--.*?-->|</?([a-zA-Z][\w-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.DOTALL)
_INLINE = {"a", "b", "i", "em", "strong", "u", "span", "code", "font", "small", "sub", "sup", "q"}


def shown(page: str) -> str:
    """The text of a piece of a page: tags inside a line say nothing, others part words.

    What reads as an entity then was escaped twice, and is none: its ``&`` is written in full width.
    """
    text = html.unescape(_tag.sub(lambda m: "" if (m[1] or "b").lower() in _INLINE else " ", page))
    return text.replace("&", "\uff06")
