"""Bytes to text and back: what is read gives the same bytes again, or is said not to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.formats.decode import Decoded, NotDecoded, byte_spans, decode, encode, without

RUSSIAN = "Сегодня хорошая погода, и дети пошли гулять в парк.\r\nЗавтра обещают дождь и ветер.\r\n"
JAPANESE = "日本語のテキストです。今日はいい天気ですね。\n公園へ行きましょう。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
def test_unicode_encodings_are_read_with_and_without_mark(encoding: str) -> None:
    data = RUSSIAN.encode(encoding)
    decoded = decode(data)
    assert decoded.text == RUSSIAN, "the mark is no part of the text, and line ends stay"
    assert encode(decoded) == data
    assert decoded.confidence == 1.0 or encoding == "utf-16-le"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", RUSSIAN),
        ("shift_jis", JAPANESE),
        ("euc-jp", JAPANESE),
        ("gb18030", "今天天气很好，我们一起去公园玩。孩子们喜欢在湖边喂鸭子，老人们在树下下棋聊天。\n"),
    ],
)
def test_guessed_encodings_keep_their_confidence(encoding: str, text: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert 0.1 <= decoded.confidence <= 1


def test_non_ascii_bytes_far_behind_the_beginning_are_seen() -> None:
    data = b"plain words\n" * 30_000 + RUSSIAN.encode("cp1251") * 20
    assert decode(data).text.endswith(RUSSIAN)


def test_the_recorded_encoding_is_believed_where_it_fits() -> None:
    data = "Un café.\n".encode("cp1252")
    assert decode(data, "cp1252").text == "Un café.\n"
    assert decode("Un café.\n".encode(), "cp1252").text == "Un café.\n", "valid UTF-8 is UTF-8"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not text"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "not text"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "not text"),
        (b"text with\0a zero byte, and more of it\n" * 10, "not text"),
        (bytes(range(256)) * 20, "not text"),
        (("Les élèves étudient à l'école de la forêt.\n" * 3).encode() + b"\xff", "undecodable"),
        (b"\xff\xfea\0b", "undecodable"),
        (bytes(range(128, 256)) * 3, "undecodable"),
    ],
)
def test_bytes_that_are_no_text_are_named_by_reason(data: bytes, reason: str) -> None:
    with pytest.raises(NotDecoded) as caught:
        decode(data)
    assert caught.value.reason == reason, caught.value.detail


def test_a_broken_byte_in_utf8_is_placed() -> None:
    good = "Les élèves étudient à l'école.\n" * 3
    with pytest.raises(NotDecoded) as caught:
        decode(good.encode() + b"\xff")
    assert caught.value.offset == len(good.encode())


def test_an_encoding_that_does_not_give_its_bytes_again_is_refused() -> None:
    shifts = "日本語のテキストです。".encode("iso2022_jp") + b"\x1b(B\x1b(B" + "今日は。".encode("iso2022_jp")
    with pytest.raises(NotDecoded) as caught:
        decode(shifts)
    assert caught.value.reason == "not round-tripping"


def test_a_cut_that_would_lose_the_shift_state_is_refused() -> None:
    text = "日本語のテキスト"
    decoded = Decoded(text, "iso2022_jp")
    assert byte_spans(decoded, text.encode("iso2022_jp"), [(2, 4)]) is None


@pytest.mark.parametrize("data", [b"abc \xe9 and more", b"abd \xe9", b"abc"])
def test_bytes_that_are_not_those_of_the_text_are_not_cut(data: bytes) -> None:
    assert byte_spans(Decoded("abc é", "latin-1"), data, [(1, 3)]) is None


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.sampled_from(["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "gb18030"]),
    st.lists(st.integers(0, 40), max_size=6),
    st.booleans(),
)
def test_cut_bytes_read_as_the_cut_text(text: str, encoding: str, places: list[int], marked: bool) -> None:
    """For any text and cuts: the file minus the byte spans is the text minus the spans."""
    bom = b"\xef\xbb\xbf" if marked and encoding == "utf-8" else b""
    ends = sorted({min(place, len(text)) for place in places})
    spans = list(zip(ends[::2], ends[1::2], strict=False))
    data = bom + text.encode(encoding)
    cuts = byte_spans(Decoded(text, encoding, bom), data, spans)
    assert cuts is not None
    kept = "".join(
        text[a:b] for a, b in zip([0, *(b for _, b in spans)], [*(a for a, _ in spans), len(text)], strict=True)
    )
    assert without(data, cuts) == bom + kept.encode(encoding)
