"""What the log says for people: why to look at what went, and what stands around it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.formats import cases, removal_log
from cleaner.job import JobOptions, run
from cleaner.settings import Settings
from cleaner.text.around import Headings, beside, edges
from cleaner.text.lines import is_plain_heading, plain_headings

ONE = "The council voted on Tuesday to close 25 of the 140 bridges in the county until April 2026 for repairs."
TWO = "Nobody in the small town had expected that the old mill would ever grind the farmers' corn again this year."
THREE = "A spokeswoman said the work could begin as early as next week if the weather stays dry and mild enough."
FOUR = "In the evening the mayor opened the new library with a long speech about reading and about quiet rooms."
FIVE = "The last train of the day left the station on time, although the signals had failed again in the morning."


def rows(folder: Path, name: str = "removals") -> list[dict[str, Any]]:
    text = (folder / "out" / "_cleaner" / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


def clean(folder: Path, files: dict[str, str], *, settings: Settings | None = None, **options: Any) -> None:
    """Write the files below in/ and clean them into out/."""
    for name, text in files.items():
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    run(JobOptions((str(folder / "in"),), folder / "out", **({"workers": 1} | options)), settings or Settings())


def looks(folder: Path) -> list[list[str]]:
    return [row["look"] for row in rows(folder)]


def test_a_lone_paragraph_away_from_its_witness_is_to_be_looked_at(tmp_path: Path) -> None:
    clean(tmp_path, {"a.txt": "\n".join([ONE, TWO, THREE, ONE, FOUR])})
    assert looks(tmp_path) == [["alone"]]


def test_a_copy_right_below_its_witness_is_not(tmp_path: Path) -> None:
    clean(tmp_path, {"a.txt": "\n".join([ONE, TWO, TWO, THREE])})
    assert looks(tmp_path) == [[]]


def test_a_block_in_the_middle_is_not(tmp_path: Path) -> None:
    clean(tmp_path, {"a.txt": "\n".join([ONE, TWO, THREE, FIVE, ONE, TWO, FOUR])})
    assert looks(tmp_path) == [[], []]


def test_what_began_or_ended_its_article_is(tmp_path: Path) -> None:
    clean(tmp_path, {"a.txt": f"\n\n{ONE}\n{ONE}\n{TWO}\n{FOUR}\n{FIVE}\n"}, settings=Settings(keep="last"))
    assert looks(tmp_path) == [["first"]]
    clean(tmp_path / "b", {"a.txt": f"{FOUR}\n{FIVE}\n{ONE}\n{TWO}\n{TWO}\n\n"})
    assert looks(tmp_path / "b") == [["last"]]


def test_an_article_that_loses_much_of_itself_is(tmp_path: Path) -> None:
    clean(tmp_path, {"a.txt": "\n".join([ONE, TWO, ONE, TWO, THREE])}, flag_share=0.3)
    assert looks(tmp_path) == [["much"], ["much"]]
    assert {row["share"] for row in rows(tmp_path)} == {round(rows(tmp_path)[0]["share"], 4)}


def test_what_goes_although_facts_differ_is(tmp_path: Path) -> None:
    other = ONE.replace("25", "24")
    clean(tmp_path, {"a.txt": "\n".join([ONE, other, TWO])}, settings=Settings(level="similar"))
    assert looks(tmp_path) == [["differs"]]


def test_across_articles_the_headings_of_both_are_compared(tmp_path: Path) -> None:
    texts = [f"{head}\n\n{a}\n\n{ONE}\n\n{b}" for head, a, b in (("# Roads", TWO, THREE), ("# Roads", FOUR, FIVE))]
    pytest.importorskip("numba")
    for name, heading in (("same", "# Roads"), ("other", "# Mills")):
        folder = tmp_path / name
        lines = [
            json.dumps({"id": n, "text": text.replace("# Roads", heading) if n else text})
            for n, text in enumerate(texts)
        ]
        clean(folder, {"a.jsonl": "\n".join(lines)}, scope="corpus", settings=Settings(lone="remove"))
        assert looks(folder) == [["heading", "alone"] if name == "other" else ["alone"]]
        (case,) = rows(folder, "cases")
        assert case["heading"] == heading.strip("# ")
        assert case["witness"] == {"before": f"# Roads\n\n{TWO}", "behind": THREE, "heading": "Roads"}
        assert (case["before"], case["behind"]) == (f"{heading}\n\n{FOUR}", FIVE)


def test_a_case_holds_the_witness_only_where_it_is_written_otherwise(tmp_path: Path) -> None:
    loud = ONE.upper()
    clean(tmp_path, {"a.txt": f"{ONE}\n{TWO}\n{ONE}\n{THREE}\n{loud}\n{FOUR}"})
    same, otherwise = rows(tmp_path, "cases")
    assert "text" not in same["witness"]
    assert otherwise["witness"]["text"] == ONE
    assert same["before"].startswith("…")
    assert same["before"].endswith(TWO)
    assert same["behind"].startswith(f"{THREE}\n{loud[:40]}")
    assert same["behind"].endswith("…")


def test_the_language_and_the_source_stand_in_rows_and_report(tmp_path: Path) -> None:
    record = {"id": 1, "text": f"{ONE}\n{TWO}\n{ONE}\n{THREE}", "lang": "en", "host": "example.org"}
    other = record | {"id": 2, "text": TWO, "host": "example.com"}
    clean(tmp_path, {"a.jsonl": f"{json.dumps(record)}\n{json.dumps(other)}"}, lang_field="lang", source_field="host")
    (row,) = rows(tmp_path)
    assert (row["lang"], row["source"]) == ("en", "example.org")
    report = json.loads((tmp_path / "out/_cleaner/report.json").read_text())
    words = len(ONE.split()), len(f"{ONE} {TWO} {ONE} {THREE}".split())
    assert report["sources"]["example.org"]["articles"] == 1
    assert report["sources"]["example.org"]["removed_words"] == row["words"] <= words[0]
    assert report["sources"]["example.com"]["removed_words"] == 0
    assert list(report["sources"]) == ["example.org", "example.com"]


def test_sources_beyond_the_most_are_counted_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.formats.tally.MOST_SOURCES", 2)
    lines = [json.dumps({"id": n, "text": TWO, "host": f"h{n}"}) for n in range(5)]
    clean(tmp_path, {"a.jsonl": "\n".join(lines)}, source_field="host")
    sources = json.loads((tmp_path / "out/_cleaner/report.json").read_text())["sources"]
    assert {name: each["articles"] for name, each in sources.items()} == {"h0": 1, "h1": 1, "(all others)": 3}


def many(number: int) -> str:
    """Records with a repeat of one paragraph, or a block of two, each of its own text."""
    texts = [
        f"{ONE} {n}.\n{TWO} {n}.\n{THREE}\n{FIVE}\n{ONE} {n}.\n" + f"{TWO} {n}.\n" * (n % 2) + FOUR
        for n in range(number)
    ]
    return "\n".join(json.dumps({"id": n, "text": text}) for n, text in enumerate(texts))


def test_of_many_cases_those_with_the_lowest_ranks_are_kept_and_blocks_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean(tmp_path / "all", {"a.jsonl": many(60)})
    whole = {(case["record"], case["start"]): case["rank"] for case in rows(tmp_path / "all", "cases")}
    monkeypatch.setattr(cases, "MOST_FIRST", 30)
    clean(tmp_path / "few", {"a.jsonl": many(60)})
    few = {(case["record"], case["start"]): case["rank"] for case in rows(tmp_path / "few", "cases")}
    assert len(whole) == 90
    assert 0 < len(few) <= 30
    assert few.items() <= whole.items()
    assert max(few.values()) < min(rank for place, rank in whole.items() if place not in few)
    spans: dict[int, int] = {}
    for record, _ in few:
        spans[record] = spans.get(record, 0) + 1
    assert {spans[record] for record in spans if record % 2 == 0} == {2}


def test_a_log_keeps_every_second_case_less_where_there_are_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal_log, "MOST_CASES", 20)
    writer = removal_log.LogWriter(tmp_path / "out/_cleaner", dry=True)
    ranks = [n * 7_919_191 % (1 << 32) for n in range(600)]
    for at in range(0, 600, 10):
        writer.add([], [], [{"file": "a", "rank": rank} for rank in ranks[at : at + 10]])
    writer.finish()
    kept = [case["rank"] for case in rows(tmp_path, "cases")]
    assert 20 < len(kept) < 200
    lowest = sorted(ranks)[:10]
    assert set(lowest) <= set(kept)


@pytest.mark.parametrize("scope", ["article", "corpus"])
def test_the_cases_are_the_same_however_many_processes_there_are(tmp_path: Path, scope: str) -> None:
    if scope == "corpus":
        pytest.importorskip("numba")
    for workers in (1, 2):
        clean(
            tmp_path / str(workers),
            {"a.jsonl": many(40), "b.txt": f"{ONE}\n{TWO}\n{ONE}"},
            scope=scope,
            workers=workers,
        )
    assert rows(tmp_path / "1", "cases") == rows(tmp_path / "2", "cases") != []


@given(st.text(alphabet="ab \n#=-§1.", max_size=60))
def test_headings_are_those_that_a_look_at_each_line_finds(text: str) -> None:
    spans = [match.span() for match in re.finditer(r"\S[^\r\n]*", text)]
    spans = [(start, start + len(text[start:end].rstrip())) for start, end in spans]
    slow = [spans[i] for i in range(len(spans)) if is_plain_heading(text, spans[i : i + 2], 0)]
    assert sorted(set(plain_headings(text))) == slow


def test_the_heading_above_is_the_nearest_one_without_its_marks() -> None:
    text = "Title\n=====\n\none\n\n## Part ##\n\ntwo"
    found = Headings(text)
    assert [found.above(text.index(word)) for word in ("Title", "one", "two")] == ["", "Title", "Part"]
    page = "<h1>Big <b>one</b></h1><p>one</p><H2 class='x'>Small</H2><p>two</p>"
    found = Headings(page, "html")
    assert [found.above(page.index(word)) for word in ("<h1>", "<p>one", "two")] == ["", "Big one", "Small"]


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80))
def test_what_stands_beside_a_span_is_text_of_the_article(text: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    before, behind = beside(text, start, end)
    assert text[:start].strip().endswith(before)
    assert text[end:].strip().startswith(behind)
    first, last = edges(text)
    assert text[first:last] == text.strip() or not text.strip()
