"""A run over a thousand articles of one format, held against what is true of each of them alone."""

from __future__ import annotations

import json
import random
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from attack.checks import Checks, Failure, Seen, places, raised, seen_alone
from attack.formats import FORMATS, Format, Name, encoded, written
from cleaner import plan
from cleaner.errors import RestoreError
from cleaner.formats.restore import Only, restore
from cleaner.job import JobOptions, run
from cleaner.report.counts import RunResult
from cleaner.settings import Settings

Road = Literal["python", "kernels"]
Row = dict[str, Any]
SETTINGS: list[dict[str, Any]] = [
    *({}, {}, {}, {"keep": "last"}, {"level": "exact"}, {"max_gap": 0}),
    *({"min_words": 6}, {"min_words": 3}, {"level": "similar"}),
]


class Input(NamedTuple):
    """An article of the campaign: ``seed`` makes it again."""

    seed: str
    text: str


class Broken(NamedTuple):
    """A promise that was broken by an input (or by a whole file: ``text`` is empty then)."""

    seed: str
    text: str
    settings: dict[str, Any]
    failure: Failure


@dataclass
class Result:
    """What a unit came to. ``changed`` counts inputs of which something went."""

    format: Name
    road: Road
    inputs: int = 0
    changed: int = 0
    broken: list[Broken] = field(default_factory=list)


def made(form: Format, seed: str) -> Input:
    return Input(seed, form.make(random.Random(seed), form.made))


@contextmanager
def forced(road: Road) -> Iterator[None]:
    """``cleaner.plan`` takes this road whatever the size: it decides by one number."""
    before = plan.KERNEL_CHARACTERS
    plan.KERNEL_CHARACTERS = 0 if road == "kernels" else sys.maxsize
    try:
        yield
    finally:
        plan.KERNEL_CHARACTERS = before


class Unit:
    """``count`` inputs from number ``first`` on, by one road; ``deep`` adds what is asked of a sample only."""

    def __init__(self, name: Name, road: Road, seed: int, first: int, count: int, folder: Path, *, deep: bool) -> None:
        self.form, self.road, self.folder, self.deep = FORMATS[name], road, folder, deep
        self.inputs = [made(self.form, f"{seed}:{name}:{n}") for n in range(first, first + count)]
        self.rng = random.Random(f"{seed}:{name}:{first}:file")
        self.chosen = SETTINGS[first // count % len(SETTINGS)]
        self.settings = Settings.of(self.chosen)
        self.result = Result(name, road)
        self.seen: dict[str, Seen] = {}

    def go(self, check: Checks = seen_alone) -> Result:
        self._alone(check)
        whole = [each for each in self.inputs if self.seen[each.seed].outcome is not None]
        if self.form.write is None:  # no file can hold half a character, but a program may give one
            self._given([each for each in whole if _lone_surrogate(each.text)])
            whole = [each for each in whole if not _lone_surrogate(each.text)]
        shutil.rmtree(self.folder, ignore_errors=True)
        with forced(self.road):
            if whole and not self._file(whole):
                parts = list(self._parted(whole))
                if len(parts) > 1:
                    self._file([each for part in parts for each in part])
        shutil.rmtree(self.folder, ignore_errors=True)
        return self.result

    def _break(self, each: Input, failure: Failure) -> None:
        self.result.broken.append(Broken(each.seed, each.text, self.chosen, failure))

    def _break_whole(self, promise: str, detail: str) -> None:
        seed = f"{self.inputs[0].seed} and {len(self.inputs) - 1} more"
        self.result.broken.append(Broken(seed, "", self.chosen, Failure(promise, detail)))

    def _alone(self, check: Checks) -> None:
        for n, each in enumerate(self.inputs):
            seen = check(each.text, self.form.text_format, self.settings, appended=n % 8 == 0)
            self.seen[each.seed] = seen
            self.result.inputs += 1
            self.result.changed += bool(seen.outcome is not None and seen.outcome.removed)
            for failure in {failure.promise: failure for failure in seen.failures}.values():
                self._break(each, failure)

    def _given(self, inputs: Sequence[Input]) -> None:
        """Texts that only a program can give, by this road: the same outcome, and nothing raised."""
        with forced(self.road):
            for each in inputs:
                try:
                    outcome = plan.clean_texts([each.text], self.settings, self.form.text_format)[0]
                except Exception as error:
                    self._break(each, raised(error))
                    continue
                if outcome != self.seen[each.seed].outcome:
                    self._break(each, Failure("alike", f"another outcome by {self.road} than in plain Python"))

    def _parted(self, inputs: Sequence[Input]) -> Iterator[Sequence[Input]]:
        """Where a run raises: its inputs without those at fault, which are found by halves."""
        try:
            plan.clean_texts([each.text for each in inputs], self.settings, self.form.text_format)
        except Exception as error:
            if len(inputs) == 1:
                self._break(inputs[0], raised(error))
                return
            half = len(inputs) // 2
            yield from self._parted(inputs[:half])
            yield from self._parted(inputs[half:])
        else:
            yield inputs

    # --- one run --------------------------------------------------------------------------------

    def _file(self, inputs: Sequence[Input]) -> bool:
        """One run over these; False where it raised."""
        source = self.folder / "in"
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.form.write is None:
            files = [f"{n:04}{self.form.suffix}" for n in range(len(inputs))]
            for name, each in zip(files, inputs, strict=True):
                written(source / name, encoded(self.rng, each.text))
        else:
            files = [f"all{self.form.suffix}"]
            written(source / files[0], self.form.write(self.rng, [each.text for each in inputs]))
        out = self.folder / "out"
        result = self._run(source, out)
        if result is None:
            return False
        left = {(Path(problem.file).name, problem.line) for problem in result.problems}
        rows = rows_of(out / "_cleaner" / "removals.jsonl")
        entries = rows_of(out / "_cleaner" / "files.jsonl")
        if self.form.write is None:
            self._compare_files(inputs, files, source, out, rows, entries, left)
        else:
            self._compare_records(inputs, source / files[0], out / files[0], rows, left)
        self._restored(files, source, out)
        if self.deep:
            self._again(files, out)
            self._by_two(files, source, out)
            self._one_restored(files, source, out, rows)
        return True

    def _run(self, source: Path, out: Path, workers: int = 1) -> RunResult | None:
        options = JobOptions((str(source),), out, workers=workers, max_removed=None)
        try:
            result = run(options, self.settings)
        except Exception as error:
            self._break_whole(*raised(error))
            return None
        for problem in result.problems:
            if problem.reason not in NO_ARTICLE:
                self._break_whole("raises", f"not cleaned: {problem}")
        return result

    def _compare_files(
        self,
        inputs: Sequence[Input],
        files: Sequence[str],
        source: Path,
        out: Path,
        rows: list[Row],
        entries: list[Row],
        left: set[tuple[str, int | None]],
    ) -> None:
        by_file: dict[str, list[Row]] = {}
        for row in rows:
            by_file.setdefault(row["file"], []).append(row)
        encodings = {entry["file"]: (entry["encoding"], bytes.fromhex(entry["bom"])) for entry in entries}
        for name, each in zip(files, inputs, strict=True):
            data, mine = (source / name).read_bytes(), by_file.get(name, [])
            if (out / name).read_bytes() != without(data, [(row["byte_start"], row["byte_end"]) for row in mine]):
                self._break(each, Failure("bytes", f"{name}: the file is not the input without the bytes of the log"))
            encoding, mark = encodings.get(name, ("", b""))
            if (
                (name, None) not in left
                and encoding
                and data.startswith(mark)
                and data[len(mark) :].decode(encoding, "replace") == each.text
            ):
                self._alike(each, mine)

    def _compare_records(
        self, inputs: Sequence[Input], before: Path, after: Path, rows: list[Row], left: set[tuple[str, int | None]]
    ) -> None:
        by_record: dict[int, list[Row]] = {}
        for row in rows:
            by_record.setdefault(row["record"], []).append(row)
        read = self.form.read
        assert read is not None
        old, new = read(before.read_bytes()), read(after.read_bytes())
        if len(old) != len(inputs) or len(new) != len(inputs):
            self._break_whole("bytes", f"{len(inputs)} records in, {len(new)} out")
            return
        for number, (each, was, became) in enumerate(zip(inputs, old, new, strict=True), 1):
            mine = by_record.get(number, [])
            if became != without(was, [(row["start"], row["end"]) for row in mine]):
                self._break(each, Failure("bytes", "the record is not the input without the spans of the log"))
            if not _lone_surrogate(each.text):
                self._alike(each, mine)
            elif became != was or not left:
                self._break(each, Failure("log", "a record with half a character is not left as it was, or not told"))

    def _alike(self, each: Input, rows: list[Row]) -> None:
        """The run among others, by this road, says of the article what it says alone in plain Python."""
        outcome = self.seen[each.seed].outcome
        assert outcome is not None
        alone = [place[:7] for place in places(outcome)]
        names = ("start", "end", "level", "rule", "shape")
        here = [tuple(row[name] for name in names) for row in rows]
        there = [(row["witness"]["start"], row["witness"]["end"]) for row in rows]
        among = [(a, b, *witness, *rest) for (a, b, *rest), witness in zip(here, there, strict=True)]
        if among != alone:
            less, more = Counter(alone) - Counter(among), Counter(among) - Counter(alone)
            self._break(each, Failure("alike", f"alone {list(less)[:2]}, among others by {self.road} {list(more)[:2]}"))
        for row in rows:
            if "text" in row and row["text"] != each.text[row["start"] : row["end"]]:
                self._break(each, Failure("log", f"the row has another text than stands at {row['start']}"))

    def _restored(self, files: Sequence[str], source: Path, out: Path) -> None:
        back = self.folder / "back"
        try:
            restore(out, back)
        except Exception as error:
            self._break_whole("restore", raised(error).detail)
            return
        for name in files:
            there = back / name
            if there.exists() and there.read_bytes() != (source / name).read_bytes():
                self._break_whole("restore", f"{name} is not what it was")

    def _one_restored(self, files: Sequence[str], source: Path, out: Path, rows: list[Row]) -> None:
        for row in rows[:: max(1, len(rows) // 5)]:
            only, back = Only(row["file"], record=row["record"]), self.folder / "one"
            try:
                restore(out, back, only)
            except RestoreError as error:
                self._break_whole("restore", f"{only}: {error}")
                continue
            data = (source / row["file"]).read_bytes()
            got = (back / row["file"]).read_bytes()
            whole = row["record"] is None
            if (got != data) if whole else (got.strip(b"\r\n") not in data):
                self._break_whole("restore", f"{only} is not what it was")

    def _again(self, files: Sequence[str], out: Path) -> None:
        """A second run over the outputs leaves their bytes, but where it is said alone that it does not."""
        if self.settings.level == "similar":
            return
        known = {broken.seed for broken in self.result.broken if broken.failure.promise == "twice"}
        result = self._run_again(out)
        if result is None or known:
            return
        changed = [name for name in files if (self.folder / "again" / name).read_bytes() != (out / name).read_bytes()]
        if changed and not any(seen.outcome and seen.outcome.counts.capped for seen in self.seen.values()):
            self._break_whole("twice", f"a second run changes {', '.join(changed[:3])}")

    def _run_again(self, out: Path) -> RunResult | None:
        shutil.copytree(out, self.folder / "first", ignore=shutil.ignore_patterns("_cleaner"))
        return self._run(self.folder / "first", self.folder / "again")

    def _by_two(self, files: Sequence[str], source: Path, out: Path) -> None:
        other = self.folder / "two"
        if self._run(source, other, workers=2) is None:
            return
        for name in [*files, "_cleaner/removals.jsonl", "_cleaner/variants.jsonl"]:
            if (other / name).read_bytes() != (out / name).read_bytes():
                self._break_whole("alike", f"two processes write another {name} than one")


NO_ARTICLE = {"not text", "undecodable", "not round-tripping", "lone surrogate"}
"""What is left as it was, told and counted: null bytes, encodings that cannot be told, half characters."""


def _lone_surrogate(text: str) -> bool:
    return any("\ud800" <= c <= "\udfff" for c in text)


def rows_of(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def without(data: Any, spans: Sequence[tuple[int, int]]) -> Any:
    """``data`` (bytes or text) without ``spans``, sorted and apart."""
    at, pieces = 0, []
    for start, end in spans:
        pieces.append(data[at:start])
        at = end
    return type(data)().join([*pieces, data[at:]])


Progress = Callable[[Result], None]
