"""Records in CSV and TSV: read as the csv module reads them, changed in their bytes alone."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import marked
import pytest
import toy
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st

from cleaner.formats import delimited
from cleaner.formats.delimited import Delimited
from cleaner.formats.dialect import content, head_of, split, syntax, unquoted, whole_row
from cleaner.formats.fields import NoText
from cleaner.formats.restore import Only, restore
from cleaner.formats.work import Clean, Events, InternalError, Work
from cleaner.job import JobOptions, run
from cleaner.settings import Settings

LINE = "Un texte assez long pour sortir.\n"
TWICE = LINE + "Une autre phrase, elle aussi longue.\n" + LINE
ONCE = TWICE.removesuffix(LINE)
FIX = "the row is left as it was: correct it, or leave it out"
GIVE = "left as it is: give --text-field, by name or by number"
REST = "what follows is left as it was: correct it"


class Case:
    """A run over one table, of which problems are kept; what was written is always restored, too."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[str] = []

    def clean(self, data: str | bytes, name: str = "a.csv", clean: Clean = toy.clean, **options: object) -> bytes:
        folder = self.root / "in"
        folder.mkdir(exist_ok=True)
        whole = data if isinstance(data, bytes) else data.encode()
        (folder / name).write_bytes(whole)
        events = Events(problem=lambda problem: self.problems.append(str(problem).replace(f"{folder}/", "")))
        self.result = run(
            JobOptions((str(folder / name),), self.root / "out", workers=1, **options),  # type: ignore[arg-type]
            Settings(),
            clean,
            events=events,
        )
        restore(self.root / "out", self.root / "back")
        assert (self.root / "back" / name).read_bytes() == whole
        return (self.root / "out" / name).read_bytes()


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def in_module(data: str, delimiter: str = ",") -> list[list[str]]:
    """Rows as the csv module reads them, blank lines left out."""
    return [row for row in csv.reader(io.StringIO(data, newline=""), delimiter=delimiter) if row]


TABLES = st.lists(st.sampled_from(['"', '"', ",", ",", "\n", "\r\n", "\r", "a", "é", "\0", '""', " ", "\u2028"])).map(
    "".join
)


@given(TABLES)
@examples(1000)
def test_rows_and_fields_end_where_the_csv_module_ends_them(data: str) -> None:
    raw = data.encode()
    pattern = syntax(",", True)
    end = pattern.rows.match(raw)
    assert end is not None
    at, rows = 0, []
    while at < len(raw):
        match = pattern.row.match(raw, at)
        if match is None:
            break
        start, stop = content(raw, match.span())
        rows += [raw[start:stop]] if start < stop else []
        at = match.end()
    if at < len(raw):
        assert len(in_module(data)) == len(rows) + 1, "an open quote: the module takes the rest as one row"
    known = in_module(data)[: len(rows)]
    assert [len(split(row, ",", True)) for row in rows] == list(map(len, known))
    for row, fields in zip(rows, known, strict=True):
        spans = split(row, ",", True)
        if whole_row(",", True, len(spans), ()).fullmatch(row) is not None:
            assert [unquoted(row[slice(*span)], True) for span in spans] == fields


@pytest.mark.parametrize(
    ("head", "delimiter", "quotes", "names"),
    [
        ("id,text\n1,a; b; c\n", ",", True, ("id", "text")),
        ("id;text\n1;a, b, c\n", ";", True, ("id", "text")),
        ("id|text\n1|a, b\n", "|", True, ("id", "text")),
        ("id\ttext\n1\ta, b\n", "\t", True, ("id", "text")),
        ('"a,b";"c"\n1;2\n', ";", True, ("a,b", "c")),
        ("id, title;text\n1;a\n", ";", True, ("id, title", "text")),
        ("text\nHello, world\nAnd more\n", ";", True, ("text",)),
        ("sep=;\r\nid,a;text\r\n1;2\r\n", ";", True, ("id,a", "text")),
        ('\ufeff"id",text\n', ",", True, ("id", "text")),
        ("\n\nid,text\n", ",", True, ("id", "text")),
        ('"two\nlines",text\n', ",", True, ("two\nlines", "text")),
        ('id\ttext\n1\t"Open\n2\tshut"\n', "\t", False, ("id", "text")),
        ('id\ttext\n1\t"a ""b"""\n', "\t", True, ("id", "text")),
        ("", ",", True, ()),
    ],
)
def test_the_head_tells_how_a_table_is_written(head: str, delimiter: str, quotes: bool, names: tuple[str, ...]) -> None:
    assert head_of(head.encode(), whole=True, tab=False) == (delimiter, quotes, names)


def test_tsv_has_tabs_whatever_else_is_in_it() -> None:
    assert head_of(b"id,a\ttext,b\n1\t2\n", whole=True, tab=True) == ("\t", True, ("id,a", "text,b"))


@pytest.mark.parametrize(
    ("head", "reason", "words"),
    [
        (b'"id,text\n1,2\n', "broken quotes", "its first row does not end"),
        (b'id,"te"xt\n1,2\n', "broken quotes", "text behind a closing quote in its first row"),
        ("id,text\n1,é\n2,à\n".encode("latin-1"), "not UTF-8", "not in UTF-8 (line 2)"),
        ("id,text\n".encode("utf-16"), "not UTF-8", "CSV in UTF-16"),
        ("id,text\n".encode("utf-16-le"), "not UTF-8", "CSV in UTF-16"),
    ],
)
def test_a_table_that_cannot_be_read_is_copied_and_told(case: Case, head: bytes, reason: str, words: str) -> None:
    assert case.clean(head) == head
    (problem,) = case.problems
    assert problem.startswith("a.csv: ")
    assert words in problem
    assert case.result.tally.skipped == {reason: 1}
    assert not case.result.failed


@pytest.mark.parametrize(
    ("row", "said", "reason"),
    [
        ("1,2", "2 fields where the first row has 3", "wrong number of fields"),
        ("1", "1 field where the first row has 3", "wrong number of fields"),
        ("1,2,3,4", "4 fields where the first row has 3", "wrong number of fields"),
        ('1,"a" b,3', "text behind a closing quote (a quote inside a field is written twice)", "broken quotes"),
        ('1,2,"a \\"b\\" c"', "text behind a closing quote (a quote inside a field is written twice)", "broken quotes"),
    ],
)
def test_an_odd_row_is_left_alone_and_the_others_are_cleaned(case: Case, row: str, said: str, reason: str) -> None:
    good, clean = f'x,"{TWICE}",y\n', f'x,"{ONCE}",y\n'
    assert case.clean(f"id,text,n\n{good}{row}\n{good}").decode() == f"id,text,n\n{clean}{row}\n{clean}"
    assert case.problems == [f"a.csv:6: {said}; {FIX}"]
    assert case.result.tally.skipped == {reason: 1}


def test_a_row_that_is_not_utf8_is_left_alone_where_others_are(case: Case) -> None:
    good, bad = f'é,"{TWICE}"\n'.encode(), b'1,"caf\xe9"\n'
    assert case.clean(b"id,text\n" + good + bad + good) == b"id,text\n" + good.replace(
        TWICE.encode(), ONCE.encode()
    ) + bad + good.replace(TWICE.encode(), ONCE.encode())
    assert case.problems == [f"a.csv:6: a byte (0xe9) that is not UTF-8; {FIX}"]


def test_what_is_not_utf8_in_another_column_stays_as_it_is(case: Case) -> None:
    data = f'é;"{TWICE}";'.encode() + b"\xe9\n"
    assert case.clean(b"id;text;n\n" + data) == b"id;text;n\n" + data.replace(TWICE.encode(), ONCE.encode())
    assert not case.problems


@pytest.mark.parametrize("batch", [10, 1 << 20])
def test_all_behind_a_quote_that_is_never_closed_is_left_alone(
    case: Case, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "BATCH", batch)
    good = f'1,"{TWICE}"\n'
    assert case.clean(f'id,text\n{good}2\n3,"a\nb\n{good}').decode().startswith(f'id,text\n1,"{ONCE}"\n2\n3,"a\nb\n')
    assert case.problems[0] == f"a.csv:6: 1 field where the first row has 2; {FIX}"
    rest = f'"a\nb",x,"c\nd,{TWICE}'
    assert case.clean(f"id,text\n{good}{rest}").decode() == f'id,text\n1,"{ONCE}"\n{rest}'
    assert case.problems[-1] == f"a.csv:7: a quote that is never closed; {REST}"


def test_the_first_row_may_be_cut_off_too(case: Case) -> None:
    assert case.clean(f'id,text\n1,"{TWICE}"').decode() == f'id,text\n1,"{ONCE}"'
    assert not case.problems


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (
            "body",
            f"no column 'body'; {GIVE}; the columns here: 'id', 'title', 'id'",
        ),
        (
            "title,body",
            f"no column 'body'; {GIVE}; the columns here: 'id', 'title', 'id'",
        ),
        ("id", "two columns are called 'id'; left as it is: rename one of them"),
        ("4", "no column 4: there are 3; left as it is: give --text-field"),
    ],
)
def test_a_column_that_is_not_there_is_answered_with_those_that_are(case: Case, field: str, said: str) -> None:
    data = f"id,title,id\n1,{LINE}2,3\n" * 3
    assert case.clean(data, text_field=field).decode() == data
    assert case.problems == [f"a.csv: {said}"]
    assert case.result.tally.skipped == {"no text field": 1}


def test_a_table_without_header_is_not_printed(case: Case) -> None:
    case.clean(f'1,"{TWICE}"\n')
    shown = "'1', 'Un texte assez long pour sortir.\\nUne au…'"
    said = f"no column 'text'; {GIVE}; the columns here: {shown}"
    assert case.problems == [f"a.csv: {said}"]


def test_columns_may_be_given_by_number_where_there_is_no_header(case: Case) -> None:
    row, clean = f'a;"{TWICE}"\n', f'a;"{ONCE}"\n'
    assert case.clean(row * 2, text_field="2", id_field="1").decode() == clean * 2
    assert case.result.tally.articles == 2, "the first row is a record"
    restore(case.root / "out", case.root / "one", Only("a.csv", id="a"))
    assert (case.root / "one" / "a.csv").read_text() == row * 2, "both have this id"
    named = f'2;1\nx;"{TWICE}"\n'
    assert case.clean(named, text_field="1").decode() == named.replace(TWICE, ONCE), "unless a column is called so"
    assert case.result.tally.articles == 1


def test_several_columns_are_one_article(case: Case) -> None:
    data = f'id,title,body\n1,{LINE[:-1]},"{TWICE}"\n'
    assert case.clean(data, text_field="title,body").decode() == data.replace(TWICE, TWICE.replace(LINE, ""))
    assert case.clean(data, text_field="body, title").decode() == f'id,title,body\n1,,"{ONCE}"\n'


def test_a_header_with_spaces_around_its_names_is_understood(case: Case) -> None:
    data = f'id , text\n1,"{TWICE}"\n'
    assert case.clean(data).decode() == data.replace(TWICE, ONCE)


def test_fields_may_be_long(case: Case) -> None:
    """The csv module refuses more than 131,072 characters unless it is told otherwise, and must be left as it was."""
    limit = csv.field_size_limit()
    body = "".join(f"Ligne {number} de ce long texte.\n" for number in range(20_000))
    data = f'id,text\n1,"{body}Ligne 7 de ce long texte.\n"\n'
    assert case.clean(data).decode() == f'id,text\n1,"{body}"\n'
    assert csv.field_size_limit() == limit


def test_a_bare_field_gets_quotes_where_what_is_left_of_it_needs_them(case: Case) -> None:
    rows = 'id,text\n1,⟦a ⟧"b" c⟦d⟧\n2,⟦all⟧\n'
    assert case.clean(rows, clean=marked.clean).decode() == 'id,text\n1,"""b"" c"\n2,\n'
    two = 'id,text\n⟦a⟧"b",⟦c⟧d⟦e⟧\n'
    assert case.clean(two, clean=marked.clean, text_field="id,text").decode() == 'id,text\n"""b""",d\n'
    assert case.clean("text\n⟦all⟧\nb\n", clean=marked.clean).decode() == 'text\n""\nb\n', "a blank line is no row"
    assert case.clean('text\n"⟦all⟧"\nb\n', clean=marked.clean).decode() == 'text\n""\nb\n'
    assert not case.problems


def test_tsv_without_quotes_keeps_them_as_letters(case: Case) -> None:
    data = 'id\ttext\n1\t"Open ⟦and\n2\tshut" ⟦x⟧ "\n3\t⟦"⟧"\n'
    output = case.clean(data, "a.tsv", marked.clean)
    assert output.decode() == 'id\ttext\n1\t"Open ⟦and\n2\tshut"  "\n3\t"\n'
    assert not case.problems


def test_a_quoted_field_of_tsv_with_tabs_and_lines_is_left_alone(case: Case) -> None:
    """Its quotes may be letters of two rows: nothing is taken out of what may be several articles."""
    good = f'x\t"{TWICE}"\n'
    odd = f'1\t"{LINE}2\t{LINE}3\t"\n'
    output = case.clean(f"id\ttext\n{good}{odd}", "a.tsv").decode()
    assert output == f"id\ttext\n{good.replace(TWICE, ONCE)}{odd}"
    said = "a quoted field of TSV with tabs and line ends in it, perhaps no field at all"
    assert case.problems == [f"a.tsv:6: {said}; {FIX}"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(case: Case, end: str) -> None:
    rows: list[dict[str, int]] = []
    data = end.join(["id,text", f'"a{end}b",x', "", "c", f'd,"{TWICE}"', ""])
    (case.root / "a.csv").write_bytes(data.encode())
    run(
        JobOptions((str(case.root / "a.csv"),), dry_run=True),
        Settings(),
        toy.clean,
        events=Events(removal=rows.append, problem=lambda problem: case.problems.append(str(problem.line))),
    )
    assert case.problems == ["5"]
    assert [(row["line"], row["record"]) for row in rows] == [(6, 3)]


def test_a_row_that_reads_otherwise_than_it_must_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Delimited(",", True, ("id", "text"))
    monkeypatch.setattr(delimited, "_size", lambda text, quoted: len(text.encode()))
    with pytest.raises(InternalError, match="the changed row is not the row with only its text changed"):
        table.splice(b'1,"a ""b"" c"', Work(toy.clean, Settings()), [(2, 5)], "x")


def test_a_table_is_cut_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "BATCH", 10_000)
    taken = given = 0

    def read():  # type: ignore[no-untyped-def]
        nonlocal taken
        yield b"id,text\n"
        for _ in range(3000):
            taken += 1
            yield b'1,"' + b"a\n" * 500 + b'"\r\n'

    for batch in Delimited(",", True, ("id", "text")).batches(read(), "x"):
        given += len(batch.data)
        assert taken * 1006 - given < 21_000


@pytest.mark.parametrize("names", [("id",), ()])
def test_an_id_is_found_where_there_is_a_column_of_it(names: tuple[str, ...]) -> None:
    table = Delimited(",", True, (*names, "text"))
    assert table.identity(b'"a ""b""",x', "id") == ('a "b"' if names else None)


def test_no_column_is_no_text() -> None:
    with pytest.raises(NoText, match="no column 'x'"):
        delimited.columns_of(("a",), "x", "id", header=True)
