"""``python -m cleaner``: as the command, without modules of the current folder, which python -m would take first."""

import sys


def _leave_the_current_folder() -> None:
    """Take off what python -m put first; the tree that is cleaned is no part of the program, unless it holds it."""
    package = __file__.replace("\\", "/").rpartition("/cleaner/")[0]
    if not sys.flags.safe_path and sys.path and sys.path[0].replace("\\", "/") != package:
        del sys.path[0]


if __name__ == "__main__":
    _leave_the_current_folder()

    from cleaner.cli import main

    main()
