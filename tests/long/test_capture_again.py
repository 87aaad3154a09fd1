"""Re-run scenarios of the demo's capture: what failed then fails again with the same fingerprints.

Needs root on Debian 12 and the packages that `tests/capture/install.sh` installs.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from logtriage.verdicts.fingerprint import Fingerprint, fingerprint_of_line

ROOT = Path(__file__).parents[2]
STORED = ROOT / "processor" / "logtriage" / "demo" / "capture.jsonl"
ERROR = 17

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
    loud = [record for record in records if record["severity_number"] in {0} or record["severity_number"] >= ERROR]
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


def test_the_same_failure_with_other_ids_has_one_fingerprint() -> None:
    records = read(STORED, "01-postgres")
    twice = [record for record in records if 'violates unique constraint "orders_pkey"' in record["body"]]

    keys = {fingerprint(record).hex for record in twice}

    assert len(twice) > 1
    assert len(keys) == 1


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
