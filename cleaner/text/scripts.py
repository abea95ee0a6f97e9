"""The script that a text is written in, by a look at some of its letters: for breakdowns of a report."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter

# First code points of blocks of letters, after the Unicode Standard's Blocks.txt; only what is common in running text.
_BLOCKS = (
    (0x0000, "Latin"), (0x0370, "Greek"), (0x0400, "Cyrillic"), (0x0530, "Armenian"), (0x0590, "Hebrew"),
    (0x0600, "Arabic"), (0x0700, "other"), (0x0750, "Arabic"), (0x0780, "other"), (0x08A0, "Arabic"),
    (0x0900, "Devanagari"), (0x0980, "Bengali"), (0x0A00, "Gurmukhi"), (0x0A80, "Gujarati"), (0x0B00, "Odia"),
    (0x0B80, "Tamil"), (0x0C00, "Telugu"), (0x0C80, "Kannada"), (0x0D00, "Malayalam"), (0x0D80, "Sinhala"),
    (0x0E00, "Thai"), (0x0E80, "Lao"), (0x0F00, "Tibetan"), (0x1000, "Burmese"), (0x10A0, "Georgian"),
    (0x1100, "Korean"), (0x1200, "Ethiopic"), (0x13A0, "other"), (0x1780, "Khmer"), (0x1800, "Mongolian"),
    (0x18B0, "other"), (0x1C80, "other"), (0x1D00, "Latin"), (0x1F00, "Greek"), (0x2000, "other"),
    (0x2C60, "Latin"), (0x2C80, "other"), (0x2E80, "Chinese"), (0x3040, "Japanese"), (0x3100, "Chinese"),
    (0x3130, "Korean"), (0x3190, "Chinese"), (0x31F0, "Japanese"), (0x3200, "other"), (0x3400, "Chinese"),
    (0xA000, "other"), (0xA720, "Latin"), (0xA800, "other"), (0xAC00, "Korean"), (0xD7B0, "other"),
    (0xF900, "Chinese"), (0xFB00, "Latin"), (0xFB1D, "Hebrew"), (0xFB50, "Arabic"), (0xFE00, "other"),
    (0xFE70, "Arabic"), (0xFF00, "other"), (0xFF66, "Japanese"), (0xFFA0, "other"), (0x20000, "Chinese"),
    (0x2FA20, "other"),
)  # fmt: skip
_STARTS = [start for start, _ in _BLOCKS]
_SAMPLE = 40
"""Letters that are looked at."""


def script_of(text: str) -> str:
    """The most frequent script among some letters of ``text``, evenly spread; "none" without letters.

    Han letters are Chinese, unless kana stands among them.
    """
    if text.isascii():
        return "Latin" if any(map(str.isalpha, text[:200])) or any(map(str.isalpha, text)) else "none"
    some = text[:: max(1, len(text) // _SAMPLE)]
    letters = [c for c in some if c > "\x7f" and c.isalpha()]
    if 2 * len(letters) < sum(map(str.isalpha, some)):
        return "Latin"  # most of them are ASCII
    found = Counter(_BLOCKS[bisect_right(_STARTS, ord(c)) - 1][1] for c in letters or filter(str.isalpha, text))
    if not found:
        return "none"
    if found["Japanese"] * 5 >= found["Chinese"] > 0:
        return "Japanese"
    return found.most_common(1)[0][0]
