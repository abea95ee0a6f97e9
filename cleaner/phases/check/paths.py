"""Which files are one page: translations and versions, told by their paths."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from cleaner.phases.check.options import CheckOptions

# ISO 639-1, and a few codes that sites use beside it.
_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv
ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne
ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st
su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu fil ckb yue jp cn
cz gr ua
"""
_LANGUAGES = frozenset(_CODES.split())
_REGION = re.compile(r"[A-Za-z]{2,4}|\d{3}")
_VERSION = re.compile(r"v\d+(?:\.(?:\d+|x))*|\d+(?:\.(?:\d+|x))+|version-.+|latest|stable|next|current", re.IGNORECASE)
_I18N = re.compile(
    r"(?P<before>(?:.*/)?)i18n/(?P<lang>[^/]+)/docusaurus-plugin-content-(?P<kind>docs|blog|pages)(?:-(?P<id>[^/]+))?/"
    r"(?:(?P<version>current|version-[^/]+)/)?"
)
_VERSIONED = re.compile(r"(?P<before>(?:.*/)?)(?:(?P<id>[^/]+)_)?versioned_docs/(?P<version>version-[^/]+)/")
_NAMED = re.compile(r"(?P<stem>.*[^/.])[._](?P<lang>[A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?)(?P<end>\.[A-Za-z]+)")
_HOMES = frozenset({"content", "docs", "doc", "i18n", "l10n", "locale", "locales", "translations", "languages", "lang",
                    "langs", "files", "src", "site", "website", "pages", "_i18n"})  # fmt: skip


class Placed(NamedTuple):
    """What a path says: the page, without language and version; which language and which version; '' the first one."""

    page: str
    language: str
    version: str


def is_language(name: str) -> bool:
    """``de``, ``pt-BR``, ``zh_hans``: a folder or an ending of that name holds a translation."""
    code, mark, region = name.replace("_", "-").partition("-")
    return code.lower() in _LANGUAGES and (not mark or _REGION.fullmatch(region) is not None)


def place_of(path: str, options: CheckOptions) -> Placed:
    """The page that a path belongs to. Patterns of the settings go before those that are known."""
    for pattern in (*options.twins, *options.versions):
        match = _pattern(pattern).match(path)
        if match:
            named = match.groupdict()
            page = re.sub("/+", "/", "".join(match.group(k) for k in _kept(pattern)) + path[match.end() :])
            return Placed(page.lstrip("/"), named.get("lang") or "", named.get("version") or "")
    return _known(path)


def _known(path: str) -> Placed:
    if match := _I18N.match(path):
        folder = {"docs": match["id"] or "docs", "blog": match["id"] or "blog", "pages": "src/pages"}[match["kind"]]
        version = (match["version"] or "").replace("current", "")
        return Placed(f"{match['before']}{folder}/{path[match.end() :]}", match["lang"], version)
    if match := _VERSIONED.match(path):
        return Placed(f"{match['before']}{match['id'] or 'docs'}/{path[match.end() :]}", "", match["version"])
    *folders, name = path.split("/")
    language = version = ""
    for k, folder in enumerate(folders):
        if not language and is_language(folder) and (k == 0 or folders[k - 1].lower() in _HOMES):
            language, folders[k] = folder, ""
        elif not version and _VERSION.fullmatch(folder):
            version, folders[k] = folder, ""
    named = _NAMED.fullmatch(name)
    if named and not language and is_language(named["lang"]):
        language, name = named["lang"], named["stem"] + named["end"]
    return Placed("/".join([*filter(None, folders), name]), language, version)


def twins_of(path: str, paths: Iterable[str], options: CheckOptions) -> list[str]:
    """The same page in other languages, of the same version: the original first (no language, or English)."""
    own = place_of(path, options)
    twins = [(other, place_of(other, options)) for other in paths if other != path]
    same = [(placed.language.lower(), other) for other, placed in twins if is_twin(own, placed)]
    return [other for _, other in sorted(same, key=lambda each: (original(each[0]), each))]


def is_twin(one: Placed, other: Placed) -> bool:
    """Whether two files are one page of one version in two languages."""
    return one.page == other.page and one.version == other.version and one.language != other.language


def original(language: str) -> int:
    """0 of the language that others are translated from, as far as one can tell; a key for sorting."""
    return 0 if language.lower() in ("", "en", "en-us", "en_us") else 1


def fits(path: str, pattern: str) -> bool:
    """Whether a path fits a pattern with ``*`` (in one folder), ``**`` (folders) and ``?``.

    A pattern without a slash fits a name anywhere, one that ends in a slash all below that folder.
    """
    return _glob(pattern).fullmatch(path) is not None


def any_fits(path: str, patterns: Collection[str]) -> bool:
    return any(fits(path, pattern) for pattern in patterns)


@lru_cache(maxsize=1000)
def _glob(pattern: str) -> re.Pattern[str]:
    whole = pattern + "**" if pattern.endswith("/") else pattern
    return re.compile(("" if "/" in pattern else "(?:.*/)?") + _translated(whole.removeprefix("/")))


def _translated(pattern: str) -> str:
    signs = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    return "".join(signs.get(part) or re.escape(part) for part in parts)


@lru_cache(maxsize=100)
def _pattern(pattern: str) -> re.Pattern[str]:
    """``content/{lang}`` and the like, at the beginning of a path; what is kept of it is in numbered groups."""
    parts = re.split(r"(\{lang\}|\{version\})", pattern.strip("/") + "/")
    signs = {"{lang}": "(?P<lang>[^/]+)", "{version}": "(?P<version>[^/]+)"}
    return re.compile("".join(signs.get(part) or f"({_wild(part)})" for part in parts))


def _wild(part: str) -> str:
    return _translated(part.replace("...", "**"))


@lru_cache(maxsize=100)
def _kept(pattern: str) -> Sequence[int]:
    """The numbers of the groups that are kept."""
    named = set(_pattern(pattern).groupindex.values())
    return [k for k in range(1, _pattern(pattern).groups + 1) if k not in named]
