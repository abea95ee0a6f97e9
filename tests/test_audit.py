"""``make audit`` fails on advisories only, and never passes for an audit that was none."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))

from audit import told

GOOD = {"name": "good", "version": "1.0", "vulns": []}
BAD = {"name": "bad", "version": "2.0", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.1"]}]}
UNKNOWN = {"name": "ours", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def output(*packages: object) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


def test_an_advisory_is_named_with_the_version_that_mends_it_and_fails() -> None:
    assert told(output(GOOD, BAD), "") == (
        ["bad 2.0: PYSEC-2026-1, mended in 2.1", "2 packages audited, 1 advisories"],
        1,
    )


def test_what_could_not_be_audited_is_named() -> None:
    assert told(output(GOOD, UNKNOWN), "") == (["1 packages audited, 0 advisories", "not audited: ours"], 0)


def test_without_a_service_it_is_said_in_one_line() -> None:
    for lines, code in (told("", "Traceback\nConnectionError: no such host\n"), told(output(UNKNOWN, UNKNOWN), "")):
        assert (len(lines), code) == (1, 0)
        assert lines[0].startswith("NOT AUDITED: ")
    assert told("", "")[0] == ["NOT AUDITED: pip-audit could not ask its service: it printed nothing"]
