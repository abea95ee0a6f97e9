"""Shortcodes of Hugo and tags of Liquid, Jekyll, GitBook and Markdoc: ``{{< x >}}``, ``{{% x %}}``, ``{% x %}``."""

from __future__ import annotations

import re
from typing import NamedTuple

from cleaner.text.pages.elements import ScopeKind, names, scope_kind

CODE = names(
    "highlight code code-toggle codeblock mermaid raw comment math katex literal verbatim chroma gist plantuml "
    "details-code kroki graphviz goat"
)
"""What they hold is not compared."""

_CONTROL = names("if unless case for tablerow ifversion")
_BRANCH = names("else elsif elseif when")

_LONGEST = 20_000
_called = re.compile(r"[-~]?\s*(/|end(?=\w))?\s*([A-Za-z][\w./-]*)")


class Shortcode(NamedTuple):
    """A shortcode in characters [start, end).

    name     by which its opening and closing tags are paired; those of alternatives share one
    opens, closes  what it may do; of two alternatives the sign between them does both
    kind     of the container that it opens
    code     what it holds is not looked into
    """

    start: int
    end: int
    name: str
    opens: bool
    closes: bool
    kind: ScopeKind
    code: bool


def shortcode_at(text: str, at: int) -> Shortcode | None:
    """The shortcode that begins at ``at``; None where none does, or it is one that is shown (``{{</* x */>}}``)."""
    head = text[at : at + 3]
    if head in ("{{<", "{{%"):
        close, begin = ("%" if head[2] == "%" else ">") + "}}", at + 3
    elif head.startswith("{%"):
        close, begin = "%}", at + 2
    elif head.startswith("{{"):
        close, begin = "}}", at + 2
    else:
        return None
    if text.startswith("/*", begin):
        return None
    last = text.find(close, begin, at + _LONGEST)
    if last < 0 or "\n\n" in text[begin:last]:
        return None
    end = last + len(close)
    called = _called.match(text, begin, last)
    if called is None or close == "}}":
        return Shortcode(at, end, "", False, False, "", False)
    closing, name = called.group(1), called.group(2)
    if close == "%}" and (name in _CONTROL or name in _BRANCH):
        return Shortcode(at, end, "{control", not closing, bool(closing) or name in _BRANCH, "tab", False)
    single = text[begin:last].rstrip().endswith("/")
    opens = not closing and not single
    return Shortcode(at, end, "{" + name, opens, bool(closing), scope_kind(name), name in CODE and opens)


def code_end(text: str, shortcode: Shortcode) -> int:
    """Where the code ends that a shortcode holds; behind itself where nothing closes it."""
    name = re.escape(shortcode.name[1:])
    close = re.compile(rf"\{{(?:\{{[<%]|%)[-~]?\s*(?:/|end)\s*{name}\s*[-~]?(?:[%>]\}}\}}|%\}})").search(
        text, shortcode.end
    )
    return close.end() if close else shortcode.end
