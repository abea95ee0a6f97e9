"""Reports of the check: each format can be read back, says where a finding stands, and lets no file act through it."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st

from cleaner.findings import SEVERITIES, Finding, Note, Region, Severity
from cleaner.phases.check.rules import RULES
from cleaner.report.findings import FORMATS, WITHOUT_NOTES, columns, note_lines, sarif, write
from cleaner.report.findings.findings import Findings
from cleaner.report.findings.full import diff
from cleaner.report.findings.shown import visible
from cleaner.types import Difference

HERE = Path(__file__).parent
GOLDEN = HERE / "outputs"


def region(path: str, text: str, start: int, end: int) -> Region:
    """The region of ``text[start:end]``, counted here in the plainest way."""

    def at(offset: int) -> tuple[int, int]:
        lines = text[:offset].split("\n")
        return len(lines), len(lines[-1]) + 1

    return Region(path, start, end, *at(start), *at(end))


def finding(here: Region, there: Region | None, text: str, **changes: Any) -> Finding:
    other = text[there.start : there.end] if there else ""
    plain = Finding(
        "adjacent-copy", "error", here, there, (), text[here.start : here.end], other,
        "Repeats the paragraph right above.", 8, 1.0, (), "00ff00ff", None, False,
    )  # fmt: skip
    return plain._replace(**changes)


def written(format: str, run: Findings, *, color: bool = False) -> str:
    out = StringIO()
    write(format, run, out, color=color)
    return out.getvalue()


def run_of(*findings: Finding, **more: Any) -> Findings:
    return Findings(findings, (), 1, 0, 0, 0, "/home/ü/docs", "0.1.0")._replace(**more)


def messages(format: str, text: str) -> list[str]:
    """What a machine format says of each finding, as its readers take it apart."""
    if format == "github":
        lines = [line for line in text.splitlines() if re.match("::(error|warning|notice) .*title=", line)]
        return [_unescaped(line.split("::", 2)[2]) for line in lines]
    read = json.loads(text)
    if format == "sarif":
        return [result["message"]["text"] for result in read["runs"][0]["results"]]
    if format == "gitlab":
        return [issue["description"] for issue in read]
    if format == "rdjson":
        return [diagnostic["message"] for diagnostic in read["diagnostics"]]
    return [each["message"] for each in read["findings"]]


def _unescaped(text: str) -> str:
    return re.sub("%(0A|0D|25|3A|2C)", lambda match: chr(int(match[1], 16)), text)


# --- A run by hand, as readable files ---------------------------------------------------------------------------------

PAGE = """\
# Setup

Install the tool from the package index of your system. 🎉 It needs no other package.

Install the tool from the package index of your system. 🎉 It needs no other package.

- One item of a list.

## Use

> 🎉🎉 The server answers on port 80 as soon as it has
> read its settings from the file.

The server answers on port 80 as soon as it has read the settings from the file.
"""
OTHER = "Install the tool from the package index of your system. 🎉 It needs no other package.\n"


def example() -> Findings:
    def of(words: str, path: str = "docs/set up.md", text: str = PAGE, after: int = 0) -> Region:
        start = text.index(words[:20], after)
        return region(path, text, start, text.index(words[-10:], start) + 10)

    first = of("Install the tool from other package.")
    second = of("Install the tool from other package.", after=first.end)
    quoted = of("The server answers onm the file.")
    plain = of("The server answers onm the file.", after=quoted.end)
    away = of("Install the tool from other package.", "docs/über.md", OTHER)
    return run_of(
        finding(second, first, PAGE, cut=(first.end, second.end), safe=True),
        finding(
            plain, quoted, PAGE, rule="adjacent-near", severity="warning", similarity=0.9375, key="aa",
            message="Is nearly the paragraph right above: one word differs.",
            differences=(Difference("word", "the", "its", True),),
        ),
        finding(
            first, away, PAGE, rule="across-files", severity="info", more=(second,), key="bb",
            other=OTHER[:-1], message="Stands in 2 files.",
        ),
        notes=[
            Note("docs/big.html", None, "not read: 24 MB, more than 20 MB", "split it, or leave it out with exclude"),
            Note("docs/cut.md", 7, "a fence has no end", "close it"),
            Note(None, None, "no git repository here", "give --base or leave out --new"),
        ],
        files=45, hidden=12, ignored=2, baselined=1, texts={"docs/set up.md": PAGE, "docs/über.md": OTHER},
    )  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
def test_the_example_is_written_as_the_file_beside_this_test_shows(format: str) -> None:
    told = written(format, example())
    if format == "sarif":  # what rules say is not ours
        told = json.dumps(json.loads(told)["runs"][0]["results"], indent=1, ensure_ascii=False) + "\n"
    path = GOLDEN / f"{format}.{'txt' if format in ('concise', 'full', 'github') else 'json'}"
    if os.environ.get("CLEANER_WRITE_GOLDEN"):
        path.write_text(told, encoding="utf-8")
    assert told == path.read_text(encoding="utf-8")


def test_a_run_without_findings_says_so_in_every_format() -> None:
    empty = run_of(files=3)
    assert written("concise", empty) == written("full", empty) == written("github", empty) == "no findings in 3 files\n"
    assert json.loads(written("gitlab", empty)) == []
    assert json.loads(written("rdjson", empty))["diagnostics"] == []
    assert json.loads(written("json", empty))["findings"] == []
    assert json.loads(written("sarif", empty))["runs"][0]["results"] == []


# --- For any text -----------------------------------------------------------------------------------------------------

# Lists of pieces: an alphabet of st.text gives the signs that matter here once in a thousand characters.
PIECES = [
    *"ab \n\r\t.:,%[]{}\\|;`<>&\"'üß中🎉\x1b\x07\x00\x9b\u202e\u2066\u2028\u200e\u200d\ud800\udfff\udcff\ufeff",
    *["\r\n", "\n\n", "\n> ", "::", "##[group]", "##vso[a]", "[a](1)", "{0}", "%0A", "one two three four five "],
]
pieces = st.one_of(st.sampled_from(PIECES), st.sampled_from(PIECES), st.characters(exclude_categories=[]))


def joined(parts: list[str]) -> str:
    """One text; two halves side by side are a whole character to readers of JSON, and come from no file."""
    return re.sub("[\ud800-\udbff](?=[\udc00-\udfff])", "", "".join(parts))


anything = st.lists(pieces, max_size=12).map(joined)
readable = anything.map(lambda text: re.sub("[\ud800-\udfff]", "", text))
names = st.one_of(
    st.sampled_from(
        ["a.md", "::error::x.md", "docs/a b%:,.md", "ü/中.md", "\udcff.md", "##[group]x.md", "a\nb\x1b.md"]
    ),
    st.lists(pieces, min_size=1, max_size=4).map(lambda parts: joined(parts).replace("/", "-") + ".md"),
)


@st.composite
def findings(draw: st.DrawFn, texts: dict[str, str]) -> Finding:
    def place() -> Region:
        path = draw(st.sampled_from(sorted(texts)))
        a, b = sorted(draw(st.integers(0, len(texts[path]))) for _ in range(2))
        return region(path, texts[path], a, b)

    here, there = place(), draw(st.one_of(st.none(), st.just(0)))
    witness = place() if there is not None else None
    start = draw(st.integers(0, here.start))
    end = draw(st.integers(here.end, len(texts[here.path])))
    found = finding(
        here, witness, texts[here.path],
        rule=draw(st.sampled_from([*RULES, "no-such-rule"])), severity=draw(st.sampled_from(SEVERITIES)),
        more=tuple(place() for _ in range(draw(st.integers(0, 8)))), message=draw(anything),
        key=draw(st.sampled_from(["0", "1f"])), similarity=draw(st.floats(0, 1)), safe=draw(st.booleans()),
        cut=draw(st.sampled_from([None, (start, end)])),
        differences=(Difference("word", draw(anything), draw(anything), True),),
    )  # fmt: skip
    return found._replace(other=texts[witness.path][witness.start : witness.end]) if witness else found


@st.composite
def runs(draw: st.DrawFn) -> Findings:
    texts = draw(st.dictionaries(names, st.one_of(readable, readable, anything), min_size=1, max_size=3))
    number = st.integers(0, 5)
    note = st.builds(Note, st.one_of(st.none(), names), st.one_of(st.none(), st.integers(1, 9)), anything, anything)
    return Findings(
        draw(st.lists(findings(texts), max_size=4)), draw(st.lists(note, max_size=2)),
        draw(number), draw(number), draw(number), draw(number), draw(st.sampled_from(["/", "/r", "C:\\r s"])), "0.1.0",
        draw(st.sampled_from([texts, {}])),
    )  # fmt: skip


def for_any_run(test: Callable[..., None]) -> Callable[..., None]:
    return examples(50)(given(runs())(test))


@for_any_run
def test_json_gives_every_value_back(run: Findings) -> None:
    read = json.loads(written("json", run))
    assert [back(each) for each in read["findings"]] == list(run.findings)
    assert [Note(**each) for each in read["notes"]] == list(run.notes)
    assert [read[name] for name in ("files", "hidden", "ignored", "baselined", "root")] == [
        run.files, run.hidden, run.ignored, run.baselined, run.root
    ]  # fmt: skip


def back(each: dict[str, Any]) -> Finding:
    regions = {
        "here": Region(**each["here"]),
        "there": Region(**each["there"]) if each["there"] else None,
        "more": tuple(Region(**other) for other in each["more"]),
        "differences": tuple(Difference(**difference) for difference in each["differences"]),
        "cut": tuple(each["cut"]) if each["cut"] else None,
    }
    return Finding(**each | regions)


ACTING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff]")


@pytest.mark.parametrize("format", FORMATS)
@for_any_run
def test_nothing_that_a_file_holds_acts_on_a_terminal_or_takes_part_in_a_line(format: str, run: Findings) -> None:
    told = written(format, run)
    assert not ACTING.search(told)
    told.encode("utf-8")
    if format in ("concise", "github"):
        notes = len(run.notes) + bool(run.hidden) + 1
        assert told.count("\n") == len(run.findings) + notes
    if format in ("concise", "full"):
        assert not re.search(r"##\w*\[", told)
        assert not re.search("^::", told, re.MULTILINE)


@for_any_run
def test_colours_and_links_come_with_color_only_and_change_no_letter(run: Findings) -> None:
    for format in ("concise", "full"):
        colored = written(format, run, color=True)
        assert "\x1b" not in written(format, run)
        bare = re.sub(r"\x1b\]8;;([!-~]*)\x1b\\|\x1b\[[0-9;]*m", "", colored)
        assert not ACTING.search(bare)
        if format == "concise":
            assert bare == written(format, run)
    for format in ("json", "sarif", "github", "gitlab", "rdjson"):
        assert written(format, run, color=True) == written(format, run)


@for_any_run
def test_every_line_of_the_workflow_commands_is_a_command_or_ours(run: Findings) -> None:
    lines = written("github", run).splitlines()
    for line in lines:
        if not line.startswith("::"):
            assert re.fullmatch(r"[ -~]*", line), line
    commands = [line for line in lines if ",title=" in line]
    assert len(commands) == len(run.findings)
    for severity, command in zip(
        (severity for severity in SEVERITIES for each in run.findings if each.severity == severity),
        commands,
        strict=True,
    ):
        name, properties = re.match("::(\\w+) (.*?)::", command).groups()  # type: ignore[union-attr]
        assert name == {"error": "error", "warning": "warning", "info": "notice"}[severity]
        pairs = dict(pair.split("=", 1) for pair in properties.split(","))
        assert {"file", "line", "endLine", "title"} <= pairs.keys()
        assert _unescaped(pairs["file"]) in {
            re.sub("[^\r\n]+", lambda match: visible(match[0]), each.here.path) for each in run.findings
        }


@cache
def validator(name: str) -> Any:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed: pip install '.[dev]'")
    schema = json.loads((HERE / "schemas" / name).read_text(encoding="utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


@for_any_run
def test_sarif_is_valid_by_the_schema_of_2_1_0(run: Findings) -> None:
    validator("sarif-2.1.0.json").validate(json.loads(written("sarif", run)))


def test_the_schema_refuses_a_report_with_a_column_of_nought() -> None:
    log = json.loads(written("sarif", example()))
    assert validator("sarif-2.1.0.json").is_valid(log)
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startColumn"] = 0
    assert not validator("sarif-2.1.0.json").is_valid(log)


def sliced(text: str, line: int, column: int, last_line: int, last_column: int, encoding: str, unit: int) -> str:
    """What stands at a place whose columns are counted in units of ``encoding``, ``unit`` bytes each."""
    begins = [0, *(match.end() for match in re.finditer("\n", text))]

    def offset(line: int, column: int) -> int:
        rest = text[begins[line - 1] :].encode(encoding, "surrogatepass")[: (column - 1) * unit]
        return begins[line - 1] + len(rest.decode(encoding, "surrogatepass"))

    return text[offset(line, column) : offset(last_line, last_column)]


@for_any_run
def test_places_in_sarif_are_the_finding_s(run: Findings) -> None:
    only = json.loads(written("sarif", run))["runs"][0]
    units = only["columnKind"] == "utf16CodeUnits"
    assert units == (bool(run.texts) or not run.findings)
    assert only["originalUriBaseIds"]["%SRCROOT%"]["uri"].endswith("/")
    for each, result in zip(run.findings, only["results"], strict=True):
        others = (each.there, *each.more) if each.there else each.more
        places = [*result["locations"], *result["relatedLocations"]]
        for told, place in zip((each.here, *others), places, strict=True):
            physical = place["physicalLocation"]
            assert unquote_to_bytes(physical["artifactLocation"]["uri"]) == path_bytes(told.path)
            assert re.fullmatch("[-A-Za-z0-9._~/%]+", physical["artifactLocation"]["uri"])
            of = physical["region"]
            where = (of["startLine"], of["startColumn"], of["endLine"], of["endColumn"])
            if not units:
                assert where == (told.line, told.column, told.last_line, told.last_column)
            elif not halves(run.texts[told.path]):
                assert (where[0], where[2]) == (told.line, told.last_line)
                text = run.texts[told.path]
                assert sliced(text, *where, "utf-16-le", 2) == text[told.start : told.end]


def path_bytes(path: str) -> bytes:
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "replace")


def halves(text: str) -> bool:
    """Halves of pairs may join to whole characters when they are encoded: no such text comes from a file."""
    return bool(re.search("[\ud800-\udfff]", text))


@for_any_run
def test_what_sarif_and_rdjson_take_out_is_the_cut(run: Findings) -> None:
    results = json.loads(written("sarif", run))["runs"][0]["results"]
    diagnostics = json.loads(written("rdjson", run))["diagnostics"]
    for each, result, diagnostic in zip(run.findings, results, diagnostics, strict=True):
        text = run.texts.get(each.here.path)
        assert ("fixes" in result) == ("suggestions" in diagnostic) == (each.cut is not None and text is not None)
        if each.cut is None or text is None or halves(text):
            continue
        (suggestion,) = diagnostic["suggestions"]
        assert suggestion["text"] == ""
        a, b = suggestion["range"]["start"], suggestion["range"]["end"]
        cut = sliced(text, a["line"], a["column"], b["line"], b["column"], "utf-8", 1)
        assert cut == text[slice(*each.cut)]
        if json.loads(written("sarif", run))["runs"][0]["columnKind"] == "utf16CodeUnits":
            of = result["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"]
            where = (of["startLine"], of["startColumn"], of["endLine"], of["endColumn"])
            assert sliced(text, *where, "utf-16-le", 2) == text[slice(*each.cut)]


@for_any_run
def test_rdjson_is_valid_and_counts_bytes_from_one(run: Findings) -> None:
    read = json.loads(written("rdjson", run))
    validator("rdjson.json").validate(read | {"diagnostics": [d | {"message": "m"} for d in read["diagnostics"]]})
    for each, diagnostic in zip(run.findings, read["diagnostics"], strict=True):
        place = diagnostic["location"]["range"]
        text = run.texts.get(each.here.path)
        if text is None:
            assert "column" not in place["start"] | place["end"]
        elif not halves(text):
            a, b = place["start"], place["end"]
            told = sliced(text, a["line"], a["column"], b["line"], b["column"], "utf-8", 1)
            assert told == text[each.here.start : each.here.end]


@for_any_run
def test_fingerprints_tell_equal_findings_of_a_file_apart_and_no_line_counts(run: Findings) -> None:
    issues = json.loads(written("gitlab", run))
    prints = [issue["fingerprint"] for issue in issues]
    assert len(set(prints)) == len(prints)
    results = json.loads(written("sarif", run))["runs"][0]["results"]
    places = [
        (result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], result["ruleId"], *own.items())
        for result in results
        for own in [result["partialFingerprints"]]
    ]
    assert len(set(places)) == len(places)
    moved = [each._replace(here=each.here._replace(line=each.here.line + 7)) for each in run.findings]
    assert [issue["fingerprint"] for issue in json.loads(written("gitlab", run._replace(findings=moved)))] == prints


@for_any_run
def test_a_finding_keeps_its_fingerprint_where_others_come_and_go(run: Findings) -> None:
    more = [each._replace(key="another", here=each.here._replace(start=0)) for each in run.findings]
    later = run._replace(findings=[*more, *run.findings])
    for read in (
        lambda run: [issue["fingerprint"] for issue in json.loads(written("gitlab", run))],
        lambda run: [
            result["partialFingerprints"] for result in json.loads(written("sarif", run))["runs"][0]["results"]
        ],
    ):
        assert read(later)[len(more) :] == read(run)


@pytest.mark.parametrize("format", ["sarif", "gitlab", "rdjson"])
@for_any_run
def test_strict_readers_of_json_find_no_half_of_a_pair(format: str, run: Findings) -> None:
    json.dumps(json.loads(written(format, run)), ensure_ascii=False).encode("utf-8")


@for_any_run
def test_gitlab_gets_the_fields_that_it_needs(run: Findings) -> None:
    for each, issue in zip(run.findings, json.loads(written("gitlab", run)), strict=True):
        assert issue.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] == {"error": "major", "warning": "minor", "info": "info"}[each.severity]
        lines = issue["location"]["lines"]
        assert lines["begin"] == each.here.line <= lines["end"] <= each.here.last_line


@given(anything)
def test_brackets_and_braces_of_a_message_are_text_in_sarif(message: str) -> None:
    here = region("a.md", "one\n\ntwo\n", 5, 8)
    there = region("a.md", "one\n\ntwo\n", 0, 3)
    (told,) = messages("sarif", written("sarif", run_of(finding(here, there, "one\n\ntwo\n", message=message))))
    *_, link = re.finditer(r"(?<!\\)\[((?:\\.|[^\[\]\\])*)\]\((\d+)\)", told)
    assert link.groups() == ("line 1", "1")
    stop = "." if told.endswith(").") else ""
    body = told[: link.start()].removesuffix(" (also ") + stop
    assert "{" not in body.replace("{{", "")
    plain = re.sub(r"\\([\\\[\]])", r"\1", body).replace("{{", "{").replace("}}", "}")
    assert plain == visible(message)


@given(anything, anything)
def test_a_word_diff_holds_both_texts(first: str, second: str) -> None:
    steps = diff(first, second)
    if not steps:
        assert spaced(first) == spaced(second)
        return
    assert spaced("".join(step.equal or step.first for step in steps)) == spaced(first)
    assert spaced("".join(step.equal or step.second for step in steps)) == spaced(second)


def spaced(text: str) -> str:
    return re.sub(r"\s*[\r\n][\s>]*|\s+", " ", text)


def test_a_word_diff_marks_the_words_that_differ_and_few_others() -> None:
    text = "One two three four five six seven eight nine ten.\n\nOne two three four five six seven eight nine TEN."
    here, there = region("a.md", text, 51, len(text)), region("a.md", text, 0, 49)
    told = written("full", run_of(finding(here, there, text)))
    assert "differs: … six seven eight nine [-ten-]{+TEN+}.\n" in told


def test_a_word_diff_of_chinese_is_by_character() -> None:
    assert [(s.first, s.second) for s in diff("部长昨天辞职", "部长今天辞职") if not s.equal] == [("昨", "今")]


# --- Limits -----------------------------------------------------------------------------------------------------------


def many(number: int, severity: Severity = "warning", message: str = "Is a copy.") -> list[Finding]:
    here = Region("a.md", 0, 1, 1, 1, 1, 2)
    return [finding(here, None, "x", severity=severity, message=message) for _ in range(number)]


def test_sarif_leaves_out_the_least_grave_where_github_would_refuse_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 5)
    run = run_of(*many(4, "info"), *many(4, "error"))
    only = json.loads(written("sarif", run))["runs"][0]
    assert [result["level"] for result in only["results"]] == ["note", *["error"] * 4]
    told = [each["message"]["text"] for each in only["invocations"][0]["toolExecutionNotifications"]]
    assert told == ["3 findings left out: GitHub takes 5 and 10 MB; --format json has all"]


def test_sarif_stays_below_the_size_that_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_BYTES", 20_000)
    monkeypatch.setattr(sarif, "RULES", {})
    noise = [finding(Region("a.md", 0, 1, 1, 1, 1, 2), None, "x", message=os.urandom(500).hex()) for _ in range(99)]
    told = written("sarif", run_of(*noise))
    assert len(gzip.compress(told.encode())) <= 20_000
    assert 5 < len(json.loads(told)["runs"][0]["results"]) < 99


def test_sarif_gives_a_thousand_places_of_a_finding_and_says_so() -> None:
    place = Region("a.md", 0, 1, 1, 1, 1, 2)
    run = run_of(finding(place, place, "x", more=(place,) * 2_000))
    only = json.loads(written("sarif", run))["runs"][0]
    (result,) = only["results"]
    assert len(result["locations"]) + len(result["relatedLocations"]) == 1_000
    assert result["message"]["text"].endswith(" and 1,996 more).")
    assert "first 1,000" in only["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_the_github_log_says_where_github_shows_less_than_it_holds() -> None:
    assert "GitHub shows" not in written("github", run_of(*many(10), *many(10, "error")))
    told = written("github", run_of(*many(11), *many(3, "error"))).splitlines()
    assert [line.split(" ")[0] for line in told[:14]] == ["::error"] * 3 + ["::warning"] * 11
    assert told[14] == "note: 11 warnings; GitHub shows 10 of each beside the lines, this log has them all"


def test_a_long_list_of_places_is_cut_in_a_line_and_whole_in_json() -> None:
    place = Region("a.md", 0, 1, 1, 1, 1, 2)
    more = tuple(place._replace(line=line) for line in range(2, 40))
    run = run_of(finding(place, None, "x", more=more))
    assert "(also lines 2, 3, 4, 5 and 6 and 33 more)." in written("concise", run)
    assert len(json.loads(written("json", run))["findings"][0]["more"]) == 38


def test_long_texts_are_cut_in_the_full_report_and_it_says_so() -> None:
    line = "one two three four five six\n"
    text = f"{line * 500}seven\n{line * 500}eight"
    there, here = region("a.md", text, 0, len(line) * 500 + 5), region("a.md", text, len(line) * 500 + 6, len(text))
    told = written("full", run_of(finding(here, there, text)))
    assert told.count("| one two") == 40
    assert told.count("... 481 more lines; --format json has all") == 2
    assert "differs: not shown for more than 10,000 characters; --format json names the differences" in told


# --- What is not a finding --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_notes_and_hidden_findings_are_told_in_the_format_or_beside_it(format: str) -> None:
    told = written(format, example())
    lines = note_lines(example())
    beside = lines if format in WITHOUT_NOTES else [told]
    assert any("a fence has no end" in each for each in beside)
    assert any("12" in each for each in beside)


def test_rules_say_all_that_github_asks_of_them() -> None:
    rules = json.loads(written("sarif", run_of()))["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    for rule in rules:
        for field in ("shortDescription", "fullDescription"):
            assert 0 < len(rule[field]["text"]) <= 1024, rule["id"]
        assert RULES[rule["id"]].silence in rule["help"]["text"]
        assert RULES[rule["id"]].cure in rule["help"]["markdown"]


LOADED = """
import sys
from io import StringIO
from cleaner.findings import Finding, Region
from cleaner.report.findings import write
from cleaner.report.findings.findings import Findings
here = Region("a.md", 0, 1, 1, 1, 1, 2)
found = Finding("adjacent-copy", "error", here, here, (), "x", "x", "m", 1, 1.0, (), "0")
write(sys.argv[1], Findings([found], [], 1, 0, 0, 0, "/r", "0"), StringIO(), color=True)
print(*sys.modules)
"""


@pytest.mark.parametrize("format", FORMATS)
def test_a_format_loads_itself_and_no_other(format: str) -> None:
    run = subprocess.run([sys.executable, "-c", LOADED, format], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    loaded = set(run.stdout.split())
    own = f"cleaner.report.findings.{FORMATS[format]}"
    shared = {"concise"} if format == "full" else set()
    others = {f"cleaner.report.findings.{name}" for name in {*FORMATS.values()} - {FORMATS[format]} - shared}
    assert own in loaded
    assert loaded.isdisjoint(others | {"rich", "typer", "numpy", "rapidfuzz", "urllib.parse"})


def test_utf16_columns_count_a_pair_twice_and_bytes_four_times() -> None:
    assert columns.utf16("a🎉b") == 4
    assert columns.utf8("a🎉b") == 6


def places_of(lines: Sequence[str]) -> list[str]:
    return [line.split(" ")[0] for line in lines]


def test_a_line_of_the_concise_format_is_what_editors_jump_by() -> None:
    told = written("concise", example()).splitlines()
    assert places_of(told[:3]) == ["docs/set", "docs/set", "docs/set"]
    assert re.fullmatch(r"docs/set up\.md:5:1: error adjacent-copy: Repeats .* \(also line 3\)\.", told[0])
