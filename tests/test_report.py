"""Reports of a run: their figures are those of the log, whatever kind of run it was; and what they do with bad data."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from packs import tar
from reported import (
    BRIDGE,
    FERRY,
    LATER,
    SCHOOL,
    SEED,
    TWICE,
    VARIED,
    blocks,
    cleaner,
    data_of,
    exact,
    facts,
    jsonl,
    log,
    page_of,
    ran,
    said,
    tiles_of,
    write,
)

from cleaner.report import cases
from cleaner.report.as_markdown import code, markdown
from cleaner.report.log import RunLog
from cleaner.report.page.make import page

Row = dict[str, Any]
BOTH = TWICE + f"\n{SCHOOL}\n\n{LATER}\n"
MANY: dict[str, str | bytes] = {
    "a.txt": BOTH,
    "b/c.md": f"# News\n\n{BRIDGE}\n\n{FERRY}\n\n{SCHOOL}\n\n# Again\n\n{BRIDGE}\n\n{FERRY}\n\n{SCHOOL}\n",
    "d.jsonl": jsonl(*({"id": n, "text": BOTH.replace("river", f"river {n}")} for n in range(5))),
}


def test_the_figures_of_the_seed_article(tmp_path: Path) -> None:
    out = ran(tmp_path, {SEED.name: SEED.read_bytes()})
    exact(out)
    assert tiles_of(page_of(out))["removed_words"] == 165


RUNS: dict[str, tuple[str, ...]] = {
    "plain": (),
    "corpus": ("--scope", "corpus"),
    "similar": ("--level", "similar"),
    "exact": ("--level", "exact"),
    "annotate": ("--annotate", "spans"),
    "by source": ("--source-field", "id", "--lang-field", "id"),
}


@pytest.mark.parametrize("name", RUNS)
def test_the_figures_of_every_kind_of_run(tmp_path: Path, name: str) -> None:
    files = {"d.jsonl": MANY["d.jsonl"]} if name == "annotate" else MANY  # beside other texts there is no place for it
    exact(ran(tmp_path, files, *RUNS[name]))


def test_blocks_that_stand_in_each_other_are_counted_once(tmp_path: Path) -> None:
    """In scope corpus a block of one article may go on behind paragraphs that another article says."""
    out = ran(tmp_path, MANY, "--scope", "corpus", "--lone", "remove")
    rows = log(out, "removals")
    runs = sum(one["block"] != other["block"] or one["file"] != other["file"] or one["record"] != other["record"]
               for one, other in itertools.pairwise(rows))  # fmt: skip
    assert runs + 1 > len(blocks(rows)), "none stands in another: this test shows nothing"
    assert tiles_of(page_of(out))["look"] <= tiles_of(page_of(out))["repeats"]


def test_a_page_made_anew_is_the_page_of_the_run(tmp_path: Path) -> None:
    out = ran(tmp_path, MANY)
    before = page_of(out).read_bytes()
    page_of(out).unlink()
    assert cleaner("report", "out", "-q", cwd=tmp_path).stderr == ""
    assert page_of(out).read_bytes() == before
    page_of(out).unlink()
    assert cleaner("report", "out", cwd=tmp_path).stderr == "report: out/_cleaner/report.html\n"
    assert page_of(out).read_bytes() == before


def test_where_a_page_holds_a_sample_its_figures_are_those_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = ran(tmp_path, MANY)
    monkeypatch.setattr(cases, "MOST", 3)
    html = page(RunLog(out))
    held = Counter(each["of"] for each in data_of(html)["cases"])
    assert held == {"removal": 3, "variant": 3}
    exact(out, html)


def test_a_sample_is_bounded_in_characters_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of texts, and of what the data calls its articles."""
    records = [{"id": f"{n}" * 1000, "text": BOTH} for n in range(9)]
    out = ran(tmp_path, {"a.jsonl": jsonl(*records)})
    monkeypatch.setattr(cases, "MOST_CHARACTERS", 4000)
    html = page(RunLog(out))
    held = Counter(each["of"] for each in data_of(html)["cases"])
    assert held == {"removal": 3, "variant": 3}
    exact(out, html)


def test_cases_are_those_of_the_log(tmp_path: Path) -> None:
    out = ran(tmp_path, MANY)
    data = data_of(page_of(out))
    repeats = blocks(log(out, "removals"))
    for each in data["cases"]:
        rows = repeats[each["n"] - 1] if each["of"] == "removal" else [log(out, "variants")[each["n"] - 1]]
        assert (each["file"], each["record"], each["shape"]) == tuple(rows[0][n] for n in ("file", "record", "shape"))
        texts = [row["text"].strip("\r\n") for row in rows if row["text"].strip()]
        assert [span["text"] for span in each["spans"]] == texts
    assert len(data["cases"]) == len(repeats) + len(log(out, "variants"))


# --- runs of other kinds --------------------------------------------------------------------------------------------


def files_of(out: Path) -> set[str]:
    return {each["file"] for each in data_of(page_of(out))["cases"]}


def test_the_page_is_about_the_last_run_into_a_folder(tmp_path: Path) -> None:
    """Its log goes on being that of all runs, which restore needs; the page says that there were others."""
    ran(tmp_path, {"a.txt": BOTH, "b.txt": BOTH})
    out = ran(tmp_path, {"c.txt": TWICE})
    assert {row["file"] for row in log(out, "removals")} == {"a.txt", "b.txt", "c.txt"}
    assert files_of(out) == {"c.txt"}
    assert (tiles_of(page_of(out))["repeats"], data_of(page_of(out))["totals"]["removal"]) == (1, 1)
    assert "also holds 2 files of earlier runs" in said(page_of(out))
    ran(tmp_path, {"a.txt": TWICE})
    assert files_of(out) == {"a.txt"}


def test_the_page_of_a_second_run_in_place_is_about_what_it_did(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": BOTH, "b.txt": BOTH})
    cleaner("clean", "a.txt", "b.txt", "--in-place", "--quiet", cwd=tmp_path)
    assert files_of(tmp_path) == {"a.txt", "b.txt"}
    exact(tmp_path)
    cleaner("clean", "a.txt", "b.txt", "--in-place", "--quiet", cwd=tmp_path)
    html = page_of(tmp_path)
    assert (tiles_of(html)["repeats"], data_of(html)["totals"]["removal"]) == (0, 0)
    with (tmp_path / "b.txt").open("a") as stream:
        stream.write(f"\n{SCHOOL}\n\nNo.\n\n{SCHOOL}\n")
    cleaner("clean", "a.txt", "b.txt", "--in-place", "--quiet", cwd=tmp_path)
    found = data_of(html)
    removed = [each for each in found["cases"] if each["of"] == "removal"]
    assert tiles_of(html)["repeats"] == len(removed) == found["totals"]["removal"]
    assert {each["file"] for each in removed} == {"b.txt"}
    assert {span["text"] for each in removed for span in each["spans"]} == {SCHOOL}


def test_a_dry_run_says_that_nothing_went(tmp_path: Path) -> None:
    out = ran(tmp_path, MANY, "--dry-run")
    exact(out)
    text = said(page_of(out))
    assert "A dry run: nothing was removed." in text
    assert "Words that would go" in text
    assert "Words that went" not in text


def test_an_annotating_run_says_that_nothing_went(tmp_path: Path) -> None:
    assert (
        "nothing was removed"
        in said(page_of(ran(tmp_path, {"d.jsonl": MANY["d.jsonl"]}, "--annotate", "spans"))).lower()
    )


def test_an_archive_is_told_by_its_members(tmp_path: Path) -> None:
    members = {"x/a.txt": BOTH.encode(), "x/b.txt": BOTH.encode(), "c.txt": b"Nothing.\n"}
    out = ran(tmp_path, {"all.tar": tar(list(members.items())), "d.txt": TWICE})
    exact(out)
    found = data_of(page_of(out))["cases"]
    assert {each["source"] for each in found} == {"all.tar", "."}
    assert len({each["file"] for each in found}) == 3


def test_over_the_limit_nothing_is_written_and_the_page_of_the_folder_says_so(tmp_path: Path) -> None:
    out = ran(tmp_path, {"a.txt": TWICE}, "--max-removed", "0.9")
    cleaner("clean", "a.txt", "-o", "out", "--max-removed", "0.01", "--quiet", cwd=tmp_path, code=None)
    assert "nothing was written, and there is no log to look at" in said(page_of(out))
    assert data_of(page_of(out))["cases"] == []
    assert len(log(out, "removals")) == 1  # of the run before, which restore needs
    cleaner("clean", "a.txt", "-o", "other", "--max-removed", "0.01", "--quiet", cwd=tmp_path, code=None)
    assert not (tmp_path / "other").exists()


def test_errors_are_told_and_the_rest_is_counted(tmp_path: Path) -> None:
    out = ran(tmp_path, {**MANY, "e.jsonl": '{"text": broken\n'}, code=None)
    exact(out)
    assert "e.jsonl:1: broken JSON" in said(page_of(out))


@pytest.mark.parametrize("articles", [0, 1, 2])
def test_a_run_that_finds_nothing_says_so_in_one_sentence(tmp_path: Path, articles: int) -> None:
    out = ran(tmp_path, {"a.jsonl": jsonl(*({"text": BRIDGE} for _ in range(articles)))}, code=0 if articles else 2)
    exact(out)
    wanted = [
        "No article was read.",
        "One article was read. Nothing in it is",
        "2 articles were read. Nothing in them is",
    ]
    assert wanted[articles] in said(page_of(out))


def older(out: Path) -> None:
    """Make the log one of before there were pages."""
    (out / "_cleaner" / "cases.jsonl").unlink()
    page_of(out).unlink()
    for name in ("removals", "variants"):
        rows = log(out, name)
        for row in rows:
            for each in ("lang", "words", "share", "look", "key", "source", "text_line"):
                if each != "text_line":
                    row.pop(each, None)
        (out / "_cleaner" / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    report = facts(out)
    report["run"] = {name: value for name, value in report["run"].items() if name not in ("mode", "logged")}
    del report["sources"]
    (out / "_cleaner" / "report.json").write_text(json.dumps(report))


def test_the_log_of_an_older_version_has_its_page_too(tmp_path: Path) -> None:
    out = ran(tmp_path, MANY)
    before = tiles_of(page_of(out))
    older(out)
    cleaner("report", out, "-q")
    after = tiles_of(page_of(out))
    assert {name: after[name] for name in before if name != "look"} == {n: v for n, v in before.items() if n != "look"}
    found = data_of(page_of(out))
    assert found["totals"]["removal"] == len(blocks(log(out, "removals")))
    assert all("share" not in each and "lang" not in each for each in found["cases"])
    assert all(span["key"].startswith("x") for each in found["cases"] for span in each["spans"])
    unknown = [s for each in found["cases"] if each["of"] == "variant" for s in each["spans"]]
    assert unknown
    assert all(span["witness"]["text"] is None for span in unknown if span.get("d"))
    assert cleaner("report", out, "--format", "markdown").stdout.startswith("### cleaner")
    assert cleaner("report", out, "--format", "csv").stdout.count("\r\n") > 5


def test_of_the_log_of_an_older_version_the_page_says_what_it_does_not_know(tmp_path: Path) -> None:
    out = ran(tmp_path, MANY)
    older(out)
    cleaner("report", out, "-q")
    assert "was written by an older version" in said(page_of(out))


# --- errors ---------------------------------------------------------------------------------------------------------


def test_a_folder_without_a_run_is_told(tmp_path: Path) -> None:
    done = cleaner("report", tmp_path, code=2)
    assert re.fullmatch(
        r"cleaner: .*: no run has left its log here; give the folder that was given with -o\n", done.stderr
    )


@pytest.mark.parametrize(
    "row", ["{", "[]", "3", "{}", '{"file": "a.txt"}', '{"file": 3, "record": null, "block": 1}', "\x00"]
)
@pytest.mark.parametrize("name", ["removals", "variants", "cases"])
@pytest.mark.parametrize("format", ["html", "markdown", "csv"])
def test_a_damaged_row_is_named_by_file_and_line(tmp_path: Path, name: str, row: str, format: str) -> None:
    out = ran_once(tmp_path)
    path = out / "_cleaner" / f"{name}.jsonl"
    number = len(path.read_bytes().splitlines()) + 1
    with path.open("a") as stream:
        stream.write(f"{row}\n")
    with pytest.raises(Exception, match=rf"{name}.jsonl:{number}: the row is damaged"):
        make(RunLog(out), format)


def make(run: RunLog, format: str) -> str:
    from cleaner.cli.report import _made

    return "".join(_made(run, format))  # type: ignore[arg-type]


_made_once: dict[str, dict[str, bytes]] = {}


def ran_once(folder: Path) -> Path:
    """A copy of one run's folder."""
    if not _made_once:
        out = ran(folder / "first", {"a.txt": BOTH})
        _made_once["log"] = {path.name: path.read_bytes() for path in (out / "_cleaner").iterdir()}
    write(folder / "out" / "_cleaner", dict(_made_once["log"]))
    return folder / "out"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"words": "many"}', "\x00"])
def test_a_damaged_report_is_told_in_one_line(tmp_path: Path, text: str) -> None:
    out = ran_once(tmp_path)
    (out / "_cleaner" / "report.json").write_text(text)
    done = cleaner("report", out, code=2)
    assert "Traceback" not in done.stderr
    assert re.fullmatch(r"cleaner: .*report\.json: .*\n", done.stderr)


def test_a_target_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    out = ran_once(tmp_path)
    (tmp_path / "file").write_text("x")
    for target in (tmp_path, tmp_path / "file" / "page.html"):
        done = cleaner("report", out, "-o", target, code=None)
        assert done.returncode not in (0, 1)
        assert "Traceback" not in done.stderr
        assert re.fullmatch(r"cleaner: .*\n", done.stderr), done.stderr
    assert (tmp_path / "file").read_text() == "x"


@pytest.mark.parametrize("format", ["html", "markdown", "csv"])
def test_standard_output_and_a_file_get_the_same(tmp_path: Path, format: str) -> None:
    out = ran_once(tmp_path)
    printed = cleaner("report", out, "--format", format, "-o", "-")
    cleaner("report", out, "--format", format, "-o", tmp_path / "made")
    assert printed.stdout.encode() == (tmp_path / "made").read_bytes()
    assert printed.stderr == ""


# --- hostile texts where no browser reads them ------------------------------------------------------------------------

HOSTILE = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "@someone and #123 and https://far.example/ and far@far.example",
    "[x](https://far.example/) ![x](https://far.example/x.png)", "<img src=x onerror=alert(1)>", "</details><h1>x</h1>",
    "`` ` ``` a | b | c", "`", "```", "\u202egnihtyna\u202c", "a\x07b\x1b[31m", "**bold** _it_ ~~x~~ $x$ :smile:",
    "| a | b |", "# head", "\\` \\", "&lt;b&gt; &amp;", "![`](x)`", "<!-- x", "]]> --> *x*", "ends with `", "` begins",
]  # fmt: skip


def test_records_without_an_id_are_named_by_their_number(tmp_path: Path) -> None:
    out = ran(tmp_path, {"n.jsonl": jsonl({"text": BOTH})})
    assert "n.jsonl, record 1, line " in cleaner("report", out, "--format", "markdown").stdout


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records = [
        {"id": f"{text} {n}", "src": text, "text": f"{text} {BOTH}".replace(BRIDGE, f"{text} {BRIDGE}")
         .replace(LATER, f"{text} {LATER}").replace("fifteen", f"{text}fifteen")}
        for n, text in enumerate(HOSTILE)
    ]  # fmt: skip
    name = "`x` [y](z) @me <b>.jsonl"
    return ran(tmp_path_factory.mktemp("hostile"), {name: jsonl(*records), "bad`.jsonl": "{<b>@x\n"},
               "--source-field", "src", code=None)  # fmt: skip


def test_a_cell_of_the_table_is_never_a_formula(hostile: Path) -> None:
    text = cleaner("report", hostile, "--format", "csv").stdout
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert len(rows) > len(HOSTILE)
    assert any(cell.startswith("'=1+1") for row in rows for cell in row)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


OURS = re.compile(r"</?details>|</?summary>|<br>")


def test_in_markdown_nothing_of_the_data_is_markup(hostile: Path) -> None:
    """Links, pictures, mentions and HTML of the data stand in code; what is not in code is of our own words."""
    markdown_it = pytest.importorskip("markdown_it")
    text = cleaner("report", hostile, "--format", "markdown").stdout
    reader = markdown_it.MarkdownIt("commonmark").enable(["table", "strikethrough"])
    inline = [each for token in reader.parse(text) for each in (token.children or [token])]
    kinds = Counter(each.type for each in inline)
    assert kinds["code_inline"] > 20
    assert not kinds.keys() & {"link_open", "image", "s_open", "em_open", "fence", "code_block", "hr"}
    plain = " ".join(each.content for each in inline if each.type == "text")
    assert not re.search(r"[@`<>|]|https?:|far\.example|onerror|[*_]{2}", plain), plain
    markup = "".join(each.content for each in inline if each.type in ("html_inline", "html_block"))
    assert (
        not OURS.sub("", markup)
        .replace("Removed, but look:", "")
        .replace("Nearly the same, and kept:", "")
        .strip(" \n0123456789,")
    )
    assert not re.search("[\u202a-\u202e\x00-\x08\x0b-\x1f]", text)


@pytest.mark.parametrize("text", [*HOSTILE, " ", "  x ", "`" * 9, "a\nb", "a\r\nb", "\u2028", "``x`"])
def test_code_is_one_span_of_code(text: str) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    for line in (f"- {code(text)}: x", f"{code(text)}", f"- x<br>{code(text)}"):
        inline = [each for t in markdown_it.MarkdownIt("commonmark").parse(line) for each in (t.children or [])]
        assert [each.type for each in inline if each.type not in ("text", "html_inline")] == ["code_inline"], inline


def test_markdown_tells_totals_and_the_way_back(tmp_path: Path) -> None:
    out = ran(tmp_path, MANY)
    text = markdown(RunLog(out))
    report = facts(out)
    assert f"{report['removed_words']:,} words" in text
    assert f"Nearly the same, and kept: {report['variants']}" in text
    assert "cleaner restore" in text
    assert len(text) < 65_536


def test_markdown_fits_into_a_comment_whatever_the_run_was(tmp_path: Path) -> None:
    """65,536 characters are what GitHub takes."""
    records = [{"id": "i" * 5000, "text": VARIED.replace("river", "river" * 5000) + TWICE} for _ in range(30)]
    out = ran(tmp_path, {"a.jsonl": jsonl(*records)})
    assert len(markdown(RunLog(out))) < 65_536


def test_a_banner_does_not_swallow_the_table_behind_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "cleaner", "clean", str(SEED), "--dry-run"]
    subprocess.run([*command, "-o", str(out), "--quiet"], check=True)
    lines = markdown(RunLog(out)).split("\n")
    banner = next(n for n, line in enumerate(lines) if line.startswith("> A dry run"))
    assert lines[banner + 1] == ""
    assert lines[banner + 2].startswith("| removed")
