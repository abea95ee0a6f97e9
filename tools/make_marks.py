"""Write cleaner/text/marks.py: the ranges of marks and invisible characters of this Python's Unicode.

They are shipped because finding them takes 0.2 s, longer than cleaning an article.
"""

from __future__ import annotations

import pathlib
import unicodedata

OUT = pathlib.Path(__file__).parent.parent / "cleaner" / "text" / "marks.py"
HEAD = '''"""Ranges of marks and invisible characters, Unicode {version}; written by tools/make_marks.py."""

# Vowel signs and other marks that are letters in all but name (combining class 0).
MARKS = (
{marks}
)
# Accents written as a character of their own (combining class not 0): part of the word before.
ACCENTS = (
{accents}
)
# Soft hyphens, zero-width and direction characters, variation selectors: nothing to be seen.
INVISIBLE = (
{invisible}
)
'''


def sort_of(c: str) -> str | None:
    """marks, accents, invisible, or None for every other character."""
    category = unicodedata.category(c)
    if category == "Cf" or c == "\u034f" or "\ufe00" <= c <= "\ufe0f" or "\U000e0100" <= c <= "\U000e01ef":
        return "invisible"
    if category in ("Mn", "Mc", "Me"):
        return "accents" if unicodedata.combining(c) else "marks"
    return None


def ranges() -> dict[str, list[list[int]]]:
    found: dict[str, list[list[int]]] = {"marks": [], "accents": [], "invisible": []}
    for code in range(0x110000):
        sort = sort_of(chr(code))
        if sort is None:
            continue
        rows = found[sort]
        if rows and rows[-1][1] == code - 1:
            rows[-1][1] = code
        else:
            rows.append([code, code])
    return found


def literal(rows: list[list[int]]) -> str:
    pairs = [f"\\U{a:08x}-\\U{b:08x}" if a != b else f"\\U{a:08x}" for a, b in rows]
    return "\n".join(f'    "{"".join(pairs[i : i + 4])}"' for i in range(0, len(pairs), 4))


if __name__ == "__main__":
    texts = {sort: literal(rows) for sort, rows in ranges().items()}
    OUT.write_text(HEAD.format(version=unicodedata.unidata_version, **texts), encoding="utf-8")
