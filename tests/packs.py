"""Archives for tests, what must come of them, and a folder to clean them in."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toy import clean, clean_one

from cleaner.formats.compression import Compression, pieces
from cleaner.formats.work import Events
from cleaner.job import JobOptions, run
from cleaner.report.counts import RunResult
from cleaner.settings import Settings

ONE, TWO = "Une première phrase assez longue.\n", "Une deuxième, assez longue.\n"
REPEATED, CLEAN = (ONE + TWO + ONE).encode(), (ONE + TWO).encode()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9
FORMATS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]
SUFFIX: dict[Compression, str] = {"": "", "gz": ".gz", "bz2": ".bz2", "xz": ".xz", "zst": ".zst"}


def records(*texts: str) -> bytes:
    return b"".join(json.dumps({"id": number, "text": text}).encode() + b"\n" for number, text in enumerate(texts))


def cleaned(name: str, data: bytes) -> bytes:
    """What a member must hold in the output."""
    if name.endswith((".txt", ".md")):
        return clean_one(data.decode()).text.encode()
    if name.endswith(".jsonl"):
        rows = [json.loads(line) for line in data.splitlines()]
        return b"".join(json.dumps(row | {"text": clean_one(row["text"]).text}).encode() + b"\n" for row in rows)
    return data


@dataclass
class Case:
    """A folder for a run, and what the run said."""

    root: Path
    said: list[str]
    notes: list[str]

    def run(self, *inputs: str, **options: Any) -> RunResult:
        given = tuple(str(self.root / each) if each != "-" else each for each in inputs)
        options = {"out": self.root / "out", "workers": 1} | options
        events = Events(problem=lambda each: self.said.append(str(each)), note=self.notes.append)
        stdout = options.pop("stdout", None)
        return run(JobOptions(given, **options), Settings(), clean, events=events, stdout=stdout)

    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.root / "out/_cleaner/removals.jsonl").read_bytes().splitlines()]

    def left_over(self) -> list[Path]:
        return [path for path in self.root.rglob("*") if path.name.endswith((".cleaner-tmp", ".part"))]


def tar(members: list[tuple[str, bytes]], form: int = tarfile.PAX_FORMAT, **more: Any) -> bytes:
    """An uncompressed archive of files; ``more`` are attributes of each."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=form) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for attribute, value in more.items():
                setattr(info, attribute, value)
            archive.addfile(info, io.BytesIO(data))
    return target.getvalue()


def special(name: str, kind: bytes, link: str = "") -> bytes:
    """One member that is no file, without the end of an archive behind it."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info.tobuf(tarfile.GNU_FORMAT)


def members_of(data: bytes) -> list[tuple[tarfile.TarInfo, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return [(info, archive.extractfile(info).read() if info.isreg() else b"") for info in archive]  # type: ignore[union-attr]


FACTS = ("name", "mode", "uid", "gid", "mtime", "type", "linkname", "uname", "gname", "devmajor", "devminor")


def facts(info: tarfile.TarInfo) -> list[Any]:
    pax = {key: value for key, value in info.pax_headers.items() if key != "size"}
    return [*(getattr(info, name) for name in FACTS), pax]


def unpacked(path: Path, kind: Compression) -> bytes:
    with open(path, "rb") as stream:
        return b"".join(pieces(stream, kind))


MIXED = [
    ("a.txt", REPEATED), ("pic.png", PNG), ("d.jsonl", records(ONE * 2, TWO)), ("code.py", b"x = 1\n"),
    ("inner.tar.gz", b"whatever"), (".git/notes.txt", REPEATED), ("z.txt", REPEATED),
]  # fmt: skip


def zipped(members: list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target.getvalue()
