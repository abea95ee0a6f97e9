"""``cleaner-hook`` and ``cleaner check`` as people, pre-commit and CI call them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
from repositories import Repo, commit, page, paragraph, plain, write

from cleaner import hook
from cleaner.cli.found import colored
from cleaner.decisions import key_of

ROOT = Path(__file__).resolve().parents[2]


class Done(NamedTuple):
    code: int
    out: str
    err: str


class Check:
    """Calls the door in this process."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self._capfd = capfd

    def __call__(self, *arguments: str, by_hand: bool = True) -> Done:
        self._capfd.readouterr()
        try:
            code = hook.main(list(arguments), by_hand=by_hand)
        except SystemExit as error:
            code = int(error.code or 0)
        return Done(code, *self._capfd.readouterr())

    def hook(self, *arguments: str) -> Done:
        return self(*arguments, by_hand=False)


@pytest.fixture
def check(repo: Repo, capfd: pytest.CaptureFixture[str]) -> Check:
    return Check(capfd)


COPY = "a.md:3:1: error adjacent-copy: This paragraph says what the one right above it says (also line 1).\n"


def near(number: int) -> str:
    """Two paragraphs that differ in a word: a warning."""
    text = f"{paragraph(number)} {paragraph(number + 1)}"
    return f"{text}\n\n{text.replace('engineers', 'builders', 1)}\n"


# Exit codes and what counts.


def test_exit_codes_are_0_clean_1_findings_2_could_not(check: Check) -> None:
    write("a.md", page(1, 2))
    assert check() == Done(0, "no findings in 1 file\n", "")
    write("a.md", page(1, 1))
    assert check() == Done(1, f"{COPY}1 error in 1 file\n", "")
    done = check("a.md", "gone.md")
    assert done.code == 2
    assert "gone.md: note: no such file; name a file or a folder that is there\n" in done.out
    assert COPY in done.out, "what could be done was done"


def test_the_hook_counts_what_is_new_and_by_hand_everything_counts(check: Check, repo: Repo) -> None:
    write("a.md", page(1, 1))
    commit(repo)
    shown = "1 older finding is not shown; cleaner check without --new shows them\n"
    done = check.hook("a.md")
    assert done.code == 0
    assert shown in done.out
    assert check("a.md").code == 1
    assert check.hook("--all", "a.md").code == 1
    assert check("--new", "a.md").code == 0


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("info", 1), ("never", 0)])
def test_the_severity_from_which_on_a_run_fails(check: Check, fail_on: str, code: int) -> None:
    write("a.md", near(1))
    done = check("--fail-on", fail_on)
    assert done.out.startswith("a.md:3:1: warning adjacent-near:")
    assert done.code == code
    write("pyproject.toml", f'[tool.cleaner.check]\nfail-on = "{fail_on}"\n')
    assert check().code == code
    assert check("--fail-on", "error").code == 0, "a flag wins over the settings"


def test_rules_are_switched_by_flags(check: Check) -> None:
    write("a.md", page(1, 1))
    assert check("--disable", "adjacent-copy").out == "no findings in 1 file\n"
    assert check("--severity", "adjacent-copy=warning").code == 0
    assert check("--disable", "all").code == 0
    assert check("--disable", "all", "--severity", "adjacent-copy=error").code == 1
    done = check("--disable", "adjacent-copie")
    assert done.code == 2
    assert done.err.startswith("cleaner: unknown rule 'adjacent-copie' (did you mean adjacent-copy?); known are ")
    assert "choose one of error, warning, info, off" in check("--severity", "adjacent-copy=loud").err
    assert "write RULE=SEVERITY" in check("--severity", "adjacent-copy").err


def test_an_unknown_flag_is_an_error_and_no_beginning_of_one_is_guessed(check: Check) -> None:
    write("a.md", page(1, 1))
    for flag in ("--levle", "--unsafe", "--quie"):
        done = check(flag)
        assert done.code == 2
        assert f"unrecognized arguments: {flag}" in done.err


def test_quiet_says_nothing_unless_the_run_fails(check: Check) -> None:
    write("a.md", near(1))
    assert check("--quiet") == Done(0, "", "")
    write("a.md", page(1, 1))
    assert check("--quiet") == check()


def test_nothing_to_check_is_said_and_fails_where_asked(check: Check) -> None:
    done = check()
    assert done.code == 0
    assert "no file to check" in done.out
    assert check("--fail-on-empty").code == 2


def test_a_base_that_is_not_there_is_one_line(check: Check, repo: Repo) -> None:
    write("a.md", page(1, 2))
    commit(repo)
    done = check("--new", "--base", "origin/main")
    assert done.code == 2
    assert done.err.splitlines() == [
        "cleaner: origin/main: git has no such commit, or HEAD has none in common with it; fetch it, or name another"
    ]


# Settings.


def test_settings_are_the_nearest_upwards_and_patterns_are_meant_from_their_folder(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.md", "docs/a.md", "docs/api/a.md", "docs/api/deep/b.md"):
        write(name, page(1, 1))
    write("pyproject.toml", '[tool.other]\ncheck = 1\n[tool.cleaner.check]\nexclude = ["docs/api/deep/"]\n')
    assert check().out.count("adjacent-copy") == 3
    monkeypatch.chdir("docs")
    assert check().out.count("adjacent-copy") == 2
    write("cleaner.toml", '[check.paths]\n"api/**" = { adjacent-copy = "warning" }\n"deep/" = "off"\n')
    assert check().out.count("warning adjacent-copy") == 2
    write("cleaner.toml", '[check]\nexclude = ["/api"]\n')
    assert check().out.count("adjacent-copy") == 1
    write("cleaner.toml", '[check]\nexclude = ["a.md"]\n')
    assert check().out.splitlines()[0].startswith("api/deep/b.md:3:1: error")


def test_settings_above_the_repository_are_not_its_own(check: Check, tmp_path: Path) -> None:
    write(str(tmp_path / "cleaner.toml"), '[check]\ndisable = ["adjacent-copy"]\n')
    write("a.md", page(1, 1))
    assert check().code == 1
    assert check("--config", str(tmp_path / "cleaner.toml")).code == 0


def test_settings_switch_rules_and_choose_files(check: Check) -> None:
    write("a.md", page(1, 1))
    write("b.page", page(2, 2))
    write(
        "cleaner.toml",
        '[check]\nrules = { adjacent_copy = "info" }\nformats = { page = "markdown" }\nmax-size = "1MB"\n',
    )
    told = COPY.replace("error", "info")
    assert check().out.startswith(told + told.replace("a.md", "b.page"))
    write("cleaner.toml", '[check]\ndisable = "adjacent-copy"\n')
    assert check().code == 0
    write("cleaner.toml", "[check]\nmin-adjacent = 100\nmin-file = 100\n")
    assert check().code == 0
    write("cleaner.toml", "[check]\nmax-size = 10\n")
    assert "a.md: note: not read, it is " in check().out
    write("cleaner.toml", '[check]\nfail-on-empty = true\nexclude = ["*.md"]\n')
    assert check().code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("exlcude = []", "unknown setting 'exlcude' (did you mean exclude?); known are across, base, baseline,"),
        ('rules = { adjacent = "off" }', "unknown rule 'adjacent' (did you mean adjacent-near?)"),
        ('rules = { adjacent-copy = "loud" }', "rules.adjacent-copy is 'loud'; choose one of error, warning"),
        ('rules = "off"', "rules is 'off'; write rules and severities"),
        ('fail-on = "all"', "fail-on is 'all'; choose one of error, warning, info, never"),
        ("exclude = 1", "exclude is 1; give a text in quotes, or a list of them"),
        ('twins = ["content"]', "twins: 'content' has no {lang} in it"),
        ('versions = ["v/{lang}"]', "versions: 'v/{lang}' has no {version} in it"),
        ('formats = { ".x" = "markdwon" }', "formats..x is 'markdwon'; choose one of markdown, mdx, rst"),
        ('max-size = "much"', "max-size is 'much'; give a size like 512MB or 2GB"),
        ("min-adjacent = true", "min-adjacent is True; give a whole number, 3 or more"),
        ("near = 2", "near is 2; give a number from 0.5 to 1"),
        ("across = 1", "across is 1; give true or false"),
        ('paths = ["a"]', "paths is ['a']; write patterns"),
        ("min_file = 9\nmin-file = 9", "min-file is set twice"),
        ("a = b", "not TOML"),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_are_named_with_their_file_and_the_way_out(check: Check, text: str, said: str) -> None:
    for name, head in (("cleaner.toml", "check"), ("pyproject.toml", "tool.cleaner.check")):
        write(name, f"[{head}]\n{text}\n")
        done = check()
        assert done.code == 2
        assert done.err.startswith(f"cleaner: {name}: "), done.err
        assert said in done.err
        os.unlink(name)


def test_a_table_of_the_check_does_not_disturb_the_other_commands(check: Check) -> None:
    from cleaner.cli.config import read_config

    write("pyproject.toml", '[tool.cleaner]\nmin-words = 20\n[tool.cleaner.check]\nexclude = ["a"]\n')
    assert read_config().values == {"min_words": 20}
    os.unlink("pyproject.toml")
    write("cleaner.toml", 'min-words = 20\n[check]\nexclude = ["a.md"]\n')
    assert read_config().values == {"min_words": 20}
    write("a.md", page(1, 1))
    assert check().code == 0


# Reports.


def test_paths_are_said_as_they_are_called_from_the_current_folder(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("docs/a.md", page(1, 1))
    write("b.md", page(1, 1))
    write("docs/deep/x", "")
    monkeypatch.chdir("docs/deep")
    lines = check("..", "../../b.md", "../gone.md").out.splitlines()
    assert [line.split(":")[0] for line in lines[:3]] == ["../../b.md", "../a.md", "../gone.md"]
    shown = json.loads(check("..", "--format", "json").out)
    assert shown["findings"][0]["here"]["path"] == "docs/a.md", "services want them from the root"


@pytest.mark.parametrize("format", hook.FORMATS)
def test_every_format_goes_to_a_file_with_lines_for_people_beside(check: Check, format: str) -> None:
    from cleaner.report.findings import FORMATS

    assert tuple(FORMATS) == hook.FORMATS
    write("a.md", page(1, 1))
    straight = check("--format", format)
    done = check("--format", format, "--output", "out/report")
    assert done.code == straight.code == 1
    assert "adjacent-copy" in done.out
    assert Path("out/report").read_text("utf-8") == straight.out
    if format in ("json", "sarif", "gitlab", "rdjson"):
        json.loads(straight.out)


@pytest.mark.parametrize("format", ["gitlab", "rdjson"])
def test_what_a_format_has_no_place_for_is_said_on_standard_error(check: Check, format: str) -> None:
    write("a.md", page(1, 2))
    done = check("--format", format, "a.md", "gone.md")
    json.loads(done.out)
    assert "gone.md: note: no such file" in done.err


def test_nothing_that_files_hold_or_are_called_acts_on_a_terminal(check: Check) -> None:
    text = (
        "The \x1b]0;owned\x07\x1b[31mbridge\u202e\x9b will be closed for twelve weeks while engineers check it again."
    )
    name = "a\x1b[31m\u202e.md"
    write(name, f"{text}\n\n{text}\n")
    write("b\x1b[2J.md", b"\xff\x00\x01")
    for arguments in ([], ["--format", "full"], ["--format", "github"], ["--diff"], [name, "gone\x1b[2J.md"]):
        done = check(*arguments)
        assert done.code, arguments
        for shown in (done.out, done.err):
            if arguments != ["--diff"]:  # for git apply, which needs the bytes as they are
                assert not set("\x1b\x9b\x07\u202e") & set(shown), arguments
    write("cleaner.toml", '[check]\n"\\u001b[31m" = 1\n')
    assert "\x1b" not in check().err


def test_colours_and_links_are_for_terminals(check: Check) -> None:
    write("a.md", page(1, 1))
    assert "\x1b" not in check().out
    assert "\x1b]8;;file://" in check("--color", "always").out


@pytest.mark.parametrize(
    ("environ", "color"), [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)]
)
def test_on_a_terminal_people_may_do_without_colours(
    check: Check, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], color: bool
) -> None:
    import io

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert colored("auto", Terminal()) is color
    assert colored("auto", io.StringIO()) is False
    assert colored("never", Terminal()) is False


def test_rules_are_listed_and_explained(check: Check) -> None:
    from cleaner.phases.check.rules import RULES

    listed = check("rules").out.splitlines()
    assert [line.split()[0] for line in listed] == list(RULES)
    for name, rule in RULES.items():
        done = check("rule", name)
        assert done.code == 0
        for part in (rule.title, rule.why, rule.silence, rule.cure):
            assert part in done.out
    done = check("rule", "adjacent-cpy")
    assert done.code == 2
    assert "did you mean adjacent-copy?" in done.err
    assert check("rule").out.startswith("usage: ")
    assert check("--version").out.startswith("cleaner 0.")


# Fixing.


def as_written(name: str) -> tuple[bytes, int, int]:
    """What changes where a file is written, though it be with the same bytes; reading it changes none of it."""
    found = Path(name).stat()
    return Path(name).read_bytes(), found.st_ino, found.st_mtime_ns


def test_nothing_is_written_unless_it_is_asked_for(check: Check) -> None:
    write("a.md", page(1, 1, 2))
    before = as_written("a.md")
    check()
    check("--diff")
    check("--diff", "--fix")
    check("--diff", "--unsafe-fixes")
    assert as_written("a.md") == before
    done = check("--unsafe-fixes")
    assert done.code == 2
    assert "--unsafe-fixes needs --fix, which writes, or --diff, which shows" in done.err


def test_the_difference_is_what_git_applies_and_what_fix_writes(check: Check, repo: Repo) -> None:
    text = page(1, 1, 2, 3, 3).replace("\n", "\r\n").replace("bridge", "Br\u00fccke")
    write("docs/a.md", text)
    write("docs/b.md", "\n\n" + page(4, 4).rstrip("\n"))
    commit(repo)
    done = check("--diff")
    assert done.code == 1
    assert "2 errors" not in done.out
    assert "3 errors in 2 files" in done.err
    subprocess.run(["git", "apply", "-"], input=done.out.encode(), check=True)
    applied = [Path(name).read_bytes() for name in ("docs/a.md", "docs/b.md")]
    assert applied[0].decode() == page(1, 2, 3).replace("\n", "\r\n").replace("bridge", "Br\u00fccke")
    repo("checkout", "-q", ".")
    done = check("--fix")
    assert [Path(name).read_bytes() for name in ("docs/a.md", "docs/b.md")] == applied
    assert done.code == 1, "files were changed: what is committed must be looked at again"
    assert done.err == "docs/a.md: 2 copies taken out\ndocs/b.md: 1 copy taken out\n"
    assert done.out == "no findings in 2 files\n"
    assert check("--fix").code == 0


def test_a_fix_keeps_the_encoding_the_mark_and_who_may_read(check: Check) -> None:
    text = page(1, 1, 2).replace("bridge", "fa\u00e7ade d\u00e9j\u00e0 d\u00e9cor\u00e9e")
    fixed = page(1, 2).replace("bridge", "fa\u00e7ade d\u00e9j\u00e0 d\u00e9cor\u00e9e")
    write("a.md", text.encode("latin-1"))
    write("b.md", b"\xef\xbb\xbf" + text.encode())
    Path("a.md").chmod(0o640)
    assert check("--fix").code == 1
    assert Path("a.md").read_bytes() == fixed.encode("latin-1")
    assert Path("b.md").read_bytes() == b"\xef\xbb\xbf" + fixed.encode()
    assert Path("a.md").stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(".")) == [".git", "a.md", "b.md"]


def test_the_hook_fixes_what_is_new_only(check: Check, repo: Repo) -> None:
    write("a.md", page(1, 1, 2))
    commit(repo)
    write("a.md", page(1, 1, 2, 2))
    repo("add", ".")
    assert check.hook("--fix", "a.md").code == 1
    assert Path("a.md").read_text("utf-8") == page(1, 1, 2)


def test_only_exact_neighbours_go_without_unsafe_fixes(check: Check) -> None:
    text = page(1, 2, 3, 1)
    write("a.md", text)
    assert check("--fix").code == 0
    assert Path("a.md").read_text("utf-8") == text
    assert check("--fix", "--unsafe-fixes").code == 1
    assert Path("a.md").read_text("utf-8") == page(1, 2, 3)


def test_a_fix_that_would_change_more_than_it_says_writes_nothing(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cleaner.phases.check import fixing

    write("a.md", page(1, 1, 2))
    write("b.md", page(3, 3))
    whole = fixing.cut_text
    monkeypatch.setattr(
        "cleaner.check.fix.cut_text",
        lambda text, findings: whole(text, findings).replace("pillar number 2 ", "pillar number 7 "),
    )
    done = check("--fix")
    assert done.code == 2
    assert (
        "a.md: note: cannot be fixed, the new text is not the old one without the cuts; nothing was written" in done.out
    )
    assert Path("a.md").read_text("utf-8") == page(1, 1, 2)
    assert Path("b.md").read_text("utf-8") == page(3), "other files are not concerned"


def test_a_file_that_changed_since_it_was_read_is_not_written(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaner.check import run

    write("a.md", page(1, 1, 2))
    whole = run._Run.changes

    def later(self: run._Run, findings: list) -> list:  # type: ignore[type-arg]
        made = whole(self, findings)
        write("a.md", page(1, 1, 2, 3))
        return made

    monkeypatch.setattr(run._Run, "changes", later)
    done = check("--fix")
    assert done.code == 2
    assert "cleaner: a.md: changed while it was checked; nothing was written; run again" in done.err
    assert Path("a.md").read_text("utf-8") == page(1, 1, 2, 3)


def test_a_baseline_is_written_and_used(check: Check) -> None:
    write("a.md", page(1, 1))
    done = check("--write-baseline", "base.json")
    assert (done.code, done.err) == (0, "base.json: 1 finding kept; give --baseline base.json to leave them out\n")
    done = check("--baseline", "base.json")
    assert done == Done(0, "no findings in 1 file (1 in the baseline)\n", "")
    write("cleaner.toml", '[check]\nbaseline = "base.json"\n')
    assert check().code == 0
    write("a.md", page(1, 1, 2, 2))
    assert check().code == 1
    assert check("--write-baseline", "base.json").code == 0, "written anew, it knows the old ones too"
    assert check().code == 0


def test_a_file_of_decisions_is_a_baseline(check: Check) -> None:
    """What is marked to stay is known in any file, however often; what is not is a finding."""
    write("a.md", page(1, 1, 1))
    write("b.md", page(1, 1))
    head = '{"cleaner": "decisions", "version": 1}\n'
    mark = f'{{"decision": "keep", "key": "{key_of(paragraph(1))}", "witness": null}}\n'
    write("marks.jsonl", head + mark)
    done = check("--baseline", "marks.jsonl")
    assert (done.code, done.out.partition(" (")[0], done.err) == (0, "no findings in 2 files", "")
    write("cases.csv", f"\ufeffdecision;text;key;witness_key\r\nkeep;a;{key_of(paragraph(1))};\r\n")
    assert check("--baseline", "cases.csv").code == 0
    write("a.md", page(1, 1, 2, 2))
    done = check("--baseline", "marks.jsonl")
    assert (done.code, done.out.count("error")) == (1, 2), "one line, and the sum"
    write("marks.jsonl", head + mark.replace("keep", "drop"))
    done = check("--baseline", "marks.jsonl")
    assert (done.code, done.err) == (2, "cleaner: marks.jsonl:2: the decision is 'drop'; write keep or remove\n")


def test_of_a_block_all_paragraphs_must_be_kept(check: Check) -> None:
    write("a.md", page(1, 2, 1, 2))
    head = "decision,key,witness_key\n"
    rows = [f"keep,{key_of(paragraph(number))},\n" for number in (1, 2)]
    write("cases.csv", head + rows[0])
    assert check("--baseline", "cases.csv").code == 1
    write("cases.csv", head + rows[0] + rows[1])
    assert check("--baseline", "cases.csv").code == 0


def test_on_a_page_what_is_shown_is_what_was_decided(check: Check) -> None:
    said = paragraph(1).replace("engineers", "<b>engineers</b>", 1)
    write("a.html", f"<p>{said}</p>\n<p>{said}</p>\n")
    assert check().code == 1
    write("cases.csv", f"decision,key,witness_key\nkeep,{key_of(paragraph(1))},\n")
    assert check("--baseline", "cases.csv").code == 0


# As processes.

HOOK = [sys.executable, "-c", "from cleaner.hook import cli; cli()"]


def process(*arguments: str, **more: str) -> Done:
    environment = plain(dict(os.environ)) | {"PYTHONPATH": str(ROOT)} | more
    done = subprocess.run([*HOOK, *arguments], capture_output=True, text=True, check=False, env=environment)
    return Done(done.returncode, done.stdout, done.stderr)


HEAVY = {
    "typer", "click", "rich", "numpy", "numba", "scipy", "datasketch", "pyarrow", "duckdb", "chardet", "orjson",
    "dataclasses", "inspect", "asyncio", "multiprocessing", "concurrent", "logging", "importlib.metadata", "sqlite3",
    "tomllib", "json", "pathlib", "difflib", "html", "shutil", "tempfile", "urllib", "hashlib",
}  # fmt: skip
ALWAYS = {"cleaner.hook", "cleaner.check.run", "argparse", "subprocess"}


def loaded(*arguments: str, doing: str = "hook.main(sys.argv[1:])") -> set[str]:
    code = f"import sys\nfrom cleaner import hook\n{doing}\nprint(*sys.modules)"
    environment = plain(dict(os.environ)) | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{code}", *arguments],
        capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    modules = set(done.stdout.splitlines()[-1].split())
    assert modules >= ALWAYS
    return modules


def test_a_hook_without_a_finding_loads_little(repo: Repo) -> None:
    write("a.md", "# A page\n\nThe first paragraph says one thing about bridges.\n\n- An item of a list.\n")
    write("pyproject.toml", '[project]\nname = "x"\n')
    commit(repo)
    write("a.md", Path("a.md").read_text("utf-8") + "\nThe last one, which is new, tells of ferries and of fog.\n")
    modules = loaded("a.md")
    assert not modules & HEAVY, sorted(modules & HEAVY)
    assert "rapidfuzz" not in modules
    own = {name for name in modules if name.startswith("cleaner.")}
    assert "cleaner.settings" not in own
    assert "cleaner.phases.compare" not in own


def test_a_hook_with_findings_loads_rapidfuzz_and_pyromark_at_most(repo: Repo) -> None:
    write("a.md", near(1) + "\n" + page(5, 5, 6, 7, 6) + "\n" + paragraph(8) + "\n\n" + paragraph(8).upper() + "\n")
    modules = loaded("a.md")
    large = {
        "typer",
        "click",
        "rich",
        "numpy",
        "numba",
        "scipy",
        "datasketch",
        "pyarrow",
        "duckdb",
        "chardet",
        "orjson",
    }
    assert not modules & large, sorted(modules & large)
    assert {"rapidfuzz", "pyromark"} <= modules


def test_the_command_line_of_the_project_leads_to_the_same_door(repo: Repo) -> None:
    write("a.md", page(1, 1))

    def cleaner(*arguments: str) -> Done:
        environment = plain(dict(os.environ)) | {"PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "cleaner", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        return Done(done.returncode, done.stdout, done.stderr)

    assert cleaner("check") == Done(1, f"{COPY}1 error in 1 file\n", "")
    assert cleaner("check", "--disable", "adjacent-copy", "a.md").code == 0
    assert cleaner("check", "--fail-on", "nothing").code == 2
    assert cleaner("check", "--help").out.startswith("usage: cleaner check ")
    assert cleaner("check", "-h").out == cleaner("check", "--help").out
    assert process("--help").out.startswith("usage: cleaner-hook ")
    assert cleaner("rule", "adjacent-copy").out == process("rule", "adjacent-copy").out
    assert cleaner("rules").out == process("rules").out
    assert cleaner("rule", "nothing").code == 2


def test_two_hooks_at_once_say_what_one_says(repo: Repo) -> None:
    for number in range(40):
        write(f"{number}.md", page(number, number) + f"\n{paragraph(500)} {paragraph(501)}\n")
    commit(repo)
    arguments = ["--all", "--across", "--format", "json"]
    environment = plain(dict(os.environ)) | {"PYTHONPATH": str(ROOT)}
    runs = [subprocess.Popen([*HOOK, *arguments], stdout=subprocess.PIPE, env=environment) for _ in range(4)]
    said = [json.loads(run.communicate()[0])["findings"] for run in runs]
    assert [run.returncode for run in runs] == [1] * 4
    assert said[0] == said[1] == said[2] == said[3] == json.loads(process(*arguments).out)["findings"]
    assert len(said[0]) == 41
    assert not Path(".git/index.lock").exists()


def test_a_reader_that_leaves_early_is_no_trouble(repo: Repo) -> None:
    for number in range(300):
        write(f"{number:04}.md", page(*(n for n in range(20) for _ in "ab")))
    command = " ".join(f"'{part}'" for part in HOOK)
    done = subprocess.run(
        ["bash", "-c", f"{command} --all . | head -1; exit ${{PIPESTATUS[0]}}"],
        capture_output=True, text=True, check=False, env=plain(dict(os.environ)) | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize(("to", "said"), [(">&-", "it is closed"), (">/dev/full", "No space left on device")])
def test_standard_output_that_takes_nothing_is_one_line_and_exit_code_2(repo: Repo, to: str, said: str) -> None:
    write("a.md", page(1, 1))
    command = " ".join(f"'{part}'" for part in HOOK)
    environment = plain(dict(os.environ)) | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-c", f"{command} --all . {to}"], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 2
    assert done.stderr.startswith("cleaner: standard output: ")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


# Through pre-commit.

pre_commit = pytest.mark.skipif(
    find_spec("pre_commit") is None or find_spec("hatchling") is None,
    reason="pre-commit or hatchling is not installed: pip install pre-commit hatchling",
)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with this project as it is here, with a commit, for pre-commit to clone."""
    folder = tmp_path_factory.mktemp("hook") / "project"
    shutil.copytree(
        ROOT / "cleaner", folder / "cleaner", ignore=shutil.ignore_patterns("__pycache__", "*.nbc", "*.nbi")
    )
    for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    environment = plain(dict(os.environ))
    for arguments in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.email=a@example.org", "-c", "user.name=A", "commit", "-qm", "the project"],
    ):
        subprocess.run(["git", *arguments], cwd=folder, check=True, env=environment)
    return folder


class PreCommit:
    """Runs pre-commit in the current folder, with environments of its own that need no network."""

    def __init__(self, home: Path, clone: Path) -> None:
        # pip installs the clone into an environment of its own; what it depends on is taken from here.
        here = os.pathsep.join(path for path in sys.path if path.endswith("site-packages"))
        self.environment = plain(dict(os.environ)) | {
            "PRE_COMMIT_HOME": str(home),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_FIND_LINKS": "",
            "PYTHONPATH": here,
        }  # fmt: skip
        self.clone = clone
        self.revision = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=clone, capture_output=True, text=True, check=True
        ).stdout.strip()

    def configure(self, hook: str = "cleaner", **keys: object) -> None:
        own = "".join(f"\n        {key}: {json.dumps(value)}" for key, value in keys.items())
        write(
            ".pre-commit-config.yaml",
            f"repos:\n  - repo: {self.clone.as_uri()}\n    rev: {self.revision}\n    hooks:\n      - id: {hook}{own}\n",
        )

    def __call__(self, *arguments: str) -> Done:
        return self.run(sys.executable, "-m", "pre_commit", *arguments)

    def run(self, *command: str) -> Done:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=self.environment)
        return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pre-commit-home")


@pytest.fixture
def tool(repo: Repo, clone: Path, home: Path) -> PreCommit:
    """pre-commit, in a repository that is not ours."""
    made = PreCommit(home, clone)
    made.configure()
    return made


@pre_commit
def test_through_pre_commit_a_commit_that_pastes_twice_is_stopped_and_old_copies_are_not(
    repo: Repo, tool: PreCommit
) -> None:
    write("old.md", page(1, 1))
    write("docs/a.md", page(2, 3))
    commit(repo)
    assert tool("install", "--hook-type", "pre-commit", "--hook-type", "pre-merge-commit").code == 0
    write("docs/a.md", page(2, 3, 3))
    write("old.md", page(1, 1, 4))
    repo("add", "-A")
    done = tool.run("git", "commit", "-qm", "twice")
    assert done.code == 1, done
    assert "docs/a.md:5:1: error adjacent-copy" in done.err
    assert "old.md:3:1" not in done.err
    write("docs/a.md", page(2, 3, 5))
    repo("add", "-A")
    done = tool.run("git", "commit", "-qm", "once")
    assert done.code == 0, done
    assert "paragraphs pasted twice" in done.err


@pre_commit
def test_through_pre_commit_a_merge_that_pastes_twice_is_stopped(repo: Repo, tool: PreCommit) -> None:
    write("a.md", page(*range(6)))
    commit(repo)
    repo("checkout", "-qb", "other")
    write("a.md", page(0, 7, 1, 2, 3, 4, 5))
    commit(repo)
    repo("checkout", "-q", "main")
    write("a.md", page(0, 1, 2, 3, 4, 7, 5))
    commit(repo)
    assert tool("install", "--hook-type", "pre-merge-commit").code == 0
    done = tool.run("git", "merge", "--no-edit", "other")
    assert done.code == 1, done
    assert "a.md:13:1: error merge-copy" in done.out + done.err
    repo("merge", "--abort")


@pre_commit
def test_through_pre_commit_the_files_of_a_batch_are_a_filter_and_never_the_universe(
    repo: Repo, tool: PreCommit
) -> None:
    """So many long names that pre-commit calls the hook more than once, on one process each time."""
    text = f"{paragraph(1)} {paragraph(2)}"
    names = [f"{'long-' * 40}{number:04}/{'name-' * 40}.md" for number in range(600)]
    for name in names:
        write(name, "# A page of its own\n")
    write(names[0], f"{text}\n")
    write(names[-1], f"# Last\n\n{text}\n")
    commit(repo)
    tool.configure(args=["--all", "--across", "--fail-on", "warning"], verbose=True)
    done = tool("run", "--all-files", "cleaner")
    assert done.code == 1, done
    files = [
        int(found[1]) for found in re.finditer(r"^(?:no findings|1 warning) in (\d+) files$", done.out, re.MULTILINE)
    ]
    assert len(files) > 1, "there was one batch only: take longer names"
    assert sum(files) == 600
    assert done.out.count("across-files") >= 1
    assert f"0000/{'name-' * 40}.md" in done.out
    assert f"0599/{'name-' * 40}.md" in done.out


@pre_commit
def test_through_pre_commit_the_fixing_hook_takes_out_and_stops(repo: Repo, tool: PreCommit) -> None:
    tool.configure("cleaner-fix")
    write("a.md", page(1, 2))
    commit(repo)
    write("a.md", page(1, 2, 2))
    repo("add", "-A")
    done = tool("run")
    assert done.code == 1, done
    assert "files were modified by this hook" in done.out
    assert Path("a.md").read_text("utf-8") == page(1, 2)


@pre_commit
def test_through_pre_commit_a_push_is_compared_with_what_is_there(repo: Repo, tool: PreCommit) -> None:
    write("a.md", page(1, 1))
    commit(repo)
    before = repo("rev-parse", "HEAD").strip()
    write("a.md", page(1, 1, 2, 2))
    commit(repo)
    done = tool("run", "--hook-stage", "pre-push", "--from-ref", before, "--to-ref", "HEAD")
    assert done.code == 1, done
    assert "a.md:7:1: error adjacent-copy" in done.out
    assert "a.md:3:1" not in done.out
