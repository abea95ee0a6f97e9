"""A fault of ours, met in somebody's data, costs the record or the file that it is in, and never the run.

What is caught is told as a problem that names the file, the line and the place in this package; what is
not of the data (no memory, no file handles, a full disk, a wrong setting) goes on, and ends the run.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from typing import TypeVar

from cleaner.errors import CleanerError, InputError, InternalError
from cleaner.formats.tally import BROKEN
from cleaner.formats.work import Problem

T = TypeVar("T")
R = TypeVar("R")

_OF_THE_MACHINE = frozenset({
    errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EPIPE,
})  # fmt: skip
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_MOST = 200
"""Characters of an error's own words that are told: they may hold the whole record."""
_TRACE = 20_000
"""Characters of a traceback that are kept, its end: one of a deep recursion has a thousand frames."""


def is_of_data(error: Exception) -> bool:
    """Whether the data brought this about, so that other data may still be cleaned."""
    if isinstance(error, OSError):
        return error.errno not in _OF_THE_MACHINE
    if isinstance(error, (MemoryError, ImportError)) or type(error).__module__.startswith("concurrent."):
        return False
    return isinstance(error, (InputError, InternalError)) or not isinstance(error, CleanerError)


def check(error: Exception) -> None:
    """Raise ``error`` again where it is not of the data. For use in the block that has caught it."""
    if not is_of_data(error):
        raise error


def problem(file: str, line: int | None, error: Exception, what: str = "record", fate: str = "") -> Problem:
    """What is told of ``error``, met in a ``what`` of ``file``; ``fate`` where it is not left as it was."""
    import traceback

    words = str(error).removeprefix(f"{file}: ").partition("; this is a fault")[0].strip()
    words = f": {words[:_MOST]}{'…' * (len(words) > _MOST)}" if words else ""
    trace = "".join(traceback.format_exception(error))
    detail = f"internal error ({type(error).__name__} in {_place(error)}{words})"
    fix = f"{fate or f'the {what} is left as it was'}: please report it"
    return Problem(file, line, BROKEN, detail, fix, trace[-_TRACE:])


def each(
    function: Callable[[Sequence[T]], Sequence[R]], items: Sequence[T], instead: Callable[[T, Exception], R]
) -> list[R]:
    """The results of ``function`` for ``items``, one each; of an item for which it fails what ``instead`` gives.

    All are tried at once, and where that fails each half by itself: ``function`` must not remember.
    """
    try:
        found = list(function(items))
        if len(found) != len(items):
            raise InternalError("cleaning", f"{len(found)} results of {len(items)} texts")
        return found
    except Exception as error:
        check(error)
        if len(items) == 1:
            return [instead(items[0], error)]
        if not items:
            raise
    half = len(items) // 2
    return each(function, items[:half], instead) + each(function, items[half:], instead)


def _place(error: Exception) -> str:
    """The innermost line of this package that was at work, or else of any other."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if os.path.abspath(frame.filename).startswith(_PACKAGE)]
    if not own and not frames:
        return "an unknown place"
    frame = (own or frames)[-1]
    name = os.path.abspath(frame.filename)
    name = name.removeprefix(_PACKAGE) if own else os.path.basename(name)
    return f"{name.replace(os.sep, '/')}:{frame.lineno}"
