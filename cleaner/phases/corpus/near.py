"""Near pairs across articles: from sketches to pairs, from pairs to what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.decisions import key_of
from cleaner.kernels.decode import words_kernel
from cleaner.kernels.pairing import band_pairs, distances
from cleaner.phases.corpus.links import Link, Look, Looking
from cleaner.phases.deciding import DECIDED
from cleaner.phases.lsh import CAP
from cleaner.phases.resolve import DECISION
from cleaner.settings import Settings
from cleaner.text.differences import changes, class_of, immaterial_rules
from cleaner.text.pairs import same_word
from cleaner.text.strict import strict_words
from cleaner.types import Difference

I64: TypeAlias = NDArray[np.int64]

NEEDED = 0.4
"""Share of a thumbnail's places in which a candidate pair agrees. A pair at Jaccard .7 agrees in 42 of 60
and less than 24 about once in 10 million pairs (a binomial tail); most pairs that a band brings together
by chance agree in less."""

MOST_DIFFERENCES = 20


GOES, STAYS = 1, 2
"""What somebody decided about a pair: that its first paragraph goes for the second, or stays."""


class Near(NamedTuple):
    """Edit similarities over words of pairs: float32[pairs]; what was decided about them: int8[pairs]."""

    similar: NDArray[np.float32]
    decided: NDArray[np.int8]


class Pick(NamedTuple):
    """What is said of paragraph ``here``: it goes for ``witness``, or is a variant of it."""

    here: int
    witness: int
    similarity: float
    decided: int

    def goes(self, settings: Settings) -> bool:
        return self.decided == GOES or (settings.level == "similar" and self.decided != STAYS)


def decided_of(here: Look, witness: Look, settings: Settings) -> int:
    """What was decided about a pair: 0 for nothing."""
    if here.kept:
        return STAYS
    return GOES if not here.protected and settings.decisions.removes(here.content, witness.content) else 0


class Bucketed(NamedTuple):
    """pairs int64[pairs, 2], (earlier, later); left_out and hot: see ``kernels.pairing.band_pairs``."""

    pairs: I64
    left_out: int
    hot: I64


def pairs_of_band(
    keys: NDArray[np.uint64], thumbs: NDArray[np.uint8], words: NDArray[np.int32], settings: Settings
) -> Bucketed:
    """The candidate pairs of one band; positions in ``keys``."""
    needed = int(NEEDED * thumbs.shape[1])
    return Bucketed(*band_pairs(keys, thumbs, words, settings.similarity, needed, CAP))


def similarities(
    left: I64, right: I64, texts: Callable[[I64], Sequence[bytes]], look: Looking, settings: Settings
) -> Near:
    """Edit similarity over words of pairs of paragraphs; 0 where it is under the settings' or one may not go.

    left, right int64[pairs]: numbers of paragraphs; ``texts`` gives their UTF-8. Pairs within one article
    have 0: they are its own matter.
    """
    numbers = np.unique(np.concatenate([left, right]))
    i, j = np.searchsorted(numbers, left), np.searchsorted(numbers, right)
    similar = similarities_of(texts(numbers), i, j, settings)
    decided = np.zeros(len(similar), dtype=np.int8)
    near = np.flatnonzero(similar > 0)
    seen = {number: look(number) for number in np.unique(np.concatenate([left[near], right[near]])).tolist()}
    for k in near.tolist():
        one, other = seen[int(left[k])], seen[int(right[k])]
        here, witness = (one, other) if settings.keep == "last" else (other, one)
        stays = here.protected and not here.kept and settings.level == "similar"
        if stays or not (one.prose and other.prose) or one.article == other.article:
            similar[k] = 0
        elif settings.decisions:
            decided[k] = decided_of(here, witness, settings)
    return Near(similar, decided)


def similarities_of(texts: Sequence[bytes], left: I64, right: I64, settings: Settings) -> NDArray[np.float32]:
    """Edit similarity over words of pairs of ``texts`` (UTF-8); 0 under the settings', and of those without words."""
    ends = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    keys, _, _, _, offsets = words_kernel(np.frombuffer(b"".join(texts), dtype=np.uint8), ends[:-1], ends[1:])
    lengths = np.diff(offsets)
    apart = distances(keys, offsets, left, right, settings.similarity)
    taken = (apart >= 0) & (lengths[left] > 0) & (lengths[right] > 0)
    longest = np.maximum(np.maximum(lengths[left], lengths[right]), 1)
    return np.where(taken, 1 - apart / longest, 0).astype(np.float32)


def explained(picked: Sequence[Pick], content: Callable[[int], str], settings: Settings) -> list[Link]:
    """What to say of pairs; at level ``similar``, and where somebody decided so, the first of them goes."""
    links = []
    for pick in picked:
        here, witness = content(pick.here), content(pick.witness)
        differences = tuple(differences_between(here, witness)[:MOST_DIFFERENCES])
        relation, rule = ("copy", "similar") if pick.goes(settings) else ("variant", "differs")
        rule = {GOES: DECISION, STAYS: DECIDED}.get(pick.decided, rule)
        why = "similar", rule, round(pick.similarity, 4), differences
        links.append(Link(pick.here, pick.witness, relation, *why, witness_key=key_of(witness)))  # type: ignore[arg-type]
    return links


def differences_between(here: str, witness: str) -> list[Difference]:
    """What differs between two near paragraphs, over words as spaces part them: a quick look, for the log."""
    a, b = here.split(), witness.split()
    found = []
    for i, j, k, m in changes(a, b):
        left, right = a[i:j], b[k:m]
        here_text, there_text = " ".join(left), " ".join(right)
        if j - i == m - k and all(map(_same, left, right)):
            found += [
                Difference(name, here_text, there_text, False) for name in immaterial_rules(here_text, there_text)
            ]
        else:
            found.append(Difference(class_of(left, right, here_text, there_text), here_text, there_text, True))
    return found


def _same(a: str, b: str) -> bool:
    return same_word(strict_words[a], strict_words[b], a, b)


def chosen(left: I64, right: I64, near: Near, settings: Settings, alive: NDArray[np.bool_]) -> list[Pick]:
    """For each later paragraph the one it is reported, or goes, with: the most similar, then the earliest.

    First of all comes one for which somebody decided that it may go.

    left < right int64[pairs] and their similarities; ``alive`` bool[paragraphs]: who has not gone. Those
    that go are taken out of ``alive`` as reading order comes to them, so that each has a witness that
    stays; with ``keep`` last, from the end.
    """
    last = settings.keep == "last"
    here, witness = (left, right) if last else (right, left)
    similar, decided = near
    order = np.lexsort((-witness if last else witness, -similar, decided != GOES, -here if last else here))
    found: list[Pick] = []
    done = -1
    for k in order[similar[order] > 0].tolist():
        i, w = int(here[k]), int(witness[k])
        if i == done or not (alive[i] and alive[w]):
            continue
        done = i
        pick = Pick(i, w, float(similar[k]), int(decided[k]))
        found.append(pick)
        if pick.goes(settings):
            alive[i] = False
    return found
