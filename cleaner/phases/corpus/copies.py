"""Paragraphs with one copy key: the raw texts decide which of them are copies, each of a kept one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from cleaner.decisions import key_of
from cleaner.phases.compare import compare
from cleaner.phases.corpus.links import Link, Look, Looking
from cleaner.phases.deciding import DECIDED
from cleaner.phases.resolve import DECISION
from cleaner.settings import Settings

MOST_VERSIONS = 32
"""Different texts of one key that a paragraph is compared with. Real groups have one to three; more is
a template in signs alone, and what the cap leaves undecided stays and is counted."""


class Boilerplate(NamedTuple):
    """Paragraphs that stand in ``least`` articles and more; with ``drop`` none of them stays."""

    least: int
    drop: bool = False


class Group(NamedTuple):
    """links: at most one a paragraph. capped: paragraphs that were not compared with every version."""

    links: list[Link]
    capped: int


@dataclass(slots=True)
class _Version:
    """One text: the paragraphs that stay with it, those that go for them, and the articles that have it."""

    kept: list[tuple[int, Look]] = field(default_factory=list)
    links: list[tuple[Link, Look]] = field(default_factory=list)
    articles: set[tuple[int, int]] = field(default_factory=set)


def links_among(
    members: Sequence[int],
    look: Looking,
    settings: Settings,
    earlier: Sequence[tuple[int, Look]] = (),
    boilerplate: Boilerplate | None = None,
) -> Group:
    """Which of ``members`` (ascending, with one key) go for which, or differ from which.

    earlier  paragraphs of earlier runs with this key: they are there before all others, and never go

    The first that says something stays, or the last where the settings say so; a witness is always one
    that stays, and of another article. A variant under the rule ``decision`` may go: what relies on it must
    follow it then, here and elsewhere.
    """
    versions: dict[str, _Version] = {}
    for number, seen in earlier:
        if seen.prose:
            versions.setdefault(_solid(seen), _Version()).kept.append((number, seen))
    variants, capped = list[Link](), 0
    for here in members if settings.keep == "first" else reversed(members):
        seen = look(here)
        if not seen.prose:
            continue
        link, version, cut = _link(here, seen, versions, settings)
        capped += cut
        version = version if version is not None else versions.setdefault(_solid(seen), _Version())
        version.articles.add((seen.by, seen.article))
        if link is not None and link.relation == "copy" and not seen.protected:
            version.links.append((link, seen))
        else:
            version.kept.append((here, seen))
            variants += _reported(link, seen)
    found = [link for version in versions.values() for link in _of_version(version, boilerplate)]
    known = {link.here for link in variants}
    return Group([*(link for link in found if link.relation == "copy" or link.here not in known), *variants], capped)


def _reported(link: Link | None, seen: Look) -> list[Link]:
    """What is said of a paragraph that stays."""
    if link is not None and seen.kept:
        return [link._replace(relation="variant", rule=DECIDED)]
    return [link] if link is not None and link.relation == "variant" else []


def _solid(seen: Look) -> str:
    return " ".join(seen.content.split())


def _of_version(version: _Version, boilerplate: Boilerplate | None) -> list[Link]:
    links = [link for link, _ in version.links]
    if boilerplate is None:
        return links
    counts = Counter(by for by, _ in version.articles)
    many = {by: count for by, count in counts.items() if count >= boilerplate.least}
    links = [link._replace(boilerplate=many.get(seen.by, 0)) for link, seen in version.links]
    if boilerplate.drop and links and many:
        return _dropped(version, many)
    return links


def _dropped(version: _Version, many: dict[int, int]) -> list[Link]:
    """Links by which no copy stays in a group where the text is boilerplate, and one for all other groups.

    What goes without a witness that stays names a copy that goes as well; the rule says so.
    """
    kept = [(number, seen) for number, seen in version.kept if seen.by not in many or number < 0 or seen.protected]
    others = [(link.here, seen) for link, seen in version.links if seen.by not in many]
    if not kept and others:
        kept, others = others[:1], others[1:]
    staying = {number for number, _ in kept}
    found = []
    for link, seen in version.links:
        if link.here in staying:
            continue
        witness = next((each for each in kept if each[1].article != seen.article), None)
        if witness is not None and link.witness not in staying:
            link = link._replace(witness=witness[0], place=witness[1].place, witness_key=key_of(witness[1].content))
        found.append(link._replace(boilerplate=many.get(seen.by, 0)))
    instead = kept[0] if kept else (version.links[0][0].here, version.links[0][1])
    found += [
        Link(
            number, instead[0], "copy", "exact", "boilerplate", 1.0, (), None, many[seen.by], key_of(instead[1].content)
        )
        for number, seen in version.kept
        if number not in staying
    ]
    return [*found, *(link for number, seen in kept if seen.kept for link in _only_kept(number, seen, version))]


def _only_kept(number: int, seen: Look, version: _Version) -> list[Link]:
    """Of boilerplate that stays by decision: a copy of it in another article, which goes."""
    copies = (link.here for link, other in version.links if other.article != seen.article and not other.kept)
    return [Link(number, copy, "variant", "exact", DECIDED, 1.0, ()) for copy in list(copies)[:1]]


def _link(
    here: int, seen: Look, versions: dict[str, _Version], settings: Settings
) -> tuple[Link | None, _Version | None, bool]:
    """What ``here`` goes for or differs from, the version it is a copy of, and whether the cap was met."""
    solid = _solid(seen)
    same = versions.get(solid)
    witness = _elsewhere(same, seen) if same is not None else None
    if witness is not None:
        rule = "identical" if witness[1].content == seen.content else "spacing"
        return Link(here, witness[0], "copy", "exact", rule, 1.0, (), witness[1].place), same, False
    variant: tuple[Link, _Version] | None = None
    decisions = settings.decisions
    for count, (other, version) in enumerate(versions.items()):
        if count == MOST_VERSIONS:
            return *(variant or (None, None)), True
        witness = _elsewhere(version, seen) if other != solid else None
        if witness is None:
            continue
        found = compare(witness[1].content, seen.content, settings)
        why = found.level or "similar", found.rule, found.similarity, found.differences, witness[1].place
        key = key_of(witness[1].content)
        if found.relation == "copy" and (settings.level != "exact" or found.level == "exact"):
            return Link(here, witness[0], "copy", *why, witness_key=key), version, False
        if found.relation == "different":
            continue
        goes = not seen.protected and decisions.removes(seen.content, witness[1].content)
        if variant is None or (goes and variant[0].rule != DECISION):
            link = Link(here, witness[0], "variant", *why, witness_key=key)
            variant = link._replace(level="similar", rule=DECISION) if goes else link, version
    if variant is None:
        return None, None, False
    if settings.level == "similar":
        rule = DECISION if variant[0].rule == DECISION else "similar"
        return variant[0]._replace(relation="copy", rule=rule), variant[1], False
    return variant[0], None, False


def _elsewhere(version: _Version | None, seen: Look) -> tuple[int, Look] | None:
    """The first paragraph that stays with a version, in another article."""
    kept = version.kept if version is not None else ()
    return next((each for each in kept if each[1].article != seen.article), None)
