"""Pictures of pages for the docs, in several widths and both colour schemes, small enough to be kept in git.

    python tools/screenshots.py docs/pictures report=out/_cleaner/report.html

writes docs/pictures/report-390-light.png and so on; `make browser` brings what it needs. For pages in all scripts
it needs fonts, 14 MB: apt-get install fonts-noto-core fonts-wqy-microhei.
"""

from __future__ import annotations

import argparse
import base64
import io
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "browser"))

import chromium

WIDTHS = 390, 820, 1280  # a telephone, a tablet upright, a notebook; in CSS pixels
HEIGHTS = {390: 844, 820: 1180}
HEIGHT = 800
THEMES = "light", "dark"
LIMIT = 2000  # of a picture's height, in CSS pixels
BYTES = 150_000
COLOURS = 256, 128, 64, 32  # the first that keeps a picture under BYTES
READY = """
const done = arguments[0], still = new CSSStyleSheet();
still.replaceSync("*, ::before, ::after {animation: none !important; transition: none !important; "
  + "caret-color: transparent !important}");
document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];  // which no policy of a page forbids
document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => done())));
"""


class Page(NamedTuple):
    """What to take a picture of; actions bring the page into the state to be shown, given selenium's driver."""

    name: str
    url: str | Path
    actions: Callable[[Any], object] | None = None


def shoot(
    pages: Iterable[Page | tuple[str, str | Path, Callable[[Any], object] | None]],
    folder: Path,
    widths: Sequence[int] = WIDTHS,
    themes: Sequence[str] = THEMES,
    limit: int = LIMIT,
    scale: float = 1,
    whole: bool = True,
) -> list[Path]:
    """Write NAME-WIDTH-THEME.png into the folder for each page, width and theme; returns the files in this order.

    :param limit: the height of a picture at most, in CSS pixels
    :param scale: pixels of the picture for each CSS pixel
    :param whole: the page down to its end or the limit; otherwise what the window shows, with what scrolling it brings
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    chrome = chromium.start()
    try:
        for name, url, actions in pages:
            for width in widths:
                for theme in themes:
                    chromium.emulate(chrome, width, HEIGHTS.get(width, HEIGHT), theme == "dark", scale=scale)
                    chrome.get("about:blank")  # so that a fragment, too, is a page of its own
                    chrome.get(chromium.address(url))
                    if actions:
                        actions(chrome)
                    path = folder / f"{name}-{width}-{theme}.png"
                    path.write_bytes(squeezed(picture(chrome, limit, whole)))
                    written.append(path)
    finally:
        chrome.quit()
    return written


def picture(chrome: Any, limit: int, whole: bool) -> bytes:
    """The page as it is now, a PNG."""
    chrome.execute_async_script(READY)
    wanted: dict[str, Any] = {"format": "png"}
    if whole:
        size = chrome.execute_cdp_cmd("Page.getLayoutMetrics", {})
        wide, high = size["cssLayoutViewport"]["clientWidth"], size["cssContentSize"]["height"]
        clip = {"x": 0, "y": 0, "width": wide, "height": min(high, limit), "scale": 1}
        wanted |= {"captureBeyondViewport": True, "clip": clip}
    return base64.b64decode(chrome.execute_cdp_cmd("Page.captureScreenshot", wanted)["data"])


def squeezed(png: bytes) -> bytes:
    """The picture with a palette of at most 256 colours, fewer where it would be larger than BYTES."""
    from PIL import Image

    full = Image.open(io.BytesIO(png)).convert("RGB")
    small = png
    for colours in COLOURS:
        out = io.BytesIO()
        full.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        small = min(small, out.getvalue(), key=len)
        if len(small) <= BYTES:
            break
    return small


def main() -> int:
    """0 when all pictures are written and small; 1 when one is larger than BYTES; 2 when something is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("pages", nargs="+", metavar="NAME=PAGE", help="a path or a URL")
    parser.add_argument("--widths", type=int, nargs="+", default=WIDTHS)
    parser.add_argument("--themes", choices=THEMES, nargs="+", default=THEMES)
    parser.add_argument("--limit", type=int, default=LIMIT, help="height at most, in CSS pixels (%(default)s)")
    parser.add_argument("--scale", type=float, default=1, help="pixels for each CSS pixel (%(default)s)")
    parser.add_argument("--window", action="store_true", help="only what the window shows")
    given = parser.parse_args()
    if wrong := [each for each in given.pages if "=" not in each]:
        parser.error(f"not NAME=PAGE: {wrong[0]}")
    if lack := chromium.missing():
        print(lack, file=sys.stderr)
        return 2
    pages = [Page(*each.split("=", 1)) for each in given.pages]
    large = 0
    for path in shoot(pages, given.folder, given.widths, given.themes, given.limit, given.scale, not given.window):
        size = path.stat().st_size
        large += size > BYTES
        print(f"{path} {size / 1000:.0f} kB{' TOO LARGE' if size > BYTES else ''}")
    return 1 if large else 0


if __name__ == "__main__":
    sys.exit(main())
