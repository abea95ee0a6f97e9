#!/usr/bin/env python3
"""How fast words and signatures are made of English and French paragraphs, beside datasketch, rensa and gaoya.

    python benchmarks/kernel.py [--rivals-python PYTHON] [--repeat 7]

Every road starts at the same paragraphs and makes 60 permutations of their word pairs; megabytes are
10**6 bytes of UTF-8, seconds the best of ``--repeat`` runs. The kernels take the paragraphs as one
buffer, which is how they come from a file; gaoya takes strings, rensa and datasketch word pairs, which
plain Python makes of strings here ("word pairs given": made before the clock starts).
rensa and gaoya run in an environment of their own, given by ``--rivals-python``:

    python -m venv rivals && rivals/bin/pip install rensa gaoya

The data is ``data/articles.jsonl.zst`` in the folder $CLEANER_SHARED, or in ``shared`` beside the
repository. Writes benchmarks/results/kernel.json.
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
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared"))
RESULT = ROOT / "benchmarks" / "results" / "kernel.json"
PERMUTATIONS, BANDS, ROWS = 60, 20, 3
LANGUAGES = ("en", "fr")


def paragraphs() -> dict[str, list[str]]:
    """The lines of the English and French articles, by language."""
    import zstandard

    found: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    with zstandard.open(SHARED / "data" / "articles.jsonl.zst", "rt", encoding="utf-8") as file:
        for line in file:
            article = json.loads(line)
            if article["lang"] in found:
                found[article["lang"]] += [text for text in article["text"].split("\n") if text.strip()]
    return found


def best(run: Callable[[], object], repeat: int) -> float:
    """Seconds of the fastest of ``repeat`` runs, after one that is not counted."""
    seconds = []
    for _ in range(repeat + 1):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return min(seconds[1:])


def ours(texts: list[str], repeat: int) -> Iterator[tuple[str, float]]:
    sys.path.insert(0, str(ROOT))
    from cleaner.kernels import decode, sketch

    buf, starts, ends = decode.spans(texts)
    yield "words_kernel", best(lambda: decode.words_kernel(buf, starts, ends), repeat)
    yield "sketch", best(lambda: sketch.signatures_kernel(buf, starts, ends, PERMUTATIONS), repeat)


def of_datasketch(texts: list[str], repeat: int) -> Iterator[tuple[str, float]]:
    from datasketch import MinHash

    def run(sets: Iterable[list[bytes]]) -> None:
        for _ in MinHash.generator(sets, num_perm=PERMUTATIONS, scheme="affine32"):
            pass

    sets = list(map(word_pairs, texts))
    yield "datasketch", best(lambda: run(map(word_pairs, texts)), min(repeat, 2))
    yield "datasketch, word pairs given", best(lambda: run(sets), min(repeat, 2))


def word_pairs(text: str) -> list[bytes]:
    words = re.findall(r"\w+", text.lower())
    return [f"{a} {b}".encode() for a, b in pairwise(words)]


def of_rensa(texts: list[str], repeat: int) -> Iterator[tuple[str, float]]:
    from rensa import RMinHash

    def run(sets: list[list[bytes]]) -> None:
        RMinHash.digest_matrix_from_token_byte_sets(sets, PERMUTATIONS, 1)

    sets = list(map(word_pairs, texts))
    yield "rensa", best(lambda: run(list(map(word_pairs, texts))), repeat)
    yield "rensa, word pairs given", best(lambda: run(sets), repeat)


def of_gaoya(texts: list[str], repeat: int) -> Iterator[tuple[str, float]]:
    """gaoya has no call for signatures alone: its index is filled too. Threads: RAYON_NUM_THREADS."""
    from gaoya.minhash import MinHashStringIndex

    ids = list(range(len(texts)))

    def run() -> None:
        index = MinHashStringIndex(32, 0.7, BANDS, ROWS, None, "word", True, (2, 2), "smallvec")
        index.par_bulk_insert_docs(ids, texts)

    yield f"gaoya, {os.environ['RAYON_NUM_THREADS']} threads, with its index", best(run, repeat)


RIVALS = {"rensa": of_rensa, "gaoya": of_gaoya}


def as_rival(name: str, data: str, repeat: int) -> None:
    """Runs in the rivals' environment: standard library and the rival only."""
    texts = json.loads(Path(data).read_text(encoding="utf-8"))
    print(json.dumps({"seconds": dict(RIVALS[name](texts, repeat)), "version": importlib.metadata.version(name)}))


def rival(python: str, name: str, texts: list[str], repeat: int, threads: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "texts.json"
        data.write_text(json.dumps(texts), encoding="utf-8")
        command = [python, __file__, "--as-rival", name, "--data", str(data), "--repeat", str(repeat)]
        environment = {**os.environ, "RAYON_NUM_THREADS": str(threads)}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        print(f"{name} skipped: {done.stderr.strip().splitlines()[-1]}")
        return {"seconds": {}, "version": None}
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def measure(texts: list[str], arguments: argparse.Namespace, versions: dict[str, str]) -> dict[str, Any]:
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    seconds = dict(ours(texts, arguments.repeat)) | dict(of_datasketch(texts, arguments.repeat))
    if arguments.rivals_python:
        for name, threads in (("rensa", 1), ("gaoya", 1), ("gaoya", 2)):
            result = rival(arguments.rivals_python, name, texts, arguments.repeat, threads)
            seconds |= result["seconds"]
            versions[name] = result["version"] or "not installed"
    speed = {road: round(megabytes / each, 1) for road, each in seconds.items()}
    ratio = {
        road: round(speed["sketch"] / each, 1) for road, each in speed.items() if road not in ("words_kernel", "sketch")
    }
    return {"paragraphs": len(texts), "MB": round(megabytes, 2), "MB/s": speed, "sketch is faster by": ratio}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rivals-python", help="the Python of an environment with rensa and gaoya")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--as-rival", choices=sorted(RIVALS), help=argparse.SUPPRESS)
    parser.add_argument("--data", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.as_rival:
        as_rival(arguments.as_rival, arguments.data, arguments.repeat)
        return 0
    if not arguments.rivals_python:
        print("rensa and gaoya skipped: no --rivals-python")
    versions = {name: importlib.metadata.version(name) for name in ("numba", "numpy", "datasketch")}
    load = os.getloadavg()
    languages = {language: measure(texts, arguments, versions) for language, texts in paragraphs().items()}
    result = {
        "permutations": PERMUTATIONS,
        "languages": languages,
        "versions": {"python": platform.python_version(), **versions},
        "machine": {"cpus": os.cpu_count(), "architecture": platform.machine()},
        "load average before and after": [round(load[0], 2), round(os.getloadavg()[0], 2)],
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
