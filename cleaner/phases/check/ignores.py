"""Comments that silence findings, and those that silence nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple

from cleaner.findings import Finding, Region
from cleaner.phases.check.options import DEFAULTS, CheckOptions
from cleaner.phases.check.places import Places, finding
from cleaner.phases.check.rules import RULES
from cleaner.phases.check.solid import without_comments
from cleaner.text.pages.block import Comment, Page

Verb = Literal["ignore", "ignore-start", "ignore-end", "ignore-file"]

_said = re.compile(r"\s*cleaner:\s*(ignore(?:-start|-end|-file)?)(?![\w-])[\s:,]*(.*)", re.DOTALL)
_rule = re.compile(r"[a-z]+(?:-[a-z]+)+")
_word = re.compile(r"[A-Za-z][\w-]*")
_parting = re.compile(r"\s*,\s*")


class Ignore(NamedTuple):
    """What one comment silences.

    start, end  the comment, in characters of the file
    verb        as it was written; an ``ignore-start`` reaches down to its ``ignore-end``
    span        characters [start, end) in which findings are silenced
    rules       by name; none for all
    """

    start: int
    end: int
    verb: Verb
    span: tuple[int, int]
    rules: tuple[str, ...]

    def silences(self, rule: str, start: int, end: int) -> bool:
        return (not self.rules or rule in self.rules) and start < self.span[1] and self.span[0] < end


class Ignores(NamedTuple):
    """The comments of a page; ``faults``: what is wrong with one, by its place, as a sentence."""

    found: tuple[Ignore, ...]
    faults: tuple[tuple[int, int, str], ...]


class Applied(NamedTuple):
    """Findings that stay, the number of those that were silenced, and a finding for each comment without use."""

    kept: list[Finding]
    ignored: int
    unused: list[Finding]


_NONE = Ignores((), ())


def parse_ignores(page: Page) -> Ignores:
    """The ignores of a page, in their order."""
    if page.front is None and "cleaner:" not in page.text:
        return _NONE
    return _Parser(page).parse()


class _Parser:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.blocks = without_comments(page).blocks
        self.found: list[Ignore] = []
        self.faults: list[tuple[int, int, str]] = []
        self.open: list[Ignore] = []

    def parse(self) -> Ignores:
        key = self.front_comment()
        self.front(key)
        for comment in self.page.comments:
            said = _said.match(comment.text)
            if said and comment is not key:
                self.comment(comment, said[1], said[2])
        for begun in self.open:
            self.fault(begun, "This ignore-start has no ignore-end below it: it reaches to the end of the file.")
            self.found.append(begun)
        return Ignores(tuple(sorted(self.found)), tuple(sorted(self.faults)))

    def front_comment(self) -> Comment | None:
        """The key of the front matter, which readers give as a comment too, so that its place is known."""
        front = self.page.front
        return next((c for c in self.page.comments if front is not None and c.text == f"cleaner: {front}"), None)

    def front(self, place: Comment | None) -> None:
        """``cleaner: ignore``, ``cleaner: ignore RULE``, ``cleaner: [RULE, RULE]`` or one a line."""
        front = self.page.front
        if front is None:
            return
        start, end = (place.start, place.end) if place else (0, 0)
        words = _word.findall(front)
        if words[:1] in (["ignore"], ["ignore-file"], ["true"]):
            words = words[1:]
        known = [word for word in words if word in RULES]
        for word in words:
            if word not in RULES:
                self.faults.append((start, end, _unknown(word)))
        if known or not words:
            self.found.append(Ignore(start, end, "ignore-file", (0, len(self.page.text)), tuple(known)))

    def comment(self, comment: Comment, verb: str, rest: str) -> None:
        rules, unknown = _rules(rest)
        for name in unknown:
            self.faults.append((comment.start, comment.end, _unknown(name)))
        if unknown and not rules:
            return
        begin, end, whole = comment.start, comment.end, (0, len(self.page.text))
        if verb == "ignore-file" or (verb == "ignore" and self.is_in_front(comment)):
            self.found.append(Ignore(begin, end, "ignore-file", whole, rules))
        elif verb == "ignore-start":
            self.open.append(Ignore(begin, end, "ignore-start", (end, whole[1]), rules))
        elif verb == "ignore-end":
            self.close(comment, rules)
        else:
            span = self.block_of(comment)
            if span is None:
                self.faults.append((begin, end, "This ignore has no block beside it."))
            else:
                self.found.append(Ignore(begin, end, "ignore", span, rules))

    def is_in_front(self, comment: Comment) -> bool:
        """Whether a comment stands in the front matter: it is about the file."""
        first = self.page.blocks[0] if self.page.blocks else None
        return first is not None and first.kind == "other" and first.start <= 1 and comment.end <= first.end

    def close(self, comment: Comment, rules: tuple[str, ...]) -> None:
        """End the last start with these rules, or without names the last one."""
        for k in range(len(self.open) - 1, -1, -1):
            begun = self.open[k]
            if not rules or rules == begun.rules:
                del self.open[k]
                self.found.append(begun._replace(span=(begun.end, comment.start)))
                return
        self.faults.append((comment.start, comment.end, "This ignore-end has no ignore-start above it."))

    def fault(self, ignore: Ignore, what: str) -> None:
        self.faults.append((ignore.start, ignore.end, what))

    def block_of(self, comment: Comment) -> tuple[int, int] | None:
        """The block that a comment is about: the one it stands in or behind, else the next one, else the one above.

        Right below a block, with a blank line below itself, it is about the block above.
        """
        text = self.page.text
        above = below = None
        for block in self.blocks:
            if block.end <= comment.start:
                above = block
            elif block.start >= comment.end:
                below = block
                break
            else:
                return block.start, block.end
        if above and "\n" not in text[above.end : comment.start]:
            return above.start, above.end
        tight = above is not None and text.count("\n", above.end, comment.start) == 1
        if below and not (tight and text.count("\n", comment.end, below.start) > 1):
            return below.start, below.end
        return (above.start, above.end) if above and tight else None


def _rules(rest: str) -> tuple[tuple[str, ...], list[str]]:
    """The rules that a comment names in front of its reason, and the names among them that no rule has."""
    names = _parting.split(rest.strip())
    last = names[-1].split()
    names[-1:] = last[:1]
    if len(last) > 1 and last[0].rstrip(":") in RULES:
        names[-1] = last[0].rstrip(":")
    known = tuple(name for name in names if name in RULES)
    if known:
        return known, [name for name in names if name not in RULES and _rule.fullmatch(name)]
    first = rest.split()[:1]
    return (), [name for name in first if _meant_as_rule(name, len(rest.split()) == 1)]


def _meant_as_rule(word: str, alone: bool) -> bool:
    """Whether a word looks like the name of a rule rather than the first one of a reason."""
    from difflib import get_close_matches

    word = word.strip("[]:,")
    if word in RULES or not _rule.fullmatch(word):
        return False
    return alone or bool(get_close_matches(word, RULES, 1, 0.75))


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, RULES, 1, 0.6)
    meant = f"did you mean {close[0]}?" if close else f"known are {', '.join(RULES)}."
    return f"There is no rule {name[:60]!r}; {meant}"


def apply_ignores(findings: Iterable[Finding], page: Page, path: str, options: CheckOptions = DEFAULTS) -> Applied:
    """What the comments of a page leave of findings. Those of other files, and those across files, pass.

    One side of a finding is enough: here, or what it repeats. Of further places those that are silenced go.
    """
    ignores = parse_ignores(page)
    findings = list(findings)
    if not ignores.found and not ignores.faults:
        return Applied(findings, 0, [])
    used: set[Ignore] = set()
    kept = []
    for each in findings:
        left = each if each.here.path != path or each.rule == "across-files" else _left(each, ignores.found, used)
        if left is not None:
            kept.append(left)
    return Applied(kept, len(findings) - len(kept), _unused(ignores, used, page, path, options))


def _left(each: Finding, ignores: Sequence[Ignore], used: set[Ignore]) -> Finding | None:
    """A finding without the places that are silenced; None where nothing is left to be told."""
    sides = [each.here, *([each.there] if each.there else [])]
    silent = [ignore for ignore in ignores for side in sides if _on(ignore, each.rule, side)]
    more = [region for region in each.more if not _silencing(ignores, each.rule, region, used)]
    used.update(silent)
    if not silent:
        whole = len(more) == len(each.more)
        return each if whole else each._replace(more=tuple(more), cut=None, safe=False)
    if len(each.more) and more and not any(_on(ignore, each.rule, each.there) for ignore in ignores if each.there):
        return each._replace(here=more[0], more=tuple(more[1:]), cut=None, safe=False)
    return None


def _on(ignore: Ignore, rule: str, region: Region | None) -> bool:
    return region is not None and ignore.silences(rule, region.start, region.end)


def _silencing(ignores: Sequence[Ignore], rule: str, region: Region, used: set[Ignore]) -> bool:
    found = [ignore for ignore in ignores if _on(ignore, rule, region)]
    used.update(found)
    return bool(found)


def is_silent(ignores: Collection[Ignore], rule: str, start: int, end: int) -> bool:
    """Whether a rule is silenced for some characters of the file."""
    return any(ignore.silences(rule, start, end) for ignore in ignores)


def _unused(ignores: Ignores, used: set[Ignore], page: Page, path: str, options: CheckOptions) -> list[Finding]:
    severity = options.at(path).severity("unused-ignore")
    if severity is None:
        return []
    places = Places(path, page.text)
    idle = [
        (each.start, each.end, _idle(each)) for each in ignores.found if each not in used and _is_told(each, ignores)
    ]
    found = []
    for start, end, message in sorted({*idle, *ignores.faults}):
        text, region = page.text[start:end], places.region(start, end)
        content = text or message
        found.append(
            finding("unused-ignore", severity, region, None, text=text, other="", message=message, content=content)
        )
    return found


def _is_told(ignore: Ignore, ignores: Ignores) -> bool:
    """Whether an ignore without use is a finding: not where that is silenced, told already, or nobody can know."""
    if ignore.rules and not set(ignore.rules) - {"across-files", "unused-ignore"}:
        return False
    if any(fault[:2] == ignore[:2] for fault in ignores.faults):
        return False
    others = [each for each in ignores.found if each != ignore]
    return not is_silent(others, "unused-ignore", ignore.start, ignore.end)


def _idle(ignore: Ignore) -> str:
    what = f"of {', '.join(ignore.rules)} " if ignore.rules else ""
    hint = "" if ignore.rules else "; if it is for copies across files, name that rule: across-files"
    return f"Nothing {what}is found here any more that this would ignore{hint}."
