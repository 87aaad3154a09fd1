"""Fixtures of the end-to-end tests."""

from __future__ import annotations

import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from e2e.stage import HERE, Stage


@pytest.fixture(scope="session")
def binaries() -> Path:
    """The folder of the Collectors, telemetrygen and rotel that `make otelcol` builds."""
    where = subprocess.run([HERE / "otelcol" / "build.sh", "--where"], capture_output=True, text=True, check=True)
    folder = Path(where.stdout.strip())
    if not (folder / "build.txt").exists():
        pytest.fail(f"no Collector in {folder}: run `make otelcol` first")
    return folder


@pytest.fixture
def stage(binaries: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Generator[Stage]:
    """What a test starts its programs with; their log tails are part of the report when it fails."""
    stage = Stage(binaries, tmp_path)
    request.node.stash[_STAGE] = stage
    yield stage
    stage.close()


_STAGE = pytest.StashKey[Stage]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the programs' log tails to the report of a failed test."""
    report = yield
    if report.failed and _STAGE in item.stash:
        report.sections.append(("programs", item.stash[_STAGE].log_tails()))
    return report
