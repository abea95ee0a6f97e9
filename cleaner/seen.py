"""Boilerplate across a stream of articles: what stood in earlier ones is remembered, within a bound."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock

from cleaner.errors import SettingsError
from cleaner.phases.forms import Forms
from cleaner.phases.layout import Layout, read
from cleaner.phases.rewrite import paragraph_spans
from cleaner.settings import Settings

# Measured: an entry of the dictionary with its key and value takes 190 bytes.
ENTRY_BYTES = 200
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


class Seen:
    """Remembers paragraphs by a digest of everything in them that is material.

    Equal digests therefore mean copies that differ in immaterial ways only (a typo counts as
    different here). Where memory runs out the paragraphs that were not met for longest are
    forgotten, and counted in ``forgotten``. Safe in threads.
    """

    def __init__(self, *, max_memory: int | str = "200MB", settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.capacity = max(1, _bytes(max_memory) // ENTRY_BYTES)
        self.articles = 0
        self.forgotten = 0
        self._known: OrderedDict[bytes, tuple[int, int, int]] = OrderedDict()
        self._lock = Lock()

    def add(self, text: str) -> tuple[Repeat, ...]:
        """Take in an article; returns its paragraphs that stood in earlier ones."""
        keyed = read(text)
        rows = self._rows(text, keyed.layout, keyed.weight)
        with self._lock:
            number = self.articles
            self.articles += 1
            return tuple(repeat for row in rows if (repeat := self._meet(*row, number)) is not None)

    def clean(self, text: str, *, min_articles: int = 1) -> tuple[str, tuple[Repeat, ...]]:
        """Take in an article; returns it without the paragraphs that stood in ``min_articles`` earlier ones, and those.

        What an article says twice itself is not looked for; that is ``cleaner.clean``.
        """
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
            if any(pattern.search(text[start:end]) for pattern in protect):
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
    if isinstance(amount, int):
        return amount
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMG]?)i?B?\s*", amount, re.IGNORECASE)
    if match is None:
        raise SettingsError(f"max_memory is {amount!r}; write it like 200MB or 2GB")
    return int(float(match[1]) * _UNITS[match[2].upper()])
