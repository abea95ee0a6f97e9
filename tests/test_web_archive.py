"""WARC and WET files: whole records are found whatever is broken around them, and pages come out as text."""

from __future__ import annotations

import gzip
import io
import json
import os
import zlib
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaner.errors import InputError
from cleaner.formats import http_body, web_archive
from cleaner.formats.compression import DamagedError, pieces
from cleaner.formats.parts import Part, packed, unpacked
from cleaner.formats.transcoding import Lines, batches, lines_of
from cleaner.formats.web_archive import head_and_block, records

resiliparse = pytest.importorskip("resiliparse")

PAGE = b"<html><body><article><p>The bridge will be closed for weeks.</p><p>No detour is planned.</p></article></body>"
TEXT = "The bridge will be closed for weeks.\n\nNo detour is planned."


def record(kind: str, block: bytes, length: int | None = -1, **fields: str) -> bytes:
    """A record; ``length`` is what its head claims (None: nothing)."""
    given = {"WARC-Type": kind, "WARC-Record-ID": "<urn:uuid:1>", "WARC-Date": "2026-01-02T03:04:05Z"}
    given |= {name.replace("_", "-"): value for name, value in fields.items()}
    if length is not None:
        given["Content-Length"] = str(len(block) if length == -1 else length)
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return b"WARC/1.0\r\n" + head.encode() + b"\r\n" + block + b"\r\n\r\n"


def wet(text: str, **fields: str) -> bytes:
    return record("conversion", text.encode(), **{"Content-Type": "text/plain"} | fields)


def page(body: bytes = PAGE, status: str = "200 OK", *, kind: str = "text/html", **fields: str) -> bytes:
    fields = {"Content-Type": kind} | {name.replace("_", "-"): value for name, value in fields.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    block = f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body
    return record("response", block, WARC_Target_URI="http://a.example/x", Content_Type="application/http")


def cut(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def found(data: bytes, size: int = 1000) -> list[tuple[str, bytes]]:
    """Blocks of records, and what is said of the rest."""
    return [
        (part.kind, head_and_block(part.data)[1] if part.kind == "record" else part.value[1].encode())
        for part in records(cut(data, size))
    ]


def lines(data: bytes, size: int = 1000) -> Lines:
    result = Lines()
    for batch in batches("warc", cut(data, size), 5000):
        each = lines_of("warc", batch, "a.warc")
        result.data += each.data
        result.problems += each.problems
        result.left_out += each.left_out
    return result


def articles(data: bytes) -> list[dict[str, str]]:
    return [json.loads(line) for line in lines(data).data.splitlines()]


@given(st.lists(st.binary(max_size=3000), max_size=8), st.integers(1, 5000), st.integers(1, 4000))
@example([b"\r\n\r\nWARC/1.0\r\n\r\n", b"", b"\n"], 1, 1)
def test_every_block_comes_out_whatever_it_holds_and_however_it_is_read(
    blocks: list[bytes], size: int, batch: int
) -> None:
    """The lengths decide, so that even a block that looks like another record is one block."""
    data = b"".join(record("resource", block) for block in blocks)
    assert found(data, size) == [("record", block) for block in blocks]
    parts = list(records(cut(data, size)))
    assert [part for each in packed(parts, batch) for part in unpacked(each)] == parts
    assert all(data[part.offset :].startswith(part.data) for part in parts)


def test_members_of_gzip_a_record_each_or_all_in_one_are_the_same() -> None:
    whole = [wet("one"), wet("two"), wet("three")]
    for data in (b"".join(map(gzip.compress, whole)), gzip.compress(b"".join(whole))):
        read = pieces(io.BytesIO(data), "gz")
        assert [head_and_block(part.data)[1] for part in records(read)] == [b"one", b"two", b"three"]


@pytest.mark.parametrize("size", [1, 7, 100_000])
@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (record("resource", b"x" * 50, length=20), "a length of 20 bytes, but no record ends there; "),
        (record("resource", b"x" * 50, length=900), "a length of 900 bytes, but no record ends there; "),
        (record("resource", b"x" * 50, length=90_000), "a length of 90,000 bytes, which is more than there are; "),
        (b"WARC/1.0\r\nContent-Length: 5\r\n", "a head without an end; "),
        (b"something else\r\n" * 9 + b"\r\n", "no WARC record begins here; "),
        (b"\0" * 30_000 + b"\n", "no WARC record begins here; "),
    ],
)
def test_behind_a_broken_record_the_next_one_is_found(broken: bytes, said: str, size: int) -> None:
    """It is said at which byte it begins and how many are lost."""
    first, rest = record("resource", b"one"), record("resource", b"z" * 1000) + record("resource", b"three")
    kept, trouble, *others = found(first + broken + rest, size)
    assert (kept, others) == (("record", b"one"), [("record", b"z" * 1000), ("record", b"three")])
    assert trouble[1].decode().startswith(f"byte {len(first):,}: {said}")
    assert trouble[1].decode().endswith(" bytes up to the next record")


@pytest.mark.parametrize("length", [None, -1])
def test_a_record_without_a_length_reaches_to_the_next_one(length: int | None) -> None:
    data = record("resource", b"one\r\ntwo", length=length, **({} if length is None else {"Content_Length": "?"}))
    for size in (1, 10_000):
        assert found(data + record("resource", b"x") + data, size) == [
            ("record", b"one\r\ntwo"),
            ("record", b"x"),
            ("record", b"one\r\ntwo"),
        ]


def test_line_ends_of_one_byte_and_folded_fields_are_read() -> None:
    data = (record("resource", b"BLOCK", WARC_Target_URI="http://a\r\n b")).replace(b"\r\n", b"\n")
    (part,) = records([data])
    fields, block = head_and_block(part.data)
    assert (fields["warc-target-uri"], block) == ("http://a b", b"BLOCK")


@given(st.integers(1, len(wet("one")) + 200))
def test_where_the_end_is_cut_off_all_before_it_is_kept_and_one_line_says_so(gone: int) -> None:
    data = wet("zero") + wet("one") + wet("last " * 50)
    kept = found(data[:-gone], 64)
    whole = [block for kind, block in kept if kind == "record"]
    assert whole == [b"zero", b"one", b"last " * 50][: len(whole)]
    said = [words for kind, words in kept if kind == "trouble"]
    if len(whole) == 3:
        assert not said
        assert gone <= 4, "only the line ends behind the block"
    elif said:
        assert said == [f"byte {len(wet('zero') + (wet('one') if len(whole) == 2 else b'')):,}: ".encode()
                        + b"the file ends in the middle of a record"]  # fmt: skip


def test_damaged_compression_ends_an_archive_with_one_line() -> None:
    def read() -> Iterator[bytes]:
        yield wet("one") + wet("two")[:-20]
        try:
            raise DamagedError("the gzip data ends too early")
        except DamagedError:
            raise InputError("the gzip data ends too early", file="f", fix="get it again") from None

    first, second = records(read())
    assert head_and_block(first.data)[1] == b"one"
    words = "the file ends in the middle of a record (the gzip data ends too early)"
    assert second.value[1] == f"byte {len(wet('one')):,}: {words}"


def test_a_disk_that_cannot_be_read_is_no_end_of_the_archive() -> None:
    def read() -> Iterator[bytes]:
        yield wet("one")
        raise InputError("cannot be read", file="f", fix="copy it")

    with pytest.raises(InputError, match="cannot be read"):
        list(records(read()))


def test_of_a_long_record_only_the_beginning_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_archive, "LONGEST_BLOCK", 1000)
    monkeypatch.setattr(web_archive, "SHOWN", 100)
    film = record("response", b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n" + b"x" * 50_000)
    data = film + page(b"<p>" + b"y" * 5000) + wet("one") + wet("z" * 5000)
    result = lines(data, 64)
    assert [json.loads(line)["text"] for line in result.data.splitlines()] == ["one"]
    assert result.left_out == {"responses that are no pages": 1}
    said = "a page of more than 64 MB; it is left out: no article is so long"
    assert [str(each).partition(": ")[2].partition(": ")[2] for each in result.problems] == [said, said]
    assert max(len(part.data) for part in records(cut(data, 64))) < 1000


def test_lying_lengths_cost_no_more_than_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each record claims to be as long as the file; the bytes are searched once for each, not copied."""
    data = record("resource", b"x" * 10, length=400_000) * 2000
    assert sum(part.kind == "trouble" for part in records(cut(data, 1 << 18))) == 2000
    assert sum(part.kind == "trouble" for part in records(cut(b"WARC/1.0\r\n" * 200_000, 1 << 18))) == 200_000
    data = record("resource", b"x" * 10, length=None) * 20_000
    assert sum(part.kind == "record" for part in records(cut(data, 1 << 18))) == 20_000


def test_a_line_of_wet() -> None:
    fields = {"WARC_Target_URI": "http://a.example/x", "WARC_Identified_Content_Language": "deu,eng"}
    (line,) = articles(wet("Erste Zeile\nZweite\n", **fields))
    assert line == {
        "id": "<urn:uuid:1>", "url": "http://a.example/x", "date": "2026-01-02T03:04:05Z",
        "lang": "deu,eng", "text": "Erste Zeile\nZweite",
    }  # fmt: skip
    assert articles(wet("One"))[0]["lang"] is None


def test_a_line_of_a_page() -> None:
    (line,) = articles(page())
    assert line == {
        "id": "<urn:uuid:1>", "url": "http://a.example/x", "date": "2026-01-02T03:04:05Z", "text": TEXT,
    }  # fmt: skip


def test_what_is_no_article_is_counted_by_kind() -> None:
    data = b"".join([
        record("warcinfo", b"software: x"),
        record("request", b"GET / HTTP/1.1\r\n\r\n"),
        page(), page(status="301 Moved"), page(status="404 Not Found"), page(status="404 Not Found"),
        page(b"\x89PNG", kind="image/png"), page(b"%PDF", kind=""), page(b"<html></html>"),
        record("response", b"20260102\t1.2.3.4\r\n", Content_Type="text/dns"),
        record("response", b"no HTTP at all"),
        record("revisit", b""), record("metadata", b"a: b"), record("weather", b"rain"),
        wet(" \n"), record("resource", PAGE, Content_Type="text/html"), record("resource", b"x", Content_Type="a/b"),
        record("conversion", b"x", Content_Type="application/pdf"),
    ])  # fmt: skip
    result = lines(data)
    assert result.data.count(b"\n") == 2, "a response and a resource"
    assert not result.problems
    assert result.left_out == {
        "warcinfo records": 1, "requests": 1, "responses with status 3xx": 1, "responses with status 4xx": 2,
        "responses that are no pages": 2, "pages without text": 1, "responses of other protocols": 1,
        "responses without a status": 1, "revisits": 1, "metadata records": 1, "other records": 1,
        "records without text": 1, "resources that are no pages": 1, "conversions that are no text": 1,
    }  # fmt: skip


def chunked(body: bytes, size: int = 30) -> bytes:
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(each), each) for each in cut(body, size)) + b"0\r\n\r\n"


def brotlied(body: bytes) -> bytes:
    return bytes(pytest.importorskip("brotli").compress(body))


def bare(body: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(body) + compressor.flush()


def zstded(body: bytes) -> bytes:
    return bytes(pytest.importorskip("zstandard").compress(body))


CODINGS: list[tuple[str, str, Callable[[bytes], bytes]]] = [
    ("chunked", "", chunked),
    ("", "gzip", gzip.compress),
    ("", "X-GZip", lambda body: gzip.compress(body[:50]) + gzip.compress(body[50:])),
    ("", "deflate", zlib.compress),
    ("", "deflate", bare),
    ("", "br", brotlied),
    ("", "zstd", zstded),
    ("Chunked", "gzip", lambda body: chunked(gzip.compress(body))),
    ("", "deflate, gzip", lambda body: gzip.compress(zlib.compress(body))),
]


@pytest.mark.parametrize(("transfer", "content", "code"), CODINGS)
def test_codings_are_undone_also_where_they_are_only_claimed_or_cut_off(
    transfer: str, content: str, code: Callable[[bytes], bytes]
) -> None:
    fields = {"Transfer_Encoding": transfer, "Content_Encoding": content}
    long = PAGE.replace(b"</article>", b"<p>" + os.urandom(200_000).hex().encode() + b"</article>")
    assert articles(page(code(PAGE), **fields))[0]["text"] == TEXT
    assert articles(page(PAGE, **fields))[0]["text"] == TEXT, "a crawler took the coding off and left the head"
    cut_off = articles(page(code(long)[:-40], **fields))
    assert cut_off[0]["text"].startswith(TEXT[:20]), "what there is of it"


@given(st.binary(max_size=2000), st.sampled_from(["gzip", "deflate", "br", "zstd", "chunked", "gzip, br"]))
def test_any_body_under_any_claim_gives_bytes(body: bytes, coding: str) -> None:
    fields = {"content-encoding": coding, "transfer-encoding": coding}
    assert isinstance(http_body.decoded(http_body.Response(200, fields, body)), bytes)


@pytest.mark.parametrize("code", [gzip.compress, zlib.compress, brotlied, zstded])
def test_a_bomb_is_not_inflated(code: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_body, "LONGEST", 1 << 20)
    coding = {gzip.compress: "gzip", zlib.compress: "deflate", brotlied: "br", zstded: "zstd"}[code]
    result = lines(page(code(b"<p>" + b" " * (20 << 20)), Content_Encoding=coding))
    assert [each.reason for each in result.problems] == ["too long"]
    assert not result.data


GREEK = "Η γέφυρα θα παραμείνει κλειστή για δώδεκα εβδομάδες."


@pytest.mark.parametrize(
    ("declared", "meta", "encoding"),
    [
        ("iso-8859-7", "", "iso8859-7"),
        ("", '<meta charset="iso-8859-7">', "iso8859-7"),
        ("", '<meta http-equiv="Content-Type" content="text/html; charset=windows-1253">', "cp1253"),
        ("nonsense", '<meta charset="iso-8859-7">', "iso8859-7"),
        ("punycode", '<meta charset="iso-8859-7">', "iso8859-7"),
        ("iso-8859-1", "", "utf-8"),  # a server's default, which is wrong: it is valid UTF-8
        ("utf-8", '<meta charset="iso-8859-7">', "iso8859-7"),
        ("utf-8", "", "utf-8-sig"),
        ("", "", "utf-16"),
        ("utf-16", "", "utf-16-le"),
    ],
)
def test_the_charset_is_that_of_the_mark_or_of_what_fits(declared: str, meta: str, encoding: str) -> None:
    body = f"<html><head>{meta}</head><body><p>{GREEK}</p></body></html>".encode(encoding)
    kind = f"text/html; charset={declared}" if declared else "text/html"
    assert articles(page(body, kind=kind))[0]["text"] == GREEK


def test_latin_without_a_declaration_is_guessed_and_broken_bytes_become_a_mark() -> None:
    french = "Le pont sera fermé à la circulation pendant l'été, a déclaré le préfet à la presse. " * 5
    assert articles(page(f"<p>{french}</p>".encode("cp1252")))[0]["text"].startswith(french[:60])
    broken = "<p>Straße und Brücke, naïve".encode() + b"\xff"
    assert articles(page(broken, kind="text/html; charset=utf-8"))[0]["text"] == "Straße und Brücke, naïve\ufffd"
    mostly = f"<p>{GREEK}".encode()[:-2]  # cut off in the middle of a letter
    assert articles(page(mostly, kind="text/html; charset=iso-8859-1"))[0]["text"] == GREEK[:-2] + "\ufffd"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>One line.<br>Next line.<br><br>Next paragraph.</div>", "One line.\nNext line.\n\nNext paragraph."),
        ("<p>One.</p><br/><br/><br/><p>Two.</p>", "One.\n\nTwo."),
        ("<p>10<sup>2</sup> m<sup>−1</sup>, H<sub>2</sub>O, 1<sup>st</sup></p>", "10² m⁻¹, H₂O, 1st"),
        ("<p>a&nbsp;b &lt;c&gt; &amp;amp;</p><script>x()</script><style>p{}</style>", "a\xa0b <c> &amp;"),
        ("<nav><a href=/>Home</a></nav><main><p>Text of it.</p></main><footer>Imprint</footer>", "Text of it."),
    ],
)
def test_paragraphs_of_a_page(html: str, text: str) -> None:
    assert articles(page(html.encode()))[0]["text"] == text


@pytest.mark.parametrize("html", ["<div>" * 20_000, "<p " + "a1=1 " * 60_000 + ">", "<b>" * 50_000, "<sup>1" * 20_000])
def test_a_page_made_to_take_for_ever_does_not(html: str) -> None:
    attributes = "".join(f"a{number}=1 " for number in range(200_000)) if html.startswith("<p ") else ""
    data = page(html.replace("a1=1 ", attributes, 1).encode() + b"The end of it.")
    assert articles(data)[0]["text"].endswith("The end of it.")


def test_trouble_names_the_byte_of_the_record(monkeypatch: pytest.MonkeyPatch) -> None:
    first = wet("one")
    (problem,) = lines(first + b"junk\r\n" + wet("two")).problems
    assert str(problem) == (
        f"a.warc: byte {len(first):,}: no WARC record begins here; 6 bytes up to the next record; "
        "it is left out: get the file again, or correct it"
    )


def test_names_stand_at_the_head_of_every_batch() -> None:
    parts = [Part("names", 0, b"[]"), *(Part("record", number, b"x" * 100) for number in range(5))]
    made = list(packed(parts, 150))
    assert len(made) > 2
    assert all(next(unpacked(each)).kind == "names" for each in made)
