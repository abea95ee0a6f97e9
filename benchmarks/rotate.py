#!/usr/bin/env python3
"""A larger dump from one: copies that keep its structure and do not meet, or copies in which few words differ.

    python benchmarks/rotate.py DUMP OUT [--copies 10] [--altered 0.01] [--files 4] [--workers 2]

Writes OUT/copy-0-part-0.jsonl.gz ...: copy 0 is the dump as it is; in copy k every id ends in ~k.

    default     every letter goes k places on in its alphabet, round and round: lengths in letters and bytes, case,
                figures and signs stay, so that a copy repeats in itself what the dump repeats, and nothing of others
    --altered   instead, that share of the words of each article is replaced by other words of it, from a fixed seed

Alphabets: Latin (with accents: rotated among themselves), Greek, Cyrillic, Armenian, Hebrew, Arabic, Devanagari,
Thai, kana, Hangul, Chinese characters. A letter whose other case is another number of letters (ß, ŉ) stays.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

from shards import SHARDS, parts, read_lines, write_lines

CASED = ((0x61, 0x7A), (0xE0, 0xFF), (0x100, 0x17F), (0x3AC, 0x3CE), (0x430, 0x4FF), (0x561, 0x586))
"""First and last of lower-case letters; each range of one length in UTF-8. Their capitals move with them."""

UNCASED = (
    (0x5D0, 0x5EA), (0x627, 0x63A), (0x641, 0x64A), (0x915, 0x939), (0xE01, 0xE2E),
    (0x3041, 0x3096), (0x30A1, 0x30FA), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3),
)  # fmt: skip
WORD = re.compile(r"\b[^\W\d_]{3,}\b")

Change = Callable[[str, int], str]
"""From the text of a record and its number to its text in the copy."""


@cache
def table(by: int) -> dict[int, int]:
    """For str.translate; what is no letter is given too, up to the end of Cyrillic: a miss costs more than a hit."""
    found = {point: point for point in range(0x530)}
    for letters in map(cased, CASED):
        capitals = [letter.upper() for letter in letters]
        found |= turned(letters, by) | turned(capitals, by)
    for first, last in UNCASED:
        found |= turned(list(map(chr, range(first, last + 1))), by)
    return found


def cased(ends: tuple[int, int]) -> list[str]:
    """The letters between that have one capital, which has one small letter: them."""
    between = map(chr, range(ends[0], ends[1] + 1))
    return [one for one in between if one.upper() != one and one.upper().lower() == one and same_length(one)]


def same_length(letter: str) -> bool:
    return len(letter.encode()) == len(letter.upper().encode())


def turned(letters: list[str], by: int) -> dict[int, int]:
    return {ord(one): ord(letters[(at + by) % len(letters)]) for at, one in enumerate(letters)}


def rotated(text: str, _record: int, by: int) -> str:
    return text.translate(table(by))


def altered(text: str, record: int, copy: int, share: float) -> str:
    """With ``share`` of its words, at least one in the mean, replaced by others of it."""
    chance = random.Random(record * 1000 + copy)
    number = int(len(text.split()) * share + chance.random())
    spots = sorted({at.start(): at for at in found_words(text, number, chance)}.values(), key=lambda at: at.start())
    pieces, end = [], 0
    for spot, other in zip(spots, found_words(text, len(spots), chance), strict=False):
        pieces += [text[end : spot.start()], other[0]]
        end = spot.end()
    return "".join([*pieces, text[end:]])


def found_words(text: str, number: int, chance: random.Random) -> Iterator[re.Match[str]]:
    """So many words from places drawn at random; fewer where a place has none behind it."""
    for _ in range(number):
        if match := WORD.search(text, chance.randrange(len(text))):
            yield match


def write_copy(copy: int, dump: Path, out: Path, files: int, share: float | None) -> None:
    """One copy of the dump, as ``files`` shards."""
    import orjson

    lines = read_lines(dump)
    if copy:
        change: Change = partial(rotated, by=copy) if share is None else partial(altered, copy=copy, share=share)
        for at, line in enumerate(lines):
            record = orjson.loads(line)
            changed = record | {"id": f"{record['id']}~{copy}", "text": change(record["text"], at)}
            lines[at] = orjson.dumps(changed) + b"\n"
    for number, part in enumerate(parts(lines, files)):
        write_lines(out / f"copy-{copy}-part-{number}.jsonl.gz", part)


def write_copies(
    dump: Path, out: Path, copies: int, share: float | None = None, files: int = SHARDS, workers: int = 2
) -> list[Path]:
    """All copies; the files in the order in which they are to be read."""
    out.mkdir(parents=True, exist_ok=True)
    write = partial(write_copy, dump=dump, out=out, files=files, share=share)
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        pool.map(write, range(copies), chunksize=1)
    return [out / f"copy-{copy}-part-{number}.jsonl.gz" for copy in range(copies) for number in range(files)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dump", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--copies", type=int, default=10)
    parser.add_argument("--altered", type=float, metavar="SHARE", help="of the words; no letter is rotated then")
    parser.add_argument("--files", type=int, default=SHARDS, help="of each copy")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    write_copies(given.dump, given.out, given.copies, given.altered, given.files, given.workers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
