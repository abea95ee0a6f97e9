"""Formats whose articles come out as JSONL, a line each: WET, WARC and dumps of MediaWiki.

What is made of a batch depends on its bytes alone, so that it can be done again and in any process.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from cleaner.formats import guard
from cleaner.formats.files import JSONL_FIELDS, Format
from cleaner.formats.parts import Part, packed, unpacked
from cleaner.formats.reading import BATCH
from cleaner.formats.work import Found, Problem, Work


@dataclass(slots=True)
class Lines:
    """JSONL made of a batch; ``left_out`` counts what is no article, by kind."""

    data: bytes = b""
    problems: list[Problem] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def require(format: Format) -> None:
    """Raise SettingsError where a package that ``format`` needs is missing."""
    if format in ("warc", "wet"):
        from cleaner.formats import main_text

        main_text.require()


def batches(format: Format, read: Iterable[bytes], size: int = BATCH) -> Iterator[bytes]:
    """The bytes of a file as batches of whole records, packed."""
    return packed(_parts(format, read), size)


def lines_of(format: Format, batch: bytes, file: str) -> Lines:
    """The articles of a batch as lines. Numbers of lines are those of the output; problems give bytes of the input."""
    lines = Lines()
    made: list[bytes] = []
    for make, offset in _articles(format, batch):
        try:
            found = make()
            line = _dumps(found) if isinstance(found, Mapping) else b""
        except Exception as error:
            guard.check(error)
            broken = guard.problem(file, None, error, fate="it is left out")
            lines.problems.append(replace(broken, detail=_at(offset, broken.detail)))
            continue
        if isinstance(found, str):
            lines.left_out[found] += 1
        elif isinstance(found, tuple):
            reason, detail, fix = found
            lines.problems.append(Problem(file, None, reason, _at(offset, detail), fix))
        else:
            made.append(line)
    lines.data = b"".join(made)
    return lines


def _at(offset: int | None, detail: str) -> str:
    return detail if offset is None else f"byte {offset:,}: {detail}"


def as_lines(work: Work) -> Work:
    """The work on the lines that articles come out as."""
    text_field, id_field = JSONL_FIELDS
    return replace(work, text_field=text_field, id_field=id_field)


def with_lines(found: Found, lines: Lines) -> Found:
    """What was found in ``lines``, with the lines as they were before, and with what is no article."""
    found.data = lines.data
    found.problems += lines.problems
    found.tally.skipped += Counter(problem.reason for problem in lines.problems)
    found.tally.left_out += lines.left_out
    return found


def _parts(format: Format, read: Iterable[bytes]) -> Iterator[Part]:
    if format == "mediawiki":
        from cleaner.formats.mediawiki import pages

        return pages(read)
    from cleaner.formats.web_archive import records

    return records(read)


Made = Mapping[str, Any] | str | tuple[str, ...]
"""An article; the kind that a record is left out under; or (reason, detail, fix)."""


def _articles(format: Format, batch: bytes) -> Iterator[tuple[Callable[[], Made], int | None]]:
    """What makes the article of each part, and the byte where the part begins."""
    if format == "mediawiki":
        from cleaner.formats.mediawiki import article_of, names_of
        from cleaner.formats.wikitext import Names

        names = Names()
        for part in unpacked(batch):
            if part.kind == "record":
                yield partial(article_of, part, names), part.offset
            elif part.kind == "names":
                names = names_of(part)
            else:
                yield partial(_trouble, part), None
        return
    from cleaner.formats.web_page import article_of as article_of_record

    for part in unpacked(batch):
        if part.kind == "record":
            yield partial(article_of_record, part), part.offset
        else:
            yield partial(_trouble, part), None


def _trouble(part: Part) -> tuple[str, ...]:
    return tuple(part.value)


def _dumps(record: Mapping[str, Any]) -> bytes:
    """One line; both writers give the same bytes."""
    try:
        from orjson import dumps
    except ImportError:
        return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"
    return dumps(record) + b"\n"
