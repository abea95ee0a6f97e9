"""What is found in one page, and under which rule."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_page import toy

from cleaner.findings import Finding
from cleaner.phases.check.find import find
from cleaner.phases.check.keys import words_of
from cleaner.phases.check.options import CheckOptions
from cleaner.phases.check.rules import RULES
from cleaner.settings import QUARTERS
from cleaner.text.pages.block import PageFormat
from cleaner.text.pages.read import read_page
from cleaner.text.words import finder, quarters

BRIDGE = "The bridge over the river will be closed for twelve weeks while engineers check its foundations and cables."
FERRY = "A ferry takes people on foot and bicycles across every ten minutes from early in the morning until midnight."
BUS = "Buses go the long way round by the motorway and need about half an hour more than they did before."
SHORT = "The ferry takes people on foot across."


def found(*blocks: str, options: CheckOptions | None = None) -> list[Finding]:
    """The findings of a page with these blocks, a blank line between two."""
    return find(toy("\n\n".join(blocks) + "\n"), "docs/page.md", options or CheckOptions())


def told(findings: list[Finding]) -> list[tuple[str, int, int | None]]:
    """Rule, line, and line of the witness."""
    return [(f.rule, f.here.line, f.there.line if f.there else None) for f in findings]


def test_a_page_that_says_nothing_twice_has_no_finding() -> None:
    assert found("# Traffic", BRIDGE, FERRY, BUS) == []


def test_a_paragraph_right_below_itself_is_an_error_at_its_own_lines() -> None:
    (finding,) = found(BRIDGE, BRIDGE, FERRY)
    assert (finding.rule, finding.severity) == ("adjacent-copy", "error")
    assert finding.here[1:] == (109, 216, 3, 1, 3, 108) == (109, 109 + len(BRIDGE), 3, 1, 3, len(BRIDGE) + 1)
    assert finding.there is not None
    assert (finding.there.line, finding.there.path) == (1, "docs/page.md")
    assert (finding.text, finding.other, finding.words, finding.similarity) == (BRIDGE, BRIDGE, 18, 1.0)
    assert finding.differences == ()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("wrapped otherwise", lambda s: s.replace(" will", "\nwill").replace(" while", "\nwhile")),
        ("in capitals", str.upper),
        ("without its full stop", lambda s: s.rstrip(".")),
        ("with other spaces", lambda s: s.replace(" ", "  ")),
        ("with a soft hyphen", lambda s: s.replace("engineers", "engi\u00adneers")),
        ("with a word emphasised", lambda s: s.replace("bridge", "*bridge*")),
        (
            "with a plain typo",
            lambda s: s.replace("foundations", "fuondations").replace("fuo", "fou").replace("dati", "adti"),
        ),
    ],
)
def test_what_is_immaterial_makes_no_other_statement(name: str, change: Callable[[str], str]) -> None:
    again = change(BRIDGE)
    assert again != BRIDGE
    assert told(found(BRIDGE, again)) == [("adjacent-copy", 3, 1)], name


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("They said \"no\" to it - all of them - and went home before the meeting was over.",
         "They said “no” to it – all of them – and went home before the meeting was over."),
        ("It’s the well-known station of the underground near the river that was closed.",
         "It's the well-\nknown station of the underground near the river that was closed."),
    ],
)  # fmt: skip
def test_quotes_dashes_and_hyphens_at_line_ends_are_style(a: str, b: str) -> None:
    assert told(found(a, b)) == [("adjacent-copy", 3, 1)]


@pytest.mark.parametrize(
    "change",
    [
        ("12", "13"),
        ("12", "-12"),
        ("12", "1.2"),
        ("12 weeks", "12 weeks, 5 days,"),
        ("The bridge", "The bridge <https://example.org/a>"),
        ("The bridge", "The `bridge`"),
        ("12", "€ 12"),
    ],
)
def test_another_number_sign_link_or_code_is_no_finding_at_all(change: tuple[str, str]) -> None:
    old = BRIDGE.replace("twelve", "12")
    assert old != old.replace(*change)
    assert found(old, old.replace(*change)) == []


@pytest.mark.parametrize(
    "change",
    [("will be", "will not be"), ("engineers", "divers"), ("The bridge", "The Elbe bridge"), ("river", "canal")],
)
def test_another_word_name_or_negation_is_a_warning_that_no_fix_touches(change: tuple[str, str]) -> None:
    (finding,) = found(BRIDGE, BRIDGE.replace(*change))
    assert (finding.rule, finding.severity, finding.cut, finding.safe) == ("adjacent-near", "warning", None, False)
    assert 0.9 <= finding.similarity < 1
    assert [d.material for d in finding.differences] == [True]


def test_neighbours_that_differ_more_are_no_finding() -> None:
    assert found(BRIDGE, BRIDGE.replace("engineers check its", "divers look at the")) == []


def test_three_neighbours_that_are_nearly_alike_are_a_list_in_all_but_form() -> None:
    assert found(*(BRIDGE.replace("bridge", name) for name in ("bridge", "tunnel", "harbour"))) == []


def test_near_copies_with_something_between_are_no_finding() -> None:
    assert found(BRIDGE, FERRY, BRIDGE.replace("engineers", "divers")) == []


def test_a_block_that_stands_four_times_in_a_row_is_one_finding() -> None:
    (finding,) = found(BRIDGE, BRIDGE, BRIDGE, BRIDGE, FERRY)
    assert told([finding]) == [("adjacent-copy", 3, 1)]
    assert [region.line for region in finding.more] == [5, 7]
    assert "four times" in finding.message


def test_eight_words_are_enough_side_by_side_and_seven_are_not() -> None:
    eight = "The ferry takes people on foot across now."
    assert told(found(eight, eight)) == [("adjacent-copy", 3, 1)]
    assert found(SHORT, SHORT) == []


def test_words_of_scripts_without_spaces_count_by_characters() -> None:
    sixteen = "桥梁将关闭十二周工程师检查基础和缆"
    assert told(found(sixteen + "。", sixteen)) == [("adjacent-copy", 3, 1)]
    assert found(sixteen[:15], sixteen[:15]) == []


def test_anything_between_two_paragraphs_parts_them() -> None:
    for between in ("! an image", "# A heading", "- an item", BUS):
        assert "adjacent" not in told(found(BRIDGE, between, BRIDGE))[0][0], between


def test_tabs_with_one_text_are_siblings_and_never_an_error() -> None:
    tab = f"<tab>\n\n{BRIDGE}\n\n</tab>"
    assert told(found("# Install", tab, tab)) == [("sibling-section-copy", 11, 5)]
    assert told(found("# Install", "! container", tab, "! container", tab)) == [("sibling-section-copy", 15, 7)]
    box = f"<box>\n\n{BRIDGE}\n\n</box>"
    assert [f.severity for f in found(box, FERRY, box)] == ["info"]


def test_a_box_right_below_itself_is_a_copy_too() -> None:
    box = f"<box>\n\n{BRIDGE}\n\n</box>"
    assert told(found("# Install", box, box)) == [("adjacent-copy", 11, 5)]
    assert told(found("# Install", box, f"<box>\n\n{BRIDGE}\n\n{FERRY}\n\n</box>")) == [("other-section-copy", 11, 5)]


def test_a_paragraph_in_a_tab_is_not_beside_one_outside() -> None:
    assert [f.severity for f in found(BRIDGE, f"<tab>\n\n{BRIDGE}\n\n</tab>")] == ["info"]


def test_items_right_below_each_other_are_copies_unless_numbered() -> None:
    items = "\n".join(f"- {text}" for text in (BRIDGE, BRIDGE, FERRY))
    assert told(found(items)) == [("adjacent-copy", 2, 1)]
    steps = "\n".join(f"1. {text}" for text in (BRIDGE, BRIDGE, FERRY))
    assert told(found(steps)) == [("same-section-copy", 2, 1)]


def test_an_item_with_more_below_it_is_not_whole() -> None:
    assert [f.rule for f in found(f"- {BRIDGE}\n- {BRIDGE}\n  - {FERRY}")] == ["same-section-copy"]
    assert [f.rule for f in found(f"- {BRIDGE}\n  - {BRIDGE}")] == ["same-section-copy"]


def test_a_run_of_blocks_right_below_itself_is_one_error() -> None:
    (finding,) = found("# One", BRIDGE, "! code", f"- {FERRY}", BRIDGE, "! code", f"- {FERRY}", "# Two", BUS)
    assert (finding.rule, finding.severity) == ("adjacent-block", "error")
    assert finding.there is not None
    assert (finding.here.line, finding.here.last_line) == (9, 13)
    assert (finding.there.line, finding.there.last_line) == (3, 7)
    assert finding.text == f"{BRIDGE}\n\n! code\n\n- {FERRY}"


def test_a_section_pasted_below_itself_begins_at_its_heading() -> None:
    (finding,) = found("# Guide", BUS, "## Ferry", FERRY, "## Ferry", FERRY, "## Ferry", FERRY)
    assert told([finding]) == [("adjacent-block", 9, 5)]
    assert [region.line for region in finding.more] == [13]


def test_of_the_windows_that_a_run_has_one_that_begins_with_a_heading_is_told() -> None:
    findings = found(FERRY, "## Ferry", FERRY, "## Ferry", FERRY)
    assert told(findings) == [("other-section-copy", 5, 1), ("adjacent-block", 7, 3)]
    assert told(found(FERRY, "! code", FERRY, "! code", FERRY)) == [
        ("adjacent-block", 5, 1),
        ("same-section-copy", 9, 1),
    ]


@pytest.mark.parametrize(
    "second",
    [
        (BRIDGE, "! other code", FERRY),
        (BRIDGE, "! code", FERRY.replace("ten", "nine")),
        (BRIDGE, FERRY),
        (BRIDGE, "! code", BUS, FERRY),
    ],
)
def test_a_run_whose_copy_is_not_complete_is_no_block(second: tuple[str, ...]) -> None:
    assert "adjacent-block" not in {f.rule for f in found(BRIDGE, "! code", FERRY, *second)}


def test_a_run_without_a_paragraph_that_could_be_found_alone_is_none() -> None:
    assert found("# See", SHORT, "! code", SHORT, "! code") == []
    refrain = "\n\n".join(["La la la la.", "Ho ho ho."] * 4)
    assert found(refrain) == []


def test_a_list_pasted_below_itself_is_a_block_unless_it_is_one_of_steps() -> None:
    items = ["- Short one.", f"- {BUS}", "- Another short one."]
    assert told(found("\n".join(items), "\n".join(items))) == [("adjacent-block", 5, 1)]
    steps = [item.replace("- ", "1. ") for item in items]
    assert "adjacent-block" not in {f.rule for f in found("\n".join(steps), "\n".join(steps))}
    below = f"1. Press the button.\n   - {BUS}"
    assert "adjacent-block" not in {f.rule for f in found(below, below)}, "what stands below steps is part of them"


def test_a_run_with_a_box_of_its_own_is_a_block() -> None:
    run = (BRIDGE, f"<box>\n\n{FERRY}\n\n</box>")
    assert told(found(*run, *run)) == [("adjacent-block", 9, 1)]


def test_containers_one_after_the_other_are_a_block_only_with_a_paragraph_before_each() -> None:
    tabs = f"<tab>\n\n{BRIDGE}\n\n</tab>\n\n<tab>\n\n{FERRY}\n\n</tab>"
    assert told(found(BUS, tabs, BUS, tabs)) == [("adjacent-block", 15, 1)]
    assert "adjacent-block" not in {f.rule for f in found(tabs, tabs)}


def test_in_one_section_each_later_copy_is_a_warning_with_the_first_as_witness() -> None:
    findings = found("# One", BRIDGE, FERRY, BRIDGE, BUS, BRIDGE)
    assert told(findings) == [("same-section-copy", 7, 3), ("same-section-copy", 11, 3)]
    assert {f.severity for f in findings} == {"warning"}
    assert not any(f.safe for f in findings)


def test_twelve_words_are_asked_for_where_something_stands_between() -> None:
    eleven = "The ferry takes people on foot across until midnight now again."
    assert found(eleven, FERRY, eleven) == []
    assert told(found(f"Yes: {eleven}", FERRY, f"Yes: {eleven}")) == [("same-section-copy", 5, 1)]


def test_sections_of_one_name_below_one_parent_are_siblings() -> None:
    assert told(found("# Linux", BUS, "## Install", BRIDGE, "## Install", FERRY, BRIDGE)) == [
        ("sibling-section-copy", 13, 7)
    ]
    other = found("# Linux", BUS, "## Install", BRIDGE, FERRY, "# Mac", "## Install", BRIDGE)
    assert told(other) == [("other-section-copy", 15, 7)]


def test_copies_in_other_sections_are_one_finding() -> None:
    (finding,) = found("# A", BRIDGE, "# B", BRIDGE, FERRY, "# C", BRIDGE, BUS)
    assert (finding.rule, finding.severity) == ("other-section-copy", "info")
    assert told([finding]) == [("other-section-copy", 7, 3)]
    assert [region.line for region in finding.more] == [13]


def test_a_section_with_another_sections_body_is_told_with_its_heading() -> None:
    (finding,) = found("# Page", "## Ferries", FERRY, "! code", "## Bridges", BRIDGE, "## Buses", FERRY, "! code")
    assert (finding.rule, finding.severity) == ("repeated-section", "warning")
    assert (finding.here.line, finding.here.last_line) == (13, 17)
    assert finding.there is not None
    assert (finding.there.line, finding.there.last_line) == (3, 7)


def test_a_section_with_something_of_its_own_is_not_repeated() -> None:
    for own in (BUS, "! more", "### Below\n\nWith words of its own."):
        rules = {f.rule for f in found("# Page", "## Ferries", FERRY, "## Bridges", BRIDGE, "## Buses", FERRY, own)}
        assert rules == {"other-section-copy"}, own


def test_a_paragraph_of_code_alone_is_not_prose() -> None:
    code = "`def register(tool: int, event: int, func: Callable, more: int, less: int) -> None`"
    assert found(code, code) == []


def test_a_rule_that_is_off_says_nothing_and_no_other_speaks_for_it() -> None:
    assert found(BRIDGE, BRIDGE, options=CheckOptions(severities={"adjacent-copy": "off"})) == []
    (finding,) = found(BRIDGE, BRIDGE, options=CheckOptions(severities={"adjacent-copy": "info"}))
    assert finding.severity == "info"


def test_settings_for_some_paths_hold_for_those_only() -> None:
    options = CheckOptions(paths=(("docs/*.md", {"all": "off"}), ("page.md", {"adjacent-copy": "warning"})))
    assert [f.severity for f in found(BRIDGE, BRIDGE, options=options)] == ["warning"]
    assert found(BRIDGE, FERRY, BRIDGE, options=options) == []
    elsewhere = find(toy(f"{BRIDGE}\n\n{BRIDGE}\n"), "blog/post.md", options)
    assert [f.severity for f in elsewhere] == ["error"]


def test_the_key_of_a_finding_tells_what_it_says_and_not_where() -> None:
    (one,), (other,), (third,) = (
        found(BRIDGE, BRIDGE),
        found("# Further down", FERRY, BRIDGE.upper(), BRIDGE),
        found(FERRY, FERRY),
    )
    assert one.key == other.key != third.key
    (apart,) = found(BRIDGE, FERRY, BRIDGE)
    assert apart.key != one.key, "the rule is part of it"


def test_lines_that_end_in_a_carriage_return_keep_their_numbers() -> None:
    page = toy(f"# A\r\n\r\n{BRIDGE}\r\n\r\n{BRIDGE}\r\n")
    (finding,) = find(page, "a.md")
    assert (finding.here.line, finding.here.column, finding.here.last_column) == (5, 1, len(BRIDGE) + 1)


def test_many_equal_blocks_take_time_that_grows_with_their_number_only() -> None:
    # Twenty thousand blocks: anything that looks at pairs would not come back.
    (finding,) = found(*[BRIDGE] * 20_000)
    assert len(finding.more) == 19_998
    apart = found(*[BRIDGE, "! code"] * 3_000, "end")
    assert {f.rule for f in apart} == {"adjacent-block"}


def test_a_page_without_copies_loads_neither_the_comparison_nor_its_library() -> None:
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from toy_page import toy
from cleaner.phases.check.find import find
assert not find(toy({BRIDGE!r} + "\\n\\n" + {FERRY!r}), "a.md")
assert "rapidfuzz" not in sys.modules and "cleaner.phases.compare" not in sys.modules, "a clean page"
assert find(toy({BRIDGE!r} + "\\n\\n" + {BRIDGE!r}), "a.md")
assert "rapidfuzz" not in sys.modules, "a copy to the letter"
assert find(toy({BRIDGE!r} + "\\n\\n" + {BRIDGE.upper()!r}), "a.md")
assert "rapidfuzz" in sys.modules, "this test looks at the right name"
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_every_rule_explains_itself_in_full() -> None:
    for name, rule in RULES.items():
        assert rule.name == name
        assert rule.title
        assert rule.why
        assert rule.cure
        for sign in ("<!-- cleaner: ignore", "{/* cleaner: ignore", ".. cleaner: ignore", "// cleaner: ignore"):
            assert f"{sign} {name} " in rule.silence
        assert max(len(line) for text in rule for line in text.split("\n")) <= 120
    shared = RULES["across-files"].cure
    assert all(word in shared for word in ("Hugo", "MDX", "Sphinx", "AsciiDoc"))


ALPHABET = "ab Zß é5 6²½ -_.,\xa0\xad\u2010\u2013’“ω桥ก\u0301\n`"


@given(st.text(ALPHABET, max_size=40))
def test_words_are_counted_as_everywhere_else(text: str) -> None:
    assert words_of(text) == sum(quarters(word[0]) for word in finder(text)(text, 0, len(text))) // QUARTERS


def test_many_pairs_take_time_that_grows_with_their_number_only() -> None:
    names = [f"{BRIDGE} {'abcdefghij'[n // 1000]}{n:b}".replace("0", "x").replace("1", "y") for n in range(4_000)]
    assert len(found(*[name for name in names for _ in range(2)])) == 4_000
    boxes = [f"<box>\n\n{name}\n\n</box>" for name in names for _ in range(2)]
    assert len(found(*boxes)) == 4_000


WORDS = st.lists(st.sampled_from(BRIDGE.rstrip(".").split()), min_size=12, max_size=20, unique=True).map(" ".join)


@given(st.lists(WORDS, min_size=1, max_size=6, unique=True), st.data())
def test_any_run_pasted_below_itself_is_found_at_its_lines(blocks: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(blocks) - 1))
    end = data.draw(st.integers(first + 1, len(blocks)))
    pasted = [*blocks[:end], *blocks[first:end], *blocks[end:]]
    lines = (2 * end + 1, 4 * end - 2 * first - 1)
    errors = [f for f in found(*pasted) if f.severity == "error"]
    assert lines in [(f.here.line, f.here.last_line) for f in errors]
    assert len(errors) == 1


@pytest.mark.parametrize(
    ("items", "rules"),
    [
        ("<ul><li>{}</li><li>{}</li></ul>", ["adjacent-copy"]),
        ("<ul>\n<li>{}\n<li>{}\n</ul>", ["adjacent-copy"]),
        ("<ol><li>{}</li><li>{}</li></ol>", ["same-section-copy"]),
        ("<ul><li>{}</li><li>{}<ul><li>And more.</li></ul></li></ul>", ["same-section-copy"]),
        ("<OL><LI>{}</LI></OL><UL><LI>{}</LI><LI>And more.</LI></UL>", ["same-section-copy"]),
    ],
)
def test_items_of_a_page_in_html_are_told_by_their_tags(items: str, rules: list[str]) -> None:
    page = read_page(f"<body>{items.format(BRIDGE, BRIDGE)}</body>", "html")
    assert [f.rule for f in find(page, "a.html")] == rules


LISTS: list[tuple[PageFormat, str, list[str]]] = [
    ("markdown", "- {}\n- {}\n", ["adjacent-copy"]),
    ("markdown", "1. {}\n2. {}\n", ["same-section-copy"]),
    ("markdown", "1) {}\n1) {}\n", ["same-section-copy"]),
    ("markdown", "- {}\n- {}\n  - more\n", ["same-section-copy"]),
    ("markdown", "- {}\n- {}\n\n  More.\n", ["same-section-copy"]),
    ("markdown", "- {}\n- {}\n\nMore.\n", ["adjacent-copy"]),
    ("rst", "* {}\n* {}\n", ["adjacent-copy"]),
    ("rst", "#. {}\n#. {}\n", ["same-section-copy"]),
    ("rst", "1. {}\n2. {}\n", ["same-section-copy"]),
    ("rst", "* {}\n* {}\n\n  More.\n", ["same-section-copy"]),
    ("asciidoc", "* {}\n* {}\n", ["adjacent-copy"]),
    ("asciidoc", ". {}\n. {}\n", ["same-section-copy"]),
    ("asciidoc", "* {}\n* {}\n** more\n", ["same-section-copy"]),
    ("plain", "{}\n\n{}\n", ["adjacent-copy"]),
]


@pytest.mark.parametrize(("page_format", "text", "rules"), LISTS)
def test_items_of_each_format(page_format: PageFormat, text: str, rules: list[str]) -> None:
    assert [f.rule for f in find(read_page(text.format(BRIDGE, BRIDGE), page_format), "a")] == rules


BOXES: list[tuple[PageFormat, str]] = [
    ("markdown", "> {}\n\n"),
    ("rst", ".. note::\n\n   {}\n\n"),
    ("asciidoc", "====\n{}\n====\n\n"),
    ("html", "<blockquote><p>{}</p></blockquote>\n"),
]


@pytest.mark.parametrize(("page_format", "box"), BOXES)
def test_a_box_pasted_below_itself_is_an_error_in_each_format(page_format: PageFormat, box: str) -> None:
    findings = find(read_page(box.format(BRIDGE) * 2 + box.format(FERRY), page_format), "a")
    assert [f.severity for f in findings] == ["error"]
    apart = box.format(BRIDGE) + box.format(FERRY) + box.format(BRIDGE)
    assert [f.severity for f in find(read_page(apart, page_format), "a")] in (["info"], ["warning"])


def test_a_component_below_itself_is_no_error() -> None:
    line = '<ConsoleLine level="error">\n\n{}\n\n</ConsoleLine>\n\n'
    assert [f.severity for f in find(read_page(line.format(BRIDGE) * 2, "mdx"), "a")] == ["info"]


TABS: list[tuple[PageFormat, str, str]] = [
    ("mdx", "<Tabs>\n{}</Tabs>\n", '<TabItem value="{}">\n\n{}\n\n</TabItem>\n'),
    ("markdown", "{{{{< tabs >}}}}\n{}{{{{< /tabs >}}}}\n", '{{{{% tab "{}" %}}}}\n{}\n{{{{% /tab %}}}}\n'),
    ("markdown", "{}", '=== "{}"\n\n    {}\n\n'),
    ("rst", ".. tabs::\n\n{}", "   .. tab:: {}\n\n      {}\n\n"),
]


@pytest.mark.parametrize(("page_format", "container", "tab"), TABS)
def test_tabs_of_each_format_are_no_error(page_format: PageFormat, container: str, tab: str) -> None:
    text = container.format("".join(tab.format(name, BRIDGE) for name in ("Linux", "Mac", "Windows")))
    (finding,) = find(read_page(text, page_format), "a")
    assert (finding.rule, len(finding.more)) == ("sibling-section-copy", 1)
