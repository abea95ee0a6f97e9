"""Sentences of made-up words in every script, so that rules meet letters and marks that no sample has."""

from __future__ import annotations

import random
import unicodedata
from functools import cache

SENTENCES_EACH = 4

# First and last character, how its sentences end, and whether it writes spaces between words.
SCRIPTS: dict[str, tuple[int, int, str, bool]] = {
    "Greek": (0x370, 0x3FF, ".", True), "Hebrew": (0x5B0, 0x5EA, ".", True), "Armenian": (0x531, 0x586, "։", True),
    "Arabic": (0x620, 0x6D3, "؟", True), "Syriac": (0x710, 0x74A, ".", True), "Thaana": (0x780, 0x7B1, ".", True),
    "NKo": (0x7CA, 0x7F3, ".", True), "Bengali": (0x981, 0x9D7, "।", True), "Gurmukhi": (0xA01, 0xA71, "।", True),
    "Gujarati": (0xA81, 0xAD0, "।", True), "Oriya": (0xB01, 0xB57, "।", True), "Tamil": (0xB82, 0xBD7, ".", True),
    "Telugu": (0xC01, 0xC56, ".", True), "Kannada": (0xC82, 0xCD6, ".", True), "Malayalam": (0xD02, 0xD57, ".", True),
    "Sinhala": (0xD82, 0xDF3, ".", True), "Thai": (0xE01, 0xE4E, "", False), "Lao": (0xE81, 0xECD, "", False),
    "Tibetan": (0xF40, 0xFBC, "།", True), "Myanmar": (0x1000, 0x103F, "။", False),
    "Georgian": (0x10D0, 0x10FA, ".", True), "Jamo": (0x1100, 0x11FF, ".", True),
    "Ethiopic": (0x1200, 0x135A, "።", True), "Cherokee": (0x13A0, 0x13F4, ".", True),
    "Canadian": (0x1401, 0x166C, ".", True), "Ogham": (0x1681, 0x169A, "", True), "Runic": (0x16A0, 0x16EA, "", True),
    "Khmer": (0x1780, 0x17D3, "។", False), "Mongolian": (0x1820, 0x1878, "᠃", True),
    "Balinese": (0x1B05, 0x1B4B, "᭟", True), "Glagolitic": (0x2C30, 0x2C5E, ".", True),
    "Coptic": (0x2C80, 0x2CB1, ".", True), "Tifinagh": (0x2D30, 0x2D67, ".", True),
    "Hiragana": (0x3041, 0x3096, "。", False), "Katakana": (0x30A1, 0x30FA, "。", False),
    "Bopomofo": (0x3105, 0x312F, "。", True), "Yi": (0xA000, 0xA48C, "。", True), "Vai": (0xA500, 0xA60B, ".", True),
    "Javanese": (0xA984, 0xA9C0, "꧉", True), "Cham": (0xAA00, 0xAA4D, ".", True), "Hangul": (0xAC00, 0xD7A3, ".", True),
    "Han": (0x4E00, 0x9FFF, "。", False), "Gothic": (0x10330, 0x1034A, ".", True),
    "Deseret": (0x10400, 0x1044F, ".", True), "Phoenician": (0x10900, 0x10915, "", True),
    "Brahmi": (0x11003, 0x11046, "", True), "Cuneiform": (0x12000, 0x12399, "", True),
    "Egyptian": (0x13000, 0x1342E, "", True), "Adlam": (0x1E900, 0x1E94A, ".", True),
    "bold letters": (0x1D400, 0x1D433, ".", True), "Han beyond": (0x20000, 0x2A6D6, "。", False),
    "Vietnamese": (0x1EA0, 0x1EF9, ".", True), "full width": (0xFF21, 0xFF5A, "．", True),
}  # fmt: skip


@cache
def sentences(name: str) -> tuple[str, ...]:
    """Sentences of one script, always the same: letters by chance, marks behind letters, here and there a number."""
    first, last, end, spaced = SCRIPTS[name]
    chars = [chr(code) for code in range(first, last + 1)]
    letters = [c for c in chars if unicodedata.category(c)[0] == "L"]
    marks = [c for c in chars if unicodedata.category(c)[0] == "M"]
    rng = random.Random(name)
    found = []
    for _ in range(SENTENCES_EACH):
        words = [_word(rng, letters, marks, spaced) for _ in range(rng.randint(13, 20))]
        if not rng.randint(0, 1):
            words[rng.randint(1, len(words) - 2)] = rng.choice(["25", "3.5", "-5", "1,250", "12:30", "(7)", "40%"])
        found.append(("" if not spaced else " ").join(words) + end)
    return tuple(found)


def _word(rng: random.Random, letters: list[str], marks: list[str], spaced: bool) -> str:
    length = rng.randint(2, 9) if spaced else rng.randint(3, 6)
    return "".join(
        rng.choice(letters) + (rng.choice(marks) if marks and not rng.randint(0, 3) else "") for _ in range(length)
    )
