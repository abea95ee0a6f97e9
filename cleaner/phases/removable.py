"""Why a span that says what another one says stays all the same: one row a reason.

Whoever adds or drops a reason changes this table, its tests and docs/design.md. The code that finds a reason to hold
names it by its constant; reports and the command line show the sentences given here.
"""

from __future__ import annotations

from typing import NamedTuple

from cleaner.types import Level


class Reason(NamedTuple):
    """One reason to stay.

    name      as the log has it, under ``rule`` of a variant
    looks_at  what it is found by
    level     the highest level at which it holds: at ``similar`` facts no longer hold anything
    sentence  for people: "it stays because ..."
    phrase    the same in a few words, for a line of the terminal; empty where the differences say it all
    right     judged places in news and web pages that it rightly keeps, and
    wrong     repeats that it wrongly keeps; both 0 where it met none
    """

    name: str
    looks_at: str
    level: Level
    sentence: str
    phrase: str
    right: int = 0
    wrong: int = 0


DIFFERS, SHORT, PARALLEL, ITEM, BESIDE = "differs", "short", "parallel", "item", "beside"
HEADLINE, LABELLED, RECURRING, LONE = "headline", "labelled", "recurring", "lone"
PROTECTED, DECIDED, LEVEL, KIND, WITNESS = "protected", "decided", "level", "kind", "witness"

REASONS = (
    Reason(DIFFERS, "the words, figures and signs of both", "copy", "a fact differs", "", 33, 4),
    Reason(SHORT, "its number of words", "similar", "it is too short to go alone", "too short to go alone"),
    Reason(
        PARALLEL,
        "the rows and headings around both",
        "copy",
        "it is one of several rows or sections that run in parallel, and the others differ",
        "sections run in parallel",
        6,
        7,
    ),
    Reason(
        ITEM,
        "labels, bullets, signs at its end",
        "copy",
        "it is an item of a list, a question or a part of a sentence, which may be said twice on purpose",
        "an item of a list",
        36,
        4,
    ),
    Reason(
        LABELLED,
        "the line above each of the two",
        "copy",
        "it stands under a question, a name or another label, which would be left without what belongs to it",
        "under another label",
        13,
        10,
    ),
    Reason(
        RECURRING,
        "how often it stands in the article",
        "copy",
        "it stands there three times or more, as what belongs to each of several things does",
        "said again and again",
        12,
        2,
    ),
    Reason(
        HEADLINE,
        "whether it is the first line",
        "copy",
        "it is the headline, and what the text says of it reads on",
        "the headline",
        4,
        2,
    ),
    Reason(
        BESIDE,
        "the sentences around both",
        "copy",
        "what stands beside it differs from what stands beside its twin",
        "what stands beside it differs",
        11,
        18,
    ),
    Reason(
        LONE,
        "how much else both articles share",
        "copy",
        "its article is another one, in which the same words may be about another day or thing (--lone remove)",
        "alone in an article of its own",
    ),
    Reason(PROTECTED, "the setting protect", "similar", "a setting protects it (--protect)", "protected"),
    Reason(DECIDED, "what somebody has marked", "similar", "a decision of yours keeps it", "decided so"),
    Reason(
        LEVEL,
        "the rules by which both differ",
        "exact",
        "their differences are immaterial, but the level of this run allows none",
        "not at this level",
    ),
    Reason(
        KIND,
        "its kind",
        "similar",
        "it is code, a table, a row of figures or a heading, which never go alone",
        "no prose",
    ),
    Reason(
        WITNESS,
        "what earlier removals rely on",
        "similar",
        "other removals rely on it",
        "what it repeats is part of another repeat",
    ),
)
"""All reasons, in the order in which reports list them."""

SENTENCES = {reason.name: reason.sentence for reason in REASONS}
PHRASES = {reason.name: reason.phrase for reason in REASONS}
