"""What a person decided about repeats and variants: read from a file, obeyed by a run.

Two forms of the file are read. JSON Lines, as the report page exports them: a first line
``{"cleaner": "decisions", "version": 1}``, then one object a mark, of which ``decision`` (keep or remove),
``key`` and ``witness`` count and all else is for people. And CSV as a spreadsheet saves the table of cases: a
header with the columns ``decision``, ``key`` and ``witness_key`` among others, in any order, parted by commas,
semicolons or tabs; where ``decision`` is empty nothing was decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from cleaner.errors import SettingsError

VERSION = 1
COLUMNS = ("decision", "key", "witness_key")
_key = re.compile(r"x[0-9a-f]{16}")
_EXPORT = "export the marks from the report once more"


def key_of(text: str) -> str:
    """What a decision knows a paragraph by, wherever it stands: its text, white space and word joiners aside.

    ``x`` and 16 hexadecimal digits (blake2b, 8 bytes); the letter keeps spreadsheets from reading a number.
    """
    from hashlib import blake2b  # here, since the hook loads settings without ever asking for a key

    # Pages are held with joiners in the place of tags (text/markup.py); nobody sees them anyway.
    words = " ".join(text.replace("\u2060", "").replace("\u2061", "").split())
    return "x" + blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Decisions:
    """The marks of a person.

    kept     keys of texts that stay, whatever they repeat
    removed  (key of a text, key of its witness): this text may go for that witness, and for no other

    Raises SettingsError where a text shall stay and go.
    """

    kept: frozenset[str] = frozenset()
    removed: frozenset[tuple[str, str]] = frozenset()

    def __post_init__(self) -> None:
        both = sorted(key for key, _ in self.removed if key in self.kept)
        if both:
            raise SettingsError(f"decisions: the text {both[0]} is to be kept and to be removed; decide for one")

    def __bool__(self) -> bool:
        return bool(self.kept or self.removed)

    def removes(self, text: str, witness: str) -> bool:
        """Whether a text may go for a witness; both as they stand."""
        return bool(self.removed) and (key_of(text), key_of(witness)) in self.removed

    def keeps(self, text: str) -> bool:
        """Whether a text stays, as it stands."""
        return bool(self.kept) and key_of(text) in self.kept

    @property
    def digest(self) -> str:
        """16 hexadecimal digits; equal for equal marks, whatever their order in a file."""
        from hashlib import blake2b

        marks = "\n".join([*sorted(self.kept), "", *sorted(map(" ".join, self.removed))])
        return blake2b(marks.encode(), digest_size=8).hexdigest()

    def facts(self) -> dict[str, Any]:
        """How many there are and their digest: what a report says of them, and a resumed run compares."""
        return {"keep": len(self.kept), "remove": len(self.removed), "digest": self.digest}


NONE = Decisions()


class _Mark(NamedTuple):
    line: int
    decision: str
    key: str
    witness: str


def is_decisions(data: str) -> bool:
    """Whether ``data`` looks like a file of decisions: by its first line, right or wrong further on."""
    head = data.lstrip("\ufeff \t\r\n").partition("\n")[0]
    if head.startswith("{"):
        return re.match(r'\{\s*"cleaner"\s*:', head) is not None
    return head[:4].lower() == "sep=" or {"decision", "key"} <= set(re.findall(r"\w+", head.lower()))


def parse(data: str | bytes, name: str) -> Decisions:
    """The decisions of a file, JSON Lines or CSV in UTF-8 (see above); ``name`` is the file's, for errors.

    Raises SettingsError, naming file and line, for what is no such file, for a mark that is none, and for marks
    that contradict each other.
    """
    text = (_decoded(data, name) if isinstance(data, bytes) else data).removeprefix("\ufeff")
    if not text.strip():
        raise SettingsError(f"{name}: is empty; {_EXPORT}, or leave out the file")
    return _collected(_json_marks(text, name) if text.lstrip().startswith("{") else _csv_marks(text, name), name)


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _wrong(name, line, "is not UTF-8", "save it as CSV UTF-8, or as JSON Lines in UTF-8") from None


def _wrong(name: str, line: int, what: str, fix: str) -> SettingsError:
    return SettingsError(f"{name}:{line}: {what}; {fix}")


def _collected(marks: Iterator[_Mark], name: str) -> Decisions:
    kept: dict[str, int] = {}
    removed: dict[str, int] = {}
    pairs: set[tuple[str, str]] = set()
    for mark in marks:
        other = (removed if mark.decision == "keep" else kept).get(mark.key)
        if other is not None:
            what = f"the text {mark.key} is to be kept and to be removed (see line {other})"
            raise _wrong(name, mark.line, what, "decide for one of them")
        if mark.decision == "keep":
            kept.setdefault(mark.key, mark.line)
        else:
            removed.setdefault(mark.key, mark.line)
            pairs.add((mark.key, mark.witness))
    return Decisions(frozenset(kept), frozenset(pairs))


def _mark(name: str, line: int, decision: str, key: str, witness: str, column: str) -> _Mark:
    """A mark whose words and keys are right."""
    if decision not in ("keep", "remove"):
        raise _wrong(name, line, f"the decision is {_shown(decision)}", "write keep or remove")
    if _key.fullmatch(key) is None:
        raise _wrong(name, line, f"the key is {_shown(key)}, not x and 16 hexadecimal digits", _EXPORT)
    if decision == "remove" and not witness:
        what = f"a text is to be removed, but {column} does not say for which witness"
        raise _wrong(name, line, what, "a text goes only for one that stays: " + _EXPORT)
    if decision == "remove" and _key.fullmatch(witness) is None:
        raise _wrong(name, line, f"{column} is {_shown(witness)}, not x and 16 hexadecimal digits", _EXPORT)
    return _Mark(line, decision, key, witness if decision == "remove" else "")


def _shown(value: str) -> str:
    return ascii(value if len(value) <= 40 else f"{value[:40]}...")


# --- JSON Lines -----------------------------------------------------------------------------------


def _json_marks(data: str, name: str) -> Iterator[_Mark]:
    headed = False
    for number, line in enumerate(data.split("\n"), 1):
        if not line.strip():
            continue
        row = _row(line, name, number)
        if not headed:
            _check_head(row, name, number)
            headed = True
            continue
        values = {field: row.get(field) for field in ("decision", "key", "witness")}
        decision, key, witness = ("" if value is None else str(value) for value in values.values())
        yield _mark(name, number, decision.strip().lower(), key, witness, "witness")


def _row(line: str, name: str, number: int) -> dict[str, Any]:
    import json

    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict):
        raise _wrong(name, number, "is no object in JSON", _EXPORT)
    return row


def _check_head(row: dict[str, Any], name: str, number: int) -> None:
    if row.get("cleaner") != "decisions":
        what = 'does not begin with {"cleaner": "decisions", "version": 1}'
        raise _wrong(name, number, what, "give the file that the report exports")
    if row.get("version") != VERSION or isinstance(row["version"], bool):
        what = f"has version {_shown(str(row.get('version')))}, and this cleaner reads {VERSION}"
        raise _wrong(name, number, what, "use the cleaner that wrote the report, or export it anew")


# --- CSV ------------------------------------------------------------------------------------------


def _csv_marks(data: str, name: str) -> Iterator[_Mark]:
    import csv
    import io
    import sys

    first, _, rest = data.partition("\n")
    before = 0
    delimiter = None
    if first[:4].lower() == "sep=":  # what spreadsheets read as the separator, and write
        before, data, delimiter = 1, rest, first.rstrip("\r")[4:5] or None
    delimiter = delimiter or _delimiter(data)
    most = csv.field_size_limit(sys.maxsize if sys.maxsize <= 0x7FFFFFFF else 0x7FFFFFFF)
    try:
        rows = csv.reader(io.StringIO(data, newline=""), delimiter=delimiter, strict=True)
        places: list[int] | None = None
        while True:
            line = before + rows.line_num + 1
            row = next(rows, None)
            if row is None:
                break
            if places is None:
                places = _places(row, name, line)
            elif decision := _cell(row, places[0]).lower():
                yield _mark(name, line, decision, _cell(row, places[1]), _cell(row, places[2]), COLUMNS[2])
    except csv.Error as error:
        raise _wrong(name, before + rows.line_num, f"is no CSV ({error})", "save the table once more") from None
    finally:
        csv.field_size_limit(most)


def _delimiter(data: str) -> str:
    """The one of three that parts the header."""
    head = data.lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=head.count)


def _cell(row: list[str], place: int) -> str:
    """A cell without spaces around it; spreadsheets leave out empty ones at the end."""
    return row[place].strip() if place < len(row) else ""


def _places(header: list[str], name: str, line: int) -> list[int]:
    names = [cell.strip().lower() for cell in header]
    for column in COLUMNS:
        if column not in names:
            shown = ", ".join(_shown(cell) for cell in header[:20])
            what = f"has no column {column} (there are {shown})"
            raise _wrong(name, line, what, "keep the header of the table of cases")
    return [names.index(column) for column in COLUMNS]
