#!/usr/bin/env python3
"""Which lines share a MinHash band with another, by rensa's bulk road over hashes that polars makes.

    python rensa_pairs.py FILES...

Only flags come out of it: which lines have a candidate, neither which one nor how near it is.
"""

from __future__ import annotations

import sys

import polars as pl
from lines import TEXT, long_lines
from rensa import RMinHash, RMinHashLSH

BANDS, ROWS, THRESHOLD = 20, 3, 0.7  # word pairs, as in cleaner


def hashed_pairs(lines: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """The hashes of all pairs of neighbouring words, and where those of each line begin; the end is the last."""
    words = lines.lazy().select(words=TEXT.str.to_lowercase().str.extract_all(r"\w+")).with_row_index("line")
    words = words.filter(pl.col("words").list.len() > 1).collect().lazy()
    counts = words.select(pl.col("words").list.len() - 1).collect().to_series().cast(pl.UInt64)
    word, line = pl.col("words").hash(), pl.col("line")
    pairs = words.explode("words").select(line, one=word).with_columns(other=pl.col("one").shift(-1))
    inside = pairs.filter(line == line.shift(-1)).select(pl.struct("one", "other").hash())
    starts = pl.concat([pl.Series([0], dtype=pl.UInt64), counts.cum_sum()], rechunk=True)
    return inside.collect().to_series(), starts


def main() -> None:
    hashes, starts = hashed_pairs(long_lines(sys.argv[1:]))
    permutations = BANDS * ROWS
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(hashes.to_numpy(), starts.to_numpy(), permutations, 1)
    lsh = RMinHashLSH(THRESHOLD, permutations, BANDS)
    flags = lsh.insert_matrix_and_query_duplicate_flags(matrix)
    print(len(starts) - 1, "lines,", sum(flags), "with a candidate")


if __name__ == "__main__":
    main()
