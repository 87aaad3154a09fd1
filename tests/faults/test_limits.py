"""Little memory, few descriptors, a process that stands still, a clock that jumps: nothing is lost, all goes on."""

from __future__ import annotations

import resource
import signal
import socket
import struct
import time
from pathlib import Path

import pytest

from e2e.programs import wait_until
from faults.figures import Report
from faults.memory_limit import MemoryLimit
from faults.shims import shim
from faults.stage import Stage
from faults.tier import bound, size
from faults.verdict import ENGINE, check, check_copies

pytestmark = pytest.mark.faults

MEMORY_MIB = 512
FULL_SPOOL_RECORDS = 10_000
BURST_SECONDS = size("BURST_SECONDS", ci=6.0, long=60.0)
DESCRIPTORS, CONNECTIONS = 128, 200
STOPPED_SECONDS = size("STOPPED_SECONDS", ci=10.0, long=60.0)
RECOVERS_SECONDS = bound(15.0)
EVER_NEW_RECORDS = 1_000
"""So often all fingerprints are new: records are held all the time."""
HOUR, YEAR = 3600, 365 * 24 * 3600


def test_a_burst_with_a_full_spool_stays_within_the_memory_of_a_container(tmp_path: Path, report: Report) -> None:
    room = {"max_records": FULL_SPOOL_RECORDS}
    with Stage(tmp_path, hold_seconds=25.0, error_every=2, hold=room) as stage:
        stage.model.hang()
        stage.service.start()
        with MemoryLimit(stage.service.pid, MEMORY_MIB) as limit:
            stage.load(rate=8_000.0, largest=5_000)
            stage.wait_for(lambda: len(stage.ledger.undelivered) > FULL_SPOOL_RECORDS * 0.7, "the spool is full", 40.0)
            stage.load(largest=5_000)
            wait_until(lambda: stage.service.metrics()["logtriage_spool_has_room"] == 0, "nothing more is held", 20.0)
            time.sleep(BURST_SECONDS)
            assert stage.service.is_running, "it was ended for its memory"
            stage.model.go_down()  # the calls that hang end
            stage.model.come_up(seconds=0.2)
            settled = stage.settle(seconds=120.0)
            rss = stage.service.peak_rss_mib()
        report(
            f"{MEMORY_MIB} MiB ({limit.kind}), burst, full spool",
            settled.account,
            peak_rss_mib=rss,
            no_room=sum(n for (_, reason), n in stage.ledger.why().items() if reason == "no_room"),
        )
        check(stage, settled, kinds=ENGINE)
        check_copies(stage, [])
        assert len(stage.service.lives_until_now()) == 1


def test_it_lives_through_more_connections_than_descriptors(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path, generation_records=EVER_NEW_RECORDS) as stage:
        stage.service.limits = ((resource.RLIMIT_NOFILE, DESCRIPTORS),)
        stage.service.start()
        stage.load(rate=1000.0, largest=100)
        stage.wait_for_kinds()
        open_ones = []
        for _ in range(CONNECTIONS):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", stage.service.port))
            open_ones.append(one)
        time.sleep(3.0)
        for one in open_ones:
            one.close()
        began = time.monotonic()
        settled = stage.settle()
        report(
            f"{DESCRIPTORS} descriptors, {CONNECTIONS} connections",
            settled.account,
            recovers_seconds=time.monotonic() - began,
        )
        check(stage, settled, kinds=ENGINE)
        check_copies(stage, [])
        assert settled.drained_seconds <= RECOVERS_SECONDS


def test_it_goes_on_after_it_stood_still(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path, generation_records=EVER_NEW_RECORDS) as stage:
        stage.service.start()
        stage.load(rate=1000.0, largest=100)
        stage.wait_for_kinds()
        stage.service.signal(signal.SIGSTOP)
        time.sleep(STOPPED_SECONDS)
        stage.service.signal(signal.SIGCONT)
        settled = stage.settle()
        report(f"SIGSTOP for {STOPPED_SECONDS:.0f} s", settled.account, drained_seconds=settled.drained_seconds)
        check(stage, settled, kinds=ENGINE)
        check_copies(stage, [])
        assert settled.drained_seconds <= RECOVERS_SECONDS


def test_it_does_not_care_for_jumps_of_the_wall_clock(tmp_path: Path, report: Report) -> None:
    with Stage(tmp_path, generation_records=EVER_NEW_RECORDS) as stage:
        offset = tmp_path / "offset"
        offset.write_bytes(struct.pack("<q", 0))
        stage.service.environment = {"LD_PRELOAD": str(shim("clock")), "CLOCK_OFFSET": str(offset)}
        stage.service.start()
        stage.load(rate=1000.0, largest=100)
        for seconds in (HOUR, -HOUR, 10 * YEAR, 0):
            stage.wait_for_kinds()
            with offset.open("r+b") as file:
                file.write(struct.pack("<q", seconds * 10**9))
            time.sleep(2.0)
            assert stage.service.health() == 1
        with offset.open("r+b") as file:
            file.write(struct.pack("<q", -HOUR * 10**9))
        stage.wait_for_kinds()
        stage.service.kill()
        stage.service.start()
        settled = stage.settle()
        waited = [delivered - acked for _, acked, delivered in stage.ledger.held()]
        report("clock jumps +1 h, -1 h, +10 years, back", settled.account, held_seconds_at_most=max(waited))
        check(stage, settled, kinds=("held", "forwarded", "replayed"))
        assert max(waited) <= stage.hold_seconds + RECOVERS_SECONDS
