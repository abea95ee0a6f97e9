#!/usr/bin/env python3
"""Drops each paragraph that stood before, by its hash, and writes the files again: what polars is good at.

    python polars_paragraphs.py [--plain] OUT FILES...

Nothing is compared but a 64-bit hash, and nothing is logged. Two roads: as one writes it at first (--plain: every
line counts, every article is put together again), and tuned (lines of LONG bytes and more; only the articles that
lose one are put together again; all files are written at once).
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

COLUMNS = ("id", "text", "lang", "source")
LONG = 60  # bytes: about the 12 words from which a paragraph goes alone in cleaner
TEXT = pl.col("text")


def read(files: list[str]) -> pl.DataFrame:
    schema = dict.fromkeys(COLUMNS, pl.String)
    return pl.scan_ndjson(files, schema=schema, include_file_paths="file").with_row_index("article").collect()


def lines_of(articles: pl.DataFrame) -> pl.LazyFrame:
    return articles.lazy().select("article", TEXT.str.split("\n")).explode("text")


def joined(lines: pl.LazyFrame) -> pl.DataFrame:
    """The texts of articles from the lines that are not there ``again``."""
    kept = TEXT.filter(~pl.col("again")).str.join("\n")
    return lines.group_by("article", maintain_order=True).agg(kept).collect()


def plain(articles: pl.DataFrame) -> pl.DataFrame:
    again = ~TEXT.hash().is_first_distinct() & (TEXT.str.strip_chars() != "")
    texts = joined(lines_of(articles).with_columns(again=again))
    return articles.drop("text").join(texts, on="article", how="left", maintain_order="left")


def tuned(articles: pl.DataFrame) -> pl.DataFrame:
    lines = lines_of(articles).with_columns(again=(TEXT.str.len_bytes() >= LONG) & ~TEXT.hash().is_first_distinct())
    texts = joined(lines.filter(pl.col("again").any().over("article")))
    return articles.update(texts, on="article", how="left")


def write(articles: pl.DataFrame, files: list[str], out: str, at_once: bool) -> None:
    Path(out).mkdir(parents=True, exist_ok=True)
    sinks = [
        articles.lazy()
        .filter(pl.col("file") == file)
        .select(COLUMNS)
        .sink_ndjson(Path(out) / Path(file).name, compression="gzip", compression_level=1, lazy=True)
        for file in files
    ]
    if at_once:
        pl.collect_all(sinks)
        return
    for sink in sinks:
        sink.collect()


def main() -> None:
    arguments = sys.argv[1:]
    is_plain = arguments[0] == "--plain"
    out, *files = arguments[is_plain:]
    articles = read(files)
    write(plain(articles) if is_plain else tuned(articles), files, out, at_once=not is_plain)


if __name__ == "__main__":
    main()
