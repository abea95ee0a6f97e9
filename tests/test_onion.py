"""onion's measure: the share of a paragraph's 5-grams that stood before, exact however the work is cut."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st

from cleaner.formats.reading import line_batches
from cleaner.formats.work import Events
from cleaner.job import JobOptions, run
from cleaner.phases.layout import SPLITTERS, read_spans
from cleaner.report.counts import RunResult
from cleaner.settings import Settings

pytest.importorskip("numba", reason="onion's measure needs article-cleaner[dumps]")

import numpy as np

from cleaner.corpus import onion
from cleaner.corpus.onion import alone, grams_of, put_grams, ranges
from cleaner.kernels import hashing
from cleaner.kernels.ngrams import BITS, BUCKETS, SIZE, Seen, ngrams, parted

A = "The council voted on Monday to repair the old bridge over the river before the winter comes."
B = "Nobody in the village remembers who built the mill that stands at the end of the long road."
WORDS = st.sampled_from(["the", "The", "old", "mill", "of", "bridge", "Brücke", "1", "中", "😀", "&amp;", "<b>x</b>"])
LINES = st.one_of(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), st.sampled_from([A, B, "***", "- - -"]))
TEXTS = st.lists(st.lists(LINES, max_size=6).map("\n\n".join), min_size=1, max_size=12)
KEYS = st.lists(st.integers(0, hashing.MASK64), min_size=1, max_size=12)


def specified(texts: Sequence[str], *, within: bool = False, text_format: str = "plain") -> list[list[list[Any]]]:
    """Rows for texts in reading order, by a set of n-grams that were seen; ``within``: in the text itself."""
    seen, found = set[tuple[str, ...]](), []
    for text in texts:
        if within:
            seen = set()
        spans = SPLITTERS[text_format](text)[0]
        keyed = read_spans(text, spans)
        rows: list[list[Any]] = []
        for p, (start, end) in enumerate(spans):
            keys = list(keyed.keys[keyed.layout.first[p] : keyed.layout.first[p + 1]])
            grams = [tuple(keys[k : k + 5]) for k in range(max(1, len(keys) - 4))]
            before = 0
            for gram in grams:
                before += gram in seen
                seen.add(gram)
            rows.append([start, end, round(before / len(grams), 4)])
        found.append(rows)
    return found


def hashed(keys: Sequence[int]) -> int:
    """The specification of an n-gram's hash."""
    found = len(keys) * hashing.GOLDEN & hashing.MASK64
    for key in keys:
        found = (found ^ key) * hashing.XX_2 & hashing.MASK64
        found ^= found >> 32
    return hashing.fmix64(found) or 1


def marked(hashes: Iterable[int]) -> list[int]:
    seen = set[int]()
    return [int(each in seen or seen.add(each) is not None) for each in hashes]


def put(folder: Path, texts: Sequence[str], name: str = "in.jsonl") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    rows = ({"id": n, "text": text, "at": -n} for n, text in enumerate(texts))
    data = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    path = folder / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def annotated(*inputs: Path, said: list[str] | None = None, **options: Any) -> RunResult:
    """A run with onion's measure, into ``out`` beside the first input."""
    options = {"workers": 1, "scope": "corpus", "annotate": "onion", "out": inputs[0].parent / "out"} | options
    events = Events(problem=lambda each: said.append(str(each)) if said is not None else None)
    return run(JobOptions(inputs=tuple(map(str, inputs)), **options), Settings(), events=events)


def batches(read: Iterable[bytes], size: int, file: str = "") -> Iterator[bytes]:
    """``line_batches`` in batches as small as they can be."""
    return line_batches((piece[k : k + 40] for piece in read for k in range(0, len(piece), 40)), size, file)


def rows_of(path: Path, field: str = "cleaner_onion") -> list[Any]:
    return [json.loads(line)[field] for line in (path.parent / "out" / path.name).open(encoding="utf-8")]


# --- kernels ------------------------------------------------------------------------------------


@given(st.lists(KEYS, max_size=8))
def test_hashes_are_those_of_plain_python(paragraphs: list[list[int]]) -> None:
    keys = np.array([key for keys in paragraphs for key in keys], dtype=np.uint64)
    hashes, owners = ngrams(keys, np.cumsum([0, *map(len, paragraphs)], dtype=np.int64))
    wanted = [
        (hashed(keys[k : k + SIZE]), p) for p, keys in enumerate(paragraphs) for k in range(max(1, len(keys) - 4))
    ]
    assert list(zip(hashes.tolist(), owners.tolist(), strict=True)) == wanted


HASHES = st.lists(st.integers(1, 9).map(lambda n: hashing.fmix64(n)) | st.integers(1, 9), max_size=60)


@given(HASHES)
def test_buckets_hold_all_in_their_order(hashes: list[int]) -> None:
    own = np.arange(len(hashes), dtype=np.int32)
    found, owners, begins = parted(np.array(hashes, dtype=np.uint64), own)
    wanted = sorted(range(len(hashes)), key=lambda k: hashes[k] >> (64 - BITS))
    assert owners.tolist() == wanted
    assert found.tolist() == [hashes[k] for k in wanted]
    for k, each in enumerate(found.tolist()):
        assert begins[each >> (64 - BITS)] <= k < begins[(each >> (64 - BITS)) + 1]
    assert (begins[0], begins[BUCKETS]) == (0, len(hashes))


@given(HASHES, st.integers(1, 9), st.sampled_from([0, 100]))
def test_seen_is_what_was_met_before_also_when_the_table_grows(hashes: list[int], cut: int, room: int) -> None:
    seen, given_ = Seen(room), np.array(hashes, dtype=np.uint64)
    marks = [mark for k in range(0, len(hashes), cut) for mark in seen.mark(given_[k : k + cut]).tolist()]
    assert marks == marked(hashes)


def test_a_table_grows_with_what_is_in_it() -> None:
    seen, hashes = Seen(0, ranked=True), np.arange(1, 1000, dtype=np.uint64)
    for k in range(0, 999, 9):
        seen.rank(hashes[k : k + 9], np.full(9, 5, dtype=np.int64))
    seen.rank(hashes, np.full(999, 3, dtype=np.int64))
    assert seen.mark_by_rank(hashes, np.full(999, 5, dtype=np.int64)).all()
    assert not seen.mark_by_rank(hashes, np.full(999, 3, dtype=np.int64)).any()


@given(st.lists(HASHES, max_size=6), st.randoms())
def test_by_rank_it_is_as_if_articles_came_in_that_order(articles: list[list[int]], random: Any) -> None:
    ranks = list(range(len(articles)))
    random.shuffle(ranks)
    order = sorted(range(len(articles)), key=ranks.__getitem__)
    wanted = iter(marked(each for k in order for each in articles[k]))
    marks = {k: [next(wanted) for _ in articles[k]] for k in order}
    seen = Seen(0, ranked=True)
    arrays = [
        (np.array(each, dtype=np.uint64), np.full(len(each), rank)) for each, rank in zip(articles, ranks, strict=True)
    ]
    for each in arrays:
        seen.rank(*each)
    assert [seen.mark_by_rank(*each).tolist() for each in arrays] == [marks[k] for k in range(len(articles))]


# --- shares -------------------------------------------------------------------------------------


@given(TEXTS, st.sampled_from(["plain", "markdown"]))
def test_within_an_article_shares_are_those_of_a_set_of_ngrams(texts: list[str], text_format: str) -> None:
    assert alone(texts, text_format) == specified(texts, within=True, text_format=text_format)


@examples(25)
@given(TEXTS, st.sampled_from([1, 7, 300]), st.sampled_from([60, 400, 1 << 22]))
def test_across_articles_they_are_too_however_many_ranges_and_steps(texts: list[str], parts: int, size: int) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("cleaner.formats.jsonl.line_batches", partial(batches, size=size))
        patch.setattr(onion, "ranges", lambda total, room: parts)
        path = put(Path(folder), texts)
        annotated(path)
        assert rows_of(path) == specified(texts)
        annotated(path, order_by=("at",))
        assert rows_of(path) == specified(texts[::-1])[::-1]


@pytest.mark.parametrize("parts", [1, 7])
@pytest.mark.parametrize("order_by", [(), ("at",)])
def test_two_workers_give_what_one_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: int, order_by: tuple[str, ...]
) -> None:
    texts = [f"{A if n % 3 else B}\n\nline {n % 7} of the {n % 5} old mill {n}\n\n***\n" for n in range(60)]
    monkeypatch.setattr(onion, "ranges", lambda total, room: parts)
    assert len(list(batches([json.dumps(texts).encode().replace(b",", b"\n")], 700))) > 5
    found = []
    for workers, size in [(1, 1 << 22), (2, 700)]:
        monkeypatch.setattr("cleaner.formats.jsonl.line_batches", partial(batches, size=size))
        path = put(tmp_path / f"{workers}", texts)
        annotated(path, workers=workers, order_by=order_by)
        found.append((path.parent / "out" / path.name).read_bytes())
    assert found[0] == found[1]
    assert rows_of(path) == (specified(texts[::-1])[::-1] if order_by else specified(texts))


def test_several_files_are_one_corpus_and_other_formats_count_too(tmp_path: Path) -> None:
    one, two = put(tmp_path, [A], "a.jsonl"), put(tmp_path, [B, f"{A}\n\n{B}"], "b.jsonl")
    (tmp_path / "a.csv").write_text(f"id,text\n1,{B}\n")
    said = list[str]()
    result = annotated(tmp_path / "a.csv", one, two, said=said)
    assert rows_of(one) == [[[0, len(A), 0.0]]]
    assert rows_of(two) == [[[0, len(B), 1.0]], [[0, len(A), 1.0], [len(A) + 2, len(A) + 2 + len(B), 1.0]]]
    assert result.failed == 1
    assert "CSV has no place for a field beside the text; to have onion's measure of it, make it JSONL" in said[0]


def test_what_goes_within_an_article_is_measured_where_it_stands(tmp_path: Path) -> None:
    text = f"{A}\n\n{B}\n\n{A}\n"
    path = put(tmp_path, [text, A])
    result = annotated(path)
    assert result.tally.paragraphs == 4
    rows, (last,) = rows_of(path)
    assert [text[a:b] for a, b, _ in rows] == [A, B, A]
    assert [share for _, _, share in [*rows, last]] == [0.0, 0.0, 1.0, 1.0]


@pytest.mark.parametrize("scope", ["article", "corpus"])
def test_nothing_else_of_a_record_changes(tmp_path: Path, scope: Any) -> None:
    path = put(tmp_path, [f"{A}\n\n{A}", "", "***"])
    annotated(path, scope=scope, annotate_field="x", measures=True)
    for before, line in zip(path.open(), (path.parent / "out" / path.name).open(), strict=True):
        assert line.startswith(before.rstrip("}\n"))
        assert set(json.loads(line)) == {"id", "text", "at", "x_onion", "x_measures"}
    assert [[share for *_, share in rows] for rows in rows_of(path, "x_onion")] == [[0.0, 1.0], [], [0.0]]


def test_a_short_paragraph_is_one_ngram_and_never_part_of_a_longer_one(tmp_path: Path) -> None:
    path = put(
        tmp_path, ["one two three four five six", "one two three four", "one two three four five", "ONE two", "one two"]
    )
    annotated(path)
    assert [rows[0][2] for rows in rows_of(path)] == [0.0, 0.0, 1.0, 0.0, 1.0]


def test_of_pages_the_words_are_measured_and_places_are_those_of_the_source() -> None:
    page = f"<html><body><h1>Old mill</h1><p>{A}</p><p>A <b>b</b></p><p>{A}</p></body></html>"
    (rows,) = alone([page], "html")
    assert [page[a:b] for a, b, _ in rows] == ["Old mill", A, "A <b>b", A]
    assert [share for *_, share in rows] == [0.0, 0.0, 0.0, 1.0]


@pytest.mark.parametrize("scope", ["article", "corpus"])
def test_a_dump_of_pages_comes_out_measured(tmp_path: Path, scope: Any) -> None:
    revision = f"<revision><id>2</id><text>{A}\n\n{B}\n\n{A}</text></revision>"
    page = f"<page><title>T</title><ns>0</ns><id>1</id>{revision}</page>"
    dump = tmp_path / "d.xml"
    dump.write_text(f'<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/">{page}</mediawiki>')
    annotated(dump, scope=scope, format="mediawiki")
    (file,) = (path for path in (tmp_path / "out").iterdir() if path.is_file())
    record = json.loads(file.read_bytes())
    assert record["cleaner_onion"] == specified([record["text"]])[0]
    assert [share for *_, share in record["cleaner_onion"]] == [0.0, 0.0, 1.0]


def test_what_an_unreadable_file_said_is_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleaner.formats.jsonl.line_batches", partial(batches, size=100))
    noise = [Random(n).randbytes(3000).hex() for n in range(1000)]
    broken = put(tmp_path, [A, *noise], "a.jsonl.gz")
    broken.write_bytes(broken.read_bytes()[:-8])
    other = put(tmp_path, [A, A], "b.jsonl")
    counted = list[int]()
    monkeypatch.setattr(onion, "put_grams", lambda *each: (counted.append(each[0]), put_grams(*each)))
    result = annotated(broken, other)
    assert len(counted) > 10, "some of it was read before it turned out to be unreadable"
    assert (result.failed, result.files) == (1, 1)
    assert [rows[0][2] for rows in rows_of(other)] == [0.0, 1.0]


def test_a_record_that_has_the_field_keeps_it(tmp_path: Path) -> None:
    path = put(tmp_path, [A])
    line = json.dumps({"text": A, "cleaner_onion": 1}) + "\n"
    path.write_text(line + path.read_text())
    said = list[str]()
    annotated(path, said=said)
    assert rows_of(path) == [1, [[0, len(A), 1.0]]]
    assert "the record has a field 'cleaner_onion' already" in said[0]


def test_no_articles_are_no_trouble(tmp_path: Path) -> None:
    path = put(tmp_path, [])
    path.write_text('{"id": 1}\n')
    annotated(path, order_by=("at",))
    assert (path.parent / "out" / path.name).read_text() == '{"id": 1}\n'


def test_ranges_follow_from_memory_and_the_number_of_ngrams() -> None:
    assert ranges(0, 10) == ranges(10, 10) == 1
    assert ranges(11, 10) == 2
    assert ranges(10**9, 10**7) > 100
    assert ranges(10**12, 10) == BUCKETS


def test_runs_without_it_do_nothing_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cleaner.corpus.onion", None)
    path = put(tmp_path, [A, A])
    annotated(path, annotate="spans")
    assert rows_of(path, "cleaner")[1]["removed"] == [[0, len(A)]]


@pytest.mark.parametrize("scope", ["article", "corpus"])
def test_without_numba_the_command_is_named_and_nothing_is_written(tmp_path: Path, scope: str) -> None:
    path = put(tmp_path, [A])
    flags = ["clean", str(path), "-o", str(tmp_path / "out"), "--annotate", "onion", "--scope", scope]
    code = f"import sys; sys.modules['numba'] = None; sys.argv[1:] = {flags}; from cleaner.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert "pip install 'article-cleaner[dumps]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out" / path.name).exists()


def test_all_ngrams_of_a_text_belong_to_its_paragraphs() -> None:
    grams = grams_of([A, "", "one two"])
    assert grams.first.tolist() == [0, 1, 1, 2]
    assert np.bincount(grams.owners).tolist() == [len(A.split()) - 4, 1]
