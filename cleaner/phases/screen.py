"""The kernel road: proposals for a batch of texts at once, equal to those of the plain road."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.phases.layout import Keyed, Layout
from cleaner.phases.propose import BUCKET, FIRST, LATEST, Proposal, Run
from cleaner.settings import QUARTERS, Settings
from cleaner.text.markup import blank
from cleaner.types import Counts


class Screened(NamedTuple):
    """A text with its counts and, where it has candidates, how it was read and what they are."""

    counts: Counts
    keyed: Keyed | None
    proposal: Proposal | None


def screen(texts: Sequence[str], settings: Settings) -> list[Screened]:
    """One answer a text, in order. Needs numba and numpy; texts must be encodable as UTF-8."""
    from cleaner.kernels.candidates import candidates
    from cleaner.kernels.decode import spans
    from cleaner.kernels.paragraphs import Batch, read_batch

    blanked = [blank(text) for text in texts]
    batch: Batch = read_batch(*spans(blanked))
    found = candidates(
        batch,
        seed=settings.seed_words,
        shortest=settings.min_quarters,
        passage=settings.passage_quarters,
        similarity=settings.similarity,
        bucket=BUCKET,
        first_places=FIRST,
        latest=LATEST,
    )
    runs: dict[int, list[Run]] = {}
    for text, there, here, length in found.runs.tolist():
        runs.setdefault(text, []).append(Run(there, here, length))
    near: dict[int, list[tuple[int, int]]] = {}
    for text, p, q in found.near.tolist():
        near.setdefault(text, []).append((p, q))
    weights = _weights(batch)
    paragraphs = batch.paragraphs.tolist()
    capped = found.capped.tolist()
    answers = []
    for k, text in enumerate(blanked):
        counts = Counts(paragraphs[k + 1] - paragraphs[k], weights[k] // QUARTERS, capped[k])
        if k in runs or k in near:
            proposal = Proposal(runs.get(k, []), sorted(near.get(k, [])), capped[k])
            answers.append(Screened(counts, _keyed(batch, k, text), proposal))
        else:
            answers.append(Screened(counts, None, None))
    return answers


def _weights(batch: object) -> list[int]:
    """Weight of each text in quarter words."""
    import numpy as np

    from cleaner.kernels.paragraphs import Batch

    assert isinstance(batch, Batch)
    sums = np.concatenate([[0], np.cumsum(batch.weights, dtype=np.int64)])
    ends = sums[batch.first[batch.paragraphs]]
    answer: list[int] = np.diff(ends).tolist()
    return answer


def _keyed(batch: object, k: int, text: str) -> Keyed:
    import numpy as np

    from cleaner.kernels.paragraphs import Batch

    assert isinstance(batch, Batch)
    p, q = int(batch.paragraphs[k]), int(batch.paragraphs[k + 1])
    a, b = int(batch.first[p]), int(batch.first[q])
    layout = Layout(
        text=text,
        spans=[(start, end) for start, end in batch.spans[p:q].tolist()],
        kinds=None,
        first=(batch.first[p : q + 1] - a).tolist(),
        starts=batch.starts[a:b].tolist(),
        ends=batch.ends[a:b].tolist(),
        opaque=frozenset(np.flatnonzero(batch.opaque[p:q]).tolist()),
    )
    weight = [0, *np.cumsum(batch.weights[a:b], dtype=np.int64).tolist()]
    return Keyed(layout, batch.keys[a:b].tolist(), weight)
