"""What goes wrong for hours is told as it begins, and once a minute; not for each request that meets it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from logtriage.pipeline.holding import Holding
from logtriage.schema.provenance import Reason
from logtriage.spool.faults import Fault
from logtriage.spool.lasting import AGAIN_SECONDS, Lasting
from logtriage.spool.memory import MemorySpool
from logtriage.spool.told import Told
from logtriage.telemetry.logs import ConsoleFormatter
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.setup import Telemetry
from support.annotating import desk_of
from support.asked import Asked


class Clock:
    """A time of its own."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class FailingSpool(MemorySpool):
    """A spool that is broken or full as a test says."""

    broken = full = False
    free: int | None = None

    @property
    def is_broken(self) -> bool:
        return self.broken

    @property
    def has_room(self) -> bool:
        return not (self.broken or self.full or self.free is not None)

    @property
    def free_bytes_below_floor(self) -> int | None:
        return self.free


@pytest.fixture
def telemetry() -> Iterator[Telemetry]:
    found = Telemetry(max_source_services=10)
    yield found
    found.close()


def test_a_state_is_told_as_it_begins_and_once_a_minute() -> None:
    clock = Clock()
    lasting = Lasting(clock=clock)
    told = []
    for second in range(int(2 * AGAIN_SECONDS) + 1):
        clock.now = 100.0 + second
        told += [second for _ in range(50) if lasting.is_to_be_told("broken")]
    assert told == [0, 60, 120]


def test_another_state_is_told_at_once_and_so_is_the_same_one_after_it_ended() -> None:
    lasting = Lasting(clock=Clock())
    assert [lasting.is_to_be_told(state) for state in ("full", "full", "broken", "full")] == [True, False, True, True]
    assert [lasting.end(), lasting.end()] == [True, False]
    assert lasting.is_to_be_told("full")


def holding_in(spool: FailingSpool, telemetry: Telemetry, clock: Clock) -> Holding:
    return Holding(
        spool,
        desk_of(scheduler=Asked()),
        leave=lambda _: None,
        deadline_seconds=30,
        may_hold=True,
        meter=telemetry.meter,
        rate_limited_log=RateLimitedLog(logging.getLogger("lasting")),
        clock=clock,
    )


def test_requests_that_find_no_room_tell_it_once_and_again_when_it_changes(
    telemetry: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    spool = FailingSpool(max_records=10, max_bytes=1000)
    holding = holding_in(spool, telemetry, clock)

    def requests() -> list[Reason | None]:
        return [holding.why_not_wait for _ in range(500)]

    spool.broken = True
    assert requests() == [Reason.NO_ROOM] * 500
    assert len(caplog.records) == 1
    spool.broken, spool.full = False, True
    requests()
    assert len(caplog.records) == 2
    clock.now += AGAIN_SECONDS
    requests()
    assert len(caplog.records) == 3
    spool.full = False
    assert requests() == [None] * 500
    spool.full = True
    requests()
    assert len(caplog.records) == 4


def test_each_cause_of_no_room_names_its_setting_and_a_low_disk_what_is_free(
    telemetry: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    spool = FailingSpool(max_records=10, max_bytes=1000)
    holding = holding_in(spool, telemetry, Clock())
    spool.full = True
    assert holding.why_not_wait is Reason.NO_ROOM
    spool.free = 100 << 20
    assert holding.why_not_wait is Reason.NO_ROOM
    spool.free = 99 << 20
    assert holding.why_not_wait is Reason.NO_ROOM
    spool.broken = True
    assert holding.why_not_wait is Reason.NO_ROOM

    full, low, broken = caplog.records
    assert "`hold.max_records` or `hold.max_mib`" in full.message
    assert "min_free_mib" not in full.message
    assert "less free than `hold.min_free_mib`: make room there, lower" in low.message
    assert ConsoleFormatter().format(low).endswith(" free_mib=100")
    assert "`state.directory` cannot be written" in broken.message


def test_a_disk_that_goes_on_failing_is_told_once_and_counted_each_time(
    telemetry: Telemetry, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told = Told(
        cast("asyncio.AbstractEventLoop", None),
        found=lambda _: None,
        gone=lambda _: None,
        cut_off=lambda *_: None,
        forget_hashes=lambda: None,
        meter=telemetry.meter,
        log=RateLimitedLog(logging.getLogger("lasting")),
        folder=tmp_path,
    )
    for _ in range(30):
        told.failed(Fault.IO, OSError(5, "Input/output error"))
    assert len(caplog.records) == 1
    told.failed(Fault.FULL, OSError(28, "No space left on device"))
    assert len(caplog.records) == 2
    told.recovered()
    told.failed(Fault.FULL, OSError(28, "No space left on device"))
    assert len(caplog.records) == 3
    count = telemetry.registry.get_sample_value("logtriage_spool_faults_total", {"reason": "io_error"})
    assert count == 30
