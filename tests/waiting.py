"""Waiting for what another process does: looked at until it is so, and given up only where something hangs."""

from __future__ import annotations

import time
from collections.abc import Callable

GUARD = 600.0
"""Seconds after which something hangs; nothing that works takes as long, however busy the machine is."""


def until(so: Callable[[], object], seconds: float = GUARD) -> None:
    """Come back as soon as ``so`` is true; fails after ``seconds``."""
    end = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < end, f"not so after {seconds:g} s"
        time.sleep(0.01)
