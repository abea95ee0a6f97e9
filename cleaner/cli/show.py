"""One article of a run with what went from it struck out, what says it named, and what stays although it is alike."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cleaner.cli.found import colored
from cleaner.cli.printing import joined, like, repeats, told
from cleaner.cli.streams import put, say, tell
from cleaner.formats.logged import Answer, Known, Log, called
from cleaner.formats.original import Original, original_of
from cleaner.formats.tally import words_in
from cleaner.report.findings.shown import visible
from cleaner.report.marked import LONG, Fold, Line, Mark, Marked, Piece, folded, marked, shortened
from cleaner.report.phrases import percent, plural, printable

MOST_MATCHES = 10
SIGNS = {"removed": "-", "witness": "=", "variant": "~"}
LEGEND = "-1 went, =1 says it and stays, ~1 nearly says it and stays"
MOST_GONE = 4000
"""Characters of a removed stretch of a line up to which all of it is shown."""
MOST_ID = 100
MOST_SIGNS = 3
"""Signs that stand beside one line."""


class Asked(NamedTuple):
    """What is to be shown, and how; ``record``, ``id`` and ``run`` as the flags have them."""

    out: Path
    name: str
    record: int | None = None
    id: str | None = None
    run: int | None = None
    full: bool = False
    html: bool = False
    to: Path | None = None


class Part(NamedTuple):
    """Some text of a line, with nothing in it that acts on a terminal. ``kind`` is what it is shown as."""

    kind: str
    text: str


class Row(NamedTuple):
    """A line as it is shown: its number and signs, its text in parts."""

    number: str
    signs: str
    parts: tuple[Part, ...]


def show_run(asked: Asked) -> int:
    """Run ``cleaner show``; returns its exit code. Raises CleanerError."""
    log = Log(asked.out)
    answer = called(log, asked.name, asked.record, asked.id)
    if len(answer.matches) != 1:
        _tell_matches(asked, answer)
        return 2
    found = original_of(log, answer.matches[0], asked.run)
    shown = marked(found.text, found.removals, found.variants)
    if asked.html:
        _page(asked, found, shown)
    else:
        _text(asked, found, shown)
    _tell_ways(asked, found, shown)
    return 0


def _tell_matches(asked: Asked, answer: Answer) -> None:
    """What the name may have meant."""
    if not answer.matches:
        say(f"{asked.name!r}: no file of this run, and no id of an article in which it found something{_near(answer)}")
        return
    if all(_holds(asked.name, each.file) for each in answer.matches):
        what = f"{asked.name!r} holds {plural(len(answer.matches), 'article')} in which something was found"
    else:
        what = f"{asked.name!r} may be one of {len(answer.matches):,} articles"
    say(f"{what}; give one of them:")
    for each in answer.matches[:MOST_MATCHES]:
        tell(f"  cleaner show {asked.out} {_command(each)}")
    if len(answer.matches) > MOST_MATCHES:
        tell(f"  ... and {len(answer.matches) - MOST_MATCHES:,} more")


def _holds(name: str, file: str) -> bool:
    """Whether ``name`` is that of the file, with more or less of its path, or of the archive that it is in."""
    return file.endswith(name) or name.endswith(file) or file.startswith(f"{name}/")


def _near(answer: Answer) -> str:
    if answer.near:
        return f"; near it: {joined([repr(each) for each in answer.near])}"
    return "; a record in which nothing was found is named as FILE:ID or FILE:NUMBER"


def _command(known: Known) -> str:
    from shlex import quote

    about = [f"id {known.id}"] if known.id is not None else []
    about += [f"line {known.line} of the file"] if known.line is not None else []
    record = f" --record {known.record}" if known.record is not None else ""
    return f"{quote(known.file)}{record}" + (f"  ({', '.join(about)})" if about else "")


def name_of(found: Original) -> str:
    """``news.jsonl, record 2 (id flat-twice)``"""
    record = f", record {found.record}" if found.record is not None else ""
    id = str(found.id)
    id = id if len(id) <= MOST_ID else f"{id[:MOST_ID]}…"
    return f"{found.file}{record}" + (f" (id {id})" if found.id is not None else "")


def what_went(found: Original, shown: Marked) -> str:
    """``removed 1 block (165 of 370 words, 44.6%); 1 variant kept``"""
    shapes = {mark.number: str(mark.row["shape"]) for mark in shown.marks if mark.removed}
    kinds = [plural(list(shapes.values()).count(kind), kind) for kind in ("paragraph", "block", "passage")]
    kinds = [each for each in kinds if not each.startswith("0 ")]
    said = f"removed {joined(kinds)} ({_words(found)})" if kinds else "nothing was removed"
    variants = len({mark.number for mark in shown.marks if not mark.removed})
    return said + (f"; {plural(variants, 'variant')} kept" if variants else "")


def _words(found: Original) -> str:
    if found.counts is not None and found.counts.get("words"):
        gone, words = found.counts["removed_words"], found.counts["words"]
        return f"{gone:,} of {words:,} words, {percent(min(1.0, gone / words))}"
    kind = "html" if found.format == "html" else "plain"
    return plural(sum(words_in(found.text[row["start"] : row["end"]], kind) for row in found.removals), "word")


def _text(asked: Asked, found: Original, shown: Marked) -> None:
    """To standard output, or plain to a file."""
    rows = [_row(each, asked.full) for each in folded(shown.lines, full=asked.full)]
    head = f"{visible(name_of(found))}: {what_went(found, shown)}"
    if asked.to is None and colored("auto", sys.stdout):
        from cleaner.cli.show_terminal import print_article

        print_article(head, LEGEND if shown.marks else "", rows)
        return
    lines = [head, *([LEGEND] if shown.marks else []), "", *_plain(rows)]
    _write(asked, "".join(f"{line}\n" for line in lines))


def _write(asked: Asked, text: str) -> None:
    if asked.to is None:
        put(text)
        return
    from cleaner.formats.atomic import write_whole
    from cleaner.formats.writing import named

    with named(str(asked.to)):
        write_whole(asked.to, text.encode("utf-8", "backslashreplace"))


def _page(asked: Asked, found: Original, shown: Marked) -> None:
    from cleaner.report.article_page import Article, Words, page

    about = Article(name_of(found), what_went(found, shown), _runs(found), _restores(asked, found))
    _write(asked, page(about, shown, Words(note, _whole), full=asked.full))


def _whole(marks: Sequence[Mark]) -> str:
    """All of a repeat, or a variant."""
    if marks[0].removed:
        return " ".join(told([mark.row for mark in marks]))
    return f"{marks[0].row['shape']} is {like(marks[0].row)}"


def _row(each: Line | Fold, full: bool) -> Row:
    if isinstance(each, Fold):
        return Row("", "", (Part("fold", f"… {plural(len(each.lines), 'line')} …"),))
    signs = [f"{SIGNS[sign]}{number}" for sign, number in each.signs()]
    more = "…" if len(signs) > MOST_SIGNS else ""
    return Row(str(each.number), "".join(signs[:MOST_SIGNS]) + more, tuple(_parts(each, full)))


def _parts(line: Line, full: bool) -> Iterator[Part]:
    whole = all(piece.witness for piece in line.pieces if piece.text.strip())
    last = len(line.pieces) - 1
    for at, piece in enumerate(line.pieces):
        if piece.text:
            yield from _of_piece(piece, full, whole=whole)
        behind = "".join(each.text for each in line.pieces[at + 1 :]) if at < last else ""
        for mark in piece.ends:
            yield Part("note", f" [← {note(mark)}]" if behind.strip() else f" ← {note(mark)}")


def _of_piece(piece: Piece, full: bool, *, whole: bool) -> Iterator[Part]:
    """A stretch, and of a long one its ends: what goes and what stays is read there."""
    kind = "removed" if piece.removed else "differs" if piece.differs else "variant" if piece.variant else "kept"
    if piece.witness and kind != "differs":
        kind = "witness" if whole else "witness part"
    begin, left, end = (piece.text, 0, "") if full else shortened(piece.text, MOST_GONE if piece.removed else LONG)
    more = f" … {left:,} characters … " if left else ""
    if kind in _BRACKETS:
        yield Part(kind, visible(begin) + more + visible(end))
        return
    yield Part(kind, visible(begin))
    if left:
        yield Part("fold", more)
        yield Part(kind, visible(end))


def note(mark: Mark) -> str:
    """What is said behind a mark."""
    return repeats(mark.row) if mark.removed else like(mark.row)


_BRACKETS = {"removed": ("[-", "-]"), "differs": ("[~", "~]"), "witness part": ("[=", "=]")}


def _plain(rows: Sequence[Row]) -> Iterator[str]:
    """Lines as of wdiff: ``8 -1 | [-what went-] ← repeats line 3 (exact)``"""
    wide, signs = widths(rows)
    for row in rows:
        text = "".join(_bracketed(row.parts))
        bar = f"{row.number:>{wide}} {row.signs:{signs}} |" if signs else f"{row.number:>{wide}} |"
        yield f"{bar} {text}".rstrip()


def _bracketed(parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        before, behind = _BRACKETS.get(part.kind, ("", ""))
        yield f"{before}{part.text}{behind}" if part.text.strip() else part.text


def widths(rows: Sequence[Row]) -> tuple[int, int]:
    """Characters of the longest number and of the longest signs."""
    return max((len(row.number) for row in rows), default=1), max((len(row.signs) for row in rows), default=0)


def _runs(found: Original) -> str:
    """Which of several runs is shown."""
    if found.runs == 1:
        return ""
    return f"cleaned in its place {found.runs} times: this is run {found.run}, --run shows another"


def _restores(asked: Asked, found: Original) -> str:
    """The command that gives the article back."""
    from shlex import quote

    record = f" --record {found.record}" if found.record is not None and found.format != "parquet" else ""
    return f"cleaner restore {quote(str(asked.out))} -o FOLDER --file {quote(found.file)}{record}"


def _tell_ways(asked: Asked, found: Original, shown: Marked) -> None:
    """To standard error: what else can be seen, and how the text is had back."""
    if runs := _runs(found):
        tell(runs)
    if found.removals:
        tell(f"{_restores(asked, found)} gives it back")
    if asked.to is not None:
        tell(f"written to {printable(str(asked.to))}")
