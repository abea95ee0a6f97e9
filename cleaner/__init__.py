"""Finds what an article says twice, takes the repeat out, and shows its work.

    from cleaner import clean
    outcome = clean(text)
    outcome.text, outcome.removed, outcome.variants

Everything here is loaded when it is first used: importing the package costs a millisecond.
"""

# Not even typing or __future__ is imported here: under python -m they would be looked for in the current folder first,
# before __main__ can take it off the path.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from cleaner.errors import CleanerError, InputError, RestoreError, SettingsError
    from cleaner.library import clean, compare, find
    from cleaner.phases.compare import Comparison
    from cleaner.seen import Repeat, Seen
    from cleaner.settings import Settings
    from cleaner.types import Difference, Match, Outcome, Removal, Variant, Witness

_HOMES = {
    "clean": "library",
    "compare": "library",
    "find": "library",
    "Comparison": "phases.compare",
    "Repeat": "seen",
    "Seen": "seen",
    "Settings": "settings",
    "CleanerError": "errors",
    "InputError": "errors",
    "RestoreError": "errors",
    "SettingsError": "errors",
    "Difference": "types",
    "Match": "types",
    "Outcome": "types",
    "Removal": "types",
    "Variant": "types",
    "Witness": "types",
}

__version__ = "0.1.0"
__all__ = [
    "CleanerError",
    "Comparison",
    "Difference",
    "InputError",
    "Match",
    "Outcome",
    "Removal",
    "Repeat",
    "RestoreError",
    "Seen",
    "Settings",
    "SettingsError",
    "Variant",
    "Witness",
    "clean",
    "compare",
    "find",
]


def __getattr__(name: str) -> "Any":
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'cleaner' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"cleaner.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
