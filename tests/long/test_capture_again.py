"""Re-run scenarios of the demo's capture: what failed then fails again with the same fingerprints.

Needs root on Debian 12 and the packages that `tests/capture/install.sh` installs.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from logtriage.verdicts.fingerprint import Fingerprint, fingerprint_of_line

ROOT = Path(__file__).parents[2]
STORED = ROOT / "processor" / "logtriage" / "demo" / "capture.jsonl"
ERROR = 17
SPLIT_TODAY = {
    "Key (id)=(": "PostgreSQL's key values and the numbers of its STATEMENT stay",
    "Key (order_id)=(": "the same, and the digits of SKU-1",
    "Fatal errors found in configuration": "HAProxy's process id in parentheses stays",
    "SEVERE: invoice 2026-0": "of 2026-0002 only the year is masked",
    "json.decoder.JSONDecodeError": "line, column and character of a parse error stay",
    '"msg":"stock of SKU-': "the digits of SKU-2 stay",
    "http: panic serving": "Go's goroutine number stays",
    "Notify for alerts failed": "numbers of attempts and statuses; right to stay apart",
}
"""Failures that differ in words with digits only and do not share a fingerprint: a piece of their text, and why."""

pytestmark = pytest.mark.capture


def read(path: Path, scenario: str) -> list[dict[str, Any]]:
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [record for record in records if record["scenario"] == scenario]


def fingerprint(record: dict[str, Any]) -> Fingerprint:
    return fingerprint_of_line(
        record["body"],
        severity_text=record["severity_text"],
        severity_number=record["severity_number"],
        resource=record["resource"],
        attributes=record["attributes"],
    )


def failures(records: list[dict[str, Any]]) -> dict[str, str]:
    """Map the fingerprints of records from ERROR on, and of those without a severity, to their masked text."""
    loud = [record for record in records if not record["severity_number"] or record["severity_number"] >= ERROR]
    return {found.hex: found.masked for found in map(fingerprint, loud)}


def run_again(scenario: str, folder: Path) -> list[dict[str, Any]]:
    out = folder / "fresh.jsonl"
    command = [sys.executable, str(ROOT / "tests" / "capture" / "record.py"), str(out), "--only", scenario]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    return read(out, scenario)


@pytest.mark.parametrize("scenario", ["01-postgres", "02-redis", "03-nginx", "06-python"])
def test_a_second_run_fails_with_the_stored_fingerprints(scenario: str, tmp_path: Path) -> None:
    stored = failures(read(STORED, scenario))

    fresh = failures(run_again(scenario, tmp_path))

    gone = [stored[key] for key in sorted(stored.keys() - fresh.keys())]
    new = [fresh[key] for key in sorted(fresh.keys() - stored.keys())]
    assert stored, f"no failures of {scenario} in {STORED.name}"
    assert not gone + new, "\n".join(["only stored:", *gone, "only in the fresh run:", *new])


def test_failures_that_differ_in_ids_only_share_a_fingerprint() -> None:
    alike: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for record in map(json.loads, STORED.read_text(encoding="utf-8").splitlines()):
        shape = re.sub(r"[\w+=]*\d[\w+=]*", "0", record["body"])
        alike.setdefault((record["service_name"], shape), []).append(record)
    groups = [records for records in alike.values() if len(records) > 1]

    split = [records for records in groups if len({fingerprint(record).hex for record in records}) > 1]

    unknown = [records for records in split if not any(text in records[0]["body"] for text in SPLIT_TODAY)]
    assert len(groups) > 20
    assert not unknown, [[record["body"] for record in records] for records in unknown]


def test_a_missing_program_is_named_with_its_package(tmp_path: Path) -> None:
    script = ROOT / "tests" / "capture" / "record.py"
    code = (
        "import runpy, sys, pathlib\n"
        f"module = runpy.run_path({str(script)!r})\n"
        "scenario = pathlib.Path(sys.argv[1])\n"
        "module['check_needs'](scenario)\n"
    )
    scenario = tmp_path / "99-missing.sh"
    scenario.write_text("#!/bin/bash\n# Nothing.\n# needs: no-such-program=no-such-package\n")

    done = subprocess.run(
        [sys.executable, "-c", code, str(scenario)], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 1
    assert "install the package `no-such-package`" in done.stderr
