"""The section of docs/figures.md about the report page."""

from __future__ import annotations

from collections.abc import Iterator

from page import Result, conditions, digests, number, share, shortfalls, table

OPENING = ("loaded, ms", "drawn, ms", "first key, ms", "next key, ms")


def of_report(result: Result) -> Iterator[str]:
    yield "## The report page\n"
    yield conditions(result)
    yield from shortfalls(result)
    yield from (f"Left out: {what}: {why}.\n" for what, why in result["skipped"].items())
    yield from of_making(result)
    yield from of_opening(result)
    yield from of_noting(result)
    yield digests(result)


def of_making(result: Result) -> Iterator[str]:
    yield "### Making it\n"
    yield (
        f"Medians of {result['rounds']} rounds; the page in a process of its own, imports included. "
        "Targets: making it takes at most 5 % of the run or 1 s, whichever is more, and it has at most 15 MB.\n"
    )
    head = [
        "cleaned",
        "run, s",
        "page, s",
        "least, s",
        "of the run",
        "in the run itself, s",
        "MB",
        "removals",
        "variants",
    ]
    yield table(head, ([name, *making(each), *cases(each["page"])] for name, each in result["inputs"].items()))
    yield "Removals and variants: cases that the page holds, of those in the log.\n"


def making(each: Result) -> list[object]:
    page, wall = each["page"], each["wall"]
    seconds = (f"{value:.2f}" for value in (wall, page["median, s"], page["least, s"]))
    return [*seconds, share(page["median, s"], wall, 1), f"{each['page in the run, s']:.2f}", f"{page['MB']:.2f}"]


def cases(page: Result) -> list[str]:
    return [f"{number(page['cases'][of])} of {number(page['of'][of])}" for of in ("removal", "variant")]


def of_opening(result: Result) -> Iterator[str]:
    yield "### Opening it\n"
    opened = {name: each["opening"] for name, each in result["inputs"].items() if "opening" in each}
    if not opened:
        yield "Not measured: there was no browser.\n"
        return
    yield (
        f"Chromium {result['browser']}, headless, {result['rounds']} openings from a file: median and slowest. "
        "From navigation to the end of the load event and until the first case is on the screen, at most 2 s; from a "
        "key in the search field until the list is drawn anew, over all cases of the larger kind. A key takes 120 ms "
        "at least: so long the page waits for the next one. The first key also makes the texts ready.\n"
    )
    head = ["page of", "loaded, ms", "first case, ms", "first key, ms", "each further key, ms"]
    yield table(head, ([name, *map(spread, (each[word] for word in OPENING))] for name, each in opened.items()))


def spread(found: Result) -> str:
    return f"{found['median']:.0f}, {found['most']:.0f}"


def of_noting(result: Result) -> Iterator[str]:
    yield "### Noting its cases\n"
    yield (
        "Processor seconds of a run, without making the page, with cases noted and without, in turn; medians. "
        "The ratio is that of the medians, beside it those of each round: where they spread, so does the machine.\n"
    )
    rows = [
        [name, *(f"{seconds:.2f}" for seconds in each["processor"].values()), f"{each['noting']:.3f}",
         ", ".join(f"{ratio:.3f}" for ratio in each["each noting"])]
        for name, each in result["inputs"].items()
    ]  # fmt: skip
    yield table(["cleaned", "noted, s", "not noted, s", "ratio", "of each round"], rows)
