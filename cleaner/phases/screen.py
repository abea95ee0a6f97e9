"""The kernel road: proposals for a batch of texts at once, equal to those of the plain road."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from cleaner.phases.article import Road
from cleaner.phases.layout import DATELINE_WORDS, Keyed, Layout
from cleaner.phases.propose import BUCKET, FIRST, LATEST, Proposal, Run
from cleaner.settings import QUARTERS, Settings
from cleaner.text.markup import blank
from cleaner.types import Counts

if TYPE_CHECKING:
    from cleaner.kernels.candidates import Candidates
    from cleaner.kernels.paragraphs import Batch


class Screened(NamedTuple):
    """A text with its counts and, where it has candidates, how it was read and what they are."""

    counts: Counts
    keyed: Keyed | None
    proposal: Proposal | None


def screen(texts: Sequence[str], settings: Settings) -> list[Screened]:
    """One answer a text, in order. Needs numba and numpy; texts must be encodable as UTF-8."""
    blanked = [blank(text) for text in texts]
    batch = _read(blanked)
    return answers(texts, blanked, batch, found_in(batch, settings))


def answers(texts: Sequence[str], blanked: Sequence[str], batch: Batch, found: Candidates) -> list[Screened]:
    """``screen`` of texts that were read already; ``blanked`` are those without markup."""
    runs: dict[int, list[Run]] = {}
    for text, there, here, length in found.runs.tolist():
        runs.setdefault(text, []).append(Run(there, here, length))
    near: dict[int, list[tuple[int, int]]] = {}
    for text, p, q in found.near.tolist():
        near.setdefault(text, []).append((p, q))
    weights = _weights(batch)
    paragraphs = batch.paragraphs.tolist()
    capped = found.capped.tolist()
    screened = []
    for k, text in enumerate(blanked):
        counts = Counts(paragraphs[k + 1] - paragraphs[k], weights[k] // QUARTERS, capped[k])
        if k in runs or k in near:
            proposal = Proposal(runs.get(k, []), sorted(near.get(k, [])), capped[k])
            screened.append(Screened(counts, _keyed(batch, k, texts[k], text), proposal))
        else:
            screened.append(Screened(counts, None, None))
    return screened


def _read(blanked: Sequence[str]) -> Batch:
    from cleaner.kernels.decode import spans
    from cleaner.kernels.paragraphs import read_batch

    return read_batch(*spans(blanked))


def found_in(batch: Batch, settings: Settings) -> Candidates:
    """The candidates inside each text of a batch."""
    from cleaner.kernels.candidates import candidates

    return candidates(
        batch,
        seed=settings.seed_words,
        shortest=settings.min_quarters,
        passage=settings.passage_quarters,
        similarity=settings.similarity,
        bucket=BUCKET,
        first_places=FIRST,
        latest=LATEST,
        dateline=DATELINE_WORDS,
    )


def _weights(batch: Batch) -> list[int]:
    """Weight of each text in quarter words."""
    import numpy as np

    sums = np.concatenate([[0], np.cumsum(batch.weights, dtype=np.int64)])
    ends = sums[batch.first[batch.paragraphs]]
    answer: list[int] = np.diff(ends).tolist()
    return answer


def _keyed(batch: Batch, k: int, original: str, text: str) -> Keyed:
    """Text ``k`` as it was read; memory views give plain integers and copy nothing."""
    import numpy as np

    p, q = int(batch.paragraphs[k]), int(batch.paragraphs[k + 1])
    a, b = int(batch.first[p]), int(batch.first[q])
    layout = Layout(
        original=original,
        text=text,
        spans=[(start, end) for start, end in batch.spans[p:q].tolist()],
        kinds=None,
        first=(batch.first[p : q + 1] - a).data,
        starts=batch.starts[a:b].data,
        ends=batch.ends[a:b].data,
        opaque=frozenset(np.flatnonzero(batch.opaque[p:q]).tolist()),
    )
    weight = np.zeros(b - a + 1, dtype=np.int64)
    np.cumsum(batch.weights[a:b], out=weight[1:])
    breaks = np.ones(b - a + 1, dtype=np.uint8)
    breaks[:-1] = batch.breaks[a:b]
    return Keyed(layout, batch.keys[a:b].data, weight.data, breaks.data)


def kernel_road(settings: Settings) -> Road:
    """The road for what is left of a text after a pass."""

    def road(text: str) -> tuple[Keyed, Proposal]:
        batch = _read([blank(text)])
        found = found_in(batch, settings)
        runs = [Run(*row[1:]) for row in found.runs.tolist()]
        near = sorted((p, q) for _, p, q in found.near.tolist())
        return _keyed(batch, 0, text, blank(text)), Proposal(runs, near, int(found.capped[0]))

    return road
