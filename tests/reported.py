"""What tests of reports need: runs of the command, the rows of their logs, and what a page holds, without a browser."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared"))
SEED = ROOT / "samples" / "putin-trump.fr.txt"

BRIDGE = "The bridge over the river will be closed for twelve weeks while engineers check it for damage."
LATER = BRIDGE.replace("twelve", "fifteen")
FERRY = "The ferry takes no cars, and its last boat leaves the northern bank at seven in the evening."
SCHOOL = "Schools on both banks open an hour later, as the mayor told parents on Tuesday at the town hall."
TWICE = f"News\n\n{BRIDGE}\n\n{FERRY}\n\n{BRIDGE}\n"
VARIED = f"News\n\n{BRIDGE}\n\n{FERRY}\n\n{SCHOOL}\n\n{LATER}\n"

Row = dict[str, Any]

CLEANER = [sys.executable, str(ROOT / "tests" / "still.py")]
"""The command, in a process of its own; the environment must have the package on ``PYTHONPATH``."""


def cleaner(*arguments: str | Path, cwd: Path = ROOT, code: int | None = 0) -> subprocess.CompletedProcess[str]:
    """Run the command; it must end with ``code`` (None: any)."""
    command = [*CLEANER, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, cwd=cwd, env=environment)
    told = subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    )
    assert code is None or done.returncode == code, f"{done.returncode}: {told.stdout}{told.stderr}"
    return told


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))


def ran(folder: Path, files: dict[str, str | bytes], *options: str, code: int | None = 0) -> Path:
    """Write the files into a folder, clean them by name from there; the output folder, ``folder/out``."""
    write(folder, files)
    cleaner("clean", *files, "-o", "out", "--quiet", *options, cwd=folder, code=code)
    return folder / "out"


def jsonl(*records: Row) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def log(out: Path, name: str) -> list[Row]:
    """Rows of ``removals``, ``variants``, ``cases`` or ``files``."""
    path = out / "_cleaner" / f"{name}.jsonl"
    lines = path.read_bytes().splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def facts(out: Path) -> Row:
    read: Row = json.loads((out / "_cleaner" / "report.json").read_bytes())
    return read


def page_of(out: Path) -> Path:
    return out / "_cleaner" / "report.html"


def blocks(rows: Iterable[Row]) -> list[list[Row]]:
    """Rows of removals that went as one, in the order of the log."""
    found: dict[Any, list[Row]] = {}
    for row in rows:
        found.setdefault((row.get("archive"), row["file"], row.get("run"), row["record"], row["block"]), []).append(row)
    return list(found.values())


def data_of(page: Path | str) -> Row:
    """What the script of a page reads."""
    text = page.read_text(encoding="utf-8") if isinstance(page, Path) else page
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    data: Row = json.loads(found)
    return data


def tiles_of(page: Path | str) -> dict[str, int]:
    """The first figures, by the name that report.json has for them."""
    text = page.read_text(encoding="utf-8") if isinstance(page, Path) else page
    return {name: int(value.replace(",", "")) for name, value in re.findall(r'data-figure="(\w+)">([\d,]+)<', text)}


def charts_of(page: Path | str) -> dict[str, dict[str, str]]:
    """What a reader who sees no charts is told of them: by title, names and values."""
    text = page.read_text(encoding="utf-8") if isinstance(page, Path) else page
    found: dict[str, dict[str, str]] = {}
    for figure in re.findall(r'<figure class="chart">(.*?)</figure>', text, re.DOTALL):
        title = html.unescape(re.search(r"<strong>(.*?)</strong>", figure)[1])  # type: ignore[index]
        labels = [html.unescape(each) for each in re.findall(r'aria-label="(.*?)"', figure, re.DOTALL)]
        found[title] = dict(each.rsplit(": ", 1) if title not in WITH_SHARES else split(each) for each in labels)
    return found


WITH_SHARES = ("Removed, by language or script", "Removed, by file or folder", "Removed, by source")


def split(label: str) -> tuple[str, str]:
    """``de: 41 of 141: 29%`` is told of ``de``."""
    name, value = re.fullmatch(r"(.*?): ([\d,]+ (?:of [\d,]+: [\d.]+%|words))", label, re.DOTALL).groups()  # type: ignore[union-attr]
    return name, value


def said(page: Path | str) -> str:
    """The words of a page without its script, its style and its data."""
    text = page.read_text(encoding="utf-8") if isinstance(page, Path) else page
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def amount(told: str) -> tuple[int, int]:
    if found := re.fullmatch(r"([\d,]+) repeats?, ([\d,]+) words", told):
        repeats, words = found.groups()
    else:
        words, repeats = re.fullmatch(r"([\d,]+) words in ([\d,]+)", told).groups()  # type: ignore[union-attr]
    return int(words.replace(",", "")), int(repeats.replace(",", ""))


def exact(out: Path, html: str | None = None) -> None:
    """Assert that the figures of the page are those of report.json, and of the rows of the log."""
    html = page_of(out).read_text(encoding="utf-8") if html is None else html
    report, rows, variants = facts(out), log(out, "removals"), log(out, "variants")
    repeats, tiles, charts, data = blocks(rows), tiles_of(html), charts_of(html), data_of(html)
    looks = Counter(reason for each in repeats for reason in {name for row in each for name in row["look"]})
    look = sum(any(row["look"] for row in each) for each in repeats)
    assert tiles == {
        "words": report["words"],
        "left": report["words"] - report["removed_words"],
        "removed_words": sum(row["words"] for row in rows),
        "repeats": len(repeats),
        "variants": len(variants),
        "look": look,
        "flagged": report["flagged"],
        "skipped": report["failed"] + sum(report["skipped"].values()),
    }
    assert (report["removed_words"], sum(report["removed"].values())) == (tiles["removed_words"], len(repeats))
    assert (report["removed_spans"], report["variants"]) == (len(rows), len(variants))
    assert data["totals"] == {"removal": len(repeats), "variant": len(variants), "look": look}
    shapes = Counter[str]()
    for each in repeats:
        level = next(name for name in ("similar", "copy", "exact") if name in {row["level"] for row in each})
        shapes[f"{each[0]['shape']}, {level}"] += 1
    told = {name: amount(value) for name, value in charts.get("Removed, by shape and level", {}).items()}
    assert {name: repeats for name, (_, repeats) in told.items()} == shapes
    assert sum(words for words, _ in told.values()) == tiles["removed_words"]
    assert sum(value[1] for value in map(amount, charts.get("Removed, but look: why", {}).values())) == sum(
        looks.values()
    )
    rules = {
        name: int(value.replace(",", ""))
        for name, value in charts.get("Variants, by the rule that keeps them", {}).items()
    }
    assert rules == Counter(row["rule"] for row in variants)
    for title, found in (("Removed spans, by similarity", rows), ("Variants, by similarity", variants)):
        if title in charts:
            assert sum(int(value.replace(",", "")) for value in charts[title].values()) == len(found)
    if "Changed articles, by the share that went" in charts:
        assert sum(map(int, charts["Changed articles, by the share that went"].values())) == report["changed"]
