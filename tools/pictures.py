"""The pictures of report pages in docs/pictures: real pages of real runs, in the states that a reader meets.

    python tools/pictures.py            # those of the docs
    python tools/pictures.py FOLDER     # all of them, in three widths and both themes, to look at

needs `make browser`, the fonts that tools/screenshots.py names, and the shared data (CLEANER_SHARED or ../shared);
the pages are those of samples/putin-trump.fr.txt and of a dump of 30,203 articles, cleaned in scope corpus.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from screenshots import Page, shoot

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared"))
DUMP = SHARED / "data" / "dump.jsonl.zst"


def cleaned(folder: Path, *arguments: str) -> Path:
    """Run cleaner; returns its page."""
    command = [sys.executable, "-m", "cleaner", "clean", *arguments, "-o", str(folder), "--quiet"]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder / "_cleaner" / "report.html"


def to(chrome: Any, selector: str) -> None:
    """Scroll an element to the top of the window."""
    chrome.execute_script("document.querySelector(arguments[0]).scrollIntoView()", selector)


def cases(chrome: Any) -> None:
    to(chrome, "#cases")


def case(chrome: Any) -> None:
    to(chrome, ".case")


def figures(chrome: Any) -> None:
    to(chrome, "#charts-title")


def variants(chrome: Any) -> None:
    chrome.execute_script("document.querySelector('#view-variant').click()")
    chrome.execute_script(
        "document.querySelector('#search').value = arguments[0];"
        "document.querySelector('#filters').dispatchEvent(new Event('input'));",
        "number",
    )
    chrome.execute_async_script("setTimeout(arguments[0], 400)")
    for selector in (".case .keep-it", ".case:nth-child(2) .remove-it"):
        for button in chrome.find_elements("css selector", selector)[:1]:
            chrome.execute_script("arguments[0].click()", button)
    to(chrome, "#count")


KEPT = {
    "report": [(1280, "light"), (1280, "dark")],
    "figures": [(1280, "light")],
    "cases": [(820, "dark")],
    "variants": [(1280, "light")],
    "case": [(1280, "light"), (390, "light")],
}
"""What the docs show: each state once or twice, 0.6 MB in all."""


def main() -> int:
    if not DUMP.exists():
        print(f"{DUMP} is not there; set CLEANER_SHARED", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as made:
        seed = cleaned(Path(made, "seed"), "samples/putin-trump.fr.txt")
        dump = cleaned(Path(made, "dump"), str(DUMP), "--scope", "corpus", "--source-field", "source")
        pages = [
            Page("report", dump),
            Page("figures", dump, figures),
            Page("cases", dump, cases),
            Page("variants", dump, variants),
            Page("case", seed, case),
        ]
        if len(sys.argv) > 1:
            written = shoot(pages, Path(sys.argv[1]), whole=False)
        else:
            written = [
                path
                for page in pages
                for width, theme in KEPT[page.name]
                for path in shoot([page], ROOT / "docs" / "pictures", [width], [theme], whole=False)
            ]
    for path in written:
        print(f"{path} {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
