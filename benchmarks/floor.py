#!/usr/bin/env python3
"""The least that any cleaning of gzipped JSONL must do: decompress, parse, compress; in two warm processes.

    python benchmarks/floor.py REPORT OUT FILES...

With the libraries and the level that cleaner uses (isal, orjson, level 2), one file at a time in each process.
The processes are started and have done a file of two records before the clock starts. Writes to REPORT what
cleaner writes to report.json: {"seconds": {"total": ...}}.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import tempfile
import time
from pathlib import Path

from shards import LEVEL, write_lines

PROCESSES = 2
PIECE = 1 << 18  # bytes that are read at once, as in cleaner


def passed_on(job: tuple[str, str]) -> int:
    """Records of one file, each parsed and then forgotten; the bytes are compressed again as they came."""
    import orjson
    from isal import igzip

    source, target = job
    records, rest = 0, b""
    with igzip.open(source, "rb") as reading, igzip.open(target, "wb", compresslevel=LEVEL) as writing:
        while piece := reading.read(PIECE):
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                orjson.loads(line)
            records += len(lines)
            writing.write(piece)
    return records


def main() -> int:
    report, out, *files = sys.argv[1:]
    Path(out).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        small = Path(folder) / "small.jsonl.gz"
        write_lines(small, [b'{"id": 1}\n', b'{"id": 2}\n'])
        pool.map(passed_on, [(str(small), f"{folder}/{k}.gz") for k in range(4 * PROCESSES)], chunksize=1)
        began = time.perf_counter()
        records = sum(pool.map(passed_on, [(file, f"{out}/{Path(file).name}") for file in files], chunksize=1))
        seconds = time.perf_counter() - began
        pool.close()
        pool.join()
    Path(report).write_text(json.dumps({"articles": records, "seconds": {"total": seconds}}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
