"""The command line: flags become settings once, exit codes are 0 done, 1 findings, 2 could not."""

from __future__ import annotations

import signal
import sys

INTERRUPTED = 130
"""Exit code after Ctrl-C, as of every program that a signal ends."""


def main() -> None:
    """The command ``cleaner``; errors that a person can act on are one line, not a traceback."""
    _end_as_by_hand()
    try:
        code = _run()
    except KeyboardInterrupt:  # while still starting
        code = INTERRUPTED
    raise SystemExit(code)


def _end_as_by_hand() -> None:
    """A run that is told to end, by the system or because its terminal has gone, ends as by Ctrl-C: in whole files."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def _run() -> int:
    if sys.argv[1:2] in (["check"], ["rule"], ["rules"]):  # they take no typer, which takes longer than they do
        from cleaner import hook

        hook.cli(sys.argv[2:] if sys.argv[1] == "check" else sys.argv[1:], by_hand=True)
    import click

    from cleaner.cli import streams
    from cleaner.cli.app import app
    from cleaner.errors import CleanerError

    streams.prepare()
    try:
        return int(app(prog_name="cleaner", standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except CleanerError as error:
        streams.say(str(error))
        return 2
    except BrokenPipeError:  # the reader of a help text or a report has seen enough
        streams.hush()
        return 0
    except MemoryError:
        streams.say("out of memory; run again with fewer --workers or less --memory, or give the largest file alone")
        return 2
    except OSError as error:
        streams.hush()
        streams.say(f"{error.filename or 'standard output'}: {error.strerror or error}; see to it and run again")
        return 2
    except Exception as error:  # nothing in the data may end in a traceback
        from cleaner.formats import guard

        if {"--verbose", "-v", "--strict"} & set(sys.argv[1:]):
            raise
        problem = guard.problem("cleaner", None, error)
        streams.say(f"{problem.detail}; nothing more was written: please report it, with what --verbose shows")
        return 2
