"""The lines of the shards that are long enough to count, for the scripts beside this one."""

from __future__ import annotations

import polars as pl

SHORTEST = 12  # words: paragraphs that go alone in cleaner
TEXT = pl.col("text")


def long_lines(files: list[str]) -> pl.DataFrame:
    """One column: text, a line of SHORTEST words (by spaces) and more."""
    articles = pl.scan_ndjson(files, schema=dict.fromkeys(("id", "text", "lang", "source"), pl.String))
    lines = articles.select(TEXT.str.split("\n")).explode("text")
    return lines.filter(TEXT.str.count_matches(" ", literal=True) >= SHORTEST - 1).collect()
