"""How long a report page takes in Chromium: until it is loaded, until its first case is drawn, and a search."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from processes import ROOT, middle

sys.path.append(str(ROOT / "tests" / "browser"))

import chromium

LETTERS = "ent"
"""What is typed; each key is waited for. The first makes the texts ready to be searched, later ones do not."""
PATIENCE = 30.0
"""Seconds for which a moment is waited for."""
WATCH = """
// Runs before the page's own script. A moment counts once it is on the screen: the frame after the change is drawn.
window.__moments = {};
const painted = (name) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => { window.__moments[name] = performance.now(); };
  port2.postMessage(null);
});
const watch = new MutationObserver((changes) => {
  const added = changes.some((change) => change.target.id === "list" && change.addedNodes.length);
  if (!added) return;
  if (window.__typed) painted("listed"); else { watch.disconnect(); painted("drawn"); }
});
watch.observe(document, { childList: true, subtree: true });
window.__await_list = () => {
  window.__typed = null;
  delete window.__moments.listed;
  document.getElementById("search").addEventListener("keydown", (event) => { window.__typed = event.timeStamp; },
    { once: true, capture: true });
  watch.observe(document.getElementById("list"), { childList: true });
};
"""
LARGEST = """
const totals = { removal: 0, variant: 0 };
for (const each of JSON.parse(document.getElementById("data").textContent).cases) totals[each.of]++;
return totals.removal >= totals.variant ? "removal" : "variant";
"""


def missing() -> str:
    """What there is not, and the way to get it; empty where nothing is missing."""
    return chromium.missing()


@contextmanager
def started() -> Iterator[tuple[Any, str]]:
    """A running Chromium that has drawn an empty page, and its version."""
    chrome = chromium.start()
    try:
        chromium.emulate(chrome, 1280, 900, dark=False)
        chrome.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        yield chrome, str(chrome.capabilities["browserVersion"])
    finally:
        chrome.quit()


def opened(chrome: Any, page: Path, rounds: int) -> dict[str, Any]:
    """Milliseconds over so many openings: from navigation to the end of the load event and to the first drawn case;
    from a key in the search field to the list drawn anew, over all cases of the kind that the page has most of.
    """
    found: dict[str, list[float]] = {name: [] for name in ("loaded, ms", "drawn, ms", "first key, ms", "next key, ms")}
    for _ in range(rounds):
        chrome.get("about:blank")
        chrome.get(chromium.address(page))
        found["drawn, ms"].append(moment(chrome, "return window.__moments.drawn"))
        loaded = "return performance.getEntriesByType('navigation')[0].loadEventEnd"
        found["loaded, ms"].append(moment(chrome, loaded))
        first, *others = keys(chrome)
        found["first key, ms"].append(first)
        found["next key, ms"] += others
    kind = chrome.execute_script(LARGEST)
    spread = {name: {"median": middle(each), "most": round(max(each), 1)} for name, each in found.items()}
    return spread | {"searched": kind}


def keys(chrome: Any) -> Iterator[float]:
    """Milliseconds of each key, the page's own wait for further keys included."""
    from selenium.webdriver.common.by import By

    chrome.find_element(By.ID, f"view-{chrome.execute_script(LARGEST)}").click()
    field = chrome.find_element(By.ID, "search")
    for letter in LETTERS:
        chrome.execute_script("window.__await_list()")
        field.send_keys(letter)
        done = "return window.__typed && window.__moments.listed && window.__moments.listed - window.__typed"
        yield moment(chrome, done)


def moment(chrome: Any, script: str) -> float:
    """What the script returns once it is no longer nothing. Raises SystemExit where it stays so."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if value := chrome.execute_script(script):
            return float(value)
        time.sleep(0.02)
    raise SystemExit(f"{chrome.current_url}: nothing came within {PATIENCE:g} s of: {script}")
