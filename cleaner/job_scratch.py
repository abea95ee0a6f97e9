"""Where a run over a corpus keeps what it has read, and what becomes of that at its end."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from cleaner.formats.run_folder import Run, RunFolder, tidy
from cleaner.formats.spool import Spool, Where
from cleaner.job_end import End
from cleaner.job_options import JobOptions


def spool_of(options: JobOptions, run: Run, resumed: bool, held: ExitStack, end: End) -> Spool:
    """The spool of the stopped run where ``resumed``, or an empty one; it is left or removed with ``held``.

    Raises SettingsError for a folder that is not the stopped run's, and ScratchError where none can be made.
    """
    base = options.scratch or (options.log_folder if options.mode in ("out", "in place") else None)
    if base is None:
        folder = Path(held.enter_context(TemporaryDirectory(prefix="cleaner-")))
        spool = Spool(Where.of(folder, bytes.fromhex(run.id)))
    else:
        note = end.publisher.events.note
        if not resumed and (left := tidy(base, run)) is not None:
            note(left)
        own = RunFolder(base, run, resumed=resumed)

        def leave() -> None:
            if end.goes_on:
                own.leave()
            elif (problem := own.remove()) is not None:
                note(problem)

        held.callback(leave)
        spool = Spool(own.where)
    held.callback(spool.close)
    return spool
