"""Which strings of a record are its text: a field by name or path, several fields, lists of paragraphs.

``text`` is a field, ``article.body`` one in an object (a key that has the dot in it goes before), and
``title,body`` are two. A list of strings is a list of paragraphs; where a list of objects stands on the
way, the field of each of them counts. The article is all of these strings, in this order, a blank line
between two. A cut never crosses from one string into the next: each loses its own share of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

Span = tuple[int, int]
Path = tuple[str | int, ...]

SEPARATOR = "\n\n"
"""What stands in the article between two of its strings."""

_SHOWN = 40  # characters of a name: where a table has no header, the names may be whole articles

_KINDS = {
    type(None): "null",
    bool: "true or false",
    int: "a number",
    list: "a list",
    dict: "an object",
    str: "a string",
}


class Part(NamedTuple):
    """One string of the text: where it stands in the record (keys, and indices from 0), and what it says.

    ``item``: it is a paragraph in a list of them, and goes with its comma where nothing of it stays.
    """

    path: Path
    text: str
    item: bool = False


class Share(NamedTuple):
    """Characters ``start:end`` of one string that the cut number ``cut`` (from 0) takes away."""

    start: int
    end: int
    cut: int


class NoText(Exception):
    """A record without a text that can be cleaned. ``fix`` where there is a better one than the usual.

    ``line`` is the line of the fault inside the record, from 1.
    """

    def __init__(self, reason: str, detail: str, fix: str | None = None, line: int = 1) -> None:
        super().__init__(detail)
        self.reason, self.detail, self.fix, self.line = reason, detail, fix, line


def parts_of(record: object, field: str) -> list[Part]:
    """The strings of the parsed ``record`` that ``field`` names. Raises NoText.

    Of several fields some may be missing or null, not all of them.
    """
    if not isinstance(record, dict):
        raise NoText("not an object", f"the record is {kind(record)}, not an object")
    if field in record:
        return _leaf((field,), record[field], field)
    parts: list[Part] = []
    null: NoText | None = None
    found = [(name, values) for name in names_of(field) if (values := _values(record, name, ())) is not None]
    for name, values in found:
        for path, value in values:
            if value is None:
                null = null or _wrong_kind(name, None)
            else:
                parts += _leaf(path, value, name)
    if not found:
        raise NoText("no text field", f"no text field {_or(field)}", f"give --text-field; {listed('fields', record)}")
    if null is not None and not parts:
        raise null
    return parts


def value_of(record: object, name: str) -> Any:
    """The value of one field, by name or path; None where there is none, or several in a list."""
    if not isinstance(record, dict):
        return None
    if name in record:
        return record[name]
    values = (_values(record, name, ()) or []) if "." in name else []
    return values[0][1] if len(values) == 1 else None


@lru_cache(maxsize=64)
def names_of(field: str) -> tuple[str, ...]:
    """The names in ``title,body``, each once."""
    return tuple(dict.fromkeys(name.strip() for name in field.split(",") if name.strip()))


def joined(texts: Sequence[str]) -> str:
    """The article that these strings make."""
    return SEPARATOR.join(texts)


def shares(texts: Sequence[str], cuts: Sequence[Span]) -> list[list[Share]]:
    """For each of ``texts`` what ``cuts`` of the article take from it; cuts are sorted and apart."""
    result: list[list[Share]] = []
    at = first = 0
    for text in texts:
        end = at + len(text)
        while first < len(cuts) and cuts[first][1] <= at:
            first += 1
        own, number = [], first
        while number < len(cuts) and cuts[number][0] < end:
            a, b = cuts[number]
            own.append(Share(max(a, at) - at, min(b, end) - at, number))
            number += 1
        result.append(own if text else [])
        at = end + len(SEPARATOR)
    return result


def rest(text: str, own: Sequence[Share]) -> str:
    """What stays of one string."""
    pieces, at = [], 0
    for share in own:
        pieces.append(text[at : share.start])
        at = share.end
    return "".join([*pieces, text[at:]])


def goes_wholly(part: Part, own: Sequence[Share]) -> bool:
    """Whether it is a paragraph of a list of which nothing, or only white space, stays."""
    return part.item and bool(own) and not rest(part.text, own).strip()


def kind(value: object) -> str:
    """What a JSON value is, in words."""
    return "a number" if isinstance(value, float) else _KINDS.get(type(value), "not a string")


def _values(value: dict[str, Any], name: str, path: Path) -> list[tuple[Path, Any]] | None:
    """Path and value of each field ``name`` below ``value``; None where there is no such field."""
    for key, behind in _keys(name):
        if key in value:
            inner, here = value[key], (*path, key)
            if not behind:
                return [(here, inner)]
            if isinstance(inner, dict):
                return _values(inner, behind, here)
            return _in_list(inner, behind, here) if isinstance(inner, list) else None
    return None


def _in_list(values: list[Any], name: str, path: Path) -> list[tuple[Path, Any]] | None:
    found = [_values(each, name, (*path, n)) for n, each in enumerate(values) if isinstance(each, dict)]
    if values and not any(each is not None for each in found):
        return None
    return [value for each in found for value in each or ()]


def _keys(name: str) -> Iterator[tuple[str, str]]:
    """``a.b.c`` as a key and what is looked for below it: ('a.b.c', ''), ('a.b', 'c'), ('a', 'b.c')."""
    yield name, ""
    at = name.rfind(".")
    while at > 0:
        if name[at + 1 :]:
            yield name[:at], name[at + 1 :]
        at = name.rfind(".", 0, at)


def _leaf(path: Path, value: object, name: str) -> list[Part]:
    if isinstance(value, str):
        return [Part(path, value)]
    if isinstance(value, list):
        for item in value:
            if not isinstance(item, str):
                raise NoText("text is a list", f"the text field {name!r} holds a list with {kind(item)} in it")
        return [Part((*path, n), item, item=True) for n, item in enumerate(value)]
    raise _wrong_kind(name, value)


def _wrong_kind(name: str, value: object) -> NoText:
    return NoText(f"text is {kind(value)}", f"the text field {name!r} holds {kind(value)}, not a string")


def listed(what: str, names: Sequence[str] | dict[str, Any]) -> str:
    """``the fields here: 'id', 'price'``"""
    short = (name if len(name) <= _SHOWN else name[: _SHOWN - 1] + "…" for name in names)
    shown = ", ".join(map(repr, short)) if len(names) <= 10 else f"{len(names)} others"
    return f"the {what} here: {shown or 'none'}"


def _or(field: str) -> str:
    return " or ".join(map(repr, names_of(field))) or repr(field)
