"""What ``make demo`` shows: the samples checked, cleaned, and given back."""

from __future__ import annotations

import filecmp
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SAMPLES = sorted(str(p.relative_to(HERE.parent)) for p in HERE.iterdir() if p.suffix in (".txt", ".jsonl", ".md"))
SAMPLES.remove("samples/README.md")


def cleaner(*arguments: str) -> int:
    """Run the command as a person would; returns its exit code."""
    print(f"\n$ cleaner {' '.join(arguments)}", flush=True)
    return subprocess.run([sys.executable, "-m", "cleaner", *arguments], cwd=HERE.parent, check=False).returncode


def main() -> int:
    print("What do the samples say twice? (find changes nothing)")
    found = cleaner("find", *SAMPLES)
    with tempfile.TemporaryDirectory() as folder:
        out, back = f"{folder}/cleaned", f"{folder}/restored"
        print("\nTake it out, with a log of every span:")
        done = cleaner("clean", *SAMPLES, "-o", out, "--quiet")
        for line in (Path(out) / "_cleaner" / "removals.jsonl").read_text(encoding="utf-8").splitlines()[:1]:
            print(f"one row of the log:\n{line}")
        print("\nAnd give it back, byte for byte:")
        restored = cleaner("restore", out, "-o", back)
        same = all(
            filecmp.cmp(HERE.parent / name, _only(Path(back), Path(name).name), shallow=False) for name in SAMPLES
        )
    print("restored files equal the samples" if same else "restored files DIFFER from the samples")
    return 0 if (found, done, restored, same) == (1, 0, 0, True) else 1


def _only(folder: Path, name: str) -> Path:
    return next(folder.rglob(name))


if __name__ == "__main__":
    raise SystemExit(main())
