"""Numbers as a report tells them."""

from __future__ import annotations


def number(value: float) -> str:
    return f"{value:,}"


def percent(part: float, whole: float) -> str:
    """``0.5 %``, ``0.004 %``: never 0 where there is something, never 100 where it is not all."""
    share = part / whole * 100 if whole else 0.0
    digits = 1
    while share > 0 and digits < 6 and not round(share, digits):
        digits += 1
    shown = f"{share:.{digits}f}"
    return "99.9 %" if float(shown) >= 100 and part < whole else f"{shown} %"
