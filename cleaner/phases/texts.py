"""Paragraphs across several texts: copies exactly, variants by MinHash, each with a direct witness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from cleaner.phases.across import near_pairs
from cleaner.phases.compare import Comparison, compare
from cleaner.phases.layout import read
from cleaner.settings import Settings
from cleaner.types import Match, Witness


class Candidate(NamedTuple):
    """A paragraph that is long enough to be compared, and where it stands."""

    text: int
    start: int
    end: int
    line: int
    content: str
    key: tuple[str, ...]


def find_matches(texts: Sequence[str], settings: Settings) -> list[Match]:
    """One match a paragraph at most: a copy before a variant, the earliest witness first."""
    rows = [row for i, text in enumerate(texts) for row in candidates(text, i, settings)]
    kept: dict[tuple[str, ...], list[int]] = defaultdict(list)
    matches: dict[int, Match] = {}
    for k, row in enumerate(rows):
        copied = _copy_among(rows, kept[row.key], k, settings)
        if copied is None:
            kept[row.key].append(k)
        elif copied.text != row.text or copied.witness.text != row.text:
            matches[k] = copied
    singles = sorted(k for members in kept.values() for k in members)
    for match_of, k in _variants(rows, singles, settings):
        matches.setdefault(k, match_of)
    return [matches[k] for k in sorted(matches)]


def candidates(text: str, number: int, settings: Settings) -> list[Candidate]:
    """The paragraphs of prose of a text that weigh at least the shortest removable weight."""
    keyed = read(text)
    layout = keyed.layout
    found = []
    for p, (start, end) in enumerate(layout.spans):
        a, b = layout.first[p], layout.first[p + 1]
        if p in layout.opaque or keyed.weight[b] - keyed.weight[a] < settings.min_quarters:
            continue
        if layout.kind(p) == "prose":
            line = text.count("\n", 0, start) + 1
            found.append(Candidate(number, start, end, line, text[start:end], tuple(map(str, keyed.keys[a:b]))))
    return found


def _copy_among(rows: Sequence[Candidate], members: Sequence[int], k: int, settings: Settings) -> Match | None:
    """A copy of row ``k`` among kept rows with its key; the raw texts decide."""
    for member in members:
        found = compare(rows[member].content, rows[k].content, settings)
        if found.relation == "copy" and (settings.level != "exact" or found.level == "exact"):
            return _match(rows[k], rows[member], found)
    return None


def _variants(rows: Sequence[Candidate], singles: Sequence[int], settings: Settings) -> list[tuple[Match, int]]:
    pairs = near_pairs([rows[k].content for k in singles]).pairs
    best: dict[int, tuple[float, Match]] = {}
    for pair in pairs:
        left, right = singles[pair.left], singles[pair.right]
        if rows[left].text == rows[right].text:
            continue
        found = compare(rows[left].content, rows[right].content, settings)
        if found.relation == "different":
            continue
        if right not in best or found.similarity > best[right][0]:
            best[right] = found.similarity, _match(rows[right], rows[left], found)
    return [(match, k) for k, (_, match) in sorted(best.items())]


def _match(row: Candidate, witness: Candidate, found: Comparison) -> Match:
    return Match(
        text=row.text,
        start=row.start,
        end=row.end,
        line=row.line,
        relation="copy" if found.relation == "copy" else "variant",
        level=found.level or "similar",
        rule=found.rule,
        similarity=found.similarity,
        differences=found.differences,
        witness=Witness(witness.start, witness.end, witness.line, witness.text),
    )
