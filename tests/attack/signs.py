"""Signs that text tools trip over, and every way to end a line."""

from __future__ import annotations

COMBINING = ["\u0301", "\u0308", "\u0327", "\u20dd", "\u0345", "\u064e", "\u093c", "\u3099", "e\u0301", "\u0301\u0308"]
BIDIRECTIONAL = [*map(chr, [0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])]
ZERO_WIDTH = [*map(chr, [0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD, 0x34F, 0xFE0E, 0xFE0F, 0x180E, 0xE0001])]
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
PARENTS = "\U0001f468\U0001f469\U0001f467"
FLAG = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
EMOJI = ["👍", "👍🏽", FAMILY, PARENTS, "\U0001f469\u200d\U0001f680", "❤\ufe0f", "❤", "🇩🇪", "🇫🇷", FLAG, "1\ufe0f\u20e3"]
CONTROLS = [*map(chr, [0, 1, 7, 8, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F, 0x7F, 0x80, 0x9F]), "\x1b[31m", "\t"]
SPACES = ["\u00a0", "\u202f", "\u3000", "\u2009", "\u1680", "  ", "\t"]
ENTITIES = [
    "&amp;",
    "&lt;",
    "&nbsp;",
    "&ensp;",
    "&mdash;",
    "&rlm;",
    "&#8217;",
    "&#x27;",
    "&copy;",
    "&;",
    "&amp;amp;",
    "&none;",
    "&#0;",
    "&#xD800;",
    "&shy;",
    "&zwj;",
    "&minus;",
    "&frac12;",
    "&#10;",
]
SURROGATES = ["\ud83d", "\udc00", "\udfff\ud800"]
FACTS = [
    *[
        "not",
        "-5",
        "−5",
        "<6",
        ">=6",
        "$5",
        "5%",
        "1,5",
        "1.5",
        "10²",
        "½",
        "№7",
        "a+b",
        "a*b",
        "x_1",
        "§7",
        "≠",
        "→",
        "±2",
        "[1]",
        "(c)",
        "C++",
        "C#",
        "°C",
    ],
    *("2\u200e5", "-\u200f7", "1\u202e23", "3\u20665"),
]
MARKUP = [
    "*so*",
    "_so_",
    "**so**",
    "`so`",
    "<b>so</b>",
    "<so>",
    "</p>",
    "<!--",
    "[so](so)",
    "https://so.example/A?b=1",
    "\\",
    '"',
    "''",
    "“",
    "”",
    "…",
    "...",
    "–",
    "—",
    "|",
    "~~so~~",
    "{{so}}",
    "$x$",
]

SIGNS = [COMBINING, BIDIRECTIONAL, ZERO_WIDTH, EMOJI, CONTROLS, SPACES, ENTITIES, FACTS, MARKUP]

LINE_ENDS = ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"]
"""The first three are ends of a line everywhere; what the others are depends on who reads."""
