"""What a run is compared with, while git works it out."""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.repository import git
from cleaner.repository.changes import Added, read_difference


class Bases:
    """One comparison for each commit of a base; begun at once, waited for when it is first asked for."""

    def __init__(self, repository: git.Repository, base: git.Base, suffixes: Iterable[str]) -> None:
        self.base = base
        self._repository = repository
        filters = git.own_filters(repository) if base.commits else ()
        self._calls = [git.ask_difference(commit, base.meeting, suffixes, filters=filters) for commit in base.commits]
        self._added: list[Added] | None = None

    def added(self) -> list[Added]:
        """The lines that each commit lacks, by file; no commit: all are new. Raises GitError."""
        if self._added is None:
            self._added = [self._of(call) for call in self._calls]
        return self._added

    def _of(self, call: git.Call) -> Added:
        code, out, said = call.answer()
        if code:
            raise git.difference_failed(self._repository, self.base, said)
        return read_difference(out)
