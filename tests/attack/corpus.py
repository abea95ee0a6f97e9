"""Scope corpus over a part of a unit: files of articles, one of which cannot be read to its end."""

from __future__ import annotations

import gzip
import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from attack.checks import PARTING, UNRELATED, Failure, raised
from attack.formats import lines_of_json, written
from attack.oracle import says_all_of
from attack.unit import Broken, Input, Row, Unit, forced, rows_of, without
from cleaner.formats.restore import restore
from cleaner.job import JobOptions, run

FILES, EACH = 3, 80
FAILED = "0.jsonl.gz"
Place = tuple[str, int]


class Ran(NamedTuple):
    """Articles by file and number: as they were, as they are, and what went of them."""

    before: dict[Place, str]
    after: dict[Place, str]
    rows: dict[Place, list[Row]]


def corpus(unit: Unit, folder: Path) -> list[Broken]:
    """What a run across the first articles of a unit breaks."""
    articles = [each for each in unit.inputs[: FILES * EACH] if _can_be_written(each)]
    if unit.settings.level == "similar" or not articles:
        return []
    parts = [articles[n::FILES] for n in range(FILES)]
    try:
        with forced(unit.road):
            found = list(_failures(unit, folder, parts))
    except Exception as error:
        found = [_told(raised(error).detail)]
    seed = f"{articles[0].seed} and {len(articles) - 1} more as a corpus"
    return [Broken(seed, text, unit.chosen, failure) for text, failure in found]


Told = tuple[str, Failure]
"""A failure, and the two texts that it is about where there are some: what is kept, PARTING, what went."""


def _told(detail: str, text: str = "") -> Told:
    return text, Failure("corpus", detail)


def _can_be_written(each: Input) -> bool:
    """A record with half a character is left as it was, in any scope."""
    return not any("\ud800" <= c <= "\udfff" for c in each.text)


def _failures(unit: Unit, folder: Path, parts: Sequence[Sequence[Input]]) -> Iterator[Told]:
    texts = [[each.text for each in part] for part in parts]
    ran = _run(unit, folder, texts)
    yield from _restored(folder)
    if any(file == FAILED for file, _ in ran.rows) or (folder / "out" / FAILED).exists():
        yield _told("something was removed of a file that could not be read to its end")
    for place, rows in ran.rows.items():
        for row in rows:
            yield from _witness(unit, ran, place, row)
    yield from _among_unrelated(unit, folder, texts, ran)


def _run(unit: Unit, folder: Path, texts: Sequence[Sequence[str]], workers: int = 1) -> Ran:
    write, read, suffix = unit.form.write, unit.form.read, unit.form.suffix
    assert write is not None
    assert read is not None
    shutil.rmtree(folder, ignore_errors=True)
    source, out = folder / "in", folder / "out"
    whole = gzip.compress(lines_of_json(random.Random(0), [*texts[0], *texts[-1]]))
    written(source / FAILED, whole[: len(whole) * 9 // 10])
    names = [f"{n}{suffix}" for n in range(1, len(texts) + 1)]
    for name, part in zip(names, texts, strict=True):
        written(source / name, write(random.Random(name), part))
    result = run(JobOptions((str(source),), out, scope="corpus", workers=workers), unit.settings)
    wrong = [str(problem) for problem in result.problems if Path(problem.file).name != FAILED]
    if wrong:
        raise AssertionError(wrong[0])
    rows: dict[Place, list[Row]] = {}
    for row in rows_of(out / "_cleaner" / "removals.jsonl"):
        rows.setdefault((row["file"], row["record"]), []).append(row)
    articles = [
        {(name, n): text for name in names for n, text in enumerate(read((where / name).read_bytes()), 1)}
        for where in (source, out)
    ]
    return Ran(articles[0], articles[1], rows)


def _witness(unit: Unit, ran: Ran, place: Place, row: Row) -> Iterator[Told]:
    witness = row["witness"]
    there = (witness["file"], witness["record"])
    if there not in ran.before:
        yield _told(f"{place} goes for a witness that is in no output: {there}")
        return
    if there != place and (there < place) != (unit.settings.keep == "first"):
        yield _told(f"{place} goes for {there}, which is read after it")
    gone = [(each["start"], each["end"]) for each in ran.rows.get(there, [])]
    if ran.after[there] != without(ran.before[there], gone):
        yield _told(f"{there} is not the input without the spans of the log")
    text, start, end = ran.before[there], witness["start"], witness["end"]
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in gone if a < end and start < b]
    kept = without(text[start:end], inside)
    if not says_all_of(kept, row["text"]):
        detail = f"removed {row['text']!r} of {place}, kept {kept!r} in {there} (rule {row['rule']})"
        yield _told(detail, kept + PARTING + row["text"])


def _restored(folder: Path) -> Iterator[Told]:
    restore(folder / "out", folder / "back")
    for back in sorted((folder / "back").iterdir()):
        if back.read_bytes() != (folder / "in" / back.name).read_bytes():
            yield _told(f"restore gives another {back.name}")


def _among_unrelated(unit: Unit, folder: Path, texts: Sequence[Sequence[str]], ran: Ran) -> Iterator[Told]:
    """The same articles with others between that say nothing of theirs, by two processes: the same is left of each."""
    others = [[*part] for part in texts]
    for n, part in enumerate(others):
        for k in range(0, len(part), 9):
            part.insert(k, f"{UNRELATED} {n * 1000 + k}")
    again = _run(unit, folder, others, workers=2)
    left = [text for _, text in sorted(again.after.items()) if not text.startswith(UNRELATED)]
    if left != [text for _, text in sorted(ran.after.items())]:
        yield _told("with unrelated articles between, something else is left of the others")
