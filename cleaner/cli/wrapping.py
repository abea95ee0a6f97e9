"""Lines on a terminal that is as wide as it is: text beside a margin, without spaces at its ends."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

LEAST = 20
"""Columns that a text gets, however narrow the terminal."""


def hanging(console: Console, margin: Text, body: Text) -> None:
    """Print ``body`` beside ``margin``, as many lines as it needs. Both are ``Text``: nothing in them is markup."""
    indent = Text(" " * margin.cell_len)
    lines = body.wrap(console, max(LEAST, console.width - margin.cell_len), overflow="fold") or [Text()]
    for number, line in enumerate(lines):
        line.rstrip()
        whole = Text.assemble(indent if number else margin, line)  # with + the style of one would be that of both
        if not line:
            whole.rstrip()
        console.print(whole, no_wrap=True, overflow="ignore", crop=False)
