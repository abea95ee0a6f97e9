"""``cleaner-hook`` and ``cleaner check``: one door, which loads little, for people, pre-commit and CI.

Git is asked where the repository is before anything else, and answers while the rest is loaded.
"""

from __future__ import annotations

import os
import sys
from argparse import SUPPRESS, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from errno import EBADF
from typing import TYPE_CHECKING, Any, NoReturn

from cleaner import __version__
from cleaner.errors import CleanerError, SettingsError
from cleaner.repository import git

if TYPE_CHECKING:
    from cleaner.check.job import CheckJob, CheckResult
    from cleaner.check.settings import CheckSettings
    from cleaner.phases.check.options import Switch

INTERRUPTED = 130
FORMATS = ("concise", "full", "json", "sarif", "github", "gitlab", "rdjson")

_ABOUT = """\
Find paragraphs that stand twice in a content repository. Changes nothing, unless --fix is given.

PATHS are files and folders; without any, all below the current folder. Folders give the files that git
knows. Markdown, MDX, reStructuredText, AsciiDoc, HTML and plain text are read."""
_MORE = """\
settings: [tool.cleaner.check] in pyproject.toml, or [check] in cleaner.toml, the nearest one upwards
rules:    {prog} rules lists them, {prog} rule NAME explains one
exit:     0 clean; 1 findings at or over --fail-on, or files were changed; 2 something could not be done"""


def main(argv: Sequence[str] | None = None, *, by_hand: bool = False) -> int:
    """Run the check; returns the exit code.

    by_hand  called as ``cleaner check``: everything counts, not only what is new
    """
    from cleaner.cli import streams

    arguments = list(sys.argv[1:] if argv is None else argv)
    streams.prepare()
    try:
        if sys.stdout is None:
            raise OSError(EBADF, "cannot be written (it is closed)")
        return _main(arguments, by_hand)
    except KeyboardInterrupt:
        return INTERRUPTED
    except CleanerError as error:
        streams.say(str(error))
        return 2
    except BrokenPipeError:  # the reader of a report has seen enough
        streams.hush()
        return 0
    except OSError as error:
        streams.hush()
        streams.say(f"{error.filename or 'standard output'}: {error.strerror or error}; see to it and run again")
        return 2


def cli(arguments: Sequence[str] | None = None, *, by_hand: bool = False) -> NoReturn:
    """The command ``cleaner-hook``; this process is its own and ends with it.

    Of 230 ms over 200 files 6 went into looking for cycles of objects, of which there are few, and 14 into taking all
    objects apart at the end: neither is waited for.
    """
    import gc

    gc.set_threshold(200_000)
    code = main(arguments, by_hand=by_hand)
    with suppress(OSError, ValueError, AttributeError):  # closed, or nobody reads
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _main(arguments: list[str], by_hand: bool) -> int:
    prog = "cleaner check" if by_hand else "cleaner-hook"
    if arguments[:1] in (["rule"], ["rules"]):
        return explain(arguments)
    flags = parser(prog, by_hand).parse_args(arguments)
    call = _asked()
    from cleaner.check.files import workplace
    from cleaner.check.job import CheckJob
    from cleaner.check.run import run
    from cleaner.check.settings import read_settings

    where = workplace(call)
    settings = with_flags(read_settings(os.path.realpath("."), where.root, flags.config), flags)
    cuts = "none" if not (flags.fix or flags.diff) else "all" if flags.unsafe_fixes else "safe"
    job = CheckJob(where, settings, tuple(flags.paths), flags.new, not by_hand, cuts, flags.cache)
    return _end(job, run(job), flags)


def _asked() -> git.Call | None:
    try:
        return git.ask_repository()
    except git.NoRepository:
        return None


class _Help(RawDescriptionHelpFormatter):
    """Of a fixed width: asking the terminal for its own would load what is there for archives, even without --help."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=100)


def parser(prog: str, by_hand: bool) -> ArgumentParser:
    """All flags, the same for both commands; only what --new is without being named differs."""
    made = ArgumentParser(
        prog, description=_ABOUT, epilog=_MORE.format(prog="cleaner" if by_hand else prog),
        formatter_class=_Help, allow_abbrev=False,
    )  # fmt: skip
    add = made.add_argument
    add("paths", nargs="*", metavar="PATHS", help=SUPPRESS)
    add("--new", action="store_true", default=not by_hand,
        help=f"count only what is new since the base{' (the default)' * (not by_hand)}")  # fmt: skip
    add("--all", dest="new", action="store_false", help=f"count everything{' (the default)' * by_hand}")
    add("--base", metavar="REF", help="with --new: new since HEAD parted from this commit or branch")
    add("--fail-on", choices=("error", "warning", "info", "never"),
        help="the mildest severity that makes the run fail (default: error)")  # fmt: skip
    add("--fail-on-empty", action="store_const", const=True, help="fail where no file is checked")
    add("--across", action="store_const", const=True, help="look across the files of the repository too")
    add("--format", choices=FORMATS, default="concise", help="of the report (default: concise)")
    add("--output", metavar="FILE", help="write the report there; lines are still shown")
    add("--diff", action="store_true", help="show what --fix would change; write nothing")
    add("--fix", action="store_true", help="take out the later of two copies right below each other")
    add("--unsafe-fixes", action="store_true", help="with --fix or --diff: all other copies that have a fix, too")
    add("--baseline", metavar="FILE", help="leave out the findings that this file knows")
    add("--write-baseline", metavar="FILE", help="write all findings to a baseline file")
    add("--disable", metavar="RULE", action="append", default=[], help="switch a rule off; may be given often")
    add("--severity", metavar="RULE=SEVERITY", action="append", default=[], help="error, warning, info or off")
    add("--config", metavar="FILE", help="take settings from this file")
    add("--no-cache", dest="cache", action="store_false", help="keep nothing for the next check across files")
    add("--cache-dir", metavar="FOLDER", help="keep it there instead of in git's folder")
    add("--color", choices=("auto", "always", "never"), default="auto", help="colours and links (default: auto)")
    add("--quiet", action="store_true", help="say nothing unless the run fails")
    add("--version", action="version", version=f"cleaner {__version__}")
    return made


def with_flags(settings: CheckSettings, flags: Namespace) -> CheckSettings:
    """Flags win over settings. Raises SettingsError for a rule or severity that does not exist."""
    if flags.unsafe_fixes and not (flags.fix or flags.diff):
        raise SettingsError("--unsafe-fixes needs --fix, which writes, or --diff, which shows")
    options = settings.options
    severities = options.severities if not (flags.disable or flags.severity) else _switched(options.severities, flags)
    across = options.across if flags.across is None else flags.across
    own: dict[str, Any] = {name: getattr(flags, name) for name in ("fail_on", "fail_on_empty", "base")}
    own |= {
        name: value and os.path.abspath(value) for name in ("baseline", "cache_dir") for value in [getattr(flags, name)]
    }
    options = options._replace(severities=severities, across=across)
    return settings._replace(options=options, **{name: value for name, value in own.items() if value is not None})


def _switched(severities: Mapping[str, Switch], flags: Namespace) -> dict[str, Switch]:
    from cleaner.config.of_check import rule_name, spread, switch

    named: dict[str, Switch] = dict.fromkeys(map(rule_name, flags.disable), "off")
    for each in flags.severity:
        rule, sign, severity = each.partition("=")
        if not sign:
            raise SettingsError(f"--severity {each}: write RULE=SEVERITY, like adjacent-near=error")
        named[rule_name(rule)] = switch(f"--severity {rule}", severity)
    return {**severities, **spread(named)}


def _end(job: CheckJob, result: CheckResult, flags: Namespace) -> int:
    """Write what was asked for, and say what was found."""
    from cleaner.cli.found import report, show_changes

    if flags.write_baseline is not None:
        return _keep(result, flags.write_baseline)
    wrote = False
    if flags.diff:
        show_changes(result)
    elif result.changes:
        result, wrote = _write_changes(job, result)
    exit_code = code(result, job.settings.fail_on, wrote=wrote)
    if exit_code or not flags.quiet:
        report(result, flags, job.where.root)
    return exit_code


def code(result: CheckResult, fail_on: str, *, wrote: bool) -> int:
    """The exit code: 2 before 1 before 0."""
    if result.failed:
        return 2
    grave = {"never": (), "error": ("error",), "warning": ("error", "warning")}.get(fail_on)
    return int(wrote or any(grave is None or each.severity in grave for each in result.findings))


def _write_changes(job: CheckJob, result: CheckResult) -> tuple[CheckResult, bool]:
    """Write, and check once more what is there now. The second value: whether a file was written."""
    from cleaner.check.fix import write_all
    from cleaner.check.run import run
    from cleaner.cli import streams

    done, failed = write_all(result.changes, job.settings.max_size)
    for line in failed:
        streams.say(line)
    for each in done:
        copies = "1 copy" if each.cuts == 1 else f"{each.cuts:,} copies"
        streams.tell(f"{each.source.path}: {copies} taken out")
    if done:
        now = run(job._replace(cuts="none"))
        notes = [*now.notes, *(each for each in result.notes if each not in now.notes)]
        result = now._replace(notes=notes, failed=now.failed or result.failed)
    return result._replace(failed=result.failed or bool(failed)), bool(done)


def _keep(result: CheckResult, path: str) -> int:
    """Write a baseline; a file that could not be read is missing in it."""
    from cleaner.check.known import keep
    from cleaner.cli import streams
    from cleaner.report.findings.told import note, note_place, plural

    for each in result.notes:
        streams.tell(f"{note_place(each)}note: {note(each)}")
    keep(result.every, path)
    streams.tell(f"{path}: {plural(len(result.every), 'finding')} kept; give --baseline {path} to leave them out")
    return 2 if result.failed else 0


def explain(arguments: Sequence[str]) -> int:
    """``rules`` lists the rules, ``rule NAME`` explains one. Raises SettingsError for a name that no rule has."""
    from cleaner.phases.check.rules import RULES
    from cleaner.values import unknown

    if arguments[0] == "rules" and len(arguments) == 1:
        width = max(map(len, RULES))
        lines = [f"{rule.name:{width}}  {rule.severity:7}  {rule.title}" for rule in RULES.values()]
    elif arguments[0] == "rule" and len(arguments) == 2 and arguments[1] not in ("-h", "--help"):
        rule = RULES.get(arguments[1])
        if rule is None:
            raise SettingsError(unknown("rule", arguments[1], RULES))
        lines = [f"{rule.name} ({rule.severity}): {rule.title}", "", rule.why, "", rule.silence, "", rule.cure]
    else:
        lines = ["usage: rules | rule NAME", "", "rules lists the rules of the check; rule NAME explains one."]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
    return 0
