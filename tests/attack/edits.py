"""Edits of a sentence: some change what it says, some only how it is written."""

from __future__ import annotations

import html
import re
import textwrap
import unicodedata
from collections.abc import Callable

from attack.choices import Choices


def number(rng: Choices, text: str) -> str:
    spots = list(re.finditer(r"\d", text))
    if not spots:
        return text
    at = rng.choice(spots).start()
    return text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]


def word(rng: Choices, text: str) -> str:
    """One word replaced, as a name would be; in unspaced text the letters between two spaces."""
    spots = list(re.finditer(r"[^\W\d_]{3,}", text))
    if not spots:
        return text
    m = rng.choice(spots)
    return text[: m.start()] + rng.choice(["Muller", "Ivanov", "他们"]) + text[m.end() :]


def negated(rng: Choices, text: str) -> str:
    spaces = [m.end() for m in re.finditer(r"(?<=\w) (?=\w)", text)] or [len(text) // 2]
    at = rng.choice(spaces)
    return text[:at] + rng.choice(["not ", "un", "не", "не ", "不"]) + text[at:]


def signed(rng: Choices, text: str) -> str:
    spots = [m.start() for m in re.finditer(r"(?<![\w.,-])\d", text)]
    if not spots:
        return text
    at = rng.choice(spots)
    return text[:at] + rng.choice(["-", "−", "<", "~", "$"]) + text[at:]


def comma(rng: Choices, text: str) -> str:
    spaces = [m.start() for m in re.finditer(r"(?<=\w) (?=\w)", text)] or [len(text) // 2]
    at = rng.choice(spaces)
    return text[:at] + rng.choice([",", ";", " (", "?"]) + text[at:]


def swapped_words(rng: Choices, text: str) -> str:
    words = text.split(" ")
    i = rng.randint(0, max(0, len(words) - 2))
    words[i : i + 2] = reversed(words[i : i + 2])
    return " ".join(words)


def shorter(rng: Choices, text: str) -> str:
    return text[: rng.randint(len(text) // 2, len(text))]


def dropped_space(rng: Choices, text: str) -> str:
    spaces = [m.start() for m in re.finditer(" ", text)]
    if not spaces:
        return text
    at = rng.choice(spaces)
    return text[:at] + text[at + 1 :]


def prefixed(rng: Choices, text: str) -> str:
    heads = ["It is not true that ", "PARIS, 3 May (AFP) - ", "While it rains, ", "Q: ", "- ", "1. ", "-"]
    return rng.choice(heads) + text


def typo(rng: Choices, text: str) -> str:
    spots = [m for m in re.finditer(r"[^\W\d_]{8,}", text) if m.group().islower()]
    if not spots:
        return text
    m = rng.choice(spots)
    i = rng.randint(m.start() + 2, m.end() - 3)
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]


def typographic(rng: Choices, text: str) -> str:
    steps: list[tuple[str, str]] = [("'", "’"), ('"', "“"), ("« ", "“"), (" »", "”"), ("-", "\u2011"), (" ", "\u00a0")]
    old, new = rng.choice(steps)
    return text.replace(old, new)


def restyled(rng: Choices, text: str) -> str:
    styles: list[Callable[[str], str]] = [
        str.upper,
        lambda t: unicodedata.normalize("NFD", t),
        lambda t: t.rstrip(".。।"),
        lambda t: "- " + t,
        lambda t: html.escape(t),
        lambda t: t.replace(" ", "&nbsp;", 2),
        lambda t: "**" + t + "**",
        lambda t: re.sub(r"(\w+)", r"*\1*", t, count=1),
        lambda t: re.sub(r"(\w+)", r"<b>\1</b>", t, count=1),
        lambda t: t.replace(" ", "  ", 3),
        lambda t: re.sub(r"(\w\w)(\w\w)", "\\1\u00ad\\2", t, count=2),
        lambda t: re.sub(r"\d", lambda m: chr(0xFF10 + int(m.group())), t),
    ]
    return rng.choice(styles)(text)


def wrapped(rng: Choices, text: str) -> str:
    return "\n".join(textwrap.wrap(text, rng.randint(45, 90), break_long_words=False))


def hyphenated(rng: Choices, text: str) -> str:
    lines = wrapped(rng, text).split("\n")
    for i, line in enumerate(lines[:-1]):
        word = re.match(r"[^\W\d_]{6,}", lines[i + 1])
        if word and len(line) < 85:
            lines[i], lines[i + 1] = f"{line} {word.group()[:3]}-", lines[i + 1][3:]
    return "\n".join(lines)


EDITS = [
    number,
    word,
    negated,
    signed,
    comma,
    swapped_words,
    shorter,
    dropped_space,
    prefixed,
    typo,
    typographic,
    restyled,
    wrapped,
    hyphenated,
]
