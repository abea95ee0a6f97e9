"""The sections of docs/figures.md about whole dumps: time beside other tools, what is found, ten times as much."""

from __future__ import annotations

from collections.abc import Iterator

from page import Result, conditions, digests, number, share, shortfalls, table

MEMORY = "memory of all processes together, MB"
WARM = ", from a warm process"  # the end of the name of what gives the work of another
WORDS = ("clock", "processor", "work")
FATES = {"gone": "one version left", "stay": "both left", "lost": "lost"}


# -- dumps.py ----------------------------------------------------------------------------------


def of_dumps(result: Result) -> Iterator[str]:
    given = result["input"]
    yield "## A dump, beside other tools\n"
    yield conditions(result)
    yield from shortfalls(result)
    yield (
        f"dump.jsonl.zst as {given['files']} .jsonl.gz files ({given['record bytes'] / 1e6:.0f} MB, "
        f"{number(given['articles'])} articles), {result['cores']} cores, warm caches, in turn; medians of "
        f"{result['rounds']} rounds. Clock and processor are those of whole processes. Work is the clock from when "
        "processes are started and libraries and kernels are loaded, by the program itself: for cleaner in a process "
        "that has cleaned before.\n"
    )
    head = [
        "run", "clock, s", "from, to", "processor, s", "work, s", "memory, MB",
        "times the floor: clock", "processor", "work", "texts shorter by",
    ]  # fmt: skip
    shown = {name: run for name, run in result["contenders"].items() if not name.endswith(WARM)}
    yield table(head, (row_of(name, run, result) for name, run in shown.items()))
    yield from of_commands(shown)
    yield (
        "What they do differs: polars compares hashes of lines, dolma asks a Bloom filter, both log no witness; rensa "
        "and gaoya find pairs and write nothing; datatrove drops whole articles. Only cleaner compares the texts, and "
        "can restore them.\n"
    )
    if result["skipped"]:
        yield "Left out: " + "; ".join(f"{name}: {why}" for name, why in result["skipped"].items()) + ".\n"
    yield digests(result)


def row_of(name: str, run: Result, result: Result) -> Iterator[object]:
    yield name
    yield f"{run['wall']:.2f}"
    yield f"{min(run['each wall']):.2f} to {max(run['each wall']):.2f}"
    yield f"{run['processor']:.2f}"
    ratios = result["times the floor"]
    warm = name + WARM if name + WARM in ratios else name
    work = result["contenders"][warm]["by its own clock"]
    yield "-" if work is None else f"{work:.2f}"
    yield "-" if run[MEMORY] is None else round(run[MEMORY])
    yield from (ratios.get(who, {}).get(word, "-") for who, word in zip((name, name, warm), WORDS, strict=True))
    before, after = result["input"]["characters"], run["written"]
    yield "writes none" if after is None else share(before - after["characters"], before)


def of_commands(contenders: Result) -> Iterator[str]:
    """How the seconds of those that are two commands come together."""
    found = [
        f"{name}: " + ", ".join(f"{command} {seconds:.2f} s" for command, seconds in run["commands"].items())
        for name, run in contenders.items()
        if "commands" in run
    ]
    if found:
        yield "Commands by the clock: " + "; ".join(found) + ".\n"


# -- pairing.py --------------------------------------------------------------------------------


def of_pairing(result: Result) -> Iterator[str]:
    yield "## Signatures and candidate pairs, on one core\n"
    yield conditions(result)
    yield from shortfalls(result)
    yield (
        f"{number(result['paragraphs'])} paragraphs of the dump ({result['MB']} MB), from strings to pairs that share "
        "one of 20 bands of 3 word-pair hashes; “near pairs” also counts each pair's exact Jaccard. Target: candidates "
        f"at least {result['at least']:g} times as fast as datasketch as its documentation shows it.\n"
    )
    ratios = result["times as fast"]
    rows = [
        [name, seconds, result["MB/s"][name], *(ratios.get(name, {}).get(other, "-") for other in against(ratios)),
         number(result["pairs"][name]), number(result["near pairs among them"][name])]
        for name, seconds in result["seconds"].items()
    ]  # fmt: skip
    head = [f"times as fast as {other}" for other in against(ratios)]
    yield table(["road", "seconds", "MB/s", *head, "pairs", "near pairs among them"], rows)


def against(ratios: Result) -> list[str]:
    return list(next(iter(ratios.values())))


# -- planted.py --------------------------------------------------------------------------------


def of_planted_in_dumps(result: Result) -> Iterator[str]:
    yield "## Copies and near copies planted across the articles of a dump\n"
    yield conditions(result)
    yield from shortfalls(result)
    yield (
        f"{100 * result['share']:g} % of the articles got a paragraph of another one; all equal paragraphs are "
        "asked for (`--lone remove`). Targets: at level copy the "
        "copies go (99.5 %; 97 % of typos) and every variant stays; at level similar 99 % of the variants go whose "
        f"edit similarity is {result['similar from']} and over; nothing is lost. A version that stands in a third "
        "article of the dump is not lost.\n"
    )
    for level, kinds in result["all seeds"].items():
        part = "near" if level == "similar" else "all"
        seeds = ", ".join(result["levels"][level])
        yield f"Level {level}, seeds {seeds}" + (", pairs that are similar enough:\n" if part == "near" else ":\n")
        rows = [
            [kind, each[part]["pairs"], *(each[part][fate] for fate in FATES), target(result, level, kind, each[part])]
            for kind, each in kinds.items()
        ]
        yield table(["planted", "pairs", *FATES.values(), "as wanted"], rows)


def target(result: Result, level: str, kind: str, counts: Result) -> str:
    """Share of what fares as it should; nothing where there is no target."""
    if kind not in result["floors"][level]:
        return "-"
    wanted = "stay" if level == "copy" and result["floors"][level][kind] == 1 else "gone"
    return share(counts[wanted], counts["pairs"])


# -- tenfold.py --------------------------------------------------------------------------------


def of_tenfold(result: Result) -> Iterator[str]:
    near = any("altered" in cases for cases in result["levels"].values())
    yield f"## The dump {result['copies']} times over{', near copies of itself' * near}\n"
    yield conditions(result)
    if result["short of target"]:
        yield from shortfalls(result)
    yield (
        "--scope corpus on two cores. Rotated: copies with other letters, each with its repeats, none with those of "
        "another. Altered: in each copy other 1 % of the words are changed, so that everything has copies or near "
        "copies in every other copy.\n"
    )
    rows = [
        [level, name, number(each["articles"]), f"{each['wall']:.1f}", f"{each['processor']:.1f}",
         "-" if each[MEMORY] is None else round(each[MEMORY]),
         *(result["times the dump"][level].get(name, {}).get(word, "-") for word in ("clock", "processor", "memory"))]
        for level, cases in result["levels"].items()
        for name, each in cases.items()
    ]  # fmt: skip
    head = ["level", "input", "articles", "clock, s", "processor, s", "memory, MB"]
    yield table([*head, "times the dump, clock", "processor", "memory"], rows)


# -- annotate_dolma.py -------------------------------------------------------------------------


def of_annotations(result: Result) -> Iterator[str]:
    yield "## Annotations, as dolma takes them\n"
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    yield (
        f"Articles cleaned by `cleaner`, and annotated by it (`--annotate dolma`) and cut by `dolma mix` ({versions}): "
        "the texts must be equal. Many have characters that a count in bytes or in UTF-16 would get wrong.\n"
    )
    rows = [
        [f"scope {run['scope']}", run["compression"], number(run["articles"]), number(run["changed"]),
         number(run["changed, not ASCII"]), number(run["differing"])]
        for run in result["runs"]
    ]  # fmt: skip
    yield table(["run", "compression", "articles", "changed", "of these not ASCII", "texts that differ"], rows)
