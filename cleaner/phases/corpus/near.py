"""Near pairs across articles: from sketches to pairs, from pairs to what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cleaner.kernels.decode import words_kernel
from cleaner.kernels.pairing import band_pairs, distances
from cleaner.phases.corpus.links import Link, Looking
from cleaner.phases.lsh import CAP
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
) -> NDArray[np.float32]:
    """Edit similarity over words of pairs of paragraphs; 0 where it is under the settings' or one may not go.

    left, right int64[pairs]: numbers of paragraphs; ``texts`` gives their UTF-8. Pairs within one article
    have 0: they are its own matter.
    """
    numbers = np.unique(np.concatenate([left, right]))
    i, j = np.searchsorted(numbers, left), np.searchsorted(numbers, right)
    similar = similarities_of(texts(numbers), i, j, settings)
    near = np.flatnonzero(similar > 0)
    seen = {number: look(number) for number in np.unique(np.concatenate([left[near], right[near]])).tolist()}
    for k in near.tolist():
        one, other = seen[int(left[k])], seen[int(right[k])]
        here = one if settings.keep == "last" else other
        stays = here.protected and settings.level == "similar"
        if stays or not (one.prose and other.prose) or one.article == other.article:
            similar[k] = 0
    return similar


def similarities_of(texts: Sequence[bytes], left: I64, right: I64, settings: Settings) -> NDArray[np.float32]:
    """Edit similarity over words of pairs of ``texts`` (UTF-8); 0 under the settings', and of those without words."""
    ends = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    keys, _, _, _, offsets = words_kernel(np.frombuffer(b"".join(texts), dtype=np.uint8), ends[:-1], ends[1:])
    lengths = np.diff(offsets)
    apart = distances(keys, offsets, left, right, settings.similarity)
    taken = (apart >= 0) & (lengths[left] > 0) & (lengths[right] > 0)
    longest = np.maximum(np.maximum(lengths[left], lengths[right]), 1)
    return np.where(taken, 1 - apart / longest, 0).astype(np.float32)


def explained(pairs: Sequence[tuple[int, int, float]], content: Callable[[int], str], settings: Settings) -> list[Link]:
    """What to say of pairs (here, witness, similarity); at level ``similar`` the first of them goes."""
    links = []
    for here, witness, similarity in pairs:
        differences = tuple(differences_between(content(here), content(witness))[:MOST_DIFFERENCES])
        goes = settings.level == "similar"
        relation, rule = ("copy", "similar") if goes else ("variant", "differs")
        links.append(Link(here, witness, relation, "similar", rule, round(similarity, 4), differences))  # type: ignore[arg-type]
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


def chosen(
    left: I64, right: I64, similar: NDArray[np.float32], settings: Settings, alive: NDArray[np.bool_]
) -> list[tuple[int, int, float]]:
    """For each later paragraph the one it is reported, or goes, with: the most similar, then the earliest.

    left < right int64[pairs] and their similarities; ``alive`` bool[paragraphs]: who has not gone. At
    level ``similar`` those that go are taken out of ``alive`` as reading order comes to them, so that
    each has a witness that stays; with ``keep`` last, from the end.
    """
    last = settings.keep == "last"
    here, witness = (left, right) if last else (right, left)
    order = np.lexsort((-witness if last else witness, -similar, -here if last else here))
    found: list[tuple[int, int, float]] = []
    done = -1
    for k in order[similar[order] > 0].tolist():
        i, w = int(here[k]), int(witness[k])
        if i == done or not (alive[i] and alive[w]):
            continue
        done = i
        found.append((i, w, float(similar[k])))
        if settings.level == "similar":
            alive[i] = False
    return found
