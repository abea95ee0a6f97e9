"""Findings that were there when the check was switched on, kept in a file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from cleaner.decisions import Decisions
from cleaner.decisions import key_of as text_key
from cleaner.errors import SettingsError
from cleaner.findings import Finding, Region
from cleaner.phases.check.keys import key_of
from cleaner.phases.check.places import content_key

VERSION = 1
Known = dict[tuple[str, str], int]
"""How often a file holds a block that was found: by hash and path. Neither rules nor lines play a part."""


class Applied(NamedTuple):
    """Findings that are new, the number of those that are known, and of entries that are there no more."""

    kept: list[Finding]
    known: int
    gone: int


def content_hash(finding: Finding) -> str:
    """Of what a finding says, whatever its rule and its place."""
    return content_key("", key_of(finding.text))


def known_of(findings: Iterable[Finding]) -> Known:
    """What findings would be known by: every place of each block, counted by file."""
    places: dict[str, set[Region]] = {}
    for each in findings:
        places.setdefault(content_hash(each), set()).update(_sides(each))
    return dict(Counter((content, region.path) for content, regions in places.items() for region in regions))


def _sides(each: Finding) -> list[Region]:
    return [each.here, *each.more, *([each.there] if each.there else [])]


def write_baseline(findings: Iterable[Finding]) -> str:
    """The file: JSON, one block a line, in an order that makes differences small."""
    import json

    known = sorted((path, content, count) for (content, path), count in known_of(findings).items())
    lines = [json.dumps({"path": path, "hash": content, "count": count}) for path, content, count in known]
    blocks = "\n  " + ",\n  ".join(lines) + "\n" if lines else ""
    return f'{{"version": {VERSION}, "blocks": [{blocks}]}}\n'


def read_baseline(text: str, name: str) -> Known:
    """What ``write_baseline`` wrote. Raises SettingsError, with ``name`` of the file, where it is something else."""
    import json

    try:
        whole = json.loads(text)
        if whole["version"] != VERSION:
            raise SettingsError(f"baseline {name} has version {whole['version']!r}, not {VERSION}; write it anew")
        return {(str(each["hash"]), str(each["path"])): _count(each) for each in whole["blocks"]}
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"baseline {name} cannot be read ({error!r}); write it anew") from None


def _count(each: Any) -> int:
    count = each["count"]
    if not isinstance(count, int):
        raise TypeError(f"count is {count!r}")
    return count


def apply_baseline(findings: Iterable[Finding], known: Known) -> Applied:
    """Findings that the baseline does not have.

    A file may hold a block as often as it did; of one more copy, each last finding is new: which copy came last
    cannot be seen.
    """
    findings = list(findings)
    now = known_of(findings)
    spare = {place: count - known.get(place, 0) for place, count in now.items()}
    kept = []
    for each in reversed(findings):
        content = content_hash(each)
        places = {(content, region.path) for region in _sides(each)}
        further = [place for place in places if spare[place] > 0]
        if further:
            kept.append(each)
            for place in further:
                spare[place] -= 1 + len(each.more)
    return Applied(kept[::-1], len(findings) - len(kept), sum(place not in now for place in known))


_between = (re.compile(r"\n[ \t\r]*\n"), re.compile(r"\n"))
_tag = re.compile(r"<[^<>]*>")


def apply_decisions(findings: Iterable[Finding], decisions: Decisions) -> Applied:
    """Findings of texts that nobody decided to keep. Of a block all paragraphs must be kept."""
    findings = list(findings)
    kept = [each for each in findings if not _is_kept(each, decisions.kept)]
    return Applied(kept, len(findings) - len(kept), 0)


def _is_kept(each: Finding, kept: frozenset[str]) -> bool:
    """Whether what stands there, or each of its paragraphs, is kept; of a page as it is shown, too."""
    texts = [each.text]
    if "<" in each.text or "&" in each.text:
        import html

        texts.append(html.unescape(_tag.sub("", each.text)))
    parted = [[text] for text in texts] + [sign.split(text) for text in texts for sign in _between]
    said = ([part for part in parts if part.strip()] for parts in parted)
    return any(parts and all(text_key(part) in kept for part in parts) for parts in said)
