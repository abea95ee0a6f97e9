"""The section of docs/figures.md about what the hook finds."""

from __future__ import annotations

from collections.abc import Iterator

from page import Result, conditions, digests, number, share, shortfalls, table

FATES = {
    "error": "error at its lines",
    "error at other lines": "error at other lines",
    "warning": "warning",
    "info": "info",
    "nothing": "nothing",
}
PASTED = {
    "right below": "right below itself",
    "three blocks": "with the two blocks below it, right below them",
    "re-wrapped": "right below itself, re-wrapped",
    "same section": "at another place of its section",
    "other section": "in another section",
    "changed": "right below itself, one number, name or negation changed",
}


def of_hook_quality(result: Result) -> Iterator[str]:
    yield "## What the hook finds\n"
    yield conditions(result)
    yield from shortfalls(result)
    yield from of_pages(result)
    yield from of_pasted(result["planted"])
    yield from of_replay(result["replay"])
    yield digests(result)


def of_pages(result: Result) -> Iterator[str]:
    found = result["as they are"]
    repositories = ", ".join(f"{name} {number(pages)}" for name, pages in result["pages"].items())
    yield "### Four content repositories as they are\n"
    yield f"{number(found['files'])} pages ({repositories}), without `--new`, with `--across`.\n"
    yield table(
        ["rule", "severity", "findings"],
        [[f"`{each['rule']}`", each["severity"], number(each["findings"])] for each in found["by rule"]],
    )
    yield table(
        ["read one by one", "findings", "read", "a mistake", "meant"],
        [
            [name, number(each["findings"]), each["listed"] - each.get("not judged", 0),
             each.get("genuine", 0), each.get("meant", 0)]
            for name, each in found["read"].items()
        ],
    )  # fmt: skip
    yield (
        "Read are all errors, all warnings inside one page, and some across files, drawn by a fixed seed; each with "
        "its reason in `benchmarks/hook_judged.json`. At least 95 % of the errors must be mistakes.\n"
    )


def of_pasted(planted: Result) -> Iterator[str]:
    yield "### Paragraphs pasted into them\n"
    yield (
        "Random paragraphs of 8 words and more, shares by the size of the repositories, each in a copy of its page; "
        "the hook runs as before a commit. Targets: the first three are all errors at their lines; in its section "
        "at least a warning, from 12 words on, where that rule begins; of the changed ones no error and no fix.\n"
    )
    yield table(
        ["pasted", "pages", *FATES.values(), "12 words and more, missed"],
        [
            [PASTED[kind], row["pages"], *(row[fate] for fate in FATES),
             f"{row['of them missed']} of {row['long enough apart']}" if "missed" in row else "-"]
            for kind, row in planted.items()
        ],
    )  # fmt: skip
    if shifted := sum(row.get("at other lines, as good", 0) for row in planted.values()):
        yield (
            f"Of the errors at other lines {shifted} could be told at either place: the block above is also the last "
            "one pasted, and either cut gives the page as it was.\n"
        )
    yield table(
        ["then fixed", "flags", "as before the paste, byte for byte", "left as it was"],
        [
            [PASTED[kind], f"`{' '.join(row['fix']['flags'])}`", *fixes(kind, row)]
            for kind, row in planted.items()
            if "fix" in row
        ],
    )


def fixes(kind: str, row: Result) -> list[object]:
    right = share(row["fix"]["as it should be"], row["pages"])
    return ["-", right] if kind == "changed" else [right, "-"]


def of_replay(replay: Result) -> Iterator[str]:
    yield "### Commits of a history\n"
    yield (
        "Words changed, paragraphs added, revised, moved, re-wrapped and dropped, files renamed, added and dropped, "
        "two branches merged; the text is real, old mistakes were planted, and a few commits paste a paragraph twice.\n"
    )
    shown = [
        "commits",
        "of them merges",
        "files given to the hook",
        "findings hidden",
        "pasted twice",
        "of them told as errors",
        "errors on untouched lines",
        "other findings on untouched lines",
    ]
    yield table(["replayed", "number"], [[name, number(replay[name])] for name in shown])


def of_hook(result: Result) -> Iterator[str]:
    yield "## How long people wait for the hook\n"
    yield conditions(result)
    yield from shortfalls(result)
    files = {name: number(value) for name, value in result["input"].items()}
    yield (
        f"Whole processes, best and middle of {result['rounds']} rounds in turn: one file ({files['bytes of one']} "
        f"bytes), {files['files of many']} files ({files['bytes of many']} bytes), across {files['files']} files. "
        "What the tools do differs, what people wait for does not.\n"
    )
    words = ("best, ms", "middle, ms", "processor, ms")
    rows = [[name, *(each[word] for word in words)] for name, each in result["contenders"].items()]
    yield table(["run", *words], rows)
    yield digests(result)
