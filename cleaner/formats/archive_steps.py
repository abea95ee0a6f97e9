"""An archive as steps of work: its members, and stretches of what lies between those that are cleaned."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from cleaner.errors import InputError
from cleaner.formats import guard
from cleaner.formats.archives import Inner, TarMembers, ZipMembers
from cleaner.formats.files import Source
from cleaner.formats.gauge import Gauge
from cleaner.formats.reading import Opened, open_stream, refuse_changed, state_of
from cleaner.formats.steps import Article, Aside, Records, Stretch
from cleaner.formats.work import Problem

Part = Article | Records | Aside | Stretch
StepsOf = Callable[[Source, Callable[[], Opened]], Iterator[Part]]


def tar_steps(source: Source, opened: Opened, steps_of: StepsOf) -> Iterator[Part]:
    """The steps of a tar archive that has been opened; ``steps_of`` gives those of a member. Raises InputError."""
    return _steps(TarMembers(source, opened), steps_of)


def zip_steps(source: Source, most: int | None, steps_of: StepsOf, gauge: Gauge) -> Iterator[Part]:
    """The steps of a zip archive, whose members may expand to ``most`` bytes. Raises InputError."""
    before = state_of(source)
    members = ZipMembers(source, most)
    for step in _steps(members, steps_of):
        if isinstance(step, Stretch) and step.last:
            refuse_changed(source, before)
        gauge.at(members.at)
        yield step


def _steps(members: TarMembers | ZipMembers, steps_of: StepsOf) -> Iterator[Part]:
    stretch = Stretch(members.source, members.kind, members.compression, b"")
    yield stretch._replace(first=True)
    for part in members:
        if isinstance(part, bytes):
            yield stretch._replace(data=part)
        else:
            yield from _member(part, members, steps_of)
    said = members.remarks
    yield stretch._replace(last=True, problems=said.problems, counts=said.counts, notes=said.notes())


def _member(inner: Inner, members: TarMembers | ZipMembers, steps_of: StepsOf) -> Iterator[Part]:
    """The steps of a member. Where it cannot be read it stays as it is, and so does the rest of the archive."""
    source, begun = inner.source, False
    try:
        for step in steps_of(source, partial(open_stream, source, inner.stream, None, members.meter())):
            if isinstance(step, Aside):
                problem = step.problem
                break
            begun = True
            yield step
        else:
            return
    except InputError as error:
        if error.file != source.shown:  # it is the archive that cannot be read
            raise
        fix = f"left as it is: {error.fix.partition('; nothing')[0]}"
        problem = Problem(source.shown, error.line, "unreadable", error.problem, fix)
    except Exception as error:
        guard.check(error)
        problem = guard.problem(source.shown, None, error, "file")
    inner.left = True
    if begun:
        yield Aside(source, problem, copied=True)
    else:
        members.remarks.problem(problem)
