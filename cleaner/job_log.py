"""The log of a run: begun anew, or that of a stopped run, to be gone on with."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from cleaner.errors import InputError, SettingsError
from cleaner.formats import resuming
from cleaner.formats.removal_log import Entry, LogWriter
from cleaner.formats.restore import digest_of_output
from cleaner.formats.resuming import Stopped
from cleaner.formats.run_folder import fresh
from cleaner.job_options import JobOptions


def open_log(options: JobOptions, folder: Path, facts: dict[str, Any]) -> tuple[Stopped | None, str, LogWriter]:
    """The stopped run that is gone on with, the id of the run, and the log."""
    if options.only_said:
        return None, fresh(), LogWriter(folder, dry=True)
    stopped = resuming.stopped(folder, facts) if options.resume else None
    going_on = (partial(_is_written, options), stopped.done) if stopped is not None else None
    log = LogWriter(folder, going_on=going_on)
    if stopped is not None and resuming.stopped(folder, facts) != stopped:
        log.release()
        raise SettingsError(f"{folder}: another run has ended here in the meantime; run the same command again")
    run = stopped.run if stopped is not None else fresh()
    resuming.begin(folder, facts, run, stopped.done if stopped is not None else ())
    return stopped, run, log


def _is_written(options: JobOptions, entry: Entry) -> bool:
    """Whether the output that an entry is of has its name."""
    path = (options.out or Path()) / (entry.path or entry.file)
    try:
        return digest_of_output(path, entry) == entry.digest_out
    except (OSError, InputError):
        return False
