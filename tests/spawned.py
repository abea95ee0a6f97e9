"""Run by test_engines in a process of its own: where processes cannot be forked they are spawned."""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

import toy

from cleaner.engines import local
from cleaner.formats import steps
from cleaner.job import JobOptions, run
from cleaner.settings import Settings

if __name__ == "__main__":
    local._context = lambda: multiprocessing.get_context("spawn")
    steps.MANY = 1
    result = run(JobOptions((sys.argv[1],), Path(sys.argv[2]), workers=2), Settings(), toy.clean)
    print(result.tally.changed, result.exit_code)
