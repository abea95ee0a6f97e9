"""What each character is to line breaks and sentence ends, as a table over all code points.

``text/wraps.py`` and ``text/units.py`` are the specification.
"""

from __future__ import annotations

import functools
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.kernels import tables as tables_
from cleaner.kernels.stored import stored
from cleaner.kernels.tables import CODE_POINTS, tables
from cleaner.text import stops, units, wraps
from cleaner.text.chars import UNSPACED, has_capitals, is_small

U16: TypeAlias = NDArray[np.uint16]

SPACE, ENDS, BEHIND, GOES_ON, BULLET, RULE, LETTER, DIGIT = (1 << k for k in range(8))
SMALL, DASH, UNSPACED_SIGN, BREAK, STOP, HIDDEN, WORD, CASELESS = (1 << k for k in range(8, 16))
"""Bits of ``signs``; UNSPACED_SIGN is a character of a script without spaces, CASELESS a letter of one without
capitals."""


@functools.cache
def signs() -> U16:
    """uint16[CODE_POINTS]: a sum of the bits above."""
    return stored("signs", lambda: [_signs()])[0]


def _signs() -> U16:
    found = np.zeros(CODE_POINTS, dtype=np.uint16)
    for bit, pattern in {
        SPACE: r"\s",
        LETTER: r"[^\W\d_]",
        WORD: r"\w",
        BEHIND: wraps.BEHIND,
        STOP: f"[{stops.STOPS}]",
        HIDDEN: f"[{wraps.HIDDEN}]",
        UNSPACED_SIGN: f"[{UNSPACED}]",
        BREAK: units.BREAK,
    }.items():
        found[tables_.matched(pattern)] |= bit
    found[tables().kind == tables_.DIGIT] |= DIGIT
    for bit, characters in {
        ENDS: wraps.ENDS,
        GOES_ON: wraps.GOES_ON,
        BULLET: wraps.BULLETS,
        RULE: wraps.RULES,
        DASH: wraps.DASHES,
    }.items():
        for character in characters:
            found[ord(character)] |= bit
    for code in np.flatnonzero(found & LETTER):
        letter = chr(code)
        if is_small(letter):
            found[code] |= SMALL
        elif not has_capitals(letter):
            found[code] |= CASELESS
    return found
