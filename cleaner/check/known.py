"""The baseline file: findings that were there when the check was switched on, or texts that were decided to stay."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from cleaner.decisions import is_decisions, parse
from cleaner.errors import SettingsError
from cleaner.findings import Finding, Note
from cleaner.phases.check.baseline import apply_baseline, apply_decisions, read_baseline, write_baseline

AGAIN = "write it with --write-baseline"


def without_known(findings: Sequence[Finding], path: str, *, whole: bool) -> tuple[list[Finding], int, list[Note]]:
    """Findings that the baseline at ``path`` does not have, how many others there are, and what is to be told.

    The file is a baseline or one of decisions (``cleaner.decisions``): what these keep is known, in any file and
    however often. Of those nothing is told that nothing fits: they are about more than what is checked.

    whole  the run looked at everything, so that an entry that nothing fits is of no use any more
    Raises SettingsError where the file cannot be read.
    """
    name = os.path.relpath(path)
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise SettingsError(f"baseline {name}: cannot be read ({what}); {AGAIN}") from None
    if is_decisions(text):
        kept, known, _ = apply_decisions(findings, parse(text, name))
        return kept, known, []
    kept, known, gone = apply_baseline(findings, read_baseline(text, name))
    if not (gone and whole):
        return kept, known, []
    what = "1 entry of the baseline is" if gone == 1 else f"{gone:,} entries of the baseline are"
    return kept, known, [Note(None, None, f"{what} there no more", f"{AGAIN} to drop what is gone")]


def keep(findings: Sequence[Finding], path: str) -> None:
    """Write all ``findings`` to a baseline file. Raises OSError."""
    from cleaner.formats.atomic import write_whole

    write_whole(Path(path), write_baseline(findings).encode())
