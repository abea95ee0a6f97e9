"""The browser tests' own tools: each sees what it is there to see, and keeps still where there is nothing."""

from __future__ import annotations

import base64
import hashlib
import html
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import chromium
import needed
import pytest
from driving import (
    accessible,
    axe,
    downloaded,
    find,
    fits,
    no_downloads,
    nothing_ran,
    open_page,
    press,
    quiet,
    until,
)

SCRIPT = """
document.querySelector("#count").addEventListener("click", event => { event.target.textContent = "pressed" });
document.querySelector("#save").addEventListener("click", () => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["two\\nlines\\n"], {type: "text/plain"}));
  link.download = "kept.txt";
  link.click();
});
"""
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Harness</title>
<meta http-equiv="Content-Security-Policy" content="{policy}">
<style>body {{ color: #111; background: #fff }}</style>
</head><body><main><h1>Harness</h1><button id="count">Count</button> <button id="save">Save</button>{extra}</main>
<script>{script}</script></body></html>
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write the page with something more in it, its policy allowing the script by its sha256 and nothing else."""

    def page(extra: str = "", script: str = SCRIPT, policy: str = "") -> Path:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        strict = f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'"
        path = tmp_path / "page.html"
        path.write_text(PAGE.format(policy=policy or strict, extra=extra, script=script), encoding="utf-8")
        return path

    return page


def test_a_strict_page_is_quiet_and_its_script_runs(chrome: Any, write: Write) -> None:
    open_page(chrome, write())
    find(chrome, "#count").click()
    assert find(chrome, "#count").text == "pressed"
    quiet(chrome)
    nothing_ran(chrome)


def test_a_fragment_is_the_page_itself(chrome: Any, write: Write) -> None:
    open_page(chrome, write().as_uri() + "#count")
    chrome.execute_script("location.hash = 'save'")
    quiet(chrome)
    nothing_ran(chrome)


NOISY = {
    "inline handler": ("<p onclick='1' id='inline'>x</p>", "violates the following Content Security Policy"),
    "inline script": ("<script>window.x = 1</script>", "violates the following Content Security Policy"),
    "image": ("<img alt='' src='https://far.example/x.png'>", "https://far.example/x.png"),
    "frame": ("<iframe title='x' src='https://far.example/'></iframe>", "far.example"),
    "early connection": ("<link rel='preconnect' href='https://far.example/'>", "connection: <link> to https://far"),
}


@pytest.mark.parametrize("case", NOISY)
def test_what_breaks_the_policy_is_noise(chrome: Any, write: Write, case: str) -> None:
    extra, said = NOISY[case]
    open_page(chrome, write(extra))
    if case == "inline handler":
        find(chrome, "#inline").click()
    with pytest.raises(AssertionError, match=said):
        quiet(chrome)


OPEN = "default-src * 'unsafe-inline' data: blob: file:"
ASKED = {
    "image": "<img alt='' src='https://far.example/x.png'>",
    "neighbour": "<img alt='' src='neighbour.png'>",
    "fetch": "<script>fetch('https://far.example/x').catch(() => 0)</script>",
    "socket": "<script>new WebSocket('wss://far.example/x')</script>",
}


@pytest.mark.parametrize("case", ASKED)
def test_what_is_asked_for_is_noise_where_no_policy_stops_it(chrome: Any, write: Write, case: str) -> None:
    open_page(chrome, write(ASKED[case], policy=OPEN))
    with pytest.raises(AssertionError, match=r"request: (https|wss|file)://.*(far\.example/x|neighbour)"):
        quiet(chrome)


def test_data_and_blobs_are_no_requests(chrome: Any, write: Write) -> None:
    picture = "<img alt='' src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
    script = "<script>fetch(URL.createObjectURL(new Blob(['x']))).then(() => { window.came = true })</script>"
    open_page(chrome, write(picture + script, policy=OPEN))
    until(chrome, "window.came")
    quiet(chrome)


SAID = {
    "warning": "console.warn('careful')",
    "error": "console.error('broken')",
    "exception": "undefinedName()",
    "rejection": "Promise.reject(new Error('nobody caught me'))",
    "later": "setTimeout(() => { document.title = 'done'; throw new Error('later') })",
}


@pytest.mark.parametrize("case", SAID)
def test_messages_and_exceptions_are_noise(chrome: Any, write: Write, case: str) -> None:
    open_page(chrome, write(script=SAID[case]))
    if case == "later":
        until(chrome, "document.title === 'done'")
    with pytest.raises(AssertionError, match=r"careful|broken|undefinedName|nobody caught me|later"):
        quiet(chrome)
    open_page(chrome, write(script="console.log('only told')"))
    quiet(chrome)  # what a page before has said is not held against this one


FRAME = html.escape("<script>parent.__pwned = 1</script>")
INNER = html.escape(f"<iframe title='x' srcdoc='{html.escape('<script>window.__pwned = 1</script>')}'></iframe>")
HOSTILE = {
    "variable": "<img src=x onerror='window.__pwned = 1'>",
    "alert": "<script>alert('here')</script>",
    "confirm": "<img src=x onerror='confirm(1)'>",
    "from a frame": f"<iframe title='x' srcdoc='{FRAME}'></iframe>",
    "in a frame of a frame": f"<iframe title='x' srcdoc='{INNER}'></iframe>",
    "elsewhere": "<script>location.href = 'about:blank'</script>",
    "refresh": "<meta http-equiv='refresh' content='0; url=about:blank'>",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_code_from_data_is_seen_to_have_run(chrome: Any, write: Write, case: str) -> None:
    open_page(chrome, write(HOSTILE[case], policy=OPEN))
    with pytest.raises(AssertionError, match=r"__pwned was set|a dialog was opened|it led to"):
        _watch(chrome)


def test_a_window_that_data_opens_is_seen(chrome: Any, write: Write) -> None:
    open_page(chrome, write("<a id='out' target='_blank' href='about:blank'>out</a>", policy=OPEN))
    find(chrome, "#out").click()
    with pytest.raises(AssertionError, match="1 more windows were opened"):
        _watch(chrome)


def _watch(chrome: Any) -> None:
    """What has been started shows a moment later: look again until it does, at most 5 seconds."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        nothing_ran(chrome)
        time.sleep(0.02)


@pytest.mark.parametrize("case", sorted(HOSTILE.keys() - {"refresh"}))  # no policy stops a refresh
def test_a_strict_policy_stops_code_from_data(chrome: Any, write: Write, case: str) -> None:
    open_page(chrome, write(HOSTILE[case]))
    nothing_ran(chrome)


def test_what_a_page_leaves_open_does_not_disturb_the_next(chrome: Any, write: Write) -> None:
    left = "console.error('left'); fetch('https://far.example/x'); alert(1); window.open('about:blank')"
    open_page(chrome, write(f"<script>{left}</script>", policy=OPEN))
    open_page(chrome, write())
    quiet(chrome)
    nothing_ran(chrome)


def test_axe_finds_a_button_without_a_name_under_a_strict_policy(chrome: Any, write: Write) -> None:
    open_page(chrome, write("<button id='nameless'></button>"))
    (violation,) = axe(chrome)
    assert violation[:3] == ("button-name", "critical", "#nameless")
    with pytest.raises(AssertionError, match=r"critical: button-name at #nameless\n    Fix any"):
        accessible(chrome)
    quiet(chrome)  # axe itself makes no noise


def test_axe_finds_pale_text_only_in_the_colours_that_have_it(chrome: Any, write: Write) -> None:
    page = write("<p id='pale'>Pale words</p><style>@media (prefers-color-scheme: dark) {#pale {color: #ddd}}</style>")
    open_page(chrome, page)
    accessible(chrome)
    open_page(chrome, page, dark=True)
    assert [each.rule for each in axe(chrome)] == ["color-contrast"]
    assert axe(chrome, within="h1") == []
    assert axe(chrome, level=("critical",)) == []


def test_a_blob_is_saved_whole(chrome: Any, write: Write, downloads: Path) -> None:
    open_page(chrome, write())
    find(chrome, "#save").click()
    assert downloaded(downloads, "kept*.txt").read_bytes() == b"two\nlines\n"
    quiet(chrome)
    with pytest.raises(AssertionError, match="no finished file 'other' after"):
        downloaded(downloads, "other", seconds=0)


def test_a_file_counts_when_it_is_whole_and_alone(tmp_path: Path) -> None:
    (tmp_path / "kept.txt").touch()
    assert downloaded(tmp_path).name == "kept.txt"
    (tmp_path / "kept.txt.crdownload").touch()
    with pytest.raises(
        AssertionError, match=r"no finished file '\*' after 0 s, but \['kept.txt', 'kept.txt.crdownload'"
    ):
        downloaded(tmp_path, seconds=0)
    (tmp_path / "kept.txt.crdownload").rename(tmp_path / "kept (1).txt")
    with pytest.raises(AssertionError, match="more than one file fits 'kept"):
        downloaded(tmp_path, "kept*")


def test_nothing_is_saved_once_the_test_is_over(chrome: Any, write: Write, downloads: Path) -> None:
    no_downloads(chrome)
    open_page(chrome, write())
    find(chrome, "#save").click()
    with pytest.raises(AssertionError, match="but nothing"):
        downloaded(downloads, seconds=0.5)


@pytest.mark.parametrize("dark", [True, False])
def test_the_page_is_told_its_colours(chrome: Any, write: Write, dark: bool) -> None:
    open_page(chrome, write(), dark=dark)
    assert chrome.execute_script("return matchMedia('(prefers-color-scheme: dark)').matches") is dark
    assert chrome.execute_script("return matchMedia('print').matches") is False


def test_the_page_can_be_laid_out_for_print_and_then_for_screen_again(chrome: Any, write: Write) -> None:
    open_page(chrome, write(), printed=True)
    assert chrome.execute_script("return matchMedia('print').matches")
    open_page(chrome, write())
    assert chrome.execute_script("return matchMedia('screen').matches")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_has_the_width_it_was_given(chrome: Any, write: Write, width: int) -> None:
    open_page(chrome, write(), width=width, height=700)
    assert chrome.execute_script("return [innerWidth, innerHeight]") == [width, 700]


def test_what_sticks_out_is_named(chrome: Any, write: Write) -> None:
    page = write("<div id='wide' style='width: 800px'>x</div>")
    open_page(chrome, page)
    fits(chrome)
    open_page(chrome, page, width=390)
    with pytest.raises(AssertionError, match='id="wide"'):
        fits(chrome)


def test_a_reader_without_scripts(chrome: Any, write: Write) -> None:
    page = write("<noscript><p id='without'>x</p></noscript>")
    open_page(chrome, page, scripts=False)
    find(chrome, "#without")
    find(chrome, "#count").click()
    assert find(chrome, "#count").text == "Count"
    open_page(chrome, page)
    find(chrome, "#count").click()
    assert find(chrome, "#count").text == "pressed"


def test_keys(chrome: Any, write: Write) -> None:
    open_page(chrome, write("<input aria-label='x' id='field'>"))
    press(chrome, "TAB", "ENTER")
    assert find(chrome, "#count").text == "pressed"
    find(chrome, "#field").click()
    press(chrome, "a", "SHIFT+b", "+", "c")
    assert chrome.execute_script("return document.querySelector('#field').value") == "aB+c"
    press(chrome, "SHIFT+TAB")
    assert chrome.execute_script("return document.activeElement.id") == "save"


def test_a_missing_part_skips_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLEANER_BROWSER", raising=False)
    monkeypatch.setenv("CLEANER_CHROMIUM", "no-such-browser")
    monkeypatch.setenv("CLEANER_CHROMEDRIVER", "no-such-driver")
    monkeypatch.setenv("CLEANER_AXE", "/no/such/axe.js")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    said = chromium.missing()
    assert "no Chromium (Debian: apt-get install" in said
    assert "no chromedriver (Debian: apt-get install" in said
    assert "no selenium (make browser" in said
    assert "no axe-core at /no/such/axe.js (make browser" in chromium.axe_missing()
    with pytest.raises(pytest.skip.Exception, match="no chromedriver"):
        needed.have(said)


def test_a_missing_part_fails_where_the_browser_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLEANER_BROWSER", "required")
    needed.have("")
    with pytest.raises(pytest.fail.Exception, match="CLEANER_BROWSER=required, but no Chromium"):
        needed.have("no Chromium (and how to get it)")
