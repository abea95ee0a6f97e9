"""Real git repositories for tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

Repo = Callable[..., str]
"""Calls git in the repository and gives what it wrote."""
STRANGE = ("GIT_", "PRE_COMMIT", "CI_", "GITHUB_")
"""Beginnings of variables by which the surroundings of a test could change what is compared with what."""


def call(*arguments: str) -> str:
    """Git, in the current folder."""
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def begin() -> None:
    """Make the current folder a repository."""
    call("init", "-q", "-b", "main")
    call("config", "user.email", "a@example.org")
    call("config", "user.name", "A")


def plain(environ: dict[str, str]) -> dict[str, str]:
    """An environment in which git knows of nobody's settings, and of no hook or CI around it."""
    kept = {name: value for name, value in environ.items() if not name.startswith(STRANGE)}
    return kept | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def write(name: str, text: str | bytes) -> None:
    """A file with these characters or bytes, its folders made; line ends as they are given."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(text.encode() if isinstance(text, str) else text)


def commit(repo: Repo, message: str = "more") -> None:
    """All that lies in the working tree."""
    repo("add", "-A")
    repo("commit", "-qm", message)


PARAGRAPH = "The bridge over the river will be closed for twelve weeks while engineers check {}."


def paragraph(number: int) -> str:
    """A paragraph of its own for each number."""
    return PARAGRAPH.format(f"pillar number {number} and its {'cables ' * (number % 3 + 1)}again")


def page(*numbers: int) -> str:
    """Paragraphs, a blank line between two: paragraph k begins on line 2k + 1, counted from 0."""
    return "\n\n".join(map(paragraph, numbers)) + "\n"
