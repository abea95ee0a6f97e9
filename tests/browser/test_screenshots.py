"""tools/screenshots.py: one picture for each page, width and theme, no higher and no larger than it may be."""

from __future__ import annotations

import importlib.util
import struct
import sys
from pathlib import Path
from typing import Any

import chromium
import needed
import pytest

TOOL = Path(__file__).parent.parent.parent / "tools" / "screenshots.py"
HEAD = (
    "<!doctype html>"
    "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    "<style>body {margin: 0; background: white}"
    "@media (prefers-color-scheme: dark) {body {background: black}}</style>"
)


@pytest.fixture
def tool() -> Any:
    pillow = importlib.util.find_spec("PIL")
    needed.have(chromium.missing() or ("" if pillow else "no pillow (make browser)"))
    needed.have("" if TOOL.is_file() else "no tools/screenshots.py, which only a clone has")
    spec = importlib.util.spec_from_file_location("screenshots", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["screenshots"] = module
    spec.loader.exec_module(module)
    return module


def size(png: Path) -> tuple[int, int]:
    """Width and height, from the header of a PNG."""
    return struct.unpack(">II", png.read_bytes()[16:24])


def test_a_picture_for_each_width_and_theme(tool: Any, tmp_path: Path) -> None:
    from PIL import Image

    page = tmp_path / "page.html"
    page.write_text(f"{HEAD}<div id=high style='height: 1000px'></div>", encoding="utf-8")
    grow = "document.querySelector('#high').style.height = '5000px'"
    pages = [("plain", page, None), ("grown", page, lambda chrome: chrome.execute_script(grow))]
    written = tool.shoot(pages, tmp_path / "out", widths=(390, 1280), limit=1200)
    sizes = {each.name: size(each) for each in written}
    assert sizes == {
        f"{name}-{width}-{theme}.png": (width, height)
        for name, height in (("plain", 1000), ("grown", 1200))
        for width in (390, 1280)
        for theme in ("light", "dark")
    }
    light, dark = (Image.open(tmp_path / "out" / f"plain-390-{each}.png").convert("RGB") for each in ("light", "dark"))
    assert light.getpixel((5, 5)) == (255, 255, 255)
    assert dark.getpixel((5, 5)) == (0, 0, 0)


def test_only_the_window_and_more_pixels(tool: Any, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"{HEAD}<div style='height: 3000px'></div>", encoding="utf-8")
    (path,) = tool.shoot([("page", page, None)], tmp_path, widths=(390,), themes=("dark",), whole=False, scale=2)
    assert size(path) == (780, 1688)


def test_a_picture_is_made_smaller_and_keeps_its_size(tool: Any) -> None:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.effect_noise((560, 360), 60).convert("RGB").save(out, "PNG")
    small = tool.squeezed(out.getvalue())
    assert len(small) < min(len(out.getvalue()), tool.BYTES)
    assert struct.unpack(">II", small[16:24]) == (560, 360)
