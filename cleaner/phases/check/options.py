"""Every default of the check, once, with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from cleaner.findings import Severity
from cleaner.phases.check.rules import RULES

Switch = Literal["error", "warning", "info", "off"]
SWITCHES: tuple[Switch, ...] = ("error", "warning", "info", "off")
_NONE: Mapping[str, Switch] = MappingProxyType({})


class CheckOptions(NamedTuple):
    """What decides a finding, beside the page itself.

    min_adjacent  words of a block that stands twice side by side. 8: of 32 blocks that people took out by hand
                  the smallest had 8 words, 12 had under 20. Counted as ``Settings.min_words`` is.
    min_file      words of a block that stands twice in one file. 12: as ``Settings.min_words``.
    min_across    words of a block that stands in several files. 20: shorter ones are formulas.
    near          similarity from which on two neighbours are near copies: as ``Settings.similarity``.
    severities    by name of a rule, where it is not the rule's own; ``off`` switches a rule off
    across        look across files too. Off: it needs every file of the repository, and one by one.
    twins         patterns of paths with ``{lang}`` in them, beside those that are known (``paths.py``)
    versions      patterns of paths with ``{version}`` in them, likewise
    paths         severities for some files: (pattern of paths with ``*``, ``**``, ``?``; by name of a rule or
                  ``all``). Of several that fit, the later one wins.
    """

    min_adjacent: int = 8
    min_file: int = 12
    min_across: int = 20
    near: float = 0.9
    severities: Mapping[str, Switch] = _NONE
    across: bool = False
    twins: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    paths: tuple[tuple[str, Mapping[str, Switch]], ...] = ()

    def severity(self, rule: str) -> Severity | None:
        """The severity of a rule; None where it is off."""
        switch = self.severities.get(rule, RULES[rule].severity)
        return None if switch == "off" else switch

    def at(self, path: str) -> CheckOptions:
        """The options for one file (its path from the root, parted by ``/``)."""
        if not self.paths:
            return self
        from cleaner.phases.check.paths import fits

        severities = dict(self.severities)
        for pattern, switches in self.paths:
            if fits(path, pattern):
                for rule, switch in switches.items():
                    severities.update(dict.fromkeys(RULES, switch) if rule == "all" else {rule: switch})
        return self._replace(severities=severities, paths=())


DEFAULTS = CheckOptions()
