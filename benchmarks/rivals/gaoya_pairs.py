#!/usr/bin/env python3
"""Which lines share a MinHash band with which, by gaoya; its estimate decides, nothing is written.

python gaoya_pairs.py FILES...
"""

from __future__ import annotations

import sys

from gaoya.minhash import MinHashStringIndex
from lines import long_lines

BANDS, ROWS, THRESHOLD = 20, 3, 0.7  # word pairs, as in cleaner


def main() -> None:
    lines = long_lines(sys.argv[1:])["text"].to_list()
    index = MinHashStringIndex(32, THRESHOLD, BANDS, ROWS, None, "word", True, (2, 2), "smallvec")
    index.par_bulk_insert_docs(list(range(len(lines))), lines)
    found = index.par_bulk_query(lines)
    print(len(lines), "lines,", sum(len(each) > 1 for each in found), "with a near one")


if __name__ == "__main__":
    main()
