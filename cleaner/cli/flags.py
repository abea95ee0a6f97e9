"""Arguments and flags that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from cleaner.formats.files import Format
from cleaner.formats.work import TextFormat

Inputs = Annotated[list[str], typer.Argument(metavar="INPUTS...", hidden=True)]
LevelFlag = Annotated[
    Literal["exact", "copy", "similar"] | None,
    typer.Option(
        "--level",
        help="What may go: exact copies, copies with immaterial differences, or all that is similar, "
        "facts included. [default: copy]",
        show_default=False,
    ),
]
SimilarityFlag = Annotated[
    float | None,
    typer.Option(
        help="Share of equal words from which two paragraphs are variants, 0.5 to 1. [default: 0.9]",
        metavar="SHARE",
        show_default=False,
    ),
]
MinWordsFlag = Annotated[
    int | None,
    typer.Option(
        help="Shortest paragraph that goes alone, in words; 2 Chinese or Japanese characters count as one, "
        "so do 4 of Thai. [default: 12]",
        metavar="WORDS",
        show_default=False,
    ),
]
KeepFlag = Annotated[
    Literal["first", "last"] | None,
    typer.Option(help="Which of two equal copies stays. [default: first]", show_default=False),
]
LoneFlag = Annotated[
    Literal["report", "remove"] | None,
    typer.Option(
        help="With scope corpus: what becomes of an equal paragraph that stands alone in an article of its own, like "
        "the formula of a yearly event. [default: report]",
        show_default=False,
    ),
]
ProtectFlag = Annotated[
    list[str] | None,
    typer.Option(
        help="Regular expression; a paragraph in which it is found never goes. May be given again.", metavar="REGEX"
    ),
]
DecisionsFlag = Annotated[
    str | None,
    typer.Option(
        help="File with what was decided about an earlier run: texts that stay, and variants that go. As the report "
        "exports it, or the table of cases (CSV) with its column decision filled in.",
        metavar="FILE",
        show_default=False,
    ),
]
ScopeFlag = Annotated[
    Literal["article", "corpus"] | None,
    typer.Option(
        help="Where repeats are looked for: within each article, or across all articles as well. [default: article]",
        show_default=False,
    ),
]
MemoryFlag = Annotated[
    str | None,
    typer.Option(help="Memory that scope corpus may take. [default: 1GB]", metavar="SIZE", show_default=False),
]
ScratchFlag = Annotated[
    Path | None,
    typer.Option(
        help="Folder for what scope corpus has read, about twice the expanded inputs. [default: below --out]",
        metavar="FOLDER",
        show_default=False,
    ),
]
FormatFlag = Annotated[
    Format | None,
    typer.Option(help="Format of all inputs. [default: by name, then by content]", show_default=False),
]
TextFormatFlag = Annotated[
    TextFormat | None,
    typer.Option(help="Format of the texts in records. [default: plain]", show_default=False),
]
TextFieldFlag = Annotated[
    list[str] | None,
    typer.Option(
        help="Field of a record that holds its text: a name, article.body inside an object, title,body (or given "
        "again) for several, a column's number from 1 where a table has no header. [default: text]",
        metavar="NAME",
        show_default=False,
    ),
]
IdFieldFlag = Annotated[
    str | None, typer.Option(help="Field of a record that names it. [default: id]", metavar="NAME", show_default=False)
]
WorkersFlag = Annotated[
    int | None,
    typer.Option(help="Processes that clean. [default: one a core]", metavar="NUMBER", show_default=False),
]
MaxExpandedFlag = Annotated[
    str | None,
    typer.Option(
        help="Size that a compressed input may expand to, like 500GB. [default: 1,000 times its own]",
        metavar="SIZE",
        show_default=False,
    ),
]
ConfigFlag = Annotated[
    str | None,
    typer.Option(
        help="Take settings from this file instead of the nearest one upwards.", metavar="FILE", show_default=False
    ),
]
StrictFlag = Annotated[bool, typer.Option("--strict", help="Stop at the first input that cannot be cleaned.")]
QuietFlag = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
VerboseFlag = Annotated[
    bool, typer.Option("--verbose", "-v", help="Say everything that was found, and the time of each phase.")
]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]
