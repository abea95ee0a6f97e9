"""The rules of the check, and what ``cleaner rule NAME`` says of each."""

from __future__ import annotations

from typing import NamedTuple

from cleaner.findings import Severity


class Rule(NamedTuple):
    """One kind of finding.

    title    what it finds, in one line
    why      what it means exactly, and why its severity: with evidence
    silence  the comment that silences it, in each format
    cure     what to do instead
    """

    name: str
    severity: Severity
    title: str
    why: str
    silence: str
    cure: str


def _silence(name: str) -> str:
    return f"""\
Above the block, or behind it on its line, with a reason:
  Markdown, HTML    <!-- cleaner: ignore {name} said twice on purpose -->
  MDX               {{/* cleaner: ignore {name} said twice on purpose */}}
  reStructuredText  .. cleaner: ignore {name} said twice on purpose
  AsciiDoc          // cleaner: ignore {name} said twice on purpose
  plain text        # cleaner: ignore {name} said twice on purpose
For a stretch: ignore-start and ignore-end in place of ignore. For a file: ignore-file, or in its front matter
  cleaner: [{name}]
For many files: the settings."""


_ONE = "Take one of the two out, or write what was meant to stand there."
_FIX = "\ncleaner check --diff shows the text without it, --fix takes it out."
_UNSAFE = "\ncleaner check --unsafe-fixes --diff shows the text without it."
_SHARED = """\
Where the text is shared on purpose (steps, warnings, requirements), write it once and include it:
  Hugo              a page in a headless bundle and a shortcode that renders it, or {{% include "shared/steps.md" %}}
                    with layouts/shortcodes/include.html: {{ with site.GetPage (.Get 0) }}{{ .Content }}{{ end }}
  MDX (Docusaurus)  import Steps from './_steps.mdx' and <Steps />; files that begin with _ are no pages
  MkDocs            --8<-- "shared/steps.md" (pymdownx.snippets)
  Sphinx            .. include:: /shared/steps.rst, or a |substitution| for a sentence; in MyST ```{include} steps.md
  AsciiDoc          include::shared/steps.adoc[], for a part of a file with [tag=steps]"""

_RULES = (
    Rule(
        "adjacent-copy",
        "error",
        "a paragraph stands right below itself",
        """\
Two paragraphs, or two whole items of one list, with nothing but blank lines between say the same: they differ in
spacing, wrapping, case, quotes and dashes by style or a trailing full stop at most, or in one plain typo. A changed
number, sign, name, link or negation is another statement. Items of a numbered list do not count: what is done again
is said again there. From 8 words on.
An error, since it was never meant: in 13 documentation repositories each of the pairs with nothing between was a
mistake, while of 1,103 pairs in different sections about none was.""",
        _silence("adjacent-copy"),
        _ONE + _FIX,
    ),
    Rule(
        "adjacent-block",
        "error",
        "several blocks stand right below themselves",
        """\
A run of blocks (A B C) is followed at once by the same run (A B C): headings, code, tables and lists are compared
too, and must be the same; at least one paragraph of 8 words is among them, or such an item of a list without
numbers. It is what a paste of more than one paragraph leaves, and what a merge does when both sides moved a section.
An error for the reason of adjacent-copy: nothing stands between the two, so that no reader needs the second.""",
        _silence("adjacent-block"),
        _ONE + _UNSAFE,
    ),
    Rule(
        "same-section-copy",
        "warning",
        "a paragraph stands twice in one section",
        """\
Two paragraphs under one heading say the same, with other blocks between. From 12 words on.
A warning: in 13 documentation repositories 3 of 127 such pairs were mistakes, the others texts of options and
generated pages.
An error where the same page in another language has the one and lacks the other: there each of 5 such pairs was a
mistake (a translator who pasted over the wrong paragraph).""",
        _silence("same-section-copy"),
        _ONE + _UNSAFE + "\n" + _SHARED,
    ),
    Rule(
        "sibling-section-copy",
        "warning",
        "a paragraph stands in two sections of one name, or in two tabs",
        """\
Two paragraphs say the same, under headings with one text below one parent, or in two tabs of one container. From
12 words on.
A warning: all 6 such pairs of 13 documentation repositories were meant (tabs, platforms); but what holds for each
platform can be said once, above.""",
        _silence("sibling-section-copy"),
        "Move what holds for all of them above the tabs, or leave it.\n" + _SHARED,
    ),
    Rule(
        "other-section-copy",
        "info",
        "a paragraph stands in two sections of a page",
        """\
Two paragraphs in different sections of one page say the same. From 12 words on; one finding for all its places.
Told, no more: of 1,103 such pairs in 13 documentation repositories about none was a mistake.""",
        _silence("other-section-copy"),
        "Link to the first place, or leave it.\n" + _SHARED,
    ),
    Rule(
        "adjacent-near",
        "warning",
        "a paragraph stands right below nearly the same one",
        """\
Two paragraphs with nothing but blank lines between are at least 0.9 similar over their words, their numbers, signs,
links and code are equal, and some other word differs: most often an edit beside the old version that was not taken
out. From 8 words on. Three and more such neighbours are a list in all but form, and no finding.
A warning without a fix: nobody but the author knows which of the two holds. Of 32 blocks that people took out by
hand 9 were near copies.""",
        _silence("adjacent-near"),
        "Keep the one that holds.",
    ),
    Rule(
        "repeated-section",
        "warning",
        "a section has another section's body",
        """\
All that stands under a heading stands under another heading of the page too: the heading was changed, and the body
was not. From 12 words on. Sections of one name are not meant (sibling-section-copy, other-section-copy).
A warning: generated references have such sections too.""",
        _silence("repeated-section"),
        "Write what the heading promises, or join the sections.\n" + _SHARED,
    ),
    Rule(
        "across-files",
        "warning",
        "a paragraph, or a whole page, stands in several files",
        """\
The same paragraphs stand in several files; one finding for all their places, and one for pages that are the same
from top to bottom. From 20 words on. Copies among translations and versions of one page are left out (known by
their paths: content/{lang}, i18n/{lang}/.../current, docs/{lang}, versioned_docs/version-*; settings twins and
versions for others), and what stands in every version is one finding.
Off unless --across is given: 1.4 to 2 % of the commits of 13 documentation repositories bring one, and most are
shared steps and introductions of a series. A warning, since such copies drift apart.""",
        _silence("across-files"),
        _SHARED,
    ),
    Rule(
        "merge-copy",
        "error",
        "a merge pasted a paragraph twice",
        """\
In a merge: two paragraphs of one section say the same, and each came from another of the two parents. Both sides
brought it, at different places, and git kept both. Any distance within the section; from 8 words on side by side,
from 12 words on else.
An error: nobody wrote it twice (zenml#379, kubernetes/website#1039).""",
        _silence("merge-copy"),
        "Keep one of them." + _UNSAFE,
    ),
    Rule(
        "unused-ignore",
        "warning",
        "a comment ignores what is not there",
        """\
A comment (cleaner: ignore ...) silences nothing: what it was for is gone, the rule's name is not known, or an
ignore-start has no end. Ignores that name across-files alone are never reported: what they silence is known only
where all files are looked at.
A warning: a stale one would silence the next mistake.""",
        _silence("unused-ignore"),
        "Take the comment out, or correct its rule.",
    ),
)

RULES: dict[str, Rule] = {rule.name: rule for rule in _RULES}
"""By name, in the order in which they are listed."""
