"""Compressed bytes: every stream is read, what is missing or too much is said, nothing expands without end."""

from __future__ import annotations

import io
import random
import tracemalloc
import zlib
from itertools import islice

import pytest
from campaign import examples
from hypothesis import given
from hypothesis import strategies as st

from cleaner.formats import compression, expanding
from cleaner.formats.behind import Behind
from cleaner.formats.compression import Compression, Joined, Meter, by_magic, compressed, pieces, sink
from cleaner.formats.expanding import BombError, DamagedError

KINDS: list[Compression] = ["gz", "bz2", "xz", "zst"]
kinds = pytest.mark.parametrize("kind", KINDS)


def read(data: bytes, kind: Compression, meter: Meter | None = None) -> bytes:
    return b"".join(pieces(io.BytesIO(data), kind, meter=meter))


@given(st.sampled_from(KINDS), st.lists(st.binary(max_size=2000), max_size=4), st.integers(1, 3))
@examples(100)
def test_what_was_written_is_read_again_stream_after_stream(kind: Compression, parts: list[bytes], copies: int) -> None:
    parts = [part * copies * 50 for part in parts]
    data = b"".join(compressed(part, kind) for part in parts)
    assert read(data, kind) == b"".join(parts)
    if kind in ("gz", "xz"):
        padded = b"".join(compressed(part, kind) + bytes(4 * copies) for part in parts)
        assert read(padded, kind) == b"".join(parts)


@kinds
def test_the_beginning_shows_the_compression(kind: Compression) -> None:
    for text in (b"", b"some text", bytes(1000)):
        assert by_magic(compressed(text, kind)[: compression.HEAD]) == kind
    for text in (b"BZh is an abbreviation", b"Plain words", b"\x1f\x8b", b"PK\x03\x04", b""):
        assert by_magic(text[: compression.HEAD]) == ""


def test_a_zstd_frame_that_is_to_be_skipped_is_skipped() -> None:
    """As pzstd and the seekable format write them."""
    skipped = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"bytes"
    data = skipped + compressed(b"one", "zst") + skipped + compressed(b"two", "zst") + skipped
    assert by_magic(data[: compression.HEAD]) == "zst"
    assert read(data, "zst") == b"onetwo"


@given(st.sampled_from(KINDS), st.binary(min_size=1, max_size=3000), st.floats(0, 1, exclude_max=True))
@examples(200)
def test_data_that_ends_anywhere_too_early_is_told(kind: Compression, content: bytes, share: float) -> None:
    data = compressed(content, kind)
    cut = data[: 1 + int((len(data) - 1) * share)]
    with pytest.raises(DamagedError, match="data"):
        read(compressed(b"whole before", kind) + cut[: len(data) - 1], kind)


def test_what_is_left_when_all_was_taken_in_is_not_lost() -> None:
    """Raw deflate has nothing behind its content: the last bytes may still be inside when the input is at its end."""
    for length in [*range(compression.PIECE - 300, compression.PIECE + 300), 3 * compression.PIECE + 1]:
        packer = zlib.compressobj(9, wbits=-15)
        data = packer.compress(bytes(length)) + packer.flush()
        assert sum(map(len, expanding.expanded(iter([data]), expanding.raw_deflate(), Meter()))) == length


@kinds
def test_what_is_not_compressed_behind_it_is_told(kind: Compression) -> None:
    with pytest.raises(DamagedError, match="data"):
        read(compressed(b"some text", kind) + b"and words", kind)


@kinds
def test_chunks_compressed_side_by_side_are_streams_of_one_file(
    kind: Compression, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compression, "_CHUNK", 10_000)
    parts = [random.Random(number).randbytes(3000) for number in range(40)]
    for written in (parts, []):
        target = io.BytesIO()
        writer = sink(target, kind, threads=3)
        for part in written:
            writer.write(part)
        writer.close()
        assert read(target.getvalue(), kind) == b"".join(written)
        assert by_magic(target.getvalue()[: compression.HEAD]) == kind


@kinds
def test_a_bomb_is_told_before_it_expands(kind: Compression, monkeypatch: pytest.MonkeyPatch) -> None:
    """40 MB of zeros: over 1,000 times its size, and over what is always allowed."""
    monkeypatch.setattr(expanding, "FREE", 1 << 20)
    bomb = compressed(bytes(40 << 20), kind)
    meter = Meter()
    tracemalloc.start()
    with pytest.raises(BombError, match=r"expands to more than 1,000 times its size"):
        for _ in pieces(io.BytesIO(bomb), kind, meter=meter):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(bomb) < meter.made < 42 << 20
    assert peak < (20 << 20 if kind != "zst" else 45 << 20)


@kinds
def test_honest_data_passes_and_an_allowed_size_counts_instead(kind: Compression) -> None:
    text = b"".join(b"Article %d says nothing new.\n" % number for number in range(100_000))
    data = compressed(text, kind)
    assert read(data, kind) == text
    assert read(data, kind, Meter(len(text))) == text
    with pytest.raises(BombError, match=r"more than 100,000 bytes"):
        read(data, kind, Meter(100_000))
    zeros = compressed(bytes(expanding.FREE // 10), kind)
    assert read(zeros, kind, Meter(1 << 62)) == bytes(expanding.FREE // 10)
    assert read(zeros, kind) == bytes(expanding.FREE // 10), "so much is allowed whatever its size"


def test_layers_count_together() -> None:
    outer = Meter(1000)
    inner = Meter(outer=outer)
    with pytest.raises(BombError, match=r"more than 1,000 bytes"):
        read(compressed(bytes(2000), "gz"), "gz", inner)
    assert outer.made == inner.made


@given(st.lists(st.binary(max_size=50), max_size=10), st.lists(st.integers(0, 70), max_size=20))
def test_joined_pieces_are_read_in_any_sizes(parts: list[bytes], sizes: list[int]) -> None:
    stream, whole = Joined(iter([part for part in parts if part])), io.BytesIO(b"".join(parts))
    for size in sizes:
        assert stream.read(size) == whole.read(size)
        assert stream.at == whole.tell()


def test_no_piece_is_long_however_far_it_expands() -> None:
    for kind in KINDS:
        data = compressed(bytes(30 << 20), kind)
        longest = max(len(piece) for piece in islice(pieces(io.BytesIO(data), kind), 200))
        assert longest <= (128 << 20 if kind == "zst" else compression.PIECE)


class Full:
    """A sink that takes some pieces, and then no more."""

    def __init__(self, room: int) -> None:
        self.room, self.held = room, list[bytes]()

    def write(self, data: bytes) -> None:
        if len(self.held) == self.room:
            raise OSError(28, "No space left on device")
        self.held.append(data)

    def close(self) -> None:
        """Nothing to end."""


def test_what_is_written_behind_comes_in_its_order() -> None:
    sink = Full(100)
    behind = Behind(sink)
    for number in range(100):
        behind.write(b"%d" % number)
    behind.close()
    assert sink.held == [b"%d" % number for number in range(100)]


def test_an_error_behind_comes_up_at_the_end_at_last_and_blocks_nobody() -> None:
    def written(behind: Behind, pieces: int) -> None:
        for _ in range(pieces):
            behind.write(b"x")
        behind.close()

    for room, number in ((1, 10), (0, 1)):
        behind = Behind(Full(room))
        with pytest.raises(OSError, match="No space left"):
            written(behind, number)
        behind.stop()
