"""The tests of kills and power cuts fail on a service that does what they are there to find."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import pytest

from faults.figures import Report
from faults.power import PowerSupply
from faults.stage import HOLD_SECONDS, Stage
from faults.test_power_loss import cut_again_and_again
from faults.verdict import KILL, check

pytestmark = pytest.mark.faults

MUTANTS = Path(__file__).parent / "mutants"
TIMES = 3
AFTER_SECONDS = HOLD_SECONDS + 6.0
"""Whatever is not lost has arrived by then."""


def test_the_kill_test_finds_an_answer_before_the_commit(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path, error_every=3) as stage:
        stage.service.program = (sys.executable, MUTANTS / "answers_before_commit.py", "serve")
        _kill_again_and_again(stage)
        settled = stage.settle(seconds=AFTER_SECONDS, probes=False)
        report("mutant: answers before the commit", settled.account, is_found=settled.account.lost > 0)
        with pytest.raises(AssertionError, match=r"lost \d+ records"):
            check(stage, settled, kinds=KILL)


def test_the_power_loss_test_finds_a_database_that_is_not_synced(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path, error_every=3) as stage:
        stage.service.program = (sys.executable, MUTANTS / "never_syncs.py", "serve")
        cut_again_and_again(stage, PowerSupply(stage.state, tmp_path / "store"), TIMES)
        settled = stage.settle(seconds=AFTER_SECONDS, probes=False)
        report("mutant: synchronous=OFF, power loss", settled.account, is_found=settled.account.lost > 0)
        with pytest.raises(AssertionError, match=r"lost \d+ records"):
            check(stage, settled, kinds=KILL)


def _kill_again_and_again(stage: Stage) -> None:
    rng = random.Random(TIMES)
    stage.service.start()
    stage.load(rate=1000.0, largest=50)
    for _ in range(TIMES):
        stage.wait_for_kinds()
        time.sleep(rng.uniform(0.2, 1.0))
        stage.service.kill()
        stage.service.start()
