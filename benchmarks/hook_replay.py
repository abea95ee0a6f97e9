"""A history of real text, made and replayed with the hook before each commit: part of hook_quality.py.

The first commit has 40 pages of the four repositories, 30 paragraphs of which stand right below themselves: old
mistakes, which the hook must not tell. Each later commit changes words, adds, revises, moves, re-wraps or drops
paragraphs (those that are added and revised are real edits of PEPs), renames, adds or drops files; some are merges of
two branches that did so. Which lines are touched is worked out by difflib, not by git.
"""

from __future__ import annotations

import difflib
import random
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from hook_pages import Report, commit, git, hook, line_end, lines_of, paragraphs, piece, sides

from cleaner.text.pages.block import Page
from cleaner.text.pages.read import FORMATS, read_page

PAGES, WITH_FINDINGS, OLD, COMMITS, MERGES = 40, 20, 30, 60, 8
PASTES = (7, 19, 31, 43, 55)
"""Commits in which a paragraph is pasted right below itself: the hook must tell each."""


class History:
    """A repository as it grows. ``names``: earlier paths of a file that was renamed."""

    def __init__(self, folder: Path, reserve: list[tuple[str, bytes]], edits: list[tuple[str, str]], seed: int) -> None:
        self.folder, self.reserve, self.edits = folder, reserve, edits
        self.rng = random.Random(seed)
        self.names: dict[str, list[str]] = {}
        self.added: list[tuple[str, str, str]] = []
        self.runs: list[dict[str, Any]] = []
        self.steps: dict[str, Callable[[], None]] = {
            "change words": self.change_words,
            "add a paragraph": self.add,
            "revise a paragraph": self.revise,
            "move a paragraph": self.move,
            "re-wrap a paragraph": self.wrap,
            "drop a paragraph": self.drop,
            "rename a file": self.rename,
            "add a file": self.add_file,
            "drop a file": self.drop_file,
        }

    # -- text ----------------------------------------------------------------------------------

    def files(self) -> list[str]:
        found = (path for path in self.folder.rglob("*") if path.is_file() and ".git" not in path.parts)
        return sorted(path.relative_to(self.folder).as_posix() for path in found)

    def some(self) -> tuple[str, Page, list[int]]:
        """A page with three paragraphs and more."""
        while True:
            path = self.rng.choice(self.files())
            page = self.page(path)
            if len(own := paragraphs(page)) > 2:
                return path, page, own

    def page(self, path: str) -> Page:
        data = (self.folder / path).read_bytes()
        return read_page(data.decode("utf-8"), FORMATS[Path(path).suffix.lower()])

    def write(self, path: str, text: str) -> None:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(text.encode())

    def put_below(self, path: str, page: Page, i: int, text: str) -> None:
        at = piece(page, i)
        assert at is not None
        gap = line_end(page.text) + at.quote + line_end(page.text)
        self.write(path, page.text[: at.end] + gap + text + page.text[at.end :])

    def whole(self, page: Page, i: int) -> str:
        own = piece(page, i)
        assert own is not None
        return page.text[own.start : own.end]

    def without(self, page: Page, i: int) -> str:
        """The page without a paragraph and the blank line above it."""
        own = piece(page, i)
        assert own is not None
        return page.text[: own.start].removesuffix(line_end(page.text)) + page.text[own.end + 1 :]

    # -- steps ---------------------------------------------------------------------------------

    def change_words(self) -> None:
        for _ in range(3):
            path, page, own = self.some()
            block = page.blocks[self.rng.choice(own)]
            words = page.text[block.start : block.end].split(" ")
            words[self.rng.randrange(1, len(words))] = self.rng.choice(self.edits)[1].split()[0].strip("`*_<>[]().,:")
            self.write(path, page.text[: block.start] + " ".join(words) + page.text[block.end :])

    def add(self) -> None:
        path, page, own = self.some()
        before, after = self.edits.pop()
        self.put_below(path, page, self.rng.choice(own), before)
        self.added.append((path, before, after))

    def revise(self) -> None:
        while self.added:
            path, before, after = self.added.pop(0)
            text = self.page(path).text if (self.folder / path).exists() else ""
            if before in text:
                return self.write(path, text.replace(before, after, 1))
        return self.change_words()

    def move(self) -> None:
        path, page, own = self.some()
        i, j = self.rng.sample(own, 2)
        moved = self.whole(page, i)
        if j > i:
            self.put_below(path, page, j, moved)
            self.write(path, self.without(self.page(path), i))
        else:
            left = read_page(self.without(page, i), page.format)
            self.put_below(path, left, j, moved)

    def wrap(self) -> None:
        path, page, own = self.some()
        block = page.blocks[self.rng.choice(own)]
        raw = page.text[block.start : block.end]
        lines = textwrap.wrap(" ".join(raw.split()), 64, break_long_words=False, break_on_hyphens=False)
        own_line = page.text.rfind("\n", 0, block.start) + 1
        prefix = page.text[own_line : block.start]
        self.write(path, page.text[: block.start] + f"\n{prefix}".join(lines) + page.text[block.end :])

    def drop(self) -> None:
        path, page, own = self.some()
        self.write(path, self.without(page, self.rng.choice(own)))

    def rename(self) -> None:
        path = self.rng.choice(self.files())
        new = f"moved/{self.rng.randrange(1000)}-{Path(path).name}"
        (self.folder / new).parent.mkdir(exist_ok=True)
        (self.folder / path).rename(self.folder / new)
        self.names[new] = [*self.names.get(path, []), path]
        self.added = [(new if name == path else name, *texts) for name, *texts in self.added]  # type: ignore[misc]

    def add_file(self) -> None:
        path, data = self.reserve.pop()
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(data)

    def drop_file(self) -> None:
        (self.folder / self.rng.choice(self.files())).unlink()

    def paste(self) -> str:
        path, page, own = self.some()
        while True:
            i = self.rng.choice(own)
            if not any(a.says == page.blocks[i].says for k, a in enumerate(page.blocks) if k != i):
                break
        self.put_below(path, page, i, self.whole(page, i))
        return path

    # -- commits -------------------------------------------------------------------------------

    def begin(self) -> None:
        self.folder.mkdir()
        git(self.folder, "init", "-q", "-b", "main")
        for _ in range(PAGES):
            self.add_file()
        for _ in range(OLD):
            self.paste()
        commit(self.folder, "all")

    def checked(self, what: str, pasted: str | None = None, others: Iterable[str] = ()) -> None:
        """The hook before a commit, over what is staged, as pre-commit calls it; then the commit."""
        git(self.folder, "add", "-A")
        names = git(self.folder, "diff", "--cached", "--name-only", "--diff-filter=ACMR", "-z", "HEAD").split("\0")[:-1]
        told = hook(self.folder, *names) if names else Report({}, 0, 0, [])
        row: dict[str, Any] = {"what": what, "files": len(names), "hidden": told.hidden, "errors": 0, "pasted": pasted}
        row["told"] = pasted is not None and any(f["severity"] == "error" for f in told.findings.get(pasted, []))
        row["untouched"] = []
        for each in (f for some in told.findings.values() for f in some):
            row["errors"] += each["severity"] == "error"
            if not self.is_touched(each, ["HEAD", *others]):
                told_of = {name: each[name] for name in ("severity", "rule", "text")}
                row["untouched"].append(told_of | {"path": each["here"]["path"]})
        self.runs.append(row)
        git(self.folder, "commit", "-q", "--allow-empty", "-m", what)

    def is_touched(self, finding: dict[str, Any], parents: list[str]) -> bool:
        """Whether a place of a finding has a line that no parent has; what a merge pasted twice has one from each."""
        lacked: list[set[str]] = []
        for region in sides(finding):
            first, last = lines_of(region)
            now = (self.folder / region["path"]).read_bytes().decode("utf-8").split("\n")
            new = {parent: self.new_lines(now, self.before(parent, region["path"])) for parent in parents}
            lacked += [{parent for parent in parents if line in new[parent]} for line in range(first, last + 1)]
        if finding["rule"] == "merge-copy":
            return all(lacked) and set().union(*lacked) == set(parents)
        return any(each == set(parents) for each in lacked)

    def before(self, parent: str, path: str) -> list[str]:
        """The lines of a file in a commit, under its path there; none where it is not there."""
        there = set(git(self.folder, "ls-tree", "-r", "--name-only", "-z", parent).split("\0"))
        for name in (path, *reversed(self.names.get(path, []))):
            if name in there:
                return git(self.folder, "show", f"{parent}:{name}").split("\n")
        return []

    def new_lines(self, now: list[str], before: list[str]) -> set[int]:
        matcher = difflib.SequenceMatcher(None, before, now, autojunk=False)
        changed = (code for code in matcher.get_opcodes() if code[0] in ("insert", "replace"))
        return {line + 1 for _, _, _, start, end in changed for line in range(start, end)}

    def step(self, but: tuple[str, ...] = ()) -> str:
        name = self.rng.choice([name for name in self.steps if name not in but])
        self.steps[name]()
        return name

    def merge(self) -> None:
        """Two branches with one commit each; what they both changed in one place is given up, and nothing counted."""
        git(self.folder, "checkout", "-q", "-b", "other")
        one = self.step()
        commit(self.folder, one)
        git(self.folder, "checkout", "-q", "main")
        two = self.step(("rename a file", "drop a file"))
        commit(self.folder, two)
        git(self.folder, "merge", "-q", "--no-commit", "--no-ff", "other", codes=(0, 1))
        if git(self.folder, "ls-files", "--unmerged"):
            git(self.folder, "merge", "--abort")
        else:
            self.checked(f"merge: {one}, {two}", others=["MERGE_HEAD"])
        git(self.folder, "branch", "-q", "-D", "other")

    def merge_twice(self) -> None:
        """A merge that pastes twice: two branches bring one paragraph into one section, at two places."""
        path, page, own = next(
            (path, page, own)
            for path, page, own in iter(self.some, None)
            if any(b - a > 1 and all(k.kind == "prose" for k in page.blocks[a : b + 1]) for a, b in self.far(own))
        )
        a, b = next(p for p in self.far(own) if all(k.kind == "prose" for k in page.blocks[p[0] : p[1] + 1]))
        text = max((edit[1] for edit in self.edits[:50]), key=len)
        git(self.folder, "checkout", "-q", "-b", "other")
        self.put_below(path, page, a, text)
        commit(self.folder, "one")
        git(self.folder, "checkout", "-q", "main")
        self.put_below(path, page, b, text)
        commit(self.folder, "two")
        git(self.folder, "merge", "-q", "--no-commit", "--no-ff", "other")
        self.checked("merge that pastes twice", pasted=path, others=["MERGE_HEAD"])
        git(self.folder, "branch", "-q", "-D", "other")

    def far(self, own: list[int]) -> list[tuple[int, int]]:
        return [(a, b) for a, b in zip(own, own[3:], strict=False) if b - a == 3]


def replayed(folder: Path, reserve: list[tuple[str, bytes]], edits: list[tuple[str, str]], seed: int) -> dict[str, Any]:
    """Counts over all commits, and what was told of lines that nobody touched.

    reserve  pages by path, the last ones first; edits: passages before and after
    """
    history = History(folder, reserve, edits, seed)
    history.begin()
    every = COMMITS // MERGES
    while (number := len(history.runs)) < COMMITS:
        if number in PASTES:
            history.checked("paste", pasted=history.paste())
        elif number == COMMITS - 1:
            history.merge_twice()
        elif number % every == every - 2:
            history.merge()
            if len(history.runs) == number:  # a conflict
                history.checked(history.step())
        else:
            history.checked(f"{history.step()}, {history.step()}")
    runs = history.runs
    untouched = [row | {"commit": run["what"]} for run in runs for row in run["untouched"]]
    old = hook(folder, "--all")
    return {
        "commits": len(runs),
        "of them merges": sum(run["what"].startswith("merge") for run in runs),
        "files given to the hook": sum(run["files"] for run in runs),
        "findings hidden": sum(run["hidden"] for run in runs),
        "errors in the repository at the end, --all": sum(
            each["severity"] == "error" for some in old.findings.values() for each in some
        ),
        "pasted twice": sum(run["pasted"] is not None for run in runs),
        "of them told as errors": sum(run["told"] for run in runs),
        "errors": sum(run["errors"] for run in runs),
        "errors on untouched lines": sum(row["severity"] == "error" for row in untouched),
        "other findings on untouched lines": sum(row["severity"] != "error" for row in untouched),
        "on untouched lines": untouched,
        "each": [f"{run['what']}: {run['errors']} errors, {run['hidden']} hidden" for run in runs],
    }
