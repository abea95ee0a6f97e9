"""What holds for every test: nobody's own settings; properties know no clock, and are tried as campaign.py says."""

from __future__ import annotations

import os
import tempfile

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

# Processes that tests start inherit it.
_NO_SETTINGS = tempfile.TemporaryDirectory(prefix="no-settings-")
os.environ["XDG_CONFIG_HOME"] = _NO_SETTINGS.name
