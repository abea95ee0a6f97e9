"""The commands, thin enough to read aloud."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import typer

from cleaner.cli import check as content
from cleaner.cli import in_force, report
from cleaner.cli import index as seen
from cleaner.cli.config import OF_VERDICTS, checked, read_config
from cleaner.cli.flags import (
    ConfigFlag,
    DecisionsFlag,
    FormatFlag,
    IdFieldFlag,
    Inputs,
    JsonFlag,
    KeepFlag,
    LevelFlag,
    LoneFlag,
    MaxExpandedFlag,
    MemoryFlag,
    MinWordsFlag,
    ProtectFlag,
    QuietFlag,
    ScopeFlag,
    ScratchFlag,
    SimilarityFlag,
    StrictFlag,
    TextFieldFlag,
    TextFormatFlag,
    VerboseFlag,
    WorkersFlag,
)
from cleaner.cli.run import Screen, check_run, clean_run
from cleaner.config.of_run import share
from cleaner.errors import SettingsError
from cleaner.formats.work import Annotate
from cleaner.job import JobOptions
from cleaner.settings import Settings

EXIT_CODES = "Exit codes: 0 done, 1 findings (check, find, diff), 2 could not, 130 interrupted."

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    suggest_commands=False,  # click makes suggestions of its own
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Find what an article says twice, take the repeat out, and see exactly what went and why.",
    epilog=EXIT_CODES,
)

CLEAN_HELP = """Take repeats out of articles.

INPUTS are files, folders, patterns, or - for standard input: plain text, Markdown, HTML, JSONL,
JSON arrays, CSV, TSV, Parquet, WET, WARC, MediaWiki XML; also as .gz, .zst, .bz2 and .xz, and in tar
and zip archives. The cleaned text of one file goes to standard output, in its own encoding and
compression; several go to files under --out. What was removed is told on standard error and, with
--out, in OUT/_cleaner.

\b
Examples:
  cleaner clean article.txt > clean.txt
  cleaner clean news.jsonl.zst pages/ -o cleaned
  cleaner clean 'dump/*.jsonl.gz' -o cleaned --scope corpus --memory 2GB
  cleaner clean pages/ --in-place --max-removed 20%
"""
FIND_HELP = """Report repeats in articles as a compiler does, one line each; change nothing.

INPUTS are files, folders, or - for standard input. Exit code 1 on repeats, see --fail-on.

\b
Examples:
  cleaner find article.txt
  cleaner find news.jsonl.zst --fail-on warning
"""
DIFF_HELP = """Say why two texts are copies or not: their similarity, and each difference by name.

A and B are text files, each compared as a whole; one may be - for standard input. Exit code 0 for
copies, 1 for anything else.
"""
RESTORE_HELP = """Give back the original bytes from an output and its log.

FOLDER is what was given to clean with --out (for --in-place without --out: the folder it ran in).
Where an output was edited since, restore says where and writes nothing of that file.

\b
Examples:
  cleaner restore cleaned -o originals
  cleaner restore cleaned -o originals --file news.jsonl.zst --record 17
"""

SHOW_HELP = """Show one article of a run: what went is struck out, what says it is named.

OUT is what was given to clean with --out (for --in-place without --out: the folder it ran in). ID is a
file of it, a record of a file by its number or id (news.jsonl:17, news.jsonl:a7), or the id of a record.
Where the output was edited since, show says where. Exit code 2 where ID is nothing, or several things.

\b
Examples:
  cleaner show cleaned news.jsonl:17
  cleaner show cleaned page.html --format html -o page-changes.html
"""


@app.command(help=CLEAN_HELP, short_help="Take repeats out of articles.")
def clean(
    inputs: Inputs,
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", help="Folder for the outputs and, in _cleaner, for log and report.", metavar="FOLDER"
        ),
    ] = None,
    in_place: Annotated[
        bool,
        typer.Option(
            "--in-place", help="Replace the inputs; the log, in _cleaner here or in --out, still restores them."
        ),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Say what would go; write nothing but log and report, and those only with --out."
        ),
    ] = False,
    annotate: Annotated[
        Annotate | None,
        typer.Option(
            help="Remove nothing; write what would go beside the texts, in characters: as a field of each JSON record "
            "(spans), or as the attributes that dolma mix applies (dolma; -o is the folder of documents/). With onion: "
            "the share of each paragraph's 5-grams that stood before.",
            show_default=False,
        ),
    ] = None,
    annotate_field: Annotated[
        str | None,
        typer.Option(help="Name of that field, or of the attributes. [default: cleaner]", metavar="NAME"),
    ] = None,
    measures: Annotated[
        bool,
        typer.Option(
            "--measures",
            help="Measure the repetition in each article as Gopher's rules do, for the report and as a field of JSON "
            "records (cleaner_measures).",
        ),
    ] = False,
    max_removed: Annotated[
        str | None,
        typer.Option(help="Write nothing where a larger share of all words would go, like 20%.", metavar="SHARE"),
    ] = None,
    level: LevelFlag = None,
    similarity: SimilarityFlag = None,
    min_words: MinWordsFlag = None,
    keep: KeepFlag = None,
    lone: LoneFlag = None,
    protect: ProtectFlag = None,
    decisions: DecisionsFlag = None,
    scope: ScopeFlag = None,
    memory: MemoryFlag = None,
    scratch: ScratchFlag = None,
    boilerplate: Annotated[
        int | None,
        typer.Option(
            help="Articles from which on a paragraph that stands in all of them is boilerplate, and named so.",
            metavar="NUMBER",
            show_default=False,
        ),
    ] = None,
    boilerplate_drop: Annotated[
        bool, typer.Option("--boilerplate-drop", help="Leave no copy of boilerplate; otherwise one stays.")
    ] = False,
    boilerplate_by: Annotated[
        str | None,
        typer.Option(
            help="Field in whose groups (a host, a source) articles are counted for --boilerplate.",
            metavar="FIELD",
            show_default=False,
        ),
    ] = None,
    order_by: Annotated[
        str | None,
        typer.Option(
            help="Fields by which articles come one before the other: what comes first stays.",
            metavar="FIELD[,FIELD]",
            show_default=False,
        ),
    ] = None,
    lang_field: Annotated[
        str | None,
        typer.Option(
            help="Field with the language, for the report. [default: the script of the text]",
            metavar="FIELD",
            show_default=False,
        ),
    ] = None,
    source_field: Annotated[
        str | None,
        typer.Option(
            help="Field that says where an article comes from (a host, a publisher), for the report. "
            "[default: its file]",
            metavar="FIELD",
            show_default=False,
        ),
    ] = None,
    flag_share: Annotated[
        str | None,
        typer.Option(
            help="Share of its words above which an article's loss is told. [default: 50%]",
            metavar="SHARE",
            show_default=False,
        ),
    ] = None,
    sample: Annotated[
        str | None,
        typer.Option(
            help="Look at this share of the articles only, like 1%: what would go, and what the whole would take. "
            "Nothing is written.",
            metavar="SHARE",
            show_default=False,
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was stopped; what is complete is not done again.")
    ] = False,
    index: Annotated[
        Path | None,
        typer.Option(
            help="File with what earlier runs have seen: it is looked up, and added to.",
            metavar="FILE",
            show_default=False,
        ),
    ] = None,
    format: FormatFlag = None,
    text_format: TextFormatFlag = None,
    text_field: TextFieldFlag = None,
    id_field: IdFieldFlag = None,
    workers: WorkersFlag = None,
    max_expanded: MaxExpandedFlag = None,
    strict: StrictFlag = False,
    config: ConfigFlag = None,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
    json: JsonFlag = False,
) -> None:
    """Flags to settings and options, and on to the run."""
    flags: dict[str, Any] = {
        "level": level, "similarity": similarity, "min_words": min_words, "keep": keep, "protect": protect,
        "lone": lone, "decisions": decisions,
        "format": format, "text_format": text_format, "text_field": text_field, "id_field": id_field,
        "workers": workers, "max_removed": max_removed, "strict": strict or None, "scope": scope,
        "max_expanded": max_expanded,
        "memory": memory, "scratch": None if scratch is None else str(scratch),
        "boilerplate": boilerplate, "boilerplate_drop": boilerplate_drop or None,
        "boilerplate_by": boilerplate_by, "order_by": order_by, "lang_field": lang_field,
        "source_field": source_field, "flag_share": flag_share,
        "index": None if index is None else str(index),
        "annotate": annotate, "annotate_field": annotate_field, "measures": measures or None,
    }  # fmt: skip
    settings, of_run, source = _resolved(flags, config)
    of_run.pop("fail_on", None)
    options = JobOptions(inputs=tuple(inputs), out=out, in_place=in_place, dry_run=dry_run, resume=resume, **of_run)
    screen = Screen(quiet, verbose, json, source, strict)
    if sample is not None:
        from cleaner.cli.sample import sample_run

        raise typer.Exit(sample_run(options, settings, screen, share("sample", sample)))
    raise typer.Exit(clean_run(options, settings, screen))


@app.command(help=FIND_HELP, short_help="Report repeats in articles as a compiler does; change nothing.")
def find(
    inputs: Inputs,
    fail_on: Annotated[
        Literal["error", "warning", "none"] | None,
        typer.Option(
            help="Exit with 1 on repeats (error), on variants too (warning), or never. [default: error]",
            show_default=False,
        ),
    ] = None,
    level: LevelFlag = None,
    similarity: SimilarityFlag = None,
    min_words: MinWordsFlag = None,
    keep: KeepFlag = None,
    lone: LoneFlag = None,
    protect: ProtectFlag = None,
    decisions: DecisionsFlag = None,
    scope: ScopeFlag = None,
    memory: MemoryFlag = None,
    scratch: ScratchFlag = None,
    format: FormatFlag = None,
    text_format: TextFormatFlag = None,
    text_field: TextFieldFlag = None,
    id_field: IdFieldFlag = None,
    workers: WorkersFlag = None,
    max_expanded: MaxExpandedFlag = None,
    strict: StrictFlag = False,
    config: ConfigFlag = None,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
    json: JsonFlag = False,
) -> None:
    """Flags to settings and options, and on to the run."""
    flags: dict[str, Any] = {
        "level": level, "similarity": similarity, "min_words": min_words, "keep": keep, "protect": protect,
        "lone": lone, "decisions": decisions,
        "format": format, "text_format": text_format, "text_field": text_field, "id_field": id_field,
        "workers": workers, "max_expanded": max_expanded, "strict": strict or None, "fail_on": fail_on,
        "scope": scope, "memory": memory, "scratch": None if scratch is None else str(scratch),
    }  # fmt: skip
    settings, of_run, source = _resolved(flags, config)
    fail = of_run.pop("fail_on", "error")
    for name in (
        "max_removed", "index", "boilerplate", "boilerplate_drop", "boilerplate_by", "order_by", "annotate",
        "annotate_field", "measures",
    ):  # fmt: skip
        of_run.pop(name, None)
    options = JobOptions(inputs=tuple(inputs), dry_run=True, **of_run)
    raise typer.Exit(check_run(options, settings, Screen(quiet, verbose, json, source, strict), fail))


@app.command(help=DIFF_HELP, short_help="Say why two texts are copies or not.")
def diff(
    a: Annotated[str, typer.Argument(metavar="A", hidden=True)],
    b: Annotated[str, typer.Argument(metavar="B", hidden=True)],
    similarity: SimilarityFlag = None,
    config: ConfigFlag = None,
    json: JsonFlag = False,
) -> None:
    """Compare two texts."""
    from cleaner.cli.explain import explain_run

    settings = _resolved({"similarity": similarity}, config).settings
    raise typer.Exit(explain_run(a, b, settings, json=json))


app.command("explain", hidden=True, help=DIFF_HELP)(diff)
content.add_to(app)
report.add_to(app)
seen.add_to(app)
in_force.add_to(app)


@app.command(help=RESTORE_HELP, short_help="Give back the original bytes from an output and its log.")
def restore(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", hidden=True)],
    into: Annotated[Path, typer.Option("-o", "--out", help="Folder for the originals.", metavar="FOLDER")],
    file: Annotated[
        str | None, typer.Option(help="Only this file, named as it lies below FOLDER.", metavar="NAME")
    ] = None,
    record: Annotated[int | None, typer.Option(help="Only this record of the file, from 1.", metavar="NUMBER")] = None,
    id: Annotated[str | None, typer.Option("--id", help="Only the record of the file with this id.")] = None,
    quiet: QuietFlag = False,
) -> None:
    """Restore all, one file or one record."""
    from cleaner.cli.streams import tell
    from cleaner.formats.restore import Only
    from cleaner.formats.restore import restore as give_back
    from cleaner.report.phrases import plural

    if file is None and (record is not None or id is not None):
        raise SettingsError("--record and --id need --file; name the file as it lies below the folder")
    if record is not None and id is not None:
        raise SettingsError("--record and --id both name a record; give one of them")
    names = give_back(folder, into, Only(file, record, id) if file is not None else None)
    part = f"record {record} of " if record is not None else f"record {id!r} of " if id is not None else ""
    what = f"{part}{file}" if file is not None else plural(len(names), "file")
    if not quiet:
        tell(f"restored {what} under {into}")


@app.command(help=SHOW_HELP, short_help="Show one article with what went struck out.")
def show(
    out: Annotated[Path, typer.Argument(metavar="OUT", hidden=True)],
    article: Annotated[str, typer.Argument(metavar="ID", hidden=True)],
    record: Annotated[
        int | None, typer.Option(help="ID is a file; this record of it, from 1.", metavar="NUMBER")
    ] = None,
    id: Annotated[str | None, typer.Option("--id", help="ID is a file; the record of it with this id.")] = None,
    run: Annotated[
        int | None,
        typer.Option(
            help="Of a file cleaned in its place several times: what this run did, from 1. [default: the last that "
            "took something from the article]",
            metavar="NUMBER",
            show_default=False,
        ),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Fold nothing of what stays.")] = False,
    format: Annotated[Literal["text", "html"], typer.Option(help="Text, or a page that needs nothing else.")] = "text",
    to: Annotated[
        Path | None, typer.Option("-o", "--output", help="Write to this file.", metavar="FILE", show_default=False)
    ] = None,
) -> None:
    """Show what a run did to one article."""
    from cleaner.cli.show import Asked, show_run

    if record is not None and id is not None:
        raise SettingsError("--record and --id both name a record; give one of them")
    raise typer.Exit(show_run(Asked(out, article, record, id, run, full, format == "html", to)))


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


class Resolved(NamedTuple):
    """Settings, options of the run by name, and the files with settings that were read."""

    settings: Settings
    of_run: dict[str, Any]
    config: str | None


def _resolved(flags: dict[str, Any], file: str | None) -> Resolved:
    """A flag wins over files with settings, these over the default. Raises SettingsError."""
    from cleaner.cli.streams import say

    config = read_config(file=file)
    for note in config.notes:
        say(note)
    given = {name: checked(name, value) for name, value in flags.items() if value not in (None, [])}
    values = config.values | given
    of_run = {name: values.pop(name) for name in list(values) if name not in OF_VERDICTS}
    for name in ("scratch", "index"):
        if name in of_run:
            of_run[name] = Path(of_run[name])
    return Resolved(Settings.of(values), of_run, config.path)
