"""The disk is full, read-only or fails: no record is refused or lost for it, and holding comes back by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from faults.figures import Report, percentile
from faults.small_disk import SmallDisk
from faults.stage import Stage
from faults.test_engine import acks
from faults.tier import bound, size
from faults.verdict import ENGINE, check, check_copies

pytestmark = pytest.mark.faults

FAULT_SECONDS = size("DISK_SECONDS", ci=4.0, long=60.0)
RECOVERS_SECONDS = bound(15.0)
FAULTS: dict[str, Callable[[SmallDisk], None]] = {
    "full": SmallDisk.fill,
    "read-only": SmallDisk.make_read_only,
    "EIO on each call": lambda disk: disk.fail("all"),
    "EIO on fdatasync": lambda disk: disk.fail("fdatasync"),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_disk_that_fails_costs_holding_and_nothing_else(tmp_path: Path, report: Report, fault: str) -> None:
    with (
        Stage(tmp_path, error_every=5, generation_records=4_000) as stage,
        SmallDisk(stage.state, tmp_path, may_mount=fault == "full") as disk,
    ):
        stage.service.environment = disk.environment()
        stage.service.start()
        stage.load(rate=1000.0, largest=100)
        stage.wait_for_kinds()
        before = stage.producer.ask("status")["codes"]
        began = time.monotonic()
        FAULTS[fault](disk)
        time.sleep(FAULT_SECONDS)
        assert stage.service.is_running, stage.service.log_tail()
        during = stage.service.metrics()
        mended = time.monotonic()
        disk.mend()
        stage.wait_for(lambda: _held_since(stage, mended), "records are held again", RECOVERS_SECONDS)
        recovered = time.monotonic() - mended
        after = stage.producer.ask("status")["codes"]
        settled = stage.settle()
        refused = sum(after.values()) - after["OK"] - sum(before.values()) + before["OK"]
        report(
            f"disk {fault} ({disk.kind})",
            settled.account,
            refused_requests=refused,
            no_room=sum(n for (_, reason), n in stage.ledger.why().items() if reason == "no_room"),
            holds_again_after_seconds=recovered,
            ack_p99_ms=1000 * percentile(acks(stage.ledger, began, mended), 0.99),
        )
        check(stage, settled, kinds=ENGINE)
        check_copies(stage, [])
        assert refused == 0
        assert during["logtriage_spool_has_room"] == 0
        assert len(stage.service.lives_until_now()) == 1, "it never ended"


def _held_since(stage: Stage, at: float) -> bool:
    """Whether a record that was sent after a moment is held, or was."""
    sent = {record_id for one in stage.ledger.sent.values() if one.issued_at > at for record_id in one.ids}
    return any(record_id in sent for record_id, _, _ in stage.ledger.held())
