"""The key of a block: proposes copies, never decides. And how many words it has."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

SHORTEST = 15
"""Characters below which no text has 8 words: eight letters and seven spaces; 16 in Chinese, 32 in Thai."""

OUTSIDE_CODE = 3
"""Words beside code that make a paragraph one of prose."""

_DROPPED = b" \t\r\n\x0b\x0c'\"*_-"
_LOWER = bytes(range(65)) + bytes(range(97, 123)) + bytes(range(91, 256))


@cache
def _typography() -> re.Pattern[str]:
    """White space, quotes, dashes, bullets and what cannot be seen, beside ASCII."""
    return re.compile(
        "[\\s'\"*_\\-\xa0\xad\xab\xbb\xb4\xb7\u02bc\u2010-\u2015\u2018-\u201f\u2022\u2023\u2032\u2033\u2039\u203a"
        "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2212\u25e6\u2e3a\u2e3b\u300c-\u300f\ufe00-\ufe0f\ufeff]+"
    )


def key_of(says: str) -> bytes:
    """``says`` without case, spacing, quotes, dashes, bullets, emphasis and a full stop at its end.

    Digits and all other signs stay apart. Two texts that are copies have one key, but for a plain typo.
    """
    if "&" in says:
        import html

        says = html.unescape(says)
    if says.isascii():
        return says.encode().translate(_LOWER, _DROPPED).rstrip(b".")
    if not unicodedata.is_normalized("NFKC", says):
        says = unicodedata.normalize("NFKC", says)
    return _typography().sub("", says.casefold()).rstrip(".。").encode("utf-8", "surrogatepass")


class _Quarters(dict[str, int]):
    """Remembers the weight of every word it has seen, up to a bound."""

    LIMIT = 200_000

    def __missing__(self, word: str) -> int:
        from cleaner.text.words import quarters

        if len(self) >= self.LIMIT:
            self.clear()
        weight = self[word] = quarters(word)
        return weight


_quarters = _Quarters()


# Letters of the alphabets of Western Europe, and signs: for texts of these the pattern of words is known beforehand.
_OTHER = "[^\\x00-\\x7f\xa0-\xac\xae-\u024f\u2012-\u2027\u20ac]"
_LETTER = r"[^\W\d_]"
_WORD = rf"[^\W_]+(?:(?<={_LETTER})-(?:[ \t\xa0]*\r?\n)?[ \t\xa0]*(?={_LETTER})[^\W_]+)*"


def words_of(says: str) -> int:
    """Words as ``Settings.min_words`` counts them: bare numbers do not, two Chinese characters are one word."""
    if says.isascii() or re.search(_OTHER, says) is None:
        # What text/words.py says of such texts, without the 20 ms that it takes to load: a page has a copy, mostly one.
        return sum(not word.isdecimal() for word in re.findall(_WORD, says))
    from cleaner.settings import QUARTERS
    from cleaner.text.words import finder

    # A list and a map, since rows of a large repository have millions of words: a generator takes half as long again.
    return sum(map(_quarters.__getitem__, [word[0] for word in finder(says)(says, 0, len(says))])) // QUARTERS


def prose_words(says: str) -> int:
    """Words of a block, those in code included; 0 where code is about all there is: a signature on its own line."""
    words = words_of(says)
    if "`" in says:
        from cleaner.text.markup import code_span

        outside = words_of(code_span.sub(" ", says))
        return words if outside >= OUTSIDE_CODE else 0
    return words


def might_have(says: str, words: int) -> bool:
    """False where ``says`` is too short for so many words, by a cheap look: a Chinese word takes two characters."""
    return len(says) >= 2 * words - 1
