"""What becomes of repeats in real text: a section of docs/figures.md, and a paragraph of README.md."""

from __future__ import annotations

from collections.abc import Iterator

from page import Result, conditions, digests, filled, number, share, table

BEGIN = "<!-- natural: made by benchmarks/tables.py from benchmarks/results/natural.json, do not edit -->"
END = "<!-- natural: end -->"
SETS = {
    "news": "news articles",
    "web": "web pages",
    "corpus": "across articles",
    "corpus, --lone remove": "across articles, `--lone remove`",
}


def of_natural(result: Result) -> Iterator[str]:
    yield "## Real text, judged by hand\n"
    yield conditions(result)
    yield (
        "Real articles and web pages in which something stands twice. One reader judged each place: a **repeat** is "
        "what an editor would take out, without losing anything or breaking the reading; what **must stay** says the "
        "same as another place and belongs where it stands. Every word was then replaced by another of the same "
        "length, script and case, so that the cases could be shared. Default settings; the floors of these figures "
        "are in `tests/test_natural.py`. The rules were written with these cases in sight: on text that nobody has "
        "looked at, expect less.\n"
    )
    yield "".join(f"- {line}\n" for line in sentences(result))
    yield (
        "**Goes**: all copies but one are gone and that one is whole. **Wrong side**: the copy that had to stay was "
        "cut. **Left**: both are still there. **Broken**: more than a tenth of the words of what must stay are gone.\n"
    )
    yield table(
        ["set", "version", "repeats", "go", "share", "wrong side", "left", "must stay", "broken", "share"],
        (row for name, run in result["runs"].items() for row in (counts(name, run), as_first(run))),
    )
    for name, run in result["runs"].items():
        yield f"### {SETS.get(name, name)[:1].upper()}{SETS.get(name, name)[1:]}, by kind\n"
        yield table(
            ["kind", "repeats", "go", "wrong side", "left", "must stay", "broken"],
            [
                [kind, row["repeats"], row["done"], row["wrong side"], row["left"], row["stays"], row["broken"]]
                for kind, row in run["kinds"].items()
            ],
        )
    yield digests(result)


def sentences(result: Result) -> Iterator[str]:
    """The figures in plain words, a sentence a set."""
    for name, run in result["runs"].items():
        now, first = run["all"], run["first version"]
        yield (
            f"**{SETS.get(name, name)}:** of what an editor would take out {percent(now['done'], now['repeats'])} goes "
            f"(first version: {percent(first['done'], first['repeats'])}), "
            f"{percent(now['wrong side'], now['repeats'])} loses the wrong copy "
            f"({percent(first['wrong side'], first['repeats'])}); of what must stay "
            f"{percent(now['broken'], now['stays'])} is broken ({percent(first['broken'], first['stays'])})."
        )


def counts(name: str, run: Result) -> list[object]:
    return [SETS.get(name, name), "this one", *figures(run["all"])]


def as_first(run: Result) -> list[object]:
    row = run["first version"]
    return ["", "the first", *figures({"left": row["repeats"] - row["done"] - row["wrong side"], **row})]


def figures(row: Result) -> Iterator[object]:
    yield number(row["repeats"])
    yield from (row["done"], percent(row["done"], row["repeats"]), row["wrong side"], row["left"])
    yield from (number(row["stays"]), row["broken"], percent(row["broken"], row["stays"]))


def percent(part: int, whole: int) -> str:
    return share(part, whole, 0)


def in_readme(result: Result) -> str:
    """What README.md says about quality: a list for a reader who has seen no table yet."""
    lines = []
    for name in ("news", "web", "corpus"):
        row = result["runs"][name]["all"]
        where = {"news": "In news articles", "web": "On web pages", "corpus": "Across the articles of a corpus"}[name]
        lines.append(
            f"- {where}, {percent(row['done'], row['repeats'])} of the repeats that an editor would take out go; "
            f"{percent(row['broken'], row['stays'])} of what repeats something and must stay is broken "
            f"({row['done']} of {row['repeats']}, {row['broken']} of {row['stays']})."
        )
    return "\n".join(lines)


def with_natural(page: str, result: Result) -> str:
    """``page`` with its list made anew."""
    return filled(page, BEGIN, END, in_readme(result) + "\n")
