"""What fixes take out, and what they never do."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.findings import Finding
from cleaner.phases.check.find import find
from cleaner.phases.check.fixing import CutError, check_cut, cut_text, unified_diff
from cleaner.text.pages.block import PageFormat
from cleaner.text.pages.read import FORMATS, read_page

BRIDGE = "The bridge over the river will be closed for twelve weeks while engineers check its foundations."
FERRY = "A ferry takes people on foot and bicycles across every ten minutes from early morning until midnight."
BUS = "Buses go the long way round by the motorway and need about half an hour more than before."

FIXES = sorted((Path(__file__).parent / "fixes").iterdir())


def findings_of(text: str, page_format: PageFormat = "markdown") -> list[Finding]:
    return find(read_page(text, page_format), "page")


def fixed(text: str, page_format: PageFormat = "markdown", *, unsafe: bool = False) -> str:
    """The text after fixing, which must pass the check."""
    chosen = [f for f in findings_of(text, page_format) if f.cut and (f.safe or unsafe)]
    after = cut_text(text, chosen)
    check_cut(text, after, chosen, page_format)
    return after


def cases() -> list[tuple[str, PageFormat, str, str, str]]:
    """Name, format, before, after safe fixes and after all, of the files in fixes/: parted by lines of %%%%."""
    found = []
    for path in FIXES:
        before, safe, every = path.read_text(encoding="utf-8").split("%%%%\n")
        found.append((path.name, FORMATS[path.suffix], before, safe or before, every or safe or before))
    return found


@pytest.mark.parametrize(("name", "page_format", "before", "safe", "every"), cases())
def test_fixes_leave_what_the_case_says(name: str, page_format: PageFormat, before: str, safe: str, every: str) -> None:
    assert fixed(before, page_format) == safe, name
    assert fixed(before, page_format, unsafe=True) == every, name


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_a_copy_goes_with_one_gap_and_line_ends_stay_as_they_are(end: str, last: str) -> None:
    gap = end * 2
    for blocks in ([BRIDGE, BRIDGE], [BRIDGE, BRIDGE, FERRY], [FERRY, BRIDGE, BRIDGE], [BRIDGE, BRIDGE, BRIDGE]):
        once = list(dict.fromkeys(blocks))
        assert fixed(gap.join(blocks) + last.replace("\n", end)) == gap.join(once) + last.replace("\n", end)


def test_wider_gaps_go_with_the_copy_above_which_they_stand() -> None:
    assert fixed(f"{BRIDGE}\n\n\n\n{BRIDGE}\n\n{FERRY}\n") == f"{BRIDGE}\n\n{FERRY}\n"


def test_a_copy_that_differs_in_style_is_not_taken_out_without_being_asked() -> None:
    text = f'He said "yes" to it. {BRIDGE}\n\nHe said “yes” to it. {BRIDGE}\n'
    (finding,) = findings_of(text)
    assert (finding.rule, finding.safe, finding.cut is not None) == ("adjacent-copy", False, True)
    assert fixed(text) == text
    assert fixed(text, unsafe=True) == f'He said "yes" to it. {BRIDGE}\n'


def test_what_differs_in_a_word_has_no_fix_at_all() -> None:
    text = f"{BRIDGE}\n\n{BRIDGE.replace('will be', 'will not be')}\n"
    assert [f.rule for f in findings_of(text)] == ["adjacent-near"]
    assert fixed(text, unsafe=True) == text


def test_a_comment_between_two_copies_stays() -> None:
    text = f"{BRIDGE}\n\n<!-- a note -->\n\n{BRIDGE}\n\n{FERRY}\n"
    assert "<!-- a note -->" in fixed(text, unsafe=True)


def test_a_fix_that_changes_how_the_rest_is_read_is_refused() -> None:
    text = f"{BRIDGE}\n\n{BRIDGE}\n\n{FERRY}\n"
    (finding,) = findings_of(text)
    start, end = finding.cut or (0, 0)
    for wrong in ((start, end + 2), (start, end - 5), (start - 1, end)):
        broken = finding._replace(cut=wrong)
        with pytest.raises(CutError):
            check_cut(text, cut_text(text, [broken]), [broken], "markdown")
    check_cut(text, cut_text(text, [finding]), [finding], "markdown")


def test_a_text_with_more_missing_than_the_cuts_is_refused() -> None:
    text = f"{BRIDGE}\n\n{BRIDGE}\n\n{FERRY}\n"
    findings = findings_of(text)
    with pytest.raises(CutError):
        check_cut(text, f"{BRIDGE}\n", findings, "markdown")


def test_no_fix_takes_out_what_another_one_relies_on() -> None:
    text = "\n\n".join([f"# A\n\n{BRIDGE}", FERRY, BRIDGE, FERRY, BRIDGE, FERRY]) + "\n"
    after = fixed(text, unsafe=True)
    assert BRIDGE in after
    assert FERRY in after


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_diff_can_be_applied(tmp_path: Path, end: str) -> None:
    text = f"# A\u2028\x0b\x0c{end or chr(10)}\n{BRIDGE}\n\n{BRIDGE}{end}"
    after = fixed(text)
    assert after != text
    page = tmp_path / "docs" / "a.md"
    page.parent.mkdir()
    page.write_bytes(text.encode())
    diff = unified_diff("docs/a.md", text, after)
    subprocess.run(["git", "apply", "-"], input=diff.encode(), cwd=tmp_path, check=True)
    assert page.read_bytes() == after.encode()
    assert unified_diff("a", text, text) == ""


BLOCK = st.sampled_from([BRIDGE, FERRY, BUS, "# A heading", "```\ncode\n```", f"- {BRIDGE}\n- {FERRY}", "> " + BUS])


@given(st.lists(BLOCK, min_size=1, max_size=8), st.sampled_from(["\n\n", "\n\n\n", "\r\n\r\n"]), st.booleans())
def test_fixing_until_nothing_is_left_keeps_one_of_each_and_ends(blocks: list[str], gap: str, unsafe: bool) -> None:
    text = gap.join(blocks)
    for _ in range(len(blocks) + 1):
        after = fixed(text, unsafe=unsafe)
        assert all(says in after for says in (BRIDGE, FERRY, BUS, "A heading", "code") if says in text)
        if after == text:
            break
        text = after
    else:
        pytest.fail("it goes on and on")
