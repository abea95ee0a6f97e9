"""A failing text made small: lines, then words, then characters are left out as long as it fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import monotonic

PIECES = [re.compile(r"[^\n\r]*(?:\r\n|\n|\r)|[^\n\r]+"), re.compile(r"\S+\s*|\s+"), re.compile(r".", re.DOTALL)]


def shrunk(text: str, fails: Callable[[str], bool], seconds: float = 5.0) -> str:
    """The smallest text found in ``seconds`` for which ``fails`` still holds."""
    until = monotonic() + seconds
    for pieces in PIECES:
        parts = pieces.findall(text)
        size = max(1, len(parts) // 2)
        while size:
            at = 0
            while at < len(parts):
                fewer = [*parts[:at], *parts[at + size :]]
                if monotonic() > until:
                    return "".join(parts)
                if fails("".join(fewer)):
                    parts = fewer
                else:
                    at += size
            size //= 2
        text = "".join(parts)
    return text
