"""The passes of a run over a corpus, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from cleaner.corpus.decide import Decider
from cleaner.corpus.earlier import add_to
from cleaner.corpus.order import put_in_order
from cleaner.corpus.paragraphs import Paragraphs
from cleaner.corpus.replay import replay_step
from cleaner.corpus.scan import Scanned, encode_step, load_step, scan_step
from cleaner.engines.pool import Pool
from cleaner.errors import SettingsError
from cleaner.formats.gauge import Passes
from cleaner.formats.spool import Spool
from cleaner.formats.steps import Articles, Aside, Records, Step
from cleaner.formats.work import Found, Work
from cleaner.index import File, Index
from cleaner.phases.corpus.copies import Boilerplate
from cleaner.settings import Settings

if TYPE_CHECKING:
    from cleaner.corpus.onion import Onion

T = TypeVar("T")


def _scan(step: int, spool: Spool, work: Work) -> tuple[Scanned, float]:
    """A step scanned, and the seconds that it took."""
    began = perf_counter()
    scanned = scan_step(step, spool, work)
    if work.annotate == "onion":
        from cleaner.corpus.onion import put_grams

        put_grams(step, spool)
    return scanned, perf_counter() - began


def _replay(step: int, paragraphs: Paragraphs, work: Work, onion: Onion | None) -> list[Found]:
    """A step replayed, with onion's measure where that is asked for."""
    return replay_step(step, paragraphs, work if onion is None else replace(work, shares=onion.shares(step)))


@dataclass(frozen=True, slots=True)
class CorpusOptions:
    """memory in bytes; boilerplate and index where they are asked for; ``again``: a stopped run is gone on with."""

    memory: int
    boilerplate: Boilerplate | None = None
    index: Index | None = None
    again: bool = False


class CorpusRun:
    """Reads steps into ``spool``, decides, and gives each step again with what was found.

    memory   bytes that arrays of keys and sketches may take, in all processes together
    seconds  by phase, by the clock
    scanning seconds that the first pass took, added up over all workers
    """

    def __init__(
        self, spool: Spool, work: Work, settings: Settings, pool: Pool, options: CorpusOptions, passes: Passes
    ) -> None:
        self.spool, self.work, self.settings, self.pool, self.options = spool, work, settings, pool, options
        self.passes = passes
        self.seconds: dict[str, float] = {}
        self.scanning = 0.0
        self.decider: Decider | None = None
        self._parts: list[tuple[int, str]] = []
        self._failed: list[tuple[int, str]] = []

    def results(self, steps: Iterator[Step]) -> Iterator[tuple[Step, list[Found]]]:
        """Each step with its results, in order; the first comes when all steps were read."""
        scanned = self._timed("scan", lambda: list(self._scanned(steps)))
        self.passes.begin("decide")
        scanned = [each._replace(able=0) if n in self._unwritten() else each for n, each in enumerate(scanned)]
        paragraphs = Paragraphs(self.spool, scanned, self.settings, ordered=bool(self.work.order_by))
        paragraphs.save()
        if paragraphs.ordered:
            put_in_order(paragraphs)
        options = self.options
        decider = Decider(paragraphs, self.pool, self.settings, options.memory // 2, options.boilerplate, options.index)
        self._timed("decide", decider.run)
        self.decider = decider
        replay = partial(_replay, paragraphs=paragraphs, work=self.work, onion=self._onion(paragraphs))
        for number, found in enumerate(self.pool.map(replay, range(len(scanned)))):
            yield load_step(number, self.spool), found
            self.passes.done("write", number, sum(each.tally.articles for each in found))

    def _onion(self, paragraphs: Paragraphs) -> Onion | None:
        """onion's measure of all steps, where it is asked for."""
        if self.work.annotate != "onion":
            return None
        from cleaner.corpus.onion import Onion

        onion = Onion(paragraphs)
        self._timed("onion", lambda: onion.run(self.pool, self.options.memory // 2, self._unwritten()))
        return onion

    def add_to_index(self, files: Sequence[File]) -> None:
        """Let later runs know what this one has kept, where there is an index. All is written by now."""
        index, decider = self.options.index, self.decider
        if index is not None and decider is not None:
            self.passes.begin("index")
            self._timed("index", lambda: add_to(index, files, decider.paragraphs, decider.alive))

    def _scanned(self, steps: Iterator[Step]) -> Iterator[Scanned]:
        for number, (scanned, seconds) in enumerate(self.pool.map(self._scan(), self._spooled(steps))):
            self.scanning += seconds
            self.passes.done("scan", number, scanned.articles)
            yield scanned

    def _scan(self) -> Callable[[int], tuple[Scanned, float]]:
        return partial(_scan, spool=self.spool, work=self.work)

    def _spooled(self, steps: Iterator[Step]) -> Iterator[int]:
        for number, step in enumerate(steps):
            if isinstance(step, (Records, Aside)):
                (self._parts if isinstance(step, Records) else self._failed).append((number, step.source.name))
            self._put(number, step)
            yield number

    def _put(self, number: int, step: Step) -> None:
        """Put a step into the spool, unless the stopped run did: what lies there must be what is read now."""
        pieces = encode_step(step)
        known = self.spool.intact(number, "step") if self.options.again else None
        if known is None:
            self.spool.write(number, "step", *pieces)
        elif known != b"".join(pieces):
            name = (step.items[0] if isinstance(step, Articles) else step).source.shown
            raise SettingsError(f"{name}: it is not what the stopped run has read; run without --resume")

    def _unwritten(self) -> set[int]:
        """Steps of files that turned out to be unreadable further on: what is not written is no witness."""
        failed = {name for _, name in self._failed}
        return {number for number, name in self._parts if name in failed}

    def _timed(self, phase: str, function: Callable[[], T]) -> T:
        began = perf_counter()
        result = function()
        self.seconds[phase] = perf_counter() - began
        return result
