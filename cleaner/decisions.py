"""What a person decided about repeats and variants: read from a file, obeyed by a run."""

from __future__ import annotations

from hashlib import blake2b


def key_of(text: str) -> str:
    """What a decision knows a paragraph by, wherever it stands: its text, white space aside.

    ``x`` and 16 hexadecimal digits (blake2b, 8 bytes); the letter keeps spreadsheets from reading a number.
    """
    words = " ".join(text.split())
    return "x" + blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
