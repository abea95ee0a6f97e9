"""Inputs of every format, broken in every way: none may end a run, and none may keep another file from being written.

``campaign`` is called with a few hundred by the tests, and with a hundred thousand by hand:
``python tests/fuzz_inputs.py 100000``.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import sys
import tarfile
import tempfile
import traceback
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import toy

from cleaner.job import JobOptions, run
from cleaner.settings import Settings

LINE = "The bridge over the river is closed for weeks while engineers check it.\n"
OTHER = "Schools on both banks open an hour later, as the mayor told parents.\n"
TEXT = f"{LINE}{OTHER}{LINE}"
CLEAN = f"{LINE}{OTHER}"
BATCH = 25
"""Broken files that one run gets; where one of them ends it, it is looked for among them."""


def _records(count: int) -> list[dict[str, Any]]:
    return [{"id": str(number), "title": "Brücke", "text": TEXT, "n": number, "tags": ["a"]} for number in range(count)]


def _lines(count: int = 3) -> bytes:
    return b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in _records(count))


def _warc(kind: bytes, content_type: bytes, block: bytes) -> bytes:
    head = (
        b"WARC/1.0\r\nWARC-Type: %b\r\nWARC-Target-URI: http://a.b/c\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n"
    )
    return (head % (kind, content_type, len(block)) + block + b"\r\n\r\n") * 3


def _page() -> bytes:
    body = (
        b"<html><head><title>News</title></head><body><p>"
        + TEXT.encode().replace(b"\n", b"</p>\n<p>")
        + b"</p></body></html>"
    )
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (
        len(body),
        body,
    )


def _wiki() -> bytes:
    page = f"<page><title>A</title><ns>0</ns><id>7</id><revision><text>== H ==\n{TEXT}</text></revision></page>"
    names = '<siteinfo><namespaces><namespace key="0"/></namespaces></siteinfo>'
    return f'<mediawiki xml:lang="en">{names}{page * 3}</mediawiki>\n'.encode()


def _tar() -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in (("a.txt", TEXT.encode()), ("b.jsonl", _lines(2)), ("ü" * 60 + ".txt", TEXT.encode())):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return held.getvalue()


def _zip() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", TEXT)
        archive.writestr("b.jsonl", _lines(2))
    return held.getvalue()


def _parquet() -> bytes | None:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        return None
    held = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"id": ["1", "2"], "text": [TEXT, TEXT]}), held)
    return held.getvalue()


def _zst(data: bytes) -> bytes | None:
    try:
        import zstandard
    except ImportError:
        return None
    return zstandard.compress(data)


def _markdown() -> bytes:
    front, rest = "---\ntitle: A\n---\n# News\n\n", "```\ncode\n```\n- [a](b)\n\n| a | b |\n|---|---|\n"
    return f"{front}{TEXT}\n> {TEXT}\n{rest}".encode()


def valid() -> dict[str, bytes]:
    """A small file of every format, by a name that says which."""
    table = "id,text\n" + "".join(f'{number},"{TEXT}"\n' for number in range(3))
    files: dict[str, bytes | None] = {
        "m.txt": TEXT.encode(),
        "m.md": _markdown(),
        "m.html": b"<!doctype html>" + _page().partition(b"\r\n\r\n")[2].partition(b"\r\n")[2],
        "m.jsonl": _lines(),
        "m.json": json.dumps(_records(3), indent=1).encode(),
        "m.csv": table.encode(),
        "m.tsv": b"id\ttext\n1\tThe bridge is closed.\n2\tThe schools open later.\n",
        "m.wet": _warc(b"conversion", b"text/plain", TEXT.encode()),
        "m.warc": _warc(b"response", b"application/http", _page()),
        "m.xmldump": _wiki(),
        "m.tar": _tar(),
        "m.zip": _zip(),
        "m.parquet": _parquet(),
        "m.txt.gz": gzip.compress(TEXT.encode()),
        "m.jsonl.bz2": bz2.compress(_lines()),
        "m.csv.xz": lzma.compress(table.encode()),
        "m.jsonl.zst": _zst(_lines()),
        "m.warc.gz": gzip.compress(_warc(b"response", b"application/http", _page())),
        "m.tgz": gzip.compress(_tar()),
    }
    return {name: data for name, data in files.items() if data is not None}


def _flipped(data: bytearray, random: Random) -> None:
    for _ in range(random.choice((1, 1, 2, 8, 64))):
        data[random.randrange(len(data))] = random.randrange(256)


def _truncated(data: bytearray, random: Random) -> None:
    del data[random.randrange(len(data)) :]


def _cut(data: bytearray, random: Random) -> None:
    at = random.randrange(len(data))
    del data[at : at + random.choice((1, 3, 40, 512))]


def _doubled(data: bytearray, random: Random) -> None:
    start, to = random.randrange(len(data)), random.randrange(len(data))
    data[to:to] = data[start : start + random.choice((1, 20, 200, 5000))]


def _with_digits(data: bytearray, random: Random) -> None:
    """Where a number stands, a huge one."""
    places = [at for at, byte in enumerate(data) if 48 <= byte <= 57] or [0]
    at = random.choice(places)
    data[at : at + 1] = random.choice(
        (b"9" * 5000, b"9" * 20, b"-1", b"1e999", b"0x7fffffffffffffff", b"\xb2", b"4294967296")
    )


def _inserted(data: bytearray, random: Random) -> None:
    at = random.randrange(len(data) + 1)
    data[at:at] = random.choice(PIECES)


def _nested(data: bytearray, random: Random) -> None:
    at, deep = random.randrange(len(data) + 1), random.choice((200, 5000, 50_000))
    data[at:at] = (
        random.choice((b"[", b'{"text":', b"<div>", b"{{", b"[[", b"> ", b"<a href='", b"((", b"- ", b"<ref>")) * deep
    )


PIECES = (
    b"\0", b"\0" * 600, b"\xff\xfe", b"\xef\xbb\xbf", b"\\ud800", b"\xed\xa0\x80",
    b"&#xD800;", b"&#x110000;", b"&#99999999999;", b"\x1b]8;;http://a\x07", b"\x9b31m", b"\r", b"\n" * 50, b'"',
    b"'" * 3,     b"\\", b"]]>", b"<!--", b"<![CDATA[", b"<!DOCTYPE a [", b"<!ENTITY a SYSTEM 'file:///etc/passwd'>&a;",
    b"::error::x", b"=cmd|' /C calc'!A0", b"\xe2\x80\xae", b"\xe2\x80\xa8", b"NaN", b"Infinity",
    b"\nWARC/1.0\r\nContent-Length: \r\n\r\n", b"Content-Length: -5\r\n", b"PAR1", b"PK\x05\x06" + bytes(18),
    b"PK\x01\x02", b"ustar\0" + b"00", b"\x1f\x8b\x08", b"BZh9", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ\0",
    b"\x80" + b"\xff" * 11, b"<text xml:space='preserve'", b"#REDIRECT [[A]]", b"<nowiki>", b"sep=^\n",
    b"\xf0\x9f\x98", b"A" * 70_000,
)  # fmt: skip
WAYS: tuple[Callable[[bytearray, Random], None], ...] = (
    _flipped, _flipped, _truncated, _cut, _doubled, _with_digits, _inserted, _inserted, _nested,
)  # fmt: skip


def broken(count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Name and content of ``count`` broken files, of each format in turn; the same ones for one seed."""
    files = list(valid().items())
    for number in range(count):
        random = Random(f"{seed} {number}")
        name, whole = files[number % len(files)]
        data = bytearray(whole)
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            if data:
                random.choice(WAYS)(data, random)
        inside = random.random() < 0.3
        if inside and name.endswith(".gz"):  # what is compressed is broken, and packed well
            data = bytearray(gzip.decompress(whole))
            random.choice(WAYS)(data, random)
            data = bytearray(gzip.compress(bytes(data), 1))
        yield f"{number}-{name}", bytes(data)


def campaign(count: int, seed: int = 0, clean: Any = None) -> list[str]:
    """What went wrong with ``count`` broken inputs, one text each: the file, and where it was met.

    ``clean`` is the cleaning function, a toy one unless it is given.
    """
    found, files = [], broken(count, seed)
    while batch := [each for _, each in zip(range(BATCH), files, strict=False)]:
        if trouble(batch, clean or toy.clean):
            found += [
                f"{name} (seed {seed}): {told}"
                for name, data in batch
                if (told := trouble([(name, data)], clean or toy.clean))
            ]
    return found


def trouble(files: list[tuple[str, bytes]], clean: Any) -> str:
    """What is wrong with a run over these files and a good one before and behind them; nothing, if all is well."""
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root)
        (folder / "in").mkdir()
        for name, data in [("0.txt", TEXT.encode()), *files, ("z.txt", TEXT.encode())]:
            (folder / "in" / name).write_bytes(data)
        options = JobOptions((str(folder / "in"),), folder / "out", workers=1, max_expanded=50 << 20)
        try:
            result = run(options, Settings(), clean)
        except Exception:
            return traceback.format_exc()
        if faults := [each for each in result.problems if each.reason == "internal error"]:
            return f"{faults[0]}\n{faults[0].trace}"
        if result.exit_code not in (0, 2):
            return f"exit code {result.exit_code}"
        for name in ("0.txt", "z.txt"):
            path = folder / "out" / name
            if not path.exists() or path.read_text() != CLEAN:
                return f"{name} was not written"
        return ""


if __name__ == "__main__":
    wrong = campaign(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print("\n".join(wrong[:20]))
    print(f"{sys.argv[1]} broken inputs: {len(wrong)} of them were not borne")
    sys.exit(bool(wrong))
