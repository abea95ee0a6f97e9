"""The command line: flags become settings once, exit codes are 0 done, 1 findings, 2 could not."""

from __future__ import annotations

import sys


def main() -> None:
    """The command ``cleaner``; errors that a person can act on are one line, not a traceback."""
    from cleaner.cli.app import app
    from cleaner.errors import CleanerError

    try:
        app()
    except CleanerError as error:
        from cleaner.cli.printing import printable

        sys.stderr.write(f"cleaner: {printable(str(error))}\n")
        raise SystemExit(2) from None
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None
