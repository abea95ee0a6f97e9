"""Each finding with both texts and the words that differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TextIO

from cleaner.findings import Finding
from cleaner.report.findings import columns, concise, told
from cleaner.report.findings.concise import DIM, GREEN, RED, painted
from cleaner.report.findings.findings import Findings
from cleaner.report.findings.shown import file_name, visible

LINES = 20
"""Lines of a text that are shown; json has all."""
LONGEST = 10_000
"""Characters up to which two texts are compared here; in Chinese each is a word, and the comparison takes 25 MB."""
AROUND = 4
"""Equal words and signs that are shown on each side of a difference."""

_between = re.compile(r"\s*[\r\n][\s>]*|\s+|\S")


class Step(NamedTuple):
    """A stretch of two texts: in both, or what stands in the first instead of what stands in the second."""

    equal: str
    first: str
    second: str


def write(run: Findings, out: TextIO, *, color: bool) -> None:
    """The concise line, the witness, the text, their differences, the fix; then notes and a summary."""
    for finding in run.findings:
        out.write(f"{concise.line(finding, run.root, color)}\n")
        for each in _body(finding, color):
            out.write(f"  {each}\n" if each else "\n")
        out.write("\n")
    concise.end(run, out, color)


def _body(finding: Finding, color: bool) -> Iterator[str]:
    wide = max(len(str(columns.last_line(region))) for region in (finding.here, finding.there) if region is not None)
    if finding.there is not None:
        far = finding.there.path != finding.here.path
        yield from _text(finding.other, finding.there.line, file_name(finding.there.path) if far else "", wide, color)
    yield from _text(finding.text, finding.here.line, "", wide, color)
    if finding.there is not None:
        yield f"differs: {_difference(finding, color)}".rstrip()
    if finding.cut is not None:
        what = "--fix" if finding.safe else "--fix --unsafe-fixes"
        yield f"fix: {what} takes out {_lines(finding)}"
    yield f"why: cleaner rule {finding.rule}"


def _lines(finding: Finding) -> str:
    first, last = finding.here.line, columns.last_line(finding.here)
    return f"line {first}" if first == last else f"lines {first}-{last}"


def _text(text: str, line: int, path: str, wide: int, color: bool) -> Iterator[str]:
    """The text with line numbers (of ``wide`` characters), the path above where it stands in another file."""
    if path:
        yield f"{path}:"
    lines = [each.removesuffix("\r") for each in text.split("\n")]
    for number, each in enumerate(lines[:LINES], line):
        bar = f"{number:{wide}} |"
        yield f"{painted(bar, DIM) if color else bar} {visible(each)}".rstrip()
    if len(lines) > LINES:
        yield f"... {told.plural(len(lines) - LINES, 'more line')}; --format json has all"


def _difference(finding: Finding, color: bool) -> str:
    """Words that stand in the witness only as ``[-...-]``, in the text only as ``{+...+}``."""
    if finding.other == finding.text:
        return "nowhere"
    if max(len(finding.text), len(finding.other)) > LONGEST:
        return f"not shown for more than {LONGEST:,} characters; --format json names the differences"
    steps = diff(finding.other, finding.text)
    return "".join(_shown(step, at, len(steps), color) for at, step in enumerate(steps)) or "in spacing only"


def _shown(step: Step, at: int, number: int, color: bool) -> str:
    if step.equal:
        return visible(_shortened(step.equal, first=at == 0, last=at == number - 1))
    gone, come = visible(step.first), visible(step.second)
    if not color:
        return (f"[-{gone}-]" if gone else "") + (f"{{+{come}+}}" if come else "")
    return (painted(gone, RED) if gone else "") + (painted(come, GREEN) if come else "")


def _shortened(text: str, *, first: bool, last: bool) -> str:
    """The ends of what is equal, as far as a difference stands beside them."""
    words = re.findall(r"\s*\S+\s*|\s+", text)
    head = [] if first else words[:AROUND]
    tail = [] if last else words[max(len(words) - AROUND, len(head)) :]
    return text if len(head) + len(tail) == len(words) else f"{''.join(head)}… {''.join(tail)}"


def diff(first: str, second: str) -> list[Step]:
    """Two texts side by side in words and signs; a run of white space is one space."""
    from cleaner.text.differences import changes

    a, b = _pieces(first), _pieces(second)
    steps, at = [], 0
    for start, end, other, other_end in changes(a, b):
        if start > at:
            steps.append(Step("".join(a[at:start]), "", ""))
        steps.append(Step("", "".join(a[start:end]), "".join(b[other:other_end])))
        at = end
    return [*steps, Step("".join(a[at:]), "", "")] if steps and at < len(a) else steps


def _pieces(text: str) -> list[str]:
    """Words, single signs and spaces; the signs of a quotation that begin a line are part of its break."""
    from cleaner.text.words import finder

    pieces, at = [], 0
    for word in (*finder(text)(text, 0, len(text)), None):
        start = word.start() if word else len(text)
        pieces += [piece if len(piece) == 1 and piece.strip() else " " for piece in _between.findall(text[at:start])]
        if word:
            pieces.append(word[0])
            at = word.end()
    return pieces
