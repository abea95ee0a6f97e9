"""``cleaner report``: the page of a run anew, or what it did as Markdown or a table."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from cleaner.report.log import RunLog

REPORT_HELP = """Show what a run did, and why: as a page for a browser, as Markdown or as a table.

OUT is the folder that was given to clean with --out. The page goes to OUT/_cleaner/report.html unless --out names
another file; Markdown (for a comment on a pull request) and CSV (all cases, for a spreadsheet) go to standard output.
The column decision of the table can be filled in with keep and remove, and given to clean with --decisions.

\b
Examples:
  cleaner report cleaned
  cleaner report cleaned --format markdown >> $GITHUB_STEP_SUMMARY
  cleaner report cleaned --format csv -o cases.csv
"""
Format = Literal["html", "markdown", "csv"]


def report(
    out: Annotated[Path, typer.Argument(metavar="OUT", hidden=True)],
    format: Annotated[Format, typer.Option(help="What to make of it.")] = "html",
    to: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="File for it; - is standard output.", metavar="FILE", show_default=False),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
) -> None:
    """Make a report of the last run whose log lies in OUT."""
    from cleaner.cli.streams import tell
    from cleaner.job_end import PAGE
    from cleaner.report.log import RunLog

    log = RunLog(out)
    to = log.folder / PAGE if to is None and format == "html" else to
    made = _made(log, format)
    if to is None or str(to) == "-":
        _print(made)
        return
    _write(to, made)
    if not quiet:
        from cleaner.report.phrases import printable

        tell(f"report: {printable(str(to))}")


def _made(log: RunLog, format: Format) -> Iterable[str]:
    if format == "html":
        from cleaner.report.page.make import page

        return [page(log)]
    if format == "csv":
        from cleaner.report.table import table

        return table(log)
    from cleaner.report.as_markdown import markdown

    return [markdown(log)]


def _print(pieces: Iterable[str]) -> None:
    from cleaner.cli.streams import put, to_terminal
    from cleaner.report.phrases import printable

    shown = to_terminal()  # into a file or a pipe data goes as it is
    for piece in pieces:
        put("".join(c if c in "\n\t" else printable(c) for c in piece) if shown else piece)


def _write(path: Path, pieces: Iterable[str]) -> None:
    from cleaner.formats.atomic import Staged
    from cleaner.formats.writing import named

    with named(str(path)), Staged(path) as staged:
        for piece in pieces:
            staged.stream.write(piece.encode("utf-8", "backslashreplace"))
        staged.commit()


def add_to(app: typer.Typer) -> None:
    """Make it known to the command line."""
    app.command("report", help=REPORT_HELP, short_help="Show what a run did, and why, as a page or a table.")(report)
