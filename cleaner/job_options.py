"""What a run is asked for: its options, and which of them go together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cleaner.errors import SettingsError
from cleaner.formats.files import LOG_FOLDER, Format
from cleaner.formats.work import Annotate, TextFormat
from cleaner.formats.writing import Mode

MEMORY = 1 << 30
"""Memory of scope corpus unless another is given: 1 GB, which any machine has that holds a dump."""
LEAST_MEMORY = 256 << 20
"""What the processes themselves and the steps in flight take; a smaller budget cannot be kept."""
Scope = Literal["article", "corpus"]

OF_THE_OUTPUT = (
    "in_place", "scope", "format", "text_format", "text_field", "id_field", "boilerplate", "boilerplate_drop",
    "boilerplate_by", "order_by", "lang_field", "source_field", "flag_share", "index", "measures", "annotate_field",
)  # fmt: skip
"""Options that decide what is written; with others a run is not gone on with."""


@dataclass(frozen=True, slots=True)
class JobOptions:
    """What a run reads and where it writes; what decides verdicts is in ``Settings``.

    inputs       files, folders, ``-`` for standard input
    out          folder for outputs and log; without it one input's text goes to standard output
    format       of all inputs; ``auto``: by name, then by content
    text_format  of the texts in records
    in_place     replace the inputs; the log goes to ``out`` or the current folder
    dry_run      write no output, only the report files below ``out`` (none without it)
    max_removed  share of all words in [0, 1]; where more would go nothing is published
    strict       stop at the first problem
    workers      processes; None: one a core
    scope        where repeats are looked for: within each article, or across all of them as well
    max_expanded bytes that a compressed input may expand to; None: 1,000 times its size
    memory       bytes that scope corpus may take
    scratch      folder in which scope corpus keeps what it has read, about twice the expanded inputs;
                 None: below ``out``, or a temporary folder
    boilerplate  articles from which on a paragraph that stands in them is named so; ``boilerplate_drop``:
                 then none of them stays
    boilerplate_by  field in whose groups (a host, a source) the articles are counted
    order_by     fields by whose values articles come one before the other; else they come as they are read
    source_field field that says where an article comes from, for the report; None: ``boilerplate_by``, or by file
    lang_field   field with the language, for the report; without it the script is told
    flag_share   share of its words in [0, 1] above which an article's loss is told
    index        file with what earlier runs have seen, to which this one adds
    resume       go on with a run that was stopped; where there is none, begin
    annotate     write what would go beside the texts and remove nothing: ``spans`` as a field of each record,
                 ``dolma`` as attributes below ``out``, in its layout; ``onion``: its measure of each paragraph as
                 a field named ``annotate_field`` with ``_onion``; the log is that of a dry run
    annotate_field  name of the field, or of the attributes
    measures     take the measures of each article (``text.measures``) for the report, and as a field of each
                 record in JSON, named ``annotate_field`` with ``_measures``
    """

    inputs: tuple[str, ...]
    out: Path | None = None
    format: Format = "auto"
    text_format: TextFormat = "plain"
    text_field: str = "text"
    id_field: str = "id"
    in_place: bool = False
    dry_run: bool = False
    max_removed: float | None = None
    strict: bool = False
    workers: int | None = None
    scope: Scope = "article"
    max_expanded: int | None = None
    memory: int = MEMORY
    scratch: Path | None = None
    boilerplate: int | None = None
    boilerplate_drop: bool = False
    boilerplate_by: str | None = None
    order_by: tuple[str, ...] = ()
    lang_field: str | None = None
    source_field: str | None = None
    flag_share: float = 0.5
    index: Path | None = None
    resume: bool = False
    annotate: Annotate | None = None
    annotate_field: str = "cleaner"
    measures: bool = False

    def __post_init__(self) -> None:
        if self.max_removed is not None and not 0 <= self.max_removed <= 1:
            raise SettingsError(f"max_removed is {self.max_removed}; give a share from 0 to 1 (0% to 100%)")
        if self.workers is not None and self.workers < 1:
            raise SettingsError(f"workers is {self.workers}; give 1 or more")
        if self.resume and self.mode in ("stdout", "dry"):
            raise SettingsError("only a run with -o or --in-place leaves what can be gone on with; leave out --resume")
        if self.scope == "article":
            for name in ("boilerplate", "index", "boilerplate_drop", "boilerplate_by", "order_by"):
                if getattr(self, name):
                    raise SettingsError(f"--{name.replace('_', '-')} looks across articles; add --scope corpus")
        if self.boilerplate is not None and self.boilerplate < 2:
            raise SettingsError(f"boilerplate is {self.boilerplate}; give 2 articles or more")
        for name in ("boilerplate_drop", "boilerplate_by"):
            if getattr(self, name) and self.boilerplate is None:
                flag = name.replace("_", "-")
                raise SettingsError(f"--{flag} needs to know what boilerplate is; add --boilerplate NUMBER")
        if not 0 < self.flag_share <= 1:
            raise SettingsError(f"flag_share is {self.flag_share}; give a share above 0, up to 1 (100%)")
        if self.memory < LEAST_MEMORY:
            raise SettingsError(f"memory is {self.memory} bytes; give {LEAST_MEMORY >> 20}MB or more")
        if self.annotate is not None or self.measures:
            self._check_annotate()
        if self.in_place and "-" in self.inputs:
            raise SettingsError("standard input has no place to be cleaned in; leave out --in-place")

    def _check_annotate(self) -> None:
        from cleaner.formats.annotating import check_field

        check_field(self.annotate_field)
        if self.annotate is None:
            return
        for name in ("in_place", "dry_run", "resume"):
            if getattr(self, name):
                flag = name.replace("_", "-")
                raise SettingsError(f"--annotate writes new files and removes nothing; leave out --{flag}")
        if self.annotate == "dolma" and self.out is None:
            raise SettingsError("the attributes of dolma are files of their own; give the folder of documents/ with -o")
        if self.annotate == "dolma" and self.text_field != "text":
            raise SettingsError(f"dolma cuts the field text, not {self.text_field}; leave out --text-field")

    @property
    def only_said(self) -> bool:
        """Whether nothing is removed, but only said what would be."""
        return self.dry_run or self.annotate is not None

    @property
    def mode(self) -> Mode:
        """Where outputs go."""
        if self.dry_run:
            return "dry"
        return "in place" if self.in_place else "out" if self.out is not None else "stdout"

    @property
    def log_folder(self) -> Path | None:
        """Where the log goes, if one is written."""
        if self.out is not None:
            return self.out / LOG_FOLDER
        return Path(LOG_FOLDER) if self.mode == "in place" else None
