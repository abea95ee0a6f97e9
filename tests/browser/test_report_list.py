"""Search, filters, sorts and views list what the log says they should, reckoned here and not by the page's script."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from driving import click, find, find_all, fresh, open_page, quiet, until
from reported import VARIED, blocks, data_of, facts, log, page_of, ran

Row = dict[str, Any]
STEP = 25


class Cases:
    """The page of a run, opened, and its cases as the log has them."""

    def __init__(self, chrome: Any, out: Path) -> None:
        self.chrome, self.out = chrome, out
        fresh(chrome, page_of(out))
        self.removals, self.variants = blocks(log(out, "removals")), [[row] for row in log(out, "variants")]

    def view(self, name: str) -> list[tuple[str, int, list[Row]]]:
        """Go there; of its cases kind, number in the log and rows."""
        click(self.chrome, f"#view-{name}")
        kind = "variant" if name == "variant" else "removal"
        rows = self.variants if name == "variant" else self.removals
        found = [(kind, number, each) for number, each in enumerate(rows, 1)]
        return found if name != "look" else [each for each in found if looks(each[2])]

    def choose(self, **values: str) -> None:
        """Set fields of the form, by their ids with _ for -."""
        for name, value in values.items():
            element = find(self.chrome, "#" + name.replace("_", "-"))
            if element.tag_name == "select":
                self.chrome.execute_script(
                    "const [select, value] = arguments;"
                    "if (![...select.options].some(each => each.value === value)) throw Error('no option ' + value);"
                    "select.value = value; select.dispatchEvent(new Event('input', {bubbles: true}))",
                    element,
                    value,
                )
            else:
                element.clear()
                element.send_keys(value)
        self.chrome.execute_script(  # the list comes a moment after the last input; its number is written with it
            "document.querySelector('#count').textContent = '';"
            "document.querySelector('#filters').dispatchEvent(new Event('input'))"
        )
        until(self.chrome, "document.querySelector('#count').textContent")

    def listed(self, count: int) -> list[tuple[str, int]]:
        """All cases that are listed, with "show more" as long as there are more, once their number is ``count``."""
        wanted = r"^(\d[\d,]*)( of [\d,]+)? cases?$"
        until(
            self.chrome,
            "((document.querySelector('#count').textContent.match(arguments[0]) || [])[1] || '').replaceAll(',', '')"
            " === arguments[1]",
            wanted,
            str(count),
        )
        while find(self.chrome, "#more").is_displayed():
            click(self.chrome, "#more")
        return self.drawn()

    def drawn(self) -> list[tuple[str, int]]:
        got = self.chrome.execute_script(
            "return [...document.querySelectorAll('.case')].map(each => [each.dataset.of, Number(each.dataset.n)])"
        )
        return [(kind, number) for kind, number in got]


def looks(rows: list[Row]) -> set[str]:
    return {reason for row in rows for reason in row.get("look", ())}


@pytest.fixture
def cases(chrome: Any, planted: Path) -> Cases:
    return Cases(chrome, planted)


def holds(cases: Cases, view: str, fits: Callable[[list[Row]], bool], **chosen: str) -> int:
    """The view lists those cases, and only those, of which ``fits`` is true of the rows; how many there are."""
    wanted = [(kind, number) for kind, number, rows in cases.view(view) if fits(rows)]
    cases.choose(sort="log", **chosen)
    assert cases.listed(len(wanted)) == wanted
    quiet(cases.chrome)
    return len(wanted)


@pytest.mark.parametrize("view", ["look", "removal", "variant"])
def test_a_view_lists_all_of_its_kind_and_says_how_many(cases: Cases, view: str) -> None:
    found = holds(cases, view, lambda rows: True)
    assert f"({found:,})" in find(cases.chrome, f"#view-{view}").text
    assert find(cases.chrome, f"#view-{view}").get_attribute("aria-pressed") == "true"
    assert f"All {found:,} " in find(cases.chrome, "#view-note").text


def test_more_are_shown_by_25_and_the_first_new_one_has_the_focus(cases: Cases) -> None:
    whole = len(cases.view("removal"))
    assert whole > 2 * STEP
    assert len(find_all(cases.chrome, ".case")) == STEP
    assert find(cases.chrome, "#more").text == f"Show {STEP} more ({whole - STEP} are left)"
    click(cases.chrome, "#more")
    assert len(find_all(cases.chrome, ".case")) == 2 * STEP
    at = "[...document.querySelectorAll('.case')].indexOf(document.activeElement)"
    assert cases.chrome.execute_script(f"return {at}") == STEP


LEVELS = ("similar", "copy", "exact")


def level(rows: list[Row]) -> str:
    return next(each for each in LEVELS if each in {row["level"] for row in rows})


def rules(rows: list[Row]) -> set[str]:
    return {name for row in rows for name in row["rule"].split("+")} - {"identical"}


def values(cases: Cases, name: str) -> list[str]:
    found = cases.chrome.execute_script(
        "return [...arguments[0].options].map(each => each.value)", find(cases.chrome, f"#filter-{name}")
    )
    return [each for each in found if each]


FILTERS: dict[str, Callable[[list[Row]], set[str]]] = {
    "shape": lambda rows: {rows[0]["shape"]},
    "level": lambda rows: {level(rows)},
    "rules": rules,
    "look": looks,
    "lang": lambda rows: {rows[0]["lang"]},
    "source": lambda rows: {rows[0]["file"]},
}


@pytest.mark.parametrize("name", FILTERS)
def test_each_value_of_a_filter_lists_the_cases_that_have_it(cases: Cases, name: str) -> None:
    """Tried are the three values that most cases have, and the rarest; all are offered, with their numbers."""
    rows = [each for _, _, each in cases.view("removal")]
    there = {value for each in rows for value in FILTERS[name](each)}
    offered = values(cases, name)
    assert sorted(offered) == sorted(there)
    for value in dict.fromkeys([*offered[:3], *offered[-1:]]):
        number = holds(cases, "removal", lambda each, v=value: v in FILTERS[name](each), **{f"filter_{name}": value})  # type: ignore[misc]
        option = find(cases.chrome, f"#filter-{name}").find_element("css selector", "option:checked")
        assert option.text.endswith(f"({number})")


def test_variants_have_a_filter_by_rule(cases: Cases) -> None:
    cases.view("variant")
    for value in values(cases, "rules"):
        holds(cases, "variant", lambda rows, v=value: v in rules(rows), filter_rules=value)  # type: ignore[misc]


def test_filters_hold_together(cases: Cases) -> None:
    found = holds(
        cases,
        "removal",
        lambda rows: rows[0]["shape"] == "block" and "last" in looks(rows) and min(r["similarity"] for r in rows) < 1,
        filter_shape="block",
        filter_look="last",
        similarity_max="0.9999",
    )
    assert found


def test_a_range_of_similarity(cases: Cases) -> None:
    within = lambda low, high: lambda rows: low <= min(row["similarity"] for row in rows) <= high  # noqa: E731
    assert holds(cases, "variant", within(0.95, 1), similarity_min="0.95")
    assert holds(cases, "variant", within(0.92, 0.96), similarity_min="0.92", similarity_max="0.96")
    assert holds(cases, "variant", within(0.97, 0.9), similarity_min="0.97", similarity_max="0.9") == 0


def test_a_range_of_the_share_of_the_article(cases: Cases) -> None:
    within = lambda low, high: lambda rows: low <= rows[0]["share"] * 100 <= high  # noqa: E731
    assert holds(cases, "removal", within(50, 100), share_min="50")
    assert holds(cases, "removal", within(10, 40), share_min="10", share_max="40")


def haystack(rows: list[Row], around: dict[Any, Row]) -> str:
    """What a search looks into: file, id, and the texts on both sides."""
    said = [rows[0]["file"], str(rows[0]["id"])]
    for row in rows:
        case = around[row["record"], row["start"]]
        said += [row["text"], case["witness"].get("text") or ""]
    return "\n".join(said).lower()


@pytest.mark.parametrize("view", ["removal", "variant"])
def test_a_search_finds_all_of_its_words_anywhere_in_a_case(cases: Cases, view: str) -> None:
    around = {(case["record"], case["start"]): case for case in log(cases.out, "cases") if case["of"] == view}
    hay = [haystack(rows, around) for _, _, rows in cases.view(view)]
    words = sorted(
        {word for each in hay[:5] for word in re.findall(r"\w{6,}", each)}, key=lambda w: sum(w in h for h in hay)
    )
    some, rare = words[-1], words[0]
    for search in (some, rare, rare.upper(), f"{some} {rare}", f"  {rare}   {some} ", f"{rare} nowhere-at-all"):
        wanted = search.lower().split()
        holds(cases, view, lambda rows, w=wanted: all(each in haystack(rows, around) for each in w), search=search)  # type: ignore[misc]


def test_a_search_finds_an_article_by_its_id_and_its_file(cases: Cases) -> None:
    ident = str(cases.removals[3][0]["id"])
    around = {(case["record"], case["start"]): case for case in log(cases.out, "cases") if case["of"] == "removal"}
    found = holds(cases, "removal", lambda rows: ident.lower() in haystack(rows, around), search=ident)
    assert 0 < found < len(cases.removals)
    assert holds(cases, "removal", lambda rows: True, search="cases.jsonl") == len(cases.removals)


SORTS: dict[str, Callable[[list[Row]], float]] = {
    "log": lambda rows: 0,
    "look": lambda rows: -len(looks(rows)),
    "longest": lambda rows: -sum(row["words"] for row in rows),
    "shortest": lambda rows: sum(row["words"] for row in rows),
    "different": lambda rows: min(row["similarity"] for row in rows),
    "share": lambda rows: -rows[0]["share"],
}


@pytest.mark.parametrize("sort", SORTS)
def test_each_order_is_what_it_says_and_equals_stand_as_in_the_log(cases: Cases, sort: str) -> None:
    whole = cases.view("removal")
    cases.choose(sort=sort)
    wanted = sorted(whole, key=lambda each: (SORTS[sort](each[2]), each[1]))
    assert cases.listed(len(whole)) == [each[:2] for each in wanted]
    assert values_of_sort(cases) == list(SORTS)


def values_of_sort(cases: Cases) -> list[str]:
    found: list[str] = cases.chrome.execute_script(
        "return [...document.querySelectorAll('#sort option')].map(each => each.value)"
    )
    return found


def test_marked_ones_and_unmarked_ones(cases: Cases) -> None:
    whole = cases.view("variant")
    cases.choose(sort="log")
    first, second = find_all(cases.chrome, ".case")[:2]
    cases.chrome.execute_script("arguments[0].click()", first.find_element("css selector", ".keep-it"))
    cases.chrome.execute_script("arguments[0].click()", second.find_element("css selector", ".remove-it"))
    cases.choose(filter_mark="keep")
    assert ("variant", 1) in cases.listed(1)
    cases.choose(filter_mark="remove")
    assert cases.listed(1) == [("variant", 2)]
    cases.choose(filter_mark="none")
    assert cases.listed(len(whole) - 2) == [each[:2] for each in whole[2:]]


def test_reset_lists_all_again(cases: Cases) -> None:
    whole = cases.view("removal")
    cases.choose(search="nowhere-at-all", filter_shape="block", similarity_min="0.9", share_max="3", sort="shortest")
    assert cases.listed(0) == []
    click(cases.chrome, "#reset")
    assert sorted(cases.listed(len(whole))) == [each[:2] for each in whole]
    assert find(cases.chrome, "#search").get_attribute("value") == ""
    assert find(cases.chrome, "#sort").get_attribute("value") == "look"


def test_a_list_without_cases_says_why_it_is_empty(cases: Cases) -> None:
    whole = len(cases.view("removal"))
    cases.choose(search="nowhere-at-all")
    cases.listed(0)
    assert find(cases.chrome, "#count").text == f"0 of {whole} cases"
    assert "Reset" in find(cases.chrome, "#list").text
    assert not find(cases.chrome, "#all-keep").is_enabled()


def test_the_page_of_a_dump_lists_what_it_holds_under_the_totals_of_the_log(chrome: Any, dump: Path) -> None:
    cases = Cases(chrome, dump)
    held = data_of(page_of(dump))["cases"]
    numbers = {kind: [each["n"] for each in held if each["of"] == kind] for kind in ("removal", "variant")}
    assert f"({facts(dump)['variants']:,})" in find(chrome, "#view-variant").text
    for kind, rows in (("removal", cases.removals), ("variant", cases.variants)):
        for each in held:
            if each["of"] == kind:
                row = rows[each["n"] - 1][0]
                assert (each["file"], each["record"]) == (row["file"], row["record"])
    source = "python/peps"
    removals = [("removal", n) for n in numbers["removal"] if cases.removals[n - 1][0]["source"] == source]
    cases.view("removal")
    cases.choose(sort="log", filter_source=source)
    assert cases.listed(len(removals)) == removals


def test_both_texts_stand_side_by_side_with_what_differs_marked(chrome: Any, tmp_path: Path) -> None:
    open_page(chrome, page_of(ran(tmp_path, {"a.txt": VARIED})))
    here, there = (
        [mark.text for mark in side.find_elements("css selector", "mark.fact")] for side in find_all(chrome, ".side")
    )
    assert (here, there) == (["fifteen"], ["twelve"])
    assert find(chrome, ".case .why").text.startswith(
        "It stays although it is nearly what line 3 of the same article says"
    )
