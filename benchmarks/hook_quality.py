#!/usr/bin/env python3
"""What the hook finds in real content repositories, in what is pasted into them, and while their history goes on.

    python benchmarks/hook_quality.py [--seed 7] [--paragraphs 300] [--only NAME...]

    as they are  all findings of the four repositories in the shared data, across files too; every error and SAMPLE
                 warnings (those inside one file first) are listed and beside them what a reader said of each:
                 benchmarks/hook_judged.json, by key of the finding
    planted      300 random paragraphs of prose, shares by size, each pasted into a copy of its page: right below
                 itself, with its two neighbours, at another place of its section, in another section, re-wrapped; and
                 once with one number, name or negation changed. The hook runs over them as before a commit.
    replay       60 commits on a history of real text (hook_replay.py)

The hook is a process over files in a git repository each time. What is a paragraph of prose, and where its section
ends, is what the package reads. Writes benchmarks/results/hook_quality.json, except with --only or other numbers.
Ends with 1 where a figure falls short of its target.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from end_to_end import SHARED, keep_bytecode
from hook import REPOSITORIES
from hook_pages import (
    Piece,
    Report,
    commit,
    every,
    git,
    hook,
    line_end,
    line_of,
    lines_of,
    missing,
    page_of,
    paragraphs,
    piece,
    sides,
    unpack,
)
from hook_replay import WITH_FINDINGS, replayed
from processes import ROOT, Conditions, close, say

from cleaner.phases.check.keys import prose_words
from cleaner.phases.check.options import DEFAULTS
from cleaner.text.pages.block import Page
from cleaner.text.pages.read import read_page

JUDGED = ROOT / "benchmarks" / "hook_judged.json"
SEED, PARAGRAPHS, SAMPLE, SHOWN = 7, 300, 60, 400  # the last: characters of a text that are listed
GENUINE = 0.95
ACROSS = "across-files"
WIDTHS = (60, 76)
"""Of re-wrapped lines; the first that gives other lines than there were."""
AUXILIARY = r"\b(?:is|are|was|were|can|will|should|must|may|does|do|has|have|would|could)\b(?! not)"
NAMES = ("Alvarez", "Okonkwo")


class Pasted(NamedTuple):
    """A page with something pasted into it; the characters [start, end) of the new text are what must be told."""

    text: str
    start: int
    end: int


Road = Callable[[Page, int, random.Random], Pasted | None]
"""From a page and one of its paragraphs; None where the page has no place for it."""


# -- planting ----------------------------------------------------------------------------------


def below(page: Page, at: Piece, text: str, start: int = 0, end: int | None = None) -> Pasted:
    """``text`` below a stretch, a blank line between; what must be told is its part [start, end)."""
    gap = line_end(page.text) + at.quote + line_end(page.text)
    begin = at.end + len(gap)
    new = page.text[: at.end] + gap + text + page.text[at.end :]
    return Pasted(new, begin + start, begin + (len(text) if end is None else end))


def own_lines(page: Page, i: int) -> tuple[Piece, str, int, int]:
    """A paragraph's lines, their text, and in it the paragraph without its markers."""
    at, block = piece(page, i), page.blocks[i]
    assert at is not None
    return at, page.text[at.start : at.end], block.start - at.start, block.end - at.start


def adjacent(page: Page, i: int, _: random.Random) -> Pasted:
    at, text, start, end = own_lines(page, i)
    return below(page, at, text, start, end)


def three(page: Page, i: int, _: random.Random) -> Pasted | None:
    """With its two neighbours: from a paragraph on (code elsewhere would be read otherwise), without headings, and
    without list items at the end, which may hold more."""
    blocks = page.blocks
    for first in (i, i - 1, i - 2):
        run = blocks[max(0, first) : first + 3]
        plain = run[0].kind == "prose" and all(e.kind != "heading" and e.scope == blocks[i].scope for e in run)
        at = piece(page, first, first + 2) if first >= 0 and len(run) == 3 and plain else None
        ends_with_item = first + 3 < len(blocks) and run[-1].kind == "item"
        if at is not None and not ends_with_item:
            text = page.text[at.start : at.end]
            return below(page, at, text, len(text) - len(text.lstrip()))
    return None


def elsewhere(page: Page, i: int, places: list[int], rng: random.Random) -> Pasted | None:
    """Below one of these blocks, whose lines begin as those of the paragraph do."""
    own, text, start, end = own_lines(page, i)
    found = [at for k in places if (at := piece(page, k)) is not None and beginning(page, at) == beginning(page, own)]
    return below(page, rng.choice(found), text, start, end) if found else None


def beginning(page: Page, at: Piece) -> str:
    line = page.text[at.start : at.end]
    return line[: len(line) - len(line.lstrip("> \t"))]


def section_of(page: Page, i: int) -> tuple[int, int]:
    """The scope of a block and the last heading of that scope above it; -1: none."""
    scope = page.blocks[i].scope
    headings = (k for k in range(i, -1, -1) if page.blocks[k].kind == "heading" and page.blocks[k].scope == scope)
    return scope, next(headings, -1)


def prose(page: Page) -> Iterator[int]:
    return (k for k, block in enumerate(page.blocks) if block.kind == "prose")


def same_section(page: Page, i: int, rng: random.Random) -> Pasted | None:
    own = section_of(page, i)
    return elsewhere(page, i, [k for k in prose(page) if k > i and section_of(page, k) == own], rng)


def other_section(page: Page, i: int, rng: random.Random) -> Pasted | None:
    own = section_of(page, i)
    return elsewhere(page, i, [k for k in prose(page) if section_of(page, k) != own], rng)


def wrapped(page: Page, i: int, _: random.Random) -> Pasted | None:
    """In lines of another width. Where a line ends by its author's will (two spaces, a backslash) there is none."""
    at, text, start, end = own_lines(page, i)
    raw = text[start:end]
    if re.search(r"(?: {2}|\\|<br ?/?>)\r?\n", raw):
        return None
    space = re.match(r"[ \t>]*", text[:start])
    prefix = space.group() if space else ""
    for width in WIDTHS:
        lines = textwrap.wrap(" ".join(re.split(r"\s*\n[\s>]*", raw)), width, break_long_words=False,
                              break_on_hyphens=False)  # fmt: skip
        new = (line_end(page.text) + prefix).join(lines)
        marked = any(re.match(r"[-+*#>=|:~`<\[.]|\d+[.)]|\w[.)] ", line) for line in lines[1:])
        if new != raw and not marked:
            return below(page, at, text[:start] + new + text[end:], start, start + len(new))
    return None


def changed(page: Page, i: int, rng: random.Random) -> Pasted | None:
    """One number, name or negation is another."""
    at, text, start, end = own_lines(page, i)
    kinds = [other_number, other_name, other_negation]
    rng.shuffle(kinds)
    for kind in kinds:
        new = kind(text[start:end], rng)
        if new is not None:
            return below(page, at, text[:start] + new + text[end:], start, start + len(new))
    return None


def other_number(raw: str, rng: random.Random) -> str | None:
    found = list(re.finditer(r"(?<=[ (])\d+", raw))
    if not found:
        return None
    match = rng.choice(found)
    return raw[: match.start()] + str(int(match.group()) + 1) + raw[match.end() :]


def other_name(raw: str, rng: random.Random) -> str | None:
    found = list(re.finditer(r"(?<=[a-z,] )[A-Z][a-z]{2,}\b", raw))
    if not found:
        return None
    match = rng.choice(found)
    return raw[: match.start()] + rng.choice(NAMES) + raw[match.end() :]


def other_negation(raw: str, rng: random.Random) -> str | None:
    if gone := list(re.finditer(r"\bnot ", raw)):
        match = rng.choice(gone)
        return raw[: match.start()] + raw[match.end() :]
    found = list(re.finditer(AUXILIARY, raw))
    return raw[: (at := rng.choice(found).end())] + " not" + raw[at:] if found else None


ROADS: dict[str, Road] = {
    "right below": adjacent,
    "three blocks": three,
    "re-wrapped": wrapped,
    "same section": same_section,
    "other section": other_section,
    "changed": changed,
}
ADJACENT = ("right below", "three blocks", "re-wrapped")
NEXT_TO_IT = tuple(f"{kind.replace(' ', '-')}/" for kind in ADJACENT)


class Plant(NamedTuple):
    """One page with a paste: where it lies, the page as it was, and which paragraph it is."""

    path: str
    before: bytes
    pasted: Pasted
    page: Page
    paragraph: int


def quotas(folder: Path, pages: dict[str, list[str]], number: int) -> dict[str, int]:
    """How many paragraphs of each repository, by the bytes of its pages."""
    sizes = {name: sum((folder / path).stat().st_size for path in paths) for name, paths in pages.items()}
    whole = {name: number * size // sum(sizes.values()) for name, size in sizes.items()}
    largest = max(sizes, key=lambda name: sizes[name])
    return whole | {largest: whole[largest] + number - sum(whole.values())}


def plants(source: Path, pages: dict[str, list[str]], kind: str, number: int, rng: random.Random) -> list[Plant]:
    """As many pages with a paste of one kind."""
    found: list[Plant] = []
    for name, share in quotas(source, pages, number).items():
        all_of = [(path, i) for path in pages[name] if (page := page_of(source / path)) for i in paragraphs(page)]
        rng.shuffle(all_of)
        made: list[Plant] = []
        for path, i in all_of:
            if len(made) == share:
                break
            page = page_of(source / path)
            assert page is not None
            if (pasted := ROADS[kind](page, i, rng)) is not None:
                place = f"{kind.replace(' ', '-')}/{len(found) + len(made):03}/{path}"
                made.append(Plant(place, (source / path).read_bytes(), pasted, page, i))
        found += made
    return found


# -- scoring -----------------------------------------------------------------------------------


def fate(plant: Plant, told: Report) -> str:
    """What is told of the pasted lines: the gravest of what has a side there."""
    new, start, end = plant.pasted
    lines = line_of(new, start), line_of(new, end)
    grades = []
    for each in told.findings.get(plant.path, []):
        if each["severity"] == "error" and lines_of(each["here"]) == lines:
            return "error"
        if any(a <= lines[1] and lines[0] <= b for a, b in map(lines_of, sides(each))):
            grades.append("error at other lines" if each["severity"] == "error" else each["severity"])
    return next((grade for grade in FATES if grade in grades), "nothing")


FATES = ("error", "error at other lines", "warning", "info", "nothing")


def why(plant: Plant) -> str:
    """Why a paste may not be told, where the page tells."""
    page = read_page(plant.pasted.text, plant.page.format)
    old = plant.page.blocks[plant.paragraph]
    read = [block for block in page.blocks if block.start <= plant.pasted.start < block.end]
    if not read or read[0].start != plant.pasted.start:
        return "it is read as part of another block"
    if read[0].kind != "prose":
        return f"it is read as {read[0].kind}"
    if read[0].scope != old.scope:
        return "it fell into another container"
    if prose_words(old.says) < DEFAULTS.min_file and not plant.path.startswith(NEXT_TO_IT):
        return f"under {DEFAULTS.min_file} words"
    return "its words are read otherwise" if read[0].says != old.says else "not known"


def is_missed(kind: str, how: str) -> bool:
    wanted = {"same section": ("error", "warning"), "other section": ("error", "warning", "info")}
    return how not in wanted.get(kind, ("error",))


def scored(kind: str, made: list[Plant], told: Report) -> dict[str, Any]:
    fates = [(plant, fate(plant, told)) for plant in made]
    long = [prose_words(p.page.blocks[p.paragraph].says) >= DEFAULTS.min_file for p, _ in fates]
    found = {"pages": len(made)} | {how: sum(each == how for _, each in fates) for how in FATES}
    if kind == "changed":
        hits = every(told.findings, ("error",))
        return found | {"errors": len(hits), "listed": [shown(each) for each in hits]}
    missed = [(plant, how) for plant, how in fates if is_missed(kind, how)]
    lost = sum(is_missed(kind, how) for (_, how), is_long in zip(fates, long, strict=True) if is_long)
    listed = [
        {"path": p.path, "line": line_of(p.pasted.text, p.pasted.start), "told": how, "why": why(p),
         "text": p.pasted.text[p.pasted.start : p.pasted.end][:SHOWN]}
        for p, how in missed
    ]  # fmt: skip
    reasons = dict(Counter(row["why"] for row in listed))
    longs = {"long enough apart": sum(long), "of them missed": lost}
    return found | {"missed": len(missed)} | longs | {"why": reasons, "listed": listed}


def planted(folder: Path, source: Path, pages: dict[str, list[str]], arguments: argparse.Namespace) -> dict[str, Any]:
    rng = random.Random(arguments.seed)
    made = {kind: plants(source, pages, kind, arguments.paragraphs, rng) for kind in ROADS}
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for plant in chain(*made.values()):
        (folder / plant.path).parent.mkdir(parents=True)
        (folder / plant.path).write_bytes(plant.before)
    commit(folder, "as they were")
    for plant in chain(*made.values()):
        (folder / plant.path).write_bytes(plant.pasted.text.encode())
    git(folder, "add", "-A")
    found: dict[str, Any] = {}
    for kind, those in made.items():
        say(f"planted, {kind}: {len(those)}")
        found[kind] = scored(kind, those, hook(folder, kind.replace(" ", "-")))
    for kind, flags in (("right below", ["--fix"]), ("three blocks", ["--fix", "--unsafe-fixes"])):
        found[kind]["fix"] = fixed(folder, kind, flags, made[kind], lambda plant: plant.before)
        shifted(found[kind])
    flags = ["--fix", "--unsafe-fixes"]
    kept = fixed(folder, "changed", flags, made["changed"], lambda plant: plant.pasted.text.encode())
    return found | {"changed": found["changed"] | {"fixes": len(kept["not so"]), "fix": kept}}


def shifted(row: dict[str, Any]) -> None:
    """Of S A S, A S pasted behind it, nobody can say whether S A or A S is new: told is the first, and either cut
    gives the page as it was. Such an error is as good as one at the pasted lines."""
    good = [e for e in row["listed"] if e["told"] == "error at other lines" and e["path"] not in row["fix"]["not so"]]
    for each in good:
        each["why"] = "the block above is also the last one pasted: either cut gives the page as it was"
    row["why"] = dict(Counter(each["why"] for each in row["listed"]))
    row["at other lines, as good"] = len(good)


def fixed(
    folder: Path, kind: str, flags: list[str], made: list[Plant], wanted: Callable[[Plant], bytes]
) -> dict[str, Any]:
    """After a fix: how many pages are byte for byte as they should be, and which are not."""
    told = hook(folder, *flags, kind.replace(" ", "-"), codes=(0, 1, 2))  # 2: a fix was refused, which a note tells
    wrong = [plant for plant in made if (folder / plant.path).read_bytes() != wanted(plant)]
    notes = {note.partition(": ")[0]: note.partition(": ")[2] for note in told.notes if "cannot be fixed" in note}
    listed = {plant.path: notes.get(plant.path, "not refused") for plant in wrong}
    return {"flags": flags, "as it should be": len(made) - len(wrong), "not so": listed}


# -- as they are -------------------------------------------------------------------------------


def as_they_are(source: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    told = hook(source, "--all", "--across", "--no-cache")
    every_one = [each for some in told.findings.values() for each in some]
    counts = Counter((each["rule"], each["severity"]) for each in every_one).most_common()
    verdicts = json.loads(JUDGED.read_text(encoding="utf-8")) if JUDGED.exists() else {}
    errors = [shown(each) for each in every(told.findings, ("error",))]
    warnings = sampled(every(told.findings, ("warning",)), random.Random(arguments.seed))
    listed = {"errors": errors, "warnings": [shown(each) for each in warnings]}
    for row in chain(*listed.values()):
        row |= verdicts.get(row["key"], {"verdict": "not judged", "reason": ""})
    return {
        "files": told.files,
        "by rule": [{"rule": rule, "severity": severity, "findings": n} for (rule, severity), n in counts],
        "read": {
            name: {"findings": counts_of(every_one, name), "listed": len(rows)}
            | dict(Counter(row["verdict"] for row in rows))
            for name, rows in listed.items()
        },
        "listed": listed,
    }


def counts_of(findings: list[dict[str, Any]], name: str) -> int:
    return sum(each["severity"] == name.removesuffix("s") for each in findings)


def sampled(warnings: list[dict[str, Any]], rng: random.Random) -> list[dict[str, Any]]:
    inside = [each for each in warnings if each["rule"] != ACROSS]
    across = sorted((each for each in warnings if each["rule"] == ACROSS), key=lambda each: str(each["key"]))
    return inside[:SAMPLE] + rng.sample(across, min(len(across), max(0, SAMPLE - len(inside))))


def shown(each: dict[str, Any]) -> dict[str, Any]:
    places = [f"{region['path']}:{lines_of(region)[0]}-{lines_of(region)[1]}" for region in sides(each)]
    first = {"key": each["key"], "rule": each["rule"], "places": places[:6], "further": max(0, len(places) - 6)}
    return first | {"text": each["text"][:SHOWN], "other": each["other"][:SHOWN] * (each["other"] != each["text"])}


# -- the whole ---------------------------------------------------------------------------------


def replay(folder: Path, source: Path, pages: dict[str, list[str]], arguments: argparse.Namespace) -> dict[str, Any]:
    """See hook_replay.py; half of its first pages are some that say something twice."""
    import zstandard

    rng = random.Random(arguments.seed)
    names = [path for paths in pages.values() for path in paths if (page := page_of(source / path)) and
             len(paragraphs(page)) > 4]  # fmt: skip
    known = set(hook(source, "--all").findings)
    twice = rng.sample([name for name in names if name in known], WITH_FINDINGS)
    rest = rng.sample([name for name in names if name not in twice], 80)
    reserve = [(name, (source / name).read_bytes()) for name in [*rest, *twice]]
    packed = (SHARED / "data" / "revisions_peps.jsonl.zst").read_bytes()
    lines = zstandard.ZstdDecompressor().decompressobj().decompress(packed).decode().splitlines()
    rows = rng.sample([json.loads(line) for line in lines], 400)
    edits = [(row["a"], row["b"]) for row in rows if min(len(row["a"].split()), len(row["b"].split())) >= 20]
    return replayed(folder, reserve, edits, arguments.seed)


def short_of_target(found: dict[str, Any]) -> Iterator[str]:
    errors = found.get("as they are", {}).get("read", {}).get("errors", {})
    if errors.get("genuine", 0) < GENUINE * errors.get("findings", 0):
        yield f"errors: {errors.get('genuine', 0)} of {errors['findings']} are genuine, at least {100 * GENUINE:g} %"
    unread = sum(each.get("not judged", 0) for each in found.get("as they are", {}).get("read", {}).values())
    if unread:
        yield f"{unread} findings are not judged in {JUDGED.name}"
    for kind, row in found.get("planted", {}).items():
        if kind == "changed":
            if row["errors"] or row["fixes"]:
                yield f"changed: {row['errors']} errors and {row['fixes']} fixes, none may be"
        elif kind in ADJACENT and (missed := row["missed"] - row.get("at other lines, as good", 0)):
            yield f"{kind}: {missed} of {row['pages']} are no error at their lines"
        elif kind == "same section" and row["of them missed"]:
            yield f"{kind}: {row['of them missed']} of {row['long enough apart']} long enough are no warning"
        if kind == "right below" and row["fix"]["not so"]:
            yield f"right below: a fix does not give back {len(row['fix']['not so'])} of {row['pages']} pages"
    replayed = found.get("replay", {})
    if replayed.get("errors on untouched lines"):
        yield f"replay: {replayed['errors on untouched lines']} errors on untouched lines, none may be"
    if replayed.get("of them told as errors", 0) < replayed.get("pasted twice", 0):
        yield f"replay: {replayed['of them told as errors']} of {replayed['pasted twice']} pastes are told"


def measured(arguments: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        keep_bytecode(str(folder / "bytecode"))
        source = folder / "pages"
        pages = unpack(source)
        git(source, "init", "-q", "-b", "main")
        commit(source, "all")
        parts: dict[str, Callable[[], dict[str, Any]]] = {
            "as they are": lambda: as_they_are(source, arguments),
            "planted": lambda: planted(folder / "planted", source, pages, arguments),
            "replay": lambda: replay(folder / "history", source, pages, arguments),
        }
        found: dict[str, Any] = {"pages": {each: len(paths) for each, paths in pages.items()}}
        for part, work in parts.items():
            if not arguments.only or part in arguments.only:
                say(part)
                found[part] = work()
    return found | {"short of target": list(short_of_target(found))}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--paragraphs", type=int, default=PARAGRAPHS, help="of each kind that is planted")
    parser.add_argument("--only", nargs="+", default=[], help="parts: as they are, planted, replay; nothing is stored")
    arguments = parser.parse_args()
    absent = [f"content-{name}.tar.zst" for name in missing()]
    if not (SHARED / "data" / "revisions_peps.jsonl.zst").exists():
        absent.append("revisions_peps.jsonl.zst")
    if absent:
        names = ", ".join(absent)
        print(f"hook_quality skipped: no {names} below {SHARED / 'data'}; set CLEANER_SHARED to where it is")
        return 0
    before = Conditions()
    result = {"seed": arguments.seed, "repositories": list(REPOSITORIES)} | measured(arguments) | before.now()
    usual = not arguments.only and (arguments.seed, arguments.paragraphs) == (SEED, PARAGRAPHS)
    return close("hook_quality", result, before, trial=not usual)


if __name__ == "__main__":
    sys.exit(main())
