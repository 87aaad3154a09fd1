"""The Collector accepts the shipped configurations as they are, with nothing set in the environment."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from e2e.stage import COLLECTOR_CONFIG, HERE

pytestmark = pytest.mark.e2e

FULL, NEWEST = "otelcol", "otelcol-newest"


@pytest.mark.parametrize(
    ("program", "configs"),
    [
        (FULL, [COLLECTOR_CONFIG / "routing.yaml"]),
        (FULL, [COLLECTOR_CONFIG / "core-filter.yaml"]),
        (FULL, [COLLECTOR_CONFIG / "agent.yaml"]),
        (FULL, [COLLECTOR_CONFIG / "gateway.yaml"]),
        (NEWEST, [COLLECTOR_CONFIG / "core-filter.yaml"]),
        (NEWEST, [COLLECTOR_CONFIG / "gateway.yaml"]),
        (NEWEST, [HERE / "existing.yaml", COLLECTOR_CONFIG / "readme-snippet.yaml"]),
    ],
    ids=lambda value: value if isinstance(value, str) else value[-1].name,
)
def test_the_collector_finds_no_fault(binaries: Path, program: str, configs: list[Path]) -> None:
    command = [str(binaries / program), "validate", *(f"--config={config}" for config in configs)]
    run = subprocess.run(command, capture_output=True, text=True, env={}, timeout=60)
    assert run.returncode == 0, run.stderr
