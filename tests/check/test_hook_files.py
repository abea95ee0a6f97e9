"""What other programs read of this repository: pre-commit its hooks, GitHub its action, maintainers docs/hook.md."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
ACTION = ROOT / "action.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
PAGE = ROOT / "docs" / "hook.md"

pytestmark = pytest.mark.skipif(not HOOKS.exists(), reason="these files are in a clone of the repository only")


def read(path: Path) -> Any:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed; it comes with pre-commit: pip install '.[dev]'")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


# --- pre-commit -------------------------------------------------------------------------------------------------------


def test_pre_commit_takes_the_hooks() -> None:
    pytest.importorskip("pre_commit", reason="pre-commit is not installed: pip install '.[dev]'")
    from pre_commit.clientlib import load_manifest

    hooks = {hook["id"]: hook for hook in load_manifest(str(HOOKS))}
    assert hooks.keys() == {"cleaner", "cleaner-fix"}
    for hook in hooks.values():
        assert hook["language"] == "python"
        assert hook["require_serial"] is True
        assert hook["stages"] == ["pre-commit", "pre-merge-commit", "pre-push", "manual"]
        assert hook["entry"].split()[0] == "cleaner-hook"
        assert not hook["verbose"]


@pytest.mark.parametrize(
    "name",
    ["a.md", "a.markdown", "a.mdx", "a.rst", "a.adoc", "a.asciidoc", "a.html", "a.htm", "a.txt"],
)
def test_every_format_that_is_read_has_a_tag_that_the_hooks_ask_for(name: str) -> None:
    identify = pytest.importorskip("identify.identify", reason="identify is not installed: pip install '.[dev]'")
    tags = identify.tags_from_filename(name)
    for hook in read(HOOKS):
        assert tags & set(hook["types_or"]), name


def test_code_and_data_have_no_such_tag() -> None:
    identify = pytest.importorskip("identify.identify", reason="identify is not installed: pip install '.[dev]'")
    for name in ("a.py", "a.json", "a.csv", "a.toml", "a.svg", "CMakeLists.txt"):
        for hook in read(HOOKS):
            tags = identify.tags_from_filename(name)
            assert not tags & set(hook["types_or"]) or tags & set(hook["exclude_types"]), name


# --- The action -------------------------------------------------------------------------------------------------------


def steps() -> dict[str, dict[str, Any]]:
    return {step["name"]: step for step in read(ACTION)["runs"]["steps"]}


def test_the_action_says_what_each_input_is_and_uses_it() -> None:
    action = read(ACTION)
    text = ACTION.read_text(encoding="utf-8")
    for name, each in action["inputs"].items():
        assert each["description"]
        assert f"inputs.{name} " in text, name
        assert f"| `{name}` |" in PAGE.read_text(encoding="utf-8"), name


def test_no_value_from_outside_becomes_part_of_a_script() -> None:
    for step in steps().values():
        assert "${{" not in step.get("run", "")
        assert "run" in step or "@" in step["uses"]
        assert step.get("shell") == ("bash" if "run" in step else None)


HOOK = """#!/bin/sh
printf '%s|' "$@" >> "$CALLS"
echo >> "$CALLS"
[ "$1" = --format=sarif ] && exit 0
exit "${STATUS:-0}"
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A merge of two branches, as GitHub checks a pull request out."""
    if shutil.which("git") is None or shutil.which("bash") is None or os.name == "nt":
        pytest.skip("needs git and bash")
    folder = tmp_path / "repository"
    folder.mkdir()
    commit = "git -c user.name=a -c user.email=a@b.c commit --allow-empty -qm"
    merge = commit.replace("commit --allow-empty -qm", "merge -q --no-ff -m")
    script = (
        f"git init -q -b main . && {commit} first && git checkout -qb side && {commit} theirs && git checkout -q main"
        f" && {commit} ours && {merge} both side"
    )
    subprocess.run(["bash", "-c", script], cwd=folder, check=True, env=clean_environment())
    return folder


def clean_environment() -> dict[str, str]:
    """Without what a hook of git would leave."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def called(folder: Path, status: int = 0, **inputs: str) -> tuple[int, list[list[str]]]:
    """Exit code of the action's step, and the flags that the hook was called with, call by call."""
    temp = folder.parent / "temp"
    (temp / "cleaner" / "bin").mkdir(parents=True, exist_ok=True)
    hook = temp / "cleaner" / "bin" / "cleaner-hook"
    hook.write_text(HOOK, encoding="utf-8")
    hook.chmod(0o755)
    calls = temp / "calls"
    calls.write_text("", encoding="utf-8")
    defaults = {name: str(each.get("default", "")) for name, each in read(ACTION)["inputs"].items()}
    values = {f"CLEANER_{name.upper().replace('-', '_')}": value for name, value in defaults.items()}
    event = {"CLEANER_EVENT_BASE": "", "CLEANER_DEFAULT": "main"}
    of_runner = {"RUNNER_TEMP": str(temp), "GITHUB_OUTPUT": str(temp / "output"), "CALLS": str(calls)}
    run = subprocess.run(
        ["bash", "-c", steps()["Check"]["run"]],
        cwd=folder,
        env=clean_environment() | values | event | of_runner | {"STATUS": str(status)} | inputs,
        check=False,
        capture_output=True,
    )
    lines = calls.read_text(encoding="utf-8").splitlines()
    return run.returncode, [line.split("|")[:-1] for line in lines]


def test_a_pull_request_is_compared_with_the_base_that_it_is_merged_into(repository: Path) -> None:
    assert called(repository) == (0, [["--format=github", "--new", "--base=HEAD^1", "--"]])


def test_a_push_is_compared_with_the_commit_before_and_a_new_branch_with_the_default_one(repository: Path) -> None:
    subprocess.run(["git", "checkout", "-q", "side"], cwd=repository, check=True, env=clean_environment())
    assert called(repository, CLEANER_EVENT_BASE="abc0")[1][0][2] == "--base=abc0"
    assert called(repository, CLEANER_EVENT_BASE="0" * 40)[1][0][2] == "--base=origin/main"
    assert called(repository, CLEANER_EVENT_BASE="abc0", CLEANER_BASE="v1")[1][0][2] == "--base=v1"


def test_paths_and_flags_reach_the_hook_one_a_line_and_as_they_are(repository: Path) -> None:
    status, (call,) = called(
        repository,
        CLEANER_CHECK="all",
        CLEANER_PATHS="docs\n$(touch owned) 'a b'.md\n",
        CLEANER_ARGS="--across\n",
        CLEANER_FAIL_ON="warning",
    )
    assert status == 0
    assert call == [
        "--format=github", "--all", "--across", "--fail-on=warning", "--", "docs", "$(touch owned) 'a b'.md"
    ]  # fmt: skip
    assert not (repository / "owned").exists()


@pytest.mark.parametrize("status", [0, 1, 2])
def test_the_step_ends_as_the_hook_does_and_uploads_unless_it_could_not(repository: Path, status: int) -> None:
    ended, calls = called(repository, status, CLEANER_SARIF="true")
    assert ended == status
    assert [call[0] for call in calls] == ["--format=github", "--format=sarif"][: 1 if status == 2 else 2]
    output = repository.parent / "temp" / "output"
    assert output.exists() == (status != 2)


def test_a_word_that_check_does_not_know_fails_the_step(repository: Path) -> None:
    assert called(repository, CLEANER_CHECK="al") == (2, [])


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_table_of_rules_is_what_the_rules_say() -> None:
    tool = ROOT / "tools" / "hook_rules.py"
    run = subprocess.run([sys.executable, str(tool), "--check"], check=False)
    assert run.returncode == 0, "write it anew: python tools/hook_rules.py"


def test_every_setting_stands_in_the_page() -> None:
    from cleaner.config.keys import CHECK

    page = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z-]+)`", page[page.index("| setting |") : page.index("## Fixing")]))
    assert named >= CHECK.keys()


def test_every_link_inside_the_page_has_its_heading() -> None:
    page = PAGE.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]*)\)", page)) <= anchors


def test_the_settings_of_the_page_are_taken(tmp_path: Path) -> None:
    from cleaner.check.settings import read_settings

    page = PAGE.read_text(encoding="utf-8")
    (tmp_path / "cleaner.toml").write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    assert read_settings(str(tmp_path), str(tmp_path)).fail_on == "error"


def test_the_configuration_of_the_page_is_taken_by_pre_commit(tmp_path: Path) -> None:
    pytest.importorskip("pre_commit", reason="pre-commit is not installed: pip install '.[dev]'")
    from pre_commit.clientlib import load_config

    blocks = [block.split("```")[0] for block in PAGE.read_text(encoding="utf-8").split("```yaml\n")[1:]]
    configurations = [block for block in blocks if block.startswith("repos:")]
    assert len(configurations) == 2
    for block in configurations:
        file = tmp_path / "config.yaml"
        file.write_text(block, encoding="utf-8")
        load_config(str(file))


def test_every_flag_of_the_page_is_one_of_the_hook_s() -> None:
    from cleaner import hook

    known = set(re.findall(r"--[a-z][a-z-]+", hook.parser("cleaner-hook", False).format_help()))
    page = re.sub(
        r"(?m)^.*(pre-commit (run|install)|pip install|apt-get|--no-verify).*$", "", PAGE.read_text(encoding="utf-8")
    )
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page)) - known <= {"--unshallow"}
