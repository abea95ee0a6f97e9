"""The command as people run it: what it prints, byte for byte, and its exit code."""

from __future__ import annotations

import gzip
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from reported import CLEANER

from cleaner.cli.printing import quoted, variant_line
from cleaner.plan import warm_up_corpus
from cleaner.report.phrases import percent, printable

ROOT = Path(__file__).parent.parent
SEED = ROOT / "samples" / "putin-trump.fr.txt"

BRIDGE = "The bridge over the river will be closed for twelve weeks while engineers check it."
LATER = BRIDGE.replace("twelve", "fifteen")
SHORT = "No detour is planned."
TWICE = f"{BRIDGE}\n{SHORT}\n{BRIDGE}\n"
ONCE = f"{BRIDGE}\n{SHORT}\n"


class Done(NamedTuple):
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


def cleaner(*arguments: str, cwd: Path, stdin: bytes | None = b"", env: dict[str, str] | None = None) -> Done:
    """Run the real command in ``cwd``."""
    done = subprocess.run(
        [*CLEANER, *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | (env or {}),
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def shell(line: str, cwd: Path) -> Done:
    """Run a line in which ``cleaner`` is the command."""
    script = f'cleaner() {{ {shlex.join(CLEANER)} "$@"; }}; {line}'
    done = subprocess.run(
        ["bash", "-c", script], cwd=cwd, capture_output=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with an article that says a thing twice, one that does not, and one with a variant."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "twice.txt").write_text(TWICE)
    (tmp_path / "pages" / "once.txt").write_text(ONCE)
    (tmp_path / "variant.txt").write_text(f"{BRIDGE}\n{SHORT}\n{LATER}\n")
    return tmp_path


def test_the_seed_is_cleaned_byte_for_byte_and_one_line_says_what_went() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", "clean", "samples/putin-trump.fr.txt"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    lines = SEED.read_bytes().split(b"\n")
    assert done.stdout == b"\n".join(lines[:7]) + SEED.read_bytes()[len(SEED.read_bytes().rstrip(b"\n")) :]
    assert done.stderr.decode() == (
        "samples/putin-trump.fr.txt:8: block of 5 paragraphs, lines 8-12, repeats lines 3-7 (exact)\n"
        "1 article, 11 paragraphs: removed 1 block (165 of 370 words, 44.6%)\n"
    )
    assert done.returncode == 0


def test_find_prints_like_a_compiler() -> None:
    done = cleaner("find", "samples/putin-trump.fr.txt", cwd=ROOT)
    assert done == (
        1,
        "samples/putin-trump.fr.txt:8: block of 5 paragraphs repeats line 3 (exact)\n",
        "1 article, 11 paragraphs: would remove 1 block (165 of 370 words, 44.6%)\n",
    )


def test_find_names_files_so_that_an_editor_opens_them(here: Path) -> None:
    done = cleaner("find", "pages", cwd=here)
    assert done.out == "pages/twice.txt:3: paragraph repeats line 1 (exact)\n"
    done = cleaner("find", ".", cwd=here / "pages")
    assert done.out == "./twice.txt:3: paragraph repeats line 1 (exact)\n"
    done = cleaner("find", "../variant.txt", str(here / "pages"), cwd=here / "pages")
    assert done.out == (
        "../variant.txt:3: paragraph is like line 1 but stays: word 'fifteen' here, 'twelve' there\n"
        f"{here}/pages/twice.txt:3: paragraph repeats line 1 (exact)\n"
    )


def test_find_takes_files_of_one_name_from_two_folders(here: Path) -> None:
    (here / "twice.txt").write_text(TWICE)
    done = cleaner("find", "twice.txt", "pages/twice.txt", cwd=here)
    assert (done.code, done.out.count("paragraph repeats line 1 (exact)")) == (1, 2), done.err


@pytest.mark.parametrize(
    ("file", "fail_on", "code"),
    [
        ("pages/once.txt", "warning", 0),
        ("variant.txt", "error", 0),
        ("variant.txt", "warning", 1),
        ("pages/twice.txt", "error", 1),
        ("pages/twice.txt", "none", 0),
        ("missing.txt", "none", 2),
    ],
)
def test_exit_codes_of_check(here: Path, file: str, fail_on: str, code: int) -> None:
    assert cleaner("find", file, "--fail-on", fail_on, cwd=here).code == code


def test_standard_input_is_cleaned_to_standard_output(here: Path) -> None:
    done = cleaner("clean", "-", cwd=here, stdin=TWICE.encode())
    assert done == (
        0,
        ONCE,
        "standard input:3: paragraph repeats line 1 (exact)\n"
        "1 article, 3 paragraphs: removed 1 paragraph (15 of 34 words, 44.1%)\n",
    )


def test_files_and_folders_go_to_out_and_come_back(here: Path) -> None:
    done = cleaner("clean", "pages", "variant.txt", "-o", "OUT", cwd=here)
    assert done == (
        0,
        "",
        "pages/twice.txt:3: paragraph repeats line 1 (exact)\n"
        "3 articles, 8 paragraphs: removed 1 paragraph (15 of 87 words, 17.2%); 1 variant kept (--verbose lists them)\n"
        "report: OUT/_cleaner/report.html\n",
    )
    assert (here / "OUT" / "twice.txt").read_text() == ONCE
    assert cleaner("restore", "OUT", "-o", "BACK", cwd=here) == (0, "", "restored 3 files under BACK\n")
    assert (here / "BACK" / "twice.txt").read_text() == TWICE


def test_in_place_says_how_the_originals_are_had_back(here: Path) -> None:
    done = cleaner("clean", "pages/twice.txt", "--in-place", cwd=here)
    assert done.err.splitlines()[-1] == (
        "report: _cleaner/report.html (cleaner restore . -o FOLDER gives the originals back)"
    )
    assert (here / "pages" / "twice.txt").read_text() == ONCE
    assert cleaner("restore", ".", "-o", "BACK", "--quiet", cwd=here) == (0, "", "")
    assert (here / "BACK" / "pages" / "twice.txt").read_text() == TWICE


def test_a_dry_run_says_what_would_go_and_writes_nothing(here: Path) -> None:
    before = sorted(here.rglob("*"))
    done = cleaner("clean", "pages", "--dry-run", cwd=here)
    assert (done.code, done.out) == (0, "")
    assert "would remove 1 paragraph" in done.err
    assert sorted(here.rglob("*")) == before


def test_over_max_removed_nothing_goes_and_the_last_line_says_why(here: Path) -> None:
    done = cleaner("clean", "pages", "-o", "OUT", "--max-removed", "20%", cwd=here)
    assert done.code == 2
    assert "would remove 1 paragraph" in done.err
    assert done.err.splitlines()[-1] == (
        "cleaner: 28.3% of the words would be removed, more than the 20.0% allowed: "
        "nothing was written; look with --dry-run, or allow more with --max-removed"
    )
    assert not (here / "OUT").exists()


def test_quiet_says_nothing_and_verbose_says_everything(here: Path) -> None:
    assert cleaner("clean", "variant.txt", "--quiet", "-o", "OUT", cwd=here) == (0, "", "")
    lines = cleaner("clean", "variant.txt", "--verbose", "-o", "OUT", cwd=here).err.splitlines()
    assert lines[:-1] == [
        "variant.txt:3: paragraph is like line 1 but stays: word 'fifteen' here, 'twelve' there",
        "1 article, 3 paragraphs: nothing is said twice; 1 variant kept",
        "report: OUT/_cleaner/report.html",
        "settings: defaults and flags",
    ]
    assert lines[-1].startswith("time: read ")


def test_json_of_find_and_clean(here: Path) -> None:
    found = json.loads(cleaner("find", "pages", "--json", cwd=here).out)
    assert [(row["file"], row["line"], row["witness"]["line"]) for row in found["removals"]] == [
        ("pages/twice.txt", 3, 1)
    ]
    assert (found["variants"], found["report"]["articles"]) == ([], 2)
    done = cleaner("clean", "pages/twice.txt", "--json", cwd=here)
    assert (done.out, json.loads(done.err)["removed"]["paragraph"]) == (ONCE, 1)
    assert json.loads(cleaner("clean", "pages", "-o", "OUT", "--json", cwd=here).out)["files"] == 2


def test_records_are_named_by_id_and_line_of_the_text(here: Path) -> None:
    rows = [{"id": "a", "text": ONCE}, {"id": "b", "text": TWICE}]
    (here / "news.jsonl.gz").write_bytes(gzip.compress("".join(json.dumps(r) + "\n" for r in rows).encode()))
    done = cleaner("find", "news.jsonl.gz", cwd=here)
    assert done.out == "news.jsonl.gz:2 (id b, line 3): paragraph repeats line 1 (exact)\n"
    cleaner("clean", "news.jsonl.gz", "-o", "OUT", cwd=here)
    done = cleaner("restore", "OUT", "-o", "BACK", "--file", "news.jsonl.gz", "--id", "b", cwd=here)
    assert done == (0, "", "restored record 'b' of news.jsonl.gz under BACK\n")
    assert json.loads(gzip.decompress((here / "BACK" / "news.jsonl.gz").read_bytes())) == rows[1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["restore", "."], "Missing option '-o' / '--out'."),
        (
            ["restore", ".", "-o", "x"],
            "cleaner: _cleaner: no log of a run here; give the folder that was given with -o",
        ),
        (["restore", ".", "-o", "x", "--record", "1"], "cleaner: --record and --id need --file; name the file as it"),
        (["clean", "nope.txt"], "cleaner: nope.txt: no such file or folder; correct the path"),
        (["clean", "pages"], "cleaner: 2 inputs cannot share standard output; give a folder with -o"),
        (["clean", "pages", "-o", "pages"], "cleaner: pages is input and output; give another folder with -o, or"),
        (["clean", "-", "--in-place"], "cleaner: standard input has no place to be cleaned in; leave out --in-place"),
        (["clean", "pages", "-o", "x", "--max-removed", "1"], "cleaner: max_removed is '1'; write it like 20% or 0.2"),
        (["clean", "pages", "-o", "x", "--max-removed", "120%"], "cleaner: max_removed is '120%'; write a share from"),
        (["find", "pages", "--similarity", "2"], "cleaner: similarity is 2.0; give a number from 0.5 to 1"),
        (["find", "pages", "--min-words", "1"], "cleaner: min_words is 1; give 3 or more"),
        (["find", "pages", "--workers", "0"], "cleaner: workers is 0; give 1 or more"),
        (["find", "pages", "--protect", "("], "cleaner: protect: '(' is not a regular expression (missing ),"),
        (["find", "pages", "--level", "all"], "Invalid value for '--level': 'all' is not one of 'exact', 'copy',"),
        (["diff", "-", "-"], "cleaner: standard input can be one of the two texts only; give a file for the other"),
        (["diff", "variant.txt", "nope"], "cleaner: nope: no such file; correct the path"),
        (["diff", "variant.txt", "pages"], "cleaner: pages: is a folder; give a file in it"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_2(here: Path, arguments: list[str], message: str) -> None:
    done = cleaner(*arguments, cwd=here)
    assert (done.code, done.out) == (2, "")
    assert message in done.err.splitlines()[-1]
    assert not (here / "x").exists()


def test_bad_files_do_not_stop_the_others_and_are_named(here: Path) -> None:
    (here / "pages" / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    (here / "pages" / "cut.txt.gz").write_bytes(gzip.compress(TWICE.encode())[:-12])
    done = cleaner("clean", "pages", "-o", "OUT", cwd=here)
    assert done.code == 2
    assert done.err.splitlines() == [
        "cleaner: pages/cut.txt.gz: the gzip data ends too early; get it again; nothing of it was written",
        "cleaner: pages/image.txt: a PNG image; left as it is: leave it out, or extract its text first",
        "pages/twice.txt:3: paragraph repeats line 1 (exact)",
        "2 articles, 5 paragraphs: removed 1 paragraph (15 of 53 words, 28.3%)",
        "left as they were: 1 (1 not text)",
        "report: OUT/_cleaner/report.html",
    ]
    assert (here / "OUT" / "twice.txt").read_text() == ONCE


DIFFS = [
    (BRIDGE, BRIDGE, 0, ["copies: equal, word for word"]),
    (
        f"He said “{BRIDGE}”",
        f'He said "{BRIDGE}"',
        0,
        [
            "copies: 2 differences that do not matter (similarity 1.000 over words; one of them goes at level copy)",
            "  quotes  '“' in the first, '\"' in the second",
            "  quotes  '.”' in the first, '.\"' in the second",
        ],
    ),
    (
        BRIDGE,
        LATER,
        1,
        [
            "variants: 1 difference that matters, so both stay (similarity 0.933 over words)",
            "  word    'twelve' in the first, 'fifteen' in the second",
        ],
    ),
    (
        BRIDGE,
        f"{BRIDGE} It opens again in 2026.",
        1,
        [
            "different: 1 difference that matters (similarity 0.750 over words, variants begin at 0.9)",
            "  number  '. It opens again in 2026' only in the second",
        ],
    ),
]


@pytest.mark.parametrize(("first", "second", "code", "lines"), DIFFS)
def test_diff_says_what_differs_and_in_which_text(
    tmp_path: Path, first: str, second: str, code: int, lines: list[str]
) -> None:
    (tmp_path / "a.txt").write_text(first)
    (tmp_path / "b.txt").write_text(second)
    done = cleaner("diff", "a.txt", "b.txt", cwd=tmp_path)
    assert (done.code, done.err) == (code, "")
    shown = done.out.splitlines()
    assert [line.split() for line in shown[:2]] == [["first", "a.txt"], ["second", "b.txt"]]
    assert shown[2:] == lines
    assert cleaner("explain", "a.txt", "b.txt", cwd=tmp_path) == done
    found = json.loads(cleaner("diff", "a.txt", "-", "--json", cwd=tmp_path, stdin=second.encode()).out)
    assert (found["first"], found["second"], found["relation"] == "copy") == ("a.txt", "-", code == 0)


HOSTILE = "The \x1b]0;owned\x07\x1b[31mbridge\u202e\x9b will be closed for {} weeks while engineers check it again.\n"


def test_hostile_texts_ids_and_names_stay_inert(tmp_path: Path) -> None:
    text = HOSTILE.format("twelve") * 2 + HOSTILE.format("\x1b[2Jfifteen\u202d")
    (tmp_path / "a\x1b[31m\u202e\nb.txt").write_text(text)
    (tmp_path / "n.jsonl").write_text(json.dumps({"id": "\x1b[31m\u202e\n", "text": text}) + '\n{"\\u001b[31m": 1}\n')
    (tmp_path / os.fsdecode(b"\xff.txt")).write_text(text)
    outputs = [
        cleaner("find", ".", cwd=tmp_path),
        cleaner("find", ".", "--json", cwd=tmp_path),
        cleaner("clean", ".", "-o", "O\x1b[31m", "-v", cwd=tmp_path),
        cleaner("restore", "O\x1b[31m", "-o", "B\x1b[31m", cwd=tmp_path),
        cleaner("diff", "a\x1b[31m\u202e\nb.txt", os.fsdecode(b"\xff.txt"), cwd=tmp_path),
        cleaner("clean", "no\x1b[31m", cwd=tmp_path),
        cleaner("find", ".", "--level", "\x1b[31m", cwd=tmp_path),
        cleaner("\x1b[31m", cwd=tmp_path),
    ]
    assert [done.code for done in outputs] == [1, 1, 0, 0, 0, 2, 2, 2]
    for done in outputs:
        assert all(line.isprintable() for line in (done.out + done.err).split("\n")), done
    assert "\x1b[31m\u202e\n" in [row["id"] for row in json.loads(outputs[1].out)["removals"]]
    assert "n.jsonl:1 (id \\u001b[31m\\u202e\\n, line 2): paragraph repeats line 1 (exact)" in outputs[0].out


@pytest.mark.parametrize("command", ["clean big.txt", "clean big.txt -o OUT -v", "find many", "find many --json"])
def test_a_closed_pipe_is_no_error(here: Path, command: str) -> None:
    (here / "big.txt").write_text("".join(f"{number} {BRIDGE}\n" for number in range(2_000)))
    (here / "many").mkdir()
    for number in range(300):
        (here / "many" / f"{number}.txt").write_text(TWICE)
    done = shell(f"cleaner {command} | head -1 >/dev/null; echo ${{PIPESTATUS[0]}}", here)
    assert done.out == ("1\n" if command.startswith("find") else "0\n")
    assert "Traceback" not in done.err
    assert "Broken" not in done.err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("cleaner clean - <&-", "cleaner: standard input: it is closed; give it a text, or name a file"),
        ("cleaner diff - variant.txt <&-", "cleaner: standard input: it is closed; give it a text, or name a file"),
        ("cleaner clean variant.txt >&-", "cleaner: standard output: cannot be written (it is closed)"),
        ("cleaner find variant.txt >&-", "cleaner: standard output: cannot be written (it is closed)"),
        ("cleaner clean variant.txt >/dev/full", "cleaner: standard output: cannot be written (No space left"),
        ("cleaner find variant.txt >/dev/full", "cleaner: standard output: cannot be written (No space left"),
        ("cleaner diff variant.txt variant.txt >/dev/full", "cleaner: standard output: cannot be written (No space"),
        ("cleaner --help >/dev/full", "cleaner: standard output: No space left on device"),
    ],
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_closed_and_full_streams_are_said_in_one_line(here: Path, line: str, message: str) -> None:
    done = shell(line, here)
    assert done.code == 2
    assert done.err.startswith(message)
    assert done.err.count("\n") == 1


def test_without_standard_error_the_work_is_done(here: Path) -> None:
    assert shell("cleaner clean pages/twice.txt 2>&-", here) == (0, ONCE, "")
    assert shell("cleaner clean pages/twice.txt 2>/dev/full", here) == (0, ONCE, "")


INTERRUPTED = """
import os, signal
from cleaner.cli import main
from cleaner.formats.publishing import Publisher
take = Publisher.take
def interrupted(self, step, results):
    take(self, step, results)
    if hasattr(step, "source") and step.source.name == "zdump.jsonl":  # the first of several batches is written
        os.kill(os.getpid(), signal.SIGINT)
Publisher.take = interrupted
main()
"""


def test_an_interrupted_run_leaves_whole_files_and_says_how_to_go_on(here: Path) -> None:
    rows = "".join(json.dumps({"id": n, "text": f"{n} {BRIDGE}\n{n:>4000}\n"}) + "\n" for n in range(3000))
    (here / "zdump.jsonl").write_text(rows)
    process = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, "clean", "pages", "zdump.jsonl", "-o", "OUT", "--workers", "1"],
        cwd=here,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    err = process.stderr.decode()
    assert process.returncode == 130
    assert err.splitlines()[-1] == (
        "cleaner: interrupted: 2 of 3 files are complete, with their log; nothing half-written is left. "
        "To go on, run the same command with --resume"
    )
    assert "zdump.jsonl" not in err, "what was not written is not reported as removed"
    assert sorted(path.name for path in (here / "OUT").iterdir()) == ["_cleaner", "once.txt", "twice.txt"]


def test_help_and_version() -> None:
    done = cleaner("--help", cwd=ROOT)
    assert done.code == 0
    for name in ("clean", "find", "diff", "restore"):
        assert f"\n  {name} " in done.out
        text = cleaner(name, "-h", cwd=ROOT).out
        assert text.startswith(f"Usage: cleaner {name} ")
        assert "..." not in text.replace("INPUTS...", "")
    assert "Exit codes: 0 done, 1 findings (check, find, diff), 2 could not" in done.out
    assert cleaner("--version", cwd=ROOT).out.startswith("cleaner 0.")
    assert cleaner("clea", cwd=ROOT).err.count("Did you mean") <= 1
    assert cleaner(cwd=ROOT).code == 2


COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def test_the_examples_in_the_documentation_print_what_they_show(tmp_path: Path) -> None:
    warm_up_corpus()  # a first run compiles, and tells its progress after ten seconds
    shutil.copytree(ROOT / "samples", tmp_path / "samples", ignore=shutil.ignore_patterns("__pycache__"))
    examples = re.findall(r"```console\n(.*?)```", COMMANDS, re.DOTALL)
    assert len(examples) >= 10
    for example in examples:
        commands = [line[2:] for line in example.splitlines() if line.startswith("$ ")]
        shown = [line for line in example.splitlines() if not line.startswith("$ ")]
        printed = [shell(f"{{ {command} ; }} 2>&1", tmp_path).out for command in commands]
        assert "".join(printed).splitlines() == shown, commands


LARGE = {"numpy", "numba", "scipy", "datasketch", "pyarrow", "duckdb", "orjson", "zstandard", "rich", "pydantic"}
LOADED = (
    "import sys; from cleaner.cli import main\ntry: main()\nexcept SystemExit: print(*sys.modules, file=sys.stderr)"
)


def test_the_seed_is_cleaned_from_a_cold_start_with_nothing_large_loaded() -> None:
    command = [sys.executable, "-c", LOADED, "clean", "samples/putin-trump.fr.txt"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert "cleaner.phases.article" in loaded
    assert loaded.isdisjoint(LARGE), sorted(loaded & LARGE)


def test_a_few_small_files_start_no_processes(here: Path) -> None:
    code = (
        "import multiprocessing.process as p, sys; from cleaner.cli import main\n"
        "def no(self): raise SystemExit('a process was started')\n"
        "p.BaseProcess.start = no\nmain()"
    )
    command = [sys.executable, "-c", code, "find", "pages", "variant.txt", "samples"]
    done = subprocess.run(
        command, cwd=here, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert "a process was started" not in done.stderr


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0, "0.0%"),
        (0.446, "44.6%"),
        (0.0005, "0.1%"),
        (0.000168, "0.02%"),
        (1e-7, "0.00001%"),
        (0.9999, "99.9%"),
        (1, "100.0%"),
    ],
)
def test_a_share_that_is_not_nothing_does_not_look_like_nothing(share: float, shown: str) -> None:
    assert percent(share) == shown


def test_texts_are_shown_on_one_line() -> None:
    assert printable("é\x1b[31m\u202e\n\t\ud800\U000e0041") == "é\\u001b[31m\\u202e\\n\\t\\ud800\\U000e0041"
    assert quoted("a" * 30 + "b" * 30, 30) == "'" + "a" * 20 + "…" + "b" * 10 + "'"


@pytest.mark.parametrize(
    ("rule", "differences", "shown"),
    [
        ("differs", [("number", "6", "5")], "number '6' here, '5' there"),
        ("differs", [("words", "not", "")], "words 'not' only here"),
        ("differs", [("words", "", "not")] * 5, "; ".join(["words 'not' only there"] * 3) + "; 2 more"),
        ("differs", [], "the words are the same, what stands around them is not"),
        ("parallel", [], "sections run in parallel"),
        ("protected", [("case", "A", "a")], "protected; case 'A' here, 'a' there"),
    ],
)
def test_a_variant_says_why_it_stays(rule: str, differences: list[tuple[str, str, str]], shown: str) -> None:
    witness = {"line": 3, "last_line": 3, "record": None}
    row = {"file": "a.txt", "record": None, "line": 8, "shape": "paragraph", "rule": rule, "witness": witness}
    row["differences"] = [dict(zip(("name", "here", "witness"), each, strict=True)) for each in differences]
    assert variant_line(row) == f"a.txt:8: paragraph is like line 3 but stays: {shown}"
