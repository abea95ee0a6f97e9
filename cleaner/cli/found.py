"""What a check found, shown: to standard output, to a file, as a difference."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from typing import TYPE_CHECKING, TextIO

from cleaner import __version__
from cleaner.cli import streams
from cleaner.report.findings import WITHOUT_NOTES, note_lines, write
from cleaner.report.findings.findings import Findings
from cleaner.report.findings.shown import visible

if TYPE_CHECKING:
    from cleaner.check.job import CheckResult
    from cleaner.findings import Region

_TO_READ = ("concise", "full", "github")
"""Formats that people read beside a report in a file."""


def report(result: CheckResult, flags: Namespace, root: str) -> None:
    """The report to standard output, or to a file and lines to standard output."""
    left = (result.hidden, result.ignored, result.baselined)
    whole = Findings(result.findings, result.notes, result.files, *left, root, __version__, result.texts)
    shown = flags.format
    if flags.output is not None:
        _to_file(whole, flags)
        shown = shown if shown in _TO_READ else "concise"
    elif shown in WITHOUT_NOTES:
        for line in note_lines(whole):
            streams.tell(line)
    # With --diff standard output has the difference alone, for git apply.
    out = sys.stderr if flags.diff else sys.stdout
    if shown in ("concise", "full"):
        whole = _seen_from_here(whole)
    write(shown, whole, out, color=colored(flags.color, out))
    out.flush()


def _to_file(report: Findings, flags: Namespace) -> None:
    from io import StringIO
    from pathlib import Path

    from cleaner.formats.atomic import write_whole

    text = StringIO()
    write(flags.format, report, text, color=False)
    write_whole(Path(flags.output), text.getvalue().encode("utf-8", "backslashreplace"))


def _seen_from_here(report: Findings) -> Findings:
    """Paths as they are called from the current folder, so that a terminal and an editor find them."""
    here = os.path.realpath(".")
    if here == report.root:
        return report

    def moved(path: str) -> str:
        return os.path.relpath(os.path.join(report.root, path), here).replace(os.sep, "/")

    def region(each: Region) -> Region:
        return each._replace(path=moved(each.path))

    findings = [
        each._replace(
            here=region(each.here),
            there=each.there and region(each.there),
            more=tuple(map(region, each.more)),
        )
        for each in report.findings
    ]
    notes = [each._replace(path=None if each.path is None else moved(each.path)) for each in report.notes]
    return report._replace(findings=findings, notes=notes, root=here)


def colored(asked: str, out: TextIO) -> bool:
    """Whether to write colours and links: on a terminal that shows them, unless NO_COLOR is set."""
    if asked != "auto":
        return asked == "always"
    return out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def show_changes(result: CheckResult) -> None:
    """What the fixes would change, for git apply; on a terminal nothing in it can act."""
    from cleaner.phases.check.fixing import unified_diff

    shown = "".join(unified_diff(each.source.path, each.source.text, each.after) for each in result.changes)
    if sys.stdout.isatty():
        shown = "".join(f"{visible(line)}\n" for line in shown.split("\n")[:-1])
        sys.stdout.write(shown)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(shown.encode("utf-8", "surrogateescape"))
    sys.stdout.flush()
