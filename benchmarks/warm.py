#!/usr/bin/env python3
"""``cleaner clean`` in a process that has cleaned before: libraries imported, kernels loaded.

    python benchmarks/warm.py SMALL OUT FLAGS... -- FILES...

Cleans SMALL into OUT-small with the same flags, then FILES into OUT: that run's own report.json says how long
the work takes once everything is there. Worker processes are started anew for each run, and so are a part of it.
"""

from __future__ import annotations

import sys


def clean(arguments: list[str]) -> int:
    from cleaner.cli.app import app

    return int(app(["clean", *arguments], prog_name="cleaner", standalone_mode=False) or 0)


def main() -> int:
    small, out, *arguments = sys.argv[1:]
    dashes = arguments.index("--")
    flags, files = arguments[:dashes], arguments[dashes + 1 :]
    return clean([small, "-o", f"{out}-small", *flags]) or clean([*files, "-o", out, *flags])


if __name__ == "__main__":
    sys.exit(main())
