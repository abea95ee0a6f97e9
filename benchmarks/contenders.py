"""Who cleans the shards of the dump, by which commands: cleaner, a floor under all, and other tools."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from end_to_end import command_line
from processes import versions_in
from shards import Shards

HERE = Path(__file__).resolve().parent
CORES = 2
NOT_YET = "not there yet: this version of cleaner has no --scope corpus"
NOT_INSTALLED = "not installed; see benchmarks/README.md"
FLOOR = "floor: decompress, parse, compress"
SCOPES = {
    "cleaner, scope article": ["--scope", "article"],
    "cleaner, scope corpus, level copy": ["--scope", "corpus", "--level", "copy", "--lone", "remove"],
    "cleaner, scope corpus, level similar": ["--scope", "corpus", "--level", "similar"],
}
WARM = ", from a warm process"
SMALL = 1000  # records that a process cleans to become warm: several batches, so that workers are started too
NGRAMS = {"ngram_length": 8, "stride": 1, "overlap_threshold": 0.8}
RIVALS = ("polars", "rensa", "gaoya", "datatrove")


@dataclass(frozen=True, slots=True)
class Contender:
    """Commands by name, run one after the other.

    out     where the cleaned files are afterwards; None for what only finds pairs
    made    files and folders that a run leaves and the next must not find
    report  JSON with the seconds that it took by its own clock, once everything was started
    slow    runs once, and only if asked for
    skip    why it cannot run here
    """

    name: str
    commands: dict[str, list[str]]
    out: Path | None = None
    made: tuple[Path, ...] = ()
    report: Path | None = None
    slow: bool = False
    skip: str = ""

    def clear(self) -> None:
        for path in self.made:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


class Pythons(NamedTuple):
    """Of the environments of other tools; see the Makefile."""

    rivals: Path
    dolma: Path


def all_of(folder: Path, shards: Shards, pythons: Pythons) -> list[Contender]:
    files = list(map(str, shards.files))
    found = [of_floor(folder, files), *of_cleaner(folder, shards)]
    return [*found, *of_dolma(folder, shards, pythons.dolma), *of_rivals(folder, files, pythons.rivals)]


def of_floor(folder: Path, files: list[str]) -> Contender:
    out, report = folder / "floor", folder / "floor.json"
    command = [sys.executable, str(HERE / "floor.py"), str(report), str(out), *files]
    return Contender(FLOOR, {"all": command}, out, (out, report), report)


# -- cleaner -----------------------------------------------------------------------------------


def of_cleaner(folder: Path, shards: Shards) -> Iterator[Contender]:
    files, small = list(map(str, shards.files)), folder / "small.jsonl"
    small.write_bytes(b"".join(first_lines(shards.files[0], SMALL)))
    there = has_corpus(folder)
    for at, (name, scope) in enumerate(SCOPES.items()):
        skip = NOT_YET if "corpus" in scope and not there else ""
        flags = [*scope, "--workers", str(CORES)]
        out, warm = folder / f"cleaner-{at}", folder / f"cleaner-{at}-warm"
        command = [*command_line(), "clean", *files, "-o", str(out), *flags]
        yield Contender(name, {"all": command}, out, (out,), report_of(out), skip=skip)
        command = [sys.executable, str(HERE / "warm.py"), str(small), str(warm), *flags, "--", *files]
        made = (warm, warm.with_name(f"{warm.name}-small"))
        yield Contender(name + WARM, {"all": command}, warm, made, report_of(warm), skip=skip)


def report_of(out: Path) -> Path:
    return out / "_cleaner" / "report.json"


def first_lines(file: Path, number: int) -> Iterator[bytes]:
    from isal import igzip

    with igzip.open(file, "rb") as lines:
        for _, line in zip(range(number), lines, strict=False):
            yield line


def has_corpus(folder: Path) -> bool:
    """Whether the command knows --scope corpus, tried on a file of one record."""
    file, out = folder / "one.jsonl", folder / "one"
    file.write_text('{"id": "1", "text": "One."}\n', encoding="utf-8")
    command = [*command_line(), "clean", str(file), "-o", str(out), "--scope", "corpus"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


# -- other tools -------------------------------------------------------------------------------


def of_dolma(folder: Path, shards: Shards, python: Path) -> Iterator[Contender]:
    """Tags paragraphs that its Bloom filter has seen, then writes the documents without them.

    Paragraphs are lines. One output a shard, so that both threads have work: by its default of 2 GB an output
    ``mix`` would run in one thread and take nearly twice as long.
    """
    exact = {"attribute_name": "again"}
    yield dolma("dolma, exact paragraphs", folder, shards, python, exact, (shards.lines, 1e-6))
    contained = exact | {"by_ngram": NGRAMS}
    yield dolma("dolma, by n-gram", folder, shards, python, contained, (shards.words, 1e-4))


def dolma(
    name: str, folder: Path, shards: Shards, python: Path, paragraphs: dict[str, object], bloom: tuple[int, float]
) -> Contender:
    """``bloom``: how many things its filter will see, and the share of false alarms to plan for."""
    command, key = python.with_name("dolma"), "ngram" if "by_ngram" in paragraphs else "exact"
    if not command.exists():
        return Contender(name, {}, skip=NOT_INSTALLED)
    documents, out = [str(shards.files[0].parent / "*.gz")], folder / f"dolma-{key}"
    seen, work = folder / f"{key}.bloom", folder / f"{key}-work"
    dedupe = {
        "documents": documents,
        "dedupe": {"name": key, "paragraphs": paragraphs, "skip_empty": True},
        "bloom_filter": {
            "file": str(seen),
            "read_only": False,
            "estimated_doc_count": bloom[0],
            "desired_false_positive_rate": bloom[1],
        },
        "processes": CORES,
    }
    stream = {
        "name": "cleaned",
        "documents": documents,
        "attributes": [key],
        "output": {"path": str(out), "max_size_in_bytes": 1},
        "span_replacement": [{"span": "$.attributes.again", "min_score": 0.5, "replacement": ""}],
    }
    mix = {"streams": [stream], "processes": CORES, "work_dir": {"input": f"{work}/in", "output": f"{work}/out"}}
    attributes = shards.files[0].parent.with_name("attributes") / key
    commands = {}
    for verb, config in (("dedupe", dedupe), ("mix", mix)):
        file = folder / f"{key}-{verb}.json"
        file.write_text(json.dumps(config), encoding="utf-8")
        commands[verb] = [str(command), "-c", str(file), verb]
    return Contender(name, commands, out, (out, seen, work, attributes))


def of_rivals(folder: Path, files: list[str], python: Path) -> Iterator[Contender]:
    """Scripts of their own, in an environment of their own; what finds pairs only writes nothing."""
    have = versions_in(python, RIVALS)

    def script(name: str, package: str, arguments: list[str], out: Path | None, slow: bool) -> Contender:
        if package not in have:
            return Contender(name, {}, slow=slow, skip=NOT_INSTALLED)
        made = () if out is None else (out, out.with_name(f"{out.name}-work"))
        return Contender(name, {"all": [str(python), *arguments, *files]}, out, made, slow=slow)

    rivals, plain, tuned, trove = HERE / "rivals", *(folder / name for name in ("plain", "tuned", "datatrove"))
    paragraphs = str(rivals / "polars_paragraphs.py")
    yield script("polars, as first written", "polars", [paragraphs, "--plain", str(plain)], plain, False)
    yield script("polars, tuned", "polars", [paragraphs, str(tuned)], tuned, False)
    for name in ("rensa", "gaoya"):
        yield script(f"{name}, candidate pairs only", name, [str(rivals / f"{name}_pairs.py")], None, True)
    minhash = [str(rivals / "datatrove_articles.py"), str(trove), str(CORES)]
    yield script("datatrove, MinHash of articles", "datatrove", minhash, trove, True)
