"""Files of each format with made-up articles in them, and their texts again."""

from __future__ import annotations

import codecs
import csv
import io
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from attack.choices import Choices
from attack.generator import Made, markdown, page, plain

Name = Literal["plain", "markdown", "html", "jsonl", "json", "csv", "tsv"]


@dataclass(frozen=True, slots=True)
class Format:
    """``make`` gives an article; ``write`` and ``read`` a file of articles, None where each is a file of its own."""

    name: Name
    text_format: str
    suffix: str
    make: Callable[[Choices, Made], str]
    made: Made
    write: Callable[[random.Random, Sequence[str]], bytes] | None = None
    read: Callable[[bytes], list[str]] | None = None


# --- a file is an article ---------------------------------------------------------------------

UTF_8, UTF_16 = "utf-8", "utf-16"
ENCODINGS = [UTF_8, UTF_8, UTF_8, UTF_8, "utf-8-sig", UTF_16, "utf-16-be", "latin-1", "cp1252"]


def encoded(rng: random.Random, text: str) -> bytes:
    """In an encoding that can write it: UTF-8 mostly, with a mark or without, UTF-16, Western ones."""
    encoding = rng.choice(ENCODINGS)
    try:
        data = text.encode(encoding)
    except UnicodeEncodeError:
        return text.encode(UTF_8)
    return codecs.BOM_UTF16_BE + data if encoding == "utf-16-be" else data


# --- a file of articles -----------------------------------------------------------------------


def lines_of_json(rng: random.Random, texts: Sequence[str]) -> bytes:
    ends = rng.choice(["\n", "\n", "\r\n"])
    rows = (json.dumps(_record(n, text), ensure_ascii=_is_ascii(rng, text)) + ends for n, text in enumerate(texts, 1))
    return "".join(rows).encode()


def array_of_json(rng: random.Random, texts: Sequence[str]) -> bytes:
    between = rng.choice([",\n", ", ", ",\n  "])
    rows = (json.dumps(_record(n, text), ensure_ascii=_is_ascii(rng, text)) for n, text in enumerate(texts, 1))
    return f"[\n{between.join(rows)}\n]\n".encode()


def _record(number: int, text: str) -> dict[str, object]:
    return (
        {"id": f"r{number}", "text": text, "n": number / 2} if number % 3 else {"n": None, "text": text, "id": number}
    )


def _is_ascii(rng: random.Random, text: str) -> bool:
    """Lone surrogates can only be written as escapes."""
    return rng.random() < 0.5 or any("\ud800" <= c <= "\udfff" for c in text)


def of_lines(data: bytes) -> list[str]:
    return [json.loads(line)["text"] for line in data.split(b"\n") if line.strip()]


def of_array(data: bytes) -> list[str]:
    return [record["text"] for record in json.loads(data)]


def table(delimiter: str) -> Callable[[random.Random, Sequence[str]], bytes]:
    def write(rng: random.Random, texts: Sequence[str]) -> bytes:
        stream = io.StringIO()
        bare = not any("\r" in text for text in texts)  # the csv module leaves such fields without quotes
        quoting = rng.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]) if bare else csv.QUOTE_ALL
        writer = csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator=rng.choice(["\n", "\r\n"]))
        writer.writerow(["id", "text", "n"])
        writer.writerows([f"r{n}", text, n] for n, text in enumerate(texts, 1))
        return stream.getvalue().encode()

    return write


def of_table(delimiter: str) -> Callable[[bytes], list[str]]:
    def read(data: bytes) -> list[str]:
        csv.field_size_limit(1 << 30)
        return [row[1] for row in csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter)][1:]

    return read


def for_tsv(rng: Choices, made: Made) -> str:
    """TSV with tabs and line ends in one field is left alone (its quotes may be none): lines stay, tabs go."""
    return plain(rng, made).replace("\t", " ")


_WITHOUT_NUL = Made(nul=False)
FORMATS: dict[Name, Format] = {
    each.name: each
    for each in (
        Format("plain", "plain", ".txt", plain, Made(surrogates=True)),
        Format("markdown", "markdown", ".md", markdown, Made(surrogates=True)),
        Format("html", "html", ".html", page, Made(surrogates=True)),
        Format("jsonl", "plain", ".jsonl", plain, Made(surrogates=True), lines_of_json, of_lines),
        Format("json", "plain", ".json", plain, Made(surrogates=True), array_of_json, of_array),
        Format("csv", "plain", ".csv", plain, _WITHOUT_NUL, table(","), of_table(",")),
        Format("tsv", "plain", ".tsv", for_tsv, _WITHOUT_NUL, table("\t"), of_table("\t")),
    )
}


def written(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
