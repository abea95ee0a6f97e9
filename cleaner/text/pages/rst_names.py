"""Directives of reStructuredText by what stands in them: of docutils, Sphinx and its common extensions."""

from __future__ import annotations

from typing import Literal

Shape = Literal["text", "version", "titled", "tab", "other"]
"""What a directive holds.

text     paragraphs, from the line of its name on
version  a word, then paragraphs
titled   a title or a signature to the first blank line, then paragraphs
tab      the same; one of several ways to read on
other    nothing that is compared: code, tables, images, lists that are generated, whatever is not known
"""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_text = _names(
    "note warning tip important caution danger attention hint error seealso todo epigraph highlights pull-quote "
    "compound glossary hlist tabs tab-set tab-set-code md-tab-set"
)
_version = _names("versionadded versionchanged versionremoved deprecated deprecated-removed availability")
_titled = _names(
    "admonition topic sidebar container details dropdown collapse toggle card card-carousel grid grid-item "
    "grid-item-card impl-detail class rst-class cssclass div panel "
    # descriptions of what a program offers
    "function method classmethod staticmethod property attribute data exception decorator decoratormethod option "
    "cmdoption envvar describe object confval setting command type struct union enum enumerator macro "
    "member var opcode pdbcommand coroutinefunction coroutinemethod abstractmethod awaitablefunction "
    "awaitablemethod asyncfunction get post put patch delete head options directive role"
)
_tab = _names("tab tab-item group-tab md-tab-item only ifconfig")
_domains = _names("py c cpp cmake js rst std http php rb go java ruby")


def shape_of(name: str) -> Shape:
    """What the directive ``name``, in lower case, holds."""
    domain, _, bare = name.rpartition(":")
    if domain:
        return "titled" if domain in _domains and bare in _titled else "other"
    if name in _text:
        return "text"
    if name in _titled:
        return "titled"
    if name in _tab:
        return "tab"
    return "version" if name in _version else "other"
