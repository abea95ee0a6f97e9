#!/usr/bin/env python3
"""How many of the near pairs the MinHash road finds, against an exact set-similarity join.

    python benchmarks/recall.py [--paragraphs 50000]

Takes articles evenly from a dump, plants copies and near copies in them (eval/plant_dump.py), and asks
for the paragraphs at or over a word-pair Jaccard of .7: the kernels' road and the package
SetSimilaritySearch. Paragraphs with equal shingle sets count once, because they are no test: their
signatures are equal. Ends with 1 if the recall is under .999.

The data is ``data/dump.jsonl.zst`` in the folder $CLEANER_SHARED, or in ``shared`` beside the
repository. Writes benchmarks/results/recall.json.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard
from SetSimilaritySearch import all_pairs

from cleaner.kernels import decode, sketch
from cleaner.phases import across, lsh

ROOT = Path(__file__).resolve().parent.parent

SHARED = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared"))
RESULT = ROOT / "benchmarks" / "results" / "recall.json"
FLOOR = 0.999
SHORTEST = 12  # words: paragraphs that Settings.min_words lets go
EVERY = 4  # one article in so many is taken, so that 50,000 paragraphs come from all sources of the dump


def planted(folder: Path) -> tuple[list[str], list[str]]:
    """(paragraphs planted and their sources, all paragraphs) of a part of the dump with copies in a fifth of it."""
    part, out, truth = folder / "part.jsonl", folder / "planted.jsonl", folder / "truth.jsonl"
    with zstandard.open(SHARED / "data" / "dump.jsonl.zst", "rt", encoding="utf-8") as dump:
        part.write_text("".join(line for at, line in enumerate(dump) if at % EVERY == 0), encoding="utf-8")
    script = SHARED / "eval" / "plant_dump.py"
    command = [sys.executable, str(script), "plant", str(part), str(out), str(truth), "--share", "0.2"]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    pairs = [text for row in rows(truth) for text in (row["text"], row["copy"])]
    return pairs, [text for row in rows(out) for text in re.split(r"\n\s*\n|\n", row["text"])]


def rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def distinct(texts: list[str], limit: int) -> tuple[list[str], list[list[int]]]:
    """The first ``limit`` paragraphs long enough and with different shingle sets; and those sets."""
    texts = [text for text in texts if len(text.split()) >= SHORTEST]
    shingles, offsets = sketch.shingle_sets(*decode.spans(texts))
    sets: dict[tuple[int, ...], str] = {}
    for text, first, last in zip(texts, offsets, offsets[1:], strict=False):
        sets.setdefault(tuple(shingles[first:last].tolist()), text)
        if len(sets) == limit:
            break
    return list(sets.values()), [list(own) for own in sets]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paragraphs", type=int, default=50_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pairs, everything = planted(Path(folder))
    texts, sets = distinct(pairs + everything, arguments.paragraphs)
    across.near_pairs_arrays(texts[:2])  # compiles
    start = time.perf_counter()
    found = across.near_pairs_arrays(texts)
    ours = time.perf_counter() - start
    start = time.perf_counter()
    exact = {(min(i, j), max(i, j)): jaccard for i, j, jaccard in all_pairs(sets, "jaccard", lsh.THRESHOLD)}
    oracle = time.perf_counter() - start
    result = {
        "paragraphs": len(texts),
        "threshold": lsh.THRESHOLD,
        "bands": list(lsh.DEFAULT_BANDS),
        **compared(found, exact),
        "seconds": {"signatures, bands, verification": round(ours, 2), "SetSimilaritySearch": round(oracle, 1)},
        "versions": {name: importlib.metadata.version(name) for name in ("numba", "numpy", "SetSimilaritySearch")},
        "machine": {"cpus": os.cpu_count(), "architecture": platform.machine()},
        "load average": round(os.getloadavg()[0], 2),
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))
    return 0 if result["recall"] >= FLOOR and not result["found but not exact"] else 1


def compared(found: across.NearPairs, exact: dict[tuple[int, int], float]) -> dict[str, Any]:
    ours = {(pair.left, pair.right) for pair in found.pairs}
    bins: dict[str, list[bool]] = {}
    for pair, jaccard in sorted(exact.items(), key=lambda item: item[1]):
        bins.setdefault(f"from {int(jaccard * 20) / 20:.2f}", []).append(pair in ours)
    return {
        "exact pairs": len(exact),
        "found": len(ours & exact.keys()),
        "found but not exact": len(ours - exact.keys()),
        "recall": round(len(ours & exact.keys()) / len(exact), 6),
        "recall by Jaccard": {name: f"{sum(hits)} of {len(hits)}" for name, hits in bins.items()},
        "left out by the cap": found.left_out,
    }


if __name__ == "__main__":
    sys.exit(main())
