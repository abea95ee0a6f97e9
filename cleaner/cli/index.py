"""``cleaner index``: what earlier runs have seen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cleaner.cli.flags import JsonFlag

index_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="See or change what earlier runs have seen.")
IndexFile = Annotated[Path, typer.Argument(metavar="INDEX", help="The file that was given to clean with --index.")]


@index_app.command("list", help="List the files that were added to an index, oldest first.")
def index_list(file: IndexFile, json: JsonFlag = False) -> None:
    """One line a file, or JSON."""
    from cleaner.cli.streams import put, put_json
    from cleaner.index import Index
    from cleaner.report.phrases import plural, printable

    with Index(file) as index:
        entries = index.entries()
    if json:
        put_json({"sources": [entry._asdict() for entry in entries]})
        return
    for entry in entries:
        put(f"{entry.added}  {printable(entry.name)}: {plural(entry.paragraphs, 'paragraph')}, {entry.words:,} words\n")


@index_app.command("remove", help="Forget a file: what it said may be said again, and it may be run again.")
def index_remove(
    file: IndexFile,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Its name, as `cleaner index list` has it.")],
) -> None:
    """Forget one source."""
    from cleaner.cli.streams import tell
    from cleaner.index import Index
    from cleaner.report.phrases import plural, printable

    with Index(file) as index:
        tell(f"{printable(source)}: {plural(index.remove(source), 'paragraph')} forgotten")


def add_to(app: typer.Typer) -> None:
    """Make the commands known to the command line."""
    app.add_typer(index_app, name="index")
