"""Addresses in a page: what two of them have in common when they lead to the same place."""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from cleaner.text.html_tags import TRACKING, TRACKING_PREFIXES

_ignored = str.maketrans("", "", "\t\n\r")
_scheme = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_web = re.compile(r"(?:https?|ftp):", re.IGNORECASE)
_fragment = re.compile(r"href\s*=\s*[\"']?[^\"'\s>#]*#([^\"'\s>]+)", re.IGNORECASE)
_PORTS = {"http": ":80", "https": ":443"}


class Links(dict[str, str]):
    """The address that each link of a page leads to, remembered; ``base`` is empty where none is known.

    Relative and absolute links to the same page are equal where the page says its own address.
    Case of scheme and host, the scheme's own port, and parameters that only name who sent the reader
    (``TRACKING``) do not count; all else does, ``http`` and ``https`` included.
    """

    def __init__(self, base: str = "") -> None:
        super().__init__()
        self.base = base.partition("#")[0] if _web.match(base) else ""

    def __missing__(self, link: str) -> str:
        found = self[link] = _address(link, self.base)
        return found


def _address(link: str, base: str) -> str:
    link = link.strip("\x00\t\n\f\r ").translate(_ignored)
    if _scheme.match(link) and not _web.match(link):
        return link
    try:
        parts = urlsplit(urljoin(base, link) if base else link)
    except ValueError:  # a host in brackets that is no IPv6 address
        return link
    host = parts.netloc.lower().removesuffix(_PORTS.get(parts.scheme, ":"))
    path = parts.path or ("/" if host else "")
    return urlunsplit((parts.scheme, host, path, _said(parts.query), parts.fragment))


def _said(query: str) -> str:
    return "&".join(part for part in query.split("&") if not _is_tracking(part)) if query else ""


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower().removeprefix("amp;")
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


def targets(text: str) -> frozenset[str]:
    """Names of the places in the page that links on it lead to."""
    if "#" not in text:
        return frozenset()
    found = set(_fragment.findall(text))
    return frozenset(found.union(map(unquote, found)))
