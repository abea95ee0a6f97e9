"""The few templates of wikitext that are part of a sentence, as the words they stand for.

Those of the English Wikipedia and what other wikis took over under the same names. Of all others nothing
stays: what they show cannot be known without the wiki they come from.
"""

from __future__ import annotations

from collections.abc import Callable

from cleaner.formats.wiki_blocks import GONE, PARAGRAPH

Arguments = dict[str, str]

_FIRST = frozenset({
    "nowrap", "nobr", "nbr", "small", "smaller", "big", "larger", "abbr", "abbrlink", "tooltip", "sic", "em", "strong",
    "smallcaps", "sc", "small caps", "sup", "sub", "math", "mvar", "var", "code", "mono", "kbd", "samp", "tt", "ill",
    "interlanguage link", "illm", "chem2", "nobold", "noitalic", "italic title", "flag", "flagcountry", "linktext",
    "nihongo", "nihongo2", "wikt-lang", "visible anchor", "vanchor", "not a typo", "as written", "proper name", "bo",
    "keypress", "langue", "lien", "unité", "nb", "nombre", "siècle", "lang-grc-gre", "no wrap", "textsmall",
})  # fmt: skip
_SECOND = frozenset({"lang", "langx", "rtl-lang", "audio", "color", "colour", "font color", "fontcolor", "wiktlang"})
_LAST = frozenset({"transl", "transliteration", "tlit", "translit"})
_JOINED = frozenset({"gaps", "chem", "num"})
_QUOTED = frozenset(
    {"quote", "blockquote", "cquote", "quotation", "bquote", "quote box", "rquote", "quotebox", "zitat"}
)
_WORDS = {
    "ndash": "–", "en dash": "–", "endash": "–", "–": "–", "mdash": "—", "em dash": "—", "emdash": "—", "—": "—",
    "snd": " – ", "spnd": " – ", "spaced ndash": " – ", "spaced en dash": " – ", "dash": " – ", "nbsp": " ", "'": "'",
    "'s": "'s", "!": "|", "=": "=", "(": "{", ")": "}", "((": "{{", "))": "}}", "sdot": " · ", "·": " ·", "dot": " ·",
    "'\"": "'\"", "\"'": "\"'", "ellipsis": "…", "...": "…", "pi": "π", "e": "e", "minus": "−", "times": "×",
    "euro": "€",
}  # fmt: skip
_MONEY = {"us$": "US$", "usd": "US$", "us dollar": "US$", "inr": "₹", "indian rupee": "₹", "gbp": "£", "eur": "€"}
_RANGES = {"-": "–", "–": "–", "to": " to ", "to(-)": " to ", "and": " and ", "or": " or ", "by": " by ", "x": " × ",
           "×": " × ", "+/-": " ± ", "±": " ± ", "+": " + "}  # fmt: skip
_TITLES = frozenset({"PAGENAME", "FULLPAGENAME", "SUBPAGENAME", "BASEPAGENAME", "PAGENAMEE"})
_LONGEST = 4000  # characters; longer ones are boxes, not parts of a sentence


def rendered(content: str, title: str) -> str:
    """What stays of ``{{content}}``: words, or the mark that something is gone."""
    head, pipe, rest = content.partition("|")
    name = head.strip()
    if not pipe and name in _TITLES:
        return title
    name = name.lower().replace("_", " ").removeprefix("template:")
    if name in _WORDS:
        return _WORDS[name]
    if name.startswith(("formatnum:", "lc:", "uc:", "ucfirst:", "lcfirst:")):
        return name.partition(":")[2] if name.startswith("lc:") else head.strip().partition(":")[2]
    if name in _QUOTED:
        return _quoted(_arguments(rest))
    if len(content) > _LONGEST or not pipe:
        return GONE
    words = _ruled(name, rest)
    return GONE if words is None else words.replace("\n", " ").strip() or GONE


def _ruled(name: str, rest: str) -> str | None:
    rule = _RULES.get(name) or (_of("1") if name.startswith("lang-") else None)
    return None if rule is None else rule(_arguments(rest))


def _arguments(rest: str) -> Arguments:
    """Arguments by name; those without one by number, from 1."""
    result: Arguments = {}
    number = 0
    for part in rest.split("|"):
        key, equals, value = part.partition("=")
        if equals and key.strip().replace(" ", "").replace("_", "").isalnum():
            result[key.strip()] = value.strip()
        else:
            number += 1
            result.setdefault(str(number), part.strip())
    return result


def _quoted(arguments: Arguments) -> str:
    """A quotation is a paragraph of its own, without who said it."""
    words = arguments.get("1") or arguments.get("text") or arguments.get("quote") or ""
    return f"{PARAGRAPH}{words}{PARAGRAPH}"


def _of(key: str) -> Callable[[Arguments], str]:
    return lambda arguments: arguments.get(key, "")


def _numbered(arguments: Arguments) -> list[str]:
    return [value for key, value in arguments.items() if key.isdigit()]


def _joined(arguments: Arguments) -> str:
    return "".join(_numbered(arguments))


def _last(arguments: Arguments) -> str:
    return next(reversed(_numbered(arguments)), "")


def _measure(arguments: Arguments) -> str:
    """``convert``: the value or range and the unit as they were written, not what they come to in another."""
    parts = _numbered(arguments)
    said = parts[0] if parts else ""
    at = 1
    while at + 1 < len(parts) and parts[at] in _RANGES:
        said += _RANGES[parts[at]] + parts[at + 1]
        at += 2
    return f"{said} {parts[at]}" if at < len(parts) else said


def _value(arguments: Arguments) -> str:
    said = arguments.get("1", "")
    said += "×10^" + arguments["e"] if "e" in arguments else ""
    unit = arguments.get("u") or arguments.get("ul") or ""
    return f"{said} {unit}".strip()


def _fraction(arguments: Arguments) -> str:
    parts = _numbered(arguments)
    if len(parts) == 3:
        return f"{parts[0]} {parts[1]}/{parts[2]}"
    return "/".join(parts if len(parts) == 2 else ["1", *parts])


def _as_of(arguments: Arguments) -> str:
    return "As of " + "-".join(_numbered(arguments)[:3])


def _about(arguments: Arguments) -> str:
    return "c. " + " – ".join(_numbered(arguments)[:2])


def _money(sign: str) -> Callable[[Arguments], str]:
    return lambda arguments: sign + arguments.get("1", "")


_RULES: dict[str, Callable[[Arguments], str]] = (
    dict.fromkeys(_FIRST, _of("1"))
    | dict.fromkeys(_SECOND, _of("2"))
    | dict.fromkeys(_LAST, _last)
    | dict.fromkeys(_JOINED, _joined)
    | {name: _money(sign) for name, sign in _MONEY.items()}
    | dict.fromkeys(("convert", "cvt", "conv"), _measure)
    | dict.fromkeys(("frac", "sfrac", "fraction", "frac2"), _fraction)
    | dict.fromkeys(("circa", "c.", "ca", "ca."), _about)
    | {"val": _value, "as of": _as_of}
)
