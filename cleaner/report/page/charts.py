"""Figures as charts: rows of bars and columns, laid out here and drawn as SVG by the template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

WIDTH, ROW, HEIGHT = 400, 36, 120
"""Units of a chart: its width, the height of a row of bars (name and value above, bar below), that of columns."""
LONGEST_LABEL = 24
"""Characters of a name that fit beside a value, at the largest size of letters."""


class Bar(NamedTuple):
    """A row of a bar chart. ``label`` is cut to fit, ``whole`` is not; y and width in units."""

    label: str
    whole: str
    value: str
    y: int
    width: float


class Bars(NamedTuple):
    """A chart with a row for each name. ``more`` rows are not drawn."""

    title: str
    note: str
    bars: Sequence[Bar]
    height: int
    more: int = 0


class Column(NamedTuple):
    """A column with its label (empty where it has none) and its value; all in units, y from the top."""

    label: str
    whole: str
    value: int
    x: float
    y: float
    width: float
    height: float


class Columns(NamedTuple):
    """A chart with a column for each class of a distribution."""

    title: str
    note: str
    columns: Sequence[Column]


def bars(title: str, note: str, rows: Iterable[tuple[str, float, str]], most: int = 12) -> Bars:
    """``rows`` are name, size and the value as it is told; one that is not 0 is always seen."""
    rows = list(rows)
    largest = max((size for _, size, _ in rows), default=0) or 1
    drawn = [
        Bar(_cut(name), name, value, number * ROW, max(1.0, round(WIDTH * size / largest, 1)) if size else 0)
        for number, (name, size, value) in enumerate(rows[:most])
    ]
    return Bars(title, note, drawn, max(1, len(drawn)) * ROW, max(0, len(rows) - most))


def columns(title: str, note: str, classes: Sequence[tuple[str, int]], labelled: int = 1) -> Columns:
    """``classes`` are names and counts; every ``labelled``-th name, and the last, stands below its column."""
    largest = max((count for _, count in classes), default=0) or 1
    step = WIDTH / max(1, len(classes))
    drawn = []
    for number, (name, count) in enumerate(classes):
        height = round(HEIGHT * count / largest, 1) if count else 0.0
        height = max(height, 1.5) if count else 0.0  # one among thousands is still seen
        label = name if number % labelled == 0 else ""
        drawn.append(Column(label, name, count, round(number * step, 1), HEIGHT - height, round(step - 2, 1), height))
    return Columns(title, note, drawn)


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL // 2]}…{name[-LONGEST_LABEL // 2 + 1 :]}"
