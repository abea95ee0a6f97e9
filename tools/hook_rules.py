"""Write the rules' table of docs/hook.md from cleaner/phases/check/rules.py; with --check only say whether it holds."""

from __future__ import annotations

import pathlib
import sys

from cleaner.phases.check.options import DEFAULTS
from cleaner.phases.check.rules import RULES

PAGE = pathlib.Path(__file__).parent.parent / "docs" / "hook.md"
BEGIN, END = "<!-- written by tools/hook_rules.py -->\n", "<!-- until here -->\n"


def table() -> str:
    """The rules in their order, and the shortest paragraphs that count."""
    rows = [f"| `{rule.name}` | {rule.severity} | {rule.title} |\n" for rule in RULES.values()]
    words = (
        f"Shorter paragraphs do not count: {DEFAULTS.min_adjacent} words side by side, {DEFAULTS.min_file} elsewhere "
        f"in one file, {DEFAULTS.min_across} across files.\n"
    )
    return "".join(["| rule | severity | what it finds |\n", "|---|---|---|\n", *rows, "\n", words])


def written(page: str) -> str:
    """``page`` with the table as it should be. ValueError: it has no place for one."""
    head, tail = page.split(BEGIN)
    return f"{head}{BEGIN}\n{table()}\n{END}{tail.split(END)[1]}"


def main() -> int:
    page = PAGE.read_text(encoding="utf-8")
    new = written(page)
    if "--check" in sys.argv:
        return 0 if new == page else 1
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
