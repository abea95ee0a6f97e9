"""What is said at the end of a run: on a terminal, as plain lines elsewhere, and nothing in it acts."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import struct
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reported import CLEANER
from rich.console import Console
from toy import clean

from cleaner.cli import summary
from cleaner.cli.biggest import Biggest
from cleaner.cli.heard import Heard, Screen
from cleaner.cli.streams import Texts
from cleaner.cli.summary import plain, told_of
from cleaner.cli.summary_terminal import draw
from cleaner.job import JobOptions, run
from cleaner.report.counts import report
from cleaner.settings import Settings

ROOT = Path(__file__).parent.parent
BRIDGE = "The bridge over the river will be closed for twelve weeks while engineers check it."


def ended(*, verbose: bool = False, **options: Any) -> summary.Told:
    """The end of a run over the folder ``in``, with the toy cleaner."""
    heard = Heard(Screen(verbose=verbose), int(verbose), Texts())
    given = JobOptions(("in",), Path("out"), workers=1, **options)
    result = run(given, Settings(), clean, events=heard.events())
    facts = report(result, Settings())
    facts["seconds"] = {"total": 12.345}
    return told_of(heard, facts, given)._replace(read=40 << 20)


def drawn(end: summary.Told, width: int) -> list[str]:
    """Lines on a terminal of so many columns, without colours."""
    console = Console(file=io.StringIO(), force_terminal=True, width=width, highlight=False)
    draw(end, console)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return re.sub(r"\x1b\[[\d;]*m", "", text).splitlines()


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which two things are said twice, one nearly so, and something is no article."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(f"{BRIDGE}\nShort.\n{BRIDGE}\n{BRIDGE.upper()}\n")
    (tmp_path / "in" / "b.txt").write_text(f"Only two words\n{BRIDGE}\n\nOnly two words\n")
    (tmp_path / "in" / "c.jsonl").write_text('{"id": 1}\n')
    return tmp_path


def test_on_a_terminal_the_end_says_what_went_what_stayed_and_where_more_is(few: Path) -> None:
    end = ended(flag_share=0.2)
    assert drawn(end, 60) == [
        "2 repeats",
        "15 words  in/a.txt:3: paragraph repeats line 1 (copy: equal)",
        " 3 words  in/b.txt:4: paragraph repeats line 1 (copy: equal)",
        "",
        "removed      2 paragraphs (18 of 67 words, 26.9%)",
        "articles     2, 2 of them changed, with 10 paragraphs",
        "kept         1 variant: nearly the same, but something",
        "             differs (--verbose lists them)",
        "left alone   1: 1 no text field",
        "look at      1 article loses more than 20% of its words:",
        "             in/a.txt 32.6%",
        "time         12.3 s, 3.2 MB/s, 0.2 articles/s",
        "report       out/_cleaner/report.html",
    ]


def test_where_there_is_a_page_it_is_named_and_nothing_else(few: Path) -> None:
    (few / "out" / "_cleaner").mkdir(parents=True)
    (few / "out" / "_cleaner" / "report.html").write_text("")
    end = ended()
    assert drawn(end, 300)[-1] == "report       out/_cleaner/report.html"
    assert plain(end)[-1] == "report: out/_cleaner/report.html"


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Records of which the n-th says n words twice, in an order of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    sizes = [(n * 17) % 31 + 2 for n in range(31)]
    lines = ["\n".join([" ".join(["wordwordword"] * size)] * 2) for size in sizes]
    rows = [json.dumps({"id": f"s{size}", "text": line}) for size, line in zip(sizes, lines, strict=True)]
    (tmp_path / "in" / "d.jsonl").write_text("\n".join(rows))
    return tmp_path


def test_of_many_repeats_the_ten_biggest_are_listed_with_their_words(many: Path) -> None:
    told = [re.sub(r".*\(id (\w+), .*, (\d+ words)$", r"\1 \2", line) for line in plain(ended())[:11]]
    assert told == [*(f"s{n} {n} words" for n in range(32, 22, -1)), (
        "... and 21 more, none of them bigger; --verbose and the log list all"
    )]  # fmt: skip
    lines = drawn(ended(), 200)
    assert lines[0] == "The 10 biggest of 31 repeats"
    assert [line.split()[0] for line in lines[1:11]] == [str(n) for n in range(32, 22, -1)]
    assert lines[11] == told[10]


def test_verbose_lists_all_in_the_order_of_the_run(many: Path) -> None:
    end = ended(verbose=True)
    numbers = [int(each.rows[0]["record"]) for each in end.findings]
    assert numbers == list(range(1, 32))
    assert len([line for line in plain(end) if "repeats line 1" in line]) == 31
    assert len([line for line in drawn(end, 80) if "repeats line 1" in line]) == 31


def test_articles_that_lose_much_are_named_by_place_id_and_share(many: Path) -> None:
    (said,) = (line for line in plain(ended(flag_share=0.4)) if "more than 40%" in line)
    assert said == (
        "31 articles lose more than 40% of their words: in/d.jsonl:1 (id s2) 50.0%, in/d.jsonl:2 (id s19) 50.0%, "
        "in/d.jsonl:3 (id s5) 50.0%, and 28 more: see flagged_articles in the report"
    )


def test_a_dry_run_says_what_would_go(few: Path) -> None:
    lines = drawn(ended(dry_run=True), 80)
    assert "would remove 2 paragraphs (18 of 67 words, 26.9%)" in lines


def test_what_data_names_is_neither_markup_nor_acts_on_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").mkdir()
    id = "[bold red]x[/bold red] [link=http://evil]\x1b]8;;http://evil\x07\u202e"
    (tmp_path / "in" / "[red].jsonl").write_text(json.dumps({"id": id, "text": f"{BRIDGE}\n{BRIDGE}\n"}))
    lines = drawn(ended(flag_share=0.1), 400)
    shown = r"[bold red]x[/bold red] [link=http://evil]\u001b]8;;http://evil\u0007\u202e"
    assert f"in/[red].jsonl:1 (id {shown}, line 2): paragraph" in lines[1]
    assert f"in/[red].jsonl:1 (id {shown}) 50.0%" in "\n".join(lines)
    assert all(line.isprintable() for line in lines)


def rows_of(file: str, archive: str | None, record: int, sizes: list[int]) -> list[dict[str, Any]]:
    inside = {"archive": archive} if archive is not None else {}
    return [
        {"file": file, "record": record, "block": block, "text": "x " * size, **inside}
        for block, size in enumerate(sizes)
    ]


MEMBERS = st.lists(st.tuples(st.booleans(), st.lists(st.lists(st.integers(1, 9), max_size=4), max_size=3)), max_size=3)


@given(st.lists(st.tuples(st.booleans(), st.booleans(), MEMBERS), max_size=6), st.integers(1, 4))
def test_the_biggest_are_those_of_all_that_were_written(
    files: list[tuple[bool, bool, list[tuple[bool, list[list[int]]]]]], most: int
) -> None:
    """However files and members of archives are given up in between; equal ones in the order of the run."""
    found = Biggest(most, lambda rows: sum(row["text"].count("x") for row in rows))
    expected: list[tuple[int, int]] = []
    number = 0
    for at, (is_archive, is_dropped, members) in enumerate(files):
        whole: list[tuple[int, int]] = []
        name = f"f{at}"
        for inner, (member_dropped, records) in enumerate(members if is_archive else members[:1]):
            file = f"{name}/m{inner}" if is_archive else name
            own: list[tuple[int, int]] = []
            for record, sizes in enumerate(records):
                for row in rows_of(file, name if is_archive else None, record, sizes):
                    found.add(row)
                    own.append((-row["text"].count("x"), number))
                    number += 1
            if is_archive and member_dropped:
                found.dropped(file)
            else:
                whole += own
        if is_dropped:
            found.dropped(name)
        else:
            expected += whole
    assert found.count == len(expected)
    assert [(-each.words, each.number) for each in found.end()] == sorted(expected)[:most]


def test_only_so_many_rows_are_held_whatever_a_dump_has() -> None:
    found = Biggest(3, lambda rows: sum(len(row["text"]) for row in rows))
    for record in range(1000):
        found.add(rows_of("d.jsonl", None, record, [record % 7 + 1])[0])
        held = sum(len(heap._held) for heap in (found._settled, found._archive, found._file)) + len(found._rows)
        assert held <= 3 * 3 + 1


def test_words_are_counted_of_those_only_that_may_be_among_the_biggest() -> None:
    counted: list[int] = []

    def words(rows: Any) -> int:
        counted.append(len(rows))
        return sum(row["text"].count("x") for row in rows)

    found = Biggest(2, words)
    for record in range(100):
        found.add(rows_of("d.jsonl", None, record, [50 if record < 2 else 3])[0])
    assert [each.words for each in found.end()] == [50, 50]
    assert len(counted) == 2


def seen(folder: Path, *arguments: str, width: int = 80, **env: str) -> tuple[int, str]:
    """Run the real command on a pseudo-terminal of so many columns: its exit code and all that it shows."""
    import fcntl
    import termios

    child, terminal = pty.fork()
    size = struct.pack("HHHH", 40, width, 0, 0)
    if not child:
        try:
            os.chdir(folder)
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            clear = ("CI", "NO_COLOR", "COLUMNS", "LINES", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
            kept = {name: value for name, value in os.environ.items() if name not in clear}
            given = kept | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color"} | env
            os.execve(sys.executable, [*CLEANER, *arguments], given)
        finally:
            os._exit(127)  # whatever happens, this process is not to go on with the tests
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 1 << 16)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(terminal)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), shown.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_real_terminal_gets_lines_no_wider_than_it_is(few: Path, width: int) -> None:
    (few / "in" / "a.txt").write_text(f"{BRIDGE}\nShort.\n{BRIDGE}\n")
    code, shown = seen(few, "clean", "in/a.txt", "in/b.txt", "-o", "out", width=width)
    lines = re.sub(r"\x1b\[[\d;]*m", "", shown).splitlines()
    assert code == 0
    assert lines[0] == "1 repeat"
    assert lines[1].startswith("15 words  in/a.txt:3: paragraph repeats line 1")
    assert max(map(len, lines)) <= width
    assert "\x1b[36m" in shown


def test_a_short_run_that_found_nothing_says_so_in_a_line(few: Path) -> None:
    (few / "in" / "a.txt").write_text(f"{BRIDGE}\n")
    shown = "1 article, 1 paragraph: nothing is said twice\nreport: out/_cleaner/report.html\n"
    assert seen(few, "clean", "in/a.txt", "-o", "out") == (0, shown)


def test_no_color_means_no_colour_and_ci_dumb_quiet_and_json_no_summary_of_this_kind(few: Path) -> None:
    (few / "in" / "a.txt").write_text(f"{BRIDGE}\nShort.\n{BRIDGE}\n")
    command = ("clean", "in/a.txt", "-o", "out")
    _, shown = seen(few, *command, NO_COLOR="1")
    assert not re.search(r"\x1b\[[\d;]*3\d", shown)
    assert "1 repeat" in shown
    plain_lines = (
        "in/a.txt:3: paragraph repeats line 1 (exact)\n"
        "1 article, 3 paragraphs: removed 1 paragraph (15 of 31 words, 48.4%)\nreport: out/_cleaner/report.html\n"
    )
    for env in ({"CI": "true"}, {"TERM": "dumb"}):
        _, shown = seen(few, *command, **env)
        assert shown == plain_lines
    assert seen(few, *command, "--quiet") == (0, "")
    _, shown = seen(few, *command, "--json")
    assert json.loads(shown)["articles"] == 1
