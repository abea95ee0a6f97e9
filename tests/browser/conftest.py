"""One headless Chromium for all browser tests of a process; each test opens its pages with driving.open_page."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import campaign
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
def planted(tmp_path_factory: pytest.TempPathFactory, planted_cases: Path) -> Path:
    """That of planted cases: articles in 21 languages, with repeats of each shape, and variants."""
    folder = tmp_path_factory.mktemp("ten_each")
    cases = (planted_cases / "cases.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "cases.jsonl").write_bytes(b"".join(cases[::20]))
    reported.cleaner("clean", "cases.jsonl", "-o", "out", "--quiet", cwd=folder)
    return folder / "out"


def tenth(given: Path, made: Path) -> Path:
    """Every tenth record of a dump: still many more variants than a page shows."""
    import zstandard

    with zstandard.open(given, "rb") as records, zstandard.open(made, "wb") as chosen:
        for record in islice(io.BufferedReader(records), 0, None, 10):
            chosen.write(record)
    return made


@pytest.fixture(scope="session")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That of a dump in scope corpus: 30,203 articles for a browser or in a campaign, else every tenth of them."""
    given = reported.SHARED / "data" / "dump.jsonl.zst"
    if not given.exists():
        pytest.skip("no dump.jsonl.zst: give the folder with data as CLEANER_SHARED")
    pytest.importorskip("zstandard")
    folder = tmp_path_factory.mktemp("dump")
    out = folder / "out"
    if chromium.missing() and not campaign.CAMPAIGN:
        given = tenth(given, folder / given.name)
    options = ["--scope", "corpus", "--source-field", "source"]
    reported.cleaner("clean", given, "-o", out, "--quiet", *options)
    return out
