"""An article on a terminal: what went is struck out, lines are wrapped beside their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

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
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(justify="right", no_wrap=True, style="dim")
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    for row in rows:
        grid.add_row(Text(row.number), _signs(row.signs), Text.assemble(*((p.text, STYLES[p.kind]) for p in row.parts)))
    console.print(grid)


def _signs(signs: str) -> Text:
    text, style = Text(), ""
    for char in signs:
        style = SIGNS.get(char, style)
        text.append(char, style)
    return text
