"""Standard output and error: nothing printed here can act on a terminal, and no closed pipe ends in a traceback."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any, cast

from cleaner.errors import CleanerError
from cleaner.report.phrases import printable


class StreamError(CleanerError):
    """Standard output cannot be written."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            f"standard output: cannot be written ({error.strerror or error}); give it another place, or use -o"
        )


def prepare() -> None:
    """What a terminal of another encoding cannot show is printed as its code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def say(line: str) -> None:
    """A line about the run, to standard error."""
    tell(f"cleaner: {line}")


def tell(line: str) -> None:
    """A line to standard error; where nobody listens the run goes on."""
    if sys.stderr is not None:
        with suppress(OSError):
            (_above or _to_error)(printable(line))


def _to_error(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


_above: Callable[[str], None] | None = None


def above(write: Callable[[str], None] | None) -> None:
    """While a bar is shown ``write`` puts lines above it; None: they go straight to standard error again."""
    global _above
    _above = write


def put(text: str) -> None:
    """Printable lines to standard output. Raises StreamError, and BrokenPipeError where the reader left."""
    try:
        stream = _stdout()
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        hush()
        raise
    except OSError as error:
        hush()
        raise StreamError(error) from None


def put_json(value: dict[str, Any], *, error: bool = False) -> None:
    """``value`` as JSON to standard output (or error); what is not printable stays escaped."""
    import json

    text = json.dumps(value, ensure_ascii=False, indent=2)
    lines = [line if line.isprintable() else _escaped(line) for line in text.split("\n")]
    if error:
        for line in lines:
            tell(line)
    else:
        put("\n".join(lines) + "\n")


def _escaped(line: str) -> str:
    """Not printable characters as JSON writes them; they stand inside strings only."""
    units = (c if c.isprintable() else c.encode("utf-16-be", "surrogatepass").hex() for c in line)
    return "".join(u if len(u) == 1 else "".join(f"\\u{u[i : i + 4]}" for i in range(0, len(u), 4)) for u in units)


def hush() -> None:
    """What is left to be written to standard output goes nowhere, also at exit."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stdout() -> Any:
    if sys.stdout is None:
        raise OSError(errno.EBADF, "it is closed")
    return sys.stdout


class Texts:
    """Standard output for cleaned texts: it remembers the last byte, and whether the reader left."""

    def __init__(self) -> None:
        self.left = False
        self._last = b"\n"

    def write(self, data: bytes) -> int:
        self._last = data[-1:] or self._last
        return self._try(lambda: _stdout().buffer.write(data)) or len(data)

    def flush(self) -> None:
        self._try(lambda: _stdout().buffer.flush())

    def end(self) -> None:
        """On a terminal, what is told next begins on a line of its own."""
        if self._last != b"\n" and _is_terminal(sys.stdout) and _is_terminal(sys.stderr):
            sys.stderr.write("\n")

    def stream(self) -> IO[bytes]:
        return cast(IO[bytes], self)

    def _try(self, action: Any) -> Any:
        try:
            return action()
        except OSError as error:
            self.left = isinstance(error, BrokenPipeError)
            hush()
            raise


def _is_terminal(stream: Any) -> bool:
    return stream is not None and bool(stream.isatty())


def to_terminal() -> bool:
    """Whether standard output is a person."""
    return _is_terminal(sys.stdout)
