"""The inputs of a run, looked at before anything of them is read and before anything is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from cleaner.errors import SettingsError
from cleaner.formats import removal_log
from cleaner.formats.compression import require as require_compression
from cleaner.formats.files import AS_JSONL, Source, kind_of
from cleaner.formats.finding import Inputs, find_inputs
from cleaner.formats.reading import is_in_parts
from cleaner.formats.remote import is_remote
from cleaner.job_options import JobOptions

SMALL = 1_000_000
"""Inputs of fewer bytes together are cleaned in this process: six small files take 0.25 s instead of 1.1 s."""
PACKED = 4
"""Bytes of text that a byte of a compressed file is taken for."""


def inputs_of(options: JobOptions) -> Inputs:
    """Every input. Raises SettingsError where one of them cannot be read, or not written where it would be."""
    base = (options.out or Path()) if options.mode == "in place" else None
    inputs = find_inputs(options.inputs, options.out, options.format, base, as_given=options.log_folder is None)
    inputs.encodings = removal_log.encodings({*options.inputs, *map(os.path.dirname, options.inputs)})
    _require_packages(options, inputs.sources)
    if options.mode == "stdout" and len(inputs.sources) > 1:
        raise SettingsError(f"{len(inputs.sources)} inputs cannot share standard output; give a folder with -o")
    if options.only_said and options.log_folder is not None and (options.log_folder / removal_log.FILES).exists():
        raise SettingsError(f"{options.log_folder} holds the log of a run, which restore needs; give another -o")
    return inputs


def _require_packages(options: JobOptions, sources: Sequence[Source]) -> None:
    """Raise SettingsError where a package is missing that options, or names of inputs, show to be needed.

    What only the content of a file shows is told when it is read, and costs no other file anything.
    """
    for compression in {source.compression: None for source in sources}:
        require_compression(compression)
    needed = {source.format: None for source in sources if _is_known(source, options)}
    if not needed.keys().isdisjoint(AS_JSONL):
        from cleaner.formats import transcoding

        for format in needed:
            transcoding.require(format)
    if "parquet" in needed:
        from cleaner.formats.parquet_columns import pyarrow

        pyarrow()
    if options.scope == "corpus":
        _require_for_corpus(options)


def _is_known(source: Source, options: JobOptions) -> bool:
    """Whether the format, and that it will be read, is known before anything is opened."""
    if source.archive or (source.format == "parquet" and not is_in_parts(source)):
        return False
    if options.format != "auto" or source.path is None or is_remote(source.path):
        return True
    return kind_of(source.path)[0] == source.format


def _require_for_corpus(options: JobOptions) -> None:
    from cleaner.formats import codec
    from cleaner.plan import has_kernels

    if not has_kernels():
        raise SettingsError("--scope corpus needs numba and numpy: pip install 'article-cleaner[dumps]'")
    codec.require()
    if options.index is not None:
        from cleaner import index

        index.require()


def output_names(options: JobOptions, inputs: Inputs) -> Callable[[str], str] | None:
    """How the names of outputs are made of those of inputs, where dolma's layout asks for others."""
    if options.annotate != "dolma" or options.out is None:
        return None
    from cleaner.formats.annotating import attribute_name, check_names

    check_names(inputs.sources, options.out, options.annotate_field)
    return partial(attribute_name, field=options.annotate_field)


def are_small(sources: Sequence[Source]) -> bool:
    """Whether the inputs are read sooner than worker processes are ready, which takes a second."""
    size = 0
    for source in sources:
        if source.path is None or is_remote(source.path):
            return False
        with suppress(OSError):  # it has vanished, and will be told when it is read
            size += os.path.getsize(source.path) * (PACKED if source.compression else 1)
    return size < SMALL
