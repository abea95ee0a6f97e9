"""Loads numba without the settings that it would take from the current folder."""

from __future__ import annotations

import os
import sys
import warnings
from types import ModuleType
from typing import Any


def load_numba() -> ModuleType:
    """The module numba. Raises ImportError.

    A file .numba_config.yaml in the current folder would be read. It may say where compiled code is kept, which is
    loaded as pickles: the folder that is cleaned could run code. Without PyYAML numba only warns of such a file; once
    it is loaded it looks for one under the name given here.
    """
    if sys.modules.get("numba") is not None:  # somebody else's program has loaded it, with settings of its own
        return sys.modules["numba"]
    held: Any = sys.modules.get("yaml")
    sys.modules["yaml"] = None  # type: ignore[assignment]
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="A Numba config file is found")
            import numba
    finally:
        del sys.modules["yaml"]
        if held is not None:
            sys.modules["yaml"] = held
    config: Any = numba.core.config
    config._config_fname = os.devnull
    return numba
