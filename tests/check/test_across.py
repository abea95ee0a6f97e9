"""What several files say, and which of them are one page; pages beside their translations."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_page import toy

from cleaner.findings import Finding
from cleaner.phases.check.across import FileRows, Row, across, pack, rows_of, unpack
from cleaner.phases.check.find import find, with_twin
from cleaner.phases.check.options import CheckOptions
from cleaner.phases.check.paths import fits, place_of, twins_of
from cleaner.text.pages.block import Page

BRIDGE = (
    "The bridge over the river will be closed for twelve weeks while engineers check its foundations, its cables and "
    "the road on it."
)
FERRY = (
    "A ferry takes people on foot and bicycles across every ten minutes from early in the morning until midnight, and "
    "it costs nothing."
)
BUS = (
    "Buses go the long way round by the motorway and need about half an hour more than they did before the works "
    "began in spring."
)
SHORT = "The ferry takes people on foot across, and it costs nothing at all."


class Site:
    """Files by path, and what is found across them."""

    def __init__(self, files: dict[str, tuple[str, ...]], options: CheckOptions | None = None) -> None:
        self.pages = {path: toy("\n\n".join(blocks) + "\n") for path, blocks in files.items()}
        self.options = options or CheckOptions(across=True)
        self.opened: list[str] = []

    def rows(self) -> list[FileRows]:
        return [rows_of(page, path) for path, page in self.pages.items()]

    def read(self, path: str) -> Page | None:
        self.opened.append(path)
        return self.pages.get(path)

    def findings(self) -> list[Finding]:
        return across(self.rows(), self.options, self.read)


def places(findings: list[Finding]) -> list[list[str]]:
    """Of each finding all its places, the witness first."""
    regions = [[*([f.there] if f.there else []), f.here, *f.more] for f in findings]
    return [[f"{region.path}:{region.line}" for region in each] for each in regions]


def test_a_paragraph_in_two_files_is_a_warning_at_the_later_one() -> None:
    (finding,) = Site({"b.md": ("# B", BUS, BRIDGE), "a.md": ("# A", BRIDGE, FERRY), "c.md": (FERRY[:50],)}).findings()
    assert (finding.rule, finding.severity) == ("across-files", "warning")
    assert places([finding]) == [["a.md:3", "b.md:5"]]
    assert (finding.text, finding.other, finding.words) == (BRIDGE, BRIDGE, 23)
    assert finding.cut is None


def test_one_finding_tells_all_places_of_a_group() -> None:
    site = Site({f"{name}.md": (f"# {name}", BRIDGE, f"{name} {FERRY}") for name in "abcd"})
    assert places(site.findings()) == [["a.md:3", "b.md:3", "c.md:3", "d.md:3"]]


def test_paragraphs_that_go_together_are_one_finding() -> None:
    site = Site({"a.md": ("# A", BRIDGE, SHORT, FERRY, BUS), "b.md": (BRIDGE, SHORT, FERRY, "# End")})
    (finding,) = site.findings()
    assert places([finding]) == [["a.md:3", "b.md:1"]]
    assert (finding.here.last_line, "3 paragraphs" in finding.message) == (5, True)


def test_pages_that_are_the_same_from_top_to_bottom_are_one_finding_and_not_one_a_paragraph() -> None:
    licence = ("# Licence", BRIDGE, "! code", FERRY)
    site = Site({"a/LICENCE.md": licence, "b/LICENCE.md": licence, "c.md": ("# C", FERRY, BUS)})
    assert places(site.findings()) == [["a/LICENCE.md:1", "b/LICENCE.md:1"], ["a/LICENCE.md:7", "c.md:3"]]
    other = Site({"a.md": licence, "b.md": ("# Licence", BRIDGE, "! other code", FERRY)})
    assert "top to bottom" not in other.findings()[0].message


def test_less_than_twenty_words_are_no_finding() -> None:
    nineteen = " ".join(BRIDGE.split()[:19])
    assert Site({"a.md": ("# A", nineteen), "b.md": (nineteen,)}).findings() == []
    assert Site({"a.md": ("# A", nineteen + " now"), "b.md": (nineteen + " now",)}).findings() != []


def test_what_differs_materially_is_not_said_twice() -> None:
    number = BRIDGE.replace("twelve", "x²")
    assert Site({"a.md": ("# A", number), "b.md": (number.replace("²", "2"),)}).findings() == []
    style = BRIDGE.replace("its cables", '"its" cables')
    site = Site({"a.md": ("# A", style), "b.md": (style.replace('"', "“", 1).replace('"', "”"),)})
    assert places(site.findings()) == [["a.md:3", "b.md:1"]]


def test_nothing_is_read_again_but_what_has_a_part_in_a_finding() -> None:
    site = Site({"a.md": (BRIDGE,), "b.md": (BRIDGE, BUS), "c.md": (FERRY,)})
    assert len(site.findings()) == 1
    assert sorted(site.opened) == ["a.md", "b.md"]
    del site.pages["c.md"]
    rows = site.rows()
    del site.pages["a.md"]
    assert across(rows, site.options, site.read) == [], "gone meanwhile"


MIRRORS = [
    ("content/en/a.md", "content/fr/a.md"),
    ("docs/en/guide/a.md", "docs/zh-cn/guide/a.md"),
    ("i18n/fr/docusaurus-plugin-content-docs/current/a.md", "docs/a.md"),
    ("i18n/fr/docusaurus-plugin-content-docs/version-2.0/a.md", "versioned_docs/version-2.0/a.md"),
    ("versioned_docs/version-1.0/a.md", "docs/a.md"),
    ("site/versioned_docs/version-1.0/a.md", "site/versioned_docs/version-2.0/a.md"),
    ("community_versioned_docs/version-1.0/a.md", "community/a.md"),
    ("docs/v1.2/a.md", "docs/v1.10/a.md"),
    ("docs/latest/a.md", "docs/1.x/a.md"),
    ("content/posts/a.fr.md", "content/posts/a.md"),
    ("README.zh-CN.md", "README.md"),
    ("pt-BR/a.md", "en/a.md"),
]


@pytest.mark.parametrize(("one", "other"), MIRRORS)
def test_translations_and_versions_of_a_page_are_no_copies(one: str, other: str) -> None:
    assert Site({one: ("# A", BRIDGE), other: ("# A", BRIDGE)}).findings() == []
    assert Site({one: ("# A", BRIDGE), other: ("# B", FERRY, BRIDGE)}).findings() == []
    options = CheckOptions()
    assert place_of(one, options).page == place_of(other, options).page


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("docs/api/a.md", "docs/cli/a.md"),
        ("blog/2023/a.md", "blog/2024/a.md"),
        ("content/en/a.md", "content/en/b.md"),
        ("a/README.md", "b/README.md"),
        ("docs/a.v2.md", "docs/a.md"),
    ],
)
def test_other_files_are_copies(one: str, other: str) -> None:
    assert len(Site({one: ("# A", BRIDGE), other: ("# B", BRIDGE)}).findings()) == 1


def test_settings_name_other_translations_and_versions() -> None:
    files = {"web/klingon/pages/a.md": ("# A", BRIDGE), "web/english/pages/a.md": ("# B", BRIDGE)}
    assert len(Site(files).findings()) == 1
    assert Site(files, CheckOptions(twins=("web/{lang}/",))).findings() == []
    files = {"old/spring/x/a.md": ("# A", BRIDGE), "old/autumn/x/a.md": ("# B", BRIDGE)}
    assert Site(files, CheckOptions(versions=("*/{version}/x",))).findings() == []


def test_the_same_finding_in_every_version_is_one() -> None:
    shared = {
        f"{root}/{name}.md": (f"# {name}", BRIDGE) for root in ("docs", "versioned_docs/version-1") for name in "ab"
    }
    (finding,) = Site(shared).findings()
    assert places([finding])[0][:2] == ["docs/a.md:3", "docs/b.md:3"]
    assert len(finding.more) == 2


def test_the_same_finding_in_every_translation_is_one_though_it_says_something_else() -> None:
    files = {f"content/en/{name}.md": (f"# {name}", BRIDGE) for name in "ab"}
    files |= {f"content/nl/{name}.md": (f"# {name}", FERRY) for name in "ab"}
    (finding,) = Site(files).findings()
    assert places([finding]) == [[f"content/{path}.md:3" for path in ("en/a", "en/b", "nl/a", "nl/b")]]
    files["content/nl/c.md"] = ("# c", BUS)
    files["content/nl/d.md"] = ("# d", BUS)
    assert len(Site(files).findings()) == 2, "what only one of them has is one more"


def test_a_page_that_moved_between_versions_is_no_copy() -> None:
    assert Site({"docs/new.md": ("# A", BRIDGE), "versioned_docs/version-1/old.md": ("# A", BRIDGE)}).findings() == []
    both = {"docs/new.md": ("# A", BRIDGE), "versioned_docs/version-1/old.md": ("# A", BRIDGE), "README.md": (BRIDGE,)}
    assert len(Site(both).findings()) == 1, "a file without versions stands beside each"


def test_what_a_page_ignores_has_no_row() -> None:
    for comment in (
        "%% cleaner: ignore across-files shared",
        "%% cleaner: ignore",
        "%% cleaner: ignore-file across-files",
    ):
        assert Site({"a.md": ("# A", BRIDGE), "b.md": (comment, BRIDGE)}).findings() == []
    assert Site({"a.md": ("# A", BRIDGE), "b.md": ("%% cleaner: ignore adjacent-copy", BRIDGE)}).findings() != []


def test_settings_of_a_path_hold_across_files_too() -> None:
    files = {"a.md": ("# A", BRIDGE), "b.md": ("# B", BRIDGE), "c.md": ("# C", BRIDGE)}
    off = CheckOptions(paths=(("b.md", {"across-files": "off"}),))
    assert places(Site(files, off).findings()) == [["a.md:3", "c.md:3"]]
    assert Site(files, CheckOptions(severities={"across-files": "off"})).findings() == []


def test_the_order_of_files_changes_nothing() -> None:
    files = {f"{name}.md": (f"# {name}", BRIDGE, FERRY if name < "c" else BUS) for name in "abcde"}
    rows = Site(files).rows()
    findings = Site(files).findings()
    assert len(findings) == 3
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        assert across(rows, CheckOptions(), Site(files).read) == findings


NUMBER = st.integers(-(2**63), 2**63 - 1)


@given(NUMBER, st.lists(st.builds(Row, NUMBER, NUMBER, NUMBER, NUMBER, NUMBER)))
def test_rows_are_the_same_when_they_come_back_from_a_cache(whole: int, rows: list[Row]) -> None:
    file = FileRows("a/b.md", whole, tuple(rows))
    assert unpack("a/b.md", pack(file)) == file


@pytest.mark.parametrize("data", [b"", b"x", b"12345678" * 3, pack(FileRows("a", 1, ()))[:-1]])
def test_bytes_that_are_no_rows_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"rows|multiple"):
        unpack("a.md", data)


@pytest.mark.parametrize(
    ("path", "pattern", "fit"),
    [
        ("docs/a.md", "docs/*.md", True),
        ("docs/x/a.md", "docs/*.md", False),
        ("docs/x/a.md", "docs/**/*.md", True),
        ("docs/a.md", "docs/**/*.md", True),
        ("docs/a.md", "*.md", True),
        ("a.md", "?.md", True),
        ("docs/a.md", "docs/", True),
        ("docs/x/y.md", "docs/**", True),
        ("docsx/y.md", "docs/", False),
        ("docs/a+b.md", "docs/a+b.md", True),
        ("x/docs/a.md", "docs/a.md", False),
        ("a.md.txt", "*.md", False),
    ],
)
def test_patterns_of_paths(path: str, pattern: str, fit: bool) -> None:
    assert fits(path, pattern) is fit


def test_the_twin_of_a_page_is_the_original_before_other_translations() -> None:
    files = ["content/fr/a.md", "content/en/a.md", "content/de/a.md", "content/en/b.md", "content/a.md"]
    assert twins_of("content/fr/a.md", files, CheckOptions()) == ["content/a.md", "content/en/a.md", "content/de/a.md"]
    assert twins_of("docs/v1.0/a.md", ["docs/v2.0/a.md"], CheckOptions()) == []


def beside(page: tuple[str, ...], twin: tuple[str, ...], options: CheckOptions | None = None) -> list[str]:
    """The severities of the findings of a page beside its twin."""
    options = options or CheckOptions()
    here, there = toy("\n\n".join(page) + "\n"), toy("\n\n".join(twin) + "\n")
    return [f.severity for f in with_twin(find(here, "fr/a.md", options), there, here, options)]


EN = ("# One", "First.", "Second.", "Third.", "# Two", "Fourth.")


def test_a_copy_that_the_translation_lacks_is_an_error() -> None:
    assert beside(("# Un", BRIDGE, FERRY, BRIDGE, "# Deux", BUS), EN) == ["error"]


def test_a_copy_that_the_translation_has_too_stays_a_warning() -> None:
    assert beside(("# Un", BRIDGE, FERRY, BRIDGE), ("# One", "First thing.", "Second.", "First thing.")) == ["warning"]


def test_a_block_more_than_the_translation_has_is_an_error() -> None:
    assert beside(("# Un", BRIDGE, FERRY, BRIDGE, "# Deux", BUS), ("# One", "A.", "B.", "# Two", "D.")) == ["error"]
    assert beside(("# Un", BRIDGE, FERRY, BRIDGE), ("# One", "A.", "A.")) == ["warning"]


def test_where_the_place_in_the_translation_is_not_clear_nothing_changes() -> None:
    page = ("# Zéro", BUS, "## Un", BRIDGE, FERRY, BRIDGE, "## Deux", BUS[:60], "### Trois")
    assert beside(page, ("# One", "A.", "# Two", "B.", "# Three", "C.", "## Four")) == ["warning"]
    assert beside(("# Un", BRIDGE, FERRY, BRIDGE), ("# One", "A.", "B.", "C.", "D.")) == ["warning"]


def test_sections_that_only_one_of_them_has_shift_nothing_behind_them() -> None:
    page = ("# Un", "! notice", "# Deux", BUS, "# Trois", BRIDGE, FERRY, BRIDGE)
    assert beside(page, ("# One", "! notice", "## New", "C.", "# Two", "D.", "# Three", "A.", "B.", "C.")) == ["error"]


def test_a_severity_from_the_settings_is_kept() -> None:
    page = ("# Un", BRIDGE, FERRY, BRIDGE, "# Deux", BUS)
    assert beside(page, EN, CheckOptions(severities={"same-section-copy": "info"})) == ["info"]


def test_other_findings_pass_a_twin() -> None:
    assert beside((BRIDGE, BRIDGE), ("A.", "B.")) == ["error"]
    assert beside(("# Un", BRIDGE, "# Deux", BRIDGE, BUS), ("# One", "A.", "# Two", "B.", "C.")) == ["info"]
