"""What stands at the beginning of lines of reStructuredText, as docutils knows it."""

from __future__ import annotations

import re

_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_ENUMERATOR = r"\(?(?:\d{1,9}|[A-Za-z]|[ivxlcdm]{1,9}|[IVXLCDM]{1,9}|\#)[.)](?:\s+|\Z)"
_FIELD = r":(?![:\s])(?:[^:\\]|\\.|:(?![\s`]|\Z))++:(?:\s+|\Z)"
_ARGUMENT = r"(?:[A-Za-z][\w-]*+|<[^<>]++>)"
_OPTION = rf"(?:[-+][A-Za-z0-9](?:[ ]?{_ARGUMENT})?|(?:--|/)[A-Za-z0-9][\w-]*+(?:[ =]{_ARGUMENT})?)"

start = re.compile(
    rf"(?P<bullet>[-+*•‣⁃](?:\s+|\Z))|(?P<enumerator>{_ENUMERATOR})|(?P<field>{_FIELD})"
    rf"|(?P<option>{_OPTION}(?:, {_OPTION})*+(?:\s\s+|\s?\Z))|(?P<doctest>>>>(?:\s|\Z))|(?P<verse>\|(?:\s|\Z))"
    rf"|(?P<grid>\+-[-+]++(?<=-\+)\s*\Z)|(?P<table>=++(?:\s++=++)++\s*\Z)|(?P<explicit>\.\.(?:\s+|\Z))"
    rf"|(?P<anonymous>__(?:\s|\Z))|(?P<ruled>(?P<sign>{_PUNCTUATION})(?P=sign)*+\s*\Z)"
)
enumerator = re.compile(_ENUMERATOR)
field = re.compile(_FIELD)
ruled = re.compile(rf"({_PUNCTUATION})\1*+\s*\Z")
border = re.compile(r"\s*=++(?:\s++=++)*+\s*\Z")
directive = re.compile(r"\.\.\s+([A-Za-z0-9]++(?:[-_.+:][A-Za-z0-9]++)*+)\s?::(?:\s+|\Z)")
definition = re.compile(r"\.\.\s+(?:\[(?:[\w.#*-]++)\](?:\s|\Z)|_(?!\s)|__(?=[\s:])|\|(?!\s))")
word = re.compile(r"\S+\s*")
header = re.compile(r"([A-Za-z][\w-]*+):(?:\s|\Z)")
letter = re.compile(r"[^\W\d_]")
# A paragraph that is nothing but a link, a reference or a substitution.
bare = re.compile(r"(?:<?\w++://\S++|(?::[\w:+-]++:)?`[^`]*+`_{0,2}|\|[^|]++\|_{0,2})[.,]?\Z")

QUOTES = frozenset("!#$%&+-./;<=>?@\\^|~")
"""Signs in front of every line of literal text that is not indented. To docutils any sign may be one; but quotation
marks, stars, brackets and backticks begin paragraphs, too."""
