"""Skip a browser test where something is missing; fail it where CLEANER_BROWSER=required (.ci/run) says it must run."""

from __future__ import annotations

import os

import pytest


def have(lack: str) -> None:
    """Go on if nothing is lacking; otherwise skip or fail with the line that names it and the way to get it."""
    if lack and os.environ.get("CLEANER_BROWSER") == "required":
        pytest.fail(f"CLEANER_BROWSER=required, but {lack}", pytrace=False)
    if lack:
        pytest.skip(lack)
