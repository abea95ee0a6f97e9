"""Records for tests, written in every way a format allows: what a cut may change is known byte for byte.

A ``Value`` is a string as it is written, one token a character, so that what must be left of it after
a cut needs no parser; all around it is written at random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from marked import MARKED

from cleaner.formats.fields import joined

PLAIN = st.text(st.sampled_from("ab é𝄞\\/\"',;|\n\r\t\u2028{}[]:"), max_size=6)
# Mostly whole marks; a lone one may pair with that of the next field, so that a cut covers the end of one
# and the beginning of the other.
TEXT = st.lists(PLAIN | PLAIN.map("⟦{}⟧".format) | st.sampled_from("⟦⟧"), max_size=4).map("".join)
SPACE = st.sampled_from([b"", b"", b" ", b"\n", b"\r\n", b"\t ", b"\n  "])
SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\", "/": "\\/"}
OTHERS = st.sampled_from(
    ["1.50", "null", "true", '"x"', '{"text":"⟦no⟧"}', '[1,["}",{"a":"]"}]]', "[]", "-0.0e1", "{}"]
)


@dataclass
class Value:
    """A string and how each of its characters is written; ``marks`` stand around it."""

    text: str
    tokens: list[bytes]
    mark: bytes = b'"'

    def without(self, kept: list[bool]) -> bytes:
        inside = b"".join(token for token, stays in zip(self.tokens, kept, strict=True) if stays)
        return self.mark + inside + self.mark


@dataclass
class Written:
    """A file: bytes that stay, and between them records of values, in the order of their article."""

    pieces: list[bytes | Value]
    articles: list[list[Value]]

    def before(self) -> bytes:
        return b"".join(
            each if isinstance(each, bytes) else each.without([True] * len(each.text)) for each in self.pieces
        )

    def after(self) -> bytes:
        """The file after what is marked in its articles was cut."""
        kept = {}
        for values in self.articles:
            text = joined([value.text for value in values])
            stays = [True] * len(text)
            for match in MARKED.finditer(text):
                stays[match.start() : match.end()] = [False] * (match.end() - match.start())
            at = 0
            for value in values:
                kept[id(value)] = stays[at : at + len(value.text)]
                at += len(value.text) + 2
        return b"".join(each if isinstance(each, bytes) else each.without(kept[id(each)]) for each in self.pieces)


def in_json(draw: Any, text: str) -> Value:
    tokens = []
    for char in text:
        units = char.encode("utf-16-be")
        hexed = "".join(f"\\u{int.from_bytes(units[i : i + 2]):04x}" for i in range(0, len(units), 2))
        ways = [hexed, "".join(f"\\u{unit.upper()}" for unit in hexed.split("\\u")[1:])]
        ways += [SHORT[char]] if char in SHORT else []
        ways += [char] * 3 if char >= " " and char not in '"\\' else []
        tokens.append(draw(st.sampled_from(ways)).encode())
    return Value(text, tokens)


def an_object(draw: Any, fields: dict[str, str], space: Any) -> tuple[list[bytes | Value], list[Value]]:
    """An object with ``fields`` in any order between others; the values in the order of the article."""
    values = {name: in_json(draw, text) for name, text in fields.items()}
    members: list[tuple[bytes, Any]] = [
        (in_json(draw, name).without([True] * len(name)), each) for name, each in values.items()
    ]
    for number in range(draw(st.integers(0, 2))):
        members.append((f'"x{number}"'.encode(), draw(OTHERS).encode()))
    members = draw(st.permutations(members))
    pieces: list[bytes | Value] = [b"{"]
    for number, (key, value) in enumerate(members):
        pieces += [b"," * bool(number), draw(space), key, draw(space), b":", draw(space), value, draw(space)]
    return [*pieces, b"}"], [values["title"], values["text"]]


RECORD = st.fixed_dictionaries({"title": TEXT, "text": TEXT})


@st.composite
def json_array(draw: Any) -> Written:
    """``[{...}, {...}]`` with any white space, or each record on a line of its own, or several."""
    pieces: list[bytes | Value] = [draw(st.sampled_from([b"", b"\xef\xbb\xbf"])), draw(SPACE), b"["]
    articles = []
    between = draw(st.one_of(st.just(SPACE), st.sampled_from([b"\n", b"\n  "]).map(st.just)))
    inside = SPACE if between is SPACE else draw(st.sampled_from([b"", b" ", b"\n    "]).map(st.just))
    for number, fields in enumerate(draw(st.lists(RECORD, max_size=5))):
        of_it, values = an_object(draw, fields, inside)
        pieces += [b"," * bool(number), draw(between), *of_it]
        articles.append(values)
    return Written([*pieces, draw(SPACE), b"]", draw(SPACE)], articles)


@st.composite
def json_lines(draw: Any) -> Written:
    """One object a line, with blank lines, and with or without the last line end."""
    blank = st.sampled_from([b"", b" ", b"\t "])
    pieces: list[bytes | Value] = [draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))]
    articles = []
    for number, fields in enumerate(draw(st.lists(RECORD, max_size=5))):
        of_it, values = an_object(draw, fields, blank)
        pieces += [
            draw(st.sampled_from([b"\n", b"\r\n", b"\n \n"])) if number else b"",
            draw(blank),
            *of_it,
            draw(blank),
        ]
        articles.append(values)
    return Written([*pieces, draw(st.sampled_from([b"", b"\n"]))], articles)


@st.composite
def table(draw: Any, delimiter: str) -> Written:
    """CSV with a header, quotes where they must be and at random elsewhere, any line end."""
    end = draw(st.sampled_from([b"\n", b"\r\n", b"\r"]))
    names = draw(st.permutations(["title", "text", "id", "n"]))
    one = delimiter.encode()
    pieces: list[bytes | Value] = [
        draw(st.sampled_from([b"", b"\xef\xbb\xbf"])),
        one.join(name.encode() for name in names),
    ]
    articles = []
    for number, fields in enumerate(draw(st.lists(RECORD, max_size=5))):
        values = {name: in_csv(draw, text, delimiter) for name, text in fields.items()}
        others = {"id": f'"r ""{number}"""'.encode(), "n": draw(st.sampled_from([b"", b"1", b'"a\nb"', b'5 " x']))}
        pieces.append(end * draw(st.integers(1, 2)))
        for column, name in enumerate(names):
            pieces += [one * bool(column), values.get(name) or others[name]]
        articles.append([values["title"], values["text"]])
    return Written([*pieces, draw(st.sampled_from([b"", end]))], articles)


def in_csv(draw: Any, text: str, delimiter: str) -> Value:
    # TSV with tabs and line ends in one field is left alone (its quotes may be none): not written here.
    if delimiter == "\t":
        text = text.replace("\t", " ")
    bare = not text.startswith('"') and not any(c in text for c in (delimiter, "\n", "\r")) and draw(st.booleans())
    if bare and any(piece.lstrip("⟦⟧").startswith('"') for piece in MARKED.split(text)[1:]):
        bare = False  # a cut there may need quotes, which is tested by itself
    return Value(text, [(c if bare or c != '"' else '""').encode() for c in text], b"" if bare else b'"')
