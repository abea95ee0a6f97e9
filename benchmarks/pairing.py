#!/usr/bin/env python3
"""Signatures and candidate pairs of paragraphs, on one core: cleaner's kernels beside datasketch in Python.

    python benchmarks/pairing.py [--megabytes 8] [--rounds 3] [--dry]

All roads start at the same list of strings, make 60 permutations of word pairs and put them into 20 bands of 3 rows:

    cleaner, candidates          what shares a band
    cleaner, near pairs          and then the exact Jaccard of every candidate, of which those at .7 and over stay
    datasketch, as documented    one MinHash a paragraph, updated with its word pairs; MinHashLSH is asked, then told
    datasketch, its bulk road    the same with MinHash.generator, scheme affine32, and no check for doubles

In each round every road runs, those of cleaner CALLS times; seconds are medians. The paragraphs are those of 12
words and more of articles taken evenly from ``data/dump.jsonl.zst`` in the folder $CLEANER_SHARED, or in ``shared``
beside the repository. Writes benchmarks/results/pairing.json. Ends with 1 where candidates by cleaner take more than
a 60th of the time of datasketch as documented.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import shards
from processes import Conditions, close, say, stay_on, versions

AT_LEAST = 60.0
SHORTEST = 12  # words
CALLS = 5  # of cleaner in a round
BANDS, ROWS, THRESHOLD = 20, 3, 0.7

Pairs = set[tuple[int, int]]


def paragraphs(megabytes: float) -> list[str]:
    """So many megabytes of them, from articles all over the dump."""
    records = shards.read_lines()
    step = max(1, int(sum(map(len, records)) / (megabytes * 1e6 * 1.3)))  # about a quarter is in shorter lines
    found, size = [], 0.0
    for record in records[::step]:
        for line in json.loads(record)["text"].split("\n"):
            if len(line.split()) >= SHORTEST and size < megabytes * 1e6:
                found.append(line)
                size += len(line.encode())
    return found


def candidates(texts: list[str]) -> Pairs:
    from cleaner.kernels import decode, sketch
    from cleaner.phases import lsh

    bands = lsh.Bands(BANDS, ROWS)
    signatures = sketch.signatures_kernel(*decode.spans(texts), bands.permutations)
    left, right, _ = lsh.candidate_arrays(*lsh.band_key_array(signatures, bands))
    return pairs_of(left.tolist(), right.tolist())


def near_pairs(texts: list[str]) -> Pairs:
    from cleaner.phases import across

    return {(pair.left, pair.right) for pair in across.near_pairs_arrays(texts, THRESHOLD).pairs}


def pairs_of(left: list[int], right: list[int]) -> Pairs:
    return set(zip(left, right, strict=True))


def as_documented(texts: list[str]) -> Pairs:
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))
    found: Pairs = set()
    for right, text in enumerate(texts):
        minhash = MinHash(num_perm=BANDS * ROWS)
        minhash.update_batch(word_pairs(text))
        found.update((left, right) for left in lsh.query(minhash))
        lsh.insert(right, minhash)
    return found


def in_bulk(texts: list[str]) -> Pairs:
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(num_perm=BANDS * ROWS, params=(BANDS, ROWS))
    found: Pairs = set()
    hashes = MinHash.generator(map(word_pairs, texts), num_perm=BANDS * ROWS, scheme="affine32")
    for right, minhash in enumerate(hashes):
        found.update((left, right) for left in lsh.query(minhash))
        lsh.insert(right, minhash, check_duplication=False)
    return found


def word_pairs(text: str) -> list[bytes]:
    words = re.findall(r"\w+", text.lower())
    return [f"{a} {b}".encode() for a, b in pairwise(words)]


def seconds_of(road: Callable[[list[str]], Pairs], texts: list[str]) -> tuple[float, Pairs]:
    began = time.perf_counter()
    found = road(texts)
    return time.perf_counter() - began, found


OURS = {"cleaner, candidates": candidates, "cleaner, near pairs": near_pairs}
THEIRS = {"datasketch, as documented": as_documented, "datasketch, its bulk road": in_bulk}
FIRST, AGAINST = next(iter(OURS)), next(iter(THEIRS))


def measured(texts: list[str], rounds: int) -> dict[str, Any]:
    roads = OURS | THEIRS
    seconds: dict[str, list[float]] = {name: [] for name in roads}
    pairs: dict[str, Pairs] = {name: road(texts[:600]) for name, road in roads.items()}  # compiles
    for number in range(rounds):
        for name, road in roads.items():
            for _ in range(CALLS if name in OURS else 1):
                taken, pairs[name] = seconds_of(road, texts)
                seconds[name].append(taken)
            say(f"round {number + 1}: {name} {seconds[name][-1]:.3f} s")
    megabytes, near = sum(len(text.encode()) for text in texts) / 1e6, pairs["cleaner, near pairs"]
    taken_by = {name: statistics.median(each) for name, each in seconds.items()}
    return {
        "paragraphs": len(texts),
        "MB": round(megabytes, 2),
        "seconds": {name: round(each, 4) for name, each in taken_by.items()},
        "MB/s": {name: round(megabytes / each, 1) for name, each in taken_by.items()},
        "times as fast": {
            name: {other: round(taken_by[other] / taken_by[name], 1) for other in THEIRS} for name in OURS
        },
        "pairs": {name: len(each) for name, each in pairs.items()},
        "near pairs among them": {name: len(near & each) for name, each in pairs.items()},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dry", action="store_true", help="store nothing")
    arguments = parser.parse_args()
    if not shards.DUMP.exists():
        print(f"pairing {shards.MISSING}")
        return 0
    before = Conditions()
    stay_on(1)
    result = measured(paragraphs(arguments.megabytes), arguments.rounds)
    ratio = result["times as fast"][FIRST][AGAINST]
    result["at least"] = AT_LEAST
    result["short of target"] = [f"{ratio:g} times as fast, at least {AT_LEAST:g}"] if ratio < AT_LEAST else []
    return close("pairing", result | before.now(versions(["datasketch"])), before, trial=arguments.dry)


if __name__ == "__main__":
    sys.exit(main())
