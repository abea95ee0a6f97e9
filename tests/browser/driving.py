"""What tests do with a page in a real Chromium; `chrome` is the driver that the fixture of this name hands out."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import chromium
import needed
from waiting import GUARD

LOCAL = ("blob:", "data:", "about:")
FAR_LINKS = "dns-prefetch", "preconnect", "prefetch", "preload", "modulepreload", "prerender"
UNFINISHED = (".crdownload", ".tmp")


def open_page(
    chrome: Any,
    page: str | Path,
    width: int = 1280,
    height: int = 900,
    dark: bool = False,
    printed: bool = False,
    scripts: bool = True,
) -> None:
    """Open a page and wait until it is loaded; what pages before it left (alerts, windows, messages) is gone.

    :param page: a path, opened as file://, or a URL (with which a fragment can be given)
    :param width, height: of the window, in CSS pixels
    :param dark: what the page is told by prefers-color-scheme
    :param printed: lay it out as for printing
    :param scripts: False for a reader who has switched JavaScript off
    """
    _leave(chrome)
    chromium.emulate(chrome, width, height, dark, "print" if printed else "")
    chrome.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})
    chrome.opened = chromium.address(page)
    chrome.get(chrome.opened)


def _leave(chrome: Any) -> None:
    """Close alerts and further windows, go to an empty page, forget what was logged."""
    while alert := _alert(chrome):
        alert.dismiss()
    first, *others = chrome.window_handles
    for window in others:
        chrome.switch_to.window(window)
        chrome.close()
    chrome.switch_to.window(first)
    chrome.get("about:blank")
    chrome.get_log("browser")
    chrome.get_log("performance")


def _alert(chrome: Any) -> Any:
    """The dialog that is open (alert, confirm, prompt), or None."""
    from selenium.common.exceptions import NoAlertPresentException

    try:
        return chrome.switch_to.alert
    except NoAlertPresentException:
        return None


def quiet(chrome: Any) -> None:
    """Assert that the page has made no noise since it was opened, or since the last call.

    Noise is a console message of level warning or error, an exception that nobody caught, a violation of the page's
    policy (CSP), and a request for anything but the page itself, blob: and data:.
    """
    noise = [
        f"{entry['level'].lower()} ({entry['source']}): {entry['message']}"
        for entry in chrome.get_log("browser")
        if entry["level"] in ("WARNING", "SEVERE")
    ]
    noise += [f"request: {url}" for url in _requests(chrome) if not _local(url, chrome.opened)]
    noise += [f"connection: <link> to {url}" for url in _far_links(chrome)]
    assert not noise, f"{chrome.opened} was not quiet:\n  " + "\n  ".join(noise)


def _local(url: str, page: str) -> bool:
    return url.startswith(LOCAL) or url.split("#")[0] == page.split("#")[0]


def _requests(chrome: Any) -> Iterator[str]:
    """The URLs that were asked for since the last call, also those that a policy or the missing network stopped."""
    for entry in chrome.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            yield message["params"]["request"]["url"]
        elif message["method"] in ("Network.webSocketCreated", "Network.webTransportCreated"):
            yield message["params"]["url"]


def _far_links(chrome: Any) -> list[str]:
    """Links by which a browser looks up or opens something early, which no log tells."""
    rels = ",".join(f"link[rel~={rel}]" for rel in FAR_LINKS)
    return chrome.execute_script("return [...document.querySelectorAll(arguments[0])].map(each => each.href)", rels)


PWNED = """
const all = frame => [frame, ...Array.from(frame).flatMap(all)];
const value = each => { try { return each.__pwned } catch { return undefined } };  // a frame of another origin
const found = all(window).map(value).find(each => each !== undefined);
return found === undefined ? null : String(found)
"""


def nothing_ran(chrome: Any) -> None:
    """Assert that no code from the data ran, and none of it took the reader elsewhere.

    Hostile samples open a dialog, set ``window.__pwned`` (in a frame or in the page), open a window, or lead to
    another page.
    """
    from selenium.common.exceptions import UnexpectedAlertPresentException

    _no_dialog(chrome)
    try:
        windows, now, found = chrome.window_handles, chrome.current_url, chrome.execute_script(PWNED)
    except UnexpectedAlertPresentException:  # it was opened since
        _no_dialog(chrome)
        raise
    assert len(windows) == 1, f"{chrome.opened}: {len(windows) - 1} more windows were opened"
    assert now.split("#")[0] == chrome.opened.split("#")[0], f"{chrome.opened}: it led to {now}"
    assert found is None, f"{chrome.opened}: window.__pwned was set to {found!r}"


def _no_dialog(chrome: Any) -> None:
    if alert := _alert(chrome):
        said = alert.text
        alert.dismiss()
        raise AssertionError(f"{chrome.opened}: a dialog was opened: {said!r}")


class Violation(NamedTuple):
    """A rule of axe-core that one element breaks."""

    rule: str
    impact: str
    target: str
    summary: str

    def __str__(self) -> str:
        return f"{self.impact}: {self.rule} at {self.target}\n    " + self.summary.replace("\n", "\n    ")


def axe(chrome: Any, level: tuple[str, ...] = ("serious", "critical"), within: str = "") -> list[Violation]:
    """What axe-core finds on the page as it is now, in its present size and colours.

    Its script goes in by the driver, to which the page's policy does not apply. Skips the test where axe-core is
    missing, saying so.

    :param level: the impacts that count, of minor, moderate, serious, critical
    :param within: a CSS selector; only what stands in there is looked at
    """
    needed.have(chromium.axe_missing())
    if not chrome.execute_script("return 'axe' in window"):
        chrome.execute_script(chromium.axe().read_text(encoding="utf-8"))
    answer = chrome.execute_async_script(
        "const [within, done] = arguments;"
        "axe.run(within || document, {resultTypes: ['violations']})"
        ".then(found => done({found: found.violations}), error => done({error: String(error)}))",
        within,
    )
    assert "error" not in answer, f"{chrome.opened}: axe-core failed: {answer['error']}"
    return [
        Violation(rule["id"], node["impact"], _target(node["target"]), node["failureSummary"])
        for rule in answer["found"]
        for node in rule["nodes"]
        if node["impact"] in level
    ]


def _target(steps: list[Any]) -> str:
    """The selectors of an element, from the outermost frame or shadow root inwards."""
    return " > ".join(step if isinstance(step, str) else " >>> ".join(step) for step in steps)


def accessible(chrome: Any, level: tuple[str, ...] = ("serious", "critical"), within: str = "") -> None:
    """Assert that axe-core finds nothing at these levels; a failure names rule, element and what to do."""
    found = axe(chrome, level, within)
    assert not found, f"{chrome.opened}: {len(found)} violations\n  " + "\n  ".join(map(str, found))


def fits(chrome: Any) -> None:
    """Assert that the page needs no scrolling sideways; a failure names the elements that stick out."""
    wide = chrome.execute_script(
        "const page = document.scrollingElement; if (page.scrollWidth <= page.clientWidth) return null;"
        "return [...document.body.querySelectorAll('*')]"
        ".filter(each => each.getBoundingClientRect().right > page.clientWidth + 0.5).slice(0, 5)"
        ".map(each => each.outerHTML.slice(0, 100))"
    )
    assert wide is None, f"{chrome.opened} is wider than its window:\n  " + "\n  ".join(wide)


def keep_downloads(chrome: Any, folder: Path) -> None:
    """From now on what the page saves goes into this folder."""
    chrome.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})


def no_downloads(chrome: Any) -> None:
    """From now on the page can save nothing."""
    chrome.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "deny"})


def downloaded(folder: Path, name: str = "*", seconds: float = GUARD) -> Path:
    """The one file in the folder that fits the name (a pattern), once it is whole."""
    end = time.monotonic() + seconds
    while True:
        files = list(folder.iterdir())
        whole = [each for each in folder.glob(name) if not _unfinished(each)]
        if whole and not any(map(_unfinished, files)):
            assert len(whole) == 1, f"more than one file fits {name!r}: {sorted(each.name for each in whole)}"
            return whole[0]
        there = sorted(each.name for each in files) or "nothing"
        assert time.monotonic() < end, f"no finished file {name!r} after {seconds:g} s, but {there}"
        time.sleep(0.02)


def _unfinished(file: Path) -> bool:
    return file.name.startswith(".") or file.suffix in UNFINISHED


def until(chrome: Any, expression: str, *values: Any, seconds: float = GUARD) -> Any:
    """Wait until a JavaScript expression (``arguments`` are the values) is truthy; returns what it is then."""
    end = time.monotonic() + seconds
    while not (answer := chrome.execute_script(f"return ({expression})", *values)):
        assert time.monotonic() < end, f"{chrome.opened}: not so after {seconds:g} s: {expression}"
        time.sleep(0.02)
    return answer


def find(chrome: Any, css: str) -> Any:
    """The one element that a CSS selector names."""
    found = find_all(chrome, css)
    assert len(found) == 1, f"{chrome.opened}: {len(found)} elements are {css}, not one"
    return found[0]


def find_all(chrome: Any, css: str) -> list[Any]:
    """The elements that a CSS selector names, in the order of the page."""
    return chrome.find_elements("css selector", css)


def click(chrome: Any, css: str) -> None:
    """Click the one element that a CSS selector names, with it in the middle of the window: nothing lies over it."""
    element = find(chrome, css)
    chrome.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


def fresh(chrome: Any, page: str | Path, **how: Any) -> None:
    """Open a page that remembers nothing of an earlier visit."""
    open_page(chrome, page, **how)
    if chrome.execute_script("const held = localStorage.length; localStorage.clear(); return held"):
        open_page(chrome, page, **how)


def press(chrome: Any, *keys: str) -> None:
    """Press keys one after the other where the focus is: characters, or names as TAB, ENTER, ARROW_DOWN, SHIFT+TAB."""
    from selenium.webdriver import ActionChains, Keys

    for key in keys:
        *held, last = key.split("+") if len(key) > 1 else [key]
        codes = [getattr(Keys, each) for each in held]
        actions = ActionChains(chrome)
        for code in codes:
            actions.key_down(code)
        actions.send_keys(getattr(Keys, last, last))
        for code in reversed(codes):
            actions.key_up(code)
        actions.perform()
