"""The power goes: of the files only what was synced is left, and that is everything that was acknowledged."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from faults.figures import Report
from faults.power import PowerSupply
from faults.stage import Stage
from faults.tier import count
from faults.verdict import KILL, check

pytestmark = pytest.mark.faults

CUTS = count("POWER_CUTS", ci=6, long=100)


def cut_again_and_again(stage: Stage, supply: PowerSupply, cuts: int) -> int:
    """Cut the power again and again under load; give how many files lost something."""
    rng = random.Random(cuts)
    stage.state.mkdir(mode=0o700)
    supply.sync_all()
    stage.service.environment = supply.environment()
    stage.service.start()
    stage.load(rate=600.0, largest=50)
    files_that_lost = 0
    for number in range(cuts):
        stage.wait_for(lambda: stage.is_holding, "records are held", 20.0)
        time.sleep(rng.uniform(0.2, 1.5))
        stage.service.kill()
        files_that_lost += len(supply.cut_off(mixed=rng if number % 2 else None))
        stage.service.start()
    return files_that_lost


def test_nothing_is_lost_by_a_power_cut_under_load(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path, error_every=3) as stage:
        supply = PowerSupply(stage.state, tmp_path / "store")
        files_that_lost = cut_again_and_again(stage, supply, CUTS)
        settled = stage.settle()
        report(f"power loss, {CUTS} times", settled.account, files_that_lost_something=files_that_lost)
        check(stage, settled, kinds=KILL)
        assert files_that_lost, "no file had anything unsynced: the cuts test nothing"
