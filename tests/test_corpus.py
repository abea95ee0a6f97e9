"""Scope corpus: what several articles say goes once, facts never, and nothing depends on how the work is cut."""

from __future__ import annotations

import contextlib
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from campaign import examples
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from cleaner.errors import SettingsError
from cleaner.formats.compression import compressed
from cleaner.formats.jsonl import JSONL
from cleaner.formats.reading import line_batches
from cleaner.formats.restore import restore
from cleaner.index import Index
from cleaner.job import JobOptions, run
from cleaner.settings import Settings
from cleaner.types import Level

pytest.importorskip("numba", reason="scope corpus needs article-cleaner[dumps]")

A = "The council voted on Monday to repair the old bridge over the river before the winter comes."
B = "Nobody in the village remembers who built the mill that stands at the end of the long road."
C = "Three boats left the harbour at dawn and came back in the evening with empty nets and tired men."
D = "Our newsletter brings you the stories of the week every Friday morning, free of charge, to your inbox."


class Ran:
    """A run over articles: their cleaned texts, and the rows of the log."""

    def __init__(self, folder: Path, texts: Sequence[str], name: str = "out", **options: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps({"id": f"a{n}", "text": text}) + "\n" for n, text in enumerate(texts)]
        (folder / "in.jsonl").write_text("".join(lines), encoding="utf-8")
        self.out = folder / name
        options = {"lone": "remove"} | options  # what is found; what of it stays is in test_lone.py
        chosen = Settings(**{key: options.pop(key) for key in list(options) if key in Settings.__dataclass_fields__})
        options = {"workers": 1, "scope": "corpus"} | options
        self.result = run(JobOptions(inputs=(str(folder / "in.jsonl"),), out=self.out, **options), chosen)
        written = (self.out / "in.jsonl").read_text(encoding="utf-8").splitlines()
        self.texts = [json.loads(line)["text"] for line in written]
        self.removals, self.variants = self._log("removals"), self._log("variants")

    def _log(self, name: str) -> list[dict[str, Any]]:
        lines = (self.out / "_cleaner" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]


def test_a_paragraph_of_an_earlier_article_goes_and_names_its_witness(tmp_path: Path) -> None:
    ran = Ran(tmp_path, [f"{A}\n\n{B}\n", f"{C}\n\n{A}\n"])
    assert ran.texts == [f"{A}\n\n{B}\n", f"{C}\n"]
    (row,) = ran.removals
    assert (row["id"], row["record"], row["line"], row["text_line"]) == ("a1", 2, 2, 3)
    witness = row["witness"]
    assert (witness["id"], witness["record"], witness["line"], witness["text_line"]) == ("a0", 1, 1, 1)
    assert (witness["start"], witness["end"], row["level"], row["rule"]) == (0, len(A), "exact", "identical")


@pytest.mark.parametrize("around", [("", "\n"), ("  ", "  "), ("\n\n", "\n\n\n"), ("\r\n", "\r\n"), ("", "")])
def test_an_article_that_loses_all_is_the_empty_text_and_comes_back(tmp_path: Path, around: tuple[str, str]) -> None:
    text = f"{A}\n\n{B}"
    ran = Ran(tmp_path, [text, text.join(around)])
    assert ran.texts == [text, ""]
    restore(ran.out, tmp_path / "back")
    assert (tmp_path / "back" / "in.jsonl").read_bytes() == (tmp_path / "in.jsonl").read_bytes()


def test_with_keep_last_the_last_one_stays(tmp_path: Path) -> None:
    assert Ran(tmp_path, [f"{A}\n\n{B}\n", f"{C}\n\n{A}\n"], keep="last").texts == [f"{B}\n", f"{C}\n\n{A}\n"]


@pytest.mark.parametrize(
    "other",
    [
        A.replace("Monday", "Tuesday"),
        A.replace("voted", "never voted"),
        A.replace("to repair", "not to repair"),
        A + " 5.",
        A.replace("before the winter", "before winter"),
    ],
)
def test_a_paragraph_that_says_something_else_stays_and_is_reported(tmp_path: Path, other: str) -> None:
    ran = Ran(tmp_path, [f"{A}\n", f"{C}\n\n{other}\n"])
    assert ran.texts == [f"{A}\n", f"{C}\n\n{other}\n"]
    assert [(row["id"], row["witness"]["id"]) for row in ran.variants] == [("a1", "a0")]
    assert ran.variants[0]["differences"]


@pytest.mark.parametrize("sign", ["<", ">=", "≠"])
def test_copy_keys_only_propose_signs_decide(tmp_path: Path, sign: str) -> None:
    rule = "A value x {} y is accepted by the parser in every case that the old grammar had allowed before."
    texts = [rule.format("="), rule.format(sign)]
    ran = Ran(tmp_path, texts)
    assert ran.texts == texts
    assert len(ran.variants) == 1


@pytest.mark.parametrize(
    "other",
    [
        A.upper(),
        A.replace(" over", "\nover"),
        A.replace("winter", "“winter”"),
        A[:-1],
        f"- {A}",
        A.replace("e", "e\u00ad"),
    ],
)
def test_what_differs_in_writing_only_goes(tmp_path: Path, other: str) -> None:
    witness = A.replace("winter", '"winter"') if "“" in other else A
    assert Ran(tmp_path, [f"{witness}\n\n{B}\n", f"{C}\n\n{other}\n"]).texts[1] == f"{C}\n"


def test_at_level_exact_only_spacing_case_and_unicode_may_differ(tmp_path: Path) -> None:
    ran = Ran(tmp_path, [f"{A}\n", f"{C}\n\n{A.upper()}\n", f"{B}\n\n{A[:-1]}\n"], level="exact")
    assert ran.texts == [f"{A}\n", f"{C}\n", f"{B}\n\n{A[:-1]}\n"]


def test_at_level_similar_near_paragraphs_go_and_the_log_names_what_went(tmp_path: Path) -> None:
    ran = Ran(tmp_path, [f"{A}\n", f"{C}\n\n{A.replace('Monday', 'Tuesday')}\n"], level="similar")
    assert ran.texts == [f"{A}\n", f"{C}\n"]
    assert ran.removals[0]["level"] == "similar"
    assert ran.removals[0]["differences"] == [
        {"name": "name", "here": "Tuesday", "witness": "Monday", "material": True}
    ]


def test_lines_between_go_with_the_block_but_a_heading_before_it_stays(tmp_path: Path) -> None:
    first = f"Intro\n\n{A}\n\nPhoto: Anna\n\n{B}\n\nRead more\n"
    second = f"Intro\n\n{A}\n\nPhoto: Anna\n\n{B}\n\nOther\n\n{C}\n"
    ran = Ran(tmp_path, [first, second])
    assert ran.texts[1] == f"Intro\n\nOther\n\n{C}\n"
    assert {row["shape"] for row in ran.removals} == {"block"}
    assert [row["text_line"] for row in ran.removals] == [3, 5, 7]


def test_a_line_of_a_block_without_an_equal_partner_stays(tmp_path: Path) -> None:
    ran = Ran(tmp_path, [f"{A}\n\nPhoto: Anna\n\n{B}\n", f"{A}\n\nPhoto: Bert\n\n{B}\n"])
    assert ran.texts[1] == "Photo: Bert\n"


def test_an_article_that_another_one_is_goes_with_its_short_lines(tmp_path: Path) -> None:
    whole = f"The bridge\n\n{A}\n\nBy Anna\n\n{B}\n\nEnd\n"
    ran = Ran(tmp_path, [whole, whole])
    assert ran.texts == [whole, ""]
    assert ran.result.tally.emptied == 1


def test_a_protected_paragraph_stays_but_is_a_witness(tmp_path: Path) -> None:
    ran = Ran(tmp_path, [f"{A}\n", f"{B}\n\n{A}\n", f"{C}\n"], protect=("council",))
    assert ran.texts[1] == f"{B}\n\n{A}\n"


def test_rows_that_run_in_parallel_within_an_article_go_where_another_article_has_them(tmp_path: Path) -> None:
    one = f"# North\n\n{A}\n\n{B}\n"
    both = f"# North\n\n{A}\n\nDial 1 for help.\n\n# South\n\n{A}\n\nDial 2 for help.\n"
    assert A not in Ran(tmp_path, [one, both]).texts[1]


def test_an_article_said_twice_and_by_others_relies_on_what_stays(tmp_path: Path) -> None:
    body = f"{A}\n\n{B}\n\n{C}\n"
    ran = Ran(tmp_path, [body, f"Title of the second\n\n{body}\n{body}"])
    assert ran.texts[1] == "Title of the second\n"
    for row in ran.removals:
        assert row["witness"]["id"] == "a0"


# --- promises ---------------------------------------------------------------------------------------

WORDS = [
    "stone",
    "river",
    "winter",
    "bread",
    "letter",
    "garden",
    "window",
    "market",
    "silver",
    "copper",
    "candle",
    "morning",
    "evening",
    "mountain",
]


def paragraphs(rng: random.Random) -> list[str]:
    plain = [" ".join(rng.choices(WORDS, k=rng.randrange(12, 20))).capitalize() + "." for _ in range(4)]
    changed = [text.replace(text.split()[3], "17", 1) for text in plain[:2]]
    spelled = [plain[0].upper(), plain[1].replace(" ", "  ", 3), plain[2][:-1]]
    return [*plain, *changed, *spelled, "Read more", "* * *", "By Anna"]


def corpus(seed: int) -> list[str]:
    rng = random.Random(seed)
    pool = paragraphs(rng)
    count = rng.randrange(2, 7)
    return ["\n\n".join(rng.choices(pool, k=rng.randrange(1, 8))) + "\n" for _ in range(count)]


LONE = st.sampled_from(["report", "remove"])
SLOWLY = examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SLOWLY
@given(st.integers(0, 10**6), st.sampled_from(["copy", "exact"]), st.sampled_from(["first", "last"]), LONE)
def test_cleaning_twice_changes_nothing(tmp_path_factory: Any, seed: int, level: str, keep: str, lone: str) -> None:
    folder = tmp_path_factory.mktemp("twice")
    once = Ran(folder, corpus(seed), level=level, keep=keep, lone=lone)
    twice = Ran(folder / "again", once.texts, level=level, keep=keep, lone=lone)
    assert twice.texts == once.texts


@SLOWLY
@given(st.integers(0, 10**6), st.sampled_from(["first", "last"]), LONE)
def test_what_goes_stands_word_for_word_in_a_witness_that_stays(
    tmp_path_factory: Any, seed: int, keep: str, lone: str
) -> None:
    texts = corpus(seed)
    ran = Ran(tmp_path_factory.mktemp("witness"), texts, keep=keep, lone=lone)
    for row in ran.removals:
        witness = row["witness"]
        said = texts[witness["record"] - 1][witness["start"] : witness["end"]]
        assert letters(row["text"]) in ("", letters(said))  # white space may go as a span of its own
        assert letters(said) in letters(ran.texts[witness["record"] - 1])


def letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


@SLOWLY
@given(st.integers(0, 10**6))
def test_the_log_gives_every_article_back(tmp_path_factory: Any, seed: int) -> None:
    folder = tmp_path_factory.mktemp("back")
    Ran(folder, corpus(seed))
    restore(folder / "out", folder / "back")
    assert (folder / "back" / "in.jsonl").read_bytes() == (folder / "in.jsonl").read_bytes()


def small_batches(read: Iterable[bytes], file: str = "") -> Iterator[bytes]:
    """Batches as small as they can be: of a line, or a few."""
    return line_batches((piece[k : k + 40] for piece in read for k in range(0, len(piece), 40)), 200, file)


@examples(15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6), st.sampled_from(["copy", "similar"]), LONE)
def test_workers_batches_and_parts_change_nothing(
    tmp_path_factory: Any, monkeypatch: pytest.MonkeyPatch, seed: int, level: str, lone: str
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    texts = [text for n in range(4) for text in corpus(seed + n)]
    one = Ran(folder, texts, level=level, lone=lone)
    with monkeypatch.context() as patch:
        patch.setattr("cleaner.formats.jsonl.line_batches", small_batches)
        patch.setattr("cleaner.corpus.decide.Decider._parts", lambda self, each: 7)
        patch.setattr("cleaner.corpus.bands.RANGE", 3)
        patch.setattr("cleaner.corpus.decide.PAIRS", 2)
        patch.setattr("cleaner.corpus.decide.MEMBERS", 2)
        other = Ran(folder, texts, "other", level=level, lone=lone, workers=2)
        assert len(list(JSONL.batches([(folder / "in.jsonl").read_bytes()], ""))) > len(texts) / 2
    for name in ("in.jsonl", "_cleaner/removals.jsonl", "_cleaner/variants.jsonl"):
        assert (one.out / name).read_bytes() == (other.out / name).read_bytes()


# --- boilerplate and the index ------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [5, 6])
def test_records_read_once_or_once_more_come_out_alike(
    tmp_path_factory: Any, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = corpus(seed)
    once = Ran(tmp_path_factory.mktemp("once"), texts)
    assert once.removals
    monkeypatch.setattr("cleaner.corpus.scan.read_half", None)  # measures ask for a second reading
    twice = Ran(tmp_path_factory.mktemp("twice"), texts, measures=True)
    assert (once.texts, once.removals, once.variants) == (twice.texts, twice.removals, twice.variants)
    assert once.result.tally == replace(twice.result.tally, measured=Counter())


def test_boilerplate_is_named_and_one_stays(tmp_path: Path) -> None:
    ran = Ran(tmp_path, [f"{A}\n\n{D}\n", f"{B}\n\n{D}\n", f"{C}\n\n{D}\n\n{A}\n"], boilerplate=3)
    assert ran.texts == [f"{A}\n\n{D}\n", f"{B}\n", f"{C}\n"]
    assert [(row["text"].strip() == D, row.get("boilerplate")) for row in ran.removals] == [
        (True, 3),
        (True, 3),
        (False, None),
    ]


def test_dropped_boilerplate_leaves_no_copy_and_the_log_says_so(tmp_path: Path) -> None:
    texts = [f"{A}\n\n{D}\n", f"{B}\n\n{D}\n", f"{C}\n\n{D}\n\n{A}\n"]
    ran = Ran(tmp_path, texts, boilerplate=3, boilerplate_drop=True)
    assert ran.texts == [f"{A}\n", f"{B}\n", f"{C}\n"]
    assert [row["rule"] for row in ran.removals if row["id"] == "a0"] == ["boilerplate"]
    restore(ran.out, tmp_path / "back")
    assert (tmp_path / "back" / "in.jsonl").read_bytes() == (tmp_path / "in.jsonl").read_bytes()


def test_what_an_earlier_run_has_seen_goes_and_names_its_place(tmp_path: Path) -> None:
    index = tmp_path / "seen.duckdb"
    Ran(tmp_path / "monday", [f"{B}\n", f"{A}\n"], index=index)
    ran = Ran(tmp_path / "tuesday", [f"{C}\n\n{A}\n", f"{A.replace('Monday', 'Sunday')}\n\n{D}\n"], index=index)
    assert ran.texts == [f"{C}\n", f"{A.replace('Monday', 'Sunday')}\n\n{D}\n"]
    (row,) = ran.removals
    assert (row["witness"]["id"], row["witness"]["record"], row["witness"]["line"]) == ("a1", 2, 2)
    (variant,) = ran.variants
    assert variant["witness"]["id"] == "a1"
    again = Ran(tmp_path / "wednesday", [f"{C}\n"], index=index)
    assert again.removals[0]["witness"]["id"] == "a0"


def test_at_level_similar_what_is_near_to_an_earlier_run_goes(tmp_path: Path) -> None:
    index = tmp_path / "seen.duckdb"
    Ran(tmp_path / "monday", [f"{A}\n"], index=index)
    changed = A.replace("Monday", "Sunday")
    ran = Ran(tmp_path / "tuesday", [f"{C}\n\n{changed}\n"], index=index, level="similar")
    assert ran.texts == [f"{C}\n"]


def test_a_file_that_was_added_is_refused_until_it_is_removed(tmp_path: Path) -> None:
    index = tmp_path / "seen.duckdb"
    Ran(tmp_path, [f"{A}\n"], index=index)
    with pytest.raises(SettingsError, match=r"was added to the index .* cleaner index remove"):
        run(JobOptions((str(tmp_path / "in.jsonl"),), tmp_path / "b", scope="corpus", index=index), Settings())
    with Index(index) as opened:
        assert [(entry.name, entry.paragraphs) for entry in opened.entries()] == [("in.jsonl", 1)]
        assert opened.remove("in.jsonl") == 1
        assert opened.entries() == []
    assert (
        run(
            JobOptions((str(tmp_path / "in.jsonl"),), tmp_path / "b", scope="corpus", index=index), Settings()
        ).tally.spans
        == 0
    )


def test_a_run_that_publishes_nothing_adds_nothing_to_the_index(tmp_path: Path) -> None:
    index = tmp_path / "seen.duckdb"
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": f"{A}\n"}) + "\n" + json.dumps({"text": f"{A}\n"}) + "\n")
    options = JobOptions((str(tmp_path / "in.jsonl"),), tmp_path / "out", scope="corpus", index=index)
    run(replace(options, dry_run=True), Settings())
    run(replace(options, max_removed=0.1), Settings())
    with Index(index) as opened:
        assert opened.entries() == []


def test_an_index_of_other_settings_or_version_is_refused(tmp_path: Path) -> None:
    index = tmp_path / "seen.duckdb"
    Index(index, Settings()).__exit__(None, None, None)
    with pytest.raises(SettingsError, match="made with"):
        Index(index, Settings(min_words=20))
    with Index(index) as opened:
        opened._db.execute("update meta set version = 99")
    with pytest.raises(SettingsError, match="version 99"):
        Index(index, Settings())
    (tmp_path / "other.duckdb").write_bytes(b"not a database, but longer than the head of one" * 100)
    with pytest.raises(SettingsError, match=r"other.duckdb: no index of cleaner \(it is not one of DuckDB\)"):
        Index(tmp_path / "other.duckdb", Settings())


def test_a_file_that_is_no_index_of_ours_stays_as_it_is(tmp_path: Path) -> None:
    import sqlite3

    import duckdb

    with duckdb.connect(str(tmp_path / "a.db")) as db:
        db.execute("create table meta (version integer); insert into meta values (1)")
    with duckdb.connect(str(tmp_path / "b.db")) as db:
        db.execute("create table mine as select * from range(1000)")
    with contextlib.closing(sqlite3.connect(tmp_path / "c.db")) as db:
        db.execute("create table meta (version integer)")
    (tmp_path / "d.db").write_bytes(b"")
    (tmp_path / "e.db").write_bytes(b"\0" * 8 + b"DUCK" + b"damaged behind its head" * 1000)
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()}
    for name in before:
        with pytest.raises(SettingsError, match=rf"{name}: .*; (it is left as it is, )?give another --index"):
            Index(tmp_path / name, Settings())
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()} == before


def test_an_index_is_not_made_through_a_link_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "index").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SettingsError, match="it is a link to nothing"):
        Index(tmp_path / "index", Settings())
    assert not (tmp_path / "elsewhere").exists()


def test_what_is_not_written_is_no_witness(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    record = json.dumps({"id": 1, "text": f"{A}\n"}).encode() + b"\n"
    noise = b"".join(json.dumps({"text": str(n) * 999}).encode() + b"\n" for n in range(99))
    broken = compressed(record + noise, "gz")[:-8]
    (tmp_path / "in" / "a.jsonl.gz").write_bytes(broken)
    (tmp_path / "in" / "b.jsonl").write_bytes(record + json.dumps({"id": 2, "text": f"{A}\n\n{B}\n"}).encode())
    result = run(JobOptions((str(tmp_path / "in"),), tmp_path / "out", scope="corpus", workers=1), Settings())
    assert result.failed == 1
    written = [json.loads(line)["text"] for line in (tmp_path / "out" / "b.jsonl").read_bytes().splitlines()]
    assert written == [f"{A}\n", f"{B}\n"]


def test_files_of_several_kinds_are_one_corpus(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(f"{A}\n\n{B}\n")
    (folder / "b.md").write_text(f"# Bridge\n\n{C}\n\n{A}\n\n```\n{B}\n```\n")
    (folder / "c.jsonl").write_text(json.dumps({"id": 1, "text": f"{B}\n\n{D}\n"}) + "\n")
    run(JobOptions((str(folder),), tmp_path / "out", scope="corpus", workers=1), Settings(lone="remove"))
    assert (tmp_path / "out" / "a.txt").read_text() == f"{A}\n\n{B}\n"
    assert (tmp_path / "out" / "b.md").read_text() == f"# Bridge\n\n{C}\n\n```\n{B}\n```\n"
    assert json.loads((tmp_path / "out" / "c.jsonl").read_text())["text"] == f"{D}\n"
    rows = [json.loads(line) for line in (tmp_path / "out" / "_cleaner" / "removals.jsonl").read_text().splitlines()]
    assert [(row["file"], row["witness"]["file"], row["witness"]["line"]) for row in rows] == [
        ("b.md", "a.txt", 1),
        ("c.jsonl", "a.txt", 3),
    ]
    restore(tmp_path / "out", tmp_path / "back")
    for name in ("a.txt", "b.md", "c.jsonl"):
        assert (tmp_path / "back" / name).read_bytes() == (folder / name).read_bytes()


def test_where_nothing_is_to_be_read_the_exit_code_says_so_and_the_file_comes_out(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"")
    result = run(JobOptions((str(tmp_path / "empty.jsonl"),), tmp_path / "out", scope="corpus"), Settings())
    assert result.exit_code == 2
    assert (tmp_path / "out" / "empty.jsonl").read_bytes() == b""


# --- fields -------------------------------------------------------------------------------------------


def dump(folder: Path, *records: dict[str, Any]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "in.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_order_by_decides_which_one_stays(tmp_path: Path) -> None:
    path = dump(
        tmp_path,
        {"date": "2026-03-01", "n": 1, "text": f"{A}\n"},
        {"date": "2025-01-01", "n": 2, "text": f"{B}\n\n{A}\n"},
        {"n": 3, "text": f"{C}\n\n{B}\n"},
        {"date": "2025-01-01", "n": 1, "text": f"{A}\n\n{D}\n"},
    )
    options = JobOptions((str(path),), tmp_path / "out", scope="corpus", order_by=("date", "n"), workers=1)
    run(options, Settings(lone="remove"))
    texts = [json.loads(line)["text"] for line in (tmp_path / "out" / "in.jsonl").read_text().splitlines()]
    assert texts == ["", f"{B}\n", f"{C}\n", f"{A}\n\n{D}\n"]


@pytest.mark.parametrize("level", ["copy", "similar"])
def test_articles_in_any_order_come_out_as_those_in_the_order_of_a_field(
    tmp_path: Path, level: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cleaner.formats.jsonl.line_batches", small_batches)
    texts = [text for seed in range(4) for text in corpus(seed)]
    records = [{"id": f"a{n}", "n": n, "text": text} for n, text in enumerate(texts)]
    mixed = random.Random(3).sample(records, len(records))
    cleaned, found = [], []
    for name, some in (("sorted", records), ("mixed", mixed)):
        path, out = dump(tmp_path / name, *some), tmp_path / name / "out"
        run(JobOptions((str(path),), out, scope="corpus", order_by=("n",), workers=1), Settings(level=level))
        written = [json.loads(line) for line in (out / path.name).read_text(encoding="utf-8").splitlines()]
        cleaned.append({record["id"]: record["text"] for record in written})
        rows = [
            json.loads(line)
            for log in ("removals", "variants")
            for line in (out / "_cleaner" / f"{log}.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        found.append(sorted((row["id"], row["start"], row["witness"]["id"], row["similarity"]) for row in rows))
    assert any(similarity < 1 for *_, similarity in found[0])
    assert cleaned[0] == cleaned[1]
    assert found[0] == found[1]


def test_boilerplate_is_counted_within_its_group(tmp_path: Path) -> None:
    records = [{"host": host, "text": f"{own}\n\n{D}\n"} for host, own in zip("xxy", (A, B, C), strict=True)]
    options = JobOptions(
        (str(dump(tmp_path, *records)),),
        tmp_path / "out",
        scope="corpus",
        boilerplate=2,
        boilerplate_by="host",
        boilerplate_drop=True,
        workers=1,
    )
    run(options, Settings())
    texts = [json.loads(line)["text"] for line in (tmp_path / "out" / "in.jsonl").read_text().splitlines()]
    assert texts == [f"{A}\n", f"{B}\n", f"{C}\n\n{D}\n"]
    rows = [json.loads(line) for line in (tmp_path / "out" / "_cleaner" / "removals.jsonl").read_text().splitlines()]
    assert [(row["boilerplate"], row["witness"]["record"]) for row in rows] == [(2, 3), (2, 3)]


def test_an_article_that_loses_much_of_itself_is_flagged(tmp_path: Path) -> None:
    path = dump(
        tmp_path, {"id": 1, "text": f"{A}\n\n{B}\n"}, {"id": 2, "text": f"{A}\n\n{B}\n\n{C}\n"}, {"id": 3, "text": A}
    )
    result = run(JobOptions((str(path),), tmp_path / "out", scope="corpus", workers=1), Settings())
    assert [(row["id"], row["record"], row["whole"]) for row in result.flagged] == [(2, 2, False), (3, 3, True)]
    report = json.loads((tmp_path / "out" / "_cleaner" / "report.json").read_text())
    assert (report["flagged"], report["emptied"]) == (2, 1)
    assert report["languages"]["Latin"]["articles"] == 3


def test_languages_of_a_field_or_scripts_of_the_texts_break_the_report_down(tmp_path: Path) -> None:
    records = [{"lang": "ru", "text": "Совет решил."}, {"text": "ประเทศไทย"}, {"text": "日本のかな"}, {"text": "2026"}]
    path = dump(tmp_path, *records)
    result = run(JobOptions((str(path),), tmp_path / "out", lang_field="lang", workers=1), Settings())
    assert set(result.tally.articles_by) == {"ru", "Thai", "Japanese", "none"}


def test_at_level_similar_what_relied_on_a_witness_that_goes_relies_on_its_witness(tmp_path: Path) -> None:
    near = A.replace("Monday", "Tuesday")
    ran = Ran(tmp_path, [f"{A}\n\n{B}\n", f"{near}\n\n{C}\n", f"{near}\n\n{D}\n"], level="similar")
    assert ran.texts == [f"{A}\n\n{B}\n", f"{C}\n", f"{D}\n"]
    assert {(row["witness"]["id"], row["level"]) for row in ran.removals} == {("a0", "similar")}


@SLOWLY
@given(st.integers(0, 10**6), st.sampled_from(["first", "last"]))
def test_at_level_similar_every_witness_stays(tmp_path_factory: Any, seed: int, keep: str) -> None:
    texts = corpus(seed)
    ran = Ran(tmp_path_factory.mktemp("similar"), texts, level="similar", keep=keep)
    assert not ran.result.problems
    for row in ran.removals:
        witness = row["witness"]
        said = texts[witness["record"] - 1][witness["start"] : witness["end"]]
        assert letters(said) in letters(ran.texts[witness["record"] - 1])


def test_dropped_boilerplate_of_one_group_stays_once_for_the_others(tmp_path: Path) -> None:
    hosts = [("a", A), ("a", B), ("b", C), ("c", f"{A[:-1]} again.")]
    path = dump(tmp_path, *({"host": host, "text": f"{own}\n\n{D}\n"} for host, own in hosts))
    options = JobOptions(
        (str(path),),
        tmp_path / "out",
        scope="corpus",
        boilerplate=2,
        boilerplate_by="host",
        boilerplate_drop=True,
        workers=1,
    )
    run(options, Settings())
    texts = [json.loads(line)["text"] for line in (tmp_path / "out" / "in.jsonl").read_text().splitlines()]
    assert [D in text for text in texts] == [False, False, True, False]
    rows = [json.loads(line) for line in (tmp_path / "out" / "_cleaner" / "removals.jsonl").read_text().splitlines()]
    assert {row["witness"]["record"] for row in rows} == {3}


def test_pages_take_part_in_a_corpus(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    page = "<html><body>\n<h1>{}</h1>\n<p class='{}'>{}</p>\n<p>{}</p>\n</body></html>\n"
    (folder / "a.html").write_text(page.format("One", "x", A, B))
    (folder / "b.html").write_text(page.format("Two", "y", A, C))
    (folder / "c.txt").write_text(f"{C}\n\n{D}\n")
    result = run(JobOptions((str(folder),), tmp_path / "out", scope="corpus", workers=1), Settings(lone="remove"))
    assert not result.problems
    assert (tmp_path / "out" / "a.html").read_bytes() == (folder / "a.html").read_bytes()
    assert (tmp_path / "out" / "b.html").read_text() == f"<html><body>\n<h1>Two</h1>\n<p>{C}</p>\n</body></html>\n"
    assert (tmp_path / "out" / "c.txt").read_text() == f"{D}\n"
    restore(tmp_path / "out", tmp_path / "back")
    for name in ("a.html", "b.html", "c.txt"):
        assert (tmp_path / "back" / name).read_bytes() == (folder / name).read_bytes()


def test_buckets_over_the_cap_are_counted_and_named_and_what_they_leave_undecided_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cleaner.phases.corpus.near.CAP", 3)
    texts = [f"{A.replace('Monday', f'the {n}th')}\n" for n in range(9)]
    ran = Ran(tmp_path, texts)
    assert ran.texts == texts
    corpus_facts = ran.result.corpus
    assert corpus_facts["hot"] > 0 < corpus_facts["left_out"]
    assert any(name.startswith("The council voted") for name in corpus_facts["hottest"])


def test_pages_with_other_links_or_half_tags_keep_them_across_a_corpus(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    linked = A.replace("bridge", '<a href="{}">bridge</a>')
    page = "<html><body><p>{}</p><p>{}</p></body></html>"
    for name, target in (("a.html", "/one"), ("b.html", "/two")):
        (folder / name).write_text(page.format(linked.format(target), f"{B[:-9]}<b>road.") + "</b>")
    (folder / "c.html").write_text(f"<html><body><p>{D}</p><p>{C}</p></body></html>")
    (folder / "d.html").write_text(f"<html><body>\n\n\n<p>{C}</p></body></html>")
    result = run(JobOptions((str(folder),), tmp_path / "out", scope="corpus", workers=1), Settings())
    assert not result.problems
    for name in ("a.html", "b.html", "c.html"):
        assert (tmp_path / "out" / name).read_bytes() == (folder / name).read_bytes()
    (row,) = [json.loads(line) for line in (tmp_path / "out" / "_cleaner" / "removals.jsonl").read_text().splitlines()]
    assert (row["file"], row["line"], row["witness"]["file"], row["witness"]["line"]) == ("d.html", 4, "c.html", 1)
