"""SIGKILL at random moments under load: what was acknowledged is not lost."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from faults.figures import Report, percentile
from faults.stage import Stage
from faults.tier import bound, count
from faults.verdict import KILL, check, check_copies

pytestmark = pytest.mark.faults

KILLS = count("KILLS", ci=30, long=500)
MIN_IN_FLIGHT = 50
SERVING_AGAIN_SECONDS = bound(3.0)


def test_nothing_is_lost_by_killing_the_service_under_load(tmp_path: Path, report: Report) -> None:
    rng = random.Random(KILLS)
    with Stage(tmp_path) as stage:
        stage.behave(seconds=0.05)
        stage.service.start()
        stage.load()
        ends: list[float] = []
        in_flight: list[int] = []
        while len(ends) < KILLS:
            time.sleep(rng.uniform(0.05, 1.2))
            ends.append(stage.service.kill())
            stage.ledger.refresh()
            in_flight.append(len(stage.ledger.in_flight(ends[-1])))
            stage.service.start()
        stage.behave()
        settled = stage.settle()
        starts = stage.service.start_seconds[1:]
        report(
            f"SIGKILL at a random moment, {KILLS} times",
            settled.account,
            in_flight_at_least=min(in_flight),
            serving_again_seconds_p50=percentile(starts, 0.5),
            serving_again_seconds_at_most=max(starts),
            drained_seconds=settled.drained_seconds,
        )
        account = check(stage, settled, kinds=KILL)
        assert min(in_flight) >= MIN_IN_FLIGHT
        assert 1 <= account.duplicated <= sum(in_flight), "no copy at all: nothing was replayed"
        check_copies(stage, ends)
        assert max(starts) <= SERVING_AGAIN_SECONDS
