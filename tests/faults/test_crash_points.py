"""Killed at each named point of a record's way, and there again right after: what was acknowledged is not lost."""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from faults.figures import Report
from faults.stage import Stage
from faults.tier import bound, count
from faults.verdict import KILL, check, check_copies
from logtriage.crash_points import VARIABLE, CrashPoint

pytestmark = pytest.mark.faults

ROUNDS = count("CRASHES", ci=1, long=20)
DIES_WITHIN_SECONDS = 40.0
SERVING_AGAIN_SECONDS = bound(3.0)
MIN_HELD = 40
PASSES = {
    CrashPoint.RECEIVED: 60,
    CrashPoint.COMMITTED: 40,
    CrashPoint.FORWARDED: 50,
    CrashPoint.ANSWERED: 50,
    CrashPoint.LEASED: 20,
    CrashPoint.JUDGED: 20,
    CrashPoint.EXPORTED: 15,
    CrashPoint.REMOVED: 4,
    CrashPoint.CHECKPOINT: 1,
    CrashPoint.RECOVERY: 1,
}
"""How often a point is passed unharmed at most: late enough that records are held, and some on their way out."""


def test_each_point_is_tested() -> None:
    assert set(PASSES) == set(CrashPoint)


@pytest.mark.parametrize("point", list(CrashPoint), ids=[point.value for point in CrashPoint])
def test_nothing_is_lost_by_a_crash_at_a_point_twice_in_a_row(
    tmp_path: Path, report: Report, point: CrashPoint
) -> None:
    rng = random.Random(point.value)
    with Stage(tmp_path, error_every=4, hold_seconds=2.0) as stage:
        stage.behave(seconds=0.02)
        stage.service.start()
        stage.load(largest=100)
        for _ in range(ROUNDS):
            stage.wait_for(lambda: len(stage.ledger.undelivered) >= MIN_HELD, "records are held", 20.0)
            stage.service.kill()
            for _ in range(2):
                passes = rng.randint(max(1, PASSES[point] // 2), PASSES[point])
                stage.service.begin(**{VARIABLE: f"{point.value}:{passes}"})
                assert stage.service.wait_end(DIES_WITHIN_SECONDS) == -signal.SIGKILL, stage.service.log_tail()
            stage.service.start()
        stage.behave()
        settled = stage.settle()
        ends = [life.ended for life in stage.service.lives]
        starts = stage.service.start_seconds[1:]
        in_flight = [len(stage.ledger.in_flight(end)) for end in ends]
        report(
            f"crash at {point.value}, {2 * ROUNDS} times",
            settled.account,
            in_flight_at_least=min(in_flight),
            serving_again_seconds_at_most=max(starts),
        )
        account = check(stage, settled, kinds=KILL)
        check_copies(stage, ends)
        assert account.duplicated <= sum(in_flight)
        assert max(starts) <= SERVING_AGAIN_SECONDS
        if point is CrashPoint.EXPORTED:
            assert account.duplicated >= 1, "what was exported and not removed must come twice"
