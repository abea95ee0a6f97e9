"""Errors, sorted by who can act.

CleanerError
├── InputError      the data: a file that cannot be read, a record that is broken
├── SettingsError   the call: an unknown key, a value out of range, a missing extra
├── RestoreError    an output that no longer fits its removal log
└── InternalError   ours: a check of what was decided, or written, did not hold
"""

from __future__ import annotations


class CleanerError(Exception):
    """Base of all errors that this package raises on purpose."""


class InputError(CleanerError):
    """A file or record that cannot be used. ``file``, ``line`` (1-based or None) and ``fix`` are kept."""

    def __init__(self, problem: str, *, file: str, line: int | None = None, fix: str) -> None:
        self.problem, self.file, self.line, self.fix = problem, file, line, fix
        where = file if line is None else f"{file}:{line}"
        super().__init__(f"{where}: {problem}; {fix}")


class SettingsError(CleanerError):
    """A setting or a call that cannot be followed; the message ends in what to do."""


class RestoreError(CleanerError):
    """The output was edited since, or the log is not of this output."""


class InternalError(CleanerError):
    """A check before writing failed: the fault is ours, and nothing of it was written."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}; this is a fault of cleaner, nothing was written: please report it")
