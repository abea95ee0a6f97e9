"""The cases that a page shows: which of the log's repeats, and what of each."""

from __future__ import annotations

from typing import Any, NamedTuple
from zlib import crc32

from cleaner.decisions import key_of
from cleaner.formats.rows import Row
from cleaner.formats.undo import text_of
from cleaner.report.figures import reasons_of, source_of
from cleaner.report.log import Key, Repeat, RunLog, key_of_row
from cleaner.report.phrases import line_of

MOST = 3000
"""Cases of each kind that a page holds: nobody reads more, and a browser searches as many at a keystroke."""
MOST_CHARACTERS = 4_000_000
"""Of the texts of each kind: with both kinds, names and figures the page stays below 15 MB even where a character
takes three bytes in UTF-8 and half of a case is not text."""
LONGEST = 1600
"""Characters of a text that are shown; of a longer one its beginning and its end."""
HELD = 20_000
"""Cases that are read before those with higher ranks are let go: 60 MB of memory."""
MOST_SPANS = 40
"""Spans of a block that are shown; of the rest a page holds the keys, so that a mark is about the whole block."""
_SAME = {"identical", "spacing"}
"""Rules under which a span and its witness are the same words and signs."""
_Place = tuple[Key, str, Any, int]
Around = dict[_Place, Row]


class Chosen(NamedTuple):
    """The cases of a kind, in the order of the log, and how many of them the log has."""

    cases: list[dict[str, Any]]
    total: int


class Choosing:
    """Chooses the cases that a page shows, while the log is read: those with the lowest ranks of each kind.

    Ranks are hashes (``formats.cases``): a sample by chance, the same whenever it is drawn, in which removals
    that somebody should look at are eight times as likely as others. A log from before ranks were noted has
    none; then they are hashes of places.
    """

    def __init__(self, log: RunLog) -> None:
        self._around = _lowest(log)
        self._known = {case["of"] for case in self._around.values()}
        self._seen: dict[str, list[tuple[int, int, Repeat]]] = {"removal": [], "variant": []}
        self._totals = {"removal": 0, "variant": 0}

    def see(self, repeat: Repeat) -> None:
        """Take a repeat or variant into account, in the order of the log."""
        self._totals[repeat.of] += 1
        seen = self._seen[repeat.of]
        if repeat.of in self._known:
            case = self._around.get(_place(repeat.rows[0]))
            if case is not None:
                seen.append((case["rank"], self._totals[repeat.of], repeat))
            return
        seen.append((_hash(repeat.rows[0]), self._totals[repeat.of], repeat))
        if len(seen) > 2 * MOST:
            seen.sort(key=lambda each: each[:2])
            del seen[MOST:]

    def chosen(self, of: str) -> Chosen:
        """The cases of a kind (``removal`` or ``variant``), so many as a page holds."""
        size, kept = 0, list[tuple[int, dict[str, Any]]]()
        for _, number, repeat in sorted(self._seen[of], key=lambda each: each[:2])[:MOST]:
            size += sum(2 * min(LONGEST, len(text_of(row))) for row in repeat.rows[:MOST_SPANS])
            size += _names(repeat.rows[0])
            if size > MOST_CHARACTERS and kept:
                break
            kept.append((number, case_of(repeat, self._around)))
        cases = [case | {"n": number} for number, case in sorted(kept, key=lambda each: each[0])]
        return Chosen(cases, self._totals[of])


def _names(row: Row) -> int:
    """Characters of what the data calls an article, which may be as long as a text."""
    return sum(len(str(row.get(name) or "")) for name in ("file", "id", "lang", "source"))


def _lowest(log: RunLog) -> Around:
    """The cases of the ``MOST`` lowest ranks of each kind; those of a block have one rank."""
    held: dict[str, list[Row]] = {"removal": [], "variant": []}
    for number, case in enumerate(log.cases(), 1):
        held.setdefault(case["of"], []).append(case)
        if number % HELD == 0:
            held = {of: _below(cases) for of, cases in held.items()}
    return {_place(case): case for cases in held.values() for case in _below(cases)}


def _below(cases: list[Row]) -> list[Row]:
    ranks = sorted({case["rank"] for case in cases})
    return [case for case in cases if case["rank"] <= ranks[MOST - 1]] if len(ranks) > MOST else cases


def _place(row: Row) -> _Place:
    return key_of_row(row), str(row["file"]), row["record"], int(row["start"])


def _hash(row: Row) -> int:
    return crc32(f"{row['file']} {row['record']} {row['start']}".encode("utf-8", "surrogatepass"))


def told_around(log: RunLog, of: str) -> Around:
    """What the log knows of what stands around the spans of a kind, by their places."""
    return {_place(case): case for case in log.cases() if case["of"] == of}


def case_of(repeat: Repeat, around: Around, *, whole: bool = False) -> dict[str, Any]:
    """A case as the page's script reads it; what is not known, or says nothing, is left out.

    ``whole``: with all of its spans and their texts at full length.
    """
    rows = [row for row in repeat.rows if text_of(row).strip()] or list(repeat.rows)
    head, shown = rows[0], rows if whole else rows[:MOST_SPANS]
    first, last = around.get(_place(shown[0]), {}), around.get(_place(shown[-1]), {})
    case: dict[str, Any] = {
        "of": repeat.of,
        "file": head["file"],
        "record": head["record"],
        "id": None if head["id"] is None else str(head["id"]),
        "line": line_of(head),
        "last": rows[-1]["last_line"],
        "shape": head["shape"],
        "level": _level(rows),
        "rules": sorted({name for row in rows for name in str(row["rule"]).split("+")} - {"identical"}),
        "similarity": min(row["similarity"] for row in rows),
        "words": repeat.words,
        "share": head.get("share"),
        "lang": head.get("lang"),
        "source": source_of(head),
        "look": reasons_of(repeat),
        "boilerplate": head.get("boilerplate"),
        "paragraphs": len(rows),
        "heading": first.get("heading"),
        "before": first.get("before"),
        "behind": last.get("behind"),
        "witness": _around_witness(first, last),
        "spans": [_span(row, around.get(_place(row)), whole=whole) for row in shown],
        "rest": [list(_keys(row, around.get(_place(row)))) for row in rows[len(shown) :]],
    }
    return {name: value for name, value in case.items() if value not in (None, "", [], {}) or name == "record"}


def _level(rows: list[Row]) -> str:
    levels = {row.get("level") for row in rows}
    return next((level for level in ("similar", "copy", "exact") if level in levels), "")


def _around_witness(first: Row, last: Row) -> dict[str, Any]:
    here = first.get("witness") or {}
    found = {"heading": here.get("heading"), "before": here.get("before")}
    found["behind"] = (last.get("witness") or {}).get("behind")
    return {name: value for name, value in found.items() if value}


def _span(row: Row, case: Row | None, *, whole: bool) -> dict[str, Any]:
    text, there = text_of(row), row["witness"]
    witness = {"line": line_of(there), "last": there.get("last_line")}
    if any(there.get(name, row[name]) != row[name] for name in ("file", "record")):
        witness |= {"file": there["file"], "record": there["record"], "id": there["id"]}
    said = _said(row, case, text)
    if said != text:
        witness["text"] = None if said is None else said if whole else _short(said)
    stripped = text.strip("\r\n")
    own, key = _keys(row, case)
    span = {"text": stripped if whole else _short(stripped), "key": own}
    differences = [[d["name"], d["here"], d["witness"], d["material"]] for d in row["differences"]]
    return span | {"witness": witness | ({"key": key} if key else {})} | ({"d": differences} if differences else {})


def _keys(row: Row, case: Row | None) -> tuple[str, str | None]:
    """What decisions know the text by, and that of its witness, if it is known."""
    text, key = text_of(row), row["witness"].get("key")
    said = _said(row, case, text) if key is None else None
    return row.get("key") or key_of(text), key or (key_of(said) if said is not None else None)


def _said(row: Row, case: Row | None, text: str) -> str | None:
    """The text of the witness; None where it is not known."""
    if case is not None:
        told: str | None = case["witness"].get("text", text)
        return told
    return text if set(str(row["rule"]).split("+")) <= _SAME and not row["differences"] else None


def _short(text: str) -> str:
    """A text as it is shown; the sign between the halves of a long one is told by its number of characters."""
    if len(text) <= LONGEST:
        return text
    left_out = len(text) - LONGEST
    return f"{text[: LONGEST * 3 // 4]} […{left_out:,} characters…] {text[-LONGEST // 4 :]}"
