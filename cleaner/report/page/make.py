"""``report.html``: figures, charts and cases in one file, with nothing to load and nothing of the data that runs."""

from __future__ import annotations

import gc
import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from cleaner.report.cases import Choosing, Chosen
from cleaner.report.figures import Figures, figures_of
from cleaner.report.findings.shown import visible
from cleaner.report.log import RunLog
from cleaner.report.page import facts
from cleaner.report.page.drawn import charts
from cleaner.report.page.parts import part, source
from cleaner.report.words import KEPT, LOOKS, RULES

FLAGGED = 50
"""Articles that lose much of themselves that the page names; report.json has more."""


def page(log: RunLog) -> str:
    """The page of a run.

    Without the collector of garbage meanwhile, which finds none among ten thousands of rows that are held: 17 %
    of the processor time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _page(log)
    finally:
        if collecting:
            gc.enable()


def _page(log: RunLog) -> str:
    choosing = Choosing(log)
    found = figures_of(log, choosing.see)
    removals, variants = choosing.chosen("removal"), choosing.chosen("variant")
    style, script = part("page.css"), part("page.js")
    html: str = _template().render(
        policy=_policy(style, script),
        style=_safe(style),
        script=_safe(script),
        data=_safe(_data(log, found, removals, variants)),
        sentence=facts.sentence(log, found),
        banners=facts.banners(log),
        tiles=facts.tiles(log, found),
        problems=facts.problems(log.facts),
        flagged=facts.flagged(log.facts)[:FLAGGED],
        more_flagged=max(0, log.facts.get("flagged", 0) - FLAGGED),
        charts=charts(log, found),
        leaders=facts.leaders(found),
        settings=facts.settings(log.facts),
        source_name=(visible(log.facts.get("run", {}).get("source_field") or "File or folder")),
        out=visible(str(log.folder.parent)),
    )
    return html


@cache
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(part("page.html"))


def _safe(text: str) -> Any:
    """Text of our own making, or JSON with ``<`` written as its code: no end tag can stand in it."""
    from markupsafe import Markup

    return Markup(text)  # nosec B704 # see above


def _policy(style: str, script: str) -> str:
    """Nothing is loaded, and only this very style and script are obeyed."""
    allowed = f"style-src {source(style)}; script-src {source(script)}"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _data(log: RunLog, found: Figures, removals: Chosen, variants: Chosen) -> str:
    """What the page's script reads, as JSON that can stand in a page."""
    data = {
        "run": _digest(log.facts),
        "cases": [*removals.cases, *variants.cases],
        "totals": {"removal": removals.total, "variant": variants.total, "look": found.to_look.repeats},
        "looks": LOOKS,
        "rules": RULES,
        "kept": KEPT,
        "would": facts.would(log),
    }
    text = _dumps(data)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _digest(report: Mapping[str, Any]) -> str:
    """What tells the marks of one run from those of another in a browser's memory."""
    return sha256(json.dumps(report, sort_keys=True).encode("utf-8", "backslashreplace")).hexdigest()[:16]


def _dumps(data: Any) -> str:
    try:
        import orjson

        return orjson.dumps(data).decode("utf-8")
    except (ImportError, TypeError):  # not there, or a lone surrogate
        return json.dumps(data, ensure_ascii=True, separators=(",", ":"))
