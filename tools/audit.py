"""Known advisories of the installed dependencies, asked by pip-audit: ``make audit``.

    audit.py [FLAGS OF pip-audit]

Exit code 1 where there is an advisory, and only then: pip-audit has no data of its own, and where its service cannot
be asked this says so in one line that begins with NOT AUDITED. Another service or a mirror is named by flags, as in
``make audit AUDIT='--vulnerability-service osv --osv-url https://mirror.example/v1/query'``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any


def main(flags: list[str]) -> int:
    command = [sys.executable, "-m", "pip_audit", "--local", "--format", "json", "--progress-spinner", "off", *flags]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines, code = told(done.stdout, done.stderr)
    print(*lines, sep="\n")
    return code


def told(output: str, errors: str) -> tuple[list[str], int]:
    """What to print of pip-audit's output, and the exit code."""
    try:
        packages: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (errors.strip().splitlines() or ["it printed nothing"])[-1]
        return [f"NOT AUDITED: pip-audit could not ask its service: {last}"], 0
    found = [
        f"{each['name']} {each['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'none yet'}"
        for each in packages
        for hole in each.get("vulns", ())
    ]
    skipped = sorted(each["name"] for each in packages if "skip_reason" in each)
    if packages and len(skipped) == len(packages):
        return ["NOT AUDITED: the service that pip-audit asked knows none of the packages; it may be a mirror"], 0
    said = [f"{len(packages) - len(skipped)} packages audited, {len(found)} advisories"]
    return found + said + ([f"not audited: {', '.join(skipped)}"] if skipped else []), int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
