"""What data holds stays inert: in texts, ids, names of files and sources, headings and differences, nothing runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from driving import accessible, click, find, find_all, fits, fresh, nothing_ran, open_page, quiet
from reported import BRIDGE, FERRY, LATER, SCHOOL, cleaner, jsonl, page_of, ran, write

RUN = "window.__pwned=1"
SAMPLES = {
    "script": f"<script>{RUN}</script>",
    "end of a script": f"</script><script>{RUN}</script>",
    "open comment in a script": f"<!--<script>{RUN}//</script>-->",
    "handler": f'<img src=x onerror="{RUN}">',
    "svg": f"<svg onload={RUN}><animate onbegin={RUN} attributeName=x></svg>",
    "end of an attribute": f'" onmouseover="{RUN}" autofocus onfocus="{RUN}" x="',
    "end of another": f"' onfocus='{RUN}' autofocus x='",
    "link": f"[x](javascript:{RUN}) javascript:{RUN} <a href='javascript:{RUN}'>x</a>",
    "frame": f"<iframe srcdoc='<script>parent.{RUN[7:]}</script>'></iframe>",
    "refresh": '<meta http-equiv="refresh" content="0;url=https://far.example/">',
    "style": "</style><style>*{display:none}</style><link rel=stylesheet href=https://far.example/x.css>",
    "base": '<base href="https://far.example/"><form action="https://far.example/"><button>x</button></form>',
    "templates": "{{7*7}} {% raw %} ${7*7} #{7*7} <%= 7*7 %> {{ config }} {{''.__class__}}",
    "directions": "before \u202egnihtyna\u202c \u2066inside\u2069 \u200fafter\u061c",
    "invisible": "soft\u00adhyphen zero\u200bwidth \ufeffmark \U000e0041tag \u2028line\u2029paragraph",
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 🇫🇷 e\u0301 क्षि",
    "entities": "&lt;script&gt; &amp;#60; &#x3c;script&#x3e; &quot;",
    "prototype": "__proto__ constructor toString hasOwnProperty",
    "formula": '=HYPERLINK("https://far.example/","x") +1 -1 @SUM(A1)',
    "json": '\\"},{\\u003c/script> \\n \\u0000',
}


def article(sample: str) -> str:
    """A heading, a paragraph that is said twice, and a variant, all of them with the sample."""
    here = f"{BRIDGE[:20]}{sample} {BRIDGE[20:]}"
    changed = here.replace("twelve", f"fifteen {sample}")
    return f"# {sample}\n\n{here}\n\n{FERRY}\n\n{here}\n\n{SCHOOL}\n\n{changed}\n"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run with each sample in text, id, language and source; and in the names of files, where the system can."""
    records = [
        {"id": f"{sample} {n}", "lang": sample, "source": sample, "text": article(sample)}
        for n, sample in enumerate(SAMPLES.values())
    ]
    files: dict[str, str | bytes] = {"a.jsonl": jsonl(*records)}
    folder = tmp_path_factory.mktemp("hostile")
    for sample in SAMPLES.values():
        name = sample.replace("/", "∕").replace("\0", "")[:60] + ".txt"
        try:
            write(folder, {name: article(sample)})
        except OSError:
            continue
        files[f"./{name}"] = article(sample)
    assert len(files) > 1
    options = ("--lang-field", "lang", "--source-field", "source", "--text-format", "markdown")
    return ran(folder, files, *options)


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_of_the_data_runs_loads_or_leads_away(chrome: Any, hostile: Path, width: int) -> None:
    fresh(chrome, page_of(hostile), width=width)
    for view in ("look", "removal", "variant"):
        click(chrome, f"#view-{view}")
        while find(chrome, "#more").is_displayed():
            click(chrome, "#more")
        assert find_all(chrome, ".case")
        fits(chrome)
        nothing_ran(chrome)
    accessible(chrome)
    assert not find_all(chrome, "img, iframe, object, embed, base, form[action], #list a, #list svg, #list style")
    assert len(find_all(chrome, "script")) == 2
    quiet(chrome)


def test_without_scripts_nothing_of_the_data_is_markup(chrome: Any, hostile: Path) -> None:
    open_page(chrome, page_of(hostile), scripts=False)
    assert not find_all(chrome, "img, iframe, object, embed, base, form[action]")
    nothing_ran(chrome)
    quiet(chrome)


def test_the_page_of_show_stays_inert_too(chrome: Any, hostile: Path, tmp_path: Path) -> None:
    for record in range(1, len(SAMPLES) + 1):
        page = tmp_path / f"{record}.html"
        cleaner("show", hostile, "a.jsonl", "--record", str(record), "--format", "html", "-o", page)
        open_page(chrome, page)
        nothing_ran(chrome)
        quiet(chrome)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_text_is_shown_as_it_is(chrome: Any, hostile: Path, name: str) -> None:
    """All of its signs are there to read, those that nobody sees as their codes, and templates are not reckoned."""
    fresh(chrome, page_of(hostile))
    click(chrome, "#view-removal")
    while find(chrome, "#more").is_displayed():
        click(chrome, "#more")
    said = chrome.execute_script(
        "return [...document.querySelectorAll('.side.gone .said')].map(each => each.textContent)"
    )
    wanted = f"{BRIDGE[:20]}{SAMPLES[name]} {BRIDGE[20:]}"
    for sign in "\u202e\u202c\u2066\u2069\u200f\u061c\u00ad\u200b\ufeff\U000e0041\u2028\u2029":
        wanted = wanted.replace(sign, f"U+{ord(sign):04X}")
    assert any(wanted in each for each in said)


def test_hostile_values_can_be_filtered_by_and_searched_for(chrome: Any, hostile: Path) -> None:
    from driving import until

    fresh(chrome, page_of(hostile))
    click(chrome, "#view-removal")
    for name in ("lang", "source"):
        options = chrome.execute_script(
            f"return [...document.querySelector('#filter-{name}').options].map(o => o.value)"
        )
        assert SAMPLES["handler"] in options
        assert SAMPLES["prototype"] in options
        for value in (SAMPLES["handler"], SAMPLES["prototype"], SAMPLES["directions"]):
            chrome.execute_script(
                "const [id, value] = arguments; const select = document.querySelector(id); select.value = value;"
                "document.querySelector('#count').textContent = '';"
                "document.querySelector('#filters').dispatchEvent(new Event('input'))",
                f"#filter-{name}",
                value,
            )
            until(chrome, "document.querySelector('#count').textContent.includes(' of ')")
            assert find_all(chrome, ".case")
        click(chrome, "#reset")
        until(chrome, "!document.querySelector('#count').textContent.includes(' of ')")
    nothing_ran(chrome)
    quiet(chrome)


def test_what_was_marked_is_saved_whole(chrome: Any, hostile: Path, downloads: Path) -> None:
    from driving import downloaded

    fresh(chrome, page_of(hostile))
    click(chrome, "#view-removal")
    click(chrome, "#all-keep")
    click(chrome, "#export")
    lines = downloaded(downloads, "decisions*").read_text(encoding="utf-8").split("\n")
    assert len([json.loads(line) for line in lines if line]) == len(SAMPLES) + 1  # its head, and each text once
    nothing_ran(chrome)
    quiet(chrome)


LARGE = {
    "a megabyte": "word " * 200_000,
    "a megabyte without spaces": "x" * 1_000_000,
    "combining marks": "o" + "\u0301\u0323\u0489" * 4000,
    "emoji by the thousand": "👩‍👩‍👧‍👦" * 3000,
    "right to left by the thousand": "\u202e" * 5000,
}


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", LARGE)
def test_what_is_large_stays_inside_the_page(chrome: Any, tmp_path: Path, name: str, width: int) -> None:
    large = LARGE[name]
    texts = [
        f"News\n\n{BRIDGE} {large}\n\n{FERRY}\n\n{BRIDGE} {large}\n\n{SCHOOL}\n\n{LATER} {large}\n",
    ]
    out = ran(tmp_path, {"a.jsonl": jsonl(*({"id": "i" * 3000, "text": text} for text in texts))})
    assert page_of(out).stat().st_size < 1_000_000
    fresh(chrome, page_of(out), width=width)
    for view in ("removal", "variant"):
        click(chrome, f"#view-{view}")
        fits(chrome)
    quiet(chrome)
    nothing_ran(chrome)


def test_long_names_of_sources_and_languages_stay_inside_the_page(chrome: Any, tmp_path: Path) -> None:
    records = [{"id": n, "src": f"{n}" * 50_000, "lang": f"{n}x" * 2000, "text": article("x")} for n in range(3)]
    out = ran(tmp_path, {"a.jsonl": jsonl(*records)}, "--source-field", "src", "--lang-field", "lang")
    assert page_of(out).stat().st_size < 3_000_000
    for width in (390, 1280):
        fresh(chrome, page_of(out), width=width)
        click(chrome, "#view-removal")
        assert find_all(chrome, ".case")
        fits(chrome)
    quiet(chrome)


def test_the_name_of_a_source_field_is_text(chrome: Any, tmp_path: Path) -> None:
    field = SAMPLES["handler"]
    records = [{field: f"{n}", "text": article("x")} for n in range(2)]
    out = ran(tmp_path, {"a.jsonl": jsonl(*records)}, "--source-field", field)
    fresh(chrome, page_of(out))
    assert field in find(chrome, "#filters").text
    nothing_ran(chrome)
    quiet(chrome)


def test_line_ends_of_windows_are_line_ends(chrome: Any, tmp_path: Path) -> None:
    wrapped = BRIDGE.replace(" for ", "\r\nfor ")
    out = ran(tmp_path, {"a.txt": f"News\r\n\r\n{wrapped}\r\n\r\n{FERRY}\r\n\r\n{wrapped}\r\n"})
    fresh(chrome, page_of(out))
    click(chrome, "#view-removal")
    assert find_all(chrome, ".case")
    assert "U+000D" not in find(chrome, "#list").text
