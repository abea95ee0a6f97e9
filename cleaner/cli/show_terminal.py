"""An article on a terminal: what went is struck out, lines are wrapped beside their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from cleaner.cli.wrapping import hanging

if TYPE_CHECKING:
    from cleaner.cli.show import Row

STYLES = {
    "removed": "red strike",
    "witness": "green",
    "witness part": "green underline",
    "variant": "",
    "differs": "bold yellow",
    "note": "cyan",
    "fold": "dim",
    "kept": "",
}
SIGNS = {"-": "red", "=": "green", "~": "yellow"}


def print_article(head: str, legend: str, rows: Sequence[Row], console: Console | None = None) -> None:
    """To standard output. No text of the data is read as markup: it comes as ``Text`` only."""
    console = console or Console(highlight=False)
    console.print(Text(head, "bold"))
    if legend:
        console.print(Text(legend, "dim"))
    console.print()
    wide, signs = max(len(row.number) for row in rows), max(len(row.signs) for row in rows)
    for row in rows:
        margin = Text.assemble((f"{row.number:>{wide}} ", "dim"), _signs(f"{row.signs:<{signs}} " if signs else ""))
        hanging(console, margin, Text.assemble(*((part.text, STYLES[part.kind]) for part in row.parts)))


def _signs(signs: str) -> Text:
    text, style = Text(), ""
    for char in signs:
        style = SIGNS.get(char, style)
        text.append(char, style)
    return text
