"""What holds for every test: nobody's own settings; properties know no clock, and are tried as campaign.py says."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import campaign
import pytest
from hypothesis import HealthCheck, settings
from reported import ROOT, SHARED

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

# Processes that tests start inherit it.
_NO_SETTINGS = tempfile.TemporaryDirectory(prefix="no-settings-")
os.environ["XDG_CONFIG_HOME"] = _NO_SETTINGS.name

# A busy machine may take any time for an example: no deadline, and making examples slowly is no fault. In CI a run
# is the run of the same examples each time, so that a change is what turns it red; elsewhere and in a campaign they
# are others each time.
settings.register_profile(
    "suite",
    deadline=None,
    derandomize="CI" in os.environ and not campaign.CAMPAIGN,
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=campaign.number(campaign.DEFAULT),
    print_blob=True,
)
settings.load_profile("suite")


WARM = """
from cleaner.kernels.compiled import cache_folder
folder = cache_folder()
if folder is not None and not any(folder.rglob("*.nbc")):
    from cleaner.plan import warm_up_corpus
    warm_up_corpus()
"""


def pytest_configure(config: pytest.Config) -> None:
    """Before workers start, kernels are compiled into the cache that all of them read: else each would, for 16 s."""
    if getattr(config.option, "numprocesses", None) and find_spec("numba") is not None:
        # Where it fails, the tests of kernels say why.
        subprocess.run([sys.executable, "-c", WARM], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], None]], Path]:
    """``once(name, make)``: a folder that ``make`` fills once in a run of the suite; all workers read it.

    A worker that asks while another makes it waits. (The groups of pytest-xdist 3.8 have no effect with pytest 9.)
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def folder(name: str, make: Callable[[Path], None]) -> Path:
        made = shared / f"once-{name}"
        made.mkdir(exist_ok=True)
        with locked(shared / f"once-{name}.lock"):
            if not (made / ".done").exists():
                make(made)
                (made / ".done").touch()
        return made

    return folder


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with open(path, "w") as file:
        if fcntl is not None:  # on Windows each worker is alone: the suite is run by one there
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def planted_cases(once: Callable[[str, Callable[[Path], None]], Path]) -> Path:
    """A folder with cases.jsonl, 200 articles of each of 20 categories with repeats planted, and truth.jsonl."""
    articles, plant = SHARED / "data" / "articles.jsonl.zst", SHARED / "eval" / "plant.py"
    pytest.importorskip("zstandard")
    for path in (articles, plant):
        if not path.exists():
            pytest.skip(f"no {path.name}: give the folder with data and eval as CLEANER_SHARED")
    size = ["--seed", "7", "--per-category", "200"]

    def make(folder: Path) -> None:
        subprocess.run([sys.executable, "-B", str(plant), str(articles), str(folder), *size], check=True)

    return once("planted", make)
