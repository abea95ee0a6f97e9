"""The commands, thin enough to read aloud."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from cleaner.cli.config import OF_THE_RUN, read_config
from cleaner.cli.run import Screen, check_run, clean_run
from cleaner.errors import SettingsError
from cleaner.job import JobOptions
from cleaner.settings import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Find what an article says twice, take the repeat out, and see exactly what went and why.",
    epilog="Exit codes: 0 done, 1 findings (check, diff), 2 could not.",
)

Inputs = Annotated[list[str], typer.Argument(help="Files or folders; - is standard input.", show_default=False)]
LevelFlag = Annotated[
    Literal["exact", "copy", "similar"] | None,
    typer.Option(
        "--level",
        help="What may go: exact copies, copies with immaterial differences, or similar ones.",
        show_default="copy",
    ),
]
SimilarityFlag = Annotated[
    float | None, typer.Option(help="Edit similarity over words from which two are variants.", show_default="0.9")
]
MinWordsFlag = Annotated[
    int | None,
    typer.Option(
        help="Shortest paragraph that goes alone; 24 characters of Chinese or Japanese, 48 of Thai.", show_default="12"
    ),
]
KeepFlag = Annotated[
    Literal["first", "last"] | None, typer.Option(help="Which of two equal copies stays.", show_default="first")
]
ProtectFlag = Annotated[
    list[str] | None, typer.Option(help="Regular expression; what holds a match never goes. May be given again.")
]
ScopeFlag = Annotated[Literal["article"], typer.Option(help="Where repeats are looked for.")]
FormatFlag = Annotated[
    Literal["auto", "plain", "markdown", "jsonl"] | None,
    typer.Option(help="Of all inputs.", show_default="by name, then content"),
]
TextFormatFlag = Annotated[
    Literal["plain", "markdown"] | None, typer.Option(help="Of the texts inside records.", show_default="plain")
]
TextFieldFlag = Annotated[str | None, typer.Option(help="Field of a record that holds its text.", show_default="text")]
IdFieldFlag = Annotated[str | None, typer.Option(help="Field of a record that names it.", show_default="id")]
WorkersFlag = Annotated[int | None, typer.Option(help="Processes.", show_default="one a core")]
StrictFlag = Annotated[bool, typer.Option("--strict", help="Stop at the first input that cannot be cleaned.")]
QuietFlag = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
VerboseFlag = Annotated[
    bool, typer.Option("--verbose", "-v", help="Say everything that was found, and the time of each phase.")
]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print the report as JSON instead of words.")]


@app.command()
def clean(
    inputs: Inputs,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Folder for the outputs and, in _cleaner, for log and report.")
    ] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Replace the inputs; the log still restores them.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go; write nothing but the report.")
    ] = False,
    max_removed: Annotated[
        str | None, typer.Option(help="Publish nothing where a larger share of all words would go, like 20%.")
    ] = None,
    level: LevelFlag = None,
    similarity: SimilarityFlag = None,
    min_words: MinWordsFlag = None,
    keep: KeepFlag = None,
    protect: ProtectFlag = None,
    scope: ScopeFlag = "article",
    format: FormatFlag = None,
    text_format: TextFormatFlag = None,
    text_field: TextFieldFlag = None,
    id_field: IdFieldFlag = None,
    workers: WorkersFlag = None,
    strict: StrictFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
    json: JsonFlag = False,
) -> None:
    """Take repeats out: cleaned text to standard output, or files under --out."""
    flags: dict[str, Any] = {
        "level": level, "similarity": similarity, "min_words": min_words, "keep": keep, "protect": protect,
        "format": format, "text_format": text_format, "text_field": text_field, "id_field": id_field,
        "workers": workers, "max_removed": max_removed, "strict": strict or None,
    }  # fmt: skip
    settings, of_run = _resolved(flags)
    of_run.pop("fail_on", None)
    options = JobOptions(inputs=tuple(inputs), out=out, in_place=in_place, dry_run=dry_run, **of_run)
    raise typer.Exit(clean_run(options, settings, Screen(quiet=quiet, verbose=verbose, json=json)))


@app.command()
def check(
    inputs: Inputs,
    fail_on: Annotated[
        Literal["error", "warning", "none"] | None,
        typer.Option(help="Exit 1 on repeats (error), on variants too (warning), or never.", show_default="error"),
    ] = None,
    level: LevelFlag = None,
    similarity: SimilarityFlag = None,
    min_words: MinWordsFlag = None,
    keep: KeepFlag = None,
    protect: ProtectFlag = None,
    format: FormatFlag = None,
    text_format: TextFormatFlag = None,
    text_field: TextFieldFlag = None,
    id_field: IdFieldFlag = None,
    workers: WorkersFlag = None,
    strict: StrictFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
    json: JsonFlag = False,
) -> None:
    """Report repeats as a compiler does, one line each; change nothing."""
    flags: dict[str, Any] = {
        "level": level, "similarity": similarity, "min_words": min_words, "keep": keep, "protect": protect,
        "format": format, "text_format": text_format, "text_field": text_field, "id_field": id_field,
        "workers": workers, "strict": strict or None, "fail_on": fail_on,
    }  # fmt: skip
    settings, of_run = _resolved(flags)
    fail = of_run.pop("fail_on", "error")
    if fail not in ("error", "warning", "none"):
        raise SettingsError(f"fail_on is {fail!r}; choose one of error, warning, none")
    of_run.pop("max_removed", None)
    options = JobOptions(inputs=tuple(inputs), dry_run=True, **of_run)
    raise typer.Exit(check_run(options, settings, Screen(quiet=quiet, verbose=verbose, json=json), fail))


@app.command()
def diff(
    a: Annotated[str, typer.Argument(help="A file, or - for standard input.")],
    b: Annotated[str, typer.Argument(help="Another one.")],
    similarity: SimilarityFlag = None,
    json: JsonFlag = False,
) -> None:
    """Why two texts are or are not copies: similarity, and each difference by name."""
    from cleaner.cli.explain import explain_run

    settings, _ = _resolved({"similarity": similarity})
    raise typer.Exit(explain_run(a, b, settings, json=json))


@app.command(hidden=True)
def explain(a: str, b: str, similarity: SimilarityFlag = None, json: JsonFlag = False) -> None:
    """The same as diff."""
    diff(a, b, similarity, json)


@app.command()
def restore(
    out: Annotated[Path, typer.Argument(help="The folder that was given to clean with --out.")],
    into: Annotated[Path, typer.Option("-o", "--out", help="Folder for the originals.")],
    file: Annotated[str | None, typer.Option(help="Only this file, as the log names it.")] = None,
    record: Annotated[int | None, typer.Option(help="Only this record of the file, from 1.")] = None,
    id: Annotated[str | None, typer.Option("--id", help="Only the record of the file with this id.")] = None,
) -> None:
    """Give back the original bytes from an output and its log."""
    from cleaner.cli.printing import plural, printable
    from cleaner.formats.restore import Only
    from cleaner.formats.restore import restore as give_back

    if file is None and (record is not None or id is not None):
        raise SettingsError("--record and --id need --file; name the file as the log names it")
    names = give_back(out, into, Only(file, record, id) if file is not None else None)
    sys.stderr.write(f"restored {plural(len(names), 'file')} under {printable(str(into))}\n")


def _version(shown: bool) -> None:
    if shown:
        from importlib.metadata import version

        typer.echo(f"cleaner {version('article-cleaner')}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    pass


def _resolved(flags: dict[str, Any]) -> tuple[Settings, dict[str, Any]]:
    """Settings and options of the run: a flag wins over the file with settings, that over the default."""
    values = read_config() | {name: value for name, value in flags.items() if value not in (None, [])}
    of_run = {name: values.pop(name) for name in OF_THE_RUN if name in values}
    if "max_removed" in of_run:
        of_run["max_removed"] = share(of_run["max_removed"])
    if "protect" in values:
        protect = values["protect"]
        values["protect"] = (protect,) if isinstance(protect, str) else tuple(protect)
    return Settings.of(values), of_run


def share(value: object) -> float:
    """``20%`` or ``0.2`` as a share in [0, 1]."""
    text = str(value).strip()
    try:
        return float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        raise SettingsError(f"max_removed is {text!r}; write it like 20% or 0.2") from None
