"""Which columns of a table hold text and id: by the names in the first row, or by number from 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.formats.fields import NoText, listed, names_of


class Columns(NamedTuple):
    """Columns, from 0, of the text and of the id (None: there is none)."""

    texts: tuple[int, ...]
    id: int | None


def has_header(names: Sequence[str], field: str) -> bool:
    """Whether the first row, ``names``, names the columns: not where ``field`` is a number and none of them."""
    return field in names or any(name in names or not name.isdecimal() for name in names_of(field))


def columns_of(names: Sequence[str], field: str, id_field: str, *, header: bool) -> Columns:
    """Where the columns ``field`` and ``id_field`` stand. Raises NoText."""
    wanted = (field,) if field in names else names_of(field)
    if header:
        return Columns(tuple(_named(names, name) for name in wanted), id_column(names, id_field, header=True))
    return Columns(tuple(_numbered(names, name) for name in wanted), id_column(names, id_field, header=False))


def id_column(names: Sequence[str], id_field: str, *, header: bool) -> int | None:
    """Where the id stands, if anywhere."""
    try:
        return _named(names, id_field) if header else _numbered(names, id_field)
    except (NoText, ValueError):
        return None


def _named(names: Sequence[str], name: str) -> int:
    known = names if name in names else [each.strip() for each in names]
    if name not in known:
        what = listed("columns", known)
        fix = f"left as it is: give --text-field, by name or by number; {what}"
        raise NoText("no text field", f"no column {name!r}", fix)
    if known.count(name) > 1:
        raise NoText("no text field", f"two columns are called {name!r}", "left as it is: rename one of them")
    return known.index(name)


def _numbered(names: Sequence[str], name: str) -> int:
    number = int(name)
    if not 1 <= number <= len(names):
        raise NoText("no text field", f"no column {number}: there are {len(names)}", "left as it is: give --text-field")
    return number - 1
