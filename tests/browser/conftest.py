"""One headless Chromium for all browser tests of a process; each test opens its pages with driving.open_page."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chromium
import driving
import needed
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

import reported


def pytest_runtest_setup(item: Any) -> None:
    """Skip (or fail) here and not in the fixture: so pytest says it once for all tests, not once for each."""
    if "chrome" in item.fixturenames:
        needed.have(chromium.missing())


@pytest.fixture(scope="session")
def chrome() -> Iterator[Any]:
    """A running Chromium, as selenium's driver; it can reach no network and save no file."""
    running = chromium.start()
    try:
        driving.no_downloads(running)
        yield running
    finally:
        running.quit()


@pytest.fixture
def downloads(chrome: Any, tmp_path: Path) -> Iterator[Path]:
    """An empty folder into which the page saves during this test."""
    folder = tmp_path / "downloads"
    folder.mkdir()
    driving.keep_downloads(chrome, folder)
    yield folder
    driving.no_downloads(chrome)


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of the article that the project began with."""
    folder = tmp_path_factory.mktemp("seed")
    return reported.ran(folder, {reported.SEED.name: reported.SEED.read_bytes()})


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That of planted cases: articles in 21 languages, with repeats of each shape, and variants."""
    articles, plant = reported.SHARED / "data" / "articles.jsonl.zst", reported.SHARED / "eval" / "plant.py"
    for path in (articles, plant):
        if not path.exists():
            pytest.skip(f"no {path.name}: give the folder with data and eval as CLEANER_SHARED")
    pytest.importorskip("zstandard")
    folder = tmp_path_factory.mktemp("planted")
    size = ["--seed", "7", "--per-category", "10"]
    subprocess.run([sys.executable, "-B", str(plant), str(articles), str(folder), *size], check=True)
    reported.cleaner("clean", "cases.jsonl", "-o", "out", "--quiet", cwd=folder)
    return folder / "out"


@pytest.fixture(scope="session")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That of a dump of 30,203 articles in scope corpus; once a session, since it takes a while."""
    given = reported.SHARED / "data" / "dump.jsonl.zst"
    if not given.exists():
        pytest.skip("no dump.jsonl.zst: give the folder with data as CLEANER_SHARED")
    pytest.importorskip("zstandard")
    out = tmp_path_factory.mktemp("dump") / "out"
    options = ["--scope", "corpus", "--source-field", "source"]
    reported.cleaner("clean", given, "-o", out, "--quiet", *options)
    return out
