"""``cleaner show``: one article as it was, what went struck out, its witness named; nothing in it acts."""

from __future__ import annotations

import csv
import io
import json
import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st
from packs import tar
from toy import clean

from cleaner.cli.show import Asked, note, show_run
from cleaner.errors import RestoreError
from cleaner.formats.article import clean_article
from cleaner.formats.compression import compressed
from cleaner.formats.logged import Known, Log, called
from cleaner.formats.original import original_of
from cleaner.formats.work import Work
from cleaner.job import JobOptions, run
from cleaner.plan import clean_texts
from cleaner.report.article_page import Article, Words, chars, page
from cleaner.report.marked import Fold, Line, folded, marked, shortened
from cleaner.settings import Settings

BRIDGE = "The bridge over the river will be closed for twelve weeks while engineers check it."
LATER = BRIDGE.replace("twelve", "fifteen")
OTHER = "The ferry takes no cars, and its last boat leaves the northern bank at seven in the evening."
TWICE = f"News\n{BRIDGE}\n{OTHER}\n{BRIDGE}\n"


def ran(folder: Path, name: str, data: bytes | str, how: Any = None, **options: Any) -> Path:
    """Clean a file; the output folder."""
    path = folder / "in" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    chosen = options.pop("settings", Settings())
    result = run(JobOptions((str(path),), folder / "out", workers=1, **options), chosen, how)
    assert result.exit_code == 0, result.problems
    return folder / "out"


def shown(capsys: pytest.CaptureFixture[str], out: Path, name: str, **asked: Any) -> tuple[int, str, str]:
    code = show_run(Asked(out, name, **asked))
    said = capsys.readouterr()
    return code, said.out, said.err.replace(str(out), "OUT")


def test_an_article_is_shown_with_line_numbers_signs_and_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ran(tmp_path, "a.txt", f"News\n{BRIDGE}\n{OTHER}\n{BRIDGE}\n{LATER}\n")
    assert shown(capsys, out, "a.txt") == (
        0,
        f"""\
a.txt: removed 1 paragraph (15 of 64 words, 23.4%); 1 variant kept
-1 went, =1 says it and stays, ~1 nearly says it and stays

1    | News
2 =1 | {BRIDGE}
3    | {OTHER}
4 -1 | [-{BRIDGE}-] ← repeats line 2 (exact)
5 ~2 | The bridge over the river will be closed for [~fifteen~] weeks while engineers check it. \
← like line 2 but stays: word 'fifteen' here, 'twelve' there
""",
        "cleaner restore OUT -o FOLDER --file a.txt gives it back\n",
    )


def test_a_passage_stands_in_its_line_and_says_what_it_repeats_where_it_ends(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = f"{BRIDGE} {OTHER} Nobody in the two villages has been asked whether the detour is fit for buses at all."
    out = ran(tmp_path, "a.jsonl", json.dumps({"id": "x", "text": f"A bridge is closed. {body} {body}"}))
    _, text, _ = shown(capsys, out, "x", full=True)
    assert text.splitlines()[-1] == f"1 =1-1 | A bridge is closed. [={body}=][- {body}-] ← repeats line 1 (exact)"


def test_a_witness_in_another_article_is_named_by_file_record_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(json.dumps({"id": f"r{n}", "text": f"Head {n}\n{BRIDGE}\n"}) + "\n" for n in (1, 2))
    out = ran(tmp_path, "a.jsonl", rows, scope="corpus", settings=Settings(lone="remove"))
    _, text, _ = shown(capsys, out, "a.jsonl:2")
    assert text.splitlines()[-1] == f"2 -1 | [-{BRIDGE}-] ← repeats a.jsonl:1 (id r1, line 2) (exact)"


def test_long_stretches_that_stay_are_folded_unless_all_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    between = "".join(f"line {n}\n" for n in range(3, 14))
    out = ran(tmp_path, "a.txt", f"{BRIDGE}\n{between}{BRIDGE}\nEnd {'x' * 1000}\n", clean)
    _, text, _ = shown(capsys, out, "a.txt")
    assert re.sub("x{50,}", "X", text).splitlines()[3:] == [
        f" 1 =1 | {BRIDGE}",
        " 2    | line 3",
        " 3    | line 4",
        "      | … 7 lines …",
        "11    | line 12",
        "12    | line 13",
        f"13 -1 | [-{BRIDGE}-] ← repeats line 1 (copy: equal)",
        "14    | End X … 404 characters … X",
    ]
    _, text, _ = shown(capsys, out, "a.txt", full=True)
    assert "…" not in text
    assert "x" * 1000 in text


NAMES = ["first", "second", "third"]


def table(rows: list[tuple[str, str]], delimiter: str = ",") -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows([("id", "text"), *rows])
    return target.getvalue().encode()


RECORDS = [(name, f"{name}\n{BRIDGE}\n{OTHER}, {name}\n{BRIDGE}\nsaid “{name}”") for name in NAMES]
OBJECTS = [{"id": name, "text": text} for name, text in RECORDS]
LINES = b"".join(json.dumps(each).encode() + b"\n" for each in OBJECTS)
FILES: dict[str, bytes] = {
    "a.jsonl": LINES,
    "a.jsonl.gz": compressed(LINES, "gz"),
    "a.json": json.dumps(OBJECTS, indent=1).encode(),
    "a.csv": table(RECORDS),
    "a.tsv": table(RECORDS, "\t"),
}


@pytest.mark.parametrize("name", FILES)
def test_every_record_is_shown_as_it_was_in_every_format(tmp_path: Path, name: str) -> None:
    """By its number and by its id; the text is the input's, and what is struck out is what went."""
    out = ran(tmp_path, name, FILES[name], clean)
    log = Log(out)
    for number, (id, text) in enumerate(RECORDS, 1):
        for answer in (called(log, name, record=number), called(log, name, id=id), called(log, id)):
            (known,) = answer.matches
            found = original_of(log, known)
            assert (found.record, found.id, found.text) == (number, id, text.replace("\r\n", "\n"))
            assert [row["text"].strip() for row in found.removals] == [BRIDGE]


def test_parquet_and_a_dump_that_comes_out_as_jsonl_are_shown_too(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"id": NAMES, "text": [text for _, text in RECORDS]}), tmp_path / "a.parquet")
    log = Log(ran(tmp_path, "a.parquet", (tmp_path / "a.parquet").read_bytes(), clean))
    assert original_of(log, called(log, "second").matches[0]).text == RECORDS[1][1]


def test_members_of_archives_are_shown_by_their_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tar([("p/a.txt", TWICE.encode()), ("b.jsonl", LINES), ("c.txt", b"Nothing twice.\n")])
    out = ran(tmp_path, "x.tar.gz", compressed(data, "gz"), clean)
    log = Log(out)
    (member,) = called(log, "a.txt").matches
    assert member == Known("x.tar.gz/p/a.txt")
    assert original_of(log, member).text == TWICE
    assert original_of(log, called(log, "x.tar.gz/b.jsonl:2").matches[0]).text == RECORDS[1][1]
    code, _, said = shown(capsys, out, "x.tar.gz")
    assert code == 2
    assert "cleaner show OUT x.tar.gz/p/a.txt\n" in said
    assert said.startswith("cleaner: 'x.tar.gz' holds 2 articles in which something was found; give one of them:\n")


def test_what_stands_in_an_encoding_of_its_own_is_read_in_it(tmp_path: Path) -> None:
    text = f"Überschrift\n{BRIDGE}\n{OTHER} Größe\n{BRIDGE}\n"
    log = Log(ran(tmp_path, "a.txt", b"\xff\xfe" + text.encode("utf-16-le")))
    assert original_of(log, Known("a.txt")).text == text


def test_of_several_runs_in_place_the_last_that_took_something_is_shown_and_each_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TWICE)
    options = JobOptions(("a.txt",), in_place=True, workers=1)
    run(options, Settings())
    grown = f"{(tmp_path / 'a.txt').read_text()}{OTHER}\n"
    run(options, Settings(), _without_the_last_line)
    code, text, said = shown(capsys, Path("."), "a.txt")
    assert (code, text.splitlines()[-1]) == (0, f"3 -1 | [-{OTHER}-] ← repeats line 1 (copy: equal)")
    assert said.startswith("cleaned in its place 2 times: this is run 2, --run shows another\n")
    _, text, _ = shown(capsys, Path("."), "a.txt", run=1)
    assert text.splitlines()[-1] == f"4 -1 | [-{BRIDGE}-] ← repeats line 2 (exact)"
    with pytest.raises(RestoreError, match="the log has 2 runs of it; give --run from 1 to 2"):
        show_run(Asked(Path("."), "a.txt", run=3))
    (tmp_path / "a.txt").write_text(TWICE)
    _, text, _ = shown(capsys, Path("."), "a.txt", run=1)
    assert "[-" in text, "a file that was restored in its place is shown, too"
    (tmp_path / "a.txt").write_text(grown)
    with pytest.raises(RestoreError, match="was edited since"):
        show_run(Asked(Path("."), "a.txt"))


def _without_the_last_line(texts: list[str], settings: Settings, text_format: str) -> list[Any]:
    from dataclasses import replace

    (text,) = texts
    (outcome,) = clean([f"{OTHER}\n{OTHER}\n"], settings)
    at = text.index(OTHER)
    cut = replace(outcome.removed[0], start=at, end=len(text), line=3, last_line=3)
    return [replace(outcome, text=text[:at], removed=(replace(cut, witness=replace(cut.witness, start=0, end=4)),))]


def test_an_output_that_was_edited_is_refused_and_where_is_said(tmp_path: Path) -> None:
    out = ran(tmp_path, "a.txt", TWICE)
    (out / "a.txt").write_text((out / "a.txt").read_text().replace("ferry", "boat"))
    with pytest.raises(RestoreError, match=r"a\.txt: the text before the removed span .* was edited since"):
        show_run(Asked(out, "a.txt"))
    (out / "a.txt").unlink()
    with pytest.raises(RestoreError, match=r"a\.txt: the file is gone; showing needs the cleaned file in its place"):
        show_run(Asked(out, "a.txt"))


def test_a_dry_run_a_folder_without_a_log_and_a_copied_file_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RestoreError, match="no log of a run here; give the folder"):
        show_run(Asked(tmp_path, "a.txt"))
    out = ran(tmp_path, "a.txt", TWICE, dry_run=True)
    with pytest.raises(
        RestoreError, match=r"wrote no cleaned text \(a dry run.* run cleaner clean with -o and without"
    ):
        show_run(Asked(out, "a.txt"))
    out = ran(tmp_path / "more", "a.txt", TWICE)
    (tmp_path / "more" / "in" / "b.py").write_text("x = 1\n")
    run(JobOptions((str(tmp_path / "more" / "in"),), out, workers=1), Settings())
    with pytest.raises(RestoreError, match="was no article to the run, which copied it as it is"):
        show_run(Asked(out, "b.py"))


def test_a_name_that_may_be_several_articles_is_answered_with_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten at most, and each as a call that means it alone; the number of a line is not taken for that of a record."""
    rows = [{"id": f"r{n % 2}", "text": TWICE} for n in range(12)]
    out = ran(tmp_path, "a.jsonl", "\n\n".join(map(json.dumps, rows)) + "\n")
    code, text, said = shown(capsys, out, "a.jsonl")
    assert (code, text) == (2, "")
    assert said.splitlines()[:2] == [
        "cleaner: 'a.jsonl' holds 12 articles in which something was found; give one of them:",
        "  cleaner show OUT a.jsonl --record 1  (id r0, line 1 of the file)",
    ]
    assert said.splitlines()[-2:] == [
        "  cleaner show OUT a.jsonl --record 10  (id r1, line 19 of the file)",
        "  ... and 2 more",
    ]
    code, _, said = shown(capsys, out, "r1")
    assert (code, said.count("  cleaner show OUT")) == (2, 6)
    code, _, said = shown(capsys, out, "a.jsonl:3")
    assert (code, said.splitlines()[1:]) == (
        2,
        [
            "  cleaner show OUT a.jsonl --record 2  (id r1, line 3 of the file)",
            "  cleaner show OUT a.jsonl --record 3  (id r0, line 5 of the file)",
        ],
    )
    assert shown(capsys, out, "a.jsonl", record=3)[0] == 0


def test_a_name_that_is_nothing_is_answered_with_what_is_near(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ran(tmp_path, "a.jsonl", LINES, clean)
    code, text, said = shown(capsys, out, "secnd")
    assert (code, text) == (2, "")
    assert said.endswith("no id of an article in which it found something; near it: 'second'\n")
    code, _, said = shown(capsys, out, "%$§\x1b[31m")
    assert code == 2
    assert "\x1b" not in said
    with pytest.raises(RestoreError, match="no such record in the cleaned file"):
        show_run(Asked(out, "a.jsonl:99"))
    with pytest.raises(RestoreError, match="no such record in the cleaned file"):
        show_run(Asked(out, "a.jsonl:nobody"))


HOSTILE = (
    "</style><script>alert(1)</script> \x1b[31m[bold red]x[/] \u202egnp.exe <img src=x onerror=alert(1)> "
    "javascript:alert(1) {{ 7 * 7 }} \x07 and words enough for a paragraph that may go alone \u2066a\u2069."
)


def hostile(folder: Path) -> Path:
    record = {
        "id": f"</title><b>{HOSTILE[:50]}",
        "text": f"{HOSTILE}\n{OTHER}\n{HOSTILE}\n{BRIDGE}\n{BRIDGE.upper()}\n",
    }
    return ran(folder, "a.jsonl", json.dumps(record), clean)


def test_text_from_data_does_not_act_on_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    from cleaner.cli.show import LEGEND, _row
    from cleaner.cli.show_terminal import print_article

    out = hostile(tmp_path)
    _, text, said = shown(capsys, out, "a.jsonl:1")
    assert "[-</style><script>" in text
    assert "\\u001b[31m[bold red]x[/] \\u202egnp.exe" in text
    log = Log(out)
    found = original_of(log, Known("a.jsonl", 1))
    rows = [_row(each, True) for each in folded(marked(found.text, found.removals, found.variants).lines, full=True)]
    screen = Console(file=io.StringIO(), force_terminal=True, width=70, color_system="standard", highlight=False)
    print_article("head [bold]", LEGEND, rows, screen)
    drawn = screen.file.getvalue()  # type: ignore[attr-defined]
    bare = re.sub(r"\x1b\[[\d;]*m", "", drawn)
    assert "\x1b[9;31m" in drawn or "\x1b[31;9m" in drawn, "what went is struck out"
    assert "[bold red]x[/]" in bare
    assert "head [bold]" in bare
    assert all(char.isprintable() for char in (text + said + bare).replace("\n", ""))
    assert max(map(len, bare.splitlines())) <= 70
    assert not any(line.endswith(" ") for line in bare.splitlines()), "a copy of it has no spaces at its ends"


class Page(HTMLParser):
    """The elements of a page, and the text of some."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.struck: list[str] = []
        self.style = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag if dict(attrs).get("class") != "hidden" else "hidden")
            self.struck += [""] if tag == "del" else []

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.style += data if "style" in self.open else ""
        if "del" in self.open and "hidden" not in self.open:
            self.struck[-1] += data


def test_a_page_runs_and_loads_nothing_and_shows_what_hides(tmp_path: Path) -> None:
    out = hostile(tmp_path)
    assert show_run(Asked(out, "a.jsonl:1", html=True, to=tmp_path / "a.html")) == 0
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    found = Page(text)
    policy = next(attrs["content"] for tag, attrs in found.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    digest = b64encode(sha256(found.style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'"
    assert {tag for tag, _ in found.tags} <= {
        "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "bdi", "span", "del", "mark",
        "strong", "code", "nav", "ul", "li", "a", "main", "div", "details", "summary",
    }  # fmt: skip
    names = {name for _, attrs in found.tags for name in attrs}
    assert not [name for name in names if name.startswith("on") or name in ("src", "style")]
    links = [attrs["href"] or "" for tag, attrs in found.tags if tag == "a"]
    anchors = {f"#{attrs['id']}" for _, attrs in found.tags if "id" in attrs}
    assert links
    assert set(links) <= anchors, "every link leads to a place in the page"
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert found.struck[0].startswith("</style><script>alert(1)</script> ␛[31m[bold red]x[/] U+202Egnp.exe <img")
    assert "{{ 7 * 7 }}" in text, "what looks like a template is text"


@given(
    st.lists(st.sampled_from([BRIDGE, LATER, OTHER, "short", "", f"{OTHER} {BRIDGE} {OTHER}", HOSTILE]), max_size=9),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
    st.booleans(),
)
@examples(80)
def test_the_lines_are_the_article_and_what_is_not_struck_out_is_the_output(
    paragraphs: list[str], end: str, full: bool
) -> None:
    text = end.join(paragraphs)
    found = clean_article(text.encode(), "a.txt", "plain", Work(clean_texts, Settings()))
    kept, at = "", 0
    for row in found.removals:
        kept, at = kept + text[at : row["start"]], row["end"]
    seen = marked(text, found.removals, found.variants)
    pieces = [piece for line in seen.lines for piece in line.pieces]
    assert "".join(piece.text for piece in pieces) == re.sub(r"\r?\n", "", text)
    assert "".join(piece.text for piece in pieces if not piece.removed) == re.sub(r"\r?\n", "", kept + text[at:])
    assert [line.number for line in seen.lines] == list(range(1, len(seen.lines) + 1))
    ended = [mark for piece in pieces for mark in piece.ends]
    assert len(ended) == len(seen.marks), "each mark is told about once"
    rows = folded(seen.lines, full=full)
    again = [line for each in rows for line in (each.lines if isinstance(each, Fold) else (each,))]
    assert again == list(seen.lines)
    assert all(line.is_plain for each in rows if isinstance(each, Fold) for line in each.lines)
    html = page(Article("a", "", "", ""), seen, Words(note, lambda marks: note(marks[0])), full=full)
    struck = "".join(char.text for piece in pieces if piece.removed for char in chars(piece.text))
    assert "".join(Page(html).struck) == struck


@given(st.text())
def test_codes_hide_nothing_and_change_nothing_else(text: str) -> None:
    shown = chars(text)
    assert "".join(chr(int(char.code[2:], 16)) if char.code else char.text for char in shown) == text
    assert not any(each in "\x1b\x00\u202e\u2067\ud800" for char in shown for each in char.text)


def test_a_long_stretch_keeps_its_ends() -> None:
    begin, left, end = shortened("a" * 50 + "b" * 50, 10)
    assert (begin, left, end) == ("aaaaa", 90, "bbbbb")
    assert shortened("abc", 10) == ("abc", 0, "")


def test_a_fold_is_made_of_lines_only() -> None:
    lines = marked("\n".join("abcdefghij"), [], []).lines
    assert [each.number if isinstance(each, Line) else len(each.lines) for each in folded(lines)] == [1, 2, 6, 9, 10]


def test_the_folder_of_a_log_may_be_anywhere(tmp_path: Path) -> None:
    with TemporaryDirectory() as elsewhere:
        out = ran(Path(elsewhere), "a.txt", TWICE)
        assert show_run(Asked(out, "a.txt", to=tmp_path / "a.out")) == 0
        assert "[-" in (tmp_path / "a.out").read_text()
