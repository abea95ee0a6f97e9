"""Text of files on a terminal or in a log: nothing in it can act there."""

from __future__ import annotations

import re

# Control characters (C0, DEL, C1), marks and embeddings of direction, line and paragraph separators, byte order
# marks, tags (invisible twins of ASCII) and halves of surrogate pairs. Spaces and joiners of all scripts stay:
# French, Persian and Hindi paragraphs are full of them, and they do nothing.
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
# Azure Pipelines, TeamCity and the older half of GitHub's runner look for their commands anywhere in a line of a log:
# ##vso[task.setvariable ...], ##teamcity[...], ##[group].
_command = re.compile(r"(?<=##)(\w*)\[")
_NAMES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    """``text`` on one line, with what could act on a terminal or on a build's log as its code."""
    text = UNSAFE.sub(_code, text)
    return _command.sub(r"\1\\u005b", text) if "##" in text else text


def _code(match: re.Match[str]) -> str:
    char = match[0]
    code = ord(char)
    return _NAMES.get(char) or (f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")


def file_name(path: str) -> str:
    """A path as it is printed: one that begins with ``:`` would read as a workflow command of GitHub's."""
    return visible(f"./{path}" if path.startswith(":") else path)


_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


def uri_path(path: str) -> str:
    """``path`` percent-encoded for a URI. Names that are not UTF-8 come out as the bytes that they are."""
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in _bytes(path))


def file_uri(root: str) -> str:
    """The URI of a folder by its absolute path, with a slash at its end."""
    path = root.replace("\\", "/") if re.match(r"[A-Za-z]:", root) else root
    return f"file://{uri_path('/' + path.strip('/') + '/' if path.strip('/') else '/')}"


def _bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a pair that no file name gives
        return text.encode("utf-8", "replace")


def whole(text: str) -> str:
    """``text`` with U+FFFD for halves of surrogate pairs, which strict readers of JSON refuse with all of a report."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)
