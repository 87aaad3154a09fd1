"""The spool is found damaged: the service starts, delivers what can be read, and counts the rest exactly."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest

from e2e.programs import wait_until
from faults.damage import DAMAGES, DATABASE, OF_THE_LOG, Damage, deleted_log, not_a_database
from faults.figures import Report
from faults.stage import Stage
from faults.tier import count

pytestmark = pytest.mark.faults

START_SECONDS = 10.0
REQUESTS = count("DAMAGED_REQUESTS", ci=200, long=3000)
LOST = "logtriage_spool_lost_log_records_total"


@pytest.mark.parametrize("damage", DAMAGES, ids=[damage.__name__ for damage in DAMAGES])
def test_a_damaged_spool_is_delivered_as_far_as_it_can_be_read(tmp_path: Path, report: Report, damage: Damage) -> None:
    with Stage(tmp_path, hold_seconds=60.0, error_every=3) as stage:
        stage.model.hang()
        stage.service.start()
        stage.producer.ask("send", requests=REQUESTS // 2, size=30)
        stage.wait_for(lambda: len(stage.ledger.undelivered) > REQUESTS, "records are held", 30.0)
        _let_it_checkpoint(stage)
        if damage in OF_THE_LOG:
            stage.producer.ask("send", requests=REQUESTS // 2, size=30)
            # What is under way at the kill is counted, too, and then comes again: it would blur the counts.
            wait_until(lambda: bool(stage.producer.ask("status")["is_idle"]), "all are answered")
        stage.service.kill()
        stage.ledger.refresh()
        held = len(stage.ledger.undelivered)
        damage(stage.state / "spool", random.Random(damage.__name__))
        stage.model.behave(seconds=0.2)
        stage.service.start()
        stage.wait_for(lambda: _is_accounted(stage), "what was held is delivered or counted", 90.0)
        lost = int(stage.service.metrics().get(LOST, 0))
        settled = stage.settle(seconds=1.0, probes=False)
        acked = settled.account.acked
        stage.producer.ask("send", requests=1, size=30)
        stage.wait_for(lambda: stage.ledger.account([]).acked > acked, "a fresh request is acknowledged", 10.0)
        stage.wait_for(lambda: len(stage.ledger.undelivered) == lost, "a fresh request arrives", 30.0)
        report(
            f"spool found damaged: {damage.__name__.replace('_', ' ')}",
            settled.account,
            were_held=held,
            counted_as_lost=lost,
            serving_seconds=stage.service.start_seconds[-1],
            set_aside=len(list((stage.state / "spool").glob("spool-corrupt-*.sqlite3"))),
        )
        assert settled.account.lost == lost, "each record that cannot be read is counted, and no other"
        assert settled.account.spurious == settled.account.corrupted == 0
        assert held > lost or damage is not_a_database
        assert stage.service.start_seconds[-1] <= START_SECONDS


def test_a_log_that_is_deleted_under_the_running_service_is_noticed(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path, error_every=3) as stage:
        stage.service.start()
        stage.load(rate=500.0, largest=50)
        stage.wait_for_kinds()
        deleted_log(stage.state / "spool", random.Random(1))
        time.sleep(3.0)
        settled = stage.settle()
        lost = int(stage.service.metrics().get(LOST, 0))
        report("log of the spool deleted while it runs", settled.account, counted_as_lost=lost)
        assert settled.account.lost == lost
        assert settled.account.spurious == settled.account.corrupted == 0
        assert settled.account.held
        assert settled.probe_seconds is not None
        assert stage.service.terminate()[0] == 0


def test_a_damaged_spool_is_no_crash_loop(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path, hold_seconds=60.0, error_every=3) as stage:
        stage.model.hang()
        rng = random.Random(1)
        starts = 0
        for damage in DAMAGES:
            stage.service.start()
            starts += 1
            stage.producer.ask("send", requests=10, size=30)
            stage.wait_for(lambda: stage.is_holding, "records are held", 20.0)
            stage.service.signal(signal.SIGKILL)
            stage.service.wait_end(10.0)
            if (stage.state / "spool" / DATABASE).stat().st_size > 3 * 4096:
                damage(stage.state / "spool", rng)
        stage.service.start()
        report(
            "spool damaged at each start",
            None,
            starts=starts + 1,
            serving_seconds_at_most=max(stage.service.start_seconds),
        )
        assert max(stage.service.start_seconds) <= START_SECONDS


def _let_it_checkpoint(stage: Stage) -> None:
    """Wait until the database itself holds what came: damage of a file that is empty would be none."""
    database = stage.state / "spool" / DATABASE
    stage.wait_for(lambda: database.stat().st_size > 100 * 1024, "the log is taken into the database", 30.0)


def _is_accounted(stage: Stage) -> bool:
    lost = int(stage.service.metrics().get(LOST, 0))
    return len(stage.ledger.undelivered) == lost
