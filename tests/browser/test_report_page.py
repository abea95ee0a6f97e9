"""The page of a run in a browser: quiet, readable by everybody in every width and theme, with and without scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from driving import accessible, click, find, find_all, fits, fresh, nothing_ran, open_page, quiet, until
from reported import BRIDGE, FERRY, TWICE, VARIED, exact, facts, jsonl, page_of, ran

WIDTHS = 390, 820, 1280
PAGES = "seed", "planted", "dump"
VIEWS = "look", "removal", "variant"

THAI = (
    "นักวิทยาศาสตร์กล่าวว่าสะพานข้ามแม่น้ำจะปิดเป็นเวลาสิบสองสัปดาห์ในขณะที่วิศวกรตรวจสอบความเสียหาย"
    "ที่เกิดขึ้นจากน้ำท่วมใหญ่เมื่อเดือนที่แล้ว และรถยนต์ทุกคันจะต้องใช้เส้นทางอื่น"
)
ARABIC = (
    "قال المتحدث باسم البلدية إن الجسر فوق النهر سيغلق لمدة اثني عشر أسبوعا بينما يفحص المهندسون الأضرار التي "
    "سببتها الفيضانات في الشهر الماضي وعلى السائقين استخدام طريق آخر"
)
CHINESE = (
    "市政府发言人表示,跨河大桥将关闭十二个星期,工程师将检查上个月洪水造成的损坏情况,所有车辆必须绕行其他道路,"
    "直到检查工作全部完成为止。学校和医院将照常开放,公共汽车也会改变路线。"
)
CHANGED = {THAI: ("สิบสอง", "สิบห้า"), ARABIC: ("اثني", "خمسة"), CHINESE: ("十二", "十五")}


def scripts() -> str:
    texts = [f"Title\n\n{text}\n\n{FERRY}\n\n{text}\n\n{text.replace(*CHANGED[text])}\n" for text in CHANGED]
    return jsonl(*({"id": n, "text": text} for n, text in enumerate(texts)))


STATES: dict[str, tuple[dict[str, str | bytes], tuple[str, ...]]] = {
    "no cases": ({"a.txt": f"News\n\n{BRIDGE}\n"}, ()),
    "one case": ({"a.txt": TWICE}, ()),
    "variants only": ({"a.txt": VARIED}, ()),
    "errors": ({"a.txt": TWICE, "b.jsonl": '{"text": broken\n', "c.txt": b"\x00\xff\x00"}, ()),
    "other scripts": ({"a.jsonl": scripts()}, ()),
    "level similar": ({"a.txt": VARIED}, ("--level", "similar")),
    "dry run": ({"a.txt": TWICE}, ("--dry-run",)),
    "no articles": ({"a.jsonl": ""}, ()),
}


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made: dict[str, Path] = {}

    def page(name: str) -> Path:
        if name not in made:
            files, options = STATES[name]
            made[name] = ran(tmp_path_factory.mktemp("state"), files, *options, code=None)
        return page_of(made[name])

    return page


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_real_pages_are_quiet_fit_and_can_be_read_by_everybody(
    chrome: Any, request: pytest.FixtureRequest, name: str, width: int, dark: bool
) -> None:
    fresh(chrome, page_of(request.getfixturevalue(name)), width=width, dark=dark)
    for view in VIEWS:
        click(chrome, f"#view-{view}")
        fits(chrome)
        if view == "look" or name == "planted":
            accessible(chrome)
    for button in find_all(chrome, ".case .keep-it")[:1]:
        chrome.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
        button.click()
        assert find(chrome, "#tray").is_displayed()
        accessible(chrome, within="#tray")
        fits(chrome)
    quiet(chrome)
    nothing_ran(chrome)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", STATES)
def test_every_state_is_quiet_fits_and_can_be_read(chrome: Any, state: Any, name: str, width: int) -> None:
    open_page(chrome, state(name), width=width, dark=width == 820)
    for view in VIEWS:
        click(chrome, f"#view-{view}")
        fits(chrome)
    accessible(chrome)
    find(chrome, "#search").send_keys("there-is-no-such-word")
    until(chrome, "document.querySelectorAll('.case').length === 0")
    fits(chrome)
    accessible(chrome, within="#cases")
    quiet(chrome)


@pytest.mark.parametrize("name", PAGES)
def test_without_scripts_the_figures_are_there_and_the_way_to_the_cases_is_told(
    chrome: Any, request: pytest.FixtureRequest, name: str
) -> None:
    out = request.getfixturevalue(name)
    open_page(chrome, page_of(out), scripts=False)
    words = facts(out)["words"]
    assert find(chrome, "[data-figure=words]").text == f"{words:,}"
    assert find_all(chrome, ".chart [role=listitem]")
    assert "needs JavaScript" in find(chrome, "noscript").text
    assert "cleaner report FOLDER --format csv" in find(chrome, "noscript").text
    assert "cleaner restore" in find(chrome, "#back").text
    assert not find(chrome, "#app").is_displayed()
    fits(chrome)
    quiet(chrome)


@pytest.mark.parametrize("name", ["seed", "planted"])
def test_in_print_the_cases_are_there_and_what_only_a_screen_can_do_is_not(
    chrome: Any, request: pytest.FixtureRequest, name: str
) -> None:
    open_page(chrome, page_of(request.getfixturevalue(name)), width=720, printed=True)
    assert find_all(chrome, ".case")[0].is_displayed()
    assert find(chrome, "#back").is_displayed()
    for each in ("#filters", ".views", ".bulk", "#tray", "#more", ".keys"):
        assert not find(chrome, each).is_displayed(), each
    assert not any(each.is_displayed() for each in find_all(chrome, ".actions"))
    fits(chrome)
    quiet(chrome)


@pytest.mark.parametrize("name", PAGES)
def test_the_figures_of_real_pages_are_those_of_the_log(request: pytest.FixtureRequest, name: str) -> None:
    exact(request.getfixturevalue(name))


def test_the_page_of_a_dump_is_small_enough_and_says_what_it_holds(chrome: Any, dump: Path) -> None:
    assert page_of(dump).stat().st_size <= 15_000_000
    open_page(chrome, page_of(dump))
    click(chrome, "#view-variant")
    said = find(chrome, "#view-note").text
    assert f"of {facts(dump)['variants']:,} variants: a sample by chance" in said


def test_right_to_left_texts_are_laid_out_so(chrome: Any, state: Any) -> None:
    open_page(chrome, state("other scripts"))
    found = chrome.execute_script(
        "return [...document.querySelectorAll('.said')]"
        ".map(each => [each.textContent.slice(0, 20), getComputedStyle(each).direction])"
    )
    assert {direction for text, direction in found if text in ARABIC} == {"rtl"}
    assert {direction for text, direction in found if text in THAI or text in CHINESE} == {"ltr"}


def test_the_keyboard_reaches_everything_in_the_order_of_the_page(chrome: Any, seed: Path) -> None:
    """The link to the cases comes first; each stop can be seen, and has a name."""
    from driving import press

    open_page(chrome, page_of(seed))
    told = []
    for _ in range(40):
        press(chrome, "TAB")
        told.append(
            chrome.execute_script(
                "const here = document.activeElement;"
                "const outline = getComputedStyle(here).outlineStyle;"
                "return here === document.body ? null : [here.id || here.className, outline]"
            )
        )
    stops = [each[0] for each in told if each]
    assert stops[0] == "skip"
    wanted = ["view-look", "view-removal", "view-variant", "search", "sort", "reset", "all-keep", "export-csv", "case"]
    assert [each for each in stops if each in wanted][: len(wanted)] == wanted
    assert "keep-it" in stops
    assert "remove-it" in stops
    assert all(outline != "none" for _, outline in filter(None, told))
