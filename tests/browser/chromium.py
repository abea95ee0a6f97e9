"""Find and start a headless Chromium that cannot reach the network; for the browser tests and tools/screenshots.py."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from typing import Any

APT = "apt-get install --no-install-recommends chromium chromium-driver"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # /dev/shm of a container may be 64 MB, on which tabs crash
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # no name and no address is ever looked up: pages stay on this machine
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--lang=en-US",
)


def browser() -> str | None:
    """The Chromium to start: CLEANER_CHROMIUM, or the first of BROWSERS on the path."""
    named = os.environ.get("CLEANER_CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)


def driver() -> str | None:
    """The chromedriver to start: CLEANER_CHROMEDRIVER, or the one on the path."""
    return shutil.which(os.environ.get("CLEANER_CHROMEDRIVER") or "chromedriver")


def axe() -> Path:
    """Where axe-core is, or would be: CLEANER_AXE, or where `make browser` puts it in this environment."""
    ours = Path(sys.prefix) / "browser" / "node_modules" / "axe-core" / "axe.min.js"
    return Path(os.environ.get("CLEANER_AXE") or ours)


def programs_missing() -> list[str]:
    """What must come from the system's packages and is not there, each with the way to get it."""
    lacks = []
    if not browser():
        lacks.append(f"no Chromium (Debian: {APT}; or name one in CLEANER_CHROMIUM)")
    if not driver():
        lacks.append(f"no chromedriver (Debian: {APT}; or name one in CLEANER_CHROMEDRIVER)")
    return lacks


def missing() -> str:
    """What a browser test lacks and the way to get it, one line; empty where nothing is missing."""
    lacks = programs_missing()
    if not importlib.util.find_spec("selenium"):
        lacks.append("no selenium (make browser, or pip install 'article-cleaner[browser]')")
    return "; ".join(lacks)


def axe_missing() -> str:
    """What the checks of accessibility lack and the way to get it, one line; empty where nothing is missing."""
    return "" if axe().is_file() else f"no axe-core at {axe()} (make browser; or name its axe.min.js in CLEANER_AXE)"


def start() -> Any:
    """A new headless Chromium as selenium's driver; needs what `missing` asks for, and `quit` at the end."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = browser() or ""
    for flag in FLAGS:
        options.add_argument(flag)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # as root Chromium does not start with it
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    options.set_capability("unhandledPromptBehavior", "ignore")  # an alert stays open, to be found by nothing_ran
    # With the path of the driver given selenium-manager is not started; these two are for the day it is all the same.
    os.environ.setdefault("SE_OFFLINE", "true")
    os.environ.setdefault("SE_AVOID_STATS", "true")
    service = Service(executable_path=driver(), env={**os.environ, "TZ": "UTC"})
    chrome = webdriver.Chrome(options=options, service=service)
    chrome.set_page_load_timeout(600)  # seconds; only what hangs takes as long
    return chrome


def emulate(chrome: Any, width: int, height: int, dark: bool, media: str = "", scale: float = 1) -> None:
    """Give the page a size in CSS pixels, a colour scheme, and "print" or "screen" as its medium ("" for its own)."""
    size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [scheme]})


def address(page: str | Path) -> str:
    """The URL of a page: a path becomes file://, what is a URL already stays."""
    text = str(page)
    schemes = ("file:", "http:", "https:", "data:", "about:")
    return text if text.startswith(schemes) else Path(text).resolve().as_uri()


if __name__ == "__main__":  # for make and .ci/run: fails, saying why, where the system has no Chromium
    sys.exit("\n".join(programs_missing()) or None)
