"""The shipped configurations of LogTriage and of the Collectors around it find each other without a setting."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

CONFIG = Path(__file__).parent.parent.parent / "config" / "collector"
BESIDE = CONFIG / "logtriage.yaml"
AROUND = ["readme-snippet.yaml", "routing.yaml", "core-filter.yaml"]


def _default(file: Path, variable: str) -> str:
    (default,) = set(re.findall(rf"\$\{{env:{variable}:-([^}}]+)\}}", file.read_text()))
    return str(default)


@pytest.mark.parametrize("variable", ["LOGTRIAGE_ENDPOINT", "TRIAGED_ENDPOINT"])
@pytest.mark.parametrize("collector", AROUND)
def test_both_sides_of_a_hop_have_the_same_address(collector: str, variable: str) -> None:
    assert _default(CONFIG / collector, variable) == _default(BESIDE, variable)


def test_no_port_is_one_that_a_collector_on_the_same_machine_takes() -> None:
    taken = {"localhost:4317", "localhost:4318", "localhost:8888"}
    assert not taken & set(re.findall(r":-([^}]+)\}", BESIDE.read_text()))


def test_logtriage_accepts_its_settings() -> None:
    command = [str(Path(sys.executable).parent / "logtriage"), "config", "check", str(BESIDE)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
