#!/usr/bin/env python3
"""What is found and what is left alone, on planted and on real repeats, at default settings.

    python benchmarks/quality.py [--seeds 1 2 3 11 12] [--per-category 200]

    planted    repeats planted by eval/plant.py, cleaned by the command, scored by eval/score.py
    pawsx      pairs of the same words with another meaning, each as an article of two paragraphs
    revisions  a passage before and after an edit, each as an article of two paragraphs
    thaigov    Thai government news in which blocks really repeat
    dump       a dump of 173 MB, cleaned by the command

The data is in the folder $CLEANER_SHARED, or in ``shared`` beside the repository. Writes
benchmarks/results/quality.json: figures, lists of what deserves a look, digests, versions, seconds, load.
Ends with 1 where a figure falls short of its target.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from planted_cases import SHOWN, Row, counted, rows

import cleaner
from cleaner.plan import clean_texts
from cleaner.settings import Settings
from cleaner.types import Difference, Outcome, Removal, Variant

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared"))
DATA, EVAL = SHARED / "data", SHARED / "eval"
RESULT = ROOT / "benchmarks" / "results" / "quality.json"

FLOOR = 0.995
"""Share of the planted repeats that must go, in each category."""
PACKAGES = ("article-cleaner", "rapidfuzz", "datasketch", "numba", "numpy")
FILES = ("articles", "pawsx", "revisions_peps", "revisions_gesetze", "natural_blocks_thaigov", "dump")


# -- planted repeats ---------------------------------------------------------------------------


def planted(arguments: argparse.Namespace) -> Row:
    seeds = {str(seed): one_seed(seed, arguments.per_category) for seed in arguments.seeds}
    categories: dict[str, Counter[str]] = {}
    for each in seeds.values():
        for category, row in each["categories"].items():
            categories.setdefault(category, Counter()).update(row)
    return {
        "per category": arguments.per_category,
        "seeds": {seed: each["categories"] for seed, each in seeds.items()},
        "categories": {name: dict(row) for name, row in categories.items()},
        "not as wanted": {seed: each["cases"] for seed, each in seeds.items()},
        "left, each": {seed: each["left"] for seed, each in seeds.items()},
    }


def one_seed(seed: int, per_category: int) -> Row:
    """Counts by category, and the cases that did not come out as wanted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = ["--seed", str(seed), "--per-category", str(per_category)]
        script(EVAL / "plant.py", str(DATA / "articles.jsonl.zst"), name, *size)
        clean(folder / "cases.jsonl", folder / "out")
        truth, cleaned = folder / "truth.jsonl", folder / "out" / "cases.jsonl"
        scored = script(EVAL / "score.py", str(truth), str(cleaned), "--json", "--show", "1000")
        categories: dict[str, dict[str, int]] = json.loads(scored.stdout)
        seen, left = counted(folder)
        for category, counts in seen.items():
            categories[category] |= counts
        categories["ALL"] |= sum(seen.values(), Counter[str]())
        return {"categories": categories, "cases": scored.stderr.splitlines(), "left": left}


# -- pairs of paragraphs -----------------------------------------------------------------------


def pawsx(_: argparse.Namespace) -> Row:
    pairs = [row for row in stored("pawsx") if row["label"] == 0]
    outcomes = as_articles(pairs)
    equal = [letters(pair["a"]) == letters(pair["b"]) for pair in pairs]
    removed = [
        shown(pair, outcome) | {"equal in letters and digits": same}
        for pair, outcome, same in zip(pairs, outcomes, equal, strict=True)
        if outcome.removed
    ]
    kept = [
        shown(pair, outcome)
        for pair, outcome, same in zip(pairs, outcomes, equal, strict=True)
        if same and not outcome.removed
    ]
    return {
        "pairs": len(pairs),
        "equal in letters and digits": sum(equal),
        "removed": len(removed),
        "removed though letters or digits differ": sum(not row["equal in letters and digits"] for row in removed),
        "reported": sum(state(outcome) == "reported" for outcome in outcomes),
        "removed, each": removed,
        "kept though letters and digits are equal, each": kept,
    }


def revisions(_: argparse.Namespace) -> Row:
    return {name: of_revisions(f"revisions_{name}") for name in ("peps", "gesetze")}


def of_revisions(name: str) -> Row:
    pairs = list(stored(name))
    outcomes = as_articles(pairs)
    kinds: dict[str, Counter[str]] = {}
    listed: dict[str, list[Row]] = {}
    for pair, outcome in zip(pairs, outcomes, strict=True):
        kind, result = pair["kind"], state(outcome)
        kinds.setdefault(kind, Counter()).update({"pairs": 1, result: 1})
        if result == "removed" or kind == "punct/case-only":
            listed.setdefault(f"{kind}, {result}", []).append(shown(pair, outcome))
    return {"kinds": {kind: dict(counts) for kind, counts in sorted(kinds.items())}, "listed": listed}


def as_articles(pairs: Iterable[Row]) -> list[Outcome]:
    return clean_texts([f"{pair['a']}\n\n{pair['b']}" for pair in pairs], Settings())


def state(outcome: Outcome) -> str:
    return "removed" if outcome.removed else "reported" if outcome.variants else "nothing"


def shown(pair: Row, outcome: Outcome) -> Row:
    """What a reader needs to judge a pair."""
    found: list[Removal | Variant] = [*outcome.removed, *outcome.variants]
    return {
        **{name: pair[name] for name in ("lang", "file") if name in pair},
        **{name: pair[name][:SHOWN] for name in "ab"},
        "rule": [each.rule for each in found],
        "differences": [spelled(difference) for each in found for difference in each.differences],
    }


def spelled(difference: Difference) -> str:
    return f"{difference.name} {difference.here!r} / {difference.witness!r}"


def letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


# -- natural texts -----------------------------------------------------------------------------


def thaigov(_: argparse.Namespace) -> Row:
    articles = list(stored("natural_blocks_thaigov"))
    outcomes = clean_texts([article["text"] for article in articles], Settings())
    repeats = [repeat for outcome in outcomes for repeat in repeats_of(outcome)]
    return {
        "articles": len(articles),
        "articles with a removal": sum(bool(outcome.removed) for outcome in outcomes),
        "articles with something reported only": sum(state(outcome) == "reported" for outcome in outcomes),
        "repeats removed": dict(Counter(repeats)),
        "spans removed": sum(len(outcome.removed) for outcome in outcomes),
        "reported": dict(Counter(variant.rule for outcome in outcomes for variant in outcome.variants)),
        "removed, each": [
            row for article, outcome in zip(articles, outcomes, strict=True) for row in places(article, outcome)
        ],
        "articles without a removal": [a["id"] for a, o in zip(articles, outcomes, strict=True) if not o.removed],
    }


def repeats_of(outcome: Outcome) -> list[str]:
    """The shape of each repeat; the spans of a block are one."""
    return [shape for _, shape in sorted({(removal.block, removal.shape) for removal in outcome.removed})]


def places(article: Row, outcome: Outcome) -> Iterator[Row]:
    for removal in outcome.removed:
        text = article["text"][removal.start : removal.end].strip()
        yield {
            "id": article["id"],
            "line": removal.line,
            "witness line": removal.witness.line,
            "shape": removal.shape,
            "rule": removal.rule,
            "characters": len(text),
            "text": text[: SHOWN // 2],
        }


def dump(_: argparse.Namespace) -> Row:
    sources = [row["source"] for row in stored("dump")]
    with tempfile.TemporaryDirectory() as name:
        clean(DATA / "dump.jsonl.zst", Path(name))
        log = Path(name) / "_cleaner"
        removals, variants = list(rows(log / "removals.jsonl")), list(rows(log / "variants.jsonl"))
        report: Row = json.loads((log / "report.json").read_text(encoding="utf-8"))
    repeats = {(row["record"], row["block"]): row["shape"] for row in removals}
    return {
        **{name: report[name] for name in ("articles", "changed", "paragraphs", "words", "removed_words", "capped")},
        "repeats removed": dict(Counter(repeats.values())),
        "spans removed by rule": dict(Counter(row["rule"] for row in removals).most_common()),
        "repeats removed by source": dict(Counter(sources[record - 1] for record, _ in repeats).most_common()),
        "articles by source": dict(Counter(sources).most_common()),
        "reported": len(variants),
        "reported by rule": dict(Counter(row["rule"] for row in variants).most_common()),
        "reported by source": dict(Counter(sources[row["record"] - 1] for row in variants).most_common()),
    }


# -- the run -----------------------------------------------------------------------------------


def clean(source: Path, out: Path) -> None:
    """By the public command."""
    command = [sys.executable, "-m", "cleaner", "clean", str(source), "-o", str(out), "--quiet"]
    subprocess.run(command, check=True)


def script(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", str(path), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True)


def stored(name: str) -> Iterator[Row]:
    import zstandard

    with zstandard.open(DATA / f"{name}.jsonl.zst", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def digest(*files: Path) -> str:
    """The first 16 digits of the SHA-256 of the files, one after the other."""
    value = hashlib.sha256()
    for file in files:
        value.update(file.read_bytes())
    return value.hexdigest()[:16]


def code_digest() -> str:
    """Of the package that is measured."""
    return digest(*sorted(Path(cleaner.__file__).parent.rglob("*.py")))


def shortfalls(result: Row) -> list[str]:
    """Each target that is missed, in words."""
    found = []
    for name, row in result["planted"]["categories"].items():
        if name != "ALL" and row.get("units") and row["removed"] < FLOOR * row["units"]:
            share = row["removed"] / row["units"]
            found.append(
                f"planted {name}: {row['removed']} of {row['units']} removed ({share:.2%}, at least {FLOOR:.1%})"
            )
        seeming = row.get("same value", 0) + row.get("doubled", 0)
        if name != "ALL" and (harm := row.get("lost", 0) + row.get("gone", 0) - seeming):
            found.append(f"planted {name}: {harm} lost or gone, none wanted")
    if wrong := result["pawsx"]["removed though letters or digits differ"]:
        found.append(f"PAWS-X: {wrong} pairs removed though letters or digits differ, none wanted")
    for name, each in result["revisions"].items():
        if wrong := each["kinds"]["numbers-only"].get("removed", 0):
            found.append(f"revisions of {name}: {wrong} removed where only numbers differ, none wanted")
    return found


def table(result: Row) -> Iterator[str]:
    yield f"{'planted':20}{'repeats':>9}{'removed':>10}{'missed':>8}{'lost':>6}{'must stay':>11}{'gone':>6}"
    for name, row in result["planted"]["categories"].items():
        units = row.get("units", 0)
        share = f"{row['removed'] / units:.2%}" if units else "-"
        numbers = f"{row.get('missed', 0):8}{row.get('lost', 0):6}{row.get('keeps', 0):11}{row.get('gone', 0):6}"
        note = "".join(f"  ({row[name]} {name})" for name in ("same value", "doubled") if row.get(name))
        yield f"{name:20}{units:9}{share:>10}{numbers}{note}"
    paws = result["pawsx"]
    yield f"PAWS-X: {paws['removed']} of {paws['pairs']} removed; {paws['equal in letters and digits']} are equal"
    for name, each in result["revisions"].items():
        for kind, counts in each["kinds"].items():
            yield f"revisions of {name}, {kind}: {counts}"
    thai, whole = result["thaigov"], result["dump"]
    yield f"thaigov: {thai['articles with a removal']} of {thai['articles']} articles, {thai['repeats removed']}"
    yield f"dump: {whole['repeats removed']}, {whole['reported']} reported {whole['reported by rule']}"
    yield from (f"SHORT OF ITS TARGET: {line}" for line in result["short of target"])


SECTIONS: dict[str, Callable[[argparse.Namespace], Row]] = {
    "planted": planted,
    "pawsx": pawsx,
    "revisions": revisions,
    "thaigov": thaigov,
    "dump": dump,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 11, 12])
    parser.add_argument("--per-category", type=int, default=200)
    arguments = parser.parse_args()
    files = [DATA / f"{name}.jsonl.zst" for name in FILES]
    if missing := [path.name for path in [*files, EVAL / "plant.py"] if not path.exists()]:
        print(f"quality skipped: no {', '.join(missing)}; give the folder with data and eval as CLEANER_SHARED")
        return 0
    result: Row = {}
    load, seconds, code = os.getloadavg()[0], {}, code_digest()
    for name, measure in SECTIONS.items():
        began = time.perf_counter()
        result[name] = measure(arguments)
        seconds[name] = round(time.perf_counter() - began, 1)
        print(f"{name}: {seconds[name]} s", file=sys.stderr)
    if code != code_digest():
        print("quality: the package was changed while it was measured; nothing is stored, run it again")
        return 1
    result["short of target"] = shortfalls(result)
    result |= {
        "date": time.strftime("%Y-%m-%d"),
        "seconds": seconds,
        "load average before and after": [round(load, 2), round(os.getloadavg()[0], 2)],
        "machine": {"cpus": os.cpu_count(), "architecture": platform.machine()},
        "versions": {"python": platform.python_version()}
        | {name: importlib.metadata.version(name) for name in PACKAGES},
        "digests": {path.name: digest(path) for path in [*files, EVAL / "plant.py", EVAL / "score.py"]}
        | {"the package": code},
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print("\n".join(table(result)))
    return 1 if result["short of target"] else 0


if __name__ == "__main__":
    sys.exit(main())
