"""Decisions: what a person has marked is obeyed, nothing else is, and all of it can be had back."""

from __future__ import annotations

import csv
import io
import json
import pickle
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from attack.sentences import SENTENCES
from campaign import examples
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st
from typer.testing import CliRunner

from cleaner import Seen, clean
from cleaner.cli.app import app
from cleaner.cli.config import read_config
from cleaner.decisions import NONE, Decisions, is_decisions, key_of, parse
from cleaner.errors import SettingsError
from cleaner.formats.restore import restore
from cleaner.job import JobOptions, run
from cleaner.phases.article import clean_article
from cleaner.plan import by_kernels, has_kernels
from cleaner.report.counts import report
from cleaner.settings import Settings
from cleaner.types import Outcome

BRIDGE = "The bridge over the river will be closed for twelve weeks while engineers check it."
LATER = BRIDGE.replace("twelve", "fifteen")
SOONER = BRIDGE.replace("twelve weeks", "eleven days")
MILL = "Nobody in the village remembers who built the mill that stands at the end of the long road."
BOATS = "Three boats left the harbour at dawn and came back in the evening with empty nets and tired men."
HEAD = '{"cleaner": "decisions", "version": 1}'


def keep(*texts: str) -> Decisions:
    return Decisions(frozenset(map(key_of, texts)))


def remove(*pairs: tuple[str, str]) -> Decisions:
    return Decisions(removed=frozenset((key_of(text), key_of(witness)) for text, witness in pairs))


def with_marks(decisions: Decisions, **settings: Any) -> Settings:
    return Settings(decisions=decisions, **settings)


# --- the file -----------------------------------------------------------------------------------

keys = st.text("0123456789abcdef", min_size=16, max_size=16).map("x{}".format)


@st.composite
def marks(draw: st.DrawFn) -> Decisions:
    found = draw(st.lists(keys, unique=True, max_size=12))
    cut = draw(st.integers(0, len(found)))
    witnesses = st.lists(keys, max_size=2)
    return Decisions(frozenset(found[:cut]), frozenset((k, w) for k in found[cut:] for w in draw(witnesses)))


def rows_of(decisions: Decisions) -> list[tuple[str, str, str]]:
    rows = [("keep", key, "") for key in decisions.kept]
    return sorted(rows + [("remove", key, witness) for key, witness in decisions.removed])


def as_jsonl(decisions: Decisions) -> str:
    rows = [{"decision": d, "key": k, "witness": w or None, "text": "a\u2028b"} for d, k, w in rows_of(decisions)]
    return "\n".join([HEAD, *(json.dumps(row, ensure_ascii=False) for row in rows)]) + "\n"


@given(marks())
def test_what_the_report_exports_is_read_back(decisions: Decisions) -> None:
    assert parse(as_jsonl(decisions), "marks.jsonl") == decisions
    assert is_decisions(as_jsonl(decisions))


@given(
    marks(),
    st.permutations(["decision", "key", "witness_key", "text", "file"]),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\r\n", "\n"]),
    st.booleans(),
    st.sampled_from([("keep", "remove"), ("Keep", "REMOVE"), (" keep ", "remove ")]),
)
def test_what_a_spreadsheet_saves_is_read_as_it_was_filled_in(
    decisions: Decisions, columns: Sequence[str], delimiter: str, end: str, bom: bool, words: tuple[str, str]
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerow(columns)
    said = 'two\nlines, "quoted"; and\ta tab' + "x" * 200_000
    undecided = ("", "x" * 17, "")
    for decision, key, witness in [undecided, *rows_of(decisions)]:
        word = {"": "", "keep": words[0], "remove": words[1]}[decision]
        row = {"decision": word, "key": key, "witness_key": witness, "text": said, "file": "a.txt"}
        writer.writerow([row[column] for column in columns])
    data = ("\ufeff" if bom else "") + out.getvalue()
    limit = csv.field_size_limit()
    assert parse(data.encode(), "cases.csv") == decisions
    assert is_decisions(data)
    assert csv.field_size_limit() == limit, "what other code set stays"


def test_the_line_by_which_a_spreadsheet_names_its_separator_is_understood() -> None:
    key = key_of(BRIDGE)
    assert parse(f"sep=;\r\ndecision;key;witness_key\r\nkeep;{key};\r\n", "cases.csv") == keep(BRIDGE)
    assert parse(f"decision;key;witness_key\r\nkeep;{key}\r\n", "cases.csv") == keep(BRIDGE), "a cell at the end"


K, W = key_of("k"), key_of("w")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "d: is empty; export the marks from the report once more, or leave out the file"),
        ("\ufeff \r\n", "d: is empty; "),
        (b"decision,key,witness_key\nkeep,\xff,\n", "d:2: is not UTF-8; save it as CSV UTF-8"),
        (f"{HEAD}\n" + '{"decision": "drop", "key": "x"}', "d:2: the decision is 'drop'; write keep or remove"),
        (f"{HEAD}\n\n" + '{"key": "x"}', "d:3: the decision is ''; write keep or remove"),
        (f"{HEAD}\n[]", "d:2: is no object in JSON; export"),
        (f"{HEAD}\n{{", "d:2: is no object in JSON; export"),
        (f"{HEAD}\n" + "{" * 100_000, "d:2: is no object in JSON; export"),
        ('{"cleaner": "decisions", "version": 2}', "d:1: has version '2', and this cleaner reads 1; use the cleaner"),
        ('{"version": 1, "blocks": []}', 'd:1: does not begin with {"cleaner": "decisions", "version": 1}; give'),
        (f'{HEAD}\n{{"decision": "keep", "key": "x12"}}', "d:2: the key is 'x12', not x and 16 hexadecimal digits"),
        (f'{HEAD}\n{{"decision": "keep", "key": 5}}', "d:2: the key is '5', not x and 16 hexadecimal digits; export"),
        (
            f'{HEAD}\n{{"decision": "remove", "key": "{K}", "witness": null}}',
            "d:2: a text is to be removed, but witness does not say for which witness; a text goes only for one",
        ),
        (f'{HEAD}\n{{"decision": "remove", "key": "{K}", "witness": "w"}}', "d:2: witness is 'w', not x and 16"),
        (
            f'{HEAD}\n{{"decision": "keep", "key": "{K}"}}\n{{"decision": "remove", "key": "{K}", "witness": "{W}"}}',
            f"d:3: the text {K} is to be kept and to be removed (see line 2); decide for one of them",
        ),
        (
            f"decision,key,witness_key\nremove,{K},{W}\n,,\nkeep,{K},",
            f"d:4: the text {K} is to be kept and to be removed (see line 2); decide for one of them",
        ),
        ("decision,key,text\nkeep,x,\n", "d:1: has no column witness_key (there are 'decision', 'key', 'text'); keep"),
        (
            "once upon a time",
            "d:1: has no column decision (there are 'once upon a time'); keep the header of the table",
        ),
        (f'decision,key,witness_key,text\nkeep,{K},,"a\nb"\nkep,{K},,', "d:4: the decision is 'kep'; write keep"),
        (f"decision,key,witness_key\nremove,{K},\n", "d:2: a text is to be removed, but witness_key does not say for"),
        ('decision,key,witness_key\nkeep,"a', "d:2: is no CSV (unexpected end of data); save the table once more"),
        ("decision,key,witness_key\nkeep,\x1b[31m,", "d:2: the key is '\\x1b[31m', not x and 16 hexadecimal digits"),
    ],
)
def test_what_is_wrong_in_a_file_is_named_with_its_line_and_the_way_out(data: str | bytes, message: str) -> None:
    with pytest.raises(SettingsError) as error:
        parse(data, "d")
    assert str(error.value).startswith(message)
    assert str(error.value).isprintable()


def test_a_text_cannot_be_marked_both_ways_in_a_program_either() -> None:
    with pytest.raises(SettingsError, match="to be kept and to be removed"):
        Decisions(frozenset([K]), frozenset([(K, W)]))
    with pytest.raises(SettingsError, match=r"give what decisions\.parse returns"):
        Settings(decisions="marks.jsonl")  # type: ignore[arg-type]


@given(marks())
def test_settings_with_decisions_travel_and_say_in_json_how_many_they_are(decisions: Decisions) -> None:
    made = with_marks(decisions)
    assert pickle.loads(pickle.dumps(made)) == made
    assert hash(made) == hash(with_marks(Decisions(decisions.kept, decisions.removed)))
    said = json.loads(json.dumps(made.to_dict()))
    if decisions:
        marks = {"keep": len(decisions.kept), "remove": len(decisions.removed), "digest": decisions.digest}
        assert said.pop("decisions") == marks
    assert said == json.loads(json.dumps(Settings().to_dict())), "without decisions nothing is said of them"
    assert parse("\n".join([HEAD, *reversed(as_jsonl(decisions).split("\n")[1:])]), "d").digest == decisions.digest


def test_a_key_is_that_of_the_text_without_its_white_space() -> None:
    assert key_of("a  b\n c ") == key_of("a b c") != key_of("a bc")
    assert key_of("\ud800").startswith("x")


# --- one article --------------------------------------------------------------------------------


def told(outcome: Outcome) -> list[tuple[int, str]]:
    return [(v.line, v.rule) for v in outcome.variants]


def test_a_text_that_is_kept_stays_and_is_told_so() -> None:
    text = f"{BRIDGE}\n{MILL}\n{BRIDGE}\n{MILL}\n"
    (one, other) = clean(text).removed
    assert (one.key, one.witness.key, other.key) == (key_of(BRIDGE), key_of(BRIDGE), key_of(MILL))
    outcome = clean(text, with_marks(keep(BRIDGE)))
    assert outcome.text == f"{BRIDGE}\n{MILL}\n{BRIDGE}\n", "the other paragraph of the block goes as before"
    assert told(outcome) == [(3, "decided")]
    assert (outcome.variants[0].key, outcome.variants[0].witness.key) == (key_of(BRIDGE), key_of(BRIDGE))


def test_a_short_line_of_a_block_stays_where_it_is_kept() -> None:
    text = f"{BRIDGE}\nA ferry goes instead.\n{MILL}\n" * 2
    assert clean(text).text == text[: len(text) // 2]
    outcome = clean(text, with_marks(keep("A ferry goes instead.")))
    assert outcome.text == f"{text[: len(text) // 2]}A ferry goes instead.\n"
    assert told(outcome) == [(5, "decided")]


@pytest.mark.parametrize("level", ["copy", "similar"])
def test_a_kept_variant_stays_at_every_level(level: Any) -> None:
    text = f"{BRIDGE}\n{MILL}\n{LATER}\n"
    outcome = clean(text, with_marks(keep(LATER), level=level))
    assert (outcome.text, told(outcome)) == (text, [(3, "decided")])


def test_a_passage_is_kept_and_a_part_of_a_kept_paragraph_is() -> None:
    body = " ".join(SENTENCES["latin"][:4])
    text = f"{body} {SENTENCES['latin'][4]}\n\n{SENTENCES['latin'][7]} {body}\n"
    (gone,) = clean(text).removed
    assert gone.shape == "passage"
    assert gone.key == key_of(body)
    for kept in (body, f"{SENTENCES['latin'][7]} {body}"):
        outcome = clean(text, with_marks(keep(kept)))
        assert (outcome.text, told(outcome)) == (text, [(3, "decided")])


def test_a_variant_that_is_marked_goes_for_its_witness_and_the_log_says_what_differed() -> None:
    outcome = clean(f"{BRIDGE}\n{MILL}\n{LATER}\n", with_marks(remove((LATER, BRIDGE))))
    assert outcome.text == f"{BRIDGE}\n{MILL}\n"
    (gone,) = outcome.removed
    assert (gone.level, gone.rule, gone.witness.line, gone.shape) == ("similar", "decision", 1, "paragraph")
    assert [(d.name, d.here, d.witness) for d in gone.differences] == [("word", "fifteen", "twelve")]
    assert (gone.key, gone.witness.key) == (key_of(LATER), key_of(BRIDGE))


def test_a_mark_is_for_one_witness_and_no_other() -> None:
    text = f"{SOONER}\n{MILL}\n{LATER}\n"
    outcome = clean(text, with_marks(remove((LATER, BRIDGE), (SOONER, BRIDGE)), similarity=0.8))
    assert (outcome.text, told(outcome)) == (text, [(3, "differs")])


@pytest.mark.parametrize("last", [False, True])
def test_the_marked_text_goes_wherever_it_stands(last: bool) -> None:
    lines = [LATER, MILL, BRIDGE]
    text = "".join(f"{line}\n" for line in (lines[::-1] if last else lines))
    assert sorted(clean(text, with_marks(remove((LATER, BRIDGE)))).text.splitlines()) == sorted([BRIDGE, MILL])


def test_copies_of_a_marked_text_go_with_it() -> None:
    text = f"{BRIDGE}\n{MILL}\n{LATER}\n{BOATS}\n{LATER.upper()}\n"
    assert [r.line for r in clean(text).removed] == [5]
    outcome = clean(text, with_marks(remove((LATER, BRIDGE))))
    assert outcome.text == f"{BRIDGE}\n{MILL}\n{BOATS}\n"
    assert [(r.line, r.rule, r.witness.line, r.witness.key) for r in outcome.removed] == [
        (3, "decision", 1, key_of(BRIDGE)),
        (5, "decision", 1, key_of(BRIDGE)),
    ]
    assert clean(text.splitlines(), with_marks(remove((LATER, BRIDGE)))).text.split("\n\n") == [BRIDGE, MILL, BOATS]


def test_of_three_in_a_row_the_last_stays_where_the_second_goes() -> None:
    text = f"{BRIDGE}\n{MILL}\n{LATER}\n{BOATS}\n{SOONER}\n"
    decided = with_marks(remove((LATER, BRIDGE), (SOONER, LATER)), similarity=0.8)
    for lines in (text, "".join(f"{line}\n" for line in reversed(text.splitlines()))):
        outcome = clean(lines, decided)
        assert {r.key for r in outcome.removed} == {key_of(LATER)}, "what it may go for is not there any more"
        assert clean(outcome.text, decided).text == outcome.text


def test_what_a_rule_refused_goes_where_it_is_marked() -> None:
    """Rows that are equal between rows that differ are parallel; a person knows better."""
    first = [f"Line {n}: {line}" for n, line in enumerate((BRIDGE, MILL, BOATS))]
    other = [first[0].replace("twelve", "nine"), first[1], first[2].replace("Three", "Five")]
    text = "\n".join(["# One", *first, "# Two", *other]) + "\n"
    refused = [v for v in clean(text).variants if v.rule not in ("differs",)]
    assert [(v.key, v.rule) for v in refused] == [(key_of(first[1]), "parallel")]
    outcome = clean(text, with_marks(remove((first[1], first[1]))))
    assert outcome.text == "\n".join(["# One", *first, "# Two", other[0], other[2]]) + "\n"
    assert [(r.rule, r.differences) for r in outcome.removed] == [("decision", ())]


def test_what_protect_names_stays_even_so() -> None:
    text = f"{BRIDGE}\n{MILL}\n{LATER}\n"
    assert clean(text, with_marks(remove((LATER, BRIDGE)), protect=("fifteen",))).text == text


def test_in_markdown_and_html_too() -> None:
    text = f"# A\n\n{BRIDGE}\n\n{MILL}\n\n{LATER}\n\n{MILL}\n"
    outcome = clean(
        text, with_marks(Decisions(keep(MILL).kept, remove((LATER, BRIDGE)).removed)), text_format="markdown"
    )
    assert outcome.text == f"# A\n\n{BRIDGE}\n\n{MILL}\n\n{MILL}\n"
    page = f"<p>{BRIDGE}</p>\n<p>{MILL}</p>\n<p>{LATER.replace('closed', '<b>closed</b>')}</p>\n<p>{MILL}</p>\n"
    outcome = clean(page, with_marks(Decisions(keep(MILL).kept, remove((LATER, BRIDGE)).removed)), text_format="html")
    assert outcome.text == f"<p>{BRIDGE}</p>\n<p>{MILL}</p>\n<p>{MILL}</p>\n"


def test_the_stream_of_articles_keeps_what_is_kept() -> None:
    seen = Seen(settings=with_marks(keep(BRIDGE)))
    seen.add(f"{BRIDGE}\n{MILL}\n")
    assert seen.clean(f"{BRIDGE}\n{MILL}\n")[0] == f"{BRIDGE}\n"


# --- made-up articles ---------------------------------------------------------------------------

POOL = [SENTENCES["latin"][n] for n in (0, 1, 2, 3, 7)] + [SENTENCES["cyrillic"][0], SENTENCES["chinese"][0]]


def changed(line: str) -> str:
    """A variant: a figure or a word more."""
    return line.replace("25", "26") if "25" in line else line.replace(line.split()[2], line.split()[2] + "7", 1)


paragraphs = st.lists(
    st.one_of(
        st.sampled_from([each for line in POOL for each in (line, changed(line), line.upper())]),
        st.sampled_from(["Advertisement", "Photo: AFP", "# Weather", "A ferry goes instead."]),
    ),
    min_size=2,
    max_size=12,
)
OF_ARTICLES = [Settings(), Settings(level="exact"), Settings(level="similar"), Settings(keep="last")]
many = examples(150, suppress_health_check=list(HealthCheck))


def marked(outcomes: Sequence[tuple[str, str, bool]], seed: int) -> Decisions:
    """Half of what went (key, witness's key, True) is to stay, half of what stayed is to go."""
    rng = random.Random(seed)
    kept = {key for key in sorted({key for key, _, went in outcomes if went}) if rng.random() < 0.5}
    pairs = {pair for pair in sorted({(key, other) for key, other, went in outcomes if not went}) if rng.random() < 0.5}
    return Decisions(frozenset(kept), frozenset(pair for pair in pairs if pair[0] not in kept))


def found_in(outcome: Outcome) -> list[tuple[str, str, bool]]:
    found: list[tuple[str, str, bool]] = [(r.key, r.witness.key, True) for r in outcome.removed]
    return found + [(v.key, v.witness.key, False) for v in outcome.variants]


@many
@given(paragraphs, st.sampled_from(OF_ARTICLES), st.sampled_from(["\n", "\n\n"]), st.integers(0, 9))
def test_marks_are_obeyed_and_cleaning_twice_changes_nothing(
    lines: list[str], chosen: Settings, between: str, seed: int
) -> None:
    text = between.join(lines) + "\n"
    before = clean_article(text, chosen)
    decisions = marked(found_in(before), seed)
    assume(decisions)
    decided = replace(chosen, decisions=decisions)
    outcome = clean_article(text, decided)
    left = text
    for r in reversed(outcome.removed):
        left = left[: r.start] + left[r.end :]
    assert left == outcome.text, "what stays is untouched"
    assert all(r.key not in decisions.kept for r in outcome.removed)
    for line in lines:
        if key_of(line) in decisions.kept:
            assert outcome.text.split(between).count(line) + outcome.text.rstrip("\n").endswith(line) >= lines.count(
                line
            )
    gone = {r.key for r in outcome.removed}
    for v in outcome.variants:
        assert (v.key, v.witness.key) not in decisions.removed, "what may go for what stays does not stay"
        assert (v.rule == "decided") >= (v.key in decisions.kept)
    for r in outcome.removed:
        if r.rule == "decision":
            assert gone & {key for key, _ in decisions.removed}, "by a mark, or with a text that goes by one"
            assert r.level == "similar"
        assert r.witness.key == key_of(text[r.witness.start : r.witness.end])
        assert any(text[r.witness.start : r.witness.end].strip() in part for part in [outcome.text])
    # At level similar a second run takes more without decisions, too: of A, A, B, B with B like A it leaves A, B first.
    assert chosen.level == "similar" or not clean_article(outcome.text, decided).removed


@many
@given(st.lists(paragraphs, min_size=1, max_size=3), st.sampled_from(OF_ARTICLES), st.integers(0, 9))
def test_both_roads_and_any_batch_give_the_same(batch: list[list[str]], chosen: Settings, seed: int) -> None:
    if not has_kernels():
        pytest.skip("the kernels need article-cleaner[dumps]")
    texts = ["\n".join(lines) + "\n" for lines in batch]
    alone = [clean_article(text, chosen) for text in texts]
    decided = replace(chosen, decisions=marked([each for outcome in alone for each in found_in(outcome)], seed))
    assert by_kernels(texts, decided) == [clean_article(text, decided) for text in texts]


@many
@given(paragraphs, st.sampled_from(OF_ARTICLES))
def test_marks_that_fit_nothing_change_nothing(lines: list[str], chosen: Settings) -> None:
    text = "\n".join(lines)
    decided = replace(chosen, decisions=Decisions(frozenset([K]), frozenset([(W, K), (key_of(POOL[0]), K)])))
    assert clean_article(text, decided) == clean_article(text, chosen)


# --- runs ---------------------------------------------------------------------------------------


class Ran:
    """A run over records: their cleaned texts, the rows of the log, the report."""

    def __init__(
        self, folder: Path, texts: Sequence[str], decided: Settings, name: str = "out", **options: Any
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps({"id": f"a{n}", "text": text}) + "\n" for n, text in enumerate(texts)]
        self.source = folder / "in.jsonl"
        self.source.write_text("".join(lines), encoding="utf-8")
        self.out = folder / name
        options = {"workers": 1, "scope": "corpus"} | options
        result = run(JobOptions(inputs=(str(self.source),), out=self.out, **options), decided)
        self.report = report(result, decided)
        written = (self.out / "in.jsonl").read_text(encoding="utf-8").splitlines()
        self.texts = [json.loads(line)["text"] for line in written]
        self.removals, self.variants = self._log("removals"), self._log("variants")

    def _log(self, name: str) -> list[dict[str, Any]]:
        lines = (self.out / "_cleaner" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    def found(self) -> list[tuple[str, str, bool]]:
        rows = [(row, True) for row in self.removals] + [(row, False) for row in self.variants]
        return [(row["key"], row["witness"]["key"], went) for row, went in rows]

    def ways(self) -> list[tuple[str, str]]:
        return [(row["id"], row["rule"]) for row in [*self.removals, *self.variants]]


needs_kernels = pytest.mark.skipif(not has_kernels(), reason="scope corpus needs article-cleaner[dumps]")


@needs_kernels
@pytest.mark.parametrize("level", ["exact", "copy"])
def test_across_articles_a_kept_copy_stays_and_is_told_so(tmp_path: Path, level: Any) -> None:
    texts = [f"{BRIDGE}\n\n{MILL}\n", f"{BOATS}\n\n{BRIDGE}\n\n{MILL}\n"]
    ran = Ran(tmp_path, texts, with_marks(keep(BRIDGE), level=level))
    assert ran.texts == [texts[0], f"{BOATS}\n\n{BRIDGE}\n"]
    (row,) = ran.variants
    assert (row["id"], row["rule"], row["witness"]["id"]) == ("a1", "decided", "a0")
    assert (row["key"], row["witness"]["key"]) == (key_of(BRIDGE), key_of(BRIDGE))
    assert ran.report["decisions"] == {"keep": 1, "remove": 0, "kept": 1, "removed": 0, "unmet": 0}
    assert ran.removals[0]["key"] == ran.removals[0]["witness"]["key"] == key_of(MILL)


@needs_kernels
def test_across_articles_a_kept_line_of_a_block_stays(tmp_path: Path) -> None:
    text = f"{BRIDGE}\n\nA ferry goes.\n\n{MILL}\n"
    assert Ran(tmp_path, [text, text], Settings(), "plain").texts == [text, ""]
    for settings in (with_marks(keep("A ferry goes.")), Settings(protect=("ferry",))):
        assert Ran(tmp_path, [text, text], settings).texts == [text, "A ferry goes.\n"]


@needs_kernels
def test_boilerplate_that_is_kept_stays_everywhere(tmp_path: Path) -> None:
    texts = [f"{each}\n\n{BRIDGE}\n" for each in (MILL, BOATS, POOL[0])]
    options = {"boilerplate": 3, "boilerplate_drop": True}
    assert Ran(tmp_path, texts, Settings(), "plain", **options).texts == [
        f"{each}\n" for each in (MILL, BOATS, POOL[0])
    ]
    ran = Ran(tmp_path, texts, with_marks(keep(BRIDGE)), **options)
    assert ran.texts == texts
    assert ran.report["decisions"]["unmet"] == 0


@needs_kernels
@pytest.mark.parametrize("level", ["copy", "similar"])
def test_across_articles_a_kept_variant_stays_at_every_level(tmp_path: Path, level: Any) -> None:
    texts = [f"{BRIDGE}\n", f"{MILL}\n\n{LATER}\n"]
    ran = Ran(tmp_path, texts, with_marks(keep(LATER), level=level))
    assert (ran.texts, ran.ways()) == (texts, [("a1", "decided")])


SIGN = "A value x {} y is accepted by the parser in every case that the old grammar had allowed before."


@needs_kernels
@pytest.mark.parametrize(("first", "other"), [(BRIDGE, LATER), (SIGN.format("="), SIGN.format("<"))])
def test_across_articles_a_marked_variant_goes_with_its_copies(tmp_path: Path, first: str, other: str) -> None:
    texts = [
        f"{first}\n\n{MILL}\n",
        f"{BOATS}\n\n{other}\n",
        f"{POOL[1]}\n\n{other}\n",
        f"{POOL[2]}\n\n{other.upper()}\n",
    ]
    plain = Ran(tmp_path, texts, Settings(), "plain")
    assert [row["key"] for row in plain.variants] == [key_of(other)]
    ran = Ran(tmp_path, texts, with_marks(remove((other, first))))
    assert ran.texts == [texts[0], f"{BOATS}\n", f"{POOL[1]}\n", f"{POOL[2]}\n"]
    assert {(row["rule"], row["level"], row["witness"]["id"]) for row in ran.removals} == {
        ("decision", "similar", "a0")
    }
    assert all(row["differences"] for row in ran.removals)
    assert {row["witness"]["key"] for row in ran.removals} == {key_of(first)}
    assert ran.report["decisions"]["unmet"] == 0
    other_way = Ran(tmp_path, texts, with_marks(remove((other, BOATS))), "other")
    assert other_way.texts == plain.texts, "for another witness it does not go"
    assert other_way.report["decisions"]["unmet"] == 1


@needs_kernels
@pytest.mark.parametrize(("first", "other"), [(BRIDGE, LATER), (SIGN.format("="), SIGN.format("<"))])
def test_a_witness_may_stand_in_what_earlier_runs_have_seen(tmp_path: Path, first: str, other: str) -> None:
    decided = with_marks(Decisions(keep(MILL).kept, remove((other, first)).removed))
    index = tmp_path / "seen.index"
    Ran(tmp_path / "one", [f"{first}\n\n{MILL}\n"], decided, index=index)
    ran = Ran(tmp_path / "two", [f"{BOATS}\n\n{other}\n\n{MILL}\n"], decided, index=index)
    assert ran.texts == [f"{BOATS}\n\n{MILL}\n"]
    assert sorted(ran.ways()) == [("a0", "decided"), ("a0", "decision")]


@needs_kernels
@examples(25, suppress_health_check=list(HealthCheck))
@given(
    articles=st.lists(paragraphs, min_size=2, max_size=5), chosen=st.sampled_from(OF_ARTICLES), seed=st.integers(0, 9)
)
def test_across_articles_marks_are_obeyed_restored_and_done_once(
    tmp_path_factory: pytest.TempPathFactory, articles: list[list[str]], chosen: Settings, seed: int
) -> None:
    folder = tmp_path_factory.mktemp("corpus")
    texts = ["\n".join(lines) + "\n" for lines in articles]
    decisions = marked(Ran(folder, texts, chosen, "plain").found(), seed)
    assume(decisions)
    decided = replace(chosen, decisions=decisions)
    ran = Ran(folder, texts, decided)
    assert all(row["key"] not in decisions.kept for row in ran.removals)
    for line in {line for lines in articles for line in lines if key_of(line) in decisions.kept}:
        assert sum(t.split("\n").count(line) for t in ran.texts) == sum(t.split("\n").count(line) for t in texts)
    restore(ran.out, folder / "back")
    assert (folder / "back" / "in.jsonl").read_bytes() == ran.source.read_bytes()
    if chosen.level != "similar":  # where a second run may take more without marks, too: docs/design.md
        again = Ran(folder / "again", ran.texts, decided)
        assert again.texts == ran.texts


@needs_kernels
def test_workers_and_memory_change_nothing(tmp_path: Path) -> None:
    rng = random.Random(7)
    lines = [f"{line} Case {n}." for n in range(12) for line in (BRIDGE, MILL, BOATS, LATER)]
    texts = ["\n".join(rng.sample(lines, 6)) + "\n" for _ in range(150)]
    plain = Ran(tmp_path, texts, Settings(similarity=0.8), "plain")
    decided = with_marks(marked(plain.found(), 3), similarity=0.8)
    one, two = (Ran(tmp_path, texts, decided, f"w{n}", workers=n) for n in (1, 2))
    assert (one.texts, one.removals, one.variants) == (two.texts, two.removals, two.variants)
    assert {row["rule"] for row in one.removals} >= {"decision", "identical"}
    article = [Ran(tmp_path, texts, decided, f"a{n}", workers=n, scope="article") for n in (1, 2)]
    assert article[0].removals == article[1].removals


def test_a_run_within_articles_counts_what_came_of_the_marks_and_restores(tmp_path: Path) -> None:
    text = f"{BRIDGE}\n{MILL}\n{LATER}\n{MILL}\n"
    decided = with_marks(Decisions(keep(MILL, BOATS).kept, remove((LATER, BRIDGE)).removed))
    ran = Ran(tmp_path, [text], decided, scope="article")
    assert ran.texts == [f"{BRIDGE}\n{MILL}\n{MILL}\n"]
    assert ran.report["decisions"] == {"keep": 2, "remove": 1, "kept": 1, "removed": 1, "unmet": 1}
    assert json.loads((ran.out / "_cleaner" / "report.json").read_text())["decisions"] == ran.report["decisions"]
    restore(ran.out, tmp_path / "back")
    assert (tmp_path / "back" / "in.jsonl").read_bytes() == ran.source.read_bytes()
    assert "decisions" not in Ran(tmp_path, [text], Settings(), "plain", scope="article").report


def test_a_run_that_was_stopped_is_not_gone_on_with_under_other_decisions(tmp_path: Path) -> None:
    from cleaner.formats.resuming import begin, facts_of, stopped

    begin(tmp_path, facts_of([], with_marks(keep(BRIDGE)), {}), "0" * 32)
    assert stopped(tmp_path, facts_of([], with_marks(keep(BRIDGE)), {})) is not None
    with pytest.raises(SettingsError, match="the settings of the run that was stopped here were others"):
        stopped(tmp_path, facts_of([], with_marks(keep(MILL)), {}))
    assert facts_of([], Settings(), {}) == facts_of([], with_marks(NONE), {})
    assert "decisions" not in facts_of([], Settings(), {})["settings"]


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(f"{BRIDGE}\n{MILL}\n{LATER}\n{MILL}\n")
    marks = Decisions(keep(MILL, BOATS).kept, remove((LATER, BRIDGE)).removed)
    (tmp_path / "marks.jsonl").write_text(as_jsonl(marks))
    return tmp_path


def test_the_command_obeys_and_says_so(here: Path) -> None:
    found = CliRunner().invoke(app, ["find", "a.txt", "--decisions", "marks.jsonl"])
    assert found.stdout == (
        "a.txt:3: paragraph repeats line 1 (similar: decision)\n"
        "a.txt:4: paragraph is like line 2 but stays: decided so\n"
    )
    assert "by decision 1 span would be kept and 1 would be removed; 1 of 3 marks met nothing here\n" in found.stderr
    done = CliRunner().invoke(app, ["clean", "a.txt", "--decisions", "marks.jsonl"])
    assert done.stdout == f"{BRIDGE}\n{MILL}\n{MILL}\n"
    assert "by decision 1 span kept and 1 removed; 1 of 3 marks met nothing here\n" in done.stderr


def test_a_file_that_cannot_be_read_is_named(here: Path) -> None:
    done = CliRunner().invoke(app, ["find", "a.txt", "--decisions", "no\x1b.jsonl"])
    assert isinstance(done.exception, SettingsError)
    assert str(done.exception).startswith("decisions: 'no\\x1b.jsonl' cannot be read (No such file or directory); give")


def test_a_file_with_settings_names_it_as_seen_from_there(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "pyproject.toml").write_text("[tool.cleaner]\ndecisions = 'marks.jsonl'\n")
    (here / "deep").mkdir()
    monkeypatch.chdir(here / "deep")
    assert read_config().values["decisions"].facts()["keep"] == 2
    assert CliRunner().invoke(app, ["clean", "../a.txt"]).stdout == f"{BRIDGE}\n{MILL}\n{MILL}\n"
    (here / "marks.jsonl").write_text("keep")
    with pytest.raises(SettingsError, match=r"pyproject.toml: .*marks.jsonl:1: has no column decision"):
        read_config()
    (here / "pyproject.toml").write_text("[tool.cleaner]\ndecisions = 3\n")
    with pytest.raises(SettingsError, match=r"pyproject.toml: decisions is 3; give a text in quotes"):
        read_config()
