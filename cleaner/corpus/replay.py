"""The last pass: a step once more, its articles with what was decided about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from cleaner.corpus.paragraphs import Paragraphs
from cleaner.corpus.scan import Record, load_step
from cleaner.corpus.standing import Standings
from cleaner.corpus.telling import Telling
from cleaner.decisions import key_of
from cleaner.formats import guard
from cleaner.formats.codec import decode
from cleaner.formats.record_steps import fill_half
from cleaner.formats.records import Touched
from cleaner.formats.steps import Records, perform
from cleaner.formats.work import Found, Work
from cleaner.phases.corpus.align import Pair, View, blocks
from cleaner.phases.corpus.joint import Decided, Decisions, joint
from cleaner.phases.corpus.links import Link
from cleaner.phases.kept import Kept
from cleaner.plan import check_pages
from cleaner.settings import Settings
from cleaner.types import Counts, Elsewhere, Outcome, Shape


def replay_step(step: int, paragraphs: Paragraphs, work: Work) -> list[Found]:
    """What comes of a step: the results of ``perform`` with the joint outcomes of its articles."""
    began = perf_counter()
    replay, spool = Replay(step, paragraphs), paragraphs.spool
    whole = load_step(step, spool)
    known = replay.record.found
    if known is None:
        founds = perform(whole, replace(work, clean=replay.clean))
        replay.tell(founds)
        return founds
    assert isinstance(whole, Records)
    data = spool.read(step, "lines") if "lines" in replay.record.kinds else None
    found = fill_half(whole, data, known, replay.touched(whole.text_format), work)
    replay.tell([found])
    found.seconds = perf_counter() - began
    return [found]


class Replay:
    """The outcomes of one step's articles, in order."""

    def __init__(self, step: int, paragraphs: Paragraphs) -> None:
        self.step, self.paragraphs, self.spool = step, paragraphs, paragraphs.spool
        self.records = paragraphs.records
        self.record = self.records[step]
        self.next = 0
        self.links = self._links()
        self.locked = self._locked()
        self.telling = Telling(paragraphs)
        self.failed = dict(self.record.failed)

    def clean(self, texts: Sequence[str], settings: Settings, text_format: str) -> list[Outcome]:
        """The outcomes of the articles that come next, which are these."""
        first, self.next = self.next, self.next + len(texts)
        return self._outcomes(dict(enumerate(texts, first)), text_format)

    def tell(self, founds: Sequence[Found]) -> None:
        """Tell and count, with the file that each is of, the articles that faults of ours have left as they were."""
        for problem in self.failed.values():
            of_file = (found for found in founds if found.places and found.places[0].file == problem.file)
            found = next(of_file, founds[0])
            found.problems.append(problem)
            found.tally.skipped[problem.reason] += 1

    def touched(self, text_format: str) -> Iterator[Touched]:
        """The records in which something was found; their texts come from the spool."""
        record = self.record
        texts = {article: self._text(article) for article in sorted({*record.alone, *self.links})}
        for (article, text), outcome in zip(texts.items(), self._outcomes(texts, text_format), strict=True):
            if outcome.removed or outcome.variants:
                start, end = record.spans[article].tolist()
                yield Touched(outcome, text, record.places[article], (start, end))

    def _text(self, article: int) -> str:
        """An article as it was before anything went from it."""
        original = self.record.originals.get(article)
        if original is not None:
            return original
        start, end = self.record.table.bytes[article : article + 2].tolist()
        return self.spool.part(self.step, "texts", start, end).decode("utf-8", "surrogatepass")

    def _outcomes(self, texts: Mapping[int, str], text_format: str) -> list[Outcome]:
        """The outcomes of articles by their numbers; what fails stays as it is, and this never does."""

        def left(number: int, error: Exception) -> Outcome:
            place = self.record.places[number]
            what = "file" if place.record is None else "record"
            self.failed[number] = guard.problem(place.file, place.line, error, what)
            return Outcome(texts[number], (), (), Counts(*self.record.counts[number]))

        def some(numbers: Sequence[int]) -> list[Outcome]:
            return self._joint({number: texts[number] for number in numbers}, text_format)

        return guard.each(some, list(texts), left)

    def _joint(self, texts: Mapping[int, str], text_format: str) -> list[Outcome]:
        outcomes: list[Outcome | None] = []
        waiting = []
        for article, text in texts.items():
            alone = self.record.alone.get(article) or Outcome("", (), (), Counts(*self.record.counts[article]))
            if article in self.links:
                waiting.append((text, alone, self._decisions(article)))
                outcomes.append(None)
            else:
                outcomes.append(_alone(text, alone))
        found = iter(joint(waiting, self.paragraphs.settings, text_format))
        whole = [next(found) if outcome is None else outcome for outcome in outcomes]
        if text_format == "html":
            check_pages(list(texts.values()), whole)
        return whole

    def _decisions(self, article: int) -> Decisions:
        table, links = self.record.table, self.links[article]
        if all(link.relation != "copy" for link in links):  # what stays needs no look at what is around it
            return Decisions((), self._decided(article, links), ())
        first, after = int(table.first[article]), int(table.first[article + 1])
        spans = [(a, b) for a, b in table.spans[first:after].tolist()]
        gone = {self.paragraphs.paragraph(link.here)[1] for link in links if link.relation == "copy"}
        locked = [spans[p - first] for p in self.locked.get(article, ()) if p not in gone]
        return Decisions(spans, self._decided(article, links), locked)

    # --- what was decided -------------------------------------------------------------------------

    def _links(self) -> dict[int, list[Link]]:
        """The links of each article: one a paragraph, those that go before those that are reported."""
        best: dict[int, Link] = {}
        for piece in self.spool.pieces(self.step, "links"):
            for link in decode(piece, list[Link]):
                known = best.get(link.here)
                if known is None or _rank(link) >= _rank(known):
                    best[link.here] = link
        found: defaultdict[int, list[Link]] = defaultdict(list)
        for here in sorted(best):
            found[self.paragraphs.article(here) - self.paragraphs.articles_before[self.step]].append(best[here])
        standing = Standings(self.paragraphs)
        return {article: standing.judged(self.step, article, links) for article, links in found.items()}

    def _locked(self) -> dict[int, list[int]]:
        """The paragraphs of each article that others rely on."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        numbers = np.unique(np.frombuffer(b"".join(self.spool.pieces(self.step, "locked")), dtype=np.int64))
        articles = np.searchsorted(self.record.table.first, numbers, side="right") - 1
        for number, article in zip(numbers.tolist(), articles.tolist(), strict=True):
            found[article].append(number)
        return found

    def _decided(self, article: int, links: Sequence[Link]) -> list[Decided]:
        goes = [link for link in links if link.relation == "copy"]
        found = self._gone(article, goes)
        for link in links:
            if link.relation != "copy":
                here = self.paragraphs.paragraph(link.here)[1]
                found.append(self._one(here, link, False, 0, "paragraph", self._place(link)))
        return sorted(found, key=lambda each: each.start)

    def _gone(self, article: int, links: Sequence[Link]) -> list[Decided]:
        by_paragraph = {self.paragraphs.paragraph(link.here)[1]: link for link in links}
        pairs, views, places = [], dict[int, View](), dict[int, tuple[int, int]]()
        for here, link in sorted(by_paragraph.items()):
            if link.place is not None:  # of an earlier run, of which no lines around it are known
                continue
            witness_step, paragraph = self.paragraphs.paragraph(link.witness)
            other = self.paragraphs.article(link.witness)
            local = other - self.paragraphs.articles_before[witness_step]
            views[other], places[other] = self._view(witness_step, local), (witness_step, local)
            pairs.append(Pair(here, other, paragraph))
        found = []
        for number, block in enumerate(blocks(pairs, self._view(self.step, article), views, self.paragraphs.settings)):
            shape: Shape = "block" if len(block.pairs) > 1 else "paragraph"
            for pair in block.pairs:
                link = by_paragraph.get(pair.here, _line(pair))
                place = self._elsewhere(places[pair.article][0], pair.witness)
                found.append(self._one(pair.here, link, True, number + 1, shape, place, len(block.pairs)))
        alone = [(here, link) for here, link in by_paragraph.items() if link.place is not None]
        for number, (here, link) in enumerate(alone, len(pairs) + 1):
            found.append(self._one(here, link, True, number, "paragraph", self._place(link)))
        return found

    def _view(self, step: int, article: int) -> View:
        table = self.records[step].table
        first, after = int(table.first[article]), int(table.first[article + 1])
        able = set(table.able[slice(*np.searchsorted(table.able, [first, after]))].tolist())
        content = partial(self._content, step)
        return View(first, table.keys[first:after].tolist(), able, content, self.paragraphs.stays)

    def _content(self, step: int, paragraph: int) -> str:
        """The text of a paragraph by its number among all of a step."""
        start, end = self.records[step].table.at[paragraph].tolist()
        return self.spool.part(step, "texts", start, end).decode("utf-8", "surrogatepass")

    def _one(
        self, here: int, link: Link, goes: bool, block: int, shape: Shape, place: Elsewhere, size: int = 1
    ) -> Decided:
        start, end = self.record.table.spans[here].tolist()
        why = link.level, link.rule, link.similarity, link.differences
        key = key_of(self._content(self.step, here))
        return Decided(
            start, end, goes, block, shape, *why, place, size, link.boilerplate, key, link.witness_key or key
        )

    def _place(self, link: Link) -> Elsewhere:
        if link.place is not None:
            return link.place
        return self._elsewhere(*self.paragraphs.paragraph(link.witness))

    def _elsewhere(self, step: int, paragraph: int) -> Elsewhere:
        def read(start: int, end: int) -> bytes:
            return self.spool.part(step, "texts", start, end)

        place = elsewhere(self.records[step], paragraph, read, self.paragraphs.numbered_from[step])
        telling = self.telling
        heading = partial(telling.heading, step, paragraph) if telling.has_headings(step) else None
        return replace(place, told=partial(telling.told, step, paragraph), heading=heading)


def _alone(text: str, alone: Outcome) -> Outcome:
    """The outcome of an article by itself, with its text."""
    if not alone.removed:
        return Outcome(text, (), alone.variants, alone.counts)
    left = Kept(text).without_original((r.start, r.end) for r in alone.removed)
    return Outcome(left.text, alone.removed, alone.variants, alone.counts)


def _rank(link: Link) -> tuple[bool, float]:
    """What goes before what is reported; of two witnesses for which it goes the one that was decided last."""
    return link.relation == "copy", link.similarity if link.relation != "copy" else 0.0


def _line(pair: Pair) -> Link:
    """A short line of a block: equal to the letter but for spacing."""
    return Link(-1, -1, "copy", "exact", "identical", 1.0, ())


def elsewhere(record: Record, paragraph: int, read: Any, before: tuple[int, int]) -> Elsewhere:
    """Where a paragraph of a step stands, as the log names it.

    read    gives bytes of the step's texts
    before  lines and records of its file that stand before the step
    """
    table = record.table
    article = int(np.searchsorted(table.first, paragraph, side="right")) - 1
    start, end = table.spans[paragraph].tolist()
    file, number, identity, record_line = record.places[article][:4]
    if article in record.originals:
        kept = Kept(record.originals[article])
        alone = record.alone.get(article)
        kept = kept.without_original((r.start, r.end) for r in (alone.removed if alone is not None else ()))
        start, end = kept.span(start, end)
        line, last = kept.line(start), kept.line(end - 1)
    else:
        begin = int(table.bytes[article])
        at, behind = table.at[paragraph].tolist()
        line = read(begin, at).count(b"\n") + 1
        last = line + read(at, behind).count(b"\n")
    if number is not None:
        number += before[1]
    if record_line is not None:
        record_line += before[0]
    return Elsewhere(file, number, identity, record_line, start, end, line, last)
