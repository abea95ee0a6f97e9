"""Inputs on other machines are read as files are; what goes wrong there is one clear line."""

from __future__ import annotations

import io
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from toy import clean

from cleaner.errors import SettingsError
from cleaner.formats.compression import Compression, compressed, pieces
from cleaner.formats.finding import find_inputs
from cleaner.formats.remote import is_remote
from cleaner.formats.work import Events
from cleaner.job import JobOptions, run
from cleaner.report.counts import RunResult
from cleaner.settings import Settings

fsspec = pytest.importorskip("fsspec")
ONE, TWO = "Une première phrase assez longue.\n", "Une deuxième, assez longue.\n"
REPEATED, CLEAN = (ONE + TWO + ONE).encode(), (ONE + TWO).encode()
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def cleaned(out: Path, *inputs: str, **options: Any) -> tuple[RunResult, list[str]]:
    said: list[str] = []
    events = Events(problem=lambda each: said.append(str(each)))
    return run(JobOptions(inputs, out, workers=1, **options), Settings(), clean, events=events), said


@pytest.fixture
def memory() -> Iterator[Any]:
    """A store of objects, as S3 is one."""
    store = fsspec.filesystem("memory")
    store.store.clear()
    yield store
    store.store.clear()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address at which a server of this machine shows it."""
    pytest.importorskip("aiohttp")
    (tmp_path / "web").mkdir()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "web")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield tmp_path / "web", f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_files_below_an_address_are_cleaned_in_the_order_of_their_paths(memory: Any, tmp_path: Path) -> None:
    for name, data in (("b.txt", REPEATED), ("a/c.txt.gz", compressed(REPEATED, "gz")), ("a/pic.png", PNG)):
        memory.pipe(f"/news/{name}", data)
    result, said = cleaned(tmp_path / "out", "memory://news/")
    assert (result.files, result.tally.changed, result.exit_code) == (3, 2, 0)
    assert said == ["memory:///news/a/pic.png: a PNG image; left as it is: leave it out, or extract its text first"]
    assert (tmp_path / "out/b.txt").read_bytes() == CLEAN
    assert (tmp_path / "out/a/pic.png").read_bytes() == PNG
    assert b"".join(pieces(io.BytesIO((tmp_path / "out/a/c.txt.gz").read_bytes()), "gz")) == CLEAN


def test_a_pattern_stands_for_what_fits(memory: Any) -> None:
    for name in ("a/1.txt", "a/2.md", "b/1.txt", "b/c/1.txt"):
        memory.pipe(f"/news/{name}", REPEATED)
    found = find_inputs(["memory://news/*/1.txt"], None)
    assert [(source.path, source.name) for source in found.sources] == [
        ("memory:///news/a/1.txt", "a/1.txt"), ("memory:///news/b/1.txt", "b/1.txt")
    ]  # fmt: skip
    assert find_inputs(["memory://news/*.none"], None).missing == ["memory://news/*.none"]


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", REPEATED)
    return target.getvalue()


def tarred() -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.size = len(REPEATED)
        archive.addfile(info, io.BytesIO(REPEATED))
    return target.getvalue()


def test_archives_are_read_too(memory: Any, tmp_path: Path) -> None:
    memory.pipe({"/m.zip": zipped(), "/m.tar.gz": compressed(tarred(), "gz")})
    assert cleaned(tmp_path / "out", "memory://m.zip", "memory://m.tar.gz")[0].tally.changed == 2
    assert zipfile.ZipFile(tmp_path / "out/m.zip").read("a.txt") == CLEAN


@pytest.mark.parametrize("kind", ["", "gz", "zst"])
def test_a_file_of_a_web_server(web: tuple[Path, str], tmp_path: Path, kind: Compression) -> None:
    folder, address = web
    name = f"new s.txt{'.' * bool(kind)}{kind}"
    (folder / name).write_bytes(compressed(REPEATED * 1000, kind))
    result, said = cleaned(tmp_path / "out", f"{address}/{name.replace(' ', '%20')}?key=a/b&c[]=*")
    assert (result.exit_code, said) == (0, [])
    assert b"".join(pieces(io.BytesIO((tmp_path / "out" / name).read_bytes()), kind)) == CLEAN


def test_what_goes_wrong_there_is_one_line_and_stops_no_other(web: tuple[Path, str], tmp_path: Path) -> None:
    folder, address = web
    (folder / "z.txt").write_bytes(REPEATED)
    result, said = cleaned(tmp_path / "out", f"{address}/none.txt", "http://127.0.0.1:9/a.txt", f"{address}/z.txt")
    assert (result.exit_code, result.files, result.failed) == (2, 1, 2)
    fix = "look whether the address is right and answers, and run again"
    assert said == [f"{address}/none.txt: not there; {fix}", f"http://127.0.0.1:9/a.txt: not there; {fix}"]


@pytest.mark.parametrize("name", ["..%2f..%2fevil.txt", "%2e%2e", ".."])
def test_an_address_never_leads_out_of_the_output_folder(name: str) -> None:
    (source,) = find_inputs([f"https://example.org/{name}"], None).sources
    assert source.name == "download"


def test_a_stream_that_breaks_off_leaves_nothing_half_written(tmp_path: Path, memory: Any) -> None:
    class Breaking:
        def __init__(self, data: bytes) -> None:
            self.data = data

        def read(self, size: int) -> bytes:
            if not self.data:
                raise RuntimeError("connection reset")
            data, self.data = self.data, b""
            return data

        def close(self) -> None:
            pass

    memory.pipe("/m.txt", b"x")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(memory), "open", lambda *_, **__: Breaking(REPEATED))
        result, said = cleaned(tmp_path / "out", "memory://m.txt")
    fix = "look whether the address is right and answers, and run again"
    assert said == [f"memory://m.txt: cannot be read (RuntimeError: connection reset); {fix}"]
    assert (result.failed, (tmp_path / "out/m.txt").exists()) == (1, False)


def test_what_cannot_be_is_refused_before_the_run(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nosuch://x/: no way is known to read nosuch://"):
        find_inputs(["nosuch://x/"], None)
    with pytest.raises(SettingsError, match=r"-o s3:/b: outputs stay on this machine; give a folder"):
        cleaned(Path("s3://b"), str(tmp_path))
    with pytest.raises(SettingsError, match="has no place here to be cleaned in"):
        find_inputs(["https://example.org/a.txt"], None, base=tmp_path)


def test_a_missing_package_names_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fsspec.core", None)
    with pytest.raises(SettingsError, match=r"^s3:// needs more packages: pip install 'article-cleaner\[remote\]'$"):
        cleaned(tmp_path / "out", "s3://bucket/a.txt")
    assert not (tmp_path / "out").exists()


def test_names_of_files_are_no_addresses() -> None:
    assert is_remote("s3://bucket/a.txt")
    assert is_remote("https://example.org")
    for name in ("C:/x", "c://x", "a:b", "news/a.txt", "http:/x", "-", "://x"):
        assert not is_remote(name)
