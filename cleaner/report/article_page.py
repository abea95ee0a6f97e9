"""An article with its marks as one page: no script, nothing loaded, and nothing of the data read as markup.

What the data holds goes into the page through ``chars`` only: control characters and those of direction as
visible codes, the rest escaped by the template, whose escaping is on for all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from cleaner.report.findings.shown import UNSAFE
from cleaner.report.marked import Fold, Line, Mark, Marked, Piece, folded, is_own
from cleaner.report.page.parts import part, source

_KEPT = "\t"
"""Characters that the pattern names and a page shows as they are meant."""
MOST_LISTED = 200
"""Repeats and variants that are listed above the text."""


class Article(NamedTuple):
    """What stands above the text: its name, what went from it, which run it was, how it is had back."""

    name: str
    said: str
    runs: str
    restore: str


class Words(NamedTuple):
    """How marks are put into words: ``note`` one of them, ``whole`` all that share a number."""

    note: Callable[[Mark], str]
    whole: Callable[[Sequence[Mark]], str]


class Char(NamedTuple):
    """Text as it is, or one character as its visible ``text``, with its ``code``."""

    text: str
    code: str = ""


def page(article: Article, shown: Marked, words: Words, *, full: bool = False) -> str:
    """The page; ``full``: long stretches that stay are open."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    style = part("show.css")
    if "</" in style:
        raise AssertionError("the style would end its element")
    made = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True, lstrip_blocks=True)
    template = made.from_string(part("show.html"))
    seen = _Seen(shown, words)
    ours = Markup(style)  # nosec B704 # no text of an article
    return template.render(
        allowed=source(style),
        style=ours,  # its digest is what the policy allows
        title=chars(article.name),
        about=article,
        restore=chars(article.restore) if any(mark.removed for mark in shown.marks) else [],
        marks=seen.listed(),
        rows=[seen.row(each, full) for each in folded(shown.lines)],
    )


def chars(text: str) -> list[Char]:
    """``text``, each character that could act or hide as a code of its own; halves of characters as U+FFFD."""
    parts, at = [], 0
    for match in UNSAFE.finditer(text):
        if match[0] in _KEPT:
            continue
        if match.start() > at:
            parts.append(Char(text[at : match.start()]))
        parts.append(_code(ord(match[0])))
        at = match.end()
    return [*parts, Char(text[at:])] if at < len(text) else parts


def _code(code: int) -> Char:
    """``␛`` for a control character, ``U+202E`` for others."""
    if code < 0x20:
        return Char(chr(0x2400 + code), f"U+{code:04X}")
    return Char("␡", "U+007F") if code == 0x7F else Char(f"U+{code:04X}", f"U+{code:04X}")


class _Seen:
    """The values of the template, of one article."""

    def __init__(self, shown: Marked, words: Words) -> None:
        self.shown, self.note = shown, words.note
        self.marks: dict[int, list[Mark]] = {}
        for mark in shown.marks:
            self.marks.setdefault(mark.number, []).append(mark)
        self.said = {number: words.whole(marks) for number, marks in self.marks.items()}

    def listed(self) -> list[dict[str, Any]]:
        """Repeats and variants, each once, by where they begin."""
        return [
            {
                "sign": "went" if marks[0].removed else "stays",
                "line": marks[0].first,
                "parts": chars(self.said[number]),
            }
            for number, marks in list(self.marks.items())[:MOST_LISTED]
        ]

    def row(self, each: Line | Fold, full: bool) -> dict[str, Any]:
        if isinstance(each, Fold):
            lines = [self._line(line) for line in each.lines]
            return {"summary": f"… {len(lines):,} line{'s' * (len(lines) != 1)} …", "open": full, "lines": lines}
        return self._line(each)

    def _line(self, line: Line) -> dict[str, Any]:
        return {
            "number": line.number,
            "signs": [self._sign(sign, number) for sign, number in line.signs()],
            "chunks": [self._chunk(piece) for piece in line.pieces],
        }

    def _sign(self, sign: str, number: int) -> dict[str, str]:
        """``=1`` leads to what went, ``-1`` and ``~1`` to nothing: their note does."""
        mark = self.marks[number][0]
        if sign == "witness":
            return {"text": f"={number}", "first": f"L{mark.first}", "title": f"says what went in line {mark.first}"}
        return {"text": f"{'-' if sign == 'removed' else '~'}{number}", "first": "", "title": ""}

    def _chunk(self, piece: Piece) -> dict[str, Any]:
        kind, numbers = _kind(piece)
        title = "; ".join(self._title(kind, number) for number in numbers)
        notes = [self._note(mark) for mark in piece.ends]
        return {
            "kind": kind,
            "title": "".join(c.text for c in chars(title)),
            "parts": chars(piece.text),
            "notes": notes,
        }

    def _title(self, kind: str, number: int) -> str:
        first = self.marks[number][0].first
        return f"says what went in line {first}" if kind == "witness" else self.said[number]

    def _note(self, mark: Mark) -> dict[str, Any]:
        """What is said behind a mark; it leads to the other text where that is in the same article."""
        return {"parts": chars(self.note(mark)), "line": _line_of_witness(mark) if is_own(mark.row) else 0}


def _kind(piece: Piece) -> tuple[str, Iterable[int]]:
    if piece.text and piece.removed:
        return "removed", (piece.removed,)
    if piece.text and piece.differs:
        return "differs", piece.variant
    if piece.text and piece.witness:
        return "witness", piece.witness
    return ("variant", piece.variant) if piece.text and piece.variant else ("kept", ())


def _line_of_witness(mark: Mark) -> int:
    witness = mark.row["witness"]
    return int(witness.get("text_line", witness["line"]))
