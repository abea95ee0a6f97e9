"""A preview: a share of the articles of each input, what would go from them, and what the whole would take."""

from __future__ import annotations

import io
import json
import os
import random
import re
import subprocess
import sys
import tarfile
import threading
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reported import CLEANER
from test_mediawiki import HEAD, page
from toy import clean
from written import Written, json_array, json_lines, table

from cleaner.cli.run import Screen
from cleaner.cli.sample import lines, sample_run
from cleaner.errors import SettingsError
from cleaner.formats import sampling as of
from cleaner.formats.compression import compressed
from cleaner.formats.files import Format, Source
from cleaner.formats.reading import BATCH
from cleaner.formats.record_formats import reader_for
from cleaner.formats.sampling import Sampling
from cleaner.formats.steps import Records
from cleaner.formats.tally import Tally
from cleaner.formats.thinning import LEAST, Part, pieces_of
from cleaner.formats.work import Events, Problem, Work
from cleaner.job import JobOptions, run
from cleaner.report.counts import RunResult
from cleaner.report.sample import estimate, report
from cleaner.settings import Settings

ROOT = Path(__file__).parent.parent
LINE = "A line that is long enough to be found by the cleaner where it stands twice in an article.\n"
WORDS = ["".join(random.Random(n).choices("abcdefghiklmnoprstu", k=7)) for n in range(3000)]


def text(number: int, twice: bool = False) -> str:
    words = random.Random(number).choices(WORDS, k=40)
    return f"{number} {' '.join(words)}\n" + LINE * (2 if twice else 1)


def dump(records: int, every: int = 10) -> bytes:
    """Lines, of which one in ``every`` says something twice."""
    rows = ({"id": number, "text": text(number, number % every == 0)} for number in range(records))
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


class Sampled:
    """A sample that was taken, with what was told meanwhile."""

    def __init__(self, inputs: list[Path | str], share: float = 0.1, cleaner: Any = clean, **options: Any) -> None:
        names = tuple(map(str, inputs))
        self.options = JobOptions(names, **{"workers": 1, "dry_run": True} | options)
        self.sampling = Sampling(share, names, self.options.text_field)
        self.problems: list[Problem] = []
        self.texts: list[str] = []
        events = Events(problem=self.problems.append)
        self.cleaner = cleaner
        self.result: RunResult = run(self.options, Settings(), self._clean, events=events, sampling=self.sampling)

    def _clean(self, texts: Any, settings: Settings, text_format: str = "plain") -> Any:
        self.texts += texts
        return self.cleaner(texts, settings, text_format)

    def part(self) -> Part:
        (part,) = self.sampling.parts
        return part

    def said(self) -> list[str]:
        return lines(self.sampling, estimate(self.sampling, self.options, self.result.seconds), self.options)


def written(path: Path, data: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


# --- which articles are chosen ----------------------------------------------------------------------

FORMATS: dict[Format, st.SearchStrategy[Written]] = {
    "json": json_array(),
    "jsonl": json_lines(),
    "csv": table(","),
    "tsv": table("\t"),
}


@pytest.mark.parametrize("format", FORMATS)
@given(data=st.data())
def test_any_records_can_be_left_out_and_the_others_are_as_they_were(format: Format, data: Any) -> None:
    whole = data.draw(FORMATS[format]).before()
    known, reader = reader_for(format, whole, whole=True)
    work = Work(clean, Settings(), "title,text")
    for number, batch in enumerate(reader.batches([whole], "f")):
        if not batch.records:
            continue
        step = Records(Source("f", "f"), known, "", "plain", not number, True, batch.data, reader)
        pieces = pieces_of(step, work.text_field)
        before = reader.read(step.data, "f", work, first=step.first).texts
        assert b"".join(piece for _, piece in pieces) == step.data
        assert sum(record for record, _ in pieces) == len(before)
        kept = data.draw(st.lists(st.booleans(), min_size=len(before), max_size=len(before)))
        stays = iter(kept)
        left = b"".join(piece for record, piece in pieces if not record or next(stays))
        after = reader.read(left, "f", work, first=step.first)
        assert after.texts == [text for text, stay in zip(before, kept, strict=True) if stay]
        assert not after.problems


def test_pages_of_a_wiki_can_be_left_out_and_the_names_stay() -> None:
    from cleaner.formats.transcoding import batches, lines_of

    texts = [f"[[Kategorija:X]] Page {number} of them." for number in range(5)]
    xml = HEAD + "".join(page(each, str(n), id=n) for n, each in enumerate(texts)) + "</mediawiki>"
    (batch,) = batches("mediawiki", [xml.encode()])
    step = Records(
        Source("f", "f"), "mediawiki", "", "plain", True, True, batch, reader_for("jsonl", b"", whole=True)[1]
    )
    pieces = pieces_of(step, "text")
    assert b"".join(piece for _, piece in pieces) == batch
    stays = iter([False, True, False, True, False])
    left = b"".join(piece for record, piece in pieces if not record or next(stays))
    assert [json.loads(line)["text"] for line in lines_of("mediawiki", left, "f").data.splitlines()] == [
        "Page 1 of them.", "Page 3 of them.",
    ]  # fmt: skip


def test_about_the_share_is_chosen_from_all_of_a_file_and_the_same_each_time(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", dump(40_000))  # several steps of 4 MB
    one, two = Sampled([path]), Sampled([path], workers=2, cleaner=clean)
    chosen = [int(each.split()[0]) for each in one.texts]
    assert 3800 < len(chosen) < 4200
    assert chosen == sorted(chosen)
    for tenth in range(10):
        assert 330 < sum(tenth * 4000 <= number < (tenth + 1) * 4000 for number in chosen) < 470
    assert one.part().tally.to_dict() == two.part().tally.to_dict()
    assert (one.part().articles, one.part().whole) == (40_000, True)


def test_each_article_is_cleaned_as_it_stands(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl.gz", compressed(dump(2000), "gz"))
    sampled = Sampled([path], share=0.3)
    assert all(each == text(number, number % 10 == 0) for each in sampled.texts for number in [int(each.split()[0])])
    twice = sum(each.count(LINE) == 2 for each in sampled.texts)
    assert sampled.part().tally.changed == twice > 20


def test_all_is_chosen_where_the_share_is_all(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", dump(300))
    whole = run(JobOptions((str(path),), dry_run=True, workers=1), Settings(), clean)
    assert Sampled([path], share=1.0).part().tally.to_dict() == whole.tally.to_dict()


@pytest.mark.parametrize(
    ("records", "least", "most"), [(40, 40, 40), (100, 100, 100), (2000, 75, 130), (9000, 75, 130)]
)
def test_of_each_file_about_a_hundred_are_looked_at_or_all(tmp_path: Path, records: int, least: int, most: int) -> None:
    path = written(tmp_path / "a.jsonl", dump(records))
    assert least <= Sampled([path], share=0.0001).part().tally.articles <= most


def test_of_a_large_file_a_hundred_are_taken_too(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl.zst", compressed(dump(60_000), "zst"))  # steps of 12,000 records
    part = Sampled([path], share=0.0001).part()
    assert 50 <= part.tally.articles <= 250
    assert part.articles == 60_000


def test_of_the_files_of_a_folder_a_share_is_read_but_a_hundred_of_each(tmp_path: Path) -> None:
    for number in range(2000):
        written(tmp_path / "in" / f"{number}.txt", text(number, number % 10 == 0))
    sampled = Sampled([tmp_path / "in"])
    assert sampled.part().tally.articles == 200 == len(set(sampled.texts))
    assert 10 <= sampled.part().tally.changed <= 32
    assert Sampled([tmp_path / "in"], share=0.001).part().tally.articles == LEAST
    assert sampled.part().name == str(tmp_path / "in")
    unread = next(each for each in range(2000) if text(each, each % 10 == 0) not in sampled.texts)
    (tmp_path / "in" / f"{unread}.txt").write_bytes(b"\0\0\0\0")  # a problem, if it were read
    assert not Sampled([tmp_path / "in"]).problems


def test_folders_in_a_folder_are_looked_at_each_by_itself_unless_there_are_many(tmp_path: Path) -> None:
    for folder in ("a", "b/deep/deeper"):
        for number in range(150):
            written(tmp_path / "in" / folder / f"{number}.txt", text(number))
    written(tmp_path / "in" / "c.txt", text(1))
    parts = {Path(part.name).name: part.tally.articles for part in Sampled([tmp_path / "in"]).sampling.parts}
    assert parts == {"a": 100, "b": 100, "c.txt": 1}
    for folder in range(30):
        written(tmp_path / "in" / f"d{folder}" / "x.txt", text(folder))
    assert Sampled([tmp_path / "in"]).part().files == 331


def test_files_given_by_name_are_those_of_their_folder(tmp_path: Path) -> None:
    paths: list[Path | str] = [written(tmp_path / f"{number}.md", text(number)) for number in range(150)]
    assert Sampled(paths).part().name == str(tmp_path)
    assert Sampled(paths[:1]).part().name == str(paths[0])


def test_members_of_archives_are_chosen(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(1000):
            archive.writestr(f"{number}.txt", text(number, number % 10 == 0))
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as tar:
        for number in range(1000):
            info = tarfile.TarInfo(f"{number}.txt")
            info.size = len(data := text(number, number % 10 == 0).encode())
            tar.addfile(info, io.BytesIO(data))
        info = tarfile.TarInfo("z.jsonl")
        info.size = len(data := dump(1000))
        tar.addfile(info, io.BytesIO(data))
    sampled = Sampled([tmp_path / "a.zip", tmp_path / "b.tar.gz"], share=0.2)
    one, other = sampled.sampling.parts
    assert 240 < one.tally.articles < 320
    assert 400 < other.tally.articles < 560
    assert (one.articles, other.articles) == (1000, 2000)
    assert all(each == text(number, number % 10 == 0) for each in sampled.texts for number in [int(each.split()[0])])


def test_rows_of_parquet_are_chosen(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"text": [text(number) for number in range(3000)]}), tmp_path / "a.parquet")
    part = Sampled([tmp_path / "a.parquet"]).part()
    assert 240 < part.tally.articles < 360
    assert (part.articles, part.whole) == (3000, True)


# --- how much is read -------------------------------------------------------------------------------


def test_of_a_large_compressed_file_the_beginning_is_read_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines_ = [json.dumps({"text": f"{n} {random.Random(n).randbytes(300).hex()}"}) + "\n" for n in range(60_000)]
    path = written(tmp_path / "a.jsonl.gz", compressed("".join(lines_).encode(), "gz"))  # 38 MB, 21 of them packed
    monkeypatch.setattr(of, "PACKED_REACH", 4 << 20)
    sampled = Sampled([path], share=0.01)
    part = sampled.part()
    assert not part.whole
    assert 3 << 20 < part.read < 8 << 20
    assert part.articles < 30_000
    assert 400 < part.tally.articles < 800  # one in a hundred of the whole
    assert 54_000 < (part.all_articles or 0) < 66_000
    said = sampled.said()
    assert f"{path}: the sample is from its first " in said[-1], said
    assert "~" in next(line for line in sampled.said() if line.endswith(str(path)) and "first" not in line)


def test_a_share_that_is_more_than_the_beginning_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.jsonl.gz", compressed(dump(60_000), "gz"))
    monkeypatch.setattr(of, "PACKED_REACH", 1)
    part = Sampled([path], share=0.6).part()
    assert part.read >= 0.6 * path.stat().st_size
    assert 0.5 < part.tally.articles / 60_000 < 0.75


def test_standard_input_is_read_to_its_end_but_nothing_is_said_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    large = dump(30_000).replace(b"stands twice", b"stands " * 200)  # 3,000 records in the first step
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(large)))
    sampled = Sampled(["-"], share=0.001, format="jsonl")
    assert 100 < sampled.part().tally.articles < 180  # a hundred, and of the rest the share
    assert sampled.part().growth is None
    assert "how much the whole is, is not known: an input has no size" in sampled.said()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_has_no_size_either(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    writer = threading.Thread(target=lambda: (tmp_path / "a.txt").write_text(text(1)))
    writer.start()
    said = Sampled([tmp_path / "a.txt"]).said()
    writer.join()
    assert said[3].split()[:2] == ["1", "1"]
    assert "how much the whole is, is not known: an input has no size" in said


# --- what is said -----------------------------------------------------------------------------------


def test_what_is_said_of_a_sample(tmp_path: Path) -> None:
    for number in range(500):
        written(tmp_path / "pages" / f"{number}.txt", text(number))
    written(tmp_path / "news.jsonl", dump(5000))
    sampled = Sampled([tmp_path / "news.jsonl", tmp_path / "pages"], workers=2, cleaner=clean)
    sampled.result.seconds.update(read=0.1, clean=0.2)  # whatever it took here
    sampled.sampling.seconds = 0.0
    said = [line.replace(str(tmp_path), "") for line in sampled.said()]
    assert said[:2] == ["a sample: 10.0% of the articles, and 100 or more of each input; nothing is written", ""]
    header, news, pages, total = (line.split() for line in said[2:6])
    assert header == ["articles", "of", "words", "would", "go", "changed", "variants", "input"]
    assert news[1:2] + news[-1:] == ["5,000", "/news.jsonl"]
    assert 2.3 < float(news[3].rstrip("%")) < 3.4  # 17 words in one of ten articles of 60
    assert pages == ["100", "500", "6,000", "nothing", "0", "0", "/pages"]
    assert total[1:2] + total[-3:] == ["5,500", "all", "of", "them"]
    assert said[6] == ""
    assert re.fullmatch(r"the whole: about [\d,]+ words, of which about 2\.\d% would go", said[7])
    assert said[8].startswith("it would take a few seconds with 2 processes, ")
    assert said[9:] == [
        "estimated from the time, memory and space that the sample took, by bytes; writing to the disk comes on top"
    ]


def test_the_columns_stand_under_their_names(tmp_path: Path) -> None:
    written(tmp_path / "a.jsonl", dump(500))
    written(tmp_path / "b.jsonl", dump(50))
    table = Sampled([tmp_path / "a.jsonl", tmp_path / "b.jsonl"]).said()[2:6]
    names = ["input", str(tmp_path), str(tmp_path), "all"]
    assert len({line.index(name) for line, name in zip(table, names, strict=True)}) == 1


def test_few_findings_are_called_few(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", dump(4000, every=1000))
    said = " ".join(Sampled([path], share=0.5).said())
    assert "rests on" in said
    assert "a larger sample says it better" in said
    none = " ".join(Sampled([written(path, dump(4000, every=5000))], share=0.03).said())
    assert "of which nothing would go as far as the sample says; a larger one may find something" in none


def test_where_more_would_go_than_is_allowed_it_is_said(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", dump(60))
    more = "more than the 1.0% that --max-removed allows: nothing would be written"
    assert more in " ".join(Sampled([path], max_removed=0.01).said())
    assert "--max-removed" not in " ".join(Sampled([path], max_removed=0.5).said())


def test_quiet_says_nothing_but_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "a.jsonl", dump(20) + b"{\n")
    assert sample_run(JobOptions((str(path),), workers=1), Settings(), Screen(quiet=True), 1.0) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.json", "a.txt.gz"])
def test_empty_inputs_are_no_trouble(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name, compressed(b"", "gz") if name.endswith("gz") else b"")
    Sampled([path]).said()
    folder = tmp_path / "nothing"
    folder.mkdir()
    assert Sampled([folder]).said() == ["no article was found in the sample"]


def test_what_was_looked_at_whole_is_no_guess(tmp_path: Path) -> None:
    said = " ".join(Sampled([written(tmp_path / "a.jsonl", dump(60))]).said())
    assert "would go" in said
    assert "rests on" not in said
    assert "~" not in said


def test_many_inputs_are_twenty_lines_the_rest_summed(tmp_path: Path) -> None:
    for number in range(30):
        written(tmp_path / f"{number:02}.jsonl", dump(10, every=5 if number == 17 else 100))
    said = Sampled([tmp_path]).said()
    table = said[3 : said.index("", 3)]
    assert len(table) == 21
    assert table[0].endswith("17.jsonl")  # the one with the most to go
    assert table[-2].split()[-3:] == ["11", "other", "inputs"]
    assert table[-1].split()[:2] + table[-1].split()[-3:] == ["300", "300", "all", "of", "them"]
    counted = [int(line.split()[0].replace(",", "")) for line in table]
    assert sum(counted[:-1]) == counted[-1]


def test_scope_corpus_says_its_caveat_and_its_scratch_space(tmp_path: Path) -> None:
    pytest.importorskip("numba")
    path = written(tmp_path / "a.jsonl", dump(3000))
    sampled = Sampled([path], share=0.2, scope="corpus")
    said = sampled.said()
    assert said[-1].startswith("repeats across articles grow with what is compared: of the whole more would go ")
    assert any(" of scratch space (" in line and " free there)" in line for line in said)
    found = estimate(sampled.sampling, sampled.options, sampled.result.seconds)
    assert found is not None
    assert path.stat().st_size < found.scratch < 8 * path.stat().st_size
    assert sampled.part().tally.articles == len([1 for _ in range(sampled.part().tally.articles)]) > 500


def test_names_of_inputs_cannot_act_on_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path / "a\x1b[31m.jsonl", dump(20))
    sample_run(JobOptions((str(path),)), Settings(), Screen(), 0.5)
    assert "a\\u001b[31m.jsonl" in capsys.readouterr().out


# --- the estimate -----------------------------------------------------------------------------------


def a_sampling(workers: int = 2, **part: Any) -> Sampling:
    sampling = Sampling(0.1, ())
    facts = {"size": 1000, "read": 1000, "articles": 100, "made": 4000, "looked_at": 400}
    sampling.parts.append(Part("a", files=1, **facts | part))
    sampling.workers = workers
    return sampling


OPTIONS = JobOptions(("a",))


def seconds_of(sampling: Sampling, options: JobOptions = OPTIONS, **seconds: float) -> float:
    found = estimate(sampling, options, {"read": 0.0, "clean": 0.0} | seconds)
    assert found is not None
    return found.seconds


def test_time_grows_with_the_bytes_and_workers_share_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    assert seconds_of(a_sampling(1), clean=3.0) == 30
    assert seconds_of(a_sampling(1), clean=3.0, read=2.0) == 32  # it was all read
    assert seconds_of(a_sampling(1, read=500, made=2000), clean=3.0, read=2.0) == 34
    assert seconds_of(a_sampling(4), clean=4.0) == 2 + 10
    assert seconds_of(a_sampling(4), clean=4.0, read=50.0) == 2 + 50  # reading goes on beside it


def test_packing_counts_where_it_is_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    sampling = a_sampling(1, compression="bz2")
    sampling.packed["bz2"] = 40, 2.0
    assert seconds_of(sampling) == 4000 / 40 * 2


def test_what_choosing_took_is_no_part_of_a_whole_run() -> None:
    sampling = a_sampling(1)
    sampling.seconds = 5.0
    assert seconds_of(sampling, read=7.0) == 2


def test_scope_corpus_adds_up_its_passes() -> None:
    sampling = a_sampling(1)
    options = replace(OPTIONS, scope="corpus")
    assert seconds_of(sampling, options, read=1.0, decide=2.0, clean=3.0) == 1 + 20 + 30


def test_words_of_each_input_grow_by_its_own_share() -> None:
    sampling = a_sampling(tally=Tally(articles=10, words=100, removed_words=50))
    sampling.parts.append(
        Part("b", folder=True, files=8, size=800, read=400, articles=8, looked_at=400, tally=Tally(words=300))
    )
    found = estimate(sampling, OPTIONS, {"read": 0.0, "clean": 0.0})
    assert found is not None
    assert (found.words, found.removed_words, found.articles) == (1000 + 600, 500, 108)
    assert found.expanded == 4000 + 800


def test_an_estimate_of_real_inputs_is_near_the_truth(tmp_path: Path) -> None:
    data = dump(20_000)
    path = written(tmp_path / "a.jsonl.gz", compressed(data, "gz"))
    whole = run(JobOptions((str(path),), dry_run=True, workers=1), Settings(), clean).tally
    sampled = Sampled([path], share=0.05)
    found = estimate(sampled.sampling, sampled.options, sampled.result.seconds)
    assert found is not None
    assert found.articles == 20_000
    assert abs(found.expanded / len(data) - 1) < 0.01
    assert abs(found.words / whole.words - 1) < 0.05
    assert abs(found.removed_words / whole.removed_words - 1) < 0.35


# --- what goes wrong --------------------------------------------------------------------------------


def test_a_problem_is_told_once_for_its_reason_without_a_line_and_all_are_counted(tmp_path: Path) -> None:
    broken = b"".join(b"{broken\n" if number % 2 else line for number, line in enumerate(dump(400).splitlines(True)))
    sampled = Sampled([written(tmp_path / "a.jsonl", broken)], share=1.0)
    (problem,) = sampled.problems
    assert (problem.reason, problem.line, problem.file) == ("broken JSON", None, str(tmp_path / "a.jsonl"))
    assert "of the sample left as they are: 200 (200 broken JSON)" in sampled.said()


def test_a_wrong_field_is_told_with_the_fields_there_are(tmp_path: Path) -> None:
    sampled = Sampled([written(tmp_path / "a.jsonl", dump(40))], text_field="body")
    assert "the fields here: 'id', 'text'" in str(sampled.problems[0])
    assert sampled.said() == [
        "no article was found in the sample", "of the sample left as they are: 40 (40 no text field)",
    ]  # fmt: skip
    table = written(tmp_path / "b.csv", "id,words\n" + "1,x\n" * 40)
    assert "'words'" in str(Sampled([table]).problems[0])


def test_damage_and_missing_inputs_are_failures_and_the_others_are_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = written(tmp_path / "a.jsonl", dump(40))
    cut = written(tmp_path / "b.jsonl.gz", compressed(dump(400), "gz")[:-20])
    missing = str(tmp_path / "c.txt")
    code = sample_run(JobOptions((str(good), str(cut), missing), workers=1), Settings(), Screen(), 0.5)
    said = capsys.readouterr()
    assert code == 2
    assert f"{cut}: " in said.err
    assert f"{missing}: no such file or folder" in said.err
    assert str(good) in said.out


def test_what_stands_in_a_file_where_no_record_can_be_told_apart_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", b"id,text\n1,one\n2,two\n" + b'3,"never closed\n' + b"4,x\n" * 9)
    sampled = Sampled([path], share=1.0)
    assert [problem.reason for problem in sampled.problems] == ["broken quotes"]
    assert sampled.part().tally.articles == 2


@pytest.mark.parametrize("share", [0.0, -0.1, 1.5])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(SettingsError, match="give a share above 0"):
        Sampling(share, ())


def test_strict_stops_at_the_first_problem(tmp_path: Path) -> None:
    sampled = Sampled([written(tmp_path / "a.jsonl", b"{\n" * 10), written(tmp_path / "b.jsonl", b"{\n")], strict=True)
    assert sampled.result.stopped
    assert len(sampled.problems) == 1


# --- the command ------------------------------------------------------------------------------------


def command(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    line = [*CLEANER, "clean", *arguments]
    return subprocess.run(line, cwd=cwd, env=environment, capture_output=True, check=False)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("more", [["-o", "out"], ["--in-place"], ["--scope", "corpus", "--index", "seen", "-o", "out"]])
def test_nothing_is_written(tmp_path: Path, more: list[str]) -> None:
    if "corpus" in more:
        pytest.importorskip("numba")
    written(tmp_path / "in" / "a.jsonl", dump(300))
    written(tmp_path / "in" / "b.txt", text(1, twice=True))
    before = tree(tmp_path)
    done = command("in", "--sample", "20%", *more, cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""
    assert done.stdout.decode().splitlines()[-1]
    assert tree(tmp_path) == before
    assert not (tmp_path / "out").exists()


def test_as_json_the_same(tmp_path: Path) -> None:
    written(tmp_path / "a.jsonl", dump(1000))
    done = command("a.jsonl", "--sample", "0.2", "--json", cwd=tmp_path)
    facts = json.loads(done.stdout)
    assert done.stderr == b""
    assert facts["share"] == 0.2
    (part,) = facts["inputs"]
    assert part["input"] == "a.jsonl"
    assert (part["all_articles"], part["all_articles_counted"], part["bytes"]) == (1000, True, part["bytes_read"])
    assert 150 < part["articles"] == facts["sample"]["articles"] < 250
    assert set(facts["estimate"]) == {
        "articles", "words", "removed_words", "removed_share", "expanded", "seconds", "workers", "memory", "scratch",
        "free", "how",
    }  # fmt: skip


@pytest.mark.parametrize(("share", "problem"), [("1", "write it like 20% or 0.2"), ("0", "above 0"), ("x", "write it")])
def test_a_wrong_share_is_one_line_and_exit_2(tmp_path: Path, share: str, problem: str) -> None:
    written(tmp_path / "a.txt", text(1))
    done = command("a.txt", "--sample", share, cwd=tmp_path)
    assert done.returncode == 2
    assert problem in done.stderr.decode()
    assert len(done.stderr.splitlines()) == 1


def test_json_of_an_input_without_a_size_has_no_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(dump(200))))
    sampled = Sampled(["-"], format="jsonl")
    facts = report(sampled.sampling, None, sampled.result, Settings())
    assert facts["estimate"] is None
    assert facts["inputs"][0]["all_articles"] is None


def test_a_batch_is_no_larger_for_being_joined(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", dump(60_000))
    sizes: list[int] = []

    def sized(texts: Any, settings: Settings, text_format: str = "plain") -> Any:
        sizes.append(sum(map(len, texts)))
        return clean(texts, settings, text_format)

    Sampled([path], share=0.5, cleaner=sized)
    assert len(sizes) > 1
    assert max(sizes) < 2 * BATCH
