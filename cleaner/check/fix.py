"""Files without what a fix takes out: looked at as a whole before anything is written, then written in one step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from cleaner.errors import CleanerError, InputError
from cleaner.findings import Finding
from cleaner.phases.check.fixing import CutError, check_cut, cut_text, cuts_of
from cleaner.repository.reading import Source, read_source
from cleaner.text.pages.block import Page


class Change(NamedTuple):
    """A file with what would stand in it instead, and how many stretches are gone."""

    source: Source
    after: str
    cuts: int


def change(source: Source, page: Page, findings: Sequence[Finding], *, unsafe: bool) -> Change | None:
    """What the fixes of one file make of it; None where it has none.

    The new text is parsed again and compared with the old one. Raises InputError where it is not the old one minus
    what was cut.
    """
    chosen = [each for each in findings if each.cut is not None and (each.safe or unsafe)]
    if not chosen:
        return None
    after = cut_text(source.text, chosen)
    try:
        check_cut(source.text, after, chosen, page.format)
    except CutError as error:
        fix = "nothing was written; take the copies out by hand"
        raise InputError(f"cannot be fixed, {error}", file=source.path, fix=fix) from None
    return Change(source, after, len(cuts_of(chosen)))


def write(changed: Change, most: int) -> None:
    """Write a file in its own encoding, whole or not at all. Raises CleanerError where it changed since it was read."""
    from cleaner.formats.atomic import Staged

    source = changed.source
    data = source.encoded(changed.after)
    if read_source(source.path, source.place, most).data != source.data:
        raise InputError("changed while it was checked", file=source.path, fix="nothing was written; run again")
    try:
        with Staged(Path(source.place), like=source.place) as staged:
            staged.stream.write(data)
            staged.commit()
    except OSError as error:
        fix = "see to it and run again"
        raise InputError(f"cannot be written ({error.strerror or error})", file=source.path, fix=fix) from None


def write_all(changes: Sequence[Change], most: int) -> tuple[list[Change], list[str]]:
    """Those that were written, and why others were not."""
    done, failed = [], []
    for each in changes:
        try:
            write(each, most)
            done.append(each)
        except CleanerError as error:
            failed.append(str(error))
    return done, failed
