"""The house: imports go down its floors only, and the small road loads nothing large."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "cleaner"

FLOORS = {
    "types": 0,
    "errors": 0,
    "settings": 0,
    "findings": 0,
    "values": 0,
    "decisions": 0,
    "text": 1,
    "kernels": 1,
    "phases": 2,
    "plan": 2,
    "formats": 3,
    "engines": 3,
    "index": 3,
    "repository": 3,
    "config": 3,
    "corpus": 4,
    "check": 4,
    "job": 4,
    "job_end": 4,
    "job_inputs": 4,
    "job_log": 4,
    "job_options": 4,
    "job_scratch": 4,
    "report": 4,
    "cli": 5,
    "hook": 5,
    "__main__": 5,
}
PUBLIC = 2.5
"""What programs import: ``cleaner`` itself and modules beside it that stand on no floor, such as cleaner/library.py."""

LARGE = ["numpy", "numba", "scipy", "datasketch", "typer", "pyarrow", "duckdb"]


def floor_of(module: str) -> float:
    """The floor of a module by its dotted name: ``cleaner.text.words`` is on 1."""
    _, _, name = module.partition("cleaner.")
    return FLOORS.get(name.split(".")[0], PUBLIC)


def imported(tree: ast.AST, modules: set[str]) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each module of the package that is imported, in functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"line {node.lineno}: a relative import"
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in modules else str(node.module) for name in whole]
        elif isinstance(node, ast.Call) and "import_module" in ast.dump(node.func) and node.args:
            names = [str(arg.value) for arg in node.args if isinstance(arg, ast.Constant)]
        else:
            continue
        yield from ((node.lineno, name) for name in names if name.split(".")[0] == "cleaner")


def climbing(package: Path) -> list[str]:
    """Imports of a higher floor, as file:line and what is imported."""
    sources = sorted(package.rglob("*.py"))
    dotted = {path: ".".join(path.relative_to(package.parent).with_suffix("").parts) for path in sources}
    names = {path: name.removesuffix(".__init__") for path, name in dotted.items()}
    return [
        f"{path.relative_to(package.parent)}:{line} on floor {floor_of(name):g} imports {other} on {floor_of(other):g}"
        for path, name in names.items()
        for line, other in imported(ast.parse(path.read_text(encoding="utf-8")), set(names.values()))
        if floor_of(other) > floor_of(name)
    ]


def test_imports_go_down_the_floors_only() -> None:
    assert climbing(PACKAGE) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("text/words.py", "import cleaner.phases.article"),
        ("phases/lsh.py", "def late():\n    from cleaner.formats import jsonl"),
        ("types.py", "from cleaner.text import words"),
        ("types.py", "from cleaner import plan"),
        ("library.py", "import importlib; importlib.import_module('cleaner.engines.local')"),
        ("formats/jsonl.py", "from cleaner import job"),
    ],
)
def test_an_import_that_goes_up_is_named_with_file_and_line(tmp_path: Path, path: str, line: str) -> None:
    package = tmp_path / "cleaner"
    for name in (
        "text/words.py",
        "phases/article.py",
        "formats/jsonl.py",
        "plan.py",
        "job.py",
        "engines/local.py",
        path,
    ):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("", encoding="utf-8")
    (package / path).write_text(f'"""A module."""\n{line}\n', encoding="utf-8")
    (found,) = climbing(package)
    assert found.startswith(f"cleaner/{path}:{line.count(chr(10)) + 2} ")


def test_every_module_on_a_floor_exists_and_every_other_is_public() -> None:
    names = {path.stem for path in PACKAGE.glob("*.py")} | {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert names - FLOORS.keys() <= {"__init__", "library", "seen"}, "give the new module a floor"


ARTICLE = "The bridge over the river will be closed for twelve weeks while engineers check it. No {} is planned.\n"

FRESH = f"""
import sys
from cleaner import Seen, Settings, clean, find
text = "".join({ARTICLE!r}.format(i) for i in range(14)) * 2
assert 2800 < len(text) < 3300, len(text)
outcome = clean(text, Settings())
assert len(outcome.text) < len(text), outcome
Seen().add(text)
print(*sys.modules)
"""


def test_cleaning_a_small_article_in_a_fresh_interpreter_loads_nothing_large() -> None:
    run = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, cwd=PACKAGE.parent, check=False)
    assert run.returncode == 0, run.stderr
    loaded = set(run.stdout.split())
    assert "cleaner.phases.article" in loaded
    assert loaded.isdisjoint(LARGE), sorted(loaded.intersection(LARGE))


def test_finding_repeats_across_a_few_small_texts_loads_nothing_large() -> None:
    code = FRESH.replace("print(", "assert find([text, text]); print(")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=PACKAGE.parent, check=False)
    assert run.returncode == 0, run.stderr
    assert set(run.stdout.split()).isdisjoint(LARGE)
