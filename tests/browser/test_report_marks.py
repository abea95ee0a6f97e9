"""Marks, by clicks and by keys, as they are remembered, taken back and saved; and obeyed by the next run."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from driving import click, downloaded, find, find_all, fresh, open_page, press, quiet, until
from reported import BRIDGE, FERRY, LATER, SCHOOL, cleaner, data_of, jsonl, log, page_of, ran

from cleaner.decisions import key_of

Row = dict[str, Any]
COLUMNS = [
    "decision", "kind", "file", "record", "id", "line", "shape", "level", "rule", "similarity", "words", "share",
    "language", "source", "look", "differences", "text", "witness_place", "witness_text", "key", "witness_key",
]  # fmt: skip
MARKS = "return [...document.querySelectorAll('.case')].map(each => each.classList[1] || '')"
OTHER = "Nobody knows yet how the traders at the market will bring their goods across before the winter."
MANY = {
    "a.txt": f"News\n\n{BRIDGE}\n\n{FERRY}\n\n{BRIDGE}\n\n{SCHOOL}\n\n{LATER}\n",
    "b.txt": f"News\n\n{BRIDGE}\n\n{FERRY}\n\n{BRIDGE}\n\n{OTHER}\n\n{LATER}\n",
    "c.txt": f"News\n\n{OTHER}\n\n{FERRY}\n\n{OTHER}\n",
}
"""Two removals of one text and one of another; a variant, twice."""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ran(tmp_path_factory.mktemp("many"), MANY)


@pytest.fixture
def removals(chrome: Any, many: Path) -> Any:
    fresh(chrome, page_of(many))
    click(chrome, "#view-removal")
    order(chrome)
    assert [each["file"] for each in log(many, "removals")] == ["a.txt", "b.txt", "c.txt"]
    return chrome


def order(chrome: Any) -> None:
    chrome.execute_script(
        "document.querySelector('#sort').value = 'log';"
        "document.querySelector('#count').textContent = '';"
        "document.querySelector('#filters').dispatchEvent(new Event('input'))"
    )
    until(chrome, "document.querySelector('#count').textContent")


def marks(chrome: Any) -> list[str]:
    """The mark of each case that is listed: keep, remove or nothing; buttons must say the same."""
    found: list[str] = chrome.execute_script(MARKS)
    for name in ("keep", "remove"):
        pressed = [each.get_attribute("aria-pressed") == "true" for each in find_all(chrome, f".{name}-it")]
        assert pressed == [each == name for each in found]
    return found


def on(chrome: Any, number: int, css: str) -> None:
    """Click a button of a case, by its place in the list."""
    element = find_all(chrome, ".case")[number].find_element("css selector", css)
    chrome.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


def tray(chrome: Any) -> str:
    said: str = find(chrome, "#marks").text
    return said


def saved(chrome: Any, downloads: Path) -> list[Row]:
    """The decisions, saved by a click; their head is right."""
    click(chrome, "#export")
    path = downloaded(downloads, "decisions*.jsonl")
    text = path.read_text(encoding="utf-8")
    path.unlink()
    assert text.endswith("\n")
    head, *rows = [json.loads(line) for line in text.splitlines()]
    assert head == {"cleaner": "decisions", "version": 1}
    return rows


def test_to_keep_a_text_is_to_keep_each_of_its_copies(removals: Any) -> None:
    assert not find(removals, "#tray").is_displayed()
    on(removals, 0, ".keep-it")
    assert marks(removals) == ["keep", "keep", ""]
    assert tray(removals) == "1 text to keep, 0 to remove"
    quiet(removals)


def test_a_mark_is_taken_back_by_the_same_button(removals: Any) -> None:
    on(removals, 0, ".keep-it")
    on(removals, 1, ".keep-it")
    assert marks(removals) == ["", "", ""]
    assert not find(removals, "#tray").is_displayed()


def test_keep_and_remove_never_stand_on_the_same_text(removals: Any, downloads: Path) -> None:
    on(removals, 0, ".keep-it")
    on(removals, 1, ".remove-it")
    assert "keep" not in marks(removals)
    on(removals, 0, ".keep-it")
    assert marks(removals) == ["keep", "keep", ""]
    on(removals, 2, ".remove-it")
    rows = saved(removals, downloads)
    assert [(each["decision"], each["key"]) for each in rows] == [("keep", key_of(BRIDGE)), ("remove", key_of(OTHER))]


def test_what_is_saved_says_what_was_decided_about_which_text_and_where(
    chrome: Any, many: Path, downloads: Path
) -> None:
    fresh(chrome, page_of(many))
    click(chrome, "#view-removal")
    order(chrome)
    on(chrome, 0, ".keep-it")
    click(chrome, "#view-variant")
    on(chrome, 0, ".remove-it")
    keep, remove = saved(chrome, downloads)
    (variant, *_) = log(many, "variants")
    place = {"file": "a.txt", "record": None, "id": None}
    assert keep == {**place, "decision": "keep", "key": key_of(BRIDGE), "line": 7, "text": BRIDGE[:80]} | {
        "witness": key_of(BRIDGE)
    }
    assert remove == {
        **place, "decision": "remove", "key": key_of(LATER), "witness": key_of(BRIDGE), "line": variant["line"],
        "text": LATER[:80],
    }  # fmt: skip
    assert list(keep) == ["decision", "key", "witness", "file", "record", "id", "line", "text"]
    quiet(chrome)


def test_all_like_it(chrome: Any, many: Path) -> None:
    """Variants in which the same fact differs are alike, wherever they stand."""
    fresh(chrome, page_of(many))
    click(chrome, "#view-variant")
    assert "2 like it" in find_all(chrome, ".case .like")[0].text
    on(chrome, 1, ".remove-like")
    assert marks(chrome) == ["remove", "remove"]
    on(chrome, 0, ".keep-like")
    assert marks(chrome) == ["keep", "keep"]


def test_all_that_are_listed_and_no_others(removals: Any) -> None:
    find(removals, "#search").send_keys("market")
    until(removals, "document.querySelectorAll('.case').length === 1")
    click(removals, "#all-remove")
    click(removals, "#reset")
    until(removals, "document.querySelectorAll('.case').length === 3")
    order(removals)
    assert marks(removals) == ["", "", "remove"]
    click(removals, "#all-keep")
    assert marks(removals) == ["keep"] * 3
    click(removals, "#all-clear")
    assert marks(removals) == [""] * 3


def test_all_that_are_listed_are_marked_also_where_they_are_not_drawn_yet(
    chrome: Any, planted: Path, downloads: Path
) -> None:
    fresh(chrome, page_of(planted))
    click(chrome, "#view-variant")
    click(chrome, "#all-remove")
    rows = saved(chrome, downloads)
    pairs = {(row["key"], row["witness"]) for row in rows}
    spans = [span for each in data_of(page_of(planted))["cases"] if each["of"] == "variant" for span in each["spans"]]
    assert len(spans) > 25
    assert pairs == {(span["key"], span["witness"]["key"]) for span in spans if "key" in span["witness"]}
    click(chrome, "#clear")
    assert not find(chrome, "#tray").is_displayed()


def test_marks_are_there_when_the_page_is_opened_again_and_not_on_the_page_of_another_run(
    removals: Any, many: Path, tmp_path: Path
) -> None:
    on(removals, 2, ".remove-it")
    open_page(removals, page_of(many))
    click(removals, "#view-removal")
    order(removals)
    assert marks(removals) == ["", "", "remove"]
    assert tray(removals) == "0 texts to keep, 1 to remove"
    cleaner("report", many, "-q")
    open_page(removals, page_of(many))
    assert tray(removals) == "0 texts to keep, 1 to remove"
    open_page(removals, page_of(ran(tmp_path, {"a.txt": MANY["a.txt"]})))
    assert not find(removals, "#tray").is_displayed()


def test_all_marks_are_taken_back_at_once(removals: Any, many: Path) -> None:
    click(removals, "#all-keep")
    click(removals, "#clear")
    assert marks(removals) == ["", "", ""]
    open_page(removals, page_of(many))
    assert not find(removals, "#tray").is_displayed()


def test_to_take_back_one_removal_of_a_text_leaves_the_one_beside_another_witness(chrome: Any, tmp_path: Path) -> None:
    """A removal is about a text beside its witness; "twelve" and "fifteen" weeks stand beside two others each."""
    texts = [BRIDGE, BRIDGE.replace("twelve", "thirty")]
    files = {f"{n}.txt": f"News\n\n{text}\n\n{FERRY}\n\n{LATER}\n" for n, text in enumerate(texts)}
    fresh(chrome, page_of(ran(tmp_path, files)))  # type: ignore[arg-type]
    click(chrome, "#view-variant")
    click(chrome, "#all-remove")
    assert marks(chrome) == ["remove", "remove"]
    on(chrome, 0, ".remove-it")
    assert marks(chrome) == ["", "remove"]


def test_marks_by_keys_alone(chrome: Any, many: Path, downloads: Path) -> None:
    fresh(chrome, page_of(many))
    for _ in range(60):
        press(chrome, "TAB")
        if chrome.execute_script("return document.activeElement.id") == "view-removal":
            press(chrome, "ENTER")
        if "case" in chrome.execute_script("return document.activeElement.className").split():
            break
    focus = "[...document.querySelectorAll('.case')].indexOf(document.activeElement)"
    assert chrome.execute_script(f"return {focus}") == 0
    press(chrome, "s")
    first = marks(chrome)
    assert first[0] == "keep"
    press(chrome, "j", "j")
    assert chrome.execute_script(f"return {focus}") == 2
    press(chrome, "r", "j")  # the last one: it keeps the focus
    assert chrome.execute_script(f"return {focus}") == 2
    assert marks(chrome)[2] == "remove"
    press(chrome, "u")
    assert marks(chrome)[2] == ""
    press(chrome, "k", "k")
    assert chrome.execute_script(f"return {focus}") == 0
    press(chrome, "TAB")  # its buttons come next; keys work there, too
    assert chrome.execute_script("return document.activeElement.className") == "keep-it"
    press(chrome, "SPACE")
    assert chrome.execute_script("return document.activeElement.className") == "keep-it"
    assert marks(chrome)[0] == ""
    press(chrome, "r")
    assert marks(chrome)[0] == "remove"
    press(chrome, "/")
    assert chrome.execute_script("return document.activeElement.id") == "search"
    press(chrome, *"srujk/")
    assert find(chrome, "#search").get_attribute("value") == "srujk/"
    assert tray(chrome) == "0 texts to keep, 1 to remove"
    quiet(chrome)


def test_keys_with_control_are_the_browsers_own(chrome: Any, many: Path) -> None:
    fresh(chrome, page_of(many))
    chrome.execute_script("document.querySelector('.case').focus()")
    press(chrome, "CONTROL+u", "ALT+s")
    assert "keep" not in chrome.execute_script(MARKS)


def test_j_goes_on_to_cases_that_are_not_drawn_yet(chrome: Any, planted: Path) -> None:
    fresh(chrome, page_of(planted))
    click(chrome, "#view-removal")
    chrome.execute_script("document.querySelectorAll('.case')[24].focus()")
    press(chrome, "j")
    assert len(find_all(chrome, ".case")) == 50
    at = "[...document.querySelectorAll('.case')].indexOf(document.activeElement)"
    assert chrome.execute_script(f"return {at}") == 25


def test_a_block_longer_than_is_shown_is_kept_whole(chrome: Any, tmp_path: Path, downloads: Path) -> None:
    lines = [f"{FERRY[:-1]} on day {n} of the month, whatever the weather at sea may be like." for n in range(60)]
    out = ran(tmp_path, {"a.txt": "\n\n".join(["News", *lines, SCHOOL, *lines]) + "\n"})
    whole = {key_of(row["text"]) for row in log(out, "removals") if row["text"].strip()}
    assert len(whole) == 60
    fresh(chrome, page_of(out))
    assert find_all(chrome, ".case")
    on(chrome, 0, ".keep-it")
    rows = saved(chrome, downloads)
    assert {row["key"] for row in rows} == whole
    assert tray(chrome) == "60 texts to keep, 0 to remove"


def read(text: str) -> list[Row]:
    found = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert text.startswith("\ufeff")
    assert found
    assert list(found[0]) == COLUMNS
    return found


@pytest.mark.parametrize("name", ["many", "seed", "planted"])
@pytest.mark.parametrize("view", ["removal", "variant"])
def test_the_table_that_the_page_saves_is_that_of_the_command(
    chrome: Any, request: pytest.FixtureRequest, downloads: Path, name: str, view: str
) -> None:
    out = request.getfixturevalue(name)
    fresh(chrome, page_of(out))
    click(chrome, f"#view-{view}")
    order(chrome)
    click(chrome, "#export-csv")
    with downloaded(downloads, "cases*.csv").open(encoding="utf-8", newline="") as stream:
        here = stream.read()
    whole = cleaner("report", out, "--format", "csv").stdout
    wanted = [row for row in read(whole) if row["kind"] == view]
    if not wanted:
        assert here.strip("\ufeff\r\n").split(",") == COLUMNS
        return
    got = read(here)
    assert len(got) == len(wanted)
    for one, other in zip(got, wanted, strict=True):
        shown = {name: text for name, text in one.items() if "characters…]" not in text}  # long texts are cut here
        assert shown == {name: other[name] for name in shown}


def test_marks_stand_in_the_table(removals: Any, downloads: Path) -> None:
    on(removals, 0, ".keep-it")
    on(removals, 2, ".remove-it")
    click(removals, "#export-csv")
    with downloaded(downloads, "cases*.csv").open(encoding="utf-8", newline="") as stream:
        assert [row["decision"] for row in read(stream.read())] == ["keep", "keep", "remove"]


def obeys() -> bool:
    return "--decisions" in cleaner("clean", "--help").stdout


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_the_next_run_obeys_what_was_marked(chrome: Any, tmp_path: Path, downloads: Path, form: str) -> None:
    """The kept text stays, the removed variant goes, and nothing else changes; the new page says why."""
    if not obeys():
        pytest.skip("this cleaner clean has no --decisions yet")
    records = jsonl(*({"id": name, "text": text} for name, text in MANY.items()))
    out = ran(tmp_path, {"a.jsonl": records})
    fresh(chrome, page_of(out))
    click(chrome, "#view-removal")
    order(chrome)
    on(chrome, 2, ".keep-it")  # OTHER, which c.txt says twice
    click(chrome, "#view-variant")
    on(chrome, 0, ".remove-like" if find_all(chrome, ".remove-like") else ".remove-it")
    if form == "jsonl":
        click(chrome, "#export")
        file = downloaded(downloads, "decisions*.jsonl")
    else:
        click(chrome, "#view-removal")
        click(chrome, "#export-csv")
        first = downloaded(downloads, "cases*.csv")
        kept = first.rename(tmp_path / "kept.csv").read_text(encoding="utf-8")
        click(chrome, "#view-variant")
        click(chrome, "#export-csv")
        removed = downloaded(downloads, "cases*.csv").read_text(encoding="utf-8")
        file = tmp_path / "both.csv"
        file.write_text(kept + removed.split("\n", 1)[1], encoding="utf-8")
    before = [json.loads(line)["text"] for line in (out / "a.jsonl").read_text().splitlines()]
    cleaner("clean", "a.jsonl", "-o", "again", "--quiet", "--decisions", file, cwd=tmp_path)
    after = [json.loads(line)["text"] for line in (tmp_path / "again" / "a.jsonl").read_text().splitlines()]
    assert [text.count(LATER) for text in before] == [1, 1, 0]
    assert before[2].count(OTHER) == 1
    assert after[0] == f"News\n\n{BRIDGE}\n\n{FERRY}\n\n{SCHOOL}\n"
    assert after[1] == f"News\n\n{BRIDGE}\n\n{FERRY}\n\n{OTHER}\n"
    assert after[2] == MANY["c.txt"]
    open_page(chrome, page_of(tmp_path / "again"))
    click(chrome, "#view-removal")
    said = [each.text for each in find_all(chrome, ".case .why")]
    assert sum("since a decision says so" in each for each in said) == 2
    quiet(chrome)
