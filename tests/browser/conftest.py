"""One headless Chromium for all browser tests of a process; each test opens its pages with driving.open_page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chromium
import driving
import needed
import pytest


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
