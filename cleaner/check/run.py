"""A run of the check: files, pages, findings, and what of them counts."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from cleaner.check.asides import without_asides
from cleaner.check.bases import Bases
from cleaner.check.conflicts import conflicts, outside, troubles
from cleaner.check.files import Chosen, Place, choose, universe
from cleaner.check.job import CheckJob, CheckResult
from cleaner.errors import InputError
from cleaner.findings import Finding, Note, Region
from cleaner.phases.check.find import find
from cleaner.repository import changes, git
from cleaner.repository.reading import LeftOut, Source, read_source
from cleaner.text.pages.block import Page, PageFormat
from cleaner.text.pages.read import FORMATS, read_page

if TYPE_CHECKING:
    from cleaner.check.everywhere import Everywhere
    from cleaner.check.fix import Change


def run(job: CheckJob) -> CheckResult:
    """Check files. Raises GitError and SettingsError where nothing can be said at all."""
    return _Run(job).result()


class Opened(NamedTuple):
    """A file as it was read."""

    source: Source
    page: Page


class _Run:
    """State of one run. ``opened``: files with findings; ``texts``: of all files that a finding names."""

    def __init__(self, job: CheckJob) -> None:
        self.job = job
        self.settings = job.settings
        self.options = job.settings.options
        self.formats: dict[str, PageFormat] = {**FORMATS, **job.settings.formats}
        self.notes: list[Note] = []
        self.failed = False
        self.files = 0
        self.ignored = 0
        self.opened: dict[str, Opened] = {}
        self.texts: dict[str, str] = {}
        self.wanted: dict[str, Place] = {}
        self.bases: Bases | None = None
        self.everywhere: Everywhere | None = None
        self._known: dict[str, Place] | None = None
        self._tracked: set[str] | None = None

    def result(self) -> CheckResult:
        self.bases = self.compared()  # git works while files are read
        self.take(choose(self.job.named, self.job.where, self.formats, self.settings.exclude, new=not self.job.hook))
        if self.options.across:
            self.everywhere = self.looked_up()
        every = [each for place in self.wanted.values() for each in self.found(place)]
        every += self.across()
        new, hidden = self.only_new(every)
        kept, baselined = self.not_known_before(new)
        left = (hidden, self.ignored, baselined)
        changes = self.changes(kept)
        return CheckResult(kept, every, self.notes, self.files, *left, self.texts, changes, self.failed)

    def compared(self) -> Bases | None:
        """The comparisons with the base, under way; None where everything counts."""
        repository = self.job.where.repository
        if not self.job.new:
            return None
        if repository is None:
            note = f"{self.job.where.why}: everything counts as new"
            self.notes.append(Note(None, None, note, "run it in a repository, or with --all"))
            return None
        return Bases(repository, git.base_of(repository, self.settings.base, os.environ), self.formats)

    def take(self, chosen: Chosen) -> None:
        self.notes += chosen.notes
        self.failed |= chosen.failed
        self.wanted = {place.path: place for place in chosen.places}
        if not chosen.places:
            fix = "name files or folders of a known format; --fail-on-empty makes this fail"
            self.notes.append(Note(None, None, "no file to check", fix))
            self.failed |= self.settings.fail_on_empty

    def source(self, place: Place) -> Source | None:
        """A file; None where it cannot be read, which is told."""
        if self.everywhere is not None and place.path in self.everywhere.sources:
            return self.everywhere.sources[place.path]
        try:
            return read_source(place.path, place.place, self.settings.max_size, is_page=place.format == "html")
        except InputError as error:
            note = Note(place.path, error.line, error.problem, error.fix)
            if note not in self.notes:  # across files, one is asked for twice
                self.notes.append(note)
            self.failed |= not isinstance(error, LeftOut)
            return None

    def found(self, place: Place) -> list[Finding]:
        """The findings of one file, without those that its comments ignore."""
        source = self.source(place)
        if source is None:
            return []
        self.files += 1
        if self.everywhere is not None and self.everywhere.is_quiet(place.path):
            return []
        page = without_asides(read_page(source.text, place.format))
        findings, stretches = find(page, place.path, self.options), conflicts(page)
        self.notes += troubles(page, place.path, stretches)
        if stretches:
            findings = outside(findings, stretches)
        ignores = page.front is not None or "cleaner:" in page.text
        if self.everywhere is not None:
            quiet = not (findings or page.troubles or stretches or ignores)
            self.everywhere.keep(place.path, page, self.options, quiet=quiet)
        if findings:
            findings = self.in_merge(self.beside_twin(findings, place, page))
        if findings or ignores:
            findings = self.not_ignored(findings, place.path, page)
        if findings:
            self.opened[place.path] = Opened(source, page)
            self.texts[place.path] = page.text
        return findings

    def beside_twin(self, findings: list[Finding], place: Place, page: Page) -> list[Finding]:
        """Findings weigh more where a translation of the page lacks them."""
        meant = [each for each in findings if each.rule == "same-section-copy"]
        if not meant or not self.only_new(meant)[0]:  # to look for a translation takes git and every path
            return findings
        from cleaner.phases.check.find import with_twin
        from cleaner.phases.check.paths import twins_of

        # A language may stand behind the name of a file: a.md, a.de.md. Few of thousands begin alike.
        names = [path for path in self.known() if _begins(path) == _begins(place.path)]
        for path in twins_of(place.path, names, self.options):
            twin = self.known()[path]
            source = self.source(twin)
            if source is not None:
                return with_twin(findings, read_page(source.text, twin.format), page, self.options)
        return findings

    def in_merge(self, findings: list[Finding]) -> list[Finding]:
        """Findings whose two sides come from the two parents of a merge, under the rule for them."""
        if self.bases is None or len(self.bases.base.commits) < 2:
            return findings
        from cleaner.phases.check.new import merge_copies

        ours, *others = self.bases.added()
        for theirs in others:
            findings = merge_copies(findings, ours, theirs, self.options)
        return findings

    def not_ignored(self, findings: list[Finding], path: str, page: Page) -> list[Finding]:
        from cleaner.phases.check.ignores import apply_ignores

        kept, ignored, unused = apply_ignores(findings, page, path, self.options)
        self.ignored += ignored
        return sorted([*kept, *unused], key=lambda each: (each.here.start, each.here.end, each.rule))

    def known(self) -> dict[str, Place]:
        """Every file of the repository that could be checked, by path; git is asked once."""
        if self._known is None:
            places = universe(self.job.where, self.formats, self.settings.exclude, new=not self.job.hook)
            self._known = {place.path: place for place in places}
        return self._known

    def looked_up(self) -> Everywhere:
        """Every file of the repository, with what the cache knows of them."""
        from cleaner.check.cache_place import cache_of
        from cleaner.check.everywhere import Everywhere

        places = {**self.known(), **self.wanted}
        read = {place.path: source for place in places.values() if (source := self.source(place)) is not None}
        cache = cache_of(self.job.where, self.settings.cache_dir) if self.job.cache else None
        everywhere = Everywhere(places, read, cache)
        everywhere.look_up(self.options, self.wanted)
        return everywhere

    def across(self) -> list[Finding]:
        """What stands in several files."""
        everywhere = self.everywhere
        if everywhere is None:
            return []

        def parsed(path: str) -> Page:
            return read_page(everywhere.sources[path].text, (self.wanted.get(path) or self.known()[path]).format)

        found = everywhere.findings(self.options, self.wanted, parsed)
        self.notes += everywhere.close(self.options)
        for path in {region.path for each in found for region in _regions(each)}:
            self.texts[path] = everywhere.sources[path].text
        return found

    def only_new(self, findings: list[Finding]) -> tuple[list[Finding], int]:
        """Findings with a side on lines that no base has, and how many others there are."""
        if self.bases is None:
            return findings, 0
        added = self.bases.added()  # asked for even without findings: a base that is not there is told
        if not findings:
            return [], 0
        from cleaner.phases.check.new import only_new

        # Both sides of what a merge pasted twice are lines of a parent: together they are new.
        merged = [each for each in findings if each.rule == "merge-copy"]
        others = [each for each in findings if each.rule != "merge-copy"]
        paths = {region.path for each in others for region in _regions(each)}
        kept, hidden = only_new(others, {path: self.new_lines(path, added) for path in paths})
        return sorted([*merged, *kept], key=lambda each: (each.here.path, each.here.start)), hidden

    def new_lines(self, path: str, added: list[changes.Added]) -> changes.Lines:
        """The lines of a file that no base has; all where git does not know the file."""
        if not self.job.hook and not any(path in each for each in added) and not self.is_tracked(path):
            return changes.WHOLE
        return changes.in_all(added, path)

    def is_tracked(self, path: str) -> bool:
        if self._tracked is None:
            self._tracked = {entry.path for entry in git.files_of(git.ask_files((), new=False))}
        return path in self._tracked

    def not_known_before(self, findings: list[Finding]) -> tuple[list[Finding], int]:
        """Findings that the baseline does not have."""
        if self.settings.baseline is None:
            return findings, 0
        from cleaner.check.known import without_known

        whole = not self.job.named and not self.job.new
        kept, known, notes = without_known(findings, self.settings.baseline, whole=whole)
        self.notes += notes
        return kept, known

    def changes(self, findings: list[Finding]) -> list[Change]:
        """What the fixes would make of files. One that would change more than it says is told."""
        if self.job.cuts == "none":
            return []
        from cleaner.check.fix import change

        found = []
        for path in dict.fromkeys(each.here.path for each in findings if each.cut is not None):
            own = [each for each in findings if each.here.path == path]
            try:
                made = change(self.opened[path].source, self.opened[path].page, own, unsafe=self.job.cuts == "all")
            except InputError as error:
                self.notes.append(Note(path, error.line, error.problem, error.fix))
                self.failed = True
                continue
            found += [made] if made else []
        return found


def _regions(finding: Finding) -> tuple[Region, ...]:
    return (finding.here, *([finding.there] if finding.there else []), *finding.more)


def _begins(path: str) -> str:
    """The name of a file up to what may be a language or its suffix."""
    return path[path.rfind("/") + 1 :].partition(".")[0].partition("_")[0]
