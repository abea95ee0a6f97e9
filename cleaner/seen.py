"""Boilerplate across a stream of articles: what stood in earlier ones is remembered, within a bound."""

from __future__ import annotations

import os
import re
from collections import OrderedDict
from dataclasses import asdict, dataclass
from hashlib import blake2b
from threading import Lock
from typing import Any

from cleaner.errors import SettingsError
from cleaner.phases.forms import Forms
from cleaner.phases.layout import Layout, read
from cleaner.phases.rewrite import paragraph_spans
from cleaner.settings import Settings

# Measured over 5,000 to 200,000 entries that come and go: an entry of the dictionary with its key and value
# takes 286 to 365 bytes, and 400 for the moment in which the dictionary grows.
ENTRY_BYTES = 400
_UNITS = {"": 1, "K": 1000, "M": 1000**2, "G": 1000**3}


@dataclass(frozen=True, slots=True)
class Repeat:
    """A paragraph of this article, ``start:end`` on ``line``, that stood in ``articles`` earlier ones.

    ``first`` is the number, counted from 0, of the article in which it was seen first.
    """

    start: int
    end: int
    line: int
    articles: int
    first: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class Seen:
    """Remembers paragraphs by a digest of everything in them that is material.

    max_memory  bytes, or a text like ``200MB`` or ``2GB`` (decimal); 1 MB remembers 2,500 paragraphs
    settings    of which ``min_words``, ``protect`` and what ``decisions`` keep count here
    articles    how many were taken in
    forgotten   how many paragraphs were forgotten, those first that were not met for longest

    Equal digests mean copies that differ in immaterial ways only (a typo counts as different here).
    Texts are plain. Safe in threads and after a fork; can be pickled between two crawls, and as with every pickle
    only a file of your own may be loaded: one that somebody else could write runs what they like. Raises
    SettingsError for a ``max_memory`` that is none.

    >>> seen, footer = Seen(), "Follow us on all channels and never miss a story of our award-winning desk again."
    >>> seen.clean(f"Rain is expected.\\n{footer}\\n")
    ('Rain is expected.\\nFollow us on all channels and never miss a story of our award-winning desk again.\\n', ())
    >>> text, gone = seen.clean(f"The wind turns.\\n{footer}\\n")
    >>> text, [(repeat.line, repeat.articles, repeat.first) for repeat in gone]
    ('The wind turns.\\n', [(2, 1, 0)])
    """

    def __init__(self, *, max_memory: int | str = "200MB", settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.capacity = _bytes(max_memory) // ENTRY_BYTES
        self.articles = 0
        self.forgotten = 0
        self._known: OrderedDict[bytes, tuple[int, int, int]] = OrderedDict()
        self._lock, self._process = Lock(), os.getpid()

    def __getstate__(self) -> dict[str, Any]:
        """All but the lock."""
        with self._own_lock():
            return {**self.__dict__, "_known": self._known.copy(), "_lock": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock, self._process = Lock(), os.getpid()

    def _own_lock(self) -> Lock:
        """The lock; a forked process gets a new one, for a thread that is not in it may have held the old one."""
        if self._process != os.getpid():
            self._lock, self._process = Lock(), os.getpid()
        return self._lock

    def add(self, text: str) -> tuple[Repeat, ...]:
        """Take in an article; returns its paragraphs that stood in earlier ones."""
        keyed = read(text)
        rows = self._rows(text, keyed.layout, keyed.weight)
        with self._own_lock():
            number = self.articles
            self.articles += 1
            return tuple(repeat for row in rows if (repeat := self._meet(*row, number)) is not None)

    def clean(self, text: str, *, min_articles: int = 1) -> tuple[str, tuple[Repeat, ...]]:
        """Take in an article; returns it without the paragraphs that stood in ``min_articles`` earlier ones, and those.

        What an article says twice itself is not looked for; that is ``cleaner.clean``. An article that
        is met again whole comes back empty: leave out pages that were fetched already. Raises
        SettingsError for ``min_articles`` under 1.
        """
        if min_articles < 1:
            raise SettingsError(f"min_articles is {min_articles}; give 1 or more")
        gone = tuple(repeat for repeat in self.add(text) if repeat.articles >= min_articles)
        layout = read(text).layout
        numbers = {span: p for p, span in enumerate(layout.spans)}
        spans = paragraph_spans(layout, sorted(numbers[r.start, r.end] for r in gone))
        at, kept = 0, []
        for start, end in sorted(spans.values()):
            kept.append(text[at:start])
            at = end
        return "".join([*kept, text[at:]]), gone

    def _rows(self, text: str, layout: Layout, weight: object) -> list[tuple[int, int, int, bytes]]:
        forms = Forms(layout)
        protect = [re.compile(pattern) for pattern in self.settings.protect]
        rows = []
        for p, (start, end) in enumerate(layout.spans):
            a, b = layout.first[p], layout.first[p + 1]
            heavy = weight[b] - weight[a] >= self.settings.min_quarters  # type: ignore[index]
            if not heavy or p in layout.opaque or layout.kind(p) != "prose":
                continue
            content = text[start:end]
            if any(pattern.search(content) for pattern in protect) or self.settings.decisions.keeps(content):
                continue
            strict, _ = forms.tokens(a, b)
            digest = blake2b("\x1f".join(strict).encode("utf-8", "surrogatepass"), digest_size=16).digest()
            rows.append((start, end, text.count("\n", 0, start) + 1, digest))
        return rows

    def _meet(self, start: int, end: int, line: int, digest: bytes, number: int) -> Repeat | None:
        articles, first, last = self._known.pop(digest, (0, number, number))
        self._known[digest] = (articles + (last != number or not articles), first, number)
        if len(self._known) > self.capacity:
            self._known.popitem(last=False)
            self.forgotten += 1
        earlier = articles if last != number else articles - 1
        return Repeat(start, end, line, earlier, first) if earlier > 0 else None


def _bytes(amount: int | str) -> int:
    """200MB, 2GB, 500000: bytes, with decimal units."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMG]?)B?\s*", str(amount), re.IGNORECASE)
    number = 0 if match is None else int(float(match[1]) * _UNITS[match[2].upper()])
    if number < ENTRY_BYTES:
        raise SettingsError(
            f"max_memory is {amount!r}; write it like 200MB or 2GB, or give bytes, {ENTRY_BYTES} or more"
        )
    return number
