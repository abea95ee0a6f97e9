"""Expressions of template languages in a page: Jekyll, Nunjucks, Hugo, ERB, PHP."""

from __future__ import annotations

import re

from cleaner.text.pages.block import Comment

FILLER = "\x01"
"""Stands in place of expressions, length for length: no letter, no space, no sign of HTML."""

_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}", "<%": "%>", "<?": "?>"}
_opening = re.compile(r"\{\{-?\s*/\*|\{[{%#]|<%|<\?(?=php|=)")
_visible = re.compile(r"[^\r\n]")
_note_end = re.compile(r"\*/\s*-?\}\}")
# Tags of Liquid and Nunjucks whose content is no text of the page.
_pair = re.compile(r"\{%-?\s*(comment|highlight|codeblock|schema|javascript|stylesheet)\b")


def without_templates(text: str) -> tuple[str, list[Comment]]:
    """``text`` with every expression filled up, its length kept, and the comments among them, which are blank.

    In linear time.
    """
    if "{" not in text and "<%" not in text and "<?" not in text:
        return text, []
    out: list[str] = []
    comments: list[Comment] = []
    ends = _Ends(text)
    at = 0
    match = _opening.search(text)
    while match is not None:
        start, behind = match.start(), match.end()
        end, says = ends.of(start, behind)
        if end > behind:
            if says is not None:
                comments.append(Comment(start, end, says))
            filler = FILLER * (end - start) if says is None else _visible.sub(" ", text[start:end])
            out += [text[at:start], filler]
            at = behind = end
        match = _opening.search(text, behind)
    return "".join([*out, text[at:]]), comments


class _Ends:
    """Where expressions end; a sign that is not found once is not looked for again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.missing: set[str] = set()

    def of(self, start: int, behind: int) -> tuple[int, str | None]:
        """The end of the expression whose opening sign is [start, behind), and what it says if it is a comment.

        0 where it has no end.
        """
        text = self.text
        if text.startswith("*", behind - 1):
            end = self._search(_note_end, behind)
            return end, text[behind:end].rpartition("*/")[0].strip() if end else None
        sign = text[start:behind]
        end = self._find(_CLOSING[sign], behind)
        if not end:
            return 0, None
        if sign == "{#" or text.startswith(("<%#", "<%--"), start):
            return end, text[behind : end - 2].strip("#- \t\r\n")
        pair = _pair.match(text, start, end) if sign == "{%" else None
        if pair is not None:
            last = self._search(re.compile(rf"\{{%-?\s*end{pair[1]}\s*-?%\}}"), end)
            if last:
                body = text[end:last].rpartition("{%")[0].strip()
                return last, body if pair[1] == "comment" else None
        return end, None

    def _find(self, sign: str, at: int) -> int:
        end = -1 if sign in self.missing else self.text.find(sign, at)
        if end < 0:
            self.missing.add(sign)
            return 0
        return end + len(sign)

    def _search(self, sign: re.Pattern[str], at: int) -> int:
        match = None if sign.pattern in self.missing else sign.search(self.text, at)
        if match is None:
            self.missing.add(sign.pattern)
            return 0
        return match.end()
