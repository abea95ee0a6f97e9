"""Articles in which something is said again, exactly or nearly, in every script and with every odd sign."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from attack.choices import Choices, once_in
from attack.edits import EDITS, restyled, typographic, wrapped
from attack.scripts import SCRIPTS, sentences
from attack.sentences import ADS, HEADINGS, MARKS, SENTENCES, SHORT
from attack.signs import BIDIRECTIONAL, LINE_ENDS, SIGNS, SURROGATES

BANKS: list[Callable[[], list[str] | tuple[str, ...]]] = [
    *(lambda name=name: SENTENCES[name] for name in SENTENCES),  # type: ignore[misc]
    *(lambda name=name: SENTENCES[name] for name in SENTENCES),  # type: ignore[misc]
    *(lambda name=name: sentences(name) for name in SCRIPTS),  # type: ignore[misc]
    *[lambda: SHORT] * 3,
]
"""Real sentences count twice: to them more of the rules apply."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a format may hold. ``surrogates``: lone ones; ``nul``: the null character."""

    surrogates: bool = False
    nul: bool = True


def noisy(rng: Choices, text: str, made: Made) -> str:
    """``text`` with one odd sign somewhere, inside a word or between two."""
    sign = rng.choice(rng.choice(SIGNS))
    if made.surrogates and once_in(rng, 20):
        sign = rng.choice(SURROGATES)
    if not made.nul:
        sign = sign.replace("\x00", "\x01")
    at = rng.randint(0, len(text))
    if once_in(rng, 2):
        return text[:at] + sign + text[at:]
    spaces = [m.start() for m in re.finditer(" ", text)] or [at]
    at = rng.choice(spaces)
    return f"{text[:at]} {sign} {text[at + 1 :]}"


def turned(rng: Choices, text: str) -> str:
    """What is seen changes, and no letter or digit: emoji that are joined no longer are, a figure is turned round."""
    if "\u200d" in text:
        return text.replace("\u200d", "")
    spots = [m.start() for m in re.finditer(r"(?<=\d)\d|(?<=-)\d", text)]
    at = rng.choice(spots) if spots else 0
    return text[:at] + rng.choice(BIDIRECTIONAL) + text[at:]


def many(rng: Choices) -> list[str]:
    """One or two lines again and again, as logs and lists have them."""
    lines = [rng.choice(rng.choice(BANKS)()) for _ in range(rng.randint(1, 2))]
    return [rng.choice(lines) for _ in range(rng.choice([8, 30, 60, 220]))]


def paragraphs(rng: Choices, made: Made) -> list[str]:
    """Paragraphs of an article, in which a run of them stands again, edited or not."""
    if once_in(rng, 2000):
        return many(rng)
    bank = [*rng.choice(BANKS)(), *(rng.choice(BANKS)() if once_in(rng, 2) else ())]
    space = "" if not any(" " in sentence for sentence in bank) else " "
    made_of: list[str] = []
    for _ in range(rng.choice([1, 2, 2, 3, 4])):
        paragraph = space.join(rng.choice(bank) for _ in range(rng.choice([1, 1, 1, 1, 2, 2, 3])))
        if once_in(rng, 3):
            paragraph = noisy(rng, paragraph, made)
        made_of.append(paragraph)
    for _ in range(rng.choice([1, 1, 2, 3])):
        _grow(rng, made_of, space, made)
    return made_of


def _grow(rng: Choices, made_of: list[str], space: str, made: Made) -> None:
    """One thing more: a copy of a run of paragraphs, changed or not, or something that stands between."""
    at = rng.randint(0, len(made_of))
    step = rng.randint(0, 11)
    if step == 0:
        made_of.insert(at, rng.choice([*ADS, *MARKS, *HEADINGS]))
        return
    first = rng.randint(0, len(made_of) - 1)
    run = made_of[first : first + rng.choice([1, 1, 1, 2, 3])]
    i = rng.randint(0, len(run) - 1)
    if step in (1, 2, 3):
        run[i] = rng.choice(EDITS)(rng, run[i])
    elif step in (4, 5):
        run[i] = rng.choice([restyled, typographic, wrapped])(rng, run[i])
    elif step == 6:
        run[i] = turned(rng, run[i]) if once_in(rng, 3) else noisy(rng, run[i], made)
    elif step == 7:
        run = [space.join(run)]
    elif step == 8:
        run = [piece for p in run for piece in re.split(r"(?<=[.。।]) ?(?=[^\W\d])", p)]
    elif step == 9:
        run.insert(i, rng.choice([*ADS, *MARKS]))
    made_of[at:at] = run


# --- as a format has them ----------------------------------------------------------------------


def plain(rng: Choices, made: Made) -> str:
    """Lines and blank lines, with any line end, one kind of it or mixed."""
    gaps = ["\n\n", "\n\n", "\n\n", "\n", "\n", "\n\n\n", " ", "\n    ", " \n"]
    gap = rng.choice(gaps)
    mixed = once_in(rng, 4)
    pieces = []
    for paragraph in paragraphs(rng, made):
        pieces += [paragraph, rng.choice(gaps) if mixed else gap]
    text = "".join(pieces) if once_in(rng, 2) else "".join(pieces[:-1])
    return with_ends(rng, rng.choice(["", "", "", "\n", "  "]) + text)


def with_ends(rng: Choices, text: str) -> str:
    """``text`` with other line ends: half of all texts have plain ones."""
    way = rng.randint(0, 9)
    if way < 5:
        return text
    if way == 9:
        return "".join(rng.choice(LINE_ENDS) if c == "\n" else c for c in text)
    return text.replace("\n", "\r\n" if way < 7 else rng.choice(LINE_ENDS))


BLOCKS: list[Callable[[str], str]] = [
    lambda t: f"> {t}",
    lambda t: f"- {t}",
    lambda t: f"1. {t}",
    lambda t: f"    {t}",
    lambda t: f"```\n{t}\n```",
    lambda t: f"## {t[:50]}",
    lambda t: f"| a | b |\n|---|---|\n| {t} | 2 |",
    lambda t: f"<div>\n{t}\n</div>",
    lambda t: f"[note]: https://so.example/{len(t)} 'x'",
    lambda t: f"{t}[^1]\n\n[^1]: {t}",
    lambda t: f"![{t[:20]}](so.png) {t}",
]


def markdown(rng: Choices, made: Made) -> str:
    """Mostly prose, and between it any other block."""
    blocks = [rng.choice(BLOCKS)(p) if once_in(rng, 10) else p for p in paragraphs(rng, made)]
    front = "---\ntitle: so\n---\n\n" if once_in(rng, 12) else ""
    gap = "\n" if once_in(rng, 10) else "\n\n"
    text = front + gap.join(blocks) + rng.choice(["\n", "\n", ""])
    way = rng.randint(0, 9)
    return text.replace("\n", "\r\n") if way > 7 else text.replace("\n", "\r") if way == 7 else text


AROUND = [
    *["<p>{}</p>\n", "<p>{}</p>\n", "<p>{}</p>", "<div>{}</div>\n", "<p>{}\n", "{}<br>\n", "{}<br><br>\n"],
    *["<blockquote><p>{}</p></blockquote>\n", "<p class=x><b>{}</b></p>\n", "<section><p>{}</p></section>\n"],
    *["<ul><li>{}</li></ul>\n", "<table><tr><td>{}</td></tr></table>\n", "<p><a href='/so'>{}</a></p>\n"],
    *["<pre>{}</pre>\n", "<h2>{}</h2>\n", "<li>{}</li>\n"],
]


def page(rng: Choices, made: Made) -> str:
    """A page of elements, whole or with tags that are never closed, its texts escaped or as they are."""
    escaped = not once_in(rng, 4)
    way = rng.choice(AROUND[:6]) if once_in(rng, 2) else AROUND[0]
    parts = []
    for paragraph in paragraphs(rng, made):
        text = html.escape(paragraph, quote=False) if escaped else paragraph
        around = rng.choice(AROUND) if once_in(rng, 6) else way
        parts.append(around.replace("{}", text))
    body = "".join(parts)
    shell = rng.randint(0, 3)
    if shell == 3:
        return body
    head = "<!doctype html>\n<html><head><title>So</title></head>\n<body>\n"
    text = f"{head}{body}</body></html>\n"
    return text.replace("\n", "\r\n") if shell == 2 else text
