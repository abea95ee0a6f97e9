"""What must hold of one article, whoever asks: each check names the promise that is broken."""

from __future__ import annotations

import re
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from attack.oracle import says_all_of, shown, words
from cleaner.plan import clean_texts
from cleaner.settings import Settings
from cleaner.types import Outcome, Removal

PROMISES = {
    "raises": "nothing raises",
    "bytes": "the output is the input without the named spans",
    "witness": "what was removed stands in its kept witness, word by word",
    "log": "the log says what was done, and where",
    "restore": "restore gives the input back",
    "twice": "a second run changes nothing",
    "alike": "verdicts are the same alone, among others, on both roads and with any number of workers",
    "appended": "an unrelated paragraph at the end changes no verdict",
    "order": "the first paragraph stays unless its witness says more",
    "corpus": "across articles the kept witness is in an output, in reading order, and no failed file is one",
}
UNRELATED = (
    "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich, während abends niemand mehr zuschauen wollte."
)


PARTING = "\n\x00\n"
"""Between what is kept and what went, where a failure is about two articles."""
LONGEST_HEADING = 60
"""A shorter last line becomes a heading, or a label, where something stands behind it: that may change a verdict."""


class Failure(NamedTuple):
    """A promise that was broken, and how."""

    promise: str
    detail: str


class Seen(NamedTuple):
    """The outcome of an article alone, None where it raised, and what was wrong with it."""

    outcome: Outcome | None
    failures: tuple[Failure, ...]


Checks = Callable[[str, str, Settings], Seen]


def raised(error: BaseException) -> Failure:
    """By its kind, its words and the innermost line: enough to tell two faults apart."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return Failure("raises", f"{type(error).__name__}: {str(error)[:200]} ({where.name}:{where.lineno})")


def clean_alone(text: str, text_format: str, settings: Settings) -> Outcome:
    return clean_texts([text], settings, text_format)[0]


def seen_alone(text: str, text_format: str, settings: Settings, *, appended: bool = True) -> Seen:
    """An article by itself: what became of it, and which promises about one article it breaks."""
    try:
        outcome = clean_alone(text, text_format, settings)
    except Exception as error:
        return Seen(None, (raised(error),))
    return Seen(outcome, tuple(_failures(text, text_format, settings, outcome, appended)))


def _failures(text: str, text_format: str, settings: Settings, outcome: Outcome, appended: bool) -> Iterator[Failure]:
    yield from spans(text, outcome)
    yield from lines(text, outcome, text_format)
    if settings.level != "similar":
        yield from witnesses(text, outcome, text_format)
    if settings.keep == "first" and settings.level != "similar":
        yield from first_stays(text, outcome, text_format)
    if outcome.removed and not outcome.counts.capped and settings.level != "similar":
        yield from twice(text_format, settings, outcome)
    if appended and len(text.rstrip().rpartition("\n")[2].rpartition("\r")[2]) > LONGEST_HEADING:
        yield from with_more(text, text_format, settings, outcome)


def spans(text: str, outcome: Outcome) -> Iterator[Failure]:
    at, left = 0, []
    for each in outcome.removed:
        if not at <= each.start < each.end <= len(text):
            yield Failure("bytes", f"span {each.start}-{each.end} overlaps what is before it, or is empty")
        left.append(text[at : each.start])
        at = each.end
    if outcome.text != "".join([*left, text[at:]]):
        yield Failure("bytes", "the output is not the input without the named spans")


def lines(text: str, outcome: Outcome, text_format: str) -> Iterator[Failure]:
    """A cut takes white space with it, and what an earlier pass left beside it: the line is where its words begin."""
    say = shown if text_format == "html" else str
    for each in outcome.removed:
        if words(say(text[each.start : each.end])):
            first = text.count("\n", 0, each.start) + 1
            if not first <= each.line <= first + text.count("\n", each.start, each.end):
                yield Failure("log", f"span {each.start}-{each.end} is said to be on line {each.line}")


def kept_of(text: str, removed: Sequence[Removal], start: int, end: int) -> str:
    """``text[start:end]`` without what was removed. A witness may reach over what an earlier pass took out."""
    pieces, at = [], start
    for each in removed:
        if each.start < end and at < each.end:
            pieces.append(text[at : each.start])
            at = max(at, each.end)
    return "".join([*pieces, text[at:end]])


def with_signs(text: str, start: int, end: int) -> tuple[int, int]:
    """A witness is told from its first word to its last: signs that stand beside are part of what is kept.

    They stand directly beside, or a space before a symbol, as in ``all rights reserved ©``.
    """
    while start > 0 and not (text[start - 1].isalnum() or text[start - 1].isspace() or text[start - 1] in "<>"):
        start -= 1
    while end < len(text) and not (text[end].isalnum() or text[end].isspace() or text[end] in "<>"):
        end += 1
    if found := _symbol.match(text, end):
        end = found.end()
    return start, end


_symbol = re.compile(r"[^\S\r\n]+(?:&(?:copy|reg|trade);|[©®™\u2190-\u2bff\U0001f000-\U0001faff])")


def witnesses(text: str, outcome: Outcome, text_format: str) -> Iterator[Failure]:
    say = shown if text_format == "html" else str
    for each in outcome.removed:
        start, end = with_signs(text, each.witness.start, each.witness.end)
        kept = say(kept_of(text, outcome.removed, start, end))
        gone = say(text[each.start : each.end])
        if not says_all_of(kept, gone):
            yield Failure("witness", f"removed {gone!r}, kept {kept!r} (rule {each.rule}, {each.shape})")


_EDGE = re.compile(r"[\r\n]")
_TAG = re.compile(r"</?(?:p|div|br|li|h2|td|pre|section|blockquote|body)\b[^>]*>")
_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANK = re.compile(r"(?:\r\n|\r(?!\n)|\n)[^\S\r\n]*[\r\n]")


def around(text: str, text_format: str, start: int, end: int) -> tuple[int, int]:
    """The lines, or the elements of a page, in which ``text[start:end]`` stands; lines that may be wrapped together."""
    if text_format == "html":
        return _between(_TAG, text, start, end)
    found = _between(_EDGE, text, start, end)
    if SHORTEST_WRAP <= found[1] - found[0] <= LONGEST_WRAP * max(1, len(_EDGE.findall(text, start, end))):
        found = _between(_BLANK, text, start, end)
    return found


SHORTEST_WRAP, LONGEST_WRAP = 40, 100
"""Characters of a line that may be wrapped (docs/design.md: decided at each break)."""


def _between(edge: re.Pattern[str], text: str, start: int, end: int) -> tuple[int, int]:
    before = [m.end() for m in edge.finditer(text, 0, start)]
    behind = edge.search(text, end)
    return before[-1] if before else 0, behind.start() if behind else len(text)


def first_stays(text: str, outcome: Outcome, text_format: str) -> Iterator[Failure]:
    """What is richer is judged as it stood: of two sentences on its line one may have gone afterwards."""
    if not outcome.removed or text[: outcome.removed[0].start].strip():
        return
    say = shown if text_format == "html" else str
    block = [each for each in outcome.removed if each.block == outcome.removed[0].block]
    there = [around(text, text_format, each.witness.start, each.witness.end) for each in block]
    kept = say(text[min(start for start, _ in there) : max(end for _, end in there)]).strip()
    gone = "\n".join(say(text[each.start : each.end]).strip() for each in block)
    above = say(text[: min(start for start, _ in there)]).rstrip()
    if _asks.search(above):
        return  # what stands under a question goes where that is no choice: the answer would be missing
    if len(words(kept)) <= len(words(gone)) and len(_LINE_END.findall(kept)) <= len(_LINE_END.findall(gone)):
        yield Failure("order", f"the first paragraph {gone!r} went for {kept!r}, which is no richer")


_asks = re.compile(r"\w[^\w\r\n]*[?？؟՞፧\u037e]\W*$")


def twice(text_format: str, settings: Settings, outcome: Outcome) -> Iterator[Failure]:
    try:
        again = clean_alone(outcome.text, text_format, settings)
    except Exception as error:
        yield raised(error)
        return
    for each in again.removed[:1]:
        yield Failure("twice", f"a second run removes {outcome.text[each.start : each.end]!r} (rule {each.rule})")


def with_more(text: str, text_format: str, settings: Settings, outcome: Outcome) -> Iterator[Failure]:
    longer = appended(text, text_format)
    try:
        other = clean_alone(longer, text_format, settings)
    except Exception as error:
        yield raised(error)
        return
    before, after = verdicts(text, outcome, text_format), verdicts(longer, other, text_format)
    stay = reported(longer, other, text_format) | reported(text, outcome, text_format)
    changed = [pair for pair in (before - after) + (after - before) if pair[0] not in stay]
    if changed:
        yield Failure("appended", f"with an unrelated paragraph more, another verdict on {changed[0]}")


BY_PLACE = ("item", "parallel", "beside")
"""Rules by which a repeat stays for what stands beside it, or for the kind of article it stands in (docs/design.md)."""


def reported(text: str, outcome: Outcome, text_format: str) -> set[str]:
    """What is reported and stays by one of these rules, by its words."""
    say = shown if text_format == "html" else str
    return {" ".join(words(say(text[v.start : v.end]))) for v in outcome.variants if v.rule in BY_PLACE}


def appended(text: str, text_format: str) -> str:
    if text_format != "html":
        return f"{text}\n\n{UNRELATED}"
    head, mark, tail = text.rpartition("</body>")
    return f"{head}<p>{UNRELATED}</p>\n{mark}{tail}" if mark else f"{text}\n<p>{UNRELATED}</p>"


def verdicts(text: str, outcome: Outcome, text_format: str) -> Counter[tuple[str, str]]:
    """What went for what, by its words."""
    say = shown if text_format == "html" else str
    pairs = ((text[r.start : r.end], text[r.witness.start : r.witness.end]) for r in outcome.removed)
    found = Counter((" ".join(words(say(gone))), " ".join(words(say(kept)))) for gone, kept in pairs)
    return Counter({pair: number for pair, number in found.items() if pair[0]})


def places(outcome: Outcome) -> list[tuple[Any, ...]]:
    """All that the log says of an outcome, to be compared with another one's."""
    return [(r.start, r.end, r.witness.start, r.witness.end, r.level, r.rule, r.shape, r.line) for r in outcome.removed]
