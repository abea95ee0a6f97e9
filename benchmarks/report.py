#!/usr/bin/env python3
"""What report.html costs a run, how large it is, and how long people wait for it in a browser.

    python benchmarks/report.py [--rounds 3] [--only NAME...]

    one article         the seed sample
    1,000 articles      as many files, all of them the seed sample
    dump, scope ...     the dump of 173 MB at scope article and at scope corpus, with --source-field source

In every round each input is cleaned twice, in turn, forwards and backwards: as people do, and without noting cases
(nothing is ranked, no row of cases.jsonl is made; what counts and filters need stands in the log all the same). What
noting costs is a ratio of processor seconds, those of making the page left out of both: a page without cases is made
faster. Then the page is made again from the log, in a process of its own, imports included, so often as there are
rounds. Before the rounds everything ran once: bytecode, kernels and files are in the caches.

Opening (report_browser.py) needs Chromium and selenium; `make browser` says how to get them. Without them, and without
the dump, what needs them is named and left out. Writes benchmarks/results/report.json, except with --only. Ends with 1
where a figure falls short of its target.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import report_browser
from end_to_end import DUMP, SEED, Run, keep_bytecode, output
from processes import Conditions, close, middle, run, say, stay_on

CORES = 2
ARTICLES = 1000
ROADS = ("noted", "not noted")
SHARE, SECONDS = 0.05, 1.0
"""Making the page takes at most this share of the run's clock, or so many seconds where that is more."""
MEGABYTES = 15.0
OPENED = 2.0
"""Seconds from navigation to the first drawn case, and to the end of the load event."""
DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)


class Input(NamedTuple):
    """What is cleaned, by its flags, into ``out``."""

    name: str
    source: Path
    flags: list[str]
    out: Path


def inputs(folder: Path) -> tuple[list[Input], dict[str, str]]:
    """All inputs, and those that are not there."""
    many, skipped = folder / "articles", {}
    many.mkdir()
    for number in range(ARTICLES):
        (many / f"{number:04}.fr.txt").write_bytes(SEED.read_bytes())
    named: list[tuple[str, Path, list[str]]] = [("one article", SEED, []), (f"{ARTICLES:,} articles", many, [])]
    for scope in ("article", "corpus"):
        name = f"dump, scope {scope}"
        if DUMP.exists():
            named.append((name, DUMP, ["--scope", scope, "--source-field", "source"]))
        else:
            skipped[name] = f"no {DUMP.name}; give the folder with data as CLEANER_SHARED"
    return [Input(*each, folder / f"out-{at}") for at, each in enumerate(named)], skipped


# -- runs --------------------------------------------------------------------------------------


class Cleaned(NamedTuple):
    """A run, and of it what making the page took: seconds by the clock and of the processor."""

    run: Run
    page: float
    page_processor: float

    @property
    def processor(self) -> float:
        """Processor seconds of all its processes, those of making the page left out."""
        return self.run.user + self.run.system - self.page_processor


def cleaned(each: Input, road: str) -> Cleaned:
    """One run. Raises CommandFailed."""
    out = each.out if road == "noted" else each.out.with_name(f"{each.out.name}-bare")
    told = each.out.with_suffix(".json")
    shutil.rmtree(out, ignore_errors=True)
    clean = ["clean", str(each.source), "-o", str(out), *each.flags]
    done, _ = run([sys.executable, __file__, "--as-run", road, str(told), *clean])
    page = json.loads(told.read_text(encoding="utf-8"))
    return Cleaned(done, page["seconds"], page["processor"])


def as_run(road: str, told: str, arguments: list[str]) -> int:
    """Runs in a process of its own: the command, with a clock around the page, and with cases or without."""
    from cleaner.cli.app import app
    from cleaner.job_end import End

    if road != "noted":
        note_no_cases()
    write = End._write_page

    def timed(self: Any, folder: Path) -> None:
        wall, processor = time.perf_counter(), time.process_time()
        write(self, folder)
        found = {"seconds": time.perf_counter() - wall, "processor": time.process_time() - processor}
        Path(told).write_text(json.dumps(found), encoding="utf-8")

    End._write_page = timed  # type: ignore[method-assign]
    return int(app(arguments, prog_name="cleaner", standalone_mode=False) or 0)


def note_no_cases() -> None:
    """From now on rows say what counts and filters need, but nothing is ranked and no case is kept."""
    from cleaner.formats import article, cases, records

    describe = cases.describe

    def rows_only(*arguments: Any) -> list[Any]:
        describe(*arguments)
        return []

    patches = {"describe": rows_only, "fewest": lambda *_, **__: [], "_ranks": lambda rows, text: [0] * len(rows)}
    for module, names in ((cases, patches), (article, ("describe", "fewest")), (records, ("describe", "fewest"))):
        for name in names:
            if not hasattr(module, name):
                raise SystemExit(f"{module.__name__} has no {name} any more: report.py would compare a run with itself")
            setattr(module, name, patches[name])


# -- the page ----------------------------------------------------------------------------------


def as_page(out: str) -> None:
    """Runs in a process of its own: seconds from the imports to the page as text."""
    began = time.perf_counter()
    from cleaner.report.log import RunLog
    from cleaner.report.page.make import page

    page(RunLog(Path(out)))
    print(time.perf_counter() - began)


def page_of(each: Input, rounds: int) -> dict[str, Any]:
    """Seconds, size and cases of the page of the last run."""
    command = [sys.executable, __file__, "--as-page", str(each.out)]
    seconds = [float(output(command)) for _ in range(rounds + 1)][1:]
    text = (each.out / "_cleaner" / "report.html").read_text(encoding="utf-8")
    return {
        "least, s": round(min(seconds), 3),
        "median, s": middle(seconds),
        "each, s": [round(value, 3) for value in seconds],
        "MB": round(len(text.encode()) / 1e6, 2),
        **held(text),
    }


def held(html: str) -> dict[str, dict[str, int]]:
    """Cases that a page holds, and how many the log has, by kind."""
    found = DATA.search(html)
    if found is None:
        raise SystemExit("report.html holds no data where report.py looks for it")
    data = json.loads(found[1])
    kinds = [case["of"] for case in data["cases"]]
    totals = {of: data["totals"][of] for of in ("removal", "variant")}
    return {"cases": {of: kinds.count(of) for of in totals}, "of": totals}


# -- all of it ---------------------------------------------------------------------------------


def measured(each: Input, rounds: int) -> dict[str, Any]:
    found: dict[str, list[Cleaned]] = {road: [] for road in ROADS}
    for road in ROADS:
        say(f"first run of {each.name}, {road}")
        cleaned(each, road)
    for number in range(rounds):
        for road in ROADS[:: 1 if number % 2 == 0 else -1]:
            found[road].append(cleaned(each, road))
            say(f"round {number + 1}: {each.name}, {road}, {found[road][-1].run.wall:.2f} s")
    return figures(found) | {"page": page_of(each, rounds)}


def figures(found: dict[str, list[Cleaned]]) -> dict[str, Any]:
    """Medians over the rounds, and the ratio of noting to not noting: of medians, and of each round."""
    noted, bare = (found[road] for road in ROADS)
    pairs = zip(noted, bare, strict=True)
    return {
        "wall": middle(each.run.wall for each in noted),
        "each wall": [round(each.run.wall, 3) for each in noted],
        "each others": [each.run.others for each in (*noted, *bare)],
        "page in the run, s": middle(each.page for each in noted),
        "processor": {road: middle(each.processor for each in runs) for road, runs in found.items()},
        "noting": round(middle(each.processor for each in noted) / middle(each.processor for each in bare), 3),
        "each noting": [round(one.processor / other.processor, 3) for one, other in pairs],
    }


def short_of_target(found: dict[str, Any]) -> list[str]:
    """In words; by medians."""
    short = []
    for name, each in found.items():
        page, opened = each["page"], each.get("opening", {})
        most = allowed(each["wall"])
        if page["median, s"] > most:
            short.append(f"{name}: making the page takes {page['median, s']:g} s, at most {most:g}")
        if page["MB"] > MEGABYTES:
            short.append(f"{name}: the page has {page['MB']:g} MB, at most {MEGABYTES:g}")
        for word in ("loaded, ms", "drawn, ms"):
            if word in opened and opened[word]["median"] > 1000 * OPENED:
                short.append(f"{name}: {word} {opened[word]['median']:g}, at most {1000 * OPENED:g}")
    return short


def allowed(wall: float) -> float:
    """Seconds that making the page may take of a run of so many."""
    return round(max(SECONDS, SHARE * wall), 3)


def compared(arguments: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        given, skipped = inputs(Path(name))
        chosen = [each for each in given if not arguments.only or each.name.startswith(tuple(arguments.only))]
        found = {each.name: measured(each, arguments.rounds) for each in chosen}
        if why := report_browser.missing():
            skipped["opening"] = why
        else:
            with report_browser.started() as (chrome, version):
                for each in chosen:
                    say(f"opening the page of {each.name}")
                    page = each.out / "_cleaner" / "report.html"
                    found[each.name]["opening"] = report_browser.opened(chrome, page, arguments.rounds)
        for what, why in skipped.items():
            say(f"{what} left out: {why}")
    return {
        "rounds": arguments.rounds,
        "browser": version if "opening" not in skipped else None,
        "inputs": found,
        "skipped": skipped,
        "short of target": short_of_target(found),
    }


class PageConditions(Conditions):
    """The same, and the page's template, style and script, which are no Python and yet what is measured."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = parts_digest()

    def now(self, more_versions: dict[str, str] | None = None) -> dict[str, Any]:
        found = super().now(more_versions)
        found["digests"]["the page's parts"] = self.parts
        return found

    def changed(self) -> bool:
        return super().changed() or parts_digest() != self.parts


def parts_digest() -> str:
    """SHA-256 of what a page is made from beside Python, 16 digits."""
    import cleaner

    value = hashlib.sha256()
    for name in ("page.html", "page.css", "page.js"):
        value.update(Path(cleaner.__file__).parent.joinpath("report", "page", name).read_bytes())
    return value.hexdigest()[:16]


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", default=[], help="inputs whose name begins so; nothing is stored")
    return parser.parse_args()


def main() -> int:
    if sys.argv[1:2] == ["--as-run"]:
        return as_run(*sys.argv[2:4], sys.argv[4:])
    if sys.argv[1:2] == ["--as-page"]:
        as_page(sys.argv[2])
        return 0
    arguments = parsed()
    before = PageConditions()
    with tempfile.TemporaryDirectory() as folder:
        keep_bytecode(folder)
        cores = stay_on(CORES)
        result = compared(arguments)
    versions = {"chromium": result["browser"]} if result["browser"] else {}
    return close("report", result | {"cores": cores} | before.now(versions), before, trial=bool(arguments.only))


if __name__ == "__main__":
    sys.exit(main())
