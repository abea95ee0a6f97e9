"""``cleaner diff``: two texts side by side, in words."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

from cleaner.cli.printing import printable
from cleaner.errors import InputError
from cleaner.formats.decode import NotDecoded, decode
from cleaner.phases.compare import Comparison, compare
from cleaner.settings import Settings

SAID = {
    "copy": "copies: only immaterial differences",
    "variant": "variants: nearly the same, but both say something the other does not",
    "different": "different texts",
}


def explain_run(a: str, b: str, settings: Settings, *, json: bool) -> int:
    """Exit 0 for copies, 1 for anything else."""
    found = compare(_text(a), _text(b), settings)
    if json:
        import json as json_

        sys.stdout.write(json_.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(found)) + "\n")
    return 0 if found.relation == "copy" else 1


def _lines(found: Comparison) -> list[str]:
    head = f"{SAID[found.relation]} (similarity {found.similarity:.3f}"
    head += f", level {found.level})" if found.level else ")"
    rows = [
        f"  {'material' if d.material else 'immaterial'} {d.name}: {printable(repr(d.here))[1:-1]!r} in the second, "
        f"{printable(repr(d.witness))[1:-1]!r} in the first"
        for d in found.differences
    ]
    return [head, *rows]


def _text(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return decode(data).text.strip()
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", file=name, fix="give a file that can be read") from None
    except NotDecoded as error:
        raise InputError(str(error), file=name, fix="give a text file") from None
