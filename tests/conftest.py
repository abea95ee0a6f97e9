"""What every test stands on: nobody's own settings."""

from __future__ import annotations

import os
import tempfile

# Before anything is imported that could look there; processes that tests start inherit it.
_NO_SETTINGS = tempfile.TemporaryDirectory(prefix="no-settings-")
os.environ["XDG_CONFIG_HOME"] = _NO_SETTINGS.name
