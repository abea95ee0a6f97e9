"""What a person needs to judge a row of the log: where it stands, what is around it, why to look at it.

Rows get what counts and filters need; the texts beside a span and its witness go to ``cases.jsonl``, of
as many rows as a person may ever look at. Fields of such a row:

file, record, start     the row of the log that it belongs to; archive and run as there
of                      removal or variant
rank                    0 to 2**32 - 1: where not all are kept, those with the lowest are
before, behind          the text beside the span (``around.beside``)
heading                 the nearest one above it, if any; of removals only, of which it is a reason to look
witness                 text (left out where it is the span's own but for white space, null where it is not
                        known), before, behind, heading
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from zlib import crc32

from cleaner.formats.rows import Place, Row
from cleaner.text.around import Headings, beside, edges
from cleaner.text.scripts import script_of
from cleaner.types import Outcome, Removal, Told, Variant

MOST_FIRST = 1000
"""Cases of each kind that the first batch of a file keeps, so that small inputs keep all."""
MOST_REMOVALS, MOST_VARIANTS = 400, 80
"""Those that each further batch keeps: more than a page shows of a dump of 50 batches."""
LOOK_AT = 8
"""So much more likely than others are removals kept that somebody should look at."""
LONGEST = 20_000
"""Characters of a witness that are kept."""


class Article(NamedTuple):
    """An article in which something was found; ``words`` are those of its removed spans, in their order."""

    outcome: Outcome
    text: str
    text_format: str
    place: Place
    words: Sequence[int]

    @property
    def share(self) -> float:
        """Its removed words among its words, in [0, 1]."""
        whole = self.outcome.counts.words
        return min(1.0, sum(self.words) / whole) if whole else 1.0


class Case(NamedTuple):
    """A row of the log and what it is about."""

    rank: int
    row: Row
    each: Removal | Variant
    article: Article
    headings: Headings


def describe(article: Article, removals: Sequence[Row], variants: Sequence[Row], flag_share: float) -> list[Case]:
    """Say in the rows of an article what counts and filters need; the cases they are."""
    place, outcome = article.place, article.outcome
    facts: Row = {"lang": place.lang or script_of(article.text)}
    facts |= {"source": place.source} if place.source is not None else {}
    headings = Headings(article.text, article.text_format)
    reasons = _reasons(article, headings, flag_share) if removals else []
    share = round(article.share, 4) if removals else 0.0
    for row, words, look in zip(removals, article.words, reasons, strict=True):
        row |= facts | {"words": words, "share": share, "look": look}
    for row in variants:
        row |= facts
    found: list[Removal | Variant] = [*outcome.removed, *outcome.variants]
    rows = [*removals, *variants]
    ranked = zip(found, rows, _ranks(rows, article.text), strict=True)
    return [Case(rank, row, each, article, headings) for each, row, rank in ranked]


def fewest(cases: Iterable[Case], *, first: bool = True) -> list[Row]:
    """Rows of ``cases.jsonl`` for a batch, of those with the lowest ranks where there are many of a kind."""
    kept, cases = list[Case](), list(cases)
    for kind, further in ((Removal, MOST_REMOVALS), (Variant, MOST_VARIANTS)):
        most = MOST_FIRST if first else further
        of_kind = [case for case in cases if isinstance(case.each, kind)]
        limit = sorted(case.rank for case in of_kind)[most] if len(of_kind) > most else 1 << 32
        kept += [case for case in of_kind if case.rank < limit]
    return [_row(case) for case in kept]


def _reasons(article: Article, headings: Headings, flag_share: float) -> list[list[str]]:
    """For each removed span why somebody should look at it, if so.

    differs  facts differ, and it went by level or decision
    much     the article loses more of its words than the stated share
    heading  it stood under another heading than its witness
    alone    a lone paragraph or passage, away from its witness
    first, last  it began or ended the article
    """
    text = article.text
    first, last = edges(text, article.text_format)
    much = article.share > flag_share
    found = []
    for each in article.outcome.removed:
        reasons = ["differs"] if any(d.material for d in each.differences) else []
        reasons += ["much"] if much else []
        reasons += ["heading"] if headings.above(each.start) != _heading_there(headings, each) else []
        reasons += ["alone"] if each.paragraphs <= 1 and not _adjacent(text, each) else []
        reasons += ["first"] if each.start <= first < each.end else []
        reasons += ["last"] if each.start < last <= each.end else []
        found.append(reasons)
    return found


def _heading_there(headings: Headings, each: Removal) -> str:
    """The heading above the witness; that of the span itself where it is not known."""
    elsewhere = each.witness.elsewhere
    if elsewhere is None:
        return headings.above(each.witness.start)
    return headings.above(each.start) if elsewhere.heading is None else elsewhere.heading()


def _adjacent(text: str, each: Removal) -> bool:
    witness = each.witness
    if witness.elsewhere is not None:
        return False
    first, second = sorted(((each.start, each.end), (witness.start, witness.end)))
    return not text[first[1] : second[0]].strip()


def _row(case: Case) -> Row:
    each, text, told = case.each, case.article.text, _told(case)
    before, behind = beside(text, each.start, each.end)
    row: Row = {name: case.row[name] for name in ("file", "record", "start")}
    row |= {"of": "removal" if isinstance(each, Removal) else "variant", "rank": case.rank}
    row |= {"before": before, "behind": behind}
    row["witness"] = {"before": told.before, "behind": told.behind}
    if isinstance(each, Removal):
        row["heading"] = case.headings.above(each.start)
        row["witness"]["heading"] = _heading_there(case.headings, each)
    if told.text.split() != text[each.start : each.end].split():  # an empty one is not known
        row["witness"]["text"] = told.text[:LONGEST] if told.text else None
    return row


def _told(case: Case) -> Told:
    witness, text = case.each.witness, case.article.text
    if witness.elsewhere is not None:
        return witness.elsewhere.told() if witness.elsewhere.told is not None else Told("", "", "")
    return Told(text[witness.start : witness.end], *beside(text, witness.start, witness.end))


def _ranks(rows: Sequence[Row], text: str) -> list[int]:
    """By id and text, so that they are the same however the input was cut into batches; one for all of a block."""
    first: dict[int, Row] = {}
    for row in reversed(rows):
        first[row.get("block") or -row["start"]] = row
    look = {row["block"] for row in rows if row.get("look")}
    ranks = []
    for row in rows:
        head = first[row.get("block") or -row["start"]]
        key = f"{row['id']} {head['start']} {text[head['start'] : min(head['end'], head['start'] + 1000)]}"
        rank = crc32(key.encode("utf-8", "surrogatepass"))
        ranks.append(rank // LOOK_AT if row.get("block") in look else rank)
    return ranks
