#!/usr/bin/env python3
"""datatrove's MinHash over whole articles, at its defaults (5-grams, 14 buckets of 8), all four stages.

    python datatrove_articles.py OUT WORKERS FILES...

Articles that share a bucket are one cluster, of which one stays: nothing is compared, and paragraphs are not looked
at. What it leaves between the stages lies in OUT-work.
"""

from __future__ import annotations

import sys
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import (
    MinhashConfig,
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from datatrove.utils.typeshelper import Languages


def run(pipeline: list[object], tasks: int, workers: int, logs: Path) -> None:
    LocalPipelineExecutor(pipeline, tasks=tasks, workers=workers, logging_dir=str(logs), skip_completed=False).run()


def main() -> None:
    out, workers, files = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    work, config = out.with_name(f"{out.name}-work"), MinhashConfig()
    signatures, buckets, doubles = (str(work / name) for name in ("signatures", "buckets", "doubles"))
    reader = JsonlReader(str(Path(files[0]).parent), glob_pattern="*.jsonl.gz")
    signature = MinhashDedupSignature(signatures, config=config, language=Languages.english)
    run([reader, signature], len(files), workers, work / "logs")
    run([MinhashDedupBuckets(signatures, buckets, config=config)], config.num_buckets, workers, work / "logs")
    run([MinhashDedupCluster(buckets, doubles, config=config)], 1, 1, work / "logs")
    run([reader, MinhashDedupFilter(doubles), JsonlWriter(str(out))], len(files), workers, work / "logs")


if __name__ == "__main__":
    main()
