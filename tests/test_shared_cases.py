"""The small cases of eval/cases, each of which once came out wrong: what its README asks for, case by case.

They stand for kinds that real pages meet. What is still missed is a strict expected failure with its reason, so that
a mend shows. The folder comes with the shared data (CLEANER_SHARED, else ../shared); without it they are skipped.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from reported import CLEANER, SHARED
from waiting import GUARD

CASES = SHARED / "eval" / "cases"
pytestmark = pytest.mark.skipif(
    not CASES.is_dir(), reason="no eval/cases: give the folder with data and eval as CLEANER_SHARED"
)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """The command; what it says is read as UTF-8 by ``said``."""
    command = [*CLEANER, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, timeout=GUARD)


def cleaned(name: str, *flags: str) -> bytes:
    """What ``cleaner clean`` prints for a case."""
    done = run("clean", CASES / name, *flags)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def found(name: str) -> list[str]:
    """The lines of ``cleaner find``, each from the line's number on."""
    lines = run("find", CASES / name, "--fail-on", "none").stdout.decode().splitlines()
    return [line.removeprefix(f"{CASES / name}:") for line in lines if line.startswith(f"{CASES / name}:")]


def missed(case: str, why: str) -> object:
    return pytest.param(case, marks=pytest.mark.xfail(strict=True, reason=why))


@pytest.mark.parametrize(
    "name",
    [
        "answers/interview.md",
        "answers/interview.txt",
        "answers/kept-control.md",
        "answers/kept-control.txt",
        "answers/reviews.txt",
        "structure/w1_interview.txt",
        "structure/w3_table.txt",
        "structure/w4_products.txt",
        "structure/w7_code.txt",
        "headline/w11_headline.txt",
        "subtitles/whisper-log.txt",
    ],
)
def test_what_belongs_to_each_of_several_things_stays_and_is_reported(name: str) -> None:
    assert cleaned(name) == (CASES / name).read_bytes()
    assert found(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("full-stops/armenian.txt", "armenian.expected.txt"),
        ("line-ends/emoji.txt", "emoji.expected.txt"),
        ("line-ends/note.txt", "note.expected.txt"),
        ("loops/lines.txt", "lines.expected.txt"),
        ("loops/one-line.txt", "one-line.expected.txt"),
        ("nan/input.jsonl", "expected.jsonl"),
        ("no-capitals/lines.txt", "lines.expected.txt"),
        ("order/five.txt", "five.expected.txt"),
        ("order/input.txt", "expected.txt"),
    ],
)
def test_the_text_comes_out_as_expected_to_the_byte(name: str, expected: str) -> None:
    assert cleaned(name) == (CASES / name).with_name(expected).read_bytes()


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("glued/hyph1.txt", ["5: paragraph repeats line 1 (copy: hyphenation)"]),
        ("glued/m4_free.txt", ["7: paragraph repeats line 1 (exact)"]),
        ("glued/m4_glued.txt", ["6: paragraph repeats line 1 (exact)"]),
        ("glued/t2_thai_free.txt", [f"{line}: paragraph repeats line 1 (exact)" for line in (5, 7)]),
        ("line-ends/p.txt", ["3: paragraph repeats line 1 (exact)"]),
        ("one-line/a_edge_one_line.txt", ["1: passage repeats line 1 (exact)"]),
        ("one-line/a_edge_two_lines.txt", ["2: passage repeats line 1 (exact)"]),
        ("one-line/m1_flat_lead.txt", ["1: passage repeats line 1 (exact)"]),
        ("sentence-edges/m2_number.txt", ["2: passage repeats line 1 (exact)"]),
        ("sentence-edges/m2_ok.txt", ["2: passage repeats line 1 (exact)"]),
        ("short-neighbours/m10_caption.txt", ["3: paragraph repeats line 1 (exact)"]),
    ],
)
def test_the_copy_is_found_whatever_stands_around_it(name: str, lines: list[str]) -> None:
    assert found(name) == lines


@pytest.mark.parametrize(
    "name",
    [
        "chunk-overlap/chunks.txt",
        missed("near-in-a-line/m13_near_flat.txt", "a near copy inside one line is not looked for"),
        "sentence-edges/m3_colon.txt",
    ],
)
def test_what_is_not_proved_is_at_least_reported(name: str) -> None:
    assert any("but stays: " in line for line in found(name))


def test_a_counter_above_a_paragraph_changes_no_verdict() -> None:
    assert found("false-headings/m6_counter.txt") == found("false-headings/m6_nocounter.txt")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("headline/w11_headline.txt", b"1 repeat stays: the headline"),
        ("answers/interview.txt", b"2 repeats stay: said again and again"),
    ],
)
def test_a_repeat_that_stays_is_counted_with_its_reason(name: str, line: bytes) -> None:
    for command in ("clean", "find"):
        said = run(command, CASES / name).stderr
        assert line in said.splitlines()
        assert b"nothing is said twice" not in said


def test_nothing_is_said_twice_is_not_said_of_a_loop_that_stays() -> None:
    assert b"nothing is said twice" not in run("clean", CASES / "loops" / "ngram.txt").stderr


def test_a_sentence_that_says_today_stays_in_both_articles_and_is_reported(tmp_path: Path) -> None:
    case = CASES / "across" / "c1_today.jsonl"
    done = run("clean", case, "--scope", "corpus", "-o", tmp_path)
    assert done.returncode == 0
    assert (tmp_path / case.name).read_bytes() == case.read_bytes()
    rows = (tmp_path / "_cleaner" / "variants.jsonl").read_text().splitlines()
    assert [json.loads(row)["rule"] for row in rows if "rule" in json.loads(row)] == ["lone"]


def test_an_article_of_which_all_goes_is_the_empty_text(tmp_path: Path) -> None:
    run("clean", CASES / "emptied" / "input.jsonl", "--scope", "corpus", "-o", tmp_path)
    assert (tmp_path / "input.jsonl").read_bytes() == (CASES / "emptied" / "expected.jsonl").read_bytes()


def test_html_in_a_field_is_named_with_the_way_out() -> None:
    done = run("clean", CASES / "html-in-a-field" / "posts.json", "--text-field", "content.rendered")
    assert b"--text-format html" in done.stderr


def test_where_no_article_was_read_the_exit_code_is_2() -> None:
    assert run("clean", CASES / "nothing-read" / "empty.jsonl").returncode == 2


def test_subtitles_are_refused_with_a_reason() -> None:
    done = run("clean", CASES / "subtitles" / "rolling.vtt")
    assert done.returncode == 2
    assert b"subtitles" in done.stderr


def test_a_list_of_structs_in_parquet_is_named_with_the_way_out(tmp_path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"id": [1], "secs": [[{"h": "a", "text": "The hall is closed."}]]}), path)
    done = run("clean", path, "--text-field", "secs.text", "-o", tmp_path / "out")
    assert done.returncode == 2
    assert b"JSONL, where --text-field secs.text reads them" in done.stderr


def test_a_line_of_signs_behind_a_cut_ends_no_run(tmp_path: Path) -> None:
    case, out, back = CASES / "crash" / "crash.jsonl", tmp_path / "out", tmp_path / "back"
    assert run("clean", case, "--min-words", "3", "-o", out).returncode == 0
    assert run("restore", out, "-o", back).returncode == 0
    assert (back / case.name).read_bytes() == case.read_bytes()
    again = run("clean", out / case.name, "--min-words", "3")
    assert again.stdout == (out / case.name).read_bytes()


LATER = "a matter of cleaner check that a later change mends"


@pytest.mark.xfail(strict=True, reason=LATER)
def test_a_line_that_stands_twice_in_one_paragraph_is_a_finding() -> None:
    done = run("check", CASES / "sentence-in-a-paragraph")
    assert b"paste-in-a-wrapped-paragraph.md:" in done.stdout


@pytest.mark.xfail(strict=True, reason=LATER)
def test_whole_sections_that_stand_again_are_one_finding_that_can_be_fixed() -> None:
    done = run("check", CASES / "whole-sections-again", "--format", "json")
    findings = json.loads(done.stdout)
    assert len(findings["findings"] if isinstance(findings, dict) else findings) == 1


@pytest.mark.xfail(strict=True, reason=LATER)
def test_a_merge_that_brings_a_text_under_two_headings_is_a_new_finding(tmp_path: Path) -> None:
    script = (CASES / "merge-across-sections" / "repro.sh").read_text().replace("cleaner-hook;", "true;")
    made = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, check=False, timeout=GUARD)
    assert made.returncode == 0, made.stderr
    hook = [CLEANER[0], "-c", "from cleaner.hook import main; main()"]
    done = subprocess.run(hook, cwd=tmp_path / "r", capture_output=True, check=False, timeout=GUARD)
    assert b"layout.md:" in done.stdout
