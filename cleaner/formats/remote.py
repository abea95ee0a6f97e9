"""Inputs on other machines (``https://``, ``s3://``, ``gs://`` and whatever else fsspec knows), which are read only."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import IO, Any, TypeVar, cast
from urllib.parse import unquote, urlsplit

from cleaner.errors import SettingsError
from cleaner.formats.patterns import fixed_part, is_pattern

T = TypeVar("T")

# Two letters at least, so that C:// is none; of a path that went through pathlib one slash is left.
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]+)::?/")
# Bytes that are read ahead: what is asked for next is what comes next.
_AHEAD = 8 << 20


def is_remote(path: str) -> bool:
    """Whether ``path`` is a URL."""
    return _SCHEME.match(path) is not None and "://" in path


def refuse_output(out: object) -> None:
    """Raise SettingsError where outputs would go to another machine."""
    if _SCHEME.match(str(out)):
        raise SettingsError(f"-o {out}: outputs stay on this machine; give a folder, and copy it from there")


def open_remote(url: str) -> IO[bytes]:
    """A stream of the bytes at ``url``. Raises OSError, and SettingsError where a package is missing."""
    system, path = _system(url)
    return cast(IO[bytes], _Stream(_tried(lambda: system.open(path, "rb", block_size=_AHEAD, cache_type="readahead"))))


def find_remote(url: str) -> list[tuple[str, str]]:
    """URL and name of every file that ``url`` stands for, sorted by path: itself, or what fits or lies below.

    Raises OSError and SettingsError.
    """
    system, path = _system(url)
    web = url.lower().startswith(("http:", "https:"))
    if not url.endswith("/") and (web or not is_pattern(url)):  # ? and [ are usual in web addresses
        return [(url, _last(urlsplit(url).path if web else url))]
    if url.endswith("/"):
        found, root = _tried(lambda: system.find(path)), path
    else:
        found = _tried(lambda: [each for each in system.glob(path) if system.isfile(each)])
        root = system._strip_protocol(fixed_part(url))
    named = [(str(system.unstrip_protocol(each)), _below(str(each), str(root))) for each in found]
    return sorted(named, key=lambda each: each[1].split("/"))


def _last(path: str) -> str:
    name = unquote(path.rstrip("/").rpartition("/")[2])
    return name if name not in ("", ".", "..") and "/" not in name and "\\" not in name else "download"


def _below(path: str, root: str) -> str:
    """The name of an output: what comes behind the fixed part, without what would lead elsewhere."""
    rest = path.removeprefix(root.rstrip("/")).strip("/")
    return "/".join(part for part in rest.split("/") if part not in ("", ".", "..")) or "download"


def _system(url: str) -> tuple[Any, str]:
    scheme = _SCHEME.match(url)
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise _missing(url) from None
    try:
        system, path = url_to_fs(url)
    except ImportError:
        raise _missing(url) from None
    except ValueError as error:
        raise SettingsError(f"{url}: no way is known to read {scheme[1] if scheme else ''}:// ({error})") from None
    return system, path


def _missing(url: str) -> SettingsError:
    return SettingsError(f"{url.partition('://')[0]}:// needs more packages: pip install 'article-cleaner[remote]'")


def _tried(action: Callable[[], T]) -> T:
    """What goes wrong over a network comes as errors of many libraries; here all of them are OSError."""
    try:
        return action()
    except OSError:
        raise
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error


class _Stream:
    """A remote file, whose errors are OSError."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        return bytes(_tried(lambda: self._stream.read(size)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
