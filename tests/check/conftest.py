"""What several tests of the check stand on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from repositories import Repo, begin, call, plain


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """An empty repository that the test stands in; the fixture's value calls git there."""
    folder = tmp_path / "repo"
    folder.mkdir()
    monkeypatch.chdir(folder)
    environment = plain(dict(os.environ))
    for name in os.environ.keys() - environment.keys():
        monkeypatch.delenv(name)
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"):
        monkeypatch.setenv(name, environment[name])
    begin()
    return call
