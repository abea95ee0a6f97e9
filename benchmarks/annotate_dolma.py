#!/usr/bin/env python3
"""Whether ``dolma mix`` takes out of texts what ``cleaner clean`` takes out, by ``--annotate dolma``.

    python benchmarks/annotate_dolma.py [--dolma-python PYTHON] [--articles 500]

Articles with planted repeats, in many scripts and with characters that a count in bytes or in UTF-16 would get wrong
(marks, emoji, characters beyond the basic plane, lone carriage returns, U+2028, NUL), and those of the dump where the
shared data is there, are

    cleaned                  -> the texts that must come out
    annotated, then mixed    -> the texts that dolma makes of our attributes, with "" for every span

article by article in each compression, and across the corpus. Writes benchmarks/results/annotate_dolma.json. Ends with
1 where one text differs, or where no article with anything but ASCII in it was changed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shards
from contenders import versions_in

ROOT = shards.ROOT
RESULT = ROOT / "benchmarks" / "results" / "annotate_dolma.json"
ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz", "äöüßéèçñøåæœ", "αβγδεζηθικλμ", "абвгдежзийклм", "אבגדהוזחטיכל", "ابتثجحخدذرزس",
    "अआइईउऊएऐओऔकखग", "กขคงจฉชซฌญ", "中文字符報紙新聞今天日本語", "가나다라마바사아자차", "𝒜𝒞𝒟𠜎𠜱𠝹",
    "\U0001f600\U0001f44d\U0001f3fd\U0001f1e9\U0001f1ea\u200d", "e\u0301o\u0308a\u030an\u0303",
)  # fmt: skip
BREAKS = ("\n\n", "\n", "\r\n", "\r\n\r\n", "\n\n\n", "\u2028", "\n\u00a0\n", "\r")
ODD = ("\ufeff", "\u200b", "\x00", "\u00ad", "\t", '"', "\\", "\x7f", "\U0010ffff", "\ufffd")
RUNS = (("article", ""), ("article", ".gz"), ("article", ".zst"), ("corpus", ".gz"))


def article(rng: random.Random) -> str:
    """Sentences as paragraphs, some of which come again, with odd signs here and there."""
    letters = rng.choice(ALPHABETS)
    paragraphs = [sentence(rng, letters) for _ in range(rng.randint(2, 9))]
    for _ in range(rng.randint(0, 4)):
        paragraphs.insert(rng.randint(0, len(paragraphs)), rng.choice(paragraphs))
    return "".join(paragraph + rng.choice(BREAKS) for paragraph in paragraphs)


def sentence(rng: random.Random, letters: str) -> str:
    words = ["".join(rng.choices(letters, k=rng.randint(2, 9))) for _ in range(rng.randint(8, 40))]
    if rng.random() < 0.2:
        words.insert(rng.randint(0, len(words)), rng.choice(ODD))
    return " ".join(words).capitalize() + rng.choice((".", "。", "!", "…", ""))


def articles(number: int) -> Iterator[dict[str, Any]]:
    rng = random.Random(1)
    for at in range(number):
        yield {"id": f"made-{at}", "text": article(rng), "source": "made"}
    if shards.DUMP.exists():
        for line in shards.read_lines()[:number]:
            record = json.loads(line)
            yield {"id": str(record["id"]), "text": record["text"], "source": "dump"}


def written(folder: Path, records: list[dict[str, Any]], suffix: str) -> Path:
    """The records in two files below ``folder/documents``, one spelled in ASCII."""
    half = len(records) // 2
    for name, part, ascii_only in (("a/one", records[:half], False), ("two", records[half:], True)):
        file = folder / "documents" / f"{name}.jsonl{suffix}"
        file.parent.mkdir(parents=True, exist_ok=True)
        data = "".join(json.dumps(record, ensure_ascii=ascii_only) + "\n" for record in part).encode()
        from cleaner.formats.compression import compressed

        file.write_bytes(compressed(data, suffix[1:]) if suffix else data)  # type: ignore[arg-type]
    return folder / "documents"


def read(folder: Path) -> dict[str, str]:
    """The texts of all records below a folder, by id."""
    from cleaner.formats.files import Source, kind_of
    from cleaner.formats.reading import open_source

    found: dict[str, str] = {}
    for file in sorted(path for path in folder.rglob("*.json*") if "_cleaner" not in path.parts):
        source = Source(str(file), file.name, "jsonl", kind_of(file.name)[1])
        for line in b"".join(open_source(source).pieces).split(b"\n"):
            if line:
                record = json.loads(line)
                found[record["id"]] = record["text"]
    return found


def clean(documents: Path, out: Path, scope: str, *options: str) -> None:
    command = [sys.executable, "-m", "cleaner", "clean", str(documents), "-o", str(out), "--scope", scope, "-q"]
    subprocess.run([*command, *options], check=True)


def mixed(python: Path, folder: Path, documents: Path, out: Path) -> dict[str, str]:
    """The texts that ``dolma mix`` makes of documents and attributes."""
    files = [str(path) for path in sorted(documents.rglob("*")) if path.is_file()]
    stream = {
        "name": "mixed",
        "documents": files,
        "attributes": ["cleaner"],
        "output": {"path": str(out), "max_size_in_bytes": 1 << 30},
        "span_replacement": [{"span": "$.attributes.cleaner__repeats", "min_score": 0.5, "replacement": ""}],
    }
    work = {"input": str(folder / "work-in"), "output": str(folder / "work-out")}
    config = folder / "mix.json"
    config.write_text(json.dumps({"streams": [stream], "processes": 1, "work_dir": work}), encoding="utf-8")
    done = subprocess.run([str(python.with_name("dolma")), "-c", str(config), "mix"], capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(f"dolma mix: {done.stderr.decode(errors='replace')[-500:]}")
    return read(out)


def compare(python: Path, records: list[dict[str, Any]], scope: str, suffix: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        documents = written(folder, records, suffix)
        clean(documents, folder / "cleaned", scope)
        clean(documents, folder, scope, "--annotate", "dolma")
        ours, theirs = read(folder / "cleaned"), mixed(python, folder, documents, folder / "mixed")
    before = {record["id"]: record["text"] for record in records}
    changed = [key for key, text in ours.items() if text != before[key]]
    differ = [key for key, text in before.items() if ours[key] != theirs.get(key)]
    return {
        "scope": scope,
        "compression": suffix.lstrip(".") or "none",
        "articles": len(records),
        "changed": len(changed),
        "changed, not ASCII": sum(not before[key].isascii() for key in changed),
        "differ": differ[:20],
        "differing": len(differ),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dolma-python", type=Path, default=ROOT / ".venv-dolma" / "bin" / "python")
    parser.add_argument("--articles", type=int, default=500)
    arguments = parser.parse_args()
    if not arguments.dolma_python.with_name("dolma").exists():
        print("skipped: no dolma; make bench-annotate installs it")
        return 0
    os.environ.setdefault("PYTHONPATH", str(ROOT))
    records = list(articles(arguments.articles))
    found = []
    for scope, suffix in RUNS:
        found.append(compare(arguments.dolma_python, records, scope, suffix))
        print(json.dumps(found[-1], ensure_ascii=False), flush=True)
    result = {"versions": versions_in(arguments.dolma_python, ("dolma",)), "runs": found}
    RESULT.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return int(any(run["differing"] or not run["changed, not ASCII"] for run in found))


if __name__ == "__main__":
    sys.exit(main())
