"""Front matter: where it ends, and what it says under ``cleaner``, without a YAML library.

YAML between lines of ``---`` (or a last line of ``...``), TOML between lines of ``+++``, JSON from ``{`` to its ``}``,
as Hugo, Jekyll, Docusaurus and Eleventy know them: at the very beginning of a file only.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from cleaner.text.pages.block import Comment, Trouble

KEY = "cleaner"
BOM = "\ufeff"

_UNCLOSED = "close it with a line of {}, or put a blank line behind a {} that is meant as a rule"


class Front(NamedTuple):
    """The front matter of a file.

    end       where its last line ends (0: there is none), before the signs that end the line
    says      what stands under the key ``cleaner``; the parts of a list parted by line ends; None without the key
    comments  that key, as ``cleaner: ...``, and the comments of the front matter that name ``cleaner``
    trouble   what is wrong with it
    """

    end: int
    says: str | None = None
    comments: tuple[Comment, ...] = ()
    trouble: Trouble | None = None


def split_front(text: str) -> tuple[int, str | None, Trouble | None]:
    """Where the front matter of ``text`` ends (0: there is none), its ``cleaner`` key, and what is wrong with it."""
    front = read_front(text)
    return front.end, front.says, front.trouble


def read_front(text: str) -> Front:
    """The front matter of ``text``, behind a byte order mark if there is one."""
    start = int(text.startswith(BOM))
    if "\r" in text and text.startswith(("---", "+++", "{"), start):
        text = text.replace("\r\n", " \n").replace("\r", "\n")  # length for length
    if text.startswith("---", start):
        return _fenced(text, start, "---")
    if text.startswith("+++", start):
        return _fenced(text, start, "+++")
    if text.startswith("{", start):
        return _json(text, start)
    return Front(0)


def _fenced(text: str, start: int, sign: str) -> Front:
    opening = re.compile(rf"{re.escape(sign)}[ \t]*\n").match(text, start)
    if opening is None:
        return Front(0)
    begin = opening.end()
    closing = re.compile(r"(?<=\n)(?:---|\.\.\.)[ \t]*(?=\n|\Z)" if sign == "---"
                         else r"(?<=\n)\+\+\+[ \t]*(?=\n|\Z)").search(text, begin)  # fmt: skip
    key = r"[^\s:#\-][^\n:]*:(?:\s|\Z)" if sign == "---" else r"[\w.\"'-]+[ \t]*=|\["
    has_key = re.compile(rf"\s*(?:#[^\n]*\s+)*(?:{key})").match(text, begin)
    if not has_key and (closing is None or text[begin : closing.start()].strip()):
        return Front(0)  # a rule, not the beginning of front matter
    bad = _prose(text, begin, len(text) if closing is None else closing.start(), sign)
    if closing is None or bad is not None:
        end = _end_of_keys(text, begin, len(text) if bad is None else bad)
        trouble = Trouble(start, "the front matter is not closed", _UNCLOSED.format(sign, sign))
        return _with_key(text, begin, end, end, sign, trouble)
    return _with_key(text, begin, closing.start(), closing.start() + 3, sign, None)


def _prose(text: str, begin: int, end: int, sign: str) -> int | None:
    """Where a paragraph begins that can be no part of YAML or TOML: the closing line is missing above it."""
    known = r"[^\s:][^\n:]*:(?:\s|\Z)|[-#\]})\"']" if sign == "---" else r"[^\n=]+=|[\[#\]})\"']"
    for bad in re.compile(rf"(?<=\n)[ \t]*\n(?!{known})\w").finditer(text, begin, end):
        # A text in three quotes may hold anything, and one in quotes that begins in the last key's line may go on.
        if sign == "+++":
            return None if re.search(r"'''|\"\"\"", text[begin : bad.start()]) else bad.start()
        keys = list(
            re.compile(r"(?<=\n)[^\s:#\-][^\n:]*:[ \t]+([\"'])").finditer(
                text, max(begin - 1, bad.start() - 5000), bad.start()
            )
        )
        if not keys or text.count(keys[-1].group(1), keys[-1].start(), bad.start()) % 2 == 0:
            return bad.start()
    return None


def _end_of_keys(text: str, begin: int, end: int) -> int:
    """Of unclosed front matter: where its first stretch without a blank line ends."""
    blank = re.compile(r"\n[ \t]*(?=\n|\Z)").search(text, max(begin - 1, 0), end)
    stop = end if blank is None else max(blank.start(), begin)
    return begin + len(text[begin:stop].rstrip()) if stop > begin else len(text[:begin].rstrip())


def _with_key(text: str, begin: int, end: int, behind: int, sign: str, trouble: Trouble | None) -> Front:
    if text.find(KEY, begin, end) < 0:
        return Front(behind, None, (), trouble)
    comments = [
        Comment(match.start(1), match.end(1), match.group(2).strip())
        for match in re.compile(r"(?:^|(?<=\n))[ \t]*(#+([^\n]*))").finditer(text, begin, end)
        if KEY in match.group(2)
    ]
    found = _yaml_key(text, begin, end) if sign == "---" else _toml_key(text, begin, end)
    if found is None:
        return Front(behind, None, tuple(comments), trouble)
    first, last, says = found
    comments.append(Comment(first, last, f"{KEY}: {says}"))
    return Front(behind, says, tuple(sorted(comments)), trouble)


def _yaml_key(text: str, begin: int, end: int) -> tuple[int, int, str] | None:
    key = re.compile(
        rf"(?<=\n)([\"']?){KEY}\1[ \t]*:(?=\s|\Z)[ \t]*([^\n]*)"
        r"((?:\n(?:[ \t]+[^\n]+|-[ \t][^\n]*))*)"
    ).search(text, begin, end)
    if key is None:
        return None
    value = _without_comment(key.group(2).strip())
    if re.fullmatch(r"[|>][-+\d]*", value):
        value = ""
    rows = [value, *(_without_comment(re.sub(r"^-\s+", "", row.strip())) for row in key.group(3).splitlines())]
    parts = [part for row in rows if row for part in _parts(row)]
    return key.start(), key.start() + len(key.group().rstrip()), "\n".join(parts)


def _toml_key(text: str, begin: int, end: int) -> tuple[int, int, str] | None:
    table = re.compile(r"(?<=\n)[ \t]*\[").search(text, begin, end)
    key = re.compile(rf"(?<=\n)[ \t]*(([\"']?){KEY}\2[ \t]*=[ \t]*(\[[^\]]*\]|\"[^\"\n]*\"|'[^'\n]*'|[^\n]*))").search(
        text, begin, end if table is None else table.start()
    )
    if key is None:
        return None
    return key.start(1), key.end(1), "\n".join(_parts(_without_comment(key.group(3).strip())))


def _without_comment(value: str) -> str:
    """A value without the comment behind it."""
    if value.startswith(("'", '"')):
        stop = value.find(value[0], 1)
        return value[: stop + 1] if stop > 0 else value
    return "" if value.startswith("#") else re.split(r"\s#", value, maxsplit=1)[0].rstrip()


def _parts(value: str) -> list[str]:
    """A list on one line as its parts; anything else as the only part, without quotes around."""
    if value.startswith("[") and value.endswith("]"):
        found = re.findall(r"\"([^\"]*)\"|'([^']*)'|([^,\s\"'][^,\"']*)", value[1:-1])
        return ["".join(part).strip() for part in found]
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return [value[1:-1]]
    return [value]


def _json(text: str, start: int) -> Front:
    if not re.compile(r"\{\s*(?:\"[^\"\n]*\"\s*:|\}[ \t]*(?:\n|\Z))").match(text, start):
        return Front(0)  # a shortcode, a template's expression
    from json import JSONDecoder

    try:
        value, end = JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        end = _end_of_keys(text, start, len(text))
        return Front(end, trouble=Trouble(start, "the front matter is no valid JSON", "mend it; it is not checked"))
    if KEY not in value:
        return Front(end)
    says = value[KEY]
    says = "\n".join(map(str, says)) if isinstance(says, list) else str(says)
    at = text.find(f'"{KEY}"', start, end)
    line = re.compile(r"[^\n]*").match(text, at)
    last = min(end, line.end()) if line else end
    return Front(end, says, (Comment(at, last, f"{KEY}: {says}"),) if at >= 0 else ())
