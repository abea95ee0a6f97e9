"""What stands at the beginning of lines of AsciiDoc, as Asciidoctor knows it."""

from __future__ import annotations

import re
from typing import Literal

DEEPEST = 100
"""Open blocks among which the condition that an endif ends is looked for."""

_DELIMITER = r"(?:-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|--|```[\w,+#.-]*|[|,:!]={3,})\Z"
_BULLET = r"(?:-|\*{1,9}|\.{1,9}|•|\d{1,9}\.|[A-Za-z]\.|[ivxIVX]{1,6}\)|<(?:\d{1,3}|\.)>)[ \t]+(?=\S)"
_TERM = r"(?!//)\S[^\r\n]*?(?::{2,4}|;;)(?:[ \t]|\Z)"
_CONDITION = r"(?:ifn?def|ifeval)::[^\[\]]*+\["
_ADMONITION = r"(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION):[ \t]+(?=\S)"
_BRACKETS = r"\[(?:|[\w{,.#\"'%*][^\r\n]*|\[[^\r\n]*\])\]\Z"

start = re.compile(
    rf"(?P<comment>//(?!/))|(?P<delimiter>{_DELIMITER})|(?P<title>(?:={{1,6}}|\#{{1,6}})[ \t]+(?=\S))"
    rf"|(?P<attribute>:!?[A-Za-z0-9_][\w-]*+!?:(?:\s|\Z))|(?P<brackets>{_BRACKETS})"
    rf"|(?P<endif>endif::)|(?P<condition>{_CONDITION})|(?P<plus>\+\Z)"
    rf"|(?P<mark>\.(?![. \t]|\Z)|'''\Z|<<<\Z|(?:---|- - -|\*\*\*|\* \* \*)\Z|>[ \t]|\|[ \t]"
    rf"|[a-z][\w-]*+::\S*?\[[^\r\n]*\]\Z)"
    rf"|(?P<admonition>{_ADMONITION})|(?P<item>[ \t]*(?:{_BULLET}|{_TERM}))"
)
marker = re.compile(rf"[ \t]*{_BULLET}")
term = re.compile(rf"[ \t]*{_TERM}")
under = re.compile(r"([=\-~^+])\1+\Z")
letter = re.compile(r"[^\W\d_]")
bare = re.compile(r"(?:[^\s\[]++\[[^\]]*+\]|<<[^>]*+>>|\w++://\S++|\{[\w-]+\})[.,]?\Z")
_preprocess = rf"endif::|{_CONDITION}|include::\S*\["
breaks = re.compile(rf"{_DELIMITER}|{_BRACKETS}|{_preprocess}|\+\Z")
breaks_item = re.compile(rf"{breaks.pattern}|[ \t]*(?:{_BULLET}|{_TERM})|(?:={{1,6}})[ \t]+\S|\.(?![. \t]|\Z)")


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


LITERAL_STYLES = _names(
    "source listing literal verse stem latexmath asciimath pass comment subs ditaa graphviz plantuml mermaid plot "
    "svgbob bytefield vega wavedrom"
)
"""Styles of paragraphs that are not read as text."""
BOX_STYLES = _names("note tip important warning caution quote sidebar example abstract")
_style = re.compile(r"\[\s*([A-Za-z{}][\w{}-]*)")
_role = re.compile(r"role=\"?[^\"\]]*\basciidoc-tabs|\.asciidoc-tabs")


def style_of(line: str) -> str:
    """The style that a line of attributes gives the block below it; empty for none."""
    if _role.search(line):
        return "tab"
    match = _style.match(line)
    style = match[1].strip("{}").lower() if match else ""
    return "" if match and line[match.end() : match.end() + 1] == "=" else style


def shape_of(line: str, style: str) -> Literal["verbatim", "compound"]:
    """Whether what a delimiter opens is read as text."""
    if style in LITERAL_STYLES:
        return "verbatim"
    return "compound" if line[0] in "=*_" or line == "--" else "verbatim"
