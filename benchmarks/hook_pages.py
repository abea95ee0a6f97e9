"""Real pages for the hook's quality figures: unpacked, read, in git repositories, with the hook run over them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from end_to_end import SHARED
from hook import REPOSITORIES

from cleaner.phases.check.keys import prose_words
from cleaner.text.pages.block import Page
from cleaner.text.pages.read import FORMATS, read_page

STRANGE = ("GIT_", "PRE_COMMIT", "CI_", "GITHUB_")
"""Beginnings of variables by which the surroundings could change what is compared with what."""
LEAST = 8
"""Words of a paragraph that counts beside itself."""

Findings = dict[str, list[dict[str, Any]]]
"""By the path of the file."""


class Piece(NamedTuple):
    """A stretch of whole lines of a page: characters [start, end), and what a blank line among them begins with."""

    start: int
    end: int
    quote: str


def missing() -> list[str]:
    return [name for name in REPOSITORIES if not archive(name).exists()]


def archive(name: str) -> Path:
    return SHARED / "data" / f"content-{name}.tar.zst"


def unpack(folder: Path) -> dict[str, list[str]]:
    """The pages of the four repositories below ``folder``: by repository their paths, in order."""
    import io
    import tarfile

    import zstandard

    for name in REPOSITORIES:
        data = zstandard.ZstdDecompressor().decompressobj().decompress(archive(name).read_bytes())
        with tarfile.open(fileobj=io.BytesIO(data)) as packed:
            packed.extractall(folder, filter="data")
    return {name: sorted(pages_below(folder, name)) for name in REPOSITORIES}


def pages_below(folder: Path, name: str) -> Iterator[str]:
    for path in (folder / name).rglob("*"):
        if path.suffix.lower() in FORMATS and path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix()


@cache
def page_of(file: Path) -> Page | None:
    """A file as blocks; None where it is not UTF-8."""
    try:
        return read_page(file.read_bytes().decode("utf-8"), FORMATS[file.suffix.lower()])
    except UnicodeDecodeError:
        return None


def paragraphs(page: Page) -> list[int]:
    """Paragraphs of prose of LEAST words and more that have their lines for themselves."""
    return [
        i
        for i, block in enumerate(page.blocks)
        if block.kind == "prose" and prose_words(block.says) >= LEAST and piece(page, i) is not None
    ]


def piece(page: Page, first: int, last: int | None = None) -> Piece | None:
    """The lines of blocks ``first`` to ``last``; None where something else stands on them."""
    text, last = page.text, first if last is None else last
    start, end = page.blocks[first].outer[0], page.blocks[last].outer[1]
    end -= len(text[start:end]) - len(text[start:end].rstrip("\r\n"))
    line = text.rfind("\n", 0, start) + 1
    behind = text[end : len(text) if text.find("\n", end) < 0 else text.find("\n", end)]
    if text[line:start].strip() or behind.strip():
        return None
    quote = re.match(r"[ \t]*(?:>[ \t]*)*", text[line : page.blocks[first].start])
    marks = quote.group() if quote else ""
    return Piece(line, end, marks.rstrip() if ">" in marks else "")


def line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def line_of(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


# -- git and the hook --------------------------------------------------------------------------


def surroundings() -> dict[str, str]:
    """An environment in which git knows of nobody's settings, and of no hook or CI around it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(STRANGE)}
    who = {f"GIT_{role}_{what}": "a@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return kept | who | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def git(folder: Path, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
    """What git says. Raises SystemExit for another exit code than these."""
    command = ["git", "-c", "core.autocrlf=false", "-c", "core.quotePath=false", *arguments]
    done = subprocess.run(command, cwd=folder, env=surroundings(), capture_output=True, check=False)
    if done.returncode not in codes:
        raise SystemExit(f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode(errors="surrogateescape")


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", message)


class Report(NamedTuple):
    """What a run of the hook told: findings by file, in their order; how many were hidden; notes with their files."""

    findings: Findings
    hidden: int
    files: int
    notes: list[str]


def hook(folder: Path, *arguments: str, codes: tuple[int, ...] = (0, 1)) -> Report:
    """One run of ``cleaner-hook`` as a process. Raises SystemExit for another exit code than these."""
    out = folder.with_name(f"{folder.name}-told.json")
    command = [str(Path(sys.executable).with_name("cleaner-hook")), "--format", "json", "--output", str(out)]
    done = subprocess.run([*command, *arguments], cwd=folder, env=surroundings(), capture_output=True, check=False)
    if done.returncode not in codes:
        raise SystemExit(f"cleaner-hook {' '.join(arguments)[:200]}: {done.stderr.decode(errors='replace')}")
    told = json.loads(out.read_text(encoding="utf-8"))
    found: Findings = {}
    for each in told["findings"]:
        found.setdefault(each["here"]["path"], []).append(each)
    notes = [f"{each['path']}: {each['text']}" for each in told["notes"]]
    return Report(found, told["hidden"], told["files"], notes)


def sides(finding: dict[str, Any]) -> list[dict[str, Any]]:
    """All places of a finding."""
    return [finding["here"], *([finding["there"]] if finding["there"] else []), *finding["more"]]


def lines_of(region: dict[str, Any]) -> tuple[int, int]:
    """First and last line of a place."""
    ends_before = region["last_column"] == 1 and region["end"] > region["start"]
    return region["line"], region["last_line"] - ends_before


def every(findings: Findings, severities: Iterable[str]) -> list[dict[str, Any]]:
    return [each for some in findings.values() for each in some if each["severity"] in severities]
