"""The figures of a report, all of them exact: counted over every row of the log, not over those that are shown."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from zlib import crc32

from cleaner.formats.rows import Row
from cleaner.formats.undo import text_of
from cleaner.report.log import Repeat, RunLog

LEADERS = 12
"""Texts that are named as those repeated most."""
FROM = 0.5
"""Similarity from which its distribution is shown; nothing below is reported (``Settings.similarity``)."""
BINS = 20
SHARES = 10
CLUSTERS = (1, 2, 3, 4, 5, 10, 20, 50, 100)
"""Lower bounds of the sizes by which clusters are told: copies that go for one witness."""


class Amount(NamedTuple):
    """Repeats and the words in them."""

    repeats: int = 0
    words: int = 0

    def plus(self, words: int) -> Amount:
        return Amount(self.repeats + 1, self.words + words)


class Leader(NamedTuple):
    """A text that many copies of went: their number, and one of the rows."""

    copies: int
    row: Row


@dataclass(slots=True)
class Figures:
    """Counts over a log.

    shapes      by (shape, level); languages and sources by name; looks by reason: repeats and words
    to_look     repeats with at least one reason
    rules       variants by the rule for which they stay; facts: by the name of the first material difference
    similar     removed spans and variants by similarity from ``FROM`` to 1, in ``BINS`` bins, the last one exactly 1
    shares      changed articles by the share of their words that went, in tenths; the last one includes 1
    clusters    witnesses by how many spans went for them, by the bounds in ``CLUSTERS``
    leaders     the texts that most copies of went, where more than one did
    """

    shapes: dict[tuple[str, str], Amount] = field(default_factory=dict)
    languages: dict[str, Amount] = field(default_factory=dict)
    sources: dict[str, Amount] = field(default_factory=dict)
    looks: dict[str, Amount] = field(default_factory=dict)
    to_look: Amount = field(default_factory=Amount)
    removed: Amount = field(default_factory=Amount)
    spans: int = 0
    variants: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    facts: Counter[str] = field(default_factory=Counter)
    similar: tuple[list[int], list[int]] = field(default_factory=lambda: ([0] * (BINS + 1), [0] * (BINS + 1)))
    shares: list[int] = field(default_factory=lambda: [0] * SHARES)
    clusters: list[int] = field(default_factory=list)
    leaders: list[Leader] = field(default_factory=list)


def figures_of(log: RunLog, see: Callable[[Repeat], object] = bool) -> Figures:
    """Read the log once, and of the texts repeated most the rows once more. ``see`` is called with each repeat."""
    found, witnesses = Figures(), array("Q")
    article: tuple[Any, ...] | None = None
    for repeat in log.removals():
        head, words = repeat.rows[0], repeat.words
        _count_removal(found, repeat, words)
        see(repeat)
        witnesses.extend(_witness(row) for row in repeat.rows)
        here = (head["file"], head["record"])
        if here != article and "share" in head:
            found.shares[min(SHARES - 1, int(head["share"] * SHARES))] += 1
        article = here
    for variant in log.variants():
        _count_variant(found, variant.rows[0])
        see(variant)
    _count_clusters(found, log, witnesses)
    return found


def _count_removal(found: Figures, repeat: Repeat, words: int) -> None:
    head = repeat.rows[0]
    found.removed = found.removed.plus(words)
    found.spans += len(repeat.rows)
    shape = (str(head["shape"]), _widest(repeat.rows))
    found.shapes[shape] = found.shapes.get(shape, Amount()).plus(words)
    for counts, name in ((found.languages, str(head.get("lang", ""))), (found.sources, source_of(head))):
        counts[name] = counts.get(name, Amount()).plus(words)
    reasons = reasons_of(repeat)
    if reasons:
        found.to_look = found.to_look.plus(words)
    for reason in reasons:
        found.looks[reason] = found.looks.get(reason, Amount()).plus(words)
    for row in repeat.rows:
        found.similar[0][_bin(row["similarity"])] += 1


def _count_variant(found: Figures, row: Row) -> None:
    found.variants += 1
    found.rules[str(row["rule"])] += 1
    found.similar[1][_bin(row["similarity"])] += 1
    if row["rule"] == "differs":
        first = next((each["name"] for each in row["differences"] if each["material"]), "")
        found.facts[str(first)] += 1


def _widest(rows: Sequence[Row]) -> str:
    """The level of a repeat: the loosest of its spans'."""
    levels = {row["level"] for row in rows}
    return next((level for level in ("similar", "copy", "exact") if level in levels), "")


def _bin(similarity: float) -> int:
    return min(BINS, max(0, int((similarity - FROM) / (1 - FROM) * BINS)))


def reasons_of(repeat: Repeat) -> list[str]:
    """Why somebody should look at what went, in the order of weight (``formats.cases``)."""
    reasons = {reason for row in repeat.rows for reason in row.get("look", ())}
    return [reason for reason in LOOKS if reason in reasons]


LOOKS = ("differs", "much", "heading", "alone", "first", "last")


def source_of(row: Row) -> str:
    """Where an article comes from: the value of the field asked for, else its archive, file or folder."""
    if row.get("source") is not None:
        return str(row["source"])
    if row.get("archive"):
        return str(row["archive"])
    file = str(row["file"])
    return file if row["record"] is not None else file.rpartition("/")[0] or "."


def _witness(row: Row) -> int:
    """64 bits that stand for a witness: two crc32, of its place and of the same in another order."""
    witness = row["witness"]
    place = f"{witness['file']} {witness['record']} {witness['start']}".encode("utf-8", "surrogatepass")
    return crc32(place) << 32 | crc32(place[::-1])


def _count_clusters(found: Figures, log: RunLog, witnesses: array[int]) -> None:
    sizes = Counter(witnesses)
    found.clusters = [0] * len(CLUSTERS)
    for size, number in Counter(sizes.values()).items():
        found.clusters[sum(size >= bound for bound in CLUSTERS) - 1] += number
    found.leaders = _leaders(log, {key: size for key, size in sizes.most_common(2 * LEADERS) if size > 1})


def _leaders(log: RunLog, wanted: dict[int, int]) -> list[Leader]:
    rows: dict[int, Row] = {}
    for repeat in log.removals() if wanted else ():
        for row in repeat.rows:
            key = _witness(row)
            if key in wanted and key not in rows and text_of(row).strip():
                rows[key] = row
        if len(rows) == len(wanted):
            break
    leaders = [Leader(wanted[key], row) for key, row in rows.items()]
    return sorted(leaders, key=lambda each: (-each.copies, each.row["file"], each.row["record"] or 0))[:LEADERS]
