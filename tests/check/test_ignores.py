"""What comments silence, what they do not, and which of them are told."""

from __future__ import annotations

import pytest
from toy_page import toy

from cleaner.findings import Finding
from cleaner.phases.check.find import find
from cleaner.phases.check.ignores import Applied, apply_ignores, parse_ignores
from cleaner.phases.check.options import CheckOptions
from cleaner.text.pages.block import PageFormat
from cleaner.text.pages.read import read_page

BRIDGE = "The bridge over the river will be closed for twelve weeks while engineers check its foundations."
FERRY = "A ferry takes people on foot and bicycles across every ten minutes from early morning until midnight."
BUS = "Buses go the long way round by the motorway and need about half an hour more than before."


def applied(*blocks: str, options: CheckOptions | None = None) -> Applied:
    page = toy("\n\n".join(blocks) + "\n")
    options = options or CheckOptions()
    return apply_ignores(find(page, "a.md", options), page, "a.md", options)


def rules(findings: list[Finding]) -> list[str]:
    return [f.rule for f in findings]


@pytest.mark.parametrize(
    "blocks",
    [
        (BRIDGE, "%% cleaner: ignore", BRIDGE),
        (BRIDGE, "%% cleaner: ignore it is a refrain", BRIDGE),
        (BRIDGE, "%% cleaner: ignore adjacent-copy", BRIDGE),
        (BRIDGE, "%% cleaner: ignore adjacent-copy it is a refrain", BRIDGE),
        (BRIDGE, "%% cleaner: ignore adjacent-copy: it is a refrain", BRIDGE),
        (BRIDGE, "%% cleaner: ignore same-section-copy, adjacent-copy it is a refrain", BRIDGE),
        (BRIDGE, "%%cleaner:ignore", BRIDGE),
        ("%% cleaner: ignore", BRIDGE, BRIDGE),
        (BRIDGE, f"{BRIDGE}\n%% cleaner: ignore", FERRY),
        ("%% cleaner: ignore-file", BRIDGE, BRIDGE),
        (BRIDGE, BRIDGE, "%% cleaner: ignore-file adjacent-copy"),
        ("%% cleaner: ignore-start", BRIDGE, BRIDGE, "%% cleaner: ignore-end"),
        (BRIDGE, "%% cleaner: ignore-start adjacent-copy quoted", BRIDGE, "%% cleaner: ignore-end", FERRY),
        ("cleaner = ignore", BRIDGE, BRIDGE),
        ("cleaner = [adjacent-copy, across-files]", BRIDGE, BRIDGE),
        ("cleaner = adjacent-copy", BRIDGE, BRIDGE),
        ('cleaner = ["adjacent-copy"]', BRIDGE, BRIDGE),
    ],
)
def test_a_comment_silences_the_copy_that_it_is_about(blocks: tuple[str, ...]) -> None:
    kept, ignored, unused = applied(*blocks)
    assert (kept, ignored, unused) == ([], 1, [])


@pytest.mark.parametrize(
    "blocks",
    [
        (BRIDGE, BRIDGE, "%% cleaner: ignore", FERRY),
        (BRIDGE, BRIDGE, f"{FERRY}\n%% cleaner: ignore", BUS),
        (BRIDGE, "%% cleaner: ignore same-section-copy", BRIDGE),
        (BRIDGE, BRIDGE, "%% cleaner: ignore-start", FERRY, "%% cleaner: ignore-end"),
        ("%% cleaner: ignore-file same-section-copy", BRIDGE, BRIDGE),
        ("cleaner = [same-section-copy]", BRIDGE, BRIDGE),
    ],
)
def test_a_comment_about_something_else_silences_nothing_and_is_told(blocks: tuple[str, ...]) -> None:
    kept, ignored, unused = applied(*blocks)
    assert (rules(kept), ignored, rules(unused)) == (["adjacent-copy"], 0, ["unused-ignore"])
    assert unused[0].severity == "warning"


@pytest.mark.parametrize("text", ["cleaner:", "cleaner: ignored", "see cleaner: ignore", "cleaner: ignore-all", "noqa"])
def test_other_comments_are_no_ignores(text: str) -> None:
    kept, ignored, unused = applied(BRIDGE, f"%% {text}", BRIDGE)
    assert (rules(kept), ignored, unused) == (["adjacent-copy"], 0, [])


@pytest.mark.parametrize(
    ("comment", "words"),
    [
        ("cleaner: ignore adjacent-cpoy", "adjacent-copy"),
        ("cleaner: ignore adjacent-copies they are meant", "adjacent-copy"),
        ("cleaner: ignore no-duplicates", "known are"),
        ("cleaner: ignore-file adjacent_copy", None),
        ("cleaner: ignore-end", "no ignore-start"),
        ("cleaner: ignore-start", "no ignore-end"),
    ],
)
def test_what_is_wrong_with_a_comment_is_told(comment: str, words: str | None) -> None:
    kept, _, unused = applied(BRIDGE, FERRY, f"%% {comment}", BUS)
    assert (kept, rules(unused)) == ([], ["unused-ignore"])
    assert unused[0].here.line == 5
    assert unused[0].text == f"%% {comment}"
    assert words is None or words in unused[0].message


def test_a_name_that_no_rule_has_silences_nothing() -> None:
    kept, _, unused = applied(BRIDGE, "%% cleaner: ignore adjacent-cpoy", BRIDGE)
    assert (rules(kept), rules(unused)) == (["adjacent-copy"], ["unused-ignore"])
    kept, _, unused = applied("cleaner = [adjacent-cpoy]", BRIDGE, BRIDGE)
    assert (rules(kept), rules(unused)) == (["adjacent-copy"], ["unused-ignore"])


def test_a_reason_that_begins_with_a_hyphenated_word_is_a_reason() -> None:
    assert applied(BRIDGE, "%% cleaner: ignore cross-platform text, said twice on purpose", BRIDGE)[:2] == ([], 1)


def test_a_start_without_an_end_reaches_down_and_is_told_all_the_same() -> None:
    kept, ignored, unused = applied("%% cleaner: ignore-start", BRIDGE, BRIDGE)
    assert (kept, ignored, rules(unused)) == ([], 1, ["unused-ignore"])


def test_stretches_of_several_rules_may_overlap() -> None:
    blocks = (
        "%% cleaner: ignore-start adjacent-copy",
        BRIDGE,
        "%% cleaner: ignore-start same-section-copy",
        BRIDGE,
        "%% cleaner: ignore-end adjacent-copy",
        FERRY,
        BRIDGE,
        "%% cleaner: ignore-end same-section-copy",
    )
    assert applied(*blocks) == ([], 2, [])


def test_of_several_places_only_the_one_named_is_silent() -> None:
    kept, ignored, unused = applied("# A", BRIDGE, "# B", "%% cleaner: ignore", BRIDGE, FERRY, "# C", BRIDGE, BUS)
    assert (ignored, unused) == (0, [])
    assert [(f.here.line, f.more) for f in kept] == [(15, ())]


def test_a_fix_takes_out_nothing_that_is_silent() -> None:
    (finding,), ignored, unused = applied(BRIDGE, BRIDGE, "%% cleaner: ignore", BRIDGE, FERRY)
    assert (ignored, unused, finding.here.line, finding.more) == (0, [], 3, ())
    assert (finding.cut, finding.safe) == (None, False)


FORMATS: dict[PageFormat, tuple[str, str, str]] = {
    "markdown": ("{}\n\n", "<!-- {} -->\n", "---\ncleaner: {}\n---\n\n"),
    "mdx": ("{}\n\n", "{{/* {} */}}\n\n", "---\ntitle: A\ncleaner: {}\n---\n\n"),
    "rst": ("{}\n\n", ".. {}\n\n", ""),
    "asciidoc": ("{}\n\n", "// {}\n", "---\ncleaner: {}\n---\n"),
    "html": ("<p>{}</p>\n", "<!-- {} -->\n", ""),
    "plain": ("{}\n\n", "# {}\n\n", ""),
}


@pytest.mark.parametrize("page_format", FORMATS)
def test_each_format_has_its_comment(page_format: PageFormat) -> None:
    paragraph, comment, front = FORMATS[page_format]
    for ignores, kept in (("ignore", 0), ("ignore adjacent-copy twice", 0), ("ignore same-section-copy", 1)):
        text = paragraph.format(BRIDGE) + comment.format(f"cleaner: {ignores}") + paragraph.format(BRIDGE)
        page = read_page(text, page_format)
        found = apply_ignores(find(page, "a"), page, "a")
        assert (len(found.kept), found.ignored, len(found.unused)) == (kept, 1 - kept, kept), ignores
    if front:
        page = read_page(front.format("ignore") + paragraph.format(BRIDGE) * 2, page_format)
        assert apply_ignores(find(page, "a"), page, "a") == ([], 1, [])


@pytest.mark.parametrize(
    "front",
    [
        "---\ncleaner: [adjacent-copy]\n---\n",
        "---\ncleaner:\n  - same-section-copy\n  - adjacent-copy\n---\n",
        '+++\ncleaner = "ignore"\n+++\n',
        '+++\ncleaner = ["adjacent-copy"]\n+++\n',
        '{\n"cleaner": ["adjacent-copy"]\n}\n',
        "---\ncleaner: ignore adjacent-copy\n---\n",
        "---\ntitle: A\n# cleaner: ignore adjacent-copy\n---\n",
    ],
)
def test_front_matter_of_each_kind_has_its_key(front: str) -> None:
    page = read_page(f"{front}\n{BRIDGE}\n\n{BRIDGE}\n", "markdown")
    assert apply_ignores(find(page, "a"), page, "a") == ([], 1, [])
    fresh = read_page(f"{front}\n{BRIDGE}\n", "markdown")
    (unused,) = apply_ignores(find(fresh, "a"), fresh, "a").unused
    assert "cleaner" in unused.text
    assert unused.here.line > 1


def test_a_rule_for_stale_comments_can_be_switched_off_and_silenced() -> None:
    stale = (BRIDGE, "%% cleaner: ignore", FERRY)
    assert rules(applied(*stale)[2]) == ["unused-ignore"]
    assert applied(*stale, options=CheckOptions(severities={"unused-ignore": "off"}))[2] == []
    assert applied("%% cleaner: ignore-file unused-ignore", *stale)[2] == []


def test_ignores_for_copies_across_files_are_never_stale_here() -> None:
    assert applied(BRIDGE, "%% cleaner: ignore across-files licence", FERRY)[2] == []
    assert "across-files" in applied(BRIDGE, "%% cleaner: ignore", FERRY)[2][0].message


def test_findings_of_other_files_pass() -> None:
    page = toy(f"%% cleaner: ignore-file\n\n{BRIDGE}\n\n{BRIDGE}\n")
    findings = find(page, "other.md")
    assert apply_ignores(findings, page, "a.md").kept == findings


def test_a_page_that_does_not_name_the_tool_is_not_looked_through() -> None:
    page = toy(f"%% ignore this\n\n{BRIDGE}\n")
    assert parse_ignores(page) == ((), ())
